"""Sentence boundaries against the gold sentences of Universal Dependencies, beside other libraries.

    python -m benchmarks.boundaries [--data ../shared/data] [--errors N]

The gold sentences of a language are joined by spaces, all to one text or ten to a text, and split
again. What ends a text is given and not counted. The rows `with a mark` join only those gold
sentences that end in a mark, or in a colon; `all` also headings and lines without one, few of which
can be told in running text. The first table has the F1 of the places where a sentence ends, the
second that of whole sentences (both ends right).
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rivals import (
    OURS,
    Split,
    Splitter,
    list_splitters,
    load_rules_with_tokens,
    print_table,
)

FILES = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
RUNS = 3
A_BLOCK = 5  # sentences, to measure the speed

Place = tuple[int, int]  # (number of the text, where in it a sentence ends)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong places")
    options = parser.parse_args(arguments)
    folder = options.data / "ud"
    if not folder.is_dir():
        print(f"{folder}: no such folder; give the folder of public data with --data")
        return 1
    sentences = {
        language: read_sentences(folder / f"{name}-ud-dev.conllu.gz")
        for language, name in FILES.items()
    }
    splitters = list_splitters()
    for splitter in splitters:
        if not splitter.is_installed:
            print(f"{splitter.name}: {splitter.absence}\n")
    print_f1(sentences, splitters, options.errors)
    print_speed(sentences, splitters)
    return 0


def read_sentences(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line[9:].strip() for line in lines if line.startswith("# text = ")]


def ends_in_mark(sentence: str) -> bool:
    return sentence.rstrip("\"”“»«’')]")[-1:] in tuple(".!?…:")


def join(sentences: Sequence[str], n_a_text: int) -> tuple[list[str], list[list[int]]]:
    """Texts of so many sentences each, and where in each they end."""
    texts, ends = [], []
    for start in range(0, len(sentences), n_a_text):
        own = sentences[start : start + n_a_text]
        texts.append(" ".join(own))
        position = -1
        ends.append([position := position + 1 + len(sentence) for sentence in own])
    return texts, ends


# F1


def print_f1(sentences: dict[str, list[str]], splitters: list[Splitter], n_errors: int) -> None:
    header = ["language", "sentences", "n", "joined", *(splitter.name for splitter in splitters)]
    of_ends, of_sentences, errors = [], [], []
    for language, gold in sentences.items():
        marked = [sentence for sentence in gold if ends_in_mark(sentence)]
        for label, own in (("with a mark", marked), ("all", gold)):
            for joined, n_a_text in (("to one text", len(own)), ("ten to a text", 10)):
                texts, ends = join(own, n_a_text)
                row = [language, label, f"{len(own):,}", joined]
                found = [split_all(splitter, language, texts) for splitter in splitters]
                of_ends.append(row + [score_ends(texts, ends, f) for f in found])
                of_sentences.append(row + [score_sentences(ends, f) for f in found])
                if label == "with a mark" and n_a_text > 10 and found[0]:
                    errors += list_errors(texts[0], ends[0], found[0][0], n_errors)
    print("F1 of ends\n")
    print_table(header, of_ends)
    print("F1 of whole sentences\n")
    print_table(header, of_sentences)
    if errors:
        print("\n".join(errors), end="\n\n")


def split_all(splitter: Splitter, language: str, texts: list[str]) -> list[list[int]] | None:
    """Where the sentences of each text end; None where the library is not installed."""
    if not splitter.is_installed:
        return None
    split = splitter.load(language)
    return [split(text) for text in texts]


def score_ends(texts: list[str], gold: list[list[int]], found: list[list[int]] | None) -> str:
    if found is None:
        return "–"
    lengths = [len(text) for text in texts]
    return f"{f1(inner_places(gold, lengths), inner_places(found, lengths)):.3f}"


def inner_places(ends: list[list[int]], lengths: list[int]) -> set[Place]:
    """The ends of sentences that are not the end of their text."""
    return {(i, end) for i, own in enumerate(ends) for end in own if end < lengths[i]}


def score_sentences(gold: list[list[int]], found: list[list[int]] | None) -> str:
    return "–" if found is None else f"{f1(sentences_of(gold), sentences_of(found)):.3f}"


def sentences_of(ends: list[list[int]]) -> set[tuple[int, int, int]]:
    """(number of the text, end of the sentence before, end) of each sentence."""
    return {
        (i, before, end)
        for i, own in enumerate(ends)
        for before, end in zip([-1, *own], own, strict=False)
    }


def f1(gold: set[Any], found: set[Any]) -> float:
    return 2 * len(gold & found) / (len(gold) + len(found))


def list_errors(text: str, gold: list[int], found: list[int], limit: int) -> list[str]:
    """Places that are missed and places that are wrong, with what stands around them."""
    lines = []
    wanted, got = set(gold), set(found)
    for label, places in (("missed", wanted - got), ("wrong", got - wanted)):
        for place in sorted(places)[:limit]:
            around = f"{text[max(0, place - 60) : place]} ¦ {text[place : place + 50]}"
            lines.append(f"  {label}: {around}")
    return lines


# Speed


def print_speed(sentences: dict[str, list[str]], splitters: list[Splitter]) -> None:
    """Words a second of processor time, of texts seen for the first time.

    Blocks of five sentences; each run has a new splitter, which has seen none of them.
    """
    tokens = Splitter(f"{OURS}, with tokens", "spacy", "spacy", load_rules_with_tokens)
    columns = [splitters[0], tokens, *splitters[1:]]
    rows = []
    for language, own in sentences.items():
        blocks, _ = join(own, A_BLOCK)
        words = sum(len(block.split()) for block in blocks)
        speeds = [measure_speed(splitter, language, blocks, words) for splitter in columns]
        rows.append([language, f"{words:,}", *speeds])
    print("Words a second of processor time, the median of three runs\n")
    print_table(["language", "words", *(splitter.name for splitter in columns)], rows)


def measure_speed(splitter: Splitter, language: str, blocks: list[str], words: int) -> str:
    if not splitter.is_installed:
        return "–"
    seconds = [time_blocks(splitter.load(language), blocks) for _ in range(RUNS)]
    return f"{words / median(seconds):,.0f}"


def time_blocks(split: Split, blocks: list[str]) -> float:
    started = time.process_time()
    for block in blocks:
        split(block)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
