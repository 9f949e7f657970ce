"""nordic.folding: one spelling, and one term, for the words that the three languages share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nordic.folding import _BY_LAST, _cut, fold_term, fold_text, fold_word

WORDS = ["brukarane", "kva", "hvordan", "ÆRLIG", "ærlighed", "2024", "å", "i", ",", "–", "\n"]


@pytest.mark.parametrize(
    "spellings",
    [
        "udvikling utvikling",
        "brugere brukere brukarar",
        "brugerne brukerne brukarane",
        "mulighed mulighet moglegheit",
        "offentlige offentlege",
        "kommission kommisjon",
        "organisation organisasjon",
        "aftale avtale",
        "plads plass",
        "plikt pligt",
        "hånd hand",
        "arbejde arbeide",
        "vej vei veg",
        "høj høy",
        "vælge velge",
        "forskel forskjell",
        "gøre gjøre gjere",
        "tjenester tenester tjenester",
        "syk sjuk syg",
        "åben åpen open",
        "center senter",
        "havn hamn",
        "kaldte kalte",
    ],
)
def test_spellings_of_one_word_fold_to_one(spellings: str) -> None:
    assert len({fold_word(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        "ikke ikkje",
        "jeg eg",
        "hvordan korleis",
        "noget noe noko",
        "nogen noen nokon",
        "mere mer meir",
        "gennem gjennom",
        "frem fram",
        "fra frå",
        "efter etter",
    ],
)
def test_function_words_that_no_rule_unites_are_united_by_a_list(spellings: str) -> None:
    assert len({fold_word(word) for word in spellings.split()}) == 1


def test_different_words_stay_different() -> None:
    words = ["bruk", "borger", "kommune", "tillid", "sak", "tid", "skole", "penger", "lov", "makt"]
    assert len({fold_word(word) for word in words}) == len(words)
    assert len({fold_term(word) for word in words}) == len(words)


def test_folding_a_text_leaves_all_but_its_words_alone() -> None:
    assert fold_text("Kva  kostar «det», 1,5 %?") == "vat  koste «det», 1,5 %?"
    assert fold_text("– 12.3 %\n\t(§ 4)") == "– 12.3 %\n\t(§ 4)"
    assert fold_text("") == ""


@pytest.mark.parametrize(
    "forms",
    [
        "bruger brugeren brugere brugerne brugernes bruker brukeren brukere brukerne brukernes"
        " brukar brukaren brukarar brukarane",
        "løsning løsningen løsninger løsningerne løsningene løsningenes",
        "digital digitalt digitale",
        "offentlig offentligt offentlige offentleg offentlege",
        "vurdere vurderer vurderte vurderet vurderede vurdert",
        "søge søger søgte søgt søke søker søkte søkt",
        "bygge bygger bygde bygd bygget bygges",
        "by byen byer byerne byene byens byane",
        "viktig viktige viktigste viktigaste viktigare viktigere vigtig vigtigt vigtigste",
        "kommune kommunen kommuner kommunerne kommunene kommunane",
        "virksomhed virksomheder virksomheten virksomheter",
    ],
)
def test_the_forms_of_a_word_share_a_term(forms: str) -> None:
    assert len({fold_term(form) for form in forms.split()}) == 1


def test_a_stem_that_looks_inflected_keeps_its_ending() -> None:
    # -t of the stem, not of a neuter or a participle
    assert fold_term("etat") == "etat"
    assert fold_term("dokument") == fold_term("dokumenter") == "dokument"
    assert fold_term("prosjekt") == fold_term("prosjekter") == fold_term("prosjektet")
    # -het is no article, and what is left of -ende would be no stem
    assert fold_term("virksomhet").endswith("het")
    assert fold_term("godkende") == fold_term("godkendt") == fold_term("godkjenner")


def test_a_short_word_is_no_ending() -> None:
    assert [fold_term(word) for word in ("en", "er", "et", "as", "a", "e")] == [
        "en", "er", "et", "as", "a", "e",
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_every_text_folds_whatever_is_in_it(text: str) -> None:
    assert isinstance(fold_term(text), str)
    assert isinstance(fold_word(text), str)
    assert isinstance(fold_text(text), str)


@given(st.text(alphabet="abcdefghijklmnoprstuvyæøå", min_size=1, max_size=15))
def test_a_word_never_folds_to_nothing_and_its_capitals_do_not_matter(word: str) -> None:
    assert fold_term(word)
    assert fold_word(word)
    assert fold_term(word.upper()) == fold_term(word)
    assert fold_text(word.capitalize()) == fold_text(word)


_ENDINGS = "erande ernes arane erenes aste ende te de ige igste lig et s"
ENDED = st.builds(
    str.__add__,
    st.text(alphabet="aehklnsuøå", min_size=1, max_size=6),
    st.sampled_from(_ENDINGS.split()),
)


@given(ENDED)
def test_the_end_of_a_word_is_all_that_tells_its_inflection(word: str) -> None:
    stems = (pattern.sub("", word) for pattern in _BY_LAST.get(word[-1], ()))
    assert _cut(word) == next((stem for stem in stems if stem != word), word)


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_a_word_folds_the_same_in_any_text(words: list[str]) -> None:
    # Folding is not idempotent, and need not be (a folded stem may look inflected); what holds is
    # that a word's folding knows nothing of its neighbours.
    assert fold_text(" ".join(words)) == " ".join(fold_text(word) for word in words)
