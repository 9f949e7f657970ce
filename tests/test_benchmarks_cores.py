"""What a large corpus costs on many cores, worked by hand from two sizes."""

from __future__ import annotations

import pytest

from benchmarks.cores import SERIAL, Line, fit_lines, hours, main

MEASURED = {
    1_000: {"segment": 2.0, "report": 5.0, "cluster.fit": 9.0},
    3_000: {"segment": 4.0, "report": 5.0, "cluster.fit": 7.0},
    500: {"segment": 99.0, "report": 99.0, "cluster.fit": 99.0},
}


def test_a_line_goes_through_the_two_largest_sizes():
    lines = fit_lines(MEASURED)
    # (4 - 2) / (3,000 - 1,000), and 4 - 3,000 × 0.001
    assert lines["segment"] == pytest.approx(Line(1.0, 0.001))
    assert lines["segment"].at(1_000_000) == pytest.approx(1001.0)


def test_a_workbook_stops_growing_where_a_sheet_is_full_and_a_sample_where_it_is_drawn():
    lines = fit_lines({1_000: {"workbook": 1.0}, 2_000: {"workbook": 2.0}})
    assert lines["workbook"].at(500_000) == pytest.approx(500)
    assert lines["workbook"].at(100_000_000) == pytest.approx(1048.575)
    lines = fit_lines({10_000: {"cluster.fit": 3.0}, 30_000: {"cluster.fit": 5.0}})
    assert lines["cluster.fit"].at(100_000_000) == pytest.approx(4.0)


def test_what_took_as_long_or_less_is_taken_to_stay_as_it_is():
    lines = fit_lines(MEASURED)
    assert lines["report"] == Line(5.0, 0.0)
    assert lines["cluster.fit"] == Line(7.0, 0.0, 20_000)


def test_parts_are_divided_by_the_cores_and_the_whole_is_not():
    lines = {
        "segment": Line(0.0, 0.0036),
        "vectorize": Line(0.0, 0.0036),
        "report": Line(3600.0, 0.0),
        "books": Line(1800.0, 0.0),
    }
    # 2 × 0.0036 s × 1,000,000 = 2 h, on 4 cores half an hour
    assert hours(lines, 1_000_000, 4) == pytest.approx((0.5, 1.5))


def test_what_is_whole_is_what_the_steps_say():
    assert {"read.match", "cluster.fit", "compare", "report", "books"} <= SERIAL
    assert not {"read.extract", "segment", "vectorize", "cluster.assign"} & SERIAL


def test_one_size_makes_no_line(tmp_path, capsys):
    for name in ("norec", "leipzig_da"):
        (tmp_path / name).mkdir()
    assert main(["--data", str(tmp_path), "--sentences", "1000", "1000"]) == 1
    assert "a line needs two sizes; give two or more" in capsys.readouterr().out
