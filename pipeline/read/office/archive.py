"""Zip packages from strangers (`.docx`, `.odt`): what is in them, and their XML, with limits.

Nothing is written to the disk, so that a member called `../../x` is only a name. A member is
unpacked when its text is asked for and not before: pictures, macros and embedded files never are.
Sizes are looked at before anything is unpacked, and no more is unpacked than was declared.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from pipeline.read.decode import refuse_other_formats
from pipeline.read.extracted import UnreadableError

MAX_XML_BYTES = 48_000_000  # of all the members of a file that are unpacked
MAX_NODES = 4_000_000  # tags and attributes of one XML part; each takes some 100 bytes of memory
MAX_PIECE_BYTES = 10_000_000  # of text between two tags: what libxml2 takes at the most
MAX_UNPACKED_BYTES = 400_000_000  # of all members, though most are never unpacked
MAX_MEMBERS = 20_000

WORD = "a Word document"
ODT = "an OpenDocument text"
ENCRYPTED = "is encrypted with a password; save it without one"
OTHER_FORMAT = "holds {} and not what its ending says"


class DamagedPartError(UnreadableError):
    """One part of a package can't be read; the text may be whole without it."""


class Package:
    """The members of an opened zip package. Names are compared without regard to case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {
            _plain_name(info.filename): info
            for info in archive.infolist()
            if not info.filename.endswith("/")  # `is_dir` stumbles over a name of no letters
        }
        self._unpacked_bytes = 0

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self._members

    def names(self) -> list[str]:
        """The members' names in lower case."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises UnreadableError, or DamagedPartError where it is damaged."""
        info = self._members[_plain_name(name)]
        if info.flag_bits & _IS_ENCRYPTED:
            raise UnreadableError(ENCRYPTED)
        # Other methods unpack without bounds, and office documents must not have them
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedPartError(f"is packed in a way that no office document is ({name})")
        self._unpacked_bytes += info.file_size
        if self._unpacked_bytes > MAX_XML_BYTES:
            raise UnreadableError(
                f"unpacks to more than {MAX_XML_BYTES / 1_000_000:.0f} MB of text; "
                "split the document"
            )
        try:
            with self._archive.open(info) as member:
                return member.read(info.file_size)
        except _ZIP_FAULTS:
            raise DamagedPartError(f"is damaged: {name} can't be unpacked") from None

    def parse(self, name: str, mend: Callable[[bytes], bytes] | None = None) -> Any:
        """The root element of an XML member; `mend` may change its bytes before.

        Raises UnreadableError where it is too much or has a DTD, DamagedPartError where it is no
        XML.
        """
        content = self.read(name)
        return parse_xml(mend(content) if mend else content, name)

    def parse_sound(self, name: str, mend: Callable[[bytes], bytes] | None = None) -> Any:
        """The root element, or None where the member is missing or damaged.

        For parts without which the text can be read. Raises UnreadableError as `parse` does.
        """
        try:
            return self.parse(name, mend) if name in self else None
        except DamagedPartError:
            return None


def open_package(content: bytes) -> Package:
    """Raises UnreadableError with the reason where there is no zip package, or a harmful one."""
    if content.startswith(_OLE):
        raise UnreadableError(
            "is encrypted or in the old .doc format; save it as .docx without a password"
        )
    if not content.startswith(b"PK"):
        refuse_other_formats(content)
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise UnreadableError(f"holds more than {MAX_MEMBERS} members, as no office document does")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _ZIP_FAULTS:
        if content.startswith(b"PK"):
            raise UnreadableError("is damaged or cut short: its zip package has no end") from None
        raise UnreadableError("is no zip package, as office documents are") from None
    _check_sizes(archive)
    return Package(archive)


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Raises UnreadableError where the members unpack to too much, or share their bytes."""
    members = archive.infolist()
    if sum(info.file_size for info in members) > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            f"unpacks to more than {MAX_UNPACKED_BYTES / 1_000_000:.0f} MB; "
            "take its largest pictures out"
        )
    starts = sorted((info.header_offset, info.compress_size) for info in members)
    # Each member begins with a header of 30 bytes at least
    ends = [(start, start + 30 + size) for start, size in starts]
    ends.append((getattr(archive, "start_dir", 0), 0))
    if any(start < 0 or end > following for (start, end), (following, _) in pairwise(ends)):
        raise UnreadableError("is damaged or harmful: members of its zip package overlap")


def parse_xml(content: bytes, name: str = "a part") -> Any:
    """The root element. No entity is resolved, and nothing is fetched."""
    from lxml import etree  # type: ignore[import-untyped]

    content = _as_utf8(content)
    if _PROLOG.sub(b"", content, count=1).startswith(b"<!"):
        raise UnreadableError("carries XML entities, which no office document needs")
    if content.count(b"<") + content.count(b"=") > MAX_NODES:
        raise UnreadableError(f"holds more than {MAX_NODES} pieces of markup; split the document")
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever it declares: else a DTD could hide in another encoding
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if "xcessive depth" in str(error):
            raise DamagedPartError("is nested too deep to be read") from None
        if _holds_long_piece(content):
            raise DamagedPartError(
                f"holds a piece of text of more than {MAX_PIECE_BYTES / 1_000_000:.0f} MB; "
                "split it into paragraphs"
            ) from None
        raise DamagedPartError(f"is damaged: {name} holds no XML that can be read") from None


def _holds_long_piece(content: bytes) -> bool:
    """Whether there is more text between two tags than the parser takes."""
    return any(len(match[0]) >= MAX_PIECE_BYTES for match in _PIECE.finditer(content))


def _as_utf8(content: bytes) -> bytes:
    for mark, encoding in _UTF_16:
        if content.startswith(mark):
            return content.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def describe(package: Package) -> str:
    """What kind of file a package is, in words that go after "holds"."""
    if "mimetype" in package:
        try:
            kind = package.read("mimetype")[:200].decode("ascii", "replace").strip()
        except UnreadableError:
            kind = ""
        for ending, what in _MIME_TYPES:
            if kind.startswith(ending):
                return what
    return next((what for name, what in _TELLING_MEMBERS if name in package), "a zip archive")


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


_OLE = b"\xd0\xcf\x11\xe0"
_IS_ENCRYPTED = 0x1
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError,
    IndexError, OverflowError, NotImplementedError, RuntimeError,
)  # fmt: skip
_PIECE = re.compile(rb"[^<]+")
_PROLOG = re.compile(rb"\A(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_UTF_16 = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_MIME_TYPES = (
    ("application/vnd.oasis.opendocument.text", ODT),
    ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet"),
    ("application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation"),
    ("application/vnd.oasis.opendocument", "another kind of OpenDocument file"),
    ("application/epub", "an e-book"),
)
_TELLING_MEMBERS = (
    ("word/document.xml", WORD),
    ("xl/workbook.xml", "an Excel workbook"),
    ("xl/workbook.bin", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("visio/document.xml", "a Visio drawing"),
    ("index/document.iwa", "an Apple Pages, Numbers or Keynote document"),
    ("meta-inf/container.xml", "an e-book"),
)
