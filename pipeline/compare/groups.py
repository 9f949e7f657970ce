"""Which document is compared in which group, and what is known of it to group it by."""

from __future__ import annotations

import json

import pandas as pd

from pipeline.nordic import GROUPS
from pipeline.schemas import WHOLE_DOCUMENT
from pipeline.settings import NordtemaError, UsageError

MAX_GROUPS = 12
# What every corpus may be grouped by; the texts themselves tell the first two.
COLUMNS = ("group", "language", "year", "source", "country", "author")
ALWAYS_KNOWN = ("group", "language")


def assign_groups(
    documents: pd.DataFrame, languages: pd.DataFrame, group_by: str
) -> tuple[pd.Series, tuple[str, ...]]:
    """The group of each document that takes part (indexed by doc_id), and notes on the others.

    `group_by` is `group` (da against no), `language` (as written: da, nb, nn), `year`, `source`,
    `country`, `author`, or a further column of metadata.csv. Raises UsageError where these
    documents have no such column, NordtemaError where it has too many values.
    """
    table = describe_documents(documents, languages)
    taking_part = table[(table["group"] != "") & (table["duplicate_of"] == "")]
    known = pd.concat([taking_part[list(COLUMNS)], unpack_more(taking_part)], axis="columns")
    if group_by not in known:
        filled = [str(name) for name in known if name in ALWAYS_KNOWN or (known[name] != "").any()]
        raise UsageError(
            f"--group-by {group_by}: there is no such column; "
            f"the known ones are: {', '.join(filled)}"
        )
    groups = known[group_by]
    unknown = int((groups == "").sum())
    notes: tuple[str, ...] = ()
    if unknown:
        notes = (
            f"{unknown} of {len(groups)} documents have no {group_by} and are not compared; "
            "give it in metadata.csv",
        )
    groups = groups[groups != ""]
    if groups.nunique() > MAX_GROUPS:
        raise NordtemaError(
            f"--group-by {group_by}: gives {groups.nunique()} groups, and at most {MAX_GROUPS} can "
            "be compared; choose a column with fewer values"
        )
    return groups.rename("group"), notes


def describe_documents(documents: pd.DataFrame, languages: pd.DataFrame) -> pd.DataFrame:
    """The documents by doc_id, with the language as written, the group (da, no or empty) and the
    year (empty where `published` is)."""
    judged = languages[languages["block"] == WHOLE_DOCUMENT].set_index("doc_id")["language"]
    table = documents.set_index("doc_id")
    table = table.assign(language=judged.reindex(table.index).fillna("und"))
    return table.assign(
        group=table["language"].map(GROUPS).fillna(""), year=table["published"].str[:4]
    )


def unpack_more(documents: pd.DataFrame) -> pd.DataFrame:
    """The further columns of metadata.csv, by name, beside the documents' index; empty if not said.

    They are parted from the documents' own columns, for both may be called `n_words`.
    """
    rows = [json.loads(written) for written in documents["more"]]
    names = sorted({name for row in rows for name in row})
    columns = {name: [row.get(name, "") for row in rows] for name in names}
    return pd.DataFrame(columns, index=documents.index, columns=names, dtype=object)
