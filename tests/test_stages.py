"""What is up to date and what is made again; runs that break off and go on."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from running import (
    OF_REPORT,
    Run,
    csv_files_of,
    files_of,
    nordtema,
    read_csv,
    stages_that_ran,
    tables_of,
    the_error,
    times_of,
    times_of_results,
    without,
)

from pipeline import stages, steps, versions
from pipeline.report.charts import CHARTS
from pipeline.settings import UsageError
from pipeline.stages import select_stages
from pipeline.steps import STAGES
from pipeline.store import Store

UP_TO_COMPARE = ("--until", "compare")


# Up to date


def test_a_second_run_rewrites_nothing_but_run_json_and_says_so(run):
    before, said = times_of_results(run.out), files_of(run.out)
    result = run.again()
    assert stages_that_ran(result) == []
    assert result.out.startswith("Nothing to do: everything is up to date.\n")
    after = times_of_results(run.out)
    assert files_of(run.out) == said
    assert {path for path in after if after[path] != before.get(path)} == {"report/run.json"}
    assert set(before) == set(after)


def test_a_second_run_with_more_processes_finds_nothing_to_do_either(run):
    assert stages_that_ran(run.again("--jobs", 2)) == []


def test_files_that_were_only_touched_or_copied_anew_change_nothing(run):
    for path in run.raw.rglob("*"):
        os.utime(path)
    assert stages_that_ran(run.again()) == []


def test_run_json_keeps_what_a_stage_took_when_it_ran(run):
    first = json.loads((run.out / "report/run.json").read_text())["stages"]
    assert all(stage["ran"] for stage in first.values())
    run.again()
    second = json.loads((run.out / "report/run.json").read_text())["stages"]
    assert not any(stage["ran"] for stage in second.values())
    for name, stage in second.items():
        assert stage["seconds"] == first[name]["seconds"]


# What a change reruns


@pytest.mark.parametrize(
    ("options", "ran"),
    [
        (("--themes", 3), ["cluster", "compare"]),
        (("--seed", 3), ["cluster", "compare"]),
        (("--group-by", "source"), ["compare"]),
        (("--jobs", 2), []),
    ],
)
def test_a_changed_option_reruns_from_its_stage(run, options, ran):
    assert stages_that_ran(run.again(*options, *UP_TO_COMPARE)) == ran


@pytest.mark.parametrize(
    ("old", "new", "ran"),
    [
        ("[run]", "[read]\nkeep_clutter = true\n[run]",
         ["read", "detect", "segment", "vectorize", "cluster", "compare"]),
        ("[run]", "[detect]\nmin_confidence = 0.4\n[run]", ["detect"]),
        ("[run]", "[segment]\nmax_sentence_chars = 1999\n[run]", ["segment"]),
        ("permutations = 1000", "permutations = 1001", ["compare"]),
        ("[compare]", '[compare]\nshare_by = "words"', ["compare"]),
        ("[run]", "[report]\nsentences_per_theme = 3\n[run]", []),
    ],
)  # fmt: skip
def test_a_changed_setting_reruns_from_its_stage_until_nothing_differs(
    run, tmp_path, old, new, ran
):
    config = tmp_path / "other.toml"
    config.write_text(run.config.read_text().replace(old, new))
    assert stages_that_ran(run._replace(config=config).again(*UP_TO_COMPARE)) == ran


def test_another_way_to_group_reruns_only_compare_and_report(run):
    compared = ("shares", "emphasis", "contrasts", "confounds", "placebo", "words", "years")
    untouched = [
        table
        for table in times_of_results(run.out / "work")
        if not table.startswith((*compared, "finished", "manifest"))
    ]
    before = times_of_results(run.out / "work")
    assert stages_that_ran(run.again("--group-by", "country")) == ["compare", "report"]
    after = times_of_results(run.out / "work")
    assert all(before[path] == after[path] for path in untouched)
    assert {row["group"] for row in read_csv(run.out, "emphasis.csv")} == {"DK", "NO"}
    assert {row["group"] for row in read_csv(run.out, "documents.csv")} == {"da", "no", ""}


def test_a_setting_changed_back_gives_the_first_bytes_back(run, finished):
    run.again("--group-by", "source", *UP_TO_COMPARE)
    assert tables_of(run.out) != tables_of(finished.out)
    run.again(*UP_TO_COMPARE)
    assert files_of(run.out) == files_of(finished.out)


def test_a_changed_text_reruns_its_own_part_and_what_needs_the_whole(run):
    path = run.raw / "modellen-tar-ikke-beslutningen.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("lange saker", "korte saker"), encoding="utf-8")
    before = times_of(run.out / "work")
    ran = stages_that_ran(run.again(*UP_TO_COMPARE))
    assert ran[:4] == ["read", "detect", "segment", "vectorize"]
    changed = {path for path, time in times_of(run.out / "work").items() if before[path] != time}
    early = ("drafts", "blocks", "documents", "sentences", "terms", "vectors")
    parts = {path for path in changed if path.startswith(early)}
    assert parts
    assert all("part-00004" in path for path in parts), parts
    sentences = Store(run.out).read("sentences", 4)["text"]
    assert sentences.str.contains("korte saker").any()


def test_a_changed_metadata_file_changes_documents_and_no_sentence(run):
    path = run.raw / "metadata.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Fjordbladet", "Fjordposten"), encoding="utf-8")
    ran = stages_that_ran(run.again(*UP_TO_COMPARE))
    assert not {"vectorize", "cluster"} & set(ran)
    assert "read" in ran
    assert "compare" in ran
    assert "Fjordposten" in set(Store(run.out).read_all("documents")["source"])


def test_a_removed_metadata_file_is_noticed(run):
    (run.raw / "metadata.csv").unlink()
    assert "read" in stages_that_ran(run.again(*UP_TO_COMPARE))
    assert set(Store(run.out).read_all("documents")["country"]) == {""}


def test_a_line_of_metadata_that_names_no_file_is_told_at_every_run(run):
    path = run.raw / "metadata.csv"
    path.write_text(path.read_text(encoding="utf-8") + "borte.txt,,,,\n", encoding="utf-8")
    said = f"note: {path} names 'borte.txt', but there is no such file"
    for _ in range(2):
        assert said in run.again("--until", "read").err.splitlines()


def test_an_added_file_ends_as_if_it_had_always_been_there(run, finished, tmp_path):
    name = "brukerne-forst.txt"
    text = (run.raw / name).read_bytes()
    (run.raw / name).unlink()
    run.again("--until", "vectorize")
    assert "brukerne-forst" not in set(Store(run.out).read_all("documents")["doc_id"])
    (run.raw / name).write_bytes(text)
    run.again(*UP_TO_COMPARE)
    assert_same_tables(run.out, finished.out)


def assert_same_tables(one: Path, other: Path) -> None:
    """The same results, wherever in their parts the documents lie."""
    stores = Store(one), Store(other)
    for table in (
        "documents",
        "blocks",
        "rejected",
        "languages",
        "sentences",
        "terms",
        "assignments",
    ):
        pd.testing.assert_frame_equal(*(store.read_all(table) for store in stores))
    # But that the themes of the one may be those of an earlier run
    history = ("lineage", "known_themes", "finished", "sightings")
    whole = [step.outputs for step in steps.STEPS if step.scope == "corpus"]
    for table in {table for tables in whole for table in tables} - {"files", *history}:
        paths = [store.path(table) for store in stores]
        assert paths[0].read_bytes() == paths[1].read_bytes(), table


def test_removed_files_leave_no_parts_behind(run, tmp_path):
    for name in ("mappe/logo.png", "maskinen-laeser-sagen.md", "brukerne-kopi.txt", "tom.txt"):
        (run.raw / name).unlink()
    shutil.rmtree(run.out / "work" / "known_themes")  # the ids of themes are history
    assert stages_that_ran(run.again(*UP_TO_COMPARE))
    in_parts = steps.IN_PARTS | {step.name for step in steps.STEPS if step.scope == "part"}
    in_parts -= {"report.gather", *OF_REPORT}  # this run was one up to compare
    numbers = {
        path.name.partition(".")[0]
        for path in (run.out / "work").rglob("part-*")
        if path.parent.name in in_parts
    }
    assert numbers == {f"part-{part:05d}" for part in Store(run.out).parts("files")}
    assert len(numbers) < 5
    fresh = run._replace(out=tmp_path / "fresh")
    fresh.again(*UP_TO_COMPARE)
    assert_same_tables(run.out, fresh.out)


def test_a_chart_that_is_no_longer_drawn_is_removed(run, monkeypatch):
    """Other settings may call for other charts; what the last run drew would be untrue."""
    old = run.out / "report" / "charts" / "emphasis.png"
    assert old.exists()
    others = tuple(name for name in CHARTS if name != "emphasis")
    monkeypatch.setattr("pipeline.report.charts.CHARTS", others)
    monkeypatch.setattr("pipeline.report.page.make_page", lambda *_, **__: {"index.html": b""})
    assert stages_that_ran(run.again("--group-by", "country")) == ["compare", "report"]
    assert not old.exists()
    assert (run.out / "report" / "charts" / "terms.png").exists()


def test_changed_code_of_a_stage_reruns_that_stage(run, monkeypatch):
    digest = versions.code_digest
    changed = {"detect": "x"}
    monkeypatch.setattr(
        versions, "code_digest", lambda stage: digest(stage) + changed.get(stage, "")
    )
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == ["detect"]


def test_another_version_of_a_package_reruns_what_it_may_change(run, monkeypatch):
    monkeypatch.setattr(versions, "package_versions", lambda: {"numpy": "99"})
    assert stages_that_ran(run.again("--until", "vectorize")) == list(STAGES[:4])


# From and until


def test_from_and_until_name_stages_that_are_run_too():
    assert select_stages(None, None) == STAGES
    assert select_stages("segment", "cluster") == ("segment", "vectorize", "cluster")
    assert select_stages("report", "report") == ("report",)
    with pytest.raises(UsageError, match="--from report comes after --until read; swap them"):
        select_stages("report", "read")


def test_until_stops_after_its_stage(run, tmp_path):
    new = run._replace(out=tmp_path / "new")
    assert stages_that_ran(new.again("--until", "segment")) == ["read", "detect", "segment"]
    tables = {path.name for path in (new.out / "work").iterdir()}
    assert {"sentences", "terms"} <= tables
    assert "vectors" not in tables


def test_a_stages_command_runs_that_stage_alone(run):
    (run.raw / "ny.txt").write_text("Endnu en tekst om brugernes behov.", encoding="utf-8")
    result = run.again(command="detect")
    assert stages_that_ran(result) == []
    assert result.err.splitlines()[0].startswith("detect     up to date")
    assert result.err.count("\n") == 1


def test_from_takes_earlier_tables_as_they_lie(run):
    """Assignments edited by hand reach the shares, and no earlier stage mends them."""
    store = Store(run.out)
    before = tables_of(run.out)
    for part in store.parts("assignments"):
        assignments = store.read("assignments", part)
        store.write("assignments", assignments.assign(theme_id="t01"), part)
    assert stages_that_ran(run.again("--from", "compare")) == ["compare", "report"]
    for row in read_csv(run.out, "emphasis.csv"):
        assert float(row["share"]) == (row["theme_id"] == "t01")
    assert (run.out / "work/themes/part-00000.parquet").read_bytes() == before[
        "work/themes/part-00000.parquet"
    ]
    # A whole run makes them again as the settings say.
    assert stages_that_ran(run.again()) == ["cluster", "compare", "report"]
    assert tables_of(run.out) == before


def test_assignments_to_a_theme_that_there_is_not_are_told(run):
    store = Store(run.out)
    assignments = store.read("assignments").assign(theme_id="mine")
    store.write("assignments", assignments)
    result = run.again("--from", "compare")
    assert result.code == 1
    assert "names theme 'mine', which the table of themes does not have; run" in the_error(result)


def test_a_table_with_cells_of_another_type_is_told(run):
    path = run.out / "work/assignments/part-00000.parquet"
    assignments = pd.read_parquet(path)
    assignments.assign(strength="very").to_parquet(path)
    result = run.again("--from", "compare")
    assert result.code == 1
    assert "does not hold what the table of assignments holds" in the_error(result)


def test_a_strength_that_no_sentence_reaches_is_told(run, tmp_path):
    config = tmp_path / "strict.toml"
    config.write_text("[cluster]\nmin_strength = 1.0\nthemes = 2\n")
    result = run._replace(config=config).again()
    assert result.code == 1
    assert the_error(result).endswith("min_strength = 1.0 asks for; lower it")


def test_from_does_not_look_at_the_texts(run):
    for path in run.raw.glob("*.txt"):
        path.unlink()
    assert stages_that_ran(run.again("--from", "detect")) == []


@pytest.mark.parametrize("table", ["assignments", "themes", "documents"])
def test_a_missing_table_is_told_with_the_remedy(run, table):
    for path in (run.out / "work" / table).iterdir():
        path.unlink()
    before = files_of(run.out / "report")
    result = run.again("--from", "compare")
    assert result.code == 1
    path = run.out / "work" / table / "part-00000.parquet"
    assert the_error(result) == (
        f"nordtema: {path}: is missing; run `nordtema run` without --from, so that it is made"
    )
    assert files_of(run.out / "report") == before


@pytest.mark.parametrize(
    ("first", "table"), [("compare", "documents"), ("segment", "blocks"), ("detect", "documents")]
)
def test_one_missing_part_is_told_and_not_passed_over(run, first, table):
    path = run.out / "work" / table / "part-00002.parquet"
    path.unlink()
    result = run.again("--from", first, *UP_TO_COMPARE)
    assert result.code == 1
    assert the_error(result).startswith(f"nordtema: {path}: is missing; run `nordtema run` without")
    assert Store(run.out).parts("languages") == [0, 1, 2, 3, 4]


def test_vectors_that_do_not_fit_their_sentences_are_told(run):
    store = Store(run.out)
    store.write_vectors(np.zeros((3, 8), dtype=np.float32), 0)
    result = run.again("--from", "cluster", *UP_TO_COMPARE)
    assert result.code == 1
    assert "has 3 rows for" in the_error(result)


# Dry runs


def test_a_dry_run_of_a_new_folder_writes_nothing(run, tmp_path):
    new = run._replace(out=tmp_path / "new")
    result = new.again("--dry-run")
    assert result.code == 0
    assert not new.out.exists()
    lines = result.out.splitlines()
    assert [line.split()[0] for line in lines] == list(STAGES)
    assert all("would run" in line for line in lines)


def test_a_dry_run_says_what_a_run_would_do_and_does_nothing(run):
    before = times_of(run.out)
    assert [line.split(maxsplit=1)[1] for line in run.again("--dry-run").out.splitlines()] == [
        "up to date"
    ] * len(STAGES)
    lines = run.again("--dry-run", "--group-by", "source").out.splitlines()
    assert lines[4:] == [
        "cluster    up to date",
        "compare    would run: its input, settings or version have changed",
        "report     would run if compare changes its tables",
    ]
    (run.raw / "ny.txt").write_text("Endnu en tekst om brugernes behov.", encoding="utf-8")
    assert run.again("--dry-run").out.startswith("read       would run: the texts have changed\n")
    assert times_of(run.out) == before


@pytest.mark.parametrize("table", ["files", "drafts", "vectors", "shares"])
def test_a_dry_run_sees_a_damaged_table(run, table):
    Store(run.out).path(table).write_bytes(b"broken")
    before = times_of(run.out)
    result = run.again("--dry-run")
    assert result.code == 0
    assert "would run" in result.out
    assert times_of(run.out) == before


# Damage, and runs that break off


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("files", 1), ("blocks", 0), ("duplicates", 0), ("documents", 1), ("sentences", 3),
        ("vectors", 2), ("model", 0), ("assignments", 4), ("shares", 0),
    ],
)  # fmt: skip
def test_a_damaged_or_missing_part_is_made_again_and_nothing_else(run, finished, table, part):
    path = Store(run.out).path(table, part)
    before = times_of_results(run.out)
    if part:
        path.write_bytes(path.read_bytes()[:-9])
    else:
        path.unlink()
    assert run.again(*UP_TO_COMPARE).code == 0
    assert files_of(run.out) == files_of(finished.out)
    after = times_of_results(run.out)
    name = path.relative_to(run.out).as_posix()
    changed = {path for path in after if after[path] != before[path]}
    assert changed <= {name, "report/run.json"}


def test_a_damaged_or_missing_report_is_made_again(run, finished):
    report = run.out / "report"
    (report / "emphasis.csv").write_text("edited by hand")
    (report / "index.html").unlink()
    (report / "charts" / "terms.png").unlink()
    assert stages_that_ran(run.again()) == ["report"]
    assert files_of(run.out) == files_of(finished.out)


@pytest.mark.parametrize("text", ["", '{"fingerprint"', "[]"])
def test_a_damaged_manifest_entry_only_makes_its_part_again(run, finished, text):
    (run.out / "work/manifest/segment/part-00001.json").write_text(text)
    assert stages_that_ran(run.again(*UP_TO_COMPARE)) == ["segment"]
    assert files_of(run.out) == files_of(finished.out)


def test_a_lost_manifest_costs_time_and_nothing_else(run, finished):
    for path in (run.out / "work" / "manifest").rglob("*.json"):
        # Some of which no run up to compare makes
        if path.parent.name not in ("report.gather", "report", "finished"):
            path.unlink()
    assert run.again(*UP_TO_COMPARE).code == 0
    assert files_of(run.out) == files_of(finished.out)


class BrokenError(Exception):
    pass


@pytest.mark.parametrize(
    ("function", "stage", "fault"),
    [
        ("pipeline.read.parts.extract_part", "read", BrokenError),
        ("pipeline.segment.segment_part", "segment", BrokenError),
        ("pipeline.cluster.assign_part", "cluster", KeyboardInterrupt),
    ],
)
def test_a_run_that_breaks_off_goes_on_where_it_stopped(
    run, finished, tmp_path, monkeypatch, function, stage, fault
):
    """The third part of a stage fails; the first two are not made again."""
    module, _, name = function.rpartition(".")
    whole = getattr(importlib.import_module(module), name)
    made: list[int] = []

    def break_off(task):
        if task.part == 2:
            raise fault
        made.append(task.part)
        return whole(task)

    new = run._replace(out=tmp_path / "new")
    with monkeypatch.context() as patched:
        patched.setattr(function, break_off)
        if fault is BrokenError:
            with pytest.raises(BrokenError):
                new.again(*UP_TO_COMPARE)
        else:
            result = new.again(*UP_TO_COMPARE)
            assert result.code == 130
            assert the_error(result) == (
                "nordtema: interrupted; run it again to go on where it stopped"
            )
    assert made == [0, 1]
    assert not (new.out / "report").exists()

    def note(task):
        made.append(task.part)
        return whole(task)

    monkeypatch.setattr(function, note)
    ran = stages_that_ran(new.again(*UP_TO_COMPARE))
    assert ran == list(STAGES[STAGES.index(stage) : -1])
    assert made == [0, 1, 2, 3, 4]
    assert tables_of(new.out / "work") == tables_of(finished.out / "work")


def test_a_run_that_breaks_off_inside_a_write_leaves_no_half_file(run, finished, monkeypatch):
    """A write of the report fails half-way: what was there before stays, and a run mends it."""
    write = Store.write_bytes

    def full(self, path, content):
        if path.name == "index.html":
            raise BrokenError
        write(self, path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write_bytes", full)
        with pytest.raises(BrokenError):
            run.again("--group-by", "source")
    page = "report/index.html"
    assert files_of(run.out)[page] == files_of(finished.out)[page]
    assert run.again().code == 0
    assert files_of(run.out) == files_of(finished.out)


def start(run: Run, *options: str) -> subprocess.Popen[bytes]:
    fixed = ("--out", str(run.out), "--config", str(run.config))
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(run.raw), *fixed, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=Path(stages.__file__).parent.parent,
    )


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.005)


def children(process: int) -> list[int]:
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if _parent(path) == process
    ]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_a_killed_run_leaves_no_workers_and_goes_on_with_the_same_bytes(run, finished, tmp_path):
    new = run._replace(out=tmp_path / "new")
    process = start(new, "--jobs", "2", *UP_TO_COMPARE)
    wait_for(new.out / "work/manifest/detect/part-00001.json", process)
    workers = children(process.pid)
    workers += [worker for started in workers for worker in children(started)]
    assert len(workers) >= 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    until = time.monotonic() + 15
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_alive, workers))
    left = new.out / "work" / "sentences" / f".part-00000.parquet.{process.pid}.tmp"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")
    entries = times_of(new.out / "work" / "manifest" / "read.extract")
    result = new.again(*UP_TO_COMPARE)
    assert result.code == 0
    assert "read" not in stages_that_ran(result)
    assert times_of(new.out / "work" / "manifest" / "read.extract") == entries
    assert tables_of(new.out / "work") == tables_of(finished.out / "work")
    assert not left.exists()


KILLED_WHILE_WORKERS_WAIT = """
import os, signal
from pipeline.workers.crew import Crew
crew = Crew(2)
print({worker.result() for worker in [crew.submit(os.getpid) for _ in range(8)]}, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_workers_that_wait_for_work_end_with_the_process_that_was_killed(tmp_path):
    """One that is busy fails as it hands over its result; one that waits would wait for ever."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED_WHILE_WORKERS_WAIT)
    place = {"PYTHONPATH": str(Path(stages.__file__).parent.parent)}
    # To a file: a worker that lives on would hold a pipe open, and the test would hang with it.
    with (tmp_path / "workers").open("w") as told:
        done = subprocess.run([sys.executable, script], stdout=told, env=os.environ | place)
    assert done.returncode == -signal.SIGKILL
    workers = ast.literal_eval((tmp_path / "workers").read_text())
    assert workers
    until = time.monotonic() + 10
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    alive = [worker for worker in workers if is_alive(worker)]
    for worker in alive:
        os.kill(worker, signal.SIGKILL)
    assert not alive


def test_a_run_that_has_nothing_to_do_starts_no_process(run, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a process")

    monkeypatch.setattr("pipeline.workers.process._spawn", refuse)
    result = nordtema("run", run.raw, "--out", run.out, "--config", run.config, "--jobs", 2)
    assert stages_that_ran(result) == []


def test_temporary_files_of_a_killed_run_are_removed_by_the_next(run):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    places = [
        run.out / "work/sentences" / f".part-00000.parquet.{process.pid}.tmp",
        run.out / "work/manifest/detect" / f".part-00000.json.{process.pid}.tmp",
        run.out / "report/charts" / f".terms.png.{process.pid}.tmp",
        run.out / "report" / f".run.json.{process.pid}.tmp",
    ]
    for place in places:
        place.write_bytes(b"half")
    assert stages_that_ran(run.again()) == []
    assert not any(place.exists() for place in places)


def test_other_files_in_the_outputs_folder_are_left_alone(run):
    notes = run.out / "report" / "my-notes.txt"
    notes.write_text("mine")
    (run.out / "README.md").write_text("mine too")
    (run.raw / "tom.txt").unlink()
    assert run.again().code == 0
    assert notes.read_text() == "mine"
    assert (run.out / "README.md").read_text() == "mine too"


def test_csv_files_do_not_depend_on_what_a_folder_held_before(run, tmp_path):
    """A run on other texts into the same folder ends as one into an empty folder.

    Themes of texts that were there before would keep their ids (test_cluster_lineage).
    """
    texts = tmp_path / "other"
    texts.mkdir()
    for name in ("beboerne-vil-have-svar.txt", "brukerne-forst.txt"):
        (texts / f"other-{name}").write_bytes((run.raw / name).read_bytes())
    other = run._replace(raw=texts)
    assert other.again().code == 0
    fresh = other._replace(out=tmp_path / "fresh")
    assert fresh.again().code == 0
    assert csv_files_of(other.out) == csv_files_of(fresh.out)
    ended, made = (without(out, "report/charts") for out in (other.out, fresh.out))
    # The one table that speaks of the past
    assert b"removed" in ended.pop("report/changes.csv")
    assert ended == made


def test_a_table_of_the_wrong_kind_is_a_named_error(run):
    """Somebody wrote a table by hand and forgot a column."""
    path = Store(run.out).path("assignments", 0)
    pd.DataFrame({"sentence_id": ["a:0"]}).to_parquet(path)
    result = run.again("--from", "compare")
    assert result.code == 1
    assert "has no column 'theme_id'" in the_error(result)
