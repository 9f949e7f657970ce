"""cluster.lineage: found themes keep their ids from run to run."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Run

from pipeline.cluster.lineage import _say_changes, trace_themes


def known(**sentences_of: str) -> pd.DataFrame:
    """What is remembered of themes: t01="a b c" has the sentences a, b and c."""
    rows = [
        (theme, sentence) for theme, own in sentences_of.items() for sentence in [*own.split(), ""]
    ]
    return pd.DataFrame(rows, columns=["theme_id", "sentence_id"])


def trace(before: pd.DataFrame, taken: tuple[str, ...] = (), **now: str) -> list[str]:
    """`id status (of)` of each found theme; now f1="a b" says what lies where."""
    theme_of = {sentence: theme for theme, own in now.items() for sentence in own.split()}
    table = trace_themes(before, theme_of, list(now), list(taken))
    assert table["found_as"].tolist() == list(now)
    return [
        f"{theme} {status}" + (f" ({of})" if of else "")
        for theme, status, of in zip(
            table["theme_id"], table["status"], table["before"], strict=True
        )
    ]


def test_the_themes_of_a_first_run_are_new() -> None:
    assert trace(known(), f1="a", f2="b") == ["t01 new", "t02 new"]


def test_a_theme_that_has_most_of_another_s_sentences_is_the_same() -> None:
    before = known(t01="a b c", t02="d e f")
    assert trace(before, f1="d e x", f2="a b f") == ["t02 same (t02)", "t01 same (t01)"]


def test_sentences_that_are_gone_do_not_count() -> None:
    assert trace(known(t01="a b c d e"), f1="a b") == ["t01 same (t01)"]


def test_a_new_theme_goes_on_from_the_last_number() -> None:
    assert trace(known(t01="a b", t07=""), f1="a b", f2="x") == ["t01 same (t01)", "t08 new"]


def test_a_new_theme_leaves_out_the_ids_of_a_codebook() -> None:
    assert trace(known(t01=""), ("t02", "tax"), f1="x", f2="y") == ["t03 new", "t04 new"]


def test_an_id_that_a_codebook_has_taken_since_is_given_to_no_found_theme() -> None:
    assert trace(known(t01="a b", t02="c d"), ("t01",), f1="a b", f2="c d") == [
        "t03 new", "t02 same (t02)",
    ]  # fmt: skip


def test_two_themes_that_are_one_now_have_the_id_of_the_one_that_it_has_more_of() -> None:
    before = known(t01="a b c d", t02="e f g h")
    assert trace(before, f1="a b c e f g h", f2="d") == [
        "t02 merged (t01; t02)",
        "t03 split (t01)",  # a quarter of it
    ]


def test_of_a_theme_that_is_two_the_larger_part_keeps_the_id() -> None:
    # Neither has more than half
    before = known(t01="a b c d e f")
    assert trace(before, f1="a b c", f2="d e", f3="f") == [
        "t01 split (t01)", "t02 split (t01)", "t03 new",
    ]  # fmt: skip
    # One has, and goes on as the same
    assert trace(before, f1="a b c d", f2="e f") == ["t01 same (t01)", "t02 split (t01)"]


SENTENCES = list("abcdefgh")


@given(
    st.dictionaries(st.sampled_from(SENTENCES), st.sampled_from(["t01", "t02", "t05"])),
    st.dictionaries(st.sampled_from(SENTENCES), st.sampled_from(["f1", "f2", "f3", ""])),
)
def test_no_id_is_given_twice_and_the_same_themes_stay(
    before: dict[str, str], now: dict[str, str]
) -> None:
    rows = pd.DataFrame(
        [(theme, sentence) for sentence, theme in before.items()],
        columns=["theme_id", "sentence_id"],
    )
    table = trace_themes(rows, now, ["f1", "f2", "f3"], [])
    assert table["theme_id"].nunique() == 3
    kept = table[table["status"] != "new"]
    assert set(kept["theme_id"]) - set(before.values()) <= {"t01", "t02", "t03", "t04", "t06",
                                                            "t07", "t08"}  # fmt: skip
    again = trace_themes(rows, {s: t.replace("t", "f") for s, t in before.items()},
                         ["f01", "f02", "f05"], [])  # fmt: skip
    for name, found_as in zip(again["theme_id"], again["found_as"], strict=True):
        if found_as.replace("f", "t") in before.values():
            assert name == found_as.replace("f", "t")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"f1": "a b", "f2": "c d"}, []),
        ({"f1": "a b", "f2": "c d", "f3": "x"},
         ["themes since the last run: 2 the same; t03 (new)"]),
        ({"f1": "a b c d"}, ["themes since the last run: 0 the same; t02 (merged of t01; t02)"]),
        ({"f1": "a b"}, ["themes since the last run: 1 the same; t02 (gone)"]),
    ],
)  # fmt: skip
def test_what_has_become_of_the_themes_is_said_in_a_line(
    now: dict[str, str], said: list[str]
) -> None:
    before = known(t01="a b", t02="c d")
    theme_of = {sentence: theme for theme, own in now.items() for sentence in own.split()}
    assert _say_changes(trace_themes(before, theme_of, list(now), []), before) == said


def test_another_seed_and_a_text_more_leave_the_ids(run: Run) -> None:
    before = read_themes(run)
    (run.raw / "zz-ny.txt").write_text(
        "Ny tekst\n\nKommunen skal hjelpe brukerne. Kommunen skal høre på innbyggerne, og "
        "saksbehandlerne skal svare dem i tide. Det er ikke nytt, men det er viktig.\n",
        encoding="utf-8",
    )
    result = run.again("--seed", 5)
    assert result.code == 0
    now = read_themes(run)
    for theme_id in before.keys() & now.keys():
        common = before[theme_id] & now[theme_id]
        assert 2 * len(common) > min(len(before[theme_id]), len(now[theme_id]))


def read_themes(run: Run) -> dict[str, set[str]]:
    """theme_id -> its sentences."""
    table = pd.read_csv(run.out / "report" / "sentences.csv", keep_default_na=False)
    own = table[table["theme_id"] != ""]
    return {str(theme): set(rows["sentence_id"]) for theme, rows in own.groupby("theme_id")}
