"""The lines of a Word or OpenDocument text -> blocks, by their styles and else by their look.

People don't use styles: they make a line bold and call it a heading, type "- " before the items of
a list, press Shift and Enter at the end of a line, and put whole pages into a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.read.blocks import CLOSING_MARKS, MAX_HEADING_CHARS, last_mark, split_blocks
from pipeline.read.extracted import Kind, RawBlock, squeeze

MAX_STYLED_HEADING_CHARS = 200
MAX_BOLD_IN_A_ROW = 3
LINE_CHARS = 60
CELL_TEXT_CHARS = 80  # shorter cells hold names and figures


@dataclass
class Line:
    """A paragraph whose kind may still change. `\\n` in its text is a break that somebody typed.

    `is_plain`: nothing but its look tells whether it is a paragraph, a heading or an item.
    """

    kind: Kind
    text: str
    reason: str = ""
    is_plain: bool = False
    is_bold: bool = False
    follows_gap: bool = False  # an empty paragraph stands before it


def finish_lines(lines: Sequence[Line]) -> list[RawBlock]:
    """The blocks of lines that stand in reading order."""
    lines = _with_bold_headings([replace(line) for line in lines if line.text.strip()])
    has_headings = any(line.kind == "heading" and not line.reason for line in lines)
    has_gaps = _has_gaps(lines)
    blocks: list[RawBlock] = []
    for is_plain, run in groupby(lines, key=lambda line: line.is_plain and not line.reason):
        if is_plain:
            blocks.extend(_judge_by_look(list(run), has_headings, has_gaps))
        else:
            for line in run:
                blocks.extend(_styled_blocks(line))
    if blocks and lines[-1].is_plain and blocks[-1].kind == "heading":
        blocks[-1] = replace(blocks[-1], kind="paragraph")  # nothing stands under it
    return blocks


# Bold lines


def _with_bold_headings(lines: list[Line]) -> list[Line]:
    """Short lines all in bold are headings, unless there is a whole row of them."""
    content = [line for line in lines if not line.reason]
    end = 0
    for is_candidate, run in groupby(content, key=_may_be_bold_heading):
        start, size = end, len(list(run))
        end += size
        if not is_candidate or size > MAX_BOLD_IN_A_ROW or end == len(content):
            continue
        around = [*content[max(start - 1, 0) : start], content[end]]
        for line in content[start:end]:
            if line.kind == "list_item" and any(near.kind == "list_item" for near in around):
                continue
            line.kind = "heading"
            line.is_plain = False
    return lines


def _may_be_bold_heading(line: Line) -> bool:
    text = squeeze(line.text)
    if not line.is_bold or line.kind == "heading" or len(text) > MAX_HEADING_CHARS:
        return False
    return (
        any(char.isalpha() for char in text)
        and last_mark(text) not in tuple(".!:;,…")
        and not _BULLET.match(text)
    )


# Plain and styled lines


def _has_gaps(lines: Sequence[Line]) -> bool:
    """Whether empty paragraphs part the text, as where a plain text was pasted: then two without
    one between them belong together."""
    plain = [line for line in lines if line.is_plain and not line.reason]
    return 8 * sum(line.follows_gap for line in plain) >= len(plain) > 0


def _judge_by_look(run: Sequence[Line], has_headings: bool, has_gaps: bool) -> list[RawBlock]:
    """What `split_blocks` makes of lines without styles.

    Where headings are marked as such, a short line is no heading only for being short.
    """
    parts = [
        ("\n\n" if line.follows_gap or not has_gaps else "\n") + _joined(line.text) for line in run
    ]
    text = "".join(parts)
    # A sign in Word is a sign, and no HTML
    blocks = [
        replace(block, text=block.text.replace(_LESS, "<").replace(_AND, "&"))
        for block in split_blocks(text.replace("<", _LESS).replace("&", _AND))
    ]
    if not has_headings:
        return blocks
    return [
        replace(block, kind="paragraph")
        if block.kind == "heading" and not block.text.isupper()
        else block
        for block in blocks
    ]


def _joined(text: str) -> str:
    """A paragraph's lines, an empty one where the next is a block of its own."""
    parts: list[str] = []
    for line, gap in typed_lines(text):
        parts += [*([""] if gap and parts else []), line]
    return "\n".join(parts)


def _styled_blocks(line: Line) -> list[RawBlock]:
    whole = squeeze(line.text)
    if line.reason:
        return [RawBlock(line.kind, whole, line.reason)]
    if line.kind == "heading":
        # Some number their paragraphs by making headings of them
        is_text = len(whole) > MAX_STYLED_HEADING_CHARS and whole[-1:] in tuple(".!?:")
        return [RawBlock("paragraph" if is_text else "heading", whole)]
    return [
        RawBlock(line.kind, text, gap=gap or not number)
        for number, (text, gap) in enumerate(typed_lines(line.text))
    ]


def typed_lines(text: str) -> list[tuple[str, bool]]:
    """The lines between typed breaks, each with whether an empty line stands before it.

    A break inside a sentence is a mere space; one after a short line, as in an address or a poem,
    or after a closing mark, is the end of a block.
    """
    lines: list[tuple[str, bool]] = []
    last = ""
    for line in map(squeeze, text.split("\n")):
        if line and last and _goes_on(last, line):
            lines[-1] = (f"{lines[-1][0]} {line}", lines[-1][1])
        elif line:
            lines.append((line, not last))
        last = line
    return lines


def _goes_on(line: str, following: str) -> bool:
    if line[-1] in ".!?:”»" or _BULLET.match(following):
        return False
    return len(line) >= LINE_CHARS or following[0].islower()


# Tables


def table_lines(rows: Sequence[Sequence[Sequence[Line]]]) -> list[Line]:
    """A row of a table as one paragraph; a table that is there for the layout is taken apart."""
    if _is_layout(rows):
        return [line for row in rows for cell in row for line in cell]
    lines: list[Line] = []
    for row in rows:
        cells = [[line for line in cell if not line.reason] for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:
            lines.extend(replace(line, is_plain=False, is_bold=False) for line in filled[0])
        elif filled:
            texts = [" ".join(squeeze(line.text) for line in cell) for cell in filled]
            lines.append(Line("paragraph", " – ".join(texts)))
        lines.extend(line for cell in row for line in cell if line.reason)
    return lines


def _is_layout(rows: Sequence[Sequence[Sequence[Line]]]) -> bool:
    """Whether at least half of the text in the cells is prose, lists or headings."""
    whole = prose = 0
    for row in rows:
        for cell in row:
            for line in cell:
                if not line.reason:
                    whole += len(line.text)
                    prose += len(line.text) if _is_text(line) else 0
    return 2 * prose >= whole


def _is_text(line: Line) -> bool:
    if not line.is_plain:  # a heading, an item, or a row of a table in the cell
        return True
    text = line.text.rstrip()
    is_long = len(text) >= CELL_TEXT_CHARS and last_mark(text) in CLOSING_MARKS
    return is_long or _SENTENCE_INSIDE.search(text) is not None


_LESS, _AND = "\ufdd0", "\ufdd1"  # no characters: no text holds them
_BULLET = re.compile(r"[•·‣▪▫●○◦■□*–—-]\s")
_SENTENCE_INSIDE = re.compile(r"[a-zæøå]{3}[.!?] [A-ZÆØÅ]")
