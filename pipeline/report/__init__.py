"""report: tables -> CSV files, a workbook, charts and one page, for people to look at.

Everything here takes `Tables` and gives bytes or figures; only the shell knows paths. matplotlib
is imported by the chart modules alone, so that the answer on the command line never waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.pieces import HERE
from pipeline.schemas import SCHEMAS
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Store, Task

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.wording import Wording

ANSWER_NAME = "answer.txt"


def report_corpus(task: Task) -> Outcome:
    """Write the CSV files, the workbook, the charts, the page and the answer in words."""
    # Imported here: these modules import `Tables`, and matplotlib takes its time.
    from pipeline.report.answer import answer_sentences
    from pipeline.report.charts import CHARTS
    from pipeline.report.files import close_tables, open_tables
    from pipeline.report.page import make_page
    from pipeline.report.tables import FILES

    store, start = task.store, task.pieces.start
    alone = replace(task, pieces=HERE)
    # What takes the longest first
    listed = start("pipeline.report.files:write_tables", alone)
    drawn = [start("pipeline.report.files:write_chart", alone, name) for name in CHARTS]
    tables, _ = open_tables(task)
    answer = "".join(f"{sentence}\n" for sentence in answer_sentences(tables))
    outputs, charts = [], []
    for piece in drawn:
        written, chart = piece.result()
        outputs += written
        charts.append(chart)
    files = make_page(
        tables,
        charts,
        version=__version__,
        most_sentences=task.settings.report.sentences_per_theme,
    )
    files[ANSWER_NAME] = answer.encode()
    for name, content in files.items():
        outputs.append(store.root / "report" / name)
        store.write_bytes(outputs[-1], content)
    written, left_out = listed.result()
    close_tables()
    counts = {"tables": len(FILES), "charts": len(charts), "page": 1}
    return Outcome(outputs + written, counts, (*left_out, *tell_unreadable(store)))


def read_tables(
    store: Store, group_by: str, language: str, *, share_by: str = "sentences"
) -> Tables:
    """The tables of a run, whole. The other arguments are the settings of the same names."""
    others = ("groups", "language", "share_by", "robustness")
    names = [field.name for field in fields(Tables) if field.name not in others]
    frames = {name: store.read_all(name) for name in names}
    frames["robustness"] = read_robustness(store)
    compared = sorted(set(frames["shares"]["group"]))
    groups = ["da", "no"] if group_by == "group" else compared
    return Tables(**frames, groups=groups, language=language, share_by=share_by)


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


def locate_sentences(tables: Tables, places: pd.DataFrame) -> pd.DataFrame:
    """x, y, theme_id, language of the sentences on the map."""
    languages = tables.sentences[["sentence_id", "language"]]
    themes = tables.assignments[["sentence_id", "theme_id"]]
    return places.merge(languages, on="sentence_id").merge(themes, on="sentence_id")


def read_answer(store: Store) -> list[str]:
    """The answer in plain sentences, as the last run wrote it."""
    path = store.root / "report" / ANSWER_NAME
    if not store.exists(path):
        return []
    return store.local(path).read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Tables:
    """The tables that the report speaks of, with the columns of `schemas.SCHEMAS`.

    `groups` are the groups that are compared, in the order in which they are shown: `da` and `no`
    by default. A group may have no document. `language` (en, da or no) is what people read it in,
    `share_by` what a share is a part of: a document's `sentences`, or its `words`.
    """

    documents: pd.DataFrame
    languages: pd.DataFrame
    blocks: pd.DataFrame
    rejected: pd.DataFrame
    sentences: pd.DataFrame
    assignments: pd.DataFrame
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
    def wording(self) -> Wording:
        """What says things in the report's language."""
        from pipeline.report.wording import speak

        return speak(self.language)


def _make_empty(table: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=list(SCHEMAS[table]))
