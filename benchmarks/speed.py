"""Sentences a second of each stage, and its memory, on reviews (Norwegian) and news (Danish).

    python -m benchmarks.speed [--data ../shared/data] [--sentences 5000] [--runs 3]

Half of the sentences come from NoReC's reviews, half from Leipzig's Danish sentences, joined into
documents of 20. The whole pipeline runs on one process in a folder of its own, and what it took is
read from run.json: medians over the runs. The seconds of a stage include its imports, which weigh
more the smaller the corpus is; `memory` is the largest that the process had held by its end.
The last line is a second run on the same texts, which has nothing to do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

SENTENCES_A_DOCUMENT = 20
WORDS_A_SENTENCE = 15  # about; what counts is what `segment` finds


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sentences", type=int, default=5000, help="how many, about")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    absent = [name for name in ("norec", "leipzig_da") if not (options.data / name).is_dir()]
    if absent:
        print(f"{options.data}: holds no {absent[0]}; give the folder of public data with --data")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        write_corpus(raw, options.data, options.sentences)
        runs, again = [], []
        for number in range(options.runs):
            out = Path(folder) / f"out{number}"
            runs.append(run_pipeline(raw, out)["stages"])
            started = time.perf_counter()
            run_pipeline(raw, out)
            again.append(time.perf_counter() - started)
    print_stages(runs)
    print(f"again       {median(again):7.2f}")
    return 0


def write_corpus(raw: Path, data: Path, n_sentences: int) -> None:
    """Texts of about `n_sentences`, half Danish and half Norwegian."""
    raw.mkdir()
    n_documents = n_sentences // 2 // SENTENCES_A_DOCUMENT
    for number, document in enumerate(islice(read_danish(data / "leipzig_da"), n_documents)):
        (raw / f"da-{number:05d}.txt").write_text(document, encoding="utf-8")
    n_words = n_sentences // 2 * WORDS_A_SENTENCE
    for number, document in enumerate(read_norwegian(data / "norec")):
        if n_words <= 0:
            break
        n_words -= len(document.split())
        (raw / f"no-{number:05d}.txt").write_text(document, encoding="utf-8")


def read_danish(folder: Path) -> Iterator[str]:
    """Documents of 20 sentences, in paragraphs of five."""
    for path in sorted(folder.glob("*.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            sentences = (line.rstrip("\n").split("\t")[-1] for line in lines)
            while taken := list(islice(sentences, SENTENCES_A_DOCUMENT)):
                paragraphs = [" ".join(taken[i : i + 5]) for i in range(0, len(taken), 5)]
                yield "\n\n".join(paragraphs) + "\n"


def read_norwegian(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def run_pipeline(raw: Path, out: Path) -> Any:
    """A whole run in a process of its own; gives its run.json."""
    command = [sys.executable, "-m", "pipeline", "run", str(raw), "--out", str(out)]
    # In a folder of its own, so that no nordtema.toml of the user's is read.
    subprocess.run([*command, "--jobs", "1", "--quiet"], check=True, cwd=raw.parent)
    return json.loads((out / "report" / "run.json").read_text(encoding="utf-8"))


def print_stages(runs: list[Any]) -> None:
    first = runs[0]
    n_documents = first["read"]["counts"]["documents"]
    n_sentences = first["segment"]["counts"]["sentences"]
    print(f"{n_documents:,} documents, {n_sentences:,} sentences, median of {len(runs)} runs")
    print("stage       seconds   part  sentences a second  memory MB")
    seconds = {stage: median(run[stage]["seconds"] for run in runs) for stage in first}
    total = sum(seconds.values())
    for stage, taken in seconds.items():
        memory = median(run[stage]["peak_memory_mb"] for run in runs)
        rate = n_sentences / taken
        print(f"{stage:<10}  {taken:7.2f}  {taken / total:4.0%}  {rate:18,.0f}  {memory:9,.0f}")
    print(f"{'all':<10}  {total:7.2f}  {1:4.0%}  {n_sentences / total:18,.0f}")


if __name__ == "__main__":
    sys.exit(main())
