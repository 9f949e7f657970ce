"""training.vectors: sentences, their glosses, and a table in whole numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import training.vectors.__main__ as training
from pipeline.nordic.lexicon import COLUMNS, Lexicon, load_lexicon
from pipeline.nordic.vectors.table import digest_lexicon
from pipeline.nordic.vectors.words import N_SPELLINGS
from training.vectors.gloss import Glosser
from training.vectors.sentences import Sentence, is_sentence
from training.vectors.student import find_bags, fit_space, quantise
from training.vectors.teachers import Teacher

ROWS = (
    "give.v\tgive\tgi\tgje\tVERB\tgive\tda:gav nb:ga,gir nn:gav,gir",
    "money_bank.n\tbank\tbank\tbank\tNOUN\tbank (money)\t",
    "beating.n\tbank\tbank\tbank\tNOUN\tbeating\t",
    "loan.n\tlån\tlån\tlån\tNOUN\tloan\t",
    "fight.n\tslagsmål\tslagsmål\tslagsmål\tNOUN\tfight\t",
    "house.n\thus\thus\thus\tNOUN\thouse\t",
)


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    path = tmp_path / "lexicon.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *ROWS]) + "\n", encoding="utf-8")
    return load_lexicon(path)


# Money along one axis, blows along the other, in the order of the rows
VECTORS = np.array([[0.5, 0.5], [1, 0.1], [0.1, 1], [1, 0], [0, 1], [0.6, 0.4]])


@pytest.fixture
def glosser(lexicon: Lexicon) -> Glosser:
    return Glosser(lexicon, VECTORS)


@pytest.mark.parametrize(
    ("language", "text", "gloss"),
    [
        ("nb", "Banken ga oss lån.", "bank give loan ."),
        ("da", "Han fik bank i et slagsmål", "he beating in a fight"),
        ("nn", "Banken gir lån, ikkje hus", "bank give loan , not house"),
        ("nb", "Huslån til Bankevik 2024!", "house loan to Bankevik 2024 !"),
    ],
)
def test_a_sentence_is_put_into_english_word_for_word(
    glosser: Glosser, language: str, text: str, gloss: str
) -> None:
    assert glosser.gloss(Sentence(language, text)) == gloss


def test_where_the_words_around_say_nothing_the_likelier_sense_is_taken(glosser: Glosser) -> None:
    assert glosser.gloss(Sentence("nb", "bank")) == "bank"  # its row stands first


def test_a_word_before_tells_a_noun_from_a_verb(tmp_path: Path) -> None:
    rows = (
        "use.v\tbruge\tbruke\tbruke\tVERB\tuse\t",
        "user.n\tbruger\tbruker\tbrukar\tNOUN\tuser\t",
    )
    path = tmp_path / "lexicon.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    glosser = Glosser(load_lexicon(path), np.array([[1, 0.1], [0.9, 0.2]]))
    assert glosser.gloss(Sentence("da", "En bruger, vi bruger")) == "a user , we use"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Kommunen bygger en ny skole.", True),
        ("Kommunen bygger.", False),  # too short
        ("Kommunen " * 40, False),  # too long
        ("Skoleåret 2023/2024 12 345 678 90", False),  # numbers
        ("Kommunedelplanprosessen for skolebygg", False),  # three words
    ],
)
def test_fragments_and_lists_are_not_learned_from(text: str, kept: bool) -> None:
    assert is_sentence(text) is kept


def test_a_bag_counts_the_features_of_a_sentence() -> None:
    bags = find_bags([Sentence("da", "Kommunen og kommunerne"), Sentence("nb", "og")])
    assert bags.shape == (2, len(load_lexicon().concepts) + N_SPELLINGS)
    assert bags[0].sum() == pytest.approx(2)
    assert bags[1].nnz == 0


def test_the_space_has_the_common_part_of_both_teachers_taken_out() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(400, 300)) + 5, rng.normal(size=(400, 20)) - 3
    placed = fit_space(first, second).place(first, second)
    assert placed.shape == (400, 256)
    assert np.linalg.norm(placed, axis=1) == pytest.approx(np.ones(400), abs=1e-5)
    assert np.abs(placed.mean(axis=0)).max() < 0.05


def test_a_table_is_kept_in_whole_numbers_within_half_a_step() -> None:
    rng = np.random.default_rng(1)
    network = {
        "rows": rng.normal(size=(50, 4)).astype(np.float32),
        "inner": np.zeros((4, 2)), "inner_bias": np.zeros(2),
        "outer": np.zeros((2, 4)), "outer_bias": np.zeros(4),
    }  # fmt: skip
    network["rows"][7] = 0
    table = quantise(network)
    assert table.lexicon == digest_lexicon()
    step = np.abs(network["rows"]).max(axis=1, keepdims=True) / 127
    found = table.look_up(np.arange(50))
    assert (np.abs(found - network["rows"]) <= step / 2 + 1e-6).all()


def test_what_a_teacher_has_said_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(self: Teacher, texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 3), dtype=np.float16)

    monkeypatch.setattr(Teacher, "_ask", ask)
    texts = ["én", "to"]
    assert Teacher("a", tmp_path).encode(texts).shape == (2, 3)
    Teacher("a", tmp_path).encode(texts)
    assert asked == texts
    Teacher("b", tmp_path).encode(texts)
    assert asked == texts * 2


def test_a_folder_without_the_data_is_told(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        training.main(["--data", str(tmp_path), "--kept", str(tmp_path / "kept")])
    assert f"{tmp_path}: holds no leipzig_da; give the folder" in capsys.readouterr().err
