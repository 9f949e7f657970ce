"""The stages and their steps: what each reads and writes, and the settings that it depends on.

A stage is one or more steps. A step works on one part of the corpus at a time, or on the whole
corpus at once (a reduction).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

STAGES = ("read", "detect", "segment", "vectorize", "cluster", "compare", "report")


class Needed(NamedTuple):
    """What takes long to import, or to read from the package: modules, and functions
    ("module:name") that remember what they have read."""

    parts: tuple[str, ...] = ()  # before a stage's parts can be made
    pieces: tuple[str, ...] = ()  # before its pieces can


NEEDED = {
    "read": Needed(("pipeline.read.parts", "datasketch", "pyarrow.parquet")),
    "detect": Needed(("pipeline.detect", "pipeline.nordic.identify.model:load_model")),
    "segment": Needed(("pipeline.segment", "pipeline.nordic.lexicon:load_lexicon")),
    "vectorize": Needed(("pipeline.vectorize",)),
    "cluster": Needed(
        ("pipeline.cluster.curate",),
        ("pipeline.cluster", "pipeline.nordic.lexicon:load_lexicon"),
    ),
    "compare": Needed((), ("pipeline.compare",)),
    "report": Needed((), ("pipeline.report.charts",)),
}


@dataclass(frozen=True)
class Step:
    name: str
    function: str  # "module:function", imported only when the step runs
    scope: Literal["part", "corpus"]
    inputs: tuple[str, ...] = ()  # tables of the same part, or all their parts
    corpus_inputs: tuple[str, ...] = ()  # single-part tables that each part reads
    outputs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # tables that another command may have left, with all parts
    settings: tuple[str, ...] = ()  # sections, or section.name
    always: bool = False  # looks at raw/ itself, so that no fingerprint can tell

    @property
    def stage(self) -> str:
        return self.name.partition(".")[0]


STEPS = (
    Step(
        "read.list",
        "pipeline.read.listing:list_parts",
        "corpus",
        outputs=("files", "sightings"),
        settings=("read", "run.part_documents"),
        always=True,
    ),
    Step(
        "read.extract",
        "pipeline.read.parts:extract_part",
        "part",
        inputs=("files",),
        outputs=("drafts", "draft_blocks", "rejected", "sources"),
        settings=("read",),
    ),
    Step(
        "read.match",
        "pipeline.read.parts:match_documents",
        "corpus",
        inputs=("drafts", "rejected"),
        outputs=("duplicates",),
    ),
    Step(
        "read.count",
        "pipeline.read.parts:count_part",
        "part",
        inputs=("draft_blocks",),
        corpus_inputs=("duplicates",),
        outputs=("lines",),
    ),
    Step(
        "read.repeats",
        "pipeline.read.parts:find_repeated_lines",
        "corpus",
        inputs=("drafts", "duplicates", "lines"),
        outputs=("repeats",),
        settings=("read.keep_clutter",),
    ),
    Step(
        "read.settle",
        "pipeline.read.parts:settle_part",
        "part",
        inputs=("drafts", "draft_blocks"),
        corpus_inputs=("duplicates", "repeats"),
        outputs=("documents", "blocks"),
    ),
    Step(
        "detect",
        "pipeline.detect:detect_part",
        "part",
        inputs=("documents", "blocks"),
        outputs=("languages",),
        settings=("detect",),
    ),
    Step(
        "segment",
        "pipeline.segment:segment_part",
        "part",
        inputs=("documents", "blocks", "languages"),
        outputs=("sentences", "terms"),
        settings=("segment",),
    ),
    Step(
        "vectorize",
        "pipeline.vectorize:vectorize_part",
        "part",
        inputs=("sentences",),
        outputs=("vectors",),
        settings=("vectorize",),
    ),
    Step(
        "cluster.fit",
        "pipeline.cluster:fit_corpus",
        "corpus",
        inputs=("sentences", "terms", "vectors"),
        outputs=("model", "choices", "map"),
        settings=("cluster", "vectorize", "run.seed"),
    ),
    Step(
        "cluster.assign",
        "pipeline.cluster:assign_part",
        "part",
        inputs=("sentences", "terms", "vectors"),
        corpus_inputs=("model",),
        outputs=("discovered",),
        settings=("cluster",),
    ),
    Step(
        "cluster.trace",
        "pipeline.cluster.lineage:trace_corpus",
        "corpus",
        inputs=("discovered", "model"),
        outputs=("lineage", "known_themes"),
        settings=("cluster",),
    ),
    Step(
        "cluster.curate",
        "pipeline.cluster.curate:curate_corpus",
        "corpus",
        inputs=("sentences", "vectors", "discovered", "lineage", "model"),
        outputs=("decisions", "splits"),
        settings=("cluster",),
    ),
    Step(
        "cluster.settle",
        "pipeline.cluster.curate:settle_part",
        "part",
        inputs=("sentences", "vectors", "discovered"),
        corpus_inputs=("model", "lineage", "decisions", "splits"),
        outputs=("assignments",),
        settings=("cluster",),
    ),
    Step(
        "cluster.describe",
        "pipeline.cluster.describe:describe_corpus",
        "corpus",
        inputs=("sentences", "terms", "assignments", "model", "lineage", "decisions"),
        outputs=("themes", "coverage", "hierarchy"),
        settings=("cluster", "report.language"),
    ),
    Step(
        "compare.count",
        "pipeline.compare.counting:count_part",
        "part",
        inputs=("blocks", "languages", "sentences", "assignments"),
        outputs=("tallies", "spoken", "reasons", "dropped"),
    ),
    Step(
        "compare",
        "pipeline.compare:compare_corpus",
        "corpus",
        inputs=("documents", "languages", "sentences", "terms", "assignments", "tallies", "themes"),
        outputs=(
            *("shares", "emphasis", "contrasts", "placebo", "placebo_rates", "confounds"),
            *("words", "years"),
        ),
        settings=("compare", "run.seed"),
    ),
    Step(
        "report.gather",
        "pipeline.report.gather:gather_part",
        "part",
        inputs=("documents", "sentences", "assignments"),
        corpus_inputs=("themes", "map"),
        outputs=("extents", "listed", "near", "located"),
        settings=("report",),
    ),
    Step(
        "report",
        "pipeline.report:report_corpus",
        "corpus",
        inputs=(
            *("documents", "rejected", "languages", "sentences", "assignments"),
            *("tallies", "spoken", "reasons", "dropped", "extents", "listed", "near", "located"),
            *("themes", "coverage", "choices", "map", "shares", "emphasis", "contrasts"),
            *("confounds", "placebo", "placebo_rates", "words", "years", "hierarchy"),
        ),
        optional=("robustness",),
        settings=("report", "compare.group_by", "compare.share_by"),
    ),
)

# The tables that lie in as many parts as the corpus has; the others are one file.
IN_PARTS = {"files"} | {table for step in STEPS if step.scope == "part" for table in step.outputs}
