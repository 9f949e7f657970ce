"""A page's tree -> its blocks in reading order, each with the part of the page that it stands in.

The walk keeps its own stack: pages nested thousands deep exist, and Python's would overflow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.decode import tidy
from pipeline.read.extracted import Kind, squeeze
from pipeline.read.html.folds import Folds, find_folds, is_hidden
from pipeline.read.html.grids import CELL, row_text
from pipeline.read.html.measures import HEADINGS, Measures, measure_page
from pipeline.read.html.names import TEASERS, element_names, is_labels, part_by_name


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
    in_quote: bool = False
    unnamed: bool = False  # in a part whose name is not believed; nor are the names in it


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
    holder: int = 0  # the part of the page whose own paragraph it is
    refers: bool = False  # its links go to other pages, as those in an article's text do

    @property
    def is_boxed(self) -> bool:
        return bool(self.shape.box)


def walk_page(tree: lxml_html.HtmlElement) -> list[PageBlock]:
    """All blocks of a page that show text, in the order in which they stand in it."""
    body = tree.find("body")
    root = tree if body is None else body
    collector = _Collector()
    measures = measure_page(root)
    folds = find_folds(measures)
    stack: list[tuple[lxml_html.HtmlElement, bool, _Place]] = [(root, False, _Place())]
    while stack:
        element, leaving, place = stack.pop()
        if leaving:
            collector.leave(element, place)
            continue
        if not isinstance(element.tag, str):
            collector.add_text(element.tail, place)
            continue
        inner = _enter(element, place, measures, folds)
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
    acts: bool = False  # a link that shares, jumps on the page or names a key word
    holder: int = 0
    in_list: bool = False
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
        self._acts = False
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
            # <button><i aria-hidden="true">▸</i>Hva skjer nå?</button> is a question all the same
            was_hidden = self._has_text and self._place.shape.hidden
            if was_hidden and not place.shape.hidden and not place.in_row:
                self.flush(margin=self._margin)
            if not self._has_text:
                self._place = place
            self._has_text = True
            if place.in_link:
                self._linked += len(squeeze(text))
                self._acts = self._acts or place.acts
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
                place.kind, place.tag, text, place.shape, share, self._margin, is_bold,
                holder=place.holder, refers=not self._acts,
            )  # fmt: skip
            self.blocks.append(block)
            self._margin = False
        self._margin = self._margin or margin
        self._parts.clear()
        self._has_text = False
        self._linked = self._bold = 0
        self._acts = False

    def _break(self) -> None:
        """<br>: a new line in a list of short lines or between sentences, else a mere space."""
        line = squeeze("".join(self._parts))
        if len(line) < 60 or line[-1:] in ".!?:”»":
            self.flush(margin=False)
        else:
            self._parts.append(" ")


# Places


def _enter(
    element: lxml_html.HtmlElement, outer: _Place, measures: Measures, folds: Folds
) -> _Place:
    """The place inside an element."""
    tag = element.tag
    if outer.in_row:
        return replace(outer, in_link=outer.in_link or tag == "a")
    shape = outer.shape
    if not shape.boilerplate:
        shape = _shape(element, shape, measures, folds)
    place = replace(outer, shape=shape, loose=False)
    if tag in _HOLDERS and not outer.in_list:
        place = replace(place, holder=measures.of[element].number)
    elif tag in _LINE_HOLDERS:
        acts = outer.acts or is_labels(element)
        place = replace(place, in_list=outer.in_list or tag in ("ul", "ol"), acts=acts)
    if tag == "tr":
        return replace(place, kind="paragraph", tag=tag, in_row=measures.is_in_grid(element))
    if tag in HEADINGS:
        return replace(place, kind="heading", tag=tag)
    if tag == "summary" or element in folds.labels or (tag == "dt" and _is_answered(element)):
        return replace(place, kind="heading", tag=tag)
    if tag in ("li", "dt"):
        # What has a heading of its own is a card or a step, and no item
        kind: Kind = "paragraph" if measures.of[element].has_heading else "list_item"
        return replace(place, kind=kind, tag=tag)
    if tag == "dd":
        return replace(place, kind="paragraph", tag=tag)
    if tag == "a":
        return replace(place, in_link=element not in folds.tabs, acts=outer.acts or _acts(element))
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


def _shape(element: lxml_html.HtmlElement, outer: Shape, measures: Measures, folds: Folds) -> Shape:
    tag = element.tag
    if tag in ("article", "main") or element.get("role") == "main":
        return replace(outer, in_article=True)
    if is_hidden(element) and not folds.unfolds(element):
        return replace(outer, boilerplate="hidden on the page", hidden=True)
    if tag == "blockquote" and not measures.holds_the_page(element):
        outer = replace(outer, in_quote=True)
    reason = "" if _is_content(element, outer, measures, folds) else _PARTS.get(tag, "")
    if tag == "a" and _is_link_as_button(element, measures, folds):
        reason = "button"
    if tag == "header" and (outer.in_article or measures.of[element].has_title):
        reason = ""  # an article's own header holds its title
    if not reason and (role := element.get("role")):
        reason = _ROLES.get(role, "")
    box = ""
    if not reason and tag in _NAMED and not outer.unnamed:
        reason, disbelieved = part_by_name(element, measures, outer.in_article)
        if disbelieved:
            outer = replace(outer, unnamed=True)
        if reason == TEASERS:
            reason, box = "", reason
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


def _is_content(
    element: lxml_html.HtmlElement, outer: Shape, measures: Measures, folds: Folds
) -> bool:
    """Whether an element that is mostly clutter by its tag is content where it stands."""
    tag = element.tag
    if tag in ("a", "button"):
        return element in folds.labels or element in folds.tabs
    if tag == "footer":
        # <blockquote><p>Hun så på mig.</p><footer>Carl Damsgaard, hesteejer</footer></blockquote>
        return outer.in_quote and not measures.of[element].has_controls
    if tag == "figcaption":
        return _is_caption_of_text(element, measures)
    return tag == "label" and outer.in_article and _is_ticked_off(element, measures)


def _is_caption_of_text(caption: lxml_html.HtmlElement, measures: Measures) -> bool:
    """<figure><blockquote>Takk for innspillet.</blockquote><figcaption>Hele svaret</figcaption>."""
    measure = measures.of.get(next(caption.iterancestors("figure"), None))
    return measure is not None and measure.has_words and not measure.has_picture


def _is_ticked_off(label: lxml_html.HtmlElement, measures: Measures) -> bool:
    """A recipe's <li><label><input type="checkbox">500 g mel</label></li>, and no form's."""
    holder = label.getparent()
    near = (label.getprevious(), label.getnext())
    if holder is not None and holder.tag == "li":
        holder = holder.getparent()
    elif not any(one is not None and one.tag == "label" for one in near):
        return False
    measure = measures.of.get(holder)
    return measure is not None and measure.has_ticks and not measure.has_controls


def _acts(link: lxml_html.HtmlElement) -> bool:
    """A link that goes nowhere an article would refer to: a share button, a jump, a key word."""
    rel = (link.get("rel") or "").lower().split()
    return bool(_ACTS.search(link.get("href") or "#") or {"tag", "author", "category"} & set(rel))


def _is_answered(element: lxml_html.HtmlElement) -> bool:
    """A term with a whole text under it: a question and its answer, say."""
    following = element.getnext()
    return (
        following is not None
        and following.tag == "dd"
        and (len(squeeze("".join(following.itertext()))) >= MIN_CHARS_OF_ANSWER)
    )


def _is_loose(element: lxml_html.HtmlElement) -> bool:
    """A box that holds links, buttons and labels with no text between them."""
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) < 2 or (element.text or "").strip():
        return False
    if any(len(squeeze(child.tail or "")) > 3 for child in children):
        return False
    # A hyphen marks an element that the page has made up: <amp-timeago>
    return all(c.tag in _BLOCKS or c.tag in _LABELS or "-" in c.tag for c in children)


def _is_link_as_button(element: lxml_html.HtmlElement, measures: Measures, folds: Folds) -> bool:
    """ "Søk her", by its name a button and with nothing but links beside it."""
    if element in folds.labels or not _BUTTON.search(element_names(element)):
        return False
    around = measures.of.get(element.getparent())
    return around is None or around.linked == around.length


def _is_named_heading(element: lxml_html.HtmlElement, measures: Measures) -> bool:
    """A box that is styled as a heading and named so; it holds a line and no blocks."""
    named = element.get("role") == "heading" or _HEADING_NAME.search(element_names(element))
    length = measures.of[element].length
    if not named or element.tag not in ("div", "p", "span") or length > 2 * MAX_NAMED_HEADING:
        return False
    around = measures.of.get(element.getparent())
    if element.tag == "span" and around and around.length > length:
        return False  # the first words of a paragraph
    text = squeeze("".join(element.itertext()))
    closed = text[-1:] in (".", ",", ";", "")
    return len(text) <= MAX_NAMED_HEADING and not closed and len(element) <= 1


MAX_NAMED_HEADING = 100
MIN_CHARS_OF_ANSWER = 60
# Whose own paragraphs stand side by side; lines and lists stand in them
_HOLDERS = ("body", "div", "section", "article", "main", "aside", "header", "td", "details")
_LINE_HOLDERS = ("p", "ul", "ol")
_ACTS = re.compile(r"^#|^(?:mailto|tel|javascript):|sharer?\b|intent/tweet", re.IGNORECASE)
_BLOCKS = frozenset(
    (*HEADINGS, "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
     "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "select", "summary",
     "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "button", "option", "label",
     "legend")
)  # fmt: skip
# What browsers part from its neighbours by an empty line, on the page and in what is copied from it
_WITH_MARGIN = frozenset(
    (*HEADINGS, "article", "aside", "blockquote", "body", "dl", "fieldset", "figure", "footer",
     "form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul")
)  # fmt: skip
_HEADING_NAME = re.compile(
    r"[\w-](?:_|-)(?:title|heading|headline|tit?tel|overskrift)(?:$|\s)"
    r"|(?:^|\s)(?:heading|headline|overskrift|mellomtittel|mellemrubrik)(?:$|\s)"
)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|knapp?|cta)(?:$|[\s_-])")
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
