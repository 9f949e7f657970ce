"""One run at a time in an outputs folder: the file `work/lock`, and who holds it.

The file is locked by the system (flock), which frees it when the process that holds it ends,
however it ends. What is written in it is for people, and for storage where that lock does not work
or does not reach other machines: the machine, the process, when it was started, since when it works
here. What a killed run has left is taken over where it can be told that it is dead: its machine is
this one, and its process is gone, or another one has its number by now.

In an object store `work/lock` is an object, put only where there is none; the file of the local
copy is locked beside it, so that of the runs of one machine one at most takes over what is left.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.remote.address import Address, Place
from pipeline.settings import NordtemaError
from pipeline.store import not_written

if TYPE_CHECKING:
    from pipeline.remote.bucket import Bucket

# How long one that has just come may take to write down who it is, in seconds
SECONDS_TO_SIGN = 0.2
# How often a folder is made that others remove meanwhile
_TRIES = 100
# What a file system says that has no such locks
_NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)
_ELSEWHERE = "choose another folder with --out"


@dataclass(frozen=True)
class Holder:
    """Who works in a folder."""

    machine: str
    boot: str  # what the system calls the time since it was started; empty where it does not tell
    process: int
    started: int  # when the process was, in the system's own unit; 0 where it does not tell
    since: str  # local time, for people

    def __str__(self) -> str:
        there = "" if self.machine == _machine() else f" on {self.machine}"
        return f"process {self.process}{there} since {self.since}"


@contextmanager
def hold(out: Place) -> Iterator[None]:
    """The outputs folder for this run alone, until it is done.

    Raises NordtemaError where another run works in it, or where nothing can be written. Leaves
    nothing behind: a folder that it had to make is removed again if it is still empty.
    """
    with _hold_object(out) if isinstance(out, Address) else _hold_folder(out):
        yield


@contextmanager
def _hold_folder(out: Path) -> Iterator[None]:
    path = out / "work" / "lock"
    made = [folder for folder in (path.parent, out) if not folder.exists()]
    file = _take(out, path, _this_process())
    try:
        yield
    finally:
        _give_back(file, path)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _this_process() -> Holder:
    return Holder(
        machine=_machine(),
        boot=_boot(),
        process=os.getpid(),
        started=_started(os.getpid()),
        since=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S"),
    )


def _take(out: Path, path: Path, holder: Holder) -> int:
    """The descriptor of the file, locked and signed."""
    while True:
        try:
            _make_folder(path.parent)
        except OSError as error:
            raise not_written(path, error) from None
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except FileNotFoundError:  # whoever had made the folder has left, and removed it
            continue
        except OSError as error:
            raise not_written(path, error) from None
        try:
            is_locked = _lock(file)
            if is_locked is False:
                known = _wait_for_signature(file)
                raise NordtemaError(
                    f"{out}: is in use by {known or 'another run'}; wait until that has ended, "
                    f"or {_ELSEWHERE}"
                )
            if not _is_same(file, path):  # it was given back, and its file removed, in between
                os.close(file)
                continue
            known = _read(file)
            if known is not None and _may_live(known, bool(is_locked)):
                raise NordtemaError(_is_held(out, path, known))
            _sign(file, path, holder)
            if not is_locked and _wait_and_read(file) != holder:
                raise NordtemaError(f"{out}: is in use by another run; {_ELSEWHERE}")
        except BaseException:
            os.close(file)
            raise
        return file


def _make_folder(folder: Path) -> None:
    """Have it, though others that had made it may be removing it. Raises OSError."""
    for left in range(_TRIES, 0, -1):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, FileNotFoundError):
            # It was there, or what it lies in, and is gone by now; or it is no folder
            if left == 1 or any(os.path.lexists(one) and not one.is_dir() for one in _up(folder)):
                raise
        else:
            return


def _up(folder: Path) -> tuple[Path, ...]:
    return folder, *folder.parents


def _lock(file: int) -> bool | None:
    """Whether the lock is ours now; None where the file system has none."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None
        raise
    return True


def _is_same(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _may_live(holder: Holder, is_locked: bool) -> bool:
    """Whether the run that signed may still be at work. `is_locked`: the system's lock is ours."""
    is_here = holder.machine == _machine()
    if is_locked:
        # A container that was started anew has another name, but the system is the same
        return not is_here and not (holder.boot and holder.boot == _boot())
    if not is_here:
        return True
    return holder.boot == _boot() and _is_running(holder)


def _is_running(holder: Holder) -> bool:
    """Whether it is the same process that has the number now."""
    try:
        os.kill(holder.process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return holder.started == _started(holder.process)


def _is_held(out: Place, path: Place, holder: Holder) -> str:
    if holder.machine == _machine():
        return f"{out}: is in use by {holder}; wait until that has ended, or {_ELSEWHERE}"
    return (
        f"{out}: is in use by {holder}, as far as can be told from this machine; wait until that "
        f"has ended, remove {path} if it was broken off there, or {_ELSEWHERE}"
    )


def _sign(file: int, path: Path, holder: Holder) -> None:
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, f"{json.dumps(asdict(holder))}\n".encode(), 0)
        os.fsync(file)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise not_written(path, error) from None


def _read(file: int) -> Holder | None:
    """Who signed; None where nobody has, or where it can't be read."""
    try:
        return _parse(os.pread(file, 10_000, 0))
    except OSError:
        return None


def _parse(content: bytes) -> Holder | None:
    try:
        holder = Holder(**json.loads(content))
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (holder.machine, holder.boot, holder.since)
    numbers = (holder.process, holder.started)
    if all(isinstance(text, str) for text in texts) and all(type(n) is int for n in numbers):
        return holder
    return None


def _wait_for_signature(file: int) -> Holder | None:
    until = time.monotonic() + SECONDS_TO_SIGN
    while (holder := _read(file)) is None and time.monotonic() < until:
        time.sleep(SECONDS_TO_SIGN / 20)
    return holder


def _wait_and_read(file: int) -> Holder | None:
    """Where two sign at once without a lock, the last one to do so has it."""
    time.sleep(SECONDS_TO_SIGN)
    return _read(file)


def _give_back(file: int, path: Path) -> None:
    # Removed first: whoever waits for the lock sees then that this is no longer the file
    with suppress(OSError):
        if _is_same(file, path):
            path.unlink()
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_UN)
    os.close(file)


# In an object store

_OBJECT = "work/lock"


@contextmanager
def _hold_object(out: Address) -> Iterator[None]:
    from pipeline.remote.bucket import Bucket
    from pipeline.remote.outputs import RemoteFiles

    bucket, holder = Bucket(out), _this_process()
    with _hold_folder(RemoteFiles(out).root):
        _put_object(bucket, holder)
        try:
            yield
        finally:
            with suppress(NordtemaError):
                if _parse(_read_object(bucket)) == holder:
                    bucket.remove(_OBJECT)


def _put_object(bucket: Bucket, holder: Holder) -> None:
    out, content = bucket.address, f"{json.dumps(asdict(holder))}\n".encode()
    while not bucket.put_new(_OBJECT, content):
        said = _read_object(bucket)
        known = _parse(said)
        if known is not None and _may_live(known, is_locked=False):
            raise NordtemaError(_is_held(out, out / _OBJECT, known))
        if said:  # else it was given back in between
            bucket.remove(_OBJECT)
    # Where a store can't put and look in one go, the last one to put has it
    time.sleep(SECONDS_TO_SIGN)
    if _read_object(bucket) != content:
        raise NordtemaError(f"{out}: is in use by another run; {_ELSEWHERE}")


def _read_object(bucket: Bucket) -> bytes:
    try:
        return bucket.read(_OBJECT)
    except FileNotFoundError:
        return b""


def _machine() -> str:
    return os.uname().nodename


def _boot() -> str:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _started(process: int) -> int:
    """When a process was started, in clock ticks since the system was (proc(5), field 22)."""
    with suppress(OSError, ValueError, IndexError):
        # The second field is the program's name in brackets, which may hold spaces
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return int(stat.rpartition(")")[2].split()[19])
    return 0
