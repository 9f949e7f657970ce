"""nordic.capitals: which capitals tell a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nordic.capitals import is_name, lower_first


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        ("Kommunen møder Hansen", "kommunen møder Hansen"),
        ("«Ja», siger Hun", "«ja», siger Hun"),
        ("Nej. Oslo: Bergen – Og", "nej. oslo: bergen – og"),
        ("EU og NATO", "eu og NATO"),
        ("Hvad? Og “ Citat", "hvad? og “ citat"),
        ("", ""),
    ],
)
def test_capitals_stay_where_they_tell_names(text: str, lowered: str) -> None:
    assert lower_first(text) == lowered


@given(st.text(alphabet="aAbBæØ .?!:–«“”\n-1", max_size=20))
def test_a_capital_that_stays_is_a_name_s(text: str) -> None:
    lowered = lower_first(text)
    for at, (before, after) in enumerate(zip(text, lowered, strict=True)):
        assert is_name(text, at) == after.isupper()
        assert before.lower() == after.lower()
