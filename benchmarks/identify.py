"""Language identification on Universal Dependencies and NTREX-128, beside other libraries.

    python -m benchmarks.identify [--data ../shared/data] [--model FILE] [--foreign FOLDER]
                                  [--errors N] [--sample 1000]

Sentences of five words or more, their first words, and blocks of ten of them. `da or no` counts nb
and nn as one, and every other answer, `und` too, as wrong; `forced` is the choice between the two
that the judge's probabilities make. `three-way` tells da, nb and nn apart; a judge that says `no`
for Bokmål means nb.

`--model` measures another model than the package's, such as one that has learnt nothing from UD's
dev files: `python -m training.identify --leave-out-ud --out FILE`. `--foreign` names a folder of
other languages, a file each (`en.txt`), a sentence a line.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.rivals import OURS, Judge, Loaded, list_judges, print_table
from pipeline.nordic.identify import identify, identify_documents

UD = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
NTREX = {"da": "dan", "nb": "nob", "nn": "nno"}
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 20)  # words
BY_LENGTH = ("lingua, six languages", "py3langid, six languages")  # beside ours
SLOW_SAMPLE = 300  # lines to measure a slow judge's speed on
RUNS = 3
PROJECT = Path(__file__).parent.parent

Labelled = list[tuple[str, str]]  # (text, language)


class Answered(NamedTuple):
    """Our answer to a text."""

    text: str
    gold: str
    found: str
    confidence: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, help="a model's file in place of the package's")
    parser.add_argument("--foreign", type=Path, help="folder of other languages, as `en.txt`")
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong answers")
    parser.add_argument(
        "--sample", type=int, default=1000, help="lines of each set that a slow judge is given"
    )
    options = parser.parse_args(arguments)
    if not (options.data / "ud").is_dir() or not (options.data / "ntrex128").is_dir():
        print(f"{options.data}: holds no ud and ntrex128; give their folder with --data")
        return 1
    foreign = read_foreign(options.foreign) if options.foreign else {}
    if options.foreign and not foreign:
        print(f"{options.foreign}: holds no files such as en.txt")
        return 1
    judges = list_judges(options.model)
    ours, *others = judges
    try:
        loaded = {OURS: ours.load()}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        print(f"{options.model or 'the model of the package'} can't be read: {problem}")
        return 1
    loaded |= {judge.name: judge.load() for judge in others if judge.is_installed}
    sets = {"UD dev": read_ud(options.data / "ud"), "NTREX": read_ntrex(options.data / "ntrex128")}
    print_heading(options.model, sets)
    print_judges(judges, loaded, sets, options.sample)
    print_cost(judges, options.model, sets)
    print_lengths(judges, loaded, sets)
    print_in_context(sets)
    if foreign:
        print_foreign(judges, loaded, foreign, options.sample)
    answers = {name: answer(texts) for name, texts in sets.items()}
    print_confusions(answers)
    print_calibration([each for found in answers.values() for each in found])
    for name, found in answers.items():
        print_errors(name, found, options.errors)
    return 0


# The texts


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


def read_foreign(folder: Path) -> dict[str, list[str]]:
    """The lines of each language that have words."""
    texts = {}
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        texts[path.stem] = [line for line in lines if line.strip()]
    return {language: lines for language, lines in texts.items() if lines}


def join_tens(texts: Labelled) -> Labelled:
    blocks = []
    for language in UD:
        own = [text for text, gold in texts if gold == language]
        blocks += [(" ".join(own[i : i + 10]), language) for i in range(0, len(own) - 9, 10)]
    return blocks


def cut(texts: Labelled, n_words: int) -> Labelled:
    """The first words of each text."""
    return [(" ".join(text.split()[:n_words]), gold) for text, gold in texts]


def draw(texts: Labelled, n: int) -> Labelled:
    return random.Random(0).sample(texts, min(n, len(texts)))


# Shares of right answers


def group(language: str) -> str:
    return "no" if language in ("nb", "nn") else language


def share_of_sides(found: Sequence[str], texts: Labelled) -> float:
    pairs = zip(found, texts, strict=True)
    return sum(group(language) == group(gold) for language, (_, gold) in pairs) / len(texts)


def share_of_three(found: Sequence[str], texts: Labelled) -> float:
    pairs = zip(found, texts, strict=True)
    return sum(("nb" if code == "no" else code) == gold for code, (_, gold) in pairs) / len(texts)


def judge_sides(judge: Loaded, texts: Labelled) -> float:
    return share_of_sides(judge.judge([text for text, _ in texts]), texts)


def judge_forced(judge: Loaded, texts: Labelled) -> float:
    return share_of_sides(judge.choose([text for text, _ in texts]), texts)


def judge_three(judge: Loaded, texts: Labelled) -> float:
    return share_of_three(judge.judge([text for text, _ in texts]), texts)


# Tables


def print_heading(model: Path | None, sets: dict[str, Labelled]) -> None:
    print(f"Model measured: {model or 'that of the package'}. ", end="")
    sizes = (f"{len(texts):,} sentences of {name}" for name, texts in sets.items())
    print(f"{' and '.join(sizes)}, each of five words or more.\n")
    if model is None:
        print(
            "Warning: the model of the package has learnt from UD's dev files, so that its figures "
            "on UD dev are too good. To measure one that has not: python -m training.identify "
            "--leave-out-ud --out FILE, then --model FILE here.\n"
        )


def print_judges(
    judges: list[Judge], loaded: dict[str, Loaded], sets: dict[str, Labelled], sample: int
) -> None:
    print("Share of right answers. `tens` are blocks of ten sentences.\n")
    header = ["judge", "set", "n", "da or no", "forced", "three-way"]
    header += ["first four words: da or no", "first four words: forced"]
    header += ["tens: n", "tens: da or no", "tens: three-way"]
    rows = []
    for judge in judges:
        if not judge.is_installed:
            rows.append([judge.name, judge.absence])
            continue
        for name, texts in sets.items():
            lines = draw(texts, sample) if judge.is_slow else texts
            rows.append([judge.name, name, *score(judge, loaded[judge.name], lines, texts)])
    print_table(header, rows)


def score(judge: Judge, loaded: Loaded, lines: Labelled, texts: Labelled) -> list[str]:
    """The cells of a judge for a set: its lines, their first words, and blocks of all texts."""
    tens, fours = join_tens(texts), cut(lines, 4)
    of_lines = loaded.judge([line for line, _ in lines])
    of_tens = loaded.judge([ten for ten, _ in tens])
    three = three_of_tens = "–"
    if judge.knows_nynorsk:
        three = f"{share_of_three(of_lines, lines):.4f}"
        three_of_tens = f"{share_of_three(of_tens, tens):.4f}"
    return [
        f"{len(lines):,}",
        f"{share_of_sides(of_lines, lines):.4f}",
        f"{judge_forced(loaded, lines):.4f}",
        three,
        f"{judge_sides(loaded, fours):.4f}",
        f"{judge_forced(loaded, fours):.4f}",
        f"{len(tens):,}",
        f"{share_of_sides(of_tens, tens):.4f}",
        three_of_tens,
    ]


def print_cost(judges: list[Judge], model: Path | None, sets: dict[str, Labelled]) -> None:
    print(
        "Speed: lines a second of processor time, by a judge that has seen none of them. Load and "
        "memory: a process of its own that loads the judge, imports included, and judges 1,000 "
        "lines. Medians of three.\n"
    )
    everything = [pair for texts in sets.values() for pair in texts]
    lines = [text for text, _ in draw(everything, len(everything))]
    rows = []
    for judge in judges:
        if not judge.is_installed:
            rows.append([judge.name, judge.absence])
            continue
        own = lines[:SLOW_SAMPLE] if judge.is_slow else lines
        seconds, megabytes = measure_process(judge, model, lines[:1000])
        speed = measure_speed(judge, own)
        rows.append(
            [judge.name, f"{len(own):,}", f"{speed:,.0f}", f"{seconds:.2f}", f"{megabytes:.0f}"]
        )
    print_table(["judge", "lines", "lines a second", "seconds to load", "memory, MB"], rows)


def measure_speed(judge: Judge, lines: Sequence[str]) -> float:
    """Lines a second of processor time; the median of three, each by a judge loaded anew."""
    seconds = []
    for _ in range(RUNS):
        loaded = judge.load()
        started = time.process_time()
        loaded.judge(lines)
        seconds.append(time.process_time() - started)
    return len(lines) / median(seconds)


def measure_process(judge: Judge, model: Path | None, lines: Sequence[str]) -> tuple[float, float]:
    """(seconds to load, megabytes) of a process of its own that judges the lines; medians."""
    command = [sys.executable, "-m", "benchmarks.rivals", judge.name]
    command += [str(model.resolve())] if model else []
    texts = "\n".join(lines).encode()
    measured = [
        json.loads(subprocess.check_output(command, input=texts, cwd=PROJECT)) for _ in range(RUNS)
    ]
    return median(m["seconds"] for m in measured), median(m["megabytes"] for m in measured)


def print_lengths(
    judges: list[Judge], loaded: dict[str, Loaded], sets: dict[str, Labelled]
) -> None:
    print("By length: the same sentences in each column, cut after so many words.\n")
    rows = []
    for name, texts in sets.items():
        by_length = [*(cut(texts, n) for n in LENGTHS), texts]
        measures = [(OURS, "three-way", judge_three)]
        measures += [(judge, "da or no", judge_sides) for judge in (OURS, *BY_LENGTH)]
        for judge in judges:
            for judge_name, label, measure in measures:
                if judge.name != judge_name:
                    continue
                if not judge.is_installed:
                    rows.append([name, judge.name, judge.absence])
                    continue
                shares = (measure(loaded[judge.name], part) for part in by_length)
                rows.append([name, judge.name, label, *(f"{share:.3f}" for share in shares)])
    words = [f"{n} word{'s' if n > 1 else ''}" for n in LENGTHS]
    print_table(["set", "judge", "right", *words, "all"], rows)


def print_in_context(sets: dict[str, Labelled]) -> None:
    """Ten sentences in a row as a document's blocks, alone and with a stranger among them."""
    print(
        "Judged in context: ten sentences in a row are the blocks of a document (`pure`); into each"
    )
    print(
        "a sentence of another of the three languages is put at a place that is drawn (`mixed`).\n"
    )
    rows = []
    for name, texts in sets.items():
        own = {language: [text for text, gold in texts if gold == language] for language in UD}
        documents = [
            (language, own[language][start : start + 10])
            for language in UD
            for start in range(0, len(own[language]) - 9, 10)
        ]
        answers = identify_documents([blocks for _, blocks in documents])
        pure = [
            found == gold
            for (gold, _), (_, parts) in zip(documents, answers, strict=True)
            for found, _ in parts
        ]
        strangers, hosts = _mix(documents, own)
        rows.append(
            [
                name,
                f"{len(documents):,}",
                *(f"{sum(each) / max(len(each), 1):.4f}" for each in (pure, hosts, strangers)),
            ]
        )
    head = ["set", "documents", "pure: right", "mixed: the ten right", "mixed: the stranger found"]
    print_table(head, rows)


def _mix(
    documents: list[tuple[str, list[str]]], own: dict[str, list[str]]
) -> tuple[list[bool], list[bool]]:
    """(whether each stranger was found, whether each of the ten others kept its language)"""
    rng = random.Random(0)
    strangers, hosts = [], []
    for gold, blocks in documents:
        other = rng.choice([language for language in own if language != gold])
        place = rng.randrange(len(blocks) + 1)
        mixed = [*blocks[:place], rng.choice(own[other]), *blocks[place:]]
        [(_, parts)] = identify_documents([mixed])
        languages = [language for language, _ in parts]
        strangers.append(languages.pop(place) == other)
        hosts += [language == gold for language in languages]
    return strangers, hosts


def print_foreign(
    judges: list[Judge], loaded: dict[str, Loaded], texts: dict[str, list[str]], sample: int
) -> None:
    print("Lines of other languages that are called Danish or Norwegian.\n")
    rows = []
    for language, lines in texts.items():
        row = [language, f"{len(lines):,}"]
        for judge in judges:
            if not judge.is_installed:
                row.append(judge.absence)
                continue
            own = lines[:sample] if judge.is_slow else lines
            found = loaded[judge.name].judge(own)
            n_nordic = sum(group(code) in ("da", "no") for code in found)
            row.append(f"{100 * n_nordic / len(own):.1f} %")
        rows.append(row)
    print_table(["language", "n", *(judge.name for judge in judges)], rows)


def answer(texts: Labelled) -> list[Answered]:
    found = identify([text for text, _ in texts])
    return [Answered(*text, *own) for text, own in zip(texts, found, strict=True)]


def print_confusions(answers: dict[str, list[Answered]]) -> None:
    print(f"Answers of {OURS}, by the right one (`gold`).\n")
    counts = Counter((name, a.gold, a.found) for name, all_of in answers.items() for a in all_of)
    frequent = Counter(a.found for all_of in answers.values() for a in all_of)
    columns = [*UD, *(code for code, _ in frequent.most_common() if code not in UD)]
    rows = [
        [name, gold, *(f"{counts[name, gold, code]:,}" for code in columns)]
        for name in answers
        for gold in UD
    ]
    print_table(["set", "gold", *columns], rows)


def print_calibration(answers: list[Answered]) -> None:
    print(f"How often answers of {OURS} are right, by their confidence; both sets.\n")
    bins: dict[int, list[bool]] = defaultdict(list)
    for _, gold, found, confidence in answers:
        bins[min(int(confidence * 10), 9)].append(found == gold)
    rows = []
    for tenth, right in sorted(bins.items()):
        low, share = tenth / 10, sum(right) / len(right)
        rows.append([f"{low:.1f}–{low + 0.1:.1f}", f"{len(right):,}", f"{share:.3f}"])
    print_table(["confidence", "n", "right"], rows)


def print_errors(name: str, answers: list[Answered], limit: int) -> None:
    wrong = [a for a in answers if a.found != a.gold]
    for a in random.Random(1).sample(wrong, min(limit, len(wrong))):
        print(f"{name}: {a.gold} -> {a.found} {a.confidence:.2f}: {a.text[:150]}")


if __name__ == "__main__":
    sys.exit(main())
