"""The files of an outputs folder: of this machine, or of an object store, by the same methods."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from pipeline.remote.address import Address, Place

# What is known of a file: what changes when it does (a time, a tag), its bytes, and its digest then
State = tuple[Any, int, str]


class Files(Protocol):
    """The files of an outputs folder, wherever they lie, named by paths below `root`.

    A path says which file is meant; it can be opened where `local` says.
    """

    root: Path
    place: Place  # as people name it

    def survey(self) -> Mapping[Path, State]:
        """Look at all that lies there, before a run or a plan; gives what is known of it."""

    def tables(self) -> Mapping[Path, tuple[int | str, int]]:
        """The parts of all tables, each with its state."""

    def names(self, folder: Path) -> Sequence[str]:
        """The names of the files in a folder, in no particular order."""

    def state(self, path: Path) -> tuple[int | str, int]:
        """What changes when a file does, and its bytes. Raises FileNotFoundError."""

    def exists(self, path: Path) -> bool: ...

    def is_near(self, path: Path) -> bool:
        """Whether a file can be opened at once."""

    def local(self, path: Path) -> Path:
        """Where a file can be opened. Raises FileNotFoundError."""

    def write(self, path: Path, content: bytes | memoryview) -> None:
        """Write a file whole or not at all."""

    def take_in(self, path: Path, made: Path) -> None:
        """As `write`, of what lies in a file below `root`, which is then gone."""

    def remove(self, path: Path) -> None: ...

    def learn(self, path: Path, stamp: Any, size: int) -> None:
        """The state of a file that another process has written."""

    def refresh(self, paths: Iterable[Path]) -> None:
        """Look again at files that another process may have written."""

    def keep(self, known: Mapping[Path, State]) -> None:
        """Remember what is known of files for the next run, where that can't be found out soon."""

    def remove_left_overs(self) -> None:
        """Remove what runs have left that were killed as they wrote."""


class Folder:
    """The files of a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place: Place = root

    def survey(self) -> Mapping[Path, State]:
        return {}

    def tables(self) -> Mapping[Path, tuple[int, int]]:
        found: dict[Path, tuple[int, int]] = {}
        for folder in (self.root / "work").glob("*"):
            # Another process may be done with a scratch folder just now
            with suppress(FileNotFoundError):
                found |= {path: self.state(path) for path in folder.glob("part-*")}
        return found

    def names(self, folder: Path) -> Sequence[str]:
        return [path.name for path in folder.glob("*")]

    def state(self, path: Path) -> tuple[int, int]:
        state = path.stat()
        return state.st_mtime_ns, state.st_size

    def exists(self, path: Path) -> bool:
        return path.is_file()

    def is_near(self, path: Path) -> bool:
        return path.is_file()

    def local(self, path: Path) -> Path:
        return path

    def write(self, path: Path, content: bytes | memoryview) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Drawn, for processes of two machines may have one number
        drawn = os.urandom(4).hex()
        temporary = path.with_name(f".{path.name}.{drawn}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def take_in(self, path: Path, made: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(path)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def learn(self, path: Path, stamp: int, size: int) -> None:
        pass

    def refresh(self, paths: Iterable[Path]) -> None:
        pass

    def keep(self, known: Mapping[Path, State]) -> None:
        pass

    def remove_left_overs(self) -> None:
        # Only where this program writes: --out may be a folder that holds other things too.
        for folder in ("work", "report"):
            for path in (self.root / folder).glob("**/.*.tmp"):
                if re.fullmatch(r"\..+\.\d+\.tmp", path.name):
                    self.remove(path)


def open_files(place: Place) -> Files:
    """The files of an outputs folder."""
    if not isinstance(place, Address):
        return Folder(place)
    from pipeline.remote.outputs import RemoteFiles

    return RemoteFiles(place)
