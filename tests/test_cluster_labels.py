"""cluster.labels: what themes are called, in both languages, and the sentences that show them."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.cluster.counts import N_EXAMPLES, ThemeCounts
from pipeline.cluster.labels import describe_themes
from pipeline.schemas import EXAMPLE_BREAK, SCHEMAS

# (doc_id, language, theme_id, text, {term: surface})
Sentence = tuple[str, str, str, str, dict[str, str]]

LONG = "Denne sætning er lang nok til at vise temaet"
SKOLE = {"skol": "skole", "elev": "elever"}
DANISH = [
    ("d1", "da", "t01", LONG, {"bruk": "brugere", "tillit": "tillid", "borker": "borger"}),
    ("d2", "da", "t01", LONG, {"bruk": "brugere", "tillit": "tillid"}),
    ("d1", "da", "t02", LONG, SKOLE),
    ("d2", "da", "t02", LONG, SKOLE),
]
NORWEGIAN = [
    ("n1", "nb", "t01", LONG, {"bruk": "brukere", "tillit": "tillit", "inbyk": "innbygger"}),
    ("n2", "nn", "t01", LONG, {"bruk": "brukere", "tillit": "tillit"}),
    ("n1", "nb", "t02", LONG, {"skol": "skole", "elev": "elevar"}),
    ("n2", "nn", "t02", LONG, {"skol": "skule", "elev": "elevar"}),
]


def count(
    sentences: list[Sentence],
    themes: tuple[str, ...] = ("t01", "t02"),
    strengths: list[float] | None = None,
    kinds: list[str] | None = None,
) -> ThemeCounts:
    counts = ThemeCounts(list(themes))
    add(counts, sentences, strengths, kinds)
    return counts


def add(
    counts: ThemeCounts,
    sentences: list[Sentence],
    strengths: list[float] | None = None,
    kinds: list[str] | None = None,
) -> None:
    ids = [f"{doc}:{i}" for i, (doc, *_) in enumerate(sentences)]
    table = pd.DataFrame(
        [
            (sid, doc, code, text)
            for sid, (doc, code, _, text, _) in zip(ids, sentences, strict=True)
        ],
        columns=["sentence_id", "doc_id", "language", "text"],
    )
    table["kind"] = kinds or "paragraph"
    terms = pd.DataFrame(
        [
            (sid, term, surface, 1)
            for sid, (*_, own) in zip(ids, sentences, strict=True)
            for term, surface in own.items()
        ],
        columns=["sentence_id", "term", "surface", "n"],
    )
    assignments = pd.DataFrame(
        {
            "sentence_id": ids,
            "theme_id": [theme for _, _, theme, _, _ in sentences],
            "strength": strengths or [0.5] * len(ids),
        }
    )
    counts.add(table, terms, assignments)


def describe(
    counts: ThemeCounts, language: str = "en", stability: float = 0.7, leak: float = 0.1
) -> pd.DataFrame:
    own = (dict.fromkeys(counts.theme_ids, value) for value in (stability, leak))
    return describe_themes(counts, *own, language).set_index("theme_id", drop=False)


def test_a_label_is_the_same_concepts_in_both_languages_by_their_lemmas() -> None:
    sentences = [
        ("d1", "da", "t01", LONG, {"user.n": "brugerne", "trust.n": "tilliden"}),
        ("d2", "da", "t01", LONG, {"user.n": "brugere", "climate.n+account_bank.n": "klimakonti"}),
        ("n1", "nb", "t01", LONG, {"user.n": "brukeren", "trust.n": "tillit"}),
        ("n2", "nn", "t01", LONG, {"climate.n+account_bank.n": "klimakontoen"}),
        *DANISH[2:],
    ]
    theme = describe(count(sentences)).loc["t01"]
    danish, norwegian = theme["label_da"].split(", "), theme["label_no"].split(", ")
    assert set(zip(danish, norwegian, strict=True)) == {
        ("bruger", "bruker"), ("tillid", "tillit"), ("klimakonto", "klimakonto"),
    }  # fmt: skip


def test_where_one_language_has_no_word_for_a_label_the_lexicon_has() -> None:
    sentences = [(f"d{i}", "da", "t01", LONG, {"hospital.n": "sygehusene"}) for i in range(2)]
    theme = describe(count([*sentences, *DANISH[2:], *NORWEGIAN[2:]])).loc["t01"]
    assert (theme["label_da"], theme["label_no"]) == ("sygehus", "sykehus")
    assert theme["terms_no"] == ""


def test_a_compound_and_its_part_are_not_both_in_a_label() -> None:
    own = {"climate.n": "klima", "climate.n+account_bank.n": "klimakonto", "trust.n": "tillid",
           "user.n": "bruger"}  # fmt: skip
    sentences = [(f"d{i}", "da", "t01", LONG, own) for i in range(2)]
    label = describe(count([*sentences, *DANISH[2:]])).loc["t01", "label_da"].split(", ")
    assert len({"klima", "klimakonto"} & set(label)) == 1


def test_each_language_names_a_theme_in_its_own_words() -> None:
    themes = describe(count(DANISH + NORWEGIAN))
    assert {"brugere", "tillid"} < set(themes.loc["t01", "label_da"].split(", "))
    assert {"brukere", "tillit"} < set(themes.loc["t01", "label_no"].split(", "))
    assert list(themes.columns) == list(SCHEMAS["themes"])


def test_a_language_lists_only_the_terms_that_it_uses_in_the_theme() -> None:
    # The Norwegian texts say borger too, but of the schools.
    elsewhere = [("n1", "nb", "t02", LONG, {"borker": "borger", **SKOLE})]
    themes = describe(count(DANISH + NORWEGIAN + elsewhere))
    assert "innbygger" not in themes.loc["t01", "terms_da"]
    assert "borger" not in themes.loc["t01", "terms_no"]
    assert set(themes.loc["t02", "terms_no"].split("; ")) == {"skole", "elevar", "borger"}


def test_terms_of_both_languages_come_before_those_of_one() -> None:
    # bruk and tillit: on both sides and in all documents; borger on one side in one document.
    themes = describe(count(DANISH + NORWEGIAN))
    assert themes.loc["t01", "terms_da"].split("; ")[-1] == "borger"
    assert set(themes.loc["t01", "terms"].split("; ")[:2]) == {"bruk", "tillit"}


def test_of_terms_that_are_alike_the_shared_one_comes_first() -> None:
    # Each is said twice, in two of four documents, and has a third of the theme's words: by side
    # (1/3 + 1/3) / 2 for yyy, (2/3 + 0) / 2 for aaa, (0 + 2/3) / 2 for zzz.
    alike = [
        ("d1", "da", "t01", LONG, {"aaa": "aaa", "yyy": "yyy"}),
        ("d2", "da", "t01", LONG, {"aaa": "aaa"}),
        ("n1", "nb", "t01", LONG, {"yyy": "yyy", "zzz": "zzz"}),
        ("n2", "nb", "t01", LONG, {"zzz": "zzz"}),
    ]
    themes = describe(count(alike + DANISH[2:] + NORWEGIAN[2:]))
    assert themes.loc["t01", "terms"].split("; ") == ["yyy", "aaa", "zzz"]


def test_a_term_that_all_themes_share_names_none_of_them_first() -> None:
    everywhere = [
        (doc, code, theme, text, {"komun": "kommune", **own})
        for doc, code, theme, text, own in DANISH + NORWEGIAN
    ]
    themes = describe(count(everywhere))
    # Its part of a theme's words is that of all words: the logarithm of about 1 is about 0.
    for theme in ("t01", "t02"):
        assert themes.loc[theme, "terms"].split("; ")[0] != "komun"
    assert themes.loc["t02", "terms"].split("; ")[-1] == "komun"


def test_what_only_one_document_says_is_weighed_down() -> None:
    once = [("d3", "da", "t01", LONG, {"enkelt": "enkeltsag"})] * 2
    spread = [(doc, "da", "t01", LONG, {"spredt": "spredt"}) for doc in ("d1", "d2")]
    themes = describe(count(once + spread + DANISH[2:]))
    # Twice each, but in 1 of 3 documents and in 2 of 3.
    assert themes.loc["t01", "terms"].split("; ") == ["spredt", "enkelt"]


def test_the_most_frequent_surface_stands_for_a_term_and_the_shorter_of_two() -> None:
    surfaces = ["skoler", "skolen", "skole", "skolen", "skoler"]
    sentences = [(f"d{i}", "da", "t01", LONG, {"skol": s}) for i, s in enumerate(surfaces)]
    themes = describe(count([*sentences, *DANISH[2:3]]))
    # skoler 2, skolen 2, skole 2 (one of them in t02): the shortest
    assert themes.loc["t01", "label_da"] == "skole"
    assert describe(count(sentences)).loc["t01", "label_da"] == "skolen"


def test_no_label_is_given_twice() -> None:
    same = {"bruk": "brugere", "tillit": "tillid", "borker": "borger", "skol": "skole"}
    sentences = [
        (f"d{i}", "da", theme, LONG, same) for i, theme in enumerate(("t01", "t02", "t03") * 2)
    ]
    themes = describe(count(sentences, ("t01", "t02", "t03")))
    for column in ("label", "label_da", "label_no"):
        assert themes[column].nunique() == 3
    # Three terms, then all four, and then there is only the number left to tell them apart.
    assert themes["label_da"].str.count(",").tolist() == [2, 3, 3]
    assert themes.loc["t03", "label_da"].endswith("(t03)")


def test_a_theme_of_one_language_is_named_by_it_in_both() -> None:
    themes = describe(count(DANISH[:2] + NORWEGIAN[2:]))
    assert themes.loc["t01", "label_no"] == themes.loc["t01", "label_da"]
    assert themes.loc["t01", "terms_no"] == ""
    assert themes.loc["t01", "label"] == themes.loc["t01", "label_da"]


def test_a_theme_without_terms_is_called_by_its_number() -> None:
    themes = describe(count([("d1", "da", "t01", LONG, {}), *DANISH[2:]]))
    assert themes.loc["t01", ["label", "label_da", "label_no"]].tolist() == ["t01"] * 3


@pytest.mark.parametrize(
    ("language", "expected"), [("da", "{da}"), ("no", "{no}"), ("en", "{da} / {no}")]
)
def test_the_label_follows_the_language_of_the_report(language: str, expected: str) -> None:
    theme = describe(count(DANISH + NORWEGIAN), language).loc["t01"]
    assert theme["label"] == expected.format(da=theme["label_da"], no=theme["label_no"])


def test_counts_by_language_and_document() -> None:
    themes = describe(count([*DANISH, *NORWEGIAN, ("d1", "da", "t01", LONG, {})]))
    columns = ["n_sentences", "n_documents", "n_da", "n_no"]
    assert themes.loc["t01", columns].tolist() == [5, 4, 3, 2]
    assert themes.loc["t02", columns].tolist() == [4, 4, 2, 2]


def test_sentences_of_no_theme_or_another_language_are_not_counted() -> None:
    others = [
        ("d1", "da", "", LONG, {"bruk": "brugere"}),
        ("e", "en", "t01", LONG, {"user": "user"}),
    ]
    themes = describe(count(DANISH + NORWEGIAN + others))
    assert themes["n_sentences"].tolist() == [4, 4]
    assert "user" not in themes.loc["t01", "terms"]


def test_a_theme_without_sentences_has_no_row() -> None:
    assert describe(count(DANISH[:2])).index.tolist() == ["t01"]
    nothing = describe_themes(count([("d", "da", "", LONG, {})]), {}, {}, "en")
    assert (len(nothing), list(nothing.columns)) == (0, list(SCHEMAS["themes"]))


def test_parts_add_up_to_the_whole() -> None:
    texts = [(doc, code, theme, f"{LONG} {i}", own)
             for i, (doc, code, theme, _, own) in enumerate(DANISH + NORWEGIAN)]  # fmt: skip
    in_parts = ThemeCounts(["t01", "t02"])
    add(in_parts, texts[:4])
    add(in_parts, texts[4:])
    columns = [name for name in SCHEMAS["themes"] if not name.startswith("examples")]
    pd.testing.assert_frame_equal(describe(in_parts)[columns], describe(count(texts))[columns])


# Examples


def sentence(doc: str, text: str, code: str = "da") -> Sentence:
    return (doc, code, "t01", text, {})


def test_examples_are_the_strongest_sentences_of_different_documents() -> None:
    texts = [sentence(doc, f"{LONG} {i}") for i, doc in enumerate(("a", "a", "b", "c", "d"))]
    counts = count(texts, strengths=[0.9, 0.8, 0.3, 0.7, 0.5])
    # a's second sentence is stronger than those of the others, and stays out.
    expected = [f"{LONG} {i}" for i in (0, 3, 4)]
    assert describe(counts).loc["t01", "examples_da"].split(EXAMPLE_BREAK) == expected
    assert len(expected) == N_EXAMPLES


def test_headings_fragments_and_endless_sentences_are_no_examples() -> None:
    texts = [
        sentence("a", LONG),
        sentence("b", "Kort."),
        sentence("c", "ord " * 41),
        sentence("d", LONG),
    ]
    counts = count(texts, kinds=["heading", "paragraph", "paragraph", "paragraph"])
    assert describe(counts).loc["t01", "examples_da"] == LONG


def test_each_language_has_its_own_examples_and_a_tie_goes_to_the_first_id() -> None:
    texts = [sentence("a", LONG + " a"), sentence("b", LONG + " b"), sentence("n", LONG, "nn")]
    theme = describe(count(texts)).loc["t01"]
    assert theme["examples_da"] == EXAMPLE_BREAK.join([LONG + " a", LONG + " b"])
    assert theme["examples_no"] == LONG


def test_examples_of_several_parts_are_the_best_of_all() -> None:
    counts = count([sentence(doc, f"{LONG} {doc}") for doc in "abc"], strengths=[0.2, 0.3, 0.4])
    add(counts, [sentence(doc, f"{LONG} {doc}") for doc in "de"], strengths=[0.35, 0.1])
    found = describe(counts).loc["t01", "examples_da"].split(EXAMPLE_BREAK)
    assert [text[-1] for text in found] == ["c", "d", "b"]


# Alarms


def test_a_theme_that_is_one_article_or_one_language_says_so() -> None:
    sentences = [("d1", "da", "t01", LONG, {})] * 4 + [*DANISH[2:], *NORWEGIAN[2:]]
    themes = describe(count(sentences))
    assert themes["alarms"].tolist() == ["one article; one language", ""]


def test_a_theme_of_several_articles_in_one_language_is_no_article() -> None:
    themes = describe(count(DANISH + NORWEGIAN[2:]))
    assert themes["alarms"].tolist() == ["one language", ""]


def test_where_all_texts_are_one_article_or_one_language_that_is_no_alarm() -> None:
    assert describe(count([DANISH[0], DANISH[2]]))["alarms"].tolist() == ["", ""]


@pytest.mark.parametrize(("stability", "alarms"), [(0.5, ""), (0.49, "not found again")])
def test_a_theme_that_other_draws_do_not_find_says_so(stability: float, alarms: str) -> None:
    themes = describe(count(DANISH + NORWEGIAN), stability=stability)
    assert themes["alarms"].tolist() == [alarms] * 2
