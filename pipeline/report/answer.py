"""The answer in plain sentences: what was compared, what is clear, what leans, what can't be told.

The same sentences end a run on the command line, head the page and title the chart, so that no
one of them claims more than another. None claims more than the verdicts do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.nordic import GROUPS
from pipeline.report.choose import count_documents, list_pairs, name_themes, rank_contrasts
from pipeline.report.tables import find_survivals
from pipeline.report.wording import is_language, judge

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

FEW_DOCUMENTS = 4  # below this a group's verdicts are never clear (docs/method.md)
LABEL_CHARS = 100
MOST_COLUMNS = 4
MOST_COLUMN_CHARS = 40
# What is asked of every text, for a difference comes from it often
_MAY_EXPLAIN = ("country", "source", "published")


class Said(NamedTuple):
    """A sentence, and which rows of the page it rests on: `documents`, `left-out` …, or none."""

    text: str
    rows: str = ""


def answer_sentences(tables: Tables, most: int = 3) -> list[str]:
    """The finding in sentences; `most` themes are named per verdict and direction."""
    return [said.text for said in tell_answer(tables, most)]


def tell_answer(tables: Tables, most: int = 3) -> list[Said]:
    """As `answer_sentences`, with the rows behind each sentence."""
    compared = _say_compared(tables)
    left_out = [Said(text, "left-out") for text in _say_left_out(tables)]
    obstacle = _say_obstacle(tables)
    if obstacle:
        return [compared, Said(obstacle), *left_out]
    ranked = rank_contrasts(tables.contrasts)
    kinds = [judge(str(verdict)) for verdict in ranked["verdict"]]
    sentences = []
    for kind in ("clear", "leaning"):
        rows = ranked[[found == kind for found in kinds]]
        for group in tables.groups:
            sentences += _say_direction(tables, rows, group, kind, most)
    sentences += _say_untold(tables, kinds)
    confounds = [Said(text, "confounds") for text in say_confounds(tables)]
    return [compared, *map(Said, sentences), *confounds, *left_out]


def say_headline(tables: Tables, most: int = 2, label_chars: int = 60) -> str:
    """The finding as a chart's title, only as sure as the verdicts allow."""
    words = tables.wording
    obstacle = _say_obstacle(tables)
    if obstacle:
        return obstacle.rstrip(".")
    ranked = rank_contrasts(tables.contrasts)
    for kind in ("clear", "leaning"):
        rows = ranked[[judge(str(verdict)) == kind for verdict in ranked["verdict"]]]
        clauses = _join_clauses(tables, rows, kind, most, label_chars)
        if clauses and kind == "leaning":
            return words.say("Leaning, not clear: {clauses}", clauses=clauses)
        if clauses:
            return clauses[:1].upper() + clauses[1:]
    return words.say(
        "Too few documents to tell on which themes {texts} differ",
        texts=words.name_texts_together(tables.groups),
    )


def list_doubts(tables: Tables) -> list[str]:
    """What a reader must know before believing the answer."""
    return [said.text for said in tell_doubts(tables)]


def tell_doubts(tables: Tables) -> list[Said]:
    """As `list_doubts`, with the rows behind each sentence."""
    words = tables.wording
    doubts = []
    small = {g: n for g, n in count_documents(tables).items() if n < FEW_DOCUMENTS}
    if small:
        doubts.append(
            words.say(
                "Very few documents: {sides}. With fewer than {few} in a group no verdict is ever "
                "clear, whatever the shares are.",
                sides=words.join([f"{words.name_group(g)} ({n})" for g, n in small.items()]),
                few=FEW_DOCUMENTS,
            )
        )
    chance = _say_chance(tables)
    alarms = _say_alarms(tables)
    unit = words.say(
        "The unit is the document, since sentences of one article are not independent: many "
        "sentences in few documents prove little."
    )
    return [
        *map(Said, doubts),
        *(Said(text, "placebo") for text in chance),
        *map(Said, alarms),
        _say_not_ruled_out(tables),
        Said(unit),
    ]


def _say_not_ruled_out(tables: Tables) -> Said:
    """What a difference may come from beside what `say_confounds` names."""
    words = tables.wording
    compared = tables.documents[tables.documents["doc_id"].isin(tables.shares["doc_id"].unique())]
    unknown = [column for column in _MAY_EXPLAIN if (compared[column] == "").any()]
    if unknown:
        text = words.count(
            len(unknown),
            "{columns!c} isn't known for every text: a difference may come from it too. Tell it in "
            "metadata.csv.",
            "{columns!c} aren't known for every text: a difference may come from them too. Tell "
            "them in metadata.csv.",
            columns=words.join([words.name_column(column) for column in unknown]),
        )
        return Said(text)
    if len(tables.confounds):
        return Said(
            words.say("confounds.csv says what else the groups differ in, and with which values."),
            "confounds",
        )
    return Said(
        words.say(
            "Nothing else that is known of the texts goes strongly together with the groups; what "
            "isn't known of them still may."
        )
    )


def _say_chance(tables: Tables) -> list[str]:
    """What comes out where there is nothing to find: one group's documents, split at random."""
    if not len(tables.placebo_rates) or not len(tables.placebo):
        return []
    words = tables.wording
    rates = tables.placebo_rates.iloc[0]
    group = str(tables.placebo["group_a"].iloc[0]).rpartition(" (")[0]
    n_splits, found = int(rates["n_splits"]), int(rates["n_with_leaning"])
    texts = words.name_the_texts(group)
    if not found:
        return [
            words.count(
                n_splits,
                "What chance does: in the one way to split {texts} in two at random, at least one "
                "theme leans or is clear in none.",
                "What chance does: in {n} ways to split {texts} in two at random, at least one "
                "theme leans or is clear in none.",
                texts=texts,
            )
        ]
    return [
        words.count(
            n_splits,
            "What chance does: in the one way to split {texts} in two at random, at least one "
            "theme leans or is clear in {found}.",
            "What chance does: in {n} ways to split {texts} in two at random, at least one theme "
            "leans or is clear in {found}.",
            texts=texts,
            found=words.number(found),
        )
    ]


def _say_alarms(tables: Tables) -> Iterator[str]:
    """What the alarms of themes mean, a sentence for each kind that there is."""
    words = tables.wording
    if themes := _list_alarmed(tables, "one article"):
        yield words.count(
            len(themes),
            "{themes} is little more than one article: read it before you take it for a theme.",
            "{themes} are little more than one article: read it before you take it for a theme.",
            themes=words.join(themes),
        )
    if themes := _list_alarmed(tables, "one language"):
        yield words.count(
            len(themes),
            "{themes} is hardly found on one of the sides. That can be emphasis, or one language's "
            "way of saying what the other says in other words: read the sentences before you "
            "believe it.",
            "{themes} are hardly found on one of the sides. That can be emphasis, or one "
            "language's way of saying what the other says in other words: read the sentences "
            "before you believe it.",
            themes=words.join(themes),
        )
    if themes := _list_alarmed(tables, "not found again"):
        yield words.count(
            len(themes),
            "{themes} is not found again when documents are drawn anew: other draws cut the texts "
            "in other ways there.",
            "{themes} are not found again when documents are drawn anew: other draws cut the texts "
            "in other ways there.",
            themes=words.join(themes),
        )


def _list_alarmed(tables: Tables, alarm: str) -> list[str]:
    """The themes that have an alarm, by their names."""
    names = name_themes(tables.themes, LABEL_CHARS)
    return [
        tables.wording.quote(names.get(theme_id, theme_id))
        for theme_id, alarms in zip(tables.themes["theme_id"], tables.themes["alarms"], strict=True)
        if alarm in alarms.split("; ")
    ]


def _say_compared(tables: Tables) -> Said:
    words = tables.wording
    counts = count_documents(tables)
    total = sum(counts.values())
    if not total:
        return Said(words.say("No documents were compared."))
    # "2 2021, 7 2022" can't be read
    by_language = all(is_language(group) for group in counts)
    sides = ", ".join(
        words.say("{n} {language}", n=number, language=words.name_group(group))
        if by_language
        else f"{words.name_group(group)} ({number})"
        for group, number in counts.items()
    )
    text = words.count(
        total, "{n} document compared: {sides}.", "{n} documents compared: {sides}.", sides=sides
    )
    return Said(text, "documents")


def _say_obstacle(tables: Tables) -> str:
    """Why there is nothing to compare, or an empty text where there is something."""
    words = tables.wording
    filled = [group for group, number in count_documents(tables).items() if number]
    if not filled:
        return words.say("There are no documents in the groups to compare.")
    if len(filled) == 1:
        return words.say(
            "There are only {texts}: nothing to compare them with.",
            texts=words.name_texts(filled[0]),
        )
    if not len(tables.themes):
        return words.say("No themes were found, so there is nothing to compare.")
    if not len(tables.contrasts):
        return words.say("No two groups were contrasted.")
    return ""


def _say_direction(
    tables: Tables, rows: pd.DataFrame, group: str, kind: str, most: int
) -> list[str]:
    words = tables.wording
    names = name_themes(tables.themes, LABEL_CHARS)
    texts = words.name_the_texts(group)
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
        numbers = words.say(
            "{here} against {there}, 95 % interval {interval}",
            here=words.percent(shares.get((theme, group), float("nan"))),
            there=words.percent(shares.get((theme, other), float("nan"))),
            interval=words.points(low, high),
        )
        key = next((k for k in survives if k[0] == theme and set(k[1:]) == {group, other}), None)
        if key:
            held, n = survives[key]
            numbers = words.say(
                "{numbers}, found in {held} of {n} other ways to do it",
                numbers=numbers,
                held=held,
                n=n,
            )
        others = words.name_the_texts(other) if several else ""
        sentences.append(_say_finding(words, kind, texts, names.get(theme, theme), others, numbers))
    rest = len(found) - most
    if rest > 0:
        sentences.append(_say_further(words, kind, texts, rest, several=several))
    return sentences


def _say_finding(
    words: Wording, kind: str, texts: str, theme: str, others: str, numbers: str
) -> str:
    """One theme that `texts` dwell more on, than `others` where several pairs are compared."""
    values = {"texts": texts, "theme": theme, "others": others, "numbers": numbers}
    if kind == "clear" and others:
        return words.say(
            "Clear: {texts} dwell more on «{theme}» than {others} ({numbers}).", **values
        )
    if kind == "clear":
        return words.say("Clear: {texts} dwell more on «{theme}» ({numbers}).", **values)
    if others:
        return words.say(
            "Leaning, not clear: {texts} may dwell more on «{theme}» than {others} ({numbers}).",
            **values,
        )
    return words.say(
        "Leaning, not clear: {texts} may dwell more on «{theme}» ({numbers}).", **values
    )


def _say_further(words: Wording, kind: str, texts: str, rest: int, *, several: bool) -> str:
    """How many more findings there are in that direction."""
    if kind == "clear" and several:
        return words.count(
            rest,
            "Clear: {texts} dwell more on more themes in {n} other comparison, listed in "
            "contrasts.csv.",
            "Clear: {texts} dwell more on more themes in {n} other comparisons, listed in "
            "contrasts.csv.",
            texts=texts,
        )
    if kind == "clear":
        return words.count(
            rest,
            "Clear: {texts} dwell more on {n} other theme, listed in contrasts.csv.",
            "Clear: {texts} dwell more on {n} other themes, listed in contrasts.csv.",
            texts=texts,
        )
    if several:
        return words.count(
            rest,
            "Leaning, not clear: {texts} may dwell more on more themes in {n} other comparison, "
            "listed in contrasts.csv.",
            "Leaning, not clear: {texts} may dwell more on more themes in {n} other comparisons, "
            "listed in contrasts.csv.",
            texts=texts,
        )
    return words.count(
        rest,
        "Leaning, not clear: {texts} may dwell more on {n} other theme, listed in contrasts.csv.",
        "Leaning, not clear: {texts} may dwell more on {n} other themes, listed in contrasts.csv.",
        texts=texts,
    )


def _turn(row: dict[Any, Any], group: str) -> tuple[str, str, float, float] | None:
    """A contrast seen from the group that dwells more: (theme_id, other group, low, high)."""
    difference, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    if difference > 0 and row["group_a"] == group:
        return str(row["theme_id"]), str(row["group_b"]), low, high
    if difference < 0 and row["group_b"] == group:
        return str(row["theme_id"]), str(row["group_a"]), -high, -low
    return None


def _say_untold(tables: Tables, kinds: list[str]) -> list[str]:
    words = tables.wording
    untold = sum(kind.startswith("too few") for kind in kinds)
    if not untold:
        return []
    others = untold < len(kinds)
    if len(list_pairs(tables.contrasts)) > 1:
        if others:
            said = words.count(
                untold,
                "For the other comparison there are too few documents to tell.",
                "For the other {n} comparisons there are too few documents to tell.",
            )
        elif untold == 2:
            said = words.say("For both comparisons there are too few documents to tell.")
        else:
            said = words.count(
                untold,
                "For the one comparison there are too few documents to tell.",
                "For all {n} comparisons there are too few documents to tell.",
            )
    elif others:
        said = words.count(
            untold,
            "For the other theme there are too few documents to tell.",
            "For the other {n} themes there are too few documents to tell.",
        )
    elif untold == 2:
        said = words.say("For both themes there are too few documents to tell.")
    else:
        said = words.count(
            untold,
            "For the one theme there are too few documents to tell.",
            "For all {n} themes there are too few documents to tell.",
        )
    return [said]


def _join_clauses(
    tables: Tables, rows: pd.DataFrame, kind: str, most: int, label_chars: int
) -> str:
    """`Danish texts dwell more on «a» and «b»; Norwegian texts on «c»`."""
    words = tables.wording
    names = name_themes(tables.themes, label_chars)
    several = len(list_pairs(tables.contrasts)) > 1
    clauses: list[str] = []
    for group in tables.groups:
        found = [turned for row in rows.to_dict("records") if (turned := _turn(row, group))]
        labels = list(dict.fromkeys(words.quote(names.get(one[0], one[0])) for one in found))
        if not labels:
            continue
        listed = labels[:most]
        if len(labels) > most:
            themes = words.say(
                "{themes} and {n} more", themes=", ".join(listed), n=len(labels) - most
            )
        else:
            themes = words.join(listed)
        values = {"texts": words.name_texts(group), "themes": themes}
        if clauses:
            clauses.append(words.say("{texts} on {themes}", **values))
        elif kind == "clear" and several:
            clauses.append(words.say("{texts} dwell more on {themes} than some others", **values))
        elif kind == "clear":
            clauses.append(words.say("{texts} dwell more on {themes}", **values))
        elif several:
            clauses.append(
                words.say("{texts} may dwell more on {themes} than some others", **values)
            )
        else:
            clauses.append(words.say("{texts} may dwell more on {themes}", **values))
    return "; ".join(clauses)


def say_confounds(tables: Tables) -> list[str]:
    """What else the groups differ in, so that a difference may come from that."""
    words = tables.wording
    named = {extent: _name_columns(tables, extent) for extent in ("wholly", "partly")}
    wholly, partly = named["wholly"], [n for n in named["partly"] if n not in named["wholly"]]
    if not wholly and not partly:
        return []
    if wholly and partly:
        ways = words.say(
            "wholly in {columns}, and partly in {others}",
            columns=_join_some(words, wholly),
            others=_join_some(words, partly),
        )
    elif wholly:
        ways = words.say("wholly in {columns}", columns=_join_some(words, wholly))
    else:
        ways = words.say("partly in {columns}", columns=_join_some(words, partly))
    pairs = list_pairs(tables.contrasts)
    if len(pairs) > 1:
        who = words.say("some of the groups")
    elif all(is_language(group) for group in pairs[0]):
        who = words.name_texts_together(pairs[0])
    else:
        who = words.join([words.name_the_texts(group) for group in pairs[0]])
    several = len(wholly) + len(partly) > 1
    if wholly and several:
        return [
            words.say(
                "{who!c} also differ {ways}: a difference may as well come from any of these, for "
                "they can't be told apart.",
                who=who,
                ways=ways,
            )
        ]
    if wholly:
        return [
            words.say(
                "{who!c} also differ {ways}: a difference may as well come from that, for they "
                "can't be told apart.",
                who=who,
                ways=ways,
            )
        ]
    if several:
        return [
            words.say(
                "{who!c} also differ {ways}: a difference may as well come from any of these in "
                "part.",
                who=who,
                ways=ways,
            )
        ]
    return [
        words.say(
            "{who!c} also differ {ways}: a difference may as well come from that in part.",
            who=who,
            ways=ways,
        )
    ]


def _name_columns(tables: Tables, extent: str) -> list[str]:
    columns = tables.confounds.loc[tables.confounds["extent"] == extent, "column"]
    return [tables.wording.name_column(column, MOST_COLUMN_CHARS) for column in columns.unique()]


def _join_some(words: Wording, names: list[str]) -> str:
    more = len(names) - MOST_COLUMNS
    if more > 0:
        return words.join([*names[:MOST_COLUMNS], words.say("{n} more", n=more)])
    return words.join(names)


def _say_left_out(tables: Tables) -> list[str]:
    """Documents that were read and not compared; nothing is left out in silence."""
    words = tables.wording
    duplicates = set(tables.documents.loc[tables.documents["duplicate_of"] != "", "doc_id"])
    foreign = tables.languages[~tables.languages["language"].isin(list(GROUPS))]
    parts = []
    others = len(set(foreign["doc_id"]) - duplicates)
    if others:
        parts.append(
            words.count(
                others, "{n} document in another language", "{n} documents in other languages"
            )
        )
    if duplicates:
        parts.append(words.count(len(duplicates), "{n} duplicate", "{n} duplicates"))
    if len(tables.rejected):
        parts.append(words.count(len(tables.rejected), "{n} rejected file", "{n} rejected files"))
    return [words.say("Left out: {parts}.", parts=words.join(parts))] if parts else []
