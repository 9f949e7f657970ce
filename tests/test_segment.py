"""segment: which sentences and terms the blocks give."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from running import Run, stages_that_ran, the_error

from pipeline.nordic import content_words
from pipeline.nordic.boundaries import LANGUAGES
from pipeline.nordic.capitals import is_name
from pipeline.nordic.content_words import WORD, count_terms, is_content_word
from pipeline.nordic.folding import fold_term
from pipeline.nordic.terms import find_term
from pipeline.schemas import SCHEMAS
from pipeline.segment import segment_blocks
from pipeline.store import Store

Block = tuple[str, str]  # (kind, text); a text that begins with "-" was dropped


def segment(
    blocks: list[Block],
    language: str = "da",
    block_languages: dict[int, str] | None = None,
    duplicate_of: str = "",
    max_chars: int = 2000,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = pd.DataFrame({"doc_id": ["a"], "duplicate_of": [duplicate_of]})
    table = pd.DataFrame(
        [
            ("a", i, kind, text.lstrip("-"), text[:1] != "-")
            for i, (kind, text) in enumerate(blocks)
        ],
        columns=["doc_id", "block", "kind", "text", "kept"],
    )
    own = {-1: language} | dict.fromkeys(range(len(blocks)), language) | (block_languages or {})
    languages = pd.DataFrame(
        [("a", block, code) for block, code in own.items()],
        columns=["doc_id", "block", "language"],
    )
    return segment_blocks(documents, table, languages, max_chars)


def test_positions_sections_and_offsets_of_a_small_document() -> None:
    sentences, _ = segment(
        [
            ("paragraph", " Før overskriften. "),
            ("heading", "Hvad nu? Det ved vi"),
            ("paragraph", "Vi går. Vi kommer."),
            ("paragraph", "-Reklame. Køb nu."),
            ("list_item", "Et punkt. Det er langt."),
        ]
    )
    assert list(
        sentences[["position", "block", "kind", "section", "start", "end", "text"]].itertuples(
            index=False, name=None
        )
    ) == [
        (0, 0, "paragraph", -1, 1, 18, "Før overskriften."),
        (1, 1, "heading", 1, 0, 19, "Hvad nu? Det ved vi"),
        (2, 2, "paragraph", 1, 0, 7, "Vi går."),
        (3, 2, "paragraph", 1, 8, 18, "Vi kommer."),
        (4, 4, "list_item", 1, 0, 9, "Et punkt."),
        (5, 4, "list_item", 1, 10, 23, "Det er langt."),
    ]
    assert list(sentences["sentence_id"]) == [f"a:{position}" for position in range(6)]


def test_the_tables_have_the_columns_and_types_of_their_schemas() -> None:
    for tables in (segment([("paragraph", "Borgerne møder kommunen.")]), segment([])):
        for name, table in zip(("sentences", "terms"), tables, strict=True):
            assert list(table.columns) == list(SCHEMAS[name])
            for column, kind in SCHEMAS[name].items():
                assert kind == "string" or table[column].dtype == kind


@pytest.mark.parametrize("language", ["en", "sv", "und"])
def test_a_document_in_another_language_gives_nothing(language: str) -> None:
    sentences, terms = segment([("paragraph", "Some words.")], language)
    assert len(sentences) == len(terms) == 0


def test_a_duplicate_gives_nothing() -> None:
    assert len(segment([("paragraph", "Det er det.")], duplicate_of="b")[0]) == 0


def test_a_foreign_quotation_has_sentences_but_no_terms() -> None:
    sentences, terms = segment(
        [("paragraph", "Borgerne siger:"), ("paragraph", "We are here. They are there.")],
        block_languages={1: "en"},
    )
    assert list(sentences["language"]) == ["da", "en", "en"]
    assert set(terms["sentence_id"]) == {"a:0"}


def test_a_sentence_that_is_too_long_is_cut_at_a_space() -> None:
    sentences, _ = segment([("paragraph", "aaaa bbbb  cccc ddddddddddddddd")], max_chars=10)
    assert list(sentences["text"]) == ["aaaa bbbb", "cccc", "dddddddddd", "ddddd"]


@given(st.text(alphabet="ab. \n", max_size=80), st.integers(1, 20))
def test_cutting_loses_nothing(text: str, max_chars: int) -> None:
    sentences, _ = segment([("list_item", "x" + text)], max_chars=max_chars)
    assert "".join("".join(sentences["text"]).split()) == "".join(("x" + text).split())
    assert (sentences["text"].str.len() <= max_chars).all()


def test_terms_are_content_words_under_the_shared_lemma() -> None:
    text = "Brugerne og en bruger ser på 3 nye løsninger fra brugerne, bl.a. i Ny By."
    assert count_terms(text, "da") == [
        ("user.n", "brugerne", 3),
        ("see.v", "ser", 1),
        ("new.a", "nye", 2),
        ("solution.n", "løsninger", 1),
        ("town.n", "by", 1),
    ]


def test_what_the_languages_say_in_other_words_has_the_same_terms() -> None:
    danish = "Borgernes behov afgør, hvordan kommunerne udvikler selvbetjeningsløsninger."
    bokmaal = "Innbyggernes behov avgjør hvordan kommunene utvikler selvbetjeningsløsninger."
    terms = [term for term, _, _ in count_terms(danish, "da")]
    assert [term for term, _, _ in count_terms(bokmaal, "nb")] == terms
    assert terms[:2] == ["citizen.n", "need.n"]


def test_a_word_that_the_lexicon_lacks_has_its_folded_spelling() -> None:
    assert count_terms("Flobberne og en flobber", "da") == [(fold_term("flobber"), "flobberne", 2)]


def count_plainly(text: str, language: str) -> list[tuple[str, str, int]]:
    """As `count_terms`, of a text without addresses and placeholders, by its definition."""
    surfaces: dict[str, list[str]] = {}
    before = ""
    for match in WORD.finditer(text):
        word = match[0].lower()
        if is_content_word(word):
            name = is_name(text, match.start())
            surfaces.setdefault(find_term(word, language, before, name), []).append(word)
        before = word
    return [
        (term, Counter(own).most_common(1)[0][0], len(own))
        for term, own in surfaces.items()
        if term
    ]


SOME_WORDS = (
    "en bruger brugerne vi Bruger brugere Morten morten at og . : – « klimakonto İZMİR ΟΔΟΣ f.eks"
)


@given(
    st.lists(st.sampled_from(SOME_WORDS.split()), max_size=12).map(" ".join),
    st.sampled_from(LANGUAGES),
)
def test_words_that_are_remembered_count_as_if_they_were_looked_up(
    text: str, language: str
) -> None:
    assert count_terms(text, language) == count_plainly(text, language)


def test_memory_for_terms_is_bounded_and_forgetting_changes_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Brugerne og kommunerne ser nye løsninger og nye planer for klimakontoen."
    known = count_terms(text, "da")
    monkeypatch.setattr(content_words, "_REMEMBERED", 2)
    assert count_terms(text, "da") == known
    forgetful = content_words._Terms("da", "NOUN", False)
    assert [forgetful[word] for word in ("bruger", "og", "plan", "bruger")] == [
        "user.n", "", "plan.n", "user.n",
    ]  # fmt: skip
    assert len(forgetful) <= 2


def test_an_address_is_no_term_but_the_name_of_a_service_is() -> None:
    text = "Se https://x.dk/en-side, navn@kommune.dk og borger.dk nu"
    assert [surface for _, surface, _ in count_terms(text, "da")] == ["se", "borger.dk"]


@pytest.mark.parametrize("word", ["ikkje", "hvilken", "tolv", "kunne", "jf", "osv", "x"])
def test_function_words_and_abbreviations_carry_no_matter(word: str) -> None:
    assert not is_content_word(word)


@pytest.mark.parametrize("word", ["bruker", "bruger", "brukar", "tjeneste", "samarbejde", "data"])
def test_the_words_of_the_field_are_content_words(word: str) -> None:
    assert is_content_word(word)


# Sentences cut by a spaCy pipeline

LINES = "Borgerne i byen råbte hurra! og gik så hjem igen. Kommunen svarer dem hver eneste dag."


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small pipeline in a folder, as spaCy saves it; it ends a sentence at every point."""
    pipeline = spacy.blank("da")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("entity_ruler")
    pipeline.to_disk(tmp_path / "model")
    return tmp_path / "model"


def prepare(tmp_path: Path, spacy_da: object) -> Run:
    raw = tmp_path / "raw"
    raw.mkdir(exist_ok=True)
    (raw / "a.txt").write_text(f"{LINES}\n")
    config = tmp_path / "nordtema.toml"
    config.write_text(f'[segment]\nspacy_da = "{spacy_da}"\n')
    return Run(raw, tmp_path / "out", config)


def sentences_of(run: Run) -> list[str]:
    result = run.again("--until", "segment")
    assert result.code == 0, result.err
    return list(Store(run.out).read_all("sentences")["text"])


def test_a_spacy_pipeline_that_the_settings_name_cuts_the_sentences(
    tmp_path: Path, model: Path
) -> None:
    assert sentences_of(prepare(tmp_path, model)) == [
        "Borgerne i byen råbte hurra!",
        "og gik så hjem igen.",
        "Kommunen svarer dem hver eneste dag.",
    ]
    assert len(sentences_of(prepare(tmp_path, ""))) == 2


def test_a_new_version_of_the_pipeline_cuts_anew(tmp_path: Path, model: Path) -> None:
    run = prepare(tmp_path, model)
    sentences_of(run)
    assert stages_that_ran(run.again("--until", "segment")) == []
    meta = model / "meta.json"
    meta.write_text(meta.read_text().replace('"version":"0.0.0"', '"version":"0.0.1"'))
    assert stages_that_ran(run.again("--until", "segment")) == ["segment"]


def test_a_pipeline_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = prepare(tmp_path, "da_core_news_zz").again("--until", "segment")
    assert result.code == 1
    assert the_error(result).startswith(
        "nordtema: can't load the spaCy pipeline 'da_core_news_zz' ([E050] "
    )
    assert the_error(result).endswith(
        "; install it, name its folder, or leave spacy_da and spacy_no under [segment] empty"
    )


def test_a_pipeline_that_cuts_no_sentences_is_told(tmp_path: Path) -> None:
    pipeline = spacy.blank("da")
    pipeline.add_pipe("entity_ruler")
    pipeline.to_disk(tmp_path / "rules")
    result = prepare(tmp_path, tmp_path / "rules").again("--until", "segment")
    assert the_error(result) == (
        f"nordtema: the spaCy pipeline '{tmp_path / 'rules'}' sets no sentence starts; install it, "
        "name its folder, or leave spacy_da and spacy_no under [segment] empty"
    )


def test_without_a_pipeline_in_the_settings_spacy_is_not_loaded() -> None:
    script = "import sys, pipeline.segment; assert 'spacy' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
