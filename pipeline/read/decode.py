"""Bytes -> text: the encoding found, Unicode composed, what is no text taken out."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from pipeline.read.extracted import UnreadableError

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (  # UTF-32 first: its mark begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAX_CONTROL_SHARE = 0.01


def decode(content: bytes) -> str:
    """The text of a file, with `\\n` as its only line end. Raises UnreadableError for no text."""
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise UnreadableError(f"holds {what} and not what its ending says")
    text = _decode(content)
    controls = len(_CONTROL.findall(text))
    if controls > MAX_CONTROL_SHARE * len(text):
        raise UnreadableError("holds binary data")
    return tidy(text)


def tidy(text: str) -> str:
    """Composed Unicode, one kind of line end, no soft hyphens and no control characters."""
    text = _LINE_END.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub("", text)
    if not text.isascii():
        # Sorting a long run of combining marks takes quadratic time; no language has runs of eight
        text = unicodedata.normalize("NFC", _MANY_MARKS.sub(r"\1", text))
    return text


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if b"\0" in content:
        raise UnreadableError("holds binary data")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    mended = content.decode("utf-8", "nordtema-mend")
    if _is_mostly_utf8(content, mended):
        return mended
    # Nearly all that is not UTF-8 in these languages is Windows' or the old ISO encoding
    best = from_bytes(content, cp_isolation=["cp1252", "latin_1"]).best()
    return str(best) if best is not None else content.decode("latin-1")


def _is_mostly_utf8(content: bytes, mended: str) -> bool:
    """Whether a file is UTF-8 but for a few bytes, as when two files were pasted into one."""
    broken = len(_BROKEN.findall(content.decode("utf-8", "replace"))) or 1
    return len(content) - len(mended) > 4 * broken


def _mend(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", "replace"), error.end


codecs.register_error("nordtema-mend", _mend)

_BROKEN = re.compile("\ufffd")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Soft hyphen, zero-width spaces and joiners, marks of writing direction, byte order marks
_INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MANY_MARKS = re.compile(r"([\u0300-\u036f\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff]{8})"
                         r"[\u0300-\u036f\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff]+")  # fmt: skip
