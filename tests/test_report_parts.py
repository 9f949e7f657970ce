"""report.gather, report.in_order: what the report takes from parts, whichever texts lie in them."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import make_tables

from pipeline.report.files import read_shown, write_long
from pipeline.report.gather import choose_near, gather_part, rank_sentences
from pipeline.report.in_order import Documents
from pipeline.report.tables import to_csv_bytes
from pipeline.report.workbook import ROWS_AT_ONCE, Rows
from pipeline.settings import ReportSettings, Settings
from pipeline.store import Store, Task

# The nearest sentences


SENTENCE = st.tuples(
    st.sampled_from("abcd"),  # document
    st.sampled_from(["t1", "t2", ""]),
    st.sampled_from(["da", "nb", "nn", "en"]),
    st.sampled_from([0.1, 0.2, 0.3, 0.4]),
    st.integers(0, 6),  # block
)


@given(
    st.lists(SENTENCE, max_size=40),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)),
    st.integers(0, 3),
)
def test_the_nearest_of_the_corpus_are_among_the_nearest_of_its_parts(rows, part_of, nearest):
    table = pd.DataFrame(rows, columns=["doc_id", "theme_id", "language", "strength", "block"])
    table = table.sort_values(["doc_id", "block"], kind="stable", ignore_index=True)
    table["position"] = table.groupby("doc_id").cumcount()
    table["sentence_id"] = table["doc_id"] + ":" + table["position"].astype(str)
    part = table["doc_id"].map(lambda doc: part_of.get(doc, 0))
    of_parts = [
        choose_near(rank_sentences(own.reset_index(drop=True)), nearest)
        for _, own in table.groupby(part)
    ]
    ranked = rank_sentences(table)
    together = pd.concat([ranked.head(0), *of_parts]).sort_values(["doc_id", "position"])
    found = choose_near(together.reset_index(drop=True), nearest)
    assert list(found["sentence_id"]) == list(choose_near(ranked, nearest)["sentence_id"])


# In the order of the documents


@pytest.fixture
def corpus(tmp_path):
    """Six documents, dealt out so that neighbours lie apart, and what there is of them."""
    tables = make_tables(["da", "da", "nb", "nn", "da", "sv"], 3, per_document=4)
    store = Store(tmp_path)
    parts = {0: ["tekster/da-00", "tekster/nn-03"], 2: ["tekster/da-01", "tekster/nb-02"]}
    parts[5] = [doc for doc in tables.documents["doc_id"] if doc not in parts[0] + parts[2]]
    for part, docs in parts.items():
        sentences = tables.sentences[tables.sentences["doc_id"].isin(docs)]
        own = tables.assignments["sentence_id"].isin(sentences["sentence_id"])
        store.write("sentences", sentences, part)
        store.write("assignments", tables.assignments[own], part)
        blocks = tables.blocks[tables.blocks["doc_id"].isin(docs) & ~tables.blocks["kept"]]
        store.write("dropped", blocks, part)
        documents = tables.documents.set_index("doc_id").loc[docs].reset_index()
        store.write("documents", documents, part)
    store.write("themes", tables.themes)
    store.write("map", tables.sentences[["sentence_id"]].head(5).assign(x=0.5, y=0.5))
    for part in parts:
        gather_part(Task(tmp_path, store, Settings(), part))
    return store, tables


def test_the_long_files_are_in_the_order_of_the_documents(corpus):
    store, tables = corpus
    order = sorted(tables.documents["doc_id"])
    written = write_long(store, Documents(store), ReportSettings())
    for name in ("sentences.csv", "dropped.csv"):
        frame = tables.frames[name]
        in_order = pd.concat([frame[frame["doc_id"] == doc] for doc in order])
        assert b"".join(written[name]) == to_csv_bytes(in_order), name


def test_runs_are_of_neighbours_in_one_part(corpus):
    runs = list(Documents(corpus[0]).each_run())
    names = [[doc.removeprefix("tekster/") for doc in run.doc_ids] for run in runs]
    assert [run.part for run in runs] == [0, 2, 5, 2, 0, 5]
    assert names == [["da-00"], ["da-01"], ["da-04"], ["nb-02"], ["nn-03"], ["sv-05"]]
    assert runs[4].start == runs[0].end  # where the other document of part 0 ended
    assert runs[5].start == runs[5].end  # of a Swedish text there are no sentences


def test_a_map_has_its_sentences_whatever_their_part(corpus):
    store, tables = corpus
    located = store.read_all("located")
    assert list(located["sentence_id"]) == list(tables.sentences["sentence_id"].head(5))
    assert list(located["theme_id"]) == list(tables.assignments["theme_id"].head(5))


def test_a_page_shows_all_of_a_small_corpus_and_the_first_blocks(corpus, monkeypatch):
    store, tables = corpus
    shown = read_shown(store, 20, nearest=1)
    assert sorted(shown.sentences["sentence_id"]) == sorted(tables.sentences["sentence_id"])
    assert len(shown.dropped) == 6
    monkeypatch.setattr("pipeline.report.files.MOST_DROPPED", 2)
    monkeypatch.setattr("pipeline.report.files.MOST_SENTENCES", 19)
    shown = read_shown(store, 20, nearest=1)
    near = choose_near(rank_sentences(tables.joined), 1)
    assert sorted(shown.sentences["sentence_id"]) == sorted(near["sentence_id"])
    assert list(shown.dropped["doc_id"]) == ["tekster/da-00", "tekster/da-01"]


# Rows of a sheet


@given(
    st.lists(st.integers(0, 2 * ROWS_AT_ONCE + 3), max_size=4),
    st.integers(0, 3 * ROWS_AT_ONCE),
)
def test_rows_come_as_many_at_a_time_as_are_written(sizes, most):
    numbers = itertools.count()
    frames = [pd.DataFrame({"n": [next(numbers) for _ in range(size)]}) for size in sizes]
    found = list(Rows(["n"], sum(sizes), lambda: frames).each(most))
    assert [n for frame in found for n in frame["n"]] == list(range(min(sum(sizes), most)))
    assert all(len(frame) == ROWS_AT_ONCE for frame in found[:-1])
    assert all(0 < len(frame) <= ROWS_AT_ONCE for frame in found[-1:])
