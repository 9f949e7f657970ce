"""The styles of a Word document: what a paragraph's style says of it, by all that it builds on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.read.clutter.reasons import CAPTION, CONTENTS
from pipeline.read.extracted import Kind
from pipeline.read.office.names import Role, role_of
from pipeline.read.office.word_parts import W, is_on, number_of, value_of

MAX_CHAIN = 12
_BODY_LEVEL = 9


@dataclass(frozen=True)
class Style:
    """`outline` is the level in the document's outline; `None` leaves things as they are."""

    role: Role = ""
    outline: int = 99
    is_numbered: bool = False
    is_bold: bool | None = None
    is_hidden: bool | None = None


class Styles:
    """Styles by the ids that paragraphs and runs give."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self._elements: dict[tuple[str, str], Any] = {}
        self._default = ""
        for element in (style for part in parts for style in part.iter(W + "style")):
            kind, name = element.get(W + "type") or "", element.get(W + "styleId") or ""
            self._elements.setdefault((kind, name), element)
            is_default = element.get(W + "default") in ("1", "true", "on")
            if kind == "paragraph" and is_default and not self._default:
                self._default = name
        self._resolve = cache(self._build)

    def paragraph(self, name: str) -> Style:
        return self._resolve("paragraph", name or self._default)

    def run(self, name: str) -> Style:
        return self._resolve("character", name)

    def _build(self, kind: str, name: str) -> Style:
        chain = self._chain(kind, name)
        names = [name] if kind == "paragraph" else []
        outline, numbers = "", ""
        is_bold: bool | None = None
        is_hidden: bool | None = None
        for element in chain:
            # The built-in styles have English names, and ids in the language of the program
            names += [value_of(element, "name"), element.get(W + "styleId") or ""]
            paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
            outline = outline or value_of(paragraph, "outlineLvl")
            if paragraph is not None and not numbers:
                numbers = value_of(paragraph.find(W + "numPr"), "numId")
            is_bold = is_on(run, "b") if is_bold is None else is_bold
            is_hidden = is_on(run, "vanish") if is_hidden is None else is_hidden
        is_numbered = bool(numbers) and number_of(numbers) > 0
        return Style(role_of(names), number_of(outline), is_numbered, is_bold, is_hidden)

    def _chain(self, kind: str, name: str) -> list[Any]:
        """A style and those that it builds on, which may go round in a circle."""
        chain: list[Any] = []
        seen: set[str] = set()
        while (
            name not in seen
            and len(chain) < MAX_CHAIN
            and (element := self._elements.get((kind, name))) is not None
        ):
            seen.add(name)
            chain.append(element)
            name = value_of(element, "basedOn")
        return chain


def paragraph_kind(properties: Any, style: Style) -> tuple[Kind, str]:
    """A paragraph's kind, and the reason why it is no content."""
    if style.role == "contents":
        return "paragraph", CONTENTS
    own = value_of(properties, "outlineLvl")
    if style.role == "heading" or (number_of(own) if own else style.outline) < _BODY_LEVEL:
        return "heading", ""
    if style.role == "caption":
        return "paragraph", CAPTION
    is_numbered = style.is_numbered
    numbering = None if properties is None else properties.find(W + "numPr")
    if numbering is not None and (number := value_of(numbering, "numId")):
        is_numbered = number_of(number) > 0
    return ("list_item" if is_numbered or style.role == "list" else "paragraph"), ""


def end_is_deleted(properties: Any) -> bool:
    """Whether a tracked change joins a paragraph to the next one."""
    marks = None if properties is None else properties.find(W + "rPr")
    if marks is None:
        return False
    return any(marks.find(W + name) is not None for name in ("del", "moveFrom"))
