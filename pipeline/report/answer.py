"""The answer in plain sentences: what was compared, what is clear, what leans, what can't be told.

The same sentences end a run on the command line, head the page and title the chart, so that no
one of them claims more than another. None claims more than the verdicts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.nordic import GROUPS
from pipeline.report.choose import count_documents, list_pairs, name_themes, rank_contrasts
from pipeline.report.tables import find_survivals
from pipeline.report.wording import (
    count,
    is_language,
    join_words,
    judge,
    name_group,
    name_texts,
    say_number,
    say_percent,
    say_points,
    shorten,
)
from pipeline.store import WHOLE_DOCUMENT

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report import Tables

FEW_DOCUMENTS = 4  # below this a group's verdicts are never clear (docs/method.md)
# What the alarms of themes mean
_ALARMS = {
    "one article": "little more than one article: read it before you take it for a theme.",
    "one language": "hardly found on one of the sides. That can be emphasis, or one language's way "
    "of saying what the other says in other words: read the sentences before you believe it.",
    "not found again": "not found again when documents are drawn anew: other draws cut the texts "
    "in other ways there.",
}
LABEL_CHARS = 100
MOST_COLUMNS = 4
MOST_COLUMN_CHARS = 40
_COLUMN_NAMES = {"published": "date"}
# What is asked of every text, for a difference comes from it often
_MAY_EXPLAIN = ("country", "source", "published")
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
    return sentences + say_confounds(tables) + _say_left_out(tables)


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
    doubts += _say_chance(tables)
    for alarm, meaning in _ALARMS.items():
        if themes := _list_alarmed(tables, alarm):
            doubts.append(f"{join_words(themes)} {'is' if len(themes) == 1 else 'are'} {meaning}")
    doubts.append(_say_not_ruled_out(tables))
    doubts.append(
        "The unit is the document, since sentences of one article are not independent: many "
        "sentences in few documents prove little."
    )
    return doubts


def _say_not_ruled_out(tables: Tables) -> str:
    """What a difference may come from beside what `say_confounds` names."""
    compared = tables.documents[tables.documents["doc_id"].isin(tables.shares["doc_id"].unique())]
    unknown = [column for column in _MAY_EXPLAIN if (compared[column] == "").any()]
    if unknown:
        names = join_words([_COLUMN_NAMES.get(column, column) for column in unknown])
        verb, them = ("isn't", "it") if len(unknown) == 1 else ("aren't", "them")
        return (
            f"{names.capitalize()} {verb} known for every text: a difference may come from {them} "
            f"too. Tell {them} in metadata.csv."
        )
    if len(tables.confounds):
        return "confounds.csv says what else the groups differ in, and with which values."
    return (
        "Nothing else that is known of the texts goes strongly together with the groups; what "
        "isn't known of them still may."
    )


def _say_chance(tables: Tables) -> list[str]:
    """What comes out where there is nothing to find: one group's documents, split at random."""
    if not len(tables.placebo_rates) or not len(tables.placebo):
        return []
    rates = tables.placebo_rates.iloc[0]
    group = str(tables.placebo["group_a"].iloc[0]).rpartition(" (")[0]
    n_splits, found = int(rates["n_splits"]), int(rates["n_with_leaning"])
    splits = "the one way" if n_splits == 1 else f"{say_number(n_splits)} ways"
    said = "in none" if not found else f"in {say_number(found)}"
    return [
        f"What chance does: in {splits} to split the {name_texts(group)} in two at random, at "
        f"least one theme leans or is clear {said}."
    ]


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
    survives = find_survivals(tables)
    found = [turned for row in rows.to_dict("records") if (turned := _turn(row, group))]
    sentences = []
    for theme, other, low, high in found[:most]:
        key = next((k for k in survives if k[0] == theme and set(k[1:]) == {group, other}), None)
        held = f", found in {survives[key]} other ways to do it" if key else ""
        than = f" than the {name_texts(other)}" if several else ""
        here = say_percent(shares.get((theme, group), float("nan")))
        there = say_percent(shares.get((theme, other), float("nan")))
        sentences.append(
            f"{opening} «{names.get(theme, theme)}»{than} "
            f"({here} against {there}, 95 % interval {say_points(low, high)}{held})."
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


def say_confounds(tables: Tables) -> list[str]:
    """What else the groups differ in, so that a difference may come from that."""
    named = {extent: _name_columns(tables.confounds, extent) for extent in ("wholly", "partly")}
    wholly, partly = named["wholly"], [n for n in named["partly"] if n not in named["wholly"]]
    ways = [
        f"{extent} in {_join_some(columns)}"
        for extent, columns in (("wholly", wholly), ("partly", partly))
        if columns
    ]
    if not ways:
        return []
    pairs = list_pairs(tables.contrasts)
    if len(pairs) > 1:
        who = "Some of the groups"
    elif all(is_language(group) for group in pairs[0]):
        who = f"The {join_words([name_group(group) for group in pairs[0]])} texts"
    else:
        who = f"The {' and the '.join(name_texts(group) for group in pairs[0])}"
    it = "any of these" if len(wholly) + len(partly) > 1 else "that"
    may = f"come from {it}, for they can't be told apart" if wholly else f"come from {it} in part"
    return [f"{who} also differ {', and '.join(ways)}: a difference may as well {may}."]


def _name_columns(confounds: pd.DataFrame, extent: str) -> list[str]:
    columns = confounds.loc[confounds["extent"] == extent, "column"]
    return [
        _COLUMN_NAMES.get(column, shorten(column, MOST_COLUMN_CHARS)) for column in columns.unique()
    ]


def _join_some(names: list[str]) -> str:
    more = len(names) - MOST_COLUMNS
    return join_words([*names[:MOST_COLUMNS], f"{more} more"] if more > 0 else names)


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
