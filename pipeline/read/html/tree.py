"""A page's tree -> its blocks in reading order, each with the part of the page that it stands in.

The walk keeps its own stack: pages nested thousands deep exist, and Python's would overflow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.decode import tidy
from pipeline.read.extracted import Kind, squeeze


@dataclass(frozen=True)
class Shape:
    """Where a block stands.

    `boilerplate` names a part of the page that is never its article ("site navigation"); `box`
    names one that may be, when most of the page lies in it ("box of teasers").
    """

    boilerplate: str = ""
    box: str = ""
    in_article: bool = False
    hidden: bool = False


@dataclass
class PageBlock:
    kind: Kind
    tag: str
    text: str
    shape: Shape
    link_share: float  # of its letters, those that are links (0-1)
    gap: bool = True

    @property
    def is_boxed(self) -> bool:
        return bool(self.shape.box)


def walk_page(tree: lxml_html.HtmlElement) -> list[PageBlock]:
    """All blocks of a page that show text, in the order in which they stand in it."""
    body = tree.find("body")
    root = tree if body is None else body
    collector = _Collector()
    measures = _measure(root)
    stack: list[tuple[lxml_html.HtmlElement, bool, _Place]] = [(root, False, _Place())]
    while stack:
        element, leaving, place = stack.pop()
        if leaving:
            collector.leave(element, place)
            continue
        if not isinstance(element.tag, str):
            collector.add_text(element.tail, place)
            continue
        inner = _enter(element, place, measures)
        stack.append((element, True, place))
        collector.enter(element, inner, place)
        stack.extend((child, False, inner) for child in reversed(element))
    collector.flush()
    return collector.blocks


@dataclass(frozen=True)
class _Place:
    """What the elements around say of a text."""

    shape: Shape = field(default_factory=Shape)
    kind: Kind = "paragraph"
    tag: str = "p"
    in_link: bool = False
    loose: bool = False  # a box that holds nothing but links and labels: each is its own block


class _Collector:
    """Gathers running text into the open block, and closes it where a block ends."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self._parts: list[str] = []
        self._linked = 0
        self._place = _Place()
        self._margin = True  # a browser would leave an empty line above what comes

    def enter(self, element: lxml_html.HtmlElement, inner: _Place, outer: _Place) -> None:
        if element.tag == "br":
            self._break()
        elif element.tag in _BLOCKS or outer.loose:
            self.flush(element.tag in _WITH_MARGIN)
        self.add_text(element.text, inner)

    def leave(self, element: lxml_html.HtmlElement, outer: _Place) -> None:
        if element.tag in ("td", "th"):
            self._parts.append(" ")
        elif element.tag in _BLOCKS or outer.loose:
            self.flush(element.tag in _WITH_MARGIN)
        self.add_text(element.tail, outer)

    def add_text(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if text.strip():
            if not "".join(self._parts).strip():
                self._place = place
            if place.in_link:
                self._linked += len(squeeze(text))
        self._parts.append(text)

    def flush(self, margin: bool = True) -> None:
        """Close the open block. `margin`: an empty line stands where it ends, as below a <p>."""
        text = squeeze(tidy("".join(self._parts)))
        if text:
            place = self._place
            share = min(1.0, self._linked / len(text))
            block = PageBlock(place.kind, place.tag, text, place.shape, share, self._margin)
            self.blocks.append(block)
            self._margin = False
        self._margin = self._margin or margin
        self._parts.clear()
        self._linked = 0

    def _break(self) -> None:
        """<br>: a new line in a list of short lines or between sentences, else a mere space."""
        line = squeeze("".join(self._parts))
        if len(line) < 60 or line[-1:] in ".!?:”»":
            self.flush(margin=False)
        else:
            self._parts.append(" ")


# Places


def _enter(element: lxml_html.HtmlElement, outer: _Place, measures: _Measures) -> _Place:
    """The place inside an element."""
    tag = element.tag
    shape = outer.shape
    if not shape.boilerplate:
        shape = _shape(element, shape, measures)
    place = replace(outer, shape=shape, loose=False)
    if tag in _HEADINGS:
        return replace(place, kind="heading", tag=tag)
    if tag in ("li", "dd", "dt"):
        return replace(place, kind="list_item", tag=tag)
    if tag == "a":
        return replace(place, in_link=True)
    if tag in ("div", "section", "aside", "nav", "header", "footer", "td", "main", "article"):
        return replace(place, kind="paragraph", tag=tag, loose=_is_loose(element))
    if tag in ("p", "figcaption", "blockquote", "tr", "button", "caption"):
        # <li><p>…</p></li> is a list item, <td><p>…</p></td> is not
        return replace(place, tag=tag)
    return place


def _shape(element: lxml_html.HtmlElement, outer: Shape, measures: _Measures) -> Shape:
    tag = element.tag
    if tag in ("article", "main") or element.get("role") == "main":
        return replace(outer, in_article=True)
    if _is_hidden(element):
        return replace(outer, boilerplate="hidden on the page", hidden=True)
    reason = _PARTS.get(tag, "")
    if tag == "header" and (outer.in_article or measures.of[element].has_title):
        reason = ""  # an article's own header holds its title
    if not reason and (role := element.get("role")):
        reason = _ROLES.get(role, "")
    box = ""
    if not reason and tag in ("div", "section", "aside", "ul", "ol", "p", "span", "dialog"):
        names = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
        if names.strip():
            reason = next((why for why, name in _NAMED_PARTS if name.search(names)), "")
            box = "box of teasers" if _TEASERS.search(names) else ""
    if tag == "aside" and not reason:
        # A box of facts stands in the article; a column of teasers beside it, or it is all links
        box = (
            "beside the article"
            if not outer.in_article or measures.of[element].is_mostly_links
            else ""
        )
    if (reason or box) and measures.holds_the_page(element):
        return outer
    if not reason and not box:
        return outer
    return replace(outer, boilerplate=reason, box=box or outer.box)


@dataclass
class _Measure:
    """Of an element with all that lies in it."""

    length: int = 0  # characters of text
    linked: int = 0  # those of them that are links
    has_title: bool = False  # an <h1>

    @property
    def is_mostly_links(self) -> bool:
        return 2 * self.linked > self.length


@dataclass
class _Measures:
    of: dict[lxml_html.HtmlElement, _Measure]
    whole: int

    def holds_the_page(self, element: lxml_html.HtmlElement) -> bool:
        """A form or a badly named box around everything, as some systems write."""
        measure = self.of[element]
        return measure.has_title or 2 * measure.length > self.whole


def _measure(root: lxml_html.HtmlElement) -> _Measures:
    """Every element's measure, in one pass: asking each anew would be quadratic."""
    elements = list(_all_elements(root))
    measures = {element: _Measure() for element in elements}
    for element in reversed(elements):  # children before their parents
        measure = measures[element]
        measure.length += len((element.text or "").strip())
        if element.tag == "a":
            measure.linked = measure.length
        measure.has_title = measure.has_title or element.tag == "h1"
        parent = measures.get(element.getparent())
        if parent is not None:
            parent.length += measure.length + len((element.tail or "").strip())
            parent.linked += measure.linked
            parent.has_title = parent.has_title or measure.has_title
    return _Measures(measures, measures[root].length)


def _all_elements(root: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _is_hidden(element: lxml_html.HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _is_loose(element: lxml_html.HtmlElement) -> bool:
    """A box that holds links, buttons and labels with no text between them."""
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) < 2 or (element.text or "").strip():
        return False
    if any(len(squeeze(child.tail or "")) > 3 for child in children):
        return False
    return all(child.tag in _BLOCKS or child.tag in _LABELS for child in children)


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    (*_HEADINGS, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
     "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "select", "summary",
     "table", "tbody", "tfoot", "thead", "tr", "ul", "button", "option", "label", "legend")
)  # fmt: skip
# What browsers part from its neighbours by an empty line, on the page and in what is copied from it
_WITH_MARGIN = frozenset(
    (*_HEADINGS, "article", "aside", "blockquote", "body", "dl", "fieldset", "figure", "footer",
     "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul")
)  # fmt: skip
_LABELS = ("a", "span", "button", "label", "time", "small", "img", "input")
_PARTS = {
    "nav": "site navigation",
    "footer": "page footer",
    "header": "page header",
    "form": "form",
    "button": "button",
    "select": "form",
    "label": "form",
    "legend": "form",
    "option": "form",
    "dialog": "dialog box",
    "figcaption": "picture caption",
}
_ROLES = {
    "navigation": "site navigation",
    "search": "form",
    "contentinfo": "page footer",
    "dialog": "dialog box",
    "alertdialog": "dialog box",
    "banner": "page header",
}
_NAMED_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])"))
    for reason, names in (
        ("cookie notice", r"cookies?|cookie-?(?:box|banner|notice|consent)|consent|samtykke|kjeks"),
        ("share prompt", r"share|sharing|social|some-?links|dele|delknapper?|share-?buttons?"),
        ("breadcrumb", r"breadcrumbs?|br(?:ø|oe|o)dkrummer?|br(?:ø|oe|o)dsmul\w+|smuler?|sti"),
        ("site navigation", r"nav|menu|meny|navigation|pagination|paging|skip-?link|hopp"),
        ("advertisement", r"ads?|advert\w*|annon(?:se|ce)\w*|reklame|sponsor\w*"),
        ("newsletter prompt", r"newsletter|nyhedsbrev|nyhetsbrev|nyhendebrev|subscribe"),
        ("comment prompt", r"comments?|kommentar(?:er|ar|felt)?|disqus"),
        ("page footer", r"footer|bunn|sidefod"),
        ("form", r"search|s(?:ø|oe|o)g|s(?:ø|oe|o)k|login|logg-?inn"),
    )
)
_TEASERS = re.compile(
    r"(?:^|[\s_-])(?:teasers?|related|relatert\w*|relaterede?\w*|les-?(?:ogs[aå]|mer|meir)"
    r"|l(?:æ|ae)s-?(?:ogs(?:å|aa)|mere)|mest-?(?:l(?:est|ese|æst|aest)|sett?)|read-?more"
    r"|more-?news|recommended|anbefalte|anbefalede|sidebar|siste-?nytt|popular|most-?read)(?:$|[\s_-])"
)
