"""Which part each file lies in: what is there stays, what is new finds a place."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.dealing import SMALL, Slice, deal


def text(name: str, weight: int = 1) -> Slice:
    return Slice(name, 0, 0, weight)


def table(name: str, count: int) -> Slice:
    return Slice(name, 1, count, 1)


def shown(parts: dict[int, list[Slice]]) -> dict[int, str]:
    """`a b:2-5` of a text a and the rows 2 to 5 of a table b."""
    return {
        number: " ".join(
            f"{own.path}:{own.first}-{own.first + own.count - 1}" if own.count else own.path
            for own in slices
        )
        for number, slices in parts.items()
    }


def texts(names: str) -> list[Slice]:
    return [text(name) for name in sorted(names)]


def test_a_fresh_corpus_is_dealt_out_in_its_order():
    assert shown(deal(texts("abcde"), {}, 2)) == {0: "a b", 1: "c d", 2: "e"}


def test_a_table_is_split_and_fills_a_part_that_is_begun():
    files = [text("a"), table("b", 4), text("c")]
    assert shown(deal(files, {}, 3)) == {0: "a b:1-2", 1: "b:3-4 c"}


def test_a_new_file_moves_no_other_and_goes_into_the_smallest_part_that_is_small():
    known = {0: texts("bcdefghi"), 1: texts("k")}
    parts = deal(texts("abcdefghik"), known, 8)
    assert shown(parts) == {0: "b c d e f g h i", 1: "a k"}


def test_where_no_part_is_small_a_new_file_begins_a_part():
    # Of 8 a part, 2 are a quarter: no more than 1 is small
    known = {0: texts("bcdefghi"), 1: texts("jk")}
    assert shown(deal(texts("abcdefghijk"), known, 8))[2] == "a"


def test_many_new_files_fill_the_small_part_and_then_new_ones():
    known = {0: texts("jklm"), 1: texts("n")}
    parts = deal(texts("abcdefgjklmn"), known, 5)
    assert shown(parts) == {0: "j k l m", 1: "a b c d n", 2: "e f g"}


def test_a_part_whose_files_are_gone_is_dropped_and_its_number_is_free():
    known = {0: texts("ab"), 1: texts("cd"), 2: texts("ef")}
    assert shown(deal(texts("abef"), known, 2)) == {0: "a b", 2: "e f"}
    assert shown(deal(texts("abefx"), known, 2)) == {0: "a b", 1: "x", 2: "e f"}


def test_parts_that_have_become_small_are_put_together_where_both_make_a_small_one():
    known = {0: texts("abcdefghijkl"), 1: texts("mnopqrstuvwx"), 2: texts("yz")}
    # Of 12 a part, fewer than 3 are small
    assert shown(deal(texts("abcdefghijklmz"), known, 12)) == {
        0: "a b c d e f g h i j k l",
        1: "m z",
    }
    apart = deal(texts("abcdefghijklmnz"), known, 12)
    assert shown(apart) == {0: "a b c d e f g h i j k l", 1: "m n", 2: "z"}


def test_small_parts_stay_apart_while_nothing_is_removed():
    """Large files close a part early: to put such parts together is no news of the texts."""
    known = {0: [text("a")], 1: [text("b")]}
    assert deal(texts("ab"), known, 100) == known


def test_rows_that_a_table_gets_or_loses_move_no_others():
    known = {0: [Slice("t", 1, 2, 1)], 1: [Slice("t", 3, 2, 1)]}
    assert shown(deal([table("t", 5)], known, 2)) == {0: "t:1-2", 1: "t:3-4", 2: "t:5-5"}
    assert shown(deal([table("t", 3)], known, 2)) == {0: "t:1-2", 1: "t:3-3"}
    assert shown(deal([table("t", 2)], known, 2)) == {0: "t:1-2"}


def test_a_table_that_can_no_longer_be_read_is_one_row_and_comes_back_whole():
    known = {0: [Slice("t", 1, 2, 1)], 1: [Slice("t", 3, 2, 1)]}
    refused = deal([text("t")], known, 2)
    assert shown(refused) == {0: "t"}
    assert shown(deal([table("t", 4)], refused, 2)) == {0: "t:1-2", 1: "t:3-4"}


def test_rows_that_a_broken_run_left_twice_or_not_at_all_are_dealt_out_once():
    twice = {0: [Slice("t", 1, 2, 1)], 1: [Slice("t", 2, 2, 1)], 2: [Slice("t", 1, 2, 1)]}
    assert shown(deal([table("t", 3)], twice, 2)) == {0: "t:1-2", 1: "t:3-3"}
    lost = {1: [Slice("t", 3, 2, 1)]}
    assert shown(deal([table("t", 5)], lost, 2)) == {0: "t:1-2", 1: "t:3-4", 2: "t:5-5"}


def test_a_file_that_has_become_too_heavy_for_its_part_leaves_it():
    known = {0: [text("a", 40), text("b", 40)]}
    parts = deal([text("a", 40), text("b", 90)], known, 10, most_weight=100)
    assert shown(parts) == {0: "a", 1: "b"}


def test_metadata_lies_in_the_first_part_and_takes_no_place():
    metadata = Slice("metadata.csv", 0, 0, 0, counted=False)
    files = [text("a"), metadata, text("x")]
    assert shown(deal(files, {}, 1)) == {0: "metadata.csv a", 1: "x"}
    # … also where the part that was first is gone
    assert shown(deal([metadata, text("x")], {0: [metadata, text("a")], 1: texts("x")}, 1)) == {
        1: "metadata.csv x"
    }


files = st.dictionaries(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(0, 9), max_size=26
)


@given(st.lists(files, min_size=1, max_size=6), st.sampled_from([1, 2, 3, 8, 20]))
def test_whatever_comes_and_goes_each_text_lies_in_one_part_and_parts_are_few(history, size):
    parts: dict[int, list[Slice]] = {}
    before: dict[str, int] = {}
    for now in history:
        given_files = [table(name, n) if n else text(name) for name, n in sorted(now.items())]
        earlier, parts = parts, deal(given_files, parts, size)
        rows = [
            (own.path, row)
            for own in chain(*parts.values())
            for row in range(own.first, own.first + max(own.count, 1))
        ]
        wanted = [(name, row) for name, n in now.items() for row in range(min(n, 1), max(n, 0) + 1)]
        assert sorted(rows) == sorted(wanted)
        sizes = [sum(own.n_texts for own in slices) for slices in parts.values()]
        assert all(0 < n <= size for n in sizes)
        # Nothing is moved by what only comes
        if now.keys() >= before.keys() and all(now[name] == before[name] for name in before):
            assert all(set(earlier[number]) <= set(parts[number]) for number in earlier)
        # A second look changes nothing
        assert deal(given_files, parts, size) == parts
        before = now


@pytest.mark.parametrize("size", [8, 512])
def test_texts_that_come_one_by_one_make_no_more_than_so_many_small_parts(size):
    names = [f"{number:05d}" for number in range(1500)]
    parts: dict[int, list[Slice]] = {}
    for end in range(0, 1501, 5):
        parts = deal([text(name) for name in names[:end]], parts, size)
    assert len(parts) <= 1 + 1500 / (SMALL * size)
