"""Markdown (`.md`), with facts about the text between `---` lines at its top."""

from __future__ import annotations

import re

from pipeline.read.blocks import LEFT_OVER_HTML, take_out_scripts, take_out_tags
from pipeline.read.dates import iso_date
from pipeline.read.extracted import Extracted, Kind, RawBlock, squeeze

_FIELDS = {
    "title": "title",
    "date": "published",
    "published": "published",
    "source": "source",
    "url": "url",
    "country": "country",
}


def read_markdown(content: str) -> Extracted:
    """Front matter as facts, the rest as blocks with emphasis and links taken down to their text.

    Code between fences is left out: it is no language that we know of.
    """
    facts, body = _split_front_matter(content)
    return Extracted(**facts, blocks=_blocks(body))


def _split_front_matter(content: str) -> tuple[dict[str, str], str]:
    lines = content.lstrip("\n").split("\n")
    if lines[0].rstrip() != "---":
        return {}, content
    facts: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return facts, "\n".join(lines[number + 1 :])
        name, colon, value = line.partition(":")
        field = _FIELDS.get(name.strip().lower())
        if colon and field and not line[:1].isspace():
            value = _unquote(value.strip())
            facts[field] = iso_date(value) if field == "published" else squeeze(value)
    return {}, content  # the first line was a rule across the page, and no front matter


def _unquote(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.split(" #", 1)[0]


def _blocks(body: str) -> list[RawBlock]:
    """One pass over the lines; an open block is closed by an empty line or another's marker."""
    blocks: list[RawBlock] = []
    open_lines: list[str] = []
    open_kind: Kind = "paragraph"
    fence = ""

    def close() -> None:
        if open_lines:
            blocks.extend(_inline(open_kind, " ".join(open_lines)))
            open_lines.clear()

    for raw_line in take_out_scripts(body).split("\n"):
        line = _QUOTE.sub("", raw_line.strip())
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif line.startswith(("```", "~~~")):
            close()
            fence = line[:3]
        elif open_lines and open_kind == "paragraph" and _UNDERLINE.fullmatch(line):
            open_kind = "heading"  # the line above was a heading, underlined
            close()
        elif not line or _RULE.fullmatch(line) or _LINK_TARGET.match(line):
            close()
        elif match := _HEADING.match(line):
            close()
            blocks.extend(_inline("heading", match[2]))
        elif match := _ITEM.match(line):
            close()
            open_kind = "list_item"
            open_lines.append(match[1])
        elif line.startswith("|"):
            close()
            if not _TABLE_RULE.fullmatch(line):
                cells = line.strip("|").split("|")
                blocks.extend(_inline("paragraph", " – ".join(cell.strip() for cell in cells)))
        else:
            if not open_lines:
                open_kind = "paragraph"
            open_lines.append(line.removesuffix("\\"))
            if raw_line.endswith(("  ", "\\")):  # a line break that was asked for
                close()
    close()
    return blocks


def _inline(kind: Kind, text: str) -> list[RawBlock]:
    """A block without its marks-up; the HTML that stood in it is a block of its own, clutter."""
    text = _ESCAPED.sub(lambda match: chr(_PRIVATE + ord(match[1])), text)
    text = _AUTO_LINK.sub(r"\1", _FOOTNOTE.sub("", _IMAGE.sub("", text)))
    text, tags = take_out_tags(text)
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    text = _RESTORED.sub(lambda match: chr(ord(match[0]) - _PRIVATE), _CODE.sub(r"\1", text))
    text = squeeze(text)
    clutter = [RawBlock("paragraph", tags, LEFT_OVER_HTML)] if tags else []
    return [*clutter, RawBlock(kind, text)] if text else clutter


_QUOTE = re.compile(r"^(?:>\s*){1,20}")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?$")
_UNDERLINE = re.compile(r"=+|-{2,}")
_RULE = re.compile(r"(?:[-*_]\s*){3,}")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.+)$")
_TABLE_RULE = re.compile(r"[|:\s-]+")
_LINK_TARGET = re.compile(r"\[[^\]]{1,200}\]:\s*\S")
_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]]{1,1000})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\[\]]{0,200}\])"
)
_AUTO_LINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRONG = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3}|~~)(?=\S)([^*~\n]{1,1000}?)(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`{1,3}([^`\n]{1,1000})`{1,3}")
_FOOTNOTE = re.compile(r"\[\^[^\]]{1,100}\]")
# A mark that was escaped, "\\*", waits as a character for private use until the marks are gone
_PRIVATE = 0xE000
_RESTORED = re.compile("[\ue021-\ue07e]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
