from __future__ import annotations

import pytest
from running import nordtema, read_csv, the_error

from pipeline.store import Store


def test_a_sentence_is_shown_in_every_table(finished):
    row = next(row for row in read_csv(finished.out, "sentences.csv") if row["theme_id"])
    result = nordtema("show", row["sentence_id"], "--out", finished.out)
    assert result.code == 0
    assert result.err == ""
    heads = [line for line in result.out.splitlines() if line and not line.startswith(" ")]
    assert [head.partition(":")[0] for head in heads] == [
        "documents", "blocks", "languages", "sentences", "terms", "vectors", "assignments",
        "themes",
    ]  # fmt: skip
    assert f"    text: {row['text']}" in result.out
    assert f"    doc_id: {row['doc_id']}" in result.out
    assert f"    theme_id: {row['theme_id']}" in result.out
    assert "length 1.000" in result.out


def test_every_sentence_can_be_shown(finished):
    for row in read_csv(finished.out, "sentences.csv"):
        result = nordtema("show", row["sentence_id"], "--out", finished.out)
        assert result.code == 0, row["sentence_id"]
        assert f"    sentence_id: {row['sentence_id']}\n" in result.out


def test_an_unknown_sentence_is_told_with_the_place_of_the_ids(finished):
    result = nordtema("show", "nowhere:7", "--out", finished.out)
    assert result.code == 1
    assert the_error(result) == (
        f"nordtema: nowhere:7: no such sentence in {finished.out}; take an id from the first "
        f"column of {finished.out / 'report' / 'sentences.csv'}"
    )
    assert result.out == ""


@pytest.mark.parametrize("made", [True, False])
def test_before_any_run_it_is_told_to_run_first(tmp_path, made):
    out = tmp_path / "out"
    if made:
        out.mkdir()
    result = nordtema("show", "a:0", "--out", out)
    assert result.code == 1
    assert the_error(result) == (
        f"nordtema: {out}: holds no sentences; run `nordtema run` first, or name its folder "
        "with --out"
    )


def test_what_is_not_there_yet_is_left_out(run):
    for table in ("vectors", "assignments", "themes"):
        for path in (run.out / "work" / table).iterdir():
            path.unlink()
    result = nordtema("show", "brukerne-forst:0", "--out", run.out)
    assert result.code == 0
    assert "terms:" in result.out
    assert "vectors:" not in result.out


def test_a_sentence_that_has_no_vector_yet_is_shown_without(run):
    store = Store(run.out)
    part = 0
    last = store.read("sentences", part).iloc[-1]["sentence_id"]
    store.write_vectors(store.read_vectors(part)[:-1], part)
    result = nordtema("show", last, "--out", run.out)
    assert result.code == 0
    assert "vectors:" not in result.out


def test_an_id_is_taken_as_a_csv_file_writes_it(run):
    """A file called `-notat.txt` has ids that a spreadsheet could run; the CSV has `'-notat:0`."""
    (run.raw / "brukerne-forst.txt").rename(run.raw / "-notat.txt")
    assert run.again("--until", "compare").code == 0
    for sentence_id in ("'-notat:0", "-notat:0"):
        result = nordtema("show", "--out", run.out, "--", sentence_id)
        assert result.code == 0
        assert "    sentence_id: -notat:0\n" in result.out
        assert "terms:\n    sentence_id: -notat:0" in result.out
