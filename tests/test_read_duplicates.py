"""Documents that say the same, word for word or nearly, and those that only seem to."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.duplicates import (
    content_hash,
    find_duplicates,
    find_words,
    hash_shingles,
    sign,
)

WORDS = [
    "kommunen", "innbyggerne", "søknaden", "maskinen", "saksbehandleren", "løsningen",
    "registeret", "tjenesten", "brukerne", "etaten", "direktoratet", "skjemaet", "svaret",
    "ventetiden", "personvernet", "budsjettet", "prosjektet", "leverandøren", "systemet",
    "loven", "tilsynet", "kravet", "planen", "feilen", "dagen", "året", "møtet",
    "rapporten", "målet", "oppgaven",
]  # fmt: skip
VERBS = [
    "får", "gir", "tar", "ser", "mener", "viser", "trenger", "ønsker", "bruker", "endrer",
    "stopper", "møter",
]  # fmt: skip


def article(seed: int, sentences: int = 25) -> list[str]:
    """Sentences of seven words, drawn: two seeds give texts on one theme that share no passage."""
    draw = random.Random(seed)
    return [
        f"{draw.choice(WORDS).capitalize()} {draw.choice(VERBS)} {draw.choice(WORDS)} og "
        f"{draw.choice(WORDS)} {draw.choice(VERBS)} {draw.choice(WORDS)}."
        for _ in range(sentences)
    ]


def drafts(*texts: list[str]) -> pd.DataFrame:
    rows = [
        (f"d{number}", len(words), content_hash(words), sign(words))
        for number, words in enumerate(map(find_words, texts))
    ]
    return pd.DataFrame(rows, columns=["doc_id", "n_words", "content_hash", "signature"])


def duplicates(*texts: list[str]) -> dict[str, str]:
    found = find_duplicates(drafts(*texts))
    return dict(zip(found["doc_id"], found["duplicate_of"], strict=True))


# Word for word


def test_letter_case_marks_and_line_breaks_do_not_count():
    one = ["Tittelen her", "Det samme, sa hun – «igjen»."]
    assert duplicates(one, ["TITTELEN HER det samme", "sa hun igjen"]) == {"d1": "d0"}
    assert duplicates(one, ["Tittelen her", "Det samme, sa han – «igjen»."]) == {}


def test_the_first_of_the_files_is_the_original_and_texts_without_words_are_nobodys_copies():
    table = pd.DataFrame(
        {
            "doc_id": ["c", "a", "b", "e", "f", "g"],
            "n_words": [3, 3, 3, 0, 0, 2],
            "content_hash": ["x", "x", "x", "y", "y", ""],
            "signature": [b""] * 6,
        }
    )
    assert find_duplicates(table).to_dict("records") == [
        {"doc_id": "a", "duplicate_of": "c"},
        {"doc_id": "b", "duplicate_of": "c"},
    ]


def test_without_documents_there_are_no_duplicates():
    found = find_duplicates(drafts())
    assert list(found.columns) == ["doc_id", "duplicate_of"]
    assert found.empty


# All but a few words


@pytest.mark.parametrize("seed", range(5))
def test_a_few_other_words_a_title_or_a_paragraph_more_make_no_other_text(seed):
    text = article(seed)
    words = list(text)
    for place in (3, 11, 19):
        words[place] = words[place].replace(" og ", " men ")
    longer = [*text[:10], *article(99, 3), *text[10:]]
    titled = ["En helt annen tittel", *text]
    assert duplicates(text, words, longer, titled) == {"d1": "d0", "d2": "d0", "d3": "d0"}


def test_paragraphs_in_another_order_are_much_the_same_text():
    text = article(1)
    assert duplicates(text, [*text[12:], *text[:12]]) == {"d1": "d0"}


@pytest.mark.parametrize("seed", range(5))
def test_two_articles_on_one_theme_are_two(seed):
    assert duplicates(article(seed), article(seed + 100), article(seed + 200)) == {}


def test_a_text_that_quotes_half_of_another_is_its_own():
    text = article(3)
    assert duplicates(text, [*text[:12], *article(4, 13)]) == {}


def test_short_texts_are_only_the_same_word_for_word():
    one = ["Kommunen svarer ikke på brev fra innbyggerne i byen om vinteren eller sommeren."]
    other = [one[0].replace("byen", "bygda")]
    assert sign(find_words(one)) == sign([]) == b""
    assert duplicates(one, other, one) == {"d2": "d0"}


def test_the_order_is_that_of_the_files_and_later_ones_name_the_first():
    text, other = article(5), article(6)
    near = ["Innledning", *text]
    assert duplicates(near, other, text, near, other) == {"d2": "d0", "d3": "d0", "d4": "d1"}


def test_likeness_does_not_pass_from_one_to_the_next():
    """Each is the one before, moved on by six sentences of sixty: 54 / 66 = 0.82 in common with it,
    and 48 / 72 = 0.67 with the one before that. Of this text the estimates fall on the same sides
    of 0.7; of every fourth or so one is beyond it, as their standard error is 0.04."""
    text = article(9, 120)
    versions = [text[6 * step :][:60] for step in range(6)]
    assert duplicates(*versions) == {"d1": "d0", "d3": "d2", "d5": "d4"}
    signatures = [sign(find_words(version)) for version in versions]
    for one, other in pairwise(signatures):
        assert _share(one, other) >= 0.7
    for one, other in zip(signatures, signatures[2:], strict=False):
        assert _share(one, other) < 0.7


def _share(one: bytes, other: bytes) -> float:
    numbers = [(one[i : i + 4], other[i : i + 4]) for i in range(0, len(one), 4)]
    return sum(a == b for a, b in numbers) / len(numbers)


def test_a_signature_estimates_the_share_of_common_passages():
    # 100 words in each, the last 50 of one are the first 50 of the other: of 98 + 98 shingles of
    # three words 48 are in both, so that 48 / (98 + 98 - 48) = 0.324
    words = [f"ord{number}" for number in range(150)]
    one, other = words[:100], words[50:]
    assert len(sign(one)) == 4 * 128
    assert abs(_share(sign(one), sign(other)) - 48 / 148) < 0.13  # three standard errors


def test_a_signature_is_datasketchs_own_of_the_shingles_hashes():
    words = [f"blåbær{number % 40}" for number in range(60)]
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    theirs.update_batch([int(number) >> 32 for number in hash_shingles(words)])
    assert sign(words) == theirs.hashvalues.astype("<u4").tobytes()


@given(st.lists(st.sampled_from(["a", "b", "c", "ab", "bc", "å", ""]), max_size=60))
def test_each_different_shingle_has_a_hash_of_its_own_wherever_it_stands(words):
    shingles = {tuple(words[at : at + 3]) for at in range(len(words) - 2)}
    alone = {int(number) for one in shingles for number in hash_shingles(one)}
    found = hash_shingles(words).tolist()
    assert len(found) == len(shingles)
    assert set(found) == alone


def test_a_signature_is_the_same_in_every_process():
    script = (
        "from pipeline.read.duplicates import sign, content_hash\n"
        "text = ['ord%d' % n for n in range(60)]\n"
        "print(sign(text).hex(), content_hash(text))"
    )
    text = [f"ord{number}" for number in range(60)]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.stdout.split() == [sign(text).hex(), content_hash(text)]


POOL = [article(seed, 12) for seed in range(4)]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=14
    )
)
def test_no_duplicate_is_named_as_an_original_and_originals_come_first(choices):
    texts = [POOL[which][: 12 - cut] + POOL[more][:3] for which, cut, more in choices]
    table = drafts(*texts)
    found = find_duplicates(table)
    copies, originals = set(found["doc_id"]), set(found["duplicate_of"])
    assert not copies & originals
    assert len(found) == len(copies)
    order = {doc_id: place for place, doc_id in enumerate(table["doc_id"])}
    assert all(order[row.duplicate_of] < order[row.doc_id] for row in found.itertuples())
    firsts = table.groupby("content_hash")["doc_id"].transform("first")
    same = dict(zip(table["doc_id"], firsts, strict=True))
    assert all(doc_id in copies for doc_id, first in same.items() if doc_id != first)


def test_a_thousand_copies_in_one_bucket_take_no_time():
    text = article(8)
    copies = [[f"Utgave {number}", *text] for number in range(400)]
    assert set(duplicates(*copies).values()) == {"d0"}
    assert len(duplicates(*copies)) == 399
