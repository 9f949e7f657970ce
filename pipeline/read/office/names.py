"""What Word and OpenDocument name alike: styles, and the facts in a document's properties."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from pipeline.read.dates import iso_date
from pipeline.read.decode import tidy
from pipeline.read.extracted import Extracted, squeeze

HIDDEN = "hidden text"
DELETED = "deleted text"
COMMENT = "comment in the margin"
PAGE_HEADER = "page header"
PAGE_FOOTER = "page footer"
FORM = "form"

Role = Literal["heading", "contents", "caption", "list", ""]


def role_of(names: Iterable[str]) -> Role:
    """What a style is for, by its name or else by the names of the styles that it builds on."""
    for name in names:
        plain = squeeze(name.replace("_20_", " ").replace("_", " ")).lower()
        for role, pattern in _ROLES:
            if pattern.fullmatch(plain):
                return role
    return ""


_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "contents",
        re.compile(
            r"(?:toc|contents|innh|inn?holdsfortegnelse|indholdsfortegnelse|innhaldsliste"
            r"|innhaldsregister|table of figures|tableoffigures|figurliste|figurregister"
            r"|illustrasjonsliste|overskrift ?for ?inn?holdsfortegnelse|illustration index"
            r"|overskrift ?til ?indholdsfortegnelse|user index|object index|table index)"
            r" ?(?:heading|overskrift|\d+)?"
        ),
    ),
    (
        "heading",
        re.compile(
            r"(?:heading|overskrift|rubrik|rubrikk|title|titel|tittel|subtitle|undertitel"
            r"|undertittel|mellomtitt?el|mellemtitel|mellemrubrik|underrubrik)"
            r" ?\d{0,2}"
        ),
    ),
    (
        "caption",
        re.compile(
            r"caption|bildetekst|billedtekst|bilettekst|illustration|figure|drawing|table|figur"
        ),
    ),
    ("list", re.compile(r"(?:list|liste)(?:[ a-zæøå–-].*|\d.*)?")),
)


# Facts


def first_texts(elements: Iterable[Any], names: Iterable[str]) -> dict[str, str]:
    """The first text of an element of each name, whatever its namespace; "" where there is none."""
    found = dict.fromkeys(names, "")
    for element in elements:
        name = element.tag.rpartition("}")[2]
        if name in found:
            found[name] = found[name] or element.text or ""
    return found


def document_facts(title: str, author: str, created: str) -> Extracted:
    """Facts without blocks. What programs fill in by themselves is left out."""
    title = squeeze(tidy(title))
    author = squeeze(tidy(author))
    published = "" if created.strip().startswith(_TEMPLATE_CREATED) else iso_date(created)
    if published < _EARLIEST:  # a clock that was never set
        published = ""
    return Extracted(
        title="" if _JUNK_TITLE.fullmatch(title) else title,
        author="" if _JUNK_AUTHOR.fullmatch(author) else author,
        published=published,
        published_from="document properties" if published else "",
    )


# When the template was made that python-docx builds all its documents on
_TEMPLATE_CREATED = "2013-12-23T23:15:00"
_EARLIEST = "1990-01-01"
_JUNK_TITLE = re.compile(
    r"(?:microsoft word - .*|(?:word|powerpoint|pdf)[ -]?(?:document|dokument)"
    r"|(?:document|dokument|doc|untitled|uten (?:navn|tittel)|utan (?:namn|tittel)|unavngivet"
    r"|uden (?:navn|titel)|ukjent|ukendt|title|titel|tittel|no title|blank|template|mal|skabelon)"
    r"[ _-]?\(?\d{0,4}\)?|[^ ]*\.(?:docx?|odt|rtf|dotx?)|\W*)",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(
    r"(?:(?:microsoft )?(?:office|windows)[ -]?(?:user|bruker|bruger|brukar)|microsoft(?: \w+)?"
    r"|(?:local |standard ?|default ?)?(?:user|bruker|bruger|brukar)[ _-]?\d{0,4}"
    r"|admin(?:istrator|istratør)?|python-docx|docx4j|apache poi|un-?named|unknown|ukjent|ukendt"
    r"|author|forfatter|forfattar|owner|eier|ejer|guest|gjest|gæst|default|test|root|pc|hp"
    r"|lenovo|dell|acer|asus|none|null|anonymous|anonym|word|openoffice(?:\.org)?|libreoffice"
    r"|generator|system|\W*)",
    re.IGNORECASE,
)
