"""report: tables -> CSV files, a workbook, charts and one page, for people to look at.

Everything here takes `Tables` and gives bytes or figures; only the shell knows paths. matplotlib
is imported by the chart modules alone, so that the answer on the command line never waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.settings import NordtemaError
from pipeline.store import SCHEMAS, Outcome, Store, Task

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.wording import Wording

ANSWER_NAME = "answer.txt"


def report_corpus(task: Task) -> Outcome:
    """Write the CSV files, the workbook, the charts, the page and the answer in words."""
    # Imported here: these modules import `Tables`, and matplotlib takes its time.
    from pipeline.report.answer import answer_sentences
    from pipeline.report.charts import draw_charts
    from pipeline.report.page import make_page
    from pipeline.report.tables import FILES, list_robustness, to_csv_bytes
    from pipeline.report.workbook import WORKBOOK_NAME, make_workbook, tell_left_out

    store, settings = task.store, task.settings.report
    tables = read_tables(
        store,
        task.settings.compare.group_by,
        settings.language,
        share_by=task.settings.compare.share_by,
    )
    shown = locate_sentences(tables, store.read("map"))
    charts = draw_charts(
        tables,
        shown[["x", "y"]].to_numpy(),
        list(shown["theme_id"]),
        list(shown["language"]),
        max_themes=settings.max_themes_in_charts,
    )
    page = make_page(
        tables, charts, version=__version__, most_sentences=settings.sentences_per_theme
    )
    answer = "".join(f"{sentence}\n" for sentence in answer_sentences(tables))
    frames = {name: make(tables) for name, make in FILES.items()}
    coverage = store.read("coverage")
    if len(coverage):
        frames["codebook.csv"] = coverage
    if len(tables.robustness):
        frames["robustness.csv"] = list_robustness(tables)
    files = {
        name: to_csv_bytes(frame, bom=settings.csv_bom, decimal_comma=settings.decimal_comma)
        for name, frame in frames.items()
    }
    with store.make_scratch("workbook") as folder:
        files[WORKBOOK_NAME] = make_workbook(frames, folder=folder)
    files |= {f"charts/{chart.name}.png": chart.png for chart in charts}
    files |= {f"charts/{chart.name}.svg": chart.svg for chart in charts}
    files |= {**page, ANSWER_NAME: answer.encode()}
    outputs = []
    for name, content in files.items():
        outputs.append(store.root / "report" / name)
        store.write_bytes(outputs[-1], content)
    counts = {"tables": len(FILES), "charts": len(charts), "page": 1}
    return Outcome(outputs, counts, (*tell_left_out(frames), *tell_unreadable(store)))


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


def read_answer(out: Path) -> list[str]:
    """The answer in plain sentences, as the last run wrote it."""
    path = out / "report" / ANSWER_NAME
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


@dataclass(frozen=True)
class Tables:
    """The tables that the report speaks of, with the columns of `store.SCHEMAS`.

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
