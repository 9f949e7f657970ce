"""What a page says of itself in `<head>`: title, date, outlet, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.dates import find_date, iso_date
from pipeline.read.decode import tidy
from pipeline.read.extracted import Extracted, plain_key, squeeze


def find_facts(tree: lxml_html.HtmlElement, content: str = "") -> Extracted:
    """Facts without blocks. A page's several ways to say a thing are tried, the clearest first.

    `content` is the page as it was written: browsers leave its address in a comment.
    """
    meta = _meta_tags(tree)
    linked = _linked_data(tree)
    source = _first(meta, "og:site_name", "application-name", "publisher", "dc.publisher")
    published, published_from = _published(tree, meta, linked)
    return Extracted(
        title=_title(tree, meta, linked, source or linked.get("source", "")),
        author=_author(tree, meta, linked),
        published=published,
        published_from=published_from,
        source=source or linked.get("source", ""),
        url=_url(tree, meta) or _saved_from(content),
    )


def _meta_tags(tree: lxml_html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = squeeze(tidy(element.get("content") or ""))
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _first(meta: dict[str, str], *names: str) -> str:
    return next((meta[name] for name in names if meta.get(name)), "")


def _title(
    tree: lxml_html.HtmlElement, meta: dict[str, str], linked: dict[str, str], source: str
) -> str:
    if title := _first(meta, "og:title", "dc.title", "twitter:title") or linked.get("title", ""):
        return _without_outlet(title, source)
    element = tree.find(".//title")
    text = "" if element is None else squeeze(tidy("".join(element.itertext())))
    return _without_outlet(text, source)


def _without_outlet(title: str, source: str) -> str:
    """ "Nytt felles oppslag – Direktoratet for felles tjenester" without the outlet's name.

    Where the outlet is not known, only a mark that titles themselves hardly use parts it off.
    """
    parts = OUTLET_MARK.split(title)
    if len(parts) > 1 and source and plain_key(parts[-1]) == plain_key(source):
        return title[: title.rindex(parts[-1])].rstrip(" |–—-:·»")
    return title.rsplit(" | ", 1)[0].rstrip() if " | " in title else title


def outlet_after(tree: lxml_html.HtmlElement, heading: str) -> str:
    """The outlet in <title>, where that is the heading, a mark and a name.

    "Ho som teiknar tenester – Magasinet Tjenesten" under the heading "Ho som teiknar tenester".
    """
    element = tree.find(".//title")
    text = "" if element is None else squeeze(tidy("".join(element.itertext())))
    if not heading or not text.startswith(heading):
        return ""
    match = OUTLET_MARK.match(text, len(heading))
    return text[match.end() :] if match else ""


def _author(tree: lxml_html.HtmlElement, meta: dict[str, str], linked: dict[str, str]) -> str:
    named = _first(meta, "author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
    said = meta.get("article:author", "")
    named = named or linked.get("author", "") or ("" if _ADDRESS.match(said) else said)
    if not named:
        marked = tree.xpath("//*[@rel='author' or @itemprop='author']")
        named = squeeze(tidy("".join(marked[0].itertext()))) if marked else ""
    named = _BY.sub("", named)
    return "" if len(named) > 200 or _ADDRESS.match(named) else named


def _published(
    tree: lxml_html.HtmlElement, meta: dict[str, str], linked: dict[str, str]
) -> tuple[str, str]:
    """The ISO date, and where it stands."""
    for name in _DATE_NAMES:
        if found := iso_date(meta.get(name, "")):
            return found, "the page's head"
    if found := iso_date(linked.get("published", "")):
        return found, "the page's head"
    for element in tree.iter("time"):
        if _is_in_sentence(element) or _CHANGED.search(_names(element)):
            continue
        if found := iso_date(element.get("datetime") or "") or iso_date(element.text or ""):
            return found, "a time on the page"
    if found := _marked_date(tree):
        return found, "a mark on the page"
    return "", ""


def _is_in_sentence(element: lxml_html.HtmlElement) -> bool:
    """Whether a time stands in running text: it tells when something happened."""
    parent = element.getparent()
    return parent is not None and _short_text(parent) is None


def _marked_date(tree: lxml_html.HtmlElement) -> str:
    """The whole day in a short element whose class or property says that it is the date.

    Footers tell when a site was made or changed, and are passed over. The day has to stand there
    in full: htmldate, which looks in more places, completes a month by the day of the run.
    """
    for element in tree.iter("span", "div", "p", "li", "small", "abbr", "dd"):
        names = _names(element)
        if not _DATED.search(names) or _CHANGED.search(names):
            continue
        if any(one.tag == "footer" for one in element.iterancestors()):
            continue
        text = _short_text(element)
        if text is None or _CHANGED.search(text.lower()):
            continue
        said = element.get("content") or element.get("title") or ""
        if found := iso_date(said) or find_date(text):
            return found
    return ""


def _short_text(element: lxml_html.HtmlElement) -> str | None:
    """An element's text, or None where it is longer than a date line; long ones aren't gathered."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part.strip())
        length += len(parts[-1])
        if length > MAX_DATE_LINE_CHARS or len(parts) > MAX_DATE_LINE_CHARS:
            return None
    return squeeze(" ".join(parts))


def _names(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "itemprop", "id")).lower()


def _url(tree: lxml_html.HtmlElement, meta: dict[str, str]) -> str:
    """The page's own address, as it names it; it is text here and is never opened."""
    links = (
        element.get("href") or ""
        for element in tree.iter("link")
        if (element.get("rel") or "").lower() == "canonical"
    )
    named = next((link for link in links if link), "") or meta.get("og:url", "")
    return named if _ADDRESS.fullmatch(named) else ""


def _saved_from(content: str) -> str:
    """The address in the comment that browsers write above a page that they save."""
    match = _SAVED_FROM.search(content[:4000])
    return match[1] if match and _ADDRESS.fullmatch(match[1]) else ""


def _linked_data(tree: lxml_html.HtmlElement) -> dict[str, str]:
    """title, author, published and source from JSON-LD."""
    found: dict[str, str] = {}
    for element in tree.iter("script"):
        if (element.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            content = json.loads(element.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(content):
            for name, key in (("headline", "title"), ("datePublished", "published")):
                if isinstance(value := item.get(name), str):
                    found.setdefault(key, squeeze(tidy(value)))
            if value := _name(item.get("publisher")):
                found.setdefault("source", squeeze(tidy(value)))
            authors = item.get("author")
            names = [
                _name(author) for author in (authors if isinstance(authors, list) else [authors])
            ]
            if value := ", ".join(filter(None, names)):
                found.setdefault("author", squeeze(tidy(value)))
    return {key: value for key, value in found.items() if value}


def _items(content: Any) -> Iterator[dict[str, Any]]:
    """The articles in a JSON-LD document, which may be one, a list of them or a graph."""
    graph = content.get("@graph", content) if isinstance(content, dict) else content
    for item in graph if isinstance(graph, list) else [graph]:
        if isinstance(item, dict) and _ARTICLE.search(str(item.get("@type", ""))):
            yield item


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return value if isinstance(value, str) else ""


MAX_DATE_LINE_CHARS = 90
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|dato|published|publisert|publiceret|datepublished|pubdate)"
)
_CHANGED = re.compile(r"updated|modified|changed|opp?date|endre|ændre|revi[ds]")
_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "publish-date",
    "pubdate",
    "published",
)
_ARTICLE = re.compile(r"Article|Posting|Report|WebPage")
OUTLET_MARK = re.compile(r"\s[|–—·»-]\s")
_BY = re.compile(r"^(?:Af|Av|By|Tekst:|Skrevet a[fv])\s+", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4,}\)(\S+)\s*-->")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")
