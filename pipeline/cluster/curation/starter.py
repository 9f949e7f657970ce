"""Themes -> a curation.toml to begin from, in which every block is commented out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.cluster.curation.decisions import Anchor, CurationError, parse_anchor, squeeze

N_ANCHORS = 5
MOST_CHARACTERS = 60

Nearest = Mapping[str, list[tuple[str, str]]]

_HEAD = """\
# Your decisions on the themes that were found. As it stands, this file changes nothing. Take the #
# from the front of a block's lines, and write what you want.
#
# A decision concerns the theme that holds more than half of the sentences it names, whatever the
# number of that theme: so it lasts when texts are added or the seed is another. A sentence is named
# by its id and, after a bar, by the beginning of its text, by which it is found again when its
# document has changed. `theme` says what the theme was called when this file was written. It is for
# you to read only, and may be left out.
#
# The themes follow below, each with a block that renames it. The sentences there serve for all
# other decisions too, which are written like this:

# Themes that are one. The labels may be left out.
#[[merge]]
#label_da = "Skole og lærere"
#label_no = "Skole og lærere"
#[[merge.themes]]
#theme = "t03"
#sentences = ["skolen-i-dag:4 | Lærerne har", "klassen:17 | Eleverne går"]
#[[merge.themes]]
#theme = "t07"
#sentences = ["skulen:2 | Lærarane er", "timen:8 | I klasserommet"]

# A theme that is several. `sentences` are any of the theme's, and those of each part are typical of
# that part. Two parts or more.
#[[split]]
#theme = "t02"
#sentences = ["vejen:3 | Bilerne holder", "toget:9 | Togene kører", "bussen:1 | Bussen er"]
#[[split.into]]
#label_da = "Veje og biler"
#label_no = "Veier og biler"
#sentences = ["vejen:3 | Bilerne holder"]
#[[split.into]]
#label_da = "Tog og busser"
#label_no = "Tog og busser"
#sentences = ["toget:9 | Togene kører", "bussen:1 | Bussen er"]

# A theme that is none. Its sentences then have no theme.
#[[remove]]
#theme = "t09"
#sentences = ["avisen:1 | Læs også", "bladet:30 | Les mer"]

# A sentence that belongs to another theme, or to none: then write to = "none".
#[[move]]
#sentence = "skolen-i-dag:12 | Bussen kører"
#to = {theme = "t02", sentences = ["vejen:3 | Bilerne holder", "toget:9 | Togene kører"]}
"""


def write_starter(path: Path, themes: pd.DataFrame, nearest: Nearest) -> None:
    """Write a file that changes nothing yet.

    `themes` has theme_id, label_da, label_no and n_sentences, a row a theme; `nearest` the
    (sentence_id, text) of sentences of each theme, the nearest to its centre first. Raises
    CurationError where there is such a file already or none can be written.
    """
    content = starter_text(themes, nearest)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        raise CurationError(
            f"{path}: is there already, and may hold decisions; name another file, or move it away"
        ) from None
    except OSError as error:
        raise CurationError(
            f"{path}: can't be written ({error.strerror}); name a file in a folder that you may "
            "write to"
        ) from None


def starter_text(themes: pd.DataFrame, nearest: Nearest) -> str:
    """What `write_starter` writes."""
    blocks = [_HEAD]
    for theme_id, label_da, label_no, n in zip(
        *(themes[name] for name in ("theme_id", "label_da", "label_no", "n_sentences")),
        strict=True,
    ):
        # No label is empty, for a block that is uncommented couldn't be read
        label_da, label_no = (squeeze(label) or theme_id for label in (label_da, label_no))
        blocks.append(_block(theme_id, label_da, label_no, int(n), nearest.get(theme_id, [])))
    return "\n".join(blocks)


def _block(
    theme_id: str, label_da: str, label_no: str, n: int, sentences: Iterable[tuple[str, str]]
) -> str:
    labels = f"{_quote(label_da)} / {_quote(label_no)}"
    size = f"{n} sentence{'' if n == 1 else 's'}"
    head = f"# {_quote(theme_id)}: {labels}, {size}\n"
    anchors = _choose_anchors(sentences)
    if not anchors:  # a block without sentences would be no valid one
        return f"{head}# None of its sentences can be named here.\n"
    lines = [
        "[[rename]]",
        f"theme = {_quote(theme_id)}",
        f"label_da = {_quote(label_da)}",
        f"label_no = {_quote(label_no)}",
        "sentences = [",
        *(f"    {_quote(str(anchor))}," for anchor in anchors),
        "]",
    ]
    return head + "".join(f"#{line}\n" for line in lines)


def _choose_anchors(sentences: Iterable[tuple[str, str]]) -> list[Anchor]:
    """The nearest sentences, one a document before any document has a second."""
    ranked: list[tuple[int, Anchor]] = []
    n_of_document = Counter[str]()
    for sentence_id, text in sentences:
        anchor = Anchor(sentence_id, _cut(text))
        # A document called "a:1 | b" would be read as the sentence 1 of "a".
        if parse_anchor(str(anchor)) != anchor:
            continue
        ranked.append((n_of_document[anchor.doc_id], anchor))
        n_of_document[anchor.doc_id] += 1
    ranked.sort(key=lambda item: item[0])
    return [anchor for _, anchor in ranked[:N_ANCHORS]]


def _cut(text: str) -> str:
    """The beginning of a text, in whole words where they are not too long."""
    whole = squeeze(text)
    if len(whole) <= MOST_CHARACTERS:
        return whole
    words, _, _ = whole[: MOST_CHARACTERS + 1].rpartition(" ")
    return words or whole[:MOST_CHARACTERS]


_ESCAPED = {'"': '\\"', "\\": "\\\\"}


def _quote(text: str) -> str:
    """A TOML string of printable characters, which may stand in a comment too."""
    return '"' + "".join(_escape(char) for char in text) + '"'


def _escape(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
