"""Worker processes of this machine: each has calls of its own, and helps where those are done.

They are an executor of `concurrent.futures`, as Dask's workers are. The library's own can't fork
its processes from a server of one run's.

Parts of the corpus are dealt out by their order and size, the same way in each step: what a process
has looked up of a part's words in one step it still knows in the next. As long as no words are
looked up, few parts are dealt out the heaviest first. One that has nothing left takes the last call
of who has the most. Pieces of a step are anybody's, and the process that waits for one does others
meanwhile: the main process, or the last of the crew where that leads a step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from pipeline.pieces import deal, deal_heaviest_first
from pipeline.workers import process
from pipeline.workers.calls import Call, Passed, Waiting
from pipeline.workers.leading import Answers
from pipeline.workers.process import EndedError, Server, StartError, Worker, spawn

# A process that is spawned takes a second to start, as long as several pieces of a small corpus:
# where no more are there already, so many are started for pieces, however many cores there are
STARTED_FOR_PIECES = 3
# Of more parts a process, what each takes at the end weighs little, and they are begun in their
# order, in which a run keeps what is done: one that is killed loses less
FEW = 8


class Crew(Executor):
    """Up to `size` processes, each started when there is first something for it to do.

    The calls `first` are made in the server of which they are forked, and `second` before they make
    parts. Where there is no server, `first` are made in each that takes pieces.

    A call raises EndedError where its process ends, StartError where none can be started: both are
    what `concurrent.futures` calls BrokenExecutor, and are raised by what is asked for thereafter.
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
        self._waiting = Waiting(size)
        self._is_shut = False
        self._clear()

    def _clear(self) -> None:
        # A thread for each process: it takes a call, sends it there, and waits for what comes of it
        self._threads: list[threading.Thread | None] = [None] * self.size
        self._free: set[int] = set()  # threads that have no call, by their processes
        self._workers: list[Worker] = []
        self._gone: set[int] = set()  # processes that ended, or can't be started
        self._fault: Exception | None = None  # what befell one
        self._is_closed = False

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """See Executor.submit. The process that has least to do is given the call."""
        call = Call(function, *arguments, **named)
        with self._changed:
            self._prepare()
            self._share_out({min(range(self.size), key=self._count_before): [call]})
        return call.future

    def map(
        self,
        function: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        weights: Sequence[float] | None = None,
        needs_memory: bool = True,
    ) -> Iterator[Any]:
        """See Executor.map. The calls have these weights, by which they are dealt out.

        Where a call `needs_memory`, a process has the same ones each time. `chunksize` is ignored.
        """
        until = None if timeout is None else time.monotonic() + timeout
        calls = [Call(function, *arguments) for arguments in zip(*iterables, strict=False)]
        weights = [1.0] * len(calls) if weights is None else weights
        with self._changed:
            self._prepare()
            if needs_memory or len(calls) > FEW * self.size:
                dealt: dict[int, list[Call]] = {}
                for call, number in zip(calls, deal(weights, self.size), strict=True):
                    dealt.setdefault(number, []).append(call)
            else:
                places = enumerate(deal_heaviest_first(weights, self.size))
                dealt = {number: [calls[place] for place in own] for number, own in places}
            self._share_out(dealt)
        return _iterate([call.future for call in calls], until)

    def put(self, call: Call) -> None:
        """A call that anybody may do: a process of the crew, or who waits for it.

        See `_takes_pieces`.
        """
        with self._changed:
            self._waiting.anybodys.append(call)
            # Where there are no processes, the one that waits does it
            with suppress(StartError):
                numbers = filter(self._takes_pieces, range(self.size))
                self._let_help(list(numbers), len(self._waiting.anybodys))

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
                anybodys = self._waiting.anybodys
                if call in anybodys:
                    anybodys.remove(call)
                    return call
                if anybodys:
                    return anybodys.popleft()
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
            self._refuse_when_broken()
            self._waiting.led = call = Call(function, *arguments)
            self._begin(self.size - 1)
            self._changed.notify_all()
        try:
            return call.future.result()
        finally:
            with self._changed:
                self._waiting.anybodys.clear()  # pieces that it has begun and not asked for

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

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See Executor.shutdown."""
        with self._changed:
            self._is_shut = True
            if cancel_futures:
                self._cancel_waiting()
        if wait:
            with self._changed:
                self._changed.wait_for(self._is_idle)
            self.kill_workers()
        else:
            threading.Thread(target=self.shutdown).start()

    def kill_workers(self) -> None:
        """End the processes, in the middle of what they do: what they wrote is whole.

        One that has nothing to do is ended too: to leave of itself it would first give back, word
        by word, all that it remembers.
        """
        self._is_shut = True
        self._end_workers()
        if self._server is not None:
            self._server.end()
            self._server = None
        self._join()

    def _end_workers(self) -> None:
        with self._changed:
            self._is_closed = True
            self._cancel_waiting()
            for worker in self._workers:
                worker.kill()
            self._changed.notify_all()

    def _cancel_waiting(self) -> None:
        for call in self._waiting.empty():
            call.cancel()

    def _is_idle(self) -> bool:
        """Whether all is done but pieces, which may not be asked for any more."""
        is_all_begun = not self._waiting.count_own() and self._waiting.led is None
        return is_all_begun and self._list_begun() <= self._free | self._gone

    def _list_begun(self) -> set[int]:
        return {number for number in range(self.size) if self._threads[number] is not None}

    def _join(self) -> None:
        for thread in self._threads:
            if thread is not None:
                thread.join()
        self._clear()

    def _prepare(self) -> None:
        """For calls that make parts. Raises StartError, EndedError."""
        self._refuse_when_broken()
        self._start_server()
        if self._server is not None and not self.has_mapped:
            self._server.prepare_for_parts()
        self.has_mapped = True

    def _refuse_when_broken(self) -> None:
        if self._is_shut:
            raise RuntimeError("the processes of this crew have been ended; make another crew")
        if self._fault is not None:
            raise self._fault

    def _share_out(self, dealt: Mapping[int, Sequence[Call]]) -> None:
        """Give processes calls of their own. Raises StartError."""
        for number, calls in dealt.items():
            if calls:
                self._begin(number)
        for number, calls in dealt.items():
            self._waiting.add(number, calls)
        self._let_help(range(self.size), self._waiting.count_own())

    def _count_before(self, number: int) -> tuple[int, bool]:
        """How many calls a process does before it gets to a new one, and whether it must start."""
        is_there = self._threads[number] is not None
        is_busy = is_there and number not in self._free
        return self._waiting.count_own(number) + is_busy, not is_there

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
                self._lose(number, call, error)
                return
            with self._changed:
                self._free.add(number)
                if self._is_shut:  # who waits till all is done
                    self._changed.notify_all()

    def _lose(self, number: int, call: Call, error: Exception) -> None:
        """A process ended in the middle of a call, or it can't be started."""
        with self._changed:
            self._fault = error
            self._gone.add(number)
            call.fail(error)
            if led := self._waiting.take_led(number):
                led.fail(error)
            if self._list_begun() <= self._gone:  # otherwise the others do what it had to do
                for waiting in self._waiting.empty_own():
                    waiting.fail(error)
            self._changed.notify_all()

    def _take(self, number: int) -> Call | None:
        """The next call of a process, as soon as there is one; none at the end."""
        with self._changed:
            while not self._is_closed:
                takes_pieces = self._takes_pieces(number)
                if call := self._waiting.take(number, takes_anybodys=takes_pieces):
                    self._free.discard(number)
                    return call
                self._changed.wait()
        return None

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


def _iterate(futures: list[Future[Any]], until: float | None) -> Iterator[Any]:
    """The results, as soon as each is there; what is left is taken back where nobody wants it."""
    try:
        for future in futures:
            yield future.result(None if until is None else until - time.monotonic())
    finally:
        for future in futures:
            future.cancel()
