from __future__ import annotations

import time

import pytest

from pipeline.read.convert import MAX_FACT_CHARS, ReadOptions, convert, count_texts
from pipeline.read.duplicates import find_duplicates
from pipeline.read.files import RawFile, Rejection, list_files, read_contents
from pipeline.read.tables import extract
from pipeline.schemas import SCHEMAS
from pipeline.store import Store

TEXT = "Tittel her\n\nDette er en setning om noe.\n\nDel på Facebook\n"

DATED = (
    "Tittel her\n\n15. mars 2023\n\nDette er en setning om noe som tar mer plass enn en linje.\n"
)


def read(contents: dict[str, bytes | Rejection], metadata=None, **options):
    files = [RawFile(path.rsplit(".", 1)[0], path, path) for path in contents]
    pairs = zip(files, contents.values(), strict=True)
    return extract(pairs, metadata or {}, ReadOptions(**options))


def test_a_text_becomes_a_draft_and_its_blocks():
    found = read({"a.txt": TEXT.encode()})
    draft = found.drafts.iloc[0].to_dict()
    assert draft.pop("content_hash")
    assert draft.pop("signature") == b""  # too few words to be told apart by
    # "Tittel her" is 10 characters and 2 words, the sentence 27 and 6
    assert draft == {
        "doc_id": "a", "path": "a.txt", "title": "Tittel her", "author": "", "published": "",
        "source": "", "country": "", "url": "", "published_from": "", "n_chars": 37, "n_words": 8,
        "more": "{}",
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
    assert draft["published_from"] == "metadata.csv"
    assert draft["country"] == "NO"
    # What is found in the text is not said to be the table's
    dated = read({"a.txt": DATED.encode()}, {"a.txt": {**row, "published": ""}}).drafts.iloc[0]
    assert dated["published_from"] == "a date line in the text"


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
    texts = b"title,text\n,En god tekst her.\nTom,\n,En annen tekst.\n"
    files = [
        RawFile("b", "b.txt", "b.txt"),
        RawFile("c", "c.csv", "c.csv", first=1, count=3),
        RawFile("d", "d.txt", "d.txt"),
    ]
    contents = [TEXT.encode(), texts, Rejection("d.txt", "vanished before it could be read")]
    found = extract(zip(files, contents, strict=True), {})
    assert list(found.drafts["path"]) == ["b.txt", "c.csv#1", "c.csv#3"]
    assert list(found.drafts["doc_id"]) == ["b", "c#1", "c#3"]
    assert found.rejected.to_dict("records") == [
        {"path": "c.csv#2", "reason": "holds no text"},
        {"path": "d.txt", "reason": "vanished before it could be read"},
    ]


@pytest.mark.parametrize("contents", [{}, {"a.txt": TEXT.encode(), "b.html": b"<p>Hei du."}])
def test_tables_fit_their_schemas_also_when_empty(tmp_path, contents):
    found = read(contents)
    store = Store(tmp_path)
    tables = {"drafts": found.drafts, "draft_blocks": found.blocks, "rejected": found.rejected}
    for name, table in tables.items():
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
    assert list(found.drafts["doc_id"]) == ["b", "c", "a"]


def test_a_folder_is_read_the_same_whatever_the_order_of_its_files(tmp_path):
    for folder, names in (("en", "ab"), ("to", "ba")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.txt").write_text(TEXT + name)
    tables = []
    for folder in ("en", "to"):
        files, _ = list_files(tmp_path / folder)
        contents = read_contents(tmp_path / folder, files, 2**20)
        tables.append(extract(contents, {}))
    assert tables[0].blocks.equals(tables[1].blocks)
    assert tables[0].drafts.equals(tables[1].drafts)


def test_halves_of_characters_are_left_out():
    page = (
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", '
        '"headline": "God sommer \\ud83d", "author": {"name": "Ida \\udc00 Holm"}}</script></head>'
        f"<body><p>{TEXT}</p></body></html>"
    )
    draft = read({"a.html": page.encode()}).drafts.iloc[0]
    assert (draft["title"], draft["author"]) == ("God sommer", "Ida  Holm")
    rows = count_texts(b'{"\\ud83d": 1, "b": 2}', ".jsonl")
    assert rows == (
        "has no column of text; its columns are , b; "
        "name the one that holds the text with text_column under [read]"
    )
    [found] = convert(b'{"text": "En sommer \\ud83d til."}', ".jsonl", 1, 1)
    assert [block.text for block in found.blocks] == ["En sommer  til."]


def convert_one(content: str | bytes, ending: str, **options):
    content = content.encode() if isinstance(content, str) else content
    [found] = convert(content, ending, options=ReadOptions(**options))
    return found


# Limits

LONG = "is longer than 2,000 characters; raise max_characters under [read] or split the file"
SENTENCE = "Kommunen har brukt tre år på å gjøre søknaden kortere, og nå er den på én side."


def a_page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body><article>{body}</article></body></html>"


@pytest.mark.parametrize(
    "page",
    [
        a_page(f'<p>{SENTENCE}</p><img alt="" src="data:image/png;base64,{"iVBO/+" * 5000}==">'),
        a_page(f"<p>{SENTENCE}</p><img src=data:image/png;base64,{'iVBO/+' * 5000} alt=x>"),
        a_page(
            f"<p>{SENTENCE}</p>",
            f"<style>p {{background: url(data:font/woff2;charset=utf-8;base64,{'d09G' * 5000})}}"
            "</style>",
        ),
        a_page(
            f"<p style=\"background: url('data:image/svg+xml,{'%3Csvg' * 5000}')\">{SENTENCE}</p>"
        ),
        a_page(
            f'<p>{SENTENCE}</p><img src="data:image/png;base64,'
            + f"{'iVBO' * 19}\n" * 500
            + 'iVBO=">'
        ),
        a_page(f"<script>{'var a = 1; ' * 5000}</script><p>{SENTENCE}</p>"),
        a_page(f'<p>{SENTENCE}</p><svg><path d="{"M 1 2 L 3 4 " * 5000}"/></svg>'),
        a_page(f"{' ' * 10_000}\n\t<p>{SENTENCE}</p>"),
    ],
    ids=["picture", "no quotes", "font", "drawing", "lines", "script", "path", "space"],
)
def test_the_limit_of_a_page_is_that_of_its_text(page):
    assert len(page) > 8000
    for ending in (".html", ".htm"):
        found = convert_one(page, ending, max_characters=2000)
        assert [block.text for block in found.blocks if not block.reason] == [SENTENCE]


def test_a_page_of_much_text_is_refused_as_any_other_file():
    long = "".join(f"<p>{SENTENCE}</p>" for _ in range(30))
    for ending, content in ((".html", a_page(long)), (".txt", SENTENCE * 30)):
        assert convert_one(content, ending, max_characters=2000) == LONG
    short = "".join(f"<p>{SENTENCE}</p>" for _ in range(20))
    assert len(convert_one(a_page(short), ".html", max_characters=2000).blocks) == 20


def test_what_stands_around_a_picture_stays():
    data = "data:image/png;base64," + "iVBO" * 500
    page = a_page(f'<p>{SENTENCE}<img src="{data}"> Og mer <a href="{data}">står her</a>.</p>')
    found = convert_one(page, ".html")
    assert [block.text for block in found.blocks] == [f"{SENTENCE} Og mer står her."]
    page = a_page(f"<p>{SENTENCE} Adressen data:text/plain,hei er kort.</p>")
    assert [block.text for block in convert_one(page, ".html").blocks] == [
        f"{SENTENCE} Adressen data:text/plain,hei er kort."
    ]


@pytest.mark.parametrize(
    "piece",
    ["data:", "data:a/b;base64,", "data:a/b;a=b;", "data:a/b," + "a" * 39 + " ", "<", "<script>",
     "data:a/b," + "a" * 50 + " ", " ", "a" * 41 + "\n"],
)  # fmt: skip
def test_hostile_pages_are_measured_in_linear_time(piece):
    page = (piece * 2_000_000)[:2_000_000]
    started = time.monotonic()
    assert convert_one(f"<p>data:a/b,{page}", ".html", max_characters=100)
    assert time.monotonic() - started < 5


# Facts


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Ord " * 50_000, "Ord " * 124 + "Ord…"),
        ("a" * 500, "a" * 500),
        ("a" * 501, "a" * 499 + "…"),
        ("Kort " + "a" * 501, "Kort…"),
    ],
)
def test_a_title_beyond_all_measure_is_cut_at_a_word(title, short):
    page = a_page(f"<p>{SENTENCE}</p>", f'<meta property="og:title" content="{title}">')
    found = convert_one(page, ".html")
    assert found.title == short
    assert len(found.title) <= MAX_FACT_CHARS
    page = a_page(f"<p>{SENTENCE}</p>", f'<meta property="og:site_name" content="{title}">')
    assert convert_one(page, ".html").source == short
