"""assignments -> shares, emphasis, contrasts: what each group's texts dwell on, and how sure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pipeline.compare.confounds import find_confounds
from pipeline.compare.contrasts import compare_groups
from pipeline.compare.counting import arrange, count_corpus
from pipeline.compare.groups import assign_groups, describe_documents
from pipeline.compare.placebo import compare_halves
from pipeline.compare.words import rank_words, read_parts
from pipeline.compare.years import share_by_year
from pipeline.settings import NordtemaError
from pipeline.store import Outcome, Task

_SURE = ("clear", "leaning")
_NO_WORDS = (
    "no words are ranked: that takes a theme in two documents of each group, and a word in two of "
    "one group's"
)


def compare_corpus(task: Task) -> Outcome:
    """Write shares, emphasis and contrasts."""
    store, settings = task.store, task.settings.compare
    documents = store.read_all("documents")
    languages = store.read_all("languages")
    groups, notes = assign_groups(documents, languages, settings.group_by)
    counts = count_corpus(store, with_words=settings.share_by == "words")
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
    # Words are looked up in Python, and dealings drawn outside it: each can go on beside the other
    with ThreadPoolExecutor(1) as beside:
        ranked = beside.submit(rank_words, lambda: read_parts(store), own_groups, theme_ids)
        found = compare_groups(arranged, **choices)
        halves = compare_halves(arranged, most_splits=settings.placebo_splits, **choices)
        words = ranked.result()
    described = describe_documents(documents, languages).loc[list(arranged.doc_ids)]
    described = described.assign(n_sentences=arranged.n_sentences.sum(axis=1))
    confounds = find_confounds(described, own_groups, settings.group_by)
    published = documents.set_index("doc_id")["published"]
    # Groups that are years have their shares by year in the emphasis
    years = share_by_year(arranged, published[:0] if settings.group_by == "year" else published)
    compared = set(found.shares["group"])
    notes += _notes_on_groups(compared, settings.group_by) + halves.notes + years.notes
    if len(compared) > 1 and not len(words):
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
    counted = {"documents compared": found.shares["doc_id"].nunique(), "groups": len(compared)}
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
