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
BY_NAME = {"argvalues": NOTEBOOKS, "ids": [path.name for path in NOTEBOOKS]}


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path], str]:
    """Runs a notebook on an outputs folder; gives what it printed. Raises CellExecutionError."""

    def run(path: Path, outputs: Path) -> str:
        monkeypatch.setenv("NORDTEMA_OUTPUTS", str(outputs))
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(path.parent)}}
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
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


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_notebook_says_what_to_do_where_there_is_no_run(path, execute, tmp_path):
    with pytest.raises(CellExecutionError, match=r"holds no finished run; run `make run` first"):
        execute(path, tmp_path)


@pytest.mark.parametrize("path", **BY_NAME)
def test_a_notebook_passes_on_a_finished_run(path, execute, finished):
    execute(path, finished.out)


REPRODUCE = HOME / "notebooks" / "01_reproduce.ipynb"


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
