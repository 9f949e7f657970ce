"""A run with an analyst's codebook, from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from running import Run, stages_that_ran, the_error

from pipeline.cluster import describe, lineage
from pipeline.compare import counting

pytestmark = pytest.mark.usefixtures("two_charts")

CODEBOOK = """
[[theme]]
id = "users"
label_da = "Brugere"
label_no = "Brukere"
da = ["bruger", "borger", "flødebolle"]

[[theme]]
id = "rain"
label_da = "Regnorme"
label_no = "Meitemarker"
no = ["meitemark", "regnmåler"]
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("codebook") / "mine.toml"
    file.write_text(CODEBOOK, encoding="utf-8")
    return file


def rows(run: Run, name: str) -> list[dict[str, str]]:
    with (run.out / "report" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_themes_are_called_as_the_codebook_calls_them(run: Run, path: Path) -> None:
    result = run.again("--codebook", path)
    assert stages_that_ran(result) == ["cluster", "compare", "report"]
    themes = {row["theme_id"]: row for row in rows(run, "themes.csv")}
    assert "users" in themes
    assert (themes["users"]["label_da"], themes["users"]["label_no"]) == ("Brugere", "Brukere")
    assert {row["theme_id"] for row in rows(run, "sentences.csv")} <= {*themes, ""}
    words = {(row["theme_id"], row["phrase"]): int(row["n_with"])
             for row in rows(run, "codebook.csv")}  # fmt: skip
    assert words["users", "bruger"] > 0
    assert words["users", "flødebolle"] == 0
    assert f"{path}: " in result.err
    assert "words and phrases are in no sentence" in result.err
    assert f"{path}, line 8, theme 'rain': no text has any of its words" in result.err


def test_tables_are_the_same_when_parts_are_counted_in_batches_by_several_processes(
    run: Run, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = run.copy(tmp_path / "other")
    options = ("--codebook", path, "--until", "compare")
    assert stages_that_ran(run.again(*options)) == ["cluster", "compare"]
    for module in (lineage, describe, counting):
        monkeypatch.setattr(module, "_LEAST_BATCH", 1)
    assert stages_that_ran(other.again(*options, "--jobs", 4)) == ["cluster", "compare"]
    for table in ("known_themes", "lineage", "themes", "coverage", "shares", "words"):
        name = f"work/{table}/part-00000.parquet"
        assert (other.out / name).read_bytes() == (run.out / name).read_bytes(), table
    assert not (other.out / "work/scratch").exists()


def test_another_codebook_under_the_same_name_is_read_again(run: Run, path: Path) -> None:
    mine = path.with_name("changing.toml")
    mine.write_text(CODEBOOK, encoding="utf-8")
    run.again("--codebook", mine)
    assert stages_that_ran(run.again("--codebook", mine)) == []
    mine.write_text(CODEBOOK.replace('"Brugere"', '"Brugerne"'), encoding="utf-8")
    assert "cluster" in stages_that_ran(run.again("--codebook", mine))
    labels = {row["theme_id"]: row["label_da"] for row in rows(run, "themes.csv")}
    assert labels["users"] == "Brugerne"


def test_without_the_codebook_its_file_of_words_goes(run: Run, path: Path) -> None:
    run.again("--codebook", path)
    assert (run.out / "report" / "codebook.csv").is_file()
    run.again()
    assert not (run.out / "report" / "codebook.csv").exists()


def test_what_is_wrong_with_a_codebook_is_told_before_anything_is_done(
    run: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(CODEBOOK.replace("label_no", "lable_no", 1), encoding="utf-8")
    for options in ((), ("--dry-run",)):
        result = run.again("--codebook", bad, *options)
        assert result.code == 1
        assert the_error(result) == (
            f"nordtema: {bad}, line 2, theme 'users': unknown key 'lable_no'; did you mean "
            "label_no?"
        )
        assert "read" not in result.err.splitlines()[0]


def test_a_codebook_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    result = run.again("--codebook", tmp_path / "none.toml")
    assert the_error(result) == (
        f"nordtema: {tmp_path / 'none.toml'}: no such codebook; check the name after --codebook"
    )
