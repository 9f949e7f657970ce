"""What reading Word and OpenDocument has in common: walking a tree, and gathering its blocks.

A reader walks its own kind of tree and tells a `Gatherer` what begins and ends there. Paragraphs
may stand in each other (a text box is anchored in one), in cells of tables, and in notes: each
finds its place in reading order here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pipeline.read.decode import tidy
from pipeline.read.extracted import Kind, RawBlock, squeeze
from pipeline.read.office.blocks import Line, finish_lines, table_lines
from pipeline.read.office.names import COMMENT, DELETED, PAGE_FOOTER, PAGE_HEADER

Step = Callable[[], object] | Literal["skip"] | None


def walk(
    root: Any, enter: Callable[[Any], Step], leave: Callable[[Any], object] | None = None
) -> None:
    """Go through a tree in the order of its text, without recursion.

    `enter` may answer "skip", which leaves an element's inside out, or what is to be called when
    the element ends; `leave` is called at the end of every element.
    """
    from lxml import etree  # type: ignore[import-untyped]

    ends: list[Step] = []
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "start":
            step = enter(element)
            if step == "skip":
                events.skip_subtree()
            ends.append(step)
            continue
        step = ends.pop()
        if callable(step):
            step()
        if leave is not None:
            leave(element)


@dataclass
class _Part:
    text: str
    reason: str
    is_bold: bool


@dataclass
class _Paragraph:
    line: Line
    parts: list[_Part] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)  # of the text boxes that it anchors
    has_text: bool = False


@dataclass
class _Flow:
    """Where finished lines go, and a paragraph there whose end was deleted: the next goes on it."""

    lines: list[Line]
    unended: _Paragraph | None = None
    has_gap: bool = False  # an empty paragraph came last

    def take(self, paragraph: _Paragraph) -> None:
        lines = _paragraph_lines(paragraph)
        if lines:
            lines[0].follows_gap = self.has_gap
        self.has_gap = not lines
        self.lines.extend(lines)


@dataclass
class _Table:
    rows: list[list[list[Line]]] = field(default_factory=list)


class Gatherer:
    """Gathers the lines of a document; every `begin_…` gives the function that ends it."""

    def __init__(self) -> None:
        self._body: list[Line] = []
        self._asides: dict[str, list[Line]] = {}
        self._flows = [_Flow(self._body)]
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._reasons = [""]

    # What stands around text

    def begin_reason(self, reason: str) -> Callable[[], None]:
        """All that comes is no content, for this reason; the outermost reason is kept."""
        self._reasons.append(self._reasons[-1] or reason)
        return self._end_reason

    def _end_reason(self) -> None:
        self._reasons.pop()

    def begin_aside(self, place: str) -> Callable[[], None]:
        """What comes does not stand where it is written: a note, a comment, a page header …"""
        self._flows.append(_Flow(self._asides.setdefault(place, [])))
        # Its reason is its own, whatever text it hangs on
        self._reasons.append("" if place == NOTES else place)
        return self._end_aside

    def _end_aside(self) -> None:
        self._end_flow()
        self._reasons.pop()

    def _end_flow(self) -> None:
        self._settle(self._flows.pop())

    # Tables

    def begin_table(self) -> Callable[[], None]:
        self._settle(self._flows[-1])
        self._tables.append(_Table())
        return self._end_table

    def _end_table(self) -> None:
        self._flows[-1].lines.extend(table_lines(self._tables.pop().rows))

    def begin_row(self) -> None:
        if self._tables:
            self._tables[-1].rows.append([])

    def begin_cell(self) -> Callable[[], None]:
        if not self._tables:
            return self.begin_box()
        rows = self._tables[-1].rows
        if not rows:
            rows.append([])
        rows[-1].append([])
        self._flows.append(_Flow(rows[-1][-1]))
        return self._end_flow

    def begin_box(self) -> Callable[[], None]:
        """A place of its own in the run of the text: a paragraph before it does not go on in it."""
        self._settle(self._flows[-1])
        self._flows.append(_Flow(self._flows[-1].lines))
        return self._end_flow

    # Paragraphs

    def begin_paragraph(
        self, kind: Kind, reason: str = "", is_plain: bool = False
    ) -> Callable[[bool], None]:
        """`is_plain`: nothing but its look tells whether it is a paragraph at all.

        The end wants to know whether the paragraph's own end was deleted, so that the next one goes
        on in it.
        """
        flow = self._flows[-1]
        line = Line(kind, "", self._reasons[-1] or reason, is_plain=is_plain)
        paragraph = flow.unended or _Paragraph(line)
        if flow.unended is not None and not paragraph.has_text:
            paragraph.line = line
        flow.unended = None
        self._paragraphs.append(paragraph)
        self._flows.append(_Flow(paragraph.after))
        return self._end_paragraph

    def _end_paragraph(self, goes_on: bool = False) -> None:
        self._end_flow()
        paragraph = self._paragraphs.pop()
        flow = self._flows[-1]
        if goes_on:
            flow.unended = paragraph
        else:
            flow.take(paragraph)

    def _settle(self, flow: _Flow) -> None:
        if flow.unended is not None:
            flow.take(flow.unended)
            flow.unended = None

    def add_text(self, text: str, is_bold: bool = False, reason: str = "") -> None:
        """Text of the open paragraph; line ends in it are mere spaces."""
        self._add(text.replace("\r", " ").replace("\n", " "), is_bold, reason)

    def add_break(self) -> None:
        self._add("\n", False, "")

    def _add(self, text: str, is_bold: bool, reason: str) -> None:
        if text and self._paragraphs:
            part = _Part(text, self._reasons[-1] or reason, is_bold)
            paragraph = self._paragraphs[-1]
            paragraph.parts.append(part)
            paragraph.has_text = paragraph.has_text or not (part.reason or text.isspace())

    def add_lines(self, lines: list[Line]) -> None:
        """Finished lines, as of a page that was put into the document."""
        self._settle(self._flows[-1])
        for line in lines:
            line.reason = self._reasons[-1] or line.reason
        self._flows[-1].lines.extend(lines)

    # The end

    def blocks(self) -> list[RawBlock]:
        """All blocks: page headers, the text, its notes, and what is in the margins."""
        self._settle(self._flows[0])
        for place in (PAGE_HEADER, PAGE_FOOTER):
            self._asides[place] = _distinct(self._asides.get(place, []))
        notes = [
            replace(line, is_plain=False, is_bold=False) for line in self._asides.get(NOTES, [])
        ]
        return [
            *finish_lines(self._asides[PAGE_HEADER]),
            *finish_lines([*self._body, *notes]),
            *finish_lines(self._asides.get(DELETED, [])),
            *finish_lines(self._asides.get(COMMENT, [])),
            *finish_lines(self._asides[PAGE_FOOTER]),
        ]


NOTES = "notes"


def _paragraph_lines(paragraph: _Paragraph) -> list[Line]:
    """The paragraph, what was hidden or deleted in it, and the text boxes that it anchors."""
    line = paragraph.line
    if line.reason:
        for part in paragraph.parts:
            part.reason = ""
    shown = [part for part in paragraph.parts if not part.reason and part.text.strip()]
    lines = []
    if shown:
        text = "".join(part.text for part in paragraph.parts if not part.reason)
        line.text = _mend_symbols(tidy(text))
        line.is_bold = all(part.is_bold for part in shown)
        lines.append(line)
    left_out: dict[str, list[str]] = {}
    last = ""
    for part in paragraph.parts:
        if part.reason and part.reason == last:
            left_out[part.reason][-1] += part.text
        elif part.reason:
            left_out.setdefault(part.reason, []).append(part.text)
        last = part.reason
    for reason, texts in left_out.items():
        joined = " … ".join(text for text in map(squeeze, map(tidy, texts)) if text)
        lines.append(Line("paragraph", joined, reason))
    return [*(line for line in lines if line.text.strip()), *paragraph.after]


def _mend_symbols(text: str) -> str:
    """Without the private characters that stand for signs of the fonts Symbol and Wingdings.

    At the start of a line they are its bullet.
    """
    if not _SYMBOL.search(text):
        return text
    return _SYMBOL.sub(" ", _SYMBOL_BULLET.sub("• ", text.replace("\uf0e0", "→")))


def _distinct(lines: list[Line]) -> list[Line]:
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(squeeze(line.text), line)
    return list(found.values())


_SYMBOL = re.compile("[\uf020-\uf0ff]")
_SYMBOL_BULLET = re.compile("^[^\\S\n]*[\uf020-\uf0ff]\\s*", re.MULTILINE)
