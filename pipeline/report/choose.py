"""Which themes, documents and contrasts a chart shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.nordic import GROUPS
from pipeline.report.wording import VERDICTS, judge, shorten

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report import Tables
    from pipeline.report.wording import Wording


def list_pairs(contrasts: pd.DataFrame) -> list[tuple[str, str]]:
    """The pairs of groups that are contrasted, in the table's order."""
    both = contrasts[["group_a", "group_b"]].drop_duplicates()
    return [(str(a), str(b)) for a, b in both.itertuples(index=False)]


def name_themes(themes: pd.DataFrame, most: int = 200) -> dict[str, str]:
    """theme_id -> its label in the report's language; the id where a theme has no label."""
    return {
        str(theme): shorten(str(label), most) or str(theme)
        for theme, label in zip(themes["theme_id"], themes["label"], strict=True)
    }


def count_documents(tables: Tables) -> dict[str, int]:
    """group -> number of the documents that were compared."""
    rows = tables.shares[["doc_id", "group"]].drop_duplicates()
    counts = rows["group"].value_counts()
    return {group: int(counts.get(group, 0)) for group in tables.groups}


def say_why_unthemed(tables: Tables) -> dict[str, int]:
    """Why sentences without a theme have none, and how many: an English quote is like no theme,
    since themes are found in Danish and Norwegian alone."""
    unthemed = tables.tallies[tables.tallies["theme_id"] == ""]
    nordic = unthemed["language"].isin(list(GROUPS))
    say = tables.wording.say
    counted = {
        say("unlike every theme"): int(unthemed.loc[nordic, "n_sentences"].sum()),
        say("in another language"): int(unthemed.loc[~nordic, "n_sentences"].sum()),
    }
    ordered = sorted(counted.items(), key=lambda pair: -pair[1])
    return {reason: n for reason, n in ordered if n}


def rank_contrasts(contrasts: pd.DataFrame) -> pd.DataFrame:
    """Contrasts, the surest first: by verdict, then by the size of the difference."""
    ranked = contrasts.assign(
        _verdict=[VERDICTS.index(judge(str(verdict))) for verdict in contrasts["verdict"]],
        _size=-contrasts["difference"].abs(),
    )
    order = ranked.sort_values(["_verdict", "_size", "theme_id"], kind="stable")
    return order.drop(columns=["_verdict", "_size"])


def choose_themes(tables: Tables, most: int) -> tuple[list[str], int]:
    """The themes that a chart shows, and how many it leaves out.

    Where there are more than `most`, themes with a clear or leaning verdict come first, then the
    largest: a finding must not fall out of the picture because its theme is small. They are
    shown by difference where two groups are compared, by size otherwise.
    """
    themes = [str(theme) for theme in tables.themes["theme_id"]]
    sizes = dict(zip(themes, (int(n) for n in tables.themes["n_sentences"]), strict=True))
    differences: dict[str, float] = {}
    sureness: dict[str, int] = {}
    contrasts = tables.contrasts
    for theme, difference, verdict in zip(
        contrasts["theme_id"], contrasts["difference"], contrasts["verdict"], strict=True
    ):
        differences[theme] = float(difference)
        sureness[theme] = min(sureness.get(theme, 9), VERDICTS.index(judge(str(verdict))))
    last = len(VERDICTS)
    chosen = sorted(themes, key=lambda t: (sureness.get(t, last), -sizes[t], t))[:most]
    if len(list_pairs(contrasts)) == 1:
        chosen.sort(key=lambda theme: (-differences.get(theme, 0.0), -sizes[theme], theme))
    else:
        chosen.sort(key=lambda theme: (-sizes[theme], theme))
    return chosen, len(themes) - len(chosen)


def say_left_out(words: Wording, left_out: int) -> str:
    """A further sentence for a caption, or nothing."""
    if not left_out:
        return ""
    said = words.count(
        left_out,
        "{n} further theme is not shown here; themes.csv has them all.",
        "{n} further themes are not shown here; themes.csv has them all.",
    )
    return f" {said}"


def say_verdicts(words: Wording) -> str:
    """What the verdicts mean, for captions."""
    return words.say(
        "“leaning”: the interval of the difference excludes zero. “clear”: it also does so for a "
        "sceptic and without whichever one document, allowing for the number of comparisons, with "
        "four documents a group or more. “too few”: can't be told, which is not “alike”."
    )
