"""Bytes -> text: its encoding found, wrong decodings mended, Unicode composed, no-text refused."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Callable, Iterator

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
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"PAR1", "a Parquet table"),
    (b"bplist00", "a property list (a web archive?)"),
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
_WIDE_MARKS = tuple(mark for mark, encoding in _MARKS if encoding != "utf-8")
BINARY = "holds binary data"
MAX_CONTROL_SHARE = 0.01
# In compressed data, and nearly all that is no text, four bytes in a thousand or more are zero
MAX_STRAY_SHARE = 0.001
MAX_STRAY_ZEROS = 3
SAMPLE_BYTES = 1 << 20
MIN_SHARE_OF_ANOTHER_SCRIPT = 0.3


def decode(content: bytes) -> str:
    """The text of a file, with `\\n` as its only line end. Raises UnreadableError for no text."""
    refuse_other_formats(content)
    text = _decode(_without_stray_zeros(content))
    _refuse_binary(text, _LOW_CONTROL)
    # What was decoded wrongly holds control characters that are halves of letters
    text = mend_encoding(text)
    _refuse_binary(text, _CONTROL)
    return tidy(text)


def _refuse_binary(text: str, controls: re.Pattern[str]) -> None:
    if len(controls.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise UnreadableError(BINARY)


def open_text(content: bytes) -> io.TextIOWrapper:
    """The lines of a large file, decoded as they are read; for tables, which may be long.

    The encoding is that of the whole file. Cells still want `mend_encoding` and `tidy`.
    Raises UnreadableError.
    """
    refuse_other_formats(content)
    content = _without_stray_zeros(content)
    encoding, start = find_encoding(content)
    sample = content[start : start + SAMPLE_BYTES].decode(encoding, "replace")
    _refuse_binary(sample, _LOW_CONTROL)
    stream = io.BytesIO(content)
    stream.seek(start)
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


def refuse_other_formats(content: bytes) -> None:
    """Raises UnreadableError where the first bytes are those of a format that is no text."""
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise UnreadableError(f"holds {what} and not what its ending says")


def tidy(text: str) -> str:
    """Composed Unicode, one kind of line end, no soft hyphens and no control characters."""
    if _UNTIDY.search(text):
        text = _LINE_END.sub("\n", text)
        text = _INVISIBLE.sub("", text)
        text = _CONTROL.sub("", text)
    if not text.isascii():
        # Sorting a long run of combining marks takes quadratic time; no language has runs of eight
        text = unicodedata.normalize("NFC", _MANY_MARKS.sub(r"\1", text))
    return text


# Text that was decoded wrongly before it was saved


def mend_encoding(text: str) -> str:
    """`sÃ¸ge pÃ¥` as `søge på`: UTF-8 that somebody read as another encoding and saved so.

    ftfy knows the ways in which that happens; DOS's Nordic code pages and a lone `Ã…` (whose
    marks may stand in sound text) are added here. Sound text is left as it is.
    """
    if not _SUSPECT.search(text):
        return text
    # Imported here: most corpora have no such text
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    for index, line in enumerate(lines):
        if _SUSPECT.search(line):
            mended = _undo_dos(line) if "├" in line else line
            mended = fix_encoding(mended) if is_bad(mended) else mended
            lines[index] = _HALF_LETTER.sub(_whole_letter, mended)
    return "\n".join(lines)


def _undo_dos(line: str) -> str:
    """`p├Ñ` as `på`, where a whole line is UTF-8 that was read as a DOS code page."""
    for encoding in ("cp850", "cp865"):
        try:
            return line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return line


def _whole_letter(match: re.Match[str]) -> str:
    return _HALVES[match[0]]


# The encoding


def _without_stray_zeros(content: bytes) -> bytes:
    """A text without the few zero bytes that a broken copy or an old program leaves in it.

    Where they are many, or part of its letters as in UTF-16, they stay.
    """
    if b"\0" not in content or content.startswith(_WIDE_MARKS) or _wide_encoding(content):
        return content
    few = content.count(0) <= max(MAX_STRAY_ZEROS, MAX_STRAY_SHARE * len(content))
    return content.replace(b"\0", b"") if few else content


def find_encoding(content: bytes) -> tuple[str, int]:
    """A file's encoding, and at which byte its text starts. Raises UnreadableError for none."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    if b"\0" in content:
        if wide := _wide_encoding(content):
            return wide, 0
        raise UnreadableError(BINARY)
    if _decodes(content, "utf-8"):
        return "utf-8", 0
    return _single_byte_encoding(content), 0


def _decode(content: bytes) -> str:
    encoding, start = find_encoding(content)
    if start or encoding != _SINGLE_BYTE[0]:
        return content[start:].decode(encoding, "replace")
    mended = content.decode("utf-8", "nordtema-mend")
    if _is_mostly_utf8(content, mended):
        return mended
    return content.decode(encoding, "nordtema-latin")


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(content):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(content: bytes) -> Iterator[bytes]:
    return (content[start : start + SAMPLE_BYTES] for start in range(0, len(content), SAMPLE_BYTES))


def _wide_encoding(content: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin letters is zero."""
    sample = content[: SAMPLE_BYTES - SAMPLE_BYTES % 2]
    half = len(sample) // 2
    for encoding, zeros, letters in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        if zeros.count(0) > 0.7 * half and letters.count(0) < 0.01 * half + 1:
            return encoding
    return ""


def _single_byte_encoding(content: bytes) -> str:
    """The old encoding in which the most bytes are Nordic letters inside words.

    Windows-1252 in nearly all files; Mac Roman and DOS's code pages have their letters where it
    has marks such as `¾` and `›`. Where no Nordic letter decides and much of the text is other
    letters, charset-normalizer is asked.
    """
    first = _NO_ASCII.search(content)
    start = max(0, first.start() - 1000) if first else 0
    sample = content[start : start + 4 * SAMPLE_BYTES]
    counts = [len(_NORDIC_LETTER.findall(sample.decode(name, "replace"))) for name in _SINGLE_BYTE]
    best = max(range(len(counts)), key=lambda index: (counts[index], -index))
    if counts[best]:
        return _SINGLE_BYTE[best]
    # A few quotes and dashes tell nothing; in Cyrillic nearly every letter is such a byte
    if len(_NO_ASCII.findall(sample)) < MIN_SHARE_OF_ANOTHER_SCRIPT * len(sample):
        return _SINGLE_BYTE[0]
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=[*_SINGLE_BYTE, "latin_1", "cp1251", "koi8_r"]).best()
    return found.encoding if found is not None else _SINGLE_BYTE[0]


def _is_mostly_utf8(content: bytes, mended: str) -> bool:
    """Whether a file is UTF-8 but for a few bytes, as when two files were pasted into one."""
    broken = len(_BROKEN.findall(content.decode("utf-8", "replace"))) or 1
    return len(content) - len(mended) > 4 * broken


def _reading_as(encoding: str) -> Callable[[UnicodeError], tuple[str, int]]:
    """For `decode`: read the bytes that can't be decoded as another encoding has them."""

    def mend(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        broken = error.object[error.start : error.end]
        return broken.decode(encoding, "replace"), error.end

    return mend


codecs.register_error("nordtema-mend", _reading_as("cp1252"))
# Windows-1252 leaves five bytes without a character
codecs.register_error("nordtema-latin", _reading_as("latin-1"))

_NO_ASCII = re.compile(rb"[^\x00-\x7f]")
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp850", "cp865")
# "på" and "ære", but not "50 Å": the letter must stand in a word. DOS has ö where Windows has ”
_NORDIC_LETTER = re.compile(r"(?<=[a-zA-Z])(?:[æøå]|[äöé](?=[a-z]))|(?<![^\W\d_])[æøåÆØÅ](?=[a-z])")
_BROKEN = re.compile("\ufffd")
_LINE_ENDS = r"\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE_END = re.compile(rf"\r\n|[{_LINE_ENDS}]")
# Soft hyphen, zero-width spaces and joiners, marks of writing direction, byte order marks
_INVISIBLES = r"\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_INVISIBLES}]")
_LOW_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_CONTROLS = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff"
_CONTROL = re.compile(f"[{_CONTROLS}]")
# Patterns that begin with one set of characters: `re` looks for such a set fast
_UNTIDY = re.compile(f"[{_CONTROLS}{_INVISIBLES}{_LINE_ENDS}]")
_COMBINING = r"\u0300-\u036f\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff"
_MANY_MARKS = re.compile(f"([{_COMBINING}][{_COMBINING}]{{7}})[{_COMBINING}]+")
# Characters that garbled text has and sound text in these languages hardly ever
_SUSPECT = re.compile("[ÃÂâ├┬╕Ð√\u0080-\u009f]")
_HALVES = {
    "Ã¦": "æ", "Ã¸": "ø", "Ã¥": "å", "Ã†": "Æ", "Ã˜": "Ø", "Ã…": "Å",
    "Ã\x86": "Æ", "Ã\x98": "Ø", "Ã\x85": "Å",
}  # fmt: skip
_HALF_LETTER = re.compile("|".join(map(re.escape, _HALVES)))
