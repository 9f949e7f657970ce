"""How often the comparison is right, by simulation, beside the ways that are at hand elsewhere.

    python -m benchmarks.coverage [--simulations 130] [--seed 0] [TABLE…]

Documents are made up whose groups' shares and whose correlation between sentences are known. Each
has a length of its own (log-normal about 28 sentences, 5 to 120); its share of a theme is drawn
from a beta distribution (of ten themes: Dirichlet), its sentences from that. They are compared by
the code of the stage `compare`, and by the methods of `benchmarks.naive`. The tables are

    coverage   how often a 95 % interval holds the true difference, and how wide it is
    verdicts   whole reports of ten themes without any difference: how many claim one
    power      whole reports in which one theme goes from 15 % to 30 %: how often that is found
    wrong      coverage where documents are not as the model takes them to be
    time       1,000 themes in 10,000 documents

One core; 130 simulations of each case take about a quarter of an hour.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from benchmarks.naive import (
    METHODS,
    Compared,
    compare_by_all,
    compare_means,
    find_absence,
)
from benchmarks.rivals import OURS, print_table
from benchmarks.simulated import (
    LONG,
    SHORT,
    Draw,
    Lengths,
    Sample,
    draw_beta,
    draw_few_full,
    draw_longer,
    draw_two_kinds,
    simulate,
    simulate_report,
)
from pipeline.compare.contrasts import compare_groups
from pipeline.compare.counting import Counts, arrange
from pipeline.compare.permutation import adjust_holm
from pipeline.settings import CompareSettings

SIZES = ((3, 2), (4, 4), (6, 6), (12, 12), (30, 30))
CORRELATIONS = (0.05, 0.1, 0.25)
# Of two groups whose documents are not as even as each other
UNLIKE = (0.05, 0.25)
# Both groups' shares, by the name of the row; one half can't be doubled, so it is what comes of it
SHARES = (0.02, 0.05, 0.15, 0.3, 0.5)
EQUAL = {share: (share, share) for share in SHARES}
DOUBLED = {share: (share, 2 * share) for share in SHARES[:-1]} | {0.5: (0.25, 0.5)}
# The shares of a report's ten themes, of which the first is the one that doubles
REPORT = (0.15, 0.20, 0.15, 0.12, 0.10, 0.08, 0.07, 0.06, 0.04, 0.03)
ALPHA = 0.05
# What the intervals were to reach
WISHED = (0.93, 0.98)
SCEPTIC = f"{OURS}, sceptical prior"
CLEAR, LEANING = f"{OURS}: clear", f"{OURS}: clear or leaning"
# What is said of the theme that doubles
FOUND = (
    "clear",
    "clear or leaning",
    "wrong direction",
    "both priors",
    "without any one",
    "Holm",
    "Welch's t, Holm",
)
# So many simulations stand side by side as themes of documents of the same lengths
SIDE_BY_SIDE = 10

Array = np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.coverage", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument(
        "--simulations", type=int, default=130, help="of each case (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.tables if name not in TABLES]
    if unknown:
        parser.error(f"no table {unknown[0]!r}; the known ones are: {', '.join(TABLES)}")
    if options.simulations < 1:
        parser.error("--simulations must be 1 or more")
    with threadpool_limits(1):
        for name in options.tables or TABLES:
            started = time.perf_counter()
            TABLES[name](options.simulations, options.seed)
            print(f"({name}: {time.perf_counter() - started:.0f} s)\n", flush=True)
    return 0


# Coverage


@dataclass
class Tally:
    """How often intervals held what is true, and how wide they were, added up."""

    n: int = 0
    held: int = 0
    width: float = 0.0

    def add(self, low: Array, high: Array, true: float) -> None:
        # A bound that is the truth but for rounding holds it
        self.held += int(((low <= true + 1e-9) & (true - 1e-9 <= high)).sum())
        self.width += float((high - low).sum())
        self.n += len(low)

    @property
    def coverage(self) -> float:
        return self.held / self.n

    @property
    def mean_width(self) -> float:
        return self.width / self.n


@dataclass
class Case:
    """What came of one case, by method, and of our intervals of the groups' means."""

    differences: dict[str, Tally] = field(default_factory=dict)
    means: Tally = field(default_factory=Tally)


Key = tuple[bool, tuple[int, int], float, float]  # doubled, documents, correlation, share


def show_coverage(simulations: int, seed: int) -> None:
    cases: dict[Key, Case] = {}
    for doubled, sizes, correlation, share in product((False, True), SIZES, CORRELATIONS, SHARES):
        rng = np.random.default_rng([seed, 1, doubled, *sizes, *_whole(correlation, share)])
        shares = (DOUBLED if doubled else EQUAL)[share]
        cases[doubled, sizes, correlation, share] = measure_case(
            rng, simulations, sizes, shares, draw_beta(shares, (correlation, correlation))
        )
    print_coverage(cases)


def measure_case(
    rng: np.random.Generator,
    simulations: int,
    sizes: tuple[int, int],
    shares: tuple[float, float],
    draw: Draw,
) -> Case:
    """Coverage of the true difference of `shares` for documents whose own shares `draw` gives."""
    case = Case()
    for start in range(0, simulations, SIDE_BY_SIDE):
        some = min(SIDE_BY_SIDE, simulations - start)
        sample = simulate(rng, sizes, some, draw)
        ours, means = compare_by_ours(sample)
        for method, found in (ours | compare_by_all(sample)).items():
            tally = case.differences.setdefault(method, Tally())
            tally.add(found.low, found.high, shares[0] - shares[1])
        for (low, high), share in zip(means, shares, strict=True):
            case.means.add(low, high, share)
    return case


def print_coverage(cases: dict[Key, Case]) -> None:
    methods = (OURS, SCEPTIC, *METHODS)
    for doubled, what in ((False, "No difference"), (True, "One share twice the other")):
        print(
            f"{what}: coverage, mean of the cases (least–most), mean width; of {len(SIZES)} sizes "
            f"× {len(CORRELATIONS)} correlations × {len(SHARES)} shares so many within "
            f"{WISHED[0]}–{WISHED[1]}\n"
        )
        rows = []
        for method in methods:
            cells = []
            for sizes in SIZES:
                some = [case for key, case in cases.items() if key[:2] == (doubled, sizes)]
                cells.append(
                    describe_tallies([case.differences.get(method, Tally()) for case in some])
                )
            tallies = [case.differences[method] for key, case in cases.items()
                       if key[0] == doubled and method in case.differences]  # fmt: skip
            rows.append(_row(method, [*cells, count_wished(tallies)]))
        print_table(["method", *map(_name, SIZES), "within"], rows)

    for what, pick in (
        ("the difference", lambda case: case.differences[OURS]),
        ("the groups' means", lambda case: case.means),
    ):
        print(f"{OURS}, {what}: coverage by share and correlation, no difference / doubled\n")
        rows = []
        for share, correlation in product(SHARES, CORRELATIONS):
            cells = [
                " / ".join(
                    f"{pick(cases[doubled, sizes, correlation, share]).coverage:.3f}"
                    for doubled in (False, True)
                )
                for sizes in SIZES
            ]
            rows.append([str(share), str(correlation), *cells])
        print_table(["share", "correlation", *map(_name, SIZES)], rows)
        wished = [
            count_wished([pick(case) for key, case in cases.items() if key[0] == doubled])
            for doubled in (False, True)
        ]
        print(f"within {WISHED[0]}–{WISHED[1]}: {wished[0]} / {wished[1]}\n")

    print("3 v 2, share 0.15, correlation 0.1, no difference: coverage and mean width\n")
    case = cases[False, (3, 2), 0.1, 0.15]
    rows = []
    for method in methods:
        tally = case.differences.get(method)
        cells = [f"{tally.coverage:.3f}", f"{tally.mean_width:.3f}"] if tally else []
        rows.append(_row(method, cells))
    print_table(["method", "coverage", "mean width"], rows)


def describe_tallies(tallies: Sequence[Tally]) -> str:
    """`mean (least–most), mean width`; empty where nothing was added up."""
    if not all(tally.n for tally in tallies):
        return ""
    found = [tally.coverage for tally in tallies]
    width = np.mean([tally.mean_width for tally in tallies])
    spread = f" ({min(found):.3f}–{max(found):.3f})" if len(found) > 1 else ""
    return f"{np.mean(found):.3f}{spread}, {width:.2f}"


def count_wished(tallies: Sequence[Tally]) -> str:
    """How many cover what was wished, of how many; empty where there are none."""
    if not tallies:
        return ""
    return f"{sum(WISHED[0] <= tally.coverage <= WISHED[1] for tally in tallies)}/{len(tallies)}"


# Whole reports


# Documents of each group, and correlation in each -> claim -> in how many reports it is made
Claims = dict[tuple[tuple[int, int], tuple[float, float]], dict[str, int]]


def show_verdicts(simulations: int, seed: int) -> None:
    claims: Claims = {}
    pairs = [(correlation, correlation) for correlation in CORRELATIONS]
    for sizes, pair in product(SIZES, [*pairs, UNLIKE]):
        rng = np.random.default_rng([seed, 2, *sizes, *_whole(*sorted(set(pair)))])
        counted = claims.setdefault((sizes, pair), {})
        for _ in range(simulations):
            sample = simulate_report(rng, sizes, (REPORT, REPORT), pair, SHORT)
            for claim, made in list_claims(sample).items():
                counted[claim] = counted.get(claim, 0) + made
    print_verdicts(claims, simulations)


def list_claims(sample: Sample) -> dict[str, bool]:
    """Which ways to read a report's ten p-values, or verdicts, find any theme that differs."""
    verdicts = compare_report(sample)["verdict"].str
    claims = {
        CLEAR: bool(verdicts.startswith("clear").any()),
        LEANING: bool(verdicts.startswith(("clear", "leaning")).any()),
    }
    for method, found in compare_by_all(sample).items():
        claims[f"{method}: p ≤ .05"] = bool((found.p <= ALPHA).any())
        claims[f"{method}: p ≤ .05, Holm"] = bool((adjust_holm(found.p) <= ALPHA).any())
    return claims


def print_verdicts(claims: Claims, simulations: int) -> None:
    print(
        "Reports of ten themes, no difference: in how many any theme is said to differ, of "
        f"{simulations} with each correlation (`like`: all where it is the same in both groups)\n"
    )
    pairs = [(correlation, correlation) for correlation in CORRELATIONS]
    like, unlike = ("like", pairs), (" and ".join(map(str, UNLIKE)), [UNLIKE])
    kinds = [(claim, "") for claim in (CLEAR, LEANING)]
    kinds += [(f"{method}: p ≤ .05{way}", method) for method in METHODS for way in ("", ", Holm")]
    rows = []
    for claim, method in kinds:
        each = [] if method else [(str(pair[0]), [pair]) for pair in pairs]
        for name, some in (like, *each, unlike):
            cells = [_average(claims, claim, sizes, some, simulations) for sizes in SIZES]
            rows.append([claim, *_row(name, cells, method)])
    print_table(["claim", "correlation", *map(_name, SIZES)], rows)


def _average(
    claims: Claims,
    claim: str,
    sizes: tuple[int, int],
    pairs: Sequence[tuple[float, float]],
    simulations: int,
) -> str:
    made = sum(claims[sizes, pair].get(claim, 0) for pair in pairs)
    return _percent(made / (simulations * len(pairs)))


def show_power(simulations: int, seed: int) -> None:
    doubled = list_doubled()
    rows = []
    for lengths, correlation, sizes in product((SHORT, LONG), CORRELATIONS, SIZES):
        rng = np.random.default_rng([seed, 3, lengths.most, *sizes, *_whole(correlation)])
        found: dict[str, int] = {}
        for _ in range(simulations):
            sample = simulate_report(rng, sizes, (REPORT, doubled), (correlation,) * 2, lengths)
            for what, so in judge_first(sample).items():
                found[what] = found.get(what, 0) + so
        possible = [
            find_power((REPORT[0], doubled[0]), sizes, correlation, lengths, level)
            for level in (ALPHA, ALPHA / len(REPORT))
        ]
        parts = [found[what] / simulations for what in FOUND]
        rows.append(
            [f"{lengths.mean:.0f}", str(correlation), _name(sizes),
             *map(_percent, [*parts, *possible])]
        )  # fmt: skip
    print(
        f"One of ten themes goes from 15 % to 30 %: in how many of {simulations} reports it is "
        "found, with which of the conditions alone, and what a test that knew the variance could\n"
    )
    header = ["sentences", "correlation", "documents", *FOUND]
    print_table([*header, "possible at 5 %", "possible at 5 % / 10"], rows)


def list_doubled() -> tuple[float, ...]:
    """The shares of a report's themes after the first has doubled; the others shrink alike."""
    first = 2 * REPORT[0]
    return (first, *(share * (1 - first) / (1 - REPORT[0]) for share in REPORT[1:]))


def judge_first(sample: Sample) -> dict[str, bool]:
    """What is said of a report's first theme, of which the second group has more in truth.

    `both priors`, `without any one` and `Holm` are the conditions of `clear`, each alone but for
    that documents are only left out where both priors agree.
    """
    row = compare_report(sample).iloc[0]
    word, _, direction = row["verdict"].partition(": ")
    sure = word in ("clear", "leaning")
    right = direction == "more in b than in a"
    both = right and row["high_sceptical"] < 0
    welch = compare_means(sample)
    return {
        "clear": word == "clear" and right,
        "clear or leaning": sure and right,
        "wrong direction": sure and not right,
        "both priors": both,
        "without any one": both and not row["weakest"],
        "Holm": row["p_holm"] <= ALPHA and row["difference"] < 0,
        "Welch's t, Holm": adjust_holm(welch.p)[0] <= ALPHA and welch.high[0] < 0,
    }


def find_power(
    shares: tuple[float, float],
    sizes: tuple[int, int],
    correlation: float,
    lengths: Lengths,
    level: float,
) -> float:
    """How often a two-sided z-test finds a difference of two means whose variance it knows.

    It weighs each document by what is known from it: the inverse of p (1 − p) (ρ + (1 − ρ) / n).
    """
    # Lengths as they are on average, at even steps of their distribution
    n = lengths.at(norm.ppf((np.arange(10_000) + 0.5) / 10_000))
    information = float((1 / (correlation + (1 - correlation) / n)).mean())
    variance = sum(
        share * (1 - share) / (documents * information)
        for share, documents in zip(shares, sizes, strict=True)
    )
    z, effect = norm.isf(level / 2), abs(shares[0] - shares[1]) / np.sqrt(variance)
    return float(norm.sf(z - effect) + norm.sf(z + effect))


# Where the model is wrong


WRONG: dict[str, Callable[[tuple[float, float]], Draw]] = {
    "half of them without the theme": draw_two_kinds,
    "0.8 or 0.02 of the theme": draw_few_full,
    "correlation 0.05 and 0.25": lambda shares: draw_beta(shares, UNLIKE),
    "longer ones have more": draw_longer,
}


def show_wrong(simulations: int, seed: int) -> None:
    results: dict[tuple[str, tuple[int, int]], tuple[Case, ...]] = {}
    for number, (name, draw_for) in enumerate(WRONG.items()):
        for sizes in SIZES:
            found = []
            for shares in ((0.15, 0.15), (0.15, 0.30)):
                rng = np.random.default_rng([seed, 4, number, *sizes, *_whole(*shares)])
                found.append(measure_case(rng, simulations, sizes, shares, draw_for(shares)))
            results[name, sizes] = tuple(found)
    print(
        "Documents that are not as the model has them, shares of 0.15 both / 0.15 and 0.3: "
        f"coverage, of {simulations} each\n"
    )
    rows = []
    for name, method in product(WRONG, (OURS, SCEPTIC, *METHODS)):
        cells = []
        for sizes in SIZES:
            tallies = [case.differences.get(method) for case in results[name, sizes]]
            known = [tally for tally in tallies if tally is not None]
            cells.append(" / ".join(f"{tally.coverage:.3f}" for tally in known))
        rows.append([name, *_row(method, cells)])
        if method == SCEPTIC:
            means = [[case.means for case in results[name, sizes]] for sizes in SIZES]
            cells = [" / ".join(f"{tally.coverage:.3f}" for tally in some) for some in means]
            rows.append([name, f"{OURS}, the groups' means", *cells])
    print_table(["documents", "method", *map(_name, SIZES)], rows)


# Ours


@dataclass(frozen=True)
class SideBySide(Counts):
    """Simulations that stand as themes, so that they don't sum to the documents' lengths."""

    sizes: Array  # int64 (documents,)

    @property
    def for_the_model(self) -> tuple[Array, Array]:
        return self.n_sentences, self.sizes


def compare_by_ours(sample: Sample) -> tuple[dict[str, Compared], list[tuple[Array, Array]]]:
    """The intervals of the differences under both priors, and those of each group's mean."""
    n_documents, n_themes = sample.counts.shape
    none = np.zeros((n_documents, 1), dtype=np.int64)
    counts = np.hstack([sample.counts, none])
    doc_ids, groups, theme_ids = _name_all(sample)
    found = compare_groups(
        SideBySide(
            tuple(doc_ids),
            np.array(groups, dtype=object),
            (*theme_ids, ""),
            counts,
            counts / sample.sizes[:, None],
            sample.sizes,
        ),
        permutations=100,  # their p-values are of no use here
        seed=0,
    )
    table = found.contrasts
    unknown = np.full(n_themes, np.nan)
    intervals = {
        OURS: Compared(table["low"].to_numpy(), table["high"].to_numpy(), unknown),
        SCEPTIC: Compared(
            table["low_sceptical"].to_numpy(), table["high_sceptical"].to_numpy(), unknown
        ),
    }
    means = []
    for group in "ab":
        own = found.emphasis[
            (found.emphasis["group"] == group) & (found.emphasis["theme_id"] != "")
        ]
        means.append((own["low"].to_numpy(), own["high"].to_numpy()))
    return intervals, means


def compare_report(sample: Sample) -> pd.DataFrame:
    """The contrasts of a report, the themes in their order, as the stage makes them."""
    doc_ids, groups, theme_ids = _name_all(sample)
    counts = tabulate(sample)
    arranged = arrange(counts, pd.Series(groups, index=doc_ids), theme_ids)
    default = CompareSettings().permutations
    return compare_groups(arranged, permutations=default, seed=0).contrasts


def tabulate(sample: Sample) -> pd.DataFrame:
    """doc_id, theme_id, n_sentences, as the stage counts them: what is there, a row each."""
    doc_ids, _, theme_ids = _name_all(sample)
    documents, themes = np.nonzero(sample.counts)
    return pd.DataFrame(
        {
            "doc_id": np.array(doc_ids, dtype=object)[documents],
            "theme_id": np.array(theme_ids, dtype=object)[themes],
            "n_sentences": sample.counts[documents, themes],
        }
    )


def _name_all(sample: Sample) -> tuple[list[str], list[str], list[str]]:
    """doc_ids, groups, theme_ids."""
    n_documents, n_themes = sample.counts.shape
    return (
        [f"{number:05d}" for number in range(n_documents)],
        ["a"] * sample.n_a + ["b"] * (n_documents - sample.n_a),
        [f"t{number:04d}" for number in range(n_themes)],
    )


# Time


def show_time(simulations: int, seed: int) -> None:
    """Of documents as above; the themes' shares fall with their rank, the last has the least."""
    del simulations  # it is run once
    shares = 1 / (10 + np.arange(1000.0))
    shares /= shares.sum()
    sizes = (5000, 5000)
    rng = np.random.default_rng([seed, 5])
    sample = simulate_report(rng, sizes, (shares, shares), (0.1, 0.1), SHORT)
    doc_ids, groups, theme_ids = _name_all(sample)
    counts, of_documents = tabulate(sample), pd.Series(groups, index=doc_ids)
    clocks = [_clocks()]
    arranged = arrange(counts, of_documents, theme_ids)
    clocks.append(_clocks())
    compare_groups(arranged, permutations=CompareSettings().permutations, seed=0)
    clocks.append(_clocks())
    print("1,000 themes in 10,000 documents, 5,000 a group, on one core\n")
    took = np.diff(clocks, axis=0)
    rows = [
        [name, *(f"{seconds:.1f}" for seconds in [*took[:, place], took[:, place].sum()])]
        for place, name in enumerate(("seconds", "of them of the processor"))
    ]
    print_table(["", "arrange", "compare_groups", "both"], rows)


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


TABLES: dict[str, Callable[[int, int], None]] = {
    "coverage": show_coverage,
    "verdicts": show_verdicts,
    "power": show_power,
    "wrong": show_wrong,
    "time": show_time,
}


def _row(name: str, cells: Sequence[str], method: str = "") -> list[str]:
    """A row of a table, which says so where the method can't be run here."""
    absence = find_absence(method or name)
    return [name, absence] if absence else [name, *cells]


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %"


def _name(sizes: tuple[int, int]) -> str:
    return f"{sizes[0]} v {sizes[1]}"


def _whole(*parts: float) -> list[int]:
    """Parts as whole numbers, to seed with."""
    return [round(1000 * part) for part in parts]


if __name__ == "__main__":
    sys.exit(main())
