"""`--scheduler`: real schedulers and workers, ended in the middle, mistaken, or out of reach."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from dask_cluster import HERE, NANNY, Dask, begun, own_dask, wait_for
from distributed import Client
from running import nordtema, stages_that_ran, tables_of, the_error, times_of_results

import pipeline
from pipeline import __version__
from pipeline.settings import NordtemaError, Settings
from pipeline.store import Store, Task
from pipeline.versions import describe_installation
from pipeline.workers import Workers, cluster
from pipeline.workers.cluster import Cluster

HOME = Path(pipeline.__file__).parent
DESCRIBE = "dask_cluster:describe"


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Dask:
    """A scheduler and two workers that no test ends."""
    with own_dask(tmp_path_factory.mktemp("dask"), workers=2) as dask:
        yield dask


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(cluster, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 60.0)


@contextmanager
def at_work(dask: Dask, out: Path, raw: Path | None = None, describe: str = DESCRIBE):
    """The workers of a cluster, for a run with these folders."""
    found = Cluster(
        dask.address,
        raw=raw or out,
        out=out,
        settings=Settings(),
        describe=describe,
        reads_texts=raw is not None,
    )
    with Workers(1, found) as workers:
        yield workers


def tasks_for(out: Path, parts: int) -> list[Task]:
    return [Task(out, Store(out), Settings(), part) for part in range(parts)]


def let_go(out: Path) -> None:
    (out / "go").touch()


def worker_of(dask: Dask, process: int) -> str:
    return next(name for name, started in dask.processes.items() if started.pid == process)


# What it gives


def test_parts_are_made_by_all_workers_and_come_in_order(dask, tmp_path):
    let_go(tmp_path)
    with at_work(dask, tmp_path) as workers:
        made = list(workers.map("dask_cluster:write_part", tasks_for(tmp_path, 12)))
    assert [task.part for task, _ in made] == list(range(12))
    # The files are named as this run sees them
    assert [outcome.outputs for _, outcome in made] == [
        [tmp_path / f"part-{part}.txt"] for part in range(12)
    ]
    assert (tmp_path / "part-7.txt").read_text() == "part 7 of 0"
    assert len(set(begun(tmp_path).values())) == 2
    assert workers.peak_memory_mb > 10
    assert list((tmp_path / "work").iterdir()) == []  # the run's mark is taken away


def test_what_a_worker_has_written_is_not_read_again_to_know_what_it_says(dask, tmp_path):
    let_go(tmp_path)
    (task,) = tasks_for(tmp_path, 1)
    with at_work(dask, tmp_path) as workers:
        ((_, outcome),) = workers.map("dask_cluster:write_part", [task])
    path = outcome.outputs[0]
    digest = hashlib.blake2b(b"part 0 of 0", digest_size=16).hexdigest()
    state = path.stat()
    assert task.store.list_digests([path]) == {
        "part-0.txt": (state.st_mtime_ns, state.st_size, digest)
    }
    path.write_bytes(b"another file")
    assert task.store.digest(path) != digest


def test_a_part_under_way_on_a_killed_worker_is_made_by_another(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    # As if it was killed while it wrote, on a machine where a number of ours is another process's
    left = out / "work" / f".part-00000.parquet.00000000.{os.getppid()}.tmp"
    with own_dask(tmp_path / "dask", workers=2) as dask, at_work(dask, out) as workers:
        results = workers.map("dask_cluster:write_part", tasks_for(out, 3))

        def kill_one():
            wait_for(lambda: len(begun(out)) == 2)
            os.kill(begun(out)[0], signal.SIGKILL)
            left.write_bytes(b"half")
            let_go(out)

        killer = threading.Thread(target=kill_one)
        killer.start()
        made = [outcome.outputs[0].name for _, outcome in results]
        killer.join()
        first = list(out.glob("part-0.*.begun"))
    assert made == ["part-0.txt", "part-1.txt", "part-2.txt"]
    assert len(first) == 2  # the killed one, and the other
    assert not left.exists()
    assert (out / "part-0.txt").read_text() == "part 0 of 0"


def test_a_run_gives_the_same_bytes_as_a_local_one_though_a_worker_is_killed(
    finished, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("killed")
    new = finished._replace(out=folder / "out")
    with own_dask(folder / "dask", workers=2) as dask:

        def kill_one():
            wait_for((new.out / "work/manifest/detect/part-00000.json").exists)
            dask.processes["worker-1"].kill()

        killer = threading.Thread(target=kill_one)
        killer.start()
        result = new.again("--scheduler", dask.address, "--until", "cluster")
        killer.join()
    assert stages_that_ran(result) == ["read", "detect", "segment", "vectorize", "cluster"]
    expected = tables_of(finished.out / "work")
    made = tables_of(new.out / "work")
    assert made == {path: said for path, said in expected.items() if path in made}
    assert {path.partition("/")[0] for path in expected} - {
        path.partition("/")[0] for path in made
    } == {"shares", "emphasis", "contrasts", "placebo", "placebo_rates", "confounds", "words",
          "years", "tallies", "spoken", "reasons", "dropped"}  # fmt: skip
    # Which scheduler made them is in no fingerprint
    entry = "work/manifest/cluster.settle/part-00000.json"
    assert (new.out / entry).read_bytes() == (finished.out / entry).read_bytes()


def test_a_run_with_a_scheduler_finds_what_a_local_one_made_up_to_date(run, dask):
    before = times_of_results(run.out / "work")
    result = run.again("--scheduler", dask.address)
    assert result.code == 0, result.err
    assert result.out.startswith("Nothing to do")
    assert times_of_results(run.out / "work") == before


def test_large_files_are_read_in_a_child_of_a_worker_that_has_a_nanny(tmp_path):
    """`dask worker` starts its worker as a process that may have no children."""
    out = tmp_path / "out"
    out.mkdir()
    with own_dask(tmp_path / "dask", workers=0) as dask:
        dask.start_worker(NANNY)
        with at_work(dask, out) as workers:
            ((_, outcome),) = workers.map("dask_cluster:read_large_text", tasks_for(out, 1))
    assert outcome.counts["characters"] > 100_000


def test_what_is_wrong_with_a_part_is_told_as_in_a_local_run(dask, tmp_path):
    with at_work(dask, tmp_path) as workers, pytest.raises(NordtemaError) as error:
        list(workers.map("dask_cluster:complain", tasks_for(tmp_path, 3)))
    assert str(error.value) == "part 0: can't be read; mend it"


def test_models_in_folders_are_named_by_their_whole_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-model").mkdir()
    settings = Settings.model_validate(
        {
            "vectorize": {"vectors": "model2vec:my-model"},
            "segment": {"spacy_da": "my-model", "spacy_no": "nb_core_news_sm"},
        }
    )
    whole = cluster._with_whole_paths(settings)
    assert whole.vectorize.vectors == f"model2vec:{tmp_path / 'my-model'}"
    assert whole.segment.spacy_da == str(tmp_path / "my-model")
    assert whole.segment.spacy_no == "nb_core_news_sm"
    assert cluster._with_whole_paths(Settings()) == Settings()


# Interrupted


def count_tasks(dask_scheduler) -> int:
    return len(dask_scheduler.tasks)


def test_ctrl_c_takes_back_what_is_to_be_done_and_ends_what_is_under_way(dask, tmp_path):
    def interrupt():
        wait_for(lambda: len(begun(tmp_path)) == 2)
        os.kill(os.getpid(), signal.SIGINT)

    def make_parts():
        with at_work(dask, tmp_path) as workers:
            threading.Thread(target=interrupt).start()
            list(workers.map("dask_cluster:write_part", tasks_for(tmp_path, 20)))

    with pytest.raises(KeyboardInterrupt):
        make_parts()
    with Client(dask.address, set_as_default=False) as client:
        wait_for(lambda: not client.run_on_scheduler(count_tasks))
    let_go(tmp_path)
    # The two that were under way find the run's mark gone and write nothing; no other is begun
    time.sleep(1)
    assert len(begun(tmp_path)) == 2
    assert list(tmp_path.glob("part-*.txt")) == []
    # And the workers are free for the next run
    with at_work(dask, tmp_path) as workers:
        assert len(list(workers.map("dask_cluster:write_part", tasks_for(tmp_path, 2)))) == 2


# Out of reach


@pytest.mark.parametrize(
    "address", ["localhost:8786", "tcp://", "tcp://host", "http://host:8786", "tcp://host:port"]
)
def test_an_address_that_is_none_is_wrong_usage(address, tmp_path):
    result = nordtema("run", tmp_path, "--scheduler", address)
    assert result.code == 2
    assert the_error(result) == (
        f"nordtema: --scheduler {address!r}: write the address of a Dask scheduler as "
        "tcp://host:port; change that value"
    )


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "tls://dask.example:8786", "tcp://[fe80::1]:8786", ""]
)
def test_an_address_may_be_a_name_a_number_or_nothing(address):
    assert Settings.model_validate({"run": {"scheduler": address}}).run.scheduler == address


def test_without_dask_the_error_says_how_to_install_it(corpus, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = nordtema("read", corpus, "--out", tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert result.code == 1
    assert the_error(result).startswith("nordtema: --scheduler needs Dask, which is not installed")
    assert the_error(result).endswith("install it with: pip install 'nordtema[dask]'")


@pytest.fixture
def mute():
    """An address where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def test_an_address_where_no_scheduler_answers_is_told_in_one_line(
    mute, corpus, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 1.0)
    # Nobody has port 1; no name ends in .invalid (RFC 2606)
    for address in (mute, "tcp://127.0.0.1:1", "tcp://nobody.invalid:8786"):
        began = time.monotonic()
        result = nordtema("read", corpus, "--out", tmp_path, "--scheduler", address)
        assert time.monotonic() - began < 15
        assert result.code == 1
        assert the_error(result).startswith(
            f"nordtema: {address}: no Dask scheduler answers there within 1 seconds ("
        )
        assert the_error(result).endswith(
            "check the address, start one with `dask scheduler`, or leave out --scheduler to use "
            "the processes of this machine"
        )


def test_lost_workers_and_a_lost_scheduler_are_told_in_one_line_each(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 10.0)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1.0)
    with own_dask(tmp_path / "dask", workers=0) as dask:
        with pytest.raises(NordtemaError) as no_workers, at_work(dask, tmp_path):
            pass
        start = f"start some with `dask worker {dask.address} --nworkers auto --nthreads 1`"
        assert str(no_workers.value) == (
            f"{dask.address}: the scheduler has no workers, and none came within 1 seconds; "
            f"{start}, or leave out --scheduler to use the processes of this machine"
        )
        monkeypatch.setattr(cluster, "WORKERS_SECONDS", 60.0)

        def lose(name: str) -> str:
            """The line that tells that a process was killed while a part was under way."""
            out = tmp_path / name
            out.mkdir()

            def kill():
                wait_for(lambda: begun(out))
                monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1.0)
                dask.processes[name].kill()

            with at_work(dask, out) as workers:
                threading.Thread(target=kill).start()
                with pytest.raises(NordtemaError) as lost:
                    list(workers.map("dask_cluster:write_part", tasks_for(out, 3)))
            return str(lost.value)

        dask.start_worker("first")
        assert lose("first") == (
            f"{dask.address}: all workers have gone, with 3 parts of this step to be done; {start} "
            "and run it again to go on where it stopped"
        )
        monkeypatch.setattr(cluster, "WORKERS_SECONDS", 60.0)
        dask.start_worker("second")
        assert lose("scheduler") == (
            f"{dask.address}: the scheduler no longer answers; start it and its workers again, and "
            "run it again to go on where it stopped"
        )


def test_a_part_that_ends_its_workers_is_told_with_its_number(tmp_path):
    """Dask gives up after the third such worker; here after the first."""
    with Dask(tmp_path) as dask:
        dask.start_scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
        dask.start_worker("worker")
        with at_work(dask, tmp_path) as workers, pytest.raises(NordtemaError) as error:
            list(workers.map("dask_cluster:die", tasks_for(tmp_path, 1)))
    assert str(error.value) == (
        "part 0: every worker that took it was ended from outside (1), perhaps for want of memory; "
        "give workers more (--memory-limit), or set a smaller part_documents under [run], and run "
        "it again to go on where it stopped"
    )


# Mistaken


def test_workers_that_can_not_take_part_are_told_in_one_line_each(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with own_dask(tmp_path / "dask", workers=0) as dask:

        def complaint(name: str, **how: object) -> str:
            dask.start_worker(name, **how)
            with (
                pytest.raises(NordtemaError) as error,
                at_work(dask, out, describe="pipeline.versions:describe_installation"),
            ):
                pass
            dask.kill(name)
            place, _, said = str(error.value).partition(": ")
            assert place.startswith("worker tcp://127.0.0.1:")
            return said

        assert complaint("threads", threads=2) == (
            "has 2 threads, and a part needs a process to itself; start workers with --nthreads 1, "
            "and --nworkers auto for one a core"
        )
        kernel = describe_installation(Settings())["the arithmetic of OpenBLAS for"]
        if kernel:  # elsewhere numpy has another library
            assert kernel not in ("Prescott", "Katmai")
            assert complaint("processor", OPENBLAS_CORETYPE="Prescott").endswith(
                f", but the run the arithmetic of OpenBLAS for {kernel}; set OPENBLAS_CORETYPE to "
                "one that all processors can do, such as Haswell, for both"
            )
        changed = tmp_path / "changed"
        shutil.copytree(HOME, changed / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
        with (changed / "pipeline" / "detect.py").open("a") as code:
            code.write("# another line\n")
        assert (
            complaint("code", path=[changed, HERE])
            .partition("digest ")[0]
            .startswith("has the code of nordtema with the ")
        )
        (changed / "pipeline" / "__init__.py").write_text('__version__ = "0.0.1"\n')
        assert complaint("version", path=[changed, HERE]) == (
            f"has nordtema 0.0.1, but the run nordtema {__version__}; install the same versions in "
            "both places (requirements.lock), and start the scheduler and its workers again"
        )
        shutil.rmtree(changed / "pipeline" / "workers")
        assert complaint("older", path=[changed, HERE]) == (
            f"has no nordtema {__version__}, or another one; install there what is installed here, "
            "with its extra dask, and start it again"
        )


# Storage


def test_a_folder_may_be_named_by_a_file_address(corpus, tmp_path):
    out = tmp_path / "my outputs"
    result = nordtema(
        "read", corpus.as_uri(), "--out", f"file://{tmp_path}/my%20outputs", "--dry-run"
    )
    assert result.code == 0, result.err
    assert nordtema("read", corpus.as_uri(), "--out", out.as_uri()).code == 0
    assert (out / "work" / "documents").is_dir()


@pytest.mark.parametrize("address", ["https://example.org/a", "file://host/a"])
def test_what_is_no_folder_of_this_machine_is_not_taken_for_one(address, tmp_path, monkeypatch):
    """As a path, https://example.org/a would be a new folder called `https:`."""
    monkeypatch.chdir(tmp_path)
    for arguments in ([address], [tmp_path, "--out", address]):
        result = nordtema("run", *arguments)
        assert result.code == 2
        assert f"{address}: is no folder" in the_error(result)
    assert list(tmp_path.iterdir()) == []


# On other machines


def can_make_namespaces() -> str:
    """Why this process can't make network namespaces, or nothing."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if not shutil.which("ip") or not shutil.which("unshare"):
        return "needs the commands ip (iproute2) and unshare"
    tried = ["unshare", "--net", "--mount", "true"]
    if subprocess.run(tried, capture_output=True).returncode:
        return "this system does not let a process make namespaces"
    return ""


@pytest.fixture
def two_machines():
    """Two network namespaces joined by a cable, each a prefix of commands, with its address."""
    reason = can_make_namespaces()
    if reason:
        pytest.skip(reason)
    names = [f"nordtema-{os.getpid()}-{end}" for end in "ab"]
    ends = [f"nt{os.getpid() % 1_000_000}{end}" for end in "ab"]
    addresses = ["192.0.2.1", "192.0.2.2"]  # for examples (RFC 5737): nobody has them
    made = []
    try:
        for name in names:
            ip("netns", "add", name)
            made.append(name)
        ip("link", "add", ends[0], "netns", names[0], "type", "veth",
           "peer", "name", ends[1], "netns", names[1])  # fmt: skip
        for name, end, address in zip(names, ends, addresses, strict=True):
            ip("-n", name, "addr", "add", f"{address}/24", "dev", end)
            ip("-n", name, "link", "set", end, "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield [
            (["ip", "netns", "exec", name], address)
            for name, address in zip(names, addresses, strict=True)
        ]
    finally:
        for name in made:
            ip("netns", "del", name)


def ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


ON_ANOTHER_MACHINE = """
import sys
from pathlib import Path
from test_scheduler import Dask, at_work, let_go, tasks_for
from pipeline.settings import NordtemaError

dask, out = Dask(Path()), Path(sys.argv[2])
dask.address = sys.argv[1]
let_go(out)
try:
    with at_work(dask, out, raw=Path(sys.argv[3])) as workers:
        for task, outcome in workers.map("dask_cluster:write_part", tasks_for(out, 3)):
            print(task.part, outcome.outputs[0].name)
except NordtemaError as error:
    print(error)
"""


def test_workers_on_another_machine_need_the_same_folders(two_machines, tmp_path):
    (here, address), (there, other_address) = two_machines
    out, raw = tmp_path / "out", tmp_path / "raw"
    out.mkdir()
    raw.mkdir()
    (raw / "a.txt").write_text("Kommunen svarer.")

    def run_here() -> str:
        command = [*here, sys.executable, "-c", ON_ANOTHER_MACHINE, dask.address, out, raw]
        place = {"PYTHONPATH": f"{HOME.parent}{os.pathsep}{HERE}"}
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | place)
        assert done.stderr == ""
        return done.stdout

    def hide(folder: Path) -> list[str]:
        """A machine that has another, empty folder of that name."""
        script = f'mount -t tmpfs none "{folder}" && exec "$@"'
        return [*there, "unshare", "--mount", "sh", "-c", script, "sh"]

    with Dask(tmp_path) as dask:
        dask.start_scheduler(host=address, inside=here)
        for folder, what in (
            (out, f"does not see the outputs folder {out} of the run"),
            (raw, f"does not see the texts in {raw} (a.txt is not the same there)"),
        ):
            dask.start_worker(folder.name, inside=hide(folder))
            said = run_here()
            assert said.startswith(f"worker tcp://{other_address}:")
            assert said.endswith(f": {what}; mount the same storage there under the same path\n")
            dask.kill(folder.name)
        dask.start_worker("there", inside=there)
        assert run_here() == "0 part-0.txt\n1 part-1.txt\n2 part-2.txt\n"
    assert (out / "part-2.txt").read_text() == "part 2 of 0"
