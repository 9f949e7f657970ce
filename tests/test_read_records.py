"""Tables of texts: how their rows and their column of text are found, whatever wrote them."""

from __future__ import annotations

import datetime
import io
import json
from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.convert import ReadOptions, convert, count_texts
from pipeline.read.extracted import Extracted, UnreadableError
from pipeline.read.records import count_records, find_text_column, read_records

ONE = "Brugerne fik en ny løsning, og den virker ikke."
TWO = "Kommunen svarte ikke på spørsmålene fra innbyggerne."


def read(content: str | bytes, ending: str = ".csv", **named) -> list[Extracted | UnreadableError]:
    content = content.encode() if isinstance(content, str) else content
    found = read_records(content, ending, **named)
    assert len(found) == count_records(content, ending, named.get("text_column", ""))
    return found


def texts(content: str | bytes, ending: str = ".csv", **named) -> list[list[str] | str]:
    """Each row's blocks, or why it can't be read."""
    return [
        str(row) if isinstance(row, UnreadableError) else [block.text for block in row.blocks]
        for row in read(content, ending, **named)
    ]


def said_of(content: bytes, ending: str, read=read_records) -> str:
    with pytest.raises(UnreadableError) as refusal:
        read(content, ending)
    return str(refusal.value)


# Columns that are parted


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_columns_are_parted_by_commas_semicolons_tabs_or_bars(mark, line_end, ending):
    rows = [f"title{mark}text", f'A{mark}"{ONE}"', f'B{mark}"{TWO}"', ""]
    assert texts(line_end.join(rows), ending) == [["A", ONE], ["B", TWO]]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=; "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_excels_line_that_names_the_mark_is_no_row(line, encoding):
    content = f"{line}\r\ntitel;tekst\r\nÅ;{ONE}\r\n".encode(encoding)
    assert texts(content) == [["Å", ONE]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "mac_roman"]
)
def test_tables_are_read_in_the_usual_encodings(encoding):
    content = f"titel;brødtekst\r\nÆrø;{ONE}\r\nØre;{TWO}\r\n".encode(encoding)
    assert texts(content) == [["Ærø", ONE], ["Øre", TWO]]


def test_cells_that_were_saved_in_a_wrong_encoding_are_mended_row_by_row():
    garbled = TWO.encode().decode("cp1252")
    assert texts(f"title,text\nA,{garbled}\nÅ,{TWO}\n") == [["A", TWO], ["Å", TWO]]


def test_a_quoted_cell_may_hold_line_ends_marks_and_quotes():
    rows = f'title,text\nA,"Første linje.\n\nAnden ""linje"", og mer her."\nB,"{TWO}"\n'
    assert texts(rows) == [["A", "Første linje.", 'Anden "linje", og mer her.'], ["B", TWO]]


def test_quotes_that_part_no_cells_are_marks_of_the_text():
    rows = 'title\ttext\nA\t"Nei sa han og gikk hjem\nB\tHun sa "ja" og ble\nC\t"Vel" sa de begge\n'
    assert texts(rows, ".tsv") == [
        ["A", '"Nei sa han og gikk hjem'],
        ["B", 'Hun sa "ja" og ble'],
        ["C", '"Vel" sa de begge'],
    ]


def test_a_cell_that_never_ends_is_told_with_its_line():
    content = f'title,text\nA,"{ONE}\nB,{TWO},x\n'.encode()
    said = (
        "is not a valid table: line 3: a quote is opened and never closed; "
        "double the quotes that are part of a text, or mend that line"
    )
    assert said_of(content, ".csv") == said
    assert said_of(content, ".csv", count_records) == said


def test_a_quote_in_the_middle_of_a_cell_is_told_with_its_line():
    content = f'title,text\nA,"{ONE}" sa hun\nB,{TWO}\n'.encode()
    assert said_of(content, ".csv") == (
        "is not a valid table: line 2: a quote stands in the middle of a cell; "
        "double the quotes that are part of a text, or mend that line"
    )


def test_a_table_without_a_header_loses_no_row():
    assert texts(f'2023-01-02,"{ONE}"\n2023-01-03,"{TWO}"\n') == [[ONE], [TWO]]
    assert texts(f"x;Avisen;{ONE}\ny;Bladet;{TWO}\n") == [[ONE], [TWO]]


def test_one_column_of_sentences_with_commas_is_not_parted():
    lines = [ONE, TWO, "En tredje linje, med komma, her også."]
    assert texts("\n".join(lines)) == [[line] for line in lines]
    assert texts("\n".join(["text", *lines])) == [[line] for line in lines]


def test_a_row_with_too_many_cells_is_refused_alone():
    said = "has 3 cells where the header has 2; put quotes around a text that holds {}"
    assert texts(f"title,text\nA,{ONE}\nB,{TWO}\n") == [said.format("a comma"), ["B", TWO]]
    for mark, name in ((";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")):
        rows = f"title{mark}text\nA{mark}En{mark}to\nB{mark}{TWO}\n"
        assert texts(rows) == [said.format(name), ["B", TWO]]


def test_empty_cells_too_many_are_no_fault_and_missing_cells_are_empty():
    assert texts(f"title;text;source\nA;{ONE};;;\nB;{TWO}\nC\n") == [["A", ONE], ["B", TWO], []]


def test_blank_lines_are_no_rows_and_empty_rows_count_but_at_the_end():
    rows = f"\n;\ntitle;text\n\nA;{ONE}\n;\n;\n\nB;{TWO}\n\n;\n\n"
    assert texts(rows) == [["A", ONE], [], [], ["B", TWO]]


def test_doubled_and_empty_names_of_columns_take_no_cell_from_another():
    [row] = read(f"text,text,,title,title\n{TWO},Andre ord,c,Første,Andre\n")
    assert [block.text for block in row.blocks] == ["Første", TWO]
    assert row.title == "Første"
    assert texts(f",\n{TWO},x\n") == [[TWO]]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"title,text\n", b"sep=;\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_a_table_without_rows_is_told(content, ending):
    assert said_of(content, ending, count_records) == "holds no rows of text"
    assert read_records(content, ending) == []


def test_what_is_no_table_is_told():
    assert said_of(b"PK\x03\x04xx", ".csv") == (
        "holds a zip archive or an office document and not what its ending says"
    )
    assert said_of(b"a,b\n" + bytes(range(1, 9)) * 50, ".csv") == "holds binary data"


def test_a_cell_may_be_longer_than_the_csv_modules_own_limit():
    long = "ord " * 50_000
    assert texts(f"title,text\nA,{long}\n") == [["A", long.strip()]]


# JSON lines


def as_lines(*values: object) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def test_a_broken_line_is_refused_alone_and_empty_lines_are_none():
    content = as_lines({"title": "A", "text": ONE}) + b"\n{broken\n\n" + as_lines({"text": TWO})
    assert texts(content, ".jsonl") == [
        ["A", ONE],
        "line 3 is not valid JSON; mend that line",
        [TWO],
    ]


@pytest.mark.parametrize("value", [42, None, True, [1, 2], [], 1.5])
def test_a_line_that_is_no_object_is_refused_alone(value):
    said = (
        'line 1 holds no object of names and values; write one such as {"title": "…", "text": "…"}'
    )
    assert texts(as_lines(value, {"text": TWO}), ".jsonl") == [said, [TWO]]


def test_a_table_none_of_whose_lines_can_be_read_tells_it_line_by_line():
    assert texts(b"x\ny\n", ".jsonl") == [
        "line 1 is not valid JSON; mend that line",
        "line 2 is not valid JSON; mend that line",
    ]


def test_a_line_may_be_a_text_alone_and_a_text_a_list_of_paragraphs():
    assert texts(as_lines(ONE, {"text": [ONE, "", TWO]}), ".jsonl") == [[ONE], [ONE, TWO]]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Kari Hagen", "Kari Hagen"),
        ({"name": "Kari Hagen", "id": 3}, "Kari Hagen"),
        (["Kari Hagen", {"name": "Ola Bø"}, 3, {}], "Kari Hagen, Ola Bø"),
        ({"name": None}, ""),
        (None, ""),
        (False, ""),
    ],
)
def test_authors_may_be_names_objects_or_lists_of_them(author, name):
    [row] = read(as_lines({"authors": author, "text": ONE}), ".jsonl")
    assert row.author == name


def test_json_is_read_with_a_byte_order_mark_in_utf16_and_with_escapes():
    for encoding in ("utf-8-sig", "utf-16"):
        assert texts(as_lines({"text": TWO}).decode().encode(encoding), ".jsonl") == [[TWO]]
    assert texts(json.dumps({"text": TWO}), ".jsonl") == [[TWO]]
    # Half of a pair that stands for one character
    assert texts(b'{"text": "Et par gode ord her \\ud83d"}\n', ".jsonl")


def test_brackets_nested_without_end_are_no_valid_json():
    assert texts(b"[" * 200_000 + b"\n", ".jsonl") == ["line 1 is not valid JSON; mend that line"]


# Parquet


def as_parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "column",
    [
        pa.array([ONE, None, TWO]),
        pa.array([ONE, None, TWO], pa.large_string()),
        pa.array([ONE, None, TWO], pa.string_view()),
        pa.array([ONE, None, TWO]).dictionary_encode(),
        pa.array([[ONE], None, [TWO, None]]),
        pa.array([[ONE], [], [TWO]], pa.large_list(pa.string())),
    ],
    ids=lambda column: str(column.type),
)
def test_strings_of_all_kinds_are_read_from_parquet_and_nulls_are_empty(column):
    content = as_parquet(text=column, title=["A", "B", None], n=[1, 2, 3])
    assert texts(content, ".parquet") == [["A", ONE], [], [TWO]]


@pytest.mark.parametrize(
    ("days", "iso"),
    [
        (pa.array([datetime.date(2023, 3, 15)]), "2023-03-15"),
        (pa.array([datetime.datetime(2023, 3, 15, 8)], pa.timestamp("us")), "2023-03-15"),
        (pa.array([1_678_867_200_000_000_001], pa.timestamp("ns")), "2023-03-15"),
        (pa.array([1_678_834_800], pa.timestamp("s", "Europe/Oslo")), "2023-03-15"),  # 23 UTC
        (pa.array(["15. mars 2023"]), "2023-03-15"),
        (pa.array([10**8], pa.date32()), ""),  # a day that Python can't write
        (pa.array([None], pa.date32()), ""),
        (pa.array([20], pa.time32("s")), ""),
    ],
    ids=lambda value: str(getattr(value, "type", value)),
)  # fmt: skip
def test_days_in_parquet_become_iso_dates(days, iso):
    [row] = read(as_parquet(date=days, text=[ONE]), ".parquet")
    assert row.published == iso
    assert row.published_from == ("a column of the table" if iso else "")


def test_a_truncated_parquet_file_is_told_wherever_it_ends():
    content = as_parquet(text=[ONE, TWO] * 50)
    for length in (0, 4, 20, len(content) // 2, len(content) - 1):
        for function in (count_records, read_records):
            said = said_of(content[:length], ".parquet", function)
            assert said == "is a damaged or truncated Parquet file"
    assert said_of(b"title,text\n", ".parquet") == "is a damaged or truncated Parquet file"


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_parquet_file_with_a_wrong_byte_is_read_or_refused(place, byte):
    content = bytearray(A_PARQUET)
    content[place % len(content)] = byte
    for function in (count_records, read_records):
        with suppress(UnreadableError):
            function(bytes(content), ".parquet")


A_PARQUET = as_parquet(text=[ONE, TWO, None], date=[datetime.date(2023, 3, 15)] * 3)


def test_parquet_without_a_column_of_text_is_told():
    assert said_of(as_parquet(n=[1, 2], data=[b"a", b"b"]), ".parquet", count_records) == (
        "has no column of text; its columns are none; "
        "name the one that holds the text with text_column under [read]"
    )


# The column of text


@pytest.mark.parametrize(
    "name",
    ["text", "Tekst", "Brødtekst", "Indhold", "innhold", "innhald", "artikel", "artikkel", "body",
     "Full text", "full-text", "content", "beskriving", "SVAR"],
)  # fmt: skip
def test_the_column_of_text_has_names_in_the_three_languages(name):
    other = "Et mye lengre stykke som ingen har bedt om å få lese, " * 5
    assert find_text_column([{"ingress": other, name: "Kort svar"}]) == name


def test_a_named_column_that_is_empty_is_not_the_one():
    assert find_text_column([{"text": "", "innlegg": TWO}]) == "innlegg"


def test_otherwise_it_is_the_one_with_the_most_words():
    rows = [{"id": "17 18 19 20 21 22", "kort": "noen få ord", "lang": ONE, "url": "https://x.no"}]
    assert find_text_column(rows) == "lang"
    assert texts(f"id;lang\n1;{ONE}\n2;{TWO}\n") == [[ONE], [TWO]]


def test_a_column_that_is_named_in_the_settings_is_taken_whatever_its_letter_case():
    rows = f"text;Svar 2\n{ONE};{TWO}\n"
    assert texts(rows, text_column="svar_2") == [[TWO]]
    assert texts(rows) == [[ONE]]


def test_a_named_column_that_there_is_not_is_told_with_those_that_there_are():
    said = (
        "has no column 'svar'; its columns are text, title; "
        "name one of them with text_column under [read], or none"
    )
    content = f"text,title\n{TWO},A\n".encode()
    with pytest.raises(UnreadableError) as refusal:
        read_records(content, ".csv", "svar")
    assert str(refusal.value) == said
    assert count_texts(content, ".csv", ReadOptions(text_column="svar")) == said


def test_a_table_without_text_is_refused_whole_with_its_columns():
    content = "".join(f"{n};{n}\n" for n in ["id;sum", *range(30)]).encode()
    content = b"id;sum\n" + content.split(b"\n", 1)[1]
    said = (
        "has no column of text; its columns are id, sum; "
        "name the one that holds the text with text_column under [read]"
    )
    assert count_texts(content, ".csv") == said


def test_a_reason_that_quotes_a_persons_address_is_masked():
    content = b"1,ola@eksempel.no,33923392\n2,3,4\n"
    assert count_texts(content, ".csv") == (
        "has no column of text; its columns are 1, [e-post], [tlf]; "
        "name the one that holds the text with text_column under [read]"
    )
    kept = count_texts(content, ".csv", ReadOptions(keep_personal_data=True))
    assert "ola@eksempel.no" in str(kept)


# A row's facts and blocks


def test_columns_tell_the_facts_under_the_names_that_people_give_them():
    header = "Overskrift;Forfattar;Publiseringsdato;Kjelde;Land;Lenkje;Brødtekst"
    [row] = read(f"{header}\nOm post;Kari Hagen;15.3.2023;Avisa;NO;https://x.no/a;{TWO}\n")
    assert (row.title, row.author, row.published, row.published_from) == (
        "Om post", "Kari Hagen", "2023-03-15", "a column of the table",
    )  # fmt: skip
    assert (row.source, row.country, row.url) == ("Avisa", "NO", "https://x.no/a")


def test_the_title_is_the_heading_above_a_text_that_has_none_of_its_own():
    [row] = read(f"title;text\nOm post;{TWO}\n")
    assert [(block.kind, block.text) for block in row.blocks] == [
        ("heading", "Om post"),
        ("paragraph", TWO),
    ]
    assert texts(f'title;text\nOm post!;"OM POST\n\n{TWO}"\n') == [["OM POST", TWO]]
    assert texts("title;text\nOm post;\nB;Noe å lese her\n") == [[], ["B", "Noe å lese her"]]


def test_a_table_of_titles_alone_is_read():
    assert texts(f"id,title\n1,{TWO}\n2,{TWO}\n") == [[TWO], [TWO]]


def test_markup_in_a_cell_is_read_as_a_page():
    rows = as_lines(
        {"text": "<h2>Om post</h2><p>En &amp; to.</p><ul><li>a</li><li>b</li></ul>"},
        {"text": "Linje en<br>Linje to &nbsp; her"},
        {"text": f"<!DOCTYPE html><html><body><nav>Meny</nav><p>{TWO}</p></body></html>"},
        {"text": "Prisen er < 5 og > 3 for de fleste."},
    )
    found = read(rows, ".jsonl")
    assert [(block.kind, block.text) for block in found[0].blocks] == [
        ("heading", "Om post"), ("paragraph", "En & to."), ("list_item", "a"), ("list_item", "b"),
    ]  # fmt: skip
    assert [block.text for block in found[1].blocks] == ["Linje en", "Linje to her"]
    assert [block.text for block in found[2].blocks if not block.reason] == [TWO]
    assert [block.text for block in found[3].blocks] == ["Prisen er < 5 og > 3 for de fleste."]


# Whatever the bytes

BITS = [b'"', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b" ", b"sep=;", b"title", b"text",
        b"et par gode ord her.", b'{"text":"a b c"}', b"{", b"[", b"\\u", b"\xef\xbb\xbf",
        b"\xff\xfe", b"\xe6", b"\xc3\xa6", b"\x00", b"<p>a</p>", b"1", b"\x85", b"\x0c", b'"a"',
        b"\xe2\x80\xa8"]  # fmt: skip
ANY_BYTES = st.binary(max_size=60) | st.lists(st.sampled_from(BITS), max_size=40).map(b"".join)


@given(ANY_BYTES, st.sampled_from([".csv", ".tsv", ".jsonl", ".parquet"]), st.integers(1, 5))
def test_rows_are_as_many_as_were_counted_and_slices_add_up_to_the_whole(content, ending, size):
    try:
        count = count_records(content, ending)
    except UnreadableError:
        return
    whole = read_records(content, ending)
    assert len(whole) == count
    slices = [
        row
        for first in range(1, count + 1, size)
        for row in read_records(content, ending, "", first, size)
    ]
    assert list(map(repr, slices)) == list(map(repr, whole))


@given(ANY_BYTES, st.sampled_from([".csv", ".tsv", ".jsonl", ".parquet"]))
def test_any_bytes_are_converted_or_refused_with_a_reason(content, ending):
    count = count_texts(content, ending)
    found = convert(content, ending, 1, count if isinstance(count, int) else 1)
    assert isinstance(count, str) or len(found) == count
    assert all(isinstance(text, Extracted) or text for text in found)


@pytest.mark.parametrize("size", [7, 200, 512])
def test_slices_of_a_long_table_add_up_to_the_whole(size):
    cells = "".join(f'{n},"Tekst nr. {n}\nhar to linjer."\n' for n in range(300))
    lines = "".join(f'{{"title": "{n}", "text": "Tekst nr. {n} her."}}\n' for n in range(300))
    for ending, content in ((".csv", f"title,text\n{cells}"), (".jsonl", lines)):
        whole = read_records(content.encode(), ending)
        slices = [
            row
            for first in range(1, 301, size)
            for row in read_records(content.encode(), ending, "", first, size)
        ]
        assert slices == whole
        assert len(whole) == 300
