"""What sounds like a page and is the article: guidance, minutes, laws, letters, poems, quotes."""

from __future__ import annotations

import pytest

from pipeline.read.clutter import judge_blocks
from pipeline.read.markdown import read_markdown
from pipeline.read.text import read_text

ONE = (
    "Kommunen har i flere år arbeidet med å gjøre tjenestene enklere for innbyggerne. Nå viser en "
    "ny rapport at det har virket, men at mye gjenstår før alle får det de trenger."
)
TWO = (
    "Rapporten ble lagt fram på et seminar i går, og den vekket oppsikt langt utenfor kommunen "
    "selv. Flere av dem som var der, vil gjøre det samme hjemme hos seg."
)

SENTENCES = """
Tilbudet er gratis, og du kan henvende dig uden henvisning fra din læge.
Vi tilbyder også sang for begyndere, hvor du kan prøve gratis i en måned.
Du skal melde dig ledig på jobcentret og tjekke dine jobforslag hver uge.
Du kan melde deg på søvnkurset gratis.
Du kan melde deg hos Røde Kors på e-post. Det er gratis.
Du kan tilmelde dig hele året, og vi sender dig noderne på mail.
Vi har sendt dig et brev om din sag.
Vi har sendt deg en pakke med ullsokker.
Jeg sender deg de beste ønsker for det nye året.
Ved tilmelding skal du oplyse barnets navn.
Du har brugt al din fritid på det.
Likte du det du gjorde?
Vi vil ro så langt vi kan / synge for måsen / sove på svaberg
Tjenesten er gratis og åpen for alle i kommunen, og du trenger bare et lånekort.
Samtykket kan avvises når som helst.
Du kan sende kommentarer til planforslaget på e-post innen 1. mai.
Skriv en kommentar til teksten, og send den til din lærer.
Vi kræver, at sagen genoptages.
Hvad mener du om hovedpersonen? Skriv en halv side.
Vil du svare på et spørgsmål til?
Takk for at du kom.
Takk for at du alltid skriver så ofte.
Har du fundet en fejl i din årsopgørelse?
Fikk du svar på brevet?
Hvad kan vi gøre bedre?
«Til slutt vant de», sa han.
»Til lykke«, sagde hun og gik.
«Tilbake til start», skrev avisa.
«Forrige gang gikk det galt.»
«Eldre arbeidere blir glemt»
Neste dag ringte han og sa «beklager»
Det er 40 år siden.
For 80 år siden.
Det var 20 år sidan
Sykehjemmet drives av Oslo kommune og berøres ikke.
Vi forbeholder os retten til at vende tilbage med flere spørgsmål.
Avisen følger Vær varsom-plakaten, men ikke alltid.
Innholdet er beskyttet av opphavsretten, mener forlagene.
Teksten ble først trykt i Fædrelandet i 1855 og vakte stor oppsikt.
Holdningen hos forfatteren er tvetydig.
Teksten er skrevet av en språkmodell, men eleven nektet.
Flere oplysninger giver ikke i sig selv bedre kontakt mellem kommune og borger.
Følg oss ut i gatene i dag!
Følg os, sagde mågerne.
Svar på tilbudet innen fire uker.
Du kan ringe, helst før klokken tolv, på 22 33 44 55.
Subscribe er et ord som han aldri har lært seg.
Les mer om hvordan ordningen er tenkt å virke sammen med den gamle, i proposisjonen som kom i høst.
""".strip().splitlines()

HEADINGS = """
Få varsel når elva stiger
Alltid aktiv
Cookies
Endre innstillingene for varsling
Kommentarer
Giv besked om flytning
Bruk appen mindre
Se saken fra den andre siden
Les saken grundig før du stemmer
Følg saken videre i retten
Drevet af nysgerrighed
Drevet av vind
Bygget på tillid
Bygget av dugnad og drømmer
Persondata
Whistleblowere
Reklame for tobak
I samarbejde med naturen
Ja tak til vilde planter
Omstilling: Fra olje til havvind
Direkte: Her er planen
Kontakt
Tema: Klima, natur og arbeidsplasser
Log ind med MitID
Mål / middel / mening
Bakgrunn: Kampen begynte i 1992
Vi
Published på norsk
Hav, fjell, himmel
Nøkkelord
""".strip().splitlines()

ITEMS = """
Gi bort pynteputene
Snakk med en rådgiver
Send på e-post eller som brev
Last ned skjemaet som PDF og fyll det ut for hånd
Ta kontakt
Opret en bruger på borger.dk
Opprett en konto i Altinn
Book tid
12. juni 1987
Subscribe
""".strip().splitlines()


def kept(text: str) -> list[str]:
    found = read_text(text).blocks
    reasons = judge_blocks(found)
    return [block.text for block, why in zip(found, reasons, strict=True) if not why]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_the_article_is_kept(sentence):
    assert sentence in kept(f"En tittel på saken\n\n{ONE}\n\n{sentence}\n\n{TWO}\n\n{ONE} Slutt.")


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_over_a_paragraph_is_kept(heading):
    assert heading in kept(f"En tittel på saken\n\n{ONE}\n\n{heading}\n\n{TWO}\n\n{ONE} Slutt.")


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_of_a_list_in_the_article_is_kept_with_its_list(item):
    items = ["Gå en tur hver dag", item, "Spis en gulrot"]
    listed = "\n".join(f"• {one}" for one in items)
    found = kept(f"En tittel på saken\n\n{ONE}\n\nGjør slik:\n\n{listed}\n\n{TWO}\n\n{ONE} Slutt.")
    assert [one for one in items if one in found] == items


def test_a_poem_is_kept():
    lines = ["Stille kveld", "Lita hytte", "Månen går", "Finn veien heim", "Over vidda"]
    poem = "\n".join(lines)
    found = kept(f"Kveld ved fjorden\n\n{ONE}\n\n{poem}\n\n{TWO}\n\n{ONE} Slutt.")
    assert [line for line in lines if line in found] == lines


def test_a_stanza_at_the_end_is_kept_though_clutter_follows():
    poem = ["Så stille er kvelden,", "så lita er hytta,", "og månen går over", "den veien eg gjekk"]
    for below in ("Del på Facebook", "Emneord: dikt, kveld\n\nOm oss\nKontakt\nPersonvern"):
        found = kept(
            "Kveld ved fjorden\n\n" + f"{ONE}\n\n{TWO}\n\n" + "\n".join(poem) + f"\n\n{below}"
        )
        assert found == ["Kveld ved fjorden", ONE, TWO, *poem]


# Who was there

PEOPLE = ["Anne Lie, leder", "Per Olsen, sekretær", "Bo Dahl", "Ida Berg, medlem (i permisjon)"]


@pytest.mark.parametrize(
    "heading",
    ["Til stede", "Til stede:", "Deltagere", "Deltakere på møtet", "Frammøtte", "Fremmødte:",
     "Fraværende", "Forfall", "Møtende medlemmer", "Følgende var til stede:", "Deltakarar"],
)  # fmt: skip
@pytest.mark.parametrize("parting", ["\n", "\n\n"])
def test_who_was_at_a_meeting_is_kept(heading, parting):
    people = parting.join(PEOPLE)
    for text in (
        f"Referat fra møtet\n\n{heading}{parting}{people}\n\n{ONE}\n\n{TWO}",
        f"Referat fra møtet\n\n{ONE}\n\n{heading}{parting}{people}\n\n{TWO}",
        f"Referat fra møtet\n\n{ONE}\n\n{TWO}\n\n{heading}{parting}{people}\n\nDel på Facebook",
    ):
        found = kept(text)
        assert [line for line in (heading, *PEOPLE) if line not in found] == []
        assert "Del på Facebook" not in found


def test_the_first_name_may_stand_beside_the_heading():
    lines = ["Til stede: Anne Lie, leder", "Per Olsen, sekretær", "Fraværende: Ida Berg"]
    found = kept("Referat fra møtet\n\n" + "\n".join(lines) + f"\n\n{ONE}\n\n{TWO}")
    assert found == ["Referat fra møtet", *lines, ONE, TWO]


def test_a_name_and_a_title_elsewhere_are_a_byline():
    for text in (
        f"Anne Lie, leder\n\nReferat fra møtet\n\n{ONE}\n\n{TWO}",
        f"Referat fra møtet\n\n{ONE}\n\n{TWO}\n\nAnne Lie, leder",
        f"Referat fra møtet\n\nDeltagere\n\n{ONE}\n\n{TWO}\n\nAnne Lie, leder",
    ):
        assert "Anne Lie, leder" not in kept(text)


# Lists that are no menus


@pytest.mark.parametrize("parting", ["\n", "\n\n"])
def test_short_lines_that_end_a_text_are_kept(parting):
    lines = parting.join(["Mel og sukker", "Fire egg", "Smør", "Salt"])
    assert len(kept(f"Kake til kvelden\n\n{ONE}\n\n{TWO}\n\n{lines}")) == 7


def test_short_lines_that_are_announced_are_kept():
    lines = ["Kultur", "Sport", "Nyheter", "Debatt"]
    text = f"Avisa i fire deler\n\n{ONE}\n\n{TWO}\n\nAvisa har fire deler:\n\n" + "\n".join(lines)
    assert kept(text)[-4:] == lines


def test_a_short_title_below_a_menu_is_kept():
    menu = "Om os\nPriser\nBranchen\nPresse"
    for below in ("\nBygge garasje", "\n\nBygge garasje", "\n\nBygge garasje\nSlik gjør du det"):
        assert "Bygge garasje" in kept(f"{menu}{below}\n\n{ONE}\n\n{TWO}")


def test_ja_as_an_answer_in_the_text_is_kept():
    assert "Ja." in kept(
        f"En tittel på saken\n\n{ONE}\n\nEr det nok?\n\nJa.\n\n{TWO}\n\n{ONE} Slutt."
    )


# Texts about such things, with no page around them

GUIDE = """
Slik bruker laget sosiale medier
En kort veiledning for nye frivillige.
Facebook
Del arrangementet på Facebook senest to uker før.
Svar på kommentarer innen en dag.
Instagram
Foto: Fornavn Etternavn er den vanlige måten.
Nyhetsbrev
Meld deg på nyhetsbrevet selv, så du ser hva de andre får.
Les mer
Les mer om personvern i håndboka, kapittel 4.
Annonser
Vi kjøper ikke annonser.
"""
POLICY = """
Privatlivspolitik for biblioteket
Her kan du læse, hvordan biblioteket behandler dine oplysninger.
Cookies
Vi bruger cookies til at huske dine indstillinger.
Du kan til enhver tid ændre dit samtykke.
Nyhedsbrev
Hvis du tilmelder dig vores nyhedsbrev, gemmer vi din e-mail.
Kontakt
Spørgsmål om politikken rettes til kommunens rådgiver.
"""
PAPER = """
Slik lager vi skoleavisa
Skoleavisa kommer ut fire ganger i året.
Roller
Redaktør
Fotograf
Korrekturleser
Selger
Redaktør
Redaktøren bestemmer hva som skal stå på forsiden.
Fotograf
Fotografen tar bilder og skriver bildetekst.
Faste spalter
Leder
Intervju
Leserbrev
Kryssord
Debatt
Klassen holder to møter om året.
Slutt er det først når alle har lest avisa.
"""
RULES_OF_A_CLUB = """
Vedtekter for Øvre Eidsdal Vel
Alle over 15 år kan bli medlem.
Styret har fire medlemmer:
leder
nestleder
kasserer
styremedlem
Styret er vedtaksført når tre møter.
"""
DIARY = """
Dagbok fra et fyr
3. januar 1931
Storm fra nordvest. Lampen røyk to ganger.
4. januar 1931
Mindre vind. Far sov til ti.
9. januar 1931
Ingenting.
"""
LAW = """
Lov om lån av verktøy
Lova gjeld for lån av verktøy mellom naboar, når lånet er vederlagsfritt og skjer privat.
Lova gjeld ikkje
a) motorkøyretøy
b) våpen
c) levande dyr
d) båtar
"""
RECIPE = """
Vafler til alle
3 egg
2 dl melk
4 dl mel
Litt salt
Rør alt sammen, og la røra stå en halv time på benken før du steker dem på svak varme.
"""


@pytest.mark.parametrize("parting", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "text", [GUIDE, POLICY, PAPER, RULES_OF_A_CLUB, DIARY, LAW, RECIPE],
    ids=["guide", "policy", "paper", "club", "diary", "law", "recipe"],
)  # fmt: skip
def test_a_text_about_such_things_is_kept_whole(text, parting):
    lines = text.strip().splitlines()
    assert len(kept(parting.join(lines))) == len(lines)
    found = read_markdown("# " + "\n\n".join(lines))
    assert not any(judge_blocks(found.blocks, title=found.title))


def test_what_a_recipe_takes_stands_tight_above_how_it_is_made():
    lines = ["Vafler", "Dette trenger du\n3 egg\n2 dl melk", "Slik gjør du det", ONE, TWO]
    assert kept("\n\n".join(lines)) == "\n".join(lines).replace("\n\n", "\n").split("\n")


@pytest.mark.parametrize("parting", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "line",
    ["Annonse", "ANNONSE", "Reklame", "Les også: Kinoen får nytt tak", "Foto: Ole Moe / NTB",
     "Foto: Ole Moe.", "Artikkelen fortsetter under annonsen.", "Les mer her.", "Del på Facebook",
     "Tekst: Ole Moe", "Publisert 3. mai 2020"],
)  # fmt: skip
def test_a_pages_line_in_the_middle_of_an_article_goes_though_nothing_else_is_the_pages(
    line, parting
):
    assert kept(parting.join(["En tittel på saken", ONE, TWO, line, ONE, TWO])) == [
        "En tittel på saken", ONE, TWO, ONE, TWO
    ]  # fmt: skip


def test_the_same_headings_go_where_a_page_stands_around_them():
    menu = ["Søk", "Logg inn", "Meny"]
    text = "\n".join([*menu, "En tittel på saken", ONE, "Facebook", "Nyhetsbrev", TWO])
    assert kept(text) == ["En tittel på saken", ONE, TWO]


def test_a_date_between_two_paragraphs_is_no_date_line_but_below_the_lead_it_is():
    assert "3. mai 2020" in kept(f"En tittel på saken\n\n{ONE}\n\n{TWO}\n\n3. mai 2020\n\n{ONE}")
    assert "3. mai 2020" not in kept(f"En tittel på saken\n\n{ONE}\n\n3. mai 2020\n\n{TWO}")


# Names below the title that the file tells


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (["Kari Moe", ONE, TWO], True),
        (["3. mai 2020", "Kari Moe", ONE, TWO], True),
        (["Født i 1931", "Vår kjære Kari er gått bort, 92 år gammel.", ONE], None),
        (["Bedst i test", "Rundo Basic", "Pris: 349 kr.", ONE, TWO], False),
        (["Personar:", "MOR", "EIN KONDUKTØR", "Ei scene.", ONE, TWO], False),
        (["Kari Moe", "Vår kjære Kari er gått bort, 92 år gammel.", ONE, TWO], False),
    ],
)
def test_a_bare_name_is_a_byline_right_below_the_title_only(lines, written):
    found = read_markdown("\n\n".join(["# Minneord", *lines]))
    reasons = judge_blocks(found.blocks, title=found.title)
    assert ("byline" in reasons) is bool(written)
