"""The parts of a Word package: which there are, and small things about their XML.

Parts name each other in lists of relationships. What lies outside the package (linked pictures, a
template on a server) is left alone, and so is a part that is named and isn't there.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.read.office.archive import DamagedPartError, Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def find_main_part(package: Package) -> str:
    """The name of the part that holds the text, or "" where there is none."""
    named = find_relations(package, "").of_kind("officeDocument")
    # "word/document2.xml" is what some programs call it
    names = [*named, "word/document.xml", *filter(_MAIN_PART.fullmatch, package.names())]
    # A workbook has a main part too
    return next((name for name in names if name in package and _IN_WORD.match(name)), "")


@dataclass
class Relations:
    """The names of the parts that one part names."""

    by_kind: dict[str, list[str]] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[str]:
        return self.by_kind.get(kind, [])


def find_relations(package: Package, part: str) -> Relations:
    """What a part ("" is the package itself) is related to.

    Where the list of relationships is damaged or missing, parts are found by their usual names.
    """
    folder, name = posixpath.split(part)
    relations = Relations()
    found = relations.by_kind
    list_name = posixpath.join(folder, "_rels", f"{name}.rels")
    if list_name in package:
        try:
            root = package.parse(list_name)
        except DamagedPartError:
            root = ()
        for relation in root:
            if (relation.get("TargetMode") or "").lower() == "external":
                continue
            kind = (relation.get("Type") or "").rpartition("/")[2]
            target = (relation.get("Target") or "").replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if target in package:
                relations.by_id[relation.get("Id") or ""] = target
                if target not in found.setdefault(kind, []):
                    found[kind].append(target)
    if not found:
        for member in package.names():
            if (match := _USUAL.fullmatch(member)) and (match["folder"] == folder or not folder):
                kind = {"core": "core-properties"}.get(match["kind"], match["kind"])
                found.setdefault(kind, []).append(member)
    return relations


def transitional(content: bytes) -> bytes:
    """The strict form of the format differs in the names of its namespaces."""
    if b"http://purl.oclc.org/ooxml/" not in content:
        return content
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    return content


def value_of(properties: Any, name: str) -> str:
    """The `w:val` of a child, or ""."""
    child = None if properties is None else properties.find(W + name)
    return "" if child is None else child.get(W + "val") or ""


def number_of(text: str) -> int:
    """A level or a number of a list; what is none counts as a level beyond all."""
    return int(text) if _NUMBER.fullmatch(text) else 99


def is_on(properties: Any, name: str, otherwise: bool | None = None) -> bool | None:
    """A switch such as `<w:b/>`, which `w:val="0"` turns off; `otherwise` where it isn't there."""
    child = None if properties is None else properties.find(W + name)
    if child is None:
        return otherwise
    return (child.get(W + "val") or "1").lower() not in ("0", "false", "off", "none")


_NUMBER = re.compile(r"[0-9]{1,9}")
_IN_WORD = re.compile(r"(?!(?:xl|ppt|visio)/)", re.IGNORECASE)
_MAIN_PART = re.compile(r"word/document\d{0,3}\.xml")
_USUAL = re.compile(
    r"(?P<folder>word|docprops)/(?P<kind>styles|footnotes|endnotes|comments|header|footer|core)"
    r"\d{0,3}\.xml"
)
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)
