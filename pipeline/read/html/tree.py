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
from pipeline.read.html.grids import CELL, is_grid, row_text


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
    is_bold: bool = False  # all of it
    by_look: bool = False  # its kind is not marked on the page

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
    in_bold: bool = False
    in_row: bool = False  # of a table of data
    loose: bool = False  # a box that holds nothing but links and labels: each is its own block


class _Collector:
    """Gathers running text into the open block, and closes it where a block ends."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self._parts: list[str] = []
        self._has_text = False
        self._linked = 0
        self._bold = 0
        self._place = _Place()
        self._margin = True  # a browser would leave an empty line above what comes

    def enter(self, element: lxml_html.HtmlElement, inner: _Place, outer: _Place) -> None:
        if outer.in_row:
            self._part_in_row(element)
        elif element.tag == "br":
            self._break()
        elif element.tag in _BLOCKS or outer.loose:
            self.flush(element.tag in _WITH_MARGIN or inner.in_row)
        self.add_text(element.text, inner)

    def leave(self, element: lxml_html.HtmlElement, outer: _Place) -> None:
        if outer.in_row:
            self._part_in_row(element)
        elif element.tag in _BLOCKS or outer.loose:
            self.flush(element.tag in _WITH_MARGIN or self._place.in_row)
        self.add_text(element.tail, outer)

    def _part_in_row(self, element: lxml_html.HtmlElement) -> None:
        """A row of data is one block, whatever its cells hold."""
        if element.tag in ("td", "th"):
            self._parts.append(CELL)
        elif element.tag == "br" or element.tag in _BLOCKS:
            self._parts.append(" ")

    def add_text(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if text.strip():
            if not self._has_text:
                self._place = place
            self._has_text = True
            if place.in_link:
                self._linked += len(squeeze(text))
            if place.in_bold:
                self._bold += len("".join(text.split()))
        self._parts.append(text)

    def flush(self, margin: bool = True) -> None:
        """Close the open block. `margin`: an empty line stands where it ends, as below a <p>."""
        parts = "".join(self._parts)
        text = squeeze(tidy(row_text(parts) if self._place.in_row else parts))
        if text:
            place = self._place
            share = min(1.0, self._linked / len(text))
            is_bold = self._bold >= len("".join(text.split()))
            block = PageBlock(
                place.kind, place.tag, text, place.shape, share, self._margin, is_bold
            )
            self.blocks.append(block)
            self._margin = False
        self._margin = self._margin or margin
        self._parts.clear()
        self._has_text = False
        self._linked = self._bold = 0

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
    if outer.in_row:
        return replace(outer, in_link=outer.in_link or tag == "a")
    shape = outer.shape
    if not shape.boilerplate:
        shape = _shape(element, shape, measures)
    place = replace(outer, shape=shape, loose=False)
    if tag == "tr":
        return replace(place, kind="paragraph", tag=tag, in_row=measures.is_in_grid(element))
    if tag in _HEADINGS:
        return replace(place, kind="heading", tag=tag)
    if tag == "summary" or _is_fold(element) or (tag == "dt" and _is_answered(element)):
        return replace(place, kind="heading", tag=tag)
    if tag in ("li", "dt"):
        # What has a heading of its own is a card or a step, and no item
        kind: Kind = "paragraph" if measures.of[element].has_heading else "list_item"
        return replace(place, kind=kind, tag=tag)
    if tag == "dd":
        return replace(place, kind="paragraph", tag=tag)
    if tag == "a":
        return replace(place, in_link=True)
    if tag in ("b", "strong"):
        return replace(place, in_bold=True)
    if place.kind == "paragraph" and _is_named_heading(element, measures):
        return replace(place, kind="heading", tag=tag)
    if tag in ("div", "section", "aside", "nav", "header", "footer", "td", "th", "main",
               "article"):  # fmt: skip
        return replace(place, kind="paragraph", tag=tag, loose=_is_loose(element))
    if tag in ("p", "figcaption", "blockquote", "button", "caption"):
        # <li><p>…</p></li> is a list item, <td><p>…</p></td> is not
        return replace(place, tag=tag)
    return place


def _shape(element: lxml_html.HtmlElement, outer: Shape, measures: _Measures) -> Shape:
    tag = element.tag
    if tag in ("article", "main") or element.get("role") == "main":
        return replace(outer, in_article=True)
    if _is_hidden(element) and not measures.unfolds(element):
        return replace(outer, boilerplate="hidden on the page", hidden=True)
    reason = "" if _is_fold(element) else _PARTS.get(tag, "")
    if tag == "a" and _is_link_as_button(element, measures):
        reason = "button"
    if tag == "header" and (outer.in_article or measures.of[element].has_title):
        reason = ""  # an article's own header holds its title
    if not reason and (role := element.get("role")):
        reason = _ROLES.get(role, "")
    box = ""
    if not reason and tag in _NAMED:
        names = _names(element)
        if names:
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
    has_heading: bool = False
    has_parts: bool = False  # a table or a form

    @property
    def is_mostly_links(self) -> bool:
        return 2 * self.linked > self.length


@dataclass
class _Measures:
    of: dict[lxml_html.HtmlElement, _Measure]
    whole: int
    folded: set[str]  # ids of what a button on the page folds away
    grids: set[lxml_html.HtmlElement]  # tables of data

    def is_in_grid(self, row: lxml_html.HtmlElement) -> bool:
        around = [row.getparent()]
        if around[0] is not None:
            around.append(around[0].getparent())
        return any(one in self.grids for one in around)

    def unfolds(self, element: lxml_html.HtmlElement) -> bool:
        """Whether an element is hidden only until a reader unfolds it, as answers often are."""
        if element.get("role") == "tabpanel" and not self.of[element].is_mostly_links:
            return True
        return element.get("id") in self.folded or bool(_FOLDED.search(element.get("class") or ""))

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
        measure.has_heading = measure.has_heading or element.tag in _HEADINGS
        parent = measures.get(element.getparent())
        if parent is not None:
            parent.length += measure.length + len((element.tail or "").strip())
            parent.linked += measure.linked
            parent.has_title = parent.has_title or measure.has_title
            parent.has_heading = parent.has_heading or measure.has_heading
            is_part = measure.has_parts or element.tag in ("table", "form", "input", "select")
            parent.has_parts = parent.has_parts or is_part
    folded = {name for one in elements if _is_fold(one) for name in _controlled(one)}
    grids = {one for one in elements if one.tag == "table" and _may_be_grid(measures[one], one)}
    return _Measures(measures, measures[root].length, folded, grids)


def _may_be_grid(measure: _Measure, table: lxml_html.HtmlElement) -> bool:
    if measure.has_parts or measure.has_heading or measure.is_mostly_links:
        return False
    return is_grid(table)


def _is_fold(element: lxml_html.HtmlElement) -> bool:
    """A button that folds text away: its label is the heading of that text."""
    toggle = element.get("data-toggle") or element.get("data-bs-toggle") or ""
    folds = element.get("aria-expanded") is not None or toggle == "collapse"
    if element.tag not in ("a", "button") or not folds:
        return False
    return len("".join(element.itertext()).split()) >= MIN_WORDS_OF_FOLD


def _controlled(element: lxml_html.HtmlElement) -> list[str]:
    named = (element.get(name) for name in ("data-target", "data-bs-target", "href"))
    target = next((name for name in named if name and name.startswith("#")), "")
    return [*(element.get("aria-controls") or "").split(), target.removeprefix("#")]


def _is_answered(element: lxml_html.HtmlElement) -> bool:
    """A term with a whole text under it: a question and its answer, say."""
    following = element.getnext()
    return (
        following is not None
        and following.tag == "dd"
        and (len(squeeze("".join(following.itertext()))) >= MIN_CHARS_OF_ANSWER)
    )


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
    # A hyphen marks an element that the page has made up: <amp-timeago>
    return all(c.tag in _BLOCKS or c.tag in _LABELS or "-" in c.tag for c in children)


def _is_link_as_button(element: lxml_html.HtmlElement, measures: _Measures) -> bool:
    """ "Søk her", by its name a button and with nothing but links beside it."""
    if _is_fold(element) or not _BUTTON.search(_names(element)):
        return False
    around = measures.of.get(element.getparent())
    return around is None or around.linked == around.length


def _is_named_heading(element: lxml_html.HtmlElement, measures: _Measures) -> bool:
    """A box that is styled as a heading and named so; it holds a line and no blocks."""
    named = element.get("role") == "heading" or _HEADING_NAME.search(_names(element))
    length = measures.of[element].length
    if not named or element.tag not in ("div", "p", "span") or length > 2 * MAX_NAMED_HEADING:
        return False
    around = measures.of.get(element.getparent())
    if element.tag == "span" and around and around.length > length:
        return False  # the first words of a paragraph
    text = squeeze("".join(element.itertext()))
    closed = text[-1:] in (".", ",", ";", "")
    return len(text) <= MAX_NAMED_HEADING and not closed and len(element) <= 1


def _names(element: lxml_html.HtmlElement) -> str:
    """id and class in lower case, and "templateFooter" as "template-footer"."""
    names = f"{element.get('id') or ''} {element.get('class') or ''}".strip()
    return _HUMP.sub("-", names).lower()


MAX_NAMED_HEADING = 100
MIN_WORDS_OF_FOLD = 2
MIN_CHARS_OF_ANSWER = 60
_FOLDED = re.compile(r"accordion|collaps|foldout|expand|toggle-?(?:content|panel)", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    (*_HEADINGS, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
     "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "select", "summary",
     "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "button", "option", "label",
     "legend")
)  # fmt: skip
# What browsers part from its neighbours by an empty line, on the page and in what is copied from it
_WITH_MARGIN = frozenset(
    (*_HEADINGS, "article", "aside", "blockquote", "body", "dl", "fieldset", "figure", "footer",
     "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul")
)  # fmt: skip
_HEADING_NAME = re.compile(
    r"[\w-](?:_|-)(?:title|heading|headline|tit?tel|overskrift)(?:$|\s)"
    r"|(?:^|\s)(?:heading|headline|overskrift|mellomtittel|mellemrubrik)(?:$|\s)"
)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|knapp?|cta)(?:$|[\s_-])")
# Three letters on either side: the names that tools make up ("sc-kLgNav") have humps anywhere
_HUMP = re.compile(r"(?<=[a-zæøå]{3})(?=[A-ZÆØÅ][a-zæøå]{2})")
# Whose names tell what part of the page they are
_NAMED = ("div", "section", "aside", "ul", "ol", "p", "span", "dialog", "table", "td")
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
        (
            "cookie notice",  # also by the names of those who sell them
            r"cookies?|cookie-?(?:box|banner|notice|consent)|consent|samtykke|kjeks|coi"
            r"|cookie-?information|cookiebot|onetrust|didomi|usercentrics|iubenda|cmplz|cookieyes",
        ),
        (
            "share prompt",
            r"share|sharing|social|some-?links|dele|delknapper?|share-?buttons?|sharedaddy"
            r"|likes-?widget|sd-like",
        ),
        ("breadcrumb", r"breadcrumbs?|br(?:ø|oe|o)dkrummer?|br(?:ø|oe|o)dsmul\w+|smuler?|sti"),
        ("site navigation", r"nav|menu|meny|navigation|pagination|paging|skip-?link|hopp"),
        ("advertisement", r"ads?|advert\w*|annon(?:se|ce)\w*|reklame|sponsor\w*"),
        ("newsletter prompt", r"newsletter|nyhedsbrev|nyhetsbrev|nyhendebrev|subscribe"),
        ("subscription prompt", r"paywall-(?:offer|prompt|message|banner|box|cta)"),
        ("comment prompt", r"comments?|kommentar(?:er|ar|felt)?|disqus"),
        ("feedback prompt", r"feedback|(?:was-this-)?helpful"),
        ("note on the author", r"author-(?:box|bio|card)|about-(?:the-)?author"),
        ("dialog box", r"modal|pop-?up"),
        ("page footer", r"footer|bunn|sidefod"),
        ("form", r"search|s(?:ø|oe|o)g|s(?:ø|oe|o)k|login|logg-?inn"),
    )
)
_TEASERS = re.compile(
    r"(?:^|[\s_-])(?:teasers?|related(?:-?(?:posts?|articles?|news|content))?|relatert\w*|relaterede?\w*|les-?(?:ogs[aå]|mer|meir)"
    r"|l(?:æ|ae)s-?(?:ogs(?:å|aa)|mere)|mest-?(?:l(?:est|ese|æst|aest)|sett?)|read-?more"
    r"|more-?news|recommended|anbefalte|anbefalede|sidebar|siste-?nytt|popular|most-?read"
    r"|latest(?:-?(?:news|posts?|articles?))?|product-?(?:card|teaser))(?:$|[\s_-])"
)
