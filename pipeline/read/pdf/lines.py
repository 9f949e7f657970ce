"""The glyphs of a page -> its lines, in reading order: column by column.

Glyphs on one base line become segments, each ended by a wide gap. Where a strip of white runs down
between segments, with enough text on both sides of it, the page is cut in columns; a heading that
crosses the strip keeps its place above or below. Segments of one column on one base line are a
line.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pipeline.read.extracted import RawBlock, squeeze
from pipeline.read.pdf.glyphs import Glyph

# All distances in parts of the type size
SAME_LINE = 0.2
WORD_GAP = 0.3  # in text that has spaces
WORD_GAP_WITHOUT_SPACES = 0.17
SEGMENT_GAP = 0.7
GUTTER = 0.6
CELL_GAP = 1.2
EVEN = 0.12  # gaps differ by no more in a stretched line
SMALL = 0.8  # smaller type beside other type is raised or lowered
DROP_CAP = 1.8

MIN_COLUMN_LINES = 3
MIN_COLUMN_WIDTH = 4.0  # of the type size; what is narrower is a marker or a number
MIN_ALIGNED = 0.6  # of a column's lines
MIN_COLUMN_WORDS = 3  # in the middle line of a column; a table's cells are shorter
MAX_CUTS = 12  # of a page in columns, one within another


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    spaced: bool  # whether a space or a gap parts it from the word before


@dataclass(frozen=True, slots=True)
class Segment:
    """Words on one base line without a wide gap between them."""

    words: list[Word]
    x0: float
    x1: float
    y: float
    size: float


@dataclass(slots=True)
class Line:
    """One line of a column. `cells` are its parts where wide gaps part it: a row of a table."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    bold: float  # the share of its letters that are bold
    first_word: float  # the width of its first word
    second_word: float  # where its second word begins: the text after a list marker
    cells: list[tuple[float, float, str]]
    column: int = 0
    page: int = 0


@dataclass
class Page:
    """The lines of a page in reading order, and in `notes` what it holds beside its text."""

    height: float
    lines: list[Line]
    notes: list[RawBlock]


def find_lines(glyphs: Sequence[Glyph], known_edges: list[float] | None = None) -> list[Line]:
    """The lines of one page, column by column.

    `known_edges` tells where columns begin on the pages before, and is added to: the last column
    of a text may be but a line or two.
    """
    known_edges = [] if known_edges is None else known_edges
    spaces = sum(glyph.text == " " for glyph in glyphs)
    gap = WORD_GAP if spaces * 30 > len(glyphs) else WORD_GAP_WITHOUT_SPACES
    segments = _find_segments(glyphs, gap)
    if not segments:
        return []
    size = _main_size(segments)
    segments = _join_raised(_place_drop_caps(segments, size))
    lines: list[Line] = []
    for number, column in enumerate(_read_order(segments, size, known_edges)):
        lines.extend(_column_lines(column, number))
    return lines


def _main_size(segments: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[round(segment.size, 1)] += sum(len(word.text) for word in segment.words)
    return sizes.most_common(1)[0][0] or 1.0


# Glyphs -> segments


def _find_segments(glyphs: Sequence[Glyph], word_gap: float) -> list[Segment]:
    segments: list[Segment] = []
    for row in _rows(glyphs):
        run: list[Glyph] = []
        last: Glyph | None = None
        for glyph in row:
            if glyph.text == " ":
                if run:
                    run.append(glyph)
                continue
            if last is not None and _starts_segment(last, glyph):
                segments.append(_segment(run, word_gap))
                run = []
            run.append(glyph)
            last = glyph
        if run:
            segments.append(_segment(run, word_gap))
    return segments


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by base line, from the top, each row from the left."""
    rows: list[list[Glyph]] = []
    start = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if not rows or glyph.y - start > SAME_LINE * glyph.size:
            rows.append([])
            start = glyph.y
        rows[-1].append(glyph)
    for row in rows:
        row.sort(key=lambda glyph: glyph.x0)
    return rows


def _starts_segment(last: Glyph, glyph: Glyph) -> bool:
    small, large = sorted((last.size, glyph.size))
    return glyph.x0 - last.x1 > SEGMENT_GAP * large or large > 1.5 * small


def _segment(glyphs: Sequence[Glyph], word_gap: float) -> Segment:
    return _segment_of(_words(glyphs, word_gap))


def _words(glyphs: Sequence[Glyph], word_gap: float) -> list[Word]:
    words: list[Word] = []
    run: list[Glyph] = []

    def close() -> None:
        if run:
            first, text = run[0], "".join(glyph.text for glyph in run)
            end = max(glyph.x1 for glyph in run)
            words.append(Word(text, first.x0, end, first.y, first.size, first.font, True))
            run.clear()

    for glyph in glyphs:
        if glyph.text == " " or (run and glyph.x0 - run[-1].x1 > word_gap * glyph.size):
            close()
        if glyph.text != " ":
            # A word in two fonts is two words with no space between: "run-in" and its stop
            if run and (glyph.font != run[-1].font or glyph.size != run[-1].size):
                close()
                run.append(glyph)
                words.append(Word("", glyph.x0, glyph.x0, glyph.y, glyph.size, glyph.font, False))
                continue
            run.append(glyph)
    close()
    return _unspaced(words)


def _unspaced(words: Sequence[Word]) -> list[Word]:
    """An empty word marks that the one after it goes on without a space."""
    kept: list[Word] = []
    glued = False
    for word in words:
        if not word.text:
            glued = True
            continue
        kept.append(replace(word, spaced=not glued))
        glued = False
    return kept


def _segment_of(words: list[Word]) -> Segment:
    sizes: Counter[tuple[float, float]] = Counter()
    for word in words:
        sizes[word.size, word.y] += len(word.text)
    size, y = sizes.most_common(1)[0][0]
    return Segment(words, words[0].x0, max(word.x1 for word in words), y, size)


# Letters that are larger, raised or lowered


def _place_drop_caps(segments: list[Segment], size: float) -> list[Segment]:
    """A large first letter goes before the line whose word it begins."""
    caps = [segment for segment in segments if _may_be_drop_cap(segment, size)]
    for cap in caps:
        beside = [
            segment
            for segment in segments
            if segment is not cap
            and segment.size < cap.size / DROP_CAP
            and cap.y - 0.9 * cap.size < segment.y < cap.y + 0.3 * segment.size
            and -0.2 * cap.size < segment.x0 - cap.x1 < 0.6 * cap.size
        ]
        if len(beside) < 2:
            continue
        first = min(beside, key=lambda segment: segment.y)
        letter = replace(cap.words[0], y=first.y, size=first.size, font=first.words[0].font)
        whole = [letter, replace(first.words[0], spaced=False), *first.words[1:]]
        placed = {id(segment): replace(segment, x0=cap.x0) for segment in beside}
        placed[id(first)] = replace(first, words=whole, x0=cap.x0)
        segments = [placed.get(id(segment), segment) for segment in segments if segment is not cap]
    return segments


def _may_be_drop_cap(segment: Segment, size: float) -> bool:
    text = segment.words[0].text
    return (
        len(segment.words) == 1
        and segment.size >= DROP_CAP * size
        and len(text) <= 2
        and text[-1].isupper()
    )


def _join_raised(segments: Sequence[Segment]) -> list[Segment]:
    """Small type right beside other type (2 in m², the 1 of a note) belongs to its line."""
    ordered = sorted(segments, key=lambda segment: segment.y)
    heights = [segment.y for segment in ordered]
    reach = 0.6 * max(segment.size for segment in ordered)
    joined: dict[int, list[Segment]] = {}
    lone: set[int] = set()
    # From the largest: whatever is joined to a line must not be a line itself
    for index in sorted(range(len(ordered)), key=lambda index: -ordered[index].size):
        small = ordered[index]
        if len(small.words) > 2:
            continue
        near = range(bisect_left(heights, small.y - reach), bisect_left(heights, small.y + reach))
        hosts = [i for i in near if i not in lone and _is_beside(ordered[i], small)]
        if hosts:
            host = min(hosts, key=lambda host: _distance(ordered[host], small))
            joined.setdefault(host, []).append(small)
            lone.add(index)
    return [
        _with_small(segment, joined.get(index, []))
        for index, segment in enumerate(ordered)
        if index not in lone
    ]


def _is_beside(host: Segment, small: Segment) -> bool:
    return (
        small.size < SMALL * host.size
        and abs(small.y - host.y) < 0.6 * host.size
        and _distance(host, small) < WORD_GAP * host.size
    )


def _distance(host: Segment, small: Segment) -> float:
    """How far apart they are, or 0 where the small one stands in a gap of the other."""
    if small.x0 > host.x0 and small.x1 < host.x1:
        middle = (small.x0 + small.x1) / 2
        return 0.0 if not any(word.x0 < middle < word.x1 for word in host.words) else 1e9
    return min(abs(small.x0 - host.x1), abs(host.x0 - small.x1))


def _with_small(host: Segment, smalls: Sequence[Segment]) -> Segment:
    """A line with what is raised in it; the numbers of notes, glued to a word, are left out."""
    if not smalls:
        return host
    words = list(host.words)
    for small in smalls:
        place = sum(word.x0 < small.x0 for word in words)
        before = words[place - 1] if place else None
        near = before is not None and small.x0 - before.x1 < WORD_GAP * host.size
        text = "".join(word.text for word in small.words)
        if before is not None and near and _is_note(before, text, small.y < host.y):
            continue
        added = [replace(word, y=host.y) for word in small.words]
        if near:
            added[0] = replace(added[0], spaced=False)
        words[place:place] = added
    words.sort(key=lambda word: word.x0)
    return replace(
        host, words=words, x0=min(host.x0, words[0].x0), x1=max(word.x1 for word in words)
    )


def _is_note(before: Word, text: str, raised: bool) -> bool:
    unit = _UNIT.search(before.text) is not None and text in ("2", "3")
    return raised and not unit and _NOTE_SIGN.fullmatch(text) is not None


# Segments -> columns in reading order


def _read_order(
    segments: list[Segment], size: float, known: list[float], cuts: int = MAX_CUTS
) -> list[list[Segment]]:
    """Columns, from the first that is read to the last."""
    zones = _best_cut(segments, size, known) if cuts else []
    if not zones:
        return [segments] if segments else []
    return [column for zone in zones for column in _read_order(zone, size, known, cuts - 1)]


def _best_cut(segments: list[Segment], size: float, known: list[float]) -> list[list[Segment]]:
    """The zones into which the best gutter cuts, in order, or nothing where there is no gutter."""
    best: list[list[Segment]] = []
    most = 0
    best_edge = 0.0
    for edge in _column_edges(segments, size):
        zones, covered = _cut_at(segments, edge, size, is_known=False)
        if covered > most:
            best, most, best_edge = zones, covered, edge
    if best and not any(abs(edge - best_edge) <= 1 for edge in known):
        known.append(best_edge)
    for edge in () if best else known:
        zones, covered = _cut_at(segments, edge, size, is_known=True)
        if covered > most:
            best, most = zones, covered
    return best


def _column_edges(segments: Sequence[Segment], size: float) -> list[float]:
    """Where several segments begin, one under the other."""
    starts = sorted(segment.x0 for segment in segments)
    edges: list[float] = []
    index = 0
    while index < len(starts):
        end = index
        while end < len(starts) and starts[end] - starts[index] <= 2.0:
            end += 1
        if end - index >= MIN_COLUMN_LINES and starts[index] > starts[0] + 3 * size:
            edges.append(starts[index])
        index = end
    return edges


def _cut_at(
    segments: list[Segment], edge: float, size: float, is_known: bool
) -> tuple[list[list[Segment]], int]:
    """The zones above, left, right and below of a gutter; and how many segments it parts."""
    gutter = edge - GUTTER * size
    crossing = [s for s in segments if s.x0 < edge - 1 and s.x1 > gutter]
    crossing += _headings_across(segments, edge, size)
    across = {id(segment) for segment in crossing}
    heights = sorted({segment.y for segment in crossing})
    bands: list[list[Segment]] = [[] for _ in range(len(heights) + 1)]
    for segment in segments:
        if id(segment) not in across:
            bands[bisect_left(heights, segment.y)].append(segment)
    zones: list[list[Segment]] = [[]]
    covered = 0
    for number, band in enumerate(bands):
        left = [segment for segment in band if segment.x0 < edge - 1]
        right = [segment for segment in band if segment.x0 >= edge - 1]
        if _are_columns(left, right, size) or (is_known and _may_end(left, right, edge)):
            zones += [left, right, []]
            covered += len(band)
        else:
            zones[-1] += band
        if number < len(heights):
            zones[-1] += [segment for segment in crossing if segment.y == heights[number]]
    return [zone for zone in zones if zone], covered


def _headings_across(segments: Sequence[Segment], edge: float, size: float) -> list[Segment]:
    """Large type in the left column that the right column makes room for: it heads both."""
    right = sorted(segment.y for segment in segments if segment.x0 >= edge - 1)
    found: list[Segment] = []
    for segment in segments:
        crosses = segment.x1 > edge - GUTTER * size
        if segment.x0 >= edge - 1 or segment.size < 1.1 * size or crosses:
            continue
        place = bisect_left(right, segment.y)
        if 0 < place < len(right):
            above, below = right[place - 1], right[place]
            if segment.y - above > 1.1 * segment.size and below - segment.y > 1.1 * size:
                wide = below - above > 2.2 * size + 0.5 * segment.size
                found += [segment] if wide else []
    return found


def _are_columns(left: Sequence[Segment], right: Sequence[Segment], size: float) -> bool:
    """Whether these are two columns of text, rather than a table, or one column with gaps."""
    left_rows, right_rows = _row_words(left), _row_words(right)
    if min(len(left_rows), len(right_rows)) < 2:
        return False
    if max(len(left_rows), len(right_rows)) < MIN_COLUMN_LINES:
        return False
    if min(_width(left), _width(right)) < MIN_COLUMN_WIDTH * size:
        return False
    if _share_aligned(right) < MIN_ALIGNED:
        return False
    shared = min(max(left_rows), max(right_rows)) - max(min(left_rows), min(right_rows))
    shorter = min(max(left_rows) - min(left_rows), max(right_rows) - min(right_rows))
    if shared < 0.5 * shorter:
        return False
    if _is_stretched_through(left, right, size):
        return False
    words = [median(rows.values()) for rows in (left_rows, right_rows)]
    if min(words) >= MIN_COLUMN_WORDS:
        return True
    few, many = sorted((left_rows, right_rows), key=lambda rows: median(rows.values()))
    if len(many) >= 3 * len(few) and min(words) >= 1:
        return max(words) >= 2 * MIN_COLUMN_WORDS
    beside = sum(any(abs(y - other) <= SAME_LINE * size for other in many) for y in few)
    return beside < 0.7 * len(few) and max(words) >= MIN_COLUMN_WORDS


def _may_end(left: Sequence[Segment], right: Sequence[Segment], edge: float) -> bool:
    """Whether the right column may be the end of a text that breaks off in it."""
    left_rows, right_rows = _row_words(left), _row_words(right)
    if not right_rows or len(right_rows) > len(left_rows):
        return False
    if min(segment.x0 for segment in right) > edge + 1:
        return False
    return max(left_rows.values()) >= MIN_COLUMN_WORDS and min(left_rows) <= min(right_rows) + 1


def _width(segments: Sequence[Segment]) -> float:
    return max(segment.x1 for segment in segments) - min(segment.x0 for segment in segments)


def _share_aligned(segments: Sequence[Segment]) -> float:
    """How many of the lines begin where others do; chance gaps begin now here, now there."""
    starts: dict[int, float] = {}
    for segment in segments:
        row = round(segment.y)
        starts[row] = min(segment.x0, starts.get(row, segment.x0))
    places = Counter(round(x) for x in starts.values())
    aligned = sum(
        count
        for place, count in places.items()
        if sum(places[near] for near in (place - 1, place, place + 1)) > 1
    )
    return aligned / len(starts)


def _is_stretched_through(left: Sequence[Segment], right: Sequence[Segment], size: float) -> bool:
    """Whether the strip is one gap among others as wide, in lines stretched to their width."""
    rows: dict[int, tuple[list[Word], list[Word]]] = {}
    for side, segments in enumerate((left, right)):
        for segment in segments:
            row = rows.setdefault(round(segment.y / (SAME_LINE * size)), ([], []))
            row[side].extend(segment.words)
    through = 0
    stretched = 0
    for before, after in rows.values():
        inside = [gap for side in (before, after) for gap in _gaps(side)]
        if before and after and inside:
            strip = min(word.x0 for word in after) - max(word.x1 for word in before)
            through += 1
            # Stretching makes all gaps of a line equal
            stretched += abs(median(inside) - strip) <= EVEN * size
    return stretched > 0.4 * through


def _gaps(words: Sequence[Word]) -> list[float]:
    ordered = sorted(words, key=lambda word: word.x0)
    return [after.x0 - before.x1 for before, after in pairwise(ordered) if after.spaced]


def _row_words(segments: Sequence[Segment]) -> dict[float, int]:
    """How many words there are on each base line."""
    rows: dict[float, int] = {}
    for segment in segments:
        y = round(segment.y, 1)
        rows[y] = rows.get(y, 0) + len(segment.words)
    return rows


# Segments -> lines


def _column_lines(segments: Sequence[Segment], column: int) -> list[Line]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: segment.y):
        if rows and segment.y - rows[-1][0].y <= SAME_LINE * max(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_line(sorted(row, key=lambda segment: segment.x0), column) for row in rows]


def _line(segments: Sequence[Segment], column: int) -> Line:
    words = [word for segment in segments for word in segment.words]
    if _is_letterspaced(words):
        words = _close_up(words)
    letters = [(len(word.text), word) for word in words]
    total = sum(count for count, _ in letters)
    main = max(segments, key=lambda segment: sum(len(word.text) for word in segment.words))
    fonts: Counter[str] = Counter()
    for count, word in letters:
        fonts[word.font] += count
    bold = sum(count for count, word in letters if _BOLD.search(word.font)) / max(total, 1)
    return Line(
        text=_text(words),
        x0=segments[0].x0,
        x1=max(segment.x1 for segment in segments),
        y=main.y,
        size=main.size,
        font=fonts.most_common(1)[0][0],
        bold=bold,
        first_word=words[0].x1 - words[0].x0,
        second_word=next((word.x0 for word in words[1:] if word.spaced), segments[0].x0),
        cells=_cells(words),
        column=column,
    )


def _is_letterspaced(words: Sequence[Word]) -> bool:
    """ "K A P I T T E L": a heading whose letters are set apart."""
    single = [word.text for word in words if len(word.text) == 1 and word.text.isalpha()]
    return len(words) >= 5 and len(single) >= 0.8 * len(words) and len(set(single)) >= 4


def _close_up(words: Sequence[Word]) -> list[Word]:
    gaps = [after.x0 - before.x1 for before, after in pairwise(words)]
    usual = median(gaps)
    return [words[0]] + [
        replace(word, spaced=gap > 1.6 * usual + 0.01)
        for word, gap in zip(words[1:], gaps, strict=True)
    ]


def _text(words: Sequence[Word]) -> str:
    text = "".join(f" {word.text}" if word.spaced else word.text for word in words)
    text = unicodedata.normalize("NFC", squeeze(text))
    return _RING.sub(lambda match: "å" if "a" in match[0] else "Å", text)


def _cells(words: Sequence[Word]) -> list[tuple[float, float, str]]:
    groups: list[list[Word]] = []
    text = words[1:] if len(words[0].text) <= 3 else words  # the gap behind a marker is its own
    gaps = _gaps(text)
    if len(gaps) > 1 and max(gaps) - min(gaps) <= EVEN * words[0].size:
        return [(words[0].x0, words[-1].x1, _text(words))]  # stretched to the column's width
    for word in words:
        if groups and word.x0 - groups[-1][-1].x1 <= CELL_GAP * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [(group[0].x0, group[-1].x1, _text(group)) for group in groups]


_BOLD = re.compile(r"bold|black|heavy|semibold|demi|\bfet\b|-bd\b", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[\d/])[kcdm]?m$")
_NOTE_SIGN = re.compile(r"(?:\d{1,3}|[*†‡]+)\)?(?:,\d{1,3})*")
# TeX of old sets the ring as a sign of its own, before its letter
_RING = re.compile(r"[˚\u030a]\s?[aA](?=\w|\b)")
