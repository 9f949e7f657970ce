"""The files of an outputs folder in an object store, and local copies of those that are opened.

The store is what counts: a file is there where its object is, and what changes when it does is the
object's tag. A copy has its object's tag in its name, `part-00000.parquet@…`, so that any process
of a machine can tell by an object's tag alone whether it has its bytes. Objects are put whole, and
before the manifest's entry that names them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.naming import name_folder
from pipeline.remote.address import Address, Place, find_copy
from pipeline.remote.bucket import Bucket, Found
from pipeline.remote.copying import can_be_file, copy_object, do_at_once, put_in_place, write_copy
from pipeline.settings import NordtemaError

# The digests of objects whose tags are known: another machine need not fetch them to know those
DIGESTS = "work/digests.json"
# Written in every run, whose digest nobody asks for
_EVERY_RUN = ("report/run.json", DIGESTS)
_OURS = ("work", "report")
_MANIFEST = "work/manifest/"
_MARK = f"@{'0' * 16}"  # as long as what follows the name of a copy

Known = tuple[str, int, str]  # tag, bytes, digest


class RemoteFiles:
    """The files below an address, named by paths below `root`, where nothing need lie.

    It knows them all after a `survey`; before that each is asked for when it is needed.
    """

    def __init__(self, address: Address) -> None:
        self.place: Place = address
        self.root = find_copy(address, "outputs")
        self.bucket = Bucket(address)
        self._folders: dict[str, dict[str, Found]] = {}
        self._is_whole = False
        # What this process has put, or was told of by the one that has, since it was last asked
        self._told: set[Path] = set()
        self._kept: Mapping[str, Known] = {}
        name_folder(self.root, address)

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process asks for what it needs, and another machine has copies of its own
        return RemoteFiles, (self.bucket.address,)

    def survey(self) -> dict[Path, Known]:
        """Look at all that lies there; gives the digests that are known of it."""
        self._folders = _by_folder(self.bucket.find())
        self._is_whole = True
        entries = (
            self.root / folder / name
            for folder, files in self._folders.items()
            if f"{folder}/".startswith(_MANIFEST)
            for name in files
        )
        for _ in do_at_once(self._try_local, entries):
            pass
        self._kept = self._read_digests()
        return {self.root / name: known for name, known in self._kept.items()}

    def tables(self) -> dict[Path, Found]:
        """The parts of all tables, each with its state."""
        self._find("work")
        return {
            self.root / folder / name: found
            for folder, files in self._folders.items()
            if re.fullmatch(r"work/[^/]+", folder)
            for name, found in files.items()
            if name.startswith("part-")
        }

    def names(self, folder: Path) -> list[str]:
        """The names of the files in a folder, in no particular order."""
        own = self._name(folder)
        self._find(own)
        return list(self._folders.get(own, ()))

    def _find(self, folder: str) -> None:
        """Look at what lies below a folder, where that is not known."""
        if not self._is_whole:
            self._folders |= _by_folder(self.bucket.find(folder))

    def state(self, path: Path) -> Found:
        """What changes when a file does. Raises FileNotFoundError."""
        folder, _, name = self._name(path).rpartition("/")
        known = self._folders.setdefault(folder, {})
        if name not in known:
            if self._is_whole:
                raise FileNotFoundError(path)
            known[name] = self.bucket.look(self._name(path))
        return known[name]

    def exists(self, path: Path) -> bool:
        try:
            self.state(path)
        except FileNotFoundError:
            return False
        return True

    def is_near(self, path: Path) -> bool:
        """Whether a file can be opened without being fetched."""
        return self.exists(path) and self._copy(path, self.state(path)).exists()

    def local(self, path: Path) -> Path:
        """Where a file can be opened. Raises FileNotFoundError, NordtemaError."""
        found = self.state(path)
        copy = self._copy(path, found)
        try:
            is_whole = copy.stat().st_size == found.size
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            try:
                copy_object(self.bucket, self._name(path), copy, copy.parent)
            except PermissionError:
                raise NordtemaError(
                    f"{path}: may not be read; check your access keys and what they allow"
                ) from None
        return copy

    def write(self, path: Path, content: bytes | memoryview) -> None:
        before = self._find_copy(path)
        self.bucket.put(self._name(path), bytes(content))
        copy = self._check_put(path, len(content), before)
        write_copy(content, copy, copy.parent)

    def take_in(self, path: Path, made: Path) -> None:
        before = self._find_copy(path)
        self.bucket.send(self._name(path), made)
        put_in_place(made, self._check_put(path, made.stat().st_size, before))

    def _find_copy(self, path: Path) -> Path | None:
        return self._copy(path, self.state(path)) if self.exists(path) else None

    def _check_put(self, path: Path, size: int, before: Path | None) -> Path:
        """Where the copy of what was put belongs; that of what lay there `before` is removed."""
        found = self.bucket.look(self._name(path))
        if found.size != size:
            raise NordtemaError(
                f"{path}: is not what was just put there; find out what else writes to it, and run "
                "it again"
            )
        self.learn(path, *found)
        copy = self._copy(path, found)
        if before is not None and before != copy:
            before.unlink(missing_ok=True)
        return copy

    def remove(self, path: Path) -> None:
        if not self.exists(path):
            return
        self.bucket.remove(self._name(path))
        self._copy(path, self.state(path)).unlink(missing_ok=True)
        self._set(path, None)

    def learn(self, path: Path, tag: str, size: int) -> None:
        """What another process has put."""
        self._set(path, Found(tag, size))
        self._told.add(path)

    def refresh(self, paths: Iterable[Path]) -> None:
        """Look again at files that another process may have put or removed."""
        paths = list(paths)
        others = [path for path in paths if path not in self._told]

        def look(path: Path) -> Found | None:
            with suppress(FileNotFoundError):
                return self.bucket.look(self._name(path))
            return None

        for path, found in do_at_once(look, others):
            self._set(path, found)
        self._told.difference_update(paths)

    def keep(self, known: Mapping[Path, Known]) -> None:
        """Put the digests of what lies there, for who comes later."""
        digests = {
            name: known[path]
            for folder, files in sorted(self._folders.items())
            for last, found in sorted(files.items())
            if (name := f"{folder}/{last}") not in _EVERY_RUN
            and (path := self.root / name) in known
            and known[path][:2] == found
        }
        if digests != self._kept:
            self.write(self.root / DIGESTS, json.dumps(digests, indent=0).encode())
            self._kept = digests

    def remove_left_overs(self) -> None:
        """Remove the marks of runs that were killed, and copies of what is no longer there."""
        if not self._is_whole:
            return
        # Only where this program writes: other things may lie below the address too
        for folder, files in self._folders.items():
            for name in list(files) if folder.partition("/")[0] in _OURS else ():
                if re.fullmatch(r"\..+\.\d+\.tmp", name):
                    self.remove(self.root / folder / name)
        current = {
            self._copy(self.root / folder / name, found)
            for folder, files in self._folders.items()
            for name, found in files.items()
        }
        for folder in _OURS:
            for path in (self.root / folder).rglob("*"):
                if path.is_file() and path not in current and path.name != "lock":
                    path.unlink(missing_ok=True)

    def _try_local(self, path: Path) -> None:
        with suppress(FileNotFoundError):
            self.local(path)

    def _read_digests(self) -> dict[str, Known]:
        try:
            said = json.loads(self.local(self.root / DIGESTS).read_bytes())
            return {
                str(name): (str(tag), int(size), str(digest))
                for name, (tag, size, digest) in said.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}

    def _set(self, path: Path, found: Found | None) -> None:
        folder, _, name = self._name(path).rpartition("/")
        files = self._folders.setdefault(folder, {})
        if found:
            files[name] = found
        else:
            files.pop(name, None)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    @staticmethod
    def _copy(path: Path, found: Found) -> Path:
        mark = hashlib.blake2b(f"{found.tag} {found.size}".encode(), digest_size=8).hexdigest()
        return path.with_name(f"{path.name}@{mark}")


def _by_folder(objects: Mapping[str, Found]) -> dict[str, dict[str, Found]]:
    """Objects by their folders and names; one that can't have a copy is none of this program's."""
    folders: dict[str, dict[str, Found]] = {}
    for name, found in objects.items():
        if not can_be_file(name + _MARK):
            continue
        folder, _, last = name.rpartition("/")
        folders.setdefault(folder, {})[last] = found
    return folders
