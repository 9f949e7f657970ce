"""Office documents for tests: packing and unpacking them, and damaging them in every way."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pipeline.read.extracted import Extracted, UnreadableError

ONE = "Kommunen brugte tre år på at gøre ansøgningen kortere, og nu fylder den én side."
TWO = "Det tok lang tid fordi ingen ville gi slipp på sitt eget felt i skjemaet."
THREE = "Til slutt sette dei seg ned med ti innbyggjarar og strauk alt som dei ikkje skjøna."

Members = Mapping[str, bytes | str] | Sequence[tuple[str, bytes]]
Tree = str | tuple[str, list["Tree"]]


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in members.items() if isinstance(members, Mapping) else members:
            package.writestr(name, content)
    return stream.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def kept_of(found: Extracted) -> list[tuple[str, str]]:
    return [(block.kind[0], block.text) for block in found.blocks if not block.reason]


def left_out_of(found: Extracted) -> dict[str, str]:
    return {block.text: block.reason for block in found.blocks if block.reason}


def shut_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be fetched or opened from now on."""

    def refuse(*_args: object, **_named: object) -> None:
        raise AssertionError("a reader went out of its package")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr("builtins.open", refuse)


# Damage


def must_read_or_refuse(read: Callable[[bytes], Extracted], content: bytes) -> None:
    """Whatever is wrong with a file, its blocks are whole lines, or the reason is in words."""
    try:
        blocks = read(content).blocks
    except UnreadableError:
        return
    assert all(block.text == " ".join(block.text.split()) != "" for block in blocks)


ANY_BYTES = st.binary(max_size=400) | st.binary(max_size=200).map(lambda end: b"PK\x03\x04" + end)


def changed_packages(sound: bytes) -> SearchStrategy[bytes]:
    """A package with some bytes changed, whole or cut short."""
    changes = st.lists(
        st.tuples(st.integers(0, len(sound) - 1), st.integers(0, 255)), min_size=1, max_size=8
    )
    ends = st.integers(0, len(sound)) | st.just(len(sound))

    def change(changes: list[tuple[int, int]], end: int) -> bytes:
        content = bytearray(sound)
        for position, byte in changes:
            content[position] = byte
        return bytes(content[:end])

    return st.builds(change, changes, ends)


def changed_parts(sound: bytes) -> SearchStrategy[bytes]:
    """A sound package of which one part has something else in a place."""
    members = unzipped(sound)

    def change(name: str, start: int, length: int, new: bytes) -> bytes:
        part = members[name]
        start %= len(part)
        return zipped({**members, name: part[:start] + new + part[start + length :]})

    return st.builds(
        change,
        st.sampled_from(sorted(members)),
        st.integers(0, 5000),
        st.integers(0, 60),
        st.binary(max_size=9),
    )


def xml_trees(tags: Sequence[str]) -> SearchStrategy[str]:
    """XML of these tags, nested in ways that no program writes."""
    trees: SearchStrategy[Tree] = st.recursive(
        st.text(alphabet="aæå <&-•1.\n\t\u2028", max_size=6),
        lambda inside: st.tuples(st.sampled_from(tags), st.lists(inside, max_size=4)),
        max_leaves=30,
    )
    return trees.map(_as_xml)


def _as_xml(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{tree[0]}>{''.join(map(_as_xml, tree[1]))}</{tree[0]}>"
