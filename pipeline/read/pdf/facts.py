"""What a PDF says of itself: its properties, and the same in XMP."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from pipeline.read.dates import iso_date
from pipeline.read.extracted import Extracted, squeeze

PUBLISHED_FROM = "document properties"
MAX_TITLE_CHARS = 300
MAX_XMP_CHARS = 200_000


def find_facts(properties: Mapping[str, object], xmp: str) -> Extracted:
    """Title, author and the day on which the file was made, as far as they look like such."""
    xmp = xmp[:MAX_XMP_CHARS]
    titles = [_property(properties, "Title"), _xmp_value(xmp, "dc:title")]
    authors = [_property(properties, "Author"), _xmp_value(xmp, "dc:creator")]
    dates = [_property(properties, "CreationDate"), _xmp_value(xmp, "xmp:CreateDate")]
    published = next((day for date in dates if (day := _day(date))), "")
    return Extracted(
        title=_first(titles, is_title),
        author=_first(authors, is_author),
        published=published,
        published_from=PUBLISHED_FROM if published else "",
    )


def is_title(text: str) -> bool:
    """Not a file's name, nor what a program puts where nobody wrote a title."""
    if not 3 <= len(text) <= MAX_TITLE_CHARS or not any(char.isalpha() for char in text):
        return False
    return not (_FILE_NAME.search(text) or _NO_TITLE.match(text))


def is_author(text: str) -> bool:
    """Not a program, nor an account's name."""
    if not 2 <= len(text) <= 200 or not any(char.isalpha() for char in text):
        return False
    account = " " not in text and (text.islower() or any(char.isdigit() for char in text))
    return not account and _NO_AUTHOR.match(text) is None


def _property(properties: Mapping[str, object], name: str) -> str:
    value = properties.get(name)
    return _cleaned(value) if isinstance(value, str) else ""


def _xmp_value(xmp: str, name: str) -> str:
    """The text of an element, or of an attribute; XMP is searched and not parsed as XML."""
    match = re.search(rf"<{name}\b[^<>]*>(.{{0,2000}}?)</{name}>", xmp, re.DOTALL)
    if match:
        return _cleaned(html.unescape(_TAG.sub(" ", match[1])))
    match = re.search(rf'\b{name}="([^"<>]{{0,500}})"', xmp)
    return _cleaned(html.unescape(match[1])) if match else ""


def _cleaned(text: str) -> str:
    return squeeze("".join(char if char.isprintable() else " " for char in text))


def _day(text: str) -> str:
    match = _PDF_DATE.match(text)
    return iso_date("-".join(match.groups())) if match else iso_date(text)


def _first(texts: list[str], is_wanted: Callable[[str], bool]) -> str:
    return next((text for text in texts if is_wanted(text)), "")


_PDF_DATE = re.compile(r"(?:D:)?((?:19|20)\d{2})(\d{2})(\d{2})")
_TAG = re.compile(r"<[^<>]*>")
_FILE_NAME = re.compile(
    r"\.(?:docx?|docm|dotx?|pptx?|xlsx?|pdf|rtf|odt|ods|odp|indd|pages|txt|tex|html?|qxd|pmd|eps"
    r"|ai|tmp|wpd|pub)\b|^[A-Za-z]:\\|^/|^file:|^https?:|^about:|^[^\s]*[_\d][^\s]*$",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"\W*(?:untitled|anonymous|unspecified|uten (?:navn|tittel)|utan (?:namn|tittel)"
    r"|uden (?:navn|titel)|unavngivet"
    r"|ikke[- ]navngi\w+|no title|titte?l|title|microsoft (?:word|powerpoint|excel|office)\b.*"
    r"|(?:do[ck]ument|document|presentasjon|præsentation|presentation|slide|lysbilde|slide"
    r"|bo[ko]k?|mappe|ark|workbook|layout|print|rapportmal)\s?\(?\d*\)?"
    r"|powerpoint[- ]?pr[eæ]sentas?[jt]?i?on|pdf ?document|scan(?:net|ned)?\b.{0,30}"
    r"|slide show|lysbildefremvisning|full page photo|blank page)\W*$",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:(?:microsoft|ms)\b.*|office[- ]?(?:user|bruker|bruger)?|(?:windows|mac|pc|lokal|standard)"
    r"[- ]?(?:user|brukar|bruker|bruger)|user|bruker|brukar|bruger|admin\w*|owner|eier|ejer|author"
    r"|forfatter|forfattar|anonymous|anonym|unknown|ukjent|ukendt|none|null|test|root|guest|gjest"
    r"|gæst|default|python-docx|adobe\b.*|libreoffice\b.*|openoffice\b.*|latex\b.*|tex\b.*|pdf\w*"
    r"|acrobat\b.*|quark\w*\b.*|indesign\b.*|canva|\(?unspecified\)?|\(?anonymous\)?|hp|dell|lenovo)$",
    re.IGNORECASE,
)
