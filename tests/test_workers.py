"""Workers: parts and pieces come out the same, in their order, whichever process makes them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.pieces import HERE, batch, begin, deal
from pipeline.settings import NordtemaError
from pipeline.workers import Workers, crew
from pipeline.workers.crew import Call, Crew


@pytest.fixture
def two():
    """A crew of two processes."""
    made = Crew(2, os.getpid)
    yield made
    made.close()


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
    calls = [Call(pow, number, 2) for number in range(20)]
    assert list(two.map(calls, [1] * 20)) == [number**2 for number in range(20)]


def test_a_process_gets_the_same_parts_in_each_step(two):
    """What it has looked up of their words it still knows."""
    first, second = (list(two.map([Call(_nap) for _ in range(2)], [1, 1])) for _ in range(2))
    assert first == second
    assert len(set(first)) == 2


def test_a_process_that_has_nothing_left_takes_the_last_of_the_other(two):
    """All five are dealt to the first process."""
    list(two.map([Call(os.getpid) for _ in range(2)], [1, 1]))  # both are there
    pids = list(two.map([Call(_nap) for _ in range(5)], [1e-9] * 4 + [1]))
    assert len(set(pids)) == 2


def test_an_error_of_a_part_is_raised_where_its_result_is_asked_for(two):
    results = two.map([Call(int, "1"), Call(int, "one"), Call(int, "2")], [1, 1, 1])
    assert next(results) == 1
    with pytest.raises(ValueError, match="invalid literal"):
        next(results)


def test_a_process_that_ends_breaks_its_part(two):
    results = two.map([Call(os._exit, 9), Call(_nap)], [1, 1])
    with pytest.raises(BrokenExecutor):
        next(results)


def test_a_process_that_ended_while_it_waited_breaks_the_next_part(two):
    (pid,) = two.map([Call(os.getpid)], [1])
    os.kill(pid, 9)
    time.sleep(0.5)
    with pytest.raises(BrokenExecutor):
        next(two.map([Call(os.getpid)], [1]))


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
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(crew, "ProcessPoolExecutor", refuse)
    call = Call(os.getpid)
    two.start_one()
    two.put(call)
    assert two.wait(call) == os.getpid()
    with pytest.raises(crew.StartError, match="Read-only file system"):
        next(two.map([Call(os.getpid)], [1]))


def test_on_a_machine_of_many_cores_few_processes_are_started_for_pieces():
    """They take longer to start than the pieces of a small corpus take."""
    many = Crew(16, os.getpid)
    try:
        calls = [Call(_nap) for _ in range(12)]
        for call in calls:
            many.put(call)
        pids = {many.wait(call) for call in calls}
        assert len(pids - {os.getpid()}) <= crew.STARTED_FOR_PIECES
        assert sum(worker is not None for worker in many._workers) == crew.STARTED_FOR_PIECES
    finally:
        many.close()


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
        list(workers._find_crew().map([Call(os.getpid) for _ in range(6)], [1] * 6))
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
        while workers._find_crew()._anybodys:  # the one that waits must not take it
            time.sleep(0.01)
        with pytest.raises(NordtemaError, match="a worker process was ended from outside"):
            piece.result()


# Scripts


def test_a_script_may_start_processes_without_asking_whether_it_is_the_main_one(tmp_path):
    """Each would run the script again, and start more, if they imported it as Python does."""
    script = tmp_path / "script.py"
    script.write_text(
        "from pipeline.workers.crew import Call, Crew\n"
        "print('begun', flush=True)\n"
        "crew = Crew(2, int)\n"
        "print(list(crew.map([Call(abs, -1), Call(abs, -2)], [1, 1])))\n"
        "crew.close()\n"
    )
    place = {"PYTHONPATH": str(Path(pipeline.__file__).parent.parent)}
    command = [sys.executable, str(script)]
    done = subprocess.run(
        command, env=os.environ | place, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "begun\n[1, 2]\n"


def _nap() -> int:
    time.sleep(0.2)
    return os.getpid()
