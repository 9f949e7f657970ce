"""assignments -> shares, emphasis, contrasts: what each group's texts dwell on, and how sure.

Sentences of one document are not independent, so documents are the unit: a theme's share is its
part of a document's sentences, a group's share is the plain mean over its documents, and every
interval and p-value comes from resampling or relabelling whole documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.settings import NordtemaError
from pipeline.store import WHOLE_DOCUMENT, Outcome, Store, Task

LEVEL = 0.95
# Below this many documents a group's spread can't be known well enough for a clear verdict.
MIN_DOCUMENTS = 4
MAX_GROUPS = 12
# What is no larger than this is what rounding leaves of zero.
ZERO = 1e-12
# Memory: resamples × documents are handled in blocks of at most this many cells, and which
# documents a resample left out is remembered for groups of at most this many documents.
CELLS_AT_ONCE = 2_000_000
MOST_TRACKED = 1000
# Leave-one-out tries each group's documents, those that speak most for the difference first, up to
# this many: the others can't do more harm than these.
MOST_LEFT_OUT = 200
TOO_FEW = "too few documents to tell"

Array = np.ndarray


def compare_corpus(task: Task) -> Outcome:
    """Write shares, emphasis and contrasts."""
    store, settings = task.store, task.settings.compare
    documents = store.read_all("documents")
    languages = store.read_all("languages")
    groups, notes = assign_groups(documents, languages, settings.group_by)
    counts = count_sentences(store)
    theme_ids = list(store.read("themes")["theme_id"])
    unknown = sorted(set(counts["theme_id"]) - {"", *theme_ids})
    if unknown:
        raise NordtemaError(
            f"{store.root / 'work' / 'assignments'}: names theme {unknown[0]!r}, which the table "
            "of themes does not have; run `nordtema run --from cluster`"
        )
    shares, emphasis, contrasts = compare_groups(
        counts,
        groups,
        theme_ids=theme_ids,
        resamples=settings.resamples,
        permutations=settings.permutations,
        seed=task.settings.run.seed,
    )
    compared = set(shares["group"])
    notes += _notes_on_groups(compared, settings.group_by)
    outputs = [
        store.write("shares", shares),
        store.write("emphasis", emphasis),
        store.write("contrasts", contrasts),
    ]
    verdicts = contrasts["verdict"].str.split(":").str[0]
    found = {"documents compared": shares["doc_id"].nunique(), "groups": len(compared)}
    return Outcome(
        outputs,
        found | {word: int((verdicts == word).sum()) for word in _SURE},
        notes,
    )


_SURE = ("clear", "leaning")


def count_sentences(store: Store) -> pd.DataFrame:
    """doc_id, theme_id, n_sentences over all parts."""
    counts = []
    for part in store.parts("sentences"):
        sentences = store.read("sentences", part)[["sentence_id", "doc_id"]]
        assignments = store.read("assignments", part)[["sentence_id", "theme_id"]]
        joined = sentences.merge(assignments, on="sentence_id", validate="one_to_one")
        counts.append(joined.value_counts(["doc_id", "theme_id"]).rename("n_sentences"))
    table = pd.concat(counts).reset_index()
    return table.sort_values(["doc_id", "theme_id"], ignore_index=True)


def assign_groups(
    documents: pd.DataFrame, languages: pd.DataFrame, group_by: str
) -> tuple[pd.Series, tuple[str, ...]]:
    """The group of each document that takes part (indexed by doc_id), and notes on the others.

    `group_by` is `group` (da against no), `language`, `year`, or a column of documents.
    Raises NordtemaError where there is no such column or it has too many values.
    """
    judged = languages[languages["block"] == WHOLE_DOCUMENT].set_index("doc_id")["language"]
    table = documents.set_index("doc_id")
    table = table.assign(language=judged.reindex(table.index).fillna("und"))
    table = table.assign(
        group=table["language"].map(GROUPS).fillna(""), year=table["published"].str[:4]
    )
    known = ["group", "language", "year", "source", "country"]
    if group_by not in known:
        raise NordtemaError(
            f"--group-by {group_by}: there is no such column; "
            f"the known ones are: {', '.join(known)}"
        )
    taking_part = table[(table["group"] != "") & (table["duplicate_of"] == "")]
    groups = taking_part[group_by]
    unknown = int((groups == "").sum())
    notes: tuple[str, ...] = ()
    if unknown:
        notes = (
            f"{unknown} of {len(groups)} documents have no {group_by} and are not compared; "
            "give it in metadata.csv",
        )
    groups = groups[groups != ""]
    if groups.nunique() > MAX_GROUPS:
        raise NordtemaError(
            f"--group-by {group_by}: gives {groups.nunique()} groups, and at most {MAX_GROUPS} can "
            "be compared; choose a column with fewer values"
        )
    return groups.rename("group"), notes


def compare_groups(
    counts: pd.DataFrame,
    groups: pd.Series,
    *,
    theme_ids: list[str],
    resamples: int,
    permutations: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Shares, emphasis and contrasts (as in `store.SCHEMAS`, but that groups may be any names).

    `counts` has doc_id, theme_id ("" for none) and n_sentences; `groups` is each document's group,
    by doc_id. A document without sentences has no shares and takes no part.
    """
    themes = [*theme_ids, ""]
    table = (
        counts[counts["doc_id"].isin(groups.index)]
        .pivot_table("n_sentences", "doc_id", "theme_id", aggfunc="sum", fill_value=0)
        .reindex(columns=themes, fill_value=0)
        .sort_index()
    )
    table = table[table.sum(axis=1) > 0]
    n_sentences = table.to_numpy(dtype=float)  # (documents, themes)
    shares = n_sentences / n_sentences.sum(axis=1, keepdims=True)
    of_document = groups.reindex(table.index).to_numpy()
    names = sorted(set(of_document))
    samples = {
        name: _Sample(n_sentences[of_document == name], shares[of_document == name], resamples, rng)
        for name, rng in zip(names, _generators(seed, len(names)), strict=True)
    }
    emphasis = [_emphasis_rows(name, samples[name], themes) for name in names]
    contrasts = [
        _contrast_rows(pair, samples, theme_ids, permutations, seed)
        for pair in combinations(names, 2)
    ]
    return (
        _share_rows(shares, themes, list(table.index), list(of_document)),
        pd.concat(emphasis, ignore_index=True) if emphasis else _empty(_EMPHASIS),
        _judge_all(pd.concat(contrasts, ignore_index=True), samples, theme_ids)
        if contrasts
        else _empty(_CONTRASTS),
    )


_EMPHASIS = ("theme_id", "group", "n_sentences", "n_documents", "share", "low", "high")
_CONTRASTS = (
    *("theme_id", "group_a", "group_b", "difference", "low", "high"),
    *("p", "p_min", "p_holm", "verdict"),
)


class _Sample:
    """One group's documents, and the means of resamples of them (Efron 1979)."""

    def __init__(
        self, n_sentences: Array, shares: Array, resamples: int, rng: np.random.Generator
    ) -> None:
        self.n_sentences = n_sentences  # (documents, themes)
        self.shares = shares  # (documents, themes)
        self.mean = shares.mean(axis=0)  # (themes,)
        n = len(shares)
        self.means = np.empty((resamples, shares.shape[1]))  # (resamples, themes)
        # In which resamples a document was not drawn: (resamples, documents).
        self.absent = np.empty((resamples, n if n <= MOST_TRACKED else 0), dtype=bool)
        for rows in _blocks(resamples, n):
            size = rows.stop - rows.start
            drawn = rng.multinomial(n, np.full(n, 1 / n), size=size)  # (some, documents)
            self.means[rows] = drawn @ shares / n
            self.absent[rows] = drawn[:, : self.absent.shape[1]] == 0

    def __len__(self) -> int:
        return len(self.shares)

    def means_without(self, document: int, theme: int) -> Array:
        """Resampled means of one theme without one document.

        The resamples in which a document was not drawn are resamples of the others (the
        jackknife after the bootstrap, Efron 1992), so that nothing need be drawn again. Of very
        many documents one moves the mean and hardly the spread: there the means are moved.
        """
        if self.absent.shape[1]:
            means: Array = self.means[self.absent[:, document], theme]
        else:
            moved = (self.mean[theme] - self.shares[document, theme]) / (len(self) - 1)
            means = self.means[:, theme] + moved
        return means


def _blocks(n_rows: int, n_documents: int) -> Iterator[slice]:
    """Rows in blocks, so that rows × documents never holds more than so many cells at once."""
    size = max(1, CELLS_AT_ONCE // max(1, n_documents))
    return (slice(start, min(start + size, n_rows)) for start in range(0, n_rows, size))


def _generators(seed: int, n: int) -> Iterator[np.random.Generator]:
    return (np.random.default_rng([seed, number]) for number in range(n))


def _share_rows(
    shares: Array, themes: list[str], doc_ids: list[str], groups: list[str]
) -> pd.DataFrame:
    n_documents, n_themes = shares.shape
    return pd.DataFrame(
        {
            "theme_id": np.repeat(np.array(themes, dtype=object), n_documents),
            "doc_id": doc_ids * n_themes,
            "group": groups * n_themes,
            "share": shares.T.ravel(),
        }
    )


def _emphasis_rows(group: str, sample: _Sample, themes: list[str]) -> pd.DataFrame:
    low, high = _interval(sample.means)
    if len(sample) == 1:
        # One document says nothing of how much others would differ from it.
        low, high = np.zeros_like(low), np.ones_like(high)
    return pd.DataFrame(
        {
            "theme_id": themes,
            "group": group,
            "n_sentences": sample.n_sentences.sum(axis=0).astype(int),
            "n_documents": (sample.n_sentences > 0).sum(axis=0),
            "share": sample.mean,
            "low": low,
            "high": high,
        }
    )


def _contrast_rows(
    pair: tuple[str, str],
    samples: dict[str, _Sample],
    theme_ids: list[str],
    permutations: int,
    seed: int,
) -> pd.DataFrame:
    a, b = (samples[name] for name in pair)
    n_themes = len(theme_ids)
    difference = (a.mean - b.mean)[:n_themes]
    low, high = _interval(a.means - b.means)
    if min(len(a), len(b)) == 1:
        low_a, high_a = _possible_means(a)
        low_b, high_b = _possible_means(b)
        low, high = low_a - high_b, high_a - low_b
    p, p_min = permute(a.shares[:, :n_themes], b.shares[:, :n_themes], permutations, seed)
    return pd.DataFrame(
        {
            "theme_id": theme_ids,
            "group_a": pair[0],
            "group_b": pair[1],
            "difference": difference,
            "low": low[:n_themes],
            "high": high[:n_themes],
            "p": p,
            "p_min": p_min,
        }
    )


def _judge_all(
    contrasts: pd.DataFrame, samples: dict[str, _Sample], theme_ids: list[str]
) -> pd.DataFrame:
    """The contrasts with p_holm, over all themes and all pairs of groups, and their verdicts."""
    p_holm = adjust_holm(contrasts["p"].to_numpy())
    theme_of = {theme_id: number for number, theme_id in enumerate(theme_ids)}
    verdicts = [
        _judge(
            theme_of[row["theme_id"]],
            (row["group_a"], row["group_b"]),
            samples[row["group_a"]],
            samples[row["group_b"]],
            row["low"],
            row["high"],
            row["p"],
            holm,
        )
        for row, holm in zip(contrasts.to_dict("records"), p_holm, strict=True)
    ]
    return contrasts.assign(p_holm=p_holm, verdict=verdicts)


def _interval(means: Array) -> tuple[Array, Array]:
    """The middle 95 % of resampled values, by column."""
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return low, high


def _possible_means(sample: _Sample) -> tuple[Array, Array]:
    if len(sample) == 1:
        return np.zeros_like(sample.mean), np.ones_like(sample.mean)
    return _interval(sample.means)


def permute(a: Array, b: Array, permutations: int, seed: int) -> tuple[Array, float]:
    """Two-sided permutation p of the difference in means, by column, and the smallest p possible.

    `a` and `b` are (documents, themes). All ways to deal the documents out to groups of these sizes
    are tried where there are at most `permutations`, else as many are drawn, and the p is then
    (hits + 1) / (draws + 1). The smallest p is that of the most extreme dealing: 1 of n, or 2 of n
    with groups of one size, where the mirrored dealing is as extreme.
    """
    everything = np.vstack([a, b])
    n, n_a = len(everything), len(a)
    total = everything.sum(axis=0)
    observed = np.abs(a.mean(axis=0) - b.mean(axis=0))
    ways = comb(n, n_a)
    exact = ways <= permutations
    hits = np.zeros(everything.shape[1])
    for chosen in _dealings(n, n_a, permutations, seed, exact):  # (some, n_a)
        members = np.zeros((len(chosen), n))
        np.put_along_axis(members, chosen, 1.0, axis=1)
        sums = members @ everything  # (some, themes)
        gaps = np.abs(sums / n_a - (total - sums) / (n - n_a))
        # The same dealing, added up in another order, must count as a hit.
        hits += (gaps >= observed - ZERO).sum(axis=0)
    if exact:
        return hits / ways, (2 if 2 * n_a == n else 1) / ways
    return (hits + 1) / (permutations + 1), 1 / (permutations + 1)


def _dealings(n: int, n_a: int, permutations: int, seed: int, exact: bool) -> Iterator[Array]:
    """The documents of the first group, for each way to deal, in blocks: (some, n_a)."""
    if exact:
        ways = np.array(list(combinations(range(n), n_a)))
        yield from (ways[rows] for rows in _blocks(len(ways), n))
        return
    rng = np.random.default_rng([seed, n, n_a])
    for rows in _blocks(permutations, n):
        some = rows.stop - rows.start
        yield rng.permuted(np.tile(np.arange(n), (some, 1)), axis=1)[:, :n_a]


def adjust_holm(p: Array) -> Array:
    """p-values adjusted for their number (Holm 1979): each is at least the one before it."""
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


def _judge(
    theme: int,
    pair: tuple[str, str],
    a: _Sample,
    b: _Sample,
    low: float,
    high: float,
    p: float,
    p_holm: float,
) -> str:
    """The verdict, which never says more than all of its conditions allow."""
    if not (low > 0 or high < 0):
        return TOO_FEW
    more, less = pair if low > 0 else pair[::-1]
    enough = min(len(a), len(b)) >= MIN_DOCUMENTS
    if enough and p_holm <= 0.05 and _survives(theme, a, b, low > 0):
        return f"clear: more in {more} than in {less}"
    if p <= 0.05:
        return f"leaning: more in {more} than in {less}"
    return TOO_FEW


def _survives(theme: int, a: _Sample, b: _Sample, a_is_more: bool) -> bool:
    """Whether the interval excludes zero without any one document, whichever it is."""
    more, less = (a, b) if a_is_more else (b, a)
    for document in np.argsort(-more.shares[:, theme], kind="stable")[:MOST_LEFT_OUT]:
        if _low_of_difference(more.means_without(document, theme), less.means[:, theme]) <= ZERO:
            return False
    for document in np.argsort(less.shares[:, theme], kind="stable")[:MOST_LEFT_OUT]:
        if _low_of_difference(more.means[:, theme], less.means_without(document, theme)) <= ZERO:
            return False
    return True


def _low_of_difference(more: Array, less: Array) -> float:
    """The lower end of the interval of more − less, from as many pairs as both have."""
    n = min(len(more), len(less))
    return float(np.quantile(more[:n] - less[:n], (1 - LEVEL) / 2)) if n else 0.0


def _notes_on_groups(compared: set[str], group_by: str) -> tuple[str, ...]:
    if len(compared) > 1:
        return ()
    there = (
        f"all documents are in one group ({next(iter(compared))})" if compared else "none is there"
    )
    return (f"nothing to compare by {group_by}: {there}",)


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))
