"""Word (`.docx`): the text of the main part, its notes, and, as clutter, what stands around it.

The tree of the document is walked here. python-docx, which writes such files well, leaves out what
tracked changes put in, content controls and text boxes; it unpacks every picture; and it can't open
a file that names a part which is not there. Nothing is fetched, and macros are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.read.clutter.reasons import CONTENTS
from pipeline.read.extracted import Extracted, UnreadableError
from pipeline.read.office.archive import (
    OTHER_FORMAT,
    WORD,
    Package,
    describe,
    open_package,
)
from pipeline.read.office.blocks import Line
from pipeline.read.office.gather import NOTES, Gatherer, Step, walk
from pipeline.read.office.names import (
    COMMENT,
    DELETED,
    FORM,
    HIDDEN,
    PAGE_FOOTER,
    PAGE_HEADER,
    document_facts,
    first_texts,
)
from pipeline.read.office.reader import PartReader
from pipeline.read.office.word_parts import (
    Relations,
    W,
    find_main_part,
    find_relations,
    is_on,
    transitional,
    value_of,
)
from pipeline.read.office.word_styles import Styles, end_is_deleted, paragraph_kind


def read_docx(content: bytes) -> Extracted:
    """The blocks of a Word document in reading order, those that are no content with a reason.

    Raises UnreadableError with the reason where there is no Word document to read.
    """
    package = open_package(content)
    main = find_main_part(package)
    if not main:
        what = describe(package)
        if what == WORD:
            raise UnreadableError("is damaged: it has no main part")
        raise UnreadableError(OTHER_FORMAT.format(what))
    root = package.parse(main, transitional)
    if root.tag != W + "document":
        raise UnreadableError("is damaged: its main part is no Word text")
    relations = find_relations(package, main)
    related = relations.of_kind
    styles = Styles(_parse_sound(package, related("styles")[:1]))
    reader = _Reader(Gatherer(), styles, _Chunks(package, relations))
    for part in _parse_sound(package, related("header")):
        reader.read_aside(part, PAGE_HEADER)
    reader.read(root)
    for part in _parse_sound(package, related("diagramData")):
        reader.read(part)
    for name in (*related("footnotes"), *related("endnotes")):
        reader.read_aside(package.parse(name, transitional), NOTES)
    for part in _parse_sound(package, related("comments")):
        reader.read_aside(part, COMMENT)
    for part in _parse_sound(package, related("footer")):
        reader.read_aside(part, PAGE_FOOTER)
    return replace(_facts(package), blocks=reader.gatherer.blocks())


def _parse_sound(package: Package, names: list[str]) -> list[Any]:
    """The parts' roots, without those that are damaged: the text can be read without them."""
    roots = (package.parse_sound(name, transitional) for name in names)
    return [root for root in roots if root is not None]


def _facts(package: Package) -> Extracted:
    """From the document's properties, wherever the package says that they are."""
    names = find_relations(package, "").of_kind("core-properties")
    roots = _parse_sound(package, names[:1])
    said = first_texts(roots[0] if roots else (), ("title", "creator", "created"))
    return document_facts(said["title"], said["creator"], said["created"])


@dataclass(frozen=True)
class _Chunks:
    """Where the pages lie that are put into the document as they are."""

    package: Package
    relations: Relations

    def lines(self, element: Any) -> list[Line]:
        name = self.relations.by_id.pop(element.get(_RELATION) or "", "")  # each once
        if not name:
            return []
        # Imported here: hardly any document has such a page
        from pipeline.read.office.word_chunks import chunk_lines

        return chunk_lines(self.package, name)


class _Reader(PartReader):
    """Reads the parts of a Word document."""

    def __init__(self, gatherer: Gatherer, styles: Styles, chunks: _Chunks) -> None:
        super().__init__(gatherer)
        self._chunks = chunks
        self._styles = styles
        self._is_bold = False  # of the open run
        self._paragraph_bold = False

    def read(self, root: Any) -> None:
        walk(root, self._enter)

    def _enter(self, element: Any) -> Step:
        handler = _HANDLERS.get(element.tag)
        return handler(self, element) if handler else None

    # Paragraphs

    def _paragraph(self, element: Any) -> Step:
        properties = element.find(W + "pPr")
        style = self._styles.paragraph(value_of(properties, "pStyle"))
        kind, reason = paragraph_kind(properties, style)
        end = self.begin_styled(kind, reason, style.is_hidden)
        outer, self._paragraph_bold = self._paragraph_bold, bool(style.is_bold)
        goes_on = end_is_deleted(properties)

        def leave() -> None:
            self._paragraph_bold = outer
            end(goes_on)

        return leave

    def _run(self, element: Any) -> Step:
        properties = element.find(W + "rPr")
        style = self._styles.run(value_of(properties, "rStyle"))
        is_bold = is_on(properties, "b", style.is_bold)
        outer, self._is_bold = (
            self._is_bold,
            self._paragraph_bold if is_bold is None else is_bold,
        )
        is_hidden = bool(is_on(properties, "vanish", style.is_hidden))
        end = self.gatherer.begin_reason(HIDDEN if is_hidden else "")

        def leave() -> None:
            self._is_bold = outer
            end()

        return leave

    def _drawn_paragraph(self, _: Any) -> Step:
        end = self.gatherer.begin_paragraph("paragraph")
        return lambda: end(False)

    def _chunk(self, element: Any) -> Step:
        self.gatherer.add_lines(self._chunks.lines(element))
        return "skip"

    # Text

    def _text(self, element: Any) -> Step:
        self.gatherer.add_text(element.text or "", self._is_bold)
        return None

    def _deleted_text(self, element: Any) -> Step:
        self.gatherer.add_text(element.text or "", self._is_bold, DELETED)
        return None

    def _symbol(self, element: Any) -> Step:
        try:
            character = chr(int(element.get(W + "char") or "", 16))
        except (ValueError, OverflowError):
            character = " "
        self.gatherer.add_text(character, self._is_bold)
        return None

    def _break(self, _: Any) -> Step:
        self.gatherer.add_break()
        return None

    def _tab(self, _: Any) -> Step:
        self.gatherer.add_text(" ", self._is_bold)
        return None

    def _hyphen(self, _: Any) -> Step:
        self.gatherer.add_text("-", self._is_bold)
        return None

    # What stands around text

    def _deletion(self, _: Any) -> Step:
        return self.gatherer.begin_reason(DELETED)

    def _content_control(self, element: Any) -> Step:
        properties = element.find(W + "sdtPr")
        if properties is None:
            return None
        gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(W + "val") == "Table of Contents":
            return self.gatherer.begin_reason(CONTENTS)
        # "Click here to write": what a form shows until somebody does
        return self.gatherer.begin_reason(FORM if is_on(properties, "showingPlcHdr") else "")

    def _note(self, element: Any) -> Step:
        is_text = (element.get(W + "type") or "normal") == "normal"
        return None if is_text else "skip"  # the line above the notes is one too

    def _branch(self, element: Any) -> Step:
        """Of the ways in which the same thing is said, the first that holds text."""
        branches = [child for child in element.getparent() if child.tag in (_CHOICE, _FALLBACK)]
        telling = (branch for branch in branches if next(branch.iter(*_TEXTS), None) is not None)
        return None if element is next(telling, branches[0]) else "skip"


_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CHOICE, _FALLBACK = _MC + "Choice", _MC + "Fallback"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXTS = (W + "t", W + "delText")
_HANDLERS: dict[str, Callable[[_Reader, Any], Step]] = {
    W + "p": _Reader._paragraph,
    W + "r": _Reader._run,
    W + "t": _Reader._text,
    _MATH + "t": _Reader._text,
    W + "delText": _Reader._deleted_text,
    W + "sym": _Reader._symbol,
    W + "br": _Reader._break,
    W + "cr": _Reader._break,
    W + "tab": _Reader._tab,
    W + "ptab": _Reader._tab,
    W + "noBreakHyphen": _Reader._hyphen,
    W + "del": _Reader._deletion,
    W + "moveFrom": _Reader._deletion,
    W + "sdt": _Reader._content_control,
    W + "footnote": _Reader._note,
    W + "endnote": _Reader._note,
    W + "altChunk": _Reader._chunk,
    W + "tbl": _Reader.table,
    W + "tr": _Reader.row,
    W + "tc": _Reader.cell,
    _CHOICE: _Reader._branch,
    _FALLBACK: _Reader._branch,
    _A + "p": _Reader._drawn_paragraph,
    _A + "t": _Reader._text,
    # Properties hold names like those of text ("tab", "del"); a field's code is no text
    **dict.fromkeys(
        [
            W + name
            for name in (
                *("pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr"),
                *("sdtEndPr", "tblPrEx", "instrText", "delInstrText", "rt", "fldData", "binData"),
            )
        ],
        _Reader.skip,
    ),
}
