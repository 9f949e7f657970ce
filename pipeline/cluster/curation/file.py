"""`curation.toml` -> typed and checked decisions, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Any

from pipeline.cluster.curation.decisions import (
    KINDS,
    NO_THEME,
    Anchor,
    Curation,
    CurationError,
    Decision,
    Labels,
    Merge,
    Move,
    Part,
    Remove,
    Rename,
    Split,
    Target,
    fold_text,
    parse_anchor,
    squeeze,
)


def read_curation(path: Path) -> Curation:
    """The decisions in a file. Raises CurationError for its first fault."""
    text, content = _read_toml(path)
    bare = _bare(text)
    decisions: list[Decision] = []
    for kind, tables in content.items():
        if kind not in KINDS:
            place = _place(path, _line_of(bare, kind))
            known = _suggest(kind, KINDS, "[[{}]]")
            raise CurationError(f"{place}: unknown decision {kind!r}; {known}")
        lines = _header_lines(bare, kind)
        if not isinstance(tables, list) or len(tables) != len(lines):
            raise CurationError(
                f"{_place(path, _line_of(bare, kind))}: {kind} isn't written as a list of tables; "
                f"write [[{kind}]] on a line above each"
            )
        for line, values in zip(lines, tables, strict=True):
            table = _Table(values, f"{_place(path, line)}, [[{kind}]]")
            decisions.append(_READ[kind](line, table))
    decisions.sort(key=lambda decision: decision.line)
    _check_moves(path, decisions)
    return Curation(path, tuple(decisions))


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise CurationError(f"{path}: no such file of decisions; check the name") from None
    except OSError as error:
        raise CurationError(f"{path}: can't be read ({error.strerror}); check the file") from None
    except UnicodeDecodeError:
        raise CurationError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CurationError(f"{path}: is not valid TOML: {error}; mend that line") from None
    except RecursionError:
        raise CurationError(f"{path}: brackets are nested too deeply; mend that line") from None


# Lines: tomllib tells none, so the headers are looked for where neither strings nor comments are.

_STRING_OR_COMMENT = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}"
    r"|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)


def _bare(text: str) -> str:
    """TOML without its strings and comments, line for line."""
    return _STRING_OR_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def _header_lines(bare: str, kind: str) -> list[int]:
    headers = re.finditer(rf"^[ \t]*\[\[[ \t]*{kind}[ \t]*\]\]", bare, re.MULTILINE)
    return [_count_lines(bare, header.start()) for header in headers]


def _line_of(bare: str, name: str) -> int | None:
    """Where a name of the top level is first written, if it is written plainly."""
    word = re.escape(name)
    pattern = rf"^[ \t]*(?:\[\[?[ \t]*{word}[ \t]*[\].]|{word}[ \t]*[=.])"
    match = re.search(pattern, bare, re.MULTILINE)
    return _count_lines(bare, match.start()) if match else None


def _count_lines(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)


# One decision


@dataclass(frozen=True)
class _Table:
    """A table of the file, and its place as faults are told."""

    values: dict[str, Any]
    place: str

    def fault(self, what: str) -> CurationError:
        return CurationError(f"{self.place}: {what}")

    def check_keys(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        known = (*required, *optional)
        for key in self.values:
            if key not in known:
                raise self.fault(f"unknown key {key!r}; {_suggest(key, known)}")
        for key in required:
            if key not in self.values:
                raise self.fault(f"{key} is missing; add {_REMEDIES[key]}")

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str):
            raise self.fault(f"{key} = {_show(value)} is not a text; put it in quotes")
        if not squeeze(value):
            raise self.fault(f"{key} is empty; add {_REMEDIES[key]}")
        return squeeze(value)

    def labels(self) -> Labels:
        return self.text("label_da"), self.text("label_no")

    def target(self) -> Target:
        return Target(self.text("theme") if "theme" in self.values else "", self.anchors())

    def anchors(self) -> tuple[Anchor, ...]:
        """The sentences, each once."""
        return tuple(dict.fromkeys(map(self.anchor, self._list("sentences"))))

    def anchor(self, written: Any) -> Anchor:
        if not isinstance(written, str):
            raise self.fault(f"the sentence {_show(written)} is not a text; put it in quotes")
        anchor = parse_anchor(written)
        if anchor is None:
            raise self.fault(
                f'{_show(written)} names no sentence; write "ID | beginning of its text", '
                "with an ID such as my-text:12"
            )
        return anchor

    def tables(self, key: str, what: str) -> list[_Table]:
        tables = self._list(key)
        if len(tables) < 2:
            raise self.fault(f"{key} has one {what}; give two or more")
        return [
            self.table(value, f"{key}, number {number}")
            for number, value in enumerate(tables, start=1)
        ]

    def table(self, value: Any, name: str) -> _Table:
        if not isinstance(value, dict):
            raise self.fault(f"{name} is {_show(value)}; write {{sentences = [...]}} instead")
        return _Table(value, f"{self.place}, {name}")

    def _list(self, key: str) -> list[Any]:
        value = self.values[key]
        if not isinstance(value, list):
            raise self.fault(f"{key} = {_show(value)} is not a list; put it in square brackets")
        if not value:
            raise self.fault(f"{key} is empty; add {_REMEDIES[key]}")
        return value


_REMEDIES = {
    "theme": 'theme = "t01", or leave it out',
    "label_da": 'label_da = "…"',
    "label_no": 'label_no = "…"',
    "sentences": 'sentences = ["ID | beginning of its text"]',
    "themes": "themes = [{sentences = [...]}, {sentences = [...]}]",
    "into": "into = [{label_da = …, label_no = …, sentences = [...]}, …]",
    "sentence": 'sentence = "ID | beginning of its text"',
    "to": f'to = {{sentences = [...]}} or to = "{NO_THEME}"',
}


def _read_rename(line: int, table: _Table) -> Rename:
    table.check_keys(("label_da", "label_no", "sentences"), ("theme",))
    return Rename(line, table.target(), table.labels())


def _read_merge(line: int, table: _Table) -> Merge:
    table.check_keys(("themes",), ("label_da", "label_no"))
    given = [key for key in ("label_da", "label_no") if key in table.values]
    if len(given) == 1:
        other = "label_no" if given == ["label_da"] else "label_da"
        raise table.fault(f"{given[0]} stands alone; add {other}, or take it out")
    themes = table.tables("themes", "theme")
    for theme in themes:
        theme.check_keys(("sentences",), ("theme",))
    targets = tuple(theme.target() for theme in themes)
    return Merge(line, targets, table.labels() if given else None)


def _read_split(line: int, table: _Table) -> Split:
    table.check_keys(("sentences", "into"), ("theme",))
    parts = []
    for part in table.tables("into", "part"):
        part.check_keys(("label_da", "label_no", "sentences"))
        parts.append(Part(part.labels(), part.anchors()))
    for one, other in combinations(parts, 2):
        for seed in one.seeds:
            if any(_is_same(seed, another) for another in other.seeds):
                raise table.fault(
                    f"the sentence {seed.sentence_id} stands in two parts of into; keep it in one"
                )
    return Split(line, table.target(), tuple(parts))


def _read_remove(line: int, table: _Table) -> Remove:
    table.check_keys(("sentences",), ("theme",))
    return Remove(line, table.target())


def _read_move(line: int, table: _Table) -> Move:
    table.check_keys(("sentence", "to"))
    sentence = table.anchor(table.values["sentence"])
    to = table.values["to"]
    if to == NO_THEME:
        return Move(line, sentence, None)
    if not isinstance(to, dict):
        raise table.fault(f"to = {_show(to)} is no theme; write {_REMEDIES['to']}")
    destination = table.table(to, "to")
    destination.check_keys(("sentences",), ("theme",))
    return Move(line, sentence, destination.target())


_READ: dict[str, Callable[[int, _Table], Decision]] = {
    "rename": _read_rename,
    "merge": _read_merge,
    "split": _read_split,
    "remove": _read_remove,
    "move": _read_move,
}


def _check_moves(path: Path, decisions: Iterable[Decision]) -> None:
    """No sentence may be moved twice."""
    known: dict[str, list[Move]] = {}
    for move in decisions:
        if not isinstance(move, Move):
            continue
        earlier = known.setdefault(move.sentence.sentence_id, [])
        for other in earlier:
            if _is_same(move.sentence, other.sentence):
                raise CurationError(
                    f"{_place(path, move.line)}, [[move]]: the sentence "
                    f"{move.sentence.sentence_id} is moved in line {other.line} too; keep one"
                )
        earlier.append(move)


def _is_same(one: Anchor, other: Anchor) -> bool:
    """Whether two anchors are one sentence, whatever the corpus.

    One id with two texts may be two sentences: the document has changed between two decisions.
    """
    if one.sentence_id != other.sentence_id:
        return False
    short, long = sorted((fold_text(one.text), fold_text(other.text)), key=len)
    return long.startswith(short)


def _suggest(name: str, known: Collection[str], form: str = "{}") -> str:
    if near := get_close_matches(name, known, n=1):
        return f"did you mean {form.format(near[0])}?"
    return f"the known ones are: {', '.join(form.format(word) for word in known)}"


def _show(value: Any) -> str:
    """A value in one line that is not too long."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
