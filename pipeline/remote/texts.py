"""A local copy of texts that lie in an object store.

Before texts are listed, the copy is brought up to date: what is new or has changed is fetched, what
is gone is removed. Objects may be called anything; those whose name no file can have are told, and
nothing is written outside the copy. What would not be read, by its name or its size, is a file
without the object's bytes: the rules of reading then reject it as they would the whole file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.naming import name_folder
from pipeline.remote.address import Address, find_copy, not_kept
from pipeline.remote.bucket import Bucket, Found
from pipeline.remote.copying import (
    can_be_file,
    copy_object,
    do_at_once,
    name_temporary,
    put_in_place,
    write_copy,
)

NO_NAME = "has a name that no file can have; rename it"
OF_A_FOLDER = "has a name that is a folder's too; rename one of them"
NOT_READ = "can't be read (no access)"
VANISHED = "vanished before it could be read"
# What a digest begins with that stands for no bytes
_NO_BYTES = "none: "


class RemoteTexts:
    """Texts below an address; `root` is the folder of their copy on this machine."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.root = find_copy(address, "texts")
        # Objects that can't be files of the copy, and why: (name, reason)
        self.refused: list[tuple[str, str]] = []
        self._bucket = Bucket(address)
        self._found: dict[str, Found] | None = None
        self._is_fetched = False
        name_folder(self.root, address)

    def __reduce__(self) -> tuple[Any, ...]:
        # Another machine has a copy of its own
        return RemoteTexts, (self.address,)

    def find(self) -> dict[str, Found]:
        """The objects that lie there, by name, as they did when this was first asked."""
        if self._found is None:
            found = self._bucket.find()
            # Folders that somebody has made in a browser
            self._found = {
                name: state
                for name, state in found.items()
                if not (name.endswith("/") and state.size == 0)
            }
        return self._found

    def fetch(
        self,
        is_read: Callable[[str], bool],
        max_bytes: int,
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Bring the copy up to date. Raises NordtemaError.

        `is_read` says by a name whether the bytes are needed, `tell` is told how far it has come.
        """
        if self._is_fetched:
            return
        found = self.find()
        self.refused = list(_refuse(found))
        refused = {name for name, _ in self.refused}
        sizes = {
            name: _size_here(state, is_read(name), max_bytes)
            for name, state in found.items()
            if name not in refused
        }
        self._remove_others(sizes)
        known = self._read_seen()
        seen = {
            name: known[name]
            for name, size in sizes.items()
            if self._is_current(name, size, found[name], known)
        }
        stale = [name for name in sizes if name not in seen]

        def get(name: str) -> str:
            return self._get(name, None if sizes[name] == found[name].size else sizes[name])

        try:
            for done, (name, reason) in enumerate(do_at_once(get, stale), start=1):
                if reason:
                    self.refused.append((name, reason))
                else:
                    with suppress(FileNotFoundError):  # another run found it gone since
                        seen[name] = (found[name].tag, (self.root / name).stat().st_mtime_ns)
                tell(done, len(stale))
        finally:
            if stale or seen.keys() != known.keys():
                write_copy(json.dumps(seen).encode(), self._seen, self._coming)
        self._is_fetched = True

    def bring(self, wanted: Iterable[tuple[str, str]], max_bytes: int) -> None:
        """Have some files of the copy here, whose digests are known: (name, digest).

        What has another digest, or is gone in the store, is found out when it is read.
        """
        stale = [
            (name, digest)
            for name, digest in wanted
            if can_be_file(name) and _digest(self.root / name) != digest
        ]
        for _ in do_at_once(lambda one: self._bring_one(*one, max_bytes), stale):
            pass

    def _bring_one(self, name: str, digest: str, max_bytes: int) -> None:
        size = None
        if digest.startswith(_NO_BYTES):  # it was too large, and may be
            with suppress(FileNotFoundError):
                size = min(self._bucket.look(name).size, max_bytes + 1)
        if self._get(name, size):
            (self.root / name).unlink(missing_ok=True)

    def _get(self, name: str, size: int | None) -> str:
        """Put a file in place, or one of that size without its bytes; or why it can't be read."""
        try:
            if size is None:
                copy_object(self._bucket, name, self.root / name, self._coming)
            else:
                self._make_empty(self.root / name, size)
        except FileNotFoundError:
            return VANISHED
        except PermissionError:
            return NOT_READ
        return ""

    def _make_empty(self, path: Path, size: int) -> None:
        temporary = name_temporary(self._coming)
        try:
            with temporary.open("wb") as file:
                file.truncate(size)  # takes no room
        except OSError as error:
            raise not_kept(path, error) from None
        put_in_place(temporary, path)

    # What the copy has

    @property
    def _seen(self) -> Path:
        return self.root.parent / "texts.json"

    @property
    def _coming(self) -> Path:
        return self.root.parent / "coming"

    def _read_seen(self) -> dict[str, tuple[str, int]]:
        """By name, the object's tag and the time of the copy's file, of those that were fetched."""
        try:
            seen = json.loads(self._seen.read_text(encoding="utf-8"))
            return {name: (str(tag), int(time)) for name, (tag, time) in seen.items()}
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}

    def _is_current(
        self, name: str, size: int, found: Found, known: dict[str, tuple[str, int]]
    ) -> bool:
        try:
            state = os.lstat(self.root / name)
        except OSError:
            return False
        return known.get(name) == (found.tag, state.st_mtime_ns) and state.st_size == size

    def _remove_others(self, names: Iterable[str]) -> None:
        """Remove what is gone in the store, and folders that have become empty."""
        kept = set(names)
        try:
            for folder, folders, files in os.walk(self.root, topdown=False):
                for name in files:
                    path = Path(folder, name)
                    if path.relative_to(self.root).as_posix() not in kept:
                        path.unlink(missing_ok=True)
                for name in folders:
                    with suppress(OSError):  # it is not empty
                        Path(folder, name).rmdir()
        except OSError as error:
            raise not_kept(self.root, error) from None


def _refuse(found: dict[str, Found]) -> Iterable[tuple[str, str]]:
    folders = {name[:at] for name in found for at, character in enumerate(name) if character == "/"}
    for name in found:
        if not can_be_file(name):
            yield name, NO_NAME
        elif name in folders:
            yield name, OF_A_FOLDER


def _size_here(found: Found, is_read: bool, max_bytes: int) -> int:
    """The bytes of an object's file in the copy: one more than may be read is enough."""
    return min(found.size, max_bytes + 1) if is_read else 0


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""
