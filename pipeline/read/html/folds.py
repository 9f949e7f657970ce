"""Text that a reader unfolds: questions on buttons, their answers below them, and tabs.

Two ways of many to write the same: <h3><button>Hvornår?</button></h3><div hidden>…</div> and
<button aria-expanded="false" aria-controls="s1">Hvornår?</button> … <div id="s1" hidden>…</div>.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.html.measures import HEADINGS, Measures

MIN_WORDS = 2
MAX_STEPS = 4
_HOLDERS = (*HEADINGS, "dt")


@dataclass
class Folds:
    labels: set[lxml_html.HtmlElement]  # buttons: the heading of what they unfold
    panels: set[lxml_html.HtmlElement]  # what is hidden only until it is unfolded
    tabs: set[lxml_html.HtmlElement]  # links and buttons that name a panel each

    def unfolds(self, element: lxml_html.HtmlElement) -> bool:
        parent = element.getparent()
        is_in_details = parent is not None and parent.tag == "details"
        return element in self.panels or is_in_details or _is_named_panel(element)


def is_hidden(element: lxml_html.HtmlElement) -> bool:
    """Whether a browser shows an element; hidden="until-found" is shown to who looks for it."""
    hidden = element.get("hidden")
    if (hidden is not None and hidden != "until-found") or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def find_folds(measures: Measures) -> Folds:
    elements = list(measures.of)
    by_id = {name: one for one in elements if (name := one.get("id"))}
    folds = Folds(set(), set(), set())
    for element in elements:
        if element.get("role") == "tabpanel" and not measures.of[element].is_mostly_links:
            folds.panels.add(element)
    for element in elements:
        if element.tag not in ("a", "button"):
            continue
        aimed = [by_id[name] for name in _controlled(element) if name in by_id]
        if _is_tab(element):
            if any(one.get("role") == "tabpanel" and one in folds.panels for one in aimed):
                folds.tabs.add(element)
            continue
        if not measures.of[element].length:
            continue
        around = _alone_around(element, measures)
        is_heading = element.tag == "button" and any(one.tag in _HOLDERS for one in around)
        if not is_heading and not _says_it_folds(element):
            continue
        panels = aimed or _panel_below(around[-1], measures)
        words = len("".join(element.itertext()).split())
        told = any(measures.of[panel].sentences for panel in panels)
        # "Meny" unfolds links; "Pris" over a text is its heading
        if is_heading or words >= MIN_WORDS or (words and told):
            folds.labels.add(element)
            folds.panels.update(panels)
    return folds


def _is_tab(element: lxml_html.HtmlElement) -> bool:
    """<li role="tab"><a href="#t1">Før 60 år</a></li>, or the link or button itself is one."""
    parent = element.getparent()
    return "tab" in (element.get("role"), parent.get("role") if parent is not None else None)


def _alone_around(
    element: lxml_html.HtmlElement, measures: Measures
) -> list[lxml_html.HtmlElement]:
    """A button and the elements that hold it and no other text: its <h3>, the <div> of that."""
    around = [element]
    for _ in range(MAX_STEPS):
        parent = around[-1].getparent()
        if parent not in measures.of or measures.of[parent].length > measures.of[element].length:
            break
        around.append(parent)
    return around


def _says_it_folds(element: lxml_html.HtmlElement) -> bool:
    toggle = element.get("data-toggle") or element.get("data-bs-toggle") or ""
    if element.get("aria-expanded") is not None or toggle == "collapse":
        return True
    return element.tag == "button" and _is_named_panel(element)


def _panel_below(top: lxml_html.HtmlElement, measures: Measures) -> list[lxml_html.HtmlElement]:
    """The hidden answer right below a question; a hidden form or list of links is none."""
    below = top.getnext()
    measure = measures.of.get(below)
    if measure is None or measure.is_mostly_links or measure.has_controls:
        return []
    is_dialog = below.tag == "dialog" or below.get("role") in ("dialog", "alertdialog", "menu")
    return [] if is_dialog or not is_hidden(below) else [below]


def _controlled(element: lxml_html.HtmlElement) -> list[str]:
    named = (element.get(name) for name in ("data-target", "data-bs-target", "href"))
    target = next((name for name in named if name and name.startswith("#")), "")
    return [*(element.get("aria-controls") or "").split(), target.removeprefix("#")]


def _is_named_panel(element: lxml_html.HtmlElement) -> bool:
    return _FOLDED.search(element.get("class") or "") is not None


_FOLDED = re.compile(r"accordion|collaps|foldout|expand|toggle-?(?:content|panel)", re.IGNORECASE)
