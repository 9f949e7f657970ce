"""Worker processes of this machine: each has calls of its own, and helps where those are done.

Parts of the corpus are dealt out by their order and size, the same way in each step: what a process
has looked up of a part's words in one step it still knows in the next. As long as no words are
looked up, few parts are dealt out the heaviest first. One that has nothing left takes the last call
of who has the most. Pieces of a step are anybody's, and the process that waits for one does others
meanwhile: the main process, or the last of the crew where that leads a step.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from pipeline.pieces import deal, deal_heaviest_first
from pipeline.workers import process
from pipeline.workers.leading import Answers
from pipeline.workers.process import Answer, EndedError, Server, StartError, Worker, spawn

# A process that is spawned takes a second to start, as long as several pieces of a small corpus:
# where no more are there already, so many are started for pieces, however many cores there are
STARTED_FOR_PIECES = 3
# Of more parts a process, what each takes at the end weighs little, and they are begun in their
# order, in which a run keeps what is done: one that is killed loses less
FEW = 8


class Call:
    """A function with its arguments, and what comes of it."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        self.function = partial(function, *arguments, **named)
        self.future: Future[Any] = Future()

    def do(self) -> None:
        """Do it in this process."""
        self._settle(self.function)

    def do_there(self, worker: Worker, answer: Answer) -> None:
        """Do it in a worker's process: see Worker.do. Raises EndedError where that ends."""
        self._settle(partial(worker.do, self.function, answer))

    def _settle(self, do: Callable[[], Any]) -> None:
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
        super().__init__(_do_nothing)
        self._call = call

    def do(self) -> None:
        raise AssertionError("only a worker can open this call")

    def do_there(self, worker: Worker, answer: Answer) -> None:
        self._settle(partial(worker.do, self._call, answer))


class Crew:
    """Up to `size` processes, each started when there is first something for it to do.

    The calls `first` are made in the server of which they are forked, and `second` before they make
    parts. Where there is no server, `first` are made in each that takes pieces.

    A call raises EndedError where its process ends, StartError where none can be started.
    """

    def __init__(
        self,
        size: int,
        first: Sequence[Callable[[], object]] = (),
        second: Callable[[], object] | None = None,
    ) -> None:
        self.size = size
        self.has_mapped = False
        self._first = first
        self._second = second or _do_nothing
        self._server: Server | None = None
        self._changed = threading.Condition(threading.RLock())
        self._own: list[deque[Call]] = [deque() for _ in range(size)]
        self._anybodys: deque[Call] = deque()
        self._led: Call | None = None  # for the last process
        self._clear()

    def _clear(self) -> None:
        # A thread for each process: it takes a call, sends it there, and waits for what comes of it
        self._threads: list[threading.Thread | None] = [None] * self.size
        self._free: set[int] = set()  # threads that have no call, by their processes
        self._workers: list[Worker] = []
        self._fault: Exception | None = None  # what befell a process
        self._is_closed = False

    def map(
        self, calls: Sequence[Call], weights: Sequence[float], *, needs_memory: bool = True
    ) -> Iterator[Any]:
        """Begin calls of these weights: their results in their order, as soon as each is there.

        Where a call `needs_memory`, a process has the same ones each time. Raises StartError,
        EndedError.
        """
        with self._changed:
            if self._fault is not None:
                raise self._fault
            self._start_server()
            if self._server is not None and not self.has_mapped:
                self._server.prepare_for_parts()
            self.has_mapped = True
            if needs_memory or len(calls) > FEW * self.size:
                for call, number in zip(calls, deal(weights, self.size), strict=True):
                    self._own[number].append(call)
            else:
                for own, places in zip(
                    self._own, deal_heaviest_first(weights, self.size), strict=True
                ):
                    own.extend(calls[place] for place in places)
            for number in range(self.size):
                if self._own[number]:
                    self._begin(number)
            self._let_help(range(self.size), sum(map(len, self._own)))
        return (call.future.result() for call in calls)

    def put(self, call: Call) -> None:
        """A call that anybody may do: a process of the crew, or who waits for it.

        See `_takes_pieces`.
        """
        with self._changed:
            self._anybodys.append(call)
            # Where there are no processes, the one that waits does it
            with suppress(StartError):
                numbers = filter(self._takes_pieces, range(self.size))
                self._let_help(list(numbers), len(self._anybodys))

    def count(self) -> int:
        """How many processes do calls of anybody's, the one that waits among them."""
        return 1 + sum(map(self._takes_pieces, range(self.size)))

    def wait(self, call: Call) -> Any:
        """The result of a call that was `put`; till it is there, this process helps."""
        while other := self.find_help(call):
            other.do()
        return call.future.result()

    def find_help(self, call: Call) -> Call | None:
        """What the one that waits for a call does meanwhile, maybe that call itself.

        None as soon as its result is there and nothing is left to help with.
        """
        if not call.future.done():
            with self._changed:
                if call in self._anybodys:
                    self._anybodys.remove(call)
                    return call
                if self._anybodys:
                    return self._anybodys.popleft()
        if isinstance(call.future.exception(), StartError):  # it waits for it
            call.future = Future()
            return call
        return None

    @property
    def has_server(self) -> bool:
        return self._server is not None

    def can_lead(self) -> bool:
        """Whether the last process is there, or can be had at once with what it takes imported."""
        if self._server is None:
            return False
        return self._threads[-1] is not None or self._server.is_ready()

    def lead(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a call gives that the last process does, with pieces for the others (`leading`)."""
        with self._changed:
            if self._fault is not None:
                raise self._fault
            self._led = call = Call(function, *arguments)
            self._begin(self.size - 1)
            self._changed.notify_all()
        try:
            return call.future.result()
        finally:
            with self._changed:
                self._anybodys.clear()  # pieces that it has begun and not asked for

    def start_early(self) -> None:
        """Begin to have a process ready: it takes its time, and may be there when it is needed."""
        # It may not be needed after all
        with suppress(StartError), self._changed:
            self._start_server()
            if self._server is None:
                self._begin(0, early=True)

    def renew(self) -> None:
        """End the processes, and have new ones in their place."""
        self._end_workers()
        self._join()
        self.has_mapped = False
        self.start_early()

    def close(self) -> None:
        """End the processes, in the middle of what they do: what they wrote is whole.

        One that has nothing to do is ended too: to leave of itself it would first give back, word
        by word, all that it remembers.
        """
        self._end_workers()
        if self._server is not None:
            self._server.end()
            self._server = None
        self._join()

    def _end_workers(self) -> None:
        with self._changed:
            self._is_closed = True
            for queue in (*self._own, self._anybodys):
                queue.clear()
            self._led = None
            for worker in self._workers:
                worker.kill()
            self._changed.notify_all()

    def _join(self) -> None:
        for thread in self._threads:
            if thread is not None:
                thread.join()
        self._clear()

    def _takes_pieces(self, number: int) -> bool:
        """All but the last: it leads, or the main process does. Few are started for it."""
        is_there = number < STARTED_FOR_PIECES or self._threads[number] is not None
        return number < self.size - 1 and is_there

    def _let_help(self, numbers: Sequence[int], n_calls: int) -> None:
        """Have one of these processes for each of so many calls, as far as they go."""
        for number in numbers:
            if n_calls > len(self._free.intersection(numbers)):
                self._begin(number)
        self._changed.notify_all()

    def _begin(self, number: int, *, early: bool = False) -> None:
        """Have a process, if it is not there. Raises StartError."""
        if self._threads[number] is not None:
            return
        self._start_server()
        thread = threading.Thread(target=self._tend, args=(number, early), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            raise StartError(str(error)) from error
        self._threads[number] = thread
        self._free.add(number)

    def _start_server(self) -> None:
        if process.CAN_FORK and self._server is None:
            # Where it can't be started, a worker tells it
            with suppress(StartError):
                self._server = Server(self._first, self._second)

    # In a thread for each process

    def _tend(self, number: int, early: bool) -> None:
        """Have a process do what there is for it, till the crew is closed."""
        worker = None
        if early:
            with suppress(StartError, EndedError):
                worker = self._start(number)
        while call := self._take(number):
            try:
                worker = worker or self._start(number)
                call.do_there(worker, Answers(self, Passed))
            except (StartError, EndedError) as error:
                self._fault = error
                call.future.set_exception(error)
                return
            with self._changed:
                self._free.add(number)

    def _take(self, number: int) -> Call | None:
        """The next call of a process, as soon as there is one; none at the end."""
        with self._changed:
            while not self._is_closed:
                if self._led and number == self.size - 1:
                    self._free.discard(number)
                    led, self._led = self._led, None
                    return led
                queue = self._find_queue(number)
                if queue:
                    self._free.discard(number)
                    is_first = queue is self._own[number] or queue is self._anybodys
                    return queue.popleft() if is_first else queue.pop()
                self._changed.wait()
        return None

    def _find_queue(self, number: int) -> deque[Call]:
        """Where a process finds its next call; maybe in none."""
        if self._own[number]:
            return self._own[number]
        if self._anybodys and self._takes_pieces(number):
            return self._anybodys
        return max(self._own, key=len)

    def _start(self, number: int) -> Worker:
        """Raises StartError."""
        worker = self._fork()
        if worker is None:
            worker = spawn(self._first if self._takes_pieces(number) else ())
        with self._changed:
            self._workers.append(worker)
            if self._is_closed:
                worker.kill()
        return worker

    def _fork(self) -> Worker | None:
        """None where there is no server, or none any more."""
        if (server := self._server) is None:
            return None
        try:
            return server.fork()
        except (EndedError, OSError):
            if self._is_closed:
                raise EndedError from None
            return None


def _do_nothing() -> None:
    pass
