"""The CSV files for people: their frames, with the promised column names, and their bytes.

Other tools read these files: columns may be added, never renamed. The texts in them come from
files that anybody may have written, so a cell that a spreadsheet could run is made harmless.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.report import Tables
from pipeline.report.quote import quote_contrast
from pipeline.schemas import EXAMPLE_BREAK

DECIMALS = 4
ROWS_AT_ONCE = 16_384
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x00\x1c-\x1e\x85\u2028\u2029]")
THEME_COLUMNS = [
    "theme_id", "label", "label_da", "label_no", "n_sentences", "n_documents", "n_da", "n_no",
    "stability", "language_leak", "terms_da", "terms_no", "example_da", "example_no", "alarms",
]  # fmt: skip
EMPHASIS_COLUMNS = ["theme_id", "group", "n_sentences", "n_documents", "share", "low", "high"]
CONTRAST_COLUMNS = [
    "theme_id", "group_a", "group_b", "difference", "low", "high", "p", "p_min", "p_holm",
    "verdict", "low_sceptical", "high_sceptical", "ratio", "ratio_low", "ratio_high", "n_a", "n_b",
    "correlation", "low_without_one", "high_without_one", "weakest", "n_needed",
]  # fmt: skip
CONFOUND_COLUMNS = ["group_a", "group_b", "column", "extent", "detail"]
# What tells one contrast from another
FINDING = ["theme_id", "group_a", "group_b"]
WORD_COLUMNS = [
    "theme_id", "group_a", "group_b", "term", "label_da", "label_no", "n_a", "n_b",
    "n_documents_a", "n_documents_b", "log_odds", "z",
]  # fmt: skip
YEAR_COLUMNS = ["theme_id", "group", "year", "n_documents", "share", "low", "high"]
SENTENCE_COLUMNS = [
    "sentence_id", "doc_id", "position", "kind", "language", "theme_id", "theme", "strength",
    "second_theme_id", "text",
]  # fmt: skip
# dropped.csv: the blocks that were left out, and why
DROPPED_COLUMNS = ["doc_id", "block", "reason", "text"]
DOCUMENT_COLUMNS = [
    "doc_id", "path", "title", "published", "source", "country", "language", "group",
    "confidence", "n_sentences", "n_words", "duplicate_of", "author", "published_from", "url",
]  # fmt: skip


def list_documents(tables: Tables) -> pd.DataFrame:
    """documents.csv: every document that was read. `group` is the language's: da, no or empty.

    Behind the promised columns stand the further ones of metadata.csv, by name; one that is called
    as a promised one has `metadata.csv: ` before its name.
    """
    listed = tables.documents.merge(
        tables.languages[["doc_id", "language", "confidence"]], on="doc_id", how="left"
    )
    listed["language"] = listed["language"].fillna("")
    listed["group"] = [GROUPS.get(language, "") for language in listed["language"]]
    counts = tables.tallies.groupby("doc_id")["n_sentences"].sum()
    listed["n_sentences"] = listed["doc_id"].map(counts).fillna(0).astype("int64")
    rows = [json.loads(written) for written in listed["more"]]
    listed = listed[DOCUMENT_COLUMNS]
    for name in sorted({name for row in rows for name in row}):
        shown = f"metadata.csv: {name}" if name in DOCUMENT_COLUMNS else name
        listed = listed.assign(**{shown: [row.get(name, "") for row in rows]})
    return listed


def list_rejected(tables: Tables) -> pd.DataFrame:
    """rejected.csv: the files that are no documents, and why, by path."""
    rejected = tables.rejected[["path", "reason"]]
    return rejected.sort_values("path", kind="stable", ignore_index=True)


def list_sentences(
    sentences: pd.DataFrame, assignments: pd.DataFrame, themes: pd.DataFrame
) -> pd.DataFrame:
    """sentences.csv: every sentence with its theme; headings and list items are rows too.

    The tables may be those of some documents.
    """
    listed = sentences.merge(
        assignments[["sentence_id", "theme_id", "strength", "second_theme_id"]],
        on="sentence_id",
        how="left",
    )
    listed["theme_id"] = listed["theme_id"].fillna("")
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    listed["theme"] = [labels.get(theme, "") for theme in listed["theme_id"].tolist()]
    return listed[SENTENCE_COLUMNS]


def list_themes(tables: Tables) -> pd.DataFrame:
    """themes.csv: every theme, with the first example sentence of each language."""
    examples = {
        f"example_{side}": [split_examples(text)[0] for text in tables.themes[f"examples_{side}"]]
        for side in ("da", "no")
    }
    return tables.themes.assign(**examples)[THEME_COLUMNS]


def list_emphasis(tables: Tables) -> pd.DataFrame:
    """emphasis.csv: each group's mean share of each theme; an empty theme_id is `no theme`."""
    return tables.emphasis[EMPHASIS_COLUMNS]


def list_contrasts(tables: Tables) -> pd.DataFrame:
    """contrasts.csv: the differences between two groups' shares, and the verdicts.

    `survives` says in how many other ways to do it a finding holds, "8 of 9", where `nordtema
    robustness` has been asked; a way that changes nothing in this run is not counted.
    """
    survives = find_survivals(tables)
    keys = zip(*(tables.contrasts[name] for name in FINDING), strict=True)
    said = ["{} of {}".format(*survives[key]) if key in survives else "" for key in keys]
    return tables.contrasts[CONTRAST_COLUMNS].assign(
        survives=said, sentence=quote_contrasts(tables)
    )


def find_survivals(tables: Tables) -> dict[tuple[str, ...], tuple[int, int]]:
    """(theme_id, group_a, group_b) of each finding that was checked -> in how many ways it held,
    and of how many."""
    counted = tables.robustness[tables.robustness["changed"].astype(bool)]
    counted = counted[counted["agrees"].notna()]
    held = counted["agrees"].astype(bool).groupby([counted[name] for name in FINDING])
    return {tuple(map(str, key)): (int(own.sum()), len(own)) for key, own in held}


def quote_contrasts(tables: Tables) -> list[str]:
    """A sentence for each contrast, in the language of the report."""
    labels = dict(zip(tables.themes["theme_id"], tables.themes["label"], strict=True))
    names = ("theme_id", "group", "share")
    shares = {
        (theme, group): share
        for theme, group, share in zip(*(tables.emphasis[name] for name in names), strict=True)
    }
    rows: list[dict[Any, Any]] = tables.contrasts.to_dict("records")
    return [
        quote_contrast(
            row,
            labels.get(row["theme_id"], row["theme_id"]),
            (
                shares.get((row["theme_id"], row["group_a"]), 0.0),
                shares.get((row["theme_id"], row["group_b"]), 0.0),
            ),
            tables.language,
        )
        for row in rows
    ]


def list_confounds(tables: Tables) -> pd.DataFrame:
    """confounds.csv: what else two groups differ in, wholly or partly."""
    return tables.confounds[CONFOUND_COLUMNS]


def list_placebo(tables: Tables) -> pd.DataFrame:
    """placebo.csv: what contrasts.csv has, of two halves of one group, split at random."""
    return tables.placebo[CONTRAST_COLUMNS]


def list_placebo_rates(tables: Tables) -> pd.DataFrame:
    """placebo_rates.csv: in how many random splits a verdict of a theme was so sure."""
    return tables.placebo_rates


def list_words(tables: Tables) -> pd.DataFrame:
    """words.csv: which concepts two groups use within one theme, the most telling first."""
    return tables.words[WORD_COLUMNS]


def list_years(tables: Tables) -> pd.DataFrame:
    """years.csv: each group's mean share of each theme by year; empty years have no row."""
    return tables.years[YEAR_COLUMNS]


def list_robustness(tables: Tables) -> pd.DataFrame:
    """robustness.csv: what becomes of each contrast when the run is done in other ways."""
    return tables.robustness.drop(columns="of_run")


# The tables that hold something of every sentence or block are not among them: see `files`
FILES: dict[str, Callable[[Tables], pd.DataFrame]] = {
    "documents.csv": list_documents,
    "rejected.csv": list_rejected,
    "themes.csv": list_themes,
    "emphasis.csv": list_emphasis,
    "contrasts.csv": list_contrasts,
    "confounds.csv": list_confounds,
    "placebo.csv": list_placebo,
    "placebo_rates.csv": list_placebo_rates,
    "words.csv": list_words,
    "years.csv": list_years,
}


def split_examples(text: object) -> list[str]:
    """The sentences of an examples cell; one empty sentence where there is none."""
    return str(text).split(EXAMPLE_BREAK) if isinstance(text, str) else [""]


def to_csv_bytes(frame: pd.DataFrame, *, bom: bool = False, decimal_comma: bool = False) -> bytes:
    """A frame as UTF-8 CSV with `\\n` line ends; equal frames give equal bytes.

    Numbers are as `write_number` says, missing values empty, texts made harmless by `disarm`, also
    where a program parts the cells at `;` instead of `,` or the other way round. With
    `bom` a byte order mark goes before it all, by which Excel knows UTF-8. With `decimal_comma`
    floats are `0,25` and `;` parts the cells, as Danish and Norwegian Excel reads them.
    """
    head = write_header(frame.columns, bom=bom, decimal_comma=decimal_comma)
    # Some rows at a time: as Python's texts they take several times the memory
    chunks = (
        frame.iloc[first : first + ROWS_AT_ONCE] for first in range(0, len(frame), ROWS_AT_ONCE)
    )
    return b"".join([head, *(write_rows(rows, decimal_comma=decimal_comma) for rows in chunks)])


def write_header(
    columns: Iterable[Any], *, bom: bool = False, decimal_comma: bool = False
) -> bytes:
    """The first line of `to_csv_bytes`."""
    mark = codecs.BOM_UTF8 if bom else b""
    return mark + _write_lines([[disarm(str(name)) for name in columns]], _part(decimal_comma))


def write_rows(frame: pd.DataFrame, *, decimal_comma: bool = False) -> bytes:
    """The other lines of `to_csv_bytes`."""
    delimiter = _part(decimal_comma)
    return _write_lines(_list_rows(frame, delimiter), delimiter)


def cut_csv(
    frame: pd.DataFrame, names: Sequence[str], *, decimal_comma: bool = False
) -> dict[str, bytes]:
    """The lines of `write_rows` by the name that each row has."""
    delimiter = _part(decimal_comma)
    by_name: dict[str, list[Sequence[str]]] = {}
    for name, row in zip(names, _list_rows(frame, delimiter), strict=True):
        by_name.setdefault(name, []).append(row)
    return {name: _write_lines(rows, delimiter) for name, rows in by_name.items()}


def _part(decimal_comma: bool) -> str:
    return ";" if decimal_comma else ","


def _list_rows(frame: pd.DataFrame, delimiter: str) -> Iterable[tuple[str, ...]]:
    columns = [
        _write_cells(frame[name].tolist(), is_p=holds_p(name), delimiter=delimiter)
        for name in frame.columns
    ]
    return zip(*columns, strict=True)


def _write_lines(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode("utf-8", errors="replace")


def holds_p(column: object) -> bool:
    """Whether the column holds p-values: p, p_min, p_holm."""
    return str(column).split("_")[0] == "p"


def is_missing(cell: object) -> bool:
    """None, NaN, NA or NaT."""
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell


def write_number(number: float, *, is_p: bool) -> str:
    """A float with four decimals; a p that would round to 0 keeps two digits, since no p is 0.

    0.25 -> `0.2500`, -0.00001 -> `0.0000`, and a p of 2.9e-8 -> `2.9e-08`.
    """
    if is_p and 0 < number < 0.5 * 10**-DECIMALS:
        return f"{number:.1e}"
    written = f"{number:.{DECIMALS}f}"
    return written.removeprefix("-") if float(written) == 0 else written


def disarm(text: str) -> str:
    """A text on one line that no spreadsheet runs as a formula.

    `=1+1`, ` @SUM(A1)` and `- et listepunkt` get a leading `'`; so do the full-width signs that
    some spreadsheets read as the plain ones.
    """
    line = put_on_one_line(text)
    return f"'{line}" if could_run(text) else line


def _disarm_later_cells(text: str, mark: str) -> str:
    """The text with `'` before what could run as a cell of its own, after `mark`.

    A spreadsheet of another country parts cells at the other mark, within a text too. A sign that
    stands alone is none: `25,- kr.`
    """
    if mark not in text:
        return text
    first, *later = text.split(mark)
    return mark.join([first, *(f"'{cell}" if _could_run_alone(cell) else cell for cell in later)])


def _could_run_alone(cell: str) -> bool:
    sign, *rest = cell.split(maxsplit=1) or [""]
    return could_run(cell) and (len(sign) > 1 or (sign[:1] in {"=", "＝"} and bool(rest)))


def put_on_one_line(text: str) -> str:
    """The text with a space for each line end."""
    # Quicker: no line end is printable, and most texts have none.
    return text if text.isprintable() else LINE_END.sub(" ", text)


def could_run(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    first = unicodedata.normalize("NFKC", next(filter(_is_visible, text), ""))[:1]
    return text[:1] in {"\t", "\r"} or first in {"=", "+", "-", "@"}


def _is_visible(character: str) -> bool:
    """Whether a spreadsheet stops at it: it passes over spaces and marks without width."""
    return not (character.isspace() or unicodedata.category(character) in {"Cc", "Cf"})


def _write_cells(cells: list[Any], *, is_p: bool, delimiter: str) -> list[str]:
    """A column's cells; each text once, since most columns say the same few again and again."""
    other = "," if delimiter == ";" else ";"
    texts = {
        text: _disarm_later_cells(disarm(text), other)
        for text in {cell for cell in cells if isinstance(cell, str)}
    }
    return [
        texts[cell] if isinstance(cell, str) else _write_other(cell, is_p=is_p, delimiter=delimiter)
        for cell in cells
    ]


def _write_other(cell: Any, *, is_p: bool, delimiter: str) -> str:
    if is_missing(cell):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        written = write_number(cell, is_p=is_p)
        return written.replace(".", ",") if delimiter == ";" else written
    return str(cell)
