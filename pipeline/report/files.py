"""The files of the report, in pieces that several processes may make beside each other.

Each piece opens the tables for itself, since they can be large: to send them to another process
would take as long, and more memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.report import Shown, Tables, read_tables
from pipeline.report.charts import Chart, Places, draw_chart
from pipeline.report.gather import choose_near, join_themes
from pipeline.report.in_order import Documents
from pipeline.report.tables import (
    DROPPED_COLUMNS,
    FILES,
    SENTENCE_COLUMNS,
    list_robustness,
    list_sentences,
    to_csv_bytes,
    write_header,
    write_rows,
)
from pipeline.report.workbook import WORKBOOK_NAME, Rows, make_workbook, tell_left_out
from pipeline.settings import ReportSettings
from pipeline.store import Store, Task

# Of more sentences than these a page has the nearest to each theme, with what stands around them
MOST_SENTENCES = 200_000
MOST_DROPPED = 500
# Those that hold something of every sentence or block: they are written some rows at a time
SENTENCES, DROPPED = "sentences.csv", "dropped.csv"
NAMES = (*FILES, DROPPED, SENTENCES)

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
    # Another thread may open others meanwhile
    opened = next(iter(_opened), None)
    if opened is None or opened.key != key:
        _opened.clear()
        tables = read_tables(store, group_by, language, share_by=share_by)
        shown = store.read("map").merge(store.read_all("located"), on="sentence_id")
        places = Places(
            shown[["x", "y"]].to_numpy(), list(shown["theme_id"]), list(shown["language"])
        )
        opened = _Opened(key, tables, places)
        _opened[:] = [opened]
    return opened.tables, opened.places


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
    documents = Documents(store)
    for name, chunks in write_long(store, documents, settings).items():
        written.append(store.root / "report" / name)
        store.write_chunks(written[-1], chunks)
    sheets: dict[str, pd.DataFrame | Rows] = {
        **frames,
        DROPPED: Rows(
            DROPPED_COLUMNS,
            int(tables.dropped["n_blocks"].sum()),
            lambda: _walk_dropped(store, documents),
        ),
        SENTENCES: Rows(
            SENTENCE_COLUMNS,
            tables.n_sentences,
            lambda: _walk_sentences(store, documents, tables.themes),
        ),
    }
    with store.make_scratch("workbook") as folder:
        workbook = make_workbook(sheets, folder=folder)
    written.append(store.root / "report" / WORKBOOK_NAME)
    store.write_bytes(written[-1], workbook)
    return written, tell_left_out(sheets)


def _list_frames(tables: Tables, coverage: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables that people get, but for the long ones, by the name of their CSV file."""
    frames = {name: make(tables) for name, make in FILES.items()}
    if len(coverage):
        frames["codebook.csv"] = coverage
    if len(tables.robustness):
        frames["robustness.csv"] = list_robustness(tables)
    return frames


def write_long(
    store: Store, documents: Documents, settings: ReportSettings
) -> dict[str, Iterable[bytes]]:
    """The bytes of the long tables, some at a time."""
    header = {
        name: write_header(columns, bom=settings.csv_bom, decimal_comma=settings.decimal_comma)
        for name, columns in ((DROPPED, DROPPED_COLUMNS), (SENTENCES, SENTENCE_COLUMNS))
    }
    dropped = (
        write_rows(rows, decimal_comma=settings.decimal_comma)
        for rows in _walk_dropped(store, documents)
    )
    return {
        DROPPED: chain([header[DROPPED]], dropped),
        SENTENCES: chain([header[SENTENCES]], documents.each_line()),
    }


def _walk_dropped(store: Store, documents: Documents) -> Iterator[pd.DataFrame]:
    for rows in documents.walk(lambda part: store.read("dropped", part)):
        yield rows[DROPPED_COLUMNS]


def _walk_sentences(
    store: Store, documents: Documents, themes: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    return documents.walk(
        lambda part: list_sentences(
            store.read("sentences", part), store.read("assignments", part), themes
        )
    )


def read_shown(store: Store, n_sentences: int, nearest: int) -> Shown:
    """Of more than MOST_SENTENCES the `nearest` of each theme and language, with what stands
    around them; of the blocks that were dropped the first MOST_DROPPED."""
    if n_sentences <= MOST_SENTENCES:
        sentences = join_themes(store.read_all("sentences"), store.read_all("assignments"))
    else:
        sentences = choose_near(store.read_all("near"), nearest)
    dropped, left = [pd.DataFrame(columns=DROPPED_COLUMNS)], MOST_DROPPED
    for rows in _walk_dropped(store, Documents(store)):
        dropped.append(rows.iloc[:left])
        left -= len(dropped[-1])
        if not left:
            break
    return Shown(sentences, pd.concat(dropped[1:] or dropped))


def write_chart(task: Task, name: str) -> tuple[list[Path], Chart]:
    """Draw one of CHARTS and write it as PNG and SVG."""
    tables, places = open_tables(task)
    chart = draw_chart(name, tables, places, task.settings.report.max_themes_in_charts)
    folder = task.store.root / "report" / "charts"
    written = {folder / f"{name}.png": chart.png, folder / f"{name}.svg": chart.svg}
    for path, content in written.items():
        task.store.write_bytes(path, content)
    return list(written), chart
