"""Clutter that is told by where it stands: in tight groups of lines, above the title, at the end.

In text copied from a page, its paragraphs are parted by empty lines, and what stands in boxes and
menus is not. So lines that stand tight, one of them known as clutter, are clutter together. What
stands tight above the title is the site's; what comes after the article's last sentence is too.
All of this is asked only of texts whose paragraphs are parted so.

The idea of judging a block by its neighbours is jusText's (Pomikálek 2011).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from pipeline.nordic.function_words import FUNCTION_WORDS
from pipeline.read.blocks import LEFT_OVER_HTML
from pipeline.read.clutter.reasons import (
    ABOVE,
    AUTHOR,
    BELOW,
    BYLINE,
    CAPTION,
    CONTENTS,
    COOKIES,
    DATELINE,
    GENRE,
    KEYWORDS,
    LEFT_OVER_CODE,
    LINKS,
    LISTEN,
    NAVIGATION,
    NO_WORDS,
    SHARE,
    SUBSCRIPTION,
    TEASER,
)
from pipeline.read.clutter.shape import (
    LONG_CHARS,
    PROSE_CHARS,
    is_closed,
    is_lone_link,
    is_running_text,
)
from pipeline.read.clutter.words import JOB_TITLE, NAME_LINE
from pipeline.read.extracted import RawBlock, plain_key

MENU_CHARS = 45
MAX_MENU = 40  # lines
MAX_BYLINES = 8  # lines below the title
STANZA_LINES = 4
MIN_VERSES = 3
VERSE_CHARS = 70
SIGNATURE_CHARS = 130
MAX_GROUP_SENTENCE_CHARS = 260
MIN_TITLE_WORDS = 3
MAX_TITLE_CHARS = 200
MIN_FUNCTION_SHARE = 0.4
# Reasons that say nothing of the lines around: a caption stands beside the article's own lines
LONELY_REASONS = (CAPTION, LEFT_OVER_HTML, NO_WORDS, LEFT_OVER_CODE)

# Reasons that a block may have for itself in the middle of an article. All others are doubtful
# there: "Log ind med MitID" is a button, or a heading; "Hvad kan vi gøre bedre?" asks the reader of
# the page, or of the article
SURE_REASONS = (
    *(SHARE, LISTEN, TEASER, BYLINE, DATELINE, CAPTION, GENRE, AUTHOR, LEFT_OVER_CODE, NO_WORDS),
    *(COOKIES, SUBSCRIPTION),
)
_SURE_WORDS = re.compile(
    r"annon[sc]|sponsor|sponset|reklame$|emneord|tags?:|@|\d{2} ?\d{2} ?\d{2} ?\d{2}", re.IGNORECASE
)


def give_back_lonely(blocks: Sequence[RawBlock], reasons: list[str], told: Sequence[str]) -> None:
    """Take back what the wording alone has told of a block in the middle of an article.

    Clutter comes in company: a box has a heading, a text and a button. So a doubtful wording counts
    above the article's text, below it, and beside another that was told. `told` is what the wording
    of each block says; an item of a list is always doubtful.
    """
    prose = [i for i, block in enumerate(blocks) if not reasons[i] and is_running_text(block)]
    if not prose:
        return
    doubtful = [
        bool(why)
        and (block.kind == "list_item" or why not in SURE_REASONS or _is_short_cookie(block, why))
        and not _SURE_WORDS.search(block.text)
        and not is_lone_link(blocks, index)
        and not (why == CONTENTS and _heads_short_lines(blocks, index))
        for index, (block, why) in enumerate(zip(blocks, told, strict=True))
    ]
    parted = _has_parted_paragraphs(blocks)
    boxed = find_boxes(blocks, told)
    tight = [group for group in _groups(blocks) if len(group) >= STANZA_LINES] if parted else []
    stanzas = {index for group in tight for index in group}
    lonely = [
        index
        for index in range(prose[0], prose[-1])
        if doubtful[index]
        and index not in boxed
        and (index in stanzas or _may_be_the_articles(blocks, index))
        and not any(reasons[i] for i in (index - 1, index + 1))
    ]
    for index in lonely:
        reasons[index] = blocks[index].reason


def _is_short_cookie(block: RawBlock, why: str) -> bool:
    """ "Alltid aktiv": told of a notice, but no notice by itself."""
    return why == COOKIES and len(block.text) < PROSE_CHARS


def _heads_short_lines(blocks: Sequence[RawBlock], index: int) -> bool:
    """Whether two lines or more stand tight below, short and without a mark, and no others."""
    below = list(takewhile(lambda block: not block.gap, blocks[index + 1 : index + 1 + MAX_MENU]))
    return len(below) >= 2 and all(_is_menu_line(block) for block in below)


def _may_be_the_articles(blocks: Sequence[RawBlock], index: int) -> bool:
    """A sentence, an item of a list, or a line that may be the heading of what is below it."""
    block = blocks[index]
    return block.kind == "list_item" or is_closed(block.text) or is_running_text(blocks[index + 1])


def find_boxes(blocks: Sequence[RawBlock], told: Sequence[str]) -> set[int]:
    """The blocks of tight groups of which a third or more were told: boxes on the page."""
    if not _has_parted_paragraphs(blocks):
        return set()
    found: set[int] = set()
    for group in _groups(blocks):
        lines = [i for i in group if blocks[i].kind != "list_item"]
        if len(lines) > 1 and 3 * sum(bool(told[i]) for i in lines) >= len(group):
            found.update(lines)
    return found


def judge_places(
    blocks: Sequence[RawBlock], reasons: list[str], title: str = "", of_page: bool = True
) -> None:
    """Give the lines that are clutter by their place their reasons.

    `of_page` says that something in the text is a page's.
    """
    _find_around_title(blocks, reasons, title)
    _find_tags(blocks, reasons)
    if not _has_parted_paragraphs(blocks):
        _find_links(blocks, reasons)
        return
    groups = [group for group in _groups(blocks) if len(group) > 1]
    top = _first_prose(blocks, reasons)
    _find_contents(blocks, reasons, groups)
    _find_signatures(blocks, reasons, groups)
    _spread_in_groups(blocks, reasons, groups, top)
    _find_top_menus(blocks, reasons, groups, _first_prose(blocks, reasons), of_page)
    _find_links(blocks, reasons)
    _find_end(blocks, reasons, groups)


def _has_parted_paragraphs(blocks: Sequence[RawBlock]) -> bool:
    long = [block for block in blocks if is_running_text(block) and len(block.text) >= LONG_CHARS]
    if len(long) < 2:
        long = [block for block in blocks if is_running_text(block)]
    parted = sum(block.gap for block in long)
    return len(long) >= 2 and parted >= 0.8 * len(long)


def _groups(blocks: Sequence[RawBlock]) -> Iterator[list[int]]:
    """Runs of blocks without an empty line between them."""
    group: list[int] = []
    for index, block in enumerate(blocks):
        if block.gap and group:
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def _first_prose(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> int:
    """Where the article's text begins: its first whole paragraph."""
    return next(
        (
            i
            for i, block in enumerate(blocks)
            if not reasons[i] and block.gap and is_running_text(block)
        ),
        len(blocks),
    )


def _first_title(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> int:
    titles = (i for i, block in enumerate(blocks) if not reasons[i] and _may_be_title(block))
    return next(titles, len(blocks))


def _spread_in_groups(
    blocks: Sequence[RawBlock], reasons: list[str], groups: Sequence[list[int]], top: int
) -> None:
    """One known line makes its tight neighbours clutter, but not the title or a long paragraph."""
    titles = [i for i in range(top) if not reasons[i] and _may_be_title(blocks[i])]
    alone = [i for i in titles if blocks[i].gap and (i + 1 == len(blocks) or blocks[i + 1].gap)]
    spared = set() if alone else set(titles or [top - 1])
    for group in groups:
        known = [i for i in group if reasons[i] and reasons[i] not in LONELY_REASONS]
        # One item of a list, or line of a poem, that sounds like a prompt stands for itself alone
        items = all(blocks[i].kind == "list_item" for i in known)
        if 3 * len(known) < len(group) or (items and 2 * len(known) < len(group)):
            continue
        for index in group:
            text = blocks[index].text
            if reasons[index] or index in spared or len(text) > MAX_GROUP_SENTENCE_CHARS:
                continue
            if text[0] in _OPENING_QUOTES:  # who said it stands below
                continue
            after = bisect_left(known, index)
            near = known[max(after - 1, 0) : after + 1]
            nearest = min(near, key=lambda other: (abs(other - index), other))
            reasons[index] = reasons[nearest]


def _find_around_title(blocks: Sequence[RawBlock], reasons: list[str], title: str) -> None:
    """Short lines above the title that the file tells, and a name between it and the text."""
    top = _first_prose(blocks, reasons)
    key = plain_key(title)
    place = next((i for i in range(top) if key and plain_key(blocks[i].text) == key), None)
    if place is None:
        return
    for index in range(place):
        if len(blocks[index].text) < LONG_CHARS and not is_closed(blocks[index].text):
            reasons[index] = reasons[index] or ABOVE
    for index in range(place + 1, min(top, place + 1 + MAX_BYLINES)):
        if reasons[index]:
            continue
        # Below another line of the text, "Rundo Basic" is what was tested
        if _is_name(blocks[index]) and not _is_spoken_of(blocks[index + 1 :], blocks[index].text):
            reasons[index] = BYLINE
        else:
            break


def _is_name(block: RawBlock) -> bool:
    return block.kind != "list_item" and NAME_LINE.match(block.text) is not None


def _is_spoken_of(blocks: Sequence[RawBlock], name: str) -> bool:
    """Whether a text names somebody in its first half: the dead of an obituary, not its author."""
    first = re.compile(rf"\b{re.escape(name.split()[0])}\b")
    return any(first.search(block.text) for block in blocks[: (len(blocks) + 1) // 2])


def _find_tags(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """ "skatt, klage, kommune": below the byline above the text, or amid what follows it."""
    prose = [i for i, block in enumerate(blocks) if not reasons[i] and is_running_text(block)]
    if not prose:
        return
    title = _first_title(blocks, reasons)
    for index, block in enumerate(blocks):
        if reasons[index] or block.kind == "list_item" or not _TAGS.match(block.text):
            continue
        above = reasons[index - 1] if index else ""
        at_top = title < index < prose[0] and above in (BYLINE, DATELINE)
        at_end = index > prose[-1] and above and all(reasons[index + 1 : index + 2])
        if at_top or at_end:
            reasons[index] = KEYWORDS


def _find_contents(
    blocks: Sequence[RawBlock], reasons: list[str], groups: Sequence[list[int]]
) -> None:
    """Lines that say the headings further down, or stand under "Gå til:": the page's contents."""
    heads = {
        plain_key(_NUMBER.sub("", block.text)): index
        for index, block in enumerate(blocks)
        if block.kind == "heading" and block.gap
    }
    for group in groups:
        keys = [plain_key(_NUMBER.sub("", blocks[index].text)) for index in group]
        said = [key for key in keys if heads.get(key, -1) > group[-1]]
        headed = reasons[group[0]] == CONTENTS and _heads_short_lines(blocks, group[0])
        if len(said) >= 2 or headed:
            for index in group:
                reasons[index] = reasons[index] or CONTENTS


def _find_signatures(
    blocks: Sequence[RawBlock], reasons: list[str], groups: Sequence[list[int]]
) -> None:
    """A name on a line, what its bearer does on the next, and nothing more."""
    title = _first_title(blocks, reasons)
    for group in groups:
        if group[0] <= title:
            continue  # the name may be the title
        first, *others = (blocks[i] for i in group)
        lines = len(group) <= 3 and all(len(block.text) <= SIGNATURE_CHARS for block in others)
        lines = lines and (
            len(others[0].text) >= 15 or JOB_TITLE.search(others[0].text) is not None
        )
        lines = lines and all(blocks[i].kind != "list_item" for i in group)
        if lines and NAME_LINE.match(first.text):
            for index in group:
                reasons[index] = reasons[index] or BYLINE


def _find_top_menus(
    blocks: Sequence[RawBlock],
    reasons: list[str],
    groups: Sequence[list[int]],
    top: int,
    of_page: bool,
) -> None:
    """Short lines, items of lists too, that stand tight above a title that stands alone.

    Below another line of a text without a page, they are what a recipe takes: "3 egg", "2 dl melk".
    """
    titles = (i for i in range(top) if not reasons[i] and _may_be_title(blocks[i]))
    last = max((i for i in titles if blocks[i].gap), default=-1)
    for group in groups:
        if group[0] and blocks[group[0] - 1].text.endswith(":"):
            continue
        if not of_page and (group[0] or _is_stanza([blocks[i] for i in group])):
            continue
        if group[-1] < last and all(_is_menu_line(blocks[i]) for i in group):
            for index in group:
                reasons[index] = reasons[index] or NAVIGATION


def _find_links(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """Two blocks or more in a row that are nothing but links, unless a line announces them."""
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and blocks[end].linked and blocks[end].kind != "heading":
            end += 1
        announced = start > 0 and not reasons[start - 1] and blocks[start - 1].text.endswith(":")
        if end - start >= 2 and not announced:
            for index in range(start, end):
                reasons[index] = reasons[index] or LINKS
        start = max(end, start + 1)


def _find_end(blocks: Sequence[RawBlock], reasons: list[str], groups: Sequence[list[int]]) -> None:
    """What follows the last sentence, list item or verse of the article, if some is clutter."""
    verses = {i for group in groups if _is_stanza([blocks[i] for i in group]) for i in group}
    ends = [
        index
        for index, block in enumerate(blocks)
        if not reasons[index] and (_ends_article(block) or index in verses)
    ]
    last = max(ends, default=-1)
    if last < 0 or not any(reasons[last + 1 :]):
        return
    for index in range(last + 1, len(blocks)):
        reasons[index] = reasons[index] or BELOW


# One block


def _ends_article(block: RawBlock) -> bool:
    """A sentence, an item of a list, or a long line: what an article may end with."""
    if block.linked:
        return False
    if block.kind == "list_item" or is_closed(block.text):
        return True
    if len(block.text) < LONG_CHARS and _is_table_row(block.text):
        return True
    return len(block.text) >= LONG_CHARS or _reads_like_sentence(block.text)


def _is_table_row(text: str) -> bool:
    """Cells as the readers write them: "2026 – 18,2 – 4,1", "År – Breve – Svar"."""
    dashes = text.count(" – ")
    return dashes > 1 or (dashes == 1 and any(map(str.isdigit, text)))


def _is_stanza(lines: Sequence[RawBlock]) -> bool:
    """Tight short lines, half of which run on into the next: menus and addresses don't."""
    if any(line.kind == "list_item" or len(line.text) > VERSE_CHARS for line in lines):
        return False
    joins = list(pairwise(line.text for line in lines))
    runs_on = sum(line[-1] in ",;" or following[0].islower() for line, following in joins)
    return len(lines) >= MIN_VERSES and 2 * runs_on >= len(joins)


def _reads_like_sentence(text: str) -> bool:
    """A line of some length with many function words: "Og hvis I kun orker én ting i denne uge"."""
    words = _LETTERS.findall(text.lower())
    return len(text) >= PROSE_CHARS and sum(word in FUNCTION_WORDS for word in words) >= (
        MIN_FUNCTION_SHARE * len(words)
    )


def _may_be_title(block: RawBlock) -> bool:
    if block.kind == "list_item" or len(block.text) > MAX_TITLE_CHARS:
        return False
    return len(_WORD.findall(block.text)) >= MIN_TITLE_WORDS


def _is_menu_line(block: RawBlock) -> bool:
    return len(block.text) <= MENU_CHARS and not is_closed(block.text)


# Items of a word or two, three or more
_TAGS = re.compile(r"(?:[\w-]{2,25}(?: [\w-]{2,25})?, ){2,11}[\w-]{2,25}(?: [\w-]{2,25})?$")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]? ")
_OPENING_QUOTES = '«»”“"–—'
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
