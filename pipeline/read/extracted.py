"""What a reader takes out of one file: a few facts about the text, and its blocks in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["heading", "paragraph", "list_item"]


class UnreadableError(Exception):
    """A file holds no text that can be read; the message is the reason, in words."""


@dataclass(frozen=True)
class RawBlock:
    """One block of a page.

    `reason` is set by a reader that already knows the block to be clutter (a menu in HTML, a tag
    left over in plain text). `gap` says whether an empty line, or a tag, parts it from the block
    before: lines that belong together (a name and a telephone number) have none between them.
    `linked` says that the whole block is a link, `marked` that the file itself, and not the look
    of the line, makes it a heading.
    """

    kind: Kind
    text: str
    reason: str = ""
    gap: bool = True
    linked: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Extracted:
    """A text's content; a fact that the file does not tell is the empty string.

    `published` is an ISO date, and `published_from` says in words where it was found: a date in a
    page's head is surer than the day on which a document was made.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    published_from: str = ""
    source: str = ""
    url: str = ""
    country: str = ""
    blocks: list[RawBlock] = field(default_factory=list)


def squeeze(text: str) -> str:
    """One space for every run of white space (no-break spaces among them), none at the ends."""
    return " ".join(text.split())


def plain_key(text: str) -> str:
    """Letters and digits only, in lower case: for telling whether two pieces say the same."""
    # Most of what goes is spaces, which need no pattern
    return _NO_WORD.sub("", text.casefold().replace(" ", ""))


_NO_WORD = re.compile(r"[\W_]+")
