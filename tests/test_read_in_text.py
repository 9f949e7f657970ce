"""What the lines around an article tell: when it was published, and who wrote it."""

from __future__ import annotations

import pytest

from pipeline.read.convert import ReadOptions, convert
from pipeline.read.dates import find_date
from pipeline.read.extracted import Extracted, RawBlock
from pipeline.read.in_text import find_author, find_published, find_title
from pipeline.read.text import read_text

LEAD = (
    "Borgerne har ventet på broen i syv år, og nu kan de endelig gå over den. Det sker efter et "
    "langt tilløb, som kommunen helst vil glemme."
)
BODY = (
    "Kommunen svarer ikke på brev fra innbyggerne, og de venter i flere uker på svar.\n\n"
    "Etaten bygger et nytt register for alle biler i landet, og ingen vet hva det skal koste.\n"
)


def read(*lines: str, ending: str = ".txt", **options) -> Extracted:
    """A text with these lines under its title."""
    text = "\n\n".join(["Ingen svarer på brevene", *lines, BODY])
    [found] = convert(text.encode(), ending, options=ReadOptions(**options))
    assert isinstance(found, Extracted)
    return found


# A day in a line


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Publisert 15. mars 2023 kl. 10.15", "2023-03-15"),
        ("Publiceret den 15. marts 2023", "2023-03-15"),
        ("Onsdag 15.03.23", "2023-03-15"),
        ("Av Kari Hagen, 2023-03-15T10:00", "2023-03-15"),
        ("kl. 10.15, 15/3-2023", "2023-03-15"),
        ("Utgave 12, 16. jun. 2023", "2023-06-16"),
        ("14. mars 2023, endret 15. mars 2023", "2023-03-14"),
        ("kl. 10.15.30", ""),
        ("versjon 1.2.20233", ""),
        ("tlf. 90 27 17 93", ""),
        ("kapittel 3.2.1", ""),
        ("31.02.2023", ""),
        ("99.99.2023 og 1.2.2023", "2023-02-01"),
        ("mars 2023", ""),
        ("2023", ""),
        ("", ""),
    ],
)
def test_the_first_day_in_a_line_is_found(line, iso):
    assert find_date(line) == iso


# When it was published


@pytest.mark.parametrize(
    "line",
    ["15. mars 2023", "Publisert 15. mars 2023 kl. 10.15", "Publiceret den 15. marts 2023",
     "Publisert: 15.03.2023", "15.03.2023 kl. 08:00", "Onsdag 15. mars 2023", "Dato: 15.03.2023",
     "Skrevet af Kari Hagen, 15. marts 2023", "Nyhet | Dato: 15.03.2023",
     "15. marts 2023 / Ditte / 6 kommentarer", "15. mars 2023 | Kari Hagen",
     "Publisert 15. mars 2023, sist oppdatert 17. april 2023"],
)  # fmt: skip
def test_a_date_line_tells_when_a_text_was_published(line):
    found = read(line)
    assert found.published == "2023-03-15"
    assert found.published_from == "a date line in the text"


@pytest.mark.parametrize(
    "line",
    ["Den 15. mars 2023 vedtok kommunen en ny plan for alle som bor der.",
     "Kommunen fikk et brev 15.03.2023, og svarte aldri på det.",
     "Sist oppdatert 15. mars 2023", "Sidst opdateret 15. marts 2023", "Oppdatert 15. mars 2023",
     "Opdateret: 15. marts 2023", "Artikkelen er sist endret 15. mars 2023"],
)  # fmt: skip
def test_a_date_in_a_sentence_or_of_a_change_does_not(line):
    found = read(line)
    assert (found.published, found.published_from) == ("", "")


def test_the_first_date_line_counts_and_those_of_a_change_are_passed_over():
    lines = [
        "Oppdatert 17. april 2023",
        "1. mai 2023 var det tog",
        "15. mars 2023",
        "16. mars 2023",
    ]
    blocks = [RawBlock("paragraph", line) for line in lines]
    assert find_published(blocks, ["dateline", "", "dateline", "dateline"]) == "2023-03-15"
    assert find_published(blocks, [""] * 4) == find_published([], []) == ""


def test_the_days_of_a_diary_are_not_when_it_was_published():
    days = [f"{day}. januar 1931\n\nMindre vind. Far sov til ti." for day in (3, 4, 9)]
    assert read(*days).published == ""
    assert read(*days[:2]).published == "1931-01-03"


def test_what_the_file_says_of_its_date_goes_before_the_line():
    front = "---\ndate: 2022-01-02\n---\n# Ingen svarer\n\n15. mars 2023\n\n" + BODY
    [found] = convert(front.encode(), ".md")
    assert isinstance(found, Extracted)
    assert found.published == "2022-01-02"
    assert found.published_from != "a date line in the text"


# Who wrote it


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Av Kari Hagen", "Kari Hagen"),
        ("Af Kari Hagen, journalist", "Kari Hagen"),
        ("Av journalist Kari Hagen", "Kari Hagen"),
        ("Tekst: Kari Hagen", "Kari Hagen"),
        ("Tekst og foto: Kari Hagen", "Kari Hagen"),
        ("Skrevet af Kari Hagen, 15. marts 2023", "Kari Hagen"),
        ("Journalist: Kari Hagen", "Kari Hagen"),
        ("Av Kari Hagen, kommunalråd i Bergen (Ap)", "Kari Hagen"),
        ("AV KARI HAGEN", "KARI HAGEN"),
        ("Av Kari Hagen og Ola Bø", "Kari Hagen, Ola Bø"),
        ("Skriven av Kari Hagen den 19. februar 2022", "Kari Hagen"),
        ("Tekst: Kari Hagen  Foto: Ola Bø", "Kari Hagen"),
        ("Kari Hagen\nJournalist", "Kari Hagen"),
        ("Publisert av Servicetorget. Sist endra 10.02.2025 13:15", ""),
        ("Av J. P. Hagen", "J. P. Hagen"),
        ("Av redaksjonen", ""),
        ("Foto: Kari Hagen", ""),
        ("Kari Hagen mener at kommunen svarer for sent på brev fra dem som bor der.", ""),
    ],
)
def test_a_byline_tells_who_wrote_a_text(line, author):
    assert read(line).author == author


def test_only_lines_that_were_judged_to_be_bylines_are_looked_at():
    blocks = [RawBlock("paragraph", "Av Ola Bø"), RawBlock("paragraph", "Kari Hagen")]
    assert find_author(blocks, ["", "byline"]) == "Kari Hagen"
    assert find_author(blocks, ["picture caption", ""]) == ""


def test_the_lines_tell_as_much_where_clutter_is_kept():
    found = read("Av Kari Hagen", "15. mars 2023", keep_clutter=True)
    assert (found.author, found.published) == ("Kari Hagen", "2023-03-15")
    assert not any(block.reason for block in found.blocks)


def test_the_title_is_the_first_heading_that_is_kept():
    body = "".join(f"<p>{line}</p>" for line in BODY.split("\n\n"))
    page = (
        "<html><body><nav><h2>Alle sider</h2><a href='/a'>Arkiv</a></nav>"
        f"<article><h1>Ingen svarer på brevene</h1>{body}</article></body></html>"
    )
    [found] = convert(page.encode(), ".html")
    assert isinstance(found, Extracted)
    assert found.title == "Ingen svarer på brevene"


# The title


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Broen er åpnet", LEAD], "Broen er åpnet"),
        (["SUNDHED OG MEDICIN", "Flere går om natten", LEAD], "Flere går om natten"),
        (["EFTERLYSNING: EN NY BRO", LEAD], "EFTERLYSNING: EN NY BRO"),
        (["Broen holder. Det gør vannet ikke", LEAD], "Broen holder. Det gør vannet ikke"),
        ([LEAD, "En overskrift lenger nede", LEAD], "En overskrift lenger nede"),
        ([LEAD, LEAD], ""),
    ],
)  # fmt: skip
def test_the_title_is_the_first_line_above_the_text_that_may_be_one(lines, title):
    blocks = read_text("\n\n".join(lines)).blocks
    assert find_title(blocks, [""] * len(blocks)) == title


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Meny", "Søk", "Sunnbygda Avis", "Godta alle", "Ny bru over elva i dag", LEAD],
         "Ny bru over elva i dag"),
        (["Gå til indhold", "Ministeriet for Vand", "Menu", "Nyheder", "Ministeren",
          "Kloakken skal tåle mere", "06-05-2024", LEAD, "Ministeriet for Vand"],
         "Kloakken skal tåle mere"),
        (["Ny bru over elva", "Søk", "Slik blir den nye brua", LEAD, "Ny bru over elva er bygd."],
         "Ny bru over elva"),
        (["Ny bru over elva", "Innhold", "Slik blir den nye brua", LEAD], "Ny bru over elva"),
        (["Referat fra årsmøtet i Solbakken borettslag", "Nyheter", "Noe mer om møtet", LEAD],
         "Referat fra årsmøtet i Solbakken borettslag"),
    ],
)  # fmt: skip
def test_the_sites_name_above_the_menu_is_not_the_title(lines, title):
    [found] = convert("\n".join([*lines, LEAD]).encode(), ".txt")
    assert isinstance(found, Extracted)
    assert found.title == title
