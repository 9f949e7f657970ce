"""Decisions and the themes as they were discovered -> what is to be done with which theme.

Everything is decided on the themes as discovered, so that the order of the file never matters. What
can't be done together is left undone, all of it, and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.cluster.curation.conflicts import (
    Conflict,
    Resolved,
    destination_of,
    join_words,
    merged_themes,
    sentence_conflicts,
    theme_conflicts,
)
from pipeline.cluster.curation.decisions import (
    Anchor,
    Curation,
    Decision,
    Labels,
    Merge,
    Move,
    Remove,
    Rename,
    Split,
    Target,
    anchors_of,
    targets_of,
)

Seeds = list[str]  # sentence_ids


@dataclass(frozen=True)
class Decisions:
    """What is to be done with the themes, by theme_id.

    No theme is in more than one of `merged`, `removed` and `splits`, and what themes are merged
    into, what gets labels and what sentences are moved to is in none of them.
    """

    merged: dict[str, str] = field(default_factory=dict)  # theme -> the theme that it goes to
    removed: set[str] = field(default_factory=set)
    labels: dict[str, Labels] = field(default_factory=dict)
    splits: dict[str, list[tuple[str, str, Seeds]]] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)  # sentence_id -> theme, or "" for none
    notes: list[str] = field(default_factory=list)  # what the user should know, in a line each


def decide(
    curation: Curation, found: Mapping[Anchor, str], theme_of: Mapping[str, str]
) -> Decisions:
    """What is to be done with the discovered themes.

    `found` is what `find_anchors` gives; `theme_of` has the theme_id of each sentence that it
    gives, "" or nothing where it has no theme. A decision concerns the theme that holds more than
    half of its sentences that are found. One without such a theme, and all that are in conflict,
    are not applied; a note says so.
    """
    notes = _Notes(curation.path.name)
    resolved = []
    for decision in curation.decisions:
        one = _resolve(decision, found, theme_of, notes)
        if one is not None:
            resolved.append(one)
    resolved = _without_conflicts(resolved, theme_conflicts(resolved), notes)
    merged = merged_themes(resolved)
    resolved = _without_conflicts(resolved, sentence_conflicts(resolved, merged), notes)
    done = Decisions(merged=merged)
    for one in resolved:
        match one.role:
            case "remove":
                done.removed.update(one.themes)
            case "split":
                done.splits[one.themes[0]] = [(*labels, list(seeds)) for labels, seeds in one.parts]
            case "move":
                done.moves[one.sentence_id] = destination_of(one, merged)
            case _ if one.labels:
                done.labels[merged.get(one.themes[0], one.themes[0])] = one.labels
    notes.add_lost((one.decision for one in resolved), found)
    done.notes.extend(notes.lines())
    return done


def _without_conflicts(
    resolved: list[Resolved], conflicts: Iterable[Conflict], notes: _Notes
) -> list[Resolved]:
    """Those that are in no conflict. A decision that falls by one conflict still counts in others.

    Else it would depend on the order in which conflicts are found what is left.
    """
    fallen: set[Resolved] = set()
    for group, why in conflicts:
        fallen.update(group)
        notes.add_conflict([one.decision for one in group], why)
    return [one for one in resolved if one not in fallen]


class _Notes:
    """What the user should know, in the order of the file's lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._notes: list[tuple[int, str]] = []

    def lines(self) -> list[str]:
        return [text for _, text in sorted(self._notes)]

    def add(self, decision: Decision, text: str) -> None:
        place = f"{self.name}, line {decision.line}, [[{decision.kind}]]"
        self._notes.append((decision.line, f"{place}: {text}"))

    def add_conflict(self, decisions: Iterable[Decision], why: str) -> None:
        ordered = sorted(decisions, key=lambda decision: decision.line)
        who = join_words([f"[[{decision.kind}]] in line {decision.line}" for decision in ordered])
        text = f"{self.name}: {who} conflict: {why}; none of them is applied; keep one"
        self._notes.append((ordered[0].line, text))

    def add_lost(self, applied: Iterable[Decision], found: Mapping[Anchor, str]) -> None:
        """One note for all anchors that are lost without stopping their decision."""
        lost = Counter[int]()
        for decision in applied:
            lost[decision.line] = len({a for a in anchors_of(decision) if a not in found})
        lines = [str(line) for line, n in sorted(lost.items()) if n]
        if not lines:
            return
        place = f"line{'s' if len(lines) > 1 else ''} {join_words(lines)}"
        was = "sentence is" if lost.total() == 1 else "sentences are"
        text = (
            f"{self.name}, {place}: {lost.total()} {was} no longer found; the others are enough "
            "for now, but name new ones"
        )
        self._notes.append((int(lines[0]), text))


# What each decision would do


def _resolve(
    decision: Decision, found: Mapping[Anchor, str], theme_of: Mapping[str, str], notes: _Notes
) -> Resolved | None:
    """None, and a note, where a decision can't be applied or nothing is left of it."""
    faults = []
    if isinstance(decision, Move) and decision.sentence not in found:
        faults.append(f"the sentence {decision.sentence.sentence_id} is not found")
    themes = []
    for number, target in enumerate(targets_of(decision), start=1):
        theme, fault = _find_theme(target, found, theme_of)
        themes.append(theme)
        if fault:
            which = f"theme {number}: " if isinstance(decision, Merge) else ""
            faults.append(which + fault)
    if isinstance(decision, Split):
        faults += _check_seeds(decision, found)
    if faults:
        notes.add(decision, f"not applied: {'; '.join(faults)}; name other sentences")
        return None
    distinct = tuple(dict.fromkeys(themes))
    match decision:
        case Rename():
            return Resolved(decision, "rename", distinct, decision.labels)
        case Merge():
            return _resolve_merge(decision, themes, notes)
        case Split():
            parts = tuple((part.labels, _ids(part.seeds, found)) for part in decision.parts)
            return Resolved(decision, "split", distinct, parts=parts)
        case Remove():
            return Resolved(decision, "remove", distinct)
        case Move():
            return Resolved(decision, "move", distinct, sentence_id=found[decision.sentence])


def _find_theme(
    target: Target, found: Mapping[Anchor, str], theme_of: Mapping[str, str]
) -> tuple[str, str]:
    """The theme with more than half of the sentences that are found, or "" and why there's none."""
    ids = _ids(target.sentences, found)
    n_named = len(target.sentences)
    if not ids:
        return "", f"none of its sentences is found ({n_named} named)"
    counts = Counter(theme_of.get(sentence_id, "") for sentence_id in ids)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    theme, n = ranked[0]
    if theme and 2 * n > len(ids):
        return theme, ""
    held = ", ".join(f"{n} in {theme or 'no theme'}" for theme, n in ranked)
    return "", (
        f"no theme holds more than half of its sentences ({n_named} named, {len(ids)} found: "
        f"{held})"
    )


def _ids(anchors: Iterable[Anchor], found: Mapping[Anchor, str]) -> tuple[str, ...]:
    """The sentences that are found, each once: two anchors may lead to one sentence."""
    return tuple(dict.fromkeys(found[anchor] for anchor in anchors if anchor in found))


def _check_seeds(split: Split, found: Mapping[Anchor, str]) -> Iterator[str]:
    parts_of = Counter[str]()
    for number, part in enumerate(split.parts, start=1):
        ids = _ids(part.seeds, found)
        parts_of.update(ids)
        if not ids:
            yield f"part {number}: none of its sentences is found ({len(part.seeds)} named)"
    for sentence_id, n in parts_of.items():
        if n > 1:
            yield f"{sentence_id} is found for {n} parts"


def _resolve_merge(merge: Merge, themes: list[str], notes: _Notes) -> Resolved | None:
    distinct = tuple(dict.fromkeys(themes))
    for theme in distinct:
        numbers = [str(i) for i, other in enumerate(themes, start=1) if other == theme]
        if len(numbers) > 1:
            notes.add(merge, f"themes {join_words(numbers)} are already one, {theme}")
    if len(distinct) > 1:
        return Resolved(merge, "merge", distinct, merge.labels)
    return Resolved(merge, "rename", distinct, merge.labels) if merge.labels else None
