"""One file's bytes -> its texts: read, clutter judged, facts looked for in the text, masked.

This is all that is done with what strangers wrote, and the only place that knows the formats. It
touches no disk, so that `guarded` can do it in a process that may be ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.read.clutter import judge_blocks
from pipeline.read.decode import decode
from pipeline.read.extracted import Extracted, RawBlock, UnreadableError
from pipeline.read.facts import FIELDS
from pipeline.read.html import read_html
from pipeline.read.html.source import count_text, without_embedded
from pipeline.read.in_text import find_author, find_published, find_title
from pipeline.read.markdown import read_markdown
from pipeline.read.office.opendocument import read_odt
from pipeline.read.office.word import read_docx
from pipeline.read.pdf import read_pdf
from pipeline.read.privacy import mask_personal
from pipeline.read.records import TABLE_ENDINGS, count_records, read_records
from pipeline.read.text import read_text
from pipeline.settings import ReadSettings

NO_TEXT = "holds no text"
ONLY_CLUTTER = "holds only page clutter"
MAX_FACT_CHARS = 500


@dataclass(frozen=True)
class ReadOptions:
    """What the settings say of reading (see `settings.ReadSettings`)."""

    keep_clutter: bool = False
    keep_personal_data: bool = False
    text_column: str = ""
    max_characters: int = 10_000_000


def options_of(settings: ReadSettings) -> ReadOptions:
    return ReadOptions(
        settings.keep_clutter,
        settings.keep_personal_data,
        settings.text_column,
        settings.max_characters,
    )


def _read_decoded(reader: Callable[[str], Extracted]) -> Callable[[bytes, int], Extracted]:
    def read(content: bytes, max_characters: int) -> Extracted:
        # No encoding has characters of less than a byte or more than four
        if len(content) > 4 * max_characters:
            raise UnreadableError(_too_long(max_characters))
        text = decode(content)
        if len(text) > max_characters:
            raise UnreadableError(_too_long(max_characters))
        return reader(text) if text.strip() else Extracted()

    return read


def _read_page(content: bytes, max_characters: int) -> Extracted:
    """A page's limit is that of its text: its pictures, scripts and tags may be much longer."""
    content = without_embedded(content)
    # As for other texts: what can't be short enough is not decoded, which takes much memory
    most = 4 * max_characters
    if len(content) > most and count_text(content.decode("latin-1")) > most:
        raise UnreadableError(_too_long(max_characters))
    source = decode(content)
    if count_text(source) > max_characters:
        raise UnreadableError(_too_long(max_characters))
    return read_html(source) if source.strip() else Extracted()


def _read_package(reader: Callable[[bytes], Extracted]) -> Callable[[bytes, int], Extracted]:
    def read(content: bytes, _max_characters: int) -> Extracted:
        return reader(content) if content.strip(_BLANK) else Extracted()

    return read


_BLANK = b" \t\r\n\0"

# One reader a format; tables of texts are in `records`.
READERS: dict[str, Callable[[bytes, int], Extracted]] = {
    ".txt": _read_decoded(read_text),
    ".md": _read_decoded(read_markdown),
    ".html": _read_page,
    ".htm": _read_page,
    ".pdf": _read_package(read_pdf),
    ".docx": _read_package(read_docx),
    ".odt": _read_package(read_odt),
}
ENDINGS = (*READERS, *TABLE_ENDINGS)


def convert(
    content: bytes, ending: str, first: int = 0, count: int = 0, options: ReadOptions | None = None
) -> list[Extracted | str]:
    """The texts of a file, their blocks judged; for each that can't be had the reason, in words.

    A file of one text gives one entry; a table gives one for each of its rows `first`,
    `first` + 1 … (`count` of them). Every block that is no content has a `reason`.
    """
    options = options or ReadOptions()
    try:
        if ending in TABLE_ENDINGS:
            rows = read_records(content, ending, options.text_column, first, count)
            return [_finish(row, options) for row in rows]
        return [_finish(READERS[ending](content, options.max_characters), options)]
    except UnreadableError as error:
        return [_told(error, options)] * (count or 1)


def count_texts(content: bytes, ending: str, options: ReadOptions | None = None) -> int | str:
    """How many texts a table holds, or why none can be had."""
    options = options or ReadOptions()
    try:
        return count_records(content, ending, options.text_column)
    except UnreadableError as error:
        return _told(error, options)


def _told(error: UnreadableError, options: ReadOptions) -> str:
    """A reason in words; it may quote what stands in the file, as the names of columns."""
    told = _without_halves(str(error))
    return told if options.keep_personal_data else mask_personal(told)


def _finish(found: Extracted | UnreadableError, options: ReadOptions) -> Extracted | str:
    if isinstance(found, UnreadableError):
        return _told(found, options)
    found = _storable(found)
    if not any(char.isalnum() for block in found.blocks for char in block.text):
        return NO_TEXT
    if sum(len(block.text) for block in found.blocks) > options.max_characters:
        return _too_long(options.max_characters)
    reasons = judge_blocks(found.blocks, title=found.title)
    found = _with_facts_in_text(found, reasons)
    if options.keep_clutter:
        reasons = [""] * len(reasons)
    kept = [block.text for block, why in zip(found.blocks, reasons, strict=True) if not why]
    if not any(char.isalnum() for text in kept for char in text):
        return ONLY_CLUTTER
    blocks = [
        block if block.reason == why else replace(block, reason=why)
        for block, why in zip(found.blocks, reasons, strict=True)
    ]
    found = replace(found, blocks=blocks)
    return _with_short_facts(found if options.keep_personal_data else _masked(found))


def _storable(found: Extracted) -> Extracted:
    r"""Without halves of characters, which no table can hold.

    JSON writes an emoji as two escapes, and where a program cuts a text between them, "\ud83d"
    is left; a symbol of a Word file may have such a number too.
    """
    facts = {name: _without_halves(getattr(found, name)).strip() for name in FIELDS}
    blocks = [
        replace(block, text=_without_halves(block.text)) if _HALF.search(block.text) else block
        for block in found.blocks
    ]
    return replace(found, **facts, blocks=blocks)


def _without_halves(text: str) -> str:
    return _HALF.sub("", text)


_HALF = re.compile("[\ud800-\udfff]")


def _with_facts_in_text(found: Extracted, reasons: Sequence[str]) -> Extracted:
    """What the lines around the article tell, where the file itself does not.

    A document's properties tell when it was made, which a date above the article outdoes.
    """
    if not found.title:
        found = replace(found, title=find_title(found.blocks, reasons))
    if not found.author:
        found = replace(found, author=find_author(found.blocks, reasons))
    day = find_published(found.blocks, reasons)
    if day and (not found.published or found.published_from == "document properties"):
        found = replace(found, published=day, published_from="a date line in the text")
    return found


def _masked(found: Extracted) -> Extracted:
    return replace(
        found,
        title=mask_personal(found.title),
        author=mask_personal(found.author),
        source=mask_personal(found.source),
        country=mask_personal(found.country),
        url=mask_personal(found.url.replace("%40", "@")),
        blocks=list(map(_masked_block, found.blocks)),
    )


def _masked_block(block: RawBlock) -> RawBlock:
    text = mask_personal(block.text)
    return block if text == block.text else replace(block, text=text)


def _with_short_facts(found: Extracted) -> Extracted:
    """What names a text stays short enough to be shown, whatever a page's head holds."""
    return replace(
        found,
        title=_shortened(found.title),
        author=_shortened(found.author),
        source=_shortened(found.source),
    )


def _shortened(text: str) -> str:
    if len(text) <= MAX_FACT_CHARS:
        return text
    words, _, _ = text[:MAX_FACT_CHARS].rpartition(" ")
    return f"{words.rstrip() or text[: MAX_FACT_CHARS - 1]}…"


def _too_long(max_characters: int) -> str:
    return (
        f"is longer than {max_characters:,} characters; raise max_characters under [read] "
        "or split the file"
    )
