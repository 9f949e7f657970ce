"""Damaged input of every kind: what breaks the program, hangs it or makes it swell.

    python -m benchmarks.fuzz [--minutes 10] [--seed 0] [--only WORD]

Sound files are damaged (`benchmarks.damage`) and given to what reads them:

- the handwritten pages in every format (`tests/reading_corpus`), to the readers,
- a `metadata.csv`, a codebook, a file of decisions and a settings file, to theirs,
- the tables, arrays and records of a run, to the store,
- names that no person gives to a file, to the listing of a folder.

Each has to give what it reads or a reason in words. Printed are the inputs that did otherwise (kept
in --keep, to be looked at; the last input lies there too, should the process itself break), the
slowest, and how much memory was held at most. The same seed damages in the same way.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.damage import NASTY, damage
from pipeline.api import open_outputs
from pipeline.cli import as_line
from pipeline.cluster.codebook import read_codebook
from pipeline.cluster.curation import read_curation
from pipeline.read.convert import convert, count_texts
from pipeline.read.decode import decode
from pipeline.read.extracted import Extracted, UnreadableError
from pipeline.read.files import RawFile, list_files
from pipeline.read.metadata import match_metadata, parse_metadata
from pipeline.read.more import MORE
from pipeline.read.records import TABLE_ENDINGS
from pipeline.schemas import SCHEMAS
from pipeline.settings import NordtemaError, load_settings
from pipeline.store import Store
from tests.reading_corpus import load_pages, write_corpus

HOME = Path(__file__).parent.parent
# Of the processor, whatever else the machine does
SLOW_SECONDS = 10.0
LAST_SECONDS = 60.0  # what takes longer is broken off
MOST_MEMORY = 4_000_000_000  # bytes; what asks for more is a fault

Check = Callable[[bytes], str]


@dataclass(frozen=True)
class Target:
    """Sound inputs of one kind, their ending, and what says what is wrong with an answer, or ""."""

    ending: str
    sound: Sequence[bytes]
    check: Check
    others: Sequence[bytes] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="targets whose name has this word in it")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nordtema-fuzz")
    options = parser.parse_args(arguments)
    options.keep.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore", "Duplicate name")  # two members of one name are meant
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with tempfile.TemporaryDirectory() as scratch:
        targets = list_targets(Path(scratch))
        chosen = {name: target for name, target in targets.items() if options.only in name}
        faults = fuzz(chosen, random.Random(options.seed), 60 * options.minutes, options.keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"seed {options.seed}; peak memory {peak:.0f} MB; faults: {dict(faults) or 'none'}")
    return int(bool(faults))


def fuzz(
    targets: Mapping[str, Target], rng: random.Random, seconds: float, keep: Path
) -> Counter[str]:
    """Damage and look, for so long; the faults that were found, and how often each."""
    ends = time.monotonic() + seconds
    done: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    slowest: dict[str, float] = dict.fromkeys(targets, 0.0)
    while time.monotonic() < ends:
        name = rng.choice(sorted(targets))
        target = targets[name]
        content = damage(
            rng, rng.choice(target.sound), target.ending, target.others or target.sound
        )
        (keep / "last").write_bytes(content)
        began = time.process_time()
        fault = examine(target.check, content)
        took = time.process_time() - began
        done[name] += 1
        slowest[name] = max(slowest[name], took)
        if took > SLOW_SECONDS:
            fault = fault or f"took {took:.0f} s"
        if fault:
            faults[f"{name}: {fault}"] += 1
            kept = f"{done.total()}-{name.replace('/', '-')}"
            (keep / kept).write_bytes(content)
            print(f"{kept}: {fault}", flush=True)
        if done.total() % 1000 == 0:
            print(f"{done.total():,} inputs", flush=True)
    print(f"{done.total():,} inputs in {seconds / 60:g} minutes:")
    for name, number in sorted(done.items()):
        print(f"  {name:<16} {number:>7,}  slowest {slowest[name]:.2f} s")
    return faults


def examine(check: Check, content: bytes) -> str:
    """What is wrong with the answer, or ""; whatever is raised is a fault."""
    before = signal.signal(signal.SIGPROF, _break_off)
    signal.setitimer(signal.ITIMER_PROF, LAST_SECONDS)
    try:
        return check(content)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _break_off(*_: object) -> None:
    raise TimeoutError


def list_targets(scratch: Path) -> dict[str, Target]:
    targets = {
        f"texts{ending}": Target(ending, sound, _read_as(ending))
        for ending, sound in make_corpus().items()
    }
    every = [content for target in targets.values() for content in target.sound]
    targets["texts.odd"] = Target("", every, _read_under_another_name)
    targets["metadata.csv"] = Target(".csv", METADATA, check_metadata)
    codebooks = [path.read_bytes() for path in sorted((HOME / "codebooks").glob("*.toml"))]
    for name, sound, read in (
        ("codebook.toml", [*codebooks, CODEBOOK], read_codebook),
        ("curation.toml", [CURATION], read_curation),
        ("nordtema.toml", [SETTINGS], lambda path: load_settings(path, {})),
    ):
        targets[name] = Target(".toml", sound, _check_file(scratch / name, read), TOML)
    return targets | _targets_of_outputs(scratch / "outputs") | {"names": _target_of_names(scratch)}


# Texts


def make_corpus() -> dict[str, list[bytes]]:
    """Sound files by their endings."""
    corpus: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for made in write_corpus(Path(folder), load_pages()[::4]):
            corpus.setdefault(f".{made.ending}", []).append((Path(folder) / made.path).read_bytes())
    return corpus


def _read_as(ending: str) -> Check:
    return lambda content: read(content, ending)


def _read_under_another_name(content: bytes) -> str:
    """As every format in turn: which one hangs on the content, so that it can be found again."""
    endings = (".txt", ".md", ".html", ".pdf", ".docx", ".odt", *TABLE_ENDINGS)
    return read(content, endings[sum(content[:100]) % len(endings)])


def read(content: bytes, ending: str) -> str:
    """What is wrong with the answer of the readers, or ""."""
    first = count = 0
    if ending in TABLE_ENDINGS:
        counted = count_texts(content, ending)
        if isinstance(counted, str):
            return _wrong_reason(counted)
        first, count = 1, min(counted, 50)
    texts = convert(content, ending, first, count)
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


# What describes texts, themes and the run


def check_metadata(content: bytes) -> str:
    """What is wrong with what is told of two files and a table, or ""."""
    files = [
        RawFile("skatten", "skatten.txt", "skatten.txt"),
        RawFile("mappe/nav", "mappe/nav.html", "mappe/nav.html"),
        RawFile("arkiv", "arkiv.csv", "arkiv.csv", first=1, count=3),
    ]
    notes: list[str] = []
    try:
        rows = parse_metadata(decode(content), "metadata.csv", notes)
        matched, told = match_metadata(rows, files, ["for-stor.pdf"])
    except UnreadableError as error:
        return _wrong_reason(str(error))
    except NordtemaError as error:
        return _wrong_message(str(error))
    known = {file.path for file in files} | {f"arkiv.csv#{row}" for row in (1, 2, 3)}
    if not set(matched) <= known:
        return "facts of files that there are not"
    for facts in matched.values():
        more = json.loads(facts[MORE])
        if not all(isinstance(value, str) for value in (*facts.values(), *more.values())):
            return "a fact that is no text"
    return next(filter(None, map(_wrong_message, (*notes, *told))), "")


def _check_file(path: Path, read: Callable[[Path], object]) -> Check:
    def check(content: bytes) -> str:
        path.write_bytes(content)
        try:
            read(path)
        except NordtemaError as error:
            return _wrong_message(str(error))
        return ""

    return check


def _wrong_message(message: str) -> str:
    """A message may quote what was written: it is looked at as the command line says it."""
    line = as_line(message).replace("\xa0", " ")
    return "" if line and line.isprintable() else f"{message[:80]!r} is no message"


# Outputs


def _targets_of_outputs(out: Path) -> dict[str, Target]:
    """A table, vectors, a model, a record of the manifest and one of the run, each alone."""
    store = Store(out)
    rows = [dict.fromkeys(SCHEMAS["rejected"], "vedtak")] * 50
    table = store.write("rejected", pd.DataFrame(rows))
    vectors = store.write_vectors(np.eye(40, dtype=np.float32))
    model = store.write_model({"centres": np.eye(40), "names": np.array(["t01", "t02"])})
    store.record("read.list", 0, "a" * 32, [table, vectors], {"files": 2}, ("a note",))
    entry = out / "work" / "manifest" / "read.list" / "part-00000.json"
    run = out / "report" / "run.json"
    store.write_json(run, {"settings": load_settings(None, {}).model_dump(), "stages": {}})
    readers: dict[Path, Callable[[], object]] = {
        table: lambda: store.read("rejected"),
        vectors: store.read_vectors,
        model: store.read_model,
        entry: lambda: _look_at_entry(Store(out)),
        run: lambda: open_outputs(out).settings,
    }
    return {
        f"outputs/{path.name}" if path is not entry else "outputs/entry.json": Target(
            path.suffix, [path.read_bytes()], _check_output(path, reader)
        )
        for path, reader in readers.items()
    }


def _look_at_entry(store: Store) -> None:
    entry = store.entry("read.list")
    if entry is not None:
        store.is_intact(entry)
        for path in entry.outputs:
            if Path(path).is_absolute() or ".." in Path(path).parts:
                raise ValueError("a file outside the outputs")


def _check_output(path: Path, read: Callable[[], object]) -> Check:
    def check(content: bytes) -> str:
        sound = path.read_bytes()
        path.write_bytes(content)
        try:
            read()
        except NordtemaError as error:
            return _wrong_message(str(error))
        finally:
            path.write_bytes(sound)
        return ""

    return check


# Names


def _target_of_names(scratch: Path) -> Target:
    def check(content: bytes) -> str:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            made = [name for name in content.split(b"\0")[:20] if _make_file(folder, name)]
            files, rejections = list_files(Path(folder))
        paths = [*(file.path for file in files), *(rejection.path for rejection in rejections)]
        if len(files) + len(rejections) != len(made) or len(set(paths)) != len(paths):
            return f"{len(paths)} paths of {len(made)} files"
        if not all(path.isprintable() for path in paths):
            return "a path that can't be printed"
        if len({file.doc_id for file in files}) != len(files):
            return "two documents of one id"
        return next(filter(None, (_wrong_reason(one.reason) for one in rejections)), "")

    return Target("", NAMES, check)


def _make_file(folder: str, name: bytes) -> bool:
    """A file of that name, if the system takes it and it is not there yet."""
    if b"/" in name or name in (b"", b".", b"..", b"metadata.csv"):
        return False
    try:
        os.close(os.open(os.fsencode(folder) + b"/" + name, os.O_CREAT | os.O_EXCL))
    except (OSError, ValueError):
        return False
    return True


NAMES = [
    b"\0".join(
        (*(b"a.txt", b"a.txt.md", b"a#2.txt", b"a.csv", "ø.html".encode(), b"\xf8.html"), some)
    )
    for some in (b"...txt", b".skjult", b"~$a.docx", b" .txt", b"a.TXT ", *NASTY)
]
METADATA = [
    "path,title,author,published,source,country,url,type\n"
    "skatten.txt,Skatten bliver digital,Ida Holm,2024-03-01,Bladet,DK,https://example.com/a,news\n"
    "arkiv.csv#2,,,02.03.2024,Bladet,DK,,debate\n"
    '"mappe/nav.html","Nav, og så?",,,Avisa,NO,,news\n'.encode(),
    "sep=;\nfil;tittel;dato;målgruppe\nskatten.txt;Æ;1. mars 2024;unge\n".encode("cp1252"),
    "doc_id\tforfatter\nskatten\tKari\nfor-stor\tOla\n".encode("utf-16"),
]
CODEBOOK = """[[theme]]
id = "user-needs"
label_da = "Brugernes behov"
label_no = "Brukernes behov"
da = ["brugerbehov", "borgerens behov"]
no = ["brukerbehov"]
not = ["brugeradgang"]
examples = ["Vi talte med forældrene."]
""".encode()
CURATION = """# Decisions
[[rename]]
theme = "t03"
label_da = "Brugernes behov"
label_no = "Brukernes behov"
sentences = ["nyt-fra-kommunen:12 | Borgerne skal høres", "nr-1:3"]
[[merge]]
[[merge.themes]]
sentences = ["nr-1:3", "nr-2:8"]
[[merge.themes]]
sentences = ["nr-4:1"]
[[split]]
sentences = ["nr-1:3", "nr-2:8", "nr-5:2"]
[[split.into]]
label_da = "Skat"
label_no = "Skatt"
sentences = ["nr-1:3"]
[[split.into]]
label_da = "Told"
label_no = "Toll"
sentences = ["nr-2:8", "nr-5:2"]
[[remove]]
sentences = ["nr-7:1"]
[[move]]
sentence = "nr-3:14"
to = {sentences = ["nr-1:3"]}
""".encode()
SETTINGS = "".join(
    f"[{section}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    for section, values in load_settings(None, {}).model_dump().items()
).encode()
TOML = [CODEBOOK, CURATION, SETTINGS]

if __name__ == "__main__":
    sys.exit(main())
