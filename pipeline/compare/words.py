"""Which concepts two groups use within one theme: log-odds with an informative Dirichlet prior.

The words are the lexicon's concepts and compounds of them, one for the three languages, so that a
spelling is never a difference; names and words that the lexicon has not are no concepts and take no
part. With y uses of a concept by a group among n of all concepts, in one theme, its log-odds are

    log((y + α) / (n + α₀ − y − α)),  with a variance of about  1 / (y + α),

and z is the difference of two groups' log-odds over its standard deviation (Monroe, Colaresi &
Quinn 2008). The prior is the corpus: α is the concept's part, over all themes and groups, of α₀,
and a group's α₀ is PRIOR times its own n. Of one number of pseudo-counts for both, the group that
says less in a theme would be drawn nearer to the corpus than the other, and whatever is typical of
the theme would look like the other's word.

Documents are the unit, in two ways. Words come in bursts: who has used one uses it again. So n uses
in one document's part of a theme count as log2(1 + n) (1, 1.6, 2, …; after Rennie et al. 2003). And
z is the weakest that is left without any one document, with the same prior: 0 where it then points
the other way, or where nothing is left of the word in the group that uses it more, or of the theme
in the other group.

What a form means is told for each language by itself: Norwegian *leder* is read as a chairman,
Danish *leder* as a leader. So z is no stronger than it would be if the group that uses the word
less had meant it wherever it may have.

z is for ranking, not for claims: there are thousands of words, one of which is always first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.nordic.lemmas import LANGUAGES_OF, write_lemma
from pipeline.nordic.lexicon import find_parts, load_lexicon
from pipeline.schemas import SCHEMAS
from pipeline.store import Store

# Pseudo-counts for each count of a group in a theme
PRIOR = 1.0
# Words that are kept for each side, theme and pair of groups
MOST_WORDS = 15
# A form may mean what is at least this part as likely as its likeliest meaning
_MAY_MEAN = 0.1
# Of each group, so many of the documents that say most in a theme are known one by one: the longest
# without a word is sought among them, and the next is taken where all of them have it.
_LONGEST = 32
# Numbers are written, and compared, to so many decimals: the last bits depend on the parts' sizes.
_DECIMALS = 6
_UNITS = 2.0**24
# Rows wait until there are so many, or as many as are known, before they are added up
_WAITING = 500_000
# Of a corpus of so many cells (some 160,000 sentences) all are held, and no part is read again
_MOST_HELD = 1_000_000
_LANGUAGES = tuple(GROUPS)
# A form is one number: that of its surface, that of its term, and that of its language
_TERM_BITS, _LANGUAGE_BITS = 30, 2

Array = np.ndarray
# sentences (sentence_id, doc_id, language), terms, assignments (sentence_id, theme_id)
Part = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def read_parts(store: Store) -> Iterator[Part]:
    """What `rank_words` reads, one part at a time."""
    for part in store.parts("terms"):
        yield (
            store.read("sentences", part, ["sentence_id", "doc_id", "language"]),
            store.read("terms", part),
            store.read("assignments", part, ["sentence_id", "theme_id"]),
        )


def rank_words(
    read: Callable[[], Iterable[Part]], groups: pd.Series, theme_ids: Sequence[str]
) -> pd.DataFrame:
    """The table `words`: for each theme and pair of groups, up to MOST_WORDS a side, by z.

    read: gives the parts, twice where they are many; one is held in memory at a time, with sums by
    theme, group and concept. groups: group by doc_id, of the documents that are compared.

    A pair of groups has no rows for a theme in which one of them has fewer than two documents, nor
    for a word in fewer than two of the documents of the group that uses it more.
    """
    names = sorted(set(groups))
    pairs = list(combinations(range(len(names)), 2))
    if not pairs:
        return pd.DataFrame(columns=list(SCHEMAS["words"]))
    numbering = _Numbering(groups, names, theme_ids)
    held = _Held()
    sums, forms = _add_up(read(), numbering, held)
    totals = _arrange(sums, numbering)
    odds = [_compare(totals, pair) for pair in pairs]
    again = held.parts or (_count(_join(part, numbering), numbering) for part in read())
    _leave_out(again, totals, pairs, odds)
    kept = [
        _choose(totals, pair, found, numbering) for pair, found in zip(pairs, odds, strict=True)
    ]
    return _write(pd.concat(kept, ignore_index=True), numbering, forms)


# Counting


class _Names(dict[str, int]):
    """Names by number, as they are first asked for; −1 for those that are not `wanted`."""

    def __init__(self, wanted: Callable[[str], bool] = lambda name: True) -> None:
        super().__init__()
        self.names: list[str] = []
        self._wanted = wanted

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self.names) if self._wanted(name) else -1
        if number >= 0:
            self.names.append(name)
        return number

    def number(self, names: pd.Series) -> Array:
        """int64 (n,)."""
        codes, unique = pd.factorize(names)
        return np.array([self[name] for name in unique.tolist()], dtype=np.int64)[codes]


class _Numbering:
    """Numbers for documents, groups, themes (the last is none, "") and words as they come."""

    def __init__(self, groups: pd.Series, names: Sequence[str], theme_ids: Sequence[str]) -> None:
        self.names = list(names)
        self.theme_ids = [*theme_ids, ""]
        self.documents = pd.Index(groups.index)
        self.group_of = pd.Index(names).get_indexer(pd.Index(groups))
        self.themes = pd.Index(self.theme_ids)
        concepts = frozenset(name for name in load_lexicon().concepts if not name.endswith(".name"))
        self.terms = _Names(lambda term: concepts.issuperset(term.split("+")))
        self.surfaces = _Names()
        self._others: dict[tuple[int, int, int], list[int]] = {}

    def find_others(self, surface: int, term: int, language: int) -> list[int]:
        """The other concepts that a form may mean; none for a compound."""
        form = surface, term, language
        found = self._others.get(form)
        if found is None:
            self._others[form] = found = self._look_up_others(
                self.surfaces.names[surface], self.terms.names[term], _LANGUAGES[language]
            )
        return found

    def _look_up_others(self, surface: str, term: str, language: str) -> list[int]:
        if "+" in term:
            return []
        lexicon = load_lexicon()
        part, *more = find_parts(surface, language, name=False)
        # Most forms mean one thing
        if more or {lexicon.concepts[own.concept] for own in part.readings} <= {term}:
            return []
        rates = part.rate_concepts()
        likely = _MAY_MEAN * max(rates.values())
        names = (lexicon.concepts[own] for own, rate in rates.items() if rate >= likely)
        numbers = (self.terms[name] for name in names if name != term)
        return [number for number in numbers if number >= 0]


def _join_form(surface: Array, term: Array, language: Array) -> Array:
    joined: Array = ((surface << _TERM_BITS | term) << _LANGUAGE_BITS) | language
    return joined


def _part_form(form: Array) -> tuple[Array, Array, Array]:
    """Surface, term and language."""
    rest, language = form >> _LANGUAGE_BITS, form & ((1 << _LANGUAGE_BITS) - 1)
    return rest >> _TERM_BITS, rest & ((1 << _TERM_BITS) - 1), language


class _Cells(NamedTuple):
    """A part's uses by document, theme and concept: arrays of one length."""

    document: Array
    theme: Array
    group: Array
    term: Array
    n: Array  # uses
    y: Array  # uses, damped
    size: Array  # y of all concepts of the document's part of the theme


def _join(part: Part, numbering: _Numbering) -> pd.DataFrame:
    """document, theme, term, form (numbers), n: a row of `terms` that takes part."""
    sentences, terms, assignments = part
    # Each sentence is looked up once, not once for each of its terms
    of_row, asked = pd.factorize(terms["sentence_id"])
    row, assigned = (
        pd.Index(table["sentence_id"]).get_indexer(pd.Index(asked))
        for table in (sentences, assignments)
    )
    document = numbering.documents.get_indexer(pd.Index(sentences["doc_id"]))[row]
    document = np.where((row >= 0) & (assigned >= 0), document, -1)[of_row]
    language = pd.Index(_LANGUAGES).get_indexer(pd.Index(sentences["language"]))[row][of_row]
    theme = numbering.themes.get_indexer(pd.Index(assignments["theme_id"]))[assigned][of_row]
    term = numbering.terms.number(terms["term"])
    taking_part = np.flatnonzero((document >= 0) & (term >= 0))
    surface = numbering.surfaces.number(terms["surface"].iloc[taking_part])
    term = term[taking_part]
    return pd.DataFrame(
        {
            "document": document[taking_part],
            "theme": theme[taking_part],
            "term": term,
            "form": _join_form(surface, term, language[taking_part]),
            "n": terms["n"].to_numpy()[taking_part],
        }
    )


def _find_doubtful(rows: pd.DataFrame, numbering: _Numbering) -> pd.DataFrame:
    """document, theme, term, n: the other concepts that forms may mean."""
    codes, forms = pd.factorize(rows["form"])
    parted = (numbers.tolist() for numbers in _part_form(forms.to_numpy()))
    others = [numbering.find_others(*form) for form in zip(*parted, strict=True)]
    n_others = np.array([len(own) for own in others], dtype=np.int64)
    starts = np.cumsum(n_others) - n_others
    # The rows of forms that may mean something else, once for each of what that is
    repeated = np.repeat(np.arange(len(rows)), n_others[codes])
    place = np.arange(len(repeated)) - np.repeat(
        np.cumsum(n_others[codes]) - n_others[codes], n_others[codes]
    )
    everything = np.array([term for own in others for term in own], dtype=np.int64)
    found = rows[["document", "theme", "n"]].iloc[repeated]
    return found.assign(term=everything[starts[codes][repeated] + place])


def _count(rows: pd.DataFrame, numbering: _Numbering) -> _Cells:
    by = rows.groupby(["document", "theme", "term"], sort=True)["n"].sum()
    document, theme, term = (
        by.index.get_level_values(level).to_numpy().astype(np.int64) for level in range(3)
    )
    n = by.to_numpy().astype(np.int64)
    y = _damp(n)
    own, places = np.unique(document * len(numbering.theme_ids) + theme, return_inverse=True)
    size = np.bincount(places, y, minlength=len(own))[places]
    return _Cells(document, theme, numbering.group_of[document], term, n, y, size)


def _damp(n: Array) -> Array:
    """log2(1 + n) in whole 2**-24ths, so that sums are exact, in whatever order parts come."""
    damped: Array = np.rint(np.log2(1.0 + n) * _UNITS) / _UNITS
    return damped


@dataclass
class _Sums:
    """Rows of numbers by key, added up now and then, so that few wait."""

    by: list[str]
    known: pd.DataFrame = field(default_factory=pd.DataFrame)  # the keys are columns too
    _waiting: list[pd.DataFrame] = field(default_factory=list)

    def add(self, rows: pd.DataFrame) -> None:
        self._waiting.append(rows.groupby(self.by, as_index=False, sort=False).sum())
        if sum(map(len, self._waiting)) > max(_WAITING, len(self.known)):
            self.settle()

    def settle(self) -> pd.DataFrame:
        tables = [table for table in (self.known, *self._waiting) if len(table)]
        if tables:
            rows = pd.concat(tables, ignore_index=True)
            self.known = rows.groupby(self.by, as_index=False, sort=False).sum()
        self._waiting = []
        return self.known


_COLUMNS = ["theme", "term", "group", "n", "y", "n_documents", "doubtful"]


class _Added(NamedTuple):
    """What all parts have together."""

    uses: pd.DataFrame  # theme, term, group, n, y, n_documents, doubtful
    longest: pd.DataFrame  # theme, group, document, size: the _LONGEST and one more of each
    n_documents: Array  # (themes, groups): those that have the theme


@dataclass
class _Held:
    """Each part's cells, so that they need not be counted again; none where they are too many."""

    parts: list[_Cells] = field(default_factory=list)
    _n: int = 0

    def add(self, cells: _Cells) -> None:
        self._n += len(cells.n)
        if self._n <= _MOST_HELD:
            self.parts.append(cells)
        else:
            self.parts.clear()


def _add_up(
    parts: Iterable[Part], numbering: _Numbering, held: _Held
) -> tuple[_Added, pd.DataFrame]:
    """Sums over all parts, and how often each form is there: form, n."""
    shape = len(numbering.theme_ids), len(numbering.names)
    uses, forms = _Sums(["theme", "term", "group"]), _Sums(["form"])
    longest = pd.DataFrame()
    n_documents = np.zeros(shape, dtype=np.int64)
    for part in parts:
        rows = _join(part, numbering)
        if not len(rows):
            continue
        forms.add(rows[["form", "n"]])
        cells = _count(rows, numbering)
        held.add(cells)
        table = pd.DataFrame(cells._asdict())
        doubtful = _count(_find_doubtful(rows, numbering), numbering)
        uses.add(
            pd.concat(
                [
                    table.assign(n_documents=1, doubtful=0.0)[_COLUMNS],
                    pd.DataFrame(doubtful._asdict()).assign(
                        n=0, n_documents=0, doubtful=doubtful.y, y=0.0
                    )[_COLUMNS],
                ]
            )
        )
        documents = table.drop_duplicates(["document", "theme"])
        np.add.at(n_documents, (documents["theme"], documents["group"]), 1)
        longest = _keep_longest(longest, documents[["theme", "group", "document", "size"]])
    return _Added(uses.settle(), longest, n_documents), forms.settle()


def _keep_longest(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([known, more]) if len(known) else more
    # Equal sizes may differ in their last bits; which document is first is then told by its id.
    table = table.assign(rounded=-table["size"].round(_DECIMALS))
    table = table.sort_values(["theme", "group", "rounded", "document"], kind="stable")
    kept = table.drop(columns="rounded").groupby(["theme", "group"]).head(_LONGEST + 1)
    return kept.reset_index(drop=True)


def _find_commonest(
    forms: pd.DataFrame, terms: Array, numbering: _Numbering
) -> dict[tuple[str, int], str]:
    """Each side's commonest surface of some terms, the shortest, then the first, of several."""
    if not len(terms):
        return {}
    surface, term, language = _part_form(forms["form"].to_numpy())
    table = pd.DataFrame({"side": language, "term": term, "surface": surface, "n": forms["n"]})[
        np.isin(term, terms)
    ]
    table["side"] = np.array([GROUPS[language] for language in _LANGUAGES])[table["side"]]
    table = table.groupby(["side", "term", "surface"], as_index=False).sum()
    table["surface"] = [numbering.surfaces.names[own] for own in table["surface"]]
    table["length"] = table["surface"].str.len()
    table = table.sort_values(["n", "length", "surface"], ascending=[False, True, True])
    first = table.drop_duplicates(["side", "term"])
    return dict(zip(zip(first["side"], first["term"], strict=True), first["surface"], strict=True))


# Log-odds


class _Totals(NamedTuple):
    """What is known of each row, a theme × concept that may be ranked, and of each theme."""

    keys: Array  # int64 (rows,): theme and concept, ascending
    theme: Array  # (rows,)
    term: Array  # (rows,)
    n: Array  # (rows, groups) uses
    y: Array  # (rows, groups) uses, damped
    n_documents: Array  # (rows, groups)
    doubtful: Array  # (rows, groups) uses, damped, of forms that may mean it
    rate: Array  # (rows,) the concept's part of everything
    size: Array  # (themes, groups) y of all concepts
    n_in_theme: Array  # (themes, groups) documents
    places: dict[tuple[int, int], int]  # theme, document -> place among the longest of its group
    lengths: Array  # (themes, groups, _LONGEST + 1) y of the longest, 0 where there is none

    def find(self, theme: Array, term: Array) -> tuple[Array, Array]:
        """The rows of themes and concepts, and which of them have one."""
        if not len(self.keys):
            return np.zeros(len(theme), dtype=np.int64), np.zeros(len(theme), dtype=bool)
        wanted = _make_keys(theme, term)
        rows = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return rows, self.keys[rows] == wanted


def _make_keys(theme: Array, term: Array) -> Array:
    keys: Array = (theme.astype(np.int64) << 32) | term.astype(np.int64)
    return keys


def _arrange(added: _Added, numbering: _Numbering) -> _Totals:
    """Sums as arrays, with those rows alone that can be ranked: two documents of one group."""
    shape = len(numbering.theme_ids), len(numbering.names)
    size = np.zeros(shape)
    lengths = np.zeros((*shape, _LONGEST + 1))
    places: dict[tuple[int, int], int] = {}
    if not len(added.uses):
        empty, wide = np.zeros(0, dtype=np.int64), np.zeros((0, shape[1]), dtype=np.int64)
        return _Totals(
            *(empty, empty, empty, wide, wide.astype(float), wide, wide.astype(float)),
            *(np.zeros(0), size, added.n_documents, places, lengths),
        )
    uses = added.uses
    np.add.at(size, (uses["theme"], uses["group"]), uses["y"])
    everywhere = np.bincount(uses["term"], uses["y"], minlength=len(numbering.terms.names))
    rates = everywhere / everywhere.sum()
    repeated = _make_keys(uses["theme"].to_numpy(), uses["term"].to_numpy())
    ranked = (uses["n_documents"] >= 2) & (uses["theme"] < shape[0] - 1)
    keys = np.unique(repeated[ranked])
    chosen = np.isin(repeated, keys)
    uses, rows = uses[chosen], np.searchsorted(keys, repeated[chosen])
    n, y, n_documents, doubtful = (np.zeros((len(keys), shape[1])) for _ in range(4))
    for column, values in zip(_COLUMNS[3:], (n, y, n_documents, doubtful), strict=True):
        values[rows, uses["group"]] = uses[column]
    order = added.longest.groupby(["theme", "group"]).cumcount().to_numpy()
    lengths[added.longest["theme"], added.longest["group"], order] = added.longest["size"]
    for theme, document, place in zip(
        added.longest["theme"], added.longest["document"], order.tolist(), strict=True
    ):
        if place < _LONGEST:
            places[theme, document] = place
    term = keys & 0xFFFFFFFF
    return _Totals(
        *(keys, keys >> 32, term, n.astype(np.int64), y, n_documents.astype(np.int64), doubtful),
        *(rates[term], size, added.n_documents, places, lengths),
    )


class _Odds(NamedTuple):
    """A pair of groups, for each row."""

    log_odds: Array
    sides: Array  # 1 where the first group uses it more, −1 the second, 0 where it can't be told
    least: Array  # z towards its side, the weakest so far


def _compare(totals: _Totals, pair: tuple[int, int]) -> _Odds:
    a, b = pair
    sizes = totals.size[totals.theme]
    y, n = (totals.y[:, a], totals.y[:, b]), (sizes[:, a], sizes[:, b])
    prior = PRIOR * n[0], PRIOR * n[1]
    found, z = find_log_odds(y, n, prior, totals.rate)
    sides = np.sign(z.round(_DECIMALS)).astype(np.int64)
    leading = np.where(sides > 0, totals.n_documents[:, a], totals.n_documents[:, b])
    enough = totals.n_in_theme[totals.theme][:, pair].min(axis=1) >= 2
    sides[(leading < 2) | ~enough] = 0
    # Had the group that uses it less meant it wherever it may have
    more = (totals.doubtful[:, a] * (sides < 0), totals.doubtful[:, b] * (sides > 0))
    meant = (y[0] + more[0], y[1] + more[1]), (n[0] + more[0], n[1] + more[1])
    doubted = find_log_odds(*meant, prior, totals.rate)[1]
    return _Odds(found, sides, np.minimum(z * sides, doubted * sides))


def find_log_odds(
    y: tuple[Array, Array], n: tuple[Array, Array], prior: tuple[Array, Array], rate: Array
) -> tuple[Array, Array]:
    """The difference of two groups' log-odds, and its z; both 0 where they can't be told.

    y: each group's uses of the word; n: of all words; prior: pseudo-counts of all words; rate: the
    word's part of those. Arrays of one shape.
    """
    difference = np.zeros(len(rate))
    variance = np.zeros(len(rate))
    told = np.ones(len(rate), dtype=bool)
    for own, all_words, pseudo, sign in zip(y, n, prior, (1, -1), strict=True):
        inside = own + pseudo * rate
        outside = all_words + pseudo - inside
        # What is said in no other word, or not at all, has no odds
        known = (inside > 0) & (outside > 10.0**-_DECIMALS)
        told &= known
        inside, outside = np.where(known, inside, 1.0), np.where(known, outside, 1.0)
        difference += sign * np.log(inside / outside)
        variance += 1 / inside
    difference[~told] = 0.0
    return difference, difference / np.sqrt(variance)


def _leave_out(
    parts: Iterable[_Cells],
    totals: _Totals,
    pairs: Sequence[tuple[int, int]],
    odds: Sequence[_Odds],
) -> None:
    """Lower each pair's `least` to what is left of it without any one document."""
    having = np.zeros(totals.n.shape, dtype=np.int64)  # of the longest documents, as bits
    for cells in parts:
        rows, found = totals.find(cells.theme, cells.term)
        cells = _Cells(*(values[found] for values in cells))
        rows = rows[found]
        for pair, own in zip(pairs, odds, strict=True):
            for place, group in enumerate(pair):
                chosen = (cells.group == group) & (own.sides[rows] != 0)
                some = rows[chosen]
                z = _compare_without(totals, pair, place, some, cells.y[chosen], cells.size[chosen])
                np.minimum.at(own.least, some, z * own.sides[some])
        places = np.array(
            [
                totals.places.get(key, -1)
                for key in zip(cells.theme.tolist(), cells.document.tolist(), strict=True)
            ],
            dtype=np.int64,
        )
        long = places >= 0
        bits = np.left_shift(np.int64(1), places[long])
        np.bitwise_or.at(having, (rows[long], cells.group[long]), bits)
    # A document without the word makes it look rarer in its group, the more the longer it is: that
    # matters in the group that uses it less. In the other, its absence can only strengthen z.
    for pair, own in zip(pairs, odds, strict=True):
        for place, group in enumerate(pair):
            some = np.flatnonzero(own.sides == (-1, 1)[place])
            # The lowest bit that is not set
            absent = ~having[some, group]
            lowest = np.log2((absent & -absent).astype(np.float64)).astype(np.int64)
            size = totals.lengths[totals.theme[some], group, np.minimum(lowest, _LONGEST)]
            z = _compare_without(totals, pair, place, some, np.zeros(len(some)), size)
            np.minimum.at(own.least, some, z * own.sides[some])


def _compare_without(
    totals: _Totals, pair: tuple[int, int], place: int, rows: Array, y: Array, size: Array
) -> Array:
    """z of rows without a document of the first or second group, which has y uses of `size`."""
    sizes = totals.size[totals.theme[rows]]
    own = [totals.y[rows, group] for group in pair]
    n = [sizes[:, group] for group in pair]
    prior = (PRIOR * n[0], PRIOR * n[1])
    # What rounding leaves of nothing is nothing
    own[place] = np.maximum(own[place] - y, 0.0)
    n[place] = np.maximum(n[place] - size, own[place])
    return find_log_odds((own[0], own[1]), (n[0], n[1]), prior, totals.rate[rows])[1]


# The table


def _choose(
    totals: _Totals, pair: tuple[int, int], odds: _Odds, numbering: _Numbering
) -> pd.DataFrame:
    """The words of one pair of groups, the strongest first on each side of each theme."""
    a, b = pair
    z = (odds.sides * np.maximum(odds.least, 0.0)).round(_DECIMALS)
    rows = np.flatnonzero(z)
    table = pd.DataFrame(
        {
            "theme": totals.theme[rows],
            "group_a": numbering.names[a],
            "group_b": numbering.names[b],
            "term_number": totals.term[rows],
            "term": [numbering.terms.names[number] for number in totals.term[rows]],
            "n_a": totals.n[rows, a],
            "n_b": totals.n[rows, b],
            "n_documents_a": totals.n_documents[rows, a],
            "n_documents_b": totals.n_documents[rows, b],
            "log_odds": odds.log_odds[rows].round(_DECIMALS),
            "z": z[rows],
            "side": -odds.sides[rows],
            "strength": -np.abs(z[rows]),
        }
    )
    table = table.sort_values(["theme", "side", "strength", "term"], kind="stable")
    return table.groupby(["theme", "side"], sort=False).head(MOST_WORDS)


def _write(kept: pd.DataFrame, numbering: _Numbering, forms: pd.DataFrame) -> pd.DataFrame:
    """The words as people read them, the themes in their order."""
    table = kept.sort_values("theme", kind="stable", ignore_index=True)
    table["theme_id"] = [numbering.theme_ids[theme] for theme in table["theme"]]
    surfaces = _find_commonest(forms, table["term_number"].to_numpy(), numbering)
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
