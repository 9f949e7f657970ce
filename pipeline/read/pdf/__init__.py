"""PDF (`.pdf`): the text of its pages as headings, paragraphs and list items, in reading order.

A PDF knows glyphs and places, and neither words nor paragraphs. They are found here by what a
reader's eye goes by: type size, gaps, margins. What stands around the text on each page (running
headers, page numbers, the table of contents) is kept with its reason. Nothing in a file is run,
and nothing that it names is opened.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.read.extracted import Extracted, RawBlock, UnreadableError, squeeze

if TYPE_CHECKING:
    from pdfminer.pdfpage import PDFPage

    from pipeline.read.pdf.document import Document
    from pipeline.read.pdf.glyphs import Glyph
    from pipeline.read.pdf.lines import Page

MAX_UNREADABLE = 0.2  # of the characters
MAX_PLACEHOLDER_CHARS = 2000
SEARCHED_FOR_MARK = 1024  # bytes; some programs write a few lines before "%PDF-"

TURNED = "rotated text in the margin"
OUTSIDE = "outside the visible page"
DAMAGED = "damaged page"
PICTURE = "page without text, only a picture"

ENCRYPTED = "is an encrypted PDF that needs a password; save it without one"
PROTECTED = "is an encrypted PDF of a kind that can't be opened; save it without protection"
NO_PDF = "is no PDF, whatever its name says"
BROKEN = "is a damaged or truncated PDF"
SCAN = "holds no text, only pictures (a scan); run text recognition (OCR) on it first"
NO_TEXT = "holds no text"
FORM = (
    "is an interactive form (XFA), whose text only Adobe Reader shows; "
    "open it there and print it to PDF"
)
NO_MEANING = (
    "holds text in a font that can't be read; save it anew from the program that made it, "
    "or run text recognition (OCR) on it"
)


@dataclass
class _Read:
    """What the pages gave so far."""

    pages: list[Page] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)  # where columns begin
    readable: int = 0
    unreadable: int = 0
    damaged: int = 0
    pictures: int = 0


def read_pdf(content: bytes) -> Extracted:
    """The blocks of a PDF, those that are no part of its text with a reason.

    Raises UnreadableError, with the reason in words, where no text can be had.
    """
    _silence()
    if b"%PDF-" not in content[:SEARCHED_FOR_MARK]:
        raise UnreadableError(NO_PDF)
    try:
        pdf, is_whole = _open(content)
        found = _read_pages(pdf, is_whole)
        if is_whole and not found.readable and not found.pictures and found.damaged:
            found = _read_pages(_open_repaired(content), False)
            is_whole = False
        found.damaged += not is_whole
        return _extracted(pdf, found)
    except (UnreadableError, MemoryError):
        raise
    except Exception:  # whatever a broken file makes the libraries stumble over
        raise UnreadableError(BROKEN) from None


def _silence() -> None:
    """pdfminer tells of each oddity of each font; a person can do nothing about them."""
    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


# Opening


def _open(content: bytes) -> tuple[Document, bool]:
    """The document, and whether it is whole: of a truncated one, what is there is put together."""
    # Imported here: most corpora hold no PDF, and the imports take a quarter of a second
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    from pipeline.read.pdf.document import open_document

    try:
        pdf = open_document(content)
        is_whole = pdf.objects.catalog.get("Pages") is not None
    except MemoryError:
        raise
    except PDFPasswordIncorrect:
        raise UnreadableError(ENCRYPTED) from None
    except PDFEncryptionError:
        raise UnreadableError(PROTECTED) from None
    except Exception:  # its end is lost, say
        is_whole = False
    return (pdf, True) if is_whole else (_open_repaired(content), False)


def _open_repaired(content: bytes) -> Document:
    from pipeline.read.pdf.document import is_encrypted, open_repaired

    if is_encrypted(content):
        raise UnreadableError(BROKEN)  # the key was in the end that is lost
    return open_repaired(content)


# Pages


def _read_pages(pdf: Document, is_whole: bool) -> _Read:
    from pipeline.read.pdf.lines import Page

    found = _Read()
    for number, page in enumerate(_pages_of(pdf, found), start=1):
        if not is_whole:
            _inherit(page)
        try:
            _read_page(pdf, page, number, found)
        except MemoryError:
            raise
        except Exception:
            found.damaged += 1
            note = RawBlock("paragraph", f"Page {number}", DAMAGED)
            found.pages.append(Page(0.0, [], [note]))
    return found


def _pages_of(pdf: Document, found: _Read) -> Iterator[PDFPage]:
    """The pages, up to where the list of them breaks off."""
    from pdfminer.pdfpage import PDFPage

    try:
        yield from PDFPage.create_pages(pdf.objects)
    except MemoryError:
        raise
    except Exception:
        found.damaged += 1


def _inherit(page: PDFPage) -> None:
    """Fonts that a page has from the tree of pages above it, where that was not walked."""
    from pdfminer.pdftypes import resolve1

    parent = page.attrs
    for _ in range(20):
        if page.resources or not isinstance(parent, dict):
            return
        page.resources = resolve1(parent.get("Resources")) or {}
        parent = resolve1(parent.get("Parent"))


def _read_page(pdf: Document, page: PDFPage, number: int, found: _Read) -> None:
    from pipeline.read.pdf.glyphs import read_glyphs
    from pipeline.read.pdf.lines import Page, find_lines

    glyphs = read_glyphs(pdf.resources, page)
    lines = find_lines(glyphs.glyphs, found.edges)
    for line in lines:
        line.page = number
    found.readable += sum(len(line.text) for line in lines)
    found.unreadable += glyphs.unreadable
    notes = _left_out(glyphs.turned, TURNED) + _left_out(glyphs.outside, OUTSIDE)
    if glyphs.has_picture and not lines:
        found.pictures += 1
        notes.append(RawBlock("paragraph", f"Page {number}", PICTURE))
    found.pages.append(Page(glyphs.height, lines, notes))


def _left_out(glyphs: list[Glyph], reason: str) -> list[RawBlock]:
    """Text beside the text, as it comes in the file."""
    text = squeeze("".join(glyph.text for glyph in glyphs))
    return [RawBlock("paragraph", text, reason)] if text else []


# The whole


def _extracted(pdf: Document, found: _Read) -> Extracted:
    from pipeline.read.pdf.blocks import make_blocks
    from pipeline.read.pdf.facts import find_facts

    if found.unreadable > MAX_UNREADABLE * (found.readable + found.unreadable):
        raise UnreadableError(NO_MEANING)
    if _is_placeholder(pdf, found):
        raise UnreadableError(FORM)
    if not found.readable:
        if found.pictures:
            raise UnreadableError(SCAN)
        raise UnreadableError(BROKEN if found.damaged or pdf.objects.has_loops else NO_TEXT)
    facts = find_facts(pdf.properties, _xmp(pdf))
    return replace(facts, blocks=make_blocks(found.pages))


def _is_placeholder(pdf: Document, found: _Read) -> bool:
    """Whether the pages say no more than that the form itself is to be shown in their place."""
    if found.readable > MAX_PLACEHOLDER_CHARS:
        return False
    text = " ".join(line.text for page in found.pages for line in page.lines)
    return _PLACEHOLDER.match(text) is not None or _is_drawn_by_reader(pdf)


def _is_drawn_by_reader(pdf: Document) -> bool:
    """Whether the file is a form in XML whose pages Adobe's programs draw anew."""
    from pdfminer.pdftypes import resolve1

    catalog = pdf.objects.catalog
    form = resolve1(catalog.get("AcroForm"))
    has_xml = isinstance(form, dict) and "XFA" in form
    return has_xml and resolve1(catalog.get("NeedsRendering")) is True


def _xmp(pdf: Document) -> str:
    from pdfminer.pdftypes import PDFStream, resolve1

    try:
        stream = resolve1(pdf.objects.catalog.get("Metadata"))
        return stream.get_data().decode("utf-8", "replace") if isinstance(stream, PDFStream) else ""
    except MemoryError:
        raise
    except Exception:
        return ""


# What stands on the pages of a form whose own content only Adobe's programs show
_PLACEHOLDER = re.compile(r"\W*Please wait\W+If this message is not eventually replaced")
