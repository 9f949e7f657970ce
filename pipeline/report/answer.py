"""The answer in plain sentences: what was compared, what is clear, what leans, what can't be told.

The same sentences end a run on the command line, head the page and title the chart, so that no
one of them claims more than another. None claims more than the verdicts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.nordic import GROUPS
from pipeline.report.choose import count_documents, list_pairs, name_themes, rank_contrasts
from pipeline.report.wording import (
    CONFOUNDED,
    count,
    is_language,
    join_words,
    judge,
    name_group,
    name_texts,
    say_percent,
    say_points,
)
from pipeline.store import WHOLE_DOCUMENT

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report import Tables

FEW_DOCUMENTS = 4  # below this a group's verdicts are never clear (docs/method.md)
FEW_FOR_RESAMPLING = 10  # below this, resampling documents understates the doubt (docs/method.md)
# What the alarms of themes mean
_ALARMS = {
    "one article": "little more than one article: read it before you take it for a theme.",
    "one language": "hardly found on one of the sides. That can be emphasis, or one language's way "
    "of saying what the other says in other words: read the sentences before you believe it.",
    "not found again": "not found again when documents are drawn anew: other draws cut the texts "
    "in other ways there.",
}
LABEL_CHARS = 100
OPENINGS = {"clear": "Clear", "leaning": "Leaning, not clear"}
VERBS = {"clear": "dwell more on", "leaning": "may dwell more on"}


def answer_sentences(tables: Tables, most: int = 3) -> list[str]:
    """The finding in English sentences; `most` themes are named per verdict and direction."""
    sentences = [_say_compared(tables)]
    obstacle = _say_obstacle(tables)
    if obstacle:
        return [*sentences, obstacle, *_say_left_out(tables)]
    ranked = rank_contrasts(tables.contrasts)
    kinds = [judge(str(verdict)) for verdict in ranked["verdict"]]
    for kind in ("clear", "leaning"):
        rows = ranked[[found == kind for found in kinds]]
        for group in tables.groups:
            sentences += _say_direction(tables, rows, group, kind, most)
    sentences += _say_untold(tables, kinds)
    return sentences + _say_left_out(tables)


def say_headline(tables: Tables, most: int = 2, label_chars: int = 60) -> str:
    """The finding as a chart's title, only as sure as the verdicts allow."""
    obstacle = _say_obstacle(tables)
    if obstacle:
        return obstacle.rstrip(".")
    ranked = rank_contrasts(tables.contrasts)
    for kind in ("clear", "leaning"):
        rows = ranked[[judge(str(verdict)) == kind for verdict in ranked["verdict"]]]
        clauses = _join_clauses(tables, rows, kind, most, label_chars)
        if clauses:
            said = f"{OPENINGS[kind]}: {clauses}" if kind == "leaning" else clauses
            return said[:1].upper() + said[1:]
    groups = join_words([name_group(group) for group in tables.groups])
    return f"Too few documents to tell on which themes the {groups} texts differ"


def list_doubts(tables: Tables) -> list[str]:
    """What a reader must know before believing the answer."""
    doubts = []
    small = {g: n for g, n in count_documents(tables).items() if n < FEW_DOCUMENTS}
    if small:
        sides = join_words([f"{name_group(group)} ({n})" for group, n in small.items()])
        doubts.append(
            f"Very few documents: {sides}. With fewer than {FEW_DOCUMENTS} in a group no verdict "
            "is ever clear, whatever the shares are."
        )
    elif any(n < FEW_FOR_RESAMPLING for n in count_documents(tables).values()):
        doubts.append(
            f"Intervals come from resampling documents. With fewer than {FEW_FOR_RESAMPLING} in a "
            "group they are too narrow: take them for the least that is unsure."
        )
    for alarm, meaning in _ALARMS.items():
        if themes := _list_alarmed(tables, alarm):
            doubts.append(f"{join_words(themes)} {'is' if len(themes) == 1 else 'are'} {meaning}")
    doubts.append(CONFOUNDED)
    doubts.append(
        "The unit is the document, since sentences of one article are not independent: many "
        "sentences in few documents prove little."
    )
    return doubts


def _list_alarmed(tables: Tables, alarm: str) -> list[str]:
    """The themes that have an alarm, by their names."""
    names = name_themes(tables.themes, LABEL_CHARS)
    return [
        f"«{names.get(theme_id, theme_id)}»"
        for theme_id, alarms in zip(tables.themes["theme_id"], tables.themes["alarms"], strict=True)
        if alarm in alarms.split("; ")
    ]


def _say_compared(tables: Tables) -> str:
    counts = count_documents(tables)
    total = sum(counts.values())
    if not total:
        return "No documents were compared."
    # "2 2021, 7 2022" can't be read
    by_language = all(is_language(group) for group in counts)
    sides = ", ".join(
        f"{number} {name_group(group)}" if by_language else f"{name_group(group)} ({number})"
        for group, number in counts.items()
    )
    return f"{count(total, 'document')} compared: {sides}."


def _say_obstacle(tables: Tables) -> str:
    """Why there is nothing to compare, or an empty text where there is something."""
    filled = [group for group, number in count_documents(tables).items() if number]
    if not filled:
        return "There are no documents in the groups to compare."
    if len(filled) == 1:
        return f"There are only {name_texts(filled[0])}: nothing to compare them with."
    if not len(tables.themes):
        return "No themes were found, so there is nothing to compare."
    if not len(tables.contrasts):
        return "No two groups were contrasted."
    return ""


def _say_direction(
    tables: Tables, rows: pd.DataFrame, group: str, kind: str, most: int
) -> list[str]:
    names = name_themes(tables.themes, LABEL_CHARS)
    opening = f"{OPENINGS[kind]}: the {name_texts(group)} {VERBS[kind]}"
    shares = {
        (str(theme), str(side)): float(share)
        for theme, side, share in zip(
            tables.emphasis["theme_id"],
            tables.emphasis["group"],
            tables.emphasis["share"],
            strict=True,
        )
    }
    several = len(list_pairs(tables.contrasts)) > 1
    found = [turned for row in rows.to_dict("records") if (turned := _turn(row, group))]
    sentences = []
    for theme, other, low, high in found[:most]:
        than = f" than the {name_texts(other)}" if several else ""
        here = say_percent(shares.get((theme, group), float("nan")))
        there = say_percent(shares.get((theme, other), float("nan")))
        sentences.append(
            f"{opening} «{names.get(theme, theme)}»{than} "
            f"({here} against {there}, 95 % interval {say_points(low, high)})."
        )
    rest = len(found) - most
    if rest > 0:
        on = (
            f"more themes in {count(rest, 'other comparison')}"
            if several
            else (count(rest, "other theme"))
        )
        sentences.append(f"{opening} {on}, listed in contrasts.csv.")
    return sentences


def _turn(row: dict[Any, Any], group: str) -> tuple[str, str, float, float] | None:
    """A contrast seen from the group that dwells more: (theme_id, other group, low, high)."""
    difference, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    if difference > 0 and row["group_a"] == group:
        return str(row["theme_id"]), str(row["group_b"]), low, high
    if difference < 0 and row["group_b"] == group:
        return str(row["theme_id"]), str(row["group_a"]), -high, -low
    return None


def _say_untold(tables: Tables, kinds: list[str]) -> list[str]:
    untold = sum(kind.startswith("too few") for kind in kinds)
    if not untold:
        return []
    thing = "comparison" if len(list_pairs(tables.contrasts)) > 1 else "theme"
    other = "other " if untold < len(kinds) else ""
    if untold == 1:
        which = f"the {other}one {thing}" if not other else f"the other {thing}"
    else:
        which = f"{'the other' if other else 'both' if untold == 2 else 'all'} " + (
            f"{thing}s" if untold == 2 and not other else count(untold, thing)
        )
    return [f"For {which} there are too few documents to tell."]


def _join_clauses(
    tables: Tables, rows: pd.DataFrame, kind: str, most: int, label_chars: int
) -> str:
    names = name_themes(tables.themes, label_chars)
    several = len(list_pairs(tables.contrasts)) > 1
    clauses: list[str] = []
    for group in tables.groups:
        found = [turned for row in rows.to_dict("records") if (turned := _turn(row, group))]
        labels = list(dict.fromkeys(f"«{names.get(found_[0], found_[0])}»" for found_ in found))
        if labels:
            more = f" and {len(labels) - most} more" if len(labels) > most else ""
            listed = ", ".join(labels[:most]) if more else join_words(labels[:most])
            verb = "on" if clauses else VERBS[kind]
            than = " than some others" if several and not clauses else ""
            clauses.append(f"{name_texts(group)} {verb} {listed}{more}{than}")
    return "; ".join(clauses)


def _say_left_out(tables: Tables) -> list[str]:
    """Documents that were read and not compared; nothing is left out in silence."""
    duplicates = set(tables.documents.loc[tables.documents["duplicate_of"] != "", "doc_id"])
    whole = tables.languages[tables.languages["block"] == WHOLE_DOCUMENT]
    foreign = whole[~whole["language"].isin(list(GROUPS))]
    parts = []
    others = len(set(foreign["doc_id"]) - duplicates)
    if others:
        parts.append(count(others, "document in another language", "documents in other languages"))
    if duplicates:
        parts.append(count(len(duplicates), "duplicate"))
    if len(tables.rejected):
        parts.append(count(len(tables.rejected), "rejected file"))
    return [f"Left out: {join_words(parts)}."] if parts else []
