"""Runs that are killed (SIGKILL) at random moments: does the next run end with the same bytes?

    python -m benchmarks.kills [--kills 200] [--seed 0] [--data ../shared/data] [--sentences 2000]

Each time a run is started, killed after a random part of the time that an undisturbed one takes,
and started again until it ends. What it leaves must be what an undisturbed run leaves, file for
file and byte for byte, but for the times in run.json and in the table of sightings; a file more, a
temporary one or the lock, is counted as stray. Some runs (--again) are killed up to six times
before they are let end. The cases:

    small     six short texts in parts of two, from nothing to compare
    report    the same, charts and page
    grown     a text more and one changed, on what a run on the texts before has left
    large     news and reviews (--sentences, about), from nothing to compare
    processes the small texts on two worker processes; now the run is killed, now one of them, now
              the server that they come from

But for the last, a run is a fork of this process, which has imported everything: so the kills fall
into the work and not into the imports. Leave the code alone meanwhile: a record of what was made
holds its digest.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.scale import write_corpus

HOME = Path(__file__).parent.parent
TEXTS = HOME / "tests" / "corpus" / "small"
SETTINGS = """\
[run]
part_documents = {size}
[cluster]
max_themes = 4
[compare]
permutations = 1000
"""
UP_TO_COMPARE = ("--until", "compare")
ONE_PROCESS = ("--jobs", "1")
# How often each case comes, of twenty
WEIGHTS = {"small": 8, "report": 2, "grown": 7, "large": 2, "processes": 1}
MOST_KILLS_OF_ONE = 6
LONGEST = 600.0  # seconds that a run may take


@dataclass
class Case:
    name: str
    raw: Path
    before: Path | None  # the outputs that a run begins with
    options: tuple[str, ...]
    start: Callable[[Sequence[str], Path], Killable]
    seconds: float = 0.0
    expected: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Killable:
    """A run under way, by its number; `wait` gives None where it is not done by then."""

    process: int
    popen: subprocess.Popen[bytes] | None = None
    code: int | None = None

    def wait(self, seconds: float) -> int | None:
        until = time.monotonic() + seconds
        while self.code is None:
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= until:
                return None
            else:
                time.sleep(0.002)
        return self.code

    def kill(self, process: int | None = None) -> None:
        if self.code is None:
            with suppress(ProcessLookupError):  # it has ended just now
                os.kill(process or self.process, signal.SIGKILL)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=int, default=2000, help="of the large corpus, about")
    parser.add_argument(
        "--again", type=float, default=0.25, help="how often a run is killed more than once, 0 to 1"
    )
    parser.add_argument("--cases", nargs="+", choices=list(WEIGHTS), default=list(WEIGHTS))
    options = parser.parse_args(arguments)
    absent = [name for name in ("norec", "leipzig_da") if not (options.data / name).is_dir()]
    if absent and "large" in options.cases:
        print(f"{options.data}: holds no {absent[0]}; give the folder of public data with --data")
        return 1
    import_everything()
    with tempfile.TemporaryDirectory(prefix="nordtema-kills-") as name:
        return kill_often(Path(name), options)


def kill_often(folder: Path, options: argparse.Namespace) -> int:
    rng = random.Random(options.seed)
    if "large" in options.cases:
        write_corpus(folder / "large", options.data, options.sentences)
    cases = [case for case in make_cases(folder) if case.name in options.cases]
    for case in cases:
        prepare(case, folder)
        print(f"{case.name}: undisturbed {case.seconds:.1f} s, {len(case.expected)} files")
    killed, same, differing = Counter[str](), Counter[str](), Counter[str]()
    stray = in_time = 0
    weights = [WEIGHTS[case.name] for case in cases]
    while sum(killed.values()) < options.kills:
        case = rng.choices(cases, weights)[0]
        out = folder / "out"
        begin(case, out)
        wanted = rng.randint(2, MOST_KILLS_OF_ONE) if rng.random() < options.again else 1
        kills = 0
        for _ in range(min(wanted, options.kills - sum(killed.values()))):
            kills += kill_once(case, out, rng)
        in_time += kills > 0
        finish(case, out)
        found = files_of(out)
        killed[case.name] += kills
        strays = sorted(found.keys() - case.expected.keys())
        stray += len(strays)
        if found == case.expected:
            same[case.name] += kills
        else:
            differing[case.name] += kills
            others = [path for path in case.expected if found.get(path) != case.expected[path]]
            print(f"{case.name}: differs in {others[:5]}, stray are {strays[:5]}")
            keep = Path(tempfile.mkdtemp(prefix="nordtema-differs-"))
            shutil.copytree(out, keep / "out")
        print(f"{sum(killed.values())} kills, {sum(same.values())} the same", flush=True)
    print("case       kills  same bytes")
    for name in killed:
        print(f"{name:<10} {killed[name]:5}  {same[name]:10}")
    print(
        f"{sum(killed.values())} kills in {in_time} runs: after {sum(same.values())} of them the "
        f"next run ended with the same bytes; stray files: {stray}"
    )
    return int(stray > 0 or sum(differing.values()) > 0)


# Cases


def make_cases(folder: Path) -> list[Case]:
    for size in (2, 8):
        (folder / f"parts-of-{size}.toml").write_text(SETTINGS.format(size=size))
    few = ("--config", str(folder / "parts-of-2.toml"))
    raw, grown, large = folder / "raw", folder / "grown", folder / "large"
    shutil.copytree(TEXTS, raw)
    shutil.copytree(TEXTS, grown)
    changed = grown / "brukerne-forst.txt"
    changed.write_text(changed.read_text(encoding="utf-8") + "\nBrukerne venter fortsatt.\n")
    shutil.copy(grown / "maskinen-laeser-sagen.md", grown / "en-tekst-mere.md")
    compared = folder / "compared"
    finish(Case("compared", raw, None, (*few, *ONE_PROCESS, *UP_TO_COMPARE), fork_run), compared)
    many = ("--config", str(folder / "parts-of-8.toml"))
    return [
        Case("small", raw, None, (*few, *ONE_PROCESS, *UP_TO_COMPARE), fork_run),
        Case("report", raw, compared, (*few, *ONE_PROCESS), fork_run),
        Case("grown", grown, compared, (*few, *ONE_PROCESS, *UP_TO_COMPARE), fork_run),
        Case("large", large, None, (*many, *ONE_PROCESS, *UP_TO_COMPARE), fork_run),
        Case("processes", raw, None, (*few, "--jobs", "2", *UP_TO_COMPARE), spawn_run),
    ]


def prepare(case: Case, folder: Path) -> None:
    """What an undisturbed run leaves, and how long it takes."""
    out = folder / "out"
    begin(case, out)
    began = time.perf_counter()
    finish(case, out)
    case.seconds = time.perf_counter() - began
    case.expected = files_of(out)


def begin(case: Case, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    if case.before is not None:
        shutil.copytree(case.before, out)


def finish(case: Case, out: Path) -> None:
    code = case.start([str(case.raw), "--out", str(out), *case.options], out.parent).wait(LONGEST)
    if code != 0:
        said = (out.parent / "said").read_text(errors="replace")
        raise SystemExit(f"{case.name}: an undisturbed run ended with {code}: {said}")


def kill_once(case: Case, out: Path, rng: random.Random) -> int:
    """Start a run and kill it at a random moment: 1, or 0 where it had ended before."""
    run = case.start([str(case.raw), "--out", str(out), *case.options], out.parent)
    if run.wait(rng.uniform(0, case.seconds)) is not None:
        return 0
    workers = descendants(run.process)
    if workers and rng.random() < 0.5:
        # The run tells of it, and ends by itself; without the server it may end as always
        run.kill(rng.choice(workers))
        return int(run.wait(LONGEST) != 0)
    run.kill()
    run.wait(LONGEST)
    return 1


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file's bytes by its path; of those that hold times, that they are there."""
    return {
        path.relative_to(folder).as_posix(): b"" if tells_times(path) else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tells_times(path: Path) -> bool:
    return path.name == "run.json" or path.parent.name == "sightings"


# Runs


def import_everything() -> None:
    for path in sorted((HOME / "pipeline").rglob("*.py")):
        parts = path.relative_to(HOME).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not name.endswith("__main__"):
            importlib.import_module(name)
    for name in ("pyarrow.parquet", "scipy.stats", "sklearn.decomposition", "spacy"):
        importlib.import_module(name)


def fork_run(arguments: Sequence[str], folder: Path) -> Killable:
    sys.stdout.flush()
    process = os.fork()
    if process:
        return Killable(process)
    code = 1
    try:
        said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.chdir(folder)
        sys.argv = ["nordtema", "run", *arguments]
        from pipeline.cli import main as run_command

        run_command()
        code = 0
    except SystemExit as leave:
        code = int(leave.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def spawn_run(arguments: Sequence[str], folder: Path) -> Killable:
    with (folder / "said").open("w") as said:
        popen = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "run", *arguments],
            stdout=said,
            stderr=said,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(HOME)},
        )
    return Killable(popen.pid, popen)


def descendants(process: int) -> list[int]:
    """What it has started, and what that has."""
    found = children(process)
    for started in found:
        found += children(started)
    return found


def children(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == process:
            found.append(int(stat.parent.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
