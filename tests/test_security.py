"""What strangers' files can do to whoever runs the program: docs/security.md says which test is for
which line. Here are those that belong to no single module."""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from lxml import html as lxml_html
from openpyxl import load_workbook
from running import nordtema, read_csv, the_error

from benchmarks.damage import damage
from benchmarks.fuzz import Target, examine, fuzz, list_targets
from pipeline.cli import MOST_SAID, as_line, make_printable
from pipeline.cluster.codebook import read_codebook
from pipeline.cluster.curation import read_curation
from pipeline.read.convert import convert
from pipeline.read.files import list_files
from pipeline.read.markdown import read_markdown
from pipeline.read.metadata import parse_metadata
from pipeline.read.records import count_records
from pipeline.settings import NordtemaError, load_settings
from pipeline.store import Store
from pipeline.toml import lines_at, parse_toml

HOME = Path(__file__).parent.parent
DOCUMENT = (HOME / "docs" / "security.md").read_text(encoding="utf-8")
SOURCES = sorted((HOME / "pipeline").rglob("*.py"))


# The document


def list_tests() -> set[str]:
    """test_file::test_name of every test of the repository."""
    return {
        f"{path.stem}::{node.name}"
        for path in (HOME / "tests").glob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_line_of_the_document_names_tests_that_there_are():
    rows = [line for line in DOCUMENT.splitlines() if re.match(r"\| (?!what |---)", line)]
    tests = list_tests()
    assert len(rows) > 40
    for row in rows:
        named = re.findall(r"`(test_\w+::test_\w+)`", row)
        assert named, f"no test for: {row}"
        assert [name for name in named if name not in tests] == [], row


def test_every_test_of_security_is_named_in_the_document():
    own = {name for name in list_tests() if name.startswith("test_security")}
    assert [name for name in sorted(own) if name not in DOCUMENT] == []


# A run over files that mean harm, in which no process may reach for the network

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
FORMULA = "=HYPERLINK(A1)"
HOSTILE_PAGE = """<!DOCTYPE html><html><head><title>{title}</title>
<link rel="stylesheet" href="http://192.0.2.1/a.css"><script src="http://192.0.2.1/a.js"></script>
</head><body><article><h1>Innbyggerne venter</h1><img src="http://192.0.2.1/a.png">
<p>Kommunen svarer ikke på brev fra innbyggerne, og det har den ikke gjort på lenge.</p>
<p>Vi skrev &lt;script&gt;alert(1)&lt;/script&gt; i skjemaet, og kommunen svarte ikke på det.</p>
<p>{formula} er det første som står i dette avsnittet om kommunen og innbyggerne.</p>
<iframe src="http://192.0.2.1/"></iframe><object data="http://192.0.2.1/a.svg"></object>
</article></body></html>"""
LETTER = """Kommunen har ikke svart på brevene som innbyggerne har skrevet i vinter.

Derfor skrev \u202ede igjen, og denne gangen gikk de til avisen med det som hadde skjedd.
"""
LIGHT = """[run]
part_documents = 4
[cluster]
max_themes = 3
[compare]
permutations = 100
placebo_splits = 2
"""
# Every process of Python reads this before anything else
WATCH = """
import os, sys
def say(what):
    with open(os.environ["NORDTEMA_TEST_LOG"], "a") as log:
        log.write(what + "\\n")
def watch(event, arguments):
    # An address that is a text is a file's name: a socket between processes of this machine
    if event in ("socket.getaddrinfo", "socket.gethostbyname") or (
        event in ("socket.connect", "socket.sendto") and not isinstance(arguments[1], str)
    ):
        say(f"network: {event} {arguments}")
        raise PermissionError("no network here")
sys.addaudithook(watch)
say("watching")
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> tuple[Path, str]:
    """The outputs of a run on such files, and what its processes did on the network."""
    place = tmp_path_factory.mktemp("hostile")
    raw = place / "raw"
    raw.mkdir()
    rows = ["path,title,author,source,type"]
    for number, path in enumerate(sorted((HOME / "tests" / "corpus" / "small").glob("*.txt"))):
        name = (f"{SCRIPT}.txt".replace("/", "∕"), f"{IMAGE}.txt", f"{FORMULA}.txt", path.name)[
            min(number, 3)
        ]
        (raw / name).write_bytes(path.read_bytes())
        kind = (f"{SCRIPT} a", f"{IMAGE} b")[number % 2]
        cells = (name, f"{SCRIPT} {number}", IMAGE, FORMULA, kind)
        rows.append(",".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    page = HOSTILE_PAGE.format(title=f"&lt;/title&gt;{IMAGE}", formula=FORMULA)
    (raw / "side.html").write_text(page, encoding="utf-8")
    rows.append(f'side.html,,,,"{SCRIPT} a"')
    (raw / "\x1b[2Jrydd.txt").write_text(LETTER, encoding="utf-8")
    (raw / "metadata.csv").write_text("\n".join(rows), encoding="utf-8")
    codebook = place / "codebook.toml"
    codebook.write_text(
        f"[[theme]]\nid = 'svar'\nlabel_da = '{SCRIPT} svar'\nlabel_no = '{IMAGE} svar'\n"
        "da = ['svare', 'brev', 'kommune']\nno = ['svare', 'brev', 'kommune']\n",
        encoding="utf-8",
    )
    config = place / "light.toml"
    config.write_text(LIGHT, encoding="utf-8")
    (place / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = place / "log"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline",
            "run",
            raw,
            "--out",
            place / "out",
            "--jobs",
            "2",
            "--config",
            config,
            "--codebook",
            codebook,
            "--group-by",
            "type",
        ],
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(place), "NORDTEMA_TEST_LOG": str(log)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    return place / "out", log.read_text(encoding="utf-8")


def test_no_process_of_a_run_reaches_for_the_network(hostile):
    _, log = hostile
    assert log.count("watching") >= 3, "the run, its workers"
    assert "network" not in log


def test_what_is_watched_would_be_seen(tmp_path):
    """The watch above sees a look-up of a name and a connection, in a process like those."""
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    for attempt in ("getaddrinfo('example.com', 80)", "create_connection(('192.0.2.1', 80), 1)"):
        log = tmp_path / "log"
        done = subprocess.run(
            [sys.executable, "-c", f"import socket; socket.{attempt}"],
            env={**os.environ, "PYTHONPATH": str(tmp_path), "NORDTEMA_TEST_LOG": str(log)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert "network" in log.read_text(encoding="utf-8")
        log.unlink()


def test_names_texts_labels_and_metadata_stay_text_in_the_page_and_the_charts(hostile):
    out, _ = hostile
    page = out / "report" / "index.html"
    tree = lxml_html.fromstring(page.read_bytes())
    kinds = [element.get("type") for element in tree.iter("script")]
    assert kinds == ["application/json", "application/json", None]
    assert "alert(1)" in tree.text_content()
    pictures = {element.get("src", "")[:5] for element in tree.iter("img")}
    assert pictures <= {"data:", "chart"}
    trees = [tree]
    for chart in (out / "report" / "charts").glob("*.svg"):
        trees.append(etree.fromstring(chart.read_bytes(), etree.XMLParser(resolve_entities=False)))
        assert not [element for element in trees[-1].iter("{*}script", "{*}image", "{*}a")
                    if not str(element.get("{*}href", "data:")).startswith("data:")]  # fmt: skip
    for one in trees:
        handlers = [name for element in one.iter() for name in element.attrib if name[:2] == "on"]
        assert handlers == []


def test_no_cell_of_a_csv_file_is_a_formula(hostile):
    out, _ = hostile
    cells = [
        cell
        for path in (out / "report").glob("*.csv")
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        for cell in row
    ]
    assert any(FORMULA in cell for cell in cells)
    for cell in cells:
        is_number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?|-?inf", cell)
        assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_no_cell_of_the_workbook_is_a_formula(hostile):
    out, _ = hostile
    book = load_workbook(out / "report" / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(FORMULA in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_sentence_is_shown_without_what_a_terminal_would_obey(hostile):
    out, _ = hostile
    [row] = [row for row in read_csv(out, "documents.csv") if "rydd" in row["path"]]
    assert row["path"].startswith(r"\x1b[2Jrydd")
    for position in (0, 1):
        shown = nordtema("show", f"{row['doc_id']}:{position}", "--out", out)
        assert shown.code == 0
        assert not {"\x1b", "\u202e"} & set(shown.out)


# Names and messages


def test_a_path_beyond_the_systems_length_is_told(tmp_path):
    (tmp_path / "a.txt").write_text("tekst")
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # 20 folders of 250 characters: more than the 4,096 of a path
        os.mkdir("d" * 250, dir_fd=here)
        here, outer = os.open("d" * 250, os.O_RDONLY, dir_fd=here), here
        os.close(outer)
    os.close(here)
    files, rejected = list_files(tmp_path)
    assert [file.path for file in files] == ["a.txt"]
    assert [one.reason for one in rejected] == ["folder that can't be opened (file name too long)"]


def test_an_ending_of_hundreds_of_characters_is_told_in_short(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a." + b"\xbb" * 250)).touch()
    _, [rejected] = list_files(tmp_path)
    assert rejected.reason.startswith(
        r"format .\xbb\xbb\xbb\xbb\xbb\xbb\xbb… is not read; save it as"
    )
    assert len(rejected.reason) < 150


def test_what_a_terminal_would_obey_is_printed_as_text():
    assert make_printable("\x1b[2J \x9b1m \u202e \u2028 \ud800 \x07\r") == (
        r"\x1b[2J \x9b1m \u202e \u2028 \ud800 \x07\r"
    )
    assert make_printable("ærlig\n«ånd» –\xa05 😀") == "ærlig\n«ånd» –\xa05 😀"


def test_names_and_values_that_are_told_are_printable(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "\x1b[2Jb.pdf").write_text("Kommunen svarer ikke på brev fra innbyggerne.")
    config = tmp_path / "c.toml"
    config.write_text('[run]\n"\\u001b[2J" = 1\n')
    options = ("run", raw, "--out", tmp_path / "out", "--jobs", 1, "--config", config)
    assert r"[run] \x1b[2J: unknown setting" in the_error(nordtema(*options))
    config.write_text("")
    assert r"(\x1b[2Jb.pdf: " in the_error(nordtema(*options))


def test_a_message_is_one_line_of_bounded_length():
    assert as_line("a\nb\u2028c") == "a b c"
    line = as_line("config.toml: " + "x" * 1_000_000 + "; mend that line")
    assert len(line) <= MOST_SAID + 3
    assert line.startswith("config.toml: xxx")
    assert line.endswith("; mend that line")


# Settings, codebook, decisions

READERS: dict[str, Callable[[Path], object]] = {
    "settings": lambda path: load_settings(path, {}),
    "codebook": read_codebook,
    "decisions": read_curation,
}
each_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


def refusal(read: Callable[[Path], object], path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NordtemaError) as caught:
        read(path)
    return str(caught.value).removeprefix(f"{path}: ")


@each_reader
def test_a_settings_file_that_never_ends_is_refused(read):
    with pytest.raises(NordtemaError, match=r"^/dev/zero: is larger than 1 MB; make it smaller$"):
        read(Path("/dev/zero"))


@each_reader
@pytest.mark.parametrize(
    "key",
    [
        "a." * 200_000 + "a = 1",
        "[" + "a . " * 200_000 + "a]",
        "[[" + "a.\t" * 200_000 + "a]]",
        '"a".' * 200_000 + "a = 1",
        "x = {" + "a." * 200_000 + "a = 1}",
        "'a'.\"b\"." * 90_000 + "a = 1",
    ],
    ids=["plain", "table", "tables", "quoted", "inline", "both quotes"],
)
def test_a_key_of_thousands_of_names_is_refused_at_once(read, key, tmp_path):
    began = time.thread_time()
    assert refusal(read, tmp_path / "a.toml", key) == "a key has more than 32 names; mend that line"
    assert time.thread_time() - began < 5


def test_points_in_texts_and_numbers_are_no_keys():
    text = f'a = "{"b." * 100}"  # {"c." * 100}\nd = [1.5, 2.5, {", ".join(["3.5"] * 100)}]\n'
    text += f'e = \'\'\'\n{"f." * 100}\'\'\'\nf = """\n\\"{"g." * 100}"""\n'
    assert list(parse_toml(Path("a.toml"), text, NordtemaError)) == ["a", "d", "e", "f"]


@each_reader
def test_a_number_of_thousands_of_digits_is_refused(read, tmp_path):
    message = refusal(read, tmp_path / "a.toml", f"a = {'9' * 5000}")
    assert message.startswith("is not valid TOML: Exceeds the limit (4300 digits)")


@each_reader
def test_values_of_the_wrong_kind_are_told_in_short(read, tmp_path):
    values = "[" + '"svar", ' * 50_000 + "]"
    for section, key in (("run", "seed"), ("[theme]", "id"), ("[rename]", "label_da")):
        assert len(refusal(read, tmp_path / "a.toml", f"[{section}]\n{key} = {values}\n")) < 400


def grows(make: Callable[[int], object], use: Callable[[object], object], n: int) -> float:
    """How many times as long a task of twice the size takes: 2, or 4 where it is quadratic.

    Found from one four times as large, and from the least of several turns, for a machine that does
    other things too.
    """
    given = [make(n), make(4 * n)]
    best = [float("inf")] * 2
    for _ in range(5):
        for which, one in enumerate(given):
            began = time.thread_time()
            use(one)
            best[which] = min(best[which], time.thread_time() - began)
    return (best[1] / best[0]) ** 0.5


def test_many_decisions_on_one_sentence_take_linear_time(tmp_path):
    def write(n: int) -> Path:
        path = tmp_path / f"{n}.toml"
        moves = (f'[[move]]\nsentence = "a:1 | {i:06}"\nto = "none"\n' for i in range(n))
        path.write_text("".join(moves), encoding="utf-8")
        return path

    assert grows(write, read_curation, 2000) < 3.2


def test_lines_are_counted_once():
    text = "[[theme]]\n" * 50_000
    assert lines_at(text, [0, 9, 10, len(text) - 1]) == [1, 1, 2, 50_000]
    positions = range(0, len(text), 10)
    began = time.thread_time()
    assert lines_at(text, positions) == list(range(1, 50_001))
    assert time.thread_time() - began < 2


# Metadata, front matter, pages

PARAGRAPH = (
    "Kommunen svarer ikke på brev fra innbyggerne, og det har den ikke gjort på lenge nå i år.\n\n"
)


def test_metadata_larger_than_a_file_may_be_is_refused(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("Kommunen svarer ikke på brev fra innbyggerne.")
    (raw / "metadata.csv").write_bytes(b"path,title\n" + b"a.txt,A\n" * 130_000)
    config = tmp_path / "c.toml"
    config.write_text("[read]\nmax_file_mb = 1\n")
    done = nordtema("read", raw, "--out", tmp_path / "out", "--config", config)
    assert done.code == 1
    assert the_error(done).endswith(
        "metadata.csv: larger than 1 MB; raise max_file_mb under [read] or shorten it"
    )


def test_headers_of_many_columns_take_linear_time():
    def make(n: int) -> str:
        return "path,text," + ",".join(f"a{number}" for number in range(n)) + "\n"

    assert grows(make, parse_metadata, 20_000) < 3.2

    def table(n: int) -> bytes:
        return f"{make(n)}a,Hei på deg\n".encode()

    assert grows(table, lambda content: count_records(content, ".csv"), 20_000) < 3.2


@pytest.mark.parametrize(
    "piece", [f"Les også\n\nKort linje her\n\n{PARAGRAPH}", "Les også\nKort linje her\n\n"]
)
def test_pages_of_many_lists_of_teasers_take_linear_time(piece):
    def make(n: int) -> bytes:
        return (5 * PARAGRAPH + piece * n).encode()

    assert grows(make, lambda content: convert(content, ".txt"), 1000) < 3.2


def test_front_matter_is_text_and_no_yaml():
    found = read_markdown(
        "---\ntitle: !!python/object/apply:os.system ['echo']\nauthor: &a [*a, *a]\n"
        "source: {{ 7 * 7 }}\n---\nKommunen svarer ikke på brev.\n"
    )
    assert found.title == "!!python/object/apply:os.system ['echo']"
    assert found.author == "&a [*a, *a]"
    assert found.source == "{{ 7 * 7 }}"


@pytest.mark.parametrize("ending", [".html", ".md", ".txt"])
def test_entities_that_a_page_declares_are_not_expanded(ending, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelighet")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    page = (
        f'<!DOCTYPE html [<!ENTITY l0 "lol"> {laughs} <!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        "<html><body><article><p>Kommunen svarer ikke på brev fra &l8; og &s; i dag.</p>"
        "</article></body></html>"
    )
    [found] = convert(page.encode(), ending)
    told = str(found)
    assert "hemmelighet" not in told
    assert len(told) < 5000


# Outputs


@pytest.mark.parametrize(
    "path", ["../precious.txt", "work/../../precious.txt", "precious.txt", "/dev/zero", "work/\0a"]
)
def test_a_record_that_names_files_elsewhere_is_no_record(path, tmp_path):
    store = Store(tmp_path / "out")
    store.record("read.list", 0, "a", [], {}, ())
    record = tmp_path / "out" / "work" / "manifest" / "read.list" / "part-00000.json"
    said = json.loads(record.read_text())
    assert store.entry("read.list") is not None
    record.write_text(json.dumps({**said, "outputs": {path: "b"}}))
    assert store.entry("read.list") is None


def test_no_file_elsewhere_is_removed_for_a_record_of_it(run, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    record = run.out / "work" / "manifest" / "report" / "part-00000.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    away = os.path.relpath(precious, run.out)
    record.write_text(json.dumps({**said, "outputs": {**said["outputs"], away: "b"}}))
    assert run.again("--from", "report").code == 0
    assert precious.read_text() == "keep"


@pytest.mark.parametrize(
    "change",
    [
        "[" * 100_000, "[]", "5", '"a"', '{"outputs": []}', {"outputs": 5}, {"counts": {"a": "b"}},
        {"notes": [5]}, {"fingerprint": 5}, {"outputs": {"work/a": 5}}, {"counts": [["a"]]},
    ],
    ids=str,
)  # fmt: skip
def test_damaged_records_are_no_records(change, tmp_path):
    store = Store(tmp_path)
    store.record("read.list", 0, "a", [], {"files": 1}, ("note",))
    record = tmp_path / "work" / "manifest" / "read.list" / "part-00000.json"
    whole = json.loads(record.read_text())
    record.write_text(change if isinstance(change, str) else json.dumps({**whole, **change}))
    assert store.entry("read.list") is None


def archive(**members: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        for name, content in members.items():
            made.writestr(f"{name}.npy", content)
    return sink.getvalue()


def array(header: str) -> bytes:
    padded = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded.encode()


HUGE = array("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,)}")


@pytest.mark.parametrize(
    "content",
    [archive(centres=b"\x93NUMPY broken"), archive(centres=array("{'descr': (")),
     archive(centres=HUGE), archive(centres=b"")[:-30], b"PK\x05\x06"],
    # An archive holds the time at which it was made: as a name it would be another in each process
    ids=["no header", "half a header", "huge", "cut off", "empty"],
)  # fmt: skip
def test_arrays_with_a_damaged_member_are_told(content, tmp_path):
    store = Store(tmp_path)
    store.write_bytes(store.path("model"), content)
    with pytest.raises(NordtemaError, match="can't be read; remove that file and run nordtema"):
        store.read_model()


def test_an_array_with_a_damaged_header_is_told(tmp_path):
    store = Store(tmp_path)
    for content in (HUGE, array("{'descr': ("), array("{'descr': '|O', 'shape': (1,)}")):
        store.write_bytes(store.path("vectors"), content)
        with pytest.raises(NordtemaError, match="can't be read; remove that file"):
            store.read_vectors()


# The package itself


def test_every_array_is_read_and_written_without_pickle():
    calls = [
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("np.load", "np.save", "np.savez", "np.savez_compressed")
    ]
    assert len(calls) >= 4
    for call in calls:
        assert "allow_pickle=False" in ast.unparse(call)


def test_data_files_of_the_package_hold_numbers_and_text_only():
    files = [
        path for path in (HOME / "pipeline").rglob("*") if path.suffix in (".npz", ".tsv", ".txt")
    ]
    assert {path.suffix for path in files} == {".npz", ".tsv", ".txt"}
    for path in files:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert {arrays[name].dtype.kind for name in arrays.files} <= set("iufU")
        else:
            assert path.read_text(encoding="utf-8")


# Damage of every kind


@pytest.fixture(scope="module")
def targets(tmp_path_factory) -> dict[str, Target]:
    return list_targets(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_damaged_input_of_every_kind_is_read_or_told(targets):
    """A few of each kind; `python -m benchmarks.fuzz` does the same for as long as one likes."""
    rng = random.Random(20261126)
    found = {}
    for name, target in targets.items():
        others = target.others or target.sound
        for number in range(8):
            content = damage(rng, rng.choice(target.sound), target.ending, others)
            if fault := examine(target.check, content):
                found[name, number] = fault
    assert found == {}


def test_sound_input_of_every_kind_is_read(targets):
    for name, target in targets.items():
        assert [fault for one in target.sound if (fault := examine(target.check, one))] == [], name


def test_a_fault_is_found_kept_and_counted(tmp_path, capsys):
    def check(content: bytes) -> str:
        if b"\0" in content:
            raise ValueError("a zero byte")
        return ""

    target = Target("", [b"abc" * 10], check)
    faults = fuzz({"made-up": target}, random.Random(1), 2.0, tmp_path)
    [fault] = faults
    assert fault.startswith("made-up: ValueError at test_security.py:")
    kept = [path for path in tmp_path.iterdir() if path.name != "last"]
    assert len(kept) == faults.total()
    assert all(b"\0" in path.read_bytes() for path in kept)
    assert "made-up" in capsys.readouterr().out
