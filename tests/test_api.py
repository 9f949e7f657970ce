"""The package from Python: the same numbers as the command's, and faults told in one line."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from running import files_of, nordtema, read_csv

import pipeline
from pipeline import (
    NordtemaError,
    compare_themes,
    identify_languages,
    open_outputs,
    run,
    vectorize_texts,
)
from pipeline.nordic.identify.model import load_model
from pipeline.nordic.vectors import tokens

# Two documents a side; theme "a" is half of the first document, all of the second, and so on.
SENTENCES = pd.DataFrame(
    [
        *[("one", "a", "to ord"), ("one", "b", "seks korte ord som står her")],
        *[("two", "a", "et")],
        *[("three", "b", "et"), ("three", "", "et")],
        *[("four", "b", "et"), ("five", "a", "et")],
    ],
    columns=["doc_id", "theme_id", "text"],
)
GROUPS = {"one": "da", "two": "da", "three": "no", "four": "no", "five": ""}


def by(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return table.set_index(list(columns))


# What it offers


def test_everything_that_is_promised_is_there():
    assert set(pipeline.__all__) <= set(dir(pipeline))
    for name in pipeline.__all__:
        assert getattr(pipeline, name).__doc__


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"^module 'pipeline' has no attribute 'nothing'$"):
        _ = pipeline.nothing


def test_the_command_line_does_not_wait_for_it():
    heavy = "import sys, pipeline.cli; print({'pandas', 'numpy', 'scipy'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", heavy], capture_output=True, text=True, check=True
    ).stdout
    assert said == "set()\n"


# A run and its tables


def test_run_does_what_the_command_does(finished, tmp_path):
    outputs = run(finished.raw, tmp_path / "out", config=finished.config, jobs=1)
    assert outputs.folder == tmp_path / "out"
    assert files_of(tmp_path / "out" / "report") == files_of(finished.out / "report")


def test_run_takes_settings_and_options(finished, tmp_path):
    copied = finished.copy(tmp_path)
    outputs = run(
        copied.raw,
        copied.out,
        config=copied.config,
        settings={"report": {"language": "da"}, "cluster": {"themes": 5}},
        themes=3,
        jobs=1,
    )
    assert outputs.settings["report"]["language"] == "da"
    assert outputs.settings["cluster"] == {**outputs.settings["cluster"], "themes": 3}
    assert outputs.settings["compare"]["permutations"] == 1000  # the file's
    assert len(outputs.themes) == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"themes": 1}, r"^\[cluster\] themes = 1: one theme leaves nothing to compare"),
        ({"settings": {"cluster": {"topics": 3}}}, r"^\[cluster\] topics: unknown setting"),
        ({"config": "nowhere.toml"}, r"^nowhere\.toml: no such settings file"),
        ({"raw": "nowhere"}, r"^nowhere: no such folder; name the folder that holds your texts$"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(given, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NordtemaError, match=message):
        run(**{"out": tmp_path / "out", **given})


TABLES = [
    *("documents", "rejected", "dropped", "sentences", "themes", "emphasis", "contrasts"),
    *("confounds", "words", "years", "placebo", "placebo_rates"),
]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_csv_file_of_its_name(name, finished):
    table = getattr(open_outputs(finished.out), name)
    rows = read_csv(finished.out, f"{name}.csv")
    assert len(table) == len(rows)
    if rows:
        assert list(table.columns) == list(rows[0])
    for column in table.select_dtypes("float").columns:
        for found, row in zip(table[column], rows, strict=True):
            if row[column] == "":
                assert np.isnan(found)
            else:
                assert found == pytest.approx(float(row[column]), abs=0.5e-4 + 1e-9)


def test_robustness_is_empty_where_it_was_not_asked(finished):
    table = open_outputs(finished.out).robustness
    assert len(table) == 0
    assert {"variant", "theme_id", "agrees"} <= set(table.columns)


def test_the_answer_is_that_of_the_report(finished):
    said = (finished.out / "report" / "answer.txt").read_text(encoding="utf-8")
    assert open_outputs(finished.out).answer == said.splitlines()


def test_shares_are_a_row_a_document_and_sum_to_one(finished):
    outputs = open_outputs(finished.out)
    assert list(outputs.shares.columns) == [*outputs.themes["theme_id"], ""]
    assert outputs.shares.sum(axis=1).to_numpy() == pytest.approx(1)
    means = outputs.shares.groupby("group").mean()
    for row in outputs.emphasis.itertuples():
        assert means.loc[row.group, row.theme_id] == pytest.approx(row.share)


def test_vectors_are_row_for_row_those_of_the_sentences(finished):
    outputs = open_outputs(finished.out)
    assert outputs.vectors.shape[0] == len(outputs.sentences)
    some = outputs.sentences.head(20)
    found = vectorize_texts(list(some["text"]), list(some["language"]))
    np.testing.assert_array_equal(found, outputs.vectors[:20])


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(NordtemaError) as told:
        open_outputs(tmp_path)
    assert str(told.value) == (
        f"{tmp_path}: holds no finished run; run `nordtema run --out {tmp_path}` first"
    )


def test_a_table_that_is_gone_is_told(finished, tmp_path):
    copied = finished.copy(tmp_path)
    lost = copied.out / "work" / "themes" / "part-00000.parquet"
    lost.unlink()
    with pytest.raises(NordtemaError, match=r"themes.*is missing; run `nordtema run`"):
        _ = open_outputs(copied.out).themes


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"settings": {"run": {"seed": -1}}}'])
def test_settings_that_cannot_be_read_are_told(said, finished, tmp_path):
    copied = finished.copy(tmp_path)
    (copied.out / "report" / "run.json").write_text(said, encoding="utf-8")
    with pytest.raises(NordtemaError, match=r"run\.json: can't be read; remove that file"):
        _ = open_outputs(copied.out).settings


# Languages and vectors


def test_languages_are_those_of_the_command():
    texts = ["Jeg vil gerne have en kop kaffe.", "Eg vil gjerne ha ein kopp kaffi.", "42"]
    table = identify_languages(texts)
    said = nordtema("identify", stdin="\n".join(texts).encode()).out.splitlines()
    assert list(table["language"]) == ["da", "nn", "und"]
    assert [f"{row.language}\t{row.confidence:.3f}" for row in table.itertuples()] == said


def test_like_sentences_of_two_languages_lie_close():
    da, no, other = vectorize_texts(
        [
            "Borgernes behov kommer i første række.",
            "Innbyggernes behov må komme først.",
            "Skipet gikk på grunn.",
        ]
    )
    assert da @ no > 0.6
    assert da @ other < 0.2


def test_vectors_may_be_others():
    assert vectorize_texts(["en kop kaffe"], ["da"], vectors="lexical").shape == (1, 1024)


def test_nothing_gives_tables_without_rows():
    assert list(identify_languages([]).columns) == ["language", "confidence"]
    assert len(identify_languages([])) == 0
    assert vectorize_texts([]).shape == (0, 1024)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: identify_languages("en tekst"), "texts: is one text; give a list of texts"),
        (lambda: vectorize_texts("en tekst"), "texts: is one text; give a list of texts"),
        (
            lambda: vectorize_texts(["a", "b"], ["da"]),
            "2 texts but 1 languages; give one for each",
        ),
        (
            lambda: vectorize_texts(["a"], ["da"], vectors="word2vec"),
            "vectors 'word2vec': there are no vectors called 'word2vec'; the known ones are: "
            "nordic, "
            "lexical, model2vec:NAME_OR_PATH, sentence-transformers:NAME_OR_PATH; "
            "change that value",
        ),
        (
            lambda: compare_themes(SENTENCES.drop(columns="theme_id"), GROUPS),
            "sentences: has no column 'theme_id'; it needs doc_id, theme_id",
        ),
        (
            lambda: compare_themes(SENTENCES.drop(columns="text"), GROUPS, share_by="words"),
            "sentences: has no column 'text'; it needs doc_id, theme_id, text",
        ),
        (
            lambda: compare_themes(SENTENCES, GROUPS, share_by="letters"),
            "share_by 'letters': give sentences or words",
        ),
        (
            lambda: compare_themes(SENTENCES, {"six": "da"}),
            "groups: names none of the documents of the sentences; check the doc_ids",
        ),
    ],
)
def test_wrong_use_is_told(call, message):
    with pytest.raises(NordtemaError) as told:
        call()
    assert str(told.value) == message


# Themes that come from elsewhere


def test_shares_are_means_over_documents():
    emphasis = by(compare_themes(SENTENCES, GROUPS).emphasis, "group", "theme_id")["share"]
    assert dict(emphasis) == {
        ("da", "a"): 0.75,  # a half and the whole
        ("da", "b"): 0.25,
        ("da", ""): 0.0,
        ("no", "a"): 0.0,
        ("no", "b"): 0.75,
        ("no", ""): 0.25,
    }


def test_shares_may_be_of_words():
    by_words = compare_themes(SENTENCES, GROUPS, share_by="words").emphasis
    emphasis = by(by_words, "group", "theme_id")["share"]
    assert emphasis["da", "a"] == pytest.approx((2 / 8 + 1) / 2)


def test_a_document_without_a_group_takes_no_part():
    shares = compare_themes(SENTENCES, GROUPS).shares
    assert set(shares["doc_id"]) == {"one", "two", "three", "four"}


def test_missing_themes_and_groups_are_none():
    missing = SENTENCES.replace({"theme_id": {"": None}})
    groups = pd.Series({**GROUPS, "five": None})
    pd.testing.assert_frame_equal(
        compare_themes(missing, groups).emphasis, compare_themes(SENTENCES, GROUPS).emphasis
    )


def test_the_contrasts_of_a_run_come_out_of_its_sentences(finished):
    outputs = open_outputs(finished.out)
    documents = outputs.documents[outputs.documents["duplicate_of"] == ""]
    found = compare_themes(
        outputs.sentences, documents.set_index("doc_id")["group"], permutations=1000
    )
    columns = list(found.contrasts.columns)
    order = ["theme_id", "group_a", "group_b"]
    pd.testing.assert_frame_equal(
        found.contrasts.sort_values(order, ignore_index=True),
        outputs.contrasts[columns].sort_values(order, ignore_index=True),
        check_dtype=False,
    )


# Threads


def test_threads_get_what_one_alone_gets():
    """Texts of a service, or of a notebook's threads: what is remembered of words is theirs all."""
    words = "borgerne innbyggerne folkevalgde kommunen plejehjem skatt datakvalitet søknad vi er"
    texts = [
        f"{' '.join(random.Random(number).sample(words.split(), 6))} ord{number}x tal{number}."
        for number in range(160)
    ]
    alone = vectorize_texts(texts, ["da", "nb", "nn", "da"] * 40)
    languages = identify_languages(texts)
    tokens.find_tokens.cache_clear()
    load_model.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            made = [
                threads.submit(vectorize_texts, texts, ["da", "nb", "nn", "da"] * 40)
                for _ in range(8)
            ]
            identified = [threads.submit(identify_languages, texts) for _ in range(8)]
            for one in made:
                assert np.array_equal(one.result(), alone)
            for one in identified:
                pd.testing.assert_frame_equal(one.result(), languages)
    finally:
        sys.setswitchinterval(before)


def test_runs_in_threads_give_what_one_alone_gives(finished, tmp_path):
    def go(number):
        out = tmp_path / f"out{number}"
        run(finished.raw, out, config=finished.config, jobs=1)
        return files_of(out)

    with ThreadPoolExecutor(2) as threads:
        for files in threads.map(go, range(2)):
            assert files == files_of(finished.out)
