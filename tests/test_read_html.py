from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.clutter import judge_blocks
from pipeline.read.extracted import UnreadableError
from pipeline.read.html import is_html_page, read_html
from pipeline.read.text import read_text

ONE = "Kommunen har brukt tre år på å gjøre søknaden kortere, og nå er den på én side."
TWO = "Det tok så lang tid fordi ingen ville gi slipp på sitt eget felt i skjemaet."
THREE = "Til slutt satte de seg ned med ti innbyggere og strøk alt som de ikke forsto."


def kept(page: str) -> list[tuple[str, str]]:
    blocks = read_html(page).blocks
    reasons = judge_blocks(blocks)
    return [(b.kind[0], b.text) for b, why in zip(blocks, reasons, strict=True) if not why]


def dropped(page: str) -> dict[str, str]:
    blocks = read_html(page).blocks
    return {b.text: why for b, why in zip(blocks, judge_blocks(blocks), strict=True) if why}


PAGE = f"""<!doctype html><html><head><title>Søknaden ble kort – Avisen</title>
<meta property="article:published_time" content="2024-02-07T05:45:00+01:00">
<link rel="canonical" href="https://example.no/soknaden">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Annet"}}</script></head>
<body onload="alert(1)"><div class="cookie-box"><p>Vi bruker cookies.</p><button>Ja</button></div>
<header><a href="/">Avisen</a><nav><ul><li><a href="/n">Nyheter</a></li></ul></nav></header>
<main><article><h1>Søknaden ble kort</h1><p class="byline">Av Bo Li</p><p>{ONE}</p>
<h2>Tregt</h2><p>{TWO}</p><p>Nei.</p><ul><li>Spør</li><li>Lytt <a href="/x">nøye</a></li></ul>
<figure><img src="a.jpg"><figcaption>Et skjema.</figcaption></figure>
<div class="teaser"><span>LES OGSÅ</span><a href="/2">Sak to</a></div>
<p>{THREE}</p></article><aside><h2>Mest lest</h2><a href="/3">Sak tre</a><a href="/4">Sak fire</a>
</aside></main><footer><p>Avisen, Postboks 0</p></footer><script>var x = 1;</script></body>"""


def test_the_article_is_kept_in_order_with_its_headings_items_and_short_paragraphs():
    assert kept(PAGE) == [
        ("h", "Søknaden ble kort"),
        ("p", ONE),
        ("h", "Tregt"),
        ("p", TWO),
        ("p", "Nei."),
        ("l", "Spør"),
        ("l", "Lytt nøye"),
        ("p", THREE),
    ]


def test_what_stands_around_it_is_dropped_with_its_reason():
    assert dropped(PAGE) == {
        "Vi bruker cookies.": "cookie notice",
        "Ja": "cookie notice",
        "Avisen": "page header",
        "Nyheter": "page header",
        "Av Bo Li": "byline",
        "Et skjema.": "picture caption",
        "LES OGSÅ": "teaser of another article",
        "Sak to": "teaser of another article",
        "Mest lest": "teaser of another article",
        "Sak tre": "teaser of another article",
        "Sak fire": "teaser of another article",
        "Avisen, Postboks 0": "page footer",
    }


def test_facts_come_from_the_head():
    facts = read_html(PAGE)
    assert facts.title == "Søknaden ble kort"
    assert facts.published == "2024-02-07"
    assert facts.source == "Avisen"
    assert facts.url == "https://example.no/soknaden"


def test_scripts_and_handlers_never_come_through():
    page = PAGE.replace(
        "</article>", "<p onclick='alert(2)'>Slutt her.</p><script>y</script></article>"
    )
    text = "\n".join(block.text for block in read_html(page).blocks)
    assert "Slutt her." in text
    assert "alert" not in text
    assert "var x" not in text


def test_nothing_is_fetched(monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a reader went to the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    page = '<!DOCTYPE html SYSTEM "http://example.no/a.dtd">' + PAGE.replace(
        "<head>", '<head><base href="http://example.no/"><link rel="stylesheet" href="a.css">'
    )
    assert len(kept(page)) == 8


def test_a_page_without_article_tags_is_read_too():
    soup = (
        f"<html><body><div class=menu><a href=/>Hjem</a> <a href=/b>Om</a></div><div><div>"
        f"<h1>Kort søknad</h1><div>{ONE}</div><h3>Tregt</h3><div>{TWO}<br><br>{THREE}</div>"
        f"<p>Slutt.</p></div></div><div class=footer>Adresse 0</div></body></html>"
    )
    assert kept(soup) == [
        ("h", "Kort søknad"),
        ("p", ONE),
        ("h", "Tregt"),
        ("p", TWO),
        ("p", THREE),
        ("p", "Slutt."),
    ]


def test_a_form_around_the_whole_page_hides_nothing():
    page = PAGE.replace("<main>", '<form id="aspnetForm"><main>').replace(
        "</main>", "</main></form>"
    )
    assert kept(page) == kept(PAGE)


def test_a_title_in_the_pages_own_header_is_the_first_heading():
    page = PAGE.replace("<h1>Søknaden ble kort</h1>", "").replace(
        "<header>", "<header><h1>Søknaden ble kort</h1>"
    )
    assert kept(page)[0] == ("h", "Søknaden ble kort")
    assert kept(page)[1:] == kept(PAGE)[1:]


def test_the_outlets_own_h1_is_not_the_title():
    page = PAGE.replace("<header>", "<header><h1>Avisen</h1>")
    assert kept(page) == kept(PAGE)
    assert read_html(page).title == "Søknaden ble kort"


def test_of_two_titles_the_one_in_the_head_is_taken():
    page = (
        f"<html><head><title>Kort søknad | Avisen</title></head><body><h1>Avisen</h1>"
        f"<h1>Kort søknad</h1><p>{ONE}</p><p>{TWO}</p></body></html>"
    )
    assert kept(page) == [("h", "Kort søknad"), ("p", ONE), ("p", TWO)]


def test_short_paragraphs_after_a_box_of_teasers_are_the_article():
    box = '<div class="related"><h2>Relaterte saker</h2><a href="/2">Sak to</a></div>'
    page = PAGE.replace("<p>Nei.</p>", box + "<p>Nei.</p><p>Ja.</p>")
    assert ("p", "Nei.") in kept(page)
    assert kept(page)[-1] == ("p", THREE)


def test_lines_of_an_address_are_blocks_of_their_own():
    page = "<html><body><p>Bo Li<br>Rådgiver, Etaten<br>Telefon: 00 00 00 00</p></body></html>"
    assert [block.text for block in read_html(page).blocks] == [
        "Bo Li",
        "Rådgiver, Etaten",
        "Telefon: 00 00 00 00",
    ]


def test_broken_and_deep_pages_are_read():
    assert kept(f"<p>{ONE} <b>og <i>mer <table><tr><td>{TWO}")[-1] == ("p", TWO)
    deep = "<html><body>" + "<div>" * 50_000 + ONE + "</div>" * 50_000
    assert kept(deep) == [("p", ONE)]


def test_a_page_of_many_blocks_takes_linear_time():
    started = time.monotonic()
    read_html("<html><body>" + f"<div class=nav><p>{ONE}</p>" * 10_000)
    read_html("<html><body><article>" + f"<p>{ONE}</p>" * 10_000)
    assert time.monotonic() - started < 20


def test_nothing_is_no_html():
    with pytest.raises(UnreadableError, match="holds no HTML that can be read"):
        read_html("")


def test_a_page_saved_as_text_is_read_as_a_page():
    assert is_html_page("\n<!-- a --><!DOCTYPE HTML>")
    assert not is_html_page("Om <html> og annet")
    assert read_text(PAGE) == read_html(PAGE)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abpdivulh1å&;!-", max_size=200))
def test_no_page_stops_the_program(page):
    try:
        blocks = read_html(page).blocks
    except UnreadableError:
        return
    assert all(block.text.strip() for block in blocks)


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "raw").glob("*.html")), ids=lambda path: path.stem
)
def test_the_sample_pages_keep_every_paragraph_and_item_of_their_article(path):
    from lxml import html

    content = path.read_text(encoding="utf-8")
    article = html.document_fromstring(content.encode(), parser=html.HTMLParser(encoding="utf-8"))
    wanted = [
        " ".join(element.text_content().split())
        for element in article.xpath(
            "//article//*[self::h1 or self::h2 or self::p or self::li][not(ancestor::aside)]"
            "[not(ancestor-or-self::*[self::p or self::ul or self::div][@class])]"
        )
    ]
    found = [text for _, text in kept(content)]
    lost = [text for text in wanted if len(text) > 100 and text not in found]
    assert wanted
    assert lost == []
