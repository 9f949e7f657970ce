"""How a file lay on the disk when its digest was taken, to know it again without opening it.

A file that was written to has another time of its last change (ctime, which no program can set), or
another size or place. But a clock ticks: a file that was written to and read within one tick may be
written to again within it, with the same times. So a sighting that comes so soon after the last
change is not sure, and the file is read again. (Git knows such entries as "racily clean".)
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

# The coarsest clock of a common file system (FAT) ticks every two seconds
TICK_NS = 2_000_000_000


@dataclass(frozen=True)
class Sighting:
    stamp: str
    sure: bool


def look_at(raw: Path, location: str) -> Sighting | None:
    """A file as it lies there now; None where it can't be told. It is not opened."""
    now = time.time_ns()
    try:
        state = os.stat(raw / location)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    times = (state.st_mtime_ns, state.st_ctime_ns)
    stamp = ":".join(map(str, (state.st_size, *times, state.st_dev, state.st_ino)))
    return Sighting(stamp, max(times) + TICK_NS < now)
