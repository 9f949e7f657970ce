"""Pieces of a step: calls that need nothing of each other, which other processes may take over.

A step over the whole corpus starts its pieces and then asks for their results. Which process does
what never shows in the results.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol


class Piece(Protocol):
    """A call that was started."""

    def result(self) -> Any:
        """What it gives; raises what it raises. May be asked for again."""


class Pieces(Protocol):
    """What pieces are started with."""

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        """`function` is "module:name"; it, the arguments and the result travel by pickle."""


class Here:
    """Does each piece in this process, when its result is first asked for."""

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        return _PieceHere(partial(_call, function, *arguments, **named))


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
