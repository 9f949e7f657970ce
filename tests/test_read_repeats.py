"""Lines that stand in many documents: a site's footer is dropped, what an article says is kept."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.convert import ReadOptions
from pipeline.read.duplicates import find_duplicates
from pipeline.read.files import RawFile
from pipeline.read.repeats import REASON, count_lines, find_repeats, line_key, mark_repeats
from pipeline.read.tables import extract, settle

FOOTER = "Bladet Fjorden arbeider for åpenhet i hele kommunen"


def body(number: int, lines: int = 9) -> list[str]:
    """Lines that only this document has."""
    return [
        f"I sak {number} er dette ledd {line} av en lang og egen forklaring."
        for line in range(lines)
    ]


def table(documents: dict[str, list[str]], kind: str = "paragraph") -> pd.DataFrame:
    """The blocks of documents; a line that begins with # is a heading, with ! it is not kept."""
    rows = [
        {
            "doc_id": doc_id,
            "kind": "heading" if line.startswith("#") else kind,
            "text": line.lstrip("#! "),
            "kept": not line.startswith("!"),
        }
        for doc_id, lines in documents.items()
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["doc_id", "kind", "text", "kept"])


def dropped(documents: dict[str, list[str]], part: int = 1000) -> dict[str, list[str]]:
    """What is dropped of each document, when so many of them are counted at a time."""
    names = list(documents)
    parts = [
        count_lines(table({name: documents[name] for name in names[start : start + part]}))
        for start in range(0, len(names), part)
    ]
    repeats = find_repeats(parts, len(documents))
    anywhere = dict(zip(repeats["key"], repeats["anywhere"], strict=True))
    found = {}
    for name in names:
        rows = table({name: documents[name]})
        rows = rows[rows["kept"]]
        marks = mark_repeats(list(rows["kind"]), list(rows["text"]), anywhere)
        found[name] = list(rows["text"][marks])
    return found


def with_footer(count: int) -> dict[str, list[str]]:
    return {f"d{number}": [*body(number), FOOTER] for number in range(count)}


@pytest.mark.parametrize(("count", "hit"), [(1, False), (2, False), (3, True), (12, True)])
def test_a_line_at_the_bottom_of_three_documents_or_more_is_the_sites(count, hit):
    assert dropped(with_footer(count)) == {f"d{number}": [FOOTER] * hit for number in range(count)}


def test_a_line_at_the_top_is_the_sites_too_whatever_its_letter_case_and_marks():
    forms = ["Vi følger saken!", "VI FØLGER SAKEN", "Vi følger – saken …"]
    documents = {f"d{n}": [forms[n], *body(n)] for n in range(3)}
    assert dropped(documents) == {f"d{n}": [forms[n]] for n in range(3)}


def test_a_line_inside_the_articles_is_kept_below_ten_documents_and_dropped_from_ten_on():
    line = "Skrevet etter de vanlige regler for god presse"
    for count, hit in ((9, False), (10, True)):
        documents = {f"d{n}": [*body(n, 6), line, *body(n + 100, 6)] for n in range(count)}
        assert dropped(documents) == {name: [line] * hit for name in documents}


@pytest.mark.parametrize("around", [2, 3, 4])
def test_a_sentence_in_the_middle_of_short_texts_is_no_edge(around):
    line = "Det er den viktigste reformen på mange år, sier ministeren til bladet."
    documents = {f"d{n}": [*body(n, around), line, *body(n + 100, around)] for n in range(3)}
    assert dropped(documents) == {name: [] for name in documents}


QUOTE = "– Det er den viktigste reformen på mange år, sier ministeren til bladet."


def test_a_whole_sentence_inside_the_articles_is_kept_below_thirty_documents():
    for count, hit in ((29, False), (30, True)):
        documents = {f"d{n}": [*body(n, 6), QUOTE, *body(n + 100, 6)] for n in range(count)}
        assert dropped(documents) == {name: [QUOTE] * hit for name in documents}


def test_a_quotation_that_a_tenth_of_a_large_corpus_has_is_the_sites():
    for count, hit in ((39, False), (40, True)):
        documents = {f"e{n}": body(n) for n in range(400 - count)}
        documents |= {f"d{n}": [*body(n, 6), QUOTE, *body(n + 400, 6)] for n in range(count)}
        assert any(dropped(documents).values()) is hit


@pytest.mark.parametrize("count", [3, 8])
@pytest.mark.parametrize("place", [1, 2, -2, -3])
def test_a_sentence_that_articles_share_near_their_top_or_bottom_is_kept(count, place):
    documents = {}
    for number in range(count):
        documents[f"d{number}"] = body(number, 20)
        documents[f"d{number}"].insert(place, QUOTE)
    assert dropped(documents) == {name: [] for name in documents}


def test_a_sentence_that_is_the_last_of_ten_documents_or_more_is_the_sites():
    for count, hit in ((9, False), (10, True)):
        documents = {f"d{n}": [*body(n), QUOTE] for n in range(count)}
        assert dropped(documents) == {name: [QUOTE] * hit for name in documents}


def test_a_sentence_above_a_line_that_repeats_is_outermost_too():
    documents = {f"d{n}": [*body(n), QUOTE, FOOTER] for n in range(10)}
    assert dropped(documents) == {name: [QUOTE, FOOTER] for name in documents}


@pytest.mark.parametrize(
    "line",
    ["Amen.", "Det kom ingen spørsmål.", "Møtestad: Kommunestyresalen", "Hva nå?"],
)
def test_what_minutes_and_sermons_end_with_is_kept_below_ten_documents(line):
    for count, hit in ((9, False), (10, True)):
        documents = {f"d{n}": [*body(n), line] for n in range(count)}
        assert dropped(documents) == {name: [line] * hit for name in documents}


def test_a_short_call_at_the_bottom_is_no_sentence():
    documents = {f"d{n}": [*body(n), "Bli med i Fjordlaget!"] for n in range(3)}
    assert all(dropped(documents).values())


def test_in_a_large_corpus_ten_documents_with_a_sentence_are_not_many():
    for count, hit in ((11, False), (12, True)):
        documents = {f"e{n}": body(n) for n in range(600 - count)}
        documents |= {f"d{n}": [*body(n + 600), QUOTE] for n in range(count)}
        assert any(dropped(documents).values()) is hit


def test_a_line_that_ends_in_a_colon_is_kept_where_what_it_introduces_is():
    documents = {
        f"d{n}": ["Følgjande medlemer møtte:", *body(n), "Følg Fjordlaget:", FOOTER]
        for n in range(12)
    }
    assert dropped(documents) == {name: ["Følg Fjordlaget:", FOOTER] for name in documents}


def test_a_short_line_at_the_bottom_is_the_sites_however_many_have_it():
    for count in (5, 20):
        documents = {f"d{n}": [*body(n), "Fjordlaget"] for n in range(count)}
        assert dropped(documents) == {name: ["Fjordlaget"] for name in documents}


def test_a_short_line_inside_the_articles_is_kept_however_many_have_it():
    documents = {f"d{n}": [*body(n, 6), "Hva nå?", *body(n + 100, 6)] for n in range(20)}
    assert dropped(documents) == {name: [] for name in documents}


def test_a_line_that_is_mostly_inside_articles_is_kept_also_where_it_ends_one():
    line = "Og slik gikk det til at vi fikk en ny løsning."
    documents = {f"d{n}": [*body(n, 6), line, *body(n + 100, 6)] for n in range(6)}
    documents["e"] = [*body(50), line]
    assert dropped(documents) == {name: [] for name in documents}


def test_a_heading_is_kept_where_something_stands_under_it():
    documents = {
        f"d{n}": ["# Bakgrunn", *body(n, 4), "# Kontakt oss her", FOOTER] for n in range(4)
    }
    assert dropped(documents) == {name: ["Kontakt oss her", FOOTER] for name in documents}


def test_a_heading_that_heads_the_title_is_the_sites():
    documents = {f"d{n}": ["# Fjordens nyheter", f"# Sak nummer {n}", *body(n)] for n in range(4)}
    assert dropped(documents) == {name: ["Fjordens nyheter"] for name in documents}


def test_in_a_large_corpus_three_documents_are_not_many():
    documents = {f"d{n}": [*body(n, 9), *([FOOTER] if n < 4 else [])] for n in range(500)}
    assert not any(dropped(documents).values())
    documents |= {f"d{n}": [*body(n, 9), FOOTER] for n in range(5)}
    assert {name for name, lines in dropped(documents).items() if lines} == {
        f"d{n}" for n in range(5)
    }


def test_a_document_that_consists_mostly_of_repeated_lines_is_left_as_it_is():
    form = [f"Punkt {n} i skjemaet som alle må fylle ut" for n in range(6)]
    documents = {f"d{n}": [*form, *body(n, 3)] for n in range(12)}
    documents["lang"] = [*form[:1], *body(77, 20)]
    found = dropped(documents)
    assert found.pop("lang") == form[:1]
    assert found == {name: [] for name in documents if name != "lang"}


def test_what_a_rule_dropped_in_other_documents_is_dropped_at_the_edge_and_kept_inside():
    others = {f"d{n}": [*body(n), f"! {FOOTER}"] for n in range(2)}
    documents = others | {"e": [*body(9), FOOTER], "f": [*body(10, 6), FOOTER, *body(11, 6)]}
    found = dropped(others | {"e": documents["e"]})
    assert found == {name: [] for name in others} | {"e": [FOOTER]}
    # Where it stands inside a text it may be the text's own
    documents |= {f"g{n}": [*body(n + 20), f"! {FOOTER}"] for n in range(8)}
    assert dropped(documents)["f"] == []
    assert dropped(documents)["e"] == [FOOTER]


def test_what_a_rule_dropped_inside_other_documents_is_no_frame():
    documents = {f"d{n}": [*body(n, 6), f"! {FOOTER}", *body(n + 50, 6)] for n in range(12)}
    assert not any(dropped(documents | {"e": [*body(9), FOOTER]}).values())


def test_a_sentence_that_a_rule_dropped_in_other_documents_needs_ten_of_them():
    for count, hit in ((8, False), (9, True)):
        others = {f"d{n}": [*body(n), f"! {QUOTE}"] for n in range(count)}
        assert dropped(others | {"e": [*body(99), QUOTE]})["e"] == [QUOTE] * hit


def test_a_form_keeps_its_sentences_though_its_frame_goes():
    said = ["Rektor orienterte om skolen.", "Det kom ingen spørsmål.", "Møtet blei heva."]
    documents = {f"d{n}": ["Fjordlaget", *body(n, 8), *said] for n in range(12)}
    assert dropped(documents) == {name: ["Fjordlaget"] for name in documents}


def test_a_line_that_stands_twice_in_one_document_is_counted_once():
    documents = {"a": [FOOTER, *body(1), FOOTER], "b": [*body(2), FOOTER]}
    [counted] = [row for row in count_lines(table(documents)).itertuples() if row.n > 1]
    assert (counted.n, counted.n_edge) == (2, 2)
    assert not any(dropped(documents).values())


def test_long_lines_and_lines_without_letters_are_not_counted():
    assert line_key("x" * 401) == line_key("12 – 34") == line_key("") == 0
    documents = {f"d{n}": [*body(n), "* * *", "x " * 300] for n in range(12)}
    assert not any(dropped(documents).values())


def test_keys_are_the_same_in_every_run():
    # `printf vifølgersaken | b2sum -l 64` says 7d511ec79f773710, which is read from the right
    assert line_key("Vi følger saken") == line_key("vi FØLGER – saken!") == 1168534156450091389


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from(["a b c", "d e f", "ghi jkl", FOOTER, "# Bakgrunn"]), max_size=8),
        max_size=14,
    ),
    st.integers(1, 5),
)
def test_the_sizes_of_the_parts_do_not_matter(texts, size):
    documents = {f"d{n}": [*lines, *body(n, 3)] for n, lines in enumerate(texts)}
    assert dropped(documents, size) == dropped(documents)


@given(
    st.lists(st.tuples(st.sampled_from(["paragraph", "heading"]), st.text(max_size=20)), max_size=9)
)
def test_repeats_never_take_most_of_a_document(blocks):
    kinds, lines = [kind for kind, _ in blocks], [line for _, line in blocks]
    marks = mark_repeats(kinds, lines, dict.fromkeys(map(line_key, lines), True))
    assert len(marks) == len(lines)
    words = [len(line.split()) for line in lines]
    taken = sum(count for count, mark in zip(words, marks, strict=True) if mark)
    assert taken <= 0.25 * sum(words)


# In the tables


def tables_of(documents: dict[str, list[str]], **options):
    """Documents and blocks as the stage writes them."""
    contents = [
        (RawFile(name, f"{name}.txt", f"{name}.txt"), "\n\n".join(lines).encode())
        for name, lines in documents.items()
    ]
    found = extract(contents, {}, ReadOptions(**options))
    copies = find_duplicates(found.drafts)
    lines = count_lines(found.blocks[~found.blocks["doc_id"].isin(copies["doc_id"])])
    repeats = find_repeats([lines], len(found.drafts) - len(copies))
    return settle(
        found.drafts,
        found.blocks,
        dict(zip(copies["doc_id"], copies["duplicate_of"], strict=True)),
        dict(zip(repeats["key"], repeats["anywhere"], strict=True)),
    )


def test_a_dropped_line_is_listed_with_its_reason_and_not_counted():
    texts = {
        "a": ["Kommunen svarer ikke på brev fra innbyggerne.", "De venter i flere uker på svar."],
        "b": ["Etaten bygger et nytt register for alle biler.", "Ingen vet hva det skal koste."],
        "c": ["Skolen har fått maskiner som retter prøvene.", "Lærerne stoler ikke på dem ennå."],
    }
    texts = {name: [*lines, *body(ord(name), 2)] for name, lines in texts.items()}
    documents, blocks = tables_of({name: [*lines, FOOTER] for name, lines in texts.items()})
    hit = blocks[blocks["text"] == FOOTER]
    assert list(hit["kept"]) == [False] * 3
    assert set(hit["reason"]) == {REASON} == {"line that repeats across documents"}
    assert (blocks["kept"] == (blocks["reason"] == "")).all()
    for row in documents.itertuples():
        kept = blocks[(blocks["doc_id"] == row.doc_id) & blocks["kept"]]["text"]
        assert row.n_words == sum(len(text.split()) for text in kept)
        assert row.n_chars == sum(map(len, kept))


def test_the_lines_of_duplicates_are_counted_once():
    copies = {f"kopi{number}": [*body(1), FOOTER] for number in range(5)}
    documents, blocks = tables_of(copies)
    assert list(documents["duplicate_of"]) == ["", *["kopi0"] * 4]
    assert blocks["kept"].all()
