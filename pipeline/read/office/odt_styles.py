"""The styles of an OpenDocument text: what a style says of its text, by all that it builds on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.read.office.names import Role, role_of

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_OASIS}office:1.0}}"
TEXT = f"{{{_OASIS}text:1.0}}"
TABLE = f"{{{_OASIS}table:1.0}}"
DRAW = f"{{{_OASIS}drawing:1.0}}"
STYLE = f"{{{_OASIS}style:1.0}}"
FO = f"{{{_OASIS}xsl-fo-compatible:1.0}}"

MAX_CHAIN = 12


@dataclass(frozen=True)
class Style:
    """`None` leaves things as they are around."""

    role: Role = ""
    is_bold: bool | None = None
    is_hidden: bool | None = None


class Styles:
    """Styles by their names: those made on the way (in content.xml), and those with names."""

    def __init__(self, roots: Sequence[Any]) -> None:
        self._elements: dict[tuple[str, str], Any] = {}
        for root in roots:
            for element in root.iter(STYLE + "style"):
                key = element.get(STYLE + "family") or "", element.get(STYLE + "name") or ""
                self._elements.setdefault(key, element)
        self._resolve = cache(self._build)

    def paragraph(self, name: str) -> Style:
        return self._resolve("paragraph", name)

    def span(self, name: str) -> Style:
        return self._resolve("text", name)

    def _build(self, family: str, name: str) -> Style:
        names = [name] if family == "paragraph" else []
        is_bold: bool | None = None
        is_hidden: bool | None = None
        for element in self._chain(family, name):
            # The parent may be one of the built-in styles, which need not be there
            names.append(element.get(STYLE + "display-name") or "")
            names.append(element.get(STYLE + "parent-style-name") or "")
            properties = element.find(STYLE + "text-properties")
            if properties is None:
                continue
            if is_bold is None and (weight := properties.get(FO + "font-weight")):
                is_bold = weight in ("bold", "600", "700", "800", "900")
            if is_hidden is None and (display := properties.get(TEXT + "display")):
                is_hidden = display == "none"
        return Style(role_of(names), is_bold, is_hidden)

    def _chain(self, family: str, name: str) -> list[Any]:
        """A style and those that it builds on, which may go round in a circle."""
        chain: list[Any] = []
        seen: set[str] = set()
        while name not in seen and len(chain) < MAX_CHAIN:
            element = self._elements.get((family, name))
            if element is None:
                break
            seen.add(name)
            chain.append(element)
            name = element.get(STYLE + "parent-style-name") or ""
        return chain
