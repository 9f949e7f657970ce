"""Calls that processes of this machine do, and which of those that wait is whose next one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from pipeline.workers.process import Answer, EndedError, Worker


class Call:
    """A function with its arguments, and what comes of it."""

    def __init__(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> None:
        self.function = partial(function, *arguments, **named)
        self.future: Future[Any] = Future()

    def do(self) -> None:
        """Do it in this process."""
        self._settle(self.function)

    def do_there(self, worker: Worker, answer: Answer) -> None:
        """Do it in a worker's process: see Worker.do. Raises EndedError where that ends."""
        self._settle(partial(worker.do, self.function, answer))

    def cancel(self) -> None:
        """Nobody has begun it, and nobody shall."""
        if self.future.cancel():
            self.future.set_running_or_notify_cancel()  # tells those who wait for it

    def fail(self, error: Exception) -> None:
        """Nobody does it, or nobody can end it."""
        if self.future.running() or self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)

    def _settle(self, do: Callable[[], Any]) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = do()
        except EndedError:
            raise
        except Exception as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Passed(Call):
    """A call that goes from one worker to another unopened, and so does what it gives: bytes."""

    def __init__(self, call: bytes) -> None:
        super().__init__(bytes)  # which is never called
        self._call = call

    def do(self) -> None:
        raise AssertionError("only a worker can open this call")

    def do_there(self, worker: Worker, answer: Answer) -> None:
        self._settle(partial(worker.do, self._call, answer))


class Waiting:
    """Calls that nobody has begun: each process's own, anybody's, and a step that the last leads.

    For one thread at a time.
    """

    def __init__(self, size: int) -> None:
        self.anybodys: deque[Call] = deque()
        self.led: Call | None = None
        self._own: list[deque[Call]] = [deque() for _ in range(size)]

    def add(self, number: int, calls: Sequence[Call]) -> None:
        """Calls of a process's own."""
        self._own[number].extend(calls)

    def count_own(self, number: int | None = None) -> int:
        """How many are a process's own, or of all processes."""
        return sum(map(len, self._own)) if number is None else len(self._own[number])

    def take(self, number: int, *, takes_anybodys: bool) -> Call | None:
        """What a process does next: at last the last call of who has the most."""
        if led := self.take_led(number):
            return led
        if self._own[number]:
            return self._own[number].popleft()
        if self.anybodys and takes_anybodys:
            return self.anybodys.popleft()
        most = max(self._own, key=len)
        return most.pop() if most else None

    def take_led(self, number: int) -> Call | None:
        """The step that this process leads, as nobody else does."""
        if number != len(self._own) - 1:
            return None
        led, self.led = self.led, None
        return led

    def empty(self) -> Iterator[Call]:
        """All of them, which wait no more."""
        yield from self.empty_own()
        while self.anybodys:
            yield self.anybodys.popleft()

    def empty_own(self) -> Iterator[Call]:
        """As `empty`, but for anybody's."""
        for own in self._own:
            while own:
                yield own.popleft()
        if led := self.take_led(len(self._own) - 1):
            yield led
