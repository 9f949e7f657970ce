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
import os
import re
import secrets
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.pieces import find
from pipeline.remote.address import Place
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store, Task
from pipeline.workers.calling import Made
from pipeline.workers.site import (
    Errand,
    MarkedStore,
    Site,
    check_worker,
    compare_installation,
    make_part,
)

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
