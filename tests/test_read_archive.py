"""Zip packages from strangers: bombs, lies, entities, and other files under the wrong ending."""

from __future__ import annotations

import re
import socket
import struct
import tracemalloc
import zipfile

import pytest

from pipeline.read.extracted import UnreadableError
from pipeline.read.office import archive
from pipeline.read.office.archive import DamagedPartError, describe, open_package, parse_xml
from tests.office_files import zipped

TEXT = b"<a>Kommunen svarede til sidst.</a>"


def test_a_member_is_read_and_parsed():
    package = open_package(zipped({"word/Document.xml": TEXT}))
    assert "word/document.xml" in package
    assert package.read("word/document.xml") == TEXT
    assert package.parse("word/document.xml").text == "Kommunen svarede til sidst."


# Bombs


def test_a_member_that_unpacks_to_more_than_the_limit_is_not_unpacked(monkeypatch):
    bomb = zipped({"word/document.xml": b" " * 60_000_000})
    assert len(bomb) < 100_000
    package = open_package(bomb)
    monkeypatch.setattr(zipfile.ZipFile, "open", refuse)
    with pytest.raises(UnreadableError, match="unpacks to more than 48 MB of text"):
        package.parse("word/document.xml")


def refuse(*_args: object, **_named: object) -> None:
    raise AssertionError("something was done that must not be")


def test_the_limit_is_for_all_parts_that_are_parsed_together(monkeypatch):
    monkeypatch.setattr(archive, "MAX_XML_BYTES", 2 * len(TEXT))
    package = open_package(zipped({"a.xml": TEXT, "b.xml": TEXT, "c.xml": TEXT}))
    package.parse("a.xml")
    package.parse("b.xml")
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        package.parse("c.xml")


def test_members_that_unpack_to_too_much_together_are_refused_unopened(monkeypatch):
    bomb = zipped([(f"media/{n}.png", b"\0" * 50_000_000) for n in range(9)])
    monkeypatch.setattr(zipfile.ZipFile, "open", refuse)
    with pytest.raises(UnreadableError, match="unpacks to more than 400 MB"):
        open_package(bomb)


def test_pictures_are_never_unpacked():
    bomb = zipped({"media/a.png": b"\0" * 100_000_000, "word/document.xml": TEXT})
    tracemalloc.start()
    assert open_package(bomb).parse("word/document.xml").text
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_header_that_lies_about_the_size_unpacks_to_no_more_than_it_says():
    content = bytearray(zipped({"a.xml": b"<a>" + b" " * 40_000_000 + b"</a>"}))
    central = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, central + 24, 100)
    tracemalloc.start()
    with pytest.raises(DamagedPartError, match="can't be unpacked"):
        open_package(bytes(content)).read("a.xml")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_members_that_share_their_bytes_are_refused():
    content = bytearray(zipped({"a.xml": TEXT, "b.xml": TEXT}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)  # where the first begins
    with pytest.raises(UnreadableError, match="overlap"):
        open_package(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_without_bounds_are_refused(method):
    package = open_package(zipped({"a.xml": b" " * 1_000_000}, method))
    with pytest.raises(DamagedPartError, match="packed in a way that no office document is"):
        package.read("a.xml")


def test_thousands_of_members_are_refused_before_they_are_listed(monkeypatch):
    content = zipped([(f"{n}", b"") for n in range(archive.MAX_MEMBERS + 1)])
    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    with pytest.raises(UnreadableError, match="more than 20000 members"):
        open_package(content)


def test_a_package_in_a_package_stays_packed():
    inner = zipped({"word/document.xml": b" " * 1_000_000})
    package = open_package(zipped({"word/embeddings/a.docx": inner, "word/document.xml": TEXT}))
    assert package.parse("word/document.xml").text


# Names


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "C:\\x", "a/../../../x", "a\0b"])
def test_names_that_lead_out_are_only_names(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(zipfile.ZipFile, "extract", refuse)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", refuse)
    package = open_package(zipped({name: b"x", "word/document.xml": TEXT}))
    assert package.parse("word/document.xml").text
    assert list(tmp_path.iterdir()) == []


def test_a_member_without_a_name_is_passed_over():
    nameless = zipped({"a": b"<a/>", "b.xml": b"<b/>"})
    directory = nameless.rindex(b"PK\x01\x02", 0, nameless.rindex(b"PK\x01\x02"))
    nameless = nameless[: directory + 46] + b"\0" + nameless[directory + 47 :]
    assert open_package(nameless).parse("b.xml").tag == "b"


def test_names_with_backslashes_are_found():
    assert "word/document.xml" in open_package(zipped({"word\\document.xml": TEXT}))


# What is no package


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no zip package"),
        (b"Bare tekst.", "is no zip package"),
        (b"%PDF-1.7 ...", "holds a PDF and not what its ending says"),
        (b"{\\rtf1 ...}", "holds an RTF document and not what its ending says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is encrypted or in the old .doc format; save it"),
        (zipped({"word/document.xml": TEXT})[:-30], "is damaged or cut short"),
        (zipped({"word/document.xml": TEXT})[:40], "is damaged or cut short"),
    ],
    ids=["empty", "text", "PDF", "RTF", "old Word", "without its end", "its first bytes"],
)
def test_what_is_no_package_is_refused_with_the_reason(content, reason):
    with pytest.raises(UnreadableError, match=re.escape(reason)):
        open_package(content)


def test_a_member_under_a_password_says_so():
    content = bytearray(zipped({"a.xml": TEXT}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableError, match="is encrypted with a password"):
        open_package(bytes(content)).read("a.xml")


def test_a_member_with_changed_bytes_is_damaged():
    content = bytearray(zipped({"a.xml": TEXT}, zipfile.ZIP_STORED))
    content[content.index(b"Kommunen")] ^= 1
    with pytest.raises(DamagedPartError, match=re.escape("a.xml can't be unpacked")):
        open_package(bytes(content)).read("a.xml")


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"xl/workbook.xml": b""}, "an Excel workbook"),
        ({"ppt/presentation.xml": b""}, "a PowerPoint presentation"),
        ({"word/document.xml": b""}, "a Word document"),
        (
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"},
            "an OpenDocument spreadsheet",
        ),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "an OpenDocument text"),
        ({"mimetype": b"application/epub+zip"}, "an e-book"),
        ({"mimetype": b"x" * 1000, "a.txt": b""}, "a zip archive"),
    ],
)
def test_a_package_is_described_by_what_is_in_it(members, what):
    assert describe(open_package(zipped(members))) == what


# Entities

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = [
    f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>',
    f'<!DOCTYPE a [<!ENTITY q "{"ha" * 50_000}">]><a>{"&q;" * 50_000}</a>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><a>&x;</a>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/a.dtd">%p;]><a/>',
    '<!-- a <b> -->\n<?x y?><!DOCTYPE a [<!ENTITY l0 "ha">]><a b="&l0;"/>',
]


@pytest.mark.parametrize("page", ENTITIES, ids=range(len(ENTITIES)))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_entities_are_refused_and_nothing_is_fetched(page, encoding, monkeypatch):
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(UnreadableError, match="carries XML entities, which no office document"):
        parse_xml(page.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32"])
def test_no_dtd_hides_in_another_encoding(encoding):
    page = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>'
    # Told in ASCII, as a parser that minds the declaration would have it
    head, dtd, rest = page.partition("<!DOCTYPE")
    for content in (page.encode(encoding), head.encode() + (dtd + rest).encode(encoding)):
        with pytest.raises(UnreadableError):
            parse_xml(content)


def test_a_sign_that_looks_like_a_dtd_in_the_text_is_text():
    assert parse_xml(b"<a>&lt;!DOCTYPE html&gt;</a>").text == "<!DOCTYPE html>"


def test_utf_16_is_read():
    page = '<?xml version="1.0" encoding="UTF-16"?><a>Ærlig talt</a>'
    assert parse_xml(page.encode("utf-16")).text == "Ærlig talt"


# Shapes of XML


@pytest.mark.parametrize("depth", [300, 100_000])
def test_what_is_nested_too_deep_is_refused(depth):
    with pytest.raises(UnreadableError, match="nested too deep"):
        parse_xml(b"<a>" * depth + b"</a>" * depth)


@pytest.mark.parametrize("piece", [b"<a/>", b'<a b=""/>'])
def test_markup_that_would_fill_the_memory_is_refused(piece):
    with pytest.raises(UnreadableError, match="pieces of markup"):
        parse_xml(b"<a>" + piece * (archive.MAX_NODES + 1) + b"</a>")


@pytest.mark.parametrize(
    "page",
    [
        b"<a>" + b"ord " * 2_800_000 + b"</a>",
        b'<a b="' + b"x" * 11_000_000 + b'"/>',
    ],
    ids=["text", "attribute"],
)
def test_a_piece_of_text_that_the_parser_does_not_take_is_called_too_large(page):
    with pytest.raises(UnreadableError, match="a piece of text of more than 10 MB; split it"):
        parse_xml(page)


@pytest.mark.parametrize("page", [b"", b"\0", b"tekst", b"<a>", b"<a></b>", b"<a>\xff</a>", b"<?"])
def test_what_is_no_xml_is_damaged(page):
    with pytest.raises(DamagedPartError, match="holds no XML"):
        parse_xml(page)
