"""Running the command line inside the tests' own process, and looking at what it left."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from pipeline.cli import main
from pipeline.steps import STAGES, STEPS

OF_REPORT = next(step.outputs for step in STEPS if step.name == "report.gather")


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Run(NamedTuple):
    """A folder of texts, the folder of its run, and the settings file."""

    raw: Path
    out: Path
    config: Path

    def again(self, *options: object, command: str = "run") -> Result:
        fixed = ("--out", self.out, "--config", self.config, "--jobs", 1)
        return nordtema(command, self.raw, *fixed, *options)

    def copy(self, place: Path) -> Run:
        """The same run in another folder, with its files' times."""
        for folder in (self.raw, self.out):
            shutil.copytree(folder, place / folder.name)
        return Run(place / self.raw.name, place / self.out.name, self.config)


def nordtema(*arguments: object, stdin: bytes = b"", encoding: str = "utf-8") -> Result:
    """A command as a shell would run it, but that a fault of the program is raised here."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, newline="") for _ in range(2))
    source = io.TextIOWrapper(io.BytesIO(stdin))
    code = 0
    with (
        patch.object(sys, "argv", ["nordtema", *map(str, arguments)]),
        patch.object(sys, "stdin", source),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as leave:
            code = int(leave.code or 0)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding))
    return Result(code, *texts)


def stages_that_ran(result: Result) -> list[str]:
    """The stages of a run that were not up to date, from the lines that it printed."""
    assert result.code == 0, result.err
    lines = re.findall(r"^(\w+) +(up to date|[\d.]+ s)", result.err, flags=re.M)
    assert {stage for stage, _ in lines} <= set(STAGES)
    return [stage for stage, took in lines if took != "up to date"]


def the_error(result: Result) -> str:
    """The one line that tells what is wrong."""
    lines = [line for line in result.err.splitlines() if line.startswith("nordtema: ")]
    assert len(lines) == 1, result.err
    assert result.err.splitlines()[-1] == lines[0]
    assert "Traceback" not in result.err
    return lines[0]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file's bytes by its path, but for what tells times: run.json and the sightings."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json" and path.parent.name != "sightings"
    }


def times_of(folder: Path) -> dict[str, int]:
    """When every file was written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times_of_results(folder: Path) -> dict[str, int]:
    """As `times_of`, but for the sightings, which follow where the texts lie."""
    return {path: when for path, when in times_of(folder).items() if "sightings/" not in path}


def tables_of(folder: Path) -> dict[str, bytes]:
    """The files of `files_of` that hold results.

    The manifest says how they were made, `finished` what a whole run found, and what the report
    keeps of each part is in its files again; a run up to compare has none of it.
    """
    no_results = ("manifest/", "finished/", *(f"{table}/" for table in OF_REPORT))
    return {
        path: said
        for path, said in files_of(folder).items()
        if not any(folder in path for folder in no_results)
    }


def csv_files_of(out: Path) -> dict[str, bytes]:
    """All but changes.csv, which tells of the run before."""
    found = {path: said for path, said in files_of(out).items() if path.endswith(".csv")}
    found.pop("report/changes.csv", None)
    return found


def read_csv(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "report" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without(folder: Path, name: str) -> dict[str, bytes]:
    """The files whose path does not begin with `name`."""
    return {path: said for path, said in files_of(folder).items() if not path.startswith(name)}
