"""Which decisions can't be done together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pipeline.cluster.curation.decisions import Decision, Labels


@dataclass(frozen=True)
class Resolved:
    """A decision and what it would do.

    `role` is what happens to the themes. It is the decision's kind, but for a merge of themes that
    have become one: all that is left of it is a rename.
    """

    decision: Decision
    role: str
    themes: tuple[str, ...] = ()
    labels: Labels | None = None
    parts: tuple[tuple[Labels, tuple[str, ...]], ...] = ()
    sentence_id: str = ""


Conflict = tuple[list[Resolved], str]  # those that are in it, and why

_HAPPENS = {
    "rename": "is renamed",
    "merge": "is merged",
    "split": "is split",
    "remove": "is removed",
    "move": "gets a moved sentence",
}
_NOT_BOTH = (
    *(("remove", role) for role in ("rename", "merge", "split", "move")),
    *(("split", role) for role in ("rename", "merge", "move")),
)


def theme_conflicts(resolved: list[Resolved]) -> Iterator[Conflict]:
    roles: dict[str, dict[str, list[Resolved]]] = {}  # theme -> role -> decisions
    for one in resolved:
        for theme in one.themes:
            roles.setdefault(theme, {}).setdefault(one.role, []).append(one)
    for theme, by_role in sorted(roles.items()):
        for role, other in _NOT_BOTH:
            if role in by_role and other in by_role:
                group = by_role[role] + by_role[other]
                yield group, f"{theme} {_HAPPENS[role]} and {_HAPPENS[other]}"
        for role in ("merge", "split"):
            if len(by_role.get(role, [])) > 1:
                yield by_role[role], f"{theme} {_HAPPENS[role]} more than once"
        yield from _label_conflicts(by_role.get("rename", []), f"{theme} gets different labels")
    for merge in resolved:
        if merge.role != "merge":
            continue
        by_theme = {theme: roles[theme].get("rename", []) for theme in merge.themes}
        why = f"{join_words(merge.themes)} are merged and get different labels"
        if merge.labels:
            others = [one for one in chain(*by_theme.values()) if one.labels != merge.labels]
            yield from _label_conflicts([merge, *others], why)
        elif len([theme for theme, renames in by_theme.items() if renames]) > 1:
            yield from _label_conflicts(list(chain(*by_theme.values())), why)


def _label_conflicts(named: list[Resolved], why: str) -> Iterator[Conflict]:
    if len({one.labels for one in named}) > 1:
        yield named, why


def sentence_conflicts(resolved: list[Resolved], merged: dict[str, str]) -> Iterator[Conflict]:
    """A sentence can be moved to one place, and not away from the part that it is a seed of."""
    moves: dict[str, list[Resolved]] = {}
    for one in resolved:
        if one.role == "move":
            moves.setdefault(one.sentence_id, []).append(one)
    for sentence_id, group in moves.items():
        if len({destination_of(one, merged) for one in group}) > 1:
            yield group, f"{sentence_id} is moved to different themes"
    splits_of: dict[str, list[Resolved]] = {}
    for split in resolved:
        for sentence_id in chain(*(seeds for _, seeds in split.parts)):
            splits_of.setdefault(sentence_id, []).append(split)
    for sentence_id, group in splits_of.items():
        if len(set(group)) > 1:
            yield group, f"{sentence_id} is a sentence of parts of different themes"
    for split in resolved:
        for sentence_id in chain(*(seeds for _, seeds in split.parts)):
            if sentence_id in moves:
                why = f"{sentence_id} is moved and is a sentence of a part"
                yield [split, *moves[sentence_id]], why


def merged_themes(resolved: Iterable[Resolved]) -> dict[str, str]:
    """Each theme that goes into another; the first that a merge names takes in the others."""
    return {
        theme: one.themes[0] for one in resolved if one.role == "merge" for theme in one.themes[1:]
    }


def destination_of(move: Resolved, merged: Mapping[str, str]) -> str:
    if not move.themes:
        return ""
    return merged.get(move.themes[0], move.themes[0])


def join_words(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
