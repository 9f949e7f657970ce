"""One part or piece, made in the process where this is called: by the run itself or a worker."""

from __future__ import annotations

import importlib
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.folder import State
from pipeline.nordic.garbage import put_off_collection
from pipeline.pieces import find
from pipeline.store import Outcome, Task


class Made(NamedTuple):
    """What came of a task, and what the run need not find out again."""

    outcome: Outcome
    memory_mb: float  # the most that the process held, since it was started
    digests: dict[str, State]  # as `Store.list_digests`


def call(function: str, task: Task) -> Made:
    """A step's function on one task."""
    with put_off_collection():
        run = find(function)
    outcome: Outcome = run(task)
    return Made(outcome, peak_memory_mb(), task.store.list_digests(outcome.outputs))


def call_piece(function: str, /, *arguments: Any, **named: Any) -> tuple[Any, float]:
    """What a piece gives, and the most memory that the process held, in megabytes."""
    return find(function)(*arguments, **named), peak_memory_mb()


def prepare(names: Sequence[str]) -> None:
    """Import modules, and call functions ("module:name") that remember what they read."""
    for name in names:
        # What is missing or damaged is told by the step that can't do without it
        with suppress(Exception):
            if ":" in name:
                find(name)()
            else:
                importlib.import_module(name)


def peak_memory_mb() -> float:
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
