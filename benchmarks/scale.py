"""How time and memory grow with the corpus, and what others take: nordtema, BERTopic, topica, NMF.

    python -m benchmarks.scale [--data ../shared/data] [--sizes 1000 10000 100000] [--runs 3]
                               [--jobs N] [--peers PYTHON] [--limit 600]

A corpus is half Danish (Leipzig's news sentences, 20 to a document) and half Norwegian (NoReC's
reviews as they are). Where a half asks for more than there is, its sentences are shuffled and made
documents of 20 again: such a corpus has no more words than the data have, and its documents mix
subjects. nordtema does a whole run, from text files to charts and page; the others are given the
sentences and model them, no more. Each is a process of its own; `memory` is the most that it and
its children held together at one time (PSS, looked at five times a second). A peer that needs
longer than `--limit` seconds is stopped, and takes no part in larger sizes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

from benchmarks.speed import SENTENCES_A_DOCUMENT, WORDS_A_SENTENCE, read_danish, read_norwegian

LOOK_EVERY = 0.2  # seconds
# What `benchmarks.scale_peers` calls it -> what the table calls it
PEERS = {
    "nmf": "scikit-learn, NMF on TF-IDF",
    "bertopic-given": "BERTopic, TF-IDF and SVD given",
    "bertopic-minilm": "BERTopic, all-MiniLM-L6-v2",
    "topica": "topica, STM by language",
}
STAGES = ("read", "detect", "segment", "vectorize", "cluster", "compare", "report")


@dataclass
class Taken:
    """What a process took: wall seconds, and the most memory of its tree in megabytes."""

    seconds: float
    memory_mb: float
    said: str = ""
    stages: dict[str, float] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--peers", help="measure the others too, as installed for this Python")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that a peer may take")
    options = parser.parse_args(arguments)
    absent = [name for name in ("norec", "leipzig_da") if not (options.data / name).is_dir()]
    if absent:
        print(f"{options.data}: holds no {absent[0]}; give the folder of public data with --data")
        return 1
    print(f"{options.jobs} processes; medians of {options.runs} runs")
    costs: dict[int, dict[str, float]] = {}
    slow: set[str] = set()
    for size in sorted(options.sizes):
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            write_corpus(raw, options.data, size)
            runs = [
                run_pipeline(raw, Path(folder) / f"out{number}", options.jobs)
                for number in range(options.runs)
            ]
            n_sentences = int(runs[0].said)
            costs[size] = print_run(runs, n_sentences)
            if options.peers:
                sentences = Path(folder) / "sentences.txt"
                list_sentences(Path(folder) / "out0", sentences)
                ours = median(run.seconds for run in runs)
                for peer in PEERS:
                    if peer not in slow and not run_peer(
                        [options.peers, "-m", "benchmarks.scale_peers", peer, str(sentences)],
                        PEERS[peer],
                        n_sentences,
                        ours,
                        options.runs,
                        options.limit,
                    ):
                        slow.add(peer)
    print_slopes(costs)
    return 0


# Corpora


def write_corpus(raw: Path, data: Path, n_sentences: int) -> None:
    """Texts of about `n_sentences`, half Danish and half Norwegian, one a file."""
    raw.mkdir()
    rng = random.Random(1)
    n_documents = max(n_sentences // 2 // SENTENCES_A_DOCUMENT, 2)
    danish = _again_and_again(list(read_danish(data / "leipzig_da")), rng)
    for number, document in enumerate(islice(danish, n_documents)):
        _write(raw, "da", number, document)
    n_words = n_sentences // 2 * WORDS_A_SENTENCE
    norwegian = _again_and_again(list(read_norwegian(data / "norec")), rng)
    for number, document in enumerate(norwegian):
        if n_words <= 0:
            break
        n_words -= len(document.split())
        _write(raw, "no", number, document)


def _write(raw: Path, language: str, number: int, document: str) -> None:
    folder = raw / f"{language}-{number // 1000:03d}"  # no folder of a hundred thousand files
    folder.mkdir(exist_ok=True)
    (folder / f"{number:06d}.txt").write_text(document, encoding="utf-8")


def _again_and_again(documents: list[str], rng: random.Random) -> Iterator[str]:
    """The documents, and then, without end, new ones of their sentences in another order."""
    yield from documents
    sentences = [
        sentence
        for document in documents
        for paragraph in document.split("\n")
        for sentence in paragraph.replace(". ", ".\n").split("\n")
        if sentence
    ]
    while True:
        rng.shuffle(sentences)
        for start in range(0, len(sentences), SENTENCES_A_DOCUMENT):
            taken = sentences[start : start + SENTENCES_A_DOCUMENT]
            paragraphs = [" ".join(taken[i : i + 5]) for i in range(0, len(taken), 5)]
            yield "\n\n".join(paragraphs) + "\n"


def list_sentences(out: Path, path: Path) -> None:
    """The sentences of a run, `language<tab>text`, one a line."""
    from pipeline.store import Store

    with path.open("w", encoding="utf-8") as file:
        for rows in Store(out).each("sentences"):
            pairs = zip(rows["language"], rows["text"], strict=True)
            file.writelines(f"{language}\t{' '.join(text.split())}\n" for language, text in pairs)


# Runs


def run_pipeline(raw: Path, out: Path, jobs: int) -> Taken:
    """A whole run; `said` is the number of sentences."""
    command = [sys.executable, "-m", "pipeline", "run", str(raw), "--out", str(out)]
    # In a folder of its own, so that no nordtema.toml of the user's is read.
    taken = watch([*command, "--jobs", str(jobs), "--quiet"], raw.parent)
    if taken is None:
        raise RuntimeError(f"the run of {raw} failed")
    stages = json.loads((out / "report" / "run.json").read_text(encoding="utf-8"))["stages"]
    taken.said = str(stages["segment"]["counts"]["sentences"])
    taken.stages = {name: float(stages[name]["seconds"]) for name in STAGES}
    return taken


def run_peer(
    command: list[str], name: str, n_sentences: int, ours: float, runs: int, limit: float
) -> bool:
    """Measure a peer and print its line; False where it is too slow to be asked again."""
    home = Path(__file__).parent.parent
    done: list[Taken] = []
    for _ in range(runs):
        taken = watch(command, home, limit)
        if taken is None:
            print(f"{name:<31}  took longer than {limit:.0f} s, failed, or is not installed")
            return False
        done.append(taken)
        if taken.seconds > limit / 3:  # one run is enough of what takes minutes
            break
    fitting = median(float(taken.said) for taken in done)
    rate, memory = n_sentences / fitting, median(taken.memory_mb for taken in done)
    print(
        f"{name:<31}  {fitting:8.1f} s of modelling, {rate:9,.0f} sentences a second, "
        f"{memory:7,.0f} MB; nordtema's whole run takes {ours / fitting:.3f} of it",
        flush=True,
    )
    return True


def watch(command: list[str], folder: Path, limit: float | None = None) -> Taken | None:
    """Run a command; None where it fails or takes longer than `limit` seconds."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        peak = 0.0
        over = threading.Event()

        def look() -> None:
            nonlocal peak
            while not over.wait(LOOK_EVERY):
                peak = max(peak, sum(map(hold_mb, find_tree(process.pid))))

        looker = threading.Thread(target=look, daemon=True)
        looker.start()
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        finally:
            over.set()
            looker.join()
    seconds = time.perf_counter() - started
    return Taken(seconds, peak, said.strip()) if process.returncode == 0 else None


def find_tree(root: int) -> list[int]:
    """The process and all that it has started, by their numbers (Linux)."""
    found = [root]
    for process in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def hold_mb(process: int) -> float:
    """What a process holds, with its part of what it shares with others (PSS)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(text.split("\nPss:")[1].split()[0]) * 1024 / 1e6
    return 0.0


# Tables


def print_run(runs: list[Taken], n_sentences: int) -> dict[str, float]:
    """Print the stages of a size, and give what each costs a sentence, in microseconds."""
    seconds = {stage: median(run.stages[stage] for run in runs) for stage in STAGES}
    total = median(run.seconds for run in runs)
    spread = max(run.seconds for run in runs) / min(run.seconds for run in runs)
    print(f"\n{n_sentences:,} sentences; the slowest run took {spread:.2f} times the fastest")
    print("stage       seconds   part  sentences a second  µs a sentence")
    for stage, taken in [*seconds.items(), ("all", total)]:
        rate = n_sentences / max(taken, 1e-9)
        cost = 1e6 * taken / n_sentences
        print(f"{stage:<10}  {taken:7.2f}  {taken / total:4.0%}  {rate:18,.0f}  {cost:13,.0f}")
    memory = median(run.memory_mb for run in runs)
    print(f"memory of all processes together: {memory:,.0f} MB", flush=True)
    costs: dict[str, float] = {**seconds, "all": total}
    return {stage: 1e6 * taken / n_sentences for stage, taken in costs.items()}


def print_slopes(costs: dict[int, dict[str, float]]) -> None:
    """How many times as much a sentence costs as in the next smaller corpus."""
    sizes = sorted(costs)
    if len(sizes) < 2:
        return
    print("\ncost of a sentence, as many times that in the smaller corpus")
    print("stage       " + "  ".join(f"{a:,} -> {b:,}" for a, b in pairwise(sizes)))
    for stage in (*STAGES, "all"):
        ratios = [costs[b][stage] / costs[a][stage] for a, b in pairwise(sizes)]
        print(f"{stage:<10}  " + "  ".join(f"{ratio:15.2f}" for ratio in ratios))


if __name__ == "__main__":
    sys.exit(main())
