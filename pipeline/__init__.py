"""nordtema: which themes Danish and Norwegian texts dwell on, and how sure one can be.

From Python: `run` does what the command does, `open_outputs` opens what a run has left, and
`identify_languages`, `vectorize_texts` and `compare_themes` are its parts for texts, sentences and
themes that come from elsewhere. docs/python.md shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import (
        Comparison,
        Outputs,
        compare_themes,
        identify_languages,
        open_outputs,
        run,
        vectorize_texts,
    )
    from pipeline.settings import NordtemaError

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "NordtemaError",
    "Outputs",
    "compare_themes",
    "identify_languages",
    "open_outputs",
    "run",
    "vectorize_texts",
]


def __getattr__(name: str) -> Any:
    # Imported when asked for: the command line imports this package too, and answers at once.
    if name in __all__:
        from pipeline import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
