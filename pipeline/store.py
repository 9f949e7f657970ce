"""The store: tables under `outputs/`, checked reads, whole writes, the manifest.

A table is a folder of parts, `work/<table>/part-00000.parquet …`; vectors are `.npy` files beside
them. Every write goes to a temporary name first and is then renamed, so that a file is whole or
absent. What a step has written is remembered in `work/manifest/<step>/part-00000.json`, which is
written last: a killed run leaves a part without its entry, and the next run makes it again.

pandas, numpy and pyarrow are imported inside the functions that need them, so that a run with
nothing to do never waits for them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.folder import State, open_files
from pipeline.pieces import HERE, Pieces
from pipeline.remote.address import Place
from pipeline.schemas import ENDINGS, SCHEMAS
from pipeline.settings import NordtemaError, Settings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipeline.remote.texts import RemoteTexts

# Below work/: what is needed for a while, such as a run in other ways (`robustness`)
SCRATCH = "scratch"


@dataclass(frozen=True)
class Entry:
    """What a step has made of one part: from what (fingerprint), which files, what it counted."""

    fingerprint: str
    outputs: dict[str, str]  # path below the outputs folder -> digest
    counts: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what the user should know
    way: str = ""  # digest of all that it was made by (code, settings) but for its inputs


class Store:
    """The outputs folder. Only stages' shells hold one; pure functions take tables."""

    def __init__(self, place: Place) -> None:
        self.files = open_files(place)
        self._digests: dict[Path, State] = {}

    def __getstate__(self) -> dict[str, Any]:
        # A thread sends the store to the workers while digests are still being added here
        return {"files": self.files, "_digests": {}}

    @property
    def root(self) -> Path:
        """What paths of files begin with; of an object store, where copies of them may lie."""
        return self.files.root

    @property
    def place(self) -> Place:
        """The folder as people name it."""
        return self.files.place

    def survey(self) -> None:
        """Look at what lies there, before a run or a plan. Raises NordtemaError."""
        self._digests.update(self.files.survey())

    def local(self, path: Path) -> Path:
        """Where a file can be opened. Raises FileNotFoundError, NordtemaError."""
        return self.files.local(path)

    def exists(self, path: Path) -> bool:
        return self.files.exists(path)

    # Tables

    def path(self, table: str, part: int = 0) -> Path:
        ending = ENDINGS.get(table, "parquet")
        return self.root / "work" / table / f"part-{part:05d}.{ending}"

    def parts(self, table: str) -> list[int]:
        """The numbers of the parts that lie on disk, in order."""
        ending = ENDINGS.get(table, "parquet")
        return _part_numbers(self.files.names(self.root / "work" / table), ending)

    def list_tables(self) -> tuple[tuple[str, Any], ...]:
        """All parts of all tables, each with what changes when it does."""
        found = self.files.tables().items()
        return tuple(sorted((path.relative_to(self.root).as_posix(), own) for path, own in found))

    def read(self, table: str, part: int = 0, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """One part of a table, or some of its columns, checked. Raises NordtemaError."""
        import pyarrow.parquet as parquet

        path = self.path(table, part)
        try:
            with parquet.ParquetFile(self.local(path)) as file:
                arrow = file.read(list(columns) if columns else None)
        except NordtemaError:
            raise
        except FileNotFoundError:
            raise NordtemaError(missing_message(path)) from None
        except Exception as error:
            raise NordtemaError(
                f"{path}: can't be read ({type(error).__name__}); "
                "remove that file and run nordtema again"
            ) from error
        wanted = _arrow_schema(table, columns)
        absent = [name for name in wanted.names if name not in arrow.schema.names]
        if absent:
            raise NordtemaError(
                f"{path}: has no column {absent[0]!r}; "
                "it was written by another version: remove that file and run nordtema again"
            )
        try:
            arrow = arrow.select(wanted.names).cast(wanted)
        except ValueError as error:  # another type, or empty cells where there may be none
            raise NordtemaError(
                f"{path}: does not hold what the table of {table} holds ({error}); "
                "remove that file and run nordtema again"
            ) from None
        frame: pd.DataFrame = arrow.to_pandas()
        return frame

    def read_all(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All parts of a table, or some of its columns, as one: documents by the order of ids.

        Which part a document lies in is a matter of when it came; it never shows here.
        """
        import pandas as pd

        parts = self.parts(table)
        if not parts:
            raise NordtemaError(missing_message(self.path(table)))
        whole = pd.concat([self.read(table, part, columns) for part in parts], ignore_index=True)
        named = next((name for name in ("doc_id", "sentence_id", "path") if name in whole), None)
        if len(parts) == 1 or named is None:
            return whole
        doc_ids = whole[named]
        if named == "sentence_id":
            doc_ids = doc_ids.str.rpartition(":")[0]
        return _take(whole, order_documents(doc_ids))

    def size(self, table: str, part: int = 0) -> int:
        """How many bytes one part has, which tells about how much work it is.

        Raises NordtemaError.
        """
        path = self.path(table, part)
        try:
            return self.files.state(path)[1]
        except FileNotFoundError:
            raise NordtemaError(missing_message(path)) from None

    def each(self, table: str) -> Iterator[pd.DataFrame]:
        """The parts of a table, one at a time."""
        for part in self.parts(table):
            yield self.read(table, part)

    def write(self, table: str, rows: pd.DataFrame, part: int = 0) -> Path:
        """Write one part, checked against the schema. Raises ValueError: a fault of the program."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        schema = _arrow_schema(table)
        absent = [name for name in schema.names if name not in rows.columns]
        if absent:
            raise ValueError(f"table {table!r}: column {absent[0]!r} is absent")
        for name in schema.names:
            if not schema.field(name).nullable and rows[name].isna().any():
                raise ValueError(f"table {table!r}: column {name!r} holds empty cells")
        arrow = pa.Table.from_pandas(
            rows[schema.names], schema=schema, preserve_index=False
        ).replace_schema_metadata(None)
        sink = pa.BufferOutputStream()
        parquet.write_table(arrow, sink, compression="zstd")
        path = self.path(table, part)
        self.write_bytes(path, memoryview(sink.getvalue()))
        return path

    def read_vectors(self, part: int = 0, mapped: bool = False) -> np.ndarray:
        """float32 (n_sentences, dimensions), row for row the sentences of the part.

        `mapped`: rows are read when they are looked at, so that few of many cost little.
        """
        import numpy as np

        vectors: np.ndarray = self._load(self.path("vectors", part), np.ndarray, mapped)
        return vectors

    def write_vectors(self, vectors: np.ndarray, part: int = 0) -> Path:
        import io

        import numpy as np

        sink = io.BytesIO()
        np.save(sink, vectors, allow_pickle=False)
        path = self.path("vectors", part)
        self.write_bytes(path, sink.getbuffer())
        return path

    def read_model(self, model: str = "model") -> dict[str, np.ndarray]:
        """The arrays that `cluster` has fitted, by name."""
        arrays: dict[str, np.ndarray] = self._load(self.path(model), dict)
        return arrays

    def write_model(self, arrays: dict[str, np.ndarray], model: str = "model") -> Path:
        import io

        import numpy as np

        sink = io.BytesIO()
        np.savez(sink, allow_pickle=False, **arrays)
        path = self.path(model)
        self.write_bytes(path, sink.getbuffer())
        return path

    def _load(self, path: Path, kind: type, mapped: bool = False) -> Any:
        """An array, or a dict of all arrays of an archive."""
        import numpy as np

        fault = NordtemaError(f"{path}: can't be read; remove that file and run nordtema again")
        try:
            local = self.local(path)
            with local.open("rb") as file:
                found = np.load(
                    local if mapped else file, "r" if mapped else None, allow_pickle=False
                )
                if isinstance(found, np.lib.npyio.NpzFile):
                    found = {name: found[name] for name in found.files}
        except NordtemaError:
            raise
        except FileNotFoundError:
            raise NordtemaError(missing_message(path)) from None
        except Exception as error:  # for a damaged header numpy raises anything, a TokenError too
            raise fault from error
        if not isinstance(found, kind):
            raise fault
        return found

    @contextmanager
    def open(self, table: str, part: int = 0) -> Iterator[BinaryIO]:
        """A part that is no table, as it lies there. Raises NordtemaError."""
        path = self.path(table, part)
        try:
            file = self.local(path).open("rb")
        except FileNotFoundError:
            raise NordtemaError(missing_message(path)) from None
        with file:
            yield file

    def drop_parts(self, table: str, keep: Iterable[int]) -> None:
        """Remove parts that a smaller corpus no longer has."""
        for part in set(self.parts(table)) - set(keep):
            self.remove(self.path(table, part))

    # Whole writes

    def write_bytes(self, path: Path, content: bytes | memoryview) -> None:
        """Write a file whole or not at all; leave it alone where it already says the same."""
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        try:
            if self._says(path, digest):
                return
            self.files.write(path, content)
            self._digests[path] = (*self.files.state(path), digest)
        except OSError as error:
            raise not_written(path, error) from None

    def _says(self, path: Path, digest: str) -> bool:
        """Whether a file has this digest, as far as that can be told without fetching it."""
        if not self.files.exists(path):
            return False
        known = self._digests.get(path)
        is_known = known is not None and known[:2] == self.files.state(path)
        return (is_known or self.files.is_near(path)) and self.digest(path) == digest

    def write_chunks(self, path: Path, chunks: Iterable[bytes]) -> None:
        """As `write_bytes`, for what should not be held at once."""
        digest = hashlib.blake2b(digest_size=16)
        with self.make_scratch(path.name) as folder:
            made = folder / path.name
            try:
                with made.open("wb") as file:
                    for chunk in chunks:
                        file.write(chunk)
                        digest.update(chunk)
                if self._says(path, digest.hexdigest()):
                    return
                self.files.take_in(path, made)
                self._digests[path] = (*self.files.state(path), digest.hexdigest())
            except OSError as error:
                raise not_written(path, error) from None

    def remove(self, path: Path) -> None:
        """Remove a file that is no longer true. Raises NordtemaError."""
        try:
            self.files.remove(path)
        except OSError as error:
            raise NordtemaError(
                f"{path}: can't be removed ({error.strerror}); remove it, or choose another folder "
                "with --out"
            ) from None

    def remove_left_overs(self) -> None:
        """Remove what runs have left that were killed as they wrote.

        Called by the one run that holds the folder (`lock`): no other is at work there.
        """
        self.files.remove_left_overs()
        shutil.rmtree(self.root / "work" / SCRATCH, ignore_errors=True)

    @contextmanager
    def make_scratch(self, name: str) -> Iterator[Path]:
        """A folder for a while; what a killed run leaves there is removed by the next one."""
        folder = self.root / "work" / SCRATCH / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(folder, error) from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder.parent, ignore_errors=True)

    def write_json(self, path: Path, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        self.write_bytes(path, text.encode())

    # The manifest

    def digest(self, path: Path) -> str:
        """Digest of a file as it lies there; an unchanged file is read once a run."""
        state = self.files.state(path)
        known = self._digests.get(path)
        if known is None or known[:2] != state:
            with self.local(path).open("rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
            known = (*state, digest.hexdigest())
            self._digests[path] = known
        return known[2]

    def keep_digests(self) -> None:
        """Let the next run know what this one knows, where it could not find that out soon."""
        self.files.keep(self._digests)

    def list_digests(self, paths: Iterable[Path]) -> dict[str, State]:
        """What is known here of files that were written: by path below the outputs folder."""
        known = {path: self._digests[path] for path in paths if path in self._digests}
        return {path.relative_to(self.root).as_posix(): state for path, state in known.items()}

    def learn_digests(self, known: Mapping[str, State]) -> None:
        """What another process knows of files; one that has changed since is read all the same."""
        for name, (stamp, size, digest) in known.items():
            path = self.root / name
            self.files.learn(path, stamp, size)
            self._digests[path] = (stamp, size, digest)

    def entry(self, step: str, part: int = 0) -> Entry | None:
        """The manifest's entry of a step's part, or None where there is no readable one."""
        try:
            path = self.local(self._entry_path(step, part))
            content = json.loads(path.read_text(encoding="utf-8"))
            return _check_entry(
                Entry(
                    fingerprint=content["fingerprint"],
                    outputs=dict(content["outputs"]),
                    counts=dict(content["counts"]),
                    notes=tuple(content["notes"]),
                    way=content.get("way", ""),
                )
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def record(
        self,
        step: str,
        part: int,
        mark: str,
        outputs: Iterable[Path],
        counts: dict[str, int],
        notes: tuple[str, ...],
        way: str = "",
    ) -> Entry:
        """Write a part's entry; called when all its files are in place."""
        outputs = list(outputs)
        self.files.refresh(outputs)
        digests = {path.relative_to(self.root).as_posix(): self.digest(path) for path in outputs}
        entry = Entry(mark, digests, counts, notes, way)
        self.write_json(self._entry_path(step, part), asdict(entry))
        return entry

    def forget_parts(self, step: str, keep: Iterable[int]) -> None:
        """Remove the entries of parts that a smaller corpus no longer has."""
        known = _part_numbers(self.files.names(self.root / "work" / "manifest" / step), "json")
        for part in set(known) - set(keep):
            self.remove(self._entry_path(step, part))

    def is_intact(self, entry: Entry) -> bool:
        """Whether every file of an entry lies there as it was written."""
        try:
            return all(
                self.exists(self.root / path) and self.digest(self.root / path) == digest
                for path, digest in entry.outputs.items()
            )
        except OSError:  # gone, or a folder has taken its name
            return False

    def _entry_path(self, step: str, part: int) -> Path:
        return self.root / "work" / "manifest" / step / f"part-{part:05d}.json"


def _check_entry(entry: Entry) -> Entry:
    """Raises ValueError where an entry is none that `record` has written.

    Its files are looked at, and removed when a later run has no such file: none may lie elsewhere.
    """
    texts = (entry.fingerprint, entry.way, *entry.outputs.values(), *entry.notes)
    numbers = entry.counts.values()
    if not (all(isinstance(text, str) for text in texts) and all(type(n) is int for n in numbers)):
        raise ValueError("not the types of an entry")
    for path in entry.outputs:
        parts = PurePosixPath(path).parts
        if parts[:1] not in (("work",), ("report",)) or ".." in parts or not path.isprintable():
            raise ValueError("a file elsewhere")
    return entry


@dataclass(frozen=True)
class Task:
    """What a step's function gets: where things lie, the settings, and which part to do."""

    raw: Path
    store: Store
    settings: Settings
    part: int = 0
    # Whether what lies there of this part is whole and was made by the same code and settings: then
    # it still holds for what has not changed of the input
    made_alike: bool = False
    # Where `raw` is the copy of texts in an object store: what keeps it
    texts: RemoteTexts | None = None
    # What pieces of the step are started with. It is of the process that runs it: a task that goes
    # to another one has its own.
    pieces: Pieces = field(default=HERE, compare=False, repr=False)


@dataclass(frozen=True)
class Outcome:
    """What a step's function gives: the files that it wrote, and counts for people to read."""

    outputs: list[Path]
    counts: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what the user should know, in a line each
    # What it read changed under its hands: whatever it wrote, the next run makes it again
    provisional: bool = False


def order_documents(doc_ids: Sequence[str] | pd.Series) -> np.ndarray:
    """int64: the places of rows, in the order of their documents; those of one stay as they are."""
    import numpy as np
    import pandas as pd

    codes, unique = pd.factorize(pd.Series(doc_ids, dtype=object))
    ranks = np.empty(len(unique), dtype=np.int64)
    ranks[sorted(range(len(unique)), key=[document_key(own) for own in unique].__getitem__)] = (
        np.arange(len(unique))
    )
    return np.argsort(ranks[codes], kind="stable")


def document_key(doc_id: str) -> tuple[str, int, str]:
    """What documents are ordered by: their ids, but that `arkiv#2` comes before `arkiv#10`."""
    name, mark, number = doc_id.rpartition("#")
    if mark and number.isdecimal() and number.isascii() and len(number) < 18:
        return name, int(number), doc_id
    return doc_id, -1, doc_id


def _take(rows: pd.DataFrame, order: np.ndarray) -> pd.DataFrame:
    """Rows in an order; the same object where they are in it."""
    if (order[1:] > order[:-1]).all():
        return rows
    return rows.take(order).reset_index(drop=True)


def not_written(path: Path, error: OSError) -> NordtemaError:
    """What is to be told where something can't be written, with what to do about it."""
    advice = "choose another folder with --out"
    if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
        advice += " or free some room"
    return NordtemaError(f"{path}: can't be written ({error.strerror}); {advice}")


def write_scratch(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays into a scratch folder, for `read_scratch`. Raises NordtemaError."""
    import numpy as np

    try:
        np.savez(path, allow_pickle=False, **arrays)
    except OSError as error:
        raise not_written(path, error) from None


def read_scratch(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file in a scratch folder, by name."""
    import numpy as np

    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def missing_message(path: Path) -> str:
    return f"{path}: is missing; run `nordtema run` without --from, so that it is made"


def _part_numbers(names: Iterable[str], ending: str) -> list[int]:
    """The numbers of a folder's parts, in order; other files (a copy, say) are none."""
    found = (re.fullmatch(rf"part-(\d{{5,}})\.{ending}", name) for name in names)
    return sorted(int(match[1]) for match in found if match)


def fingerprint(**parts: Any) -> str:
    """One digest of named values that JSON can hold; equal values give equal digests."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _arrow_schema(table: str, columns: Sequence[str] | None = None) -> Any:
    import pyarrow as pa

    kinds = SCHEMAS[table]
    return pa.schema(
        [
            pa.field(name, _ARROW[kind.removesuffix("?")](pa), nullable=kind.endswith("?"))
            for name, kind in ((name, kinds[name]) for name in columns or kinds)
        ]
    )


_ARROW: dict[str, Any] = {
    "string": lambda pa: pa.string(),
    "binary": lambda pa: pa.binary(),
    "bool": lambda pa: pa.bool_(),
    "int32": lambda pa: pa.int32(),
    "int64": lambda pa: pa.int64(),
    "float64": lambda pa: pa.float64(),
}
