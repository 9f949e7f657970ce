"""Run the benchmarks, all or those that are named.

python -m benchmarks [--data ../shared/data] [NAME…]
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

# In the order in which docs/benchmarks.md shows them.
NAMES = (
    "reading",
    "boundaries",
    "identify",
    "vectors",
    "themes",
    "planted",
    "coverage",
    "plan",
    "speed",
)
# Those that draw their own data, or take the sample corpus.
WITHOUT_DATA = ("reading", "planted", "coverage", "plan")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0]
    )
    # Not `choices`: of an empty list, argparse would say that it is none of them.
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data"),
        help="folder of public data, with ud/, ntrex128/, sib200/, norec/ and leipzig_da/ "
        "(default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; the known ones are: {', '.join(NAMES)}")
    names = options.names or NAMES
    if not options.data.is_dir() and not set(names) <= set(WITHOUT_DATA):
        print(
            f"{options.data}: no such folder; the benchmarks need public data that is not part of "
            "the project (docs/benchmarks.md says which): give its folder with --data",
            file=sys.stderr,
        )
        return 1
    failed = 0
    for name in names:
        print(f"== {name}", flush=True)
        started = time.perf_counter()
        benchmark = importlib.import_module(f"benchmarks.{name}")
        failed |= benchmark.main([] if name in WITHOUT_DATA else ["--data", str(options.data)])
        print(f"({time.perf_counter() - started:.0f} s)\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
