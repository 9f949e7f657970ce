"""compare: which shared concepts two groups use within one theme."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, log2, sqrt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare import years
from pipeline.compare.counting import Batch
from pipeline.compare.words import begin_ranking, counting, odds, rank_words
from pipeline.compare.words import table as words_table
from pipeline.compare.words.counting import Part
from pipeline.compare.words.table import MOST_WORDS
from pipeline.nordic.lexicon import load_lexicon
from pipeline.pieces import HERE, batch
from pipeline.schemas import SCHEMAS
from pipeline.store import Store
from pipeline.workers import Workers

Uses = Mapping[str, Mapping[str, int]]  # theme -> term -> uses, of one document

SURFACES = {
    "citizen.n": {"da": "borger", "nb": "innbygger"},
    "municipality.n": {"da": "kommune", "nb": "kommune"},
    "school.n": {"da": "skole", "nb": "skole"},
    "machine.n": {"da": "maskine", "nb": "maskin"},
}
LANGUAGE = {"d": "da", "n": "nb"}
GROUP = {"d": "da", "n": "no"}


def make_part(documents: Mapping[str, Uses], surfaces: Mapping[str, str] | None = None) -> Part:
    """A part with a sentence for each document and theme; ids begin with d (Danish) or n."""
    sentences, terms, assignments = [], [], []
    for doc_id, themes in documents.items():
        language = LANGUAGE[doc_id[0]]
        for position, (theme, uses) in enumerate(themes.items()):
            sentence_id = f"{doc_id}:{position}"
            sentences.append((sentence_id, doc_id, language))
            assignments.append((sentence_id, theme))
            for term, n in uses.items():
                known = SURFACES.get(term, {}).get(language, term.partition(".")[0])
                surface = (surfaces or {}).get(f"{language}:{term}", known)
                terms.append((sentence_id, term, surface, n))
    return (
        pd.DataFrame(sentences, columns=["sentence_id", "doc_id", "language"]),
        pd.DataFrame(terms, columns=["sentence_id", "term", "surface", "n"]),
        pd.DataFrame(assignments, columns=["sentence_id", "theme_id"]),
    )


class Tables:
    """Parts in memory, to be read as from a store."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.n_read = Counter[int]()

    def read(self, table: str, part: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        self.n_read[part] += table == "terms"
        return self.parts[part][("sentences", "terms", "assignments").index(table)]


def rank(
    *parts: Part,
    groups: Mapping[str, str] | None = None,
    themes: Sequence[str] = ("t1",),
    batches: Sequence[Sequence[int]] = (),
) -> pd.DataFrame:
    """As many batches as are named by the numbers of their parts; without any, one."""
    return rank_read(Tables(parts), groups, themes, batches)


def rank_read(
    tables: Tables,
    groups: Mapping[str, str] | None = None,
    themes: Sequence[str] = ("t1",),
    batches: Sequence[Sequence[int]] = (),
) -> pd.DataFrame:
    of_part = [sentences["doc_id"].unique().tolist() for sentences, _, _ in tables.parts]
    of_all = sorted(doc_id for own in of_part for doc_id in own)
    groups = groups or {doc_id: GROUP[doc_id[0]] for doc_id in of_all}
    dealt = [
        Batch(list(own), [doc_id for part in own for doc_id in of_part[part]])
        for own in batches or [range(len(tables.parts))]
    ]
    with tempfile.TemporaryDirectory() as folder:
        return rank_words(
            tables, Path(folder), pd.Series(dict(groups), dtype=object), themes, dealt
        )


def in_one_theme(**documents: Mapping[str, int]) -> Part:
    return make_part({doc_id: {"t1": uses} for doc_id, uses in documents.items()})


WORKED = in_one_theme(
    d1={"citizen.n": 3, "municipality.n": 1},
    d2={"citizen.n": 1, "municipality.n": 1},
    n1={"municipality.n": 1},
    n2={"citizen.n": 1, "municipality.n": 3},
)


def test_the_example_of_the_method_is_worked_rightly() -> None:
    # Damped, log2(1 + n): Danish citizens 2 + 1 = 3 of (2 + 1) + (1 + 1) = 5, Norwegian 0 + 1 = 1
    # of 1 + (1 + 2) = 4; of everything they are 4 of 9. The prior adds 5 × 4/9 = 20/9 of 5 to the
    # Danish, 4 × 4/9 = 16/9 of 4 to the Norwegian:
    #   Danish odds     (3 + 20/9) / (10 − 47/9) = 47/43
    #   Norwegian odds  (1 + 16/9) / (8 − 25/9)  = 25/47
    # and the variance is 9/47 + 9/25. Weakest without d1: 1 + 20/9 = 29/9 of 2 + 5, 29/34.
    row = rank(WORKED).set_index("term").loc["citizen.n"]
    assert row["log_odds"] == pytest.approx(log(47 / 43) - log(25 / 47), abs=1e-6)
    assert row["log_odds"] == pytest.approx(0.720, abs=5e-4)
    assert row["z"] == pytest.approx(
        (log(29 / 34) - log(25 / 47)) / sqrt(9 / 29 + 9 / 25), abs=1e-6
    )
    assert row["z"] == pytest.approx(0.577, abs=5e-4)
    columns = ["group_a", "group_b", "n_a", "n_b", "n_documents_a", "n_documents_b"]
    assert row[columns].tolist() == ["da", "no", 4, 1, 2, 1]
    assert row[["label_da", "label_no"]].tolist() == ["borger", "innbygger"]


def test_the_method_names_the_constants_as_they_are() -> None:
    method = " ".join((Path(__file__).parent.parent / "docs/method.md").read_text("utf-8").split())
    for said in (
        f"A group's α₀ is {odds.PRIOR:.0f} times its own n",
        f"at least {counting.MAY_MEAN} as likely",
        f"At most {words_table.MOST_WORDS} words a side",
        f"each of the {counting.LONGEST} longest",
        f"With more than {years.MOST_YEARS} different years",
        f"with more than {years.MOST_ROWS:,} rows",
    ):
        assert said in method


def test_a_word_of_the_second_group_has_a_negative_z() -> None:
    # Of two words, what one group says more of the other says less of
    row = rank(WORKED).set_index("term").loc["municipality.n"]
    assert row["log_odds"] == pytest.approx(log(25 / 47) - log(47 / 43), abs=1e-6)
    assert row["z"] < 0


def test_the_table_has_the_columns_of_its_schema_and_no_empty_cells() -> None:
    table = rank(WORKED)
    assert list(table.columns) == list(SCHEMAS["words"])
    assert not table.isna().any(axis=None)


documents = st.dictionaries(
    st.sampled_from([f"{side}{number}" for side in "dn" for number in range(4)]),
    st.dictionaries(
        st.sampled_from(["t1", "t2", ""]),
        st.dictionaries(st.sampled_from(sorted(SURFACES)), st.integers(1, 9), min_size=1),
        min_size=1,
    ),
    min_size=2,
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_z_is_the_weakest_that_is_left_without_any_one_document(own: dict[str, Uses]) -> None:
    """Against the formula worked out again for each document that is left out."""
    found = rank(make_part(own), themes=("t1", "t2"))
    table = {
        (theme, term): z
        for theme, term, z in zip(found["theme_id"], found["term"], found["z"], strict=True)
    }
    for theme in ("t1", "t2"):
        for term in SURFACES:
            expected = leave_out_each(own, theme, term)
            assert table.get((theme, term), 0.0) == pytest.approx(expected, abs=2e-6)


def leave_out_each(own: Mapping[str, Uses], theme: str, term: str) -> float:
    damped = {
        doc_id: {key: {word: log2(1 + n) for word, n in uses.items()} for key, uses in all_.items()}
        for doc_id, all_ in own.items()
    }
    everything = sum(sum(uses.values()) for all_ in damped.values() for uses in all_.values())
    of_term = sum(uses.get(term, 0.0) for all_ in damped.values() for uses in all_.values())
    having = {doc_id: all_[theme] for doc_id, all_ in damped.items() if theme in all_}
    prior = {
        side: sum(sum(uses.values()) for doc_id, uses in having.items() if doc_id[0] == side)
        for side in "dn"
    }
    if of_term == everything or {doc_id[0] for doc_id in damped} != {"d", "n"}:
        return 0.0

    def compare(left_out: str) -> float:
        difference, variance = 0.0, 0.0
        for side, sign in (("d", 1), ("n", -1)):
            rest = [u for doc_id, u in having.items() if doc_id[0] == side and doc_id != left_out]
            y = sum(uses.get(term, 0.0) for uses in rest)
            n = sum(sum(uses.values()) for uses in rest)
            inside = y + prior[side] * of_term / everything
            difference += sign * log(inside / (n + prior[side] - inside))
            variance += 1 / inside
        return difference / sqrt(variance)

    if any(sum(doc_id[0] == side for doc_id in having) < 2 for side in "dn") or not of_term:
        return 0.0
    z = compare("")
    leading = "d" if z > 0 else "n"
    if sum(term in uses for doc_id, uses in having.items() if doc_id[0] == leading) < 2:
        return 0.0
    sign = 1 if z > 0 else -1
    return sign * max(0.0, min(sign * compare(left_out) for left_out in ("", *having)))


def test_no_single_document_makes_a_word_rank() -> None:
    often = {"citizen.n": 100, "municipality.n": 1, "school.n": 1}
    seldom = {"municipality.n": 1, "school.n": 1}
    assert "citizen.n" not in set(
        rank(in_one_theme(d1=often, d2=seldom, n1=seldom, n2=seldom))["term"]
    )
    # Two of them do
    twice = in_one_theme(d1=often, d2=often, n1=seldom, n2=seldom)
    assert "citizen.n" in set(rank(twice)["term"])


def test_the_same_texts_on_either_side_do_not_differ_however_many_they_are() -> None:
    # A theme's own word: in t1 half of what is said, elsewhere nothing
    own = {"t1": {"citizen.n": 2, "school.n": 2}, "t2": {"municipality.n": 5, "school.n": 1}}
    few = {f"d{number}": own for number in range(2)}
    many = {f"n{number}": own for number in range(9)}
    assert len(rank(make_part(few | many), themes=("t1", "t2"))) == 0


def test_spelling_is_no_difference() -> None:
    # Each side writes its own words for the same: borger, innbygger; maskine, maskin
    same = {"citizen.n": 2, "machine.n": 1}
    assert len(rank(in_one_theme(d1=same, d2=same, n1=same, n2=same))) == 0


def test_names_and_words_that_the_lexicon_has_not_take_no_part() -> None:
    more = {"denmark.name": 3, "denmark.name+school.n": 3, "blåbærtrøje": 3, "blåbær+school.n": 2}
    both = {"citizen.n": 1, "school.n": 1}
    with_them = in_one_theme(d1=both | more, d2=both | more, n1=both, n2=both)
    assert len(rank(with_them)) == 0
    compound = {"school.n+machine.n": 3}
    ranked = rank(in_one_theme(d1=both | compound, d2=both | compound, n1=both, n2=both))
    assert "school.n+machine.n" in set(ranked["term"])


def test_a_word_that_the_other_group_may_have_meant_ranks_lower() -> None:
    danish = {"leader.n": 2, "school.n": 2}
    norwegian = {"chairman.n": 2, "school.n": 2}
    own = {"d1": danish, "d2": danish, "n1": norwegian, "n2": norwegian}
    themes = {doc_id: {"t1": uses} for doc_id, uses in own.items()}

    def find_z(norwegian_surface: str) -> float:
        surfaces = {"da:leader.n": "leder", "nb:chairman.n": norwegian_surface}
        table = rank(make_part(themes, surfaces)).set_index("term")
        return float(table["z"].get("leader.n", 0.0))

    # Norwegian *leder* may be a leader too; *møteleder* is none
    assert find_z("formann") > 0
    assert find_z("leder") < find_z("formann") / 2


def test_a_theme_in_one_document_of_a_group_has_no_words() -> None:
    a, b = {"citizen.n": 3, "school.n": 1}, {"municipality.n": 3, "school.n": 1}
    assert len(rank(in_one_theme(d1=a, d2=a, n1=b))) == 0
    assert len(rank(in_one_theme(d1=a, d2=a, n1=b, n2=b))) > 0


def test_swapped_groups_give_the_same_words_the_other_way() -> None:
    found = rank(WORKED)
    swapped = rank(WORKED, groups={"d1": "no", "d2": "no", "n1": "da", "n2": "da"})
    z = dict(zip(found["term"], found["z"], strict=True))
    assert {term: -z for term, z in z.items()} == dict(
        zip(swapped["term"], swapped["z"], strict=True)
    )


def test_it_does_not_matter_how_documents_lie_in_parts() -> None:
    uses = {
        f"{side}{n}": {"t1": {"citizen.n": 1 + n, "school.n": 3}} for side in "dn" for n in range(4)
    }
    uses["d3"]["t1"]["machine.n"] = uses["d2"]["t1"]["machine.n"] = 2
    whole = rank(make_part(uses))
    one_each = rank(*(make_part({doc_id: own}) for doc_id, own in uses.items()))
    assert len(whole)
    pd.testing.assert_frame_equal(whole, one_each)


def test_each_part_is_read_once() -> None:
    tables = Tables(
        [
            in_one_theme(d1={"citizen.n": 3, "school.n": 1}, n1={"municipality.n": 1}),
            in_one_theme(d2={"citizen.n": 1, "school.n": 2}, n2={"municipality.n": 3}),
        ]
    )
    assert len(rank_read(tables))
    assert tables.n_read == {0: 1, 1: 1}


batches_of = st.lists(st.integers(0, 3), min_size=8, max_size=8)


@settings(max_examples=40, deadline=None)
@given(documents, batches_of, batches_of)
def test_the_table_is_the_same_however_parts_are_gone_over_in_batches(
    own: dict[str, Uses], part_of: list[int], batch_of: list[int]
) -> None:
    """Documents lie in any of four parts, and parts in any of four batches; one may be empty."""
    parts = [
        make_part({doc_id: uses for doc_id, uses in own.items() if part_of[place(doc_id)] == part})
        for part in range(4)
    ]
    batches = [[part for part in range(4) if batch_of[part] == number] for number in range(4)]
    themes = ("t1", "t2")
    groups = {doc_id: GROUP[doc_id[0]] for doc_id in sorted(own)}
    whole = rank(make_part({doc_id: own[doc_id] for doc_id in sorted(own)}), themes=themes)
    in_batches = rank(*parts, groups=groups, themes=themes, batches=[b for b in batches if b])
    pd.testing.assert_frame_equal(in_batches, whole)


def place(doc_id: str) -> int:
    return "dn".index(doc_id[0]) * 4 + int(doc_id[1])


def test_the_table_is_the_same_for_any_number_of_processes(tmp_path: Path) -> None:
    """Terms, and forms of one number of uses, come in another order in each batch."""
    store = Store(tmp_path)
    nouns = [name for name in load_lexicon().concepts if name.endswith(".n")][:40]
    doc_ids = [f"{side}{number}" for number in range(6) for side in "dn"]
    for part, doc_id in enumerate(doc_ids):
        turned = nouns[part:] + nouns[:part]
        uses = {name: 1 + (part * at) % 5 for at, name in enumerate(turned[:25])}
        surfaces = {f"{LANGUAGE[doc_id[0]]}:{name}": f"{name[:4]}{part % 3}" for name in nouns}
        write_part(store, part, make_part({doc_id: {"t1": uses, "": uses}}, surfaces))
    groups = pd.Series({doc_id: GROUP[doc_id[0]] for doc_id in sorted(doc_ids)}, dtype=object)
    tables = []
    for n in (1, 2, 5, 12):
        batches = [
            Batch(parts, [doc_ids[part] for part in parts])
            for parts in batch(dict.fromkeys(range(12), 1.0), n, least=1)
        ]
        assert len(batches) == n
        with store.make_scratch("words") as folder, Workers(1 + n % 2) as workers:
            tables.append(begin_ranking(store, folder, groups, ["t1"], batches, workers)())
    assert len(tables[0])
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def write_part(store: Store, number: int, part: Part) -> None:
    sentences, terms, assignments = part
    store.write(
        "sentences",
        sentences.assign(
            position=0, block=0, section=0, kind="paragraph", start=0, end=1, text="Ja."
        ),
        number,
    )
    store.write("terms", terms, number)
    store.write("assignments", assignments.assign(strength=0.5, second_theme_id=""), number)


def test_at_most_so_many_words_a_side_the_strongest_first() -> None:
    nouns = [name for name in load_lexicon().concepts if name.endswith(".n")][: 3 * MOST_WORDS]
    first, second = nouns[: 2 * MOST_WORDS], nouns[2 * MOST_WORDS :]
    a = {name: 1 + number // 4 for number, name in enumerate(first)}
    b = {name: 1 + number // 4 for number, name in enumerate(second)}
    table = rank(in_one_theme(d1=a, d2=a, n1=b, n2=b))
    of_a, of_b = table[table["z"] > 0], table[table["z"] < 0]
    assert [len(of_a), len(of_b)] == [MOST_WORDS, len(second)]
    assert of_a["z"].tolist() == sorted(of_a["z"], reverse=True)
    assert of_b["z"].tolist() == sorted(of_b["z"])
    assert table.index[table["z"] > 0].max() < table.index[table["z"] < 0].min()


def test_three_groups_are_compared_in_pairs() -> None:
    a, b = {"citizen.n": 3, "school.n": 1}, {"municipality.n": 3, "school.n": 1}
    part = in_one_theme(d1=a, d2=a, d3=b, d4=b, n1=a, n2=a)
    groups = {"d1": "x", "d2": "x", "d3": "y", "d4": "y", "n1": "z", "n2": "z"}
    table = rank(part, groups=groups)
    assert set(zip(table["group_a"], table["group_b"], strict=True)) == {("x", "y"), ("y", "z")}


@pytest.mark.parametrize("groups", [{}, {"d1": "da", "d2": "da"}])
def test_without_two_groups_there_is_nothing_to_rank(
    groups: dict[str, str], tmp_path: Path
) -> None:
    sentences, _, _ = WORKED
    own_batch = Batch([0], sentences["doc_id"].unique().tolist())
    own = pd.Series(groups, dtype=object)
    table = begin_ranking(Tables([WORKED]), tmp_path, own, ["t1"], [own_batch] * 2, HERE)()
    assert len(table) == 0
    assert list(table.columns) == list(SCHEMAS["words"])


def test_documents_that_are_not_compared_are_not_counted() -> None:
    others = in_one_theme(d8={"citizen.n": 9}, n9={"school.n": 9})
    groups = {"d1": "da", "d2": "da", "n1": "no", "n2": "no"}
    pd.testing.assert_frame_equal(rank(WORKED, others, groups=groups), rank(WORKED))


def test_parts_without_terms_are_no_fault() -> None:
    empty = make_part({"d1": {"t1": {}}, "n1": {"t1": {}}})
    assert len(rank(empty)) == 0
