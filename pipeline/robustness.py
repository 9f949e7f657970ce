"""The same run in other ways, each for real: which findings would have come out all the same.

A run rests on choices that another analyst might have made otherwise: a seed, a number of themes,
the sentence vectors, what counts as clutter. Each variant changes one of them. It works on a copy
of the run's tables (hard links where the disk has them), in which only what the choice concerns is
made again, and which is removed afterwards. What became of each contrast is a part of the table
`robustness`, with an entry in the manifest like those of the steps: what is up to date is not done
again, and an interrupted check goes on where it stopped.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.lock import hold
from pipeline.remote.address import Address, Place
from pipeline.schemas import SCHEMAS
from pipeline.settings import VECTORS, NordtemaError, Settings
from pipeline.stages import (
    Progress,
    Silent,
    StageOutcome,
    check_folders,
    check_readers_files,
    hire_workers,
    open_task,
    plan_stages,
    run_held_stages,
    select_stages,
)
from pipeline.steps import STAGES, STEPS
from pipeline.store import Store, Task, fingerprint, not_written

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.workers import Workers

TABLE = "robustness"
N_SEEDS = 3
# Fewer or more themes by so many, or by less where so many are not possible
THEMES_MORE = 2
# Of two themes' sentences this part at least is common to them, or they are not the same theme
SAME = 0.3
NOT_FOUND, NOT_COMPARED = "not found again", "these groups are not there"
_SEED_LIMIT = 2**32
_FINDING = ("theme_id", "group_a", "group_b")


@dataclass(frozen=True)
class Variant:
    """One other way to do a run."""

    name: str  # as in the table
    what: str  # in plain words
    option: str  # how to ask for it, on the command line or in nordtema.toml
    values: dict[str, dict[str, Any]] = field(hash=False)  # section -> name -> value

    def apply(self, settings: Settings) -> Settings:
        """The settings of a run with this choice laid over them."""
        sections = settings.model_dump()
        for section, values in self.values.items():
            sections[section] = {**sections[section], **values}
        return Settings.model_validate(sections)


@dataclass(frozen=True)
class Check:
    """What a check came to."""

    sentences: list[str]  # to be read
    notes: list[str]
    up_to_date: bool


def check_robustness(raw: Place, out: Place, settings: Settings, progress: Progress) -> Check:
    """Bring the run, the table `robustness` and the report up to date. Raises NordtemaError.

    A variant that can't be done (vectors that a codebook can't be placed in, say) is told in a note
    and leaves no rows; the others are done all the same.
    """
    task = open_task(raw, out, settings)
    check_folders(task)
    check_readers_files(settings, STAGES)
    with hold(task.store.place):
        return _check_held(task, progress)


def _check_held(task: Task, progress: Progress) -> Check:
    # The same processes for all runs: to start anew takes a second each time. A cluster's workers
    # are told of each run's folder.
    shared = None if task.settings.run.scheduler else hire_workers(task, STAGES)
    with shared or nullcontext():
        return _check_with(task, progress, shared)


def _check_with(task: Task, progress: Progress, workers: Workers | None) -> Check:
    store, settings = task.store, task.settings
    outcomes = run_held_stages(task, select_stages(None, "compare"), progress, workers)
    notes = [note for outcome in outcomes for note in outcome.notes]
    contrasts = store.read("contrasts")
    variants = list_variants(settings, *count_themes(store)) if len(contrasts) else []
    marks = list(_list_marks(store))
    done: list[int] = []
    made = 0
    for number, variant in enumerate(variants):
        mark = fingerprint(
            step=TABLE,
            code=_digest_code(),
            run=marks,
            variant=[variant.name, variant.what, variant.values],
        )
        entry = store.entry(TABLE, number)
        if entry and entry.fingerprint == mark and store.is_intact(entry):
            done.append(number)
            continue
        progress.begin(variant.name)
        began = time.perf_counter()
        try:
            with store.make_scratch(f"variant-{number:02d}") as place:
                rows = _run_variant(task, variant, place, workers)
        except NordtemaError as error:
            notes.append(f"{variant.option}: can't be compared: {error}")
            continue
        counts = count_verdicts(rows)
        store.record(TABLE, number, mark, [store.write(TABLE, rows, number)], counts, ())
        done.append(number)
        made += 1
        seconds = time.perf_counter() - began
        progress.finish(StageOutcome(variant.name, 1, 1, counts, seconds=seconds))
    store.forget_parts(TABLE, done)
    store.drop_parts(TABLE, done)
    outcomes += run_held_stages(task, ("report",), progress, workers)
    if not len(contrasts):
        sentences = ["There are no two groups to compare, so there is no finding to check."]
    elif not done:
        sentences = ["No other way to do the run could be compared."]
    else:
        sentences = summarize(contrasts, store.read_all(TABLE), variants)
    up_to_date = not made and all(outcome.up_to_date for outcome in outcomes)
    return Check(sentences, notes, up_to_date)


def plan_robustness(raw: Place, out: Place, settings: Settings) -> list[tuple[str, str]]:
    """What a check would do, without doing it. Raises NordtemaError."""
    plan = plan_stages(raw, out, settings, select_stages(None, "compare"))
    store = Store(out)
    if not store.exists(store.path("model")):
        return [*plan, (TABLE, "would do the run in other ways, which depend on its themes")]
    variants = list_variants(settings, *count_themes(store))
    return [*plan, *((variant.name, f"{variant.what} ({variant.option})") for variant in variants)]


def count_themes(store: Store) -> tuple[int, int]:
    """How many themes a run has before decisions on them, and how many of a codebook are in it."""
    model = store.read_model()
    n_given = len(model["places"]) if "places" in model else 0
    return len(model["centroids"]) + n_given, n_given


def list_variants(settings: Settings, n_themes: int, n_given: int = 0) -> list[Variant]:
    """The other ways to do a run with these settings, that has so many themes.

    `n_given` of them are a codebook's, which stay; two themes are the fewest.
    """
    found = []
    for number in range(1, N_SEEDS + 1):
        seed = (settings.run.seed + number) % _SEED_LIMIT
        found.append(_vary("seed", seed, "another seed", "run", "seed"))
    for number in choose_numbers(n_themes, max(2, n_given)):
        more = "more" if number > n_themes else "fewer"
        found.append(_vary("themes", number, f"{more} themes", "cluster", "themes"))
    found += [
        _vary("vectors", name, "other sentence vectors", "vectorize", "vectors")
        for name in VECTORS
        if name != settings.vectorize.vectors
    ]
    if settings.detect.min_confidence > 0:
        what = "texts of doubtful language put back"
        option = "detect.min_confidence = 0"
        found.append(Variant("min_confidence 0", what, option, {"detect": {"min_confidence": 0.0}}))
    if not settings.read.keep_clutter:
        what, option = "dropped blocks put back", "read.keep_clutter = true"
        found.append(Variant("keep_clutter", what, option, {"read": {"keep_clutter": True}}))
    by = "words" if settings.compare.share_by == "sentences" else "sentences"
    option = f'compare.share_by = "{by}"'
    values = {"compare": {"share_by": by}}
    return [*found, Variant(f"share_by {by}", f"shares by {by}", option, values)]


def choose_numbers(n_themes: int, fewest: int) -> list[int]:
    """Two themes fewer and two more, or one fewer where there can't be so few, or none."""
    fewer = max(n_themes - THEMES_MORE, fewest)
    return [*([fewer] if fewer < n_themes else []), n_themes + THEMES_MORE]


def _vary(name: str, value: Any, what: str, section: str, key: str) -> Variant:
    return Variant(f"{name} {value}", what, f"--{name} {value}", {section: {key: value}})


def _list_marks(store: Store) -> Iterator[list[Any]]:
    """What tells one run from another: the fingerprints and digests of its steps up to compare."""
    for step in (step for step in STEPS if step.stage != "report"):
        for part in [0] if step.scope == "corpus" else store.parts(step.outputs[0]):
            entry = store.entry(step.name, part)
            if entry:
                yield [step.name, part, entry.fingerprint, entry.outputs]


@cache
def _digest_code() -> str:
    return Store(Path(__file__).parent).digest(Path(__file__))


# One variant


def _run_variant(
    task: Task, variant: Variant, place: Path, workers: Workers | None
) -> pd.DataFrame:
    """Run a variant in a folder of its own, and give its rows of the table `robustness`."""
    store = task.store
    copy_tables(store, place)
    chosen = variant.apply(task.settings)
    if isinstance(store.place, Address):
        # The folder is one of this machine, which a cluster's workers don't see
        here = chosen.run.model_copy(update={"scheduler": ""})
        chosen = chosen.model_copy(update={"run": here})
    # What chance looks like is asked of the run alone; it would take as long as all the rest
    hurried = chosen.compare.model_copy(update={"placebo_splits": 0})
    chosen = chosen.model_copy(update={"compare": hurried})
    own = Store(place)
    theirs = replace(task, store=own, settings=chosen)
    run_held_stages(theirs, select_stages(None, "compare"), Silent(), workers)
    overlaps = measure_overlaps(_count_shared(store, own))
    changed = _digests(store, "contrasts", "assignments") != _digests(
        own, "contrasts", "assignments"
    )
    rows = compare_contrasts(store.read("contrasts"), own.read("contrasts"), match_themes(overlaps))
    return rows.assign(
        variant=variant.name,
        what=f"{variant.what} ({variant.option})",
        changed=changed,
        of_run=store.digest(store.path("contrasts")),
    )[list(SCHEMAS[TABLE])]


def copy_tables(store: Store, place: Path) -> None:
    """The tables of a run and its manifest in another folder, as hard links where that is possible.

    Files are never written into, only replaced: what is done there leaves the run alone. Raises
    NordtemaError.
    """
    tables = {table for step in STEPS for table in step.outputs}
    manifest = {f"manifest/{step.name}" for step in STEPS if step.stage != "report"}
    try:
        for folder in sorted(tables | manifest):
            for name in store.files.names(store.root / "work" / folder):
                if not name.endswith(".tmp"):
                    target = place / "work" / folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _link(store.local(store.root / "work" / folder / name), target)
    except OSError as error:
        raise not_written(place, error) from None


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that has no links
        shutil.copy2(source, target)


def _digests(store: Store, *tables: str) -> list[str]:
    return [
        store.digest(store.path(table, part)) for table in tables for part in store.parts(table)
    ]


# Which theme is which


@dataclass(frozen=True)
class Shared:
    """Counts over the sentences that two runs both have; themes by id."""

    both: dict[tuple[str, str], int]  # sentences in a theme of the one and a theme of the other
    ours: dict[str, int]
    theirs: dict[str, int]


def _count_shared(store: Store, other: Store) -> Shared:
    """Part by part: the texts are cut into the same parts, however they are read."""
    shared = Shared({}, {}, {})
    for part in sorted(set(store.parts("assignments")) & set(other.parts("assignments"))):
        add_shared(shared, _read_placed(store, part), _read_placed(other, part))
    return shared


def _read_placed(store: Store, part: int) -> pd.DataFrame:
    """doc_id, text, theme_id: sentences in their order, with their themes."""
    sentences = store.read("sentences", part)[["sentence_id", "doc_id", "text"]]
    assignments = store.read("assignments", part)[["sentence_id", "theme_id"]]
    return sentences.merge(assignments, on="sentence_id", validate="one_to_one")


def add_shared(shared: Shared, ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Add the sentences that two tables of doc_id, text and theme_id both have.

    A sentence is known by its document and its words: its number changes where blocks are put back.
    The second time that a document says the same is the second time in the other run.
    """
    keys = ["doc_id", "text", "time"]
    tables = [one.assign(time=one.groupby(keys[:2]).cumcount()) for one in (ours, theirs)]
    joined = tables[0].merge(tables[1], on=keys, suffixes=("", "_other"), validate="one_to_one")
    pairs = list(zip(joined["theme_id"], joined["theme_id_other"], strict=True))
    for theme, other in pairs:
        if theme:
            shared.ours[theme] = shared.ours.get(theme, 0) + 1
        if other:
            shared.theirs[other] = shared.theirs.get(other, 0) + 1
        if theme and other:
            shared.both[theme, other] = shared.both.get((theme, other), 0) + 1


def measure_overlaps(shared: Shared) -> dict[tuple[str, str], float]:
    """Jaccard's index of each pair of themes that share a sentence, 0 to 1 (Jaccard 1912)."""
    return {
        (ours, theirs): both / (shared.ours[ours] + shared.theirs[theirs] - both)
        for (ours, theirs), both in shared.both.items()
    }


def match_themes(overlaps: dict[tuple[str, str], float]) -> dict[str, tuple[str, float]]:
    """Each theme's counterpart and their overlap: the likest pair first, each theme once.

    Ties go by the ids. Pairs below SAME are no counterparts.
    """
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for (ours, theirs), overlap in sorted(overlaps.items(), key=lambda pair: (-pair[1], pair[0])):
        if overlap >= SAME and ours not in found and theirs not in taken:
            found[ours] = (theirs, overlap)
            taken.add(theirs)
    return found


# What became of the findings


def compare_contrasts(
    contrasts: pd.DataFrame, others: pd.DataFrame, matched: dict[str, tuple[str, float]]
) -> pd.DataFrame:
    """The table `robustness` but for what is said of the variant, a row a contrast of the run.

    `contrasts` are the run's, `others` the variant's; `matched` says which theme is which. `agrees`
    is None where the run itself has too few documents to tell.
    """
    import pandas as pd

    by_key = {tuple(row[name] for name in _FINDING): row for row in others.to_dict("records")}
    rows = []
    for row in contrasts.to_dict("records"):
        theirs, overlap = matched.get(row["theme_id"], ("", 0.0))
        other = by_key.get((theirs, row["group_a"], row["group_b"]))
        verdict = other["verdict"] if other else NOT_COMPARED if theirs else NOT_FOUND
        rows.append(
            {
                **{name: row[name] for name in _FINDING},
                "matched": overlap,
                **{name: other[name] if other else None for name in ("difference", "low", "high")},
                "verdict": verdict,
                "agrees": agree(row["verdict"], verdict),
            }
        )
    columns = [
        name for name in SCHEMAS[TABLE] if name not in ("variant", "what", "changed", "of_run")
    ]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"difference": float, "low": float, "high": float, "agrees": object})


def agree(verdict: str, other: str) -> bool | None:
    """Whether a finding holds: the other verdict leans at least, to the same side.

    None where there is no finding to ask for.
    """
    direction = verdict.partition(": ")[2]
    if not direction:
        return None
    return other in (f"clear: {direction}", f"leaning: {direction}")


def count_verdicts(rows: pd.DataFrame) -> dict[str, int]:
    """What a line on a variant says."""
    asked = rows[rows["agrees"].notna()]
    held = int(asked["agrees"].astype(bool).sum())
    lost = rows.loc[rows["matched"] == 0, "theme_id"].nunique()
    return {
        "hold": held,
        "do not hold": len(asked) - held,
        "of the themes not found again": lost,
    }


def summarize(
    contrasts: pd.DataFrame, found: pd.DataFrame, variants: Iterable[Variant]
) -> list[str]:
    """What a check came to, a sentence a finding."""
    options = {variant.name: variant.option for variant in variants}
    idle = list(dict.fromkeys(found.loc[~found["changed"].astype(bool), "variant"]))
    counted = found[found["changed"].astype(bool)]
    rows = dict(iter(counted.groupby(list(_FINDING), sort=False)))
    n_pairs = len(contrasts[["group_a", "group_b"]].drop_duplicates())
    said = []
    for row in contrasts.to_dict("records"):
        own = rows.get(tuple(row[name] for name in _FINDING))
        if own is None:
            continue
        sentence = _summarize_one(row, own, options, n_pairs)
        if sentence:
            said.append(sentence)
    if not contrasts["verdict"].str.contains(": ").any():
        n_other = counted.loc[counted["verdict"].str.contains(": "), "variant"].nunique()
        n_ways = counted["variant"].nunique()
        said.insert(
            0,
            "For all themes there are too few documents to tell, so that there is no finding to "
            f"check. Of {n_ways} other ways to do the run, {n_other or 'none'} "
            f"{'find' if n_other > 1 else 'finds'} any.",
        )
    if idle:
        ways = ", ".join(options[name] for name in idle)
        ending = (
            "changes nothing in these texts, and is not counted."
            if len(idle) == 1
            else "change nothing in these texts, and are not counted."
        )
        said.append(f"{ways} {ending}")
    return said


def _summarize_one(
    row: dict[Any, Any], own: pd.DataFrame, options: dict[str, str], n_pairs: int
) -> str:
    """`t03: more in da than in no: holds in 8 of 9 other ways; not with --vectors lexical`."""
    _, _, direction = row["verdict"].partition(": ")
    theme = row["theme_id"]
    if not direction:
        leaning = own[own["verdict"].str.contains(": ")]
        ways: dict[str, list[str]] = {}
        for name, verdict in zip(leaning["variant"], leaning["verdict"], strict=True):
            ways.setdefault(verdict, []).append(options[name])
        if not ways:
            return ""
        others = "; ".join(f"{verdict} with {', '.join(names)}" for verdict, names in ways.items())
        between = f" ({row['group_a']} and {row['group_b']})" if n_pairs > 1 else ""
        return f"{theme}{between}: {row['verdict']}, but {others}"
    agrees = own["agrees"].astype(bool)
    start = f"{theme}: {direction}: holds in {agrees.sum()} of {len(own)} other ways"
    failed = own[~agrees]
    if not len(failed):
        return start
    lost = failed["verdict"] == NOT_FOUND
    kept, gone = ([options[name] for name in failed.loc[rows, "variant"]] for rows in (~lost, lost))
    ends = [f"not with {', '.join(kept)}"] if kept else []
    ends += [f"not found again with {', '.join(gone)}"] if gone else []
    return "; ".join([start, *ends])
