"""What a text says in the words of a page, though no page stands around it.

A guide to social media has the headings "Facebook" and "Nyhetsbrev", a privacy policy says "Vi
bruger cookies til at huske dine indstillinger.", rules name the "leder" of a board, and a diary is
parted by dates. By their wording alone these are clutter. Where nothing else in the text is a
page's, no menu and no buttons, such a line between the text's own sentences is the text's own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from pipeline.read.clutter.reasons import (
    ADVERTISEMENT,
    AUTHOR,
    BREADCRUMB,
    BYLINE,
    CAPTION,
    COMMENT_PROMPT,
    CONTACT,
    CONTENTS,
    COOKIES,
    DATELINE,
    GENRE,
    LETTERHEAD,
    NEWSLETTER,
    NO_WORDS,
    OPINION,
    SHARE,
    TEASER,
)
from pipeline.read.clutter.shape import is_closed
from pipeline.read.clutter.words import DAY
from pipeline.read.extracted import RawBlock, plain_key

MIN_SENTENCE_WORDS = 3
HEADING_CHARS = 30
HEADING_WORDS = 3
STEM_CHARS = 6
MIN_SIGNS = 2
MIN_LIST = 3
MIN_DAYS = 3
MIN_ABOVE_DAY = 2

# What minutes, letters and bylines say is no sign of a page
NOT_OF_PAGE = (AUTHOR, BYLINE, CAPTION, CONTACT, CONTENTS, DATELINE, GENRE, LETTERHEAD, NO_WORDS,
               OPINION)  # fmt: skip
# "Leder" over a paragraph may be its heading, "Annonse" only where the paragraph takes it up
HEADINGS = (SHARE, NEWSLETTER, COOKIES, COMMENT_PROMPT, BYLINE, GENRE)
IF_TAKEN_UP = (ADVERTISEMENT, TEASER)
# Reasons that a whole sentence in the middle of a text keeps
SURE_SENTENCES = (ADVERTISEMENT, AUTHOR, BREADCRUMB, BYLINE, CAPTION, DATELINE, NO_WORDS, OPINION)


def give_back_own(
    blocks: Sequence[RawBlock], reasons: list[str], told: Sequence[str], boxed: Container[int]
) -> set[int]:
    """Take back what the wording alone has told of a text's own headings, sentences and items.

    `told` is what the wording of each block says, `boxed` are the blocks in boxes of the page.
    What was taken back is returned.
    """
    own = [
        index
        for index, block in enumerate(blocks)
        if not reasons[index] and not block.linked and is_sentence(block)
    ]
    found = {*_days_of_diary(blocks, told), *_days_in_text(blocks, told, own)}
    if own and not is_of_page(blocks, told):
        inside = (i for i in range(own[0] + 1, own[-1]) if told[i] and i not in boxed)
        found.update(i for i in inside if not blocks[i].linked and _is_own(blocks, told, i))
        found.update(i for run in _short_lists(blocks, told, own[0]) for i in run if told[i])
    for index in found:
        reasons[index] = blocks[index].reason
    return found


def is_of_page(blocks: Sequence[RawBlock], told: Sequence[str], signs: int = MIN_SIGNS) -> bool:
    """Whether so many lines are a page's: told by a reader of HTML, or short and over no sentence.

    "Innhold" may stand in a report, and "Les også: …" in the text of an article that was copied
    without its page; but not both of a menu's "Søk" and "Logg inn".
    """
    found = 0
    for index, (block, why) in enumerate(zip(blocks, told, strict=True)):
        if block.reason in _OF_PAGE or block.linked:
            return True
        if not why or why in NOT_OF_PAGE or is_closed(block.text) or block.kind == "list_item":
            continue
        found += not _heads_sentence(blocks, index)
        if found >= signs:
            return True
    return False


def is_sentence(block: RawBlock) -> bool:
    """Some words that are closed as sentences are, however short."""
    text = block.text
    return is_closed(text) and text[-1] != ":" and len(text.split()) >= MIN_SENTENCE_WORDS


def _heads_sentence(blocks: Sequence[RawBlock], index: int) -> bool:
    return index + 1 < len(blocks) and is_sentence(blocks[index + 1])


def _is_own(blocks: Sequence[RawBlock], told: Sequence[str], index: int) -> bool:
    block, why = blocks[index], told[index]
    if is_sentence(block):
        if why == CAPTION:
            return _SAYS_OF_CAPTIONS.match(block.text) is not None
        if why == TEASER and _LEADS_ELSEWHERE.search(block.text):
            return False
        # "Liker du det du leser?" and "Få bloggen på e-post. Du melder deg av når du vil."
        return why not in SURE_SENTENCES and _ONE_SENTENCE.match(block.text) is not None
    short = len(block.text) <= HEADING_CHARS and len(block.text.split()) <= HEADING_WORDS
    if not short or is_closed(block.text) or not _heads_sentence(blocks, index):
        return False
    if why in (BYLINE, SHARE) and " " in block.text:
        return False  # "Tove Malling, afdelingsleder", "Del på Facebook"
    if why in IF_TAKEN_UP:
        return is_taken_up(block.text, blocks[index + 1].text)
    return why in HEADINGS or (why == CONTACT and not told[index + 1])


def is_taken_up(heading: str, below: str) -> bool:
    """Whether the sentence under a heading has its word: "Annoncer", "Haltimer annonceres"."""
    return plain_key(heading)[:STEM_CHARS] in plain_key(below)


def _short_lists(
    blocks: Sequence[RawBlock], told: Sequence[str], first: int
) -> Iterator[Sequence[int]]:
    """Runs of short lines below the first sentence, some of them told of nothing: roles, parts."""
    start = first
    while start < len(blocks):
        end = start
        while end < len(blocks) and _is_short_item(blocks[end], told[end]):
            end += 1
        announced = start > 0 and blocks[start - 1].text.endswith(":")
        if end - start >= MIN_LIST and (announced or not all(told[start:end])):
            yield range(start, end)
        start = max(end, start + 1)


def _is_short_item(block: RawBlock, why: str) -> bool:
    words = len(block.text.split())
    return (
        why in ("", GENRE, BYLINE)
        and words <= HEADING_WORDS
        and (words == 1 or why != BYLINE)  # "Fotograf Kari Moe" took the pictures
        and not is_closed(block.text)
    )


# Diaries


def _days_of_diary(blocks: Sequence[RawBlock], told: Sequence[str]) -> list[int]:
    """Date lines, three or more, each with text under it: the headings of a diary or a log."""
    days = [
        index
        for index in _day_lines(blocks, told)
        if index + 1 < len(blocks) and not told[index + 1] and is_closed(blocks[index + 1].text)
    ]
    return days if len(days) >= MIN_DAYS else []


def _days_in_text(
    blocks: Sequence[RawBlock], told: Sequence[str], own: Sequence[int]
) -> Iterator[int]:
    """Date lines right between two of the text's sentences; one above may be the lead."""
    sentences = set(own)
    for index in _day_lines(blocks, told):
        if index - 1 in sentences and index + 1 in sentences and own[MIN_ABOVE_DAY - 1] < index:
            yield index


def _day_lines(blocks: Sequence[RawBlock], told: Sequence[str]) -> Iterator[int]:
    for index, (block, why) in enumerate(zip(blocks, told, strict=True)):
        if why == DATELINE and _DAY_LINE.match(block.text):
            yield index


_OF_PAGE = ("button", "form", "navigation", "page footer", "page header")
_DAY_LINE = re.compile(rf"{DAY}[.:]?$", re.IGNORECASE)
# "Foto: Fornavn Etternavn er den vanlige måten."
_SAYS_OF_CAPTIONS = re.compile(
    r"\w{1,30}: [^.!?:/]{3,80} (?:er|var|skal|må|kan|bør|står|brukes|bruges|skrives|skrivast) "
    r"[^.!?/]{1,200}\.$"
)
_ONE_SENTENCE = re.compile(r"(?:[^.!?]|[.](?! )){1,300}\.$")
# "Les også: …", "Les saken her."
_LEADS_ELSEWHERE = re.compile(r":|\b(?:her|here)\W*$", re.IGNORECASE)
