"""The objects below an address, by fsspec: listed, looked at, fetched, put, removed.

What goes wrong is a NordtemaError in one line; an object that is not there is a FileNotFoundError,
and one that may not be read a PermissionError, for those who ask to deal with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.remote.address import Address, not_kept
from pipeline.settings import NordtemaError

# How many objects are fetched at a time
AT_A_TIME = 16
# By which of these an object is known to be the same, best first: each store tells others
_TAGS = (
    *("ETag", "etag", "generation", "md5Hash", "content_md5", "checksum"),
    *("mtime", "modified", "LastModified", "last_modified", "updated", "modificationTime"),
    "created",
)
# What extra of this package brings the one that a kind of address needs
_EXTRAS = {"s3": "s3"}


class Found(NamedTuple):
    """An object as it lies there: what changes when it does, and its bytes."""

    tag: str
    size: int


class Bucket:
    """The folder of an address; its objects are named from there. Opened when first asked."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._opened: tuple[Any, str] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # Connections are a process's own
        return {"address": self.address, "_opened": None}

    def find(self, folder: str = "") -> dict[str, Found]:
        """All objects below the address, or below a folder there, by name."""
        with self._telling("listed", is_bucket_needed=True):
            files, root = self._open()
            files.invalidate_cache()
            infos = files.find(f"{root}/{folder}" if folder else root, detail=True)
            return {
                name[len(root) + 1 :]: self._found(info)
                for name, info in infos.items()
                if info["type"] != "directory" and name.startswith(f"{root}/")
            }

    def look(self, name: str) -> Found:
        """An object as it lies there now. Raises FileNotFoundError."""
        with self._telling("looked at"):
            files, root = self._open()
            files.invalidate_cache()
            info = files.info(f"{root}/{name}")
            if info["type"] == "directory":
                raise FileNotFoundError(name)
            return self._found(info)

    def fetch(self, name: str, target: Path) -> None:
        """Write an object into a file. Raises FileNotFoundError, PermissionError."""
        with self._telling():
            files, root = self._open()
            files.get_file(f"{root}/{name}", str(target))

    def read(self, name: str) -> bytes:
        """The bytes of a small object. Raises FileNotFoundError."""
        with self._telling("read"):
            files, root = self._open()
            content: bytes = files.cat_file(f"{root}/{name}")
            return content

    def put(self, name: str, content: bytes) -> None:
        with self._telling("written", is_bucket_needed=True):
            files, root = self._open()
            files.pipe_file(f"{root}/{name}", content)

    def send(self, name: str, made: Path) -> None:
        """Put what lies in a file."""
        with self._telling("written", is_bucket_needed=True):
            files, root = self._open()
            files.put_file(str(made), f"{root}/{name}")

    def put_new(self, name: str, content: bytes) -> bool:
        """Put an object that is not there yet; False where it is.

        Not all stores can do that in one go: see `lock`.
        """
        with self._telling("written", is_bucket_needed=True):
            files, root = self._open()
            files.invalidate_cache()
            try:
                files.pipe_file(f"{root}/{name}", content, mode="create")
            except FileExistsError:
                return False
            except (FileNotFoundError, PermissionError):
                raise
            except Exception:  # a store that knows no such mode, each has exceptions of its own
                if files.exists(f"{root}/{name}"):
                    return False
                files.pipe_file(f"{root}/{name}", content)
            return True

    def remove(self, name: str) -> None:
        """Remove an object; nothing is wrong where there is none."""
        with self._telling("removed"):
            files, root = self._open()
            with suppress(FileNotFoundError):
                files.rm_file(f"{root}/{name}")

    def _open(self) -> tuple[Any, str]:
        if self._opened is None:
            from fsspec.core import url_to_fs

            files, root = url_to_fs(self.address.text)
            self._opened = files, root.rstrip("/")
        return self._opened

    def _found(self, info: Mapping[str, Any]) -> Found:
        tag = next((info[name] for name in _TAGS if info.get(name) is not None), None)
        if tag is None:
            raise NordtemaError(
                f"{self.address}: this kind of store tells neither tags nor times of its objects, "
                "so that changes can't be seen; copy it to a folder, or to a store that does"
            )
        return Found(str(tag).strip('"'), int(info["size"]))

    # What goes wrong

    @contextmanager
    def _telling(self, what: str = "", is_bucket_needed: bool = False) -> Iterator[None]:
        """Raises NordtemaError for what goes wrong while objects are `what`: read, say.

        Without it what may not be done is left to who asked, and so is an object that isn't there.
        """
        try:
            yield
        except NordtemaError:
            raise
        except FileNotFoundError:
            if is_bucket_needed:
                raise self._no_bucket() from None
            raise
        except ImportError as error:
            raise self._lacks_package(error) from None
        except OSError as error:
            if error.filename is not None:  # a file of this machine
                raise not_kept(error.filename, error) from None
            if not isinstance(error, PermissionError):
                raise self._unusable(error) from None
            if not what:
                raise
            raise NordtemaError(
                f"{self.address}: its objects may not be {what} ({self._reason(error)}); check "
                "your access keys and what they allow"
            ) from None
        except ValueError as error:
            if "rotocol not known" not in str(error):
                raise self._unusable(error) from None
            raise NordtemaError(
                f"{self.address}: {self.address.kind}:// is no kind of address that fsspec knows; "
                "write s3://bucket/folder, gs://bucket/folder or abfs://container/folder"
            ) from None
        except Exception as error:  # each store has exceptions of its own
            raise self._unusable(error) from None

    def _no_bucket(self) -> NordtemaError:
        return NordtemaError(f"{self.address}: no such bucket; check the address, or make it first")

    def _lacks_package(self, error: ImportError) -> NordtemaError:
        extra = _EXTRAS.get(self.address.kind)
        advice = f"install it with: pip install 'nordtema[{extra}]'"
        if not extra:
            advice = f"install the package that is named, beside fsspec: {self._reason(error)}"
        return NordtemaError(
            f"{self.address}: a package that {self.address.kind}:// needs is missing; {advice}"
        )

    def _unusable(self, error: Exception) -> NordtemaError:
        return NordtemaError(
            f"{self.address}: can't be used ({self._reason(error)}); check the address, the "
            "network and your access keys, and run it again to go on where it stopped"
        )

    def _reason(self, error: BaseException) -> str:
        """The first line of what is said, without the password."""
        said = (str(error).strip().splitlines() or [""])[0] or type(error).__name__
        password = self.address.password
        return said.replace(password, "***") if password else said
