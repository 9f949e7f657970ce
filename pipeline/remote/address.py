"""Addresses of object stores, `s3://bucket/texts`, and where their local copies lie."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import NordtemaError, UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
# user:password@ before the first slash
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):([^/]*)@")
# What can be read but not listed, or is no store of files
_NO_STORES = ("http", "https", "data")
# Other names of the same
_SAME = {"s3a": "s3", "gcs": "gs"}


@dataclass(frozen=True, repr=False)
class Address:
    """The address of a folder or an object; shown without a password that it may hold."""

    text: str

    def __str__(self) -> str:
        return _PASSWORD.sub(r"\1:***@", self.text)

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.text}/{name}")

    @property
    def kind(self) -> str:
        return self.text.partition("://")[0]

    @property
    def password(self) -> str:
        found = _PASSWORD.search(self.text)
        return found[2] if found else ""

    def is_within(self, other: Address) -> bool:
        return f"{self.text}/".startswith(f"{other.text}/")


# A folder of this machine, or one in an object store
Place = Path | Address


def find_place(name: str | Path | Address) -> Place:
    """The place that a name means: `file:///srv/texts` is the folder /srv/texts. Raises UsageError.

    Nothing is looked up.
    """
    if isinstance(name, Address):
        return name
    if isinstance(name, Path):
        # Path("s3://bucket") has become s3:/bucket
        if name.parts and re.fullmatch(r"[a-z][a-z0-9]+:", name.parts[0]) and not name.exists():
            raise UsageError(f"{name}: give an address as a text (str), not as a path")
        return name
    matched = _SCHEME.fullmatch(name)
    if not matched:
        return Path(name)
    kind, rest = matched[1].lower(), matched[2].rstrip("/")
    if kind == "file":
        return Path(_find_local(name))
    address = Address(f"{_SAME.get(kind, kind)}://{rest}")
    if kind in _NO_STORES:
        raise UsageError(f"{address}: is no folder, nor one of an object store; copy it here")
    if not rest:
        raise UsageError(f"{address}: names no bucket; write it as {kind}://bucket/folder")
    return address


def _find_local(name: str) -> str:
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(name)
    if parts.netloc not in ("", "localhost"):
        raise UsageError(f"{name}: is no folder of this machine; mount it as one, or copy it here")
    return unquote(parts.path)


def find_copy(address: Address, what: str) -> Path:
    """The folder of the local copy of an address, made where there is none yet.

    Raises NordtemaError where it can't be made.
    """
    digest = hashlib.blake2b(str(address).encode(), digest_size=12).hexdigest()
    # Letters alone: digits could be taken for somebody's number, and masked where they are told
    name = digest.translate(str.maketrans("0123456789abcdef", "ghijklmnopabcdef"))
    folder = _find_cache() / name / what
    try:
        folder.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # others' texts
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_kept(folder, error) from None
    return folder


def _find_cache() -> Path:
    """Where programs keep what they can get again (XDG Base Directory Specification)."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return home / "nordtema"


def not_kept(path: object, error: OSError) -> NordtemaError:
    """What is to be told where a local copy can't be written."""
    return NordtemaError(
        f"{path}: the local copy can't be written ({error.strerror}); free some room, or name "
        "another place in the environment's XDG_CACHE_HOME"
    )
