from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.blocks import split_blocks

LONG = (
    "Kommunen har i flere år arbeidet med å gjøre tjenestene enklere. Nå viser en rapport at "
    "det har virket, men at mye gjenstår før alle får det de trenger."
)


def blocks(*lines: str) -> list[tuple[str, str]]:
    return [(block.kind[0], block.text) for block in split_blocks("\n".join(lines))]


def test_paragraphs_are_parted_by_empty_lines_and_short_lines_above_them_are_headings():
    assert blocks("Tittel", "", LONG, "", "Neste avsnitt", "", LONG) == [
        ("h", "Tittel"),
        ("p", LONG),
        ("h", "Neste avsnitt"),
        ("p", LONG),
    ]


def test_each_line_of_pasted_text_is_its_own_block():
    assert blocks("Tittel", LONG, "En kort setning.", LONG) == [
        ("h", "Tittel"),
        ("p", LONG),
        ("p", "En kort setning."),
        ("p", LONG),
    ]


def test_lines_broken_at_a_column_are_joined_and_their_hyphens_healed():
    assert blocks(
        "Det var en gang en kommune som ville gjøre alt på en gang, og som der-",
        "for ikke fikk gjort noe. Den hadde mange innovasjons- og digitaliserings-",
        "prosjekter, men ingen som ville avslutte dem. Så kom det en ny leder, og",
        "hun tok dem ett for ett.",
        "",
        "Nytt avsnitt her.",
    ) == [
        (
            "p",
            "Det var en gang en kommune som ville gjøre alt på en gang, og som derfor ikke fikk "
            "gjort noe. Den hadde mange innovasjons- og digitaliseringsprosjekter, men ingen som "
            "ville avslutte dem. Så kom det en ny leder, og hun tok dem ett for ett.",
        ),
        ("p", "Nytt avsnitt her."),
    ]


def test_a_hyphen_before_and_stays():
    text = blocks(
        "Heftet bygger på det som ble lært gjennom tjue vintre med både kart-",
        "og oppmålingsarbeid i fire fjellkommuner, og de siste arkene mangler",
        "fortsatt hos noen.",
    )
    assert "kart- og oppmålingsarbeid" in text[0][1]


def test_a_list_of_short_lines_is_not_joined():
    assert [text for _, text in blocks("Brød", "Melk", "Smør", "Ost")] == [
        "Brød",
        "Melk",
        "Smør",
        "Ost",
    ]


@pytest.mark.parametrize(
    "line",
    ["1. La behovet styre", "2) Hvem gjør det?", "Hvorfor kaffe?", "HVA NÅ, KOMMUNE", "Alt – nå"],
)
def test_headings(line):
    assert blocks(LONG, "", line, "", LONG)[1] == ("h", line)


@pytest.mark.parametrize(
    "line",
    [
        "14. mars samlet etatene seg på Hamar.",
        "Kun ét er tilbage at måle: Blev køen kortere?",
        "Rådene var disse:",
        "Til våren prøver de igjen.",
        "– Hva så dere?",
    ],
)
def test_short_lines_that_are_no_headings(line):
    assert blocks(LONG, "", line, "", LONG)[1] == ("p", line)


@pytest.mark.parametrize(
    ("line", "heading", "rest"),
    [
        ("OG HVEM BETALER? Det stod der.", "OG HVEM BETALER?", "Det stod der."),
        ("ØKONOMI. Det er dyrt.", "ØKONOMI", "Det er dyrt."),
        (
            "TIL SALG: BRUGT 2019-PRINTER. Den virker.",
            "TIL SALG: BRUGT 2019-PRINTER",
            "Den virker.",
        ),
    ],
)
def test_capitals_that_open_a_paragraph_are_its_heading(line, heading, rest):
    assert blocks(LONG, "", line)[1:] == [("h", heading), ("p", rest)]


@pytest.mark.parametrize(
    "line",
    ["NAV. Det er etaten.", "KL. 9.30 begynte møtet.", "OECD og EU er enige. Vi er ikke det."],
)
def test_a_short_name_in_capitals_is_no_run_in_heading(line):
    assert blocks(LONG, "", line)[1:] == [("p", line)]


def test_bullets_are_list_items_without_their_marks():
    assert blocks("Ta med:", "", "  • Papir", "  • Penn") == [
        ("p", "Ta med:"),
        ("l", "Papir"),
        ("l", "Penn"),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "–"])
def test_marks_in_a_row_are_a_list(mark):
    assert blocks("Råd", "", f"{mark} spør først", f"{mark} lytt så")[1:] == [
        ("l", "spør først"),
        ("l", "lytt så"),
    ]


def test_numbers_that_count_are_a_list():
    assert [kind for kind, _ in blocks("Slik:", "", "1. Spør", "2. Lytt", "3. Tegn")] == [*"plll"]


def test_replies_that_open_with_a_dash_are_paragraphs():
    assert blocks("– Vi må lytte, sier hun.", "", "– Og så må vi tegne.", "", LONG)[:2] == [
        ("p", "– Vi må lytte, sier hun."),
        ("p", "– Og så må vi tegne."),
    ]


def test_replies_on_lines_next_to_each_other_are_no_list():
    assert blocks("– Vi må lytte, sier hun.", "– Nei, svarer han.") == [
        ("p", "– Vi må lytte, sier hun."),
        ("p", "– Nei, svarer han."),
    ]


def test_dates_that_count_are_no_numbered_list():
    found = blocks("12. mai åpner vi", "13. mai stenger vi", "14. mai hviler vi")
    assert found == [
        ("p", "12. mai åpner vi"),
        ("p", "13. mai stenger vi"),
        ("p", "14. mai hviler vi"),
    ]


def test_html_in_plain_text_becomes_clutter_of_its_own():
    found = split_blocks(
        '<img src="a.gif">\n\nHei <b>du</b> &amp; jeg.\n<script>x=1</script>Slutt.'
    )
    assert [(block.text, block.reason) for block in found] == [
        ('<img src="a.gif">', "left-over HTML"),
        ("<b> </b>", "left-over HTML"),
        ("Hei du & jeg.", ""),
        ("</script>", "left-over HTML"),
        ("Slutt.", ""),
    ]


def test_signs_that_are_no_tags_stay():
    assert blocks("Når x < y og y > z, er 3 <5.") == [("p", "Når x < y og y > z, er 3 <5.")]


@given(st.text(alphabet=" \n-–•*1.)aBæ<>&;?…:", max_size=120))
def test_no_letter_is_lost_and_no_block_is_empty(text):
    found = split_blocks(text)
    assert all(block.text.strip() for block in found)
    if "<" not in text and "&" not in text:
        # markers of list items are the only thing that may go
        wanted = [char for char in text if char in "æ"]
        assert [char for block in found for char in block.text if char == "æ"] == wanted


@pytest.mark.parametrize("piece", ["a", "<", "<a ", "&abc", "1. ", "• a ", "AB ", "<script", "x- "])
def test_a_million_characters_on_one_line_take_linear_time(piece):
    started = time.monotonic()
    split_blocks(piece * (1_000_000 // len(piece)))
    assert time.monotonic() - started < 10
