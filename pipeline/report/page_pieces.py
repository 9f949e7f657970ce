"""The sentences behind the page, in pieces that its script reads when they are asked for.

A page of a small corpus holds its pieces. A large one has them as files beside it, `pages/*.js`,
each a call with its content: a page that is opened from a disk may load scripts from its own
folder, but may not fetch anything.

    documents   [title, path, group, language, sentences] of each document
    texts-N     some documents' sentences, in the order of the text
    theme-N     the N-th theme's documents with their shares, the largest ones first, and in a file
                its nearest sentences; the last is "no theme"

A sentence is [document, position, block, kind, language, theme, strength, text], where kind,
language and theme are places in the lists of the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.report.behind import Behind
from pipeline.report.gather import choose_nearest, rank_sentences
from pipeline.report.wording import clean

if TYPE_CHECKING:
    from pipeline.report import Tables

# So much lies in the page itself, and so much is in one file beside it, in characters of JSON
INLINE_CHARS, PIECE_CHARS = 1_600_000, 600_000

Pieces = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What the script reads: the index in any case, and the pieces in the page or in files."""

    index: str
    inline: str
    files: dict[str, bytes]
    n_held: int


def cut_pieces(
    tables: Tables,
    shown: pd.DataFrame,
    documents: pd.DataFrame,
    behind: Behind,
    theme_ids: Sequence[str],
    *,
    nearest: int,
    inline_chars: int = INLINE_CHARS,
    phrases: Mapping[str, Any] | None = None,
) -> Reading:
    """The sentences that are `shown` as JSON for a page that has `theme_ids` in this order.

    documents: those that the page knows, as `list_documents` has them. nearest: sentences of each
    theme and language that a theme's file holds. phrases: what the script says, by its English
    words.
    """
    sizes = tables.tallies.groupby("theme_id")["n_sentences"].sum()
    index: dict[str, Any] = {
        "kinds": sorted(shown["kind"].unique()),
        "languages": sorted(shown["language"].unique()),
        "sides": GROUPS,
        "headings": _name_sides(tables),
        "sizes": [int(sizes.get(theme, 0)) for theme in [*theme_ids, ""]],
        "documents": [behind.n_documents.get(theme, 0) for theme in [*theme_ids, ""]],
        "held": len(shown),
        "total": tables.n_sentences,
    }
    if phrases:
        index["phrases"] = phrases
    rows = _list_rows(shown, documents, theme_ids, index)
    listed = _list_behind(behind, documents, theme_ids)
    pieces: Pieces = {"documents": _describe_documents(tables, documents)}
    texts, index["texts"] = _cut_texts(rows)
    pieces |= texts
    for number, theme in enumerate([*theme_ids, ""]):
        pieces[f"theme-{number}"] = {"documents": listed[theme]}
    written = {name: write_json(content) for name, content in pieces.items()}
    inline = "{" + ",".join(f'"{name}":{content}' for name, content in written.items()) + "}"
    files: dict[str, bytes] = {}
    if len(inline) > inline_chars:
        inline = ""
        chosen = set(choose_nearest(rank_sentences(shown), nearest).index)
        for row, label in zip(rows, shown.index, strict=True):
            if label in chosen:
                pieces[f"theme-{row[5]}"].setdefault("nearest", []).append(row)
        written |= {name: write_json(pieces[name]) for name in pieces if name.startswith("theme-")}
        files = {
            f"pages/{name}.js": f'nordtema("{name}",{content})\n'.encode("utf-8", errors="replace")
            for name, content in written.items()
        }
        index["megabytes"] = round(
            sum(len(content) for name, content in files.items() if "/texts-" in name) / 1e6, 1
        )
    return Reading(
        write_json(index),
        inline,
        files,
        len(shown),
    )


def write_json(value: Any) -> str:
    """JSON that no HTML parser takes for a tag."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _name_sides(tables: Tables) -> dict[str, str]:
    words = tables.wording
    names = {side: words.label_language(side) for side in dict.fromkeys(GROUPS.values())}
    return {**names, "other": words.say("Other languages")}


def _list_rows(
    shown: pd.DataFrame, documents: pd.DataFrame, theme_ids: Sequence[str], index: dict[str, Any]
) -> list[list[Any]]:
    """A row a sentence, in the order of the documents and of their text."""
    places = {doc: place for place, doc in enumerate(documents["doc_id"])}
    themes = {theme: number for number, theme in enumerate(theme_ids)}
    kinds = {kind: number for number, kind in enumerate(index["kinds"])}
    languages = {code: number for number, code in enumerate(index["languages"])}
    columns = ("doc_id", "position", "block", "kind", "language", "theme_id", "strength", "text")
    return [
        [
            places[doc],
            int(position),
            int(block),
            kinds[kind],
            languages[language],
            themes.get(theme, len(themes)),
            0.0 if strength != strength else round(float(strength), 3),
            text,
        ]
        for doc, position, block, kind, language, theme, strength, text in zip(
            *_read_columns(shown, columns), strict=True
        )
    ]


def _cut_texts(rows: list[list[Any]]) -> tuple[Pieces, list[int]]:
    """Pieces of whole documents, and the first document of each."""
    pieces: Pieces = {}
    firsts: list[int] = []
    chars = PIECE_CHARS
    for document, sentences in _each_document(rows):
        if chars >= PIECE_CHARS:
            pieces[f"texts-{len(firsts)}"] = []
            firsts.append(document)
            chars = 0
        pieces[f"texts-{len(firsts) - 1}"] += sentences
        chars += sum(len(sentence[7]) + 30 for sentence in sentences)
    return pieces, firsts


def _each_document(rows: list[list[Any]]) -> Iterator[tuple[int, list[list[Any]]]]:
    of_document: dict[int, list[list[Any]]] = {}
    for row in rows:
        of_document.setdefault(row[0], []).append(row)
    for document in sorted(of_document):
        yield document, sorted(of_document[document], key=lambda row: int(row[1]))


def _describe_documents(tables: Tables, documents: pd.DataFrame) -> list[list[Any]]:
    once = tables.shares[["doc_id", "group"]].drop_duplicates()
    groups = dict(zip(*_read_columns(once, ("doc_id", "group")), strict=True))
    columns = ("doc_id", "title", "path", "language", "n_sentences")
    return [
        [
            clean(str(title)) or str(doc),
            str(path),
            tables.wording.label_group(str(groups[doc])) if doc in groups else "",
            str(language),
            int(n),
        ]
        for doc, title, path, language, n in zip(*_read_columns(documents, columns), strict=True)
    ]


def _list_behind(
    behind: Behind, documents: pd.DataFrame, theme_ids: Sequence[str]
) -> dict[str, list[list[Any]]]:
    """theme_id -> [document, share, sentences] of the documents that have it, the most first.

    The share is null of a document that is not compared.
    """
    places = {doc: place for place, doc in enumerate(documents["doc_id"])}
    listed: dict[str, list[list[Any]]] = {theme: [] for theme in [*theme_ids, ""]}
    columns = ("theme_id", "doc_id", "share", "n_sentences")
    for theme, doc, share, n in zip(*_read_columns(behind.rows, columns), strict=True):
        listed[theme].append([places[doc], None if share != share else round(share, 4), int(n)])
    return listed


def _read_columns(table: pd.DataFrame, names: Sequence[str]) -> list[list[Any]]:
    """Columns as lists: to go through a column of Arrow strings takes many times as long."""
    return [table[name].to_numpy(dtype=object).tolist() for name in names]
