"""Damaged files of every format through the readers: what breaks, hangs or swells.

    python -m benchmarks.fuzz [--minutes 10] [--seed 0]

The handwritten pages are made into files (`tests/reading_corpus`) and damaged: bytes changed,
removed, doubled and moved, files cut short, pieces of one put into another, and, in zip packages,
members damaged with the package whole around them. A reader has to give texts or a reason in
words. Printed are the inputs that did otherwise (kept in --keep, to be looked at), the slowest,
and how much memory was held at most.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.read.convert import convert, count_texts
from pipeline.read.extracted import Extracted
from pipeline.read.records import TABLE_ENDINGS
from tests.reading_corpus import load_pages, write_corpus

SLOW_SECONDS = 10.0

Damage = Callable[[random.Random, bytes, list[bytes]], bytes]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nordtema-fuzz")
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    corpus = make_corpus()
    ends = time.monotonic() + 60 * options.minutes
    done: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    slowest = (0.0, "")
    while time.monotonic() < ends:
        ending = rng.choice(sorted(corpus))
        content = damage(rng, rng.choice(corpus[ending]), corpus[ending])
        if rng.random() < 0.02:
            ending = rng.choice(sorted(corpus))  # a file under another's name
        began = time.monotonic()
        fault = read(content, ending)
        seconds = time.monotonic() - began
        done[ending] += 1
        slowest = max(slowest, (seconds, ending))
        if seconds > SLOW_SECONDS:
            fault = fault or f"took {seconds:.0f} s"
        if fault:
            faults[fault] += 1
            options.keep.mkdir(parents=True, exist_ok=True)
            name = f"{options.seed}-{done.total()}{ending}"
            (options.keep / name).write_bytes(content)
            print(f"{name}: {fault}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done.total():,} files in {options.minutes:g} minutes: {dict(sorted(done.items()))}")
    print(f"faults: {dict(faults) or 'none'}")
    print(f"slowest: {slowest[0]:.1f} s ({slowest[1]}); peak memory {peak:.0f} MB")
    return int(bool(faults))


def make_corpus() -> dict[str, list[bytes]]:
    """Sound files by their endings."""
    corpus: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for made in write_corpus(Path(folder), load_pages()[::4]):
            corpus.setdefault(f".{made.ending}", []).append((Path(folder) / made.path).read_bytes())
    return corpus


def read(content: bytes, ending: str) -> str:
    """What is wrong with the answer of the readers, or ""."""
    try:
        first = count = 0
        if ending in TABLE_ENDINGS:
            counted = count_texts(content, ending)
            if isinstance(counted, str):
                return _wrong_reason(counted)
            first, count = 1, min(counted, 50)
        texts = convert(content, ending, first, count)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    if len(texts) != max(count, 1):
        return f"{len(texts)} texts of {max(count, 1)}"
    for text in texts:
        if isinstance(text, str):
            if fault := _wrong_reason(text):
                return fault
        elif not isinstance(text, Extracted) or not any(not b.reason for b in text.blocks):
            return "a text without blocks"
    return ""


def _wrong_reason(reason: str) -> str:
    sound = bool(reason) and "\n" not in reason and len(reason) < 600 and reason.isprintable()
    return "" if sound else f"a reason nobody understands: {reason[:80]!r}"


# Damage


def damage(rng: random.Random, content: bytes, others: list[bytes]) -> bytes:
    if content.startswith(b"PK") and rng.random() < 0.6:
        return _damage_member(rng, content, others)
    if content.startswith(b"%PDF") and rng.random() < 0.4:
        return _damage_stream(rng, content, others)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        content = rng.choice(DAMAGES)(rng, content, others)
    return content


def _damage_member(rng: random.Random, content: bytes, others: list[bytes]) -> bytes:
    """A zip package that is whole but for what one of its members says."""
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
                inside = rng.choice(DAMAGES)(rng, inside, others)
            if name != hit or rng.random() < 0.9:
                made.writestr(name, inside)
    return sink.getvalue()


def _damage_stream(rng: random.Random, content: bytes, others: list[bytes]) -> bytes:
    """A PDF of which one compressed stream says something else."""
    start = content.find(b"stream\n", rng.randrange(len(content))) + len(b"stream\n")
    end = content.find(b"endstream", start)
    try:
        inside = zlib.decompress(content[start:end].strip(b"\r\n"))
    except zlib.error:
        return _change(rng, content, others)
    inside = rng.choice(DAMAGES)(rng, inside, others)
    return content[:start] + zlib.compress(inside) + b"\n" + content[end:]


def _change(rng: random.Random, content: bytes, _others: list[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 30))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(rng: random.Random, content: bytes, _others: list[bytes]) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _remove(rng: random.Random, content: bytes, _others: list[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.choice((1, 10, 200, 5000)) :]


def _double(rng: random.Random, content: bytes, _others: list[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice((1, 8, 64, 1000))]
    return content[:start] + piece * rng.choice((2, 3, 50, 500)) + content[start:]


def _insert(rng: random.Random, content: bytes, _others: list[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + rng.choice(NASTY) + content[start:]


def _mix(rng: random.Random, content: bytes, others: list[bytes]) -> bytes:
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
    b"1. " * 5000, b"www." * 5000, b'""' * 5000, b";" * 20_000, b"\t" * 20_000,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
