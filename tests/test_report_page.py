"""The page: whole in itself, and hostile text stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from report_fixture import (
    empty_tables,
    large_tables,
    make_tables,
    page_of,
    small_tables,
    with_hostile_text,
)

from pipeline.report.tables import list_sentences, quote_contrasts
from pipeline.schemas import SCHEMAS


@dataclass(frozen=True)
class Picture:
    """What the page asks of a chart."""

    name: str
    heading: str
    alt: str
    png: bytes
    svg: bytes = b""


CHART = Picture("emphasis", "Shares", 'A "chart" <of> shares', b"\x89PNG made up")
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
    page = page_of(tables, [CHART], **named)["index.html"].decode()
    return page, Outline(page)


def read_pieces(tables, **named):
    """The index and the pieces, as the page's script reads them, and the names of files."""
    files = page_of(tables, [CHART], **named)
    page = files.pop("index.html").decode()
    index, inline = (
        re.search(f'<script type="application/json" id="{name}">(.*?)</script>', page)[1]
        for name in ("index", "pieces")
    )
    pieces = json.loads(inline) if inline else {}
    for name, content in files.items():
        call = re.fullmatch(r'nordtema\("([a-z]+(?:-\d+)?)",(.*)\)\n', content.decode())
        assert name == f"pages/{call[1]}.js"
        pieces[call[1]] = json.loads(call[2])
    return json.loads(index), pieces, list(files)


def read_sentences(pieces):
    """(document, position) -> what else the pieces say of each sentence."""
    return {
        tuple(row[:2]): row[2:]
        for name, rows in sorted(pieces.items())
        if name.startswith("texts-")
        for row in rows
    }


def seen(page):
    """The words of a page, without tags."""
    text = re.sub(r"<(style|script).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


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
    scripts = [attributes.get("type") for tag, attributes in found.tags if tag == "script"]
    assert scripts == ["application/json", "application/json", None]
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_hostile_text_stays_text_in_files_too():
    files = page_of(with_hostile_text(small_tables()), [CHART], inline_chars=0)
    assert len(files) > 1
    for content in files.values():
        assert b"<script>alert" not in content


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


def test_each_sentence_is_held_with_its_theme_language_and_place():
    tables = small_tables()
    index, pieces, files = read_pieces(tables)
    assert files == []
    held = read_sentences(pieces)
    listed = list_sentences(tables.sentences, tables.assignments, tables.themes)
    order = [title["theme_id"] for title in list_themes_shown(tables)]
    places = {doc: place for place, doc in enumerate(tables.documents["doc_id"])}
    assert len(held) == len(listed) == index["held"] == 100
    for row in listed.to_dict("records"):
        _, kind, language, theme, strength, text = held[places[row["doc_id"]], row["position"]]
        assert index["kinds"][kind] == row["kind"]
        assert index["languages"][language] == row["language"]
        assert [*order, ""][theme] == row["theme_id"]
        assert strength == pytest.approx(row["strength"], abs=0.0005)
        assert text == row["text"]
    assert pieces["documents"][4][1:] == ["tekster/nn-04.txt", "Norwegian", "nn", 20]


def list_themes_shown(tables):
    """The themes in the order of the page: the surest findings first, then as in the table."""
    sureness = {"clear": 0, "leaning": 1, "too few documents": 2}
    kind = {
        theme: next(s for known, s in sureness.items() if verdict.startswith(known))
        for theme, verdict in zip(
            tables.contrasts["theme_id"], tables.contrasts["verdict"], strict=True
        )
    }
    return sorted(tables.themes.to_dict("records"), key=lambda theme: kind[theme["theme_id"]])


def test_a_large_corpus_lies_in_files_beside_the_page():
    tables = small_tables()
    inline = read_pieces(tables)[1]
    index, pieces, files = read_pieces(tables, inline_chars=0)
    assert files == ["pages/documents.js", "pages/texts-0.js",
                     *(f"pages/theme-{number}.js" for number in range(7))]  # fmt: skip
    assert read_sentences(pieces) == read_sentences(inline)
    assert index["texts"] == [0]


def test_pieces_are_cut_between_documents(monkeypatch):
    monkeypatch.setattr("pipeline.report.page_pieces.PIECE_CHARS", 3000)
    index, pieces, _ = read_pieces(small_tables(), inline_chars=0)
    # 20 sentences of some 70 characters, and 30 more of each, a document: two a piece.
    assert index["texts"] == [0, 2, 4]
    for number, first in enumerate(index["texts"]):
        assert {row[0] for row in pieces[f"texts-{number}"]} <= {first, first + 1}


def test_a_themes_file_begins_with_each_documents_nearest_sentence():
    tables = make_tables(["da"] * 3 + ["nb"], 1, per_document=6)
    tables.assignments["theme_id"] = "t01"
    tables.assignments["strength"] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4] * 4
    _, pieces, _ = read_pieces(tables, inline_chars=0, most_sentences=4)
    # Danish: the nearest of three documents, then the second of the first; Norwegian: four.
    found = sorted((row[0], row[1]) for row in pieces["theme-0"]["nearest"])
    assert found == [(0, 0), (0, 1), (1, 0), (2, 0), (3, 0), (3, 1), (3, 2), (3, 3)]


def test_of_too_large_a_corpus_the_nearest_sentences_are_held_with_their_paragraphs():
    tables = make_tables(["da"] * 2, 1, per_document=10)
    tables.sentences["block"] = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4] * 2
    tables.assignments["theme_id"] = "t01"
    tables.assignments["strength"] = [0.1] * 4 + [0.9] + [0.1] * 5 + [0.1] * 10
    index, pieces, _ = read_pieces(tables, most_held=19, most_sentences=1)
    # The nearest is no. 4, in block 2; blocks 1 and 3 stand beside it.
    assert list(read_sentences(pieces)) == [(0, n) for n in range(2, 8)]
    assert (index["held"], index["total"], index["sizes"]) == (6, 20, [20, 0])


def test_a_themes_documents_carry_the_share_that_was_compared():
    tables = small_tables()
    _, pieces, _ = read_pieces(tables)
    places = dict(enumerate(tables.documents["doc_id"]))
    shares = tables.shares.set_index(["theme_id", "doc_id"])["share"]
    for number, theme in enumerate(list_themes_shown(tables)):
        rows = pieces[f"theme-{number}"]["documents"]
        assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
        for place, share, n in rows:
            assert share == pytest.approx(shares[theme["theme_id"], places[place]])
            assert n == pytest.approx(20 * share)
        assert sum(row[2] for row in rows) == theme["n_sentences"]


def test_of_many_documents_a_page_lists_those_with_the_largest_shares():
    tables = make_tables(["da"] * 6 + ["nb"] * 3, 2)
    all_of_them = read_pieces(tables)[1]["theme-0"]["documents"]
    index, pieces, _ = read_pieces(tables, most_behind=3)
    assert pieces["theme-0"]["documents"] == all_of_them[:3]
    assert index["documents"][0] == len(all_of_them)
    page, _ = outline(tables, most_behind=3)
    assert f"{len(all_of_them)} of 9 have sentences in it" in seen(page)


def test_a_page_of_many_documents_knows_those_that_it_speaks_of():
    tables = make_tables(["da"] * 8 + ["nb"] * 8, 2)
    hanging = tables.contrasts.assign(weakest=list(tables.documents["doc_id"].iloc[[9, 15]]))
    tables = replace(tables, contrasts=hanging)
    limits = {"most_behind": 2, "most_rows": 3, "most_held": 1, "most_sentences": 1}
    _, pieces, _ = read_pieces(tables, most_documents=10, **limits)
    known = [path.removesuffix(".txt") for _, path, *_ in pieces["documents"]]
    ids = list(tables.documents["doc_id"])
    assert known == [doc for doc in ids if doc in known]
    assert {*ids[:3], ids[9], ids[15]} <= set(known) < set(ids)
    _, whole, _ = read_pieces(tables, most_behind=2)
    for theme in ("theme-0", "theme-1", "theme-2"):
        places = [row[0] for row in pieces[theme]["documents"]]
        assert [known[place] for place in places] == [
            ids[row[0]] for row in whole[theme]["documents"]
        ]
    assert {place for place, _ in read_sentences(pieces)} <= set(range(len(known)))
    page, _ = outline(tables, most_documents=10, **limits)
    assert f'data-document="{known.index(ids[9])}"' in page


def test_each_theme_opens_with_the_sentence_that_can_be_quoted():
    tables = small_tables()
    words = seen(outline(tables)[0]).replace("&#39;", "'").replace("\u00a0", " ")
    for quoted in quote_contrasts(tables):
        assert quoted in words


def test_what_makes_a_difference_sure_or_not_is_told():
    tables = make_tables(["da"] * 3 + ["nb"] * 2, 1, verdicts=["leaning: more in da than in no"])
    tables.contrasts.loc[0, [
        "difference", "low", "high", "low_sceptical", "high_sceptical", "ratio", "ratio_low",
        "ratio_high", "low_without_one", "high_without_one", "weakest", "p", "p_min", "p_holm",
        "n_needed",
    ]] = [0.175, 0.02, 0.294, 0.01, 0.224, 2.4, 0.8, 7.9, 0.15, 0.2, "tekster/da-00", 0.1, 0.1,
          0.3, 6]  # fmt: skip
    words = seen(outline(tables)[0])
    for said in (
        "leaning: more in Danish than in Norwegian",
        "+17.5 points, 95&nbsp;% interval +2 to +29 points",
        "a sceptic’s: +1 to +22 points",
        "2.4 (0.80 to 7.9)",
        "difference +15 to +20 points; it hangs on one document, tekster/da-00",
        "0.100 (the smallest that these counts can give: 0.100); by Holm over all themes 0.300",
        "Danish (3), Norwegian (2); to tell a difference of this size would take about 6 in each",
        "not checked; nordtema robustness does",
    ):
        assert said in words


@pytest.mark.parametrize(("low_sceptical", "claimed"), [(0.01, True), (-0.01, False)])
def test_that_no_document_carries_a_finding_is_said_only_where_it_was_tried(low_sceptical, claimed):
    """`weakest` is empty as well where the sceptic's interval has zero in it."""
    tables = make_tables(["da"] * 4 + ["nb"] * 4, 1, verdicts=["leaning: more in da than in no"])
    columns = ["low", "high", "low_sceptical", "high_sceptical", "weakest"]
    tables.contrasts.loc[0, columns] = [0.1, 0.3, low_sceptical, 0.2, ""]
    said = "the intervals exclude zero without any one" in seen(outline(tables)[0])
    assert said == claimed


def test_the_number_of_other_ways_is_told_with_the_ways():
    tables = make_tables(["da"] * 4 + ["nb"] * 4, 1, verdicts=["leaning: more in da than in no"])
    names = list(SCHEMAS["robustness"])
    row = dict.fromkeys(names, "") | {
        "changed": True, "theme_id": "t01", "group_a": "da", "group_b": "no", "difference": 0.1,
        "low": 0.02, "high": 0.2, "verdict": "leaning: more in da than in no", "agrees": True,
    }  # fmt: skip
    lost = row | {"low": float("nan"), "high": float("nan"), "verdict": "", "agrees": False}
    checked = pd.DataFrame(
        [row | {"what": "another seed"}, lost | {"what": "two themes fewer"},
         row | {"what": "nothing", "changed": False}], columns=names
    )  # fmt: skip
    words = seen(outline(replace(tables, robustness=checked))[0])
    assert "found in 1 of 2 other ways to do the run" in words
    assert (
        "✓ found: another seed (leaning: more in Danish than in Norwegian; +2 to +20 points)"
        in words
    )
    assert "✗ not found: two themes fewer (the theme isn&#39;t found again)" in words
    assert "nothing (" not in words


def test_words_within_a_theme_stand_by_the_group_that_uses_them_more():
    tables = small_tables()
    rows = [
        ("t01", "da", "no", "case.n", "sag", "sak", 7, 2, 3, 1, 0.8, 1.5),
        ("t01", "da", "no", "get.v", "få", "få", 1, 9, 1, 4, -0.9, -1.1),
    ]
    words = seen(
        outline(replace(tables, words=pd.DataFrame(rows, columns=list(SCHEMAS["words"]))))[0]
    )
    assert "More in Danishsag / sak 7&thinsp;:&thinsp;2, in 3 documents" in words
    assert "More in Norwegianfå 9&thinsp;:&thinsp;1, in 4 documents" in words


def test_the_verdicts_rules_are_those_of_the_method():
    words = seen(outline(small_tables())[0])
    assert "The interval excludes zero, but not all of the rest holds." in words
    assert "also for a sceptic who doubts differences, and still does without any one" in words
    assert (
        "from six documents a group on it reaches at least as far as the plain mean’s own" in words
    )


@pytest.mark.parametrize(("share_by", "other"), [("sentences", "words"), ("words", "sentences")])
def test_a_share_is_explained_by_what_it_is_a_part_of(share_by, other):
    words = seen(outline(replace(small_tables(), share_by=share_by))[0])
    assert f"The part of a document’s {share_by} that belongs to the theme" in words
    assert f"The part of a document’s {other}" not in words
    counted = {
        "sentences": "They count in the documents’ sentences, so that shares aren’t inflated.",
        "words": "Their words count in the documents’, so that shares aren’t inflated.",
    }
    assert counted[share_by] in words
    assert counted[other] not in words


def test_confounds_and_placebo_are_shown():
    tables = small_tables()
    confounds = pd.DataFrame(
        [("da", "no", "published", "partly", "the 3 da documents are of 2024")],
        columns=list(SCHEMAS["confounds"]),
    )
    words = seen(outline(replace(tables, confounds=confounds))[0])
    assert "date partly Danish and Norwegian the 3 da documents are of 2024".replace(" ", "") in (
        words.replace(" ", "")
    )
    assert (
        "split in two at random and compared in the same way (da (half 1) against da (half 2))"
        in words
    )


def test_the_answer_links_to_its_themes_and_rows():
    page, found = outline(small_tables())
    assert re.search(r'dwell more on <a href="#theme-\d">«', page)
    assert '<a href="#left-out">See which.</a>' in page
    assert '<a href="#documents">See them.</a>' in page
    ids = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    targets = {a["href"][1:] for t, a in found.tags if t == "a"}
    assert targets <= ids


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
    page, _ = outline(make_tables(["da"] * 40 + ["nb"] * 2, 2), most_rows=5)
    assert "37 more rows are in <code>documents.csv</code>" in page


def test_of_many_pairs_of_groups_a_theme_shows_the_surest():
    groups = ["2019", "2020", "2021", "2022", "2023"]
    page, _ = outline(make_tables(["da"] * 10, 1, groups=groups))
    assert page.count('<details class="against">') == 6
    assert "4 more are in <code>contrasts.csv</code>" in page


def test_charts_are_in_the_page_as_long_as_it_stays_light(monkeypatch):
    monkeypatch.setattr("pipeline.report.page.EMBEDDED_BYTES", 100)
    light = Picture("a", "A", "a", b"x" * 60, svg=b"<svg/>")  # 6 bytes are lighter than 60
    heavy = Picture("b", "B", "b", b"x" * 90, svg=b"x" * 99)
    found = Outline(page_of(small_tables(), [light, heavy])["index.html"].decode())
    sources = [attributes["src"] for tag, attributes in found.tags if tag == "img"]
    assert sources == ["data:image/svg+xml;base64,PHN2Zy8+", "charts/b.png"]


@pytest.mark.parametrize("inline_chars", [0, 1_000_000])
def test_equal_tables_give_equal_bytes(inline_chars):
    made = [page_of(small_tables(), [CHART], inline_chars=inline_chars) for _ in range(2)]
    assert made[0] == made[1]
