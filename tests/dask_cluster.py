"""A Dask scheduler and workers as processes of this machine, and steps for them to do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline import __version__
from pipeline.read.convert import ReadOptions
from pipeline.read.guarded import SMALL_BYTES, Guard
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Outcome, Task

HERE = Path(__file__).parent
SECONDS_TO_START = 60
# The name of a worker that has one
NANNY = "nanny"


class Dask:
    """Processes by name; all are ended, by their numbers, when the `with` ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.processes: dict[str, subprocess.Popen] = {}

    def __enter__(self) -> Dask:
        return self

    def __exit__(self, *_: object) -> None:
        # Workers first: without their scheduler they would say so
        for name in reversed(self.processes):
            self.kill(name)

    def start_scheduler(
        self, host: str = "127.0.0.1", inside: Sequence[str] = (), **settings: str
    ) -> str:
        told = self.folder / "scheduler.json"
        fixed = ("--host", host, "--port", 0, "--no-dashboard", "--scheduler-file", told)
        fixed += ("--idle-timeout", "600 s")
        self.start("scheduler", "scheduler", *fixed, inside=inside, **settings)
        wait_for(told.exists)
        wait_for(lambda: bool(told.read_text()))
        self.address = json.loads(told.read_text())["address"]
        return self.address

    def start_worker(
        self,
        name: str,
        *,
        inside: Sequence[str] = (),
        path: Sequence[Path] = (HERE.parent, HERE),
        threads: int = 1,
        **settings: str,
    ) -> None:
        # Tests that were killed themselves leave none behind for long
        fixed = ("--nthreads", threads, "--no-dashboard", "--name", name, "--death-timeout", 60)
        place = ("--local-directory", self.folder / name)
        nanny = () if name == NANNY else ("--no-nanny",)
        arguments = (self.address, *fixed, *place, *nanny)
        self.start(name, "worker", *arguments, inside=inside, path=path, **settings)

    def start(
        self,
        name: str,
        *arguments: object,
        inside: Sequence[str] = (),
        path: Sequence[Path] = (HERE.parent, HERE),
        **settings: str,
    ) -> None:
        command = [*inside, sys.executable, "-m", "dask", *map(str, arguments)]
        place = {"PYTHONPATH": os.pathsep.join(map(str, path)), **settings}
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=os.environ | place, cwd=self.folder
            )

    def kill(self, name: str) -> None:
        process = self.processes[name]
        if name == NANNY:
            # It ends its worker where it is asked to, and not where it is killed
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
        process.kill()
        process.wait()


@contextmanager
def own_dask(folder: Path, workers: int = 1) -> Iterator[Dask]:
    folder.mkdir(exist_ok=True)
    with Dask(folder) as dask:
        dask.start_scheduler()
        for number in range(workers):
            dask.start_worker(f"worker-{number}")
        yield dask


def wait_for(is_so, seconds: float = SECONDS_TO_START) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


# Steps, which workers find by their names


def describe(settings: Settings) -> dict[str, str]:
    return {"nordtema": __version__}


def write_part(task: Task) -> Outcome:
    """Tell who does the part, wait until there is a file `go`, and write."""
    told = task.store.root / f"part-{task.part}.{os.getpid()}.begun"
    told.touch()
    while not (task.store.root / "go").exists():
        time.sleep(0.02)
    path = task.store.root / f"part-{task.part}.txt"
    task.store.write_bytes(path, f"part {task.part} of {task.settings.run.seed}".encode())
    return Outcome([path], {"parts": 1})


def read_large_text(task: Task) -> Outcome:
    """What is read in a child process."""
    text = "En sætning om borgernes møde med kommunen.\n" * (SMALL_BYTES // 20)
    with Guard(60, 500) as guard:
        (found,) = guard.convert(text.encode(), ".txt", 0, 0, ReadOptions())
    assert not isinstance(found, str), found
    return Outcome([], {"characters": len(text)})


def die(task: Task) -> Outcome:
    """As where the system ends a process for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return Outcome([])


def complain(task: Task) -> Outcome:
    raise NordtemaError(f"part {task.part}: can't be read; mend it")


def begun(out: Path) -> dict[int, int]:
    """Which parts were begun, and by which process."""
    names = [path.name.split(".") for path in out.glob("part-*.begun")]
    return {int(part.removeprefix("part-")): int(process) for part, process, _ in names}
