"""Which blocks of a page are clutter, and why: share prompts, teasers, bylines, contact lines.

Most clutter is told by its wording (`rules`); some only by what stands around it: the
titles under "Relevante artikler", the name above a telephone number, a run of menu words. The
reasons are words that a reader of `dropped.csv` understands. Losing a sentence is worse than
keeping a share button, so a rule that is in doubt keeps the block.

The idea of judging a block by its neighbours is jusText's (Pomikálek 2011).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import accumulate, islice, pairwise

from pipeline.read.clutter.attendance import find_attendance
from pipeline.read.clutter.notes import judge_notes
from pipeline.read.clutter.own import give_back_own, is_of_page, is_taken_up
from pipeline.read.clutter.places import find_boxes, give_back_lonely, judge_places
from pipeline.read.clutter.prompts import judge_prompt
from pipeline.read.clutter.reasons import (
    ADVERTISEMENT,
    BYLINE,
    CAPTION,
    COMMENT,
    CONTACT,
    FEEDBACK,
    GENRE,
    IMPRINT,
    LABEL,
    NAVIGATION,
    NO_WORDS,
    TEASER,
    TRUNCATED,
    VAGUE,
)
from pipeline.read.clutter.rules import find_reason
from pipeline.read.clutter.shape import (
    LONG_CHARS,
    PROSE_CHARS,
    is_cut_off,
    is_full_paragraph,
    is_lone_link,
)
from pipeline.read.clutter.words import (
    CAPTION_END,
    CAPTION_START,
    CAPTION_WORD,
    COMMENTER,
    CONTACT_DETAIL,
    CONTACT_HEADING,
    INLINE_TEASER_HEADING,
    JOB_TITLE,
    LABEL_HEADING,
    MENU_WORDS,
    NAME_LINE,
    NAMES,
    TEASER_HEADING,
)
from pipeline.read.extracted import RawBlock

TITLE_CHARS = 40
SHORT_CHARS = 80
MORE_PARAGRAPHS = 2
EARLY_PART = 0.5
MAX_LINE_CHARS = 110


def judge_blocks(blocks: Sequence[RawBlock], title: str = "") -> list[str]:
    """For each block of a page the reason why it is clutter, or "" where it is content.

    `title` is the text's title where the file tells it.
    """
    told = [
        _judge_alone(block, is_listed=block.kind == "list_item" and not is_lone_link(blocks, index))
        if block.reason in VAGUE
        else ""
        for index, block in enumerate(blocks)
    ]
    present = find_attendance(blocks, told)
    for index in present:
        told[index] = ""
    reasons = [block.reason or why for why, block in zip(told, blocks, strict=True)]
    for index, why in enumerate(told):
        if why and blocks[index].reason in VAGUE:
            reasons[index] = why
    give_back_lonely(blocks, reasons, told)
    own = give_back_own(blocks, reasons, told, find_boxes(blocks, told))
    _keep_inner_headings(blocks, reasons)
    alone = list(reasons)
    _spread_over_teasers(blocks, reasons, own)
    _spread_over_contacts(blocks, reasons)
    _spread_over_comments(blocks, reasons)
    _find_name_lines(blocks, reasons)
    _find_truncated(blocks, reasons)
    of_page = is_of_page(blocks, told, signs=1)
    _find_menus(blocks, reasons, of_page)
    _find_labels(blocks, reasons)
    _find_answers(blocks, reasons)
    judge_notes(blocks, reasons)
    judge_places(blocks, reasons, title, of_page)
    _give_back(blocks, reasons, alone)
    for index in present:
        reasons[index] = blocks[index].reason
    return reasons


def _give_back(blocks: Sequence[RawBlock], reasons: list[str], alone: Sequence[str]) -> None:
    """Where the neighbours' rules took most of a text, its paragraphs are judged alone.

    A list of other articles that is taken not to end would take the article along.
    """
    prose = [
        index
        for index, block in enumerate(blocks)
        if not alone[index] and is_full_paragraph(block, PROSE_CHARS)
    ]
    taken = sum(len(blocks[index].text) for index in prose if reasons[index])
    if 2 * taken > sum(len(blocks[index].text) for index in prose):
        for index in prose:
            reasons[index] = ""


# One block


def _judge_alone(block: RawBlock, is_listed: bool = False) -> str:
    text = block.text
    if not any(char.isalnum() for char in text):
        return NO_WORDS
    if _TEXT_AND_PHOTO.match(text):
        return BYLINE
    if len(text) <= 250 and (CAPTION_START.match(text) or _ends_in_caption(text)):
        return CAPTION
    found = find_reason(text, is_listed)
    return found or ("" if is_listed else judge_prompt(text))


def _ends_in_caption(text: str) -> bool:
    return CAPTION_WORD.search(text) is not None and CAPTION_END.search(text) is not None


def _keep_inner_headings(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """ "Kommentar" above an article is its genre, inside it a heading; so is "Kontakt"."""
    inside = False
    for index, block in enumerate(blocks):
        genre = inside and reasons[index] == GENRE
        if genre or ((inside or block.marked) and _heads_paragraphs(blocks, index)):
            advertised = reasons[index] == ADVERTISEMENT  # "Annonse", if nothing says more of it
            if not advertised or is_taken_up(block.text, blocks[index + 1].text):
                reasons[index] = ""
        inside = inside or (not reasons[index] and is_full_paragraph(block, LONG_CHARS))


def _heads_paragraphs(blocks: Sequence[RawBlock], index: int) -> bool:
    """A heading of one word, or one that the file marks, above a paragraph that is not the last."""
    block = blocks[index]
    if block.kind != "heading" or block.linked or TEASER_HEADING.match(block.text):
        return False
    if block.marked and block.reason in VAGUE[:1] and index + 1 < len(blocks):
        following = blocks[index + 1]
        return not _judge_alone(following) and is_full_paragraph(following, PROSE_CHARS)
    if " " in block.text:
        return False
    below = blocks[index + 1 : index + 2]
    return any(is_full_paragraph(one, LONG_CHARS) for one in below) and any(
        is_full_paragraph(blocks[later], LONG_CHARS) for later in range(index + 2, len(blocks))
    )


# Lists of other articles


def _spread_over_teasers(
    blocks: Sequence[RawBlock], reasons: list[str], own: Container[int]
) -> None:
    """What stands under a heading such as "Relevante artikler" or "Mest lest", not the text's own.

    The list goes on to the end of the page, or to where the article goes on. Where the heading is
    not parted from what follows by an empty line, the list ends at the next empty line.
    """
    # Whether a good part of a page's whole paragraphs stand below: it is no list at the end
    prose = [len(b.text) if is_full_paragraph(b, PROSE_CHARS) and b.gap else 0 for b in blocks]
    below = [*accumulate(reversed(prose))][::-1]
    index = 0
    while index < len(blocks):
        if index in own or not _opens_teasers(blocks[index]) or not _may_open(blocks, index):
            index += 1
            continue
        end = _end_of_teasers(blocks, index, early=below[index] > EARLY_PART * below[0])
        for position in range(index, end):
            if reasons[position] in VAGUE:
                reasons[position] = TEASER
        index = end


def _opens_teasers(block: RawBlock) -> bool:
    if block.kind == "list_item" or len(block.text) > 60:
        return False
    return TEASER_HEADING.match(block.text) is not None


def _may_open(blocks: Sequence[RawBlock], index: int) -> bool:
    """A heading over teasers has a title under it, or the page's end, but no paragraph at once.

    Where an article's paragraphs are parted by empty lines, one that follows tight is a teaser.
    """
    if index + 1 == len(blocks):
        return True
    following = blocks[index + 1]
    if not following.gap or following.linked:
        return len(following.text) < LONG_CHARS
    return not is_full_paragraph(following, TITLE_CHARS)


def _end_of_teasers(blocks: Sequence[RawBlock], start: int, *, early: bool) -> int:
    first = blocks[start + 1] if start + 1 < len(blocks) else blocks[start]
    tight = not first.gap
    linked = first.linked
    boxed = bool(blocks[start].reason)  # HTML tells where the box ends
    inline = INLINE_TEASER_HEADING.match(blocks[start].text) is not None
    end = start + 1
    while end < len(blocks):
        block = blocks[end]
        if (tight and block.gap) or (boxed and not block.reason):
            return end
        text_again = block.kind == "heading" or len(block.text) >= TITLE_CHARS
        if linked and not block.linked and text_again:
            return end
        goes_on = early and block.gap and is_full_paragraph(block, PROSE_CHARS)
        if goes_on or _resumes(blocks, end) or (inline and _is_reply_or_sentence(block)):
            # A short line right above is the heading of what goes on
            above = blocks[end - 1]
            heads = above.kind == "heading" and not above.linked
            return end - 1 if end - 1 > start + 1 and heads else end
        end += 1
    return end


def _resumes(blocks: Sequence[RawBlock], index: int) -> bool:
    """Whether the article goes on here: a long paragraph that is not the page's last."""
    if not is_full_paragraph(blocks[index], LONG_CHARS):
        return False
    if len(blocks[index].text) >= 2 * LONG_CHARS:
        return True
    later = range(index + 1, len(blocks))
    whole = (place for place in later if is_full_paragraph(blocks[place], LONG_CHARS))
    # No further than to the last one that is asked for, for there may be a million
    found = list(islice(whole, MORE_PARAGRAPHS))
    return found[:1] == [index + 1] or len(found) == MORE_PARAGRAPHS


def _is_reply_or_sentence(block: RawBlock) -> bool:
    """Whether a block under "Les også", in the middle of an article, is the article going on."""
    return block.text[0] in "–-—" or is_full_paragraph(block, TITLE_CHARS)


# People and how to reach them


def _spread_over_contacts(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """Short lines under a contact heading, and the name and title above a telephone number."""
    index = 0
    while index < len(blocks):
        end = index + 1
        if len(blocks[index].text) <= 80 and CONTACT_HEADING.match(blocks[index].text):
            while end < len(blocks) and _is_contact_like(blocks[end], reasons[end]):
                end += 1
            if end > index + 1 or end == len(blocks):
                for position in range(index, end):
                    reasons[position] = reasons[position] or CONTACT
        index = end
    for index, reason in enumerate(reasons):
        if reason != CONTACT or CONTACT_HEADING.match(blocks[index].text):
            continue
        for position in (index - 1, index - 2):
            if position < 0 or not _is_person_line(blocks[position]):
                break
            reasons[position] = reasons[position] or CONTACT


def _spread_over_comments(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """What stands under "Kåre M. · for 3 timer siden" is what Kåre M. says."""
    for index in range(len(blocks) - 1):
        if COMMENTER.match(blocks[index].text) and not COMMENTER.match(blocks[index + 1].text):
            reasons[index] = reasons[index] or COMMENT
            reasons[index + 1] = reasons[index + 1] or COMMENT


def _is_contact_like(block: RawBlock, reason: str) -> bool:
    if reason == CONTACT or _is_person_line(block):
        return True
    text = block.text
    if len(text) > MAX_LINE_CHARS or block.kind == "list_item":
        return False
    return bool(CONTACT_DETAIL.search(text)) or (not block.gap and text[-1] not in ".!?")


def _is_person_line(block: RawBlock) -> bool:
    """A name alone, or a job title with or without a name: "Seniorrådgiver, Direktoratet"."""
    text = block.text
    if block.kind == "list_item" or len(text) > MAX_LINE_CHARS or text[-1] in ".!?:":
        return False
    return bool(NAME_LINE.match(text)) or _is_job_line(text)


def _is_job_line(text: str) -> bool:
    words = text.split()
    return len(words) <= 12 and bool(JOB_TITLE.search(text)) and not _VERB.search(text)


def _find_name_lines(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """A name on a line of its own with a job title on the next: the author above an article."""
    for index, (block, following) in enumerate(pairwise(blocks)):
        if reasons[index] or not NAME_LINE.match(block.text):
            continue
        if reasons[index + 1] == BYLINE and " " not in following.text and _is_person_line(block):
            reasons[index] = BYLINE  # "Journalist", told already
        if reasons[index + 1]:
            continue
        if _is_person_line(block) and len(following.text) <= MAX_LINE_CHARS:
            open_end = following.text[-1] not in ".!?:"
            if open_end and _is_job_line(following.text) and following.kind != "list_item":
                reasons[index] = reasons[index + 1] = BYLINE


# Left-overs


def _find_truncated(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """Teasers cut off with "…" next to clutter, or several of them; a lone one may be a quote."""
    cut = [
        index
        for index, block in enumerate(blocks)
        if len(block.text) >= 40 and block.text[0] not in '–-—«”»"' and is_cut_off(block.text)
    ]
    for index in cut:
        around = [i for i in (index - 1, index + 1) if 0 <= i < len(blocks)]
        near = any(reasons[i] in (TEASER, TRUNCATED, NAVIGATION) for i in around)
        if not reasons[index] and (near or len(cut) > 2):
            reasons[index] = TRUNCATED


def _find_menus(blocks: Sequence[RawBlock], reasons: list[str], of_page: bool) -> None:
    """Runs of short lines at the top or the bottom of a page: "Login", "Om os", "Priser".

    Where nothing else is a page's, four short lines above the text are what a recipe takes, the
    persons of a play, or a poem.
    """
    full = [
        index
        for index, block in enumerate(blocks)
        if not reasons[index] and is_full_paragraph(block, SHORT_CHARS)
    ]
    if not full:
        return
    for start, end in ((0, full[0]), (full[-1] + 1, len(blocks))):
        parted = (i for i in range(end - 1, -1, -1) if blocks[i].gap and not reasons[i])
        apart = next(parted, -1)
        run: list[int] = []
        for index in range(start, end + 1):
            if index < end and _may_be_in_menu(blocks[index], reasons[index]):
                run.append(index)
                continue
            # The last may be the title, short as titles can be. It is the menu's where nothing
            # parts it from the menu, and a line that may be the title stands apart below
            tight = bool(run) and not blocks[run[-1]].gap and run[-1] < apart
            if start == 0 and run and not reasons[run[-1]] and not tight:
                run.pop()
            known = any(reasons[i] == NAVIGATION for i in run) or _speaks_of_site(blocks, run)
            if (len(run) >= 4 and start == 0 and of_page) or (len(run) >= 3 and known):
                for position in run:
                    reasons[position] = reasons[position] or NAVIGATION
            run = []


def _may_be_in_menu(block: RawBlock, reason: str) -> bool:
    text = block.text
    if (
        block.kind == "list_item"
        or _LISTED.match(text)
        or block.reason
        or reason not in ("", NAVIGATION, CONTACT, IMPRINT, GENRE)
    ):
        return False
    short = len(text) <= 25 and len(text.split()) <= 3
    words = short and text[-1] not in ".!?:," and any(map(str.isalpha, text))
    return words or reason == NAVIGATION


def _speaks_of_site(blocks: Sequence[RawBlock], run: Sequence[int]) -> bool:
    """Whether two lines of a run, which no line announces, are what menus are full of."""
    if not run or (run[0] and blocks[run[0] - 1].text.endswith(":")):
        return False
    return sum(blocks[index].text.lower() in MENU_WORDS for index in run) >= 2


def _find_labels(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """A heading such as "Præsentation" over a note on the author that was dropped."""
    for index, block in enumerate(blocks[:-1]):
        if not reasons[index] and reasons[index + 1] and LABEL_HEADING.match(block.text):
            reasons[index] = LABEL


def _find_answers(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """The buttons under "Var denne siden nyttig?"."""
    for index in range(1, len(blocks)):
        if reasons[index - 1] == FEEDBACK and _ANSWER.fullmatch(blocks[index].text):
            reasons[index] = reasons[index] or FEEDBACK


# "a) motorkøyretøy", which is no list where it stands alone; the marks of the others
_LISTED = re.compile(r"(?:[a-zæøå]\)|\d{1,3}[.)]|[•·‣–—-])\s", re.IGNORECASE)
_TEXT_AND_PHOTO = re.compile(
    rf"(?:Tekst|TEKST|Skrevet[ ]a[vf]|Av|Af):?[ ](?:{NAMES})[ ,/|·•–-]{{1,4}}(?:Foto|FOTO):[ ]"
    r".{2,60}$"
)
_ANSWER = re.compile(r"(?:ja|jo|yes|nei|nej|no|delvis|delvist)[.!]?", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:er|var|har|hadde|havde|skal|vil|kan|må|bør|blir|bliver|blev|ble|vart|blei|får|fikk|fik"
    r"|sier|siger|seier"
    r"|mener|meiner|is|was|has|will)\b",
    re.IGNORECASE,
)
