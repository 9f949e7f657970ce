"""What may be known of a text beside its words, and the names that people give to those facts.

One table of names serves `metadata.csv`, the front matter of Markdown and the columns of tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.read.dates import iso_date
from pipeline.read.extracted import squeeze
from pipeline.schemas import FACTS

FIELDS = FACTS

# The first name of a field goes before the others where several are given.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "titel", "tittel", "headline", "overskrift", "heading", "rubrik"),
    "author": (
        *("author", "authors", "forfatter", "forfattere", "forfattar", "byline", "creator"),
        *("journalist", "skribent", "writer", "by"),
    ),
    "published": (
        *("published", "date", "publiceret", "publisert", "udgivet", "utgitt", "dato"),
        *("published_at", "published_date", "publication_date", "pubdate", "publiceringsdato"),
        *("publiseringsdato", "publisert_dato", "created", "created_at", "datetime", "timestamp"),
    ),
    "source": (
        *("source", "publisher", "kilde", "kjelde", "outlet", "medie", "medium", "avis"),
        *("udgiver", "utgiver", "utgivar", "publication", "newspaper", "site", "website"),
    ),
    "country": ("country", "land"),
    "url": ("url", "link", "lenke", "lenkje", "address", "adresse", "web", "permalink", "href"),
}
FIELD_OF: dict[str, str] = {name: field for field, names in _NAMES.items() for name in names}


def field_of(name: str) -> str:
    """The field that a column or key of this name holds, or ""."""
    return FIELD_OF.get(plain_name(name), "")


def plain_name(name: str) -> str:
    return _NO_NAME.sub("_", name.strip().lower()).strip("_")


def gather_facts(values: Mapping[str, str]) -> dict[str, str]:
    """Named values -> facts; dates as ISO dates. Values of other names are left aside."""
    ranked: dict[str, tuple[int, str]] = {}
    for name, value in values.items():
        field = field_of(name)
        if not field:
            continue
        value = iso_date(value) if field == "published" else squeeze(value)
        rank = _NAMES[field].index(plain_name(name))
        if value and (field not in ranked or rank < ranked[field][0]):
            ranked[field] = (rank, value)
    return {field: value for field, (_, value) in ranked.items()}


_NO_NAME = re.compile(r"[\W_]+")
