"""Plain text -> headings, paragraphs and list items.

Text pasted from a web page has one block on each line; text from a letter or a book is broken at
60 to 80 columns and its lines have to be joined. Lines become pieces first, then each piece is
given its kind by what it looks like and by what stands around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.read.dates import MONTH_NAMES
from pipeline.read.extracted import Kind, RawBlock, squeeze

MAX_HEADING_CHARS = 120
MAX_QUESTION_CHARS = 80
MAX_CAPITALS_CHARS = 200
MAX_WRAP_COLUMNS = 100
MIN_WRAP_COLUMNS = 40
LEFT_OVER_HTML = "left-over HTML"

CLOSING_MARKS = (".", "!", "?", "…", ":")
CLOSING_QUOTES = "”\"»“'’)] "


def last_mark(text: str) -> str:
    """The last character of a line, but for the quotes and brackets that close after it."""
    return text.rstrip(CLOSING_QUOTES)[-1:]


@dataclass(frozen=True)
class Piece:
    """One block before its kind is known: its marker (`•`, `–`, `2.`) apart from its text."""

    text: str
    marker: str = ""
    gap: bool = True  # an empty line before it
    gap_after: bool = True
    tags: str = ""  # HTML that stood in it

    @property
    def whole(self) -> str:
        return f"{self.marker} {self.text}" if self.marker else self.text


def split_blocks(text: str) -> list[RawBlock]:
    """The blocks of a plain text, in order."""
    blocks: list[RawBlock] = []
    pieces = _pieces(text)
    for piece, kind in zip(pieces, _kinds(pieces), strict=True):
        if piece.tags:
            blocks.append(RawBlock("paragraph", piece.tags, LEFT_OVER_HTML, piece.gap))
        if not piece.whole:
            continue
        shown = piece.text if kind == "list_item" else piece.whole
        if kind == "paragraph" and (parts := _RUN_IN.match(shown)):
            # "OG HVEM BETALER? Svaret stod i budgettet hele tiden."
            heading = parts[1].removesuffix(".")
            blocks.append(RawBlock("heading", heading, gap=piece.gap))
            blocks.append(RawBlock("paragraph", shown[parts.end() :]))
        else:
            blocks.append(RawBlock(kind, shown, gap=piece.gap))
    return blocks


# Lines -> pieces


def _pieces(text: str) -> list[Piece]:
    text = take_out_scripts(text)
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    width = _wrap_width([pair for group in groups for pair in _pairs(group)])
    pieces: list[Piece] = []
    for group in groups:
        joined = _join_wrapped(group, width or _wrap_width(list(_pairs(group))))
        last = len(joined) - 1
        pieces += [_piece(line, at == 0, at == last) for at, line in enumerate(joined)]
    return pieces


def _piece(line: str, gap: bool, gap_after: bool) -> Piece:
    line = line.strip()
    if "\t" in line:
        line = _TABS.sub(" – ", line)  # the cells of a table's row
    line, tags = take_out_tags(line)
    marker = ""
    if match := _MARKER.match(line):
        marker, line = match[1], line[match.end() :]
    return Piece(line, marker, gap, gap_after, tags)


def take_out_tags(line: str) -> tuple[str, str]:
    """A line without HTML tags and with its entities resolved; and the tags."""
    tags = _TAG.findall(line) if "<" in line else []
    if tags:
        line = _TAGS.sub(_in_place_of_tags, line)
    if "&" in line:
        line = _ENTITY.sub(lambda match: html.unescape(match[0]), line)
    return squeeze(line), squeeze(" ".join(tags))


def _in_place_of_tags(match: re.Match[str]) -> str:
    """Nothing where they only mark words in a sentence, or letters in a word; else a space.

    Where one ends and another begins they part two things, as the links of a menu. So do they
    before a capital, where a page was made a text by taking its line ends out.
    """
    names = [name.lower() for name in _TAG_NAME.findall(match[0])]
    if not names or not _INLINE.issuperset(names) or len({name[0] == "/" for name in names}) == 2:
        return " "
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    parted = before.isalnum() or before in CLOSING_MARKS
    return " " if parted and after.isupper() else ""


def take_out_scripts(text: str) -> str:
    """Without what stands between `<script>` and `</script>`, which is no text at all."""
    if "<" not in text:
        return text
    for name in ("script", "style"):
        parts = re.split(rf"<(?={name}\b)", text, flags=re.IGNORECASE)
        closed = re.compile(rf"</{name}\s*>", re.IGNORECASE)
        rest = [
            part[end.start() :] if (end := closed.search(part)) else "<" + part
            for part in parts[1:]
        ]
        text = "".join([parts[0], *rest])
    return text


# Hard-wrapped lines


def _pairs(group: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (line.strip(), following.strip())
        for line, following in pairwise(group)
        if not _MARKER.match(following.strip())
    ]


def _wrap_width(pairs: Sequence[tuple[str, str]]) -> int:
    """The column at which the lines are broken, or 0 where they aren't.

    In broken text most line ends fall inside a sentence, so that the line has no closing mark and
    the next goes on in lower case; in pasted text hardly any do.
    """
    if len(pairs) < 2:
        return 0
    width = max(max(len(line), len(following)) for line, following in pairs)
    if not MIN_WRAP_COLUMNS <= width <= MAX_WRAP_COLUMNS:
        return 0
    inside = sum(_goes_on(line, following) for line, following in pairs)
    return width if inside >= 0.4 * len(pairs) else 0


def _goes_on(line: str, following: str) -> bool:
    return line[-1] not in CLOSING_MARKS and following[:1].islower()


def _join_wrapped(group: Sequence[str], width: int) -> list[str]:
    """Lines that belong together as one; a line that had room for the next word ends a block."""
    lines = [group[0].strip()]
    last = lines[0]  # the line as it stood, for its length
    for line in group[1:]:
        following = line.strip()
        if _MARKER.match(following) or not _belongs(last, following, width):
            lines.append(following)
        elif _HYPHEN_END.search(lines[-1][-3:]) and _HYPHEN_GOES_ON.match(following):
            lines[-1] = lines[-1][:-1] + following
        else:
            lines[-1] = f"{lines[-1]} {following}"
        last = following
    return lines


def _belongs(line: str, following: str, width: int) -> bool:
    if not width:
        return False
    room = len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width
    return not room or (len(line) > 0.6 * width and _goes_on(line, following))


# Kinds


def _kinds(pieces: Sequence[Piece]) -> list[Kind]:
    lists = _list_members(pieces)
    kinds: list[Kind] = []
    for index in range(len(pieces)):
        if index in lists:
            kinds.append("list_item")
        elif _is_heading(pieces, index):
            kinds.append("heading")
        else:
            kinds.append("paragraph")
    return kinds


def _list_members(pieces: Sequence[Piece]) -> set[int]:
    """Which pieces are list items: runs of pieces with markers, judged run by run."""
    members: set[int] = set()
    start = 0
    while start < len(pieces):
        end = start + 1
        family = _family(pieces[start])
        while family and end < len(pieces) and _family(pieces[end]) == family:
            end += 1
        if family and _is_list(family, pieces, start, end):
            members.update(range(start, end))
        start = end
    return members


def _family(piece: Piece) -> str:
    """`bullet`, `star`, `dash`, `number` or "": only like markers make a list."""
    marker = piece.marker
    if not marker:
        return ""
    if marker in _DASHES:
        return "dash"
    if marker == "*":
        return "star"
    return "number" if marker[0].isalnum() else "bullet"


def _is_list(family: str, pieces: Sequence[Piece], start: int, end: int) -> bool:
    run = pieces[start:end]
    announced = start > 0 and pieces[start - 1].text.endswith(":")
    if family == "bullet":
        return True
    if family == "star":
        return len(run) > 1 or announced
    if family == "number":
        return len(run) > 1 and _is_counted(run)
    if len(run) == 1:
        # "Tre ting:" and one dash is a list, "Hun svarte slik:" and one dash is a reply
        return announced and not _is_sentence(run[0].text)
    if any(_SAID.search(piece.text) for piece in run):
        return False
    close = not any(piece.gap for piece in run[1:])
    open_ends = sum(not _is_sentence(piece.text) for piece in run)
    return close or announced or open_ends > len(run) / 2


def _is_counted(run: Sequence[Piece]) -> bool:
    """Whether the markers count on: 1. 2. 3. or a) b) c)."""
    labels = [piece.marker.rstrip(".)") for piece in run]
    values = [int(label) if label.isdigit() else ord(label.lower()) for label in labels]
    return all(after == before + 1 for before, after in pairwise(values))


def _is_heading(pieces: Sequence[Piece], index: int) -> bool:
    piece = pieces[index]
    text = piece.text
    if len(text) <= MAX_CAPITALS_CHARS and _is_in_capitals(text):
        return True
    if len(text) > MAX_HEADING_CHARS or not any(char.isalpha() for char in text):
        return False
    if index == len(pieces) - 1 and index > 0:
        return False  # nothing stands under it
    mark = last_mark(text)
    if piece.marker and _family(piece) == "number":
        return mark not in (".", ",", ";", ":") and ". " not in text
    if mark == "?":
        # A question that opens with a dash is asked in an interview
        short = len(text) <= MAX_QUESTION_CHARS and not piece.marker
        return short and not _SENTENCE_INSIDE.search(text) and _stands_alone(pieces, index)
    if mark in CLOSING_MARKS or text[-1] in ",;:":
        return False
    return _stands_alone(pieces, index) and not _STOP_INSIDE.search(text)


def _stands_alone(pieces: Sequence[Piece], index: int) -> bool:
    """Parted by empty lines, or, in text without them, followed by a line that is a sentence."""
    piece = pieces[index]
    if piece.gap and piece.gap_after:
        return True
    if index + 1 == len(pieces):
        return False
    return not piece.gap_after and _is_sentence(pieces[index + 1].text)


def _is_in_capitals(text: str) -> bool:
    if _SMALL_LETTER.search(text):  # in nearly all texts, and soon
        return False
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 5 and all(char.isupper() for char in letters)


def _is_sentence(text: str) -> bool:
    return last_mark(text) in (".", "!", "?", "…")


_DASHES = ("-", "–", "—")
_SMALL_LETTER = re.compile(r"[a-zæøå]")
# A number before a month is a date: "14. mars samlet etatene seg"
_MARKER = re.compile(
    rf"([•·‣▪▫●○◦■□*–—-]|\d{{1,2}}[.)](?!\s+{MONTH_NAMES}\b)|[a-hA-H]\))\s+(?=\S)", re.IGNORECASE
)
_RUN_IN = re.compile(
    r"([A-ZÆØÅÄÖ][^a-zæøåäöéü.!?\n]{4,80}[.!?])\s+(?=[\"”»«“–]?[A-ZÆØÅÄÖ][a-zæøå ])"
)
_SAID = re.compile(
    r"[,?!»”\"]\s*(?:sier|siger|seier|forteller|fortæller|fortel|mener|meiner|svarer|svarar|spør"
    r"|spurte|spørger|sa|sagde|forklarer|forklarar|fastslår|understreker|understreger|påpeker"
    r"|påpeger|legger|lægger|tilføjer|smiler|ler|innrømmer|indrømmer|vedgår|medgir|says|said)\b",
    re.IGNORECASE,
)
_SENTENCE_INSIDE = re.compile(r"[a-zæøå]{3}[.:!?] [A-ZÆØÅ]")
_STOP_INSIDE = re.compile(r"[a-zæøå]{3}\. [A-ZÆØÅ]")
_HYPHEN_END = re.compile(r"[a-zæøå]-$")
# "kart- og oppmålingsarbeid" keeps its hyphen
_HYPHEN_GOES_ON = re.compile(r"(?!(?:og|eller|samt|and|or|til)\b)[a-zæøå]")
_TABS = re.compile(r"(?<=[^\s•·‣▪▫●○◦■□*–—.)-])\s*\t\s*(?=\S)")
_TAG = re.compile(
    r"<!--[^<>]*>|</?(?:a|abbr|article|aside|b|blockquote|body|br|button|center|code|div|em|embed"
    r"|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|li|link"
    r"|main|meta|nav|noscript|object|ol|option|p|picture|pre|script|section|select|small|source"
    r"|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_TAGS = re.compile(rf"(?:{_TAG.pattern})+", re.IGNORECASE)
_TAG_NAME = re.compile(r"<(/?[a-z]+)", re.IGNORECASE)
_INLINE_NAMES = ("a", "abbr", "b", "code", "em", "font", "i", "small", "span", "strong", "sub", "u")
# The number of a note, "<sup>1</sup>", is no part of the word before it
_INLINE = frozenset((*_INLINE_NAMES, *(f"/{name}" for name in _INLINE_NAMES), "/sup"))
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
