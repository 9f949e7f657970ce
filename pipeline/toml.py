"""TOML that somebody wrote: settings, a codebook, decisions. No file stops the program.

A file may come from somebody else, may be a device, and may be made to take hours: `tomllib` reads
a key of 20,000 names (`a.a.a…`) in a dozen seconds, and one of twice as many in a minute.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
MOST_NAMES = 32  # parted by dots, in one key
MOST_SHOWN = 60

Fault = Callable[[str], Exception]


def read_toml_text(path: Path, fault: Fault, missing: str) -> str:
    """The text of a file. Raises what `fault` makes of a message in one line.

    `missing` says what there is not, and what to do about it.
    """
    try:
        with path.open("rb") as file:  # no more than that: it may be a device that never ends
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise fault(f"{path}: {missing}") from None
    except OSError as error:
        raise fault(f"{path}: can't be read ({error.strerror}); check the file") from None
    if len(content) > MOST_BYTES:
        raise fault(f"{path}: is larger than {MOST_BYTES / 1_000_000:g} MB; make it smaller")
    try:
        # Line ends as Python's text files have them: those of Windows are none of TOML's own
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise fault(f"{path}: is not UTF-8 text; save it as UTF-8") from None


def parse_toml(path: Path, text: str, fault: Fault) -> dict[str, Any]:
    """What a text says. Raises what `fault` makes of a message in one line."""
    if _LONG_KEY.search(without_strings(text)):
        raise fault(f"{path}: a key has more than {MOST_NAMES} names; mend that line")
    try:
        return tomllib.loads(text)
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        raise fault(f"{path}: is not valid TOML: {error}; mend that line") from None
    except RecursionError:
        raise fault(f"{path}: brackets are nested too deeply; mend that line") from None


def without_strings(text: str) -> str:
    """TOML without its strings and comments, line for line."""
    return _STRING_OR_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def lines_at(text: str, positions: Iterable[int]) -> list[int]:
    """The numbers, from 1, of the lines in which these characters stand."""
    breaks = [match.start() for match in re.finditer("\n", text)]
    return [bisect_left(breaks, position) + 1 for position in positions]


def show_value(value: Any) -> str:
    """A value in one line that is not too long."""
    shown = repr(value)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 3]}..."


# One that never ends goes to the end of the line or the file, so that none is tried from each mark
_STRING_OR_COMMENT = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?(?:\"{3,5}|\Z)|'''.*?(?:'{3,5}|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*+\"?|'[^'\n]*+'?|#[^\n]*",
    re.DOTALL,
)
# Of a quoted name nothing is left but the dot beside it
_LONG_KEY = re.compile(rf"(?<![\w \t.-])(?:[\w \t-]*+\.){{{MOST_NAMES}}}")
