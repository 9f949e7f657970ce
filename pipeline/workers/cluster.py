"""The parts of a step, made by the workers of a Dask scheduler (`--scheduler tcp://host:port`).

Workers are given names, numbers and settings, and give back the names and counts of what they
wrote: texts and tables go by the storage that they share with the run, never through the scheduler.
A part that a lost worker had under way is made again by another one. Whether a worker can take part
(the same version, the same folders, a process to itself) is asked of each before the work begins,
and by each, once, of itself: workers come later too.

While a run lasts its mark lies in the outputs folder: a file that each worker must find there. It
tells the same folder from another one of that name, and it ends what a run that was broken off has
left under way: without the mark nothing is written any more.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import re
import secrets
import time
import warnings
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.naming import by_name
from pipeline.pieces import find
from pipeline.remote.address import Place
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store, Task
from pipeline.workers.calling import Made, call

if TYPE_CHECKING:
    from pipeline.remote.texts import RemoteTexts

# How long a scheduler may take to answer, in seconds
ANSWER_SECONDS = 15.0
# How long there may be no worker: one that was ended is started anew in a second or two
WORKERS_SECONDS = 30.0
# How often it is asked whether there still are workers
LOOK_SECONDS = 5.0

# What a scheduler needs alike: it makes no parts
ONLY_OPENS = ("nordtema", "distributed")

_START = "`dask worker {} --nworkers auto --nthreads 1`"
_OR_HERE = "or leave out --scheduler to use the processes of this machine"


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


class Cluster:
    """The workers of one scheduler, for one run. Raises NordtemaError where they can't be used."""

    def __init__(
        self,
        address: str,
        *,
        raw: Path | RemoteTexts,
        out: Place,
        settings: Settings,
        describe: str,
        reads_texts: bool,
    ) -> None:
        self._address = address
        self._raw = raw.absolute() if isinstance(raw, Path) else raw
        self._out = out.absolute() if isinstance(out, Path) else out
        self._settings = _with_whole_paths(settings)
        self._describe = describe
        self._reads_texts = reads_texts
        self._mark = ""
        self._client: Any = None
        self._executor: Executor | None = None
        self._site: Site | None = None
        self._logged = logging.NOTSET

    def open(self) -> None:
        """Connect, and ask each worker whether it can take part."""
        self._silence()
        try:
            self._client = self._connect()
            self._wait_for_workers()
            self._site = self._make_site()
            self._check_workers(self._site)
            # Each part is asked for once, however alike two requests are
            self._executor = self._client.get_executor(pure=False)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Take back what is still to be done, and leave."""
        if self._mark:
            with suppress(NordtemaError):
                store = Store(self._out)
                store.remove(store.root / self._mark)
                # What workers that were killed have left, now that no other one writes
                store.remove_left_overs()
        # Where the scheduler is lost there is nothing to take back, and no one to tell
        with suppress(Exception):
            if self._executor is not None:
                self._executor.shutdown(wait=False)
        with suppress(Exception):
            if self._client is not None:
                self._client.close(timeout=ANSWER_SECONDS)
        self._mark, self._executor, self._client = "", None, None
        logging.getLogger("distributed").setLevel(self._logged)

    def map(self, function: str, tasks: list[Task]) -> Iterator[tuple[Task, Made]]:
        """Each task with what a worker made of it, in the order of the tasks."""
        assert self._executor is not None
        assert self._site is not None
        site = self._site
        store = MarkedStore(site.out, site.mark)
        futures: dict[Future[Made], Task] = {}
        for task in tasks:
            raw = task.raw if task.texts else task.raw.absolute()
            theirs = replace(task, raw=raw, store=store, settings=site.settings)
            futures[self._executor.submit(make_part, Errand(site, function, theirs))] = task
        for done, (future, task) in enumerate(futures.items()):
            self._wait(future, left=len(tasks) - done)
            made = self._result(future, task.part)
            outputs = [task.store.root / path for path in made.outcome.outputs]
            yield task, made._replace(outcome=replace(made.outcome, outputs=outputs))

    # Before the work

    def _silence(self) -> None:
        """What is wrong is told in one line, here, not by the library's own log."""
        log = logging.getLogger("distributed")
        self._logged = log.level
        log.setLevel(logging.CRITICAL + 1)

    def _connect(self) -> Any:
        try:
            from distributed import Client
        except ImportError as error:
            raise NordtemaError(
                f"--scheduler needs Dask, which is not installed ({error}); install it with: "
                "pip install 'nordtema[dask]'"
            ) from None
        with warnings.catch_warnings():
            # Versions are compared by `check_worker`, the one of Dask among them
            warnings.simplefilter("ignore")
            try:
                # A client never gives up on one who takes its call and says nothing
                found = _ask_who_is_there(self._address)
                if found != "Scheduler":
                    raise ValueError(f"there is a {found.lower()}")
                return Client(self._address, timeout=ANSWER_SECONDS, set_as_default=False)
            except Exception as error:  # whatever may be at that address
                raise NordtemaError(
                    f"{self._address}: no Dask scheduler answers there within "
                    f"{ANSWER_SECONDS:g} seconds ({_reason(error)}); check the address, "
                    f"start one with `dask scheduler`, {_OR_HERE}"
                ) from None

    def _wait_for_workers(self) -> None:
        began = time.monotonic()
        while not self._count_workers():
            if time.monotonic() - began > WORKERS_SECONDS:
                raise NordtemaError(
                    f"{self._address}: the scheduler has no workers, and none came within "
                    f"{WORKERS_SECONDS:g} seconds; start some with "
                    f"{_START.format(self._address)}, {_OR_HERE}"
                )
            time.sleep(0.2)

    def _make_site(self) -> Site:
        installation = find(self._describe)(self._settings)
        # Named like a file that is being written: what a killed run has left is then removed
        mark = f"work/.run-{secrets.token_hex(8)}.{os.getpid()}.tmp"
        store = Store(self._out)
        store.write_bytes(store.root / mark, mark.encode())
        self._mark = mark
        return Site(
            out=self._out,
            raw=self._raw if isinstance(self._raw, Path) else self._raw.address,
            mark=mark,
            witness=_find_witness(self._raw) if self._reads_texts else None,
            installation=tuple(installation.items()),
            describe=self._describe,
            settings=self._settings,
        )

    def _check_workers(self, site: Site) -> None:
        answers = {f"the scheduler {self._address}": self._ask_scheduler(site)}
        for worker, answer in self._ask_workers(site).items():
            answers[f"worker {worker}"] = answer
        for name, answer in answers.items():
            if isinstance(answer, OSError):  # it has gone since, and what it does is for others
                continue
            if _is_of_import(answer):
                raise NordtemaError(_has_no_nordtema(name))
            if isinstance(answer, BaseException):
                raise answer
            if answer:
                raise NordtemaError(f"{name}: {answer}")

    def _ask_scheduler(self, site: Site) -> Any:
        # It opens what is sent to the workers, and needs the package for that
        try:
            return self._client.run_on_scheduler(compare_installation, site, ONLY_OPENS)
        except Exception as error:
            return error

    def _ask_workers(self, site: Site) -> dict[str, Any]:
        try:
            answers: dict[str, Any] = self._client.run(check_worker, site, on_error="return")
            return answers
        except (OSError, CancelledError):
            raise self._lost_scheduler() from None

    # While it goes on

    def _wait(self, future: Future[Any], left: int) -> None:
        """Until the part is done, for as long as there are workers to do it."""
        without = None
        while not wait([future], timeout=LOOK_SECONDS).done:
            if self._count_workers():
                without = None
                continue
            without = without or time.monotonic()
            if time.monotonic() - without > WORKERS_SECONDS:
                raise NordtemaError(
                    f"{self._address}: all workers have gone, with {left} parts of this step to be "
                    f"done; start some with {_START.format(self._address)} and run it again to go "
                    "on where it stopped"
                )

    def _count_workers(self) -> int:
        try:
            return len(
                self._client.sync(self._client.scheduler.ncores, callback_timeout=ANSWER_SECONDS)
            )
        except Exception:
            raise self._lost_scheduler() from None

    def _result(self, future: Future[Made], part: int) -> Made:
        from distributed import KilledWorker

        try:
            return future.result()
        except CancelledError:
            raise self._lost_scheduler() from None
        except KilledWorker as error:
            raise NordtemaError(
                f"part {part}: every worker that took it was ended from outside "
                f"({error.allowed_failures + 1}), perhaps for want of memory; give workers more "
                "(--memory-limit), or set a smaller part_documents under [run], and run it again "
                "to go on where it stopped"
            ) from None
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != __name__.partition(".")[0]:
                raise
            raise NordtemaError(_has_no_nordtema("a worker that came later")) from None

    def _lost_scheduler(self) -> NordtemaError:
        return NordtemaError(
            f"{self._address}: the scheduler no longer answers; start it and its workers again, "
            "and run it again to go on where it stopped"
        )


def _find_witness(raw: Path | RemoteTexts) -> tuple[str, int] | None:
    """Some file below a folder, and its size: who sees the folder sees that file."""
    if not isinstance(raw, Path):
        name, found = min(raw.find().items())
        return name, found.size
    for folder, folders, names in os.walk(raw):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                return path.relative_to(raw).as_posix(), path.stat().st_size
    return None


def _with_whole_paths(settings: Settings) -> Settings:
    """Folders of models by their whole paths: a worker was started in another folder."""

    def whole(name: str) -> str:
        return str(Path(name).absolute()) if name and Path(name).is_dir() else name

    kind, colon, model = settings.vectorize.vectors.partition(":")
    segment = settings.segment
    return settings.model_copy(
        update={
            "segment": segment.model_copy(
                update={
                    "spacy_da": whole(segment.spacy_da),
                    "spacy_no": whole(segment.spacy_no),
                }
            ),
            "vectorize": settings.vectorize.model_copy(
                update={"vectors": f"{kind}{colon}{whole(model)}"}
            ),
        }
    )


def _has_no_nordtema(name: str) -> str:
    return (
        f"{name}: has no nordtema {__version__}, or another one; install there what is installed "
        "here, with its extra dask, and start it again"
    )


def _is_of_import(answer: Any) -> bool:
    """Whether a question was not understood; a worker that can't open one says so in words."""
    words = ("ModuleNotFoundError", "ImportError", "AttributeError")
    return isinstance(answer, ImportError | AttributeError) or (
        isinstance(answer, Exception) and str(answer).startswith(words)
    )


def _reason(error: BaseException) -> str:
    """What an error came from, in its first line."""
    while error.__cause__ is not None:
        error = error.__cause__
    # "in <…TCPConnector object at 0x7f…>: ConnectionRefusedError: [Errno 111] Connection refused"
    said = re.sub(r"(?m)^.*\[Errno -?\d+\] ", "", str(error).strip())
    return (said.splitlines() or ["no answer"])[0]


def _ask_who_is_there(address: str) -> str:
    """What answers at an address: a Scheduler, a Worker, a Nanny. Raises whatever Dask raises."""
    from distributed.core import rpc
    from distributed.security import Security

    secured = Security().get_connection_args("client")

    async def ask() -> str:
        async with rpc(address, timeout=ANSWER_SECONDS, connection_args=secured) as there:
            return str((await there.identity())["type"])

    # In a thread of its own, for a notebook has a loop in this one
    with ThreadPoolExecutor(1) as thread:
        limited = asyncio.wait_for(ask(), ANSWER_SECONDS + 1)
        return thread.submit(asyncio.run, limited).result()


# On the workers


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
