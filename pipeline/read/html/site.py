"""What a page's site is called: its name stands in <title> and in headings, and is no title.

<title>Kommunen vil kjøpe havna - Kystposten</title> … <div class="logo">Kystposten</div>, and
<h1 class="site-title"><a href="/">Nål og tråd</a></h1> … <h2 class="entry-title">Å lappe …</h2>.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.decode import tidy
from pipeline.read.extracted import Extracted, plain_key, squeeze
from pipeline.read.html.facts import OUTLET_MARK
from pipeline.read.html.names import element_names

MAX_NAME_CHARS = 60
MIN_DOMAIN_CHARS = 4


def site_names(tree: lxml_html.HtmlElement, facts: Extracted) -> set[str]:
    """The keys of what the page calls its site: in its head, its address, its logo, its way home"""
    shown = (_short_text(element) for element in tree.iter(*_SIGNS) if _names_site(element))
    names = {plain_key(name) for name in (facts.source, *shown)}
    return (names | _domain_keys(facts.url)) - {""}


def without_site(title: str, names: set[str]) -> str:
    """A title without the site's name behind it or before it."""
    marks = list(OUTLET_MARK.finditer(title))
    if not marks:
        return title
    before, after = title[: marks[-1].start()], title[marks[-1].end() :]
    if is_site(after, names) and not is_site(before, names):
        return before.rstrip()
    before, after = title[: marks[0].start()], title[marks[0].end() :]
    return after.lstrip() if is_site(before, names) and not is_site(after, names) else title


def is_site(text: str, names: set[str]) -> bool:
    key = plain_key(text)
    return key in names or any(key.translate(letters) in names for letters in _IN_ADDRESSES)


def entry_title(tree: lxml_html.HtmlElement) -> str:
    """The title of the one entry on a page whose head tells nothing but the site's name."""
    marked = [one for one in tree.iter("h1", "h2") if _ENTRY.search(one.get("class") or "")]
    return _short_text(marked[0], 200) if len(marked) == 1 else ""


def _names_site(element: lxml_html.HtmlElement) -> bool:
    if element.tag == "a" and _HOME.fullmatch((element.get("href") or "").strip()):
        return True
    return _LOGO.search(element_names(element)) is not None


def _short_text(element: lxml_html.HtmlElement, limit: int = MAX_NAME_CHARS) -> str:
    parts: list[str] = []
    for part in element.itertext():
        parts.append(part)
        if len(parts) > limit or sum(map(len, map(str.strip, parts))) > limit:
            return ""
    if element.tag == "img":
        parts = [element.get("alt") or ""]
    return squeeze(tidy(" ".join(parts)))[:limit]


def _domain_keys(url: str) -> set[str]:
    """ "kystposten" and "kystpostenno" of https://www.kystposten.no/havna."""
    try:
        labels = (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return set()
    if len(labels) < 2 or len(labels[-2]) < MIN_DOMAIN_CHARS:
        return set()
    return {plain_key(labels[-2]), plain_key(labels[-2] + labels[-1])}


_SIGNS = ("a", "div", "span", "p", "h1", "h2", "img", "strong")
_HOME = re.compile(r"/|\./|https?://[^/?#]+/?")
_LOGO = re.compile(r"(?:^|[\s_-])(?:logo|site-?(?:title|name)|brand|masthead)(?:$|[\s_-])")
_ENTRY = re.compile(r"(?:^|\s)(?:entry|post|article)-title(?:$|\s)")
# How addresses write the letters that they did not use to have
_IN_ADDRESSES = (
    str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"}),
    str.maketrans({"æ": "ae", "ø": "o", "å": "a"}),
)
