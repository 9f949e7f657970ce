"""`curation.toml` -> typed and checked decisions, each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
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
from pipeline.toml import lines_at, parse_toml, read_toml_text, show_value, without_strings


def read_curation(path: Path) -> Curation:
    """The decisions in a file. Raises CurationError for its first fault."""
    text = read_toml_text(path, CurationError, "no such file of decisions; check the name")
    content = parse_toml(path, text, CurationError)
    bare = without_strings(text)
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


# tomllib tells no lines, so the headers are looked for where neither strings nor comments are.


def _header_lines(bare: str, kind: str) -> list[int]:
    headers = re.finditer(rf"^[ \t]*\[\[[ \t]*{kind}[ \t]*\]\]", bare, re.MULTILINE)
    return lines_at(bare, (header.start() for header in headers))


def _line_of(bare: str, name: str) -> int | None:
    """Where a name of the top level is first written, if it is written plainly."""
    word = re.escape(name)
    pattern = rf"^[ \t]*(?:\[\[?[ \t]*{word}[ \t]*[\].]|{word}[ \t]*[=.])"
    match = re.search(pattern, bare, re.MULTILINE)
    return lines_at(bare, [match.start()])[0] if match else None


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
            raise self.fault(f"{key} = {show_value(value)} is not a text; put it in quotes")
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
            raise self.fault(f"the sentence {show_value(written)} is not a text; put it in quotes")
        anchor = parse_anchor(written)
        if anchor is None:
            raise self.fault(
                f'{show_value(written)} names no sentence; write "ID | beginning of its text", '
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
            raise self.fault(f"{name} is {show_value(value)}; write {{sentences = [...]}} instead")
        return _Table(value, f"{self.place}, {name}")

    def _list(self, key: str) -> list[Any]:
        value = self.values[key]
        if not isinstance(value, list):
            shown = show_value(value)
            raise self.fault(f"{key} = {shown} is not a list; put it in square brackets")
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
    seeds = [(seed, number) for number, part in enumerate(parts) for seed in part.seeds]
    if clash := _find_clash(seeds):
        seed, _ = clash[0]
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
        raise table.fault(f"to = {show_value(to)} is no theme; write {_REMEDIES['to']}")
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
    moves = [decision for decision in decisions if isinstance(decision, Move)]
    if clash := _find_clash([(move.sentence, number) for number, move in enumerate(moves)]):
        first, second = (moves[number] for number in sorted(number for _, number in clash))
        raise CurationError(
            f"{_place(path, second.line)}, [[move]]: the sentence {second.sentence.sentence_id} is "
            f"moved in line {first.line} too; keep one"
        )


def _find_clash(owned: Iterable[tuple[Anchor, int]]) -> list[tuple[Anchor, int]]:
    """Two anchors of different owners that are one sentence, whatever the corpus; or none.

    They are if they have one id, and the text of one begins with that of the other: one id with two
    texts may be two sentences, for the document may have changed between two decisions. In the
    order of texts those that begin with a text follow it, so that nothing is compared with all.
    """
    ordered = sorted(owned, key=lambda own: (own[0].sentence_id, fold_text(own[0].text)))
    beginnings: list[tuple[Anchor, int]] = []
    for anchor, owner in ordered:
        while beginnings and not _begins(beginnings[-1][0], anchor):
            beginnings.pop()
        if beginnings and beginnings[-1][1] != owner:
            return [beginnings[-1], (anchor, owner)]
        beginnings.append((anchor, owner))
    return []


def _begins(one: Anchor, other: Anchor) -> bool:
    return one.sentence_id == other.sentence_id and fold_text(other.text).startswith(
        fold_text(one.text)
    )


def _suggest(name: str, known: Collection[str], form: str = "{}") -> str:
    if near := get_close_matches(name, known, n=1):
        return f"did you mean {form.format(near[0])}?"
    return f"the known ones are: {', '.join(form.format(word) for word in known)}"
