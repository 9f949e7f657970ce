"""Telephone numbers, e-mail addresses and personal numbers, taken out before anything is written.

Every text passes through here on its way out of the readers, clutter and file names too, so that
no report can hold what was taken out. Of the tables under work/, `files` keeps the names of files
and the rows of metadata.csv as they are. A placeholder stands in its place
(`placeholders`), so that a reader sees that there was something.

A Danish CPR number has a check digit by modulus 11, but since 2007 some are given out without, to
people whom the register has as born on a 1 January (CPR-kontoret, "Personnumre uden
kontrolciffer"); those are known by that date. A Norwegian fødselsnummer has two check digits
(Skatteetaten); the day is raised by 40 in a D-number, the month by 40 in a help number and by 80
or 65 in those for tests.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from pipeline.nordic.placeholders import CPR, EMAIL, FODSELSNUMMER, TELEPHONE


def mask_personal(text: str) -> str:
    """A text with placeholders for telephone and personal numbers and e-mail addresses."""
    for _ in range(4):  # a number may hide the one that it is written together with
        masked = _mask_once(text)
        if masked == text:
            break
        text = masked
    return text


def _mask_once(text: str) -> str:
    if _may_hold_address(text):
        text = _EMAIL.sub(EMAIL, text)
    if not _SOME_NUMBER.search(text):
        return text
    text = _PERSONAL_NUMBER.sub(_mask_personal_number, text)
    text = _TELEPHONE.sub(_mask_telephone, text)
    return _TOLD_TELEPHONE.sub(_mask_told_telephone, text)


def _may_hold_address(text: str) -> bool:
    """Whether there is a sign of an address, however written; nearly all texts have none."""
    if "@" in text or _SIGN_IN_BRACKETS.search(text):
        return True
    return any(map(text.casefold().__contains__, _WORDS_FOR_SIGN))


def mask_name(name: str) -> str:
    """A file's name without personal numbers and e-mail addresses.

    Telephone numbers stay: in names eight digits are nearly always a date or a case's number.
    """
    name = _EMAIL.sub(EMAIL, name) if "@" in name else name
    return _PERSONAL_NUMBER.sub(_mask_personal_number, name)


# Personal numbers


def _mask_personal_number(match: re.Match[str]) -> str:
    digits = [int(char) for char in match[0] if char.isdigit()]
    # Who writes "CPR-nr. 020190-1234" means a person, whatever the check digit says
    told = _TOLD.search(match.string, max(0, match.start() - 30), match.start()) is not None
    if len(digits) == 11:
        return FODSELSNUMMER if is_fodselsnummer(digits) or told else match[0]
    return CPR if is_cpr(digits) or told else match[0]


def is_cpr(digits: list[int]) -> bool:
    """Whether ten digits are a CPR number."""
    day, month, year = _pairs(digits)
    if not _is_day(day, month):
        return False
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    checked = sum(map(int.__mul__, weights, digits)) % 11 == 0
    return checked or ((day, month) == (1, 1) and 60 <= year <= 99)


def is_fodselsnummer(digits: list[int]) -> bool:
    """Whether eleven digits are a fødselsnummer, a D-number or one of their relatives."""
    day, month, _ = _pairs(digits)
    day = day - 40 if day > 40 else day
    month = next((month - shift for shift in (80, 65, 40) if shift < month <= shift + 12), month)
    first = sum(map(int.__mul__, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits)) % 11
    second = sum(map(int.__mul__, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits)) % 11
    # From 2032 on, the first check digit may leave another remainder
    return _is_day(day, month) and second == 0 and first in (0, 1, 2, 3)


def _pairs(digits: list[int]) -> tuple[int, int, int]:
    day, month, year = (10 * digits[index] + digits[index + 1] for index in (0, 2, 4))
    return day, month, year


def _is_day(day: int, month: int) -> bool:
    try:
        date(2000, month, day)  # a leap year: the century is not known
    except ValueError:
        return False
    return True


# Telephone numbers


def _mask_told_telephone(match: re.Match[str]) -> str:
    """`Tlf. 02800`, but not `ring 10 000 kunder` and `grøn omstilling 2025-2030`."""
    number = match[2]
    if _SUM.fullmatch(number) or _YEARS.fullmatch(number):
        return match[0]
    if _NOT_CALLED_AFTER.match(match.string, match.end()):
        return match[0]
    return match[1] + TELEPHONE


def _mask_telephone(match: re.Match[str]) -> str:
    """`90 27 17 93` and `22334455` are numbers to call; a sum, a date or a case is not."""
    text, number = match.string, match[0]
    if _is_in_address(text, match.start()):
        return number
    if _NOT_CALLED_BEFORE.search(text, max(0, match.start() - 30), match.start()):
        return number
    if _NOT_CALLED_AFTER.match(text, match.end()):
        return number
    digits = "".join(filter(str.isdigit, number))
    if number.startswith(("+", "00", "(+", "(00")):
        return TELEPHONE
    if number.isdecimal() and _is_filed_under(text, match.start()):
        return number
    if _is_compact_date(digits) and " " not in number:
        return number
    if _is_series(number):
        return number
    if _YEARS.fullmatch(number) or _RANGE.fullmatch(number):
        return number
    return TELEPHONE


def _is_in_address(text: str, position: int) -> bool:
    """`https://example.com/sak-22334455.html` names an article."""
    before = text[max(0, position - 300) : position]
    token = before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""
    return "://" in token or "www." in token.lower()


def _is_filed_under(text: str, position: int) -> bool:
    """`bilag 22334455` and `nummer 22334455`, but not `på nummer 22334455`."""
    before = _FILED_BEFORE.search(text, max(0, position - 40), position)
    return before is not None and not before["called"]


def _is_series(number: str) -> bool:
    """`25 30 35 40`: ages or percentages. The steps of numbers such as `22 33 44 55` are larger."""
    if not _PAIRS.fullmatch(number):
        return False
    values = [int(pair) for pair in _PAIR.findall(number)]
    steps = {after - before for before, after in pairwise(values)}
    return len(steps) == 1 and 0 < steps.pop() <= MAX_STEP_OF_SERIES


def _is_compact_date(digits: str) -> bool:
    """20230315 and 15032023."""
    for year, month, day in (
        (digits[:4], digits[4:6], digits[6:]),
        (digits[4:], digits[2:4], digits[:2]),
    ):
        if year[:2] in ("19", "20") and _is_day(int(day), int(month)):
            return True
    return False


MAX_STEP_OF_SERIES = 10

# The sign of an address in words; what may mean something else is one only in brackets
_SIGN = r"(?:snabel[ -]?a|krøll-?alfa|alfa-?krøll)"
_WORDS_FOR_SIGN = ("snabel", "alfa")  # one of which each of those has
_BRACKETED = rf"[\[({{]\s?(?:at|a|æt|{_SIGN})\s?[\])}}]"
_SIGN_IN_BRACKETS = re.compile(_BRACKETED, re.IGNORECASE)
_DOT = r"(?:\.|\s?[\[({](?:dot|punkt|punktum|prikk)[\])}]\s?)"
_EMAIL = re.compile(
    rf"""(?:mailto:)? [\w.+%'\u2011-]{{1,64}}+
        (?: (?P<at>\s?@\s?(?=\w[\w-]{{0,62}}\.\w)) | \s?{_BRACKETED}\s? | \s{_SIGN}\s )
        [\w-]{{1,63}} (?: {_DOT} [\w-]{{1,63}} ){{0,3}} {_DOT}
        (?: xn--[\w-]{{2,59}} | (?(at)[^\W\d_]{{2,24}}|(?-i:[a-z]{{2,24}}|[A-Z]{{2,24}})) )
        \w{{0,64}}""",
    re.VERBOSE | re.IGNORECASE,
)
_SOME_NUMBER = re.compile(r"\d(?:[ .()/\u2011-]{0,2}\d){3}")
# The patterns of numbers look ahead first: what can't begin one is passed over soonest.
# ddmmyy-xxxx, ddmmyyxxxx; ddmmyyxxxxx, ddmmyy xxxxx, dd.mm.yy xxxxx
_PERSONAL_NUMBER = re.compile(
    r"(?=\d)(?<!\d)(?<!\d[.,-])"
    r"\d{2}[ .]?\d{2}[ .]?\d{2}\s?[-–\u2011]?\s?(?:\d{5}|\d{3} \d{2}|\d{4})(?![.,-]?\d)"
)
_TOLD = re.compile(
    r"(?:\bcpr|\bf\.?nr|fødsels|person|\bd-)(?:[ .-]{0,2}(?:num+er(?:et)?|nr\.?|no\.?))?"
    r"(?:[ ](?:hans|hendes|hennes|hennar|mitt?|ditt?|deres|dykkar))?"
    r"[ .:–-]{0,3}(?:er|var|is)?\s{0,2}$",
    re.IGNORECASE,
)
_TOLD_TELEPHONE = re.compile(
    r"""(\b(?=[tmpfsvhdor])
        (?:telefon(?:nummer|nr|en)?|tlf|tel|mobil(?:nummer|nr|telefon)?|mob|phone|fax|faks
        |sms|vakttelefon|vagttelefon|pressevakt|pressetelefon|hotline|direkte|sentralbord
        |omstilling|ring(?:[ ]til)?(?:[ ]oss|[ ]os)?(?:[ ]på)?)
        [ ]?(?:nr\.?|nummer)?[ ]?[.:=–-]{0,2}[ ]{0,2})
        ((?:\(?(?:\+|00)\d{1,3}\)?[ ]?)?
         (?: \d\d(?:/\d\d){3}(?!/) | \d(?:[ .\u2011-]?\d){4,11} ))(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_TELEPHONE = re.compile(
    r"""(?=[\d+(])(?:(?<!\w)|(?=\(?\+))(?<!\d[.,/-])(?<!§[ ])
        (?: [2-9]\d{7} (?:/[2-9]\d{7}){0,3}
          | (?<!\d[ ])
            (?: (?: (?:\+[ ]?|00)(?=[1-9])\d{1,3} | \((?:\+[ ]?|00)(?=[1-9])\d{1,3}\) )
                (?:[ .()\u2011-]{0,2}\d){6,12}
              | [2-9]\d(?:[ .\u2011-]\d\d){3} (?:/[2-9]\d(?:[ .\u2011-]\d\d){3}){0,3}
              | [2-9]\d[ ]\d{6} | [2-9]\d{2}[ ]\d{5}
              | [489]\d{2}[ ]\d{2}[ ]\d{3}
              | [2-9]\d{3}[ \u2011-]\d{4}
              | 0\d{1,3}-(?:\d{2,3}[ ]\d{2,3}[ ]\d{2}|\d{3}[ ]\d{2}|\d{6,7}) )  # Swedish
            (?![ ]\d) )
        (?!\w) (?![.,/-]\d)""",
    re.VERBOSE,
)
_NOT_CALLED_BEFORE = re.compile(
    r"""(?: \b(?:cvr|org|organisasjons|virksomheds|p-?|ean|gln|isbn|issn|doi|konto|faktura|ordre
            |bestillings|sags?|saks|sak|journal|j|ref|referanse|dokument|dok|id|matrikkel|kode
            |løbe|løpe|rekvisisjons|case)
          [ .-]{0,2}(?:num(?:mer|re)|nr|no|id)?[ .:]{0,3}
        | \b(?:kr|kroner|dkk|nok|eur|usd|€|\$|£)\.?[ ]?
        # A place on a map: "UTM 32V 65 43 21 99", and the second number too
        | \b(?:utm|euref|etrs|wgs|koordinat(?:er|ene|erne|ane)?)(?:[ -]?(?:sone|zone))?
          (?:[ ]er)?[\d .:,;/°vnøsye-]{0,24}
        | [/=\#_§]\s? )$""",
    re.VERBOSE | re.IGNORECASE,
)
# Who writes "mitt nummer" or "på nummer" means a telephone
_FILED_BEFORE = re.compile(
    r"(?:\b(?P<called>på|til|mitt?|ditt?|vårt|vores|hans|hendes|hennes|hennar)[ ])?"
    r"\b(?:(?:bilag|vedlegg|journal|sags|saks)(?:et|s)?[ .-]{0,2}(?:num(?:mer|re)|nr)?|nummer)"
    r"[ .:]{0,3}$",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\d\d")
_PAIRS = re.compile(r"\d\d(?:[ .\u2011-]\d\d){3}")
_NOT_CALLED_AFTER = re.compile(
    r"\s?(?:kr|kroner|dkk|nok|euro?|mill|mio|mia|mrd|dollar|tonn|pund|%|prosent|procent|stk"
    r"|personer|mennesker|innbyggere|innbyggjarar|indbyggere|borgere|ord|tegn)\b",
    re.IGNORECASE,
)
# "10 000", "2.500.000", but not the "815 48 333" of a switchboard
_SUM = re.compile(r"\d{1,3}(?:[ .]\d{3})*[ .]\d00")
_RANGE = re.compile(r"\d\d00[\u2011-]\d\d00")
_YEARS = re.compile(r"(?:19|20)\d{2}[ \u2011-](?:19|20)\d{2}")
