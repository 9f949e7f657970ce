from __future__ import annotations

import random
import re
import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read import decode as decoding
from pipeline.read.decode import decode, find_encoding, mend_encoding, open_text, tidy
from pipeline.read.extracted import UnreadableError

SENTENCE = "Æ e i a, og på øya blør blåbærene i tåka; »sådan er det«, siger hun."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"]
)
def test_texts_are_read_in_the_usual_encodings(encoding):
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


def test_windows_quotes_are_read_as_quotes():
    assert decode("Han sa ”nei” – og gikk på øya.".encode("cp1252")) == (
        "Han sa ”nei” – og gikk på øya."
    )


def test_one_foreign_byte_does_not_spoil_a_text_in_utf8():
    content = (SENTENCE * 3).encode() + b" bl\xe5 "
    assert decode(content) == SENTENCE * 3 + " blå "


def test_letters_are_composed_and_soft_hyphens_taken_out():
    assert decode("bla\u030aba\u00ader\u200b".encode()) == "blåbaer"


def test_all_line_ends_become_one_kind():
    assert decode(b"a\r\nb\rc\x0bd\x0ce") == "a\nb\nc\nd\ne"
    assert tidy("a\u2028b\x85c") == "a\nb\nc"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 abc", "holds a PDF and not what its ending says"),
        (b"PK\x03\x04abc", "holds a zip archive or an office document and not what its ending"),
        (b"\x89PNG\r\n", "holds a picture and not what its ending says"),
        (b"hei p\xc3\xa5 deg " * 50 + b"\x00" * 4, "holds binary data"),
        (b"hei p\xc3\xa5 deg\x00" * 10_000, "holds binary data"),
        (random.Random(0).randbytes(100), "holds binary data"),
        (random.Random(0).randbytes(100_000), "holds binary data"),
        (bytes(range(1, 32)) * 20, "holds binary data"),
    ],
)
def test_what_is_no_text_is_rejected(content, reason):
    with pytest.raises(UnreadableError, match=reason):
        decode(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman"])
def test_a_few_zero_bytes_are_dropped(encoding):
    text = "Brugerne på øen får hjælp, når de spørger.\n"
    content = text.encode(encoding)
    for stray in (content + b"\0", content[:9] + b"\0" + content[9:], content + b"\0\0\0"):
        assert decode(stray) == text
        assert list(open_text(stray)) == [text]
    long = (text * 500).encode(encoding).replace(b"\n", b"\0\n", 20)
    assert decode(long) == text * 500


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_zero_bytes_that_are_part_of_letters_stay(encoding):
    assert decode(SENTENCE.encode(encoding)) == SENTENCE
    assert decode("Hei".encode(encoding)) == "Hei"


def test_a_single_zero_byte_that_is_part_of_a_letter_stays():
    text = "中" * 3000 + "\n"
    content = text.encode("utf-16")
    assert content.count(0) == 1
    assert decode(content) == text


def test_nothing_is_an_empty_text():
    assert decode(b"") == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_rejected(content):
    try:
        text = decode(content)
    except UnreadableError:
        return
    assert not set(text) & {"\r", "\x00", "\xad", "\ufeff"}
    text.encode()


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


PIECES = [
    "a", "å", "\t", "\n", "\r", "\r\n", "\x00", "\x0b", "\x1d", "\x7f", "\x85", "\xad", "\u2028",
    "\u200b", "\u202c", "\u2066", "\ufeff", "\uffff", "e\u0301", "\u0301" * 7, "\u0301" * 9,
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)))
def test_tidying_looks_for_all_that_it_changes(pieces):
    text = "".join(pieces)
    plain = decoding._LINE_END.sub("\n", text)
    plain = decoding._CONTROL.sub("", decoding._INVISIBLE.sub("", plain))
    plain = re.sub(r"([\u0300-\u036f]{8})[\u0300-\u036f]+", r"\1", plain)
    assert tidy(text) == unicodedata.normalize("NFC", plain)


def test_a_million_combining_marks_take_no_time():
    started = time.monotonic()
    decode(("a" + "\u0316\u0301" * 500_000).encode())
    assert time.monotonic() - started < 5


# Old encodings, and those without a mark


@pytest.mark.parametrize(
    "encoding", ["mac_roman", "cp850", "cp865", "cp1252", "latin-1", "iso8859-15"]
)
@pytest.mark.parametrize(
    "text",
    [
        "Brugerne på øen får hjælp, når de spørger.",
        "Æbler og Øl fra Ålborg",
        "Innbyggjarane får ikkje svar på søknaden, og ingen veit kvifor.",
        "Éin gong til; ho fór òg.\nDå såg ho båten på fjorden.",
    ],
)
def test_old_encodings_are_told_by_their_nordic_letters(encoding, text):
    if encoding.startswith("cp8"):
        text = text.replace("ò", "o")  # DOS has it elsewhere
    assert decode(text.encode(encoding, "replace")) == text


@pytest.mark.parametrize(
    "text",
    [
        "Han sa ”nei” – og gikk", "Se § 3 og § 4", "Det koster 3 €", "50 Å", "naïve Müller",
        "½ liter",        "I morgen’s tekst", "«Nei», sier Kari", "20 °C",
    ],
)  # fmt: skip
def test_a_few_marks_without_a_nordic_letter_are_those_of_windows(text):
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r"])
def test_cyrillic_text_is_not_read_as_nordic(encoding):
    text = "Мы не знаем, почему машина не отвечает на вопросы жителей города. " * 4
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [SENTENCE, "Hei på deg", "a\n" * 400_000])
def test_utf16_is_read_without_its_mark(encoding, text):
    assert decode(text.encode(encoding)) == text


def test_a_utf16_file_that_breaks_off_in_a_letter_is_read():
    assert decode(SENTENCE.encode("utf-16")[:-1])[:-1] == SENTENCE[:-1]


def test_a_file_of_utf8_and_some_windows_bytes_is_read_as_both():
    pasted = (SENTENCE + "\n") * 5
    content = pasted.encode() + "Og så kom blåbærene – på øya.".encode("cp1252")
    assert decode(content) == pasted + "Og så kom blåbærene – på øya."


def test_letters_that_windows_lacks_outlive_a_windows_byte():
    sound = "Sámi: čállit ja lohkat – Łódź, 中文, Ελλάδα, “Århus” 😀\n" * 3
    assert decode(sound.encode() + b"bl\xe5") == sound + "blå"


def test_bytes_that_windows_leaves_without_a_letter_spoil_nothing():
    assert decode("på øya\n".encode("cp1252") * 30 + b"\x81") == "på øya\n" * 30


# Text that was decoded wrongly before it was saved


@pytest.mark.parametrize(
    ("garbled", "sound"),
    [
        ("Vi vil sÃ¸ge pÃ¥ Ã¦bler", "Vi vil søge på æbler"),
        ("Ã…rhus og Ã˜rsta", "Århus og Ørsta"),
        ("sÃƒÂ¸ge pÃƒÂ¥", "søge på"),
        ("Han sa â€œneiâ€\u009d â€“ og gikk", 'Han sa "nei" – og gikk'),
        ("s├©ge p├Ñ ├ªbler", "søge på æbler"),
        ("Ã…", "Å"),
        ("en linje\nsÃ¸ge\nsøge", "en linje\nsøge\nsøge"),
    ],
)
def test_garbled_letters_are_mended(garbled, sound):
    mended = mend_encoding(garbled)
    assert mended.replace("“", '"').replace("”", '"') == sound
    assert decode(garbled.encode()).replace("“", '"').replace("”", '"') == sound


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850", "cp865"])
def test_whole_texts_are_mended_whichever_encoding_garbled_them(encoding):
    text = "Brugerne på øen får hjælp, når de spørger. Ældre æder blåbær i tåken."
    assert decode(text.encode().decode(encoding, "replace").encode()) == text


@pytest.mark.parametrize(
    "text",
    [
        "Hun bor i São Paulo og Ålesund.", "Ärad; Ã er en bokstav i portugisisk.",
        "«Så», sa hun – «nå».",
        "5 × 3 ± 2 ≥ 4 µm², ½ liter, 20 °C, 3 €, § 4", "√2 er irrasjonelt",
        "MÅLFÅ ÆØÅ", "Göteborg, Jyväskylä, Þórshöfn, Reykjavík", "Bâle og Nîmes, crème brûlée",
    ],
)  # fmt: skip
def test_sound_text_is_left_as_it_is(text):
    assert mend_encoding(text) == text
    assert decode(text.encode()) == text


NORDIC = string.ascii_letters + string.digits + "æøåäöéÆØÅÄÖÉ .,:;!?–—-«»“”’'()/%§&\n"


@given(st.text(NORDIC, max_size=300))
def test_no_text_of_nordic_letters_and_marks_is_mended(text):
    assert mend_encoding(text) == text


@given(st.text(NORDIC, min_size=1, max_size=300))
def test_every_text_of_nordic_letters_comes_back_from_utf8(text):
    assert decode(text.encode()) == text


# Lines of large files


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"]
)
def test_lines_of_a_large_file_are_decoded_as_the_whole(encoding):
    lines = [f"{number} på øya blør blåbærene\r\n" for number in range(5)]
    content = "".join(lines).encode(encoding)
    assert list(open_text(content)) == lines


def test_the_encoding_is_that_of_the_whole_file_and_not_of_its_beginning():
    content = b"a line in plain letters\n" * 200_000 + "på øya\n".encode("cp1252")
    assert find_encoding(content)[0] == "cp1252"
    assert list(open_text(content))[-1] == "på øya\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PAR1xx", "holds a Parquet table and not what its ending says"),
        (b"{\\rtf1 hei", "holds an RTF document and not what its ending says"),
        (b"a,b\n\x00\x01", "holds binary data"),
        (bytes(range(1, 32)) * 20, "holds binary data"),
    ],
)
def test_lines_of_what_is_no_text_are_refused(content, reason):
    with pytest.raises(UnreadableError, match=reason):
        open_text(content)


@pytest.mark.parametrize("piece", ["Ã", "Ã¸", "├", "├©", "â€", "Â ", "Ã\n", "√"])
def test_garbled_letters_without_end_take_linear_time(piece):
    started = time.monotonic()
    decode((piece * 200_000).encode())
    assert time.monotonic() - started < 5
