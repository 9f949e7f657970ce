"""Sentence boundaries for Danish, Bokmål and Nynorsk, by rules.

A sentence may end at `.`, `!`, `?` or `…`, together with the closing marks that touch it, where
white space follows. Whether it does is decided by the word before and the word after: abbreviations
and ordinals go on, a lower-case word is never a beginning. In Norwegian a sentence may also end at
a colon, as in its treebanks; in the Danish one it goes on. What ends without a mark is found by
`pipeline.nordic.unmarked`. The rules read characters and need no tokens, whose making takes some
ten times as long; `pipeline.nordic.tokenizers` lays what they find on spaCy's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from pipeline.nordic.function_words import is_function_word
from pipeline.nordic.unmarked import MONTHS, find_after_heading, find_steps, is_later_step

LANGUAGES = ("da", "nb", "nn")
ENDS_AT_COLON = ("nb", "nn")

Span = tuple[int, int]  # half-open character offsets


def split_by_rules(texts: Iterable[str], language: str | None) -> list[list[Span]]:
    """The sentences of each text, as (start, end) characters, in order and without white space.

    Every character that is not white space lies in exactly one sentence.
    """
    return [lay_spans(text, find_starts(text, language)) for text in texts]


def lay_spans(text: str, starts: Sequence[int]) -> list[Span]:
    """From each start to the next, without the white space at the ends."""
    if not starts:
        return []
    spans = zip(starts, [*starts[1:], len(text)], strict=True)
    return [span for start, end in spans if (span := _trim(text, start, end))]


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return (left, right) if left < right else None


# A mark with all that touches it: …?”  .»  !).  ..."  and a footnote .[3]. The quantifiers never
# give back, and the closing and opening marks are bounded: a million dots are read once.
_MARK = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]++)
        (?P<close>(?:["”“»«’'´)\]}*]|[.!?…]|\[\d{1,3}\]){0,12}+)(?=\s|$)
      | (?P<blank>\n[^\S\n]*+\n\s*+)
      # »… tjenesten.Det er …«: the space was lost, in web pages mostly
      | (?<=[a-zæøå]{3})(?P<glued>[.!?])(?=[A-ZÆØÅ][a-zæøå]*\s)
      # »Takk for maten 😊 Det var godt«: a face or a picture instead of a mark
      | (?<![\U0001f300-\U0001faff\ufe0f\u200d])
        (?P<emoji>[\U0001f300-\U0001faff][\U0001f300-\U0001faff\ufe0f\u200d]*+)(?=\s)
      | (?<=[\w)»”"])(?P<colon>:)(?=\s)""",
    re.VERBOSE,
)
# What _MARK can begin with: to look for that is ten times as fast as to try _MARK at each letter. A
# row of marks is passed over as one.
_MAY_BEGIN = re.compile(r"[.!?…\n:\U0001f300-\U0001faff](?:(?<=[.!?…])[.!?…]++)?")
_SPACE = re.compile(r"\s*")
# Smileys and emoji after a mark belong to the sentence before.
_SMILEY = re.compile(
    r"\s+(?:[:;=]-?[)(DPp]+|<3|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+)(?=\s|$)"
)
# What opens the next sentence: quotes, brackets, bullets, dashes of a reply, dots of an omission.
_OPENING = re.compile(
    r"""\s*(?P<open>(?:(?:["”“„»«‘’'´(\[{*_•·¿¡‹›\ufeff\u200b]
        |[-–—]+(?=[\s"”“»«]|\w)|\.\.+|…)\s*){0,12}+)""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:[-.’'][^\W_]+)*\.?")
_OPENERS = "\"”“„»«‘’'´([{*_–—-•·¿¡<>/"
# A lower-case word that begins a sentence all the same: eBoks, e-Boks, borger.dk
_SMALL_NAME = re.compile(r"[a-zæøå]-?[A-ZÆØÅ]|[\w-]+\.(?:dk|no|com|org|net|eu)\b")


def find_starts(text: str, language: str | None) -> list[int]:
    """Where the sentences of a text start: offsets of their first characters, from 0 upwards."""
    marked = _find_marked_starts(text, language)
    ends = [*marked[1:], len(text)] if marked else []
    starts = []
    for start, end in zip(marked, ends, strict=True):
        starts.append(start)
        if text[start].isdigit():
            starts += find_steps(text, start, end)
        if (position := find_after_heading(text, starts[-1], end)) is not None:
            starts.append(position)
    return starts


def _find_marked_starts(text: str, language: str | None) -> list[int]:
    first = len(text) - len(text.lstrip())
    starts = [first] if first < len(text) else []
    for match in _find_marks(text):
        if match["colon"] and language not in ENDS_AT_COLON:
            continue
        end = match.end()
        if match["mark"] and (smiley := _SMILEY.match(text, end)):
            end = smiley.end()
        start = _skip_space(text, end)
        # A mark before a blank line leads to the same start twice.
        if start < len(text) and start > starts[-1] and _is_end(text, starts[-1], match, end):
            starts.append(start)
    return starts


def _find_marks(text: str) -> Iterator[re.Match[str]]:
    """What `_MARK` matches, in order and apart."""
    found = _MAY_BEGIN.search(text)
    while found:
        match = _MARK.match(text, found.start())
        if match:
            yield match
        found = _MAY_BEGIN.search(text, (match or found).end())


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _is_end(text: str, sentence: int, match: re.Match[str], end: int) -> bool:
    """Whether the sentence that began at `sentence` ends at this mark."""
    if match["blank"]:
        return True
    opening = _OPENING.match(text, end)
    position = opening.end() if opening else end
    opened = opening["open"] if opening else ""
    word = _WORD.match(text, position)
    following = word.group() if word else ""
    if match["colon"]:
        return _ends_at_colon(text[sentence : match.start()], opened, following)
    if match["glued"] or match["emoji"]:
        return is_function_word(following) and match.start() > sentence
    if not _can_begin(following, opened, text[position : position + 1]):
        return False
    if match["mark"] == ".":
        return _ends_at_point(text, sentence, match, opened, following)
    # »kanskje (!) Norge«: a mark alone in brackets is a remark upon the word before
    alone = text[match.start() - 1 : match.start()] == "(" and match["close"] == ")"
    return not alone


def _ends_at_colon(line: str, opened: str, following: str) -> bool:
    """»Som statsråden sa: Det er slutt«, but not »Foto: Ola Nes« or »Guitar Hero: World Tour«."""
    begins = following[:1].isupper() and (bool(opened.strip()) or is_function_word(following))
    # A label is no sentence, and what a bracket or a quotation holds is not parted
    return begins and len(line.split()) > 1 and not _is_open(line)


def _is_open(line: str) -> bool:
    return line.count("«") > line.count("»") or line.count("(") > line.count(")")


def _can_begin(following: str, opened: str, character: str) -> bool:
    """Whether a sentence can begin with this word: not in lower case, but for names like eBoks."""
    if not following:
        return character in "§#@$€£½¼¾&<>|→" and bool(character)
    if following[0].isdigit():
        return "(" not in opened  # »filmen «A.I.» (2001) er …«
    if not following[0].islower() or "..." in opened or "…" in opened:
        return True
    return _SMALL_NAME.match(following) is not None


_FIGURE = re.compile(r"\d{1,2}")
_ROMAN = re.compile(r"[IVX]{2,}")
# »str. 24. Regndress«, »kl. 20. Etter«, »i uke 8. Påmelding«, »Storgata 12. Ring på«: a number with
# its unit before it is no ordinal
_COUNTED = re.compile(
    r"""(?:\b(?:str|nr|kl|s|side|kap|fig|§|pkt|tlf|ca|no|vol|art|uge|uke|veke|versjon|version)\.?
        |(?:gade|gate|gata|gaten|vej|vei|veien|veg|vegen|allé|plads|plass))\s\d+$""",
    re.I | re.VERBOSE,
)
_INITIAL = re.compile(r"(?:[A-ZÆØÅ]\w?[.-])*[A-ZÆØÅ](?:[hj]|hr)?")  # J  J.P  Th  Chr
_DOTTED = re.compile(r"[a-zæøå]{1,4}(?:\.[a-zæøå]{1,5})+")  # an abbreviation that no list has
_DOMAIN = re.compile(r"(?:[\w-]{2,}\.)+(?:dk|no|com|org|net|eu|se|io|info|nu)|www\..*", re.I)
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,5}")
_SPELT = frozenset(
    ("cd", "dvd", "dvds", "hd", "mms", "pc", "pcs", "sms", "tv")
)  # words all the same
# A sentence that would be a number alone is the head of what follows: »3. Spør dem det gjelder«
_HEAD = re.compile(
    r"""\W*(?:(?:kap(?:it\w+)?|del|afsnit|avsnitt|trin|trinn|steg|bilag|vedlegg|figur|tabell?
        |artik\w+|stk|§+|punkt|fase|nr\.?|ad)\s*)?
        (?:\d{1,3}(?:\.\d{1,3})*(?:\s?[a-z])?|[a-z]|[ivx]+)""",
    re.I | re.VERBOSE,
)
_MAX_HEAD = 40
_MAX_ABBREVIATION = 60
# »600 mio. EUR«, »Jensen & Co. ApS«
_AFTER_EITHER = frozenset(
    ("NOK", "DKK", "SEK", "EUR", "USD", "GBP", "Euro", "Dollar", "ApS", "Aps", "KG")
)


def _ends_at_point(
    text: str, sentence: int, match: re.Match[str], opened: str, following: str
) -> bool:
    """Whether a single point ends the sentence, seen from the word before and the word after.

    `following` is a word that can begin a sentence, or empty where a sign does.
    """
    point = match.start()
    if point - sentence < _MAX_HEAD and _HEAD.fullmatch(text, sentence, point):
        return False
    if any(mark in '"”“»«.!?…' for mark in match["close"]):
        return True
    near = text[max(sentence, point - _MAX_ABBREVIATION) : point]
    before = (near.split() or [""])[-1].lstrip(_OPENERS)
    starts_anew = is_function_word(following)
    figure_follows = following[:1].isdigit()
    if _FIGURE.fullmatch(before):
        if is_later_step(text, sentence, int(before)) and not _COUNTED.search(near):
            return False
        return starts_anew or _ends_at_figure(int(before), near, following, opened)
    if _INITIAL.fullmatch(before) and not _ROMAN.fullmatch(before):
        return starts_anew and not following.endswith(".")
    lower = before.lower()
    # »sagde han til DR. Der var tanks …«: capitals are a name, not the abbreviation dr.
    kind = None if len(before) > 1 and before.isupper() else _abbreviations().get(lower)
    if kind == "number":
        return not figure_follows
    if kind == "inner":
        return False
    if kind == "either":  # »600 mio. EUR«, »12 mio. – 3 mio. mere«
        return following.rstrip(".") not in _AFTER_EITHER and not (opened and figure_follows)
    if kind == "rarely" or (_DOTTED.fullmatch(lower) and not _DOMAIN.fullmatch(before)):
        return starts_anew
    if len(before) == 1 and before.islower():
        return before in "iåø" or starts_anew
    return starts_anew or lower in _SPELT or not _NO_VOWEL.fullmatch(before)


def _ends_at_figure(figure: int, near: str, following: str, opened: str) -> bool:
    """Whether `24.` before a capital letter is a number at a sentence's end, not an ordinal.

    `near` is the text before its point.
    """
    if following[:1].isdigit() or following.lower() in MONTHS or "-" in opened or "–" in opened:
        return False
    return bool(_COUNTED.search(near)) or figure > 31


def is_abbreviation(word: str) -> bool:
    """Whether a lower-case word, without its last point, is nothing but an abbreviation: `bl.a`."""
    return _abbreviations().get(word) in ("inner", "either", "rarely")


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    return dict(_read_abbreviations())


def _read_abbreviations() -> Iterator[tuple[str, str]]:
    """(abbreviation, section) of `data/abbreviations.txt`."""
    lines: Iterable[str] = (
        files("pipeline.nordic").joinpath("data/abbreviations.txt").read_text("utf-8").splitlines()
    )
    section = ""
    for line in lines:
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            for word in line.split():
                yield word, section
