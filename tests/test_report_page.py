"""The page: whole in itself, and hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from report_fixture import empty_tables, large_tables, make_tables, small_tables, with_hostile_text

from pipeline.report.charts import Chart
from pipeline.report.page import make_page

CHART = Chart("emphasis", "Shares", 'A "chart" <of> shares', b"\x89PNG made up")
VOID = {"meta", "img", "input", "br"}


class Outline(HTMLParser):
    """Tags with their attributes, and whether every tag that was opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(tables, **named):
    page = make_page(tables, [CHART], **named).decode()
    return page, Outline(page)


@pytest.mark.parametrize(
    "make",
    [small_tables, empty_tables, large_tables, lambda: with_hostile_text(small_tables()),
     lambda: make_tables(["da"] * 3, 0),
     lambda: make_tables(["da"] * 6, 3, groups=["a", "b", "c"])],
)  # fmt: skip
def test_every_tag_is_closed_and_nothing_is_loaded(make):
    page, found = outline(make())
    assert found.open == []
    for tag, attributes in found.tags:
        assert tag not in {"link", "iframe", "object", "base"}
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_hostile_text_stays_text():
    page, found = outline(with_hostile_text(small_tables()))
    assert [tag for tag, _ in found.tags].count("script") == 1
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_only_the_pages_own_script_may_run():
    page, found = outline(small_tables())
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = next(a["content"] for t, a in found.tags if a.get("http-equiv"))
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_the_answer_and_the_doubts_come_before_the_themes():
    page, _ = outline(small_tables())
    answer = page.index("Clear: the Norwegian texts dwell more on")
    doubts = page.index("known for every text: a difference may come from it too.")
    assert answer < doubts < page.index('id="themes"')


def test_sentences_carry_their_language_and_place():
    page, found = outline(small_tables())
    languages = {a["lang"] for t, a in found.tags if (a.get("class") or "").startswith("text")}
    assert languages == {"da", "nb", "nn"}
    assert page.count('class="sentence"') == 100
    assert "tekster/nn-04.txt" in page


def test_sentences_without_a_theme_have_one_of_two_reasons():
    tables = small_tables()
    unthemed = tables.sentences.index[tables.assignments["theme_id"] == ""]
    tables.sentences.loc[unthemed[0], "language"] = "en"
    page, _ = outline(tables)
    expected = f"<p>{len(unthemed) - 1} unlike every theme; 1 in another language. They count"
    assert expected in page


def test_groups_that_are_numbers_stand_apart_from_the_number_of_documents():
    page, _ = outline(make_tables(["da"] * 6, 3, groups=["2021", "2022"]))
    assert "<b>3</b> documents of «2021»" in page


def test_every_input_has_a_label_and_every_picture_words():
    _, found = outline(small_tables())
    labelled = {a["for"] for t, a in found.tags if t == "label"}
    inputs = {a["id"] for t, a in found.tags if t in {"input", "select"}}
    assert inputs == labelled
    assert [a["alt"] for t, a in found.tags if t == "img"] == [CHART.alt]


def test_long_lists_are_capped_and_the_rest_is_counted():
    tables = make_tables(["da"] * 40 + ["nb"] * 2, 2, per_document=30)
    page, _ = outline(tables, most_sentences=10, most_rows=5)
    assert page.count('class="sentence"') == 30  # two themes and none, ten each
    assert 'data-language="nb"' in page
    assert "37 more rows are in <code>documents.csv</code>" in page
    assert "more are in <code>sentences.csv</code>" in page


def test_equal_tables_give_equal_bytes():
    assert make_page(small_tables(), [CHART]) == make_page(small_tables(), [CHART])
