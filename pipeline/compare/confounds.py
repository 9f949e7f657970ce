"""What else the groups differ in: where two things go together, a difference may come from either.

A column's values are compared by documents. They are *wholly* confounded with the groups where two
groups share no value, as where all Danish texts are from one outlet and all Norwegian ones from
another; *partly*, where they go together strongly, that is where Cramér's V, corrected for its
bias in small tables (Bergsma 2013), is .5 or more: a large effect in Cohen's (1988) terms. Days are
wholly confounded where the spans do not meet, and partly by their years; lengths partly, where one
group's median is more than twice the other's.

This describes the documents at hand and infers nothing. A value that is not known is like no other
value: it is counted, told, and compared with nothing.

Bergsma (2013). A bias-correction for Cramér's V and Tschuprow's T. Journal of the Korean
Statistical Society 42. Cohen (1988). Statistical power analysis for the behavioral sciences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from typing import NamedTuple

import pandas as pd

from pipeline.compare.groups import MAX_GROUPS, unpack_more
from pipeline.nordic import GROUPS
from pipeline.schemas import SCHEMAS

STRONG = 0.5
TIMES_AS_LONG = 2
# A further column of more values is a note or a number rather than a kind of text.
MOST_VALUES = MAX_GROUPS
# Of `published`, and of n_sentences and n_words together, as the table names them
DAY, LENGTH = "published", "length"
MOST_NAMED = 3
MOST_CHARS = 60

# "all 3 da documents *are* *from* altinget.dk"; of a further column, "*have* *type* news"
_PHRASES = {
    "language": ("are", "in"),
    "country": ("are", "from"),
    "source": ("are", "from"),
    DAY: ("are", "of"),
    "author": ("are", "by"),
}
# The groups of `group` are languages, and those of `year` are days
_DEFINED_BY = {"group": "language", "year": DAY}


class _Finding(NamedTuple):
    extent: str
    detail: str


class _Side(NamedTuple):
    """One group's documents: how many have each known value, and of how many it is not known."""

    group: str
    values: Counter[str]
    n_unknown: int


def find_confounds(
    documents: pd.DataFrame, groups: pd.Series, group_by: str = "group"
) -> pd.DataFrame:
    """What each two groups differ in, beside the column that they are made by, as in `SCHEMAS`.

    documents: by doc_id, with language, country, source, author, published (an ISO date; all of
    them "" where not known), more (JSON), n_sentences and n_words. groups: the group of each
    document that is compared, by doc_id. Rows are by pair, and within one in this order: language,
    country, source, published, further columns by name, author, length.
    """
    compared = documents.loc[groups.index]
    columns = _choose_columns(compared, _DEFINED_BY.get(group_by, group_by))
    rows = []
    for a, b in combinations(sorted(set(groups)), 2):
        here = {group: groups.index[groups == group] for group in (a, b)}
        for name, values in columns.items():
            sides = [_count(group, values.loc[ids]) for group, ids in here.items()]
            if found := _compare_days(*sides) if name == DAY else _compare_values(name, *sides):
                rows.append((a, b, name, *found))
        if found := _compare_lengths({group: compared.loc[ids] for group, ids in here.items()}):
            rows.append((a, b, LENGTH, *found))
    return pd.DataFrame(rows, columns=list(SCHEMAS["confounds"]), dtype=object)


def measure_association(first: Counter[str], second: Counter[str]) -> float:
    """Cramér's V of two groups' counts of values, corrected for bias (Bergsma 2013): 0 to 1.

    For r = 2 groups, k values and n documents, φ² = χ²/n is lowered by what it is expected to be
    without association, (k − 1)(r − 1)/(n − 1), and k and r by (k − 1)²/(n − 1), (r − 1)²/(n − 1).
    0 where there is but one value or one of the groups is empty.
    """
    values = sorted(first | second)
    sizes = first.total(), second.total()
    n, k = sum(sizes), len(values)
    if k < 2 or not all(sizes):
        return 0.0
    # χ²/n is the sum over cells of count² / (row × column), less 1
    squared = sum(
        side[value] ** 2 / (size * (first[value] + second[value]))
        for side, size in ((first, sizes[0]), (second, sizes[1]))
        for value in values
    )
    phi = max(0.0, squared - 1 - (k - 1) / (n - 1))
    least = min(k - 1 - (k - 1) ** 2 / (n - 1), 1 - 1 / (n - 1))
    # Each document has a value of its own: that says nothing, however they are grouped
    return min(1.0, sqrt(phi / least)) if least > 0 else 0.0


def _choose_columns(compared: pd.DataFrame, group_by: str) -> dict[str, pd.Series]:
    more = unpack_more(compared)
    named = {name: compared[name] for name in ("language", "country", "source", DAY)}
    further = {str(name): more[name] for name in more if _is_kind(more[name])}
    columns = named | further
    if _repeats(compared["author"]):
        columns["author"] = compared["author"]
    return {name: values for name, values in columns.items() if name != group_by}


def _is_kind(values: pd.Series) -> bool:
    """Whether a further column tells kinds of texts, and does not number them or describe each."""
    return values[values != ""].nunique() <= MOST_VALUES and _repeats(values)


def _repeats(values: pd.Series) -> bool:
    """Whether any two documents share a value: else no two groups do, however they are made."""
    return bool(values[values != ""].duplicated().any())


def _count(group: str, values: pd.Series) -> _Side:
    known = Counter(value for value in values if value)
    return _Side(group, known, len(values) - known.total())


# Comparing two groups


def _compare_values(name: str, first: _Side, second: _Side) -> _Finding | None:
    if not (first.values and second.values):
        return None
    if not first.values.keys() & second.values.keys():
        extent = "wholly"
    elif measure_association(first.values, second.values) >= STRONG:
        extent = "partly"
    else:
        return None
    return _Finding(extent, _say_both(name, first, second))


def _compare_days(first: _Side, second: _Side) -> _Finding | None:
    """Days as spans, and as years where the spans meet."""
    if not (first.values and second.values):
        return None
    if max(first.values) < min(second.values) or max(second.values) < min(first.values):
        spans = [side._replace(values=_span(side.values)) for side in (first, second)]
        return _Finding("wholly", _say_both(DAY, *spans))
    years = [side._replace(values=_years(side.values)) for side in (first, second)]
    if measure_association(years[0].values, years[1].values) >= STRONG:
        return _Finding("partly", _say_both(DAY, *years))
    return None


def _span(days: Counter[str]) -> Counter[str]:
    first, last = min(days), max(days)
    return Counter({first if first == last else f"{first} to {last}": days.total()})


def _years(days: Counter[str]) -> Counter[str]:
    years: Counter[str] = Counter()
    for day, n in days.items():
        years[day[:4]] += n
    return years


def _compare_lengths(documents: dict[str, pd.DataFrame]) -> _Finding | None:
    counted = ("n_sentences", "n_words")
    medians = [[float(rows[name].median()) for name in counted] for rows in documents.values()]
    if not any(max(pair) > TIMES_AS_LONG * min(pair) for pair in zip(*medians, strict=True)):
        return None
    a, b = (_name(group) for group in documents)
    (sentences_a, words_a), (sentences_b, words_b) = medians
    return _Finding(
        "partly",
        f"half the {a} documents have {sentences_a:g} sentences and {words_a:g} words or more, "
        f"half the {b} documents {sentences_b:g} and {words_b:g}",
    )


# In words


def _say_both(name: str, first: _Side, second: _Side) -> str:
    verb, preposition = _PHRASES.get(name, ("have", name))
    if first.values.total() + first.n_unknown == 1:
        verb = {"are": "is", "have": "has"}[verb]
    plain = all(len(side.values) == 1 and not side.n_unknown for side in (first, second))
    between = ", " if plain else "; "
    who, what = _say_side(first)
    others, what_of_others = _say_side(second)
    return f"{who} {verb} {preposition} {what}{between}{others} {preposition} {what_of_others}"


def _say_side(side: _Side) -> tuple[str, str]:
    """`all 3 da documents`, `altinget.dk`; what is not known is said behind the values."""
    n = side.values.total() + side.n_unknown
    documents = f"{_name(side.group)} document{'s' if n > 1 else ''}"
    listed = ", ".join(_list_values(side.values))
    head, comma, last = listed.rpartition(", ")
    listed = f"{head} and {last}" if comma else listed
    if side.n_unknown:
        return f"the {documents}", f"{listed} (unknown for {side.n_unknown} of {n})"
    if n == 1:
        return f"the one {documents}", listed
    return f"{'all' if len(side.values) == 1 else 'the'} {n} {documents}", listed


def _list_values(values: Counter[str]) -> Iterator[str]:
    """The most frequent values first; how often each is there, where it is not once or always."""
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    shown = ranked if len(ranked) <= MOST_NAMED + 1 else ranked[:MOST_NAMED]
    for value, n in shown:
        yield _shorten(value) + (f" ({n})" if len(values) > 1 and ranked[0][1] > 1 else "")
    if len(ranked) > len(shown):
        yield f"{len(ranked) - len(shown)} others"


def _name(group: str) -> str:
    """`da` as it is; the names of other groups can be any words and are quoted."""
    return group if group in {*GROUPS, *GROUPS.values()} else f"«{_shorten(group)}»"


def _shorten(value: str) -> str:
    return value if len(value) <= MOST_CHARS else f"{value[: MOST_CHARS - 1].rstrip()}…"
