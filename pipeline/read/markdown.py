"""Markdown (`.md`), with facts about the text between `---` lines at its top."""

from __future__ import annotations

import re

from pipeline.read.blocks import LEFT_OVER_HTML, take_out_scripts, take_out_tags
from pipeline.read.dates import MONTH_NAMES
from pipeline.read.extracted import Extracted, Kind, RawBlock, squeeze
from pipeline.read.facts import gather_facts


def read_markdown(content: str) -> Extracted:
    """Front matter as facts, the rest as blocks with emphasis and links taken down to their text.

    Code between fences is left out: it is no language that we know of.
    """
    facts, body = _split_front_matter(content)
    blocks = _blocks(body)
    if not facts.get("title") and (match := _TITLE.search(body)):
        found = _inline("heading", _CLOSING.sub("", match[1]))
        facts["title"] = found[-1].text if found else ""
    return Extracted(**facts, blocks=blocks)


def _split_front_matter(content: str) -> tuple[dict[str, str], str]:
    """The facts between `---` lines (YAML) or `+++` lines (TOML) at the top, and the rest.

    Read line by line and not by a YAML parser: people write `title: Ja: nei`, which YAML refuses.
    """
    lines = content.lstrip("\n").split("\n")
    fence = lines[0].rstrip()
    if fence not in ("---", "+++"):
        return {}, content
    values: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == fence or (fence == "---" and line.rstrip() == "..."):
            facts = gather_facts({name: ", ".join(said) for name, said in values.items()})
            if facts.get("published"):
                facts["published_from"] = "the front matter"
            return facts, "\n".join(lines[number + 1 :])
        if item := _LIST_ITEM.match(line):
            values.get(name, []).extend(_values(item[1]))
        elif match := _KEY[fence].match(line):
            name = match[1]
            values[name] = _values(match[2] or "")
        elif not line[:1].isspace():
            name = ""
    return {}, content  # the first line was a rule across the page, and no front matter


def _values(written: str) -> list[str]:
    """`Kari`, `"Kari"` or `[Kari, "Ola"]`."""
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [value for part in written[1:-1].split(",") if (value := _unquote(part.strip()))]
    return [_unquote(written)] if written else []


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
            blocks.extend(_inline("heading", _CLOSING.sub("", match[2])))
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
    linked = _LINK.fullmatch(text.strip()) is not None
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    text = _RESTORED.sub(lambda match: chr(ord(match[0]) - _PRIVATE), _CODE.sub(r"\1", text))
    text = squeeze(text)
    clutter = [RawBlock("paragraph", tags, LEFT_OVER_HTML)] if tags else []
    return (
        [*clutter, RawBlock(kind, text, linked=linked, marked=kind == "heading")]
        if text
        else clutter
    )


_KEY = {
    "---": re.compile(r"([^\W\d][\w .-]{0,60}?)\s*:(?:\s+(.*)|)$"),
    "+++": re.compile(r"([^\W\d][\w.-]{0,60})\s*=\s*(.*)$"),
}
_LIST_ITEM = re.compile(r"\s*-\s+(.+)$")
_QUOTE = re.compile(r"^(?:>\s*){1,20}")
_HEADING = re.compile(r"(#{1,6})\s+(.*)$")
_TITLE = re.compile(r"^#[ \t]+(.*)$", re.MULTILINE)
# The marks that may close a heading, too: "## Svar ##"
_CLOSING = re.compile(r"(?<!\s)\s+#+$")
_UNDERLINE = re.compile(r"=+|-{2,}")
_RULE = re.compile(r"(?:[-*_]\s*){3,}")
# "6. oktober 2022" is a date, though Markdown would make it a list
_ITEM = re.compile(rf"(?:[-*+]|\d{{1,3}}[.)](?!\s+{MONTH_NAMES}\b))\s+" r"(?:\[[ xX]\]\s+)?(.+)$")
_TABLE_RULE = re.compile(r"[|:\s-]+")
_LINK_TARGET = re.compile(r"\[[^\]]{1,200}\]:\s*\S")
_IMAGE = re.compile(r"[ \t]?!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]]{1,1000})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\[\]]{0,200}\])"
)
_AUTO_LINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_STRONG = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3}|~~)(?=\S)([^*~\n]{1,1000}?)(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`{1,3}([^`\n]{1,1000})`{1,3}")
_FOOTNOTE = re.compile(r"[ \t]?\[\^[^\]]{1,100}\]")
# A mark that was escaped, "\\*", waits as a character for private use until the marks are gone
_PRIVATE = 0xE000
_RESTORED = re.compile("[\ue021-\ue07e]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
