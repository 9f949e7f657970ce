"""What may befall a run, done to it: kills, two runs at once, full disks, damage, other versions.

Each ends in one line that says what to do, loses nothing, and is mended by the next run, which ends
with the bytes of an undisturbed one.
"""

from __future__ import annotations

import errno
import fcntl
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from running import Run, files_of, nordtema, stages_that_ran, tables_of, the_error, times_of

from benchmarks.kills import descendants
from pipeline import lock, stages, steps
from pipeline.api import open_outputs
from pipeline.lock import hold
from pipeline.store import Store

HOME = Path(stages.__file__).parent.parent
UP_TO_DETECT = ("--until", "detect")
UP_TO_COMPARE = ("--until", "compare")
ELSEWHERE = "choose another folder with --out"


def start(*command: str, **named: object) -> subprocess.Popen[str]:
    """A process in a session of its own, as a terminal would start one."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(HOME)},
        **named,
    )


def the_command(run: Run, *options: object) -> list[str]:
    fixed = ("run", run.raw, "--out", run.out, "--config", run.config, "--quiet")
    return [sys.executable, "-m", "pipeline", *map(str, (*fixed, *options))]


def left_overs(out: Path) -> list[str]:
    """Temporary files, the lock, and the folder of what is needed for a while."""
    found = [path for path in out.rglob("*") if path.name.endswith(".tmp")]
    found += [path for path in (out / "work" / "lock", out / "work" / "scratch") if path.exists()]
    return [path.relative_to(out).as_posix() for path in found]


def assert_mended(out: Path, finished: Run) -> None:
    """All that lies there of the tables is what an undisturbed run has left."""
    found, expected = tables_of(out / "work"), tables_of(finished.out / "work")
    assert found
    assert {path: expected.get(path) for path in found} == found
    assert left_overs(out) == []


@pytest.fixture
def new(run, tmp_path) -> Run:
    """The same texts, and a folder of outputs that is not there yet."""
    return run._replace(out=tmp_path / "new")


# Two runs at once

HOLD = """
import sys
from pathlib import Path
from pipeline.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(out: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that works in a folder of outputs."""
    process = start(sys.executable, "-c", HOLD, str(out))
    assert process.stdout.readline() == "held\n", process.communicate()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_run_is_told_who_works_there_and_since_when_and_touches_nothing(run):
    with held(run.out) as other:
        before = times_of(run.out)
        for command in ("run", "cluster", "robustness"):
            result = run.again("--themes", 3, command=command)
            assert result.code == 1
            said = the_error(result)
            since = re.escape(f"nordtema: {run.out}: is in use by process {other.pid} since ")
            remedy = re.escape(f"; wait until that has ended, or {ELSEWHERE}")
            assert re.fullmatch(rf"{since}\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d{remedy}", said)
        assert times_of(run.out) == before
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []


def test_who_only_reads_need_not_wait(run):
    sentence = "brukerne-forst:2"
    with held(run.out):
        assert run.again("--dry-run").out.count("up to date") == len(steps.STAGES)
        assert nordtema("show", sentence, "--out", run.out).code == 0
        assert len(open_outputs(run.out).themes)


def test_a_run_leaves_no_lock(run):
    assert run.again(*UP_TO_COMPARE).code == 0
    assert left_overs(run.out) == []


def test_nothing_is_left_of_a_run_that_had_nothing_to_do_with_the_folder(new, tmp_path):
    (tmp_path / "texts" / "empty").mkdir(parents=True)
    result = new._replace(raw=tmp_path / "texts").again()
    assert "holds no texts" in the_error(result)
    assert not new.out.exists()


def test_a_lock_of_a_killed_run_is_taken_over(run):
    with held(run.out) as other:
        other.kill()
        other.wait()
        assert (run.out / "work" / "lock").exists()
        assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []
    assert left_overs(run.out) == []


def test_two_runs_of_one_process_are_two_runs(run):
    """Threads, or a notebook that starts a run in the middle of another."""
    with hold(run.out):
        assert f"is in use by process {os.getpid()} since" in the_error(run.again())


TURNS = """
import os, sys
from pathlib import Path
from pipeline.lock import hold
from pipeline.settings import NordtemaError
out = Path(sys.argv[1])
turns = 0
while turns < 40:
    try:
        with hold(out):
            os.close(os.open(out / "inside", os.O_CREAT | os.O_EXCL))
            (out / "inside").unlink()
            turns += 1
    except NordtemaError as error:
        if "is in use by" not in str(error):
            raise
print(turns)
"""


def test_only_one_of_many_is_ever_inside(tmp_path):
    """Each comes until it has been in 40 times, and removes the file of the lock as it leaves."""
    out = tmp_path / "out"
    out.mkdir()
    others = [start(sys.executable, "-c", TURNS, str(out)) for _ in range(4)]
    told = [other.communicate(timeout=300) for other in others]
    assert told == [("40\n", "")] * 4
    assert [path for path in out.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("fault", [FileExistsError, FileNotFoundError])
def test_a_folder_that_another_run_removes_as_it_leaves_is_made_again(tmp_path, monkeypatch, fault):
    """Between the two looks at it that Python takes; it then says that it is there, or is not."""
    make, faults = Path.mkdir, iter([fault(17, "File exists")] * 3)

    def removed(path, *mode, **how):
        for error in faults:
            raise error
        make(path, *mode, **how)

    monkeypatch.setattr(Path, "mkdir", removed)
    with hold(tmp_path / "out"):
        assert (tmp_path / "out" / "work" / "lock").exists()
    assert not (tmp_path / "out").exists()


def test_a_place_where_no_folder_can_be_made_is_told_at_last(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert f"{tmp_path}/work/lock: can't be written (No such file or dir" in refusal(tmp_path)


def test_a_link_to_nowhere_in_place_of_the_outputs_folder_is_told(tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")
    assert "/out/work/lock: can't be written (File exists)" in refusal(tmp_path / "out")


def sign(out: Path, **changed: object) -> lock.Holder:
    """What a run of this very process would write into the lock, changed."""
    own = {
        "machine": os.uname().nodename,
        "boot": lock._boot(),
        "process": os.getpid(),
        "started": lock._started(os.getpid()),
        "since": "2026-01-31 23:59:58",
    }
    (out / "work").mkdir(parents=True, exist_ok=True)
    (out / "work" / "lock").write_text(json.dumps(own | changed))
    return lock.Holder(**(own | changed))


def take(out: Path) -> None:
    with hold(out):
        pass
    assert not (out / "work" / "lock").exists()


def refusal(out: Path) -> str:
    with pytest.raises(lock.NordtemaError) as caught:
        take(out)
    return str(caught.value)


def test_a_lock_of_another_machine_is_told_with_what_to_do(run):
    path = run.out / "work" / "lock"
    sign(run.out, machine="node-7", boot="another", process=4711)
    result = run.again()
    assert result.code == 1
    assert the_error(result) == (
        f"nordtema: {run.out}: is in use by process 4711 on node-7 since 2026-01-31 23:59:58, as "
        f"far as can be told from this machine; wait until that has ended, remove {path} if it was "
        f"broken off there, or {ELSEWHERE}"
    )
    path.unlink()
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []


@pytest.mark.skipif(not lock._boot(), reason="the system does not tell when it was started")
def test_a_lock_of_a_container_on_the_same_system_is_taken_over(tmp_path):
    """It has another name each time that it is started; the system's lock reaches it."""
    sign(tmp_path, machine="3f2a9c")
    take(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"machine": 3}', "[" * 5000, json.dumps({"process": "x"})]
)
def test_a_lock_that_can_not_be_read_is_taken_over(tmp_path, content):
    sign(tmp_path)
    (tmp_path / "work" / "lock").write_text(content)
    take(tmp_path)


@pytest.mark.parametrize("place", ["work", "work/lock"])
def test_what_stands_in_the_way_of_the_lock_is_told(tmp_path, place):
    if place == "work":
        (tmp_path / place).write_text("mine")
    else:
        (tmp_path / place).mkdir(parents=True)
    assert f"{tmp_path}/work/lock: can't be written (" in refusal(tmp_path)
    assert (tmp_path / place).exists()


@pytest.fixture
def without_locks(monkeypatch):
    """Storage that has no locks, like Lustre as it is mounted without `flock`."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)


def test_without_the_systems_locks_a_living_process_is_seen(without_locks, tmp_path):
    sign(tmp_path)
    assert refusal(tmp_path) == (
        f"{tmp_path}: is in use by process {os.getpid()} since 2026-01-31 23:59:58; wait until "
        f"that has ended, or {ELSEWHERE}"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"process": 2**22 + 1},  # beyond the highest number
        {"started": 1},  # our number, but of a process that was started at another time
        {"boot": "before the power failed"},
    ],
    ids=["gone", "number reused", "machine restarted"],
)
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_without_the_systems_locks_a_dead_process_is_seen(without_locks, tmp_path, changed):
    sign(tmp_path, **changed)
    take(tmp_path)


def test_without_the_systems_locks_another_machine_is_not_taken_for_dead(without_locks, tmp_path):
    sign(tmp_path, machine="node-7")
    assert "on node-7 since" in refusal(tmp_path)


def test_without_the_systems_locks_the_last_of_two_to_sign_has_it(
    without_locks, tmp_path, monkeypatch
):
    wait = lock._wait_and_read

    def sign_too(file: int) -> lock.Holder | None:
        sign(tmp_path, process=1, started=lock._started(1))
        return wait(file)

    monkeypatch.setattr(lock, "_wait_and_read", sign_too)
    assert refusal(tmp_path) == f"{tmp_path}: is in use by another run; {ELSEWHERE}"
    monkeypatch.undo()
    assert json.loads((tmp_path / "work" / "lock").read_text())["process"] == 1


# Kills


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")
def test_runs_killed_at_random_moments_end_with_the_same_bytes(tmp_path):
    """6 kills, the same ones each time; `python -m benchmarks.kills` does more, on more texts."""
    options = ("--kills", "6", "--again", "1", "--cases", "small", "grown", "--seed", "7")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *options],
        cwd=HOME,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.splitlines()[-1]
    assert re.fullmatch(
        r"6 kills in \d+ runs: after 6 of them the next run ended with the same bytes; "
        r"stray files: 0",
        said,
    )


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)


def processes_of(process: int) -> list[int]:
    """What it has started: on Linux first the server, then the workers that are forked of it."""
    return [
        started
        for started in descendants(process)
        if b"spawn_main" in Path(f"/proc/{started}/cmdline").read_bytes()
    ]


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"
)


@needs_proc
def test_ctrl_c_ends_the_run_and_its_workers_in_one_line_and_leaves_nothing(new, finished):
    process = start(*the_command(new, "--jobs", 2, *UP_TO_DETECT))
    wait_for(new.out / "work/manifest/read.extract/part-00001.json", process)
    workers = processes_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=60)
    # Python itself may end by the signal, after all is told: to a shell that is 130 too
    assert process.returncode in (130, -signal.SIGINT)
    assert said.strip() == "nordtema: interrupted; run it again to go on where it stopped"
    assert len(workers) == 3
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert left_overs(new.out) == []
    assert stages_that_ran(new.again(*UP_TO_DETECT)) == ["read", "detect"]
    assert_mended(new.out, finished)


HALF_WRITTEN = """
import os, sys, time
from dataclasses import replace
from pathlib import Path
from pipeline import stages
from pipeline.settings import Settings

def write_half(task):
    (task.store.root / "work" / f".part-{task.part:05d}.x.{os.getpid()}.tmp").write_text("half")
    time.sleep(600)

if __name__ == "__main__":
    stages.STEPS = tuple(
        replace(step, function="slow:write_half") if step.name == "read.extract" else step
        for step in stages.STEPS
    )
    settings = Settings.model_validate({"run": {"jobs": 2, "part_documents": 2}})
    raw, out = map(Path, sys.argv[1:])
    stages.run_stages(raw, out, settings, ("read",), stages.Silent())
"""


def test_ctrl_c_does_not_wait_for_parts_under_way_nor_leave_what_they_have_half_written(
    new, tmp_path
):
    (tmp_path / "slow.py").write_text(HALF_WRITTEN)
    process = start(sys.executable, str(tmp_path / "slow.py"), str(new.raw), str(new.out))
    until = time.monotonic() + 60
    while len(list((new.out / "work").glob(".part*.tmp"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert said.endswith("KeyboardInterrupt\n")
    assert left_overs(new.out) == []


@needs_proc
def test_a_worker_that_the_system_kills_is_told_and_the_next_run_goes_on(new, finished):
    """As Linux does to one that takes too much memory."""
    process = start(*the_command(new, "--jobs", 2, *UP_TO_DETECT))
    wait_for(new.out / "work/manifest/read.extract/part-00001.json", process)
    os.kill(processes_of(process.pid)[-1], signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == (
        "nordtema: a worker process was ended from outside, perhaps for want of memory; run it "
        "again to go on where it stopped, with --jobs 1 or a smaller part_documents under [run]\n"
    )
    assert left_overs(new.out) == []
    entries = times_of(new.out / "work/manifest/read.extract")
    assert new.again(*UP_TO_DETECT).code == 0
    after = times_of(new.out / "work/manifest/read.extract")
    assert {path: after[path] for path in entries} == entries
    assert_mended(new.out, finished)


@needs_proc
def test_a_run_whose_server_of_workers_is_killed_starts_them_without_it(new, finished):
    process = start(*the_command(new, "--jobs", 2, *UP_TO_COMPARE))
    until = time.monotonic() + 60
    while not (started := processes_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(started[0], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, "")
    assert_mended(new.out, finished)


def test_want_of_memory_is_told(new, monkeypatch):
    def take_too_much(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("pipeline.read.parts.extract_part", take_too_much)
    result = new.again(*UP_TO_DETECT)
    assert result.code == 1
    assert the_error(result) == (
        "nordtema: there is not enough memory; run it again to go on where it stopped, with "
        "--jobs 1 or a smaller part_documents under [run]"
    )


def test_what_a_killed_report_or_check_of_robustness_has_left_is_removed(run):
    left = run.out / "work/scratch/variant-00/work/files/part-00000.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []
    assert left_overs(run.out) == []


# The disk


@pytest.fixture(scope="session")
def own_mounts() -> list[str]:
    """A command that runs `sh -c` where it may mount what nobody else sees."""
    command = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*command, "true"]).returncode:
        pytest.skip("this system lets nobody have mounts of his own (unshare)")
    return [*command, "sh", "-c"]


FULL_AND_THEN_NOT = """
mount -t tmpfs -o size=$1 none "$2" || exit 9
shift
out=$1 copy=$2
shift 2
"$@"
echo "code $?"
find "$out" -name '*.tmp' -o -name lock
mount -o remount,size=50m "$out"
"$@"
echo "code $?"
cp -r "$out" "$copy"
"""


@pytest.mark.parametrize("size", ["4k", "60k"])
def test_a_full_disk_is_told_and_with_room_the_run_goes_on(
    new, finished, own_mounts, tmp_path, size
):
    new.out.mkdir()
    copy = tmp_path / "copy"
    command = the_command(new, "--jobs", 1, *UP_TO_DETECT)
    process = start(*own_mounts, FULL_AND_THEN_NOT, "sh", size, str(new.out), str(copy), *command)
    out, said = process.communicate(timeout=120)
    assert out.splitlines() == ["code 1", "code 0"], said
    told = re.escape(f"can't be written (No space left on device); {ELSEWHERE} or free some room")
    assert re.fullmatch(rf"nordtema: {re.escape(str(new.out))}/work/\S+: {told}\n", said)
    assert_mended(copy, finished)


def test_a_limit_on_the_size_of_files_is_told(new, finished):
    """Needs no mounts: what the system says to a write beyond the limit is another error."""
    process = start(
        *the_command(new, "--jobs", 1, *UP_TO_DETECT),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(
        rf"nordtema: \S+/work/\S+: can't be written \(File too large\); {ELSEWHERE} or free some "
        r"room\n",
        said,
    )
    assert left_overs(new.out) == []
    assert new.again(*UP_TO_DETECT).code == 0
    assert_mended(new.out, finished)


READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 9
shift
exec "$@"
"""


def test_outputs_that_can_not_be_written_are_told_and_can_be_looked_at(run, own_mounts):
    there = (*own_mounts, READ_ONLY, "sh", str(run.out))
    before = times_of(run.out)
    process = start(*there, *the_command(run, *UP_TO_DETECT))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == (
        f"nordtema: {run.out}/work/lock: can't be written (Read-only file system); {ELSEWHERE}\n"
    )
    process = start(*there, *the_command(run, "--dry-run"))
    told, said = process.communicate(timeout=60)
    assert told.count("up to date") == len(steps.STAGES), said
    assert times_of(run.out) == before


WITHOUT_SHARED_MEMORY = 'mount -t tmpfs -o ro none /dev/shm || exit 9; exec "$@"'


def test_worker_processes_need_no_shared_memory(new, finished, own_mounts):
    """Some containers lack /dev/shm, where Python's own pools of processes have their locks."""
    command = the_command(new, "--jobs", 2, *UP_TO_DETECT)
    process = start(*own_mounts, WITHOUT_SHARED_MEMORY, "sh", *command)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
    assert_mended(new.out, finished)


# Damage


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def turn_a_bit(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def put_noise(content: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(len(content))


# What a run goes by that was before it
HISTORY = ("known_themes", "finished")


@pytest.mark.parametrize("damage", [cut, turn_a_bit, put_noise])
def test_all_tables_damaged_at_once_are_made_again(run, finished, damage):
    rng = random.Random(3)
    for path in sorted((run.out / "work").rglob("part-*")):
        if not {*path.parts} & {*HISTORY}:
            path.write_bytes(damage(path.read_bytes(), rng))
    assert run.again(*UP_TO_COMPARE).code == 0
    assert tables_of(run.out) == tables_of(finished.out)


@pytest.mark.parametrize("folder", ["work/sentences", "work/manifest", "work/cluster", "report"])
def test_a_folder_removed_by_hand_is_made_again(run, finished, folder):
    shutil.rmtree(run.out / folder, ignore_errors=True)
    options = () if folder == "report" else UP_TO_COMPARE
    assert run.again(*options).code == 0
    assert tables_of(run.out) == tables_of(finished.out)


def test_damaged_ids_of_themes_are_told_and_not_forgotten_in_silence(run, finished):
    """Which id a theme had can't be found again, and a reader's decisions name it."""
    path = run.out / "work/known_themes/part-00000.parquet"
    path.write_bytes(b"broken")
    result = run.again(*UP_TO_COMPARE)
    assert result.code == 1
    assert the_error(result).startswith(f"nordtema: {path}: can't be read (")
    assert the_error(result).endswith("remove that file and run nordtema again")
    path.unlink()
    assert run.again(*UP_TO_COMPARE).code == 0
    assert tables_of(run.out) == tables_of(finished.out)


# Other versions


def test_outputs_of_another_version_are_made_anew(run, finished):
    """A column that is missing, one that nobody knows, and a manifest with other names."""
    for path in (run.out / "work").rglob("*.parquet"):
        if not {*path.parts} & {*HISTORY}:
            table = parquet.read_table(path)
            table = table.drop_columns(table.column_names[-1:])
            table = table.append_column("novel", pa.array([1] * table.num_rows, pa.int8()))
            parquet.write_table(table, path)
    for path in (run.out / "work" / "manifest").rglob("*.json"):
        entry = json.loads(path.read_text())
        entry.pop("way")
        path.write_text(json.dumps({**entry, "digests": entry.pop("outputs")}))
    assert run.again(*UP_TO_COMPARE).code == 0
    assert tables_of(run.out) == tables_of(finished.out)


def test_what_another_version_found_of_robustness_is_left_out_and_told(run, finished):
    path = run.out / "work" / "robustness" / "part-00000.parquet"
    path.parent.mkdir()
    parquet.write_table(pa.table({"finding": ["t01"]}), path)
    result = run.again()
    assert stages_that_ran(result) == ["report"]
    assert (
        "note: left out of the report, until `nordtema robustness` is run again: "
        f"{path}: has no column 'variant'; "
    ) in result.err
    path.unlink()
    assert run.again().code == 0
    assert tables_of(run.out) == tables_of(finished.out)


def test_tables_that_there_are_no_longer_are_left_alone(run):
    """They may be somebody else's; nothing reads them."""
    other = run.out / "work" / "topics" / "part-00000.parquet"
    other.parent.mkdir()
    other.write_bytes(b"of version 0.0")
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []
    assert other.read_bytes() == b"of version 0.0"


# Texts that change under a run, and clocks


def while_it_runs(monkeypatch, change) -> None:
    """Do something between the listing of the folder and the reading of its files."""
    module = importlib.import_module("pipeline.read.parts")
    whole = module.extract_part
    changes = iter([change])

    def changed(task):
        for do in changes:
            do()
        return whole(task)

    monkeypatch.setattr(module, "extract_part", changed)


NAME = "beboerne-vil-have-svar.txt"
CHANGED = "changed while it was being read; run nordtema again to read it as it is now"


@pytest.mark.parametrize("how", ["changed", "removed"])
@pytest.mark.parametrize("goes_back", [False, True])
def test_a_file_that_changes_meanwhile_is_told_and_read_by_the_next_run(
    new, finished, monkeypatch, how, goes_back
):
    """Also where it is then as it was when the folder was listed: nothing else has changed."""
    path = new.raw / NAME
    content = path.read_bytes()
    change = path.unlink if how == "removed" else lambda: path.write_bytes(b"Noget helt andet.")
    with monkeypatch.context() as patched:
        while_it_runs(patched, change)
        result = new.again(*UP_TO_DETECT)
    assert result.code == 0
    assert f"note: {path}: {CHANGED}" in result.err.splitlines()
    assert NAME in set(Store(new.out).read_all("rejected")["path"])
    if goes_back:
        path.write_bytes(content)
    result = new.again(*UP_TO_DETECT)
    assert CHANGED not in result.err
    assert NAME not in set(Store(new.out).read_all("rejected")["path"])
    if goes_back:
        assert_mended(new.out, finished)
    assert stages_that_ran(new.again(*UP_TO_DETECT)) == []


def test_a_file_that_comes_meanwhile_is_read_by_the_next_run(new, monkeypatch):
    path = new.raw / "ny.txt"
    text = "Endnu en tekst om brugernes behov, og om hvad kommunen gør ved dem."
    with monkeypatch.context() as patched:
        while_it_runs(patched, lambda: path.write_text(text))
        new.again(*UP_TO_DETECT)
    assert "ny" not in set(Store(new.out).read_all("documents")["doc_id"])
    assert "read" in stages_that_ran(new.again(*UP_TO_DETECT))
    assert "ny" in set(Store(new.out).read_all("documents")["doc_id"])


def test_many_files_that_change_are_told_in_one_line_a_part(new, monkeypatch):
    def change() -> None:
        for path in new.raw.rglob("*.*"):
            if path.suffix in (".txt", ".md", ".html"):
                path.write_bytes(path.read_bytes() + b"\n\nEn linje til.")

    while_it_runs(monkeypatch, change)
    result = new.again("--until", "read")
    # All of them, but the run says what is wrong with the first
    assert result.code == 1
    assert f": {CHANGED}" in the_error(result)


YEARS = 10 * 365 * 86_400


@pytest.mark.parametrize("offset", [-YEARS, YEARS], ids=["behind", "ahead"])
def test_what_a_clock_says_changes_nothing(run, finished, monkeypatch, offset):
    """Files from another time than now: after the clock was set, or on another machine."""
    for folder in (run.raw, run.out):
        for path in folder.rglob("*"):
            os.utime(path, (time.time() + offset,) * 2)
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - offset * 10**9)
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == []
    path = run.raw / NAME
    state, content = path.stat(), path.read_bytes()
    path.write_bytes(content.replace(b"e", b"a", 1))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert "read" in stages_that_ran(run.again("--until", "read"))
    path.write_bytes(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert run.again(*UP_TO_COMPARE).code == 0
    assert files_of(run.out) == files_of(finished.out)
