"""The sentences to learn from: of public data, and our own in `training/texts`.

NTREX is for measuring, and read by nothing here; nor is a test set of UD.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.nordic.identify.model import LANGUAGES
from training.identify.made_up import make_up_sentences

N_BOKMAAL = 30_000  # sentences of the reviews: more would not help

NORDIC = ("da", "nb", "nn")
_FOLDERS = {"da": "dan", "nb": "nob", "nn": "nno"}
_UD = {"da": "da_ddt", "nb": "no_bokmaal", "nn": "no_nynorsk"}
# Common words of one of the two only
_NYNORSK = (
    "ikkje eg ein eit frå dei ho noko korleis kva kvar også berre meir vere vart vert blei ei òg "
    "sjå gjer"
)
_BOKMAAL = "ikke jeg en et fra de hun noe hvordan hva hver bare mer være ble blir se gjør"
_WORD = re.compile(r"[^\W\d_]+")
_BOUNDARY = re.compile(r"(?<=[.!?…])[\"»”)]*\s+(?=[\"«“(–—-]*\s*[A-ZÆØÅÄÖ])")
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"\]\([^)]*\)")
_MARKDOWN = re.compile(r"[*_#|\[\]]+")


class Sentence(NamedTuple):
    """A sentence (or word) to learn from."""

    language: str
    source: str
    text: str


LEXICON = Path("pipeline/nordic/data/lexicon.tsv")


def read_sentences(
    data: Path, texts: Path, rng: random.Random, *, n_bokmaal: int = N_BOKMAAL
) -> list[Sentence]:
    """All sentences to train on, in an order that depends on nothing but the files."""
    return [
        *_read_leipzig(data),
        *_read_reviews(data, rng, n_bokmaal),
        *_read_sib(data),
        *_read_mozilla(data),
        *_read_domain(data),
        *_read_wordnet(data),
        *_read_ud(data),
        *_read_texts(texts),
        *_read_lexicon(LEXICON),
        *(Sentence(language, "made up", text) for language, text in make_up_sentences()),
    ]


def _read_leipzig(data: Path) -> Iterator[Sentence]:
    for path in sorted((data / "leipzig_da").glob("*.txt.gz")):
        source = "leipzig mixed" if "mixed" in path.name else "leipzig news"
        for line in _read_lines(path):
            yield Sentence("da", source, line)


def _read_reviews(data: Path, rng: random.Random, n_bokmaal: int) -> list[Sentence]:
    """Sentences of the reviews: all that are Nynorsk, `n_bokmaal` of the others."""
    nynorsk: list[Sentence] = []
    bokmaal: list[Sentence] = []
    for line in _read_lines(data / "norec" / "norec-dev-test.jsonl.gz"):
        text = json.loads(line)["text"]
        language = _which_norwegian(text)
        of_language = nynorsk if language == "nn" else bokmaal
        of_language += [
            Sentence(language, "norec", sentence)
            for sentence in split_sentences(text)
            if len(sentence.split()) >= 3
        ]
    rng.shuffle(bokmaal)
    return nynorsk + bokmaal[:n_bokmaal]


def _which_norwegian(text: str) -> str:
    """`nn` or `nb` for a whole document: the reviews don't say, but their commonest words do."""
    counts = Counter(_WORD.findall(text.lower()))
    nynorsk = sum(counts[word] for word in _NYNORSK.split())
    bokmaal = sum(counts[word] for word in _BOKMAAL.split())
    return "nn" if nynorsk / (nynorsk + bokmaal + 1) >= 0.6 else "nb"


def _read_sib(data: Path) -> Iterator[Sentence]:
    for language, folder in _FOLDERS.items():
        path = data / "sib200" / f"{folder}.train.tsv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                yield Sentence(language, "sib", row["text"])


def _read_mozilla(data: Path) -> Iterator[Sentence]:
    with (data / "mozilla" / "da-nb-nn.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for language in NORDIC:
                yield Sentence(language, "mozilla", row[language])


def _read_domain(data: Path) -> Iterator[Sentence]:
    for language in NORDIC:
        for path in sorted((data / "domain" / language).glob("*.txt.gz")):
            for line in _read_lines(path):
                prose = _MARKDOWN.sub(" ", _LINK.sub("]", _CODE.sub(" ", line)))
                for sentence in split_sentences(prose):
                    if len(sentence.split()) >= 4:
                        yield Sentence(language, "domain", sentence)


def _read_wordnet(data: Path) -> Iterator[Sentence]:
    """The lemmas: words of all topics, and the same topics in each language."""
    path = data / "lexica" / "omw_synsets.da-nb-nn.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for language in NORDIC:
                for lemma in sorted({lemma.lower() for lemma in (row[language] or "").split("|")}):
                    if lemma:
                        yield Sentence(language, "wordnet", lemma.replace("_", " "))


def _read_ud(data: Path) -> Iterator[Sentence]:
    for language, name in _UD.items():
        for line in _read_lines(data / "ud" / f"{name}-ud-dev.conllu.gz"):
            if line.startswith("# text = "):
                yield Sentence(language, "ud", line.removeprefix("# text = "))


def _read_texts(folder: Path) -> Iterator[Sentence]:
    """Our own: `sv.txt` …, `words_sv.txt`, `other.tsv` and `parallel_*.tsv` (da, nb, nn)."""
    for language in LANGUAGES:
        for source, name in (("own", f"{language}.txt"), ("words", f"words_{language}.txt")):
            if (folder / name).exists():
                lines = _read_lines(folder / name)
                yield from (Sentence(language, source, line) for line in lines)
    for path in sorted(folder.glob("parallel_*.tsv")):
        for line in _read_lines(path)[1:]:
            columns = line.split("\t")
            if len(columns) == len(NORDIC):
                for language, text in zip(NORDIC, columns, strict=True):
                    yield Sentence(language, "own", text)
    if (folder / "other.tsv").exists():
        for line in _read_lines(folder / "other.tsv"):
            yield Sentence("other", "own", line.split("\t")[-1])


def _read_lexicon(path: Path) -> Iterator[Sentence]:
    """The lemmas of the lexicon and their English glosses, each once."""
    rows = [line.split("\t") for line in _read_lines(path)[1:]]
    for column, language in ((1, "da"), (2, "nb"), (3, "nn"), (5, "en")):
        for word in dict.fromkeys(row[column] for row in rows):
            yield Sentence(language, "lexicon", word)


def _read_lines(path: Path) -> list[str]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # Not splitlines(), which also splits at the odd separators that stand inside web text
    return [line.strip() for line in raw.decode("utf-8").split("\n") if line.strip()]


def split_sentences(text: str) -> Iterator[str]:
    """Sentences, roughly: a line's end is one's end."""
    for line in text.split("\n"):
        yield from (part for part in map(str.strip, _BOUNDARY.split(line)) if part)
