"""Files that take too long, too much memory or their reader down are told, and the next is read."""

from __future__ import annotations

import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.read import guarded
from pipeline.read.convert import ReadOptions
from pipeline.read.extracted import Extracted
from pipeline.read.guarded import Guard

TEXT = "Kommunen svarer ikke på brev fra innbyggerne.".encode()
LARGE = TEXT + b" " * guarded.SMALL_BYTES
OPTIONS = ReadOptions()
HERE = Path(__file__)

# What the child does instead of reading. It is started anew and imports this file by its name, so
# that a double is a function here, not a patch of the parent's.


def _serve_odd_files(*given):
    guarded._answer = _answer_odd_files
    guarded._serve(*given)


def _answer_odd_files(task, content, ending, *rest):
    if content.startswith(b"slow"):
        time.sleep(60)
    if content.startswith(b"large"):
        return len(bytearray(2_000_000_000))
    if content.startswith(b"many"):
        return [b"x" * 50_000_000 for _ in range(50)]
    if content.startswith(b"crash"):
        os._exit(3)
    if content.startswith(b"killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if content.startswith(b"deaf"):
        # A reading that holds the interpreter's lock: no thread of the child runs meanwhile
        re.match("(?:a?){40}a{40}b", "a" * 60)
    if content.startswith(b"chatter"):
        os.write(2, b"Exception ignored in a generator\nMemoryError\n")
    if content.startswith(b"fault"):
        raise ZeroDivisionError("a fault of the program")
    if content.startswith(b"pid"):
        return [str(os.getpid())]
    return guarded.convert(content, ".txt", *rest)


class OddGuard(Guard):
    def _start(self) -> None:
        serve = guarded._serve
        guarded._serve = _serve_odd_files
        try:
            super()._start()
        finally:
            guarded._serve = serve


@pytest.fixture(scope="module")
def guard():
    with OddGuard(2, 300) as guard:
        yield guard


def read(guard: Guard, content: bytes, count: int = 0) -> list[Extracted | str]:
    return guard.convert(content, ".pdf", 1, count, OPTIONS)


def texts(found: list[Extracted | str]) -> list[str]:
    return [text if isinstance(text, str) else text.blocks[0].text for text in found]


SLOW = (
    "takes longer than 2 seconds to read; "
    "raise max_seconds under [read] or save it in another format"
)
LARGER = (
    "takes more than 300 MB of memory to read; raise max_memory_mb under [read] or split the file"
)


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(guard):
    started = time.monotonic()
    assert read(guard, b"slow") == [SLOW]
    assert time.monotonic() - started < 20
    assert texts(read(guard, TEXT)) == [TEXT.decode()]


@pytest.mark.parametrize("kind", [b"large", b"many"])
def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_is_read(guard, kind):
    assert read(guard, kind) == [LARGER]
    assert texts(read(guard, TEXT)) == [TEXT.decode()]


@pytest.mark.parametrize("kind", [b"crash", b"killed"])
def test_a_file_that_takes_its_reader_down_is_refused_and_the_next_is_read(guard, kind):
    [reason] = read(guard, kind)
    assert isinstance(reason, str)
    assert reason
    assert texts(read(guard, TEXT)) == [TEXT.decode()]


def test_every_row_of_a_table_that_can_not_be_read_is_refused(guard):
    assert read(guard, b"crash", count=3) == [read(guard, b"crash")[0]] * 3


def test_a_fault_of_the_program_is_raised_with_its_traceback(guard):
    with pytest.raises(RuntimeError, match="ZeroDivisionError: a fault of the program"):
        read(guard, b"fault")
    assert texts(read(guard, TEXT)) == [TEXT.decode()]


def test_what_libraries_print_in_the_child_reaches_nobody(capfd):
    with OddGuard(20, 300) as guard:
        assert texts(read(guard, b"chatter")) == ["chatter"]
    assert capfd.readouterr() == ("", "")


def test_one_child_reads_all_files_and_ends_with_the_guard():
    with OddGuard(20, 300) as guard:
        [first] = read(guard, b"pid")
        [second] = read(guard, b"pid")
        assert first == second != str(os.getpid())
        assert is_alive(int(str(first)))
    assert not is_alive(int(str(first)))


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("content", [b"pid", b"slow", b"deaf"])
def test_the_child_ends_with_a_parent_that_is_killed(tmp_path, content):
    script = tmp_path / "killed.py"
    script.write_text(
        "import os, sys, signal, threading, time\n"
        f"sys.path[:0] = [{str(HERE.parent)!r}, {str(HERE.parents[1])!r}]\n"
        "from pipeline.read import guarded\n"
        "guarded.SECONDS_TO_HAND_OVER = 1\n"
        "from test_read_guarded import OddGuard, read\n"
        "if __name__ == '__main__':\n"
        "    guard = OddGuard(1, 300)\n"
        "    print(read(guard, b'pid')[0], flush=True)\n"
        "    if sys.argv[1] != 'pid':\n"
        "        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        "        read(guard, sys.argv[1].encode())\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with (tmp_path / "child").open("w") as told:
        subprocess.run([sys.executable, script, content.decode()], stdout=told, timeout=60)
    child = int((tmp_path / "child").read_text())
    try:
        until = time.monotonic() + 10
        while is_alive(child) and time.monotonic() < until:
            time.sleep(0.05)
        assert not is_alive(child)
    finally:
        if is_alive(child):
            os.kill(child, signal.SIGKILL)


# Which files are read where


def test_small_plain_files_need_no_child_and_others_do(monkeypatch):
    asked = []
    monkeypatch.setattr(Guard, "_ask", lambda _, *request: asked.append(request[0]) or "asked")
    with Guard(2, 300) as guard:
        for ending in (".txt", ".md", ".html", ".csv", ".jsonl"):
            assert guard.convert(TEXT, ending, 1, 1, OPTIONS) != ["asked"]
        assert asked == []
        for ending in (".pdf", ".docx", ".odt", ".parquet"):
            assert guard.convert(TEXT, ending, 0, 0, OPTIONS) == ["asked"]
        assert guard.convert(LARGE, ".txt", 0, 0, OPTIONS) == ["asked"]
        assert guard.convert(LARGE, ".csv", 1, 2, OPTIONS) == ["asked"] * 2
        assert guard.count_texts(LARGE, ".csv", OPTIONS) == "asked"
        assert guard.count_texts(b"", ".parquet", OPTIONS) == "asked"
        assert guard.count_texts(b"text\nEn to tre fire.\n", ".csv", OPTIONS) == 1


def as_parquet(*texts: str) -> bytes:
    import pyarrow as pa  # each child imports this file too
    import pyarrow.parquet as parquet

    sink = io.BytesIO()
    parquet.write_table(pa.table({"text": list(texts)}), sink, compression="zstd")
    return sink.getvalue()


def test_a_small_file_that_unpacks_to_much_more_than_the_limit_is_refused():
    small, content = as_parquet("Et par gode ord her."), as_parquet("ord " * 30_000_000)
    assert len(content) < 200_000
    with Guard(60, 100) as guard:
        assert guard.count_texts(content, ".parquet", OPTIONS) == LARGER.replace("300", "100")
        assert texts(guard.convert(small, ".parquet", 1, 1, OPTIONS)) == ["Et par gode ord her."]


def test_large_files_are_read_in_the_child_as_in_place():
    table = as_parquet("Et par gode ord her.", "Og noen til.")
    content = b"text\n" + b"Et par gode ord her.\n" * 60_000
    with Guard(60, 500) as guard:
        assert guard.count_texts(content, ".csv", OPTIONS) == 60_000
        found = guard.convert(content, ".csv", 59_999, 2, OPTIONS)
        assert texts(found) == ["Et par gode ord her."] * 2
        in_place = guarded.convert(table, ".parquet", 1, 2)
        assert guard.convert(table, ".parquet", 1, 2, OPTIONS) == in_place
        assert guard.convert(b"%PDF-1.7", ".pdf", 0, 0, OPTIONS) == guarded.convert(
            b"%PDF-1.7", ".pdf"
        )


def test_a_child_that_holds_much_of_a_table_reads_its_next_rows_and_no_other_file():
    line = "Et par gode ord her. " * 20
    table = b"text\n" + f"{line}\n".encode() * 150_000
    with Guard(60, 200) as guard:
        assert guard.count_texts(table, ".csv", OPTIONS) == 150_000
        first = guard._child.pid
        for row in (1, 60_000, 500):
            found = guard.convert(table, ".csv", row, 1, OPTIONS)
            assert texts(found) == [line.strip()]
            assert guard._child.pid == first
        assert texts(guard.convert(LARGE, ".txt", 0, 0, OPTIONS)) == [TEXT.decode()]
        assert guard._child.pid != first


def test_a_table_of_long_texts_is_read_within_the_limit():
    rng = random.Random(0)
    words = ["".join(rng.choices("abdefgiklmnorst", k=6)) for _ in range(1000)]
    books = [" ".join(rng.choices(words, k=50_000)) for _ in range(100)]
    with Guard(60, 300) as guard:
        content = as_parquet(*books)
        assert guard.count_texts(content, ".parquet", OPTIONS) == 100
        assert texts(guard.convert(content, ".parquet", 100, 1, OPTIONS)) == books[-1:]
