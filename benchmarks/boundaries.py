"""Sentence boundaries against the gold sentences of Universal Dependencies, beside spaCy's rules.

    python -m benchmarks.boundaries [--data ../shared/data] [--errors N]

The gold sentences of a language are joined by spaces to one text, which is then split again.
`ends` is the F1 of the places where a sentence ends, `sentences` the F1 of whole sentences (both
ends right). The rows `with a mark` join only those gold sentences that end in a mark, or in a
colon; `all` also headings and lines without one, few of which can be told in running text.
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

import spacy

from pipeline.nordic.boundaries import make_tokenizer, split_sentences

FILES = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
Span = tuple[int, int]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, help="print this many wrong places")
    options = parser.parse_args(arguments)
    folder = options.data / "ud"
    if not folder.is_dir():
        print(f"{folder}: no such folder; give the folder of public data with --data")
        return 1
    print("language  sentences    n      rules: ends  sentences    sentencizer: ends  sentences")
    for language, name in FILES.items():
        gold = read_sentences(folder / f"{name}-ud-dev.conllu.gz")
        marked = [text for text in gold if text.rstrip("\"”“»«’')]")[-1:] in tuple(".!?…:")]
        for label, sentences in (("with a mark", marked), ("all", gold)):
            text, spans = join(sentences)
            ours = split_by_rules(language, text)
            theirs = split_by_sentencizer(language, text)
            print(
                f"{language:8}  {label:11}  {len(sentences):5}  {f1_ends(spans, ours):11.3f}"
                f"  {f1(set(spans), set(ours)):9.3f}  {f1_ends(spans, theirs):17.3f}"
                f"  {f1(set(spans), set(theirs)):9.3f}"
            )
            if label == "with a mark" and options.errors:
                print_errors(text, spans, ours, options.errors)
        rules, tokens = measure_speed(language, gold)
        print(f"{language:8}  {rules:,.0f} words a second on one core; with tokens {tokens:,.0f}")
    return 0


def read_sentences(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line[9:].strip() for line in lines if line.startswith("# text = ")]


def join(sentences: list[str]) -> tuple[str, list[Span]]:
    spans, position = [], 0
    for sentence in sentences:
        spans.append((position, position + len(sentence)))
        position += len(sentence) + 1
    return " ".join(sentences), spans


def split_by_rules(language: str, text: str) -> list[Span]:
    return split_sentences(make_tokenizer(language), [text])[0]


def split_by_sentencizer(language: str, text: str) -> list[Span]:
    pipeline = spacy.blank(language)
    pipeline.max_length = 2**31 - 1
    pipeline.add_pipe("sentencizer")
    return [(sentence.start_char, sentence.end_char) for sentence in pipeline(text).sents]


def f1_ends(gold: list[Span], found: list[Span]) -> float:
    return f1({end for _, end in gold}, {end for _, end in found})


def f1(gold: set[Any], found: set[Any]) -> float:
    return 2 * len(gold & found) / (len(gold) + len(found))


def measure_speed(language: str, sentences: list[str]) -> tuple[float, float]:
    """Words a second, by the rules alone and with spaCy's tokens; the medians of five runs.

    Blocks of five sentences; each run makes a new tokenizer, which has seen none of them.
    """
    blocks = [" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5)]
    words = sum(len(block.split()) for block in blocks)
    rules, tokens = [], []
    for _ in range(5):
        pipeline = make_tokenizer(language)
        started = time.process_time()
        split_sentences(pipeline, blocks)
        rules.append(time.process_time() - started)
        started = time.process_time()
        for block in blocks:
            pipeline(block)
        tokens.append(time.process_time() - started)
    return words / median(rules), words / median(tokens)


def print_errors(text: str, gold: list[Span], found: list[Span], limit: int) -> None:
    wanted, got = {end for _, end in gold}, {end for _, end in found}
    for label, places in (("missed", wanted - got), ("wrong", got - wanted)):
        for place in sorted(places)[:limit]:
            print(f"  {label}: {text[max(0, place - 60) : place]} ¦ {text[place : place + 50]}")


if __name__ == "__main__":
    sys.exit(main())
