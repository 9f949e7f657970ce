"""No pattern of the package takes more than linear time, whatever a stranger writes.

Each pattern is taken apart: for every piece of it that may repeat, texts are made that begin as the
pattern does and then repeat what that piece takes, to an end that it does not take. That is where
`(a+)+$` and `\\s+$` take exponential and quadratic time. A text of twice the length may then take
twice as long, not four times.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import pipeline

HOME = Path(pipeline.__file__).parent
SOURCES = {
    path.relative_to(HOME).as_posix(): path.read_text("utf-8") for path in HOME.rglob("*.py")
}
# Without what imports a name, which is no use of it
BARE = {
    file: re.sub(r"import \([^()]*\)|import .*", "", source) for file, source in SOURCES.items()
}
# What is tried for a piece that takes many characters: what texts, pages, addresses and tables hold
SIGNS = "aZé1 \n\t.,:;-–_/\\|#*@&=<>()[]{}\"'«»•!?+%~`^$"
MOST = 4_000  # characters
UNTIL = 0.01  # seconds; what takes less over MOST characters is not looked at closer

# Patterns that are shown short texts only, and what sees to that
BOUNDED = {
    "nordic/boundaries.py:_HEAD": 40,  # _ends_at_point: point - sentence < _MAX_HEAD
}  # fmt: skip

Use = Callable[[Any], object]


def list_patterns() -> dict[str, tuple[re.Pattern[Any], tuple[str, ...]]]:
    """file:name (or file:line) -> pattern, and the methods by which it is used."""
    found = {}
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        file = Path(loaded.__file__ or "").relative_to(HOME).as_posix()
        for name, value in vars(loaded).items():
            uses = _uses(file, name) if isinstance(value, re.Pattern) else ("finditer",)
            for number, pattern in enumerate(dict.fromkeys(_patterns_in(value))):
                found[f"{file}:{name}{f'#{number}' if number else ''}"] = (pattern, uses)
    return found | _written_in_place()


def _patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from (one for item in value.values() for one in _patterns_in(item))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (one for item in value for one in _patterns_in(item))
    elif type(value).__module__.startswith("pipeline.") and hasattr(value, "__dict__"):
        yield from _patterns_in(vars(value))


def _uses(file: str, name: str) -> tuple[str, ...]:
    """`match` and `fullmatch` where a pattern is used by nothing else; otherwise `finditer`."""
    # A name that begins with _ is its module's own
    source = BARE[file] if name.startswith("_") else "\n".join(BARE.values())
    methods = set(re.findall(rf"\b{name}\.(\w+)\(", source))
    if not methods or methods - {"match", "fullmatch"} or re.search(rf"\b{name}[,)\]]", source):
        return ("finditer",)
    return tuple(sorted(methods))


def _written_in_place() -> dict[str, tuple[re.Pattern[Any], tuple[str, ...]]]:
    """`re.sub("…", …)` and its like, where the pattern is written out."""
    found = {}
    for file, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
                first = node.args[0]
                if node.func.attr != "compile" and isinstance(first, ast.Constant):
                    use = node.func.attr if "match" in node.func.attr else "finditer"
                    found[f"{file}:{node.lineno}"] = (re.compile(first.value), (use,))
    return found


# Texts that a pattern may find hard


def make_attacks(pattern: re.Pattern[Any]) -> set[tuple[str, str]]:
    """(beginning, what repeats after it)."""
    text = pattern.pattern
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    tree = parser.parse(text, pattern.flags)
    attacks = set(_attacks(list(tree), ""))
    whole = {_sample(tree, number) for number in range(3)}
    attacks |= {("", one[:end]) for one in whole for end in (len(one), -1, len(one) // 2)}
    return {(beginning, repeated) for beginning, repeated in attacks if repeated}


def _attacks(nodes: Sequence[Any], beginning: str) -> Iterator[tuple[str, str]]:
    for place, (kind, value) in enumerate(nodes):
        before = beginning + _sample(nodes[:place])
        if kind in _REPEATS:
            _, most, inside = value
            if most >= 20:
                yield from ((before, _sample(inside, number)) for number in range(6))
                yield from ((before, sign) for sign in _signs(inside))
        for inside in _inside(kind, value):
            yield from _attacks(list(inside), before)


_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)


def _inside(kind: Any, value: Any) -> list[Any]:
    if kind in _REPEATS:
        return [value[2]]
    if kind is kinds.SUBPATTERN:
        return [value[-1]]
    if kind is kinds.BRANCH:
        return list(value[1])
    if kind in (kinds.ASSERT, kinds.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is kinds.ATOMIC_GROUP else []


def _sample(nodes: Any, number: int = 0) -> str:
    """A text that a pattern takes, as far as that can be told; another one for each number."""
    text = ""
    for kind, value in nodes:
        if kind in _REPEATS:
            text += _sample(value[2], number) * max(value[0], min(value[1], 1))
        elif kind is kinds.BRANCH:
            text += _sample(value[1][number % len(value[1])], number)
        elif kind in (kinds.SUBPATTERN, kinds.ATOMIC_GROUP):
            text += _sample(_inside(kind, value)[0], number)
        elif signs := _taken(kind, value):
            text += signs[number % len(signs)]
    return text


def _signs(nodes: Any) -> str:
    """What a piece of one character takes."""
    return _taken(*nodes[0]) if len(nodes) == 1 else ""


def _taken(kind: Any, value: Any) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.NOT_LITERAL:
        return SIGNS.replace(chr(value), "")
    if kind is kinds.ANY:
        return SIGNS
    if kind is not kinds.IN:
        return ""
    negated = value[0][0] is kinds.NEGATE
    taken = "".join(sign for sign in SIGNS if any(_is_in(ord(sign), *one) for one in value))
    if negated:
        return "".join(sign for sign in SIGNS if sign not in taken)
    return taken or "".join(
        chr(one if kind is kinds.LITERAL else one[0]) for kind, one in value[:1]
    )


def _is_in(code: int, kind: Any, value: Any) -> bool:
    if kind is kinds.LITERAL:
        return bool(code == value)
    if kind is kinds.RANGE:
        return bool(value[0] <= code <= value[1])
    if kind is kinds.CATEGORY:
        name = str(value).removeprefix("CATEGORY_")
        short = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.removeprefix("NOT_")]
        return bool(re.match(short, chr(code))) != name.startswith("NOT_")
    return False


# Timing


def find_slow(pattern: re.Pattern[Any], use: str, most: int = MOST) -> str:
    """A text over which a pattern takes more than linear time, told in words, or ""."""
    look: Use = getattr(pattern, use)
    if use == "finditer":
        look = lambda text: [None for _ in pattern.finditer(text)]  # noqa: E731
    for beginning, repeated in sorted(make_attacks(pattern)):
        for end in ("", "\x01"):
            make = partial(_make_text, pattern, beginning, repeated, end)
            length = 8
            while length < most and _seconds(look, make(length)) < UNTIL:
                length += length // 4
            length = min(length, most)
            if (taken := _seconds(look, make(length))) < UNTIL:
                continue
            if length < 100:  # twice as much might take for ever
                return f"{beginning!r} and then {repeated!r} to {length} characters: {taken:.3f} s"
            short, long = (
                min(_seconds(look, make(n)) for _ in range(3)) for n in (length, 2 * length)
            )
            if long > UNTIL and long > 2.8 * short:
                told = f"{beginning!r} and then {repeated!r} to {length} characters"
                return f"{told}: {short:.3f} s, twice that {long:.3f} s"
    return ""


def _make_text(
    pattern: re.Pattern[Any], beginning: str, repeated: str, end: str, length: int
) -> str | bytes:
    text = beginning + (repeated * length)[:length] + end
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _seconds(look: Use, text: Any) -> float:
    """Of this thread's own time, so that it does not matter what else the machine does."""
    began = time.thread_time()
    look(text)
    return time.thread_time() - began


FILES = sorted(name for name, source in SOURCES.items() if "import re\n" in source)


@pytest.fixture(scope="module")
def patterns() -> dict[str, tuple[re.Pattern[Any], tuple[str, ...]]]:
    return list_patterns()


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"\s+$", r"\S*@", r"(?:x|x)*y", r"a.*b.*c$"])
def test_a_slow_pattern_is_found(pattern):
    assert find_slow(re.compile(pattern), "finditer")


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s+$", r"(?<!\S)\S*@", r"a[^ab]*b", r"\d{1,3}x"])
def test_a_fast_pattern_is_not_called_slow(pattern):
    assert find_slow(re.compile(pattern), "finditer") == ""


def test_all_patterns_are_looked_at(patterns):
    """More than stand in the sources, for some are made of a list of words each."""
    seen = {name.partition(":")[0] for name in patterns} | {"read/clutter/rule.py"}
    assert [file for file in FILES if file not in seen and "re.compile(" in SOURCES[file]] == []
    assert len(patterns) >= sum(source.count("re.compile(") for source in SOURCES.values())
    assert set(BOUNDED) <= set(patterns)


@pytest.mark.parametrize("file", [file for file in FILES if file != "read/clutter/rule.py"])
def test_no_pattern_takes_more_than_linear_time(patterns, file):
    """Those of the rules of `clutter` are shown short blocks only: see test_read_clutter."""
    slow = {}
    for name, (pattern, uses) in patterns.items():
        if name.startswith(f"{file}:") and "RULES" not in name:
            for use in uses:
                if found := find_slow(pattern, use, BOUNDED.get(name, MOST)):
                    slow[name] = found
    assert slow == {}
