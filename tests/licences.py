"""What packages are needed, and what the installed ones say of their licences."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOME = Path(__file__).parent.parent


def list_locked() -> list[str]:
    """The packages of requirements.lock, by name."""
    lines = (HOME / "requirements.lock").read_text(encoding="utf-8").splitlines()
    wanted = (Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum())
    return sorted({canonicalize_name(one.name) for one in wanted})


def list_extras(extras: Iterable[str]) -> list[str]:
    """The packages that extras of this one need beside those of requirements.lock, by name."""
    found: set[str] = set()
    # What is installed of this package may be older than its settings
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = [Requirement(one) for name in extras for one in project["optional-dependencies"][name]]
    waiting = [(canonicalize_name(one.name), frozenset(one.extras)) for one in own]
    while waiting:
        name, asked = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _needed(name, asked)
    return sorted(found - set(list_locked()))


def _needed(package: str, extras: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """(name, extras) of the packages that one needs on this machine."""
    for written in requires(package) or ():
        one = Requirement(written)
        told = ("", *extras)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in told):
            yield canonicalize_name(one.name), frozenset(one.extras)


def told_licence(package: str) -> str:
    """An expression or a name, or else the class of licence; empty where it is not installed."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return ""
    expression, text = told.get("License-Expression", ""), told.get("License", "")
    classes = [one.split(" :: ")[-1] for one in told.get_all("Classifier", [])
               if one.startswith("License :: ")]  # fmt: skip
    short = text if text and "\n" not in text and len(text) <= 60 else ""
    return expression or short or ", ".join(classes)
