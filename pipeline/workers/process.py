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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

# Whether the system lets a process that has threads be forked
CAN_FORK = sys.platform == "linux"
# How long the server may take to end its processes
SECONDS_TO_END = 20.0

# What the server is asked for
_FORK, _SECOND = b"f", b"s"
# Never a fork of the main process: it has threads under way
_SPAWN = multiprocessing.get_context("spawn")


class StartError(Exception):
    """A process can't be started: no more are allowed, no memory."""


class EndedError(Exception):
    """A process ended of itself, or was ended from outside."""


class Worker:
    """A process that does one call after the other."""

    def __init__(self, connection: Connection, kill: Callable[[], None]) -> None:
        self._connection = connection
        self.kill = kill

    def do(self, function: Callable[[], Any]) -> Any:
        """What a call gives there; raises what it raises, and EndedError where that ends."""
        try:
            self._connection.send(function)
            is_done, result = self._connection.recv()
        except (EOFError, OSError):
            raise EndedError from None
        if not is_done:
            raise result
        return result


class Server:
    """The process of which workers are forked.

    `first` is called there for what all of them need, `second` before the first that makes parts.
    """

    def __init__(self, first: Callable[[], object], second: Callable[[], object]) -> None:
        """Does not wait for it. Raises StartError."""
        self._channel, theirs = socket.socketpair()
        self._has_forked = False
        with theirs:
            self._process = _spawn(_serve, theirs, first, second)

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


def spawn(first: Callable[[], object]) -> Worker:
    """A worker that has no server. `first` is called there. Raises StartError."""
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
    channel: socket.socket, first: Callable[[], object], second: Callable[[], object]
) -> None:
    """Do what the main process asks for, until it closes the channel or is gone."""
    _ignore_ctrl_c()
    _keep_to_one_thread()
    # What is imported stays: to look for garbage in it would only cost, here and in each worker
    gc.disable()
    first()
    workers: list[int] = []
    while True:
        request, connections, _, _ = socket.recv_fds(channel, 1, 1)
        if request == _SECOND:
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


def _work_alone(connection: Connection, first: Callable[[], object]) -> None:
    _ignore_ctrl_c()
    _keep_to_one_thread()
    _work(connection, first)


def _work(connection: Connection, first: Callable[[], object] | None = None) -> None:
    """Do one call after the other, as long as the main process lives."""
    # It may have a child itself, in which large files are read
    multiprocessing.current_process().daemon = False
    threading.Thread(target=_end_with_main_process, daemon=True).start()
    if first is not None:
        first()
    with suppress(EOFError, OSError):
        while True:
            answer = _do(_receive(connection))
            try:
                connection.send(answer)
            except OSError:
                raise
            except Exception as error:  # what can't travel
                connection.send((False, RuntimeError(f"{error}, of {answer!r:.1000}")))


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


def _do(function: Callable[[], Any]) -> tuple[bool, Any]:
    """Whether a call went well, and its result or its error, with the place where it arose."""
    try:
        return True, function()
    except Exception as error:
        error.add_note("In a worker process:\n" + traceback.format_exc())
        return False, error


def _end_with_main_process() -> None:
    # A worker that is busy or waits for work would never learn that the main process was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
