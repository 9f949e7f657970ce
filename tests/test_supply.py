"""The package as people get it: built, installed beside its dependencies, run elsewhere.

The dependencies are those of the environment that runs the tests; everything else of it, this
repository above all, is out of reach.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from running import csv_files_of

HOME = Path(__file__).parent.parent
IGNORED = ("__pycache__", ".venv", ".git", ".hypothesis", ".ruff_cache", ".mypy_cache")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build_wheel(HOME, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """The source distribution, unpacked."""
    place = tmp_path_factory.mktemp("source")
    start("-m", "hatchling", "build", "-t", "sdist", "-d", place, cwd=HOME)
    [archive] = place.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    return place / archive.name.removesuffix(".tar.gz")


def build_wheel(project: Path, place: Path) -> Path:
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    start("-m", "pip", "wheel", *options, "-w", place, ".", cwd=project)
    [made] = place.glob("*.whl")
    return made


def start(*arguments: object, cwd: Path, python: Path = Path(sys.executable)) -> str:
    """What a program says; without this environment's PYTHONPATH."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, *map(str, arguments)],
        cwd=cwd, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not set(path.relative_to(folder).parts) & set(IGNORED)
    }


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_the_wheel_has_every_file_of_the_package_and_nothing_else(wheel):
    names = names_in(wheel)
    package = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert package == {f"pipeline/{name}" for name in files_below(HOME / "pipeline")}
    needed = ("lexicon.tsv", "abbreviations.txt", "identify.npz", "vectors.npz")
    assert {f"pipeline/nordic/data/{name}" for name in needed} <= package
    assert {f"pipeline/report/page.{end}" for end in ("css", "js", "html.jinja")} <= package
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_source_distribution_can_be_built_and_tested(source):
    files = files_below(source)
    for folder in ("pipeline", "tests", "training", "benchmarks", "docs", "raw", "codebooks"):
        assert {f"{folder}/{name}" for name in files_below(HOME / folder)} <= files
    assert {"Makefile", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"} <= files
    assert {path.name for path in HOME.glob("requirements*")} <= files
    assert {".ci/run", ".ci/audit.py", "notebooks/01_reproduce.ipynb", "outputs/README.md"} <= files


def test_a_wheel_of_the_source_distribution_is_the_same(source, wheel, tmp_path):
    made = build_wheel(source, tmp_path)
    assert made.read_bytes() == wheel.read_bytes()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of programs of an environment that has the wheel, and sees our dependencies."""
    place = tmp_path_factory.mktemp("installed") / "env"
    start("-m", "venv", "--without-pip", place, cwd=place.parent)
    bin_ = place / "bin"
    options = ("--python", bin_ / "python", "install", "--no-deps", "--no-index", "--quiet")
    start("-m", "pip", *options, wheel, cwd=place.parent)
    # Paths in a .pth are added as they are: that of the repository, in one of theirs, is not
    [site] = place.glob("lib/python*/site-packages")
    ours = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    (site / "dependencies.pth").write_text("\n".join(ours), encoding="utf-8")
    return bin_


def test_the_installed_command_runs_without_the_repository(
    installed, finished, corpus, config, tmp_path
):
    """And gives what the repository's own code gives, to the byte."""
    raw = shutil.copytree(corpus, tmp_path / "tekster")
    python = installed / "python"
    told = start("-c", "import pipeline; print(pipeline.__file__)", cwd=tmp_path, python=python)
    assert Path(told.strip()).is_relative_to(installed.parent)
    arguments = ("run", raw, "--out", tmp_path / "ut", "--config", config, "--jobs", 1)
    start(installed / "nordtema", *arguments, cwd=tmp_path, python=python)
    assert csv_files_of(tmp_path / "ut") == csv_files_of(finished.out)
    page = (tmp_path / "ut" / "report" / "index.html").read_text(encoding="utf-8")
    assert "<script>" in page
    assert list((tmp_path / "ut" / "report" / "charts").glob("*.png"))
    paths = start("-c", "import sys; print(*sys.path, sep='\\n')", cwd=tmp_path, python=python)
    assert str(HOME) not in paths.splitlines()


def test_nothing_is_missing_that_the_commands_tell_of(installed, tmp_path):
    python = installed / "python"
    said = start(installed / "nordtema", "--version", cwd=tmp_path, python=python)
    assert said.startswith("nordtema, version ")
    (tmp_path / "linjer.txt").write_text("Kommunen svarer ikke på brev.\n", encoding="utf-8")
    told = start(installed / "nordtema", "identify", "linjer.txt", cwd=tmp_path, python=python)
    assert told.split("\t")[0] in ("da", "nb")
