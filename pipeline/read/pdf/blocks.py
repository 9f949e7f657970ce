"""The lines of all pages -> headings, paragraphs and list items.

Lines become chunks first: runs of lines in one column that belong together. Each chunk gets its
kind by its type and by how it begins; then what a column's or a page's end has parted is put
together again, and what stood in between (notes, captions, page numbers) follows after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.read.dates import MONTH_NAMES
from pipeline.read.extracted import Kind, RawBlock
from pipeline.read.pdf.joining import SOFT_HYPHEN, Vocabulary, join_lines
from pipeline.read.pdf.lines import Line, Page
from pipeline.read.pdf.running import find_running

CONTENTS = "table of contents"

# Distances in parts of the usual distance between lines
PARAGRAPH_GAP = 1.18
HEADING_GAP = 1.35
DEFAULT_PITCH = 1.2  # of the type size
MAX_PITCH = 2.3
MIN_STEPS = 3  # of the usual distance, before it is trusted

# Distances in parts of the type size
INDENT = 0.7
SPACE = 0.25
SLACK = 0.5  # a line's end may leave so much more room than the next word needs

HEADING_SIZE = 1.1  # of the body's type size
TITLE_SIZE = 1.4
NOTE_SIZE = 0.92
BOLD = 0.9  # share of the letters

MAX_HEADING_CHARS = 160
MAX_TITLE_CHARS = 300
MAX_HEADING_LINES = 3
NEIGHBOURS = 4  # lines above and below that tell where a column's right edge is


@dataclass(frozen=True)
class Look:
    """What the text of a document mostly looks like."""

    size: float
    pitch: float  # of the type size
    bold: bool


@dataclass
class Chunk:
    lines: list[Line]
    kind: Kind = "paragraph"
    reason: str = ""
    aside: bool = False  # it may stand in the middle of a paragraph: a note, a caption
    row: str = ""  # a table's row, whose cells are joined already
    right: float = 0.0  # where its column ends
    marker: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


def make_blocks(pages: Sequence[Page]) -> list[RawBlock]:
    """The blocks of a document."""
    lines = [line for page in pages for line in page.lines]
    look = _find_look(lines)
    running = find_running(pages, look.pitch, look.size)
    contents = _contents_lines([line for line in lines if id(line) not in running])
    chunks = _find_chunks(pages, running, contents, look)
    _find_kinds(chunks, look)
    vocabulary = Vocabulary.of(line.text for line in lines)
    chunks = _stitch(chunks, look)
    return [
        RawBlock(chunk.kind, text, chunk.reason)
        for chunk in chunks
        if (text := chunk.row or join_lines(chunk.pieces, vocabulary))
    ]


def _find_look(lines: Sequence[Line]) -> Look:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0] or lines[0].size
    body = [line for line in lines if abs(line.size - size) <= 0.3]
    bold = sum(line.bold * len(line.text) for line in body)
    steps: Counter[float] = Counter()
    for above, below in pairwise(lines):
        if above.page == below.page and above.column == below.column:
            step = (below.y - above.y) / size
            if 0.9 < step < MAX_PITCH and max(abs(above.size - size), abs(below.size - size)) < 0.3:
                steps[round(step, 1)] += 1
    pitch, count = steps.most_common(1)[0] if steps else (DEFAULT_PITCH, 0)
    if count < MIN_STEPS:
        pitch = DEFAULT_PITCH
    return Look(size, pitch, bold > 0.5 * sum(len(line.text) for line in body))


# The table of contents


def _contents_lines(lines: Sequence[Line]) -> set[int]:
    """The identities of the lines that list the chapters with their pages, and of their heading."""
    found = {index for index, line in enumerate(lines) if _LEADER.search(line.text)}
    for index, line in enumerate(lines):
        if not _CONTENTS_HEADING.fullmatch(line.text):
            continue
        end = index + 1
        while end < len(lines) and (end in found or _ENTRY.fullmatch(lines[end].text)):
            end += 1
        if end > index + 2 or index + 1 in found or index + 2 in found:
            found.update(range(index, end))
    if len(found) < 2:
        return set()
    # An entry of two lines has its page on the second
    inner = {i for i in range(len(lines)) if i - 1 in found and i + 1 in found}
    return {id(lines[index]) for index in found | inner}


# Lines -> chunks


def _find_chunks(
    pages: Sequence[Page], running: dict[int, str], contents: set[int], look: Look
) -> list[Chunk]:
    chunks: list[Chunk] = []
    for page in pages:
        around = [line for line in page.lines if id(line) in running]
        chunks += [_told(line, running) for line in around if line.y < page.height / 2]
        run: list[Line] = []
        for line in page.lines:
            if id(line) in running:
                continue
            if run and (id(line) in contents or line.column != run[-1].column):
                chunks += _column_chunks(run, look)
                run = []
            if id(line) in contents:
                text = _LEADER.sub(lambda match: f" … {match[1]}", line.text)
                chunks.append(Chunk([line], reason=CONTENTS, row=text))
            else:
                run.append(line)
        chunks += _column_chunks(run, look)
        chunks += [_told(line, running) for line in around if line.y >= page.height / 2]
        chunks += [Chunk([], reason=note.reason, row=note.text, aside=True) for note in page.notes]
    return chunks


def _told(line: Line, running: dict[int, str]) -> Chunk:
    return Chunk([line], reason=running[id(line)], row=line.text, aside=True)


def _column_chunks(lines: Sequence[Line], look: Look) -> list[Chunk]:
    """The chunks of lines that stand in one column, one under the other."""
    chunks: list[Chunk] = []
    rows = _table_rows(lines, look)
    for index, line in enumerate(lines):
        if index in rows:
            if rows[index]:
                chunks.append(Chunk([line], row=rows[index], aside=True))
            continue
        right = _right_edge(lines, index)
        open_chunk = chunks[-1] if chunks and not chunks[-1].row else None
        if open_chunk is not None and not _starts_chunk(open_chunk, line, look):
            open_chunk.lines.append(line)
            open_chunk.right = max(open_chunk.right, right)
        else:
            chunks.append(Chunk([line], right=right))
    return chunks


def _right_edge(lines: Sequence[Line], index: int) -> float:
    """Where lines end here: text beside a picture is narrower than the column is elsewhere."""
    near = lines[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
    size = lines[index].size
    return max(line.x1 for line in near if line.size <= 1.05 * size)


def _starts_chunk(chunk: Chunk, line: Line, look: Look) -> bool:
    last = chunk.last
    step = line.y - last.y
    size = max(line.size, last.size)
    if _differs(last.size, line.size) or step < 0.3 * size:
        return True
    if (heading := _looks_like_heading(last, look)) and _looks_like_heading(line, look):
        return step > HEADING_GAP * DEFAULT_PITCH * size or _NUMBERED.match(line.text) is not None
    full = _is_full(last, line, chunk.right)
    flows = _flows(last, line)
    if step > PARAGRAPH_GAP * look.pitch * size:
        # A sentence that goes on says more than a gap: some texts are set wide
        return not (flows and full and step < MAX_PITCH * size)
    if heading != _looks_like_heading(line, look):
        return not (flows and full)
    if _opens_item(line) or _CAPTION.match(line.text):
        return not flows or _BULLET.match(line.text) is not None
    if line.size <= NOTE_SIZE * look.size and _NOTE.match(line.text):
        return True
    return _starts_paragraph(chunk, line, flows, full)


def _differs(one: float, other: float) -> bool:
    return abs(one - other) > 0.06 * max(one, other)


def _looks_like_heading(line: Line, look: Look) -> bool:
    """By its type alone."""
    bold = line.bold >= BOLD and not look.bold and line.size >= 0.95 * look.size
    return line.size >= HEADING_SIZE * look.size or bold


def _is_full(last: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word had no room any more on the line before."""
    room = right - last.x1
    return line.first_word + SPACE * line.size > room - SLACK * line.size


def _flows(last: Line, line: Line) -> bool:
    """Whether a sentence goes on from one line to the next."""
    text = last.text
    if _SPLIT_WORD.search(text):
        return True
    return not _is_closed(text) and line.text[:1].islower()


def _is_closed(text: str) -> bool:
    return text.rstrip(_CLOSING_QUOTES)[-1:] in _CLOSING_MARKS


def _opens_item(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _is_dash_item(line) or _NUMBERED.match(line.text))


def _is_dash_item(line: Line) -> bool:
    return _DASH.match(line.text) is not None


def _starts_paragraph(chunk: Chunk, line: Line, flows: bool, full: bool) -> bool:
    last = chunk.last
    closed = _is_closed(last.text)
    if flows:
        return False
    hanging = last.second_word if len(chunk.lines) == 1 and _opens_item(last) else last.x0
    indented = line.x0 - hanging > INDENT * line.size
    outdented = len(chunk.lines) > 1 and chunk.first.x0 - line.x0 > INDENT * line.size
    if closed and (indented or (outdented and line.x0 < last.x0 - INDENT * line.size)):
        return True
    if closed and len(chunk.lines) == 1 and _opens_item(last) and _is_hanging(chunk, line):
        return True
    return not full and not (closed and line.text[:1].islower())


def _is_hanging(chunk: Chunk, line: Line) -> bool:
    """Whether a line stands under the marker of an item whose text is wider apart from it."""
    first = chunk.first
    wide = first.second_word - first.x0 > 1.2 * first.size
    return wide and line.x0 - first.x0 < 0.3 * line.size


# Tables


def _table_rows(lines: Sequence[Line], look: Look) -> dict[int, str]:
    """By index the lines that are rows of tables: the row's text, or "" where one goes on."""
    rows: dict[int, str] = {}
    index = 0
    while index < len(lines):
        end = index + 1
        while end < len(lines) and _same_table(lines[end - 1], lines[end], look):
            end += 1
        if end - index >= 2 and not _is_stretched(lines, index, look):
            for position in range(index, end):
                rows[position] = " – ".join(cell[2] for cell in _cells(lines[position]))
        index = end
    _add_wrapped_cells(lines, rows)
    return rows


def _is_stretched(lines: Sequence[Line], index: int, look: Look) -> bool:
    """Whether gaps are wide only because a line of text was stretched to the column's width."""
    if not index:
        return False
    last, line = lines[index - 1], lines[index]
    close = line.y - last.y <= PARAGRAPH_GAP * look.pitch * line.size
    return close and _flows(last, line) and last.x1 >= line.x1 - line.size


def _cells(line: Line) -> list[tuple[float, float, str]]:
    """A line's cells; the gap behind a list marker makes none."""
    cells = line.cells
    if len(cells) > 1 and _MARKER_ALONE.fullmatch(cells[0][2]):
        return [(cells[0][0], cells[1][1], f"{cells[0][2]} {cells[1][2]}"), *cells[2:]]
    return cells


def _same_table(above: Line, below: Line, look: Look) -> bool:
    """Whether two lines are rows of one table: cells inside them stand under one another."""
    upper, lower = _cells(above), _cells(below)
    if min(len(upper), len(lower)) < 2 or below.y - above.y > 3 * look.pitch * below.size:
        return False
    if below.y <= above.y:
        return False
    starts = sum(any(abs(a[0] - b[0]) <= 2 for a in upper[1:]) for b in lower[1:])
    ends = sum(any(abs(a[1] - b[1]) <= 2 for a in upper[1:]) for b in lower[1:] if _is_figure(b))
    middles = sum(any(abs(a[0] + a[1] - b[0] - b[1]) <= 3 for a in upper[1:]) for b in lower[1:])
    return max(starts, ends, middles) >= 1


def _is_figure(cell: tuple[float, float, str]) -> bool:
    return any(char.isdigit() for char in cell[2]) and len(cell[2]) <= 12


def _add_wrapped_cells(lines: Sequence[Line], rows: dict[int, str]) -> None:
    """A line under one cell of a row, and under no other, goes on with that cell."""
    for index in sorted(rows):
        cells = _cells(lines[index])
        texts = [text for _, _, text in cells]
        below = index + 1
        while below < len(lines) and below not in rows:
            line = lines[below]
            tight = line.y - lines[below - 1].y <= 1.3 * line.size
            under = [i for i, cell in enumerate(cells) if i and abs(cell[0] - line.x0) <= 2]
            if not tight or not under or len(line.cells) > 1:
                break
            texts[under[0]] += f" {line.text}"
            rows[below] = ""
            below += 1
        if below > index + 1:
            rows[index] = " – ".join(texts)


# Kinds


def _find_kinds(chunks: Sequence[Chunk], look: Look) -> None:
    for index, chunk in enumerate(chunks):
        chunk.pieces = [line.text for line in chunk.lines]
        if chunk.reason or chunk.row:
            continue
        if _is_heading(chunks, index, look):
            chunk.kind = "heading"
        else:
            caption = _CAPTION.match(chunk.first.text) and len(" ".join(chunk.pieces)) < 400
            chunk.aside = bool(caption) or chunk.first.size <= NOTE_SIZE * look.size
            if chunk.aside:
                chunk.pieces[0] = _GLUED_NOTE.sub(r"\1 ", chunk.pieces[0])
    _find_lists([chunk for chunk in chunks if not chunk.reason and not chunk.row])


def _is_heading(chunks: Sequence[Chunk], index: int, look: Look) -> bool:
    chunk = chunks[index]
    text = " ".join(chunk.pieces)
    if not any(char.isalpha() for char in text) or _BULLET.match(text):
        return False
    size = min(line.size for line in chunk.lines)
    if size >= TITLE_SIZE * look.size:
        return len(text) <= MAX_TITLE_CHARS
    if len(text) > MAX_HEADING_CHARS or len(chunk.lines) > MAX_HEADING_LINES:
        return False
    if text[-1] in ".,;" and not _NUMBERED.match(text):
        return False
    if size >= HEADING_SIZE * look.size:
        return True
    bold = all(line.bold >= BOLD for line in chunk.lines) and not look.bold
    capitals = text.isupper() and sum(map(str.isalpha, text)) >= 5
    if not (bold or (capitals and len(chunk.lines) <= 2)) or size < 0.95 * look.size:
        return False
    return text[-1] != ":" or bold


def _find_lists(chunks: Sequence[Chunk]) -> None:
    """List items lose their marker. Numbers have to count on, dashes to look like a list."""
    alone = False  # a marker that stands on a line of its own
    for chunk in chunks:
        if chunk.kind != "paragraph":
            alone = False
            continue
        text = chunk.first.text
        if alone:
            chunk.kind, chunk.aside = "list_item", False
        alone = len(chunk.lines) == 1 and _BULLET_ALONE.fullmatch(text) is not None
        if alone:
            chunk.pieces, chunk.aside = [], True
            continue
        if chunk.aside and text.startswith("*"):
            continue  # a note
        if match := _BULLET.match(text) or _letter_bullet(chunk):
            chunk.kind, chunk.aside, chunk.marker = "list_item", False, match[0]
    _find_numbered(chunks)
    _find_dashes(chunks)
    for chunk in chunks:
        if chunk.marker:
            chunk.pieces[0] = chunk.pieces[0][len(chunk.marker) :]


def _letter_bullet(chunk: Chunk) -> re.Match[str] | None:
    """The round bullet of old programs is an "o" of a typewriter's font, before a gap."""
    first = chunk.first
    gap = first.second_word - first.x0
    return _LETTER_BULLET.match(first.text) if gap > first.size else None


def _find_numbered(chunks: Sequence[Chunk]) -> None:
    numbered = [
        (index, match)
        for index, chunk in enumerate(chunks)
        if chunk.kind == "paragraph"
        and not chunk.aside
        and (match := _NUMBERED.match(chunk.first.text))
    ]
    for (index, one), (following, two) in pairwise(numbered):
        if _value(two[1]) == _value(one[1]) + 1 and _same_list(chunks, index, following):
            for chunk, match in ((chunks[index], one), (chunks[following], two)):
                chunk.kind, chunk.marker = "list_item", match[0]


def _value(label: str) -> int:
    return int(label) if label.isdigit() else ord(label.lower())


def _same_list(chunks: Sequence[Chunk], start: int, end: int) -> bool:
    """Items follow one another: no heading, and hardly a paragraph, stands between them."""
    between = chunks[start + 1 : end]
    return len(between) <= 8 and all(
        chunk.kind == "list_item" or chunk.aside or chunk.first.x0 > chunks[start].first.x0 + 1
        for chunk in between
    )


def _find_dashes(chunks: Sequence[Chunk]) -> None:
    """Dashes open list items or replies; a list is announced, or its lines hang."""
    run: list[Chunk] = []
    before: Chunk | None = None
    for chunk in [*chunks, None]:
        if (
            chunk is not None
            and chunk.kind == "paragraph"
            and not chunk.aside
            and _DASH.match(chunk.first.text)
        ):
            run.append(chunk)
            continue
        if run and _is_dash_list(run, before):
            for item in run:
                match = _DASH.match(item.first.text)
                item.kind, item.marker = "list_item", match[0] if match else ""
        run = []
        before = chunk


def _is_dash_list(run: Sequence[Chunk], before: Chunk | None) -> bool:
    texts = [" ".join(chunk.pieces) for chunk in run]
    if any(_SAID.search(text) for text in texts):
        return False
    if any(
        len(chunk.lines) > 1 and abs(chunk.lines[1].x0 - chunk.first.second_word) < 2
        for chunk in run
    ):
        return True
    if any(chunk.first.second_word - chunk.first.x0 > 1.2 * chunk.first.size for chunk in run):
        return True
    if before is not None and before.last.text.endswith(":"):
        return True
    open_ends = sum(not _is_closed(text) for text in texts)
    return len(run) > 1 and open_ends > len(run) / 2


# Columns' and pages' ends


def _stitch(chunks: Sequence[Chunk], look: Look) -> list[Chunk]:
    """Paragraphs that go on in the next column or on the next page as one.

    What stood between their parts comes after them.
    """
    stitched: list[Chunk] = []
    waiting: list[Chunk] = []
    body: Chunk | None = None
    for chunk in chunks:
        if chunk.aside and body is not None:
            if _continues_note(waiting, chunk, look):
                waiting[-1].pieces += chunk.pieces
                waiting[-1].lines += chunk.lines
            else:
                waiting.append(chunk)
            continue
        if body is not None and _goes_on(body, chunk, bool(waiting), look):
            body.pieces += chunk.pieces
            body.lines = body.lines + chunk.lines
            body.right = chunk.right
            continue
        stitched += waiting
        waiting = []
        stitched.append(chunk)
        body = chunk if chunk.kind != "heading" and not chunk.aside and not chunk.reason else None
    return stitched + waiting


def _continues_note(waiting: Sequence[Chunk], chunk: Chunk, look: Look) -> bool:
    """A note that goes on at the foot of the next column."""
    if chunk.reason or chunk.row or not waiting or waiting[-1].reason or waiting[-1].row:
        return False
    last, first = waiting[-1].last, chunk.first
    moved = (last.page, last.column) != (first.page, first.column)
    return moved and not _differs(last.size, first.size) and _flows(last, first)


def _goes_on(body: Chunk, chunk: Chunk, parted: bool, look: Look) -> bool:
    """Whether a paragraph goes on with a chunk that stands in another place."""
    if chunk.kind != "paragraph" or chunk.reason or chunk.row or chunk.aside:
        return False
    last, first = body.last, chunk.first
    moved = (last.page, last.column) != (first.page, first.column)
    if not (moved or parted) or _differs(last.size, first.size):
        return False
    if abs(last.bold - first.bold) > BOLD or _CAPTION.match(first.text):
        return False
    if _flows(last, first):
        return True
    if _opens_item(first) or (not moved and parted):
        return False
    if not _is_full(last, first, body.right):
        return False
    indented = len(chunk.lines) > 1 and first.x0 - chunk.lines[1].x0 > INDENT * first.size
    if _is_closed(last.text):
        return not indented and body.kind == "paragraph" and len(body.lines) > 1
    return not indented or not first.text[:1].isupper()


_CLOSING_MARKS = ".!?…:"
_CLOSING_QUOTES = "”\"»“'’)] "
_DASH = re.compile(r"[-–—]\s+(?=\S)")
_BULLET_SIGNS = "•·‣▪▫●○◦■□❑❒❖➢➤✓✔♦∙⁃◆►▶"
_BULLET = re.compile(rf"[{_BULLET_SIGNS}*]\s*(?=[^\s*])")
_BULLET_ALONE = re.compile(rf"[{_BULLET_SIGNS}]")
_LETTER_BULLET = re.compile(r"[o§ØüvqlnuØ]\s+(?=\S)")
# A number before a month is a date: "14. mars samlet etatene seg"
_NUMBERED = re.compile(
    rf"\(?(\d{{1,2}}|[a-hA-H])[.)](?!\s+{MONTH_NAMES}\b)(?:\s+(?=\S)|(?=[A-ZÆØÅ][a-zæøå]))"
)
_MARKER_ALONE = re.compile(r"[^\w\s]|[o§]|\(?(?:\d{1,3}|\w)[.)]|\d+(?:\.\d+){1,4}\.?")
_GLUED_NOTE = re.compile(r"^(\d{1,3})(?=[A-ZÆØÅ][a-zæøå])")
_NOTE = re.compile(r"(?:\d{1,3}\)?|\*{1,3}|†)\s?[^\d\s]")
_CAPTION = re.compile(
    r"(?:figur|figure|fig\.|tabell?|tabel|diagram|bilde|bilete|billede|illustrasjon|illustration)"
    r"\s\d+[a-z]?(?:\.\d+)*\b(?:[.:–-]|\s(?=[A-ZÆØÅ]))|(?:foto|bilde|illustrasjon|kilde|kjelde)\s?:",
    re.IGNORECASE,
)
# Tried where a row of dots begins, with the space before it, and from no dot within it
_LEADER = re.compile(
    r"(?:(?<!\s)(?:\s{2,}|(?<![.…·_])\s)|(?<![\s.…·_])(?<![.…·_]\s))"
    r"(?:[.…·_]\s?){4,}+\s*(\d{1,4}|[ivxl]{1,6})$",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\W*+\w.*\s\d{1,4}")
_CONTENTS_HEADING = re.compile(
    r"(?:innh[oa]ld|indhold|innhald)(?:s?(?:fortegnelse|oversikt|oversigt|liste))?:?", re.IGNORECASE
)
_SPLIT_WORD = re.compile(rf"[^\W\d_](?:-|{SOFT_HYPHEN})$")
_SAID = re.compile(
    r"[,?!»”\"]\s*(?:sier|siger|seier|forteller|fortæller|fortel|mener|meiner|svarer|svarar|spør"
    r"|spurte|spørger|sa|sagde|forklarer|forklarar)\b",
    re.IGNORECASE,
)
