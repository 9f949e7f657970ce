"""Which part each file lies in.

A fresh corpus is dealt out in the order of the document ids, so many texts a part. Later each file
stays where it is, so that what is new, changed or gone makes no other part stale: new files go into
the smallest part, if it is small, and into new parts. Nothing that a reader sees depends on who
lies beside whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

# A part is closed before its files come to more: large files are not read 512 at a time
PART_WEIGHT = 64_000_000
# A part with fewer texts than this part of a full one takes new files. Texts beside them are
# detected, segmented and vectorized again: with a larger one, more of them; with a smaller one, a
# corpus that grows text by text comes to more parts, each with files and checks of its own.
SMALL = 0.25


@dataclass(frozen=True)
class Slice:
    """A file, or of a table of texts the rows `first` to `first` + `count` - 1."""

    path: str
    first: int
    count: int  # 0 for a file that is no table
    weight: int
    counted: bool = True  # metadata.csv takes no text's place

    @property
    def n_texts(self) -> int:
        return max(self.count, 1) if self.counted else 0


@dataclass
class _Part:
    slices: list[Slice] = field(default_factory=list)
    n_texts: int = 0
    weight: int = 0

    def add(self, *slices: Slice) -> None:
        self.slices += slices
        self.n_texts += sum(own.n_texts for own in slices)
        self.weight += sum(own.weight for own in slices)

    def remove_heaviest(self) -> Slice:
        heaviest = max(self.slices, key=lambda own: own.weight)
        self.slices.remove(heaviest)
        self.n_texts -= heaviest.n_texts
        self.weight -= heaviest.weight
        return heaviest

    def has_room(self, weight: int, size: int, most_weight: int) -> bool:
        """Whether it may take a text of a file of this weight. An empty one takes any."""
        return self.n_texts < size and (self.n_texts == 0 or self.weight + weight <= most_weight)


def deal(
    files: Sequence[Slice],
    known: Mapping[int, Sequence[Slice]],
    size: int,
    most_weight: int = PART_WEIGHT,
) -> dict[int, list[Slice]]:
    """The parts by number: up to `size` texts each; a table may lie in several.

    `files` are whole, in their order; `known` is how they lay in parts before. A part whose files
    are gone is dropped, and its number is free. What is not counted lies in the first part.
    """
    there = {file.path: file for file in files if file.counted}
    parts: dict[int, _Part] = {number: _Part() for number in known}
    new: list[Slice] = []
    places = _find_places(known)
    for file in there.values():
        for number, own in _keep(file, places.get(file.path, [])):
            if number is None:
                new.append(own)
            else:
                parts[number].add(own)
    for part in parts.values():
        while len(part.slices) > 1 and part.weight > most_weight:
            new.append(part.remove_heaviest())
    parts = {number: part for number, part in parts.items() if part.slices}
    if not places.keys() <= there.keys():
        _join_small(parts, size, most_weight)
    order = {path: place for place, path in enumerate(there)}
    new.sort(key=_by(order))
    _fill(parts, new, size, most_weight)
    for file in files:
        if not file.counted:
            parts.setdefault(min(parts, default=0), _Part()).add(file)
    return {number: sorted(part.slices, key=_by(order)) for number, part in sorted(parts.items())}


def _by(order: Mapping[str, int]) -> Callable[[Slice], tuple[int, int]]:
    return lambda own: (order.get(own.path, -1), own.first)


def _find_places(known: Mapping[int, Sequence[Slice]]) -> dict[str, list[tuple[int, Slice]]]:
    places: dict[str, list[tuple[int, Slice]]] = {}
    for number, slices in known.items():
        for own in slices:
            if own.counted:
                places.setdefault(own.path, []).append((number, own))
    return places


def _keep(file: Slice, known: Sequence[tuple[int, Slice]]) -> Iterator[tuple[int | None, Slice]]:
    """A file's slices, each with the part that it was in, or None for what is new of it."""
    if not file.count:
        yield (known[0][0] if known else None), file
        return
    # A run that broke off may have left a row in two parts, or in none
    next_row, end = 1, file.count + 1
    for number, own in sorted(known, key=lambda place: (place[1].first, place[0])):
        first, last = max(own.first, next_row), min(own.first + own.count, end)
        if not own.count or first >= last:
            continue
        if first > next_row:
            yield None, replace(file, first=next_row, count=first - next_row)
        yield number, replace(file, first=first, count=last - first)
        next_row = last
    if next_row < end:
        yield None, replace(file, first=next_row, count=end - next_row)


def _join_small(parts: dict[int, _Part], size: int, most_weight: int) -> None:
    """Put parts together that have become so small that both of them would be a small one."""
    while len(parts) > 1:
        (number, from_part), (_, to_part) = sorted(
            parts.items(), key=lambda item: (item[1].n_texts, -item[0])
        )[:2]
        if from_part.n_texts + to_part.n_texts >= SMALL * size:
            return
        if from_part.weight + to_part.weight > most_weight:
            return
        to_part.add(*from_part.slices)
        del parts[number]


def _fill(parts: dict[int, _Part], new: Sequence[Slice], size: int, most_weight: int) -> None:
    smallest = min(parts.values(), key=lambda part: part.n_texts, default=_Part())
    part = smallest if 0 < smallest.n_texts < SMALL * size else None
    free = (number for number in count() if number not in parts)
    for file in new:
        taken, left = 0, file.n_texts
        while left:
            if part is None or not part.has_room(file.weight, size, most_weight):
                part = parts[next(free)] = _Part()
            some = min(left, size - part.n_texts)
            own = replace(file, first=file.first + taken, count=some) if file.count else file
            part.add(own)
            taken, left = taken + some, left - some
