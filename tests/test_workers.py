"""Workers: parts and pieces come out the same, in their order, whichever process makes them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, as_completed, wait
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.pieces import HERE, batch, begin, deal, deal_heaviest_first
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Outcome, Store, Task
from pipeline.workers import Workers, crew, process
from pipeline.workers.calling import prepare
from pipeline.workers.calls import Call
from pipeline.workers.crew import Crew
from pipeline.workers.process import EndedError, StartError

WAYS = [
    pytest.param(True, id="forked", marks=pytest.mark.skipif(not process.CAN_FORK, reason="Linux")),
    pytest.param(False, id="spawned"),
]


@pytest.fixture(params=WAYS)
def two(request, monkeypatch):
    """A crew of two processes, each forked of a server, or each of its own."""
    monkeypatch.setattr(process, "CAN_FORK", request.param)
    made = Crew(2)
    yield made
    made.kill_workers()


# Dealing out


@given(st.lists(st.floats(0, 1e6), max_size=40), st.integers(1, 8))
def test_neighbours_are_dealt_to_one_process_and_every_part_to_some(weights, n):
    dealt = deal(weights, n)
    assert len(dealt) == len(weights)
    assert dealt == sorted(dealt)
    assert set(dealt) <= set(range(n))


@given(st.lists(st.floats(1, 3), min_size=1, max_size=40), st.integers(1, 8))
def test_no_process_is_dealt_more_than_its_share_and_one_part(weights, n):
    dealt = deal(weights, n)
    for number in range(n):
        own = sum(weight for weight, to in zip(weights, dealt, strict=True) if to == number)
        assert own <= sum(weights) / n + max(weights) + 1e-6


@given(st.lists(st.floats(0, 1e6), max_size=40), st.integers(1, 8))
def test_of_few_parts_each_process_has_the_heaviest_first_and_no_process_much_more(weights, n):
    dealt = deal_heaviest_first(weights, n)
    assert sorted(place for own in dealt for place in own) == list(range(len(weights)))
    for own in dealt:
        assert [weights[place] for place in own] == sorted((weights[p] for p in own), reverse=True)
    loads = [sum(weights[place] for place in own) for own in dealt]
    # Who has most had least before its last and lightest part came
    most = dealt[loads.index(max(loads))]
    assert max(loads) <= min(loads) + (weights[most[-1]] if most else 0) + 1e-6


def test_of_few_parts_that_need_no_memory_the_heaviest_are_begun_first(two):
    list(two.map(_tell_pid, range(2)))  # both are there
    weights = [1, 1, 5, 1, 1, 5]
    times = list(two.map(_tell_time, range(6), weights=weights, needs_memory=False))
    assert sorted(times)[:2] == sorted([times[2], times[5]])


def test_of_many_parts_the_first_ones_are_begun_first(two):
    """In their order a run keeps what is done."""
    list(two.map(_nap, range(2)))  # both are there
    n = 2 * crew.FEW + 1
    times = list(two.map(_tell_time, range(n), weights=range(n), needs_memory=False))
    assert times[0] < times[1] < times[2]


def test_parts_without_weight_are_dealt_all_the_same():
    assert deal([0, 0, 0], 2) == [0, 0, 0]


@given(
    st.dictionaries(st.integers(0, 99), st.integers(0, 1000), max_size=40),
    st.integers(1, 8),
    st.integers(1, 500),
)
def test_batches_have_each_part_once_and_are_no_more_than_asked_for(weights, most, least):
    weights = dict(sorted(weights.items()))
    batches = batch(weights, most, least)
    assert [part for own in batches for part in own] == list(weights)
    assert 1 <= len(batches) <= max(1, min(most, sum(weights.values()) // least))


# Parts


def test_results_come_in_the_order_of_the_calls(two):
    assert list(two.map(pow, range(20), [2] * 20)) == [number**2 for number in range(20)]


def test_a_process_gets_the_same_parts_in_each_step(two):
    """What it has looked up of their words it still knows."""
    first, second = (list(two.map(_nap, range(2))) for _ in range(2))
    assert first == second
    assert len(set(first)) == 2


def test_a_process_that_has_nothing_left_takes_the_last_of_the_other(two):
    """All five are dealt to the first process."""
    list(two.map(_tell_pid, range(2)))  # both are there
    pids = list(two.map(_nap, range(5), weights=[1e-9] * 4 + [1]))
    assert len(set(pids)) == 2


def test_an_error_of_a_part_is_raised_where_its_result_is_asked_for(two):
    results = two.map(int, ["1", "one", "2"])
    assert next(results) == 1
    with pytest.raises(ValueError, match="invalid literal"):
        next(results)


def test_a_process_that_ends_breaks_its_part(two):
    results = two.map(_end_or_nap, [True, False])
    with pytest.raises(EndedError):
        next(results)


def test_a_process_that_ended_while_it_waited_breaks_the_next_part(two):
    (pid,) = two.map(_tell_pid, [0])
    os.kill(pid, 9)
    time.sleep(0.5)
    with pytest.raises(EndedError):
        next(two.map(_tell_pid, [0]))


# As any executor of concurrent.futures


def test_results_of_what_was_submitted_come_as_each_is_done(two):
    futures = {two.submit(divmod, number, 3): number for number in range(8)}
    assert all(future.result() == divmod(futures[future], 3) for future in as_completed(futures))


def test_both_processes_do_what_was_submitted(two):
    assert len({future.result() for future in [two.submit(_nap) for _ in range(6)]}) == 2


def test_names_of_arguments_are_free(two):
    """Also those that the crew's own parameters have."""
    assert two.submit(dict, function=1, self=2).result() == {"function": 1, "self": 2}


def test_it_serves_where_the_library_takes_an_executor(two):
    async def ask():
        return await asyncio.get_running_loop().run_in_executor(two, abs, -1)

    assert asyncio.run(ask()) == 1


def test_all_is_done_before_its_processes_are_ended():
    with Crew(2) as made:
        futures = [made.submit(_nap) for _ in range(5)]
    assert all(future.done() for future in futures)
    for pid in {future.result() for future in futures}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    for ask in (made.submit, made.map):
        with pytest.raises(RuntimeError, match="make another crew"):
            ask(abs, [-1])


def test_what_is_not_begun_can_be_cancelled_at_the_end(two):
    futures = [two.submit(_nap) for _ in range(20)]
    two.shutdown(cancel_futures=True)
    done = [future for future in futures if not future.cancelled()]
    assert len(done) <= 3
    assert all(future.result() for future in done)


def test_one_need_not_wait_for_the_end(two):
    futures = [two.submit(_nap) for _ in range(4)]
    two.shutdown(wait=False)
    assert not futures[-1].done()
    assert all(future.result(timeout=60) for future in futures)


def test_a_call_that_was_cancelled_is_not_done_and_the_next_one_is(two, tmp_path):
    naps = [two.submit(_nap) for _ in range(2)]
    cancelled, following = (two.submit(_tell, tmp_path / name, "") for name in "ab")
    assert cancelled.cancel()
    following.result(timeout=60)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    assert all(nap.result() for nap in naps)


def test_a_result_that_takes_longer_than_one_waits_is_an_error(two):
    with pytest.raises(TimeoutError):
        next(two.map(time.sleep, [30], timeout=0.1))


def test_results_that_nobody_waits_for_any_more_are_not_made(two, tmp_path):
    places = [tmp_path / f"{number}" for number in range(40)]
    results = two.map(_nap_and_tell, places)
    next(results)
    results.close()
    two.shutdown()
    assert len(list(tmp_path.iterdir())) < 10


def test_every_future_is_told_when_processes_are_killed(two):
    futures = [two.submit(_nap) for _ in range(20)]
    futures[0].result()
    two.kill_workers()
    assert wait(futures, timeout=60).not_done == set()
    assert futures[-1].cancelled()


def test_every_future_is_told_when_a_process_ends(two):
    futures = [two.submit(os._exit, 9) for _ in range(2)] + [two.submit(_nap) for _ in range(6)]
    assert wait(futures, timeout=60).not_done == set()
    assert isinstance(futures[0].exception(), BrokenExecutor)
    with pytest.raises(BrokenExecutor):
        two.submit(abs, -1)


def test_every_future_is_told_when_no_process_can_be_started(two, monkeypatch):
    refuse_processes(monkeypatch)
    futures = [two.submit(abs, -1)]
    with suppress(StartError):  # as soon as it is known
        futures += [two.submit(abs, -1) for _ in range(4)]
    assert wait(futures, timeout=60).not_done == set()
    assert {type(future.exception()) for future in futures} == {StartError}
    with pytest.raises(StartError, match="Resource temporarily unavailable"):
        two.submit(abs, -1)


def test_a_part_that_another_process_had_before_it_ended_is_still_made(two):
    """A run keeps it, and goes on from there."""
    results = two.map(_end_or_nap, [False, False, False, True], weights=[1, 1, 1, 3])
    assert len([next(results) for _ in range(3)]) == 3
    with pytest.raises(EndedError):
        next(results)


# Pieces


def test_the_process_that_waits_for_a_piece_does_others_meanwhile(two):
    calls = [Call(_nap) for _ in range(6)]
    for call in calls:
        two.put(call)
    pids = [two.wait(call) for call in calls]
    assert os.getpid() in pids
    assert len(set(pids)) == 2


def test_a_piece_that_fails_here_or_there_raises_its_error_each_time(two):
    for _ in range(4):
        calls = [Call(int, "one") for _ in range(3)]
        for call in calls:
            two.put(call)
        for call in calls:
            for _ in range(2):
                with pytest.raises(ValueError, match="invalid literal"):
                    two.wait(call)


def test_pieces_are_done_here_where_no_process_can_be_started(two, monkeypatch):
    refuse_processes(monkeypatch)
    two.start_early()
    calls = [Call(os.getpid) for _ in range(3)]
    for call in calls:
        two.put(call)
    for call in calls:
        for _ in range(2):
            assert two.wait(call) == os.getpid()
    with pytest.raises(StartError, match="Resource temporarily unavailable"):
        next(two.map(_tell_pid, [0]))


def test_processes_that_can_not_be_started_for_parts_are_told_in_one_line(monkeypatch):
    refuse_processes(monkeypatch)
    with (
        Workers(2) as workers,
        pytest.raises(NordtemaError, match=r"can't be started \(Resource .* with --jobs 1"),
    ):
        list(workers.map("builtins:abs", [1, 2]))


def refuse_processes(monkeypatch):
    """As a system does where no more processes are allowed."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(process._SPAWN.Process, "start", refuse)


def test_on_a_machine_of_many_cores_few_processes_are_started_for_pieces():
    """They take longer to start than the pieces of a small corpus take."""
    many = Crew(16)
    try:
        calls = [Call(_nap) for _ in range(12)]
        for call in calls:
            many.put(call)
        pids = {many.wait(call) for call in calls}
        assert len(pids - {os.getpid()}) <= crew.STARTED_FOR_PIECES
        assert len(many._workers) == crew.STARTED_FOR_PIECES
    finally:
        many.kill_workers()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_pieces_give_the_same_with_any_number_of_processes(jobs):
    with Workers(jobs) as workers:
        pieces = [workers.start("operator:pow", 2, number) for number in range(12)]
        named = workers.start("builtins:sorted", [2, 3, 1], reverse=True)
        assert [piece.result() for piece in pieces] == [2**number for number in range(12)]
        assert named.result() == [3, 2, 1]
        assert named.result() == [3, 2, 1]


def test_as_many_pieces_are_shared_as_there_are_processes_for_them():
    """Few are started for pieces, but those that have made parts take them too."""
    assert [HERE.count(), Workers(1).count(), Workers(2).count()] == [1, 1, 2]
    with Workers(6) as workers:
        assert workers.count() == 1 + crew.STARTED_FOR_PIECES
        list(workers._find_crew().map(_tell_pid, range(6)))
        assert workers.count() == 6


def test_one_call_alone_is_done_here():
    class Two:
        def start(self, function, *arguments):
            raise AssertionError("in another process")

    (piece,) = begin(Two(), "operator:pow", [(2, 5)])
    assert piece.result() == 32


def test_a_piece_that_nobody_asks_for_is_not_done_here():
    HERE.start("os:abort")


def test_a_process_that_ends_in_a_piece_is_told_in_one_line():
    with Workers(2) as workers:
        piece = workers.start("os:_exit", 9)
        while workers._find_crew()._waiting.anybodys:  # the one that waits must not take it
            time.sleep(0.01)
        with pytest.raises(NordtemaError, match="a worker process was ended from outside"):
            piece.result()


# The server


needs_fork = pytest.mark.skipif(not process.CAN_FORK, reason="workers are forked on Linux only")


@needs_fork
def test_what_workers_need_is_imported_once_for_all_of_them(tmp_path):
    told = tmp_path / "told"
    made = Crew(2, [partial(_tell, told, "pieces")], partial(_tell, told, "parts"))
    try:
        pids = {*made.map(_nap, range(2))}
        made.renew()
        pids |= {*made.map(_nap, range(2))}
    finally:
        made.kill_workers()
    assert len(pids) == 4
    whats, servers = zip(*map(str.split, told.read_text().splitlines()), strict=True)
    assert whats == ("pieces", "parts", "parts")
    (server,) = map(int, set(servers))
    assert server not in pids


@needs_fork
def test_pieces_do_not_wait_for_what_only_parts_need():
    made = Crew(2, (), partial(time.sleep, 600))
    try:
        call = Call(os.getpid)
        made.put(call)
        assert call.future.result(timeout=60) != os.getpid()
    finally:
        made.kill_workers()


@needs_fork
def test_the_server_ends_with_the_crew_though_it_still_imports():
    made = Crew(2, [partial(time.sleep, 600)])
    made.start_early()
    server = made._server._process
    assert server.is_alive()
    made.put(Call(os.getpid))
    made.kill_workers()
    assert not server.is_alive()


@needs_fork
def test_the_server_and_its_workers_have_ended_when_the_crew_is_closed():
    made = Crew(2)
    pids = list(made.map(_nap, range(2)))
    server = made._server._process
    made.map(time.sleep, [600, 600])
    made.kill_workers()
    assert not server.is_alive()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@needs_fork
def test_where_the_server_was_killed_workers_are_started_without_it():
    made = Crew(2)
    try:
        made.start_early()
        made._server._process.kill()
        pids = set(made.map(_nap, range(2)))
        assert len(pids - {os.getpid()}) == 2
    finally:
        made.kill_workers()


@needs_fork
def test_libraries_that_have_threads_work_in_forked_workers():
    """Arrow starts its own in the worker."""
    made = Crew(2, [partial(prepare, ["pipeline.cluster", "pyarrow.parquet"])])
    try:
        for call in [Call(_compute) for _ in range(2)]:
            made.put(call)
            n_python, limits = call.future.result(timeout=120)
            assert n_python == 2, "the main one, and the one that watches the main process"
            assert limits == {1}, "more would be in the way of the other processes"
    finally:
        made.kill_workers()


def test_a_process_of_its_own_computes_on_one_thread(monkeypatch):
    monkeypatch.setattr(process, "CAN_FORK", False)
    made = Crew(2, [partial(prepare, ["pipeline.cluster"])])
    try:
        call = Call(_compute)
        made.put(call)
        assert call.future.result(timeout=120)[1] == {1}
    finally:
        made.kill_workers()


def test_an_error_tells_where_in_the_worker_it_arose(two):
    with pytest.raises(ValueError, match="invalid literal") as raised:
        next(two.map(int, ["one"]))
    assert "In a worker process:" in raised.value.__notes__[0]


def test_what_can_not_travel_is_an_error_of_its_call_alone(two):
    with pytest.raises(RuntimeError, match="pickle"):
        two.submit(_give_what_can_not_travel).result(timeout=60)
    assert two.submit(abs, -1).result(timeout=60) == 1


# Steps that a worker leads


@needs_fork
@pytest.mark.parametrize("size", [2, 3])
def test_the_last_process_leads_a_step_and_shares_its_pieces_with_the_others(size):
    with led(size) as workers:
        pids, leader, count = lead(workers, "share_naps", 6)
        assert os.getpid() not in pids
        assert leader in pids
        assert len(set(pids)) == size == count


@needs_fork
def test_a_step_is_led_here_until_a_process_can_be_had_at_once():
    """To wait for what another one still imports would take longer than to import it."""
    with Workers(2, needed={"cluster": ((), ("time:sleep",))}) as workers:
        assert lead(workers, "share_naps", 1)[1] == os.getpid()
        workers.start_early("cluster")
        while not workers._find_crew().can_lead():
            time.sleep(0.01)
        assert lead(workers, "share_naps", 1)[1] != os.getpid()


@needs_fork
def test_a_single_part_goes_to_the_process_that_leads():
    with led(2) as workers:
        ((_, outcome),) = workers.map(f"{__name__}:give_pid", [a_task()])
        assert outcome.counts["pid"] != os.getpid()


@needs_fork
def test_what_a_piece_raises_there_is_raised_where_the_step_asks_for_it():
    with led(2) as workers:
        assert lead(workers, "share_faults", 4) == ["invalid literal"] * 8


@needs_fork
def test_an_error_of_a_step_that_is_led_there_is_raised_here():
    with led(2) as workers:
        for _ in range(2):
            with pytest.raises(ValueError, match="step went wrong") as raised:
                lead(workers, "go_wrong", 0)
            assert "In a worker process:" in raised.value.__notes__[0]


@needs_fork
def test_pieces_that_a_step_does_not_ask_for_are_forgotten_with_it():
    with led(2) as workers:
        assert lead(workers, "ask_for_none", 8) == "done"
        assert not workers._find_crew()._waiting.anybodys


@needs_fork
def test_large_arguments_and_results_of_pieces_arrive_whole():
    with led(2) as workers:
        assert lead(workers, "share_large", 4) == [bytes([n]) * 3_000_000 for n in range(4)]


@needs_fork
def test_pieces_pass_through_the_main_process_unopened():
    """It would have to import what they are made of."""
    with led(2) as workers:
        assert lead(workers, "share_what_only_workers_open", 3) == [1, 1, 1]


@needs_fork
@pytest.mark.parametrize("who", ["end_itself", "end_another"])
def test_a_process_that_ends_while_a_step_is_led_is_told_in_one_line(who):
    with (
        led(2) as workers,
        pytest.raises(NordtemaError, match="a worker process was ended from outside"),
    ):
        lead(workers, who, 0)


@needs_fork
def test_pieces_are_done_by_the_one_that_leads_where_no_other_can_be_started(monkeypatch):
    with led(2) as workers:
        pid = lead(workers, "share_naps", 0)[1]
        monkeypatch.setattr(Crew, "_start", refuse_start)
        assert lead(workers, "share_naps", 3)[0] == [pid] * 3
        # It is known now, and this process leads
        assert lead(workers, "share_naps", 3)[0] == [os.getpid()] * 3


@needs_fork
def test_processes_are_new_for_the_report_and_have_what_was_imported_since():
    with led(2) as workers:
        before = lead(workers, "share_naps", 0)[1]
        workers.renew()
        while not workers._find_crew().can_lead():
            time.sleep(0.01)
        assert lead(workers, "share_naps", 0)[1] not in {before, os.getpid()}


def led(jobs):
    """Workers of which one is ready to lead."""
    workers = Workers(jobs)
    workers.start_early("")
    while not workers._find_crew().can_lead():
        time.sleep(0.01)
    return workers


def lead(workers, function, n):
    """What a step of this module gives; it has the task's part from `n`."""
    ((_, outcome),) = workers.reduce(f"{__name__}:{function}", [a_task(n)])
    return outcome.counts["given"]


def a_task(part=0):
    return Task(Path(str(os.getpid())), Store(Path("outputs")), Settings(), part=part)


# Scripts


def test_a_script_may_start_processes_without_asking_whether_it_is_the_main_one(tmp_path):
    """Each would run the script again, and start more, if they imported it as Python does."""
    script = tmp_path / "script.py"
    script.write_text(
        "from pipeline.workers.crew import Crew\n"
        "print('begun', flush=True)\n"
        "crew = Crew(2)\n"
        "print(list(crew.map(abs, [-1, -2])))\n"
        "crew.kill_workers()\n"
    )
    place = {"PYTHONPATH": str(Path(pipeline.__file__).parent.parent)}
    command = [sys.executable, str(script)]
    done = subprocess.run(
        command, env=os.environ | place, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "begun\n[1, 2]\n"


def _nap(_: object = None) -> int:
    time.sleep(0.2)
    return os.getpid()


def _tell_pid(_: object) -> int:
    return os.getpid()


def _end_or_nap(ends: bool) -> int:
    return os._exit(9) if ends else _nap()


def _tell_time(_: object) -> float:
    began = time.monotonic()
    time.sleep(0.1)
    return began


def _tell(path: Path, what: str) -> None:
    with path.open("a") as file:
        file.write(f"{what} {os.getpid()}\n")


def _nap_and_tell(path: Path) -> None:
    _nap()
    _tell(path, "done")


def _give_what_can_not_travel() -> object:
    return lambda: None


def _compute() -> tuple[int, set[int]]:
    import numpy as np
    import pyarrow as pa
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_info

    square = np.random.default_rng(0).normal(size=(400, 400))
    assert np.isfinite(np.linalg.svd(square @ square, compute_uv=False)).all()
    KMeans(3, n_init=1, random_state=0).fit(square)
    table = pa.table({"a": pa.array(range(100_000))}).to_pandas(use_threads=True)
    assert table["a"].sum() == 4_999_950_000
    return threading.active_count(), {library["num_threads"] for library in threadpool_info()}


# Steps and pieces, for which the processes import this module


def give_pid(task):
    return Outcome([], {"pid": os.getpid()})


def share_naps(task):
    pieces = [task.pieces.start(f"{__name__}:_nap") for _ in range(task.part)]
    given = [piece.result() for piece in pieces], os.getpid(), task.pieces.count()
    return Outcome([], {"given": given})


def ask_for_none(task):
    for _ in range(task.part):
        task.pieces.start(f"{__name__}:_nap")
    return Outcome([], {"given": "done"})


def share_faults(task):
    pieces = [task.pieces.start("builtins:int", "one") for _ in range(task.part)]
    told = []
    for piece in pieces * 2:
        try:
            piece.result()
        except ValueError as error:
            told.append(str(error)[:15])
    return Outcome([], {"given": told})


def share_large(task):
    pieces = [task.pieces.start("builtins:bytes", bytes([n]) * 3_000_000) for n in range(task.part)]
    return Outcome([], {"given": [piece.result() for piece in pieces]})


class NotInMain:
    """What can't be opened in the process where it was not made or sent to."""

    def __init__(self, main):
        self.main = main

    def __reduce__(self):
        return _open_elsewhere, (self.main,)


def _open_elsewhere(main):
    assert os.getpid() != main
    return NotInMain(main)


def _pass_on(thing):
    _nap()
    return thing


def share_what_only_workers_open(task):
    pieces = [
        task.pieces.start(f"{__name__}:_pass_on", NotInMain(int(task.raw.name)))
        for _ in range(task.part)
    ]
    return Outcome([], {"given": [isinstance(piece.result(), NotInMain) for piece in pieces]})


def go_wrong(task):
    raise ValueError("step went wrong")


def end_itself(task):
    os._exit(9)


def end_another(task):
    leader = os.getpid()
    piece = task.pieces.start(f"{__name__}:_end_all_but", leader)
    time.sleep(2)  # the other one has it by now
    piece.result()


def _end_all_but(leader):
    if os.getpid() != leader:
        os._exit(9)
    return leader


def refuse_start(*_):
    raise StartError("Resource temporarily unavailable")
