"""The package from Python: a few functions that give pandas tables.

    from pipeline import run

    outputs = run("raw", "outputs", themes=8)
    outputs.contrasts[outputs.contrasts["verdict"] != "too few documents to tell"]

The names are those of the command line, and of the columns of the CSV files; numbers have all
their decimals. Faults of the input are `NordtemaError`, in one line that says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from pipeline.compare.contrasts import Comparison as Comparison
from pipeline.remote.address import Place, find_place
from pipeline.settings import (
    NordtemaError,
    Settings,
    UsageError,
    check_vectors,
    load_settings,
    place_options,
)
from pipeline.store import Store, missing_message, order_documents

if TYPE_CHECKING:
    from pipeline.report import Tables
    from pipeline.stages import Progress

_Path = str | Path


class Outputs:
    """What a run has written, as pandas tables: those of `report/*.csv`, with all decimals.

    `documents`, `rejected`, `dropped`, `sentences`, `themes`, `emphasis`, `contrasts`, `confounds`,
    `words`, `years`, `placebo`, `placebo_rates` and `robustness` have the columns of the file of
    that name. A table is read when it is first asked for, and then kept.
    """

    def __init__(self, folder: Place) -> None:
        self.folder = folder
        self._store = Store(folder)

    def __repr__(self) -> str:
        return f"Outputs({str(self.folder)!r})"

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """The settings of the run, by section and name."""
        path = _run_json(self._store)
        try:
            found = json.loads(self._store.local(path).read_text(encoding="utf-8"))["settings"]
            Settings.model_validate(found)
        except FileNotFoundError:
            raise NordtemaError(missing_message(path)) from None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise NordtemaError(
                f"{path}: can't be read; remove that file and run nordtema again"
            ) from None
        return dict(found)

    @cached_property
    def answer(self) -> list[str]:
        """The answer in plain sentences."""
        from pipeline.report.answer import answer_sentences

        return answer_sentences(self._tables)

    @cached_property
    def documents(self) -> pd.DataFrame:
        return self._list("documents.csv")

    @cached_property
    def rejected(self) -> pd.DataFrame:
        return self._list("rejected.csv")

    @cached_property
    def dropped(self) -> pd.DataFrame:
        from pipeline.report.tables import DROPPED_COLUMNS

        return self._store.read_all("dropped")[DROPPED_COLUMNS]

    @cached_property
    def sentences(self) -> pd.DataFrame:
        from pipeline.report.tables import list_sentences

        read = self._store.read_all
        return list_sentences(read("sentences"), read("assignments"), read("themes"))

    @cached_property
    def themes(self) -> pd.DataFrame:
        return self._list("themes.csv")

    @cached_property
    def emphasis(self) -> pd.DataFrame:
        return self._list("emphasis.csv")

    @cached_property
    def contrasts(self) -> pd.DataFrame:
        return self._list("contrasts.csv")

    @cached_property
    def confounds(self) -> pd.DataFrame:
        return self._list("confounds.csv")

    @cached_property
    def words(self) -> pd.DataFrame:
        return self._list("words.csv")

    @cached_property
    def years(self) -> pd.DataFrame:
        return self._list("years.csv")

    @cached_property
    def placebo(self) -> pd.DataFrame:
        return self._list("placebo.csv")

    @cached_property
    def placebo_rates(self) -> pd.DataFrame:
        return self._list("placebo_rates.csv")

    @cached_property
    def robustness(self) -> pd.DataFrame:
        """Empty where `nordtema robustness` was not run."""
        from pipeline.report.tables import list_robustness

        return list_robustness(self._tables)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Each document's share of each theme: a row a document, a column a theme, "" for none."""
        shares = self._tables.shares.pivot_table(
            "share", ["group", "doc_id"], "theme_id", fill_value=0.0, sort=False
        )
        return shares[[*self._tables.themes["theme_id"], ""]].sort_index()

    @cached_property
    def vectors(self) -> np.ndarray:
        """float32 (n_sentences, dimensions): the vectors of `sentences`, row for row."""
        parts = self._store.parts("vectors")
        if not parts:
            raise NordtemaError(missing_message(self._store.path("vectors")))
        vectors = np.concatenate([self._store.read_vectors(part) for part in parts])
        doc_ids = [doc_id for rows in self._store.each("sentences") for doc_id in rows["doc_id"]]
        return vectors[order_documents(doc_ids)]

    def _list(self, file: str) -> pd.DataFrame:
        from pipeline.report.tables import FILES

        return FILES[file](self._tables)

    @cached_property
    def _tables(self) -> Tables:
        from pipeline.report import read_tables

        chosen = Settings.model_validate(self.settings)
        return read_tables(
            self._store,
            chosen.compare.group_by,
            chosen.report.language,
            share_by=chosen.compare.share_by,
        )


def run(
    raw: _Path = "raw",
    out: _Path = "outputs",
    *,
    config: _Path | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    themes: int | None = None,
    codebook: _Path | None = None,
    curation: _Path | None = None,
    group_by: str | None = None,
    vectors: str | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Outputs:
    """Run all stages on the folder of texts `raw`, as `nordtema run` does, and open the outputs.

    The named options are those of the command. settings: any others, as in nordtema.toml, such as
    `{"report": {"language": "da"}}`; they go before those of the file, and the options before both.
    What is up to date is not done again. The processes that it starts (`jobs`) need no
    `if __name__ == "__main__":` in a script. Raises NordtemaError.
    """
    from pipeline.stages import Silent, run_stages
    from pipeline.steps import STAGES

    options = place_options(
        themes=themes,
        codebook=codebook,
        curation=curation,
        group_by=group_by,
        vectors=vectors,
        jobs=jobs,
        seed=seed,
        scheduler=scheduler,
    )
    chosen = {section: dict(values) for section, values in (settings or {}).items()}
    for section, values in options.items():
        given = {name: value for name, value in values.items() if value is not None}
        chosen[section] = {**chosen.get(section, {}), **given}
    loaded = load_settings(Path(config) if config else None, chosen, are_options=False)
    run_stages(find_place(raw), find_place(out), loaded, STAGES, progress or Silent())
    return open_outputs(out)


def open_outputs(out: _Path = "outputs") -> Outputs:
    """What a run has left in the folder `out`. Raises NordtemaError where no run has finished."""
    place = find_place(out)
    store = Store(place)
    if not store.exists(_run_json(store)):
        raise NordtemaError(
            f"{place}: holds no finished run; run `nordtema run --out {place}` first"
        )
    return Outputs(place)


def _run_json(store: Store) -> Path:
    return store.root / "report" / "run.json"


def identify_languages(texts: Sequence[str]) -> pd.DataFrame:
    """language (da, nb, nn, another ISO 639-1 code, und) and confidence (0 to 1) of each text."""
    from pipeline.nordic.identify import identify

    return pd.DataFrame(identify(_check_texts(texts)), columns=["language", "confidence"])


def vectorize_texts(
    texts: Sequence[str], languages: Sequence[str] | None = None, vectors: str = "nordic"
) -> np.ndarray:
    """float32 (n_texts, dimensions): a row a sentence, of unit length or zero.

    The scalar product of two rows is their likeness, whatever their languages. languages: da, nb or
    nn for each text; they are identified where they are left out. Raises NordtemaError where the
    vectors' model is not there.
    """
    from pipeline.nordic.vectors import make_vectors
    from pipeline.nordic.vectors.others import MissingModelError

    texts = _check_texts(texts)
    check_vectors(vectors)
    if languages is None:
        languages = list(identify_languages(texts)["language"])
    if len(languages) != len(texts):
        raise UsageError(f"{len(texts)} texts but {len(languages)} languages; give one for each")
    try:
        return make_vectors(texts, list(languages), vectors)
    except MissingModelError as error:
        raise NordtemaError(f"vectors {vectors}: {error}") from None


def compare_themes(
    sentences: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series,
    *,
    share_by: Literal["sentences", "words"] = "sentences",
    permutations: int = 20_000,
    seed: int = 0,
) -> Comparison:
    """Compare groups of documents by themes that may come from anywhere: another model, or readers.

    sentences: a row a sentence, with doc_id, theme_id ("" or missing: none), and text where shares
    are by words. groups: group by doc_id; a document without one takes no part. The `Comparison`
    has the tables `shares`, `emphasis` and `contrasts`, with the columns and the rules of a run
    (docs/method.md). permutations: exact p up to so many, drawn ones (by `seed`) beyond. Raises
    UsageError for tables without these columns or without documents that have a group.
    """
    from pipeline.compare.contrasts import compare_groups
    from pipeline.compare.counting import arrange, count_sentences

    needed = ["doc_id", "theme_id", *(["text"] if share_by == "words" else [])]
    absent = [name for name in needed if name not in sentences.columns]
    if absent:
        raise UsageError(f"sentences: has no column {absent[0]!r}; it needs {', '.join(needed)}")
    if share_by not in ("sentences", "words"):
        raise UsageError(f"share_by {share_by!r}: give sentences or words")
    own = pd.Series(dict(groups), dtype=object)
    own = own[own.notna() & (own != "")].astype(str)
    counted = sentences[["doc_id"]].assign(
        theme_id=sentences["theme_id"].fillna("").astype(str),
        language="",
        text=sentences["text"] if share_by == "words" else "",
    )
    if not counted["doc_id"].isin(own.index).any():
        raise UsageError("groups: names none of the documents of the sentences; check the doc_ids")
    theme_ids = sorted(set(counted["theme_id"]) - {""})
    arranged = arrange(count_sentences(counted), own, theme_ids, share_by)
    return compare_groups(arranged, permutations=permutations, seed=seed)


def _check_texts(texts: Sequence[str]) -> list[str]:
    if isinstance(texts, str):
        raise UsageError("texts: is one text; give a list of texts")
    return list(texts)
