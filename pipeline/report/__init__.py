"""report: tables -> CSV files, a workbook, charts and one page, for people to look at.

Everything here takes `Tables` and gives bytes or figures; only the shell knows paths. matplotlib
is imported by the chart modules alone, so that the answer on the command line never waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline import __version__
from pipeline.pieces import HERE
from pipeline.schemas import SCHEMAS, WHOLE_DOCUMENT
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.wording import Wording

ANSWER_NAME = "answer.txt"
_WHOLE = (
    *("documents", "tallies", "spoken", "reasons", "rejected", "themes", "choices", "hierarchy"),
    *("shares", "emphasis", "contrasts", "confounds", "placebo", "placebo_rates", "words", "years"),
)


def report_corpus(task: Task) -> Outcome:
    """Write the CSV files, the workbook, the charts, the page and the answer in words."""
    # Imported here: these modules import `Tables`, and matplotlib takes its time.
    from pipeline.report.answer import answer_sentences
    from pipeline.report.charts import CHARTS
    from pipeline.report.files import NAMES, close_tables, open_tables, read_shown
    from pipeline.report.page import make_page

    store, start = task.store, task.pieces.start
    alone = replace(task, pieces=HERE)
    # What takes the longest first
    listed = start("pipeline.report.files:write_tables", alone)
    drawn = [start("pipeline.report.files:write_chart", alone, name) for name in CHARTS]
    tables, _ = open_tables(task)
    answer = "".join(f"{sentence}\n" for sentence in answer_sentences(tables))
    nearest = task.settings.report.sentences_per_theme
    shown = read_shown(store, tables.n_sentences, nearest)
    charts = (piece.result()[1] for piece in drawn)
    files = make_page(tables, shown, charts, version=__version__, most_sentences=nearest)
    files[ANSWER_NAME] = answer.encode()
    outputs = [path for piece in drawn for path in piece.result()[0]]
    for name, content in files.items():
        outputs.append(store.root / "report" / name)
        store.write_bytes(outputs[-1], content)
    written, left_out = listed.result()
    close_tables()
    counts = {"tables": len(NAMES), "charts": len(CHARTS), "page": 1}
    return Outcome(outputs + written, counts, (*left_out, *tell_unreadable(store)))


def read_tables(
    store: Store, group_by: str, language: str, *, share_by: str = "sentences"
) -> Tables:
    """The tables of a run, whole. The other arguments are the settings of the same names."""
    frames = {name: store.read_all(name) for name in _WHOLE}
    frames["robustness"] = read_robustness(store)
    compared = sorted(set(frames["shares"]["group"]))
    return Tables(
        **frames,
        languages=_read_languages(store),
        groups=["da", "no"] if group_by == "group" else compared,
        language=language,
        share_by=share_by,
    )


def _read_languages(store: Store) -> pd.DataFrame:
    import pandas as pd

    judged = [rows[rows["block"] == WHOLE_DOCUMENT] for rows in store.each("languages")]
    return pd.concat(judged, ignore_index=True).drop_duplicates("doc_id", ignore_index=True)


def read_robustness(store: Store) -> pd.DataFrame:
    """What `nordtema robustness` found of these contrasts; what it found of others is left out.

    So is all of it where it can't be read: it is damaged, or another version has left it.
    """
    if not store.parts("robustness") or tell_unreadable(store):
        return _make_empty("robustness")
    found = store.read_all("robustness")
    own = found["of_run"] == store.digest(store.path("contrasts"))
    return found[own].reset_index(drop=True)


def tell_unreadable(store: Store) -> list[str]:
    """Why the report has nothing of what `nordtema robustness` found, in a line; mostly none."""
    try:
        for _ in store.each("robustness"):
            pass
    except NordtemaError as error:
        return [f"left out of the report, until `nordtema robustness` is run again: {error}"]
    return []


def read_answer(store: Store) -> list[str]:
    """The answer in plain sentences, as the last run wrote it."""
    path = store.root / "report" / ANSWER_NAME
    if not store.exists(path):
        return []
    return store.local(path).read_text(encoding="utf-8").splitlines()


class Shown(NamedTuple):
    """What a page shows of what is too much to show all of it."""

    sentences: pd.DataFrame  # with theme_id and strength, in the order of the corpus
    dropped: pd.DataFrame  # the first blocks that were dropped: doc_id, block, reason, text


@dataclass(frozen=True)
class Tables:
    """The tables that the report speaks of, with the columns of `schemas.SCHEMAS`.

    `groups` are the groups that are compared, in the order in which they are shown: `da` and `no`
    by default. A group may have no document. `language` (en, da or no) is what people read it in,
    `share_by` what a share is a part of: a document's `sentences`, or its `words`.
    """

    documents: pd.DataFrame
    languages: pd.DataFrame  # of documents, not of their blocks
    tallies: pd.DataFrame
    spoken: pd.DataFrame
    reasons: pd.DataFrame
    rejected: pd.DataFrame
    themes: pd.DataFrame
    shares: pd.DataFrame
    emphasis: pd.DataFrame
    contrasts: pd.DataFrame
    choices: pd.DataFrame
    confounds: pd.DataFrame = field(default_factory=lambda: _make_empty("confounds"))
    placebo: pd.DataFrame = field(default_factory=lambda: _make_empty("placebo"))
    placebo_rates: pd.DataFrame = field(default_factory=lambda: _make_empty("placebo_rates"))
    robustness: pd.DataFrame = field(default_factory=lambda: _make_empty("robustness"))
    words: pd.DataFrame = field(default_factory=lambda: _make_empty("words"))
    years: pd.DataFrame = field(default_factory=lambda: _make_empty("years"))
    hierarchy: pd.DataFrame = field(default_factory=lambda: _make_empty("hierarchy"))
    groups: list[str] = field(default_factory=lambda: ["da", "no"])
    language: str = "en"
    share_by: str = "sentences"

    @property
    def n_sentences(self) -> int:
        return int(self.tallies["n_sentences"].sum())

    @property
    def dropped(self) -> pd.DataFrame:
        """Why blocks were dropped, and how many: reason, n_blocks."""
        return self.reasons[~self.reasons["kept"].astype(bool)]

    @property
    def wording(self) -> Wording:
        """What says things in the report's language."""
        from pipeline.report.wording import speak

        return speak(self.language)


def _make_empty(table: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=list(SCHEMAS[table]))
