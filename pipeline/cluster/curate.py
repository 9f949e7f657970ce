"""discovered assignments, a reader's decisions -> assignments.

`curation` knows what the file says and which theme each decision concerns; here its sentences are
looked up, part by part, and the decisions applied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain, count, islice
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from pipeline.cluster.codebook import read_codebook
from pipeline.cluster.curation import (
    Anchor,
    Curation,
    Decisions,
    anchored,
    decide,
    find_anchors,
    read_curation,
    write_starter,
)
from pipeline.cluster.space import SPACE, Sentences, Space, read_sentences
from pipeline.remote.address import Place
from pipeline.schemas import SCHEMAS
from pipeline.settings import ClusterSettings, NordtemaError
from pipeline.store import Outcome, Store, Task

ONE_THREAD = threadpool_limits.wrap(limits=1)
# So many of a theme's nearest sentences are looked at for those that name it
_CANDIDATES = 40


@ONE_THREAD
def curate_corpus(task: Task) -> Outcome:
    """Write what is to be done with the discovered themes: the table `decisions`, and `splits`."""
    store, settings = task.store, task.settings.cluster
    curation = open_curation(settings)
    decisions = _decide(store, curation) if curation else Decisions()
    codebook = read_codebook(Path(settings.codebook)) if settings.codebook else None
    taken = {theme.theme_id for theme in codebook.themes} if codebook else set()
    table = list_decisions(decisions, taken | set(store.read("lineage")["theme_id"]))
    parts = table[table["kind"] == "split"]
    seeds = [seeds for own in decisions.splits.values() for _, _, seeds in own]
    splits = _find_places(store, seeds, settings) if len(parts) else np.zeros((0, 0))
    outputs = [store.write("decisions", table), store.write_model({"places": splits}, "splits")]
    return Outcome(outputs, notes=tuple(decisions.notes))


def open_curation(settings: ClusterSettings) -> Curation | None:
    """The reader's decisions, if there are any. Raises CurationError."""
    return read_curation(Path(settings.curation)) if settings.curation else None


def _decide(store: Store, curation: Curation) -> Decisions:
    found: dict[Anchor, str] = {}
    theme_of: dict[str, str] = {}
    doc_ids = list(anchored(curation))
    for part in store.parts("sentences"):
        if store.read("sentences", part, ["doc_id"])["doc_id"].isin(doc_ids).any():
            own = find_anchors(curation, store.read("sentences", part))
            found |= own
            discovered = read_discovered(store, part)
            rows = discovered[discovered["sentence_id"].isin(list(own.values()))]
            theme_of |= dict(zip(rows["sentence_id"], rows["theme_id"], strict=True))
    return decide(curation, found, theme_of)


def read_discovered(store: Store, part: int) -> pd.DataFrame:
    """A part's discovered assignments, with the ids under which themes go on from run to run."""
    lineage = store.read("lineage")
    names = dict(zip(lineage["found_as"], lineage["theme_id"], strict=True))
    table = store.read("discovered", part)
    for column in ("theme_id", "second_theme_id"):
        table[column] = [names.get(theme, theme) for theme in table[column]]
    return table


def list_decisions(decisions: Decisions, taken: Collection[str] = ()) -> pd.DataFrame:
    """The table `decisions`; what a kind does not need is empty.

    The parts of a split theme are called by its id and a letter, t02a, t02b, but for ids that are
    `taken`.
    """
    names = {
        theme: _name_parts(theme, len(parts), taken) for theme, parts in decisions.splits.items()
    }
    empty = dict.fromkeys(SCHEMAS["decisions"], "")
    rows = [
        *({"kind": "merge", "theme_id": a, "to_theme_id": b} for a, b in decisions.merged.items()),
        *({"kind": "remove", "theme_id": theme} for theme in sorted(decisions.removed)),
        *(
            {"kind": "label", "theme_id": theme, "label_da": da, "label_no": no}
            for theme, (da, no) in decisions.labels.items()
        ),
        *(
            {
                "kind": "split",
                "theme_id": theme,
                "to_theme_id": part,
                "label_da": da,
                "label_no": no,
            }
            for theme, parts in decisions.splits.items()
            for part, (da, no, _) in zip(names[theme], parts, strict=True)
        ),
        *(
            {"kind": "move", "sentence_id": sentence, "to_theme_id": theme}
            for sentence, theme in decisions.moves.items()
        ),
        # A part's seeds are of it, wherever they lie
        *(
            {"kind": "move", "sentence_id": seed, "to_theme_id": part}
            for theme, parts in decisions.splits.items()
            for part, (_, _, seeds) in zip(names[theme], parts, strict=True)
            for seed in seeds
        ),
    ]
    return pd.DataFrame([empty | row for row in rows], columns=list(SCHEMAS["decisions"]))


def _name_parts(theme_id: str, n: int, taken: Collection[str]) -> list[str]:
    """theme_id with a, b, … z, and from there on with a number."""
    ends = chain(ascii_lowercase, (f"-{number}" for number in count(27)))
    return list(islice((theme_id + end for end in ends if theme_id + end not in taken), n))


def _find_places(store: Store, seeds: list[list[str]], settings: ClusterSettings) -> np.ndarray:
    """(n_parts, dimensions): the mean of each part's seeds, of unit length."""
    wanted = {seed for own in seeds for seed in own}
    doc_ids = {seed.rpartition(":")[0] for seed in wanted}
    space = _read_space(store)
    point_of: dict[str, np.ndarray] = {}
    for part in store.parts("sentences"):
        whole = read_sentences(store, part)
        rows = np.flatnonzero(whole.table["doc_id"].isin(list(doc_ids)))
        if len(rows):
            # With their documents, for their context
            own = Sentences(whole.table.iloc[rows], whole.vectors[rows])
            points = space.place(own, settings)
            point_of |= {
                sentence_id: point
                for sentence_id, point in zip(own.table["sentence_id"], points, strict=True)
                if sentence_id in wanted
            }
    return normalize(np.array([np.mean([point_of[seed] for seed in own], 0) for own in seeds]))


def _read_space(store: Store) -> Space:
    arrays = store.read_model()
    return Space(**{name: arrays[name] for name in SPACE})


@ONE_THREAD
def settle_part(task: Task) -> Outcome:
    """Write one part's assignments, with the decisions applied."""
    store = task.store
    decisions = store.read("decisions")
    assignments = read_discovered(store, task.part)
    nearest: dict[str, np.ndarray] = {}
    if (decisions["kind"] == "split").any():
        points = _read_space(store).place(read_sentences(store, task.part), task.settings.cluster)
        nearest = _find_nearest(points, decisions, store.read_model("splits")["places"])
    settled = apply_decisions(assignments, decisions, nearest)
    none = int((settled["theme_id"] == "").sum())
    return Outcome(
        [store.write("assignments", settled, task.part)], {"sentences without a theme": none}
    )


def _find_nearest(
    points: np.ndarray, decisions: pd.DataFrame, places: np.ndarray
) -> dict[str, np.ndarray]:
    """For each split theme, the part that each sentence would go to: theme_id -> (n_sentences,)."""
    parts = decisions[decisions["kind"] == "split"].reset_index(drop=True)
    nearest = {}
    for theme_id, own in parts.groupby("theme_id", sort=False):
        # Rounded, so that a tie is a tie on every machine
        cosines = np.round(points.astype(np.float64) @ places[own.index].T, 6)
        nearest[str(theme_id)] = own["to_theme_id"].to_numpy(dtype=object)[cosines.argmax(axis=1)]
    return nearest


def apply_decisions(
    assignments: pd.DataFrame, decisions: pd.DataFrame, nearest: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Assignments with the decisions applied.

    `nearest` says of each split theme which part each row would go to. A second theme that has
    become the first, or is removed, is none.
    """
    if decisions.empty:
        return assignments
    whole = decisions[decisions["kind"].isin(["merge", "remove"])]
    to_theme = dict(zip(whole["theme_id"], whole["to_theme_id"], strict=True))
    moves = decisions[decisions["kind"] == "move"]
    moved = dict(zip(moves["sentence_id"], moves["to_theme_id"], strict=True))
    settled = assignments.copy()
    for column in ("theme_id", "second_theme_id"):
        before = assignments[column].to_numpy(dtype=object)
        after = np.array([to_theme.get(theme, theme) for theme in before], dtype=object)
        for theme_id, parts in nearest.items():
            after = np.where(before == theme_id, parts, after)
        settled[column] = after
    settled["theme_id"] = [
        moved.get(sentence_id, theme_id)
        for sentence_id, theme_id in zip(settled["sentence_id"], settled["theme_id"], strict=True)
    ]
    same = (settled["second_theme_id"] == settled["theme_id"]) | (settled["theme_id"] == "")
    settled.loc[same, "second_theme_id"] = ""
    return settled


def list_themes(theme_ids: list[str], decisions: pd.DataFrame) -> list[str]:
    """The themes that are left after the decisions, parts in the place of what they were."""
    gone = set(decisions.loc[decisions["kind"].isin(["merge", "remove"]), "theme_id"])
    parts: dict[str, list[str]] = {}
    cut = decisions[decisions["kind"] == "split"]
    for theme_id, part in zip(cut["theme_id"], cut["to_theme_id"], strict=True):
        parts.setdefault(theme_id, []).append(part)
    return [
        name
        for theme_id in theme_ids
        if theme_id not in gone
        for name in parts.get(theme_id, [theme_id])
    ]


def list_labels(decisions: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """theme_id -> its labels in Danish and Norwegian, of the themes that a reader has named."""
    labels: dict[str, tuple[str, str]] = {}
    for kind, name in (("label", "theme_id"), ("split", "to_theme_id")):
        own = decisions[decisions["kind"] == kind]
        pairs = zip(own["label_da"], own["label_no"], strict=True)
        labels |= dict(zip(own[name], pairs, strict=True))
    return labels


def start_curation(path: Path, out: Place) -> None:
    """Write a file of decisions to begin from, of the last run. Raises NordtemaError."""
    store = Store(out)
    if not store.exists(store.path("themes")):
        raise NordtemaError(f"{out}: there is no run here; name its folder with --out")
    if len(store.read("decisions")):
        raise NordtemaError(
            f"{out}: this run has decisions applied, and new ones are on the themes before these; "
            "run it without --curation first, or add to the file that it was run with"
        )
    themes = store.read("themes")
    nearest: dict[str, list[tuple[float, str, str]]] = {}
    for part in store.parts("assignments"):
        table = store.read("sentences", part).merge(store.read("assignments", part))
        best = table.sort_values(["strength", "sentence_id"], ascending=[False, True])
        for theme_id, rows in best[best["theme_id"] != ""].groupby("theme_id", sort=False):
            known = nearest.setdefault(str(theme_id), [])
            columns = (rows[name].head(_CANDIDATES) for name in ("strength", "sentence_id", "text"))
            known += [(-strength, *rest) for strength, *rest in zip(*columns, strict=True)]
            known.sort()
            del known[_CANDIDATES:]
    write_starter(
        path,
        themes,
        {theme: [(name, text) for _, name, text in own] for theme, own in nearest.items()},
    )
