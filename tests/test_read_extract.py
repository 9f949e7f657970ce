from __future__ import annotations

import pandas as pd
import pytest

from pipeline.read import extract, find_duplicates, list_files, read_contents
from pipeline.read.files import RawFile, Rejection
from pipeline.store import SCHEMAS, Store

TEXT = "Tittel her\n\nDette er en setning om noe.\n\nDel på Facebook\n"


def read(contents: dict[str, bytes | Rejection], metadata=None, keep_clutter=False):
    files = [RawFile(path.rsplit(".", 1)[0], path, path) for path in contents]
    pairs = zip(files, contents.values(), strict=True)
    return extract(files, pairs, metadata or {}, keep_clutter)


def test_a_text_becomes_a_draft_and_its_blocks():
    found = read({"a.txt": TEXT.encode()})
    draft = found.drafts.iloc[0].to_dict()
    assert draft.pop("content_hash")
    # "Tittel her" is 10 characters and 2 words, the sentence 27 and 6
    assert draft == {
        "doc_id": "a", "path": "a.txt", "title": "Tittel her", "published": "", "source": "",
        "country": "", "url": "", "n_chars": 37, "n_words": 8,
    }  # fmt: skip
    assert found.blocks.to_dict("records") == [
        {"doc_id": "a", "block": 0, "kind": "heading", "text": "Tittel her", "kept": True,
         "reason": ""},
        {"doc_id": "a", "block": 1, "kind": "paragraph", "text": "Dette er en setning om noe.",
         "kept": True, "reason": ""},
        {"doc_id": "a", "block": 2, "kind": "paragraph", "text": "Del på Facebook", "kept": False,
         "reason": "share prompt"},
    ]  # fmt: skip


def test_with_keep_clutter_no_block_is_dropped():
    found = read({"a.txt": TEXT.encode()}, keep_clutter=True)
    assert found.blocks["kept"].all()
    assert set(found.blocks["reason"]) == {""}


def test_metadata_overrides_what_the_file_says_and_the_file_its_first_heading():
    text = b"---\ntitle: Fra filen\nsource: Avisen\ncountry: NO\n---\n# Overskrift\n\nTekst her.\n"
    row = {"title": "", "published": "2023-01-02", "source": "Fra tabellen"}
    named = {**row, "title": "Fra tabellen"}
    assert read({"a.md": text}, {"a.md": named}).drafts.iloc[0]["title"] == "Fra tabellen"
    draft = read({"a.md": text}, {"a.md": row}).drafts.iloc[0]
    assert draft["title"] == "Fra filen"
    assert draft["source"] == "Fra tabellen"
    assert draft["published"] == "2023-01-02"
    assert draft["country"] == "NO"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no text"),
        (b" \n\t\n", "holds no text"),
        (b"Del p\xc3\xa5 Facebook\n\nAnnonse", "holds only page clutter"),
        (b"%PDF-1.4", "holds a PDF and not what its ending says"),
        (
            Rejection("a.txt", "vanished before it could be read"),
            "vanished before it could be read",
        ),
    ],
)
@pytest.mark.parametrize("ending", ["txt", "md", "html"])
def test_a_file_without_text_is_rejected_with_the_reason(content, reason, ending):
    found = read({f"a.{ending}": content})
    assert found.drafts.empty
    assert list(found.rejected["reason"]) == [reason]


def test_every_file_ends_in_one_of_the_tables():
    files = [RawFile("a", "a.txt", "a.txt"), RawFile("b", "b.txt", "b.txt")]
    found = extract(files, [(files[1], TEXT.encode())], {}, False)
    assert list(found.drafts["path"]) == ["b.txt"]
    assert found.rejected.to_dict("records") == [{"path": "a.txt", "reason": "could not be read"}]


@pytest.mark.parametrize("contents", [{}, {"a.txt": TEXT.encode(), "b.html": b"<p>Hei du."}])
def test_tables_fit_their_schemas_also_when_empty(tmp_path, contents):
    found = read(contents)
    store = Store(tmp_path)
    for name in ("drafts", "blocks", "rejected"):
        table = getattr(found, name)
        assert list(table.columns) == list(SCHEMAS[name])
        store.write(name, table)
        assert len(store.read(name)) == len(table)


def test_the_same_words_are_duplicates_whatever_the_format():
    found = read(
        {
            "b.txt": "Tittel\n\nDet samme.\n\n• Ett punkt\n• To punkter".encode(),
            "c.md": "# Tittel\n\n**DET** samme.\n\n- Ett punkt\n- To punkter\n\n".encode("utf-16"),
            "a.txt": b"Tittel\n\nNoe annet.",
        }
    )
    assert find_duplicates(found.drafts).to_dict("records") == [
        {"doc_id": "c", "duplicate_of": "b"}
    ]


def test_the_first_by_name_is_the_original_and_empty_texts_are_no_duplicates():
    drafts = pd.DataFrame(
        {
            "doc_id": ["c", "a", "b", "e", "f"],
            "n_words": [3, 3, 3, 0, 0],
            "content_hash": ["x", "x", "x", "y", "y"],
        }
    )
    assert find_duplicates(drafts).to_dict("records") == [
        {"doc_id": "b", "duplicate_of": "a"},
        {"doc_id": "c", "duplicate_of": "a"},
    ]


def test_a_folder_is_read_the_same_whatever_the_order_of_its_files(tmp_path):
    for folder, names in (("en", "ab"), ("to", "ba")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.txt").write_text(TEXT + name)
    tables = []
    for folder in ("en", "to"):
        files, _ = list_files(tmp_path / folder)
        contents = read_contents(tmp_path / folder, files, 2**20)
        tables.append(extract(files, contents, {}, False))
    assert tables[0].blocks.equals(tables[1].blocks)
    assert tables[0].drafts.equals(tables[1].drafts)
