"""A PDF's bytes -> its objects, opened by pdfminer, and its properties.

Of a file that is cut off, a new end is written, so that what is there is found.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pdfminer import pdftypes
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjectNotFound, PDFObjRef
from pdfplumber.utils.pdfinternals import resolve_and_decode

PIECE = 1024


def decompress_checked(content: bytes) -> bytes:
    """A stream whose checksum is wrong, or cut off. Raises zlib.error for other damage.

    pdfminer's own goes byte by byte and copies what it has each time: 500 kB took 20 s.
    """
    stream = zlib.decompressobj()
    pieces: list[bytes] = []
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        before = stream.copy()
        try:
            pieces.append(stream.decompress(piece))
        except zlib.error:
            pieces += _until_checksum(before, piece, len(content) - start)
            break
    return b"".join(pieces)


def _until_checksum(stream: Any, piece: bytes, left: int) -> Iterator[bytes]:
    for position in range(len(piece)):
        try:
            yield stream.decompress(piece[position : position + 1])
        except zlib.error:
            if position < left - 3:
                raise
            return


pdftypes.decompress_corrupted = decompress_checked  # type: ignore[assignment]


class Objects(PDFDocument):
    """The objects of a file. One that is nothing but a reference to itself is not there.

    pdfminer would follow such a reference for ever.
    """

    has_loops = False

    def getobj(self, objid: int) -> object:
        found = super().getobj(objid)
        passed = {objid}
        while isinstance(found, PDFObjRef):
            if found.objid in passed:
                self.has_loops = True
                raise PDFObjectNotFound(objid)
            passed.add(found.objid)
            found = super().getobj(found.objid)
        return found


@dataclass(frozen=True)
class Document:
    objects: Objects
    properties: dict[str, object]
    resources: PDFResourceManager = field(default_factory=PDFResourceManager)


def open_document(content: bytes) -> Document:
    """Raises whatever pdfminer raises: for an encrypted file, or one of which it makes nothing."""
    objects = Objects(PDFParser(io.BytesIO(content)))
    properties: dict[str, object] = {}
    for info in objects.info:
        for name, value in info.items():
            properties[name] = _property(value)
    return Document(objects, properties)


def _property(value: object) -> object:
    try:
        return resolve_and_decode(value)
    except MemoryError:
        raise
    except Exception:  # a title that can't be read is none
        return ""


def open_repaired(content: bytes) -> Document:
    """A file without its end, which says where its pages are: a new end, and pages are looked for.

    Without pages named in the catalog, pdfminer looks through all objects for pages.
    """
    number = max((int(match[1]) for match in _OBJECT.finditer(content)), default=0) + 1
    end = _NEW_END % (number, number)
    # An end in the middle (of a file that was saved in parts) would stop the search
    rest = content.replace(b"trailer", b"passed ").replace(b"startxref", b"passed   ")
    return open_document(_without_half_keyword(rest) + end)


def _without_half_keyword(content: bytes) -> bytes:
    """A file that breaks off in `endstr` without it: it would be read as part of the stream."""
    halves = (_STREAM_ENDS[:length] for length in range(len(_STREAM_ENDS) - 1, 0, -1))
    half = next((half for half in halves if content.endswith(half)), b"")
    return content.removesuffix(half)


def is_encrypted(content: bytes) -> bool:
    return _ENCRYPT.search(content) is not None


_STREAM_ENDS = b"endstream"
_ENCRYPT = re.compile(rb"/Encrypt\b")
_OBJECT = re.compile(rb"\b(\d{1,7})\s+\d{1,5}\s+obj\b")
_NEW_END = (
    b"\nendstream\nendobj\n%d 0 obj\n<< /Type /Catalog >>\nendobj\n"
    b"trailer\n<< /Root %d 0 R >>\nstartxref\n0\n%%%%EOF\n"
)
