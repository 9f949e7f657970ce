"""A corpus for measuring how well files are read: handwritten pages, in every format.

`tests/corpus/pages/*.page` hold web pages as they look when they are copied into a text file, each
line with a label that says what it is. From each, `write_corpus` makes files of every format, with
the furniture that the format brings (menus in HTML, running headers in PDF, page footers in Word),
and says for each file which pieces are content and which are clutter.

    python -m tests.reading_corpus FOLDER     # writes the files there, to look at
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

PAGES = Path(__file__).parent / "corpus" / "pages"
HELD_OUT = Path(__file__).parent / "corpus" / "pages_held_out"
CONTENT = ("title", "heading", "paragraph", "item", "quote")


@dataclass(frozen=True)
class Line:
    label: str
    text: str
    gap: bool = True  # an empty line before it

    @property
    def is_content(self) -> bool:
        return self.label in CONTENT


@dataclass(frozen=True)
class Page:
    name: str
    facts: dict[str, str]
    lines: list[Line]


@dataclass(frozen=True)
class Made:
    """A file and what is to come out of it, or of each of its rows."""

    path: str
    pages: list[Page]
    content: list[list[str]] = field(default_factory=list)
    clutter: list[list[str]] = field(default_factory=list)

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2]


def load_pages(folder: Path = PAGES) -> list[Page]:
    """The pages of a folder, by name."""
    return [_load_page(path) for path in sorted(folder.glob("*.page"))]


def _load_page(path: Path) -> Page:
    facts: dict[str, str] = {}
    lines: list[Line] = []
    gap = True
    for written in path.read_text(encoding="utf-8").splitlines():
        label, bar, text = written.partition(" | ")
        if written.startswith("# "):
            name, _, value = written[2:].partition(":")
            facts[name.strip()] = value.strip()
        elif bar:
            lines.append(Line(label.strip(), text.strip(), gap))
            gap = False
        else:
            gap = True
    return Page(path.stem, facts, lines)


def write_corpus(folder: Path, pages: Sequence[Page]) -> list[Made]:
    """Every page in every format, and tables that hold them all."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Made] = []
    for number, page in enumerate(pages):
        for ending, write in WRITERS.items():
            content, lines = write(page, number)
            path = folder / f"{page.name}{ending}"
            path.write_bytes(content)
            made.append(_made(path.name, [page], [lines]))
    kept = [_scraped(page) for page in pages]
    for ending, dump in TABLES.items():
        path = folder / f"pages{ending}"
        path.write_bytes(dump([_row(page, lines) for page, lines in zip(pages, kept, strict=True)]))
        made.append(_made(path.name, list(pages), kept))
    return made


def _made(path: str, pages: list[Page], lines: list[list[Line]]) -> Made:
    return Made(
        path,
        pages,
        [[line.text for line in some if line.is_content] for some in lines],
        [[line.text for line in some if not line.is_content] for some in lines],
    )


Written = tuple[bytes, list[Line]]


def write_txt(page: Page, number: int) -> Written:
    text = "".join(f"{chr(10) * line.gap}{line.text}\n" for line in page.lines).lstrip("\n")
    encoding = ("utf-8", "utf-8-sig", "cp1252", "utf-16")[number % 4]
    return text.encode(encoding, "replace"), page.lines


# HTML

_LINKED = ("nav", "breadcrumb", "teaser", "pager", "toc", "tags", "share")


def write_marked_html(page: Page, number: int) -> Written:
    """A page whose elements and classes say what they are."""
    boxes = "<header>{}</header>", "<main><article>{}</article></main>", "<aside>{}</aside>"
    body = _html_groups(page, _marked, boxes)
    head = _html_head(page, with_meta=number % 2 == 0)
    return f"{head}<body>{body}</body></html>".encode(), page.lines


def write_plain_html(page: Page, number: int) -> Written:
    """A page of nameless boxes: only the words and the links tell what is what."""
    body = _html_groups(
        page, _plain, ("<div class=t>{}</div>", "<div class=m>{}</div>", "<div>{}</div>")
    )
    head = _html_head(page, with_meta=False)
    return f"{head}<body><div class=c{number}>{body}</div></body></html>".encode(), page.lines


def _html_head(page: Page, *, with_meta: bool) -> str:
    title = html.escape(f"{page.facts['title']} | {page.facts['outlet']}")
    meta = ""
    if with_meta:
        for name, key in (("article:published_time", "published"), ("author", "author")):
            if page.facts.get(key):
                meta += f'<meta name="{name}" content="{html.escape(page.facts[key])}">'
    language = page.facts["language"]
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title>{meta}<style>.a{{color:red}}</style>"
        f"<script>window.dataLayer=[{{'side':'{page.name}'}}]</script></head>"
    )


def _html_groups(
    page: Page, write: Callable[[str, list[Line]], str], boxes: tuple[str, str, str]
) -> str:
    """The page in three boxes: what stands above the title, the article, what stands below it."""
    inside = [index for index, line in enumerate(page.lines) if line.is_content]
    first, last = inside[0], inside[-1]
    parts = page.lines[:first], page.lines[first : last + 1], page.lines[last + 1 :]
    return "\n".join(
        box.format("\n".join(write(label, list(lines)) for label, lines in _grouped(part)))
        for box, part in zip(boxes, parts, strict=True)
    )


def _grouped(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    return ((label, list(some)) for label, some in groupby(lines, key=lambda line: line.label))


def _marked(label: str, lines: list[Line]) -> str:
    texts = [html.escape(line.text) for line in lines]
    links = [f'<a href="/{label}/{n}">{text}</a>' for n, text in enumerate(texts)]
    items = "".join(f"<li>{link}</li>" for link in links)
    paragraphs = "".join(f"<p>{text}</p>" for text in texts)
    if label in CONTENT:
        return _content_html(label, lines)
    return {
        "nav": f'<nav class="main-menu"><ul>{items}</ul></nav>',
        "breadcrumb": f'<div class="breadcrumbs">{"".join(links)}</div>',
        "cookie": f'<div id="cookie-consent">{paragraphs}</div>',
        "share": f'<div class="share-buttons">{"".join(links)}</div>',
        "comment": f'<section class="comments">{paragraphs}</section>',
        "teaser_heading": f'<div class="related"><h3>{"<br>".join(texts)}</h3></div>',
        "teaser": f'<div class="related"><ul>{items}</ul></div>',
        "byline": f'<div class="byline">{paragraphs}</div>',
        "caption": f"<figure><img src=b.jpg alt=''><figcaption>{' '.join(texts)}</figcaption>"
        "</figure>",
        "date": f'<p class="dateline"><time>{"<br>".join(texts)}</time></p>',
        "contact": f'<div class="contact-card">{paragraphs}</div>',
        "ad": f'<div class="ad">{paragraphs}</div>',
        "newsletter": f'<div class="newsletter">{paragraphs}</div>',
        "paywall": f'<div class="paywall">{paragraphs}</div>',
        "tags": f'<div class="tags">{"".join(links)}</div>',
        "toc": f'<nav class="toc"><ul>{items}</ul></nav>',
        "feedback": f'<form class="feedback">{paragraphs}</form>',
        "pager": f'<div class="pagination">{"".join(links)}</div>',
        "footer": f"<footer>{paragraphs}</footer>",
        "html": "".join(f"<p>{text}</p>" for text in texts),
        "boilerplate": paragraphs,
    }[label]


def _plain(label: str, lines: list[Line]) -> str:
    if label in CONTENT:
        return _content_html(label, lines)
    rows = []
    for number, line in enumerate(lines):
        text = html.escape(line.text)
        inner = f'<a href="/{number}">{text}</a>' if label in _LINKED else text
        rows.append(f"<div>{inner}</div>")
    return f"<div class=b{len(rows)}>{''.join(rows)}</div>"


def _content_html(label: str, lines: list[Line]) -> str:
    texts = [html.escape(line.text) for line in lines]
    if label == "item":
        items = "".join(f"<li>{html.escape(unmarked(line.text))}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    tag = {"title": "h1", "heading": "h2", "paragraph": "p", "quote": "blockquote"}[label]
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


# Markdown, as tools that clip web pages write it


def write_md(page: Page, number: int) -> Written:
    facts = {"title": page.facts["title"], "date": page.facts.get("published", "")}
    top = "".join(f'{name}: "{value}"\n' for name, value in facts.items() if value)
    lines = [line for line in page.lines if line.label not in ("cookie", "html")]
    body = "\n\n".join(_md_line(line) for line in lines)
    return f"---\n{top}---\n\n{body}\n".encode(), lines


def _md_line(line: Line) -> str:
    text = re.sub(r"([*_`#])", r"\\\1", line.text)
    text = re.sub(r"^(\d{1,3})([.)])", r"\1\\\2", text) if line.label != "item" else text
    if line.label in ("nav", "teaser", "tags", "toc"):
        return f"- [{text}](https://example.com/a)"
    if line.label == "item":
        return f"- {unmarked(text)}"
    marks = {"title": "# ", "heading": "## ", "teaser_heading": "### ", "quote": "> "}
    return marks.get(line.label, "") + text


# PDF: a page printed, or set in two columns by its outlet

_PRINTED_CLUTTER = (
    *("breadcrumb", "share", "byline", "date", "caption", "contact", "teaser_heading", "teaser"),
    *("comment", "boilerplate", "ad"),
)


def write_pdf(page: Page, number: int) -> Written:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    lines = [line for line in page.lines if line.is_content or line.label in _PRINTED_CLUTTER]
    columns = 2 if number % 3 == 2 else 1
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(page.facts["title"])
    canvas.setAuthor(page.facts.get("author", ""))
    extra = _Typesetter(canvas, page, columns).set(lines)
    canvas.save()
    return sink.getvalue(), [*lines, *extra]


class _Typesetter:
    """Sets lines in columns, breaking words as Nordic texts do, with a header and page numbers."""

    WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 60.0

    def __init__(self, canvas: object, page: Page, columns: int) -> None:
        self.canvas: object = canvas
        self.page = page
        self.columns = columns
        gap = 24.0
        self.width = (self.WIDTH - 2 * self.MARGIN - gap * (columns - 1)) / columns
        self.lefts = [self.MARGIN + index * (self.width + gap) for index in range(columns)]
        self.column = 0
        self.y = self.HEIGHT - self.MARGIN - 20
        self.number = 0
        self.furniture: list[Line] = []

    def set(self, lines: Sequence[Line]) -> list[Line]:
        self._begin_page()
        for line in lines:
            size = {"title": 20, "heading": 13}.get(line.label, 10)
            font = "Helvetica-Bold" if line.label in ("title", "heading") else "Helvetica"
            text = f"• {unmarked(line.text)}" if line.label == "item" else line.text
            self.y -= 8 if line.gap else 2
            rows = list(_break_lines(_latin(text), font, size, self.width, self.canvas))
            if line.label in ("title", "heading") and self.y < self.MARGIN + 80:
                self._next_column()
            for row in rows:
                if self.y < self.MARGIN + 20:
                    self._next_column()
                self.canvas.setFont(font, size)  # type: ignore[attr-defined]
                self.canvas.drawString(self.lefts[self.column], self.y, row)  # type: ignore[attr-defined]
                self.y -= size * 1.25
        return self.furniture

    def _next_column(self) -> None:
        self.column += 1
        if self.column == self.columns:
            self.canvas.showPage()  # type: ignore[attr-defined]
            self._begin_page()
        self.y = self.HEIGHT - self.MARGIN - 20

    def _begin_page(self) -> None:
        self.number += 1
        self.column = 0
        said = "Side {} af 9" if self.page.facts["language"] == "da" else "Side {} av 9"
        header, footer = _latin(self.page.facts["outlet"]), said.format(self.number)
        self.canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        self.canvas.drawString(self.MARGIN, self.HEIGHT - 40, header)  # type: ignore[attr-defined]
        self.canvas.drawCentredString(self.WIDTH / 2, 32, footer)  # type: ignore[attr-defined]
        self.furniture += [Line("header", header), Line("footer", footer)]


def _break_lines(text: str, font: str, size: float, width: float, canvas: object) -> Iterator[str]:
    row = ""
    for word in text.split():
        tried = f"{row} {word}".strip()
        if canvas.stringWidth(tried, font, size) <= width:  # type: ignore[attr-defined]
            row = tried
            continue
        room = width - canvas.stringWidth(f"{row} ", font, size)  # type: ignore[attr-defined]
        head = _hyphen_point(word, font, size, room, canvas)
        if head and size == 10:
            yield f"{row} {head}-".strip()
            row = word[len(head) :]
        else:
            if row:
                yield row
            row = word
    if row:
        yield row


def _hyphen_point(word: str, font: str, size: float, room: float, canvas: object) -> str:
    """The longest head of a long word that fits, broken before a consonant and a vowel."""
    if len(word) < 9 or not word.isalpha() or not word[1:].islower():
        return ""
    for end in range(len(word) - 3, 3, -1):
        breaks = word[end] not in _VOWELS and word[end + 1] in _VOWELS and word[end - 1] in _VOWELS
        fits = canvas.stringWidth(f"{word[:end]}-", font, size) <= room  # type: ignore[attr-defined]
        if breaks and fits:
            return word[:end]
    return ""


_VOWELS = "aeiouyæøå"


def _latin(text: str) -> str:
    """What the fonts that every PDF reader has can show."""
    return text.encode("cp1252", "ignore").decode("cp1252")


# Word and OpenDocument

_OFFICE_CLUTTER = ("byline", "date", "caption", "contact", "boilerplate")


def _office_lines(page: Page) -> list[Line]:
    return [line for line in page.lines if line.is_content or line.label in _OFFICE_CLUTTER]


def write_docx(page: Page, number: int) -> Written:
    import docx

    document = docx.Document()
    document.core_properties.author = page.facts.get("author", "")
    document.core_properties.title = page.facts["title"]
    styles = {"title": "Title", "heading": "Heading 1", "item": "List Bullet"}
    lines = _office_lines(page)
    for line in lines:
        style = styles.get(line.label, "Normal")
        text = unmarked(line.text) if line.label == "item" else line.text
        if line.label == "heading" and number % 2:
            document.add_paragraph().add_run(text).bold = True  # as people do it
        else:
            document.add_paragraph(text, style=style)
    footer = f"{page.facts['outlet']} – internt dokument"
    document.sections[0].footer.paragraphs[0].text = footer
    sink = io.BytesIO()
    document.save(sink)
    return sink.getvalue(), [*lines, Line("footer", footer)]


def write_odt(page: Page, _number: int) -> Written:
    lines = _office_lines(page)
    body = []
    for label, group in groupby(lines, key=lambda line: line.label):
        texts = [line.text for line in group]
        if label == "item":
            items = "".join(
                f"<text:list-item><text:p>{html.escape(unmarked(text))}</text:p></text:list-item>"
                for text in texts
            )
            body.append(f"<text:list>{items}</text:list>")
        elif label in ("title", "heading"):
            level = 1 if label == "title" else 2
            body += [
                f'<text:h text:outline-level="{level}">{html.escape(text)}</text:h>'
                for text in texts
            ]
        else:
            body += [f"<text:p>{html.escape(text)}</text:p>" for text in texts]
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("meta", "meta"))
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}>'
            f"<office:body><office:text>{''.join(body)}</office:text></office:body>"
            "</office:document-content>",
        )
    return sink.getvalue(), lines


def unmarked(text: str) -> str:
    """A list item without its bullet or number."""
    return re.sub(r"^(?:[•·‣▪–*✓→-]|\d{1,2}[.)]|[a-h]\))\s+", "", text)


# Tables of texts, as scrapers write them

_SCRAPED_CLUTTER = ("byline", "date", "share", "caption", "teaser_heading", "teaser", "newsletter")


def _scraped(page: Page) -> list[Line]:
    return [line for line in page.lines if line.is_content or line.label in _SCRAPED_CLUTTER]


def _row(page: Page, lines: list[Line]) -> dict[str, str]:
    text = "\n\n".join(line.text for line in lines)
    facts = {name: page.facts.get(name, "") for name in ("title", "author", "published")}
    return {"id": page.name, **facts, "source": page.facts["outlet"], "text": text}


def _csv(rows: list[dict[str, str]], delimiter: str, encoding: str) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode(encoding, "replace")


def _parquet(rows: list[dict[str, str]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


WRITERS: dict[str, Callable[[Page, int], Written]] = {
    ".txt": write_txt,
    ".html": write_marked_html,
    ".plain.htm": write_plain_html,
    ".md": write_md,
    ".pdf": write_pdf,
    ".docx": write_docx,
    ".odt": write_odt,
}
TABLES: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    ".csv": lambda rows: _csv(rows, ";", "utf-8-sig"),
    ".tsv": lambda rows: _csv(rows, "\t", "utf-8"),
    ".jsonl": lambda rows: "".join(
        json.dumps(row, ensure_ascii=False) + "\n" for row in rows
    ).encode(),
    ".parquet": _parquet,
}


if __name__ == "__main__":
    for file in write_corpus(Path(sys.argv[1]), load_pages()):
        print(file.path)
