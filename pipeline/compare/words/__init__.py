"""Which concepts two groups use within one theme: log-odds with an informative Dirichlet prior.

The words are the lexicon's concepts and compounds of them, one for the three languages, so that a
spelling is never a difference; names and words that the lexicon has not are no concepts and take no
part. With y uses of a concept by a group among n of all concepts, in one theme, its log-odds are

    log((y + α) / (n + α₀ − y − α)),  with a variance of about  1 / (y + α),

and z is the difference of two groups' log-odds over its standard deviation (Monroe, Colaresi &
Quinn 2008). The prior is the corpus: α is the concept's part, over all themes and groups, of α₀,
and a group's α₀ is PRIOR times its own n. Of one number of pseudo-counts for both, the group that
says less in a theme would be drawn nearer to the corpus than the other, and whatever is typical of
the theme would look like the other's word.

Documents are the unit, in two ways. Words come in bursts: who has used one uses it again. So n uses
in one document's part of a theme count as log2(1 + n) (1, 1.6, 2, …; after Rennie et al. 2003). And
z is the weakest that is left without any one document, with the same prior: 0 where it then points
the other way, or where nothing is left of the word in the group that uses it more, or of the theme
in the other group.

What a form means is told for each language by itself: Norwegian *leder* is read as a chairman,
Danish *leder* as a leader. So z is no stronger than it would be if the group that uses the word
less had meant it wherever it may have.

z is for ranking, not for claims: there are thousands of words, one of which is always first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from pipeline.compare.counting import Batch
from pipeline.compare.words.counting import Counted, Documents, add_up
from pipeline.compare.words.odds import arrange, compare, leave_out
from pipeline.compare.words.table import choose, write
from pipeline.pieces import HERE, Pieces
from pipeline.schemas import SCHEMAS
from pipeline.store import Store


def begin_ranking(
    store: Store,
    folder: Path,
    groups: pd.Series,
    theme_ids: Sequence[str],
    batches: Sequence[Batch],
    pieces: Pieces,
) -> Callable[[], pd.DataFrame]:
    """`rank_words`, begun batch by batch, or all of it in another process where there is one.

    What is given waits for it.
    """
    if len(batches) > 1 and groups.nunique() > 1:
        return _Ranking(store, folder, groups, theme_ids, batches, pieces).finish
    return pieces.start(
        "pipeline.compare.words:rank_words", store, folder, groups, theme_ids, batches
    ).result


def rank_words(
    store: Store,
    folder: Path,
    groups: pd.Series,
    theme_ids: Sequence[str],
    batches: Sequence[Batch],
) -> pd.DataFrame:
    """The table `words`: for each theme and pair of groups, up to MOST_WORDS a side, by z.

    folder: for what is needed until then. groups: group by doc_id, of the documents that are
    compared. One part is held in memory at a time, with sums by theme, group and concept.

    A pair of groups has no rows for a theme in which one of them has fewer than two documents, nor
    for a word in fewer than two of the documents of the group that uses it more.
    """
    if groups.nunique() < 2:
        return pd.DataFrame(columns=list(SCHEMAS["words"]))
    return _Ranking(store, folder, groups, theme_ids, batches, HERE).finish()


class _Ranking:
    """Counting is begun as soon as there is one, and the words are ranked as it is finished."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        groups: pd.Series,
        theme_ids: Sequence[str],
        batches: Sequence[Batch],
        pieces: Pieces,
    ) -> None:
        self._folder, self._batches, self._pieces = folder, batches, pieces
        self._names, self._theme_ids = sorted(set(groups)), [*theme_ids, ""]
        own = (list(theme_ids), len(self._names))
        self._begun = [
            pieces.start(
                "pipeline.compare.words.counting:count_batch",
                *(store, folder, batch.parts, _find_documents(groups, self._names, batch), *own),
            )
            for batch in batches
        ]

    def finish(self) -> pd.DataFrame:
        added, term_numbers = add_up(self._take_counted())
        totals = arrange(added)
        pairs = list(combinations(range(len(self._names)), 2))
        odds = [compare(totals, pair) for pair in pairs]
        counted = [
            (batch.parts, numbers)
            for batch, numbers in zip(self._batches, term_numbers, strict=True)
        ]
        leave_out(self._folder, counted, totals, pairs, odds, self._pieces)
        kept = [
            choose(totals, pair, found, self._names, added.terms)
            for pair, found in zip(pairs, odds, strict=True)
        ]
        return write(pd.concat(kept, ignore_index=True), self._theme_ids, added)

    def _take_counted(self) -> Iterator[Counted]:
        """Each batch's, once: none is held when it has been added."""
        while self._begun:
            yield self._begun.pop(0).result()


def _find_documents(groups: pd.Series, names: Sequence[str], batch: Batch) -> Documents:
    numbers = pd.Index(groups.index).get_indexer(pd.Index(batch.doc_ids))
    numbers = numbers[numbers >= 0]
    own = groups.iloc[numbers]
    return Documents(pd.Index(own.index), numbers, pd.Index(names).get_indexer(pd.Index(own)))
