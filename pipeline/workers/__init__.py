"""Workers: a step's parts, mapped over processes of this machine, over a cluster, or made here.

Processes of this machine are started when a step first has work for more than one of them, and kept
for the rest of the run. Those of a cluster are there already (`cluster`). Both are an executor of
`concurrent.futures`, and which worker does what never shows in the results.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task
from pipeline.workers.calling import Made, call, peak_memory_mb

if TYPE_CHECKING:
    from pipeline.workers.cluster import Cluster


class Workers:
    """Up to `jobs` processes; 0 means one a core. With a cluster, all that it has."""

    def __init__(self, jobs: int, cluster: Cluster | None = None) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._cluster = cluster
        self._executor: Executor | None = None
        self._peak_memory_mb = 0.0

    def __enter__(self) -> Workers:
        if self._cluster is not None:
            self._cluster.open()
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
            if error is not None:
                _end(self._executor)
            self._executor.shutdown(wait=True, cancel_futures=True)
        if self._cluster is not None:
            self._cluster.close()

    def map(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Outcome]]:
        """Each task, a part of a step's, with its outcome, in the order of the tasks.

        `function` is "module:name".
        """
        if self._cluster is not None:
            results = self._cluster.map(function, tasks)
        elif min(self._jobs, len(tasks)) <= 1:
            results = ((task, call(function, task)) for task in tasks)
        else:
            results = self._map_over_processes(function, tasks)
        for task, made in results:
            self._peak_memory_mb = max(self._peak_memory_mb, made.memory_mb)
            task.store.learn_digests(made.digests)
            yield task, made.outcome

    def reduce(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Outcome]]:
        """As `map`, for a step that takes the whole corpus at once: in this process."""
        for task in tasks:
            yield task, call(function, task).outcome

    def _map_over_processes(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Made]]:
        futures: dict[Future[Made], Task] = {}
        try:
            if self._executor is None:
                self._executor = _start(self._jobs)
            for task in tasks:
                futures[self._executor.submit(call, function, task)] = task
        except OSError as error:  # no room in /dev/shm, no more processes allowed
            raise NordtemaError(
                f"worker processes can't be started ({error.strerror}); run it with --jobs 1"
            ) from None
        try:
            for future, task in futures.items():
                yield task, future.result()
        except BrokenProcessPool:
            raise NordtemaError(
                "a worker process was ended from outside, perhaps for want of memory; run it again "
                "to go on where it stopped, with --jobs 1 or a smaller part_documents under [run]"
            ) from None

    @property
    def peak_memory_mb(self) -> float:
        """Largest resident memory of this process, or of a worker since it was started."""
        return max(self._peak_memory_mb, peak_memory_mb())


def _start(jobs: int) -> Executor:
    # Spawned, not forked: a fork of a process that has threads (BLAS, Arrow) can hang.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare_worker)


def _end(executor: Executor) -> None:
    """End processes in the middle of a part, which may take minutes: what it wrote is whole."""
    # Python 3.14 has kill_workers() for it
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        process.kill()


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
