from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.decode import decode, tidy
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
        (b"hei p\xc3\xa5 deg " * 50 + b"\x00", "holds binary data"),
        (bytes(range(1, 32)) * 20, "holds binary data"),
    ],
)
def test_what_is_no_text_is_rejected(content, reason):
    with pytest.raises(UnreadableError, match=reason):
        decode(content)


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


def test_a_million_combining_marks_take_no_time():
    started = time.monotonic()
    decode(("a" + "\u0316\u0301" * 500_000).encode())
    assert time.monotonic() - started < 5
