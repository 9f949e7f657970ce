from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from datetime import UTC, datetime

import docx
import pytest
from docx.shared import Inches
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.extracted import UnreadableError
from pipeline.read.office.blocks import typed_lines
from pipeline.read.office.word import read_docx
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

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# How the files are made


def made(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word(*body: str, namespace: str = W, **parts: str) -> bytes:
    """A Word file by hand: what stands in its body, and other parts by name (`styles`)."""
    kinds = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{re.sub("[0-9]", "", name)}" Target="{name}.xml"/>'
        for n, name in enumerate(parts)
    )
    members = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {namespace} {MC} {R}><w:body>{''.join(body)}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{kinds}</Relationships>",
        **{f"word/{name}.xml": content for name, content in parts.items()},
    }
    return zipped(members)


def p(*inside: str, style: str = "", properties: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(text if text.startswith("<") else r(text) for text in inside)
    return f"<w:p><w:pPr>{style}{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(
        "<w:tr>"
        + "".join(
            f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row
        )
        + "</w:tr>"
        for row in rows
    ) + "</w:tbl>"  # fmt: skip


BOLD = "<w:b/>"
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def kept(content: bytes) -> list[tuple[str, str]]:
    return kept_of(read_docx(content))


def left_out(content: bytes) -> dict[str, str]:
    return left_out_of(read_docx(content))


# What Word, or python-docx, writes


def test_headings_items_and_paragraphs_come_in_order():
    document = docx.Document()
    document.add_heading("Ansøgningen blev kort", 0)
    document.add_paragraph(ONE)
    document.add_heading("Tregt arbeid", 2)
    document.add_paragraph("Spør", style="List Bullet")
    document.add_paragraph("Lytt nøye", style="List Number")
    document.add_paragraph(TWO, style="Quote")
    document.add_heading("Kva no?", 1)
    document.add_paragraph(THREE)
    assert kept(made(document)) == [
        ("h", "Ansøgningen blev kort"),
        ("p", ONE),
        ("h", "Tregt arbeid"),
        ("l", "Spør"),
        ("l", "Lytt nøye"),
        ("p", TWO),
        ("h", "Kva no?"),
        ("p", THREE),
    ]


def test_facts_come_from_the_documents_properties():
    document = docx.Document()
    document.add_paragraph(ONE)
    document.core_properties.title = "Ansøgningen  blev kort"
    document.core_properties.author = "Bo Li"
    document.core_properties.created = datetime(2024, 2, 7, 5, 45, tzinfo=UTC)
    found = read_docx(made(document))
    assert (found.title, found.author) == ("Ansøgningen blev kort", "Bo Li")
    assert (found.published, found.published_from) == ("2024-02-07", "document properties")


def test_what_programs_fill_in_by_themselves_is_no_fact():
    document = docx.Document()
    document.add_paragraph(ONE)
    document.core_properties.title = "Word Document"
    found = read_docx(made(document))
    assert (found.title, found.author, found.published, found.published_from) == ("", "", "", "")


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Dokument1", "Microsoft Office User"),
        ("untitled", "admin"),
        ("Microsoft Word - notat 3.docx", "user"),
        ("notat-endelig.docx", "Bruker 2"),
        ("Unavngivet 1", "Windows-bruger"),
    ],
)
def test_junk_titles_and_authors_are_left_empty(title, author):
    document = docx.Document()
    document.add_paragraph(ONE)
    document.core_properties.title = title
    document.core_properties.author = author
    document.core_properties.created = datetime(1601, 1, 1)
    found = read_docx(made(document))
    assert (found.title, found.author, found.published) == ("", "", "")


@pytest.mark.parametrize("title", ["Dokumentasjon av forsøket", "Malen som forsvant", "1984"])
def test_titles_that_only_begin_like_junk_are_kept(title):
    document = docx.Document()
    document.add_paragraph(ONE)
    document.core_properties.title = title
    assert read_docx(made(document)).title == title


def test_pictures_and_their_names_are_no_text(tmp_path):
    from PIL import Image

    picture = tmp_path / "a.png"
    Image.new("RGB", (9, 9)).save(picture)
    document = docx.Document()
    document.add_paragraph(ONE)
    document.add_picture(str(picture), width=Inches(1))
    document.add_paragraph("Et skjema på et bord", style="Caption")
    content = made(document)
    assert kept(content) == [("p", ONE)]
    assert left_out(content) == {"Et skjema på et bord": "picture caption"}


def test_page_headers_and_footers_are_told_once():
    document = docx.Document()
    document.add_paragraph(ONE)
    document.sections[0].header.paragraphs[0].text = "Etaten"
    document.sections[0].footer.paragraphs[0].text = "Side 1"
    second = document.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Etaten"
    document.add_paragraph(TWO)
    blocks = read_docx(made(document)).blocks
    assert [(b.text, b.reason) for b in blocks] == [
        ("Etaten", "page header"),
        (ONE, ""),
        (TWO, ""),
        ("Side 1", "page footer"),
    ]


# Headings

STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Hus"><w:name w:val="Husets egen"/>
  <w:basedOn w:val="Overskrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Plan"><w:name w:val="Planen"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Runde"/>
  </w:style>
<w:style w:type="paragraph" w:styleId="Runde"><w:name w:val="Runde"/><w:basedOn w:val="Ring"/>
  </w:style>
<w:style w:type="paragraph" w:styleId="Feit"><w:name w:val="Feit"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Punkt"><w:name w:val="Punkt"/>
  <w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Skjult"><w:name w:val="Skjult"/>
  <w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Sterk"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr>
  </w:style>
</w:styles>"""


@pytest.mark.parametrize(
    "style", ["Overskrift1", "Hus", "Plan", "Heading3", "Tittel", "Undertitel", "Feit"]
)
def test_a_style_makes_a_heading_by_its_name_its_level_or_what_it_builds_on(style):
    content = word(p(ONE), p("Derfor tok det tid", style=style), p(TWO), styles=STYLES)
    assert kept(content) == [("p", ONE), ("h", "Derfor tok det tid"), ("p", TWO)]


def test_a_level_of_the_paragraphs_own_makes_a_heading():
    level = '<w:outlineLvl w:val="0"/>'
    content = word(p(ONE), p("Kort sagt: ja.", properties=level), p(TWO), styles=STYLES)
    assert kept(content)[1] == ("h", "Kort sagt: ja.")
    body = '<w:outlineLvl w:val="9"/>'
    content = word(p(ONE), p("Kort sagt: ja.", style="Plan", properties=body), styles=STYLES)
    assert kept(content)[1] == ("p", "Kort sagt: ja.")


def test_styles_that_build_on_each_other_in_a_circle_are_read():
    content = word(p(ONE, style="Ring"), p(TWO, style="Runde"), styles=STYLES)
    assert kept(content) == [("p", ONE), ("p", TWO)]


def test_a_heading_with_a_number_of_its_own_is_no_item_and_gets_no_number():
    content = word(p("Bakgrunn", style="Overskrift1", properties=NUMBERED), p(ONE), styles=STYLES)
    assert kept(content)[0] == ("h", "Bakgrunn")


def test_a_long_text_in_the_style_of_a_heading_is_a_paragraph():
    content = word(p(f"{ONE} {TWO} {THREE}", style="Overskrift1"), p(ONE), styles=STYLES)
    assert kept(content)[0][0] == "p"


@pytest.mark.parametrize("bold", [r("Hvor blev tiden af", BOLD), r("Tiden", '<w:b w:val="1"/>')])
def test_a_short_line_all_in_bold_is_a_heading(bold):
    kinds = [kind for kind, _ in kept(word(p(ONE), p(bold), p(TWO)))]
    assert kinds == [*"php"]


def test_a_bold_line_by_the_style_of_its_words_is_a_heading():
    line = r("Hvor blev tiden af", '<w:rStyle w:val="Sterk"/>')
    assert [kind for kind, _ in kept(word(p(ONE), p(line), p(TWO), styles=STYLES))] == [*"php"]


@pytest.mark.parametrize(
    "line",
    [
        p(r("Dette er viktig.", BOLD)),
        p(r("Viktig: ", BOLD), r("les dette fyrst")),
        p(r("Ikke fed", '<w:b w:val="0"/>'), style="Feit"),
        p(r(ONE + " " + TWO, BOLD)),
    ],
)
def test_bold_words_that_are_no_heading(line):
    content = word(p("En titel", style="Overskrift1"), p(ONE), line, p(TWO), styles=STYLES)
    assert [kind for kind, _ in kept(content)] == [*"hppp"]


def test_a_row_of_bold_lines_is_no_row_of_headings():
    names = [p(r(name, BOLD)) for name in ("Bo Li", "Kari Vik", "Ola By", "Tove Eng")]
    content = word(p("En titel", style="Overskrift1"), *names, p(TWO), styles=STYLES)
    assert [kind for kind, _ in kept(content)] == [*"hppppp"]


def test_without_any_styles_short_lines_are_headings_as_in_a_plain_text():
    assert kept(word(p("Et skema mindre"), p(ONE), p("Kvar er tida"), p(TWO))) == [
        ("h", "Et skema mindre"),
        ("p", ONE),
        ("h", "Kvar er tida"),
        ("p", TWO),
    ]


def test_where_headings_are_marked_short_lines_are_paragraphs():
    content = word(p("Skemaet", style="Overskrift1"), p("Oslo, våren"), p(ONE), styles=STYLES)
    assert kept(content) == [("h", "Skemaet"), ("p", "Oslo, våren"), ("p", ONE)]


def test_where_empty_paragraphs_part_the_text_two_without_one_belong_together():
    content = word(
        *(p("Skemaet blev kort"), p(""), p(ONE), p(TWO), p(""), p("Kontakt"), p("Bo Li")),
        *(p("Rådgiver, Etaten"), p(" ")),
    )
    assert [(b.kind[0], b.text, b.gap) for b in read_docx(content).blocks] == [
        ("h", "Skemaet blev kort", True),
        ("p", ONE, True),
        ("p", TWO, False),
        ("p", "Kontakt", True),
        ("p", "Bo Li", False),
        ("p", "Rådgiver, Etaten", False),
    ]


def test_a_text_pasted_with_a_paragraph_for_each_line_is_joined():
    lines = [
        "Det var en gang en kommune som ville gjøre alt på en gang, og som der-",
        "for ikke fikk gjort noe. Den hadde mange planer og prosjekter, men det",
        "fantes ingen som ville avslutte dem. Så kom det en ny leder, og da hun",
        "hadde tenkt, tok hun dem ett for ett.",
    ]
    content = word(*map(p, lines), p(""), p(ONE))
    assert [text for _, text in kept(content)] == [
        " ".join(lines).replace("der- for", "derfor"),
        ONE,
    ]


# Lists


def test_numbered_paragraphs_are_items_directly_and_by_their_style():
    content = word(
        p("Ta med papir", properties=NUMBERED),
        p("Ta med penn", style="Punkt"),
        p("Ta med tid", style="Listeavsnitt"),
        p(ONE, style="Punkt", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
        styles=STYLES,
    )
    assert kept(content) == [
        ("l", "Ta med papir"),
        ("l", "Ta med penn"),
        ("l", "Ta med tid"),
        ("p", ONE),
    ]


@pytest.mark.parametrize("mark", ["• ", "- ", "\uf0b7 ", "\uf0a7\t", "*  "])
def test_typed_bullets_are_items_without_their_marks(mark):
    content = word(p("Husk dette:"), p(f"{mark}spør først"), p(f"{mark}lytt så"), p(ONE))
    assert kept(content) == [
        ("p", "Husk dette:"),
        ("l", "spør først"),
        ("l", "lytt så"),
        ("p", ONE),
    ]


def test_typed_numbers_that_count_are_items():
    content = word(p("Slik:"), p("1) spør"), p("2) lytt"), p("3) teikn"), p(ONE))
    assert kept(content)[1:4] == [("l", "spør"), ("l", "lytt"), ("l", "teikn")]


def test_signs_that_would_be_html_elsewhere_stay():
    text = "Når x &lt; y, skriv &lt;b&gt;nei&lt;/b&gt; &amp;amp; gå."
    assert kept(word(p(text))) == [("p", "Når x < y, skriv <b>nei</b> &amp; gå.")]


# Inside a paragraph


def test_breaks_after_short_lines_part_blocks_and_in_a_sentence_they_do_not():
    line_break = "<w:r><w:br/></w:r>"
    content = word(
        p("Bo Li", line_break, "Rådgiver, Etaten", line_break, "0000 Byen"),
        p(ONE[:45], line_break, ONE[46:]),
        p("Ein ting.", line_break, line_break, "Ein annan ting."),
    )
    blocks = read_docx(content).blocks
    assert [(b.text, b.gap) for b in blocks] == [
        ("Bo Li", True),
        ("Rådgiver, Etaten", False),
        ("0000 Byen", False),
        (ONE, True),
        ("Ein ting.", True),
        ("Ein annan ting.", True),
    ]


def test_typed_lines_are_told_apart():
    assert typed_lines("Hest\nHund") == [("Hest", True), ("Hund", False)]
    assert typed_lines("\nDa vi kom\nhjem igjen\n\n\nSov vi.") == [
        ("Da vi kom hjem igjen", True),
        ("Sov vi.", True),
    ]


def test_tabs_hyphens_and_symbols():
    content = word(
        p("før", "<w:r><w:tab/></w:r>", "etter"),
        p(
            "kart",
            "<w:r><w:noBreakHyphen/></w:r>",
            "og plan",
            "<w:r><w:softHyphen/></w:r>",
            "arbeid",
        ),
        p("A", '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>', "B"),
        p("søk\u00adnad\u200b"),
        p("Ordet", '<w:r><w:sym w:char="zz"/></w:r>', "sist"),
    )
    assert [text for _, text in kept(content)] == [
        "før etter",
        "kart-og planarbeid",
        "A→B",
        "søknad",
        "Ordet sist",
    ]


def test_insertions_links_controls_and_tags_are_read():
    content = word(
        p(
            "Det ",
            f'<w:ins w:id="1">{r("nye ")}</w:ins>',
            f'<w:hyperlink r:id="x">{r("skema ")}</w:hyperlink>',
            f"<w:smartTag>{r('i ')}</w:smartTag>",
            f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Oslo ')}</w:sdtContent></w:sdt>",
            f'<w:fldSimple w:instr="DATE">{r("virker ")}</w:fldSimple>',
            f"<w:customXml>{r('godt.')}</w:customXml>",
        ),
        f"<w:sdt><w:sdtContent>{p(TWO)}</w:sdtContent></w:sdt>",
    )
    assert kept(content) == [("p", "Det nye skema i Oslo virker godt."), ("p", TWO)]


def test_the_code_of_a_field_is_no_text():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF _Ref1 \\h</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("kapittel 2")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert kept(word(p("Se ", field, " for mer."))) == [("p", "Se kapittel 2 for mer.")]


def test_deleted_and_hidden_text_is_told_apart_and_not_lost():
    content = word(
        p(
            "Det tog ",
            '<w:del w:id="1"><w:r><w:delText>to</w:delText></w:r></w:del>',
            f'<w:ins w:id="2">{r("tre")}</w:ins>',
            " år",
            r(" (sjekk dette)", "<w:vanish/>"),
            ".",
        ),
        p("Alt her er skjult.", style="Skjult"),
        f'<w:moveFrom w:id="3">{p("Flyttet setning.")}</w:moveFrom>',
        styles=STYLES,
    )
    assert kept(content) == [("p", "Det tog tre år.")]
    assert left_out(content) == {
        "to": "deleted text",
        "(sjekk dette)": "hidden text",
        "Alt her er skjult.": "hidden text",
        "Flyttet setning.": "deleted text",
    }


def test_paragraphs_that_a_change_joined_are_one():
    joined = "<w:rPr><w:del w:id='1'/></w:rPr>"
    content = word(p(ONE[:20], properties=joined), p(ONE[20:]), p(TWO, properties=joined))
    assert kept(content) == [("p", ONE), ("p", TWO)]


def test_comments_are_told_as_such():
    comments = f'<w:comments {W}><w:comment w:id="0">{p("Er dette rett?")}</w:comment></w:comments>'
    marks = '<w:commentRangeStart w:id="0"/>', '<w:r><w:commentReference w:id="0"/></w:r>'
    content = word(p(marks[0], ONE, marks[1]), p(TWO), comments=comments)
    assert kept(content) == [("p", ONE), ("p", TWO)]
    assert left_out(content) == {"Er dette rett?": "comment in the margin"}


def test_notes_come_after_all_else():
    footnotes = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator">{p("-----")}</w:footnote>'
        f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", " Sjå vedlegg to")}</w:footnote>'
        "</w:footnotes>"
    )
    endnotes = f'<w:endnotes {W}><w:endnote w:id="1">{p("Takk til alle.")}</w:endnote></w:endnotes>'
    content = word(
        p(ONE, '<w:r><w:footnoteReference w:id="1"/></w:r>'),
        p(TWO),
        footnotes=footnotes,
        endnotes=endnotes,
    )
    assert kept(content) == [
        ("p", ONE),
        ("p", TWO),
        ("p", "Sjå vedlegg to"),
        ("p", "Takk til alle."),
    ]


def text_box(inside: str) -> str:
    return f"<w:txbxContent>{inside}</w:txbxContent>"


def test_a_text_box_is_read_once_after_the_paragraph_that_holds_it():
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{text_box(p(TWO))}"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{text_box(p(TWO))}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert kept(word(p(ONE[:30], box, ONE[30:]), p(THREE))) == [
        ("p", ONE),
        ("p", TWO),
        ("p", THREE),
    ]


def test_a_fallback_with_text_goes_before_a_choice_without():
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice>"
        f"<mc:Fallback><w:pict>{text_box(p(TWO))}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert kept(word(p(ONE, box))) == [("p", ONE), ("p", TWO)]


def test_the_table_of_contents_is_told_as_such():
    gallery = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{p('Innhold', style='Overskrift1')}"
        "</w:sdtContent></w:sdt>"
    )
    content = word(
        gallery,
        p("Bakgrunn 3", style="INNH1"),
        p("Plan 4", style="TOC2"),
        p(ONE),
        styles=STYLES,
    )
    assert kept(content) == [("p", ONE)]
    assert set(left_out(content).values()) == {"table of contents"}


def test_what_a_form_shows_until_it_is_filled_in_is_no_text():
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    content = word(p(ONE), control.format(p("Klikk her for å skrive.")))
    assert left_out(content) == {"Klikk her for å skrive.": "form"}


def test_drawn_shapes_with_text_are_read():
    drawing = (
        '<w:r><w:drawing><a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        "<a:r><a:t>Eit steg av gongen</a:t></a:r></a:p></w:drawing></w:r>"
    )
    assert kept(word(p(ONE, drawing), p(TWO))) == [
        ("p", ONE),
        ("p", "Eit steg av gongen"),
        ("p", TWO),
    ]


PAGE = f"<html><body><h1>Skemaet</h1><p>{TWO}</p><ul><li>Spør</li></ul></body></html>"


@pytest.mark.parametrize(
    ("name", "page", "wanted"),
    [
        ("a.htm", PAGE, [("h", "Skemaet"), ("p", TWO), ("l", "Spør")]),
        (
            "a.mht",
            'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
            f'Content-Type: text/html; charset="utf-8"\n\n{PAGE}\n--b--\n',
            [("h", "Skemaet"), ("p", TWO), ("l", "Spør")],
        ),
        ("a.txt", f"{TWO}\n\n• Spør", [("p", TWO), ("l", "Spør")]),
        ("a.docx", "PK", []),
        ("a.mht", "noe annet", []),
    ],
)
def test_a_page_that_was_put_in_whole_is_read_where_it_stands(name, page, wanted):
    members = unzipped(word(p(ONE), '<w:altChunk r:id="c"/>', p(THREE)))
    relation = f'<Relationship Id="c" Type="{OFFICE}/aFChunk" Target="/word/{name}"/>'
    rels = "word/_rels/document.xml.rels"
    members[rels] = members[rels].replace(b"</R", relation.encode() + b"</R")
    content = zipped({**members, f"word/{name}": page.encode()})
    assert kept(content) == [("p", ONE), *wanted, ("p", THREE)]
    if not wanted:
        assert left_out(content) == {f"word/{name}": "embedded file that can't be read"}


# Tables


def test_a_row_of_figures_is_one_paragraph():
    content = word(p(ONE), table(["År", "Skjema"], ["2022", "14"], ["2023", ""]), p(TWO))
    assert kept(content) == [
        ("p", ONE),
        ("p", "År – Skjema"),
        ("p", "2022 – 14"),
        ("p", "2023"),
        ("p", TWO),
    ]


def test_a_table_for_the_layout_is_taken_apart():
    content = word(table([p(ONE) + p(TWO), "Byen, våren."], ["", p(THREE)]))
    assert kept(content) == [("p", ONE), ("p", TWO), ("p", "Byen, våren."), ("p", THREE)]


def test_tables_in_tables_are_read_in_order():
    inner = table(["Ja", "3"], ["Nei", "4"])
    content = word(table([p(ONE), inner + p(TWO)]), p(THREE))
    assert [text for _, text in kept(content)] == [ONE, "Ja – 3", "Nei – 4", TWO, THREE]


def test_merged_cells_are_read_once():
    document = docx.Document()
    grid = document.add_table(3, 3)
    for number, cell in enumerate(grid._cells):
        cell.text = f"t{number}"
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "Brede"
    grid.cell(0, 2).merge(grid.cell(2, 2)).text = "Høye"
    words = " ".join(text for _, text in kept(made(document))).split()
    assert words.count("Brede") == words.count("Høye") == 1


def test_a_deleted_row_is_deleted_text():
    row = '<w:del w:id="1"><w:r><w:delText>14</w:delText></w:r></w:del>'
    content = word(table(["År", "Skjema"], [p(row), p(row.replace("14", "15"))]))
    assert kept(content) == [("p", "År – Skjema")]
    assert left_out(content) == {"14": "deleted text", "15": "deleted text"}


# Files with faults


def broken(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    members = unzipped(content)
    assert old in members[name]
    return zipped({**members, name: members[name].replace(old, new)})


def sound() -> bytes:
    document = docx.Document()
    document.add_heading("Skemaet", 1)
    document.add_paragraph(ONE)
    return made(document)


def test_a_part_that_is_named_and_missing_stops_nothing():
    members = unzipped(sound())
    name = "word/_rels/document.xml.rels"
    picture = f'<Relationship Id="x" Type="{OFFICE}/image" Target="../NULL"/></Relationships>'
    members[name] = members[name].replace(b"</Relationships>", picture.encode())
    with pytest.raises(KeyError):
        docx.Document(io.BytesIO(zipped(members)))
    assert kept(zipped(members)) == [("h", "Skemaet"), ("p", ONE)]


@pytest.mark.parametrize(
    "name",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/_rels/document.xml.rels",
        "word/styles.xml",
        "word/numbering.xml",
        "docProps/core.xml",
    ],
)
@pytest.mark.parametrize("content", [None, b"", b"<a", b"<a/>"])
def test_the_text_is_read_without_the_parts_around_it(name, content):
    members = unzipped(sound())
    members.pop(name)
    if content is not None:
        members[name] = content
    assert [text for _, text in kept(zipped(members))] == ["Skemaet", ONE]


def test_the_main_part_is_found_under_another_name():
    members = unzipped(sound())
    members["word/document2.xml"] = members.pop("word/document.xml")
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"document.xml", b"document2.xml")
    members["word/_rels/document2.xml.rels"] = members.pop("word/_rels/document.xml.rels")
    assert kept(zipped(members)) == [("h", "Skemaet"), ("p", ONE)]


def test_the_strict_form_is_read():
    styles = STYLES.replace(W, STRICT)
    content = word(p("Skemaet", style="Hus"), p(ONE), namespace=STRICT, styles=styles)
    assert kept(content) == [("h", "Skemaet"), ("p", ONE)]


def test_a_document_without_text_has_no_blocks():
    assert read_docx(word()).blocks == []
    assert read_docx(word(p(""), p(" ", "<w:r><w:br/></w:r>"))).blocks == []
    assert read_docx(zipped({"word/document.xml": f"<w:document {W}/>"})).blocks == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no zip package"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is encrypted or in the old .doc format; save it as"),
        (zipped({"xl/workbook.xml": "<a/>"}), "holds an Excel workbook and not what its ending"),
        (zipped({"ppt/presentation.xml": "<a/>"}), "holds a PowerPoint presentation and not"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "holds an OpenDocument text and not what its ending says",
        ),
        (zipped({"a.txt": "x"}), "holds a zip archive and not what its ending says"),
        (zipped({"word/document.xml": "<a/>"}), "its main part is no Word text"),
        (zipped({"word/document.xml": "<a"}), "word/document.xml holds no XML"),
        (sound()[:-100], "is damaged or cut short"),
        (word("<w:p>" * 300 + "</w:p>" * 300), "is nested too deep"),
        (word(p("ord " * 2_800_000)), "holds a piece of text of more than 10 MB; split it into"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content, reason):
    with pytest.raises(UnreadableError, match=re.escape(reason)):
        read_docx(content)


def test_a_workbook_with_relationships_is_no_word_document():
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>'
    )
    with pytest.raises(UnreadableError, match="holds an Excel workbook"):
        read_docx(zipped({"_rels/.rels": relations, "xl/workbook.xml": "<a/>"}))


# Harmful files


@pytest.mark.parametrize(
    "name", ["word/document.xml", "word/styles.xml", "_rels/.rels", "docProps/core.xml"]
)
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_entities_are_refused_wherever_they_stand(name, address):
    members = unzipped(sound())
    dtd = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}">]>'.encode()
    at = members[name].index(b"?>") + 2
    members[name] = members[name][:at] + dtd + members[name][at:]
    with pytest.raises(UnreadableError, match="carries XML entities"):
        read_docx(zipped(members))


def test_nothing_outside_the_package_is_fetched(monkeypatch):
    members = unzipped(sound())
    outside = "".join(
        f'<Relationship Id="x{n}" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'
        for n, (kind, target, mode) in enumerate(
            [
                ("attachedTemplate", "http://127.0.0.1:9/a.dotm", 'TargetMode="External"'),
                ("image", "http://127.0.0.1:9/a.png", 'TargetMode="External"'),
                ("oleObject", "file:///etc/passwd", 'TargetMode="External"'),
                ("hyperlink", "http://127.0.0.1:9/", 'TargetMode="External"'),
                ("subDocument", "file:///etc/hostname", 'TargetMode="External"'),
                ("header", "http://127.0.0.1:9/header.xml", ""),
                ("footnotes", "../../../../etc/passwd", ""),
                ("styles", "file:///etc/passwd", ""),
            ]
        )
    )
    name = "word/_rels/document.xml.rels"
    rels = members[name].decode().replace("</Relationships>", outside + "</Relationships>")
    content = zipped({**members, name: rels.encode(), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    shut_in(monkeypatch)
    assert kept(content) == [("h", "Skemaet"), ("p", ONE)]


def test_a_zip_bomb_is_refused_fast():
    content = zipped(
        {
            "word/document.xml": f"<w:document {W}><w:body>{p(ONE)}</w:body></w:document>",
            "word/styles.xml": " " * 300_000_000,
        }
    )
    started = time.monotonic()
    with pytest.raises(UnreadableError, match="unpacks to more than 48 MB of text"):
        read_docx(content)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "body",
    [
        lambda: p(ONE) * 20_000,
        lambda: p(*[r("ord ")] * 100_000),
        lambda: table(*[["a", "b", "c"]] * 10_000),
        lambda: "<w:tbl><w:tr><w:tc>" * 60 + p(ONE) * 20_000 + "</w:tc></w:tr></w:tbl>" * 60,
        lambda: p("a" * 5_000_000),
        lambda: p(*["<w:r><w:br/></w:r>"] * 100_000),
        lambda: "<mc:AlternateContent><mc:Choice>" * 100 + p("") * 50_000
        + "</mc:Choice></mc:AlternateContent>" * 100,
        lambda: p("x", properties="<w:rPr><w:del/></w:rPr>") * 50_000,
    ],
)  # fmt: skip
def test_long_documents_take_linear_time(body):
    content = word(body())
    started = time.monotonic()
    read_docx(content)
    assert time.monotonic() - started < 15


def test_styles_that_build_on_each_other_by_the_thousand_take_linear_time():
    count = 5_000
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(count)
    )
    content = word(
        *(p("Ord.", style=f"s{n}") for n in range(count)),
        styles=f"<w:styles {W}>{styles}</w:styles>",
    )
    started = time.monotonic()
    read_docx(content)
    assert time.monotonic() - started < 10


def test_importing_the_reader_imports_no_library_for_it():
    script = (
        "import sys, pipeline.read.office.word, pipeline.read.office.opendocument\n"
        "print('docx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


# Properties

SOUND = word(
    p("Skemaet", style="Overskrift1"),
    p(ONE, f"<w:ins>{r('ny')}</w:ins>", "<w:r><w:br/></w:r>", text_box(p(TWO))),
    table(["A", "B"], [p(THREE), p("punkt", properties=NUMBERED)]),
    styles=STYLES,
    footnotes=f'<w:footnotes {W}><w:footnote w:id="1">{p("Note.")}</w:footnote></w:footnotes>',
)


TAGS = [
    *("p", "r", "t", "tbl", "tr", "tc", "sdt", "del", "ins", "br", "pPr", "rPr", "txbxContent"),
    *("body", "hyperlink", "instrText", "delText", "sdtContent", "sym", "numPr", "vanish"),
]  # fmt: skip
DAMAGED = {
    "bytes": ANY_BYTES,
    "package": changed_packages(SOUND),
    "part": changed_parts(SOUND),
    "tree": xml_trees([f"w:{tag}" for tag in TAGS]).map(lambda tree: word(tree, styles=STYLES)),
}


@pytest.mark.parametrize("how", DAMAGED)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_damage_stops_the_program(how, data):
    must_read_or_refuse(read_docx, data.draw(DAMAGED[how]))


WORDS = st.text(alphabet="abdefgiklmnorstuvæøå", min_size=1, max_size=9)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
ENDS = st.sampled_from(["", ".", "?", ":", ","])
PARAGRAPHS = st.tuples(
    TEXTS, ENDS, st.sampled_from(["Normal", "Heading 1", "List Bullet", "Quote"]), st.booleans()
)
ROWS = st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPHS | ROWS, min_size=1, max_size=12))
def test_all_words_come_out_once_and_in_order(parts):
    document = docx.Document()
    wanted: list[str] = []
    for part in parts:
        if isinstance(part, list):
            grid = document.add_table(len(part), 2)
            for row, texts in zip(grid.rows, part, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
                    wanted += text.split()
            continue
        text, end, style, is_bold = part
        paragraph = document.add_paragraph(style=style)
        for piece in text.split(" "):
            paragraph.add_run(f"{piece} ").bold = is_bold
        paragraph.add_run(end)
        wanted += text.split()
    found = " ".join(text for _, text in kept(made(document)))
    assert re.findall(r"[a-zæøå]+", found) == wanted
