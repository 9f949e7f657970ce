"""What people call a place: a local copy of an object store's folder by that folder's address.

All work is done on paths, and faults are told with them. Nobody knows the path of a copy, which
lies in a cache; so it is told by the address of what it is a copy of.
"""

from __future__ import annotations

_names: dict[str, str] = {}


def name_folder(path: object, name: object) -> None:
    """From now on what lies in a folder is told as lying in a place of that name."""
    _names[str(path)] = str(name)


def by_name(text: str) -> str:
    """A text in which folders that have another name are called by it."""
    for path, name in _names.items():
        text = text.replace(path, name)
    return text
