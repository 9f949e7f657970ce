"""What results depend on but for the texts: settings, and the versions of code and packages.

A step's *way* is the digest of all that concerns it. What is made on several machines is the same
where they have the same installation.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.settings import Settings
from pipeline.steps import Step
from pipeline.store import Store, fingerprint

# The packages whose versions can change a result.
PACKAGES = (
    *("charset-normalizer", "datasketch", "ftfy", "jinja2", "langdetect", "lxml"),
    *("matplotlib", "numpy", "pandas", "pdfminer.six", "pdfplumber", "pyarrow", "scikit-learn"),
    *("scipy", "spacy", "trafilatura", "xlsxwriter"),
)


def way_of(step: Step, settings: Settings) -> str:
    """Digest of all that a step's results depend on but for its inputs."""
    return fingerprint(
        step=step.name,
        code=code_digest(step.stage),
        packages=package_versions(),
        settings={name: _setting(settings, name) for name in step.settings},
        models=_model_versions(settings, step.stage),
    )


def _model_versions(settings: Settings, stage: str) -> dict[str, str]:
    """What tells the versions of the models that are named: those may change under their names."""
    if stage == "segment":
        names = (settings.segment.spacy_da, settings.segment.spacy_no)
        return {name: _model_version(name) for name in names if name}
    kind, _, model = settings.vectorize.vectors.partition(":")
    if stage == "cluster":
        paths = {name: getattr(settings.cluster, name) for name in ("codebook", "curation")}
        return {
            name: Path(path).read_bytes().hex() if Path(path).is_file() else ""
            for name, path in paths.items()
            if path
        }
    if stage == "vectorize" and model:
        return {kind: _model_version(kind), model: _digest_folder(Path(model))}
    return {}


def _digest_folder(folder: Path) -> str:
    """What changes when a file of the folder does; empty where there is none, as for a name."""
    if not folder.is_dir():
        return ""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return fingerprint(
        **{
            path.relative_to(folder).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
            for path in files
        }
    )


def _model_version(name: str) -> str:
    try:
        return package_version(name)
    except (PackageNotFoundError, ValueError):
        meta = Path(name) / "meta.json"
        return meta.read_text(encoding="utf-8") if meta.is_file() else ""


def _setting(settings: Settings, name: str) -> Any:
    section, _, key = name.partition(".")
    values = getattr(settings, section).model_dump()
    return values[key] if key else values


@cache
def code_digest(stage: str) -> str:
    """Digest of the code and the data files that a stage's results depend on."""
    home = Path(__file__).parent
    files = [home / "store.py", home / "schemas.py", home / f"{stage}.py"]
    files += [*(home / stage).rglob("*"), *(home / "nordic").rglob("*")]
    return _digest_files(files, home)


def _digest_files(files: Iterable[Path], home: Path) -> str:
    kept = [path for path in sorted(files) if path.is_file() and "__pycache__" not in path.parts]
    store = Store(home)
    return fingerprint(**{path.relative_to(home).as_posix(): store.digest(path) for path in kept})


@cache
def package_versions() -> dict[str, str]:
    return {name: package_version(name) for name in PACKAGES}


def describe_installation(settings: Settings) -> dict[str, str]:
    """What parts come out the same by, wherever they are made: a name and its version each."""
    _, _, model = settings.vectorize.vectors.partition(":")
    kinds = [settings.vectorize.vectors.partition(":")[0]] if model else []
    pipelines = [settings.segment.spacy_da, settings.segment.spacy_no]
    named = [*kinds, *(name for name in pipelines if name and not Path(name).is_dir())]
    home = Path(__file__).parent
    return {
        "nordtema": __version__,
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **package_versions(),
        "distributed": _model_version("distributed"),
        **{name: _model_version(name) for name in named},
        "the code of nordtema with the digest": _digest_files(home.rglob("*"), home),
        "the arithmetic of OpenBLAS for": _find_kernel(),
    }


def _find_kernel() -> str:
    """For which processors the linear algebra was chosen: sums are rounded in another order."""
    import numpy as np  # noqa: F401 - it brings the library that is asked for
    from threadpoolctl import threadpool_info

    known = [library["architecture"] for library in threadpool_info() if "architecture" in library]
    return known[0] or "" if known else ""
