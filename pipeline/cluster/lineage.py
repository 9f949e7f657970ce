"""Found themes keep their ids from run to run.

A theme's number says nothing: with a text more, or another seed, the second largest may be the
first. So some of the sentences of each theme are remembered, and a theme that holds most of them in
the next run is the same one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.cluster import name_themes, open_codebook
from pipeline.pieces import batch, begin
from pipeline.schemas import SCHEMAS
from pipeline.store import Outcome, Store, Task, fingerprint

# So many of a theme's strongest sentences are remembered
REMEMBERED = 50
# A theme is another's successor if it has more than this part of what is remembered of it, and a
# part of it if it has at least that.
MOST, PART = 0.5, 0.25
# A batch has at least so many bytes, those of some 160,000 sentences
_LEAST_BATCH = 1_000_000
_BEFORE = "before"  # what a run knew of the one before it


def trace_corpus(task: Task) -> Outcome:
    """Write under which ids the found themes go on, and what is to be remembered of them."""
    store = task.store
    codebook = open_codebook(task.settings.cluster)
    given = [theme.theme_id for theme in codebook.themes] if codebook else []
    found = name_themes(len(store.read_model()["centroids"]), codebook)[len(given) :]
    digest = _digest_discovered(store)
    known = _read_known(store, digest)
    strongest, theme_of = _read_discovered(task, found, set(known["sentence_id"]))
    if not theme_of and known["sentence_id"].any():  # other texts: nothing to go on from
        known = known.iloc[:0]
    lineage = trace_themes(known, theme_of, found, given)
    names = dict(zip(lineage["found_as"], lineage["theme_id"], strict=True))
    # The last number that was given, so that no new theme gets an old one's
    last = max((_number(name) for name in [*known["theme_id"], *names.values()]), default=0)
    now = [
        (names[theme], sentence_id)
        for theme, sentences in strongest.items()
        for _, sentence_id in sentences
    ]
    kept = pd.DataFrame([*now, (f"t{last:02d}", "")], columns=["theme_id", "sentence_id"])
    remembered = pd.concat([kept.assign(run=digest), known.assign(run=_BEFORE)], ignore_index=True)
    outputs = [store.write("lineage", lineage), store.write("known_themes", remembered)]
    return Outcome(outputs, notes=tuple(_say_changes(lineage, known)))


def _digest_discovered(store: Store) -> str:
    parts = store.parts("discovered")
    return fingerprint(
        **{str(part): store.digest(store.path("discovered", part)) for part in parts}
    )


def _read_known(store: Store, digest: str) -> pd.DataFrame:
    """theme_id, sentence_id of what is known of an earlier run; nothing where there was none.

    Of a run that found the very same, it is what that run knew before: to do it again changes
    nothing.
    """
    if not store.exists(store.path("known_themes")):
        return pd.DataFrame({"theme_id": pd.Series(dtype=str), "sentence_id": pd.Series(dtype=str)})
    table = store.read("known_themes")
    is_before = table["run"] == _BEFORE
    again = (table["run"] == digest).any()
    own = table[is_before if again else ~is_before]
    return own[["theme_id", "sentence_id"]].reset_index(drop=True)


Discovered = tuple[dict[str, list[tuple[float, str]]], dict[str, str]]


def _read_discovered(task: Task, found: Sequence[str], remembered: set[str]) -> Discovered:
    """The strongest sentences of each found theme, and the theme of each sentence remembered."""
    store = task.store
    weights = {part: store.size("discovered", part) for part in store.parts("discovered")}
    batches = batch(weights, task.pieces.count(), _LEAST_BATCH)
    calls = [(store, parts, found, remembered) for parts in batches]
    begun = begin(task.pieces, "pipeline.cluster.lineage:read_batch", calls)
    strongest, theme_of = begun[0].result()
    for piece in begun[1:]:
        more, others = piece.result()
        theme_of |= others
        for theme, best in more.items():
            strongest[theme] = sorted([*strongest[theme], *best])[:REMEMBERED]
    return strongest, theme_of


def read_batch(
    store: Store, parts: Sequence[int], found: Sequence[str], remembered: set[str]
) -> Discovered:
    """As `_read_discovered`, of some parts."""
    strongest: dict[str, list[tuple[float, str]]] = {theme: [] for theme in found}
    theme_of: dict[str, str] = {}
    for part in parts:
        table = store.read("discovered", part, ("sentence_id", "theme_id", "strength"))
        own = table[table["sentence_id"].isin(remembered)]
        theme_of |= dict(zip(own["sentence_id"], own["theme_id"], strict=True))
        best = table.sort_values(["strength", "sentence_id"], ascending=[False, True])
        for theme_id, rows in best[best["theme_id"].isin(found)].groupby("theme_id", sort=False):
            own_best = strongest[str(theme_id)]
            first = rows.head(REMEMBERED)
            own_best += zip(-first["strength"], first["sentence_id"], strict=True)
            own_best.sort()
            del own_best[REMEMBERED:]
    return strongest, theme_of


def trace_themes(
    known: pd.DataFrame, theme_of: Mapping[str, str], found: Sequence[str], taken: Sequence[str]
) -> pd.DataFrame:
    """The table `lineage`: a row a found theme, in their order.

    `known` has theme_id and sentence_id; `theme_of` says in which found theme a remembered sentence
    is now. Ids of new themes go on from the last one, and leave out those that are `taken`.

    Of the themes before, each goes to the found theme that has more than half of its sentences. A
    found theme to which one goes is the *same*; one to which several go, *merged* of them, and has
    the id of the one that it has most of. Of a theme that goes nowhere the largest part that no
    other has goes on under its id, as *split*; so is called any found theme that has a quarter or
    more of a theme before. All others are *new*.
    """
    # An id that a codebook has taken since is free for no found theme
    shares = _find_shares(known[~known["theme_id"].isin(list(taken))], theme_of, found)
    successors: dict[str, list[str]] = {}
    for before, parts in shares.items():
        if parts and max(parts.values()) > MOST:
            successors.setdefault(max(parts, key=lambda theme: parts[theme]), []).append(before)
    named: dict[str, str] = {}
    for theme, befores in successors.items():
        named[theme] = max(befores, key=lambda before: (shares[before][theme], before))
    gone = {before for befores in successors.values() for before in befores}
    for before, parts in shares.items():
        free = {theme: part for theme, part in parts.items() if theme not in named}
        if before not in gone and free and max(free.values()) >= PART:
            named[max(free, key=lambda theme: (free[theme], theme))] = before
    new_ids = _new_ids(known["theme_id"], [*taken, *named.values()], len(found))
    rows = []
    for theme in found:
        befores = successors.get(theme, [])
        parts_of = [before for before, parts in shares.items() if parts.get(theme, 0) >= PART]
        if len(befores) > 1:
            status, of = "merged", befores
        elif befores:
            status, of = "same", befores
        elif parts_of:
            status, of = "split", parts_of
        else:
            status, of = "new", []
        rows.append((named.get(theme) or next(new_ids), theme, status, "; ".join(sorted(of))))
    return pd.DataFrame(rows, columns=list(SCHEMAS["lineage"]))


def _find_shares(
    known: pd.DataFrame, theme_of: Mapping[str, str], found: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Of each theme before, which part of its sentences that are still there is in which theme."""
    shares = {}
    for before, rows in known[known["sentence_id"] != ""].groupby("theme_id", sort=True):
        now = [theme_of[name] for name in rows["sentence_id"] if name in theme_of]
        counts = Counter(theme for theme in now if theme in set(found))
        shares[str(before)] = {theme: n / len(now) for theme, n in counts.items()}
    return shares


def _new_ids(known: pd.Series, taken: Sequence[str], n: int) -> Iterator[str]:
    numbers = [_number(name) for name in known]
    last = max(numbers, default=0)
    width = max(2, len(str(last + n)))
    names = (f"t{number:0{width}d}" for number in range(last + 1, last + n + len(taken) + 1))
    return (name for name in names if name not in set(taken))


def _number(name: str) -> int:
    match = re.fullmatch(r"t(\d+)", name)
    return int(match[1]) if match else 0


def _say_changes(lineage: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """What has become of the themes of the last run, in a line; nothing where all are the same."""
    before = {name for name, own in zip(*(known[c] for c in known), strict=True) if own}
    if not before or ((lineage["status"] == "same").all() and before == set(lineage["theme_id"])):
        return []
    said = []
    n_same = int((lineage["status"] == "same").sum())
    for status in ("merged", "split", "new"):
        own = lineage[lineage["status"] == status]
        said += [
            theme + (f" ({status} of {of})" if of else " (new)")
            for theme, of in zip(own["theme_id"], own["before"], strict=True)
        ]
    went = (
        before
        - set(lineage["theme_id"])
        - {name for of in lineage["before"] for name in of.split("; ")}
    )
    said += [f"{theme} (gone)" for theme in sorted(went)]
    others = f"; {', '.join(said)}" if said else ""
    return [f"themes since the last run: {n_same} the same{others}"]
