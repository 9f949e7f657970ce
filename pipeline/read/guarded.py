"""Reading what could take a machine down: in a process of its own, with limits.

A PDF, an office document or a large page can be built so that its reading takes gigabytes or never
ends. Such files are read in a child process that may use so much memory and so many seconds, and
that is ended and started anew where it goes beyond. The file is then rejected with the reason and
the run goes on. Small plain texts and pages are read in place, which is faster.

The child is started when the first such file comes. It ends when it has been idle for a while, when
what it holds would count against another file, and with its parent. A parent that is killed can't
end it: it watches for that itself, and the system's alarm ends it where a reading that never ends
keeps it from watching. What comes of a file does not depend on those before it: where a child that
has read others fails for want of memory, a new one tries again.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.read.convert import ReadOptions, convert, count_texts
from pipeline.read.extracted import Extracted
from pipeline.read.records import TABLE_ENDINGS

# Formats whose size on the disk says little of what their reading takes
GUARDED_ENDINGS = (".pdf", ".docx", ".odt", ".parquet")
SMALL_BYTES = 100_000
SECONDS_TO_START = 120
IDLE_SECONDS = 20
# Beyond max_seconds, for what was read to reach a parent that is busy
SECONDS_TO_HAND_OVER = 30


class Guard:
    """One child process at a time; `convert` and `count_texts` as in `convert`."""

    def __init__(self, max_seconds: float, max_memory_mb: int) -> None:
        self._max_seconds = max_seconds
        self._max_memory_mb = max_memory_mb
        self._child: Any = None
        self._connection: Connection | None = None
        self._is_new = True
        self._worn_by: int | None = None  # the file of which the child holds much
        self._holds: int | None = None  # the table whose bytes the child keeps

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def convert(
        self, content: bytes, ending: str, first: int, count: int, options: ReadOptions
    ) -> list[Extracted | str]:
        if _is_harmless(content, ending):
            return convert(content, ending, first, count, options)
        answer = self._ask("convert", content, ending, first, count, options)
        return [answer] * (count or 1) if isinstance(answer, str) else answer

    def count_texts(self, content: bytes, ending: str, options: ReadOptions) -> int | str:
        if _is_harmless(content, ending):
            return count_texts(content, ending, options)
        answer: int | str = self._ask("count", content, ending, options)
        return answer

    def _ask(self, *request: Any) -> Any:
        """The child's answer, or the reason why there is none."""
        kind, answer = self._send(request)
        if kind == "memory" and not self._is_new:
            self._end()
            kind, answer = self._send(request)
        if kind == "answer":
            return answer
        self._end()
        if kind == "fault":
            raise RuntimeError(answer)
        if kind == "memory":
            return self._too_much_memory()
        return (
            f"takes longer than {self._max_seconds:g} seconds to read; "
            "raise max_seconds under [read] or save it in another format"
        )

    def _send(self, request: tuple[Any, ...]) -> tuple[str, Any]:
        """What came of a request ("answer", "fault", "memory" or "time"), and what was answered."""
        file = hash(request[1])
        if self._worn_by not in (None, file):
            self._end()
        try:
            if self._connection is None:
                self._start()
            assert self._connection is not None
            task, content, ending, *rest = request
            # Of a table some rows are asked for at a time: its bytes are sent once
            is_held = ending in TABLE_ENDINGS and self._holds == file
            self._connection.send((task, None if is_held else content, ending, *rest))
            self._holds = file if ending in TABLE_ENDINGS else None
            if not self._connection.poll(self._max_seconds):
                return "time", None
            kind, answer, worn = self._connection.recv()
        except (EOFError, OSError):  # it was ended, by the system or by itself
            return "memory", None
        if kind == "answer":
            self._is_new = False
            # What it holds of a table helps to read the table's next rows, and nothing else
            self._worn_by = file if worn else None
        elif worn:
            self._end()
        return kind, answer

    def _too_much_memory(self) -> str:
        return (
            f"takes more than {self._max_memory_mb} MB of memory to read; "
            "raise max_memory_mb under [read] or split the file"
        )

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork could hang, see `workers`
        self._connection, theirs = context.Pipe()
        self._child = context.Process(
            target=_serve,
            args=(theirs, self._max_memory_mb, self._max_seconds),
            daemon=True,
            name="nordtema-reader",
        )
        self._child.start()
        theirs.close()
        # The seconds that its start takes are not the file's
        if not self._connection.poll(SECONDS_TO_START):
            raise EOFError
        self._connection.recv()

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
        if self._connection is not None:
            self._connection.close()
        self._child = self._connection = self._worn_by = self._holds = None
        self._is_new = True


def _is_harmless(content: bytes, ending: str) -> bool:
    return ending not in GUARDED_ENDINGS and len(content) <= SMALL_BYTES


# In the child


def _serve(connection: Connection, max_memory_mb: int, max_seconds: float) -> None:
    """Answer one request after the other until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _say_nothing()
    # Each of a library's threads would take up memory of its own, on some machines hundreds, and
    # Arrow's usual pool claims a gigabyte before there is anything to put there
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", ARROW_IO_THREADS="1")
    os.environ.update(ARROW_DEFAULT_MEMORY_POOL="system")
    _limit_memory(max_memory_mb)
    connection.send("ready")
    before = _memory_mb()
    held = b""
    while True:
        try:
            if not connection.poll(IDLE_SECONDS):
                return
            request = connection.recv()
        except (EOFError, OSError):
            return
        except MemoryError:
            connection.send(("memory", None, True))
            return
        signal.setitimer(signal.ITIMER_REAL, max_seconds + SECONDS_TO_HAND_OVER)
        if request[2] == ".parquet" and "pyarrow.parquet" not in sys.modules:
            _lift_limit()
            import pyarrow.parquet  # noqa: F401

            _limit_memory(max_memory_mb)
            before = _memory_mb()
        try:
            task, content, ending, *rest = request
            if content is None:
                content = held
            held = content if ending in TABLE_ENDINGS else b""
            reply = ("answer", _answer(task, content, ending, *rest))
        except MemoryError:
            reply = ("memory", None)
        except Exception:  # a fault of the program: its traceback is the parent's to show
            import traceback

            reply = ("fault", traceback.format_exc())
        request = content = None
        try:
            connection.send((*reply, _memory_mb() - before > max_memory_mb / 4))
        except MemoryError:
            os._exit(1)
        except OSError:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        del reply


def _say_nothing() -> None:
    """What libraries print as they run out of memory is no news: the parent tells what came."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _answer(task: str, content: bytes, ending: str, *rest: Any) -> Any:
    return (convert if task == "convert" else count_texts)(content, ending, *rest)


def _lift_limit() -> None:
    """What a library takes as it is loaded is not the file's."""
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _limit_memory(max_memory_mb: int) -> None:
    """So much on top of what the process has when it starts; where the system can do that."""
    with suppress(OSError, ValueError):
        if not (now := _memory_mb()):
            return
        limit = int((now + max_memory_mb) * 1_000_000)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _memory_mb() -> float:
    """The size of this process's address space; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
    return 0.0
