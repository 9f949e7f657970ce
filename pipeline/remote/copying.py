"""Getting objects into files, several at a time; a file is whole or absent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pipeline.remote.address import not_kept
from pipeline.remote.bucket import AT_A_TIME, Bucket

Item = TypeVar("Item")
Result = TypeVar("Result")
# A file's name is no longer than this on any common file system, in bytes; nor a whole path
_LONGEST_NAME, _LONGEST_PATH = 255, 3000
# How many calls wait for a thread: millions would take their memory
_WAITING = 1000


def can_be_file(name: str) -> bool:
    """Whether a file below the copy can have this name, and none elsewhere is meant by it."""
    try:
        parts = [part.encode() for part in name.split("/")]
    except UnicodeEncodeError:
        return False
    return (
        all(0 < len(part) <= _LONGEST_NAME and part not in (b".", b"..") for part in parts)
        and len(name.encode()) <= _LONGEST_PATH
        and "\0" not in name
    )


def copy_object(bucket: Bucket, name: str, target: Path, place: Path) -> None:
    """Fetch an object into a file, by way of one in the folder `place` of the same disk.

    Raises FileNotFoundError and PermissionError as Bucket.fetch does.
    """
    temporary = name_temporary(place)
    try:
        bucket.fetch(name, temporary)
        put_in_place(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_copy(content: bytes | memoryview, target: Path, place: Path) -> None:
    """Write a file whole, as `copy_object` does."""
    temporary = name_temporary(place)
    try:
        temporary.write_bytes(content)
    except OSError as error:
        raise not_kept(target, error) from None
    put_in_place(temporary, target)


def name_temporary(place: Path) -> Path:
    """A name that no other process has, in a folder that is made where it is not there."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_kept(place, error) from None
    return place / f".{os.urandom(4).hex()}.{os.getpid()}.tmp"


def put_in_place(temporary: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
    except OSError as error:
        raise not_kept(target, error) from None


def do_at_once(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[tuple[Item, Result]]:
    """Each item with what a function gives for it, in order, several at a time in threads."""
    waiting = iter(items)
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        while batch := list(islice(waiting, _WAITING)):
            try:
                yield from zip(batch, threads.map(function, batch), strict=True)
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
