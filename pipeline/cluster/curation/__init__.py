"""A reader's decisions on the themes that were found: the file `curation.toml`.

Theme numbers change with every new document, seed or version. So a decision names its theme by
sentences that lie in it, and concerns the theme that holds more than half of them now.

`file` reads the `decisions`, `anchors` finds their sentences in the corpus, `decide` finds the
themes, `conflicts` what can't be done together; `starter` writes a file to begin from.
"""

from __future__ import annotations

from pipeline.cluster.curation.anchors import anchored, find_anchors
from pipeline.cluster.curation.decide import Decisions, decide
from pipeline.cluster.curation.decisions import (
    Anchor,
    Curation,
    CurationError,
    Decision,
    Labels,
    Merge,
    Move,
    Part,
    Remove,
    Rename,
    Split,
    Target,
)
from pipeline.cluster.curation.file import read_curation
from pipeline.cluster.curation.starter import write_starter

__all__ = [
    "Anchor",
    "Curation",
    "CurationError",
    "Decision",
    "Decisions",
    "Labels",
    "Merge",
    "Move",
    "Part",
    "Remove",
    "Rename",
    "Split",
    "Target",
    "anchored",
    "decide",
    "find_anchors",
    "read_curation",
    "write_starter",
]
