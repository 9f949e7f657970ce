"""What the names of a page's parts (id and class) say of them, and where they are not believed.

A name says what its author thought of: class="comment" is a reader's comment in a blog and a
ministry's comment on a paragraph of a law; class="related-figures" holds a table.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import html as lxml_html  # type: ignore[import-untyped]

from pipeline.read.dates import find_date
from pipeline.read.extracted import squeeze
from pipeline.read.html.measures import Measures

TEASERS = "box of teasers"
READERS = "comment prompt"
MAX_STEPS = 3
MAX_LOOKED_AT = 100
MAX_NAME_CHARS = 40


def part_by_name(
    element: lxml_html.HtmlElement, measures: Measures, in_article: bool
) -> tuple[str, bool]:
    """What a part is by its name, or ""; and whether it was named so and is not believed."""
    names = element_names(element)
    reason = _reason(names)
    if not reason:
        return "", False
    measure = measures.of[element]
    if reason == TEASERS and in_article and _FACTS.search(names) and not measure.has_lone_link:
        return "", True
    if _may_be_content(reason, names, element, measures) and _stands_between(
        element, measures, in_article
    ):
        return "", True
    return reason, False


def element_names(element: lxml_html.HtmlElement) -> str:
    """id and class in lower case, and "templateFooter" as "template-footer"."""
    names = f"{element.get('id') or ''} {element.get('class') or ''}".strip()
    return _HUMP.sub("-", names).lower()


def is_labels(element: lxml_html.HtmlElement) -> bool:
    """A line of key words, or of who wrote, by its name."""
    return _LABELS.search(element_names(element)) is not None


def _reason(names: str) -> str:
    if not names:
        return ""
    found = next((why for why, name in _NAMED_PARTS if name.search(names)), "")
    return found or (TEASERS if _TEASERS.search(names) else "")


def _may_be_content(
    reason: str, names: str, element: lxml_html.HtmlElement, measures: Measures
) -> bool:
    """Whether a part has a text or a table of its own, and does not look like what it is called."""
    measure = measures.of[element]
    if measure.has_lone_link or measure.is_mostly_links or measure.has_controls:
        return False
    if reason == TEASERS and not all(
        _LOOSE_TEASERS.fullmatch(found.strip(" _-")) for found in _TEASERS.findall(names)
    ):
        return False
    if reason == READERS and _looks_like_readers(element):
        return False
    if reason in (TEASERS, READERS):
        return measure.sentences > 0 or measure.has_grid
    return reason in _DOUBTED and (measure.sentences > 1 or measure.has_grid)


def _looks_like_readers(element: lxml_html.HtmlElement) -> bool:
    """Names and days: <span>Marit seier:</span><p>…</p>, or <b>Lis</b><p>…</p>."""
    inner = islice(element.iterdescendants(), MAX_LOOKED_AT)
    parts = [one for one in inner if isinstance(one.tag, str)]
    if any(one.tag in ("time", "img") or _PERSON.search(element_names(one)) for one in parts):
        return True
    texts = [text for part in islice(element.itertext(), MAX_LOOKED_AT) if (text := squeeze(part))]
    if any(_SAYS.search(text) or find_date(text) for text in texts if len(text) <= 90):
        return True
    holder = next((one for one in parts if squeeze(one.text or "")), None)
    if holder is None or holder.tag not in _NAME_TAGS or not texts:
        return False
    return len(texts[0]) <= MAX_NAME_CHARS and texts[0][-1] not in ".!?…:"


def _stands_between(element: lxml_html.HtmlElement, measures: Measures, in_article: bool) -> bool:
    """Whether paragraphs of the article stand above a part, and more of its text below.

    Outside an <article> or <main> they have to be its siblings, and paragraphs both.
    """
    for _ in range(MAX_STEPS if in_article else 1):
        parent = element.getparent()
        if parent not in measures.of:
            return False
        if parent not in measures.spans:
            measures.spans[parent] = _span_of_text(parent, measures, in_article)
        first, last = measures.spans[parent]
        if first < measures.of[element].number < last:
            return True
        if parent.tag in ("article", "main", "body") or parent.get("role") == "main":
            return False
        element = parent
    return False


def _span_of_text(
    parent: lxml_html.HtmlElement, measures: Measures, in_article: bool
) -> tuple[float, float]:
    """Where the first paragraph of an element stands, and the last text that nothing marks."""
    first, last = float("inf"), -1.0
    for child in parent:
        measure = measures.of.get(child)
        if measure is None or not measure.sentences or _reason(element_names(child)):
            continue
        if child.tag == "p":
            first = min(first, measure.number)
        if child.tag == "p" or (in_article and child.tag in _TEXTS):
            last = max(last, measure.number)
    return first, last


_NAME_TAGS = ("b", "strong", "span", "cite", "a", "div", "small")
_TEXTS = ("div", "section", "blockquote", "ul", "ol", "dl", "table", "details")
# Three letters on either side: the names that tools make up ("sc-kLgNav") have humps anywhere
_HUMP = re.compile(r"(?<=[a-zæøå]{3})(?=[A-ZÆØÅ][a-zæøå]{2})")
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

# "related-figures", "sidebar-fact": what follows the word may make it something else
_LOOSE_TEASERS = re.compile(
    r"related|relatert\w*|relaterede?\w*|sidebar|recommended|anbefal\w+|popular|latest"
)
# What a restaurant's "menu" or a report's "social" may be too
_DOUBTED = ("share prompt", "breadcrumb", "site navigation", "feedback prompt", "form")
_FACTS = re.compile(r"(?:^|[\s_-])(?:fact|fakta)")
_PERSON = re.compile(r"author|avatar|vcard|user|repl(?:y|ies)|svar|(?:^|[\s_-])(?:meta|date|dato)")
_SAYS = re.compile(r"\b(?:seier|sier|siger|skriver|skriv|skrev|says)\s*:?$", re.IGNORECASE)
_LABELS = re.compile(
    r"(?:^|[\s_-])(?:tags?|stikkord|emneord|emner|topics?|categor\w+|kategori\w*|meta|byline|author)"
    r"(?:$|[\s_-])"
)
