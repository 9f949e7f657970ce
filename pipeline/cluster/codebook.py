"""An analyst's codebook: themes that are given, each by its words, and where a sentence has them.

A word is compared by its term, so that any inflection of it counts, and its counterpart in the
other languages: *innbyggernes behov* has the Danish phrase *borgernes behov*.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.nordic.content_words import WORD, is_content_word
from pipeline.nordic.lexicon import load_lexicon
from pipeline.nordic.lexicon.inflection import AS_LISTED
from pipeline.nordic.terms import find_term
from pipeline.settings import NordtemaError
from pipeline.toml import lines_at, parse_toml, read_toml_text, show_value

# side -> the languages as which its words are read
READ_AS = {"da": ("da",), "no": ("nb", "nn")}
LABELS = {"label_da": "Danish", "label_no": "Norwegian"}
REQUIRED = ("id", *LABELS)
KEYS = (*REQUIRED, *READ_AS, "not", "examples")
IN_QUOTES = "write it in quotation marks"

_HEADER = re.compile(r"""^[ \t]*\[\[[ \t]*(?:theme|"theme"|'theme')[ \t]*\]\]""", re.M)
_ID = re.compile(r"[\w-]+")
# What stands before a word of this part of speech; see nordic.terms
_BEFORE = {"NOUN": "en", "VERB": "at"}


class CodebookError(NordtemaError):
    """A fault of a codebook."""


@dataclass(frozen=True)
class Phrase:
    """A word or phrase of a codebook."""

    text: str
    side: str  # da or no
    # For each of its content words, the terms it may have; without any it is in no sentence
    terms: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class CodebookTheme:
    """A theme as the codebook gives it."""

    theme_id: str
    label_da: str
    label_no: str
    phrases: tuple[Phrase, ...]  # the Danish ones first
    examples: tuple[str, ...]
    excluded: tuple[Phrase, ...]  # what rules the theme out, each read as Danish and as Norwegian
    line: int  # of its header in the file, from 1


@dataclass(frozen=True)
class Codebook:
    """The themes of a file, in its order."""

    path: Path
    themes: tuple[CodebookTheme, ...]


class _Place(NamedTuple):
    """Where in a codebook a fault is."""

    path: Path
    line: int
    theme_id: str = ""  # empty where it is not known

    def fault(self, what: str) -> CodebookError:
        theme = f", theme {self.theme_id!r}" if self.theme_id else ""
        return CodebookError(f"{self.path}, line {self.line}{theme}: {what}")


def read_codebook(path: Path) -> Codebook:
    """Read and check a codebook. Raises CodebookError, which tells the first fault in one line."""
    missing = "no such codebook; check the name after --codebook"
    # The texts are composed as they are read, too: å as one character, not a and a ring
    text = unicodedata.normalize("NFC", read_toml_text(path, CodebookError, missing))
    tables = _find_tables(path, parse_toml(path, text, CodebookError))
    headers = lines_at(text, (match.start() for match in _HEADER.finditer(text)))
    if len(headers) != len(tables):
        raise CodebookError(
            f"{path}: {len(tables)} themes, but {len(headers)} lines that say [[theme]]; begin "
            "each theme with such a line, and no line of a text"
        )
    themes = [
        _read_theme(table, _Place(path, line)) for table, line in zip(tables, headers, strict=True)
    ]
    _check_apart(path, themes)
    return Codebook(path, tuple(themes))


def _find_tables(path: Path, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tables of the themes, unchecked."""
    for key in content:
        if key != "theme":
            raise CodebookError(f"{path}: unknown key {key!r}; {_suggest(key, ('theme',))}")
    tables = content.get("theme", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CodebookError(f"{path}: theme is not a list of tables; begin each with [[theme]]")
    if not tables:
        raise CodebookError(
            f"{path}: has no theme; write [[theme]] on a line, and below it {', '.join(KEYS[:5])}"
        )
    return tables


def _suggest(key: str, known: tuple[str, ...]) -> str:
    if near := difflib.get_close_matches(key.lower(), known, n=1):
        return f"did you mean {near[0]}?"
    return f"take it out, for the known ones are: {', '.join(known)}"


def _read_theme(table: Mapping[str, Any], place: _Place) -> CodebookTheme:
    theme_id = table.get("id")
    if isinstance(theme_id, str) and _ID.fullmatch(theme_id):
        place = place._replace(theme_id=theme_id)
    _check_keys(table, place)
    label_da, label_no = (_read_string(table, key, place) for key in LABELS)
    theme = CodebookTheme(
        theme_id=_read_id(table, place),
        label_da=label_da,
        label_no=label_no,
        phrases=tuple(
            _read_phrase(text, side) for side in READ_AS for text in _read_list(table, side, place)
        ),
        examples=tuple(_read_list(table, "examples", place)),
        excluded=tuple(
            _read_phrase(text, side) for text in _read_list(table, "not", place) for side in READ_AS
        ),
        line=place.line,
    )
    if not theme.phrases:
        raise place.fault("da and no have no words; give at least one word in one of them")
    _check_exclusion(theme, place)
    return theme


def _check_keys(table: Mapping[str, Any], place: _Place) -> None:
    for key in table:
        if key not in KEYS:
            raise place.fault(f"unknown key {key!r}; {_suggest(key, KEYS)}")
    for key in REQUIRED:
        if key not in table:
            raise place.fault(f'{key} is missing; add {key} = "…"')


def _read_string(table: Mapping[str, Any], key: str, place: _Place) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise place.fault(f"{key} is {show_value(value)}, which is no text; {IN_QUOTES}")
    if not value.strip():
        raise place.fault(f"{key} is empty; write something between the quotation marks")
    return " ".join(value.split())


def _read_id(table: Mapping[str, Any], place: _Place) -> str:
    theme_id = _read_string(table, "id", place)
    if not _ID.fullmatch(table["id"]):
        raise place.fault(f"id is {table['id']!r}; use nothing but letters, digits, - and _")
    return theme_id


def _read_list(table: Mapping[str, Any], key: str, place: _Place) -> list[str]:
    """The entries under a key; none where it is left out."""
    values = table.get(key, [])
    if not isinstance(values, list):
        shown = show_value(values)
        raise place.fault(f'{key} is {shown}, which is no list; write {key} = ["…", "…"]')
    for value in values:
        if not isinstance(value, str):
            raise place.fault(f"{key} has {show_value(value)}, which is no text; {IN_QUOTES}")
        if not any(map(str.isalpha, value)):
            raise place.fault(f"{key} has {value!r}, which has no letter; mend it or take it out")
    return [" ".join(value.split()) for value in values]


def _read_phrase(text: str, side: str) -> Phrase:
    words = _find_words(text)
    found = [_find_terms(word, side, before, len(words) == 1) for before, word in words]
    return Phrase(text, side, tuple(filter(None, found)))


def _find_words(text: str) -> list[tuple[str, str]]:
    """(the word before, word) in lower case, of the content words."""
    words = [match.group().lower() for match in WORD.finditer(text)]
    return [pair for pair in zip(["", *words], words, strict=False) if is_content_word(pair[1])]


def _find_terms(word: str, side: str, before: str, alone: bool) -> frozenset[str]:
    """The terms that a word of a phrase may have in a sentence.

    A word that stands `alone` and is spelled like a lemma is only that: *leder* is a leader, though
    in a sentence it is oftener read as searching. Among other words, or as a compound, it is all
    that it may be read as, for the rest tells enough.
    """
    usual: set[str] = set()
    lemma: set[str] = set()
    for language in READ_AS[side]:
        usual |= _read_word(word, language, before)
        for pos in _find_pos_of_lemmas(word, language):
            lemma |= _read_word(word, language, _BEFORE.get(pos, before))
    if alone and lemma:
        usual = {term for term in usual if "+" in term}
    return frozenset(usual | lemma) - {""}


def _read_word(word: str, language: str, before: str) -> set[str]:
    """Its terms with a small letter and with a name's capital."""
    return {find_term(word, language, before=before, name=name) for name in (False, True)}


def _find_pos_of_lemmas(word: str, language: str) -> set[str]:
    """The parts of speech of the lemmas that are spelled like the word, or its last part."""
    last = load_lexicon().analyse(word, language)[-1]
    return {reading.pos for reading in last.readings if reading.rank == AS_LISTED}


_Word = tuple[str, frozenset[frozenset[str]]]  # (side, terms): what makes two phrases the same


def _identify(phrase: Phrase) -> _Word:
    return phrase.side, frozenset(phrase.terms)


def _check_exclusion(theme: CodebookTheme, place: _Place) -> None:
    """Raises CodebookError where a word of the theme rules it out, too."""
    excluded = {_identify(phrase): phrase for phrase in theme.excluded if phrase.terms}
    for phrase in theme.phrases:
        if (other := excluded.get(_identify(phrase))) is not None:
            raise place.fault(
                f"{phrase.text!r} in {phrase.side} counts as the same word as {other.text!r} in "
                "not; take one of them out"
            )


def _check_apart(path: Path, themes: Iterable[CodebookTheme]) -> None:
    """Raises CodebookError where two themes share an id or a label. Words may be of several."""
    ids: dict[str, CodebookTheme] = {}
    labels: dict[tuple[str, str], CodebookTheme] = {}
    for theme in themes:
        place = _Place(path, theme.line, theme.theme_id)
        if (first := ids.setdefault(theme.theme_id, theme)) is not theme:
            raise place.fault(f"line {first.line} has this id too; give each theme its own")
        for key, language in LABELS.items():
            label = getattr(theme, key)
            if (first := labels.setdefault((key, label.casefold()), theme)) is not theme:
                raise place.fault(
                    f"{key} is {label!r}, as in line {first.line}, theme {first.theme_id!r}; give "
                    f"each theme a {language} label of its own"
                )
