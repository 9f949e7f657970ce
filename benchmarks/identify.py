"""Language identification on Universal Dependencies and NTREX-128, beside seeded langdetect.

    python -m benchmarks.identify [--data ../shared/data] [--sample 600] [--errors N]

Sentences of five words or more, and blocks of ten such sentences. `three` is the share of right
answers among da, nb, nn; `da or no` counts nb and nn as one, which is all that langdetect knows.
langdetect is run on a sample, being slow, and so are both for the speed. The last table shows how
often answers of a confidence are right.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from langdetect import DetectorFactory, LangDetectException, detect

from pipeline.nordic.identify import identify

UD = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
NTREX = {"da": "dan", "nb": "nob", "nn": "nno"}
Labelled = list[tuple[str, str]]  # (text, language)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sample", type=int, default=600, help="texts that langdetect is given")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong answers")
    options = parser.parse_args(arguments)
    if not (options.data / "ud").is_dir() or not (options.data / "ntrex128").is_dir():
        print(f"{options.data}: holds no ud and ntrex128; give their folder with --data")
        return 1
    sets = {"UD dev": read_ud(options.data / "ud"), "NTREX": read_ntrex(options.data / "ntrex128")}
    all_answers: list[tuple[str, str, float]] = []
    print(
        "set     texts             n   three  da or no   langdetect: da or no"
        "  texts a second, langdetect"
    )
    for name, sentences in sets.items():
        for kind, texts in (("sentences", sentences), ("blocks of ten", join_tens(sentences))):
            sample = random.Random(0).sample(texts, min(options.sample, len(texts)))
            theirs = [(langdetect_group(text), group(gold)) for text, gold in sample]
            ours_a_second = measure_speed(lambda text: identify([text]), sample)
            theirs_a_second = measure_speed(langdetect_group, sample)
            answers = identify([text for text, _ in texts])
            pairs = [(found, gold) for (found, _), (_, gold) in zip(answers, texts, strict=True)]
            groups = [(group(found), group(gold)) for found, gold in pairs]
            print(
                f"{name:7} {kind:13} {len(texts):5}  {share(pairs):6.4f}    {share(groups):6.4f}"
                f"                 {share(theirs):6.4f}  {ours_a_second:14,.0f}"
                f"  {theirs_a_second:10,.0f}"
            )
            if kind == "sentences":
                all_answers += [(f, g, c) for (f, c), (_, g) in zip(answers, texts, strict=True)]
                print("        " + confusions(answers, texts))
                wrong = [(t, g, a) for a, (t, g) in zip(answers, texts, strict=True) if a[0] != g]
                shown = random.Random(1).sample(wrong, min(options.errors, len(wrong)))
                for text, gold, answer in shown:
                    print(f"  {gold} -> {answer[0]} {answer[1]:.2f}: {text[:150]}")
    print_calibration(all_answers)
    return 0


def read_ud(folder: Path) -> Labelled:
    texts = []
    for language, name in UD.items():
        with gzip.open(folder / f"{name}-ud-dev.conllu.gz", "rt", encoding="utf-8") as lines:
            found = [line[9:].strip() for line in lines if line.startswith("# text = ")]
        texts += [(text, language) for text in found if len(text.split()) >= 5]
    return texts


def read_ntrex(folder: Path) -> Labelled:
    texts = []
    for language, name in NTREX.items():
        lines = (folder / f"{name}.first1000.txt").read_text(encoding="utf-8").splitlines()
        texts += [(line, language) for line in lines if len(line.split()) >= 5]
    return texts


def join_tens(texts: Labelled) -> Labelled:
    blocks = []
    for language in UD:
        own = [text for text, gold in texts if gold == language]
        blocks += [(" ".join(own[i : i + 10]), language) for i in range(0, len(own) - 9, 10)]
    return blocks


def measure_speed(judge: Callable[[str], object], sample: Labelled) -> float:
    """Texts a second; the median of three runs."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        for text, _ in sample:
            judge(text)
        seconds.append(time.perf_counter() - started)
    return len(sample) / median(seconds)


def group(language: str) -> str:
    return "no" if language in ("nb", "nn") else language


def langdetect_group(text: str) -> str:
    DetectorFactory.seed = 0
    try:
        return detect(text)
    except LangDetectException:
        return "und"


def share(pairs: list[tuple[str, str]]) -> float:
    return sum(found == gold for found, gold in pairs) / len(pairs)


def confusions(answers: list[tuple[str, float]], texts: Labelled) -> str:
    counts = Counter((g, f) for (f, _), (_, g) in zip(answers, texts, strict=True) if f != g)
    return ", ".join(f"{g} as {f}: {n}" for (g, f), n in counts.most_common(12))


def print_calibration(answers: list[tuple[str, str, float]]) -> None:
    print("confidence      n   right")
    bins: dict[int, list[bool]] = defaultdict(list)
    for found, gold, confidence in answers:
        bins[min(int(confidence * 10), 9)].append(found == gold)
    for tenth, right in sorted(bins.items()):
        low = tenth / 10
        print(f"{low:.1f}-{low + 0.1:.1f}     {len(right):5}   {sum(right) / len(right):.3f}")


if __name__ == "__main__":
    sys.exit(main())
