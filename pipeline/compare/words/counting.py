"""How often each document uses a concept in a theme: sums over parts, a batch of them at a time.

A batch is what one process goes over. It numbers terms, and surfaces of forms, as they come; where
batches are added up, the numbers of the others become those of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.nordic.lexicon import find_parts, load_lexicon
from pipeline.store import Store, read_scratch, write_scratch

# A form may mean what is at least this part as likely as its likeliest meaning
MAY_MEAN = 0.1
# Of each group, so many of the documents that say most in a theme are known one by one: the longest
# without a word is sought among them, and the next is taken where all of them have it.
LONGEST = 32
# Numbers are written, and compared, to so many decimals: the last bits depend on the parts' sizes.
DECIMALS = 6
LANGUAGES = tuple(GROUPS)

_UNITS = 2.0**24
# Rows wait until there are so many, or as many as are known, before they are added up
_WAITING = 500_000
# A form is one number: that of its surface, that of its term, and that of its language
_TERM_BITS, _LANGUAGE_BITS = 30, 2
_COLUMNS = ["theme", "term", "group", "n", "y", "n_documents", "doubtful"]

Array = np.ndarray
# sentences (sentence_id, doc_id, language), terms, assignments (sentence_id, theme_id)
Part = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


class Documents(NamedTuple):
    """Documents that are compared: some of them, each with its number among all."""

    doc_ids: pd.Index
    numbers: Array  # int64 (documents,)
    groups: Array  # int64 (documents,)


class Counted(NamedTuple):
    """What is counted over parts."""

    terms: list[str]  # by number
    surfaces: list[str]  # by number
    uses: pd.DataFrame  # theme, term, group, n, y, n_documents, doubtful
    longest: pd.DataFrame  # theme, group, document, size: the LONGEST and one more of each
    n_documents: Array  # (themes, groups): those that have the theme
    forms: pd.DataFrame  # form, n: how often each form is there


def read_part(store: Store, part: int) -> Part:
    """What is counted of a part."""
    return (
        store.read("sentences", part, ["sentence_id", "doc_id", "language"]),
        store.read("terms", part),
        store.read("assignments", part, ["sentence_id", "theme_id"]),
    )


def count_batch(
    store: Store,
    folder: Path,
    parts: Sequence[int],
    documents: Documents,
    theme_ids: Sequence[str],
    n_groups: int,
) -> Counted:
    """Sums over some parts, which have these documents; their cells are left in `folder`."""
    numbering = _Numbering(documents, theme_ids)
    uses, forms = _Sums(["theme", "term", "group"]), _Sums(["form"])
    longest = pd.DataFrame()
    n_documents = np.zeros((len(numbering.themes), n_groups), dtype=np.int64)
    for part in parts:
        rows = _join(read_part(store, part), numbering)
        if not len(rows):
            continue
        forms.add(rows[["form", "n"]])
        cells = _count(rows, numbering)
        _keep(folder, part, cells, numbering)
        table = pd.DataFrame(cells._asdict())
        doubtful = _count(_find_doubtful(rows, numbering), numbering)
        uses.add(
            pd.concat(
                [
                    table.assign(n_documents=1, doubtful=0.0)[_COLUMNS],
                    pd.DataFrame(doubtful._asdict()).assign(
                        n=0, n_documents=0, doubtful=doubtful.y, y=0.0
                    )[_COLUMNS],
                ]
            )
        )
        having = table.drop_duplicates(["document", "theme"])
        np.add.at(n_documents, (having["theme"], having["group"]), 1)
        own = having[["theme", "group", "document", "size"]]
        own = own.assign(document=documents.numbers[own["document"]])
        longest = _keep_longest(longest, own)
    return Counted(
        numbering.terms.names,
        numbering.surfaces.names,
        uses.settle(),
        longest,
        n_documents,
        forms.settle(),
    )


def add_up(batches: Iterable[Counted]) -> tuple[Counted, list[Array]]:
    """What batches have together, and, for each, the numbers that its terms have in that."""
    batches = iter(batches)
    first = next(batches)
    terms, surfaces = _Names(), _Names()
    term_numbers = [terms.number_all(first.terms)]
    surfaces.number_all(first.surfaces)
    uses, forms = _Sums(["theme", "term", "group"], first.uses), _Sums(["form"], first.forms)
    longest, n_documents = first.longest, first.n_documents
    for own in batches:
        term, surface = terms.number_all(own.terms), surfaces.number_all(own.surfaces)
        term_numbers.append(term)
        if not len(own.uses):
            continue
        uses.add(own.uses.assign(term=term[own.uses["term"]]))
        its_surface, its_term, language = part_form(own.forms["form"].to_numpy())
        forms.add(own.forms.assign(form=_join_form(surface[its_surface], term[its_term], language)))
        longest = _keep_longest(longest, own.longest)
        n_documents = n_documents + own.n_documents
    added = Counted(
        terms.names, surfaces.names, uses.settle(), longest, n_documents, forms.settle()
    )
    return added, term_numbers


# A part's rows and cells


class _Names(dict[str, int]):
    """Names by number, as they are first asked for; −1 for those that are not `wanted`."""

    def __init__(self, wanted: Callable[[str], bool] = lambda name: True) -> None:
        super().__init__()
        self.names: list[str] = []
        self._wanted = wanted

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self.names) if self._wanted(name) else -1
        if number >= 0:
            self.names.append(name)
        return number

    def number(self, names: pd.Series) -> Array:
        """int64 (n,)."""
        codes, unique = pd.factorize(names)
        return self.number_all(unique.tolist())[codes]

    def number_all(self, names: Sequence[str]) -> Array:
        """int64 (n,)."""
        return np.array([self[name] for name in names], dtype=np.int64)


class _Numbering:
    """Numbers for documents (among these), themes (the last is none, "") and words as they come."""

    def __init__(self, documents: Documents, theme_ids: Sequence[str]) -> None:
        self.documents = documents
        self.themes = pd.Index([*theme_ids, ""])
        concepts = frozenset(name for name in load_lexicon().concepts if not name.endswith(".name"))
        self.terms = _Names(lambda term: concepts.issuperset(term.split("+")))
        self.surfaces = _Names()
        self._others: dict[tuple[int, int, int], list[int]] = {}

    def find_others(self, surface: int, term: int, language: int) -> list[int]:
        """The other concepts that a form may mean; none for a compound."""
        form = surface, term, language
        found = self._others.get(form)
        if found is None:
            self._others[form] = found = self._look_up_others(
                self.surfaces.names[surface], self.terms.names[term], LANGUAGES[language]
            )
        return found

    def _look_up_others(self, surface: str, term: str, language: str) -> list[int]:
        if "+" in term:
            return []
        lexicon = load_lexicon()
        part, *more = find_parts(surface, language, name=False)
        # Most forms mean one thing
        if more or {lexicon.concepts[own.concept] for own in part.readings} <= {term}:
            return []
        rates = part.rate_concepts()
        likely = MAY_MEAN * max(rates.values())
        names = (lexicon.concepts[own] for own, rate in rates.items() if rate >= likely)
        numbers = (self.terms[name] for name in names if name != term)
        return [number for number in numbers if number >= 0]


def _join_form(surface: Array, term: Array, language: Array) -> Array:
    joined: Array = ((surface << _TERM_BITS | term) << _LANGUAGE_BITS) | language
    return joined


def part_form(form: Array) -> tuple[Array, Array, Array]:
    """Surface, term and language: their numbers."""
    rest, language = form >> _LANGUAGE_BITS, form & ((1 << _LANGUAGE_BITS) - 1)
    return rest >> _TERM_BITS, rest & ((1 << _TERM_BITS) - 1), language


class _Cells(NamedTuple):
    """A part's uses by document, theme and concept: arrays of one length."""

    document: Array  # its number in the batch
    theme: Array
    group: Array
    term: Array
    n: Array  # uses
    y: Array  # uses, damped
    size: Array  # y of all concepts of the document's part of the theme


def _join(part: Part, numbering: _Numbering) -> pd.DataFrame:
    """document, theme, term, form (numbers), n: a row of `terms` that takes part."""
    sentences, terms, assignments = part
    # Each sentence is looked up once, not once for each of its terms
    of_row, asked = pd.factorize(terms["sentence_id"])
    row, assigned = (
        pd.Index(table["sentence_id"]).get_indexer(pd.Index(asked))
        for table in (sentences, assignments)
    )
    document = numbering.documents.doc_ids.get_indexer(pd.Index(sentences["doc_id"]))[row]
    document = np.where((row >= 0) & (assigned >= 0), document, -1)[of_row]
    language = pd.Index(LANGUAGES).get_indexer(pd.Index(sentences["language"]))[row][of_row]
    theme = numbering.themes.get_indexer(pd.Index(assignments["theme_id"]))[assigned][of_row]
    term = numbering.terms.number(terms["term"])
    taking_part = np.flatnonzero((document >= 0) & (term >= 0))
    surface = numbering.surfaces.number(terms["surface"].iloc[taking_part])
    term = term[taking_part]
    return pd.DataFrame(
        {
            "document": document[taking_part],
            "theme": theme[taking_part],
            "term": term,
            "form": _join_form(surface, term, language[taking_part]),
            "n": terms["n"].to_numpy()[taking_part],
        }
    )


def _find_doubtful(rows: pd.DataFrame, numbering: _Numbering) -> pd.DataFrame:
    """document, theme, term, n: the other concepts that forms may mean."""
    codes, forms = pd.factorize(rows["form"])
    parted = (numbers.tolist() for numbers in part_form(forms.to_numpy()))
    others = [numbering.find_others(*form) for form in zip(*parted, strict=True)]
    n_others = np.array([len(own) for own in others], dtype=np.int64)
    starts = np.cumsum(n_others) - n_others
    # The rows of forms that may mean something else, once for each of what that is
    repeated = np.repeat(np.arange(len(rows)), n_others[codes])
    place = np.arange(len(repeated)) - np.repeat(
        np.cumsum(n_others[codes]) - n_others[codes], n_others[codes]
    )
    everything = np.array([term for own in others for term in own], dtype=np.int64)
    found = rows[["document", "theme", "n"]].iloc[repeated]
    return found.assign(term=everything[starts[codes][repeated] + place])


def _count(rows: pd.DataFrame, numbering: _Numbering) -> _Cells:
    by = rows.groupby(["document", "theme", "term"], sort=True)["n"].sum()
    document, theme, term = (
        by.index.get_level_values(level).to_numpy().astype(np.int64) for level in range(3)
    )
    n = by.to_numpy().astype(np.int64)
    y = _damp(n)
    # They are sorted, so that a document's part of a theme is a run
    pair = np.cumsum(_find_starts(document, theme)) - 1
    size = np.bincount(pair, y)[pair]
    return _Cells(document, theme, numbering.documents.groups[document], term, n, y, size)


def _find_starts(document: Array, theme: Array) -> Array:
    """bool (cells,): where a document's part of a theme begins, among cells in their order."""
    starts = np.ones(len(document), dtype=bool)
    starts[1:] = (document[1:] != document[:-1]) | (theme[1:] != theme[:-1])
    return starts


def _damp(n: Array) -> Array:
    """log2(1 + n) in whole 2**-24ths, so that sums are exact, in whatever order parts come."""
    damped: Array = np.rint(np.log2(1.0 + n) * _UNITS) / _UNITS
    return damped


def _keep(folder: Path, part: int, cells: _Cells, numbering: _Numbering) -> None:
    """Write a part's cells, so that they need not be counted again."""
    starts = _find_starts(cells.document, cells.theme)
    first = np.flatnonzero(starts)
    write_scratch(
        _name_cells(folder, part),
        document=numbering.documents.numbers[cells.document[first]].astype(np.int32),
        theme=cells.theme[first].astype(np.int32),
        group=cells.group[first].astype(np.int32),
        size=cells.size[first],
        pair=(np.cumsum(starts) - 1).astype(np.int32),
        term=cells.term.astype(np.int32),
        y=cells.y,
    )


class Kept(NamedTuple):
    """A part's cells as they were written: of each document that has a theme, and of its words."""

    document: Array  # int32 (pairs,): its number among all
    theme: Array  # int32 (pairs,)
    group: Array  # int32 (pairs,)
    size: Array  # float64 (pairs,): uses of all concepts, damped
    pair: Array  # int32 (cells,)
    term: Array  # int32 (cells,): its number in the batch
    y: Array  # float64 (cells,): uses, damped


def read_cells(folder: Path, parts: Sequence[int]) -> Iterator[Kept]:
    """What `count_batch` has left of parts, one at a time."""
    for path in (_name_cells(folder, part) for part in parts):
        if path.exists():  # not of one in which nothing takes part
            yield Kept(**read_scratch(path))


def _name_cells(folder: Path, part: int) -> Path:
    return folder / f"cells-{part:05d}.npz"


# Sums


@dataclass
class _Sums:
    """Rows of numbers by key, added up now and then, so that few wait."""

    by: list[str]
    known: pd.DataFrame = field(default_factory=pd.DataFrame)  # the keys are columns too
    _waiting: list[pd.DataFrame] = field(default_factory=list)

    def add(self, rows: pd.DataFrame) -> None:
        self._waiting.append(rows.groupby(self.by, as_index=False, sort=False).sum())
        if sum(map(len, self._waiting)) > max(_WAITING, len(self.known)):
            self.settle()

    def settle(self) -> pd.DataFrame:
        tables = [table for table in (self.known, *self._waiting) if len(table)]
        if tables:
            rows = pd.concat(tables, ignore_index=True)
            self.known = rows.groupby(self.by, as_index=False, sort=False).sum()
        self._waiting = []
        return self.known


def _keep_longest(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([known, more]) if len(known) else more
    # Equal sizes may differ in their last bits; which document is first is then told by its id.
    table = table.assign(rounded=-table["size"].round(DECIMALS))
    table = table.sort_values(["theme", "group", "rounded", "document"], kind="stable")
    kept = table.drop(columns="rounded").groupby(["theme", "group"]).head(LONGEST + 1)
    return kept.reset_index(drop=True)
