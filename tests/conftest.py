"""Fixtures that several test files share: a small corpus, and one finished run of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from running import Run

# The same examples in every run; HYPOTHESIS_PROFILE=explore looks further.
# How long an example takes depends on what else the machine does: no test is about that
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Files are dealt out to the processes one by one: the longest come first, or one would end alone
LONGEST = ("test_notebooks.py", "test_training_identify.py", "test_faults.py", "test_run_later.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


HERE = Path(__file__).parent
SEEDS = HERE.parent.parent / "shared" / "corpus" / "seeds"

# Several parts even of a small corpus, and little to compute.
CONFIG = """\
[run]
part_documents = 2
[cluster]
max_themes = 4
[compare]
permutations = 1000
"""
ENGLISH = """\
The town hall has a new machine

The machine reads every letter that arrives at the town hall, and it answers most of them before
lunch. People in the street say that they would rather have spoken to somebody.
"""


@pytest.fixture(scope="session")
def seeds() -> Path:
    """Five real articles, which are no part of the repository."""
    if not SEEDS.is_dir():
        pytest.skip(f"the seed articles are not here ({SEEDS})")
    return SEEDS


@pytest.fixture(scope="session")
def config(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "light.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Path:
    """3 Danish, 2 Bokmål and 1 Nynorsk text, an English one, a copy, and two that can't be read."""
    raw = tmp_path_factory.mktemp("corpus") / "raw"
    shutil.copytree(HERE / "corpus" / "small", raw)
    # Named so that each part of two files has at least one text of the three languages.
    (raw / "an-english-note.txt").write_text(ENGLISH, encoding="utf-8")
    shutil.copy(raw / "brukerne-forst.txt", raw / "brukerne-kopi.txt")
    (raw / "mappe").mkdir()
    (raw / "mappe" / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (raw / "tom.txt").write_bytes(b"")
    return raw


@pytest.fixture(scope="session")
def finished(corpus, config, tmp_path_factory) -> Run:
    """A whole run of the small corpus, to look at. What changes it works on a copy."""
    run = Run(corpus, tmp_path_factory.mktemp("finished") / "out", config)
    result = run.again()
    assert result.code == 0, result.err
    return run


@pytest.fixture
def run(finished, tmp_path) -> Run:
    """A copy of the finished run and of its texts, to change."""
    return finished.copy(tmp_path)


@pytest.fixture
def two_charts(monkeypatch) -> None:
    """The runs of a test draw two charts of eleven, which take half the time of a small run."""
    monkeypatch.setattr("pipeline.report.charts.CHARTS", ("emphasis", "contrast"))
