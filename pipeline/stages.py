"""Running the stages, from one to another, and what of them is up to date.

From the digests of what a step (`steps`) reads and depends on, and that of its own code, comes a
fingerprint; a part whose fingerprint stands in the manifest, with all its files as they were
written, is up to date and is not made again.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pipeline import __version__
from pipeline.lock import hold
from pipeline.naming import by_name
from pipeline.remote.address import Address, Place
from pipeline.settings import NordtemaError, Settings, UsageError
from pipeline.steps import IN_PARTS, NEEDED, STAGES, STEPS, Step
from pipeline.store import Entry, Outcome, Store, Task, fingerprint, missing_message
from pipeline.versions import package_versions, way_of
from pipeline.workers import Workers

# The fingerprint of a part that holds until the next run only; no digest looks like this
PROVISIONAL = "provisional"


@dataclass
class StageOutcome:
    """One stage of a run: how many parts were made, what they counted, what it took."""

    stage: str
    parts: int = 0
    made: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    changes: list[str] = field(default_factory=list)  # since the last run, in sentences

    @property
    def up_to_date(self) -> bool:
        return self.made == 0


class Progress(Protocol):
    """How a run tells what it does; the command line draws it."""

    def begin(self, stage: str) -> None: ...
    def advance(self, stage: str, done: int, total: int) -> None: ...
    def finish(self, outcome: StageOutcome) -> None: ...


class Silent:
    """Tells nothing."""

    def begin(self, stage: str) -> None:
        pass

    def advance(self, stage: str, done: int, total: int) -> None:
        pass

    def finish(self, outcome: StageOutcome) -> None:
        pass


def select_stages(first: str | None, last: str | None) -> tuple[str, ...]:
    """The stages from `first` to `last`, both included."""
    start = STAGES.index(first) if first else 0
    end = STAGES.index(last) if last else len(STAGES) - 1
    if start > end:
        raise UsageError(f"--from {first} comes after --until {last}; swap them")
    return STAGES[start : end + 1]


def open_task(raw: Place, out: Place, settings: Settings) -> Task:
    """What a run works on. Nothing is looked at yet."""
    if not isinstance(raw, Address):
        return Task(raw, Store(out), settings)
    from pipeline.remote.texts import RemoteTexts

    texts = RemoteTexts(raw)
    return Task(texts.root, Store(out), settings, texts=texts)


def run_stages(
    raw: Place, out: Place, settings: Settings, stages: tuple[str, ...], progress: Progress
) -> list[StageOutcome]:
    """Bring the tables of the named stages up to date. Raises NordtemaError."""
    task = open_task(raw, out, settings)
    if "read" in stages:
        check_folders(task)
    check_readers_files(settings, stages)
    with hold(task.store.place):
        return run_held_stages(task, stages, progress)


def run_held_stages(
    task: Task, stages: tuple[str, ...], progress: Progress, workers: Workers | None = None
) -> list[StageOutcome]:
    """As `run_stages`, for one that has checked the folders and holds that of the outputs.

    `workers` are those of one who does several runs; without them a run has its own.
    """
    store = task.store
    store.survey()
    store.remove_left_overs()
    try:
        with nullcontext(workers) if workers else hire_workers(task, stages) as hired:
            return _run_stages(task, stages, progress, hired)
    except BaseException:
        if workers:
            workers.end()
        with suppress(NordtemaError):
            store.keep_digests()
            # Of workers that were ended as they wrote
            store.remove_left_overs()
        raise


def _run_stages(
    task: Task, stages: tuple[str, ...], progress: Progress, workers: Workers
) -> list[StageOutcome]:
    store, settings = task.store, task.settings
    outcomes = []
    for stage in stages:
        progress.begin(stage)
        workers.forget_peak()
        began = time.perf_counter()
        outcome = StageOutcome(stage)
        if stage == "read":
            _fetch_texts(task, progress)
        for step in (step for step in STEPS if step.stage == stage):
            if step.name == "report":
                workers.renew()
            _run_step(step, task, workers, outcome, progress)
        store.keep_digests()
        outcome.seconds = time.perf_counter() - began
        outcome.peak_memory_mb = workers.peak_memory_mb
        outcomes.append(outcome)
        progress.finish(outcome)
    if "report" in stages:
        from pipeline.changes import record_changes

        outcomes[-1].changes += record_changes(store, settings)
    write_run_json(store, settings, outcomes)
    store.keep_digests()
    return outcomes


def _fetch_texts(task: Task, progress: Progress | None = None) -> None:
    """Bring the copy of texts in an object store up to date."""
    if task.texts is None:
        return
    from pipeline.read.files import is_named_like_a_text

    tell = partial(progress.advance, "read") if progress else lambda done, total: None
    max_bytes = task.settings.read.max_file_mb * 1_000_000
    task.texts.fetch(is_named_like_a_text, max_bytes, tell)


def hire_workers(task: Task, stages: tuple[str, ...]) -> Workers:
    """Processes of this machine, or a cluster's where one is named."""
    settings = task.settings
    cluster = None
    if settings.run.scheduler:
        from pipeline.workers.cluster import Cluster

        cluster = Cluster(
            settings.run.scheduler,
            raw=task.texts or task.raw,
            out=task.store.place,
            settings=settings,
            describe="pipeline.versions:describe_installation",
            reads_texts="read" in stages,
        )
    return Workers(settings.run.jobs, cluster, {stage: NEEDED[stage] for stage in stages})


_PUT_TEXTS = "put texts there (.txt, .md, .html, .pdf, .docx, .odt, .csv, .tsv, .jsonl, .parquet)"


def check_folders(task: Task) -> None:
    """Raises NordtemaError where the folders can't be worked with, before anything is written."""
    raw, out = task.raw, task.store.place
    if task.texts is not None:
        if not task.texts.find():
            raise NordtemaError(f"{raw}: is empty; {_PUT_TEXTS}, or check the address")
        if isinstance(out, Address) and out.is_within(task.texts.address):
            raise NordtemaError(_lies_inside(out, raw))
    else:
        _check_folder_of_texts(raw)
        if isinstance(out, Path) and out.resolve().is_relative_to(raw.resolve()):
            raise NordtemaError(_lies_inside(out, raw))
    if isinstance(out, Path) and out.exists() and not out.is_dir():
        raise NordtemaError(f"{out}: is not a folder; choose another one with --out")


def _check_folder_of_texts(raw: Path) -> None:
    advice = "name the folder that holds your texts"
    try:
        empty = next(os.scandir(raw), None) is None
    except FileNotFoundError:
        raise NordtemaError(f"{raw}: no such folder; {advice}") from None
    except NotADirectoryError:
        raise NordtemaError(f"{raw}: is not a folder; {advice}") from None
    except OSError as error:
        raise NordtemaError(f"{raw}: can't be opened ({error.strerror}); {advice}") from None
    if empty:
        raise NordtemaError(f"{raw}: is empty; {_PUT_TEXTS}, or name another folder")


def _lies_inside(out: Place, raw: Path) -> str:
    return (
        f"{out}: lies inside the folder of texts {raw}, where it would be read as one of them; "
        "choose another folder with --out"
    )


def check_readers_files(settings: Settings, stages: tuple[str, ...]) -> None:
    """Read the codebook and the curation file, so that a fault of theirs shows before any work.

    Raises NordtemaError.
    """
    if "cluster" in stages and settings.cluster.codebook:
        from pipeline.cluster.codebook import read_codebook

        read_codebook(Path(settings.cluster.codebook))
    if "cluster" in stages and settings.cluster.curation:
        from pipeline.cluster.curation import read_curation

        read_curation(Path(settings.cluster.curation))


def plan_stages(
    raw: Place, out: Place, settings: Settings, stages: tuple[str, ...]
) -> list[tuple[str, str]]:
    """What a run would do, without doing it: (stage, "up to date" or why it would run)."""
    task = open_task(raw, out, settings)
    if "read" in stages:
        check_folders(task)
    check_readers_files(settings, stages)
    task.store.survey()
    if "read" in stages:
        _fetch_texts(task)
    plan: list[tuple[str, str]] = []
    for stage in stages:
        reason = "up to date"
        if plan and plan[-1][1] != "up to date":
            reason = f"would run if {plan[-1][0]} changes its tables"
        else:
            for step in (step for step in STEPS if step.stage == stage):
                reason = _why_stale(step, task)
                if reason != "up to date":
                    break
        plan.append((stage, reason))
    return plan


def _why_stale(step: Step, task: Task) -> str:
    if step.always:
        # Only the step itself can tell what lies in raw/, and it answers without writing.
        function: Callable[..., bool] = importlib.import_module("pipeline.read.listing").is_listed
        entry = task.store.entry(step.name)
        way = way_of(step, task.settings)
        task = replace(task, made_alike=_is_made_alike(entry, way, task.store))
        return "up to date" if function(task) else "would run: the texts have changed"
    parts = [0] if step.scope == "corpus" else _input_parts(step, task.store)
    if not parts:
        return "would run: its input is not there yet"
    for part in parts:
        entry = task.store.entry(step.name, part)
        if entry is None:
            return "would run: not done yet"
        if not all(map(task.store.exists, _input_paths(step, task.store, part))):
            return "would run: its input is not there yet"
        if entry.fingerprint != _fingerprint(step, task.store, task.settings, part):
            return "would run: its input, settings or version have changed"
        if not task.store.is_intact(entry):
            return "would run: a file that it wrote is gone or was changed"
    return "up to date"


# One step


def _run_step(
    step: Step, task: Task, workers: Workers, outcome: StageOutcome, progress: Progress
) -> None:
    """Make the parts of a step that are not up to date, and add up what all its parts count."""
    store = task.store
    parts = _parts(step, store)
    tasks: list[Task] = []
    way = way_of(step, task.settings)
    for part in parts:
        for path in _input_paths(step, store, part):
            if not store.exists(path):
                raise NordtemaError(missing_message(path))
        entry = store.entry(step.name, part)
        fresh = (
            entry is not None
            and entry.fingerprint == _fingerprint(step, store, task.settings, part)
            and store.is_intact(entry)
        )
        if fresh and not step.always:
            assert entry is not None
            _add(outcome, entry)
        else:
            alike = _is_made_alike(entry, way, store)
            tasks.append(replace(task, part=part, made_alike=alike))
    # Of texts that were read before there may be nothing to do but to look at them
    if tasks and not (step.always and store.entry(step.name)):
        workers.start_early(step.stage)
    for done, (made, result) in enumerate(_make(step, tasks, workers), start=1):
        before = store.entry(step.name, made.part)
        mark = _fingerprint(step, store, task.settings, made.part)
        if result.provisional:
            mark = PROVISIONAL
        notes = tuple(map(by_name, result.notes))
        entry = store.record(step.name, made.part, mark, result.outputs, result.counts, notes, way)
        outcome.made += not (step.always and before == entry)
        _remove_left_over(store, before.outputs if before else {}, entry.outputs)
        _add(outcome, entry)
        progress.advance(step.stage, done, len(tasks))
    outcome.parts = max(outcome.parts, len(parts))
    if step.scope == "part":
        store.forget_parts(step.name, parts)
        for table in step.outputs:
            store.drop_parts(table, parts)


def _make(step: Step, tasks: list[Task], workers: Workers) -> Iterator[tuple[Task, Outcome]]:
    if step.scope == "corpus":
        return workers.reduce(step.function, tasks)

    # Words are looked up from the sentences on
    return workers.map(step.function, tasks, _weigh, needs_memory=step.stage != "read")


def _weigh(task: Task) -> float:
    """About how much work a part is: what its texts weigh, which is the same in each step."""
    try:
        return float(task.store.read("files", task.part, ["weight"])["weight"].sum())
    except NordtemaError:  # damaged, or of another version, which may not matter any more
        return 1.0


def _parts(step: Step, store: Store) -> list[int]:
    if step.scope == "corpus":
        return [0]
    parts = _input_parts(step, store)
    if not parts:
        raise NordtemaError(missing_message(store.path(step.inputs[0])))
    return parts


def _input_parts(step: Step, store: Store) -> list[int]:
    """The parts that any input of a step has: where another lacks one, it is missing."""
    return sorted(
        {part for table in step.inputs if table in IN_PARTS for part in store.parts(table)}
    )


def _input_paths(step: Step, store: Store, part: int) -> list[Path]:
    if step.scope == "corpus":
        parts = _input_parts(step, store) or [0]
        return [
            store.path(table, number)
            for table in step.inputs
            for number in (parts if table in IN_PARTS else [0])
        ]
    paths = [store.path(table, part) for table in step.inputs]
    return paths + [store.path(table) for table in step.corpus_inputs]


def _is_made_alike(entry: Entry | None, way: str, store: Store) -> bool:
    """Whether a part was made in this way, is as it was written, and may differ by its inputs."""
    return entry is not None and entry.way == way and store.is_intact(entry)


def _fingerprint(step: Step, store: Store, settings: Settings, part: int) -> str:
    inputs = _input_paths(step, store, part)
    inputs += [store.path(table, one) for table in step.optional for one in store.parts(table)]
    return fingerprint(
        way=way_of(step, settings),
        inputs={path.relative_to(store.root).as_posix(): _digest(store, path) for path in inputs},
    )


def _digest(store: Store, path: Path) -> str:
    try:
        return store.digest(path)
    except FileNotFoundError:  # removed since it was looked for
        raise NordtemaError(missing_message(path)) from None
    except OSError as error:
        raise NordtemaError(
            f"{path}: can't be read ({error.strerror}); remove that file and run nordtema again"
        ) from None


def _remove_left_over(store: Store, before: Iterable[str], now: Iterable[str]) -> None:
    """A file that the last run wrote and this one did not (a chart, say) is no longer true."""
    for path in set(before) - set(now):
        store.remove(store.root / path)


def _add(outcome: StageOutcome, entry: Entry) -> None:
    for name, number in entry.counts.items():
        outcome.counts[name] = outcome.counts.get(name, 0) + number
    outcome.notes += [note for note in entry.notes if note not in outcome.notes]


# What a run was


def write_run_json(store: Store, settings: Settings, outcomes: list[StageOutcome]) -> None:
    """`report/run.json`: what was run, on what, and what it took."""
    path = store.root / "report" / "run.json"
    stages = _earlier_stages(store, path)
    for outcome in outcomes:
        known = stages.get(outcome.stage)
        if outcome.up_to_date and known:
            stages[outcome.stage] = {**known, "ran": False}
        else:
            stages[outcome.stage] = {
                "ran": not outcome.up_to_date,
                "parts": outcome.parts,
                "seconds": round(outcome.seconds, 3),
                "peak_memory_mb": round(outcome.peak_memory_mb, 1),
                "counts": outcome.counts,
            }
    inputs: dict[str, str] = {}
    for files in store.each("files"):
        inputs |= dict(zip(files["path"], files["digest"], strict=True))
    store.write_json(
        path,
        {
            "version": __version__,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": sys.version.split()[0],
            "packages": package_versions(),
            "settings": settings.model_dump(),
            "stages": stages,
            "changes": [sentence for outcome in outcomes for sentence in outcome.changes],
            "inputs": dict(sorted(inputs.items())),
        },
    )


def _earlier_stages(store: Store, path: Path) -> dict[str, Any]:
    try:
        stages = dict(json.loads(store.local(path).read_text(encoding="utf-8"))["stages"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {stage: dict(known) for stage, known in stages.items() if isinstance(known, dict)}
