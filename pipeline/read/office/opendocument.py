"""OpenDocument text (`.odt`), as LibreOffice writes it: the text, its notes, and what is around it.

Nothing is fetched, and scripts are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.read.clutter.reasons import CAPTION, CONTENTS
from pipeline.read.extracted import Extracted, Kind, UnreadableError
from pipeline.read.office.archive import (
    ENCRYPTED,
    ODT,
    OTHER_FORMAT,
    Package,
    describe,
    open_package,
)
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
from pipeline.read.office.odt_styles import DRAW, OFFICE, STYLE, TABLE, TEXT, Styles
from pipeline.read.office.reader import PartReader


def read_odt(content: bytes) -> Extracted:
    """The blocks of an OpenDocument text in reading order, what is no content with a reason.

    Raises UnreadableError with the reason where there is no such text to read.
    """
    package = open_package(content)
    _check_kind(package)
    root = package.parse("content.xml")
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise UnreadableError("is damaged or no text: its content.xml holds none")
    layout = package.parse_sound("styles.xml")
    reader = _Reader(Gatherer(), Styles([root] if layout is None else [root, layout]))
    if layout is not None:
        reader.read_page_edges(layout)
    reader.read(body)
    return replace(_facts(package), blocks=reader.gatherer.blocks())


def _check_kind(package: Package) -> None:
    """Raises UnreadableError where a package is another kind of file, or encrypted."""
    what = describe(package)
    if what != ODT and not (what == "a zip archive" and "content.xml" in package):
        raise UnreadableError(OTHER_FORMAT.format(what))
    # Searched and not parsed: old manifests have a DTD
    if "META-INF/manifest.xml" in package:
        manifest = package.read("META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise UnreadableError(ENCRYPTED)
    if "content.xml" not in package:
        raise UnreadableError("is damaged: it has no content.xml")


def _facts(package: Package) -> Extracted:
    root = package.parse_sound("meta.xml")
    names = ("title", "initial-creator", "creator", "creation-date")
    said = first_texts(() if root is None else root.iter(), names)
    author = said["initial-creator"] or said["creator"]
    return document_facts(said["title"], author, said["creation-date"])


class _Reader(PartReader):
    """Reads the parts of an OpenDocument text."""

    def __init__(self, gatherer: Gatherer, styles: Styles) -> None:
        super().__init__(gatherer)
        self._styles = styles
        self._bold = [False]  # of the open paragraphs and spans

    def read(self, root: Any) -> None:
        walk(root, self._enter, self._leave)

    def read_page_edges(self, layout: Any) -> None:
        """The headers and footers of all kinds of pages."""
        for page in layout.iter(STYLE + "master-page"):
            for edge in page:
                name = edge.tag.removeprefix(STYLE)
                if name.startswith(("header", "footer")):
                    place = PAGE_HEADER if name.startswith("header") else PAGE_FOOTER
                    self.read_aside(edge, place)

    def _enter(self, element: Any) -> Step:
        handler = _HANDLERS.get(element.tag)
        step = handler(self, element) if handler else None
        if step != "skip":
            self._add_text(element, element.text)
        return step

    def _leave(self, element: Any) -> None:
        parent = element.getparent()
        if parent is not None:
            self._add_text(parent, element.tail)

    def _add_text(self, element: Any, text: str | None) -> None:
        """Text that stands in an element: fields and links are full of it, frames hold none."""
        if text and element.tag.startswith(TEXT) and element.tag not in _HOLDERS:
            self.gatherer.add_text(text, self._bold[-1])

    # Paragraphs

    def _paragraph(self, element: Any) -> Step:
        style = self._styles.paragraph(element.get(TEXT + "style-name") or "")
        kind, reason = _kind(element, style.role)
        self._bold.append(bool(style.is_bold))
        end = self.begin_styled(kind, reason, style.is_hidden)

        def leave() -> None:
            self._bold.pop()
            end(False)

        return leave

    def _span(self, element: Any) -> Step:
        style = self._styles.span(element.get(TEXT + "style-name") or "")
        self._bold.append(self._bold[-1] if style.is_bold is None else style.is_bold)
        end = self.gatherer.begin_reason(HIDDEN if style.is_hidden else "")

        def leave() -> None:
            self._bold.pop()
            end()

        return leave

    def _space(self, _: Any) -> Step:
        self.gatherer.add_text(" ", self._bold[-1])
        return None

    def _break(self, _: Any) -> Step:
        self.gatherer.add_break()
        return None

    # What stands around text

    def _section(self, element: Any) -> Step:
        is_hidden = element.get(TEXT + "display") == "none"
        return self.gatherer.begin_reason(HIDDEN if is_hidden else "")

    def _hidden(self, element: Any) -> Step:
        is_shown = element.get(TEXT + "is-hidden") == "false"
        end = self.gatherer.begin_reason("" if is_shown else HIDDEN)
        if element.text is None:  # what isn't shown need not be there as text
            self.gatherer.add_text(element.get(TEXT + "string-value") or "")
        return end

    def _contents(self, _: Any) -> Step:
        return self.gatherer.begin_reason(CONTENTS)

    def _placeholder(self, _: Any) -> Step:
        return self.gatherer.begin_reason(FORM)

    def _note(self, _: Any) -> Step:
        return self._aside(NOTES)

    def _annotation(self, _: Any) -> Step:
        return self._aside(COMMENT)

    def _deletion(self, _: Any) -> Step:
        return self._aside(DELETED)

    def _aside(self, place: str) -> Step:
        self._bold.append(False)
        end = self.gatherer.begin_aside(place)

        def leave() -> None:
            self._bold.pop()
            end()

        return leave

    def _covered_cell(self, _: Any) -> Step:
        """A cell that a merged one lies over."""
        ends = (self.gatherer.begin_cell(), self.gatherer.begin_reason(HIDDEN))
        return lambda: [end() for end in reversed(ends)]


def _kind(element: Any, role: str) -> tuple[Kind, str]:
    """A paragraph's kind, and the reason why it is no content."""
    if role == "contents":
        return "paragraph", CONTENTS
    if element.tag == TEXT + "h" or role == "heading":
        return "heading", ""
    if role == "caption":
        return "paragraph", CAPTION
    around = element.getparent()
    while around is not None and around.tag not in _PLACES:
        if around.tag == TEXT + "list-item":
            return "list_item", ""
        around = around.getparent()
    return ("list_item" if role == "list" else "paragraph"), ""


# A paragraph in one of these is no item of the list that it may stand in
_PLACES = frozenset(
    (TABLE + "table-cell", TABLE + "covered-table-cell", DRAW + "text-box", DRAW + "frame",
     DRAW + "custom-shape", TEXT + "note-body", OFFICE + "annotation", OFFICE + "text")
)  # fmt: skip
# Elements that hold others and no text of their own: white space there is mere layout of the XML
_HOLDERS = frozenset(
    TEXT + name
    for name in ("note", "note-body", "ruby", "list", "list-item", "list-header", "section")
)
_HANDLERS: dict[str, Callable[[_Reader, Any], Step]] = {
    TEXT + "p": _Reader._paragraph,
    TEXT + "h": _Reader._paragraph,
    TEXT + "span": _Reader._span,
    TEXT + "s": _Reader._space,
    TEXT + "tab": _Reader._space,
    TEXT + "line-break": _Reader._break,
    TEXT + "section": _Reader._section,
    TEXT + "hidden-text": _Reader._hidden,
    TEXT + "hidden-paragraph": _Reader._hidden,
    TEXT + "placeholder": _Reader._placeholder,
    TEXT + "note-body": _Reader._note,
    OFFICE + "annotation": _Reader._annotation,
    TEXT + "deletion": _Reader._deletion,
    TABLE + "table": _Reader.table,
    TABLE + "table-row": _Reader.row,
    TABLE + "table-cell": _Reader.cell,
    TABLE + "covered-table-cell": _Reader._covered_cell,
    **dict.fromkeys(
        [
            TEXT + name
            for name in (
                *("table-of-content", "illustration-index", "table-index", "object-index"),
                *("user-index", "alphabetical-index"),
            )
        ],
        _Reader._contents,
    ),
    # The number before a heading or a note is no text that somebody wrote
    **dict.fromkeys(
        [TEXT + name for name in ("number", "note-citation", "script", "ruby-text")]
        + [OFFICE + name for name in ("change-info", "forms", "scripts", "binary-data")],
        _Reader.skip,
    ),
}
