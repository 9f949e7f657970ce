"""HTML (`.html`, `.htm`): the article of a page, and what stands around it.

trafilatura finds the main content, but it leaves out what it doubts (short paragraphs, list
items, headings before a removed box) and says nothing of what it left out. So the page is walked
here, block by block in reading order, and trafilatura has a vote: what it took is the article;
between the article's first and last block, what it left out is taken back unless the page itself
marks it as something else (a menu, a form, a box of teasers). Every other block is kept as
clutter with its reason. Nothing is fetched and nothing is run.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from pipeline.read.blocks import split_blocks, take_out_scripts
from pipeline.read.clutter.shape import is_closed
from pipeline.read.clutter.words import TEASER_HEADING
from pipeline.read.extracted import Extracted, RawBlock, UnreadableError, plain_key
from pipeline.read.html.facts import find_facts, outlet_after
from pipeline.read.html.look import with_kinds_by_look
from pipeline.read.html.site import entry_title, is_site, site_names, without_site
from pipeline.read.html.tree import PageBlock, walk_page

OUTSIDE = "outside the article"
FRAMES = "holds only frames that show other pages; save those pages themselves"
MAX_ELEMENTS_FOR_TRAFILATURA = 50_000
MIN_SENTENCE_CHARS = 20
LINK_SHARE = 0.8  # a block with more of its letters in links is a link


def read_html(content: str) -> Extracted:
    """The blocks of a page in reading order, those outside its article with a reason.

    Raises UnreadableError where there is no HTML at all.
    """
    tree, is_whole = _parse(content)
    facts = find_facts(tree, content)
    if not is_whole:
        return replace(facts, blocks=split_blocks(_text_without_tags(content)))
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    if tree.find("body") is None and tree.find(".//frameset") is not None:
        raise UnreadableError(FRAMES)
    names = site_names(tree, facts)
    title = without_site(facts.title, names)
    if not title or is_site(title, names):
        title = entry_title(tree) or title
    page = with_kinds_by_look(walk_page(tree), title)
    voted = _vote(page, _trafilatura_keys(tree))
    article = _article_span(page, voted, title, names)
    references = _references(page, article)
    blocks = [_raw_block(page, article, references, index) for index in range(len(page))]
    heading = next((b.text for b in blocks if b.kind == "heading" and not b.reason), "")
    title = heading if _has_top_heading(page, article) else title or heading
    source = facts.source or outlet_after(tree, title)
    return replace(facts, title=title, source=source, blocks=blocks)


def is_html_page(content: str) -> bool:
    """Whether a text is a whole HTML page."""
    return bool(_PAGE.match(content[:2000]))


def _parse(content: str) -> tuple[lxml_html.HtmlElement, bool]:
    """A page's tree, and whether it holds all of the page: it is cut off 2048 elements deep."""
    parser = lxml_html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, encoding="utf-8"
    )
    try:
        tree = lxml_html.document_fromstring(content.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from None
        raise UnreadableError("holds no HTML that can be read") from None
    return tree, not any("Excessive depth" in entry.message for entry in parser.error_log)


def _text_without_tags(content: str) -> str:
    return _ANY_TAG.sub("\n\n", take_out_scripts(content))


# The vote


def _trafilatura_keys(tree: lxml_html.HtmlElement) -> tuple[set[str], str]:
    """What trafilatura takes for the main content: the keys of its blocks, and all as one."""
    size = sum(1 for _ in tree.iter())
    if size > MAX_ELEMENTS_FOR_TRAFILATURA or _depth(tree) > MAX_DEPTH_FOR_TRAFILATURA:
        return set(), ""
    # Imported here: most corpora are plain text, and the import takes half a second
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, favor_recall=True)
    except Exception:  # a page that it stumbles over is read without its vote
        return set(), ""
    if found is None or isinstance(found, dict):
        return set(), ""
    texts = [
        "".join(element.itertext())
        for element in found.body.iter("p", "head", "item", "quote", "cell", "code", "row")
    ]
    keys = [key for text in texts if (key := plain_key(text))]
    return set(keys), "\n".join(keys)


MAX_DEPTH_FOR_TRAFILATURA = 200


def _depth(tree: lxml_html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _vote(page: Sequence[PageBlock], keys: tuple[set[str], str]) -> set[int]:
    exact, joined = keys
    return {
        index
        for index, block in enumerate(page)
        if not block.shape.boilerplate
        and (key := plain_key(block.text))
        and (key in exact or (len(key) >= 40 and key in joined))
    }


# The article


def _article_span(
    page: Sequence[PageBlock], voted: set[int], title: str, names: set[str]
) -> set[int]:
    """The blocks of the article: what was voted for, and what stands between it."""
    candidates = [i for i, block in enumerate(page) if not block.shape.boilerplate]
    inside = [i for i in candidates if page[i].shape.in_article] or candidates
    if not voted:
        return {i for i in inside if not _is_link_box(page[i])}
    votes_inside = sum(i in voted for i in inside)
    if 2 * votes_inside < len(voted):
        inside = candidates  # <article> is used for something else, such as a list of teasers
    first, last = min(voted), max(voted)
    heading = _top_heading(page, candidates, title, names)
    if heading is not None:
        first = min(first, heading)
    # Short last paragraphs of an <article> are the article's, though trafilatura stops before them
    ends = [i for i in inside if page[i].shape.in_article]
    if ends and not page[ends[-1]].is_boxed:
        last = max(last, ends[-1])
    allowed = set(inside)
    span = {i for i in allowed if first <= i <= last and not _is_link_box(page[i])}
    chosen = span | {i for i in voted if not page[i].is_boxed}
    if heading is not None:
        above = {i for i in voted & allowed if not is_site(page[i].text, names)}
        chosen = {i for i in chosen if i >= heading or i in above} | {heading}
    return chosen


def _references(page: Sequence[PageBlock], article: set[int]) -> set[int]:
    """Links that an article's text goes on after: a list of laws, a sentence that is all a link.

    <ul><li><a href="1">Plan- og bygningsloven</a></li></ul><p>Alle lovene gjelder samtidig.</p>.
    The text after them is of the same part of the page, which a box of teasers is not, and what
    stands under "Les også" is the judges' of clutter, to whom links tell where such a list ends.
    """
    prose = [i for i in sorted(article) if _is_sentence(page[i])]
    last_of = {page[i].holder: i for i in prose}
    found: set[int] = set()
    after_teasers = False
    for index in range(prose[0] + 1 if prose else len(page), len(page)):
        block = page[index]
        if block.kind == "heading" or block.link_share <= LINK_SHARE:
            after_teasers = TEASER_HEADING.match(block.text) is not None
        elif block.refers and not after_teasers and index < last_of.get(block.holder, -1):
            found.add(index)
    return {i for i in found if not page[i].is_boxed and not page[i].shape.boilerplate}


def _is_sentence(block: PageBlock) -> bool:
    return (
        block.kind != "heading" and len(block.text) >= MIN_SENTENCE_CHARS and is_closed(block.text)
    )


def _top_heading(
    page: Sequence[PageBlock], candidates: Sequence[int], title: str, names: set[str]
) -> int | None:
    """The <h1> that is the title: the one that says what <title> says, or the article's, or any.

    A newspaper's own name is often an <h1> too, and a blog's the only one. The title may stand in
    the page's header, so that headers' blocks are looked at as well.
    """
    tops = [i for i, block in enumerate(page) if block.tag == "h1" and not block.shape.hidden]
    wanted = plain_key(title)
    if wanted not in names:
        titles = [i for i in tops if not is_site(page[i].text, names)]
        tops = titles or _headings_with(page, candidates, wanted) or tops
    if not tops:
        return None
    same = [i for i in tops if wanted and plain_key(page[i].text) in wanted]
    allowed = set(candidates)
    inner = [i for i in tops if i in allowed and page[i].shape.in_article]
    return next(iter([*(i for i in same if i in allowed), *inner, *same, *tops]))


def _headings_with(page: Sequence[PageBlock], candidates: Sequence[int], wanted: str) -> list[int]:
    headings = (i for i in candidates if page[i].kind == "heading")
    return [i for i in headings if wanted and plain_key(page[i].text) == wanted][:1]


def _has_top_heading(page: Sequence[PageBlock], article: set[int]) -> bool:
    return any(page[i].tag == "h1" for i in article)


def _is_link_box(block: PageBlock) -> bool:
    """A block that is nothing but a link, or stands in a box marked as teasers or the like."""
    return block.is_boxed or (block.link_share > LINK_SHARE and block.kind != "heading")


def _raw_block(
    page: Sequence[PageBlock], article: set[int], references: set[int], index: int
) -> RawBlock:
    block = page[index]
    referred = index in references
    reason = (
        ""
        if referred or index in article
        else block.shape.boilerplate or block.shape.box or OUTSIDE
    )
    linked = block.link_share > LINK_SHARE and not referred
    marked = block.kind == "heading" and not block.by_look
    return RawBlock(block.kind, block.text, reason, block.gap, linked, marked)


_NEVER_TEXT = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed",
    "canvas", "audio", "video", "map", "datalist", "textarea", "noframes",
)  # fmt: skip
_ANY_TAG = re.compile(r"<[^<>]*>")
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.I)
