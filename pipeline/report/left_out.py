"""Chart: what the answer does not rest on: blocks dropped, files rejected, other languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

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

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from pipeline.report import Tables
    from pipeline.report.wording import Wording

LABELS, NUMBERS, HEAD, GAP, ROW = 2.9, 1.25, 0.3, 0.2, 0.33
BAR = "#7d8793"
MOST_REASONS = 8


class Section(NamedTuple):
    """One kind of what was left out."""

    heading: str
    total: int
    rows: list[tuple[str, int]]  # (reason, number), the largest first
    title: str  # as the chart's title says it: `253 of 944 blocks`


def count_left_out(tables: Tables) -> list[Section]:
    """What was left out, by kind."""
    words = tables.wording
    documents = tables.documents
    n_sentences = tables.n_sentences
    n_blocks = int(tables.reasons["n_blocks"].sum())
    dropped = Counter[str]()
    for reason, n in zip(tables.dropped["reason"], tables.dropped["n_blocks"], strict=True):
        dropped[words.tell(reason)] += n
    doubles = documents.loc[documents["duplicate_of"] != "", "doc_id"]
    whole = tables.languages
    foreign = whole[~whole["language"].isin(list(GROUPS)) & ~whole["doc_id"].isin(doubles)]
    not_compared = _count_reasons(words, Counter(foreign["language"].map(words.label_language)))
    if len(doubles):
        not_compared.append((words.say("duplicate of another document"), len(doubles)))
    of_blocks = _count_reasons(words, dropped)
    of_files = _count_reasons(words, Counter(tables.rejected["reason"].map(words.tell)))
    of_sentences = _count_reasons(words, say_why_unthemed(tables))
    n_files = len(tables.rejected) + _count_files(documents["path"])
    sections = [
        Section(
            words.say("Blocks dropped as clutter"),
            n_blocks,
            of_blocks,
            words.say("{n} of {total} blocks", **_count(words, of_blocks, n_blocks)),
        ),
        Section(
            words.say("Files rejected"),
            n_files,
            of_files,
            words.say("{n} of {total} files", **_count(words, of_files, n_files)),
        ),
        Section(
            words.say("Documents not compared"),
            len(documents),
            not_compared,
            words.say("{n} of {total} documents", **_count(words, not_compared, len(documents))),
        ),
        Section(
            words.say("Sentences without a theme"),
            n_sentences,
            of_sentences,
            words.say("{n} of {total} sentences", **_count(words, of_sentences, n_sentences)),
        ),
    ]
    return [section for section in sections if section.rows]


def _count(words: Wording, rows: list[tuple[str, int]], total: int) -> dict[str, str]:
    return {"n": words.number(sum(n for _, n in rows)), "total": words.number(total)}


@styled()
def draw_left_out(tables: Tables) -> Figure:
    """Counts of what was left out, by reason; each kind has a scale of its own."""
    words = tables.wording
    sections = count_left_out(tables)
    if not sections:
        return draw_message(
            words.say("What was left out"),
            words.say(
                "Nothing was left out: every file, block and sentence that was read is part of the "
                "answer."
            ),
        )
    body = sum(HEAD + len(one.rows) * ROW + GAP for one in sections) - GAP
    labels = [wrap_labels([r for r, _ in one.rows], LABELS, SMALL + 0.5) for one in sections]
    left = MARGIN + max(widest for _, widest in labels) + 0.16
    title = words.say("Left out: {parts}", parts=words.join([one.title for one in sections]))
    sheet = Sheet(title, _caption(words), body)
    width = WIDTH - MARGIN - left - NUMBERS
    top = 0.0
    for (heading, total, rows, _), (reasons, _) in zip(sections, labels, strict=True):
        said = words.say("{n} of {total}", **_count(words, rows, total))
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
            sheet.paragraph(reasons[i], left - 0.14, centre, size=SMALL + 0.5, align="right")
            number = f"{words.number(n)}  ({words.percent(n / total)})"
            sheet.text(number, left + width + 0.12, centre, size=SMALL + 0.5, middle=True)
        top += len(rows) * ROW + GAP
    return sheet.figure


def _count_reasons(words: Wording, reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    """(reason, number), the most frequent first; the rarest together."""
    counts = sorted(
        ((str(reason) or words.say("no reason given"), int(n)) for reason, n in reasons.items()),
        key=lambda pair: (-pair[1], pair[0]),
    )
    if len(counts) > MOST_REASONS:
        rest = counts[MOST_REASONS - 1 :]
        counts = counts[: MOST_REASONS - 1]
        counts.append((words.say("{n} other reasons", n=len(rest)), sum(n for _, n in rest)))
    return counts


def _count_files(paths: pd.Series) -> int:
    """Files behind the documents' paths: `file.csv#2` is the second text of file.csv."""
    return int(paths.str.replace(r"#\d+$", "", regex=True).nunique())


def _caption(words: Wording) -> str:
    return words.say(
        "How to read it: a grey track is all blocks, files, documents or sentences; the dark part "
        "of it was left out for that reason. dropped.csv, rejected.csv, documents.csv and "
        "sentences.csv name every one of them, so that a wrong cut can be found."
    )
