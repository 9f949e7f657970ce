"""Shares, emphasis and contrasts of groups of documents, with intervals and verdicts.

Sentences of one document are not independent, so documents are the unit: a theme's share is its
part of a document's sentences, a group's share is the plain mean over its documents, and every
interval and p-value is of documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.compare.beta_binomial import (
    SCEPTICAL,
    WIDE,
    Interval,
    Posterior,
    add_likelihoods,
    find_difference,
    find_posterior,
    find_ratio,
    leave_out,
)
from pipeline.compare.counting import Counts
from pipeline.compare.needed import count_needed
from pipeline.compare.permutation import adjust_holm, permute
from pipeline.compare.plain import DECIMALS, find_mean, find_mean_difference, reach
from pipeline.schemas import SCHEMAS

LEVEL = 0.95
ALPHA = 0.05
# Below this many documents a group's spread can't be known well enough for a clear verdict.
MIN_DOCUMENTS = 4
# Of each group, the documents that speak most for a difference are left out one by one, up to this
# many: the others can do no more harm than these.
MOST_LEFT_OUT = 12
TOO_FEW = "too few documents to tell"
# Themes whose likelihoods are held in memory at once
_AT_ONCE = 64

Array = np.ndarray


@dataclass(frozen=True)
class Comparison:
    """The tables of a comparison, as in `schemas.SCHEMAS`, but that groups may be any names."""

    shares: pd.DataFrame
    emphasis: pd.DataFrame
    contrasts: pd.DataFrame


class _Group(NamedTuple):
    """One group's documents, with one theme or all."""

    name: str
    doc_ids: list[str]
    counts: Array  # int64 (documents, themes), for the model
    sizes: Array  # int64 (documents,)
    shares: Array  # float64 (documents, themes)
    n_sentences: Array  # int64 (documents, themes)


class _Theme(NamedTuple):
    """What the documents say of one theme."""

    theme_id: str
    number: int
    at_nodes: list[Array]  # each group's log-likelihoods
    posterior: Posterior


def compare_groups(counts: Counts, *, permutations: int, seed: int) -> Comparison:
    """Compare each group of `counts` with each other.

    permutations: exact p up to so many, drawn ones (by `seed`) beyond.
    """
    groups = _part(counts)
    pairs = list(combinations(range(len(groups)), 2))
    emphasis: list[dict[str, Any]] = []
    contrasts: list[dict[str, Any]] = []
    for theme in _each_theme(groups, counts.theme_ids):
        emphasis += [_describe_share(theme, groups, number) for number in range(len(groups))]
        if theme.theme_id:
            contrasts += [_describe_difference(theme, groups, pair) for pair in pairs]
    return Comparison(
        _list_shares(counts),
        _tabulate(emphasis, "emphasis", ["group", "theme_id"], counts.theme_ids),
        _judge_all(contrasts, groups, pairs, counts.theme_ids, permutations, seed),
    )


def contrast_groups(counts: Counts, *, permutations: int, seed: int) -> pd.DataFrame:
    """The contrasts of `compare_groups` alone, in less time."""
    groups = _part(counts)
    pairs = list(combinations(range(len(groups)), 2))
    *theme_ids, _ = counts.theme_ids
    contrasts = [
        _describe_difference(theme, groups, pair)
        for theme in _each_theme(groups, theme_ids)
        for pair in pairs
    ]
    return _judge_all(contrasts, groups, pairs, counts.theme_ids, permutations, seed)


def _part(counts: Counts) -> list[_Group]:
    for_model, sizes = counts.for_the_model
    groups = []
    for name in sorted(set(counts.groups)):
        rows = np.flatnonzero(counts.groups == name)
        groups.append(
            _Group(
                name,
                [counts.doc_ids[row] for row in rows],
                for_model[rows],
                sizes[rows],
                counts.shares[rows],
                counts.n_sentences[rows],
            )
        )
    return groups


def _each_theme(groups: Sequence[_Group], theme_ids: Sequence[str]) -> Iterator[_Theme]:
    if not groups:
        return
    for start in range(0, len(theme_ids), _AT_ONCE):
        some = theme_ids[start : start + _AT_ONCE]
        columns = slice(start, start + _AT_ONCE)
        added = [add_likelihoods(group.counts[:, columns], group.sizes) for group in groups]
        for place, theme_id in enumerate(some):
            at_nodes = [one[place] for one in added]
            yield _Theme(theme_id, start + place, at_nodes, find_posterior(at_nodes, WIDE))


def _list_shares(counts: Counts) -> pd.DataFrame:
    n_documents, n_themes = counts.shares.shape
    return pd.DataFrame(
        {
            "theme_id": np.repeat(np.array(counts.theme_ids, dtype=object), n_documents),
            "doc_id": list(counts.doc_ids) * n_themes,
            "group": list(counts.groups) * n_themes,
            "share": counts.shares.T.ravel(),
        }
    )


def _describe_share(theme: _Theme, groups: Sequence[_Group], number: int) -> dict[str, Any]:
    """A row of the emphasis."""
    group = groups[number]
    shares = group.shares[:, theme.number]
    share = float(shares.mean())
    plain = find_mean(shares, LEVEL)
    found = reach(theme.posterior.find_share(number, WIDE, LEVEL), share, plain)
    n_sentences = group.n_sentences[:, theme.number]
    return {
        "theme_id": theme.theme_id,
        "group": group.name,
        "n_sentences": int(n_sentences.sum()),
        "n_documents": int((n_sentences > 0).sum()),
        "share": share,
        "low": found.low,
        "high": found.high,
    }


def _describe_difference(
    theme: _Theme, groups: Sequence[_Group], pair: tuple[int, int]
) -> dict[str, Any]:
    """A row of the contrasts, but for what depends on the other themes."""
    a, b = (groups[number] for number in pair)
    own_a, own_b = (group.shares[:, theme.number] for group in (a, b))
    mean_a, mean_b = float(own_a.mean()), float(own_b.mean())
    posterior = theme.posterior
    if len(groups) > 2:  # A third group says nothing of how these two differ
        posterior = find_posterior([theme.at_nodes[number] for number in pair], WIDE)
    found, doubted = _find_differences(posterior, own_a, own_b)
    shares = posterior.shares[0], posterior.shares[1]
    ratio = find_ratio(shares, posterior.join(0, 1, WIDE), LEVEL)
    if mean_a and mean_b:  # On the side of the difference; of none and some there is no plain one
        plain = mean_a / mean_b
        ratio = Interval(min(ratio.low, plain), plain, max(ratio.high, plain))
    correlation = (posterior.find_correlation(0, WIDE) + posterior.find_correlation(1, WIDE)) / 2
    without = _leave_out_means(own_a, own_b)
    convinced = side(found) if side(found) == side(doubted) else 0
    return {
        "theme_id": theme.theme_id,
        "group_a": a.name,
        "group_b": b.name,
        "n_a": len(a.sizes),
        "n_b": len(b.sizes),
        "difference": mean_a - mean_b,
        "low": found.low,
        "high": found.high,
        "low_sceptical": round(doubted.low, DECIMALS),
        "high_sceptical": round(doubted.high, DECIMALS),
        "ratio": round(ratio.middle, DECIMALS),
        "ratio_low": round(ratio.low, DECIMALS),
        "ratio_high": round(ratio.high, DECIMALS),
        "correlation": round(correlation, DECIMALS),
        "low_without_one": without[0],
        "high_without_one": without[1],
        "weakest": _find_weakest(theme, groups, pair, correlation, convinced),
        "side": side(found),
        "convinced": convinced != 0,
        "mean_a": mean_a,
        "mean_b": mean_b,
    }


def _find_differences(posterior: Posterior, a: Array, b: Array) -> tuple[Interval, Interval]:
    """The interval of the difference, and the sceptic's; of two groups with these shares."""
    shares = posterior.shares[0], posterior.shares[1]
    wide, doubted = (
        find_difference(shares, posterior.join(0, 1, prior), LEVEL) for prior in (WIDE, SCEPTICAL)
    )
    plain = find_mean_difference(a, b, LEVEL)
    return reach(wide, float(a.mean() - b.mean()), plain), doubted


def side(found: Interval) -> int:
    """1 where an interval lies above zero, -1 where below, 0 where zero is in it."""
    return int(found.low > 0) - int(found.high < 0)


def _leave_out_means(a: Array, b: Array) -> tuple[float, float]:
    """The least and the greatest difference of the means without any one of the documents."""
    difference = a.mean() - b.mean()
    changed = [np.array([difference])]
    if len(a) > 1:
        changed.append((a.sum() - a) / (len(a) - 1) - b.mean())
    if len(b) > 1:
        changed.append(a.mean() - (b.sum() - b) / (len(b) - 1))
    everything = np.concatenate(changed)
    return float(everything.min()), float(everything.max())


def _find_weakest(
    theme: _Theme,
    groups: Sequence[_Group],
    pair: tuple[int, int],
    correlation: float,
    convinced: int,
) -> str:
    """The document without which one of the two intervals has zero in it; empty if there is none.

    Where they have it all the same (`convinced` is 0), nothing is left out.
    """
    if not convinced:
        return ""
    for place in (0, 1):
        group = groups[pair[place]]
        if len(group.sizes) == 1:
            return group.doc_ids[0]
        counts = group.counts[:, theme.number]
        towards = convinced if place == 0 else -convinced
        # How much a document moves its group's mean, a longer one more
        weight = group.sizes / (1 + (group.sizes - 1) * correlation)
        moved = towards * weight * (counts / group.sizes - counts.sum() / group.sizes.sum())
        for document in np.argsort(-moved, kind="stable")[:MOST_LEFT_OUT].tolist():
            at_nodes = [theme.at_nodes[number] for number in pair]
            at_nodes[place] = leave_out(at_nodes[place], counts[document], group.sizes[document])
            shares = [groups[number].shares[:, theme.number] for number in pair]
            shares[place] = np.delete(shares[place], document)
            found, doubted = _find_differences(find_posterior(at_nodes, WIDE), shares[0], shares[1])
            if side(found) != convinced or side(doubted) != convinced:
                return group.doc_ids[document]
    return ""


def _tabulate(
    rows: list[dict[str, Any]], table: str, order: list[str], theme_ids: Sequence[str]
) -> pd.DataFrame:
    """Rows as a table, the themes in their order."""
    columns = list(SCHEMAS[table])
    found = pd.DataFrame(rows)
    if not len(found):
        return pd.DataFrame(columns=columns)
    places = {theme_id: place for place, theme_id in enumerate(theme_ids)}
    return found.sort_values(
        order,
        key=lambda own: own.map(places) if own.name == "theme_id" else own,
        ignore_index=True,
        kind="stable",
    )


def _judge_all(
    rows: list[dict[str, Any]],
    groups: Sequence[_Group],
    pairs: Sequence[tuple[int, int]],
    theme_ids: Sequence[str],
    permutations: int,
    seed: int,
) -> pd.DataFrame:
    """The contrasts with p-values, verdicts, and how many documents would be needed."""
    table = _tabulate(rows, "contrasts", ["group_a", "group_b", "theme_id"], theme_ids)
    if not len(table):
        return table
    n_themes = len(theme_ids) - 1
    p, p_min = [], []
    for a, b in pairs:
        own, least = permute(
            groups[a].shares[:, :n_themes], groups[b].shares[:, :n_themes], permutations, seed
        )
        p += own.tolist()
        p_min += [least] * n_themes
    table["p"], table["p_min"] = p, p_min
    table["p_holm"] = adjust_holm(table["p"].to_numpy())
    records: list[dict[Any, Any]] = table.to_dict("records")
    table["verdict"] = [judge(row) for row in records]
    size = {group.name: len(group.sizes) / float((1 / group.sizes).sum()) for group in groups}
    table["n_needed"] = [
        count_needed(
            (row["mean_a"], row["mean_b"]),
            (size[row["group_a"]], size[row["group_b"]]),
            row["correlation"],
            ALPHA / len(table),
        )
        for row in records
    ]
    return table[list(SCHEMAS["contrasts"])]


def judge(row: dict[Any, Any]) -> str:
    """The verdict, which never says more than all of its conditions allow."""
    if not row["side"]:
        return TOO_FEW
    more, less = ("group_a", "group_b") if row["side"] == 1 else ("group_b", "group_a")
    clear = (
        row["convinced"]
        and not row["weakest"]
        and row["p_holm"] <= ALPHA
        and min(row["n_a"], row["n_b"]) >= MIN_DOCUMENTS
    )
    return f"{'clear' if clear else 'leaning'}: more in {row[more]} than in {row[less]}"
