"""compare: each document's shares, by sentences and by words."""

from __future__ import annotations

import pandas as pd
import pytest
from comparing import arrange_documents
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare import counting
from pipeline.compare.counting import Counts, arrange, count_part, read_tallies
from pipeline.schemas import SCHEMAS
from pipeline.settings import Settings
from pipeline.store import Store, Task


def shares_of(counts: Counts) -> dict[str, list[float]]:
    return {doc_id: row.tolist() for doc_id, row in zip(counts.doc_ids, counts.shares, strict=True)}


def by_words(*rows: tuple[str, str, int, int], themes: tuple[str, ...] = ("t1", "t2")) -> Counts:
    """(document, theme, sentences, words), all documents in one group."""
    table = pd.DataFrame(rows, columns=["doc_id", "theme_id", "n_sentences", "n_words"])
    groups = pd.Series(dict.fromkeys(table["doc_id"], "da"), dtype=object)
    return arrange(table, groups, list(themes), "words")


# By sentences


def test_a_share_is_a_part_of_all_the_sentences_of_the_document():
    counts = arrange_documents(
        {"a": {"t1": 1, "t2": 1, "": 2}, "b": {"t1": 9, "t2": 0, "": 1}}, {"a": "da", "b": "da"}
    )
    assert counts.theme_ids == ("t1", "t2", "")
    # 1, 1 and 2 of 4; and 9, 0 and 1 of 10
    assert shares_of(counts) == {"a": [0.25, 0.25, 0.5], "b": [0.9, 0.0, 0.1]}
    assert counts.n_sentences.tolist() == [[1, 1, 2], [9, 0, 1]]


def test_a_theme_that_no_document_has_is_a_column_of_zeros():
    counts = arrange_documents({"a": {"t2": 4}}, {"a": "da"}, themes=("t1", "t2", "t3"))
    assert shares_of(counts) == {"a": [0, 1, 0, 0]}


def test_a_document_without_sentences_takes_no_part():
    counts = arrange_documents(
        {"a": {"t1": 4}, "b": {"t1": 0, "t2": 0}}, {"a": "da", "b": "da", "c": "da"}
    )
    assert counts.doc_ids == ("a",)


def test_a_document_outside_the_groups_takes_no_part():
    counts = arrange_documents(
        {"a": {"t1": 4}, "b": {"t2": 4}, "x": {"t1": 4}}, {"a": "da", "b": "no"}
    )
    assert counts.doc_ids == ("a", "b")
    assert counts.of_group("da").tolist() == [True, False]


def test_documents_are_in_the_order_of_their_ids_each_with_its_own_group():
    counts = arrange_documents(
        {"c": {"t1": 1}, "a": {"t2": 1}, "b": {"t1": 1}}, {"b": "no", "c": "da", "a": "no"}
    )
    assert list(zip(counts.doc_ids, counts.groups, strict=True)) == [
        ("a", "no"), ("b", "no"), ("c", "da")
    ]  # fmt: skip


def test_no_documents_at_all_are_no_rows_and_still_the_columns():
    counts = arrange_documents({}, {})
    assert counts.shares.shape == counts.n_sentences.shape == (0, 3)


# By words


def test_a_share_by_words_is_a_part_of_all_the_words_of_the_document():
    # Two sentences of 3 and 5 words in the one theme, one of 12 in the other: 8 and 12 of 20
    counts = by_words(("a", "t1", 2, 8), ("a", "t2", 1, 12))
    assert shares_of(counts) == {"a": [0.4, 0.6, 0]}
    assert counts.n_sentences.tolist() == [[2, 1, 0]]


def test_for_the_model_a_document_has_as_many_sentences_as_it_has_whatever_their_words():
    # .4 and .6 of 3 sentences: 1.2 and 1.8, to whole numbers 1 and 2
    counts, sizes = by_words(("a", "t1", 2, 8), ("a", "t2", 1, 12)).for_the_model
    assert (counts.tolist(), sizes.tolist()) == ([[1, 2, 0]], [3])


def test_a_text_of_signs_alone_is_counted_by_its_sentences():
    counts = by_words(("a", "t1", 1, 0), ("a", "", 3, 0), ("b", "t1", 1, 4), ("b", "t2", 1, 12))
    assert shares_of(counts) == {"a": [0.25, 0, 0.75], "b": [0.25, 0.75, 0]}


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6))
def test_by_sentences_the_model_gets_the_counts_as_they_are(rows):
    sentences = {
        f"d{i}": dict(zip(("t1", "t2", ""), own, strict=True))
        for i, own in enumerate(rows)
        if sum(own)
    }
    counts = arrange_documents(sentences, dict.fromkeys(sentences, "da"))
    for_the_model, sizes = counts.for_the_model
    assert for_the_model.tolist() == counts.n_sentences.tolist()
    assert sizes.tolist() == [sum(own) for own in rows if sum(own)]
    assert counts.shares.sum(axis=1).tolist() == pytest.approx([1] * len(sizes))


# From the tables


def test_a_parts_sentences_words_characters_and_blocks_are_counted(tmp_path):
    store = Store(tmp_path)
    sentences = [
        ("a:0", "a", "t1", "nb", "Brukerne venter"),
        ("a:1", "a", "t1", "nb", "De venter på svar"),
        ("a:2", "a", "", "nb", "Nei"),
        ("a:3", "a", "", "en", "Wait for it"),
        ("b:0", "b", "t2", "nb", "Systemet virker ikke"),
    ]
    write_part(
        store,
        3,
        pd.DataFrame(sentences, columns=["sentence_id", "doc_id", "theme_id", "language", "text"]),
        pd.DataFrame(
            [
                ("a", 0, "Brukerne venter. De venter på svar. Nei", True, ""),
                ("a", 1, "Wait for it", True, ""),
                ("a", 2, "Les også: ti tips", False, "link list"),
                ("b", 0, "Systemet virker ikke", True, ""),
                ("b", 1, "Les også", False, "link list"),
            ],
            columns=["doc_id", "block", "text", "kept", "reason"],
        ),
        [("a", -1, "nb"), ("a", 1, "en"), ("a", 0, "nb"), ("b", -1, "nb"), ("b", 0, "nb")],
    )
    outcome = count_part(Task(tmp_path, store, Settings(), part=3))
    assert [path.name for path in outcome.outputs] == ["part-00003.parquet"] * 4
    assert _rows(store.read("tallies", 3)) == [
        ("a", "t1", "nb", 2, 6),
        ("a", "", "nb", 1, 1),
        ("a", "", "en", 1, 3),
        ("b", "t2", "nb", 1, 3),
    ]
    assert _rows(store.read("spoken", 3)) == [("a", "en", 11), ("a", "nb", 39), ("b", "nb", 20)]
    assert _rows(store.read("reasons", 3)) == [(False, "link list", 2), (True, "", 3)]
    assert _rows(store.read("dropped", 3)) == [
        ("a", 2, "link list", "Les også: ti tips"),
        ("b", 1, "link list", "Les også"),
    ]


def test_parts_are_gone_over_in_batches_each_told_with_its_documents(tmp_path, monkeypatch):
    store = Store(tmp_path)
    rows = {0: [("a", "t1"), ("a", ""), ("b", "t1")], 3: [("c", "t2")]}
    for part, own in rows.items():
        tallies = pd.DataFrame(own, columns=["doc_id", "theme_id"])
        store.write("tallies", tallies.assign(language="nb", n_sentences=2, n_words=7), part)
        terms = pd.DataFrame([("c:0", "wait.v", "venter", 1)], columns=list(SCHEMAS["terms"]))
        store.write("terms", terms, part)
    table, batches = read_tallies(store, most=2)
    assert list(zip(table["doc_id"], table["theme_id"], strict=True)) == [*rows[0], *rows[3]]
    assert batches == [([0, 3], ["a", "b", "c"])]
    monkeypatch.setattr(counting, "_LEAST_BATCH", 1)
    again, batches = read_tallies(store, most=2)
    pd.testing.assert_frame_equal(again, table)
    assert batches == [([0], ["a", "b"]), ([3], ["c"])]


def test_languages_of_one_theme_are_put_together():
    counts = pd.DataFrame(
        [("a", "t1", "nb", 2, 6), ("a", "", "nb", 1, 1), ("a", "", "en", 1, 3)],
        columns=["doc_id", "theme_id", "language", "n_sentences", "n_words"],
    )
    arranged = arrange(counts, pd.Series({"a": "no"}), ["t1"])
    assert arranged.n_sentences.tolist() == [[2, 2]]
    assert arrange(counts, pd.Series({"a": "no"}), ["t1"], "words").shares.tolist() == [[0.6, 0.4]]


def write_part(
    store: Store,
    part: int,
    sentences: pd.DataFrame,
    blocks: pd.DataFrame,
    languages: list[tuple[str, int, str]],
) -> None:
    table = sentences.assign(
        position=0, block=0, section=0, kind="paragraph", start=0, end=1, strength=0.5,
        second_theme_id="",
    )  # fmt: skip
    store.write("sentences", table, part)
    store.write("assignments", table, part)
    store.write("blocks", blocks.assign(kind="paragraph"), part)
    judged = pd.DataFrame(languages, columns=["doc_id", "block", "language"])
    store.write("languages", judged.assign(confidence=0.9), part)


def _rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))
