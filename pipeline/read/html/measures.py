"""What a page's elements hold, all told in one pass: asking each anew would be quadratic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.blocks import CLOSING_MARKS, last_mark
from pipeline.read.html.grids import is_grid

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MIN_SENTENCE_CHARS = 12
_PARTS = ("table", "form", "input", "select")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?]\s+[A-ZÆØÅ–]")
_LINE_TAGS = (*HEADINGS, "li", "p", "dt", "dd", "td", "div")
_PICTURES = ("img", "picture")  # videos and drawings are taken out before the page is walked


@dataclass(slots=True)
class Measure:
    """Of an element with all that lies in it."""

    number: int = 0  # its place in reading order
    length: int = 0  # characters of text
    linked: int = 0  # those of them that are links
    sentences: int = 0  # texts outside links that end as sentences do
    has_title: bool = False  # an <h1>
    has_heading: bool = False
    has_parts: bool = False  # a table or a form
    has_lone_link: bool = False  # a line that is nothing but a link
    has_controls: bool = False  # a button, or a field that is not just ticked
    has_ticks: bool = False  # a box to tick
    has_picture: bool = False
    has_words: bool = False  # a quotation or a table
    has_grid: bool = False  # a table of data

    @property
    def is_mostly_links(self) -> bool:
        return 2 * self.linked > self.length


@dataclass
class Measures:
    of: dict[lxml_html.HtmlElement, Measure]
    whole: int
    grids: set[lxml_html.HtmlElement]  # tables of data
    spans: dict[lxml_html.HtmlElement, tuple[float, float]] = field(default_factory=dict)

    def is_in_grid(self, row: lxml_html.HtmlElement) -> bool:
        around = [row.getparent()]
        if around[0] is not None:
            around.append(around[0].getparent())
        return any(one in self.grids for one in around)

    def holds_the_page(self, element: lxml_html.HtmlElement) -> bool:
        """A form or a badly named box around everything, as some systems write."""
        measure = self.of[element]
        return measure.has_title or 2 * measure.length > self.whole


def measure_page(root: lxml_html.HtmlElement) -> Measures:
    elements = list(all_elements(root))
    measures = {element: Measure(number) for number, element in enumerate(elements)}
    grids = set()
    for element in reversed(elements):  # children before their parents
        measure = measures[element]
        _measure_own(element, measure)
        if element.tag == "table" and _may_be_grid(measure, element):
            grids.add(element)
            measure.has_grid = True
        parent = measures.get(element.getparent())
        if parent is not None:
            _add_to_parent(element, measure, parent)
    return Measures(measures, measures[root].length, grids)


def all_elements(root: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _measure_own(element: lxml_html.HtmlElement, measure: Measure) -> None:
    tag = element.tag
    measure.length += len((element.text or "").strip())
    if tag == "a":
        measure.linked = measure.length
        measure.sentences = 0
    elif measure.length - measure.linked >= MIN_SENTENCE_CHARS:
        texts = (element.text, *(child.tail for child in element))
        measure.sentences += sum(_count_sentences(text.strip()) for text in texts if text)
    measure.has_title = measure.has_title or tag == "h1"
    measure.has_heading = measure.has_heading or tag in HEADINGS
    is_link = 0 < 4 * measure.length <= 5 * measure.linked
    measure.has_lone_link = measure.has_lone_link or (is_link and tag in _LINE_TAGS)
    is_tick = tag == "input" and (element.get("type") or "").lower() in ("checkbox", "hidden")
    measure.has_ticks = measure.has_ticks or is_tick
    is_control = tag in ("input", "select", "button", "form") and not is_tick
    measure.has_controls = measure.has_controls or is_control
    measure.has_picture = measure.has_picture or tag in _PICTURES
    measure.has_words = measure.has_words or tag in ("blockquote", "table")


def _count_sentences(text: str) -> int:
    return (last_mark(text) in CLOSING_MARKS) + len(_SENTENCE_INSIDE.findall(text))


def _add_to_parent(element: lxml_html.HtmlElement, measure: Measure, parent: Measure) -> None:
    parent.length += measure.length + len((element.tail or "").strip())
    parent.linked += measure.linked
    parent.sentences += measure.sentences
    parent.has_parts = parent.has_parts or measure.has_parts or element.tag in _PARTS
    for name in _PASSED_ON:
        if getattr(measure, name):
            setattr(parent, name, True)


_PASSED_ON = (
    "has_title", "has_heading", "has_lone_link", "has_controls", "has_ticks", "has_picture",
    "has_grid", "has_words",
)  # fmt: skip


def _may_be_grid(measure: Measure, table: lxml_html.HtmlElement) -> bool:
    if measure.has_parts or measure.has_heading or measure.is_mostly_links:
        return False
    return is_grid(table)
