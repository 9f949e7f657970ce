"""Where a sentence begins though no mark ends the line before it.

Running text that was joined from headings and paragraphs has such places: »Hardt arbeid belønnes
Det er lov å håpe«. A false split harms more than a missed one, so two shapes alone are told: a
short line before a function word with a capital letter, and the numbered steps of a list. The
price: a heading before »Statsråden sier« is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.nordic.function_words import FUNCTION_WORDS, is_function_word

MONTHS = frozenset(
    {"januar", "februar", "marts", "mars", "april", "mai", "maj", "juni", "juli", "august"}
    | {"september", "oktober", "november", "desember", "december"}
)

# A word with a capital letter before one in lower case, as in a sentence and hardly in a title:
# »Ringenes Herre«, »The Lord of the Rings«
_BEGINNING = re.compile(r"\s(?P<word>[A-ZÆØÅ][a-zæøå]*+)\s(?P<next>[a-zæøå]++)(?=[\s.,:;!?])")
_MAX_HEADING = 100  # characters
_MAX_HEADING_WORDS = 12
_NOT_IN_HEADING = frozenset(':;«»"”“„()[]')


def find_after_heading(text: str, start: int, end: int) -> int | None:
    """Where in text[start:end] a sentence begins after a heading without a mark, if one does."""
    for match in _BEGINNING.finditer(text, start, min(end, start + _MAX_HEADING)):
        if _is_beginning(match["word"], match["next"]) and _is_heading(
            text[start : match.start()], match["word"]
        ):
            return match.start("word")
    return None


# What has a capital letter inside a sentence too: names (»datteren Anna forlot«, »Kongens Have i
# Kbh.«, »godt Nyt År til alle«), the polite De, and what is English as often (»Swiss Army Man er«,
# »Shape Shift With Me er«)
_NAMES = "Anna Burt Dag De Dem Dens Deres End Have Jer Man Me Mine Sin Vera Æ År"
_NO_BEGINNINGS = frozenset(_NAMES.split())
# »Hvis I har spørgsmål«, »just when I thought«: the preposition is told by what follows most often
_AFTER_I = """
alle alt andre begge dag de dei den denne desse det dette disse ei ein eit en et fjor forrige fyrste
første gennemsnit gjennomsnitt går heile hele hver hvert kvar kvart kveld løbet løpet mange
mellomtida mellomtiden midten morgen morges nat natt noen nogle nokre samme same sin sine sit sitt
slutningen slutten staden starten stedet tillegg tillæg år
"""
_FOLLOWS_I = frozenset(_AFTER_I.split())
_ENGLISH = frozenset(("a", "and", "in", "is", "my", "of", "on", "the", "with", "your"))


def _is_beginning(word: str, following: str) -> bool:
    return (
        is_function_word(word)
        and word not in _NO_BEGINNINGS
        and (word != "I" or following in _FOLLOWS_I)
        and following not in _ENGLISH  # »Show Me a Hero«
    )


# The last part of a name: »Arcade Fire«, »Naughty Dog«, »Ri Yong Ho sier«, »Edvard Grieg Kor«,
# »Gaspar Noe«, »Fader Vår«, »Kristian Kvart«, »BK Frem«
_SURNAMES = "Dog Fire Frem Gang Heller Ho Kontra Kor Kvart Min Morgen Noe Sig Vert Villa Vår"
_LAST_NAMES = frozenset(_SURNAMES.split())
# »Programmet heter Hvem tror du at du er?«
_CALLING = "hed hedder heiter heitte het heter kalla kaldes kaldt kalles kalt"
_CALLED = frozenset(_CALLING.split())
# »i filmen Den skyldige«, »boka En kvinne på flukt«: a title follows
_WORK = re.compile(
    r"""(?:filmen|bok[ae]n?|bogen|romanen|serien|stykket|sp(?:ill|el|il)let|låt(?:a|en)|s[ao]ngen
        |komedien|thrilleren|dokumentaren|dramaet|mesterverket|na[vm]net|albumet|plat[ae]n?|pladen
        |singe?len|tit(?:te)?len|f[oø]restilling(?:a|en)|opp?s[eæ]tt?ning(?:a|en)|musikalen|operaen
        |di[kg]tet|avis[ae]n?|bladet|magasinet|programmet|pod[ck]asten|novell[ae]n?
        |arti(?:kke)?len|vis[ae]n?|salmen)$""",
    re.VERBOSE,
)


def _is_heading(line: str, following: str) -> bool:
    """Whether a sentence that begins with the word `following` can stand after this line."""
    words = line.split()
    last = words[-1]
    return (
        line[-1].isalnum()
        and not line[0].islower()
        and len(words) <= _MAX_HEADING_WORDS
        and _NOT_IN_HEADING.isdisjoint(line)
        and not (last[0].isupper() and following in _LAST_NAMES)
        and not (last[0].isupper() and last[-1] == "s" and len(words) > 1)  # »I Bergmans Det …«
        and not _wants_another(last.lower())
    )


def _wants_another(word: str) -> bool:
    """Whether a word is hardly the last of a line: »og«, »ved«, »heter«, »filmen«, »the«."""
    return (
        word in FUNCTION_WORDS
        or word in _ENGLISH
        or word in _CALLED
        or _WORK.search(word) is not None
    )


# »1. Opret en bruger 2. Log ind«: the steps of a list, run together to one line
_STEP = re.compile(r"(?<!\S)(?P<number>\d{1,2})(?P<sign>[.)])\s+(?P<word>[A-ZÆØÅ]\w*)")
_JOINING = frozenset(("og", "eller", "samt", "til", "i"))  # »1. Division og 2. Division«
_MAX_JOINING = 8  # characters that are looked at, so that a long list is read once


def find_steps(text: str, start: int, end: int) -> Iterator[int]:
    """Where in text[start:end] the later steps of a list begin, if it begins with a step."""
    last = _STEP.match(text, start, end)
    if last is None:
        return
    for match in _STEP.finditer(text, last.end(), end):
        if (
            int(match["number"]) == int(last["number"]) + 1
            and match["sign"] == last["sign"]
            and match["word"].lower() not in MONTHS
            and _word_before(text, match.start()) not in _JOINING
        ):
            yield match.start()
            last = match


def _word_before(text: str, position: int) -> str:
    return (text[max(0, position - _MAX_JOINING) : position].split() or [""])[-1]


def is_later_step(text: str, start: int, number: int) -> bool:
    """Whether `number` can count a later step of the list that begins at `start`."""
    first = _STEP.match(text, start)
    return first is not None and int(first["number"]) < number
