"""The training of the language identifier, on a small folder of data made here."""

from __future__ import annotations

import csv
import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.nordic.identify.model import LANGUAGES, Model
from training.identify import __main__ as training
from training.identify import corpus, made_up
from training.identify.clean import without_doubtful
from training.identify.corpus import Sentence, read_sentences, split_sentences
from training.identify.dataset import build, weigh_sentences, words_to_learn

TEXTS = Path("training/texts")
NORDIC = ("da", "nb", "nn")


def triplets() -> list[tuple[str, ...]]:
    lines = (TEXTS / "parallel_a.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [tuple(line.split("\t")) for line in lines]


def pack(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The shape of the public data, filled with sentences of our own."""
    danish, bokmal, nynorsk = zip(*triplets(), strict=True)
    folder = tmp_path / "data"
    pack(folder / "leipzig_da" / "news.txt.gz", list(danish[:300]))
    reviews = [{"text": " ".join(bokmal[:200])}, {"text": " ".join(nynorsk[:200])}]
    pack(folder / "norec" / "norec-dev-test.jsonl.gz", [json.dumps(review) for review in reviews])
    for code, texts in zip(("dan", "nob", "nno"), (danish, bokmal, nynorsk), strict=True):
        path = folder / "sib200" / f"{code}.train.tsv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t")
            writer.writerows(
                [["index_id", "text"], *([n, text] for n, text in enumerate(texts[:90]))]
            )
    rows = ["\t".join(NORDIC), *("\t".join(row) for row in triplets()[300:340])]
    for name in ("mozilla/da-nb-nn.tsv", "lexica/omw_synsets.da-nb-nn.tsv"):
        (folder / name).parent.mkdir()
        (folder / name).write_text("\n".join(rows), encoding="utf-8")
    names = ("da_ddt", "no_bokmaal", "no_nynorsk")
    for language, name, texts in zip(NORDIC, names, (danish, bokmal, nynorsk), strict=True):
        pack(folder / "domain" / language / "docs.txt.gz", list(texts[340:380]))
        pack(
            folder / "ud" / f"{name}-ud-dev.conllu.gz", [f"# text = {text}" for text in texts[380:]]
        )
    return folder


@pytest.fixture(autouse=True)
def little_of_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [
        "concept\tda\tnb\tnn\tpos\tgloss\tforms",
        "week.n\tuge\tuke\tveke\tNOUN\tweek\t",
        "book.n\tbog\tbok\tbok\tNOUN\tbook\tda:bøger",
    ]
    (tmp_path / "lexicon.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(corpus, "LEXICON", tmp_path / "lexicon.tsv")
    monkeypatch.setattr(made_up, "_PROFILES", (("sv", ("sv",), 20), ("other", ("nl", "fr"), 20)))
    monkeypatch.setattr(training, "ROUNDS", 2)


@pytest.fixture
def every_fifth_line(tmp_path: Path) -> Path:
    """Of our own texts: all of them take four times as long."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for path in TEXTS.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()[::5]
        (folder / path.name).write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_training_gives_the_same_bytes_and_a_model_that_tells_the_languages(
    data: Path, every_fifth_line: Path, tmp_path: Path
) -> None:
    options = ["--data", str(data), "--texts", str(every_fifth_line)]
    for name in ("one.npz", "two.npz"):
        training.main([*options, "--out", str(tmp_path / name)])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with (tmp_path / "one.npz").open("rb") as file:
        model = Model.load(file)
    known = [
        "Det kan jeg ikke sige noget om.",
        "Det kan jeg ikke si noe om.",
        "Det kan eg ikkje seie noko om.",
    ]
    found = model.log_probabilities(model.weigh(known)).argmax(axis=1)
    assert [LANGUAGES[index] for index in found] == list(NORDIC)


def test_a_folder_without_the_data_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        training.main(["--data", str(tmp_path)])
    assert f"{tmp_path}: holds no leipzig_da; give the folder" in capsys.readouterr().err


def test_no_test_set_is_read(data: Path) -> None:
    for path in (data / "ud" / "da_ddt-ud-test.conllu.gz", data / "ntrex128" / "dan.txt.gz"):
        pack(path, ["# text = Hemmelig prøve uden lige."])
    sentences = read_sentences(data, TEXTS, random.Random(0))
    assert {sentence.source for sentence in sentences} == {
        *("leipzig news", "norec", "sib", "mozilla", "wordnet", "domain", "ud"),
        *("own", "words", "lexicon", "made up"),
    }
    assert not any("Hemmelig prøve" in sentence.text for sentence in sentences)


def test_the_lexicon_gives_words_of_four_languages(data: Path) -> None:
    found = [s for s in read_sentences(data, TEXTS, random.Random(0)) if s.source == "lexicon"]
    assert {(s.language, s.text) for s in found} == {
        *(("da", "uge"), ("nb", "uke"), ("nn", "veke"), ("en", "week")),
        *(("da", "bog"), ("nb", "bok"), ("nn", "bok"), ("en", "book")),
    }


def test_names_are_not_learnt_from() -> None:
    assert [word.form for word in words_to_learn("Derfor rejste Kari Nes til Oslo.")] == [
        "derfor", "rejste", "til",
    ]  # fmt: skip


def test_each_language_counts_the_same_however_many_sentences_it_has() -> None:
    sentences = [*(Sentence("da", "sib", f"a{n}") for n in range(4)), Sentence("nb", "sib", "b")]
    weights = weigh_sentences(sentences)
    assert weights[:4].sum() == pytest.approx(weights[4])
    # Of two sources with 16 sentences and 1, the larger has 16**.35 = 2.639 times the weight
    two = [*(Sentence("da", "sib", f"a{n}") for n in range(16)), Sentence("da", "mozilla", "b")]
    weights = weigh_sentences(two)
    assert weights[:16].sum() / weights[16] == pytest.approx(2.639, abs=1e-3)


def test_what_is_likely_another_language_is_dropped_but_never_danish_for_norwegian() -> None:
    rows = triplets()
    sentences = [
        Sentence(language, "norec" if language != "da" else "leipzig news", text)
        for row in rows[:300]
        for language, text in zip(NORDIC, row, strict=True)
    ]
    strangers = [Sentence("nb", "norec", row[2]) for row in rows[300:340]]
    danes = [Sentence("nb", "norec", row[0]) for row in rows[300:340]]
    kept = without_doubtful([*sentences, *strangers, *danes], random.Random(0))
    assert sum(sentence in kept for sentence in strangers) < 15
    assert all(sentence in kept for sentence in danes)
    assert len(kept) > 900


def test_sentences_are_split_at_marks_before_capitals() -> None:
    assert list(split_sentences("Det er bra. Så gikk vi.\nOg hjem igjen kl. 5.")) == [
        "Det er bra.",
        "Så gikk vi.",
        "Og hjem igjen kl. 5.",
    ]


def test_a_text_also_counts_by_its_beginning() -> None:
    sentence = Sentence("da", "sib", "det er en meget lang sætning om ingenting")
    whole = build([sentence], with_beginnings=False, rng=random.Random(0))
    both = build([sentence], with_beginnings=True, rng=random.Random(0))
    assert (whole.texts.shape[0], both.texts.shape[0]) == (1, 2)
    assert both.texts.sum(axis=1).tolist()[0] == 8
    assert both.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(both.weights, [2 / 3, 1 / 3])


def test_made_up_words_are_the_same_in_every_run() -> None:
    assert list(made_up.make_up("sv", 3)) == list(made_up.make_up("sv", 3))


# The texts of the project


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.t*")), ids=lambda path: path.name)
def test_the_texts_hold_each_sentence_once(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    assert len(set(lines)) == len(lines)
    assert all(line == line.strip() and line for line in lines)
    if path.name.startswith("parallel"):
        assert lines[0] == "da\tnb\tnn"
        assert all(len(set(line.split("\t"))) == 3 == line.count("\t") + 1 for line in lines)
