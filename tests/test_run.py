"""End to end: what a run leaves, as the design promises it."""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from running import Run, csv_files_of, files_of, nordtema, read_csv, tables_of

from pipeline.schemas import SCHEMAS
from pipeline.steps import STEPS
from pipeline.store import Store
from pipeline.workers import process
from pipeline.workers.crew import Crew

CONTRASTS = (
    "theme_id group_a group_b difference low high p p_min p_holm verdict low_sceptical "
    "high_sceptical ratio ratio_low ratio_high n_a n_b correlation low_without_one "
    "high_without_one weakest n_needed"
)
PROMISED = {
    "documents.csv": "doc_id path title published source country language group confidence "
    "n_sentences n_words duplicate_of author published_from url",
    "rejected.csv": "path reason",
    "dropped.csv": "doc_id block reason text",
    "sentences.csv": "sentence_id doc_id position kind language theme_id theme strength "
    "second_theme_id text",
    "themes.csv": "theme_id label label_da label_no n_sentences n_documents n_da n_no stability "
    "language_leak terms_da terms_no example_da example_no alarms",
    "emphasis.csv": "theme_id group n_sentences n_documents share low high",
    "contrasts.csv": f"{CONTRASTS} survives sentence",
    "confounds.csv": "group_a group_b column extent detail",
    "words.csv": "theme_id group_a group_b term label_da label_no n_a n_b n_documents_a "
    "n_documents_b log_odds z",
    "years.csv": "theme_id group year n_documents share low high",
    "placebo.csv": CONTRASTS,
    "placebo_rates.csv": "n_splits n_with_leaning n_with_clear",
}
NUMBERS = {
    "emphasis.csv": ("n_sentences", "n_documents", "share", "low", "high"),
    "contrasts.csv": ("difference", "low", "high", "p", "p_min", "p_holm"),
}
VERDICTS = ("clear", "leaning", "too few documents")


@pytest.mark.parametrize("name", PROMISED)
def test_a_csv_file_has_the_promised_columns_in_their_order(finished, name):
    header = (finished.out / "report" / name).read_bytes().split(b"\n")[0]
    assert header.decode() == PROMISED[name].replace(" ", ",")


def test_there_are_charts_a_page_and_the_record_of_the_run(finished):
    report = finished.out / "report"
    charts = sorted((report / "charts").iterdir())
    assert len(charts) >= 8
    assert {chart.stem for chart in charts if chart.suffix == ".png"} == {
        chart.stem for chart in charts if chart.suffix == ".svg"
    }
    for chart in charts:
        start = b"\x89PNG\r\n\x1a\n" if chart.suffix == ".png" else b"<?xml"
        assert chart.read_bytes().startswith(start)
    assert (report / "index.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    record = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert {"version", "settings", "packages", "stages", "inputs"} <= set(record)
    assert set(record["inputs"]) == files_under(finished)
    for stage in record["stages"].values():
        assert stage["seconds"] >= 0
        assert stage["peak_memory_mb"] > 0


def files_under(run: Run) -> set[str]:
    return set(files_of(run.raw))


def test_every_file_is_among_the_documents_or_the_rejected_and_not_in_both(finished):
    documents = [row["path"] for row in read_csv(finished.out, "documents.csv")]
    rejected = [row["path"] for row in read_csv(finished.out, "rejected.csv")]
    assert sorted(documents + rejected) == sorted(files_under(finished))
    assert set(rejected) == {"mappe/logo.png", "metadata.csv", "tom.txt"}
    assert all(row["reason"] for row in read_csv(finished.out, "rejected.csv"))


def test_languages_and_groups_are_told_apart(finished):
    rows = read_csv(finished.out, "documents.csv")
    found = {row["doc_id"]: (row["language"], row["group"]) for row in rows}
    assert found == {
        "an-english-note": ("en", ""),
        "beboerne-vil-have-svar": ("da", "da"),
        "brukerne-forst": ("nb", "no"),
        "brukerne-kopi": ("nb", "no"),
        "faelles-data-paa-tvaers": ("da", "da"),
        "felles-register-i-fjordane": ("nn", "no"),
        "maskinen-laeser-sagen": ("da", "da"),
        "modellen-tar-ikke-beslutningen": ("nb", "no"),
    }


def test_copies_and_other_languages_are_listed_and_have_no_sentences(finished):
    rows = {row["doc_id"]: row for row in read_csv(finished.out, "documents.csv")}
    assert rows["brukerne-kopi"]["duplicate_of"] == "brukerne-forst"
    without = {doc_id for doc_id, row in rows.items() if row["n_sentences"] == "0"}
    assert without == {"brukerne-kopi", "an-english-note"}
    assert {row["doc_id"] for row in read_csv(finished.out, "sentences.csv")} == set(rows) - without


def test_metadata_goes_before_what_the_file_says(finished):
    rows = {row["doc_id"]: row for row in read_csv(finished.out, "documents.csv")}
    row = rows["beboerne-vil-have-svar"]
    assert row["title"] == "Beboerne vil have svar"
    assert (row["published"], row["source"], row["country"]) == (
        "2023-11-01", "Vesterlund Avis", "DK",
    )  # fmt: skip
    assert rows["maskinen-laeser-sagen"]["title"] == "Maskinen læser sagen"


def test_a_groups_shares_sum_to_one(finished):
    sums: dict[str, float] = defaultdict(float)
    for row in Store(finished.out).read("emphasis").itertuples():
        sums[row.group] += row.share
    assert sums == {"da": pytest.approx(1, abs=1e-12), "no": pytest.approx(1, abs=1e-12)}
    for row in read_csv(finished.out, "emphasis.csv"):
        sums[row["group"]] -= float(row["share"])
    n_rows = len(read_csv(finished.out, "emphasis.csv")) / 2
    assert max(map(abs, sums.values())) <= n_rows * 0.5e-4  # each is rounded to four decimals


def test_emphasis_is_the_plain_mean_over_the_groups_documents(finished):
    """Recomputed from the CSV files alone, as another tool would."""
    of_document: dict[str, list[str]] = defaultdict(list)
    for row in read_csv(finished.out, "sentences.csv"):
        of_document[row["doc_id"]].append(row["theme_id"])
    group_of = {row["doc_id"]: row["group"] for row in read_csv(finished.out, "documents.csv")}
    for row in read_csv(finished.out, "emphasis.csv"):
        shares = [
            themes.count(row["theme_id"]) / len(themes)
            for doc_id, themes in of_document.items()
            if group_of[doc_id] == row["group"]
        ]
        assert float(row["share"]) == pytest.approx(sum(shares) / len(shares), abs=1e-4)
        assert 0 <= float(row["low"]) <= float(row["high"]) <= 1
        assert int(row["n_documents"]) == sum(share > 0 for share in shares)


def test_there_is_a_row_without_a_theme_for_each_group_and_none_in_the_contrasts(finished):
    rows = read_csv(finished.out, "emphasis.csv")
    assert sorted(row["group"] for row in rows if not row["theme_id"]) == ["da", "no"]
    themes = {row["theme_id"] for row in read_csv(finished.out, "themes.csv")}
    assert {row["theme_id"] for row in rows} == themes | {""}
    contrasts = read_csv(finished.out, "contrasts.csv")
    assert {row["theme_id"] for row in contrasts} == themes
    assert {(row["group_a"], row["group_b"]) for row in contrasts} == {("da", "no")}


def test_a_verdict_begins_with_one_of_three_words(finished):
    verdicts = [row["verdict"] for row in read_csv(finished.out, "contrasts.csv")]
    assert verdicts
    assert all(verdict.startswith(VERDICTS) for verdict in verdicts)
    # Three documents in each group are too few for a clear one, whatever they say.
    assert not any(verdict.startswith("clear") for verdict in verdicts)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_there_and_finite(finished, name):
    for row in read_csv(finished.out, name):
        for column in NUMBERS[name]:
            assert math.isfinite(float(row[column])), (column, row)
    for row in read_csv(finished.out, name) if name == "contrasts.csv" else []:
        assert 0 < float(row["p_min"]) <= float(row["p"]) <= float(row["p_holm"]) <= 1


def test_tables_hold_no_nan_but_where_the_schema_allows_it(finished):
    store = Store(finished.out)
    for table, columns in SCHEMAS.items():
        if table == "robustness":  # which a command of its own writes
            continue
        rows = store.read_all(table)
        for column, kind in columns.items():
            if not kind.endswith("?"):
                assert not rows[column].isna().any(), (table, column)


def test_every_part_of_the_early_tables_is_there(finished):
    store = Store(finished.out)
    for table in ("files", "documents", "blocks", "rejected", "languages", "sentences", "terms",
                  "vectors", "assignments"):  # fmt: skip
        assert store.parts(table) == [0, 1, 2, 3, 4], table


def test_vectors_are_row_for_row_the_sentences_and_of_unit_length_or_zero(finished):
    store = Store(finished.out)
    for part in store.parts("sentences"):
        vectors = store.read_vectors(part)
        assert vectors.dtype == np.float32
        assert len(vectors) == len(store.read("sentences", part))
        lengths = np.linalg.norm(vectors, axis=1)
        assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)


def test_assignments_are_row_for_row_the_sentences(finished):
    store = Store(finished.out)
    for part in store.parts("sentences"):
        ids = list(store.read("assignments", part)["sentence_id"])
        assert ids == list(store.read("sentences", part)["sentence_id"])


def test_a_sentences_offsets_give_its_text_from_its_block(finished):
    store = Store(finished.out)
    blocks = store.read_all("blocks").set_index(["doc_id", "block"])
    sentences = store.read_all("sentences")
    assert len(sentences) > 50
    for row in sentences.itertuples():
        block = blocks.loc[(row.doc_id, row.block)]
        assert block["text"][row.start : row.end] == row.text
        assert block["kept"]
        assert block["kind"] == row.kind
        assert row.text == row.text.strip() != ""
    for _, rows in sentences.groupby(["doc_id", "block"]):
        for (_, before), (_, after) in pairwise(rows.iterrows()):
            assert before["end"] <= after["start"]


def test_positions_run_from_zero_and_ids_name_them(finished):
    for doc_id, rows in Store(finished.out).read_all("sentences").groupby("doc_id"):
        assert list(rows["position"]) == list(range(len(rows)))
        assert list(rows["sentence_id"]) == [f"{doc_id}:{n}" for n in range(len(rows))]


def test_a_section_is_the_position_of_the_heading_above(finished):
    for _, rows in Store(finished.out).read_all("sentences").groupby("doc_id"):
        heading = -1
        for row in rows.itertuples():
            heading = row.position if row.kind == "heading" else heading
            assert row.section == heading


def test_what_is_left_out_is_listed_with_its_reason(finished):
    rows = read_csv(finished.out, "dropped.csv")
    assert rows
    assert all(row["reason"] for row in rows)
    kept = {row["text"] for row in read_csv(finished.out, "sentences.csv")}
    assert not kept & {row["text"] for row in rows}


def test_no_temporary_files_are_left(finished):
    assert not [path for path in files_of(finished.out) if path.endswith(".tmp") or "/." in path]


def test_the_answer_is_told_and_where_to_look(run):
    result = run.again()
    assert "documents compared" in result.out
    assert result.out.endswith(f"Open {run.out / 'report' / 'index.html'}\n")


# The same bytes


def test_two_processes_give_the_same_bytes_as_one(finished, tmp_path):
    other = finished._replace(out=tmp_path / "out")
    result = other.again("--jobs", 2, "--until", "compare")
    assert result.code == 0, result.err
    assert tables_of(other.out / "work") == tables_of(finished.out / "work")


@pytest.mark.skipif(not process.CAN_FORK, reason="steps are led by forked workers, on Linux only")
def test_steps_that_worker_processes_lead_give_the_same_bytes(finished, tmp_path, monkeypatch):
    """Those of five texts would be led here until a process has imported what they take."""
    can_lead = Crew.can_lead

    def wait(crew):
        while not can_lead(crew):
            time.sleep(0.01)
        return True

    led = []
    lead = Crew.lead
    monkeypatch.setattr(Crew, "can_lead", wait)
    monkeypatch.setattr(
        Crew, "lead", lambda crew, do, step, task: led.append(step) or lead(crew, do, step, task)
    )
    other = finished._replace(out=tmp_path / "out")
    result = other.again("--jobs", 2)
    assert result.code == 0, result.err
    assert {step.function for step in STEPS if step.scope == "corpus" and not step.always} <= {*led}
    assert files_of(other.out) == files_of(finished.out)


def test_files_made_in_another_order_in_another_folder_give_the_same_bytes(
    finished, tmp_path, monkeypatch
):
    raw = tmp_path / "tekster på nett"
    for name in sorted(files_of(finished.raw), reverse=True):
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(finished.raw / name, path)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    monkeypatch.chdir(tmp_path)
    shutil.copy(finished.config, "nordtema.toml")
    assert nordtema("run", raw.name, "--jobs", 1, "--quiet").code == 0
    assert files_of(tmp_path / "outputs") == files_of(finished.out)


@pytest.mark.usefixtures("two_charts")
@pytest.mark.parametrize("size", [3, 512])
def test_parts_of_another_size_give_the_same_csv_files(finished, tmp_path, size):
    config = tmp_path / "other.toml"
    config.write_text(finished.config.read_text().replace("documents = 2", f"documents = {size}"))
    run = finished.copy(tmp_path)._replace(config=config)
    assert run.again().code == 0
    assert len(Store(run.out).parts("sentences")) == -(-10 // size)
    assert csv_files_of(run.out) == csv_files_of(finished.out)
    assert len(csv_files_of(run.out)) == len(PROMISED)


@pytest.mark.usefixtures("two_charts")
def test_a_part_without_any_text_changes_nothing(finished, tmp_path):
    """With parts of one file, `tom.txt` and `logo.png` are parts that hold no document."""
    config = tmp_path / "other.toml"
    config.write_text(finished.config.read_text().replace("documents = 2", "documents = 1"))
    other = Run(finished.raw, tmp_path / "out", config)
    assert other.again().code == 0
    assert csv_files_of(other.out) == csv_files_of(finished.out)


def test_another_seed_reaches_the_results_and_the_same_seed_gives_them_again(finished, tmp_path):
    runs = [finished.copy(tmp_path / name) for name in "ab"]
    for run in runs:
        assert run.again("--seed", 5, "--until", "compare").code == 0
    first, second = (tables_of(run.out / "work") for run in runs)
    assert first == second
    # Where the themes are the same, shares and intervals are: only what is drawn at random differs
    placebo = "placebo/part-00000.parquet"
    assert first[placebo] != (finished.out / "work" / placebo).read_bytes()


# Odd corpora


def small_run(tmp_path, config, texts: dict[str, str]) -> Run:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in texts.items():
        (raw / name).write_text(text, encoding="utf-8")
    return Run(raw, tmp_path / "out", config)


@pytest.mark.parametrize("language", ["danish", "norwegian"])
def test_with_one_language_it_says_that_there_is_nothing_to_compare(
    finished, tmp_path, config, language
):
    danish = {"beboerne-vil-have-svar.txt", "maskinen-laeser-sagen.md"}
    norwegian = {"brukerne-forst.txt", "felles-register-i-fjordane.txt"}
    names = danish if language == "danish" else norwegian
    texts = {name: (finished.raw / name).read_text(encoding="utf-8") for name in names}
    run = small_run(tmp_path, config, texts)
    result = run.again()
    assert result.code == 0
    group = "da" if language == "danish" else "no"
    said = f"note: nothing to compare by group: all documents are in one group ({group})"
    assert said in result.err.splitlines()
    assert read_csv(run.out, "contrasts.csv") == []
    assert {row["group"] for row in read_csv(run.out, "emphasis.csv")} == {group}
    header = (run.out / "report" / "contrasts.csv").read_text().strip()
    assert header == PROMISED["contrasts.csv"].replace(" ", ",")


def test_a_single_document_is_reported(finished, tmp_path, config):
    name = "beboerne-vil-have-svar.txt"
    text = (finished.raw / name).read_text(encoding="utf-8")
    run = small_run(tmp_path, config, {name: text})
    result = run.again()
    assert result.code == 0
    assert [row["path"] for row in read_csv(run.out, "documents.csv")] == [name]
    assert sum(float(row["share"]) for row in read_csv(run.out, "emphasis.csv")) == pytest.approx(
        1, abs=1e-3
    )


def test_a_document_of_one_word_among_others_takes_part_or_is_listed(run):
    (run.raw / "et-ord.txt").write_text("Brugerbehov", encoding="utf-8")
    assert run.again().code == 0
    assert "et-ord.txt" in {row["path"] for row in read_csv(run.out, "documents.csv")}
    for row in read_csv(run.out, "emphasis.csv"):
        assert math.isfinite(float(row["share"]))


def test_real_articles_are_read_in_their_languages(seeds, config, tmp_path):
    run = Run(seeds, tmp_path / "out", config)
    assert run.again("--until", "vectorize").code == 0
    store = Store(run.out)
    languages = store.read_all("languages")
    whole = languages[languages["block"] == -1]["language"].map({"da": "da", "nb": "no"})
    assert sorted(whole.dropna()) == ["da", "da", "da", "no", "no"]
    assert store.read_all("rejected")["reason"].str.len().gt(0).all()
    assert set(store.read_all("sentences")["doc_id"]) == set(store.read_all("documents")["doc_id"])
