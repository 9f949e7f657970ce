"""Workers: a step's parts, mapped over processes of this machine or done in this one.

The processes are started when a step first has work for more than one of them, and kept for the
rest of the run. Which worker does what never shows in the results.
"""

from __future__ import annotations

import importlib
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task


class Workers:
    """Up to `jobs` processes; 0 means one a core."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._executor: Executor | None = None
        self._peak_memory_mb = 0.0

    def __enter__(self) -> Workers:
        return self

    def forget_peak(self) -> None:
        """From now on `peak_memory_mb` speaks of what comes after, where the system can do that."""
        self._peak_memory_mb = 0.0
        # Linux: 5 sets the high-water mark back to what is held now (proc(5)).
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def map(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Each task with its outcome, in the order of the tasks. `function` is "module:name"."""
        if min(self._jobs, len(tasks)) <= 1:
            for task in tasks:
                yield task, _call(function, task)[0]
            return
        if self._executor is None:
            self._executor = _start(self._jobs)
        futures: dict[Future[tuple[Outcome, float]], Task] = {
            self._executor.submit(_call, function, task): task for task in tasks
        }
        try:
            for future, task in futures.items():
                outcome, memory = future.result()
                self._peak_memory_mb = max(self._peak_memory_mb, memory)
                yield task, outcome
        except BrokenProcessPool:
            raise NordtemaError(
                "a worker process was ended from outside, perhaps for want of memory; run it again "
                "to go on where it stopped, with --jobs 1 or a smaller part_documents under [run]"
            ) from None

    @property
    def peak_memory_mb(self) -> float:
        """Largest resident memory of this process, or of a worker since it was started."""
        return max(self._peak_memory_mb, _peak_memory_mb())


def _start(jobs: int) -> Executor:
    # Spawned, not forked: a fork of a process that has threads (BLAS, Arrow) can hang.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare_worker)


def _prepare_worker() -> None:
    """Ctrl-C reaches the main process, which then ends its workers; they never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A worker that waits for work would never learn that the main process was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _call(function: str, task: Task) -> tuple[Outcome, float]:
    """A step's function on one task, and this process's peak memory in megabytes."""
    module, _, name = function.partition(":")
    outcome: Outcome = getattr(importlib.import_module(module), name)(task)
    return outcome, _peak_memory_mb()


def _peak_memory_mb() -> float:
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
