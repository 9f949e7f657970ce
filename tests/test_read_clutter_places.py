"""Clutter that is told by where it stands, by whom it speaks to, and by whom it speaks of."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.read.clutter import judge_blocks
from pipeline.read.clutter.prompts import judge_prompt
from pipeline.read.markdown import read_markdown
from pipeline.read.text import read_text

LINES = Path(__file__).parent / "corpus"
ONE = (
    "Borgerne skriver oftere til kommunen end før, og de fleste får svar samme dag. Det viser en "
    "optælling, som tre forvaltninger har lavet i fællesskab hen over foråret."
)
TWO = (
    "Svarene er dog ikke altid til at forstå. Hver fjerde skriver igen, fordi brevet rejste flere "
    "spørgsmål, end det gav svar på, og det koster tid i begge ender."
)


def judge(text: str) -> dict[str, str]:
    found = read_text(text).blocks
    reasons = judge_blocks(found)
    return {block.text: reason for block, reason in zip(found, reasons, strict=True)}


def kept(text: str) -> list[str]:
    return [block for block, reason in judge(text).items() if not reason]


ARTICLE = f"Flere breve, færre svar\n\n{ONE}\n\n{TWO}"
WHOLE = ["Flere breve, færre svar", ONE, TWO]


# Lines that stand tight


def test_what_stands_tight_with_a_known_line_is_clutter_with_it():
    box = "Hold dig orienteret\nTilmeld dig nyhedsbrevet\nDu hører fra os om fredagen."
    found = judge(f"{ARTICLE}\n\n{box}\n\n{ONE} Igen.")
    assert [found[line] for line in box.split("\n")] == ["newsletter prompt"] * 3


def test_a_line_of_its_own_beside_a_known_one_is_no_clutter():
    text = f"{ARTICLE}\n\nHer slutter første del.\n\nTilmeld dig nyhedsbrevet\n\n{ONE} Igen."
    assert "Her slutter første del." in kept(text)


def test_a_long_paragraph_is_kept_though_it_stands_tight_with_a_prompt():
    text = f"Flere breve, færre svar\n\n{ONE}\n\n{TWO}\n\n{ONE} {TWO}\nDel på Facebook"
    assert f"{ONE} {TWO}" in kept(text)


def test_where_paragraphs_stand_tight_too_nothing_is_told_by_that():
    text = f"Flere breve, færre svar\nDel på Facebook\n{ONE}\n{TWO}\nSådan er det."
    assert kept(text) == [*WHOLE, "Sådan er det."]


def test_one_item_that_sounds_like_a_prompt_does_not_take_its_list_along():
    items = ["Følg os på vejen til det nye", "Spørg naboen", "Skriv det ned"]
    text = f"{ARTICLE}\n\nGør sådan her:\n\n" + "\n".join(f"• {item}" for item in items)
    assert [item for item in items[1:] if item in kept(text)] == items[1:]


def test_a_quotation_is_kept_when_the_line_below_says_whose_it_is():
    text = f"{ARTICLE}\n\n»Vi skal skrive kortere.«\nTove Malling, afdelingsleder\n\n{ONE} Igen."
    assert "»Vi skal skrive kortere.«" in kept(text)
    assert judge(text)["Tove Malling, afdelingsleder"] == "byline"


def test_a_name_and_what_its_bearer_does_are_a_byline():
    text = f"Flere breve, færre svar\n\nTove Malling\nSkriver om kommuner.\n\n{ONE}\n\n{TWO}"
    assert kept(text) == WHOLE


# Above the title


def test_tight_short_lines_above_the_title_are_the_menu():
    menu = ["Heden Nu", "Vejret 12°", "Mit område"]
    found = judge("\n".join(menu) + f"\n\n{ARTICLE}")
    assert [found[line] for line in menu] == ["navigation"] * 3


def test_a_cookie_notice_in_between_does_not_hide_the_menu():
    notice = "Vi deler oplysninger om din brug af siden med vores partnere inden for analyse."
    menu = ["Klarsyn", "Ydelser", "Viden", "Karriere"]
    assert kept("\n".join(menu) + f"\n\n{notice}\nAfvis alle\n\n{ARTICLE}") == WHOLE


def test_a_menu_above_a_title_is_told_where_paragraphs_stand_tight_too():
    menu = "Avisen\nSkatt og avgift\nFor medlemmer\nLogg inn med BankID"
    text = f"{menu}\n\nFlere breve, færre svar\n\nHvem skriver?\n{ONE}\nHvem svarer?\n{TWO}"
    assert kept(text) == [WHOLE[0], "Hvem skriver?", ONE, "Hvem svarer?", TWO]


def test_a_menu_that_nothing_known_stands_in_is_told_below_the_article_by_its_words():
    menu = "Nyheder\nHavneavisen\nKarriere\nFjorden rundt"
    text = f"Flere breve, færre svar\n\nHvem skriver?\n{ONE}\nHvem svarer?\n{TWO}\n\n{menu}"
    assert kept(text) == [WHOLE[0], "Hvem skriver?", ONE, "Hvem svarer?", TWO]


def test_a_title_that_nothing_parts_from_a_prompt_is_kept():
    text = f"Del på Facebook\nFlere breve end nogensinde før\n\n{ONE}\n\n{TWO}"
    assert "Flere breve end nogensinde før" in kept(text)


def test_lines_that_say_the_headings_below_are_the_contents():
    contents = ["Hvem skriver?", "Hvem svarer?"]
    text = f"Flere breve, færre svar\n\nOversigt\n{contents[0]}\n{contents[1]}\n\n"
    text += f"{contents[0]}\n\n{ONE}\n\n{contents[1]}\n\n{TWO}"
    found = read_text(text).blocks
    reasons = judge_blocks(found)
    assert reasons[1:4] == ["table of contents"] * 3
    assert reasons[4:] == [""] * 4


def test_contents_without_the_numbers_of_the_headings_are_told_too():
    text = f"Flere breve, færre svar\n\n{ONE}\n\nIndhold\n• Hvem skriver?\n• Hvem svarer?\n\n"
    text += f"1. Hvem skriver?\n\n{TWO}\n\n2. Hvem svarer?\n\n{ONE} Igen."
    found = read_text(text).blocks
    assert judge_blocks(found)[2:5] == ["navigation", *["table of contents"] * 2]


def test_short_lines_below_words_that_lead_to_them_are_the_contents():
    links = "Gå til:\nFristen\nKlagen\nNår du sælger"
    text = f"Flere breve, færre svar\n\n{ONE}\n\n{links}\n\n{TWO}\n\n{ONE} Igen."
    assert kept(text) == [*WHOLE, f"{ONE} Igen."]


def test_keywords_without_a_label_are_told_below_the_byline_and_after_the_end():
    tags = "breve, svar, Nye kommuner"
    assert kept(f"{WHOLE[0]}\nAf Bo Li\n{tags}\n\n{ONE}\n\n{TWO}") == WHOLE
    assert kept(f"{WHOLE[0]}\n\nAf Bo Li\n\n{tags}\n\n{ONE}\n\n{TWO}") == WHOLE
    assert kept(f"{ARTICLE}\n\nDel på Facebook\n\n{tags}\n\nKontakt") == WHOLE
    assert kept(f"{tags}\n\n{ONE}\n\n{TWO}") == [tags, ONE, TWO]
    assert kept(f"{tags}\nAf Bo Li\n\n{ONE}\n\n{TWO}") == [tags, ONE, TWO]


# After the end


def test_the_answer_to_a_question_of_the_page_goes_with_it():
    found = judge(f"{ARTICLE}\n\nVar denne siden nyttig?\n\nJa\n\nNej")
    assert found["Ja"] == found["Nej"] == "feedback prompt"


def test_what_follows_the_last_sentence_goes_with_the_clutter_there():
    found = judge(f"{ARTICLE}\n\nEmneord: breve, svar\n\nHeden Nu\n\nTil toppen")
    assert found["Heden Nu"] == "stands below the article"


def test_a_last_line_without_a_mark_is_kept():
    last = "Og hvis I kun orker at rette én ting i år, så lad det være brevene"
    assert kept(f"{ARTICLE}\n\n{last}\n\nDel på Facebook") == [*WHOLE, last]


def test_a_text_that_ends_with_itself_loses_nothing():
    assert kept(f"{ARTICLE}\n\nTil eftertanke") == [*WHOLE, "Til eftertanke"]


# Links


def test_links_in_a_row_lead_elsewhere_and_a_list_that_is_announced_does_not():
    links = "- [Nyheder](/n)\n- [Arkiv](/a)\n"
    found = read_markdown(f"{links}\n# Breve\n\n{ONE}\n\nSe disse to:\n\n{links}").blocks
    reasons = judge_blocks(found)
    assert reasons[1] == "links to other pages"
    assert all(reasons[:2])
    assert reasons[-2:] == ["", ""]


def test_one_link_in_the_text_with_the_words_of_a_prompt_leads_elsewhere():
    link = "[Les mer om velferdsteknologi](/v)"
    for written in (link, f"- {link}"):
        found = read_markdown(f"# Breve\n\n{ONE}\n\n{written}\n\n{TWO}\n\n{ONE} Igen.").blocks
        assert judge_blocks(found)[2] == "teaser of another article"
    for written in (f"Vil du vide mere:\n\n- {link}", f"- Spørg naboen\n- {link}"):
        found = read_markdown(f"# Breve\n\n{ONE}\n\n{written}\n\n{TWO}\n\n{ONE} Igen.").blocks
        assert judge_blocks(found)[3] == ""


# Teasers


def test_an_article_that_goes_on_after_teasers_is_not_lost():
    below = f"Hvad nu?\n\n{ONE} Igen.\n\nHvem gør det?\n\n{TWO} Igen.\n\nNår?\n\n{ONE} Til sidst."
    text = f"{ARTICLE}\n\nLæs også\n\nSådan skriver naboen\n\nNy chef i Heden\n\n{below}"
    found = kept(text)
    assert "Sådan skriver naboen" not in found
    assert [f"{ONE} Igen.", "Hvem gør det?", f"{TWO} Igen.", "Når?", f"{ONE} Til sidst."] == found[
        -5:
    ]


def test_titles_below_words_that_lead_to_more_news_are_teasers():
    text = f"{ARTICLE}\n\nLes flere nyheter\n\nNytt bygg for musikk\n\nSlik blir vinteren her"
    assert kept(text) == WHOLE


def test_teasers_above_an_article_of_short_paragraphs_do_not_take_it_along():
    short = ["Broen er åben igen efter et halvt år med omkørsel for alle, der skal på arbejde."]
    short += [f"Der kom {n} mennesker til åbningen, og alle fik kaffe og kage." for n in (40, 50)]
    text = "\n\n".join(["Seneste nyt", "Kl. 8 Kø ved havnen", "Broen åbner igen", *short])
    assert kept(text) == ["Broen åbner igen", *short]


def test_the_rows_of_a_table_are_no_menu():
    text = f"{ARTICLE}\n\nÅr\tBreve\n2023\t41\n2024\t57\n\nEmneord: breve, svar"
    assert kept(text)[-3:] == ["År – Breve", "2023 – 41", "2024 – 57"]


def test_items_above_the_title_are_the_menu_and_those_that_are_announced_are_not():
    menu = "• Vejret i dag\n• Kultur og fritid"
    assert kept(f"{menu}\n\n{ARTICLE}") == WHOLE
    announced = f"Det handler om:\n\n{menu}\n\n{ARTICLE}"
    assert "Kultur og fritid" in kept(announced)


def test_a_name_above_what_its_bearer_is_called_is_a_byline():
    assert kept(f"{WHOLE[0]}\nTove Malling\nJournalist\n\n{ONE}\n\n{TWO}") == WHOLE


def test_a_name_that_may_be_the_title_is_no_byline():
    found = kept(f"Store Bededag\nEn fridag mindre for alle\n\n{ONE}\n\n{TWO}")
    assert found[0] == "Store Bededag"


# Prompts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hver fredag sender vi dig ugens vigtigste historier på mail.", "newsletter prompt"),
        ("Bli medlem og få tilgang til alle saker for 49 kroner i måneden.", "subscription prompt"),
        (
            "Vi og våre 12 partnere lagrer informasjonskapsler på enheten din. Du kan godta eller "
            "avvise dem når som helst.",
            "cookie notice",
        ),
        ("Bestill en demo og få 20 % rabatt på det første kurset ditt", "advertisement"),
        ("Logg inn for å skrive en kommentar", "comment prompt"),
        ("Klik på billedet for at se det stort", "prompt to the reader"),
    ],
)
def test_a_prompt_speaks_to_the_reader_in_the_words_of_its_trade(text, reason):
    assert judge_prompt(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Kommunen sender hver uge et nyhedsbrev til alle, der har bedt om det.",
        "Du får svar i din digitale postkasse inden for en uge.",
        "Et abonnement på bladet koster mer enn før, og medlemmene blir færre.",
        "Cookies må ikke sættes, før brugeren har accepteret dem.",
        "Det koster 160 kroner at forny passet, og du skal selv møde op.",
        "Vi fikk mange kommentarer til forslaget.",
        "SLÅ AV NYHETSBREVET",
    ],
)
def test_a_sentence_about_such_things_is_no_prompt(text):
    assert judge_prompt(text) == ""


# Notes


def test_a_note_on_the_author_goes_where_the_byline_names_them():
    note = "Tove Malling er cand.mag. og har skrevet to bøger om breve."
    signed = f"Flere breve, færre svar\n\nAf Tove Malling, journalist\n\n{ONE}\n\n{TWO}\n\n{note}"
    assert judge(signed)[note] == "note on the author"
    assert note in kept(f"Flere breve, færre svar\n\n{ONE}\n\n{TWO}\n\n{note}")


def test_a_note_on_the_sender_goes_with_its_heading():
    note = "Brevhuset er et selskab med 40 ansatte og hovedkontor i Heden, stiftet i 1999."
    found = judge(f"{ARTICLE}\n\nOm Brevhuset\n\n{note}\n\nTelefon: 00 00 00 00")
    assert found["Om Brevhuset"] == found[note] == "note on the sender"


def test_what_an_article_says_of_a_company_is_kept():
    said = "Brevhuset er et selskab med 40 ansatte og hovedkontor i Heden, stiftet i 1999."
    assert said in kept(f"{ARTICLE}\n\n{said}\n\n{ONE} Igen.\n\n{TWO} Igen.")


def test_what_readers_say_below_their_names_is_no_part_of_the_article():
    found = judge(f"{ARTICLE}\n\n{ONE} Slut.\n\nBo M. · for 3 timer siden\n\nEnig i det hele!")
    assert found["Enig i det hele!"] == "comment of a reader"


# Many lines


@pytest.mark.parametrize(
    "group", ["Om os\nEn linje af seks ord i alt", "Til stede\nBo Li", "1, 2, 3"]
)
def test_many_lines_take_linear_time(group):
    found = read_text(
        f"{group}\n\n" * (40_000 // len(group.split("\n"))) + f"{ONE}\n\n{TWO}"
    ).blocks
    started = time.monotonic()
    judge_blocks(found)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("name", ["lines_da.tsv", "lines_no.tsv"])
def test_lines_written_to_be_confused_are_told_apart(name):
    """Content in the middle of an article, clutter below it, each line alone.

    The rules were written with these lines at hand.
    """
    with (LINES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    lost = []
    caught: Counter[bool] = Counter()
    for label, text in rows:
        if label == "content":
            found = kept(f"{ARTICLE}\n\n{text}\n\n{ONE} Igen.\n\n{TWO} Igen.")
            lost += [text] if len(found) < len(WHOLE) + 3 else []
        else:
            caught[kept(f"{ARTICLE}\n\n{text}") == WHOLE] += 1
    assert lost == []
    assert caught[True] > 0.7 * caught.total()
