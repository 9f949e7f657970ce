"""What has changed since the last finished run: documents, themes, verdicts, settings.

A finished run leaves its state (the table `finished`), which the next one is held against. What
differs goes into `report/changes.csv` and into a sentence that ends the run. They speak of the last
change, and so of the past, which nothing else in `report/` does but `run.json`: a run that finds
nothing changed leaves both as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.schemas import FACTS, SCHEMAS
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store, document_key, fingerprint

if TYPE_CHECKING:
    import pandas as pd

TABLE = "finished"
CSV_NAME = "changes.csv"
COLUMNS = ["kind", "id", "group_a", "group_b", "label", "change", "before", "after"]
# Whatever these are, the results are the same
NO_MATTER = ("run.jobs", "run.scheduler", "run.part_documents")
# What is no finding is neither gained nor lost
NO_FINDING = "too few documents"
MOST_NAMED = 3

# What tells a row of `finished` from another
_Key = tuple[str, str, str, str]  # kind, id, group_a, group_b
_State = dict[_Key, tuple[str, str]]  # -> label, state


def record_changes(store: Store, settings: Settings) -> list[str]:
    """Remember the run that is finished, and write what differs from the one before it.

    Gives what is to be said of it, in sentences; none where nothing has changed, or where there
    was no run before. Raises NordtemaError.
    """
    inputs = [store.path("themes"), store.path("contrasts")]
    inputs += [store.path("documents", part) for part in store.parts("documents")]
    mark = fingerprint(
        settings=list(_list_settings(settings)),
        inputs={path.relative_to(store.root).as_posix(): store.digest(path) for path in inputs},
    )
    entry = store.entry(TABLE)
    if entry is not None and entry.fingerprint == mark and store.is_intact(entry):
        return []
    # Imported here: a run with nothing to do never waits for pandas
    from pipeline.report.tables import to_csv_bytes

    before, now = _read_state(store), _gather_state(store, settings)
    sentences: list[str] = []
    if before and before != now:
        changes = compare_states(before, now)
        report = settings.report
        content = to_csv_bytes(changes, bom=report.csv_bom, decimal_comma=report.decimal_comma)
        store.write_bytes(store.root / "report" / CSV_NAME, content)
        sentences = say_changes(changes)
    outputs = [store.write(TABLE, _tabulate(now))]
    store.record(TABLE, 0, mark, outputs, {}, ())
    return sentences


def _read_state(store: Store) -> _State:
    """The state of the last finished run; nothing where there is none that can be read."""
    try:
        table = store.read(TABLE)
    except NordtemaError:
        return {}
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in table.itertuples(False)}


def _tabulate(state: _State) -> pd.DataFrame:
    import pandas as pd

    rows = [(*key, *value) for key, value in state.items()]
    return pd.DataFrame(rows, columns=list(SCHEMAS[TABLE]))


def _gather_state(store: Store, settings: Settings) -> _State:
    """A run's state, by what it is of: documents by path, themes and contrasts, settings."""
    state: _State = {}
    known = ["content_hash", *FACTS, "more"]
    for documents in store.each("documents"):
        for path, title, *said in documents[["path", "title", *known]].itertuples(False):
            state["document", path, "", ""] = title, fingerprint(said=said)
    themes = store.read("themes")
    labels = dict(zip(themes["theme_id"], themes["label"], strict=True))
    for theme_id, label in labels.items():
        state["theme", theme_id, "", ""] = label, label
    contrasts = store.read("contrasts")[["theme_id", "group_a", "group_b", "verdict"]]
    for theme_id, a, b, verdict in contrasts.itertuples(index=False):
        state["contrast", theme_id, a, b] = labels.get(theme_id, ""), verdict
    for name, value in _list_settings(settings):
        state["setting", name, "", ""] = "", value
    # In one order, whatever the parts were
    return dict(sorted(state.items(), key=lambda item: _rank(item[0])))


def _list_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "version", __version__
    for section, values in settings.model_dump().items():
        for name, value in values.items():
            if f"{section}.{name}" not in NO_MATTER:
                yield f"{section}.{name}", json.dumps(value, ensure_ascii=False)


_KINDS = ("document", "theme", "contrast", "setting")


def _rank(key: _Key) -> tuple[Any, ...]:
    kind, name, *groups = key
    return _KINDS.index(kind), document_key(name), groups


def compare_states(before: _State, now: _State) -> pd.DataFrame:
    """The rows of changes.csv: kind, id, group_a, group_b, label, change, before, after.

    A document, by path, is added, removed or changed (its words, or what is known of it); a theme
    is new, gone or kept, with its labels; of a contrast the verdict is another, where one of both
    is a finding; a setting, or the program's version, is changed.
    """
    import pandas as pd

    rows = []
    for key in sorted(before.keys() | now.keys(), key=_rank):
        (_, was), (label, is_now) = before.get(key, ("", "")), now.get(key, ("", ""))
        change = _name_change(key, key in before, key in now, was, is_now)
        if change:
            label = label or before.get(key, ("",))[0]
            # A document's state is a digest, which says nothing to people
            shown = ("", "") if key[0] == "document" else (was, is_now)
            rows.append((*key, label, change, *shown))
    return pd.DataFrame(rows, columns=COLUMNS)


def _name_change(key: _Key, was_there: bool, is_there: bool, was: str, is_now: str) -> str:
    """What has become of a thing; empty where that is nothing to tell."""
    kind = key[0]
    if kind == "theme":
        return "kept" if was_there and is_there else "new" if is_there else "gone"
    if was == is_now and was_there == is_there:
        return ""
    if kind == "document":
        return "changed" if was_there and is_there else "added" if is_there else "removed"
    if kind == "contrast":
        return (
            "verdict"
            if any(own and not own.startswith(NO_FINDING) for own in (was, is_now))
            else ""
        )
    return "changed"


def say_changes(changes: pd.DataFrame) -> list[str]:
    """`Since the last run: 3 documents added, 1 removed; theme t04 (…) is new; …`."""
    said = [
        *_say_documents(changes[changes["kind"] == "document"]["change"].tolist()),
        *_say_themes(changes[changes["kind"] == "theme"]),
        *_say_verdicts(changes[changes["kind"] == "contrast"]),
    ]
    settings = changes[changes["kind"] == "setting"]["id"].tolist()
    if settings:
        # Else a reader might think that the texts have changed the themes
        said.append(f"with other settings ({_list(settings)})")
    return [f"Since the last run: {'; '.join(said)}."] if said else []


def _say_documents(changed: Sequence[str]) -> list[str]:
    said: list[str] = []
    for word in ("added", "removed", "changed"):
        if n := changed.count(word):
            what = "" if said else f" document{'' if n == 1 else 's'}"
            said.append(f"{n:,}{what} {word}")
    return [", ".join(said)] if said else []


def _say_themes(themes: pd.DataFrame) -> list[str]:
    said = []
    for word in ("new", "gone"):
        own = themes[themes["change"] == word]
        names = [f"{name} ({label})" for name, label in zip(own["id"], own["label"], strict=True)]
        if names:
            are = "theme {} is" if len(names) == 1 else "themes {} are"
            said.append(f"{are.format(_list(names))} {word}")
    return said


def _say_verdicts(contrasts: pd.DataFrame) -> list[str]:
    names = [
        f"{theme} ({before or 'no such theme'} → {after or 'no such theme'})"
        for theme, before, after in zip(
            *(contrasts[name] for name in ("id", "before", "after")), strict=True
        )
    ]
    if not names:
        return []
    return [f"{len(names)} verdict{' is' if len(names) == 1 else 's are'} another: {_list(names)}"]


def _list(names: Sequence[str]) -> str:
    """The first names, and how many there are beside them."""
    more = len(names) - MOST_NAMED
    return ", ".join([*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
