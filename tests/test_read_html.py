from __future__ import annotations

import socket
import subprocess
import sys
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


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<noframes><body><p>Din browser understøtter ikke frames.</p></body></noframes>",
        f"<noframes>{ONE}</noframes>",
    ],
)
def test_a_page_of_frames_is_told_as_such(inside):
    page = (
        "<html><head><title>Kommunens side</title></head>"
        f'<frameset cols="20%,80%"><frame src="menu.html"><frame src="main.html">{inside}'
        "</frameset></html>"
    )
    for one in (page, page.replace(inside + "</frameset>", "</frameset>" + inside)):
        with pytest.raises(UnreadableError) as told:
            read_html(one)
        assert str(told.value) == (
            "holds only frames that show other pages; save those pages themselves"
        )


def test_what_browsers_without_frames_show_is_no_text():
    page = f"<html><body><p>{ONE}</p><p>{TWO}</p><noframes><p>{THREE}</p></noframes></body></html>"
    assert kept(page) == [("p", ONE), ("p", TWO)]


def test_a_page_that_takes_too_much_memory_to_parse_is_not_called_no_html():
    """libxml2 tells of it in its log only; the guard makes a reason of the MemoryError."""
    script = (
        "import sys\n"
        "from pipeline.read.html import _parse\n"
        "from pipeline.read.guarded import _limit_memory\n"
        "page = '<p><b></b></p>' * 500_000\n"
        "_limit_memory(50)\n"
        "try:\n    _parse(page)\n"
        "except MemoryError:\n    print('memory')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "memory\n"


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


# Folded answers, tables, terms

ARTICLE = (
    "<article><h1>Slik svarer vi</h1><p>Kommunen har samlet de vanligste spørsmålene på én side, "
    "og svarene er skrevet om etter at innbyggerne fikk prøve dem.</p>{}<p>Siden blir gått gjennom "
    "to ganger i året av dem som svarer på telefonen.</p></article>"
)


def kinds(content: str) -> list[tuple[str, str]]:
    found = read_html(content)
    reasons = judge_blocks(found.blocks, title=found.title)
    rows = zip(found.blocks, reasons, strict=True)
    return [(block.kind, block.text) for block, why in rows if not why][2:-1]


@pytest.mark.parametrize(
    "fold",
    [
        '<h3><button aria-expanded="false" aria-controls="s1">Hva skjer nå?</button></h3>'
        '<div id="s1" hidden><p>Da får du brev fra oss innen to uker.</p></div>',
        '<a data-toggle="collapse" href="#s1">Hva skjer nå?</a>'
        '<div id="s1" style="display: none"><p>Da får du brev fra oss innen to uker.</p></div>',
        '<button aria-expanded="false">Hva skjer nå?</button>'
        '<div class="accordion__panel" hidden><p>Da får du brev fra oss innen to uker.</p></div>',
        "<details><summary>Hva skjer nå?</summary>"
        "<p>Da får du brev fra oss innen to uker.</p></details>",
    ],
)
def test_what_is_folded_away_is_content_under_the_heading_that_unfolds_it(fold):
    assert kinds(ARTICLE.format(fold)) == [
        ("heading", "Hva skjer nå?"),
        ("paragraph", "Da får du brev fra oss innen to uker."),
    ]


def test_what_is_hidden_for_good_is_no_content():
    hidden = "<div hidden><p>Denne teksten skal ingen noen gang få lese.</p></div>"
    assert kinds(ARTICLE.format(hidden)) == []


def test_the_cells_of_a_row_are_one_block_and_parted():
    table = "<table><tr><th>År</th><th>Brev</th></tr><tr><td>2023</td><td>41</td></tr></table>"
    assert kinds(ARTICLE.format(table)) == [("paragraph", "År – Brev"), ("paragraph", "2023 – 41")]


def test_a_term_with_a_whole_answer_is_its_heading():
    answer = "Du ringer til oss, og så finner vi ut sammen hvem som kan hjelpe deg videre."
    terms = f"<dl><dt>Hvem hjelper?</dt><dd>{answer}</dd><dt>Pris</dt><dd>Gratis.</dd></dl>"
    assert kinds(ARTICLE.format(terms)) == [
        ("heading", "Hvem hjelper?"), ("paragraph", answer),
        ("list_item", "Pris"), ("paragraph", "Gratis."),
    ]  # fmt: skip


def test_a_heading_that_the_page_marks_is_kept_whatever_it_bids():
    text = "Har du ikke BankID, får du en engangskode tilsendt i posten, og den gjelder i en uke."
    step = f"<h3>Logg inn på Min side</h3><p>{text}</p>"
    assert kinds(ARTICLE.format(step))[0] == ("heading", "Logg inn på Min side")


# Names, buttons, looks


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("templateFooter", "page footer"),
        ("Article_shareButtons__x7Gk2", "share prompt"),
        ("jp-relatedposts", "box of teasers"),
        ("coi-banner__wrapper", "cookie notice"),
        ("CookieInformationOverlay", "cookie notice"),
        ("author-box", "note on the author"),
        ("paywall-offer", "subscription prompt"),
        ("was-this-helpful", "feedback prompt"),
        ("product-card", "box of teasers"),
    ],
)
def test_boxes_are_known_by_their_names_however_these_are_written(name, reason):
    page = ARTICLE.format(f'<div class="{name}"><p>Dette hører ikke til teksten.</p></div>')
    assert dropped(page)["Dette hører ikke til teksten."] in (reason, "teaser of another article")


@pytest.mark.parametrize("name", ["sc-kAdPqR", "sc-gNavXy", "paywall", "byAuthorName", "btn-row"])
def test_names_that_only_look_so_hide_nothing(name):
    page = ARTICLE.format(f'<div class="{name}"><p>Dette hører til teksten, og det blir.</p></div>')
    assert kinds(page) == [("paragraph", "Dette hører til teksten, og det blir.")]


def test_the_cell_of_a_layout_table_that_is_named_a_footer_is_one():
    cell = "<tr><td class=footer>Du får dette brevet fordi du er medlem.</td></tr>"
    page = f"<table><tr><td><h1>Kort søknad</h1><p>{ONE}</p><p>{TWO}</p></td></tr>{cell}</table>"
    assert kept(page) == [("h", "Kort søknad"), ("p", ONE), ("p", TWO)]


def test_a_link_that_is_a_button_is_no_text_but_one_in_a_sentence_is():
    button = '<p><a class="btn btn-primary" href="/s">Søk her</a></p>'
    sentence = '<p><a class="btn-link" href="/s">Søk her</a> innen første mars, og helst før.</p>'
    assert dropped(ARTICLE.format(button))["Søk her"] == "button"
    assert kinds(ARTICLE.format(sentence)) == [
        ("paragraph", "Søk her innen første mars, og helst før.")
    ]


def test_the_cells_of_a_layout_table_are_blocks_of_their_own():
    page = (
        f"<html><body><table><tr><td><a href=/>Send oss e-post</a></td><td><b>Kort søknad nå</b>"
        f"<p>{ONE}<p>{TWO}</td></tr></table></body></html>"
    )
    assert [block.text for block in read_html(page).blocks] == [
        "Send oss e-post",
        "Kort søknad nå",
        ONE,
        TWO,
    ]


def test_a_table_of_data_may_hold_paragraphs_links_and_empty_cells():
    table = (
        "<table><tr><th></th><th><p>Sats</p></th></tr><tr><td><p>Jordvarme</p></td>"
        '<td><p>19.500<br>kroner</p></td></tr><tr><td>Olje</td><td><a href="/o">Ingen</a></td>'
        "</tr></table>"
    )
    assert kinds(ARTICLE.format(table)) == [
        ("paragraph", "Sats"),
        ("paragraph", "Jordvarme – 19.500 kroner"),
        ("paragraph", "Olje – Ingen"),
    ]


def test_a_table_of_sentences_is_no_table_of_data():
    rows = f"<tr><td>{ONE}</td><td>{TWO}</td></tr><tr><td>{THREE}</td><td>Nei.</td></tr>"
    assert [text for _, text in kinds(ARTICLE.format(f"<table>{rows}</table>"))] == [
        ONE, TWO, THREE, "Nei.",
    ]  # fmt: skip


def test_the_panels_of_tabs_are_content():
    panels = (
        '<div role="tabpanel">Barn under ett år får plass i august hvert år.</div>'
        '<div role="tabpanel" hidden>Barn over ett år får plass når det blir ledig.</div>'
    )
    assert [text for _, text in kinds(ARTICLE.format(panels))] == [
        "Barn under ett år får plass i august hvert år.",
        "Barn over ett år får plass når det blir ledig.",
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<p><strong>Strøm fra fem havner</strong></p>", "Strøm fra fem havner"),
        ("<div><span><b>Neste <i>skritt</i></b></span></div>", "Neste skritt"),
        ('<div class="infobox-title">Har du søkt?</div>', "Har du søkt?"),
        ('<div role="heading" aria-level="2">Har du søkt?</div>', "Har du søkt?"),
    ],
)
def test_what_is_shown_as_a_heading_is_one(line, text):
    found = kinds(ARTICLE.format(f"{line}<p>Vi svarer innen tre uker, som regel før.</p>"))
    assert found == [("heading", text), ("paragraph", "Vi svarer innen tre uker, som regel før.")]


@pytest.mark.parametrize(
    "line",
    [
        "<p><strong>Vi svarer alle innen tre uker.</strong></p>",
        "<p><b>Merk:</b> vi svarer alle innen tre uker</p>",
        "<ul><li><b>Vi svarer alle</b></li></ul>",
        '<p><span class="step-title">Først</span> svarer vi alle innen tre uker</p>',
        "<p><b>Strøm fra havn</b></p><p><b>Strøm fra land</b></p><p><b>Vi ser.</b></p>",
    ],
)
def test_bold_text_is_not_always_a_heading(line):
    found = kinds(ARTICLE.format(f"{line}<p>Vi svarer innen tre uker, som regel før.</p>"))
    assert "heading" not in [kind for kind, text in found if text != "Strøm fra land"]


def test_a_line_with_a_bullet_is_an_item():
    lines = "<div><div>• Spør først</div><div>• Lytt så</div></div>"
    assert kinds(ARTICLE.format(lines)) == [("list_item", "Spør først"), ("list_item", "Lytt så")]


def test_an_item_with_a_heading_is_a_step_of_paragraphs():
    steps = "<ol><li><h3>Spør noen</h3><p>Ring dem som har gjort det før.</p></li></ol>"
    assert kinds(ARTICLE.format(steps)) == [
        ("heading", "Spør noen"),
        ("paragraph", "Ring dem som har gjort det før."),
    ]


def test_a_title_that_is_only_large_is_the_title():
    page = (
        f"<html><head><title>Søknaden ble kort</title></head><body>"
        f"<p><font size=5>Søknaden ble kort</font><p>{ONE}<p>{TWO}</body></html>"
    )
    assert kept(page) == [("h", "Søknaden ble kort"), ("p", ONE), ("p", TWO)]


def test_made_up_elements_part_their_labels():
    line = "<div><span>Ragnhild Sætre</span><amp-timeago>28. april 2021</amp-timeago></div>"
    texts = [block.text for block in read_html(ARTICLE.format(line)).blocks]
    assert "Ragnhild Sætre" in texts
    assert "28. april 2021" in texts


# What is content where it stands, whatever it is called


def texts(inside: str) -> list[str]:
    return [text for _, text in kinds(ARTICLE.format(inside))]


def test_the_foot_of_a_quotation_is_content():
    foot = "<footer>Fra brevet som ble sendt i mars</footer>"
    quote = f"<blockquote><p>Vi svarer alle, og vi svarer kort.</p>{foot}</blockquote>"
    assert texts(quote) == ["Vi svarer alle, og vi svarer kort.", "Fra brevet som ble sendt i mars"]
    named = quote.replace("Fra brevet som ble sendt i mars", "Carl Damsgaard, hesteejer")
    told = {block.text: block.reason for block in read_html(ARTICLE.format(named)).blocks}
    assert told["Carl Damsgaard, hesteejer"] == ""


@pytest.mark.parametrize(
    "fold",
    [
        "<h3><button>Hva skjer nå?</button></h3><div hidden>{}</div>",
        "<h3><button>Hva skjer nå?</button></h3><div class=panel>{}</div>",
        '<div><h3><button>Hva skjer nå?</button></h3></div><div aria-hidden="true">{}</div>',
        "<dl><dt><button>Hva skjer nå?</button></dt><dd hidden>{}</dd></dl>",
        '<button aria-expanded="false">Hva skjer nå?</button><div style="display:none">{}</div>',
        '<button class="accordion">Hva skjer nå?</button><div hidden>{}</div>',
        '<button aria-expanded="false"><i aria-hidden="true"></i>Hva skjer nå?</button>'
        "<div hidden>{}</div>",
        "<details><summary>Hva skjer nå?</summary><div hidden>{}</div></details>",
        '<button aria-expanded="false">Hva skjer nå?</button><div hidden="until-found">{}</div>',
    ],
)
def test_a_question_on_a_button_and_the_answer_below_it_are_kept_both(fold):
    answer = "Da får du brev fra oss innen to uker."
    assert kinds(ARTICLE.format(fold.format(f"<p>{answer}</p>"))) == [
        ("heading", "Hva skjer nå?"),
        ("paragraph", answer),
    ]


def test_one_word_on_a_button_is_a_heading_over_text_and_none_over_a_menu():
    fold = '<button aria-expanded="false">{}</button><div hidden>{}</div>'
    assert texts(fold.format("Pris", "<p>Det er gratis å ringe oss.</p>")) == [
        "Pris",
        "Det er gratis å ringe oss.",
    ]
    assert texts(fold.format("Meny", '<a href="/a">Alt om oss</a><a href="/b">Kart</a>')) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "<button>Send inn</button><div hidden><p>Takk for svaret som du sendte.</p></div>",
        "<h3>Send inn</h3><div hidden><p>Takk for svaret som du sendte.</p></div>",
        '<button aria-expanded="false">Om oss</button><div hidden>'
        "<p>Skriv til oss her.</p><input><button>Send</button></div>",
    ],
)
def test_what_is_hidden_and_unfolded_by_nothing_stays_out(hidden):
    found = texts(hidden)
    assert "Takk for svaret som du sendte." not in found
    assert "Skriv til oss her." not in found


def test_an_icon_that_is_hidden_from_readers_aloud_does_not_hide_its_line():
    assert texts('<p><span aria-hidden="true">▸</span> Vi svarer alle.</p>') == ["Vi svarer alle."]


def test_the_names_of_tabs_are_content():
    tabs = (
        '<ul role="tablist"><li role="tab"><a href="#t1">Før fylte 60 år</a></li><li role="tab">'
        '<a href="#t2">Etter fylte 60 år</a></li></ul><div role="tabpanel" id="t1">Spar nå.</div>'
        '<div role="tabpanel" id="t2" aria-hidden="true">Vær forsiktig.</div>'
    )
    assert texts(tabs) == ["Før fylte 60 år", "Etter fylte 60 år", "Spar nå.", "Vær forsiktig."]


LAWS = (
    '<ul><li><a href="/1">Plan- og bygningsloven</a></li>'
    '<li><a href="/2">Naturmangfoldloven</a></li></ul>'
)


def test_links_that_the_articles_text_goes_on_after_are_content():
    sentence = '<p><a href="/v">Naboer skal varsles skriftlig</a></p>'
    assert texts(f"<p>{ONE}</p>{sentence}{LAWS}<p>{TWO}</p>") == [
        ONE, "Naboer skal varsles skriftlig", "Plan- og bygningsloven", "Naturmangfoldloven", TWO,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "links",
    [
        f"<h2>Les også</h2>{LAWS}",
        f"<h3>Relaterte artikler</h3>{LAWS}",
        f"<div><h3>Siste</h3>{LAWS}</div>",
        LAWS.replace("/1", "#1").replace("/2", "#2"),
        LAWS.replace("<ul>", '<ul class="tags">'),
        LAWS.replace("<a ", "<a rel=tag "),
    ],
)
def test_links_to_other_articles_key_words_and_contents_are_none(links):
    found = texts(f"<p>{ONE}</p>{links}<p>{TWO}</p><p>{THREE}</p>")
    assert [text for text in found if text != "Siste"] == [ONE, TWO, THREE]


def test_links_below_the_article_are_none():
    page = ARTICLE.format("").replace("</article>", f"{LAWS}</article>")
    assert "Naturmangfoldloven" in dropped(page)


TABLE = "<table><tr><td>For utbygging</td><td>9</td></tr><tr><td>Mot</td><td>203</td></tr></table>"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            '<div class="comments-quoted"><blockquote>Hvor skal ungene ake?</blockquote>'
            "<cite>Innbygger i Øvre Eidsdal</cite></div>",
            ["Hvor skal ungene ake?", "Innbygger i Øvre Eidsdal"],
        ),
        (
            '<div class="comment"><h3>Til § 1</h3><p>Bestemmelsen er ny.</p></div>'
            '<div class="comment"><h3>Til § 2</h3><p>Den viderefører gjeldende rett.</p></div>',
            ["Til § 1", "Bestemmelsen er ny.", "Til § 2", "Den viderefører gjeldende rett."],
        ),
        (
            '<section><div class="comments"><div class="comment"><h3>Til § 1</h3>'
            "<p>Bestemmelsen er ny.</p></div></div></section>",
            ["Til § 1", "Bestemmelsen er ny."],
        ),
        (f'<div class="related-figures">{TABLE}</div>', ["For utbygging – 9", "Mot – 203"]),
        (
            '<div class="related-documents"><h2>Vedlegg</h2><p>Vedlegg 1 er en mal.</p></div>',
            ["Vedlegg", "Vedlegg 1 er en mal."],
        ),
        (
            '<div class="sidebar-fact"><h3>Ord du møter</h3><p>Formål: hva den er til</p></div>',
            ["Ord du møter", "Formål: hva den er til"],
        ),
        (
            '<div class="menu"><p>Mandag er det fisk. Tirsdag er det suppe.</p></div>',
            ["Mandag er det fisk. Tirsdag er det suppe."],
        ),
    ],
)
def test_a_name_alone_takes_nothing_out_that_stands_between_the_articles_paragraphs(part, expected):
    assert texts(part) == expected


@pytest.mark.parametrize(
    "part",
    [
        '<div class="comment"><span>Marit seier:</span><p>Så fint! Eg prøver i helga.</p></div>',
        '<div class="comment"><b>Lis</b><p>De blev flade.</p></div>',
        '<div class="comments"><p>De blev flade.</p><p class="meta">Lis, 3. maj 2024</p></div>',
        '<div class="comments"><p>Hva mener du om dette?</p><input><button>Send</button></div>',
        '<div class="related"><h3><a href="/2">Sak to</a></h3><p>De møttes på midten.</p></div>',
        '<div class="sidebar"><p>De møttes på midt.</p><ul><li><a href="/2">To</a></li></ul></div>',
    ],
)
def test_a_part_that_looks_like_what_it_is_called_is_that(part):
    assert texts(part) == []


def test_comments_below_the_article_are_readers():
    page = ARTICLE.format("").replace(
        "</article>", '<div class="comments"><p>Bestemmelsen er ny.</p></div></article>'
    )
    assert dropped(page)["Bestemmelsen er ny."] == "comment prompt"


def test_ingredients_to_tick_off_are_items():
    tick = '<li><label><input type="checkbox">{}</label></li>'
    items = tick.format("500 g mel") + tick.format("3 dl mælk")
    assert kinds(ARTICLE.format(f"<h2>Ingredienser</h2><ul>{items}</ul><p>{ONE}</p>"))[1:3] == [
        ("list_item", "500 g mel"),
        ("list_item", "3 dl mælk"),
    ]


def test_labels_of_fields_to_fill_in_are_a_form():
    labels = (
        "<ul><li><label>Ditt navn <input></label></li><li><label>Hvor bor du?</label></li></ul>"
    )
    assert texts(labels) == []
    tick = '<form><ul><li><label><input type="checkbox">Send meg alt</label></li></ul></form>'
    assert texts(tick) == []


@pytest.mark.parametrize("inside", ["<blockquote><p>Takk for innspillet.</p></blockquote>", TABLE])
def test_the_caption_of_a_quotation_or_table_is_content_and_a_pictures_is_not(inside):
    figure = "<figure>{}<figcaption>Hele svaret fra kommunen til dem</figcaption></figure>"
    assert texts(figure.format(inside))[-1] == "Hele svaret fra kommunen til dem"
    assert "Hele svaret fra kommunen til dem" not in texts(figure.format(inside + "<img src=a>"))


@pytest.mark.parametrize(
    ("title", "around"),
    [
        ("Kort søknad nå - Kystposten", '<div class="logo">Kystposten</div>'),
        ("Kort søknad nå - Kystposten", '<div><a href="/">Kystposten</a></div>'),
        ("Kort søknad nå - Kystposten", '<div><img class="logo" alt="Kystposten"></div>'),
        ("Kystposten – Kort søknad nå", '<div class="logo">Kystposten</div>'),
        (
            "Kort søknad nå - Sørposten",
            '<link rel="canonical" href="https://www.sorposten.no/kort-soknad">',
        ),
        ("Kort søknad nå · Posten", '<meta property="og:site_name" content="Posten">'),
    ],
)
def test_the_sites_name_is_no_part_of_the_title(title, around):
    page = (
        f"<html><head><title>{title}</title></head><body>{around}"
        f"<div>Kort søknad nå</div><p>{ONE}</p><p>{TWO}</p></body></html>"
    )
    assert read_html(page).title == "Kort søknad nå"
    assert kept(page) == [("h", "Kort søknad nå"), ("p", ONE), ("p", TWO)]


def test_a_dash_in_a_title_is_kept():
    page = f"<html><head><title>Kort søknad - nå</title></head><body><p>{ONE}</p></body></html>"
    assert read_html(page).title == "Kort søknad - nå"


@pytest.mark.parametrize("head", ["Kort søknad nå – Nål og tråd", "Nål og tråd"])
def test_the_entrys_title_goes_before_the_sites_h1(head):
    page = (
        f'<html><head><title>{head}</title></head><body><div id="header"><h1 class="site-title">'
        '<a href="/">Nål og tråd</a></h1><p>Ein blogg om å ta vare på ting</p></div><div>'
        f'<h2 class="entry-title">Kort søknad nå</h2><p>{ONE}</p><p>{TWO}</p></div></body></html>'
    )
    found = read_html(page)
    reasons = judge_blocks(found.blocks, title=found.title)
    assert found.title == "Kort søknad nå"
    assert [b.text for b, why in zip(found.blocks, reasons, strict=True) if not why] == [
        "Kort søknad nå", ONE, TWO,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "part",
    [
        '<div class="comment"><p>Nei.</p></div>',
        '<div class="comment"><p>Nei.</p>',
        '<ul><li><label><input type="checkbox">Mel</label>',
        "<h3><button>Hva nå?</button></h3><div hidden>Nei.</div>",
        "<div><button aria-expanded=false>Hva nå?</button>",
        "<figure><figcaption>Nei.</figcaption>",
        '<p><a href="/">Loven</a></p><p>Den er ny og gjelder alle.</p>',
    ],
)
def test_pages_of_many_such_parts_take_linear_time(part):
    started = time.monotonic()
    read_html(f"<html><body><main><p>{ONE}</p>" + part * 10_000 + f"<p>{TWO}</p>")
    assert time.monotonic() - started < 20


# Dates


@pytest.mark.parametrize(
    ("page", "day"),
    [
        ('<meta name="article.created" content="2023-05">', ""),
        ('<span class="date">12.2023</span>', ""),
        ('<span class="entry-date">15. mars 2023</span>', "2023-03-15"),
        ('<span class="updated date">15. mars 2023</span>', ""),
        ('<footer><span class="date">15. mars 2023</span></footer>', ""),
        ('<p>Det skjedde <time datetime="1945-05-08">8. mai 1945</time>, og det blir husket av '
         "alle som var på torget den dagen, og av mange som ikke var der.</p>", ""),
        ('<p><time datetime="2023-03-15T10:00">15. mars 2023</time></p>', "2023-03-15"),
    ],
)  # fmt: skip
def test_a_day_of_publication_stands_in_full_and_in_its_place(page, day):
    assert read_html(ARTICLE.format(page)).published == day
