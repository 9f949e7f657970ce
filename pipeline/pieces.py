"""Pieces of a step: calls that need nothing of each other, which other processes may take over.

A step over the whole corpus starts its pieces and then asks for their results. Which process does
what never shows in the results.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, Protocol


class Piece(Protocol):
    """A call that was started."""

    def result(self) -> Any:
        """What it gives; raises what it raises. May be asked for again."""


class Pieces(Protocol):
    """What pieces are started with."""

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        """`function` is "module:name"; it, the arguments and the result travel by pickle."""

    def count(self) -> int:
        """How many processes share them: pieces of one kind need be no more."""


class Started:
    """A piece whose result is had by this call."""

    def __init__(self, result: Callable[[], Any]) -> None:
        self.result = result


class Here:
    """Does each piece in this process, when its result is first asked for."""

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        return _PieceHere(partial(_call, function, *arguments, **named))

    def count(self) -> int:
        return 1


HERE = Here()


class _PieceHere:
    def __init__(self, call: Callable[[], Any]) -> None:
        self._call: Callable[[], Any] | None = call
        self._result: Any = None

    def result(self) -> Any:
        if self._call is not None:
            self._result = self._call()
            self._call = None  # with its arguments
        return self._result


def _call(function: str, /, *arguments: Any, **named: Any) -> Any:
    return find(function)(*arguments, **named)


def find(function: str) -> Any:
    """The function that is called "module:name", imported only here."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)


def begin(pieces: Pieces, function: str, calls: Sequence[tuple[Any, ...]]) -> list[Piece]:
    """A function, started with each of these arguments; what is but one call is done here."""
    starting = pieces if len(calls) > 1 else HERE
    return [starting.start(function, *arguments) for arguments in calls]


def batch(weights: Mapping[int, float], most: int, least: float) -> list[list[int]]:
    """Parts with their weights, in at most `most` batches of about equal weight, at least `least`.

    Neighbours are together. Of whatever parts there is at least one batch, which has all of them.

    >>> batch({0: 1, 1: 1, 2: 1, 3: 1}, most=2, least=1)
    [[0, 1], [2, 3]]
    >>> batch({0: 1, 1: 1, 2: 1, 3: 1}, most=2, least=3)
    [[0, 1, 2, 3]]
    """
    n = max(1, min(most, int(sum(weights.values()) // least)))
    batches: dict[int, list[int]] = {}
    for part, number in zip(weights, deal(list(weights.values()), n), strict=True):
        batches.setdefault(number, []).append(part)
    return list(batches.values()) or [[]]


def deal(weights: Sequence[float], n: int) -> list[int]:
    """Which of `n` has which of what weighs so much: neighbours together, about as much each.

    >>> deal([1, 1, 1, 1], 2)
    [0, 0, 1, 1]
    >>> deal([4, 1, 1, 1], 2)
    [0, 1, 1, 1]
    """
    total = sum(weights) or 1
    middles = (end - weight / 2 for weight, end in zip(weights, accumulate(weights), strict=True))
    return [min(int(n * middle / total), n - 1) for middle in middles]


def deal_heaviest_first(weights: Sequence[float], n: int) -> list[list[int]]:
    """What each of `n` has of what weighs so much, in that order, so that all end about together.

    What weighs most goes first to who has least (Graham 1969).

    >>> deal_heaviest_first([1, 1, 2, 3, 1], 2)
    [[3, 1], [2, 0, 4]]
    """
    dealt: list[list[int]] = [[] for _ in range(n)]
    loads = [0.0] * n
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]):
        least = loads.index(min(loads))
        dealt[least].append(place)
        loads[least] += weights[place]
    return dealt
