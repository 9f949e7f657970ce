"""cluster, with a codebook: sentences go to its themes, and what fits none to new ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.cluster import Found, assign_sentences, find_themes, name_themes
from pipeline.cluster.codebook import Codebook, read_codebook
from pipeline.cluster.coverage import describe_coverage
from pipeline.cluster.guide import count_phrases, match_sentences
from pipeline.cluster.space import Sentences
from pipeline.nordic.content_words import count_terms
from pipeline.settings import ClusterSettings
from pipeline.vectorize import vectorize_sentences

CODEBOOK = """
[[theme]]
id = "health"
label_da = "Sygehuse"
label_no = "Sykehus"
da = ["sygehus", "patient", "læge"]
no = ["sykehus", "pasient", "lege"]

[[theme]]
id = "school"
label_da = "Skoler"
label_no = "Skoler"
da = ["skole", "elev", "undervisning"]
no = ["skole", "elev", "undervisning", "gradestokk"]
not = ["fiskeskole"]
examples = ["Læreren retter opgaver."]
"""
# Danish and Norwegian sentences on hospitals, schools and, beside the codebook, fishing
TEXTS = {
    "health": {
        "da": ["Sygehuset har for få læger.", "Patienten venter på svar.",
               "Kirurgen opererer hver dag.", "Behandlingen hjalp på smerterne."],
        "nb": ["Sykehuset mangler leger.", "Pasienten venter på svar.",
               "Kirurgen opererer hver dag.", "Behandlingen hjalp mot smertene."],
    },
    "school": {
        "da": ["Skolen får nye bøger.", "Eleverne lærer at regne.",
               "Læreren underviser klassen.", "Karaktererne kom i juni."],
        "nb": ["Skolen får nye bøker.", "Elevene lærer å regne.",
               "Læreren underviser klassen.", "Karakterene kom i juni."],
    },
    "fishing": {
        "da": ["Fiskerne trækker nettet om bord.", "Torsken er væk fra havet.",
               "Kutteren sejler ud fra havnen.", "Sild og makrel blev landet."],
        "nb": ["Fiskerne drar garnet om bord.", "Torsken er borte fra havet.",
               "Kutteren seiler ut fra havna.", "Sild og makrell ble landet."],
    },
}  # fmt: skip
SETTINGS = ClusterSettings(document_weight=0.0)


def gather(doc_sentences: dict[str, tuple[str, list[str]]]) -> tuple[Sentences, pd.DataFrame]:
    """The sentences of documents (id -> language, texts), each a section, and their terms."""
    rows = [
        (f"{doc_id}:{position}", doc_id, -1, language, text)
        for doc_id, (language, texts) in doc_sentences.items()
        for position, text in enumerate(texts)
    ]
    table = pd.DataFrame(rows, columns=["sentence_id", "doc_id", "section", "language", "text"])
    terms = pd.DataFrame(
        [
            (sentence_id, term, surface, n)
            for sentence_id, _, _, language, text in rows
            for term, surface, n in count_terms(text, language)
        ],
        columns=["sentence_id", "term", "surface", "n"],
    )
    return Sentences(table, vectorize_sentences(table)), terms


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    path = tmp_path_factory.mktemp("codebook") / "mine.toml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return read_codebook(path)


@pytest.fixture(scope="module")
def corpus() -> tuple[Sentences, pd.DataFrame]:
    """Four documents a subject and language, each the same sentences in another order."""
    documents = {
        f"{subject}-{language}-{turn}": (language, [*texts[turn:], *texts[:turn]])
        for subject, by_language in TEXTS.items()
        for language, texts in by_language.items()
        for turn in range(4)
    }
    return gather(documents)


@pytest.fixture(scope="module")
def found(corpus: tuple[Sentences, pd.DataFrame], codebook: Codebook) -> Found:
    sentences, terms = corpus
    return find_themes(sentences, SETTINGS, 0, codebook, terms)


@pytest.fixture(scope="module")
def assigned(corpus: tuple[Sentences, pd.DataFrame], found: Found) -> pd.DataFrame:
    sentences, _ = corpus
    table = assign_sentences(
        sentences, found.space, found.discovery.centroids, SETTINGS, found.guided
    )
    return table.assign(subject=sentences.table["doc_id"].str.partition("-")[0].to_numpy())


def test_sentences_go_to_the_analyst_s_themes_also_without_their_words(
    assigned: pd.DataFrame,
) -> None:
    # Half of the sentences have none of the codebook's words
    for subject in ("health", "school"):
        own = assigned[assigned["subject"] == subject]
        assert (own["theme_id"] == subject).mean() > 0.9


def test_what_fits_none_forms_themes_beside_them(assigned: pd.DataFrame) -> None:
    fishing = assigned[assigned["subject"] == "fishing"]
    assert fishing["theme_id"].str.fullmatch(r"t\d+").mean() > 0.9


def test_a_word_that_is_excluded_rules_a_theme_out(codebook: Codebook, found: Found) -> None:
    sentences, terms = gather({"d": ("da", ["Eleverne på fiskeskolen lærer at sejle."])})
    matches = match_sentences(sentences.table, terms, codebook)
    assert found.guided is not None
    guided = found.guided._replace(matches=matches)
    points = found.space.place(sentences, SETTINGS)
    scores = guided.score(sentences, points, SETTINGS)
    assert scores[0, 1] == -1
    assert scores[0, 0] > -1


def test_scores_are_at_most_one_and_a_rare_phrase_says_more(found: Found, corpus) -> None:
    sentences, _ = corpus
    assert found.guided is not None
    points = found.space.place(sentences, SETTINGS)
    scores = found.guided.score(sentences, points, SETTINGS)
    assert scores.shape == (len(sentences.table), 2)
    assert scores.max() <= 1 + 1e-6
    # log((1 + 96) / (1 + n)): no sentence has *gradestokk*
    assert found.guided.guide.rarity.max() == pytest.approx(np.log(97))


def test_asking_for_as_many_themes_as_the_codebook_has_forms_no_others(
    corpus: tuple[Sentences, pd.DataFrame], codebook: Codebook
) -> None:
    sentences, terms = corpus
    settings = ClusterSettings(themes=2)
    space, discovery, guided = find_themes(sentences, settings, 0, codebook, terms)
    assigned = assign_sentences(sentences, space, discovery.centroids, settings, guided)
    assert len(discovery.centroids) == 0
    assert set(assigned["theme_id"]) <= {"health", "school", ""}


def test_a_theme_of_words_that_nobody_knows_has_no_sentences(
    corpus: tuple[Sentences, pd.DataFrame], tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    unknown = '\n[[theme]]\nid = "z"\nlabel_da = "z"\nlabel_no = "z"\nda = ["zzzqqq", "og"]\n'
    path.write_text(CODEBOOK + unknown, encoding="utf-8")
    sentences, terms = corpus
    space, discovery, guided = find_themes(sentences, SETTINGS, 0, read_codebook(path), terms)
    assigned = assign_sentences(sentences, space, discovery.centroids, SETTINGS, guided)
    assert "z" not in set(assigned["theme_id"])
    assert "school" in set(assigned["theme_id"])


def test_found_themes_are_called_by_ids_that_the_codebook_leaves(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(CODEBOOK.replace('"school"', '"t01"'), encoding="utf-8")
    assert name_themes(2, read_codebook(path)) == ["health", "t01", "t02", "t03"]
    assert name_themes(2) == ["t01", "t02"]


def test_coverage_says_in_how_many_sentences_each_word_is(
    corpus: tuple[Sentences, pd.DataFrame], codebook: Codebook
) -> None:
    sentences, terms = corpus
    phrases = count_phrases(match_sentences(sentences.table, terms, codebook))
    themes = pd.DataFrame({"theme_id": ["health"], "n_sentences": [32]})
    coverage = describe_coverage(codebook, phrases, themes)
    rows = coverage.set_index(["theme_id", "side", "phrase"])
    # One sentence of four in four documents of two languages; a word of either language counts
    assert rows.loc[("health", "da", "sygehus"), "n_with"] == 8
    assert rows.loc[("health", "no", "sykehus"), "n_with"] == 8
    assert rows.loc[("school", "no", "gradestokk"), "n_with"] == 0
    assert rows["n_sentences"].unique().tolist() == [32, 0]
