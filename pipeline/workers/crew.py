"""Worker processes of this machine: each has calls of its own, and helps where those are done.

Parts of the corpus are dealt out by their order and size, the same way in each step: what a process
has looked up of a part's words in one step it still knows in the next. One that has nothing left
takes the last call of who has the most. Pieces of a step are anybody's, and the process that waits
for one does others meanwhile.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from types import ModuleType
from typing import Any

from pipeline.pieces import deal

# A process takes a second to start, as long as several pieces of a small corpus: where no more are
# there already, so many are started for pieces, however many cores there are
STARTED_FOR_PIECES = 3


class Call:
    """A function with its arguments, and what comes of it."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        self.function = partial(function, *arguments, **named)
        self.future: Future[Any] = Future()

    def do(self) -> None:
        """Do it in this process."""
        try:
            result = self.function()
        except Exception as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class StartError(Exception):
    """A process can't be started: no room in /dev/shm, no more processes allowed."""


class Crew:
    """Up to `size` processes, each started when it first has something to do.

    `first` is called in each that takes pieces, as it starts. A process that ends of itself breaks
    its call, which then raises BrokenProcessPool.
    """

    def __init__(self, size: int, first: Callable[[], None]) -> None:
        self.size = size
        self.has_mapped = False
        self._first = first
        self._workers: list[ProcessPoolExecutor | None] = [None] * size
        self._own: list[deque[Call]] = [deque() for _ in range(size)]
        self._anybodys: deque[Call] = deque()
        self._busy = [False] * size
        self._lock = threading.RLock()

    def map(self, calls: Sequence[Call], weights: Sequence[float]) -> Iterator[Any]:
        """The results of calls of these weights, in their order, as soon as each is there.

        Raises StartError.
        """
        self.has_mapped = True
        with self._lock:
            for call, worker in zip(calls, deal(weights, self.size), strict=True):
                self._own[worker].append(call)
        for worker in range(self.size):
            self._give(worker)
        for call in calls:
            yield call.future.result()

    def put(self, call: Call) -> None:
        """A call that anybody may do: a process of the crew, or who waits for it.

        See `_takes_pieces`.
        """
        self._anybodys.append(call)
        for worker in filter(self._takes_pieces, range(self.size)):
            # Where there are no processes, the one that waits does it
            with suppress(StartError):
                self._give(worker)

    def count(self) -> int:
        """How many processes do calls of anybody's, the one that waits among them."""
        return 1 + sum(map(self._takes_pieces, range(self.size)))

    def wait(self, call: Call) -> Any:
        """The result of a call that was `put`; till it is there, this process helps."""
        while not call.future.done():
            with self._lock:
                if call in self._anybodys:
                    self._anybodys.remove(call)
                    own: Call | None = call
                else:
                    own = self._anybodys.pop() if self._anybodys else None
            if own is None:
                break
            own.do()
        return call.future.result()

    def start_one(self) -> None:
        """Start the first process: it takes its time, and may be ready when it is needed."""
        # It may not be needed after all
        with suppress(StartError), self._lock:
            if self._workers[0] is None:
                self._start(0)

    def close(self) -> None:
        """End the processes, in the middle of what they do: what they wrote is whole.

        One that has nothing to do is ended too: to leave of itself it would first give back, word
        by word, all that it remembers.
        """
        with self._lock:
            for queue in (*self._own, self._anybodys):
                queue.clear()
        started = [worker for worker in self._workers if worker is not None]
        for worker in started:
            # Python 3.14 has kill_workers() for it
            for process in list((getattr(worker, "_processes", None) or {}).values()):
                process.kill()
        for worker in started:
            worker.shutdown(wait=True, cancel_futures=True)

    def _give(self, number: int) -> None:
        """Let a process have its next call, if it has none and there is one. Raises StartError."""
        with self._lock:
            queue = self._find_queue(number)
            if self._busy[number] or not queue:
                return
            worker = self._workers[number] or self._start(number)
            is_first = queue is self._own[number] or queue is self._anybodys
            call = queue.popleft() if is_first else queue.pop()
            self._busy[number] = True
        try:
            future = worker.submit(call.function)
        except BrokenExecutor as error:  # ended while it had nothing to do
            call.future.set_exception(error)
            return
        future.add_done_callback(partial(self._take_back, number, call))

    def _start(self, number: int) -> ProcessPoolExecutor:
        # Spawned, not forked: a fork of a process that has threads (BLAS, Arrow) can hang.
        context = multiprocessing.get_context("spawn")
        try:
            first = self._first if self._takes_pieces(number) else _do_nothing
            worker = ProcessPoolExecutor(
                1, mp_context=context, initializer=_prepare, initargs=(first,)
            )
            with _no_main_module():
                worker.submit(_do_nothing)
        except (OSError, NotImplementedError) as error:
            raise StartError(getattr(error, "strerror", None) or str(error)) from error
        self._workers[number] = worker
        return worker

    def _takes_pieces(self, number: int) -> bool:
        """All but the last, in place of which the main process does; few are started for it."""
        is_there = number < STARTED_FOR_PIECES or self._workers[number] is not None
        return number < self.size - 1 and is_there

    def _find_queue(self, number: int) -> deque[Call]:
        """Where a process finds its next call; maybe in none."""
        if self._own[number]:
            return self._own[number]
        if self._anybodys and self._takes_pieces(number):
            return self._anybodys
        return max(self._own, key=len)

    def _take_back(self, number: int, call: Call, future: Future[Any]) -> None:
        """In a thread of the executor's: let the process have its next call, hand on the result."""
        if future.cancelled():  # at the end, when nobody waits for it
            return
        error = future.exception()
        if not isinstance(error, BrokenExecutor):
            with self._lock:
                self._busy[number] = False
            self._give(number)
        if error is not None:
            call.future.set_exception(error)
        else:
            call.future.set_result(future.result())


@contextmanager
def _no_main_module() -> Iterator[None]:
    """While a process is started: it would run the user's script again, of which it needs nothing.

    Unguarded by `if __name__ == "__main__":`, that would start a run within the run.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _prepare(first: Callable[[], None]) -> None:
    """Ctrl-C reaches the main process, which then ends its workers; they never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    first()


def _end_with_parent() -> None:
    # A worker that waits for work would never learn that the main process was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _do_nothing() -> None:
    pass
