"""The columns of `metadata.csv` that hold no fact the program knows: what else texts differ in.

They travel beside the facts as one value, a JSON object of column -> value as text with the names
sorted; an empty value is left out, so that `{}` stands where nothing more is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from pipeline.read.extracted import squeeze
from pipeline.read.facts import field_of
from pipeline.schemas import TOLD_BY_TEXTS

MORE = "more"
NOTHING_MORE = "{}"


def is_more(name: str, keys: Collection[str]) -> bool:
    """Whether a column is one of these: not the name of a file, no fact, and not told by texts."""
    return bool(name) and not field_of(name) and name not in {*keys, *TOLD_BY_TEXTS}


def gather_more(values: Mapping[str, str], keys: Collection[str]) -> str:
    """A row's cells by column -> the JSON of those that are no facts. `keys` name the file."""
    return _write({name: squeeze(cell) for name, cell in values.items() if is_more(name, keys)})


def join_more(*written: str) -> str:
    """Several such objects as one; of two values of a column the later stands."""
    joined: dict[str, str] = {}
    for text in written:
        joined |= json.loads(text)
    return _write(joined)


def change_more(written: str, change: Callable[[str], str]) -> str:
    """The object with each of its values changed."""
    return _write({name: change(value) for name, value in json.loads(written).items()})


def _write(values: Mapping[str, str]) -> str:
    kept = {name: value for name, value in values.items() if value}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)
