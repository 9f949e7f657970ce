"""Chart: what the answer does not rest on: blocks dropped, files rejected, other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.nordic import GROUPS
from pipeline.report.choose import say_why_unthemed
from pipeline.report.style import (
    BAND,
    BODY,
    MARGIN,
    SMALL,
    SOFT,
    WIDTH,
    Sheet,
    draw_message,
    measure,
    styled,
    wrap_labels,
)
from pipeline.report.wording import join_words, name_language, say_number, say_percent
from pipeline.store import WHOLE_DOCUMENT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from pipeline.report import Tables

LABELS, NUMBERS, HEAD, GAP, ROW = 2.9, 1.25, 0.3, 0.2, 0.33
BAR = "#7d8793"
MOST_REASONS = 8
Section = tuple[str, int, list[tuple[str, int]]]  # heading, of how many, (reason, number)


def count_left_out(tables: Tables) -> list[Section]:
    """What was left out, by kind: (heading, out of how many, (reason, number) largest first)."""
    blocks, documents, sentences = tables.blocks, tables.documents, tables.sentences
    dropped = blocks.loc[~blocks["kept"].astype(bool), "reason"]
    doubles = documents.loc[documents["duplicate_of"] != "", "doc_id"]
    whole = tables.languages[tables.languages["block"] == WHOLE_DOCUMENT].drop_duplicates("doc_id")
    foreign = whole[~whole["language"].isin(list(GROUPS)) & ~whole["doc_id"].isin(doubles)]
    languages = foreign["language"].map(name_language)
    not_compared = _count_reasons(languages)
    if len(doubles):
        not_compared.append(("duplicate of another document", len(doubles)))
    sections = [
        ("Blocks dropped as clutter", len(blocks), _count_reasons(dropped)),
        (
            "Files rejected",
            len(tables.rejected) + _count_files(documents["path"]),
            _count_reasons(tables.rejected["reason"]),
        ),
        ("Documents not compared", len(documents), not_compared),
        ("Sentences without a theme", len(sentences), _count_reasons(say_why_unthemed(tables))),
    ]
    return [section for section in sections if section[2]]


@styled()
def draw_left_out(tables: Tables) -> Figure:
    """Counts of what was left out, by reason; each kind has a scale of its own."""
    sections = count_left_out(tables)
    if not sections:
        return draw_message("What was left out", "Nothing was left out: every file, block and "
                            "sentence that was read is part of the answer.")  # fmt: skip
    body = sum(HEAD + len(rows) * ROW + GAP for _, _, rows in sections) - GAP
    labels = [wrap_labels([r for r, _ in rows], LABELS, SMALL + 0.5) for _, _, rows in sections]
    left = MARGIN + max(widest for _, widest in labels) + 0.16
    sheet = Sheet(_title(sections), _caption(), body)
    width = WIDTH - MARGIN - left - NUMBERS
    top = 0.0
    for (heading, total, rows), (words, _) in zip(sections, labels, strict=True):
        said = f"{say_number(sum(n for _, n in rows))} of {say_number(total)}"
        sheet.text(heading, MARGIN, top + 0.13, bold=True, middle=True)
        after = MARGIN + measure(heading, BODY, bold=True) + 0.14
        sheet.text(said, after, top + 0.13, size=SMALL + 0.5, colour=SOFT, middle=True)
        top += HEAD
        axes = sheet.axes(left, top, width, len(rows) * ROW)
        axes.barh(range(len(rows)), [total] * len(rows), height=0.55, color=BAND, linewidth=0)
        axes.barh(range(len(rows)), [n for _, n in rows], height=0.55, color=BAR, linewidth=0)
        axes.set(xlim=(0, total), ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        for i, (_, n) in enumerate(rows):
            centre = top + (i + 0.5) * ROW
            sheet.paragraph(words[i], left - 0.14, centre, size=SMALL + 0.5, align="right")
            number = f"{say_number(n)}  ({say_percent(n / total)})"
            sheet.text(number, left + width + 0.12, centre, size=SMALL + 0.5, middle=True)
        top += len(rows) * ROW + GAP
    return sheet.figure


def _title(sections: list[Section]) -> str:
    parts = [
        f"{say_number(sum(n for _, n in rows))} of {say_number(total)} {heading.split()[0].lower()}"
        for heading, total, rows in sections
    ]
    return f"Left out: {join_words(parts)}"


def _count_reasons(reasons: pd.Series) -> list[tuple[str, int]]:
    """(reason, number), the most frequent first; the rarest together."""
    counts = sorted(
        (
            (str(reason) or "no reason given", int(n))
            for reason, n in reasons.value_counts().items()
        ),
        key=lambda pair: (-pair[1], pair[0]),
    )
    if len(counts) > MOST_REASONS:
        rest = counts[MOST_REASONS - 1 :]
        counts = counts[: MOST_REASONS - 1]
        counts.append((f"{len(rest)} other reasons", sum(n for _, n in rest)))
    return counts


def _count_files(paths: pd.Series) -> int:
    """Files behind the documents' paths: `file.csv#2` is the second text of file.csv."""
    return int(paths.str.replace(r"#\d+$", "", regex=True).nunique())


def _caption() -> str:
    return (
        "How to read it: a grey track is all blocks, files, documents or sentences; the dark part "
        "of it was left out for that reason. dropped.csv, rejected.csv, documents.csv and "
        "sentences.csv name every one of them, so that a wrong cut can be found."
    )
