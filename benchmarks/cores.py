"""What each step costs, and what that makes of a large corpus on many cores (docs/scale.md).

    python -m benchmarks.cores [--data ../shared/data] [--sentences 20000 100000]
                               [--of 100000000] [--cores 8 64 512] [--price 0.05]

Runs the pipeline once on each size, in this process, and takes the processor seconds of each step:
they do not depend on what else the machine does, as those of the clock would. From the two largest
sizes comes a line for each step, seconds = fixed + slope × sentences. The parts of a step are
divided by the cores; what is made of the whole corpus at once is not, and neither is `books`: what
the run itself does for each part, which is to compare digests and to keep the manifest. The
`workbook` is a part of `report` that stops growing, since a sheet has no more than a million rows;
so does `cluster.fit`, at the size of its sample.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.speed import write_corpus
from pipeline import workers
from pipeline.report import files
from pipeline.report.workbook import MOST_ROWS
from pipeline.settings import ClusterSettings, Settings
from pipeline.stages import Silent, run_stages
from pipeline.steps import STAGES, STEPS
from pipeline.store import Store, Task
from pipeline.workers.calling import Made

BOOKS, WORKBOOK = "books", "workbook"
# What stops growing there: a sheet is full, and themes are found in a sample
MOST_SENTENCES = {
    WORKBOOK: MOST_ROWS - 1,
    "cluster.fit": ClusterSettings().sample_sentences,
}
SERIAL = {BOOKS, WORKBOOK} | {step.name for step in STEPS if step.scope == "corpus"}


class Line(NamedTuple):
    """Processor seconds of a step: fixed + slope × sentences, of which there are `most`."""

    fixed: float
    slope: float
    most: int | None = None

    def at(self, n_sentences: int) -> float:
        return self.fixed + self.slope * min(n_sentences, self.most or n_sentences)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--of", type=int, default=100_000_000, help="sentences to reckon with")
    parser.add_argument("--cores", type=int, nargs="+", default=[8, 64, 512])
    parser.add_argument("--price", type=float, default=0.05, help="of a core-hour")
    options = parser.parse_args(arguments)
    absent = [name for name in ("norec", "leipzig_da") if not (options.data / name).is_dir()]
    if absent:
        print(f"{options.data}: holds no {absent[0]}; give the folder of public data with --data")
        return 1
    if len(set(options.sentences)) < 2:
        print("--sentences: a line needs two sizes; give two or more")
        return 1
    measured = {}
    for size in sorted(set(options.sentences)):
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            write_corpus(raw, options.data, size)
            n_sentences, seconds = measure_steps(raw, Path(folder) / "out")
            measured[n_sentences] = seconds
            print(f"{n_sentences:,} sentences: {sum(seconds.values()):,.0f} s", flush=True)
    lines = fit_lines(measured)
    print_lines(measured, lines, options.of)
    print_hours(lines, options.of, options.cores, options.price)
    return 0


def measure_steps(raw: Path, out: Path) -> tuple[int, dict[str, float]]:
    """Sentences, and the processor seconds of each step and of the books, of a run on one core."""
    seconds: dict[str, float] = defaultdict(float)
    names = {step.function: step.name for step in STEPS}
    call = workers.call  # type: ignore[attr-defined]

    def timed(function: str, task: Task) -> Made:
        began = time.process_time()
        try:
            return call(function, task)
        finally:
            seconds[names[function]] += time.process_time() - began

    make = files.make_workbook  # type: ignore[attr-defined]

    def timed_workbook(*arguments: Any, **named: Any) -> bytes:
        began = time.process_time()
        made: bytes = make(*arguments, **named)
        seconds[WORKBOOK] = time.process_time() - began
        seconds["report"] -= seconds[WORKBOOK]
        return made

    began = time.process_time()
    workers.call = timed  # type: ignore[attr-defined]
    files.make_workbook = timed_workbook  # type: ignore[attr-defined]
    try:
        run_stages(raw, out, Settings.model_validate({"run": {"jobs": 1}}), STAGES, Silent())
    finally:
        workers.call = call  # type: ignore[attr-defined]
        files.make_workbook = make  # type: ignore[attr-defined]
    seconds[BOOKS] = time.process_time() - began - sum(seconds.values())
    store = Store(out)
    n_sentences = sum(len(part) for part in store.each("sentences"))
    return n_sentences, {name: seconds[name] for name in [*names.values(), WORKBOOK, BOOKS]}


def fit_lines(measured: Mapping[int, Mapping[str, float]]) -> dict[str, Line]:
    """Through the two largest sizes; a step is no cheaper than nothing, and none gets cheaper."""
    small, large = list(pairwise(sorted(measured)))[-1]
    lines = {}
    for name, seconds in measured[large].items():
        before = measured[small][name]
        slope = max(0.0, (seconds - before) / (large - small))
        fixed = max(0.0, seconds - slope * large)
        lines[name] = Line(fixed, slope, MOST_SENTENCES.get(name))
    return lines


def hours(lines: Mapping[str, Line], n_sentences: int, cores: int) -> tuple[float, float]:
    """Hours that the parts take on so many cores, and what the whole corpus at once takes."""
    parts = sum(line.at(n_sentences) for name, line in lines.items() if name not in SERIAL)
    serial = sum(line.at(n_sentences) for name, line in lines.items() if name in SERIAL)
    return parts / cores / 3600, serial / 3600


def print_lines(
    measured: Mapping[int, Mapping[str, float]], lines: Mapping[str, Line], of: int
) -> None:
    sizes = sorted(measured)
    heads = "  ".join(f"{f's at {size:,}':>16}" for size in sizes)
    print(f"\n{'step':<16}  {'':<8}  {heads}  {'µs a sentence':>14}  {f'h at {of:,}':>18}")
    for name, line in lines.items():
        taken: Any = "  ".join(f"{measured[size][name]:16.2f}" for size in sizes)
        how = "whole" if name in SERIAL else "parts"
        print(
            f"{name:<16}  {how:<8}  {taken}  {line.slope * 1e6:14.1f}  {line.at(of) / 3600:18.2f}"
        )


def print_hours(lines: Mapping[str, Line], of: int, cores: Sequence[int], price: float) -> None:
    print(f"\n{of:,} sentences, {price:g} a core-hour")
    print("cores  parts h  whole h  all h  core-hours      cost")
    for number in cores:
        parts, serial = hours(lines, of, number)
        # All cores are paid for while one works on the whole
        paid = (parts + serial) * number
        print(
            f"{number:5,}  {parts:7.2f}  {serial:7.2f}  {parts + serial:5.1f}  {paid:10,.0f}  "
            f"{paid * price:8,.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
