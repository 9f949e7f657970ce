"""assignments -> shares, emphasis, contrasts: what each group's texts dwell on, and how sure."""

from __future__ import annotations

from pathlib import Path

from threadpoolctl import threadpool_limits

from pipeline.compare.confounds import find_confounds
from pipeline.compare.counting import arrange, read_tallies
from pipeline.compare.groups import assign_groups, describe_documents
from pipeline.compare.placebo import begin_halves
from pipeline.compare.words import begin_ranking
from pipeline.compare.years import share_by_year
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task

# The cores are for the processes that pieces are given to
ONE_THREAD = threadpool_limits.wrap(limits=1)
# What is read of the documents
_OF_DOCUMENTS = (
    *("doc_id", "author", "published", "source", "country", "n_words", "duplicate_of", "more"),
)
_SURE = ("clear", "leaning")
_NO_WORDS = (
    "no words are ranked: that takes a theme in two documents of each group, and a word in two of "
    "one group's"
)


@ONE_THREAD
def compare_corpus(task: Task) -> Outcome:
    """Write shares, emphasis and contrasts."""
    with task.store.make_scratch("words") as folder:
        return _compare(task, folder)


def _compare(task: Task, folder: Path) -> Outcome:
    store, settings = task.store, task.settings.compare
    documents = store.read_all("documents", _OF_DOCUMENTS)
    languages = store.read_all("languages", ("doc_id", "block", "language"))
    groups, notes = assign_groups(documents, languages, settings.group_by)
    # Half the processes have words to count, and the others have what is begun after them
    counts, batches = read_tallies(store, most=task.pieces.count() // 2)
    theme_ids = list(store.read("themes")["theme_id"])
    unknown = sorted(set(counts["theme_id"]) - {"", *theme_ids})
    if unknown:
        raise NordtemaError(
            f"{store.root / 'work' / 'assignments'}: names theme {unknown[0]!r}, which the table "
            "of themes does not have; run `nordtema run --from cluster`"
        )
    arranged = arrange(counts, groups, theme_ids, settings.share_by)
    choices = {"permutations": settings.permutations, "seed": task.settings.run.seed}
    own_groups = groups.loc[list(arranged.doc_ids)]
    ranked = begin_ranking(store, folder, own_groups, theme_ids, batches, task.pieces)
    compared = task.pieces.start("pipeline.compare.contrasts:compare_groups", arranged, **choices)
    split = begin_halves(
        arranged, most_splits=settings.placebo_splits, **choices, pieces=task.pieces
    )
    words, halves, found = ranked(), split(), compared.result()
    described = describe_documents(documents, languages).loc[list(arranged.doc_ids)]
    described = described.assign(n_sentences=arranged.n_sentences.sum(axis=1))
    confounds = find_confounds(described, own_groups, settings.group_by)
    published = documents.set_index("doc_id")["published"]
    # Groups that are years have their shares by year in the emphasis
    years = share_by_year(arranged, published[:0] if settings.group_by == "year" else published)
    groups_compared = set(found.shares["group"])
    notes += _notes_on_groups(groups_compared, settings.group_by) + halves.notes + years.notes
    if len(groups_compared) > 1 and not len(words):
        notes += (_NO_WORDS,)
    outputs = [
        store.write("shares", found.shares),
        store.write("emphasis", found.emphasis),
        store.write("contrasts", found.contrasts),
        store.write("confounds", confounds),
        store.write("placebo", halves.placebo),
        store.write("placebo_rates", halves.rates),
        store.write("words", words),
        store.write("years", years.table),
    ]
    verdicts = found.contrasts["verdict"].str.split(":").str[0]
    counted = {
        "documents compared": found.shares["doc_id"].nunique(),
        "groups": len(groups_compared),
    }
    return Outcome(
        outputs, counted | {word: int((verdicts == word).sum()) for word in _SURE}, notes
    )


def _notes_on_groups(compared: set[str], group_by: str) -> tuple[str, ...]:
    if len(compared) > 1:
        return ()
    there = (
        f"all documents are in one group ({next(iter(compared))})" if compared else "none is there"
    )
    return (f"nothing to compare by {group_by}: {there}",)
