"""Damage for `benchmarks.fuzz`: bytes changed anywhere, or a token changed for another.

Damage that knows no format finds faults of decoding and of lengths; most of it ends at the first
check of a parser. What lies behind that is reached by leaving the format whole but for one token (a
tag, a number, a cell, a key), which becomes another token of the same kind of file, or an odd one.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

Damage = Callable[[random.Random, bytes, Sequence[bytes]], bytes]
# A token is repeated up to about so many bytes
LARGEST = 20_000_000


def damage(rng: random.Random, content: bytes, ending: str, others: Sequence[bytes]) -> bytes:
    """A sound file of a format -> one that is not. `others` are further files of that format."""
    if rng.random() < 0.03:
        return make_up(rng)
    if content.startswith(b"PK") and rng.random() < 0.7:
        return _damage_member(rng, content, others)
    if content.startswith(b"%PDF") and rng.random() < 0.4:
        return _damage_stream(rng, content, others)
    return _damage_some(rng, content, KIND_OF.get(ending, ""), others)


def make_up(rng: random.Random) -> bytes:
    """Bytes that no program has written, with or without a known beginning."""
    begin = rng.choice(
        (b"", b"", b"PK\x03\x04", b"%PDF-1.7\n", b"PAR1", b"\x93NUMPY\x01\x00", b"---\n")
    )
    inside = rng.randbytes(rng.choice((0, 1, 10, 300, 5000)))
    if rng.random() < 0.5:
        inside = b"".join(rng.choices((*NASTY, inside[:20]), k=rng.randrange(1, 6)))
    return begin + inside


def _damage_some(rng: random.Random, content: bytes, kind: str, others: Sequence[bytes]) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if kind and rng.random() < 0.5:
            content = _change_token(rng, content, kind)
        else:
            content = rng.choice(DAMAGES)(rng, content, others)
    return content


def _damage_member(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A zip package that is whole but for what one of its members says, or is called."""
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        names = package.namelist()
        hit = rng.choice(names)
        for name in names:
            inside = package.read(name)
            if name == hit:
                inside = _damage_some(rng, inside, "markup", others)
            if name == hit and rng.random() < 0.1:
                name = rng.choice(ODD_NAMES)
            if name != hit or rng.random() < 0.9:
                made.writestr(name, inside)
    return sink.getvalue()


def _damage_stream(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A PDF of which one compressed stream says something else."""
    start = content.find(b"stream\n", rng.randrange(len(content))) + len(b"stream\n")
    end = content.find(b"endstream", start)
    try:
        inside = zlib.decompress(content[start:end].strip(b"\r\n"))
    except zlib.error:
        return _change(rng, content, others)
    inside = _damage_some(rng, inside, "pdf", others)
    return content[:start] + zlib.compress(inside) + b"\n" + content[end:]


# Tokens


def _change_token(rng: random.Random, content: bytes, kind: str) -> bytes:
    """One token left out, repeated, or changed for another of the file or an odd one."""
    token, odd = TOKENS[kind]
    found = [match.span() for match in token.finditer(content)]
    if not found:
        return content + rng.choice(odd)
    start, end = rng.choice(found)
    told = content[start:end]
    what = rng.randrange(5)
    if what == 0:
        new = b""
    elif what == 1:
        times = rng.choice((2, 3, 50, 3000))
        # Done again and again, it would take all memory before any reader sees it
        new = told * min(times, max(1, LARGEST // max(1, len(told))))
    elif what == 2:
        other = rng.choice(found)
        new = content[slice(*other)]
    else:
        new = rng.choice(odd)
    return content[:start] + new + content[end:]


_NUMBERS = (b"0", b"-1", b"1e999", b"nan", b"9" * 400, b"9" * 5000, b"2147483648", b"-0.0", b"1_0")
_MARKUP_TOKEN = re.compile(rb"<[^<>]{0,300}>|\"[^\"<>]{0,200}\"|&\w+;")
_TOML_TOKEN = re.compile(rb"\"[^\"\n]*\"|\[\[?[\w. ]+\]\]?|[\w.-]+|[=,{}\[\]#\n]")
_JSON_TOKEN = re.compile(rb"\"(?:[^\"\\\n]|\\.){0,300}\"|-?[\d.]+|[\[\]{}:,\n]|null|true|false")
_CSV_TOKEN = re.compile(rb"[^,;\t\n]{1,200}|[,;\t\n]")
_PDF_TOKEN = re.compile(rb"\d+ \d+ (?:R|obj)|-?[\d.]+|/\w+|<<|>>|[\[\]()]|\b[A-Za-z*]{1,9}\b")
_MARKDOWN_TOKEN = re.compile(rb"\n|[#*_>`|~-]+|\[[^\]\n]{0,200}\]\(?|[\w]+:?|---")

# kind of file -> (what a token is, odd tokens)
TOKENS: dict[str, tuple[re.Pattern[bytes], tuple[bytes, ...]]] = {
    "markup": (
        _MARKUP_TOKEN,
        (
            b"<w:p>" * 300, b"<div>" * 5000, b"<table><tr><td>" * 500, b"<ul><li>" * 1000, b"</p>",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"<![CDATA[",
            b"<?a ?>", b"<svg><script>1</script></svg>", b"<template>", b"<plaintext>",
            b"<textarea>", b"<!--", b"<meta charset='utf-7'>", b"<base href='file:///'>",
            b"<a href='#a' id='a'>", b"<button aria-controls='a'>",
            b"<td colspan='99999999' rowspan='99999999'>",
            b"<script type='application/ld+json'>" + b"[" * 3000 + b"</script>", b"&#0;",
            b"&#xD800;", b"&#99999999999;", b"&#27;", b'"99999999999"', b'"-1"', b'""',
            b'"../../../etc/passwd"', b"<text:s text:c='99999999'/>",
            b"<w:gridSpan w:val='99999999'/>", b"<w:tab/>" * 3000,
            b"<w:ilvl w:val='99999999999999999999'/>", b"<w:sym w:char='D800'/>", b"<w:fldChar/>",
            b"<table:table-cell table:number-columns-repeated='99999999'/>", b"<text:h/>",
        ),
    ),
    "toml": (
        _TOML_TOKEN,
        (
            *_NUMBERS, b"[" * 3000, b"{a=" * 3000, b"a." * 3000 + b"a", b'"""', b"'''",
            b'"\\u001b[2J"', b'"\\uD800"', b"1979-05-27T07:32:00Z", b"25:00:00", b"true", b"[]",
            b"{}", b"[[theme]]", b"[run]", b"[[rename]]", b'"' + b"a" * 20_000 + b'"', b"inf",
            b"0x" + b"f" * 400, b'"=1"', b'"a:1 | b"', b'":"', b'" | "', b'"none"', b'"../../a"',
            b'"/dev/zero"', b"seed", b"jobs",
        ),
    ),
    "json": (
        _JSON_TOKEN,
        (
            *_NUMBERS, b"[" * 3000, b'{"a":' * 3000, b'"\\ud800"', b'"\\u0000"', b'"\\u001b[2J"',
            b"NaN", b"Infinity", b'{"name": {"name": "a"}}', b'["a", ["b"], {"name": "c"}, null]',
            b'""', b'{"text": "a", "text": "b"}', b'"' + b"a " * 20_000 + b'"', b'"text"',
            b'"published"',
        ),
    ),
    "csv": (
        _CSV_TOKEN,
        (
            *_NUMBERS, b'"', b'""', b'"a\nb"', b"'", b"\r", b"\r\n", b"\x00", b"path", b"doc_id",
            b"text", b"more", b"group", b"language", b"year", b"../../a", b"/etc/passwd",
            b"a.txt#2", b"#", b".", b"a.csv#99999999999", b"=cmd|'/c'!A1", b"\x1b[2J",
            b"<script>alert(1)</script>", b"\xff", b"\xe2\x80\xae", b"a" * 140_000, b"," * 5000,
            b"31.02.2024", b"2024-13-40", b"sep=;\n",
        ),
    ),
    "pdf": (
        _PDF_TOKEN,
        (
            *_NUMBERS, b"1 0 R", b"2 0 R", b"99999 0 R", b"/Kids [1 0 R 1 0 R]", b"/Parent 1 0 R",
            b"<<", b">>", b"[" * 3000, b"<<" * 3000, b"(" * 3000, b"/FlateDecode", b"/LZWDecode",
            b"/JBIG2Decode", b"[/FlateDecode /FlateDecode /FlateDecode]", b"/Encrypt 1 0 R",
            b"/ToUnicode 1 0 R", b"Do", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
            b"/S /Launch /F (cmd.exe)", b"q " * 5000, b"/Length 99999999999", b"/Columns 99999999",
            b"/Prev 0", b"/XRefStm 0", b"Tj", b"BT " * 3000,
        ),
    ),
    "markdown": (
        _MARKDOWN_TOKEN,
        (
            b"---", b"+++", b"```", b"[a]" * 3000, b"![" * 3000, b"](" * 3000, b"*a" * 5000,
            b"_a_" * 3000, b"> " * 3000, b"| a " * 3000, b"\\" * 5000, b"<script>", b"<!--",
            b"title: &a [*a, *a]", b"date: !!python/object/apply:os.system ['true']",
            b"title: {a: {b: c}}", b"  - " * 3000,
        ),
    ),
}  # fmt: skip
KIND_OF = {
    ".html": "markup", ".htm": "markup", ".md": "markdown", ".csv": "csv", ".tsv": "csv",
    ".pdf": "pdf", ".jsonl": "json", ".json": "json", ".toml": "toml",
}  # fmt: skip
ODD_NAMES = (
    "../../outside.xml", "/etc/passwd", "word\\document.xml", "a/" * 200 + "b.xml",
    "WORD/DOCUMENT.XML", "word/document.xml", "content.xml", "\x1b[2J.xml", "æ\u202e.xml", ".",
    "META-INF/manifest.xml",
)  # fmt: skip


# Bytes


def _change(rng: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 30))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(rng: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _remove(rng: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice((1, 10, 200, 5000)) :]


def _double(rng: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice((1, 8, 64, 1000))]
    return content[:start] + piece * rng.choice((2, 3, 50, 500)) + content[start:]


def _insert(rng: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + rng.choice(NASTY) + content[start:]


def _mix(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    start = rng.randrange(len(other) + 1)
    place = rng.randrange(len(content) + 1)
    return content[:place] + other[start : start + 3000] + content[place:]


DAMAGES: tuple[Damage, ...] = (_change, _cut, _remove, _double, _insert, _mix)
NASTY = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\x1a", b"\x0c", b'"', b"<",
    b"<" * 500, b"<div>" * 3000, b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"-->",
    b"[" * 5000, b"{" * 5000, b'{"a":' * 2000, b"(" * 3000, b"<<" * 3000, b"9" * 400, b"-1",
    b"1e999", b"/Kids [1 0 R]", b"endobj", b"\xe2\x80\xae", b"e\xcc\x81" * 3000, b"a " * 20_000,
    b"\n" * 20_000, b"- " * 10_000, b"a@b." * 5000, b"12 34 56 78 " * 3000, b"> " * 5000,
    b"| " * 8000, b"*" * 8000, b"https://" * 2000, b"\xf0\x9f\x98\x80" * 2000, b"=cmd|'/c'!A1",
    b"1. " * 5000, b"www." * 5000, b'""' * 5000, b";" * 20_000, b"\t" * 20_000, b"\x1b[2J",
)  # fmt: skip
