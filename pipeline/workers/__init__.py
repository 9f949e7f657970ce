"""Workers: a step's parts, mapped over processes of this machine, over a cluster, or made here.

Processes of this machine are started when there is first something for them, and kept for the rest
of the run (`crew`); they take pieces of the steps over the whole corpus too. Those of a cluster are
there already (`cluster`). Which worker does what never shows in the results.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pipeline.pieces import HERE, Piece, Started
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task
from pipeline.workers.calling import Made, call, call_piece, peak_memory_mb, prepare
from pipeline.workers.calls import Call
from pipeline.workers.crew import Crew
from pipeline.workers.leading import lead
from pipeline.workers.process import EndedError, StartError

if TYPE_CHECKING:
    from pipeline.workers.cluster import Cluster


class Workers:
    """Up to `jobs` processes; 0 means one a core. With a cluster, all that it has for the parts.

    `needed` tells, of each stage in their order, what its parts and what its pieces need: modules
    that take long to import and functions, "module:name", that remember what they read.
    """

    def __init__(
        self,
        jobs: int,
        cluster: Cluster | None = None,
        needed: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    ) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._cluster = cluster
        self._needed = dict(needed or {})
        self._crew: Crew | None = None
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
        self.end()
        if self._cluster is not None:
            self._cluster.close()

    def end(self) -> None:
        """End the processes of this machine, whatever they do; others are started when needed."""
        if self._crew is not None:
            self._crew.kill_workers()
            self._crew = None

    def start_early(self, stage: str) -> None:
        """Have processes ready for the parts and pieces that are to come, from this stage on."""
        if self._jobs > 1 and self._crew is None:
            self._find_crew(stage).start_early()

    def renew(self) -> None:
        """Begin with new processes.

        Those that have made parts remember their words, as much as the tables of a large corpus
        take, and nobody asks for them any more. And those that were forked early lack what the
        server has imported since.
        """
        if self._crew is not None and (self._crew.has_mapped or self._crew.has_server):
            self._crew.renew()

    def map(
        self,
        function: str,
        tasks: list[Task],
        weigh: Callable[[Task], float] = lambda _: 1.0,
        *,
        needs_memory: bool = True,
    ) -> Iterator[tuple[Task, Outcome]]:
        """Each task, a part of a step's, with its outcome, in the order of the tasks.

        `function` is "module:name". What tasks `weigh` tells how they are dealt out, and so does
        whether a task `needs_memory` of what its process has looked up in the step before.
        """
        if self._cluster is not None:
            results = self._cluster.map(function, tasks)
        elif min(self._jobs, len(tasks)) <= 1:
            results = ((task, self._lead(function, task)) for task in tasks)
        else:
            results = self._map_over_processes(function, tasks, weigh, needs_memory)
        for task, made in results:
            self._peak_memory_mb = max(self._peak_memory_mb, made.memory_mb)
            task.store.learn_digests(made.digests)
            yield task, made.outcome

    def reduce(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Outcome]]:
        """As `map`, for a step that takes the whole corpus at once, but for its pieces."""
        for task in tasks:
            made = self._lead(function, task)
            self._peak_memory_mb = max(self._peak_memory_mb, made.memory_mb)
            task.store.learn_digests(made.digests)
            yield task, made.outcome

    def _lead(self, function: str, task: Task) -> Made:
        """Made by a worker, where one is there that has imported what it takes, or here."""
        # Where no process can be started it takes this one
        with _telling_faults(), suppress(StartError):
            if self._crew is not None and self._crew.can_lead():
                made: Made = self._crew.lead(lead, function, task)
                return made
        return call(function, replace(task, pieces=self))

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        """See pieces.Pieces.start."""
        if self._jobs == 1:
            return HERE.start(function, *arguments, **named)
        piece = Call(call_piece, function, *arguments, **named)
        self._find_crew().put(piece)
        return Started(partial(self._wait, piece))

    def count(self) -> int:
        """See pieces.Pieces.count."""
        return 1 if self._jobs == 1 else self._find_crew().count()

    def _wait(self, piece: Call) -> Any:
        """What a piece gives, at last."""
        with _telling_faults():
            result, memory_mb = self._find_crew().wait(piece)
        self._peak_memory_mb = max(self._peak_memory_mb, memory_mb)
        return result

    def _map_over_processes(
        self,
        function: str,
        tasks: list[Task],
        weigh: Callable[[Task], float],
        needs_memory: bool,
    ) -> Iterator[tuple[Task, Made]]:
        with _telling_faults():
            results = self._find_crew().map(
                partial(call, function),
                tasks,
                weights=[weigh(task) for task in tasks],
                needs_memory=needs_memory,
            )
        for task in tasks:
            with _telling_faults():
                made = next(results)
            yield task, made

    def _find_crew(self, stage: str = "") -> Crew:
        if self._crew is None:
            stages = list(self._needed)
            coming = stages[stages.index(stage) :] if stage in stages else stages
            parts = [name for stage in coming for name in self._needed[stage][0]]
            pieces = [self._needed[stage][1] for stage in coming]
            first = [partial(prepare, names) for names in pieces if names]
            self._crew = Crew(self._jobs, first, partial(prepare, parts))
        return self._crew

    @property
    def peak_memory_mb(self) -> float:
        """Largest resident memory of this process, or of a worker since it was started."""
        return max(self._peak_memory_mb, peak_memory_mb())


@contextmanager
def _telling_faults() -> Iterator[None]:
    """Raises NordtemaError for what befalls processes."""
    try:
        yield
    except StartError as error:
        raise NordtemaError(
            f"worker processes can't be started ({error}); run it with --jobs 1"
        ) from None
    except EndedError:
        raise NordtemaError(
            "a worker process was ended from outside, perhaps for want of memory; run it again "
            "to go on where it stopped, with --jobs 1 or a smaller part_documents under [run]"
        ) from None
