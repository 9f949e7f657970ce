"""cluster.curation: what a reader decides on themes, and that it finds its themes again."""

from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.cluster.curation import (
    Anchor,
    Curation,
    CurationError,
    Decision,
    Decisions,
    Merge,
    Move,
    Part,
    Remove,
    Rename,
    Split,
    Target,
    anchored,
    decide,
    find_anchors,
    read_curation,
    write_starter,
)
from pipeline.cluster.curation.decisions import anchors_of, parse_anchor
from pipeline.cluster.curation.starter import MOST_CHARACTERS, N_ANCHORS
from pipeline.settings import NordtemaError

SCHOOL = ("Skole", "Skule")
ROADS = ("Veje", "Veier")


def read(folder: Path, text: str | bytes) -> tuple[Decision, ...]:
    path = folder / "curation.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_curation(path).decisions


# Reading

WHOLE = """\
# [[rename]] in a comment is no decision

[[rename]]
theme = "t03"
label_da = "Skole"
label_no = "Skule"
sentences = ["doc-a:12 | Første  ord", "doc-b:3"]

[[ merge ]]  # a comment
themes = [{theme = "t03", sentences = ["a:1"]}, {sentences = ["b:2", "b:2"]}]

[[split]]
sentences = ["a:1"]
into = [
  {label_da = "Skole", label_no = "Skule", sentences = ["a:1"]},
  {label_da = "Veje", label_no = "Veier", sentences = ["a:2"]},
]
[[remove]]
theme = '''
[[remove]]'''
sentences = ["a:1"]
[[move]]
sentence = "a:5 | Ordet"
to = {theme = "t04", sentences = ["b:1"]}
[[move]]
sentence = "a:6"
to = "none"
[[rename]]
label_da = "Veje"
label_no = "Veier"
sentences = ["a:9"]
"""


def test_each_kind_of_decision_is_read_with_the_line_of_its_header(tmp_path):
    a1 = Target("", (Anchor("a:1"),))
    assert read(tmp_path, WHOLE) == (
        Rename(3, Target("t03", (Anchor("doc-a:12", "Første ord"), Anchor("doc-b:3"))), SCHOOL),
        Merge(9, (Target("t03", (Anchor("a:1"),)), Target("", (Anchor("b:2"),))), None),
        Split(12, a1, (Part(SCHOOL, (Anchor("a:1"),)), Part(ROADS, (Anchor("a:2"),)))),
        Remove(18, Target("[[remove]]", (Anchor("a:1"),))),
        Move(22, Anchor("a:5", "Ordet"), Target("t04", (Anchor("b:1"),))),
        Move(25, Anchor("a:6"), None),
        Rename(28, Target("", (Anchor("a:9"),)), ROADS),
    )


def test_lists_of_tables_may_be_written_under_headers_of_their_own(tmp_path):
    inline = """\
[[merge]]
label_da = "Skole"
label_no = "Skule"
themes = [{sentences = ["a:1"]}, {sentences = ["a:2"]}]
"""
    headers = """\
[[merge]]
label_da = "Skole"
label_no = "Skule"
[[merge.themes]]
sentences = ["a:1"]
[[merge.themes]]
sentences = ["a:2"]
"""
    assert read(tmp_path, inline) == read(tmp_path, headers)


def test_a_file_without_decisions_decides_nothing(tmp_path):
    assert read(tmp_path, "") == ()
    assert read(tmp_path, "\ufeff# nothing yet\r\n") == ()


@pytest.mark.parametrize(
    ("written", "sentence_id", "text"),
    [
        ("doc:5", "doc:5", ""),
        ("doc:5 ", "doc:5", ""),
        ("doc:5 |", "doc:5", ""),
        ("doc:5 | To  ord", "doc:5", "To ord"),
        ("notat 1: om https://dr.dk/a:12 | Ord", "notat 1: om https://dr.dk/a:12", "Ord"),
        # A bar in the file's name has no position before it, and one in the sentence comes later.
        ("a | b:5", "a | b:5", ""),
        ("a | b:5 | Ord", "a | b:5", "Ord"),
        ("doc:5 | Kl. 12:30 | Nyt", "doc:5", "Kl. 12:30 | Nyt"),
    ],
)
def test_an_anchor_is_an_id_and_the_beginning_of_a_text(written, sentence_id, text):
    assert parse_anchor(written) == Anchor(sentence_id, text)


@pytest.mark.parametrize(
    "written", ["", "doc", "doc:", ":5", "doc:x | Ord", "doc:5|Ord", "5 | Ord"]
)
def test_what_has_no_position_is_no_anchor(written):
    assert parse_anchor(written) is None


# Faults of the file

RENAME = '[[rename]]\nlabel_da = "Skole"\nlabel_no = "Skule"\n'


def complaint(folder: Path, text: str | bytes) -> str:
    """What is said of a file, after its name."""
    with pytest.raises(CurationError) as caught:
        read(folder, text)
    assert isinstance(caught.value, NordtemaError)
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'curation.toml'}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"# k\xf8r\n", ": is not UTF-8 text; save it as UTF-8"),
        ("a = " + "[" * 20_000, ": brackets are nested too deeply; mend that line"),
        (
            "\n[[renames]]\n",
            ", line 2: unknown decision 'renames'; did you mean [[rename]]?",
        ),
        (
            "label_da = 'Skole'\n",
            ", line 1: unknown decision 'label_da'; the known ones are: [[rename]], [[merge]], "
            "[[split]], [[remove]], [[move]]",
        ),
        (
            "\n[rename]\n",
            ", line 2: rename isn't written as a list of tables; write [[rename]] on a line above "
            "each",
        ),
        (
            'remove = [{sentences = ["a:1"]}]\n',
            ", line 1: remove isn't written as a list of tables; write [[remove]] on a line above "
            "each",
        ),
        (
            '[[merge.themes]]\nsentences = ["a:1"]\n',
            ", line 1: merge isn't written as a list of tables; write [[merge]] on a line above "
            "each",
        ),
        (
            '[["remove"]]\nsentences = ["a:1"]\n',
            ": remove isn't written as a list of tables; write [[remove]] on a line above each",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_file_is_told_with_the_remedy(tmp_path, text, said):
    assert complaint(tmp_path, text) == said


def test_what_is_no_toml_is_told_with_its_line(tmp_path):
    message = complaint(tmp_path, "[[rename]]\nlabel_da = \n")
    assert message == ": is not valid TOML: Invalid value (at line 2, column 12); mend that line"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RENAME + 'sentence = ["a:1"]', "unknown key 'sentence'; did you mean sentences?"),
        (
            RENAME + "x = 1",
            "unknown key 'x'; the known ones are: label_da, label_no, sentences, theme",
        ),
        (
            RENAME,
            'sentences is missing; add sentences = ["ID | beginning of its text"]',
        ),
        (
            '[[rename]]\nlabel_da = "Skole"\nsentences = ["a:1"]',
            'label_no is missing; add label_no = "…"',
        ),
        (
            '[[rename]]\nlabel_da = "Skole"\nlabel_no = " "\nsentences = ["a:1"]',
            'label_no is empty; add label_no = "…"',
        ),
        (
            '[[rename]]\nlabel_da = "Skole"\nlabel_no = 3\nsentences = ["a:1"]',
            "label_no = 3 is not a text; put it in quotes",
        ),
        (
            RENAME + 'theme = ""\nsentences = ["a:1"]',
            'theme is empty; add theme = "t01", or leave it out',
        ),
        (
            RENAME + "sentences = []",
            'sentences is empty; add sentences = ["ID | beginning of its text"]',
        ),
        (
            RENAME + 'sentences = "a:1"',
            "sentences = 'a:1' is not a list; put it in square brackets",
        ),
        (RENAME + "sentences = [7]", "the sentence 7 is not a text; put it in quotes"),
        (
            RENAME + 'sentences = ["a:1", "a 2 | Ord"]',
            "'a 2 | Ord' names no sentence; write \"ID | beginning of its text\", with an ID such "
            "as my-text:12",
        ),
        (
            RENAME + f'sentences = ["{"lang " * 20}"]',
            "'lang lang lang lang lang lang lang lang lang lang lang l... names no sentence; write "
            '"ID | beginning of its text", with an ID such as my-text:12',
        ),
        (
            '[[merge]]\nthemes = [{sentences = ["a:1"]}]',
            "themes has one theme; give two or more",
        ),
        (
            "[[merge]]\nthemes = []",
            "themes is empty; add themes = [{sentences = [...]}, {sentences = [...]}]",
        ),
        (
            '[[merge]]\nthemes = ["t03", "t07"]',
            "themes, number 1 is 't03'; write {sentences = [...]} instead",
        ),
        (
            '[[merge]]\nlabel_da = "Skole"\n'
            'themes = [{sentences = ["a:1"]}, {sentences = ["b:1"]}]',
            "label_da stands alone; add label_no, or take it out",
        ),
        (
            '[[merge]]\nlabel_no = "Skule"\n'
            'themes = [{sentences = ["a:1"]}, {sentences = ["b:1"]}]',
            "label_no stands alone; add label_da, or take it out",
        ),
        (
            '[[split]]\nsentences = ["a:1"]\n[[split.into]]\nlabel_da = "Skole"\n'
            'label_no = "Skule"\nsentences = ["a:1"]',
            "into has one part; give two or more",
        ),
        (
            '[[split]]\nsentences = ["a:1"]\n'
            '[[split.into]]\nlabel_da = "Skole"\nlabel_no = "Skule"\nsentences = ["a:1 | Ord"]\n'
            '[[split.into]]\nlabel_da = "Veje"\nlabel_no = "Veier"\nsentences = ["b:2", "a:1"]',
            "the sentence a:1 stands in two parts of into; keep it in one",
        ),
        (
            '[[remove]]\nthemes = "t03"\nsentences = ["a:1"]',
            "unknown key 'themes'; did you mean theme?",
        ),
        (
            '[[move]]\nsentence = "a:1"',
            'to is missing; add to = {sentences = [...]} or to = "none"',
        ),
        (
            '[[move]]\nsentence = "a:1"\nto = "t04"',
            "to = 't04' is no theme; write to = {sentences = [...]} or to = \"none\"",
        ),
        (
            '[[move]]\nsentence = ["a:1"]\nto = "none"',
            "the sentence ['a:1'] is not a text; put it in quotes",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_a_decision_is_told_with_its_place_and_the_remedy(tmp_path, text, said):
    kind = text[: text.index("\n")]
    assert complaint(tmp_path, f"# a comment\n\n{text}\n") == f", line 3, {kind}: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[merge]]\nthemes = [{sentences = ["a:1"]}, {sentence = ["b:1"]}]',
            "themes, number 2: unknown key 'sentence'; did you mean sentences?",
        ),
        (
            '[[split]]\nsentences = ["a:1"]\n'
            '[[split.into]]\nlabel_da = "Skole"\nlabel_no = "Skule"\nsentences = ["a:1"]\n'
            '[[split.into]]\nlabel_da = "Veje"\nsentences = ["a:2"]',
            'into, number 2: label_no is missing; add label_no = "…"',
        ),
        (
            '[[move]]\nsentence = "a:1"\nto = {theme = "t04"}',
            'to: sentences is missing; add sentences = ["ID | beginning of its text"]',
        ),
    ],
)
def test_a_fault_within_a_decision_is_told_with_the_table_that_it_is_in(tmp_path, text, said):
    kind = text[: text.index("\n")]
    assert complaint(tmp_path, text) == f", line 1, {kind}, {said}"


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CurationError, match=r"none\.toml: no such file of decisions; check the "):
        read_curation(tmp_path / "none.toml")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    with pytest.raises(CurationError, match=r"can't be read \(Is a directory\); check the file"):
        read_curation(tmp_path)


MOVE = '[[move]]\nsentence = "{}"\nto = "none"\n'


@pytest.mark.parametrize("again", ["a:5", "a:5 | Lærerne", "a:5 | lærerne har FRI"])
def test_a_sentence_can_be_moved_once(tmp_path, again):
    text = MOVE.format("a:5 | Lærerne har") + MOVE.format("b:5") + MOVE.format(again)
    said = ", line 7, [[move]]: the sentence a:5 is moved in line 1 too; keep one"
    assert complaint(tmp_path, text) == said


def test_one_id_with_two_texts_may_be_two_sentences(tmp_path):
    """The second was written after a sentence had been put before the first."""
    text = MOVE.format("a:5 | Lærerne har") + MOVE.format("a:5 | Eleverne går")
    assert len(read(tmp_path, text)) == 2


# Finding anchors

TEXTS = [
    ("a:0", "a", "Overskriften"),
    ("a:1", "a", "Lærerne har\u00a0travlt i dag."),
    ("a:2", "a", "Eleverne går hjem."),
    ("a:3", "a", "Eleverne går ud."),
    ("x:y | z:0", "x:y | z", "Vejen er lukket."),
    ("-notat:0", "-notat", "- Vi må kunne stole på det."),
]


def corpus(rows: list[tuple[str, str, str]] = TEXTS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["sentence_id", "doc_id", "text"])


def curation(*decisions: Decision) -> Curation:
    return Curation(Path("texts/curation.toml"), decisions)


def find(written: str, rows: list[tuple[str, str, str]] = TEXTS) -> str | None:
    anchor = parse_anchor(written)
    assert anchor is not None
    return find_anchors(curation(Remove(1, Target("", (anchor,)))), corpus(rows)).get(anchor)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a:1", "a:1"),
        ("a:1 | lærerne  HAR travlt", "a:1"),
        ("x:y | z:0 | Vejen", "x:y | z:0"),
        # The document has changed: the sentence that begins so is meant.
        ("a:0 | Lærerne har", "a:1"),
        ("a:9 | Lærerne har", "a:1"),
        # Two sentences begin so, and one of them has the id.
        ("a:3 | Eleverne går", "a:3"),
        # Without a text, or when none or several begin so, it is lost.
        ("a:9", None),
        ("a:1 | Vejen er", None),
        ("a:1 | Eleverne går", None),
        ("b:1 | Lærerne har", None),
        # As the CSV files write it.
        ("'-notat:0 | '- Vi må", "-notat:0"),
        ("'-notat:4 | '- Vi må", "-notat:0"),
        ("-notat:0 | - Vi må", "-notat:0"),
    ],
)
def test_an_anchor_finds_its_sentence_by_id_and_else_by_its_beginning(written, found):
    assert find(written) == found


def test_anchors_are_found_part_by_part_as_in_the_whole():
    sentences = [Anchor("a:9", "Lærerne"), Anchor("x:y | z:0"), Anchor("a:7")]
    decided = curation(Remove(1, Target("", tuple(sentences))))
    assert anchored(decided) == {"a", "x:y | z"}
    table = corpus()
    by_part = find_anchors(decided, table[:4]) | find_anchors(decided, table[4:])
    assert by_part == find_anchors(decided, table)
    assert by_part == {sentences[0]: "a:1", sentences[1]: "x:y | z:0"}


def test_every_sentence_of_every_kind_of_decision_is_looked_up(tmp_path):
    text = """\
[[rename]]
label_da = "Skole"
label_no = "Skule"
sentences = ["rename:1"]
[[merge]]
themes = [{sentences = ["merge 1:1"]}, {sentences = ["merge 2:1"]}]
[[split]]
sentences = ["split:1"]
into = [
  {label_da = "Skole", label_no = "Skule", sentences = ["part 1:1"]},
  {label_da = "Veje", label_no = "Veier", sentences = ["part 2:1"]},
]
[[remove]]
sentences = ["'=remove:1"]
[[move]]
sentence = "move:1"
to = {sentences = ["to:1"]}
"""
    decisions = read(tmp_path, text)
    assert anchored(curation(*decisions)) == {
        *("rename", "merge 1", "merge 2", "split", "part 1", "part 2"),
        *("'=remove", "=remove", "move", "to"),
    }


def test_no_sentences_and_no_decisions_give_no_anchors():
    assert find_anchors(curation(), corpus()) == {}
    assert find_anchors(curation(Remove(1, Target("", (Anchor("a:1"),)))), corpus([])) == {}


# Deciding. The sentences t01:0 to t01:4 lie in theme t01, and so on; those of `none` in no theme.


def names(*written: str) -> tuple[Anchor, ...]:
    return tuple(Anchor(name) for name in written)


def theme(*written: str) -> Target:
    """Some sentences; `t01` stands for three of that theme."""
    sentences = [name if ":" in name else f"{name}:{n}" for name in written for n in range(3)]
    return Target("", names(*dict.fromkeys(sentences)))


def settle(*decisions: Decision, lost: tuple[str, ...] = ()) -> Decisions:
    anchors = {anchor for decision in decisions for anchor in anchors_of(decision)}
    found = {anchor: anchor.sentence_id for anchor in anchors if anchor.sentence_id not in lost}
    theme_of = {name: name.partition(":")[0] for name in found.values()}
    theme_of = {name: "" if theme_id == "none" else theme_id for name, theme_id in theme_of.items()}
    return decide(curation(*decisions), found, theme_of)


def split(line: int, *written: str, seeds: tuple[str, str] = ("t01:0", "t01:1")) -> Split:
    one, other = seeds
    return Split(line, theme(*written), (Part(SCHOOL, names(one)), Part(ROADS, names(other))))


def merge(line: int, *themes: str, labels: tuple[str, str] | None = None) -> Merge:
    return Merge(line, tuple(theme(name) for name in themes), labels)


def test_each_decision_is_applied_to_the_theme_that_its_sentences_lie_in():
    done = settle(
        Rename(1, theme("t01"), SCHOOL),
        merge(2, "t02", "t03", "t04", labels=ROADS),
        split(3, "t05", seeds=("t05:0", "t05:4")),
        Remove(4, theme("t06")),
        Move(5, Anchor("t07:1"), theme("t01")),
        Move(6, Anchor("t06:2"), theme("t03")),
        Move(7, Anchor("t07:2"), None),
    )
    assert done == Decisions(
        merged={"t03": "t02", "t04": "t02"},
        removed={"t06"},
        labels={"t01": SCHOOL, "t02": ROADS},
        splits={"t05": [(*SCHOOL, ["t05:0"]), (*ROADS, ["t05:4"])]},
        moves={"t07:1": "t01", "t06:2": "t02", "t07:2": ""},
        notes=[],
    )


def test_without_decisions_nothing_is_done():
    assert settle() == Decisions()


def test_a_theme_needs_more_than_half_of_the_sentences_that_are_found():
    # Two of four are not more than half, two of three are.
    four = theme("t01:0", "t01:1", "t02:0", "none:0")
    assert settle(Rename(3, four, SCHOOL)) == Decisions(
        notes=[
            "curation.toml, line 3, [[rename]]: not applied: no theme holds more than half of its "
            "sentences (4 named, 4 found: 2 in t01, 1 in no theme, 1 in t02); name other sentences"
        ]
    )
    done = settle(Rename(3, four, SCHOOL), lost=("none:0",))
    assert done.labels == {"t01": SCHOOL}
    assert done.notes == [
        "curation.toml, line 3: 1 sentence is no longer found; the others are enough for now, but "
        "name new ones"
    ]


def test_two_anchors_that_lead_to_one_sentence_count_once():
    # By anchors t01 would hold two of three, by sentences it holds one of two.
    moved = Anchor("t01:9", "Lærerne")
    target = Target("", (Anchor("t01:0"), moved, Anchor("t02:0")))
    found = {Anchor("t01:0"): "t01:0", moved: "t01:0", Anchor("t02:0"): "t02:0"}
    done = decide(curation(Remove(1, target)), found, {"t01:0": "t01", "t02:0": "t02"})
    assert done.removed == set()
    assert "(3 named, 2 found: 1 in t01, 1 in t02)" in done.notes[0]


def test_sentences_without_a_theme_are_no_theme():
    assert settle(Remove(3, theme("none"))).notes == [
        "curation.toml, line 3, [[remove]]: not applied: no theme holds more than half of its "
        "sentences (3 named, 3 found: 3 in no theme); name other sentences"
    ]
    # Nor does it matter whether they are named as being in none.
    lone = Remove(3, Target("", names("none:0")))
    assert decide(curation(lone), {Anchor("none:0"): "none:0"}, {}).removed == set()


def test_what_is_no_longer_found_is_told():
    done = settle(
        Rename(1, theme("t01:0"), SCHOOL),
        Merge(2, (theme("t02"), theme("t01:0"), theme("none")), None),
        split(3, "t03", seeds=("t03:0", "t01:0")),
        Move(4, Anchor("t01:0"), theme("t02")),
        lost=("t01:0",),
    )
    assert done == Decisions(
        notes=[
            "curation.toml, line 1, [[rename]]: not applied: none of its sentences is found (1 "
            "named); name other sentences",
            "curation.toml, line 2, [[merge]]: not applied: theme 2: none of its sentences is "
            "found (1 named); theme 3: no theme holds more than half of its sentences (3 named, 3 "
            "found: 3 in no theme); name other sentences",
            "curation.toml, line 3, [[split]]: not applied: part 2: none of its sentences is found "
            "(1 named); name other sentences",
            "curation.toml, line 4, [[move]]: not applied: the sentence t01:0 is not found; name "
            "other sentences",
        ]
    )


def test_all_lost_sentences_that_do_no_harm_are_told_in_one_line():
    done = settle(Remove(1, theme("t01")), Remove(5, theme("t02")), lost=("t01:0", "t02:1"))
    assert done.removed == {"t01", "t02"}
    assert done.notes == [
        "curation.toml, lines 1 and 5: 2 sentences are no longer found; the others are enough for "
        "now, but name new ones"
    ]


def test_two_parts_that_come_to_grow_from_one_sentence_are_not_split():
    first, second = Anchor("t01:0"), Anchor("t01:9", "Lærerne")
    decision = Split(2, theme("t01:0"), (Part(SCHOOL, (first,)), Part(ROADS, (second,))))
    done = decide(curation(decision), {first: "t01:0", second: "t01:0"}, {"t01:0": "t01"})
    assert done == Decisions(
        notes=[
            "curation.toml, line 2, [[split]]: not applied: t01:0 is found for 2 parts; name other "
            "sentences"
        ]
    )


def test_themes_of_a_merge_that_have_become_one_get_its_labels():
    decision = Merge(1, (theme("t01:0"), theme("t01:1")), SCHOOL)
    note = "curation.toml, line 1, [[merge]]: themes 1 and 2 are already one, t01"
    assert settle(decision) == Decisions(labels={"t01": SCHOOL}, notes=[note])
    unnamed = Merge(1, (theme("t01:0"), theme("t01:1")), None)
    assert settle(unnamed) == Decisions(notes=[note])


def test_the_labels_of_a_merge_of_one_theme_may_be_in_conflict_as_a_rename_is():
    done = settle(Remove(1, theme("t01")), Merge(2, (theme("t01:0"), theme("t01:1")), SCHOOL))
    assert done == Decisions(
        notes=[
            "curation.toml: [[remove]] in line 1 and [[merge]] in line 2 conflict: t01 is removed "
            "and is renamed; none of them is applied; keep one",
            "curation.toml, line 2, [[merge]]: themes 1 and 2 are already one, t01",
        ]
    )


def test_of_a_merge_of_three_those_two_that_are_left_are_merged():
    decision = Merge(1, (theme("t02:0"), theme("t01"), theme("t02:1")), None)
    done = settle(decision)
    assert done.merged == {"t01": "t02"}
    assert done.notes == [
        "curation.toml, line 1, [[merge]]: themes 1 and 3 are already one, t02"
    ]  # fmt: skip


def test_equal_renames_are_one():
    done = settle(Rename(1, theme("t01"), SCHOOL), Rename(2, theme("t01:4"), SCHOOL))
    assert done == Decisions(labels={"t01": SCHOOL})


def test_a_rename_of_a_merged_theme_names_the_merged_one():
    renamed = Rename(2, theme("t02"), SCHOOL)
    expected = Decisions(merged={"t02": "t01"}, labels={"t01": SCHOOL})
    assert settle(merge(1, "t01", "t02"), renamed) == expected
    assert settle(merge(1, "t01", "t02", labels=SCHOOL), renamed) == expected
    both = (renamed, Rename(3, theme("t01"), SCHOOL))
    assert settle(merge(1, "t01", "t02"), *both) == expected


CONFLICTS = {
    "two renames": (
        [Rename(1, theme("t01"), SCHOOL), Rename(2, theme("t01"), ROADS)],
        "[[rename]] in line 1 and [[rename]] in line 2 conflict: t01 gets different labels",
    ),
    "removed and renamed": (
        [Rename(1, theme("t01"), SCHOOL), Remove(2, theme("t01"))],
        "[[rename]] in line 1 and [[remove]] in line 2 conflict: t01 is removed and is renamed",
    ),
    "removed and merged": (
        [Remove(1, theme("t02")), merge(2, "t01", "t02")],
        "[[remove]] in line 1 and [[merge]] in line 2 conflict: t02 is removed and is merged",
    ),
    "removed and split": (
        [Remove(1, theme("t01")), split(2, "t01")],
        "[[remove]] in line 1 and [[split]] in line 2 conflict: t01 is removed and is split",
    ),
    "moved to a removed theme": (
        [Remove(1, theme("t01")), Move(2, Anchor("t02:0"), theme("t01"))],
        "[[remove]] in line 1 and [[move]] in line 2 conflict: t01 is removed and gets a moved "
        "sentence",
    ),
    "merged twice": (
        [merge(1, "t01", "t02"), merge(2, "t02", "t03"), merge(3, "t02", "t04")],
        "[[merge]] in line 1, [[merge]] in line 2 and [[merge]] in line 3 conflict: t02 is merged "
        "more than once",
    ),
    "split and merged": (
        [split(1, "t01"), merge(2, "t01", "t02")],
        "[[split]] in line 1 and [[merge]] in line 2 conflict: t01 is split and is merged",
    ),
    "split twice": (
        [split(1, "t01"), split(2, "t01", seeds=("t01:3", "t01:4"))],
        "[[split]] in line 1 and [[split]] in line 2 conflict: t01 is split more than once",
    ),
    "split and renamed": (
        [split(1, "t01"), Rename(2, theme("t01"), ROADS)],
        "[[split]] in line 1 and [[rename]] in line 2 conflict: t01 is split and is renamed",
    ),
    "moved to a split theme": (
        [split(1, "t01"), Move(2, Anchor("t02:0"), theme("t01"))],
        "[[split]] in line 1 and [[move]] in line 2 conflict: t01 is split and gets a moved "
        "sentence",
    ),
    "moved away from its part": (
        [split(1, "t01"), Move(2, Anchor("t01:1"), theme("t02"))],
        "[[split]] in line 1 and [[move]] in line 2 conflict: t01:1 is moved and is a sentence of "
        "a part",
    ),
    "a seed of two themes' parts": (
        [split(1, "t01"), split(2, "t02", seeds=("t01:1", "t02:1"))],
        "[[split]] in line 1 and [[split]] in line 2 conflict: t01:1 is a sentence of parts of "
        "different themes",
    ),
    "a member of a named merge renamed": (
        [merge(1, "t01", "t02", labels=SCHOOL), Rename(2, theme("t02"), ROADS)],
        "[[merge]] in line 1 and [[rename]] in line 2 conflict: t01 and t02 are merged and get "
        "different labels",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("decisions", "said"), CONFLICTS.values(), ids=CONFLICTS)
def test_decisions_in_conflict_are_told_and_none_is_applied(decisions, said):
    expected = Decisions(notes=[f"curation.toml: {said}; none of them is applied; keep one"])
    assert settle(*decisions) == expected
    # Others are, and the order doesn't matter.
    other = Remove(9, theme("t09"))
    assert settle(other, *reversed(decisions)) == Decisions(removed={"t09"}, notes=expected.notes)


def test_two_different_renames_of_merged_themes_are_in_conflict_and_the_merge_is_not():
    done = settle(
        merge(1, "t01", "t02", "t03"),
        Rename(2, theme("t02"), SCHOOL),
        Rename(3, theme("t03"), ROADS),
    )
    assert done == Decisions(
        merged={"t02": "t01", "t03": "t01"},
        notes=[
            "curation.toml: [[rename]] in line 2 and [[rename]] in line 3 conflict: t01, t02 and "
            "t03 are merged and get different labels; none of them is applied; keep one"
        ],
    )


def test_a_decision_that_falls_by_one_conflict_still_counts_in_another():
    done = settle(Remove(1, theme("t01")), merge(2, "t01", "t02"), merge(3, "t02", "t03"))
    assert (done.removed, done.merged) == (set(), {})
    assert len(done.notes) == 2


def two_moves(first: Target | None, second: Target | None) -> Decisions:
    """Two sentences once, whose anchors have come to lead to the same one."""
    one, other = Anchor("t09:0"), Anchor("t09:1", "Lærerne")
    moves = (Move(1, one, first), Move(2, other, second))
    others = (merge(3, "t01", "t02"),)
    anchors = [anchor for decision in (*moves, *others) for anchor in anchors_of(decision)]
    found = {anchor: anchor.sentence_id for anchor in anchors} | {other: "t09:0"}
    theme_of = {name: name.partition(":")[0] for name in found.values()}
    return decide(curation(*moves, *others), found, theme_of)


def test_a_sentence_that_two_moves_lead_to_is_moved_if_they_agree():
    assert two_moves(theme("t01"), theme("t02")).moves == {"t09:0": "t01"}
    assert two_moves(None, None).moves == {"t09:0": ""}
    done = two_moves(None, theme("t02"))
    assert done.moves == {}
    assert done.notes == [
        "curation.toml: [[move]] in line 1 and [[move]] in line 2 conflict: t09:0 is moved to "
        "different themes; none of them is applied; keep one"
    ]


SOME = st.sampled_from([f"t0{n}" for n in range(1, 6)])
SENTENCE = st.sampled_from([f"{of}:{n}" for of in ("t01", "t02", "t03", "none") for n in range(5)])
TARGETS = st.one_of(
    st.builds(theme, SOME),
    st.lists(SENTENCE, min_size=1, max_size=3).map(lambda written: theme(*written)),
)
LABELS = st.sampled_from([SCHOOL, ROADS])
LINE = st.just(0)
ONE_DECISION = st.one_of(
    st.builds(Rename, LINE, TARGETS, LABELS),
    st.builds(
        Merge,
        LINE,
        st.lists(TARGETS, min_size=2, max_size=3).map(tuple),
        st.one_of(st.none(), LABELS),
    ),
    st.builds(
        lambda target, seeds: Split(
            0, target, tuple(Part(SCHOOL, names(seed)) for seed in seeds)
        ),
        TARGETS,
        st.lists(SENTENCE, min_size=2, max_size=3, unique=True),
    ),
    st.builds(Remove, LINE, TARGETS),
    st.builds(Move, LINE, SENTENCE.map(Anchor), st.one_of(st.none(), TARGETS)),
)  # fmt: skip


def on_lines(decisions: list[Decision]) -> list[Decision]:
    """The decisions on the lines 1, 2, …"""
    return [
        type(decision)(**{**vars(decision), "line": line})
        for line, decision in enumerate(decisions, start=1)
    ]


@given(st.lists(ONE_DECISION, max_size=7), st.sets(SENTENCE, max_size=3))
def test_no_theme_and_no_sentence_goes_to_two_places(decisions, lost):
    decisions = on_lines(decisions)
    done = settle(*decisions, lost=tuple(lost))
    gone = [*done.merged, *done.removed, *done.splits]
    assert len(gone) == len(set(gone))
    left = {*done.merged.values(), *done.labels, *done.moves.values()} - {""}
    assert not left & set(gone)
    seeds = [name for parts in done.splits.values() for _, _, part in parts for name in part]
    assert not set(seeds) & set(done.moves)
    assert all("\n" not in note for note in done.notes)


@given(st.lists(ONE_DECISION, max_size=6).flatmap(
    lambda some: st.tuples(st.just(on_lines(some)), st.permutations(on_lines(some)))
))  # fmt: skip
def test_the_order_in_which_decisions_are_taken_never_matters(orders):
    one, other = orders
    assert settle(*one) == settle(*other)


@given(st.lists(ONE_DECISION, max_size=6))
def test_each_decision_is_applied_or_told(decisions):
    decisions = on_lines(decisions)
    done = settle(*decisions)
    done_by = {
        "rename": done.labels,
        "merge": done.merged,
        "split": done.splits,
        "remove": done.removed,
        "move": done.moves,
    }
    told = set(re.findall(r"line (\d+)", " ".join(done.notes)))
    for decision in decisions:
        assert str(decision.line) in told or done_by[decision.kind], decision


# The file to begin from

THEMES = pd.DataFrame(
    [("t01", "skole, lærer", "skule, lærar", 41), ("t02", 'den "nye" vej', "veg \\ vei", 1)],
    columns=["theme_id", "label_da", "label_no", "n_sentences"],
)
LONG = "Lærerne siger, at de har for lidt tid til at forberede sig, og at eleverne mærker det."
NEAREST = {
    "t01": [("a:1", LONG), ("a:2", "Igen."), ("b:1", "Skulen  er\nny."), ("c:9", "x" * 90)],
    "t02": [(f"d{n}:0", "Vejen") for n in range(9)],
}


def uncommented(text: str, which: int | None = None) -> str:
    """The file with the # taken from one block's lines, or from all blocks'."""
    lines, block, inside = [], -1, False
    for line in text.splitlines():
        if line.startswith("#[[") and not inside:
            block, inside = block + 1, True
        inside = inside and line != ""
        lines.append(line[1:] if inside and which in (None, block) else line)
    return "\n".join(lines) + "\n"


def test_as_written_the_file_changes_nothing(tmp_path):
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, NEAREST)
    assert read_curation(path) == Curation(path)
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {}


def test_each_theme_has_a_block_that_names_it(tmp_path):
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, NEAREST)
    blocks = path.read_text(encoding="utf-8").split("\n\n")[-2:]
    assert blocks[0] == (
        '# "t01": "skole, lærer" / "skule, lærar", 41 sentences\n'
        "#[[rename]]\n"
        '#theme = "t01"\n'
        '#label_da = "skole, lærer"\n'
        '#label_no = "skule, lærar"\n'
        "#sentences = [\n"
        '#    "a:1 | Lærerne siger, at de har for lidt tid til at forberede sig,",\n'
        '#    "b:1 | Skulen er ny.",\n'
        f'#    "c:9 | {"x" * 60}",\n'
        '#    "a:2 | Igen.",\n'
        "#]"
    )
    assert blocks[1].startswith('# "t02": "den \\"nye\\" vej" / "veg \\\\ vei", 1 sentence\n')


def test_a_block_names_the_nearest_sentence_of_each_of_five_documents(tmp_path):
    path = tmp_path / "curation.toml"
    nearest = {"t01": [(f"{doc}:{n}", "Ord") for doc in "abcdefg" for n in range(2)]}
    write_starter(path, THEMES[:1], nearest)
    (rename,) = read(tmp_path, uncommented(path.read_text(encoding="utf-8"), 4))
    assert isinstance(rename, Rename)
    named = [anchor.sentence_id for anchor in rename.target.sentences]
    assert named == ["a:0", "b:0", "c:0", "d:0", "e:0"]


@pytest.mark.parametrize(
    ("which", "kind"),
    [(0, Merge), (1, Split), (2, Remove), (3, Move), (4, Rename), (5, Rename)],
)
def test_a_block_whose_comments_are_taken_away_is_a_decision(tmp_path, which, kind):
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, NEAREST)
    text = path.read_text(encoding="utf-8")
    (decision,) = read(tmp_path, uncommented(text, which))
    assert isinstance(decision, kind)
    header = text.splitlines()[decision.line - 1]
    assert header == f"#[[{decision.kind}]]"


def test_all_blocks_can_be_decisions_at_once(tmp_path):
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, NEAREST)
    decisions = read(tmp_path, uncommented(path.read_text(encoding="utf-8")))
    kinds = [decision.kind for decision in decisions]
    assert kinds == ["merge", "split", "remove", "move", "rename", "rename"]


def test_the_lines_of_the_file_fit_a_screen(tmp_path):
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, NEAREST)
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 100


def test_a_theme_none_of_whose_sentences_can_be_named_has_no_block(tmp_path):
    # This id would be read as the sentence 1 of a document called a.
    path = tmp_path / "curation.toml"
    write_starter(path, THEMES, {"t01": [("a:1 | b:2", "Ord")]})
    text = path.read_text(encoding="utf-8")
    assert "#[[rename]]" not in text
    assert text.count("# None of its sentences can be named here.\n") == 2


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "curation.toml"
    path.write_text("# my decisions\n")
    with pytest.raises(CurationError) as caught:
        write_starter(path, THEMES, NEAREST)
    assert str(caught.value) == (
        f"{path}: is there already, and may hold decisions; name another file, or move it away"
    )
    assert path.read_text() == "# my decisions\n"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    path = tmp_path / "none" / "curation.toml"
    with pytest.raises(CurationError) as caught:
        write_starter(path, THEMES, NEAREST)
    assert str(caught.value) == (
        f"{path}: can't be written (No such file or directory); name a file in a folder that you "
        "may write to"
    )


HOSTILE = st.one_of(
    st.text(max_size=90),
    st.text(alphabet="\"'\\#[]\n\r\t\0\u2028\u0085|:0 a\U0001f600", max_size=90),
    st.sampled_from(['"""', "'''", "\\u0000", "#[[rename]]\n[[remove]]", '", "a:1']),
)
DOC_IDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" |:/#'\"\\"),
    min_size=1,
    max_size=12,
)


@given(
    st.tuples(HOSTILE, HOSTILE),
    st.lists(st.tuples(DOC_IDS, HOSTILE), min_size=1, max_size=7, unique_by=lambda pair: pair[0]),
)
@example(("Æ", '"'), [("a | b", "Kl. 12:30 | Nyt"), ("'", "'- Ja")])
def test_whatever_the_texts_a_block_finds_its_sentences_again(labels, sentences):
    rows = [(f"{doc_id}:{n}", doc_id, text) for n, (doc_id, text) in enumerate(sentences)]
    themes = pd.DataFrame([("t01", *labels, 3)], columns=list(THEMES.columns))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curation.toml"
        write_starter(path, themes, {"t01": [(name, text) for name, _, text in rows]})
        content = path.read_bytes().decode("utf-8")
        assert read_curation(path).decisions == ()
        decisions = read(Path(folder), uncommented(content, 4))
    nameable = [name for name, *_ in rows if parse_anchor(f"{name} | x") == Anchor(name, "x")]
    if not nameable:
        assert decisions == ()
        return
    (rename,) = decisions
    assert isinstance(rename, Rename)
    assert rename.labels == tuple(" ".join(label.split()) or "t01" for label in labels)
    anchors = rename.target.sentences
    assert all(len(anchor.text) <= MOST_CHARACTERS for anchor in anchors)
    found = find_anchors(curation(rename), corpus(rows))
    assert [found[anchor] for anchor in anchors] == nameable[:N_ANCHORS]
