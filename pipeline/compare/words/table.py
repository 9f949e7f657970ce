"""The table `words`: the strongest of each side, as people read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.compare.words.counting import DECIMALS, LANGUAGES, Counted, part_form
from pipeline.compare.words.odds import Odds, Totals
from pipeline.nordic import GROUPS
from pipeline.nordic.lemmas import LANGUAGES_OF, write_lemma
from pipeline.schemas import SCHEMAS

# Words that are kept for each side, theme and pair of groups
MOST_WORDS = 15

Array = np.ndarray


def choose(
    totals: Totals, pair: tuple[int, int], odds: Odds, names: Sequence[str], terms: Sequence[str]
) -> pd.DataFrame:
    """The words of one pair of groups, the strongest first on each side of each theme.

    names: of the groups; terms: by number.
    """
    a, b = pair
    z = (odds.sides * np.maximum(odds.least, 0.0)).round(DECIMALS)
    rows = np.flatnonzero(z)
    table = pd.DataFrame(
        {
            "theme": totals.known.theme[rows],
            "group_a": names[a],
            "group_b": names[b],
            "term_number": totals.term[rows],
            "term": [terms[number] for number in totals.term[rows]],
            "n_a": totals.n[rows, a],
            "n_b": totals.n[rows, b],
            "n_documents_a": totals.n_documents[rows, a],
            "n_documents_b": totals.n_documents[rows, b],
            "log_odds": odds.log_odds[rows].round(DECIMALS),
            "z": z[rows],
            "side": -odds.sides[rows],
            "strength": -np.abs(z[rows]),
        }
    )
    table = table.sort_values(["theme", "side", "strength", "term"], kind="stable")
    return table.groupby(["theme", "side"], sort=False).head(MOST_WORDS)


def write(kept: pd.DataFrame, theme_ids: Sequence[str], added: Counted) -> pd.DataFrame:
    """The words as people read them, the themes in their order."""
    table = kept.sort_values("theme", kind="stable", ignore_index=True)
    table["theme_id"] = [theme_ids[theme] for theme in table["theme"]]
    surfaces = _find_commonest(added, table["term_number"].to_numpy())
    labels = {
        (term, side): write_lemma(
            term, side, [surfaces[side, number]] if (side, number) in surfaces else []
        )
        for number, term in set(zip(table["term_number"], table["term"], strict=True))
        for side in LANGUAGES_OF
    }
    # A compound that one language does not use is written as the other does
    table["label_da"] = [labels[term, "da"] or labels[term, "no"] for term in table["term"]]
    table["label_no"] = [labels[term, "no"] or labels[term, "da"] for term in table["term"]]
    return table[list(SCHEMAS["words"])]


def _find_commonest(added: Counted, terms: Array) -> dict[tuple[str, int], str]:
    """Each side's commonest surface of some terms, the shortest, then the first, of several."""
    if not len(terms):
        return {}
    surface, term, language = part_form(added.forms["form"].to_numpy())
    table = pd.DataFrame(
        {"side": language, "term": term, "surface": surface, "n": added.forms["n"]}
    )[np.isin(term, terms)]
    table["side"] = np.array([GROUPS[language] for language in LANGUAGES])[table["side"]]
    table = table.groupby(["side", "term", "surface"], as_index=False).sum()
    table["surface"] = [added.surfaces[own] for own in table["surface"]]
    table["length"] = table["surface"].str.len()
    table = table.sort_values(["n", "length", "surface"], ascending=[False, True, True])
    first = table.drop_duplicates(["side", "term"])
    return dict(zip(zip(first["side"], first["term"], strict=True), first["surface"], strict=True))
