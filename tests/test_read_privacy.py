"""What is taken out of texts and names, what is left, and that nothing of it reaches the report."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document
from hypothesis import example, given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from running import Run, read_csv

from pipeline.nordic.placeholders import CPR, EMAIL, FODSELSNUMMER, TELEPHONE
from pipeline.read import privacy
from pipeline.read.extracted import squeeze
from pipeline.read.privacy import is_cpr, is_fodselsnummer, mask_name, mask_personal

# Numbers with right check digits, made from the weights that the two registers have published.
# Nobody has them but by chance: the serial numbers are drawn here.


def cpr(birth: str, serial: int) -> str:
    """ddmmyyssss with the first serial number from `serial` on whose check digit is right."""
    for number in range(serial, 10_000):
        digits = [int(char) for char in f"{birth}{number:04d}"]
        weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]
        if sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0:
            return f"{birth}{number:04d}"
    raise AssertionError


def fodselsnummer(birth: str, serial: int) -> str:
    """ddmmyyiiikk: the first individual number from `serial` on that has two check digits."""
    for number in range(serial, 1000):
        digits = [int(char) for char in f"{birth}{number:03d}"]
        for weights in ([3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]):
            total = sum(weight * digit for weight, digit in zip(weights, digits, strict=True))
            digits.append((11 - total % 11) % 11)
        if 10 not in digits:
            return "".join(map(str, digits))
    raise AssertionError


def digits_of(number: str) -> list[int]:
    return [int(char) for char in number]


def test_a_check_digit_is_reckoned_as_the_registers_do():
    # 4·0 + 3·7 + 2·0 + 7·7 + 6·6 + 5·1 + 4·4 + 3·2 + 2·8 + 1·5 = 154 = 14 · 11
    assert is_cpr(digits_of("0707614285"))
    assert not is_cpr(digits_of("0707614286"))
    # 010101 012 00: 0·3+1·7+0·6+1·1+0·8+1·9+0·4+1·5+2·2 = 26, 11 - 26 % 11 = 7;
    # 0·5+1·4+0·3+1·2+0·7+1·6+0·5+1·4+2·3+7·2 = 36, 11 - 36 % 11 = 8
    assert fodselsnummer("010101", 12) == "01010101278"
    assert is_fodselsnummer(digits_of("01010101278"))
    assert not is_fodselsnummer(digits_of("01010101279"))


# Telephone numbers


TELEPHONES = [
    "33 92 33 92", "33923392", "3392 3392", "33-92-33-92", "33.92.33.92", "33 923392", "702 03040",
    "901 23 456", "800 12 345", "+45 33 92 33 92", "+4533923392", "0045 33923392",
    "(+45) 33 92 33 92", "+ 45 33 92 33 92", "+45-33-92-33-92", "+45 12 34 56 78",
    "+47 22 33 44 55", "+47 901 23 456", "0047 22334455", "(0047) 22 33 44 55", "+298 123456",
    "+46 8 123 456 78", "+46 (0)70 123 45 67", "+46-70-123 45 67", "0046 8 123 45 67",
    "070-123 45 67", "08-123 456 78", "060-12 34 56", "070-1234567", "+44 20 7946 0958",
    "33 92 33 92/33 92 33 93", "33923392/33923393", "33\u201192\u201133\u201192",
]  # fmt: skip


@pytest.mark.parametrize("number", TELEPHONES)
@pytest.mark.parametrize(
    "around", ["{}", "Ring {} i dag.", "({})", "Kontakt: {}, kl. 9", "Spør Kari ({}).", "T: {}"]
)
def test_telephone_numbers_are_masked_in_the_forms_of_the_three_countries(number, around):
    assert mask_personal(around.format(number)) == around.format(TELEPHONE)


def test_no_break_spaces_in_a_number_are_spaces_when_the_text_is_squeezed():
    assert mask_personal(squeeze("Ring 33\u00a092\u202f33\u200992.")) == f"Ring {TELEPHONE}."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Tlf. 02800 hele dagen", "Tlf. [T] hele dagen"),
        ("Telefon: 12 345", "Telefon: [T]"),
        ("tlf.: 116 117", "tlf.: [T]"),
        ("Ring oss på 815 48 333", "Ring oss på [T]"),
        ("Telefonnummer 10203040", "Telefonnummer [T]"),
        ("tel=22334455", "tel=[T]"),
        ("se https://eksempel.no/?tel=22334455&side=2", "se https://eksempel.no/?tel=[T]&side=2"),
        ("tlf 223 34 455", "tlf [T]"),
        ("Tlf.: 223 34 455.", "Tlf.: [T]."),
        ("Telefon 22/33/44/55, kl. 9", "Telefon [T], kl. 9"),
        ("tlf. (+47) 22/33/44/55", "tlf. [T]"),
        ("Telefon 25 30 35 40", "Telefon [T]"),
        ("Koordinator: 22 33 44 55", "Koordinator: [T]"),
        ("UTM 32. Tlf 65 43 21 99", "UTM 32. Tlf [T]"),
        ("Ring meg på nummer 22334455", "Ring meg på nummer [T]"),
        ("Jeg har fått nytt: mitt nummer 22334455", "Jeg har fått nytt: mitt nummer [T]"),
        ("Kontaktnummer 22334455", "Kontaktnummer [T]"),
        ("telefon nummer 22334455", "telefon nummer [T]"),
        ("Se bilag 2. 22334455", "Se bilag 2. [T]"),
        ("33923392, 33923393 og 33923394", "[T], [T] og [T]"),
        ("Hagen 33923392 33923393", "Hagen [T] [T]"),
    ],
)
def test_what_is_called_a_telephone_number_is_masked_whatever_its_form(text, masked):
    assert mask_personal(text) == masked.replace("[T]", TELEPHONE)


# E-mail addresses


@pytest.mark.parametrize(
    "address",
    [
        "ola.nordmann@eksempel.no", "OLA@EKSEMPEL.NO", "Ola@Eksempel.No",
        "ola+post@a.b.eksempel.dk",        "mailto:ola@eksempel.no", "o'neil@eksempel.com",
        "ola.å@blåbær.no", "ola_n@eksempel.no",
        "ola @ eksempel.no", "ola(at)eksempel.no", "ola (at) eksempel (dot) dk",
        "ola[a]eksempel.dk",        "ola [a] eksempel.no", "ola{snabel-a}eksempel.dk",
        "ola(alfakrøll)eksempel.no",
        "ola(krøllalfa)eksempel.no", "ola (krøllalfa) eksempel.no", "ola [at] eksempel.no",
        "ola snabel-a domæne.dk", "ola snabel a domæne.dk", "ola krøllalfa eksempel.no",
        "ola.nordmann [snabel-a] post.eksempel.dk",
        "ola[at]eksempel[punktum]no", "ola\u2011n@eksempel.no", "ola@xn--blbr-roah.no",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "Skriv til {}.", "<{}>", "E-post: {}, tak", "«{}»"])
def test_addresses_are_masked_also_where_the_sign_is_spelt_out(address, around):
    assert mask_personal(around.format(address)) == around.format(EMAIL)


@pytest.mark.parametrize(
    "text",
    [
        "@olanordmann", "https://medium.com/@ola.nordmann/om", "5 @ 3.4", "bokstav (a) i loven.no",
        "tegnet krøllalfa er nytt.", "på dansk hedder det snabel-a. Det er sjovt",
        "etter bokstav (a) loven.Det gjelder", "jf. § 3 (a) og (b)", "ola@jobb",
    ],
)  # fmt: skip
def test_a_sign_alone_is_no_address(text):
    assert mask_personal(text) == text


@given(st.from_regex(privacy._EMAIL))
def test_all_addresses_have_a_sign_that_is_looked_for_first(text):
    assert privacy._may_hold_address(text)


# Personal numbers


A_CPR = cpr("150385", 1234)
A_FNR = fodselsnummer("150385", 234)


@pytest.mark.parametrize("form", ["{a}{b}", "{a}-{b}", "{a} {b}", "{a} - {b}", "{a}–{b}"])
def test_a_cpr_number_is_masked_in_all_its_forms(form):
    for number in (A_CPR, cpr("290200", 4000), cpr("311299", 9000)):
        written = form.format(a=number[:6], b=number[6:])
        assert mask_personal(f"Født {written}.") == f"Født {CPR}."
        day = ".".join((number[:2], number[2:4], number[4:6]))
        assert mask_personal(form.format(a=day, b=number[6:])) == CPR


def test_ten_digits_with_a_wrong_check_digit_are_no_cpr_number():
    wrong = A_CPR[:-1] + str((int(A_CPR[-1]) + 1) % 10)
    for text in (wrong, f"{wrong[:6]}-{wrong[6:]}"):
        assert mask_personal(f"Sagen {text} er lukket") == f"Sagen {text} er lukket"
    no_day = cpr("310285", 1000)
    assert mask_personal(f"Sagen {no_day} er lukket") == f"Sagen {no_day} er lukket"


def test_a_1_january_needs_no_check_digit_since_the_register_ran_out_of_numbers():
    for serial in range(4000, 4011):
        assert mask_personal(f"010190-{serial}") == CPR
    wrong = [f"010120-{serial}" for serial in range(4000, 4011)]
    assert sum(mask_personal(text) == CPR for text in wrong) == 1  # the one whose digit is right


@pytest.mark.parametrize(
    "said",
    [
        "CPR-nr. {}", "CPR-nr: {}", "cpr {}", "CPR-nummer: {}", "Cpr.nr.: {}", "personnummer {}",
        "CPR-nummeret er {}", "personnummeret hendes er {}",
    ],
)  # fmt: skip
def test_who_writes_cpr_means_a_person_whatever_the_check_digit(said):
    wrong = A_CPR[:6] + "-" + A_CPR[6:-1] + str((int(A_CPR[-1]) + 1) % 10)
    assert mask_personal(said.format(wrong)) == said.format(CPR)


@pytest.mark.parametrize("form", ["{a}{b}{c}", "{a} {b}{c}", "{a}-{b}{c}", "{a} {b} {c}"])
@pytest.mark.parametrize("shift", [0, 40_00_00, 40_00, 80_00, 65_00])
def test_a_fodselsnummer_a_d_number_and_their_relatives_are_masked(form, shift):
    number = fodselsnummer(f"{15_03_85 + shift:06d}", 234)
    written = form.format(a=number[:6], b=number[6:9], c=number[9:])
    assert mask_personal(f"Hun har {written}, står det.") == f"Hun har {FODSELSNUMMER}, står det."


def test_a_fodselsnummer_with_a_wrong_digit_is_masked_only_where_it_is_called_so():
    wrong = A_FNR[:-1] + str((int(A_FNR[-1]) + 1) % 10)
    assert mask_personal(f"Nummer {wrong} er ledig") == f"Nummer {wrong} er ledig"
    for said in ("fødselsnummer {}", "Fødselsnr.: {}", "fnr {}", "f.nr. {}", "D-nummer {}",
                 "fødselsnummeret hennes er {}"):  # fmt: skip
        assert mask_personal(said.format(wrong)) == said.format(FODSELSNUMMER)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 900), st.booleans())
def test_every_number_that_the_registers_could_give_out_is_masked(day, serial, danish):
    birth = f"{day:%d%m%y}"
    number = cpr(birth, serial) if danish else fodselsnummer(birth, serial % 900)
    assert mask_personal(f"nr {number}") in (f"nr {CPR}", f"nr {FODSELSNUMMER}")


def test_numbers_that_stand_in_a_row_as_in_a_table_are_all_masked():
    row = f"Hagen 33923392 {A_FNR} {A_CPR} 12"
    assert mask_personal(row) == f"Hagen {TELEPHONE} {FODSELSNUMMER} {CPR} 12"


# What is left


@pytest.mark.parametrize(
    "text",
    [
        # Years and dates
        "2019-2023", "2019 2023", "i 2015, 2016, 2017 og 2018", "2023-03-15", "15.03.2023",
        "20230315", "15032023", "22.03.2022-22.04.2022", "kl. 10.30-11.45", "skoleåret 2023/2024",
        "grønn omstilling 2025-2030", "telefonen 2023-2024", "i perioden 2500-3000",
        # Sums and counts
        "kr 22 334 455", "kr. 22334455", "22334455 kr", "25 000 000 kroner", "10 000 000",
        "3 234 455 innbyggere", "45 678 901 personer", "22 33 44 55 prosent", "85,5 %",
        "51 000 000",        "1 234 567,89", "1.000.000", "ring 10 000 kunder",
        "direkte 100 000 borgere",
        "mobil 10 000 brukere", "telefon 20 000 ganger", "direkte 12 345 kroner", "12 345 678",
        # Companies, cases, books, standards and laws
        "CVR 33923392", "CVR-nr. 33 92 33 92", "CVR: 33923392", "org.nr. 987 654 321",
        "organisasjonsnummer 987654321", "EAN 5798000123456", "sak 2023/12345678",
        "sag 2023-1234567", "Sagsnr. 22334455", "j.nr. 22334455", "ref. 22334455",
        "ISBN 978-82-15-02345-6", "ISBN 9788215023456", "ISSN 2234-4556", "ISO 27001:2013",
        "ISO/IEC 27701", "NS-EN 301 549", "§ 12-34", "§ 22 33 44 55", "LOV-2016-06-17-73",
        "(EU) 2016/679", "10.1145/3025453.3025912", "SSB tabell 07459", "versjon 2.10.20.30",
        "konto 1234.56.78903", "1234 56 78903", "faktura 22334455", "192.168.10.20", "klokka 1030",
        # Articles' numbers in addresses
        "https://www.nrk.no/norge/1.12345678", "https://eksempel.no/artikkel/22334455",
        "https://eksempel.no/sak-22334455.html", "https://eksempel.dk/?id=22334455",
        "www.eksempel.dk/nyhed-33923392", "ring 112", "telefon 1881",
        # Series of numbers, places on a map, and what papers are filed under
        "25 30 35 40", "20 30 40 50", "i alderen 20, 25 30 35 40 år", "22 24 26 28",
        "telefonen 2023/2024", "22/33/44/55", "den 12/10/2023",
        "UTM 65 43 21 99", "UTM: 65 43 21 99", "UTM 32V 6543 2199", "UTM-sone 33 65432199",
        "koordinatene er 65 43 21 99", "UTM 65 43 21 99, 54 33 21 98",
        "bilag 22334455", "Vedlegg: 22334455", "nummer 22334455", "Nummer: 22334455",
        "bilagsnr. 22334455", "journalnr 22334455", "journalnummer 22334455", "sagsnr 22334455",
        "saksnr 22334455", "saksnr.: 22334455",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "Det står {} i teksten.", "({})"])
def test_years_sums_cases_and_the_numbers_of_articles_stay(text, around):
    assert mask_personal(around.format(text)) == around.format(text)


def test_no_day_of_a_century_is_taken_for_a_telephone_number():
    days = [date(1950, 1, 1) + timedelta(days=step) for step in range(0, 36_500, 13)]
    for day in days:
        for form in ("%Y%m%d", "%d%m%Y", "%d.%m.%Y", "%Y-%m-%d"):
            assert mask_personal(day.strftime(form)) == day.strftime(form)


# Names of files


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("brev til ola@eksempel.no", f"brev til {EMAIL}"),
        (f"sager/{A_CPR[:6]}-{A_CPR[6:]}/svar", f"sager/{CPR}/svar"),
        (f"{A_FNR}_soknad", f"{FODSELSNUMMER}_soknad"),
        ("2023-03-15_33923392", "2023-03-15_33923392"),
        ("rapport_20230315", "rapport_20230315"),
    ],
)
def test_names_lose_personal_numbers_and_addresses_and_keep_other_numbers(name, masked):
    assert mask_name(name) == masked


# Whatever the text


PIECES = ["22", " ", "33 92 33 92", "@", "a@b.no", "(a)", A_CPR, A_FNR, "-", "+47", "tlf. ", "kr ",
          "CPR-nr. ", "[", "]", "x", ".", "/", "000"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=80))
@example("22334455@b.no 33923392")
def test_masking_twice_changes_nothing_more(text):
    once = mask_personal(text)
    assert mask_personal(once) == once


@given(st.text(max_size=60))
def test_what_stands_before_and_after_a_number_stays(text):
    words = "".join(char for char in text if not char.isdigit() and char not in "@([{")
    assert mask_personal(f"{words} x {A_CPR} x {words}") == f"{words} x {CPR} x {words}"


@pytest.mark.parametrize(
    "piece",
    ["a", "@", "a@", "1", "1 ", "22 ", "1-", "+47 ", "tlf.1 ", "a(a)b.", "www.", "CPR-nr. ",
     "1/", "22/33/", "tlf=22/", "a krøllalfa ", " snabel-a a", "bilag 22334455 ", "utm 22 ",
     "21 22 23 24, ",
     "22334455/", "22334455 ", "010190-", f"{A_CPR} ", "a@b.c"],
)  # fmt: skip
def test_long_and_hostile_texts_take_linear_time(piece):
    text = (piece * 1_000_000)[:1_000_000]
    started = time.monotonic()
    mask_personal(text)
    mask_name(text)
    assert time.monotonic() - started < 5


# From the folder to the report


MARKS = {
    "text": "22 33 44 51", "title": "22 33 44 52", "clutter": "22 33 44 53",
    "byline": "22 33 44 54",    "cell": "22 33 44 55", "column": "22 33 44 56",
    "pdf": "22 33 44 57", "word": "22 33 44 58",
    "metadata": "22 33 44 59", "markdown": "22 33 44 60", "html": "22 33 44 61",
}  # fmt: skip
ADDRESSES = {name: f"{name}.person@eksempel.no" for name in (*MARKS, "author", "name")}
NUMBERS = [cpr("150385", 1000), fodselsnummer("240377", 300)]
SENTENCES = [
    "Kommunen fikk en ny løsning for søknader, og innbyggerne venter fortsatt lenge på svar.",
    "Brukerne vil heller snakke med et menneske enn med en maskin som ikke forstår dem.",
    "Direktoratet mener at registrene må deles mellom etatene før tjenestene blir bedre.",
    "Mange eldre klarer ikke å logge inn, og de spør barna sine om hjelp til skjemaene.",
    "Etaten har brukt store summer på et system som saksbehandlerne ikke stoler på.",
]
DANISH = [
    "Kommunen fik en ny løsning til ansøgninger, og borgerne venter stadig længe på svar.",
    "Brugerne vil hellere tale med et menneske end med en maskine, der ikke forstår dem.",
    "Styrelsen mener, at registrene skal deles mellem myndighederne, før hjælpen bliver bedre.",
]


def personal(name: str) -> str:
    return f"{MARKS[name]} eller {ADDRESSES[name]}"


def a_pdf(text: str) -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink)
    canvas.setAuthor(ADDRESSES["author"])
    for number, line in enumerate([*SENTENCES, f"Ring meg på {text} når du har tid til det."]):
        canvas.drawString(60, 760 - 16 * number, line)
    canvas.save()
    return sink.getvalue()


def a_word_file(text: str) -> bytes:
    document = Document()
    document.core_properties.author = ADDRESSES["author"]
    document.add_heading("Et brev fra kommunen", 1)
    for sentence in SENTENCES[::-1]:
        document.add_paragraph(sentence)
    document.add_paragraph(f"Ring meg på {text} når du har tid til det.")
    sink = io.BytesIO()
    document.save(sink)
    return sink.getvalue()


@pytest.fixture(scope="module")
def full_of_numbers(tmp_path_factory) -> Path:
    raw = tmp_path_factory.mktemp("private") / "raw"
    raw.mkdir()
    text = "\n\n".join(SENTENCES)
    born = " og ".join(NUMBERS)
    files: dict[str, str | bytes] = {
        "a.txt": f"Ring {personal('title')}\n\nAv Kari Hagen, {personal('byline')}\n\n{text}\n\n"
        f"Hun har {born}, og du kan ringe {personal('text')} hele dagen.\n\n"
        f"Kontakt oss\n\nTlf. {personal('clutter')}\n",
        "b.md": f"---\ntitle: Om {personal('markdown')}\nauthor: Ola ({ADDRESSES['author']})\n---\n"
        + "\n\n".join(SENTENCES[:4]),
        "c.html": f"<html><head><title>Om {personal('html')}</title><meta name='author' "
        f"content='{ADDRESSES['author']}'></head><body><article><h1>Om {personal('html')}</h1>"
        + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[1:])
        + f"<p>Svar til {personal('html')} innen fredag, skriver de.</p></article></body></html>",
        f"brev fra {ADDRESSES['name']} {NUMBERS[0]}.txt": "\n\n".join(DANISH),
        f"avvist {NUMBERS[1]}.doc": "x",
        "d.csv": "title,author,text\n"
        f'Ring {personal("column")},{ADDRESSES["author"]},"{DANISH[0]} {DANISH[2]} Ring '
        f'{personal("cell")} om det."\n',
        # The first row is taken for the names of the columns, and they are quoted in a reason
        "e.csv": f"1,{ADDRESSES['column']},{MARKS['column']}\n2,3,4\n",
        "f.pdf": a_pdf(personal("pdf")),
        "g.docx": a_word_file(personal("word")),
        "metadata.csv": "path,title,author,source\n"
        f"a.txt,,{ADDRESSES['metadata']},Blad {MARKS['metadata']}\n"
        f"f.pdf,Ring {personal('metadata')},,\n",
    }
    for name, content in files.items():
        content = content.encode() if isinstance(content, str) else content
        (raw / name).write_bytes(content)
    return raw


def found_in(report: Path) -> dict[str, set[str]]:
    """The numbers and addresses that each file of the report holds, spaces left aside."""
    secrets = {"".join(text.split()) for text in (*MARKS.values(), *ADDRESSES.values(), *NUMBERS)}
    found = {}
    for path in report.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            content = "".join(read_whole(path).split())
            found[path.name] = {secret for secret in secrets if secret in content}
    return found


def read_whole(path: Path) -> str:
    """A file's text; a workbook's, of all that is packed in it."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def a_run(raw: Path, place: Path, keep: bool) -> Run:
    config = place / "settings.toml"
    said = "true" if keep else "false"
    config.write_text(
        "[run]\npart_documents = 4\n[cluster]\nmax_themes = 2\n[compare]\n"
        f"permutations = 100\n[read]\nkeep_personal_data = {said}\n"
    )
    run = Run(raw, place / "out", config)
    result = run.again()
    assert result.code == 0, result.err
    return run


def test_no_file_of_the_report_holds_a_number_or_an_address(full_of_numbers, tmp_path):
    run = a_run(full_of_numbers, tmp_path, keep=False)
    found = found_in(run.out / "report")
    files = {"index.html", "run.json", "report.xlsx", "documents.csv", "dropped.csv"}
    assert files <= set(found)
    assert found == {name: set() for name in found}
    paths = {row["path"] for row in read_csv(run.out, "documents.csv")}
    assert f"brev fra {EMAIL} {CPR}.txt" in paths
    assert f"avvist {FODSELSNUMMER}.doc" in {
        row["path"] for row in read_csv(run.out, "rejected.csv")
    }
    texts = " ".join(row["text"] for row in read_csv(run.out, "sentences.csv"))
    assert f"{TELEPHONE} eller {EMAIL}" in texts
    tables = b"".join(path.read_bytes() for path in (run.out / "work").rglob("documents/*"))
    assert not any(address.encode() in tables for address in ADDRESSES.values())


def test_with_keep_personal_data_they_are_all_there(full_of_numbers, tmp_path):
    run = a_run(full_of_numbers, tmp_path, keep=True)
    found = set().union(*found_in(run.out / "report").values())
    secrets = {"".join(text.split()) for text in (*MARKS.values(), *ADDRESSES.values(), *NUMBERS)}
    assert found == secrets
