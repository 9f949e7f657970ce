"""detect: which language a document and its blocks get."""

from __future__ import annotations

import pandas as pd

from pipeline.detect import detect_languages
from pipeline.schemas import SCHEMAS

DANISH = (
    "Kommunen har brug for løsninger, der gør hverdagen lettere for borgerne, "
    "og som medarbejderne også kan bruge, når de møder dem."
)
NYNORSK = (
    "Kommunen treng løysingar som gjer kvardagen enklare for innbyggjarane, "
    "og som dei tilsette òg kan bruke når dei møter dei."
)
ENGLISH = (
    "The municipality needs solutions that make everyday life easier for the people, "
    "and that those who work there can use as well."
)


def detect(texts: dict[str, list[str]], min_confidence: float = 0.5) -> pd.DataFrame:
    documents = pd.DataFrame({"doc_id": list(texts)})
    blocks = pd.DataFrame(
        [
            (doc_id, block, text.lstrip("-"), not text.startswith("-"))
            for doc_id, own in texts.items()
            for block, text in enumerate(own)
        ],
        columns=["doc_id", "block", "text", "kept"],
    )
    return detect_languages(documents, blocks, min_confidence)


def rows(languages: pd.DataFrame) -> list[tuple[str, int, str]]:
    return list(languages[["doc_id", "block", "language"]].itertuples(index=False, name=None))


def test_a_document_has_a_row_and_each_kept_block_with_text_another() -> None:
    found = detect({"a": [DANISH, "-" + ENGLISH, "  ", DANISH], "b": [NYNORSK]})
    assert rows(found) == [
        ("a", -1, "da"),
        ("a", 0, "da"),
        ("a", 3, "da"),
        ("b", -1, "nn"),
        ("b", 0, "nn"),
    ]
    assert list(found.columns) == list(SCHEMAS["languages"])
    assert (found["block"].dtype, found["confidence"].dtype) == ("int32", "float64")


def test_a_short_block_takes_the_language_and_the_confidence_of_the_document() -> None:
    found = detect({"a": ["Ikkje mykje", DANISH, DANISH]}).set_index("block")
    assert found.loc[0, "language"] == "da"
    assert found.loc[0, "confidence"] == found.loc[-1, "confidence"]


def test_a_long_block_that_is_clearly_another_language_keeps_its_own() -> None:
    assert rows(detect({"a": [DANISH, DANISH, ENGLISH]})) == [
        ("a", -1, "da"),
        ("a", 0, "da"),
        ("a", 1, "da"),
        ("a", 2, "en"),
    ]


def test_text_that_was_dropped_does_not_count() -> None:
    assert rows(detect({"a": ["-" + ENGLISH, "-" + ENGLISH, DANISH]}))[0] == ("a", -1, "da")


def test_below_the_least_confidence_a_language_is_und() -> None:
    found = detect({"a": [DANISH]}, min_confidence=1.0)
    assert set(found["language"]) <= {"und", "da"}
    doubtful = detect({"a": ["mulighed"]}, min_confidence=0.9999)
    assert set(doubtful["language"]) == {"und"}
    assert (doubtful["confidence"] > 0).all()


def test_a_document_without_text_is_und() -> None:
    assert rows(detect({"a": [], "b": ["-" + DANISH]})) == [("a", -1, "und"), ("b", -1, "und")]


def test_no_documents_give_an_empty_table_with_its_types() -> None:
    found = detect({})
    assert len(found) == 0
    assert list(found.columns) == list(SCHEMAS["languages"])
    assert found["block"].dtype == "int32"
