"""The tables under `outputs/work`: their columns, and the words that cells share between stages."""

from __future__ import annotations

# The number of "block" that stands for the whole document in the table of languages.
WHOLE_DOCUMENT = -1
# Between the example sentences in one cell.
EXAMPLE_BREAK = " ¶ "

# What may be known of a document beside its words.
FACTS = ("title", "author", "published", "source", "country", "url")
# What documents are compared by that no column of metadata.csv can tell, and why.
TOLD_BY_TEXTS = {
    "group": "the group is Danish or Norwegian",
    "language": "the language is told from the text",
    "year": "the year is that of the day in published",
}
BLOCKS = {
    "doc_id": "string",
    "block": "int32",
    "kind": "string",
    "text": "string",
    "kept": "bool",
    "reason": "string",
}
CONTRASTS = {
    "theme_id": "string",
    "group_a": "string",
    "group_b": "string",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "p": "float64",
    "p_min": "float64",
    "p_holm": "float64",
    "verdict": "string",
    "low_sceptical": "float64",
    "high_sceptical": "float64",
    "ratio": "float64",
    "ratio_low": "float64",
    "ratio_high": "float64",
    "n_a": "int64",
    "n_b": "int64",
    "correlation": "float64",
    "low_without_one": "float64",
    "high_without_one": "float64",
    "weakest": "string",
    "n_needed": "int64",
}

# Column -> Arrow type. A name that ends in "?" may hold empty cells (null); others may not.
SCHEMAS: dict[str, dict[str, str]] = {
    # read: the files under raw/ with what metadata.csv says of them, in parts; `refused` says why
    # a file is not even opened. Of a table of texts a row holds the rows `first` to `first` +
    # `count` - 1, and `facts_of_rows` what metadata.csv says of some of them, as JSON by number;
    # `count` is 0 for a file of one text; `weight` is about how much its reading takes, and
    # `part_documents` what the parts were dealt out by
    "files": {
        "doc_id": "string",
        "path": "string",
        "location": "string",
        "digest": "string",
        "refused": "string",
        "first": "int32",
        "count": "int32",
        **dict.fromkeys(FACTS, "string"),
        "more": "string",
        "facts_of_rows": "string",
        "weight": "int64",
        "part_documents": "int64",
    },
    # read: how each file lay on the disk when its digest was taken, so that it need not be opened
    # to know that it is the same; with `sure`, that it can't have changed since within one tick of
    # the clock
    "sightings": {"path": "string", "digest": "string", "stamp": "string", "sure": "bool"},
    # read: what each row of `files` said when it was read; `key` is a digest of it
    "sources": {"path": "string", "first": "int32", "key": "string"},
    # read: what one part's files hold, before duplicates and repeated lines are known across parts
    "drafts": {
        "doc_id": "string",
        "path": "string",
        **dict.fromkeys(FACTS, "string"),
        "published_from": "string",
        "n_chars": "int64",
        "n_words": "int64",
        "content_hash": "string",
        "signature": "binary",
        "more": "string",
    },
    "draft_blocks": BLOCKS,
    "duplicates": {"doc_id": "string", "duplicate_of": "string"},
    "lines": {
        "key": "int64",
        "whole": "bool",
        "short": "bool",
        "n": "int32",
        "n_dropped": "int32",
        "n_edge": "int32",
    },
    "repeats": {"key": "int64", "anywhere": "bool"},
    "documents": {
        "doc_id": "string",
        "path": "string",
        **dict.fromkeys(FACTS, "string"),
        "published_from": "string",
        "n_chars": "int64",
        "n_words": "int64",
        "content_hash": "string",
        "duplicate_of": "string",
        # Further columns of metadata.csv, as a JSON object of column -> value
        "more": "string",
    },
    "blocks": BLOCKS,
    "rejected": {"path": "string", "reason": "string"},
    "languages": {
        "doc_id": "string",
        "block": "int32",
        "language": "string",
        "confidence": "float64",
    },
    "sentences": {
        "sentence_id": "string",
        "doc_id": "string",
        "position": "int32",
        "block": "int32",
        "kind": "string",
        "section": "int32",
        "language": "string",
        "start": "int32",
        "end": "int32",
        "text": "string",
    },
    "terms": {"sentence_id": "string", "term": "string", "surface": "string", "n": "int32"},
    "themes": {
        "theme_id": "string",
        "label": "string",
        "label_da": "string",
        "label_no": "string",
        "terms": "string",
        "n_sentences": "int64",
        "n_documents": "int64",
        "stability": "float64?",
        "language_leak": "float64?",
        "n_da": "int64",
        "n_no": "int64",
        "terms_da": "string",
        "terms_no": "string",
        "examples_da": "string",
        "examples_no": "string",
        "alarms": "string",
    },
    "coverage": {
        "theme_id": "string",
        "side": "string",
        "phrase": "string",
        "n_with": "int64",
        "n_sentences": "int64",
    },
    "discovered": {
        "sentence_id": "string",
        "theme_id": "string",
        "strength": "float64",
        "second_theme_id": "string",
    },
    "lineage": {
        "theme_id": "string",
        "found_as": "string",
        "status": "string",
        "before": "string",
    },
    "known_themes": {"theme_id": "string", "sentence_id": "string", "run": "string"},
    "decisions": {
        "kind": "string",
        "theme_id": "string",
        "to_theme_id": "string",
        "label_da": "string",
        "label_no": "string",
        "sentence_id": "string",
    },
    "hierarchy": {"n_themes": "int32", "left": "string", "right": "string", "apart": "float64"},
    "map": {"sentence_id": "string", "x": "float64", "y": "float64"},
    "choices": {"n_themes": "int32", "stability": "float64", "fit": "float64", "chosen": "bool"},
    "assignments": {
        "sentence_id": "string",
        "theme_id": "string",
        "strength": "float64",
        "second_theme_id": "string",
    },
    "emphasis": {
        "theme_id": "string",
        "group": "string",
        "n_sentences": "int64",
        "n_documents": "int64",
        "share": "float64",
        "low": "float64",
        "high": "float64",
    },
    "shares": {"theme_id": "string", "doc_id": "string", "group": "string", "share": "float64"},
    "contrasts": CONTRASTS,
    # The same of a group's documents, split at random, and how often that finds anything
    "placebo": CONTRASTS,
    "placebo_rates": {"n_splits": "int64", "n_with_leaning": "int64", "n_with_clear": "int64"},
    # `nordtema robustness`: a row a contrast of the run and other way to do it. What is empty was
    # not found again, or is not asked
    "robustness": {
        "variant": "string",
        "what": "string",
        "changed": "bool",
        "theme_id": "string",
        "matched": "float64",
        "group_a": "string",
        "group_b": "string",
        "difference": "float64?",
        "low": "float64?",
        "high": "float64?",
        "verdict": "string",
        "agrees": "bool?",
        "of_run": "string",  # digest of the contrasts that are asked
    },
    "words": {
        "theme_id": "string",
        "group_a": "string",
        "group_b": "string",
        "term": "string",
        "label_da": "string",
        "label_no": "string",
        "n_a": "int64",
        "n_b": "int64",
        "n_documents_a": "int64",
        "n_documents_b": "int64",
        "log_odds": "float64",
        "z": "float64",
    },
    "years": {
        "theme_id": "string",
        "group": "string",
        "year": "int64",
        "n_documents": "int64",
        "share": "float64",
        "low": "float64",
        "high": "float64",
    },
    # compare: what is counted of a part's sentences and blocks, by the documents that they are of:
    # sentences by theme and language, characters by language (in the order of the text), blocks by
    # the reason why they were dropped
    "tallies": {
        "doc_id": "string",
        "theme_id": "string",
        "language": "string",
        "n_sentences": "int64",
        "n_words": "int64",
    },
    "spoken": {"doc_id": "string", "language": "string", "n_chars": "int64"},
    "reasons": {"kept": "bool", "reason": "string", "n_blocks": "int64"},
    "dropped": {"doc_id": "string", "block": "int32", "reason": "string", "text": "string"},
    # report: what it keeps of a part, so that it need not hold the corpus. The bytes that each
    # document's lines of sentences.csv have in `listed`
    "extents": {"doc_id": "string", "n_bytes": "int64"},
    # The sentences that the page may show of a large corpus: `place` is that of the block among
    # those of its document that have sentences, `rank` that of the sentence among those of its
    # document and theme, the likest first
    "near": {
        "sentence_id": "string",
        "doc_id": "string",
        "position": "int32",
        "block": "int32",
        "kind": "string",
        "language": "string",
        "theme_id": "string",
        "strength": "float64?",
        "text": "string",
        "place": "int64",
        "rank": "int64",
    },
    "located": {"sentence_id": "string", "theme_id": "string", "language": "string"},
    # A finished run, to tell what the next one changes: documents, themes, contrasts, settings
    "finished": {
        "kind": "string",
        "id": "string",
        "group_a": "string",
        "group_b": "string",
        "label": "string",
        "state": "string",
    },
    "confounds": {
        "group_a": "string",
        "group_b": "string",
        "column": "string",
        "extent": "string",
        "detail": "string",
    },
}

# What is no table: sentence vectors are one array a part, what `cluster` has fitted is several, and
# `listed` has a part's lines of sentences.csv.
ENDINGS = {"vectors": "npy", "model": "npz", "splits": "npz", "listed": "lines"}
