"""A worker process of this machine: how it comes about, what it does, and how it ends.

To import what the steps need takes a process some seconds. On Linux one does it for all, the
server, of which worker processes are forked, each in milliseconds; they share its memory. It lives
as long as they are needed, has no threads of Python's own, and computes nothing: of the threads
that libraries start as they are imported (OpenBLAS, jemalloc) each has its own way through a fork.
Elsewhere (on macOS a fork of a process that has loaded the system's libraries may crash), and where
the server was ended from outside, a worker is a process of its own that imports for itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import socket
import sys
import threading
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import ModuleType
from typing import Any

# Whether the system lets a process that has threads be forked
CAN_FORK = sys.platform == "linux"
# How long the server may take to end its processes
SECONDS_TO_END = 20.0

# What the server is asked for
_FORK, _SECOND = b"f", b"s"
# What the server tells, once
_READY = b"r"
# What a worker tells: what a call gives or raises, or a question in the middle of it
_GIVES, _RAISES, _ASKS = b"g", b"r", b"a"
# It is given a question, and how to have what follows; gives the answer, and what follows that
Answer = Callable[[Any, Callable[[], bytes]], tuple[Any, bytes | None]]
# Never a fork of the main process: it has threads under way
_SPAWN = multiprocessing.get_context("spawn")


class StartError(BrokenExecutor):
    """A process can't be started: no more are allowed, no memory."""


class EndedError(BrokenExecutor):
    """A process ended of itself, or was ended from outside."""


class Worker:
    """A process that does one call after the other."""

    def __init__(self, connection: Connection, kill: Callable[[], None]) -> None:
        self._connection = connection
        self.kill = kill

    def do(self, function: Callable[[], Any] | bytes, answer: Answer | None = None) -> Any:
        """What a call gives there; raises what it raises, and EndedError where that ends.

        A call that is passed on unopened, as bytes, gives bytes, too. `answer` is asked what the
        call asks (see `ask`).
        """
        connection = self._connection
        try:
            if isinstance(function, bytes):
                connection.send_bytes(function)
            else:
                connection.send(function)
            while (kind := connection.recv_bytes()) == _ASKS:
                assert answer is not None
                answered, more = answer(connection.recv(), connection.recv_bytes)
                connection.send(answered)
                if more is not None:
                    connection.send_bytes(more)
            opened = kind == _RAISES or not isinstance(function, bytes)
            told: Any = connection.recv() if opened else connection.recv_bytes()
        except (EOFError, OSError):
            raise EndedError from None
        if kind == _RAISES:
            raise told
        return told


class Server:
    """The process of which workers are forked.

    What all of them need is had there by the calls `first`, one after the other; what only those
    need that make parts by `second`, before the first of them.
    """

    def __init__(self, first: Sequence[Callable[[], object]], second: Callable[[], object]) -> None:
        """Does not wait for it. Raises StartError."""
        self._channel, theirs = socket.socketpair()
        self._has_forked = False
        self._is_ready = False
        with theirs:
            self._process = _spawn(_serve, theirs, first, second)

    def is_ready(self) -> bool:
        """Whether the first of `first` has been called there: a process can be had at once."""
        if not self._is_ready and multiprocessing.connection.wait([self._channel], timeout=0):
            with suppress(OSError):
                self._is_ready = self._channel.recv(1) == _READY
        return self._is_ready

    def prepare_for_parts(self) -> None:
        """Before the next fork."""
        with suppress(OSError):  # it has ended, as the next fork will tell
            self._channel.send(_SECOND)

    def fork(self) -> Worker:
        """Raises EndedError, OSError where there is no server any more, or it can't fork."""
        ours, theirs = multiprocessing.Pipe()
        with theirs:
            socket.send_fds(self._channel, [_FORK], [theirs.fileno()])
        try:
            number = ours.recv()
        except EOFError:
            raise EndedError from None
        self._has_forked = True
        return Worker(ours, partial(_kill, number))

    def end(self) -> None:
        """End it, and its workers, in the middle of what they do."""
        if not self._has_forked:  # it may still import, which takes its time
            self._process.kill()
        with suppress(OSError):  # it has ended
            self._channel.shutdown(socket.SHUT_RDWR)
        self._channel.close()
        self._process.join(SECONDS_TO_END)
        self._process.kill()
        self._process.join()


def spawn(first: Sequence[Callable[[], object]]) -> Worker:
    """A worker that has no server. `first` are called there. Raises StartError."""
    ours, theirs = multiprocessing.Pipe()
    with theirs:
        process = _spawn(_work_alone, theirs, first)

    def kill() -> None:
        process.kill()
        process.join()

    return Worker(ours, kill)


def _spawn(function: Callable[..., None], *arguments: Any) -> Any:
    # A daemon: where this process ends without ending it, Python does not wait for it
    process = _SPAWN.Process(target=function, args=arguments, daemon=True, name="nordtema-worker")
    try:
        with _no_main_module(), _hold_back_ctrl_c():
            process.start()
    except OSError as error:
        raise StartError(error.strerror or str(error)) from error
    return process


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


@contextmanager
def _hold_back_ctrl_c() -> Iterator[None]:
    """While a process is started: it begins with it held back, and says nothing till it ignores it.

    See `_ignore_ctrl_c`.
    """
    # It lets Ctrl-C through again where it starts a process itself
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore_ctrl_c() -> None:
    """It reaches the main process, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _keep_to_one_thread() -> None:
    """Of libraries that are still to be imported: the cores are for the other processes.

    Two threads of OpenBLAS that wait for each other beside a busy process take twice the time.
    """
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


# In the server


def _serve(
    channel: socket.socket, first: Sequence[Callable[[], object]], second: Callable[[], object]
) -> None:
    """Do what the main process asks for, until it closes the channel or is gone."""
    _ignore_ctrl_c()
    _keep_to_one_thread()
    # What is imported stays: to look for garbage in it would only cost, here and in each worker
    gc.disable()
    waiting = deque(first)
    _call_next(waiting)
    with suppress(OSError):  # the main process has gone
        channel.send(_READY)
    workers: list[int] = []
    while True:
        # Who is asked for now need not wait for what is only needed later
        while waiting and not multiprocessing.connection.wait([channel], timeout=0):
            _call_next(waiting)
        try:
            request, connections, _, _ = socket.recv_fds(channel, 1, 1)
        except OSError:
            break
        if request == _SECOND:
            while waiting:
                _call_next(waiting)
            second()
        elif request == _FORK:
            workers += _serve_fork(channel, connections[0])
        else:
            break
    # None has been waited for, so that no other process has come by its number
    for process in workers:
        _kill(process)
    for process in workers:
        os.waitpid(process, 0)


def _call_next(waiting: deque[Callable[[], object]]) -> None:
    if waiting:
        waiting.popleft()()


def _serve_fork(channel: socket.socket, connection: int) -> list[int]:
    """Fork a worker for this connection, and give its number; none where that is not possible."""
    gc.freeze()
    try:
        process = _fork()
    except OSError:
        process = -1
    if process == 0:
        try:
            channel.close()
            gc.enable()
            ours = Connection(connection)
            ours.send(os.getpid())
            _work(ours)
        finally:
            os._exit(1)
    os.close(connection)  # by its end the main process learns that there is none
    return [process] if process > 0 else []


def _fork() -> int:
    with warnings.catch_warnings():
        # From 3.12 on Python warns of any thread, those of libraries too
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


# In a worker


_to_main_process: Connection | None = None


def ask(question: Any, *more: Any) -> Any:
    """What the main process answers, in a call to which it has given something that does."""
    assert _to_main_process is not None
    _to_main_process.send_bytes(_ASKS)
    for told in (question, *more):
        _to_main_process.send(told)
    return _to_main_process.recv()


def hear_more() -> Any:
    """What follows an answer."""
    assert _to_main_process is not None
    return _to_main_process.recv()


def _work_alone(connection: Connection, first: Sequence[Callable[[], object]]) -> None:
    _ignore_ctrl_c()
    _keep_to_one_thread()
    _work(connection, first)


def _work(connection: Connection, first: Sequence[Callable[[], object]] = ()) -> None:
    """Do one call after the other, as long as the main process lives."""
    global _to_main_process
    _to_main_process = connection
    # It may have a child itself, in which large files are read
    multiprocessing.current_process().daemon = False
    threading.Thread(target=_end_with_main_process, daemon=True).start()
    for call in first:
        call()
    with suppress(EOFError, OSError):
        while True:
            _tell(connection, *_do(_receive(connection)))


def _tell(connection: Connection, kind: bytes, told: Any) -> None:
    try:
        content = ForkingPickler.dumps(told)
    except Exception as error:  # what can't travel
        kind, content = _RAISES, ForkingPickler.dumps(RuntimeError(f"{error}, of {told!r:.1000}"))
    connection.send_bytes(kind)
    connection.send_bytes(content)


def _receive(connection: Connection) -> Callable[[], Any]:
    """The next call, or one that tells why it can't be had. Raises EOFError at the end."""
    try:
        function: Callable[[], Any] = connection.recv()
    except EOFError:
        raise
    except Exception as error:
        return partial(_raise, error)
    return function


def _raise(error: Exception) -> None:
    raise error


def _do(function: Callable[[], Any]) -> tuple[bytes, Any]:
    """What a call gives, or its error with the place where it arose."""
    try:
        return _GIVES, function()
    except Exception as error:
        error.add_note("In a worker process:\n" + traceback.format_exc())
        return _RAISES, error


def _end_with_main_process() -> None:
    # A worker that is busy or waits for work would never learn that the main process was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
