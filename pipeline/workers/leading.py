"""A step over the whole corpus, led by a worker process that has imported what it takes.

The main process would have to import all that once more, while nobody else has anything to do. The
worker asks it, by their connection, to let others do pieces of the step, and does pieces itself
while it waits for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.pieces import Piece, Started
from pipeline.store import Task
from pipeline.workers.calling import Made, call, call_piece
from pipeline.workers.process import EndedError, ask, hear_more

if TYPE_CHECKING:
    from pipeline.workers.calls import Call
    from pipeline.workers.crew import Crew


class _Begin(NamedTuple):
    """What the one that leads asks for: that others may do the call that follows.

    The answer is its number.
    """


class _Want(NamedTuple):
    """It needs what the piece of this number gives. The answer is _Do or _Done."""

    number: int


class _Count(NamedTuple):
    """How many processes share pieces?"""


class _Do(NamedTuple):
    """Do the piece of this number: nobody else will."""

    number: int


class _Done(NamedTuple):
    """What a piece raises; None where its result follows."""

    error: BaseException | None


# In the worker


def lead(function: str, task: Task) -> Made:
    """As `call`, for a task whose pieces are shared out by the main process."""
    pieces = _Pieces()
    made = call(function, replace(task, pieces=pieces))
    return made._replace(memory_mb=max(made.memory_mb, pieces.memory_mb))


class _Pieces:
    """See pieces.Pieces."""

    def __init__(self) -> None:
        self.memory_mb = 0.0  # the most that a process held that did one
        self._begun: dict[int, Callable[[], Any]] = {}
        self._done: dict[int, tuple[Any, BaseException | None]] = {}

    def start(self, function: str, *arguments: Any, **named: Any) -> Piece:
        piece = partial(call_piece, function, *arguments, **named)
        number = ask(_Begin(), piece)
        self._begun[number] = piece
        return Started(partial(self.wait, number))

    def count(self) -> int:
        n: int = ask(_Count())
        return n

    def wait(self, number: int) -> Any:
        while number not in self._done:
            answer = ask(_Want(number))
            if isinstance(answer, _Do):
                self._done[answer.number] = _do(self._begun.pop(answer.number))
            else:
                result = hear_more() if answer.error is None else None
                self._done[number] = result, answer.error
                del self._begun[number]  # with its arguments
        result, error = self._done[number]
        if error is not None:
            raise error
        result, memory_mb = result
        self.memory_mb = max(self.memory_mb, memory_mb)
        return result


def _do(function: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return function(), None
    except Exception as error:
        return None, error


# In the main process


class Answers:
    """What the main process answers the one that leads a step.

    Calls and what they give are passed on unopened: they can be large, and it would have to import
    what they are made of.
    """

    def __init__(self, crew: Crew, make_call: Callable[[bytes], Call]) -> None:
        self._crew = crew
        self._make_call = make_call
        self._begun: dict[int, Call] = {}
        self._n_begun = 0

    def __call__(self, asked: Any, hear_more: Callable[[], bytes]) -> tuple[Any, bytes | None]:
        """The answer, and what follows it. Raises EndedError where who had a piece has ended."""
        if isinstance(asked, _Begin):
            return self._begin(hear_more()), None
        if isinstance(asked, _Want):
            return self._find(asked.number)
        return self._crew.count(), None

    def _begin(self, piece: bytes) -> int:
        self._n_begun += 1
        self._begun[self._n_begun] = self._make_call(piece)
        self._crew.put(self._begun[self._n_begun])
        return self._n_begun

    def _find(self, wanted: int) -> tuple[_Do | _Done, bytes | None]:
        todo = self._crew.find_help(self._begun[wanted])
        if todo is not None:
            number = next(number for number, own in self._begun.items() if own is todo)
            del self._begun[number]
            return _Do(number), None
        future = self._begun.pop(wanted).future
        error = future.exception()
        if isinstance(error, EndedError):
            raise error
        return _Done(error), None if error else future.result()
