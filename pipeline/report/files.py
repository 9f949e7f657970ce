"""The files of the report, in pieces that several processes may make beside each other.

Each piece opens the tables for itself, since they can be large: to send them to another process
would take as long, and more memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.report import Tables, locate_sentences, read_tables
from pipeline.report.charts import Chart, Places, draw_chart
from pipeline.report.tables import FILES, list_robustness, to_csv_bytes
from pipeline.report.workbook import WORKBOOK_NAME, make_workbook, tell_left_out
from pipeline.store import Task

_Key = tuple[Path, str, str, str, tuple[tuple[str, Any], ...]]


class _Opened(NamedTuple):
    key: _Key
    tables: Tables
    places: Places


_opened: list[_Opened] = []  # those that were opened last, at most


def open_tables(task: Task) -> tuple[Tables, Places]:
    """The tables of a run and the sentences on its map, read once by each process."""
    store, language = task.store, task.settings.report.language
    group_by, share_by = task.settings.compare.group_by, task.settings.compare.share_by
    key = (store.root, group_by, share_by, language, store.list_tables())
    if not _opened or _opened[0].key != key:
        _opened.clear()
        tables = read_tables(store, group_by, language, share_by=share_by)
        shown = locate_sentences(tables, store.read("map"))
        places = Places(
            shown[["x", "y"]].to_numpy(), list(shown["theme_id"]), list(shown["language"])
        )
        _opened.append(_Opened(key, tables, places))
    return _opened[0].tables, _opened[0].places


def close_tables() -> None:
    """Give their memory back."""
    _opened.clear()


def write_tables(task: Task) -> tuple[list[Path], list[str]]:
    """Write the CSV files and the workbook; a line for each sheet that lacks some of its table."""
    store, settings = task.store, task.settings.report
    tables, _ = open_tables(task)
    frames = _list_frames(tables, store.read("coverage"))
    written = []
    for name, frame in frames.items():
        written.append(store.root / "report" / name)
        content = to_csv_bytes(frame, bom=settings.csv_bom, decimal_comma=settings.decimal_comma)
        store.write_bytes(written[-1], content)
    with store.make_scratch("workbook") as folder:
        workbook = make_workbook(frames, folder=folder)
    written.append(store.root / "report" / WORKBOOK_NAME)
    store.write_bytes(written[-1], workbook)
    return written, tell_left_out(frames)


def _list_frames(tables: Tables, coverage: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables that people get, by the name of their CSV file."""
    frames = {name: make(tables) for name, make in FILES.items()}
    if len(coverage):
        frames["codebook.csv"] = coverage
    if len(tables.robustness):
        frames["robustness.csv"] = list_robustness(tables)
    return frames


def write_chart(task: Task, name: str) -> tuple[list[Path], Chart]:
    """Draw one of CHARTS and write it as PNG and SVG."""
    tables, places = open_tables(task)
    chart = draw_chart(name, tables, places, task.settings.report.max_themes_in_charts)
    folder = task.store.root / "report" / "charts"
    written = {folder / f"{name}.png": chart.png, folder / f"{name}.svg": chart.svg}
    for path, content in written.items():
        task.store.write_bytes(path, content)
    return list(written), chart
