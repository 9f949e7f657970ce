"""What a run and the workers of a cluster must have in common, and a part made by one of them.

All of it is called on the workers (see `cluster`), but for MarkedStore, by which the run hands its
outputs folder to them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.naming import by_name
from pipeline.pieces import find
from pipeline.remote.address import Place
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store, Task
from pipeline.workers.calling import Made, call


@dataclass(frozen=True)
class Site:
    """What a worker must have in common with the run for which it works."""

    out: Place  # the folder of outputs and that of texts, as the run sees them
    raw: Place
    mark: str  # the name of the run's mark, below `out`
    witness: tuple[str, int] | None  # a file below `raw` and its bytes; None where none is read
    installation: tuple[tuple[str, str], ...]  # what results depend on: a name, its version
    describe: str  # "module:function" that gives the installation where it is called
    settings: Settings


@dataclass(frozen=True)
class Errand:
    """A part to make: all that goes to a worker."""

    site: Site
    function: str
    task: Task


def make_part(errand: Errand) -> Made:
    """As `call`, in a worker's process; outputs are relative to the outputs folder."""
    from distributed import get_worker

    site = errand.site
    worker = get_worker()
    fault = check_worker(site, worker)
    if fault:
        raise NordtemaError(f"worker {worker.address}: {fault}")
    _allow_children()
    task = errand.task
    if task.texts is not None:  # this machine has a copy of its own
        task = replace(task, raw=task.texts.root)
    made = call(errand.function, task)
    outputs = [path.relative_to(task.store.root) for path in made.outcome.outputs]
    notes = tuple(map(by_name, made.outcome.notes))
    return made._replace(outcome=replace(made.outcome, outputs=outputs, notes=notes))


def check_worker(site: Site, dask_worker: Any = None) -> str:
    """Why this process can't make parts of the run, with what to do; empty where it can."""
    threads = dask_worker.state.nthreads if dask_worker else 1
    if threads > 1:
        return (
            f"has {threads} threads, and a part needs a process to itself; start workers with "
            "--nthreads 1, and --nworkers auto for one a core"
        )
    return _check_site(site)


@lru_cache(maxsize=8)
def _check_site(site: Site) -> str:
    """As `check_worker`: a process asks itself once a run."""
    return compare_installation(site) or _compare_folders(site)


def compare_installation(site: Site, names: Collection[str] = ()) -> str:
    """What is here in another version than where the run was started; names: asked for, or all."""
    ours = _describe_once(site.describe, site.settings)
    for name, wanted in site.installation:
        found = ours.get(name, "")
        if found != wanted and (not names or name in names):
            differs = f"{name} {found}" if found else f"no {name}"
            advice = (
                "set OPENBLAS_CORETYPE to one that all processors can do, such as Haswell, for both"
                if "OpenBLAS" in name
                else "install the same versions in both places (requirements.lock), and start the "
                "scheduler and its workers again"
            )
            return f"has {differs}, but the run {name} {wanted}; {advice}"
    return ""


@lru_cache(maxsize=8)
def _describe_once(describe: str, settings: Settings) -> Mapping[str, str]:
    # Once a process: code that changes under a running worker is not what that worker runs
    described: Mapping[str, str] = find(describe)(settings)
    return described


def _compare_folders(site: Site) -> str:
    try:
        if not MarkedStore(site.out, site.mark).is_marked():
            return f"does not see the outputs folder {site.out} of the run; {_same_place(site.out)}"
        if site.witness is not None and not _sees(site.raw, *site.witness):
            return (
                f"does not see the texts in {site.raw} ({site.witness[0]} is not the same there); "
                f"{_same_place(site.raw)}"
            )
    except NordtemaError as error:  # of an object store, which it may not reach
        return str(error)
    return ""


def _sees(raw: Place, name: str, size: int) -> bool:
    """Whether a file of texts is there, of this size."""
    if isinstance(raw, Path):
        path = raw / name
        return path.is_file() and path.stat().st_size == size
    from pipeline.remote.bucket import Bucket

    try:
        return Bucket(raw).look(name).size == size
    except (FileNotFoundError, PermissionError):
        return False


def _same_place(place: Place) -> str:
    if isinstance(place, Path):
        return "mount the same storage there under the same path"
    return "give it the same access keys and the same endpoint, in its environment"


def _allow_children() -> None:
    """`dask worker` makes its process one that may have no children.

    The child in which large files are read (`read.guarded`) ends with its parent by itself.
    """
    process = multiprocessing.current_process()
    if process.daemon:
        process.daemon = False


class MarkedStore(Store):
    """The outputs folder as a worker sees it: nothing is written once the run's mark is gone."""

    def __init__(self, place: Place, mark: str) -> None:
        super().__init__(place)
        self._mark = mark

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_mark": self._mark}

    def is_marked(self) -> bool:
        """Whether the run's mark lies there now, and is the run's."""
        mark = self.root / self._mark
        self.files.refresh([mark])
        try:
            return self.local(mark).read_text(encoding="utf-8") == self._mark
        except OSError:
            return False

    def write_bytes(self, path: Path, content: bytes | memoryview) -> None:
        if not self.is_marked():
            raise NordtemaError(f"{path}: is not written, for the run that asked for it has ended")
        super().write_bytes(path, content)
