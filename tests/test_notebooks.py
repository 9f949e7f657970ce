"""The notebooks run on a finished run, notice a wrong number, and are committed without outputs."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from running import Run

HOME = Path(__file__).parent.parent
NOTEBOOKS = sorted((HOME / "notebooks").glob("*.ipynb"))
REPRODUCE, FROM_PYTHON, CURATION, STATISTICS = NOTEBOOKS
OF_A_RUN = [REPRODUCE, STATISTICS]
BY_NAME = {"argvalues": NOTEBOOKS, "ids": [path.name for path in NOTEBOOKS]}


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path], str]:
    """Runs a notebook on an outputs folder; gives what it printed. Raises CellExecutionError."""

    def run(path: Path, outputs: Path) -> str:
        monkeypatch.setenv("NORDTEMA_OUTPUTS", str(outputs))
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
        shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        return "".join(output.get("text", "") for output in shown)

    return run


@pytest.fixture
def copied_run(finished: Run, tmp_path: Path) -> Path:
    shutil.copytree(finished.out / "report", tmp_path / "outputs" / "report")
    return tmp_path / "outputs"


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_notebook_is_committed_without_outputs(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert [cell.execution_count for cell in cells] == [None] * len(cells)


@pytest.mark.parametrize("path", OF_A_RUN, ids=lambda path: path.name)
def test_a_notebook_says_what_to_do_where_there_is_no_run(path, execute, tmp_path):
    with pytest.raises(CellExecutionError, match=r"holds no finished run; run `.*` first"):
        execute(path, tmp_path)


@pytest.mark.parametrize("path", OF_A_RUN, ids=lambda path: path.name)
def test_a_notebook_passes_on_a_finished_run(path, execute, finished):
    assert " agree with the run." in execute(path, finished.out)


def test_the_notebook_reads_tables_with_a_decimal_comma(execute, finished, tmp_path):
    copied = finished.copy(tmp_path)
    config = tmp_path / "comma.toml"
    settings = copied.config.read_text(encoding="utf-8")
    config.write_text(f"{settings}[report]\ndecimal_comma = true\ncsv_bom = true\n")
    assert copied.again("--config", config).code == 0
    assert ";" in (copied.out / "report" / "emphasis.csv").read_text(encoding="utf-8")
    assert " agree with the run." in execute(REPRODUCE, copied.out)


# Those that do a run of their own, on the sample texts: the second finds what the first has read


@pytest.fixture(scope="module")
def own_outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


def test_the_notebook_from_python_gives_the_numbers_of_the_files(execute, own_outputs, monkeypatch):
    monkeypatch.setenv("NORDTEMA_NOTEBOOK_OUTPUTS", str(own_outputs))
    said = execute(FROM_PYTHON, own_outputs)
    n_emphasis, n_contrasts = (
        len(read_rows(own_outputs / "report" / name)) - 1
        for name in ("emphasis.csv", "contrasts.csv")
    )
    assert n_contrasts >= 5
    assert f"{3 * n_emphasis + 5 * n_contrasts} numbers agree with the CSV files." in said


def test_the_notebook_of_codebook_and_curation_counts_what_the_files_say(
    execute, own_outputs, monkeypatch
):
    monkeypatch.setenv("NORDTEMA_NOTEBOOK_OUTPUTS", str(own_outputs))
    said = execute(CURATION, own_outputs)
    n_themes = len(read_rows(own_outputs / "report" / "themes.csv")) - 1
    assert f"The sentences of {n_themes} themes are as many as themes.csv says." in said


@pytest.mark.parametrize("path", [FROM_PYTHON, CURATION], ids=lambda path: path.name)
def test_a_notebook_says_which_folder_of_texts_is_not_there(path, execute, tmp_path, monkeypatch):
    monkeypatch.setenv("NORDTEMA_RAW", str(tmp_path / "nowhere"))
    monkeypatch.setenv("NORDTEMA_NOTEBOOK_OUTPUTS", str(tmp_path / "out"))
    with pytest.raises(CellExecutionError, match=r"nowhere: no such folder; name the folder"):
        execute(path, tmp_path)


@pytest.mark.parametrize("path", [FROM_PYTHON, CURATION], ids=lambda path: path.name)
def test_a_notebook_with_a_run_of_its_own_fails_where_a_file_says_another_number(
    path, execute, finished, tmp_path, monkeypatch
):
    """The run is up to date, and then a file is changed behind its back."""
    monkeypatch.setenv("NORDTEMA_RAW", str(finished.raw))
    monkeypatch.setenv("NORDTEMA_NOTEBOOK_OUTPUTS", str(tmp_path / "out"))
    notebook = nbformat.read(path, as_version=4)
    file, column = ("emphasis.csv", "low") if path == FROM_PYTHON else ("themes.csv", "n_sentences")
    spoil = f"""
import csv
_path = folder / "report" / "{file}"
_rows = list(csv.reader(_path.open(encoding="utf-8", newline="")))
_place = _rows[0].index("{column}")
_rows[1][_place] = str(type(0.5 if "." in _rows[1][_place] else 1)(_rows[1][_place]) + 1)
csv.writer(_path.open("w", encoding="utf-8", newline="")).writerows(_rows)
"""
    [place] = [
        number
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and "\ndef check" in f"\n{cell.source}"
    ]
    notebook.cells.insert(place, nbformat.v4.new_code_cell(spoil))
    changed = tmp_path / path.name
    nbformat.write(notebook, changed)
    with pytest.raises(CellExecutionError, match=rf"{file} says (another low|\d+ sentences)"):
        execute(changed, tmp_path)


def test_the_notebook_recomputes_every_share_and_difference(execute, finished):
    n_shares, n_differences = (
        len(read_rows(finished.out / "report" / name)) - 1
        for name in ("emphasis.csv", "contrasts.csv")
    )
    said = f"{n_shares} shares and {n_differences} differences agree with the run."
    assert n_shares
    assert n_differences
    assert said in execute(REPRODUCE, finished.out)


@pytest.mark.parametrize(
    ("file", "column", "row"),
    [
        ("emphasis.csv", "share", 1),
        ("emphasis.csv", "share", -1),
        ("contrasts.csv", "difference", 1),
    ],
)
def test_the_notebook_fails_where_a_number_was_changed(file, column, row, execute, copied_run):
    path = copied_run / "report" / file
    rows = read_rows(path)
    place = rows[0].index(column)
    rows[row][place] = f"{float(rows[row][place]) + 0.001:.4f}"
    with path.open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink).writerows(rows)
    message = rf"{file} says {column} = {rows[row][place]} for .*, but its sentences give"
    with pytest.raises(CellExecutionError, match=message):
        execute(REPRODUCE, copied_run)


def test_the_notebook_fails_where_a_theme_is_missing(execute, copied_run):
    path = copied_run / "report" / "emphasis.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(CellExecutionError, match="other groups or themes than its sentences"):
        execute(REPRODUCE, copied_run)


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))
