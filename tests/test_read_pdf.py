"""PDF: what stands on its pages, as blocks. The files are made here, with reportlab."""

from __future__ import annotations

import io
import logging
import re
import socket
import time
import zlib
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab import rl_config
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from pipeline.read.extracted import Extracted, UnreadableError
from pipeline.read.pdf import read_pdf
from pipeline.read.pdf.document import decompress_checked
from pipeline.read.pdf.facts import is_author, is_title
from pipeline.read.pdf.joining import Vocabulary, join_lines

WIDTH, HEIGHT = A4


def pdfminers_own(content: bytes) -> bytes:
    """What pdfminer does, byte by byte."""
    stream, found = zlib.decompressobj(), b""
    for position in range(len(content)):
        try:
            found += stream.decompress(content[position : position + 1])
        except zlib.error:
            if position < len(content) - 3:
                raise
            break
    return found


ONE = "Kommunen har brukt tre år på å gjøre søknaden kortere, og nå er den på én side."
TWO = "Borgerne i de små kommuner venter længere på svar, fordi sagsbehandlerne er færre."
THREE = "Det tek tid å endre eit skjema, for kvart felt har ein eigar som vil ha det med vidare."
FOUR = "Til slutt satte de seg ned med ti innbyggere og strøk alt som ingen av dem forsto."
FIVE = "Ingen ved, hvor mange der opgav undervejs, for det har aldrig været talt med i tallene."

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=13, spaceAfter=7)
TIGHT = ParagraphStyle("tight", BODY, spaceAfter=0, firstLineIndent=12)
JUSTIFIED = ParagraphStyle("justified", BODY, alignment=TA_JUSTIFY)
HEADING = ParagraphStyle("heading", BODY, fontName="Helvetica-Bold", fontSize=13, leading=17)
TITLE = ParagraphStyle("title", HEADING, fontSize=22, leading=27)
NOTE = ParagraphStyle("note", BODY, fontSize=7.5, leading=9)

Story = list[Flowable]
Painter = Callable[[Canvas, BaseDocTemplate], None]


def make(
    story: Story, columns: int = 1, paint: Painter | None = None, gutter: float = 18, **options: str
) -> bytes:
    """A document of paragraphs; `paint` draws what stands around them on each page."""
    buffer = io.BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, invariant=True, **options)
    width = (WIDTH - 120 - (columns - 1) * gutter) / columns
    frames = [
        Frame(60 + n * (width + gutter), 80, width, HEIGHT - 160, 0, 0, 0, 0)
        for n in range(columns)
    ]
    document.addPageTemplates(
        PageTemplate(frames=frames, onPage=paint or (lambda canvas, document: None))
    )
    document.build(story)
    return buffer.getvalue()


def draw(*pages: Callable[[Canvas], object], **options: object) -> bytes:
    """A document whose pages are drawn by hand."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True, **options)
    for page in pages:
        canvas.setFont("Helvetica", 10)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def write(*lines: str, x: float = 60, y: float = 700, leading: float = 13) -> Callable[..., None]:
    def page(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            canvas.drawString(x, y - number * leading, line)

    return page


def text(*paragraphs: str, style: ParagraphStyle = BODY) -> Story:
    return [Paragraph(paragraph, style) for paragraph in paragraphs]


def kept(content: bytes) -> list[tuple[str, str]]:
    return [(block.kind[0], block.text) for block in read_pdf(content).blocks if not block.reason]


def texts(content: bytes) -> list[str]:
    return [text for _, text in kept(content)]


def told(content: bytes) -> list[tuple[str, str]]:
    """What is no part of the text, with its reason."""
    return [(block.text, block.reason) for block in read_pdf(content).blocks if block.reason]


LONG = [" ".join(pair) for pair in ((ONE, TWO, THREE), (FOUR, FIVE), (TWO, THREE, FOUR, ONE))]


# Paragraphs and headings


def test_wrapped_lines_are_joined_to_paragraphs_and_headings_are_told_by_their_type():
    story = [
        *text("Søknaden ble kort", style=TITLE),
        *text(LONG[0], LONG[1]),
        *text("Tregt", style=HEADING),
        *text(LONG[2]),
    ]
    assert kept(make(story)) == [
        ("h", "Søknaden ble kort"),
        ("p", LONG[0]),
        ("p", LONG[1]),
        ("h", "Tregt"),
        ("p", LONG[2]),
    ]


def test_a_heading_of_two_lines_is_one_block():
    title = "Sådan blev ansøgningen så kort, at alle kunne læse den på under et minut"
    story = [*text(title, style=TITLE), *text(LONG[0])]
    assert kept(make(story)) == [("h", title), ("p", LONG[0])]


def test_paragraphs_are_told_by_the_indent_of_their_first_line_too():
    assert texts(make(text(*LONG, style=TIGHT))) == LONG


def test_paragraphs_without_gap_or_indent_are_told_by_their_short_last_lines():
    style = ParagraphStyle("bare", BODY, spaceAfter=0)
    assert texts(make(text(*LONG, style=style))) == LONG


def test_paragraphs_of_one_line_stay_apart():
    lines = ["Nei.", "Ja, sier hun.", "Vi vet det ikke.", "Ingen har spurt."]
    assert texts(make(text(LONG[0], *lines))) == [LONG[0], *lines]


def test_bold_words_that_open_a_paragraph_are_no_heading():
    first, rest = "Viktig for alle.", LONG[0]
    lead = "Dette er en ganske lang åpning som er satt med fete typer helt til hele linja er full"
    story = text(f"<b>{first}</b> {rest}", f"<b>{lead}</b> og så videre. {rest}")
    assert kept(make(story)) == [("p", f"{first} {rest}"), ("p", f"{lead} og så videre. {rest}")]


def test_a_bold_lead_paragraph_is_a_paragraph():
    story = [*text(f"<b>{LONG[1]}</b>"), *text(*LONG)]
    assert kept(make(story))[0] == ("p", LONG[1])


def test_numbered_headings_keep_their_number():
    story: Story = []
    for heading in ("1. La brukernes behov styre", "2) Sker udviklingen centralt?"):
        story += [*text(heading, style=HEADING), *text(LONG[0])]
    assert [text for kind, text in kept(make(story)) if kind == "h"] == [
        "1. La brukernes behov styre",
        "2) Sker udviklingen centralt?",
    ]


def test_bold_headings_of_the_body_s_size_are_headings():
    small = ParagraphStyle("small", BODY, fontName="Helvetica-Bold", spaceAfter=0)
    story = [*text("Kva no?", style=small), *text(LONG[0])]
    assert kept(make(story)) == [("h", "Kva no?"), ("p", LONG[0])]


def test_letters_set_apart_are_a_word():
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 740, "K A P I T T E L   E N")
        canvas.drawString(60, 710, "Sperret", charSpace=6)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 680, ONE)

    assert kept(draw(page)) == [("h", "KAPITTEL EN"), ("h", "Sperret"), ("p", ONE)]


def test_a_drop_cap_belongs_to_its_word():
    def page(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 38)
        canvas.drawString(60, 674, "K")
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(["ommunen har brukt tre år på", "å gjøre søknaden kort og"]):
            canvas.drawString(90, 700 - 13 * number, line)
        canvas.drawString(90, 674, "lettere å lese for alle som skal")
        canvas.drawString(60, 661, "bruke den, og nå er den på én side.")

    assert texts(draw(page)) == [
        "Kommunen har brukt tre år på å gjøre søknaden kort og lettere å lese for alle som skal "
        "bruke den, og nå er den på én side."
    ]


# Words at the end of a line


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Dette er digitali-", "sering i stor stil"], "Dette er digitalisering i stor stil"),
        (["De driver med kart-", "og oppmålingsarbeid"], "De driver med kart- og oppmålingsarbeid"),
        (["De køber IT-", "systemer for alle"], "De køber IT-systemer for alle"),
        (["De følger EU-", "reglene nøye"], "De følger EU-reglene nøye"),
        (["Send det med e-", "post i dag"], "Send det med e-post i dag"),
        (["Formanden er Pia Frelle-", "Petersen nu"], "Formanden er Pia Frelle-Petersen nu"),
        (["Det gjaldt åra 2010–", "2020 og seinare"], "Det gjaldt åra 2010–2020 og seinare"),
        (["Dette er ein prøve –", "og berre det"], "Dette er ein prøve – og berre det"),
    ],
)  # fmt: skip
def test_words_split_at_a_line_end(lines: list[str], joined: str):
    assert texts(draw(write(*lines))) == [joined]


def test_soft_hyphens_are_taken_out():
    lines = ["Dette er digitali\u00ad", "sering av små\u00adord"]
    assert join_lines(lines, Vocabulary()) == "Dette er digitalisering av småord"


def test_a_hyphen_stays_where_the_document_writes_it_inside_lines():
    lines = ["Det er et nord-norsk fenomen, sier de som bor der oppe,", "og alle vet at nord-"]
    lines += ["norsk er mer enn ett ord."]
    assert texts(draw(write(*lines)))[0].endswith("at nord-norsk er mer enn ett ord.")


def test_a_word_is_joined_over_a_page_end():
    pages = [write(ONE, "Etterpå begynte digitali-", y=100), write("seringen for alvor i byen.")]
    assert texts(draw(*pages)) == [f"{ONE} Etterpå begynte digitaliseringen for alvor i byen."]


# Lists


def test_list_items_lose_their_marker_and_are_joined():
    items = ["Spør dem som bruker det.", LONG[0], "Lytt"]
    story = [
        *text("Dette må gjøres:"),
        ListFlowable(text(*items), bulletType="bullet", leftIndent=18),
        *text(LONG[1]),
    ]
    assert kept(make(story)) == [
        ("p", "Dette må gjøres:"),
        *(("l", item) for item in items),
        ("p", LONG[1]),
    ]


def test_numbered_items_that_count_on_are_a_list():
    items = ["Læs ansøgningen.", LONG[0], "Send den."]
    story = [*text("Sådan:"), ListFlowable(text(*items), bulletFormat="%s.", leftIndent=18)]
    assert kept(make(story)) == [("p", "Sådan:"), *(("l", item) for item in items)]


def test_bullets_of_symbol_fonts_are_bullets():
    def page(canvas: Canvas) -> None:
        for number, (font, glyph) in enumerate([("Symbol", "\u2022"), ("ZapfDingbats", "\u25cf")]):
            y = 700 - 26 * number
            canvas.setFont(font, 10)
            canvas.drawString(60, y, glyph)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(74, y, f"Punkt nummer {number} i lista")

    assert kept(draw(page)) == [("l", "Punkt nummer 0 i lista"), ("l", "Punkt nummer 1 i lista")]


def test_a_dash_that_opens_a_reply_stays():
    story = text(LONG[0], "– Vi må spørre, sier hun.", "– Ja, svarer han.", LONG[1])
    assert texts(make(story)) == [
        LONG[0],
        "– Vi må spørre, sier hun.",
        "– Ja, svarer han.",
        LONG[1],
    ]


def test_a_number_before_a_month_opens_no_item():
    lines = ["Møtet ble holdt for lenge siden, nærmere bestemt den", "14. mars samme år, i Bodø."]
    assert kept(draw(write(*lines))) == [("p", " ".join(lines))]


# Columns


@pytest.mark.parametrize(("columns", "gutter"), [(2, 18), (2, 10), (3, 14)])
def test_columns_are_read_one_after_the_other(columns: int, gutter: float):
    paragraphs = [f"Avsnitt {n} begynner her. {LONG[n % 3]}" for n in range(40)]
    style = JUSTIFIED if gutter > 10 else BODY
    assert texts(make(text(*paragraphs, style=style), columns, gutter=gutter)) == paragraphs


def test_the_last_column_may_be_a_single_line():
    def column(canvas: Canvas, x: float, lines: int, name: str) -> None:
        write(*(f"linje {n} i {name} spalte på denne sida" for n in range(lines)), x=x)(canvas)

    def full(canvas: Canvas) -> None:
        column(canvas, 60, 20, "første")
        column(canvas, 310, 20, "andre")

    def last(canvas: Canvas) -> None:
        column(canvas, 60, 20, "tredje")
        column(canvas, 310, 1, "fjerde")

    joined = " ".join(texts(draw(full, last)))
    assert joined.endswith(
        "linje 19 i tredje spalte på denne sida linje 0 i fjerde spalte på denne sida"
    )


def test_a_heading_across_the_columns_keeps_its_place():
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 20)
        canvas.drawString(60, 760, "En overskrift som går over begge spaltene her")
        canvas.drawString(60, 560, "Kort mellom")
        canvas.setFont("Helvetica", 10)
        for column, x in ((1, 60), (2, 310)):
            for part, top in ((1, 720), (2, 520)):
                for line in range(8):
                    words = f"del {part} spalte {column} linje {line} med litt mer tekst på"
                    canvas.drawString(x, top - 13 * line, words)

    found = kept(draw(page))
    assert [text for kind, text in found if kind == "h"] == [
        "En overskrift som går over begge spaltene her",
        "Kort mellom",
    ]
    joined = " ".join(text for _, text in found)
    places = [joined.index(f"del {d} spalte {s} linje 0") for d in (1, 2) for s in (1, 2)]
    assert places == sorted(places)
    assert joined.index("del 1 spalte 2 linje 7") < joined.index("Kort mellom") < places[2]


def test_a_box_beside_the_text_does_not_run_into_its_lines():
    def page(canvas: Canvas) -> None:
        for number in range(30):
            line = f"Linje {number} i den lange teksten som er satt i en bred spalte"
            canvas.drawString(60, 740 - 13 * number, line)
        canvas.setFont("Helvetica", 8)
        for number, line in enumerate(["Fakta om saken", "Skjemaet er nytt", "Det kom i vår"]):
            canvas.drawString(440, 700 - 10.4 * number, line)

    joined = " ".join(texts(draw(page)))
    assert "Fakta om saken Skjemaet er nytt Det kom i vår" in joined
    assert all(f"spalte Linje {number}" in joined for number in range(1, 30))


def test_justified_lines_with_wide_gaps_are_no_table():
    def page(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "De nye reglene skal gjøre det mye lettere for")
        for number, words in enumerate(["gjenbruk av opplysninger", "forvaltningens egne data"]):
            for place, word in enumerate(words.split()):
                canvas.drawString(60 + place * 72, 687 - 13 * number, word)
        canvas.drawString(60, 661, "og dermed for alle.")

    assert texts(draw(page)) == [
        "De nye reglene skal gjøre det mye lettere for gjenbruk av opplysninger forvaltningens "
        "egne data og dermed for alle."
    ]


# What stands around the text


def frame(header: str, footer: str) -> Painter:
    def paint(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, HEIGHT - 45, header.format(n=document.page))
        canvas.drawRightString(WIDTH - 60, 45, footer.format(n=document.page))

    return paint


PARAGRAPHS = [f"Avsnitt {n} handler om noe nytt. {LONG[n % 3]}" for n in range(60)]


@pytest.mark.parametrize(
    ("header", "footer", "reason"),
    [
        ("Et felles løft for skjemaene", "{n}", "page number"),
        ("Et felles løft for skjemaene", "Side {n} av 12", "page number"),
        ("Et felles løft for skjemaene", "Side {n} af 12", "page number"),
        ("Et felles løft for skjemaene", "– {n} –", "page number"),
        ("Et felles løft for skjemaene", "{n} | Årsrapport 2023", "page footer"),
    ],
)
def test_running_lines_are_told_and_never_stand_inside_a_paragraph(
    header: str, footer: str, reason: str
):
    content = make(text(*PARAGRAPHS), paint=frame(header, footer))
    assert texts(content) == PARAGRAPHS
    found = told(content)
    pages = len(found) // 2
    assert pages > 2
    assert Counter(found) == Counter(
        [(header, "page header")] * pages
        + [(footer.format(n=number), reason) for number in range(1, pages + 1)]
    )


def test_headers_of_odd_and_even_pages_may_differ():
    def paint(canvas: Canvas, document: BaseDocTemplate) -> None:
        line = "Rapport om skjemaer" if document.page % 2 else "Direktoratet for det meste"
        canvas.drawString(60, HEIGHT - 45, line)

    content = make(text(*PARAGRAPHS), paint=paint)
    assert texts(content) == PARAGRAPHS
    assert {reason for _, reason in told(content)} == {"page header"}


def test_a_chapter_s_name_that_comes_once_is_a_header_by_its_place():
    names = ["Innledning", "Innledning", "Funn", "Veien videre", "Veien videre"]

    def paint(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, HEIGHT - 45, names[document.page - 1])

    story: Story = []
    for number in range(5):
        story += [*text(PARAGRAPHS[number]), PageBreak()]
    content = make(story, paint=paint)
    assert [text for text, _ in told(content)] == names
    assert texts(content) == PARAGRAPHS[:5]


def test_text_at_the_top_of_pages_stays_text():
    story: Story = []
    for number in range(6):
        story += [*text(f"Kapittel {number}", style=HEADING), *text(*LONG), PageBreak()]
    content = make(story)
    assert not told(content)
    assert len(kept(content)) == 24


def test_one_page_s_number_is_told_only_by_clear_words():
    clear = draw(lambda c: (write(ONE, TWO)(c), c.drawString(280, 40, "Side 1 av 1")))
    assert told(clear) == [("Side 1 av 1", "page number")]
    bare = draw(lambda c: (write(ONE, TWO)(c), c.drawString(280, 40, "Kommunen i tal")))
    assert not told(bare)


def test_notes_at_the_foot_come_after_the_paragraph_that_they_would_interrupt():
    one, two = "1 Se rapporten om skjemaer fra i fjor.", "* Tallene er fra den andre runden."

    def first(canvas: Canvas) -> None:
        write(*LINES_OF_TEXT[:6], y=180)(canvas)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(60, 80, one)
        canvas.drawString(60, 70, two)

    second = write(*LINES_OF_TEXT[6:])
    assert kept(draw(first, second)) == [
        ("p", " ".join(LINES_OF_TEXT)),
        ("p", one),
        ("p", two),
    ]


LINES_OF_TEXT = [
    "Da kommunen begynte arbeidet, var det ingen som visste hvor mange felter",
    "som fantes i skjemaene, og det tok nesten et halvt år å telle dem. Siden",
    "har hver avdeling fått ansvar for sine egne spørsmål, og de som ikke kan",
    "si hva svaret brukes til, må stryke dem. Det har gått bedre enn ventet,",
    "selv om noen felter er vanskelige å bli kvitt. Loven krever at de står der,",
    "og da hjelper det ikke at ingen leser dem. Nå er forslaget å endre loven,",
    "slik at den sier hva man skal vite, og ikke hva man skal spørre om. Det vil",
    "ta tid, men ingen har et bedre forslag.",
]


def test_the_numbers_of_notes_are_no_part_of_their_words_but_units_are():
    style = "<super size=6>{}</super>"
    story = text(
        f"Reglene{style.format(12)} gjelder fra i år, på 40 m{style.format(2)} og mer.",
        "Luften har mer CO<sub size=6>2</sub> enn før.",
    )
    assert texts(make(story)) == [
        "Reglene gjelder fra i år, på 40 m2 og mer.",
        "Luften har mer CO2 enn før.",
    ]


def test_the_table_of_contents_is_told():
    lines = ["1 Innledning " + "." * 60 + " 3", "2 Funn " + ". " * 40 + "7"]
    content = draw(write("Innhold", *lines), write(ONE, TWO))
    assert told(content) == [
        ("Innhold", "table of contents"),
        ("1 Innledning … 3", "table of contents"),
        ("2 Funn … 7", "table of contents"),
    ]
    assert texts(content) == [f"{ONE} {TWO}"]


def test_a_table_s_rows_are_paragraphs_of_cells():
    rows = [["Kommune", "Antall", "Andel"], ["Bø", "12", "40 %"], ["Vågan", "1 200", "7,5 %"]]
    story = [*text(LONG[0]), Table(rows, colWidths=[120, 80, 80]), Spacer(1, 12), *text(LONG[1])]
    assert texts(make(story)) == [LONG[0], *(" – ".join(row) for row in rows), LONG[1]]


def test_captions_stay_blocks_of_their_own():
    caption = "Figur 2: Tiden det tar å fylle ut skjemaet."

    def first(canvas: Canvas) -> None:
        write(*LINES_OF_TEXT[:3], y=180)(canvas)
        canvas.rect(60, 100, 200, 30)
        canvas.drawString(60, 80, caption)

    content = draw(first, write(*LINES_OF_TEXT[3:]))
    assert kept(content) == [("p", " ".join(LINES_OF_TEXT)), ("p", caption)]


def test_text_turned_in_the_margin_is_told():
    def page(canvas: Canvas) -> None:
        write(*LINES_OF_TEXT)(canvas)
        canvas.rotate(90)
        canvas.drawString(300, -30, "Foto: Ola Nordmann")

    content = draw(page)
    assert told(content) == [("Foto: Ola Nordmann", "rotated text in the margin")]
    assert texts(content) == [" ".join(LINES_OF_TEXT)]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_pages_are_read_upright(degrees: int):
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(degrees)
        write(*LINES_OF_TEXT)(canvas)

    def landscape(canvas: Canvas) -> None:
        canvas.translate(300, 420)
        canvas.rotate(degrees)
        write(*LINES_OF_TEXT, x=-200, y=100)(canvas)

    assert texts(draw(page)) == texts(draw(landscape)) == [" ".join(LINES_OF_TEXT)]


def test_what_lies_outside_the_part_that_is_shown_is_told():
    def page(canvas: Canvas) -> None:
        canvas.setCropBox((30, 30, WIDTH - 30, HEIGHT - 30))
        write(*LINES_OF_TEXT)(canvas)
        canvas.drawString(100, 10, "rapport_v7.indd 12")

    assert told(draw(page)) == [("rapport_v7.indd 12", "outside the visible page")]


# Characters


def test_nordic_letters_and_ligatures_come_out_right():
    assert texts(draw(write("Blåbærsyltetøy på Ærø, òg i Ålesund."))) == [
        "Blåbærsyltetøy på Ærø, òg i Ålesund."
    ]


def test_ligatures_are_letters():
    meanings = b"1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <01> <fb01> <02> "
    meanings += b"<fb02> endbfchar"
    content = MAPPED % (b"<01> Tj (ler og ) Tj <02> Tj (ere)", len(meanings), meanings)
    assert texts(content) == ["filer og flere"]


MAPPED = (
    b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n"
    b"4 0 obj\n<</Length 75>>\nstream\nBT /F1 12 Tf 60 700 Td %s Tj ET\nendstream\nendobj\n"
    b"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>\nendobj\n"
    b"6 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n"
    b"trailer\n<</Root 1 0 R>>\n"
)


def test_letters_printed_twice_come_once():
    def page(canvas: Canvas) -> None:
        for shift in (0, 0.4, 0.8):
            canvas.drawString(60 + shift, 700, "Alle ville ha troll i tillegg")

    assert texts(draw(page)) == ["Alle ville ha troll i tillegg"]


def test_no_letter_is_lost_where_the_font_tells_no_widths():
    content = draw(lambda canvas: canvas.drawString(60, 700, "Alle ville ha troll i tillegg"))
    # A font that is none of the fourteen that every program knows
    content = content.replace(b"/BaseFont /Helvetica", b"/BaseFont /Hxlvxtica")
    assert texts(content) == ["Alle ville ha troll i tillegg"]


def test_invisible_text_over_a_scan_is_text():
    def page(canvas: Canvas) -> None:
        layer = canvas.beginText(60, 700)
        layer.setTextRenderMode(3)
        for line in LINES_OF_TEXT:
            layer.textLine(line)
        canvas.drawText(layer)

    assert texts(draw(page)) == [" ".join(LINES_OF_TEXT)]


def test_text_without_space_characters_has_words():
    def page(canvas: Canvas) -> None:
        x = 60.0
        for word in ONE.split():
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word) + 2.3

    assert texts(draw(page)) == [ONE]


# Facts


def test_facts_come_from_the_properties():
    content = make(text(ONE), title="Én side er nok", author="Kari Ås", creationDate="")
    facts = read_pdf(content)
    assert (facts.title, facts.author) == ("Én side er nok", "Kari Ås")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", facts.published)
    assert facts.published_from == "document properties"


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - utkast.docx", "untitled", "(anonymous)", "Document1", "Dokument 2",
        "PowerPoint Presentation", "PowerPoint-præsentation", "rapport_2023_endelig",
        "Rapport.indd", "C:\\tmp\\a", "12", "Uten navn", "",
    ],
)  # fmt: skip
def test_a_title_that_nobody_wrote_is_none(title: str):
    assert not is_title(title)
    assert is_title("Rapport om skjemaer")
    assert read_pdf(make(text(ONE), title=title)).title == ""


@pytest.mark.parametrize(
    "author",
    ["Microsoft Office User", "user", "admin", "Administrator", "python-docx", "kno042", "Bruger",
     "(anonymous)", "Adobe InDesign CS6", "Windows-bruker"],
)  # fmt: skip
def test_an_author_that_is_a_program_or_an_account_is_none(author: str):
    assert not is_author(author)
    assert is_author("Kari Ås")
    assert is_author("Skatteetaten")


def test_without_a_title_the_first_heading_is_left_to_the_caller():
    facts = read_pdf(make([*text("Søknaden ble kort", style=TITLE), *text(ONE)]))
    assert facts.title == ""
    assert facts.blocks[0].kind == "heading"


# Files that can't be read


def test_a_file_with_a_password_is_told():
    content = draw(write(ONE), encrypt=StandardEncryption("hemmelig"))
    with pytest.raises(UnreadableError, match="needs a password; save it without one"):
        read_pdf(content)


def test_a_file_with_an_empty_password_is_read():
    content = draw(write(ONE), encrypt=StandardEncryption("", ownerPassword="eier", canPrint=0))
    assert texts(content) == [ONE]


def test_a_scan_is_told():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (40, 60), 200))
    scan = draw(lambda canvas: canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT))
    with pytest.raises(UnreadableError, match="OCR"):
        read_pdf(scan)
    partly = draw(write(ONE), lambda canvas: canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT))
    assert texts(partly) == [ONE]
    assert told(partly) == [("Page 2", "page without text, only a picture")]


WAIT = (
    "Please wait...",
    "If this message is not eventually replaced with the proper contents of the document, your",
    "PDF viewer may not be able to display this type of document.",
    "You can upgrade to the latest version of Adobe Reader for Windows, Mac, or Linux by visiting",
)
VENT = ("Vent venligst...", "Hvis denne meddelelse ikke erstattes af det rigtige indhold, kan")
A_FORM = (
    "is an interactive form (XFA), whose text only Adobe Reader shows; open it there and print it "
    "to PDF"
)


def as_form(content: bytes, entries: bytes) -> bytes:
    assert b"/Type /Catalog" in content
    return content.replace(b"/Type /Catalog", b"/Type /Catalog " + entries)


@pytest.mark.parametrize(
    "content",
    [
        draw(write(*WAIT)),
        draw(write(WAIT[0]), write(*WAIT[1:])),
        as_form(draw(write(*VENT)), b"/NeedsRendering true /AcroForm <</XFA []>>"),
        as_form(draw(lambda canvas: None), b"/NeedsRendering true /AcroForm <</XFA []>>"),
    ],
    ids=["printed", "two pages", "another language", "nothing"],
)
def test_a_form_that_only_one_program_shows_is_told(content: bytes):
    with pytest.raises(UnreadableError) as told:
        read_pdf(content)
    assert str(told.value) == A_FORM


@pytest.mark.parametrize(
    "content",
    [
        as_form(draw(write(ONE)), b"/AcroForm <</XFA []>>"),
        as_form(draw(write(ONE)), b"/NeedsRendering true"),
        draw(write(f"{ONE} Please wait... If this message is not eventually replaced")),
    ],
    ids=["drawn by itself", "no form", "quoted"],
)
def test_a_form_with_a_text_of_its_own_is_read(content: bytes):
    assert texts(content)[0].startswith(ONE)


def test_an_empty_page_holds_no_text():
    with pytest.raises(UnreadableError, match="holds no text"):
        read_pdf(draw(lambda canvas: canvas.rect(10, 10, 50, 50)))


@pytest.mark.parametrize("content", [b"", b"Hei", b"PK\x03\x04", b"<html>%PD</html>"])
def test_what_is_no_pdf_is_told(content: bytes):
    with pytest.raises(UnreadableError, match="no PDF"):
        read_pdf(content)


def test_a_truncated_file_is_read_as_far_as_it_goes():
    content = draw(*(write(f"Side nummer {n}.", ONE) for n in range(10)), pageCompression=1)
    whole = texts(content)
    half = texts(content[: len(content) * 9 // 10])
    assert 3 < len(half) <= len(whole)
    assert whole[: len(half)] == half
    with pytest.raises(UnreadableError, match="damaged or truncated"):
        read_pdf(content[:120])


@pytest.mark.parametrize("plain", [0, 1], ids=["ascii", "binary"])
def test_a_file_that_breaks_off_in_the_word_that_ends_a_stream_is_read(
    plain: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rl_config, "useA85", 1 - plain)
    content = draw(write(ONE), write(TWO), pageCompression=1)
    for number, pages in enumerate(([ONE], [ONE, TWO])):
        end = [match.start() for match in re.finditer(b"endstream", content)][number]
        for length in range(len("endstream") + 1):
            assert texts(content[: end + length]) == pages


def test_a_damaged_page_is_told_and_the_others_are_read():
    content = draw(write(ONE), write(TWO), write(THREE), pageCompression=0)
    broken = content.replace(b"/MediaBox [ 0 0", b"/MediaBox [ 1 /x", 1)
    broken = content.replace(b"/Font 1 0 R", b"/Font 9999  ", 1)
    assert texts(broken)[-2:] == [TWO, THREE]


def test_a_font_without_meanings_is_told():
    content = UNMAPPED % (b"<0041004200430044004500460047>",)
    with pytest.raises(UnreadableError, match="a font that can't be read"):
        read_pdf(content)


UNMAPPED = (
    b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n"
    b"4 0 obj\n<</Length 70>>\nstream\nBT /F1 12 Tf 60 700 Td %s Tj ET\nendstream\nendobj\n"
    b"5 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/Ukjent/Encoding/Identity-H"
    b"/DescendantFonts[6 0 R]>>\nendobj\n"
    b"6 0 obj\n<</Type/Font/Subtype/CIDFontType2/BaseFont/Ukjent/FontDescriptor 7 0 R"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>\nendobj\n"
    b"7 0 obj\n<</Type/FontDescriptor/FontName/Ukjent/Ascent 800/Descent -200"
    b"/FontBBox[0 0 1000 1000]>>\nendobj\n"
    b"trailer\n<</Root 1 0 R>>\n"
)


# Files that mean harm


def test_nothing_in_a_file_is_run_or_fetched(monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a reader went to the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)

    def page(canvas: Canvas) -> None:
        canvas.linkURL("http://example.no/felle", (60, 690, 300, 720))
        write(ONE)(canvas)

    content = draw(page)
    action = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</O<</S/Launch/F(x.exe)>>>>"
    content = content.replace(b"/Type /Catalog", b"/Type /Catalog " + action)
    assert action in content
    assert [block.text for block in read_pdf(content).blocks] == [ONE]


def test_forms_that_call_themselves_end():
    loop = (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</XObject<</X 4 0 R>>>>>>\nendobj\n"
        b"4 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5"
        b"/Resources<</XObject<</X 4 0 R>>>>>>\nstream\n/X Do\nendstream\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\n"
    )
    with pytest.raises(UnreadableError):
        read_pdf(loop)


A_REFERENCE = (
    b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %s"
    b"/Resources<</Font<</F1 %s>>>>>>\nendobj\n"
    b"4 0 obj\n<</Length 44>>\nstream\nBT /F1 12 Tf 60 700 Td (Hei alle i byen) Tj ET\nendstream\n"
    b"endobj\n5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
    b"6 0 obj\n6 0 R\nendobj\n7 0 obj\n8 0 R\nendobj\n8 0 obj\n7 0 R\nendobj\n"
    b"9 0 obj\n4 0 R\nendobj\ntrailer\n<</Root 1 0 R/Info %s>>\n"
)


@pytest.mark.parametrize("contents", [b"6 0 R", b"[6 0 R]", b"7 0 R"])
def test_a_page_whose_content_refers_to_itself_is_told_at_once(contents: bytes):
    started = time.monotonic()
    with pytest.raises(UnreadableError) as told:
        read_pdf(A_REFERENCE % (contents, b"5 0 R", b"<<>>"))
    assert str(told.value) == "is a damaged or truncated PDF"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("contents", "font", "properties"),
    [
        (b"4 0 R", b"6 0 R", b"<<>>"),
        (b"[7 0 R 4 0 R]", b"5 0 R", b"<<>>"),
        (b"4 0 R", b"5 0 R", b"7 0 R"),
        (b"4 0 R", b"5 0 R", b"<</Title 6 0 R>>"),
        (b"9 0 R", b"5 0 R", b"<<>>"),
    ],
    ids=["font", "one of two", "properties", "title", "a reference to a reference"],
)
def test_what_does_not_refer_to_itself_is_read(contents: bytes, font: bytes, properties: bytes):
    started = time.monotonic()
    assert texts(A_REFERENCE % (contents, font, properties)) == ["Hei alle i byen"]
    assert time.monotonic() - started < 5


def test_no_word_is_written_to_the_log(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    read_pdf(draw(write(ONE)))
    assert not caplog.records


GOOD = make(
    [*text("Tittel", style=TITLE), *text(*LONG), Table([["a", "1"], ["b", "2"]]), *text(ONE)],
    columns=2,
)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_told(content: bytes):
    check(content)
    check(b"%PDF-1.7\n" + content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD)))
def test_any_truncation_is_read_or_told(length: int):
    check(GOOD[:length])


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6)), max_size=8))
def test_any_damage_is_read_or_told(changes: list[tuple[int, bytes]]):
    content = bytearray(GOOD)
    for place, new in changes:
        content[place : place + len(new)] = new
    check(bytes(content))


def check(content: bytes) -> None:
    try:
        found = read_pdf(content)
    except UnreadableError as error:
        assert str(error).startswith(("is ", "holds "))  # noqa: PT017
    else:
        assert isinstance(found, Extracted)
        assert any(block.text for block in found.blocks)


# Nothing lost, nothing twice

WORDS = st.sampled_from(
    [
        "kommunen", "borgere", "søknad", "ansøgning", "skjema", "og", "i", "på", "er", "ikke",
        "ikkje", "vegen", "årsak", "Oslo", "Århus", "forvaltningsloven", "ø", "å", "2023",
        "12", "m2", "EU-regler", "e-post", "«sitat»", "(se", "note)",
    ]
)  # fmt: skip
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words) + ".")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("hppppl"), st.lists(SENTENCES, min_size=1, max_size=8)),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 3),
    st.booleans(),
)
def test_no_word_is_lost_or_doubled(parts: list[tuple[str, list[str]]], columns: int, just: bool):
    story: Story = []
    words: list[str] = []
    for kind, sentences in parts:
        content = sentences[0] if kind == "h" else " ".join(sentences)
        words += content.split()
        if kind == "l":
            story.append(ListFlowable(text(content), bulletType="bullet"))
        else:
            style = HEADING if kind == "h" else JUSTIFIED if just else BODY
            story += text(content, style=style)
    paint = frame("Løpende tittel", "Side {n}")
    found = read_pdf(make(story, columns, paint))
    read = [
        word
        for block in found.blocks
        for word in block.text.split()
        if block.reason != "page number" and word not in ("Løpende", "tittel", "–")
    ]
    assert (Counter(read) - Counter(words), Counter(words) - Counter(read)) == ({}, {})


@given(st.binary(max_size=3000), st.integers(0, 4000), st.integers(0, 255))
def test_a_damaged_stream_gives_what_pdfminers_own_way_gives(content, place, byte):
    packed = bytearray(zlib.compress(content * 3))
    packed[place % len(packed)] = byte
    outcomes = []
    for way in (pdfminers_own, decompress_checked):
        try:
            outcomes.append(way(bytes(packed)))
        except zlib.error as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
