"""Notes on who wrote a text and who sent it out: sentences like the article's, about somebody else.

"Mette Holm er journalist og har skrevet tre bøger." is clutter where Mette Holm has written the
article, and content where she is asked in it. So a note on the author is looked for only where the
byline names one, and only towards the end; "Om Etaten" only where what stands under it is the kind
of thing that is said of every organisation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.clutter.reasons import AUTHOR, BYLINE, SENDER
from pipeline.read.clutter.words import NAME, NAME_LINE, NAMES
from pipeline.read.extracted import RawBlock

# The part of a text before which there are no such notes, but for those right under a byline
FROM = 0.5
MAX_CHARS = 700
MAX_NAMES = 12


def judge_notes(blocks: Sequence[RawBlock], reasons: list[str]) -> None:
    """Give notes on the author and on the sender their reasons."""
    start = int(FROM * len(blocks))
    names = find_names(blocks, reasons)
    for index in range(start, len(blocks)):
        block = blocks[index]
        if reasons[index] or len(block.text) > MAX_CHARS or block.kind == "list_item":
            continue
        if _is_on_author(block.text, names):
            reasons[index] = AUTHOR
        elif _is_on_sender(blocks, reasons, index):
            reasons[index] = SENDER
    for index in range(start, len(blocks) - 1):
        following = reasons[index + 1]
        if not reasons[index] and following in (AUTHOR, SENDER) and _HEAD.match(blocks[index].text):
            reasons[index] = following


def find_names(blocks: Sequence[RawBlock], reasons: Sequence[str]) -> list[str]:
    """The names on the bylines of a text, in order."""
    names: list[str] = []
    for block, reason in zip(blocks, reasons, strict=True):
        if reason != BYLINE:
            continue
        match = _SIGNED.match(_SAYS_MORE.split(block.text, maxsplit=1)[0])
        found = match[1] if match else block.text if NAME_LINE.match(block.text) else ""
        names += [name for name in _BETWEEN_NAMES.split(found.strip(" ,")) if name]
    return list(dict.fromkeys(names))[:MAX_NAMES]


def _is_on_author(text: str, names: Sequence[str]) -> bool:
    """A sentence that begins with the author's name, or the first of it, and says what they do."""
    for name in names:
        first = name.split()[0]
        for said in (name, first):
            if text.startswith(said) and _IS_SOMEBODY.match(text[len(said) :]):
                return True
    return False


def _is_on_sender(blocks: Sequence[RawBlock], reasons: Sequence[str], index: int) -> bool:
    needed = _needed(blocks, reasons, index)
    # In the middle of a text more than there are: that is nearly always so, and soon told
    return needed <= len(_SAID_OF_SENDERS) and _says_of_sender(blocks[index].text) >= needed


def _says_of_sender(text: str) -> int:
    """How many things are said that are said of every organisation: "200 ansatte", "stiftet i"."""
    if not _OF_ORGANISATION.match(text) or _COMMON_NOUN.match(text):
        return 0
    return sum(pattern.search(text) is not None for pattern in _SAID_OF_SENDERS)


def _needed(blocks: Sequence[RawBlock], reasons: Sequence[str], index: int) -> int:
    """Two below "Om X", three where nothing but clutter follows; elsewhere none will do."""
    above = blocks[index - 1].text if index else ""
    if _HEAD.match(above) or _INLINE_HEAD.match(blocks[index].text):
        return 2
    # No copy of the rest is made: it is the next block, nearly always, that ends the search
    below = (reasons[later] for later in range(index + 1, len(reasons)))
    ends = all(below) and any(reasons[index - 2 :])
    return 3 if ends else len(_SAID_OF_SENDERS) + 1


_BETWEEN_NAMES = re.compile(r",[ ]?|[ ](?:og|and|&)[ ]")
_SIGNED = re.compile(
    rf"""(?:[\w-]{{1,40}}[ ]){{0,2}}?(?:[Aa][fv]|[Bb]y|A[FV]|BY|[Vv]/|(?:TEKST|Tekst|Text|Journalist
        |Forfatter
        |Forfattar|Skribent|Author|Writer|Skrevet|Skrive)(?:[ ](?:og|&|/)[ ]\w+)?[ ]?:
        |Journalist|Redigeret[ ]af|Redigert[ ]av)[:]?[ ]
        (?:[a-zæøå]{{4,20}}[ ]){{0,2}}({NAMES})""",
    re.VERBOSE,
)
# What follows the names: "Tekst: Kari Hagen Foto: Bo Li", "Publisert av Servicetorget. Sist endra"
_SAYS_MORE = re.compile(
    r"(?<! og)(?<! OG)(?<!&)(?<!(?i:tekst))[ ,/|·•–-]{1,4}(?:Foto(?:graf)?|FOTO):"
    r"|[ ](?:den|d\.)[ ](?=\d)|(?<=[a-zæøåé]{3})\.[ ](?=[A-ZÆØÅ][a-zæøå]+[ ][^A-ZÆØÅ])"
)
_IS_SOMEBODY = re.compile(
    r"(?:,[^.,]{2,60},)?[ ](?:er|har|var|jobber|jobbar|arbejder|arbeider|arbeidar|skriver|skriv"
    r"|is|has)\b"
)
_HEAD = re.compile(
    rf"(?:Om[ ](?:forfatteren|forfattaren|skribenten|avsenderen|{NAME}"
    rf"|[A-ZÆØÅ][\w.&-]+(?:[ ][\w.&-]+){{0,4}})"
    r"|Forfatteren|Fakta[ ]om[ ](?:forfatteren|avsenderen)|About[ ].{2,40})[.:]?$"
)
_INLINE_HEAD = re.compile(r"(?:Om|Fakta[ ]om)[ ][^.:]{2,60}:[ ]")
_OF_ORGANISATION = re.compile(
    r"(?:(?:Om|Fakta[ ]om)[ ][^:.]{1,60}:[ ])?[A-ZÆØÅ][\w.&/-]{0,60}(?:[ ][\w.&/-]{1,60}){0,5}[ ]"
    r"(?:er|har|blev|ble|vart|eier|ejer|eig|driver|driv|leverer|organiserer|samler|samlar"
    r"|arbejder|arbeider|arbeidar)\b"
)
# "Selskapet har 240 ansatte." goes on about somebody who was named before
_COMMON_NOUN = re.compile(
    r"(?:Sel?skab|Selskap|Virksomhed|Bedrift|Forening|Kommune|Avis|Blad|Etat|Styrels"
    r"|Direktorat)\w*[ ]"
)
_SAID_OF_SENDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:stiftet|stifta|grundlagt|grunnlagt|etablert|etableret|siden"
        r"|sidan)\b.{0,20}\b1[89]\d\d|(?:siden|sidan|i)[ ](?:19|20)\d\d",
        r"\b\d[\d. ]{0,12}[ ](?:ansatte|tilsette|medarbe[ij]der[ae]?r?e?|medarbeidarar|medlemmer"
        r"|medlemer|andelshavere|kunder|kundar|butikker|kontorer)\b",
        r"\b(?:omsætning|omsetning|omsetnad)\w*\b|\b(?:børsnotere?t|notert[ ]på)\b",
        r"\b(?:hovedkontor|hovudkontor|hovedsæde)\w*\b|\bkontorer?[ ]i\b",
        r"\b(?:ejes|eies|eigd|eid|ejet|finansieres|finansiert|finansieret|forbrugerejet"
        r"|medlemsejet)\b",
        r"\b(?:selskab|selskap|virksomhed|bedrift|konsern|koncern|forening|organisas?jon"
        r"|organisation|stiftelse|fond|interesseorganisas?[jt]\w+|forbund|leverandør)(?:et|en"
        r"|a)?\b",
        r"\b(?:uafhængig|uavhengig|upolitisk|partipolitik\w*|landsdækkende"
        r"|landsomfattende|ledende|største)\b",
        r"\b(?:arbe[ij]der|arbeidar)[ ]for\b|\b(?:vores|vår)[ ](?:mission|visjon|vision)\b",
    )
)
