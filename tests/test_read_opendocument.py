from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.extracted import UnreadableError
from pipeline.read.office.opendocument import read_odt
from tests.office_files import (
    ANY_BYTES,
    ONE,
    THREE,
    TWO,
    changed_packages,
    changed_parts,
    kept_of,
    left_out_of,
    must_read_or_refuse,
    shut_in,
    unzipped,
    xml_trees,
    zipped,
)

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = (
    " ".join(
        f'xmlns:{prefix}="{ODF}{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "fo": "xsl-fo-compatible",
            "meta": "meta",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
MIME_TYPE = "application/vnd.oasis.opendocument.text"


# How the files are made


def odt(*body: str, automatic: str = "", styles: str = "", meta: str = "", **members: str) -> bytes:
    """An OpenDocument text by hand: what stands in its parts, and other members by name."""
    return zipped(
        {
            "mimetype": MIME_TYPE,
            "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{''.join(body)}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMES}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            "META-INF/manifest.xml": f"<manifest:manifest {NAMES}/>",
            **members,
        }
    )


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text: str) -> str:
    return f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{text}</text:h>'


def items(*texts: str) -> str:
    inside = "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)
    return f"<text:list>{inside}</text:list>"


def table(*rows: list[str]) -> str:
    return (
        "<table:table><table:table-column table:number-columns-repeated='1000000000'/>"
        + "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row)
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
    )


def style(name: str, parent: str, properties: str = "", family: str = "paragraph") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" '
        f'style:parent-style-name="{parent}"><style:text-properties {properties}/></style:style>'
    )


def kept(content: bytes) -> list[tuple[str, str]]:
    return kept_of(read_odt(content))


def left_out(content: bytes) -> dict[str, str]:
    return left_out_of(read_odt(content))


# Blocks


def test_headings_items_and_paragraphs_come_in_order():
    content = odt(
        p("Ansøgningen blev kort", "Title"),
        p(ONE),
        h("Tregt arbeid"),
        items(p("Spør"), p("Lytt") + items(p("nøye"))),
        "<text:section>",
        p(TWO, "Text_20_body"),
        "</text:section>",
        h("<text:number>2.</text:number>Kva no?"),
        p(THREE),
    )
    assert kept(content) == [
        ("h", "Ansøgningen blev kort"),
        ("p", ONE),
        ("h", "Tregt arbeid"),
        ("l", "Spør"),
        ("l", "Lytt"),
        ("l", "nøye"),
        ("p", TWO),
        ("h", "Kva no?"),
        ("p", THREE),
    ]


def test_a_heading_in_a_list_is_a_heading():
    assert kept(odt(items(h("Bakgrunn")), p(ONE))) == [("h", "Bakgrunn"), ("p", ONE)]


def test_styles_that_build_on_a_heading_are_headings():
    content = odt(
        p("Kort titel", "P1"),
        p(ONE),
        p("Lengre nede", "P2"),
        p(TWO, "P3"),
        automatic=style("P1", "Title") + style("P2", "Husets") + style("P3", "P3"),
        styles=f"<office:styles>{style('Husets', 'Heading_20_2')}</office:styles>",
    )
    assert kept(content) == [
        ("h", "Kort titel"),
        ("p", ONE),
        ("h", "Lengre nede"),
        ("p", TWO),
    ]


def test_a_short_line_all_in_bold_is_a_heading():
    bold = style("T1", "", 'fo:font-weight="bold"', "text")
    line = '<text:span text:style-name="T1">Hvor ble tiden av</text:span>'
    content = odt(p(ONE), p(line), p(TWO), p(f"{line} egentlig?"), p(THREE), automatic=bold)
    assert [kind for kind, _ in kept(content)] == [*"phppp"]


def test_spaces_tabs_and_breaks():
    content = odt(
        p('Eit<text:s text:c="3"/>ord<text:tab/>til\n   og<text:soft-page-break/>så eit.'),
        p("Bo Li<text:line-break/>Rådgiver, Etaten<text:line-break/>0000 Byen"),
        p("Søk\u00adnad <text:a>her</text:a> <text:bookmark/>no."),
    )
    assert [(b.text, b.gap) for b in read_odt(content).blocks] == [
        ("Eit ord til også eit.", True),
        ("Bo Li", True),
        ("Rådgiver, Etaten", False),
        ("0000 Byen", False),
        ("Søknad her no.", True),
    ]


def test_notes_come_last_and_leave_no_hole_in_the_sentence():
    note = (
        '<text:note text:note-class="footnote">\n <text:note-citation>1</text:note-citation>\n'
        f" <text:note-body>\n  {p('Sjå vedlegg to.')}\n </text:note-body>\n</text:note>"
    )
    content = odt(p(f"Tre år{note}, altså."), p(TWO))
    assert kept(content) == [("p", "Tre år, altså."), ("p", TWO), ("p", "Sjå vedlegg to.")]


def test_comments_and_changes_are_told_as_such():
    comment = f"<office:annotation><dc:creator>Bo</dc:creator>{p('Er dette rett?')}"
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        "<dc:creator>Bo</dc:creator><dc:date>2024-01-01</dc:date></office:change-info>"
        f"{p('to år og')}</text:deletion></text:changed-region><text:changed-region>"
        "<text:insertion><office:change-info><dc:creator>Kari</dc:creator></office:change-info>"
        "</text:insertion></text:changed-region></text:tracked-changes>"
    )
    content = odt(
        changes,
        p(
            f"Det tog {comment}</office:annotation><text:change/>tre "
            "<text:change-start/>lange<text:change-end/> år."
        ),
    )
    assert kept(content) == [("p", "Det tog tre lange år.")]
    assert left_out(content) == {
        "to år og": "deleted text",
        "Er dette rett?": "comment in the margin",
    }


def test_hidden_text_is_told_as_such():
    hidden = style("T1", "", 'text:display="none"', "text")
    content = odt(
        p('Det går <text:span text:style-name="T1">ikke </text:span>bra.'),
        f'<text:section text:display="none">{p("Hele avsnittet.")}</text:section>',
        p(ONE),
        automatic=hidden,
    )
    assert kept(content) == [("p", "Det går bra."), ("p", ONE)]
    assert left_out(content) == {"ikke": "hidden text", "Hele avsnittet.": "hidden text"}


@pytest.mark.parametrize("text", ["><!-- ikke -->Feltet</text:hidden-text>", "/>"])
def test_a_field_that_shows_its_text_on_a_condition_is_told_as_such(text):
    field = f'<text:hidden-text text:is-hidden="true" text:string-value="Feltet"{text}'
    content = odt(p(f"Bare {field} dette."))
    assert kept(content) == [("p", "Bare dette.")]
    assert left_out(content) == {"Feltet": "hidden text"}


def test_text_boxes_come_after_the_paragraph_that_holds_them():
    box = f"<draw:frame>\n<draw:text-box>\n{p(TWO)}\n</draw:text-box>\n</draw:frame>"
    shape = f"<draw:custom-shape>\n{p('Eit steg.')}</draw:custom-shape>"
    picture = '<draw:frame>\n<draw:image xlink:href="http://127.0.0.1:9/a.png"/>\n</draw:frame>'
    content = odt(p(f"{ONE[:20]}{box}{shape}{picture}{ONE[20:]}"), p(THREE))
    assert kept(content) == [("p", ONE), ("p", TWO), ("p", "Eit steg."), ("p", THREE)]


def test_captions_and_contents_are_told_as_such():
    content = odt(
        f"<text:table-of-content><text:index-body><text:index-title>{p('Innhold')}"
        f"</text:index-title>{p('Plan 4', 'Contents_20_1')}</text:index-body>"
        "</text:table-of-content>",
        p(ONE),
        p("Figur 1: Et skjema", "Illustration"),
        p("Tabell 1: Skjema", "P1"),
        automatic=style("P1", "Caption"),
    )
    assert kept(content) == [("p", ONE)]
    assert left_out(content) == {
        "Innhold": "table of contents",
        "Plan 4": "table of contents",
        "Figur 1: Et skjema": "picture caption",
        "Tabell 1: Skjema": "picture caption",
    }


def test_page_headers_and_footers_are_told_once():
    edges = "".join(
        f"<style:master-page><style:header>{p('Etaten')}</style:header>"
        f"<style:footer>{p('Side <text:page-number>1</text:page-number>')}</style:footer>"
        "</style:master-page>"
        for _ in range(2)
    )
    content = odt(p(ONE), styles=f"<office:master-styles>{edges}</office:master-styles>")
    assert [(b.text, b.reason) for b in read_odt(content).blocks] == [
        ("Etaten", "page header"),
        (ONE, ""),
        ("Side 1", "page footer"),
    ]


def test_scripts_and_forms_are_no_text():
    content = odt(
        f"<office:forms>{p('Felt')}</office:forms>",
        p("Før <text:script>alert(1)</text:script>etter."),
        p("Navn: <text:placeholder>&lt;skriv her&gt;</text:placeholder>"),
    )
    assert kept(content) == [("p", "Før etter."), ("p", "Navn:")]
    assert left_out(content) == {"<skriv her>": "form"}


# Tables


def test_a_row_of_figures_is_one_paragraph():
    content = odt(table([p("År"), p("Skjema")], [p("2022"), p("14")]), p(TWO))
    assert kept(content) == [("p", "År – Skjema"), ("p", "2022 – 14"), ("p", TWO)]


def test_a_table_for_the_layout_is_taken_apart_and_one_in_it_is_not():
    inner = table([p("Ja"), p("3")])
    content = odt(table([h("Skemaet") + p(ONE), items(p("Spør")) + inner], [p(""), p(THREE)]))
    assert kept(content) == [
        ("h", "Skemaet"),
        ("p", ONE),
        ("l", "Spør"),
        ("p", "Ja – 3"),
        ("p", THREE),
    ]


def test_merged_cells_are_read_once():
    row = (
        f"<table:table-row><table:table-cell table:number-columns-spanned='2'>{p('Brede')}"
        f"</table:table-cell><table:covered-table-cell>{p('under')}</table:covered-table-cell>"
        "</table:table-row>"
    )
    content = odt(f"<table:table>{row}</table:table>", p(ONE))
    assert kept(content) == [("p", "Brede"), ("p", ONE)]
    assert left_out(content) == {"under": "hidden text"}


def test_a_note_in_a_cell_comes_last():
    inside = p("Anslag.") + table([p("a"), p("b")])
    note = f"<text:note><text:note-body>{inside}</text:note-body></text:note>"
    content = odt(table([p(f"År{note}"), p("14")]), p(TWO))
    assert [text for _, text in kept(content)] == ["År – 14", TWO, "Anslag.", "a – b"]


# Facts


def test_facts_come_from_the_documents_properties():
    found = read_odt(
        odt(
            p(ONE),
            meta="<dc:title>Ansøgningen blev kort</dc:title><dc:creator>Kari</dc:creator>"
            "<meta:initial-creator>Bo Li</meta:initial-creator>"
            "<meta:creation-date>2024-02-07T05:45:00.123456789</meta:creation-date>",
        )
    )
    assert (found.title, found.author) == ("Ansøgningen blev kort", "Bo Li")
    assert (found.published, found.published_from) == ("2024-02-07", "document properties")


def test_what_programs_fill_in_by_themselves_is_no_fact():
    found = read_odt(
        odt(p(ONE), meta="<dc:title>Uten navn 1</dc:title><dc:creator>admin</dc:creator>")
    )
    assert (found.title, found.author, found.published, found.published_from) == ("", "", "", "")


# Files that can't be read, and files with faults


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no zip package"),
        (odt(p(ONE))[:-40], "is damaged or cut short"),
        (
            odt(p(ONE), mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "holds an OpenDocument spreadsheet and not what its ending says",
        ),
        (
            zipped({"word/document.xml": "<a/>"}),
            "holds a Word document and not what its ending says",
        ),
        (zipped({"a.txt": "x"}), "holds a zip archive and not what its ending says"),
        (zipped({"mimetype": MIME_TYPE}), "is damaged: it has no content.xml"),
        (zipped({"content.xml": "<a/>"}), "is damaged or no text"),
        (odt(p(ONE), **{"content.xml": "<a"}), "content.xml holds no XML"),
        (odt("<text:section>" * 300 + "</text:section>" * 300), "is nested too deep"),
        (
            odt(
                p(ONE),
                **{
                    "content.xml": "\x00\x01\x02",
                    "META-INF/manifest.xml": "<!DOCTYPE m><m><manifest:encryption-data/></m>",
                },
            ),
            "is encrypted with a password; save it without one",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(content, reason):
    with pytest.raises(UnreadableError, match=re.escape(reason)):
        read_odt(content)


@pytest.mark.parametrize("name", ["mimetype", "styles.xml", "meta.xml", "META-INF/manifest.xml"])
@pytest.mark.parametrize("content", [None, b"", b"<a", b"<a/>"])
def test_the_text_is_read_without_the_parts_around_it(name, content):
    members = unzipped(odt(h("Skemaet"), p(ONE)))
    members.pop(name)
    if content is not None:
        members[name] = content
    assert kept(zipped(members)) == [("h", "Skemaet"), ("p", ONE)]


@pytest.mark.parametrize("name", ["content.xml", "styles.xml", "meta.xml"])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_entities_are_refused_wherever_they_stand(name, address):
    members = unzipped(odt(p(ONE)))
    dtd = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}">]>'.encode()
    with pytest.raises(UnreadableError, match="carries XML entities"):
        read_odt(zipped({**members, name: dtd + members[name]}))


def test_nothing_outside_the_package_is_fetched(monkeypatch):
    content = odt(
        '<text:section><text:section-source xlink:href="http://127.0.0.1:9/a.odt"/>',
        p(f'<draw:frame><draw:image xlink:href="file:///etc/passwd"/></draw:frame>{ONE}'),
        '<draw:frame><draw:object xlink:href="http://127.0.0.1:9/b.ods"/></draw:frame>',
        "</text:section>",
        **{"Basic/Standard/Module1.xml": "<!DOCTYPE script><script>Shell</script>"},
    )
    shut_in(monkeypatch)
    assert kept(content) == [("p", ONE)]


def test_a_zip_bomb_is_refused():
    with pytest.raises(UnreadableError, match="unpacks to more than 48 MB of text"):
        read_odt(odt(p(ONE), **{"styles.xml": " " * 60_000_000}))


@pytest.mark.parametrize(
    "body",
    [
        lambda: p(ONE) * 20_000,
        lambda: p("<text:span>ord </text:span>" * 100_000),
        lambda: p("<text:s text:c='1000000000'/>" * 1000),
        lambda: table(*[[p("a"), p("b")]] * 10_000),
        lambda: (
            "<text:list><text:list-item>" * 100
            + p("x") * 20_000
            + "</text:list-item></text:list>" * 100
        ),
        lambda: (
            "<table:table><table:table-row><table:table-cell>" * 70
            + p(ONE) * 10_000
            + "</table:table-cell></table:table-row></table:table>" * 70
        ),
    ],
)
def test_long_documents_take_linear_time(body):
    content = odt(body())
    started = time.monotonic()
    read_odt(content)
    assert time.monotonic() - started < 15


# Properties

SOUND = odt(
    h("Skemaet"),
    p(f"{ONE}<text:line-break/><draw:frame><draw:text-box>{p(TWO)}</draw:text-box></draw:frame>"),
    table([p("A"), p("B")], [items(p(THREE)), p("x")]),
    meta="<dc:title>Skema</dc:title>",
)


TAGS = [
    *("text:p", "text:h", "text:span", "text:list", "text:list-item", "text:note", "text:s"),
    *("text:note-body", "text:section", "text:line-break", "text:deletion", "draw:frame"),
    *("draw:text-box", "table:table", "table:table-row", "table:table-cell", "office:annotation"),
    *("table:covered-table-cell", "text:hidden-text", "office:text", "text:number"),
]  # fmt: skip
DAMAGED = {
    "bytes": ANY_BYTES,
    "package": changed_packages(SOUND),
    "part": changed_parts(SOUND),
    "tree": xml_trees(TAGS).map(odt),
}


@pytest.mark.parametrize("how", DAMAGED)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_damage_stops_the_program(how, data):
    must_read_or_refuse(read_odt, data.draw(DAMAGED[how]))


TEXTS = st.lists(
    st.text(alphabet="abdefgiklmnorstuvæøå", min_size=1, max_size=9), min_size=1, max_size=30
).map(" ".join)
PARTS = st.one_of(
    st.tuples(TEXTS, st.sampled_from(["", ".", "?", ":"])).map(lambda parts: p("".join(parts))),
    TEXTS.map(h),
    st.lists(TEXTS.map(p), min_size=1, max_size=3).map(lambda texts: items(*texts)),
    st.lists(TEXTS.map(p), min_size=2, max_size=3).map(lambda texts: table(texts, texts)),
    TEXTS.map(lambda text: p(text.replace(" ", "<text:line-break/>"))),
    TEXTS.map(lambda text: p(f"<text:span>{text}</text:span><text:s/>{text}")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=12))
def test_all_words_come_out_once_and_in_order(parts):
    wanted = re.findall("[a-zæøå]+", re.sub("<[^<>]*>", " ", "".join(parts)))
    found = " ".join(text for _, text in kept(odt(*parts)))
    assert re.findall("[a-zæøå]+", found) == wanted
