"""What sites say to their readers: newsletters, subscriptions, cookies, offers, comments.

Each site words them in its own way, so that no list of phrases is long enough. But they speak to
the reader ("dig", "deg", an order) and use the words of their trade, several of them in a few
lines: that is what is counted here. One such word is no sign: an article may be about newsletters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.read.clutter.reasons import (
    ADVERTISEMENT,
    COMMENT_PROMPT,
    COOKIES,
    NEWSLETTER,
    ORDER,
    SUBSCRIPTION,
)
from pipeline.read.clutter.words import DAYS_OF_WEEK


@dataclass(frozen=True)
class Topic:
    """Words of a trade. `needed` different ones make a prompt, one of the `telling` among them."""

    reason: str
    telling: tuple[re.Pattern[str], ...]
    others: tuple[re.Pattern[str], ...]
    needed: int
    max_chars: int

    @cached_property
    def any_telling(self) -> re.Pattern[str]:
        """One pattern for all, to pass over most texts at once."""
        return re.compile("|".join(pattern.pattern for pattern in self.telling), re.IGNORECASE)

    def applies(self, text: str) -> bool:
        if len(text) > self.max_chars or not self.any_telling.search(text):
            return False
        telling = sum(pattern.search(text) is not None for pattern in self.telling)
        others = sum(pattern.search(text) is not None for pattern in self.others)
        needed = self.needed + (len(text) > MAX_SHORT_PROMPT)
        if telling + others < needed:
            return False
        # "Kommunerne sender ikke nyhedsbreve. Dem må du selv hente." tells of newsletters; in a
        # prompt every third sentence does both, and hardly any does neither
        both = neither = 0
        sentences = _SENTENCE_END.split(text)
        for sentence in sentences:
            tells = any(pattern.search(sentence) for pattern in self.telling)
            speaks = _speaks_to_reader(sentence)
            both += tells and speaks
            neither += not tells and not speaks and not self._has_other(sentence)
        return 3 * both >= len(sentences) and 4 * neither <= len(sentences)

    def _has_other(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self.others)


def judge_prompt(text: str) -> str:
    """The reason why a block is a prompt of the site to its readers, or ""."""
    if len(text) > _LONGEST:
        return ""
    found = ""
    if _speaks_to_reader(text):
        found = next((topic.reason for topic in TOPICS if topic.applies(text)), "")
    return found or (ORDER if _is_order(text) else "")


def _speaks_to_reader(text: str) -> bool:
    return _BIDS.match(text) is not None or _ADDRESSES.search(text) is not None


def _is_order(text: str) -> bool:
    """A short line that bids the reader do something with the page: "Klik på billedet"."""
    if len(text) > MAX_ORDER_CHARS or text.isupper() or text.rstrip("»›→ ")[-1:] in ".,;":
        return False
    order = _ORDER.match(text)
    return order is not None and _PART_OF_PAGE.search(text, order.end()) is not None


MAX_SHORT_PROMPT = 180
MAX_ORDER_CHARS = 70


def _words(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{pattern})", re.IGNORECASE) for pattern in patterns)


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_BIDS = re.compile(
    r"""(?:[^.:!?]{0,30}[:–!-]\s)?(?:få(?=[ ](?:den?|det|dagens|siste|seneste|nyt|nyh|våre?|vårt
          |vores|gratis|(?-i:[A-ZÆØÅ])))|tilmeld|meld|påmeld|skriv|send|abonn[eé]r\w*|modtag|motta
          |følg|fylg|prøv|køb|kjøp
            |bestil\w*|book|download|hent|last|sikre?|bli|bliv|ver|se|sjå|støt\w*|hjelp|hjælp
            |ja[ ]tak|log\w*|spar|vind|vinn|husk|sjekk|tjek|opret|opprett|gi|giv|gje)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The first letters are said once more, by themselves: few words of a text have one of them
_ADDRESSES = re.compile(
    r"""\b(?=[djve]) (?:du|dig|deg|dykk|dere|jer|din|ditt?|dine|dykkar|våre|vores|våra|vore
        |(?:jeg|eg)[ ](?:accepterer|godtar|godtek|vil|samtykker|ønsker|ønskjer)
        |vi[ ](?:bruker|bruger|sender|lagrer|gemmer|tilbyder|tilbyr))\b""",
    re.VERBOSE | re.IGNORECASE,
)

_ORDER = re.compile(
    r"""(?:vis|skjul|lukk?|åbn|åpne|opne|gem|lagre|lagra|lytt?|læs|les|lesa|hør|høyr|se|sjå|følg
        |fylg|få(?=[ ](?:nyhe|nyhende|beskjed|besked|vars|adgang|tilgang|full))|(?:til|af|av
        |på)?meld|rapport[eé]r
        |anmeld|komment[eé]r|indtast|klikk?|trykk?|last|hent|download|køb|kjøp|prøv|opret|opprett
            |slå|endre|ændr|administr[eé]r|velg|vælg|vel
        |godta|accept[eé]r|afvis|avvis|tillad|tillat|annonc[eé]r|annonser|bestill?|chat|hold|hald
            |hjelp|hjælp|fortsett?|fortsæt|hald[ ]fram|bruk|brug
        |støtt?|bli|bliv|bedøm|vurder|gi|giv|gje|deltag|delta|log|logg|tweet|læg|legg|spar
            |sammenlign|samanlikn|her[ ]kan[ ]du|tak|takk)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_PART_OF_PAGE = re.compile(
    r"""\b(?:artik(?:len|kelen|elen)|saken|saka|innlegget|indlægget|siden|sida|nettsiden|nettsida
        |hjemmesiden|nettstedet|innholdet|indholdet|innhaldet
        |bildet|biletet|billedet|videoen|podcasten|podkasten|kommentar(?:en|feltet)?
            |nyhe[dt]sbrev\w*|nyhendebrev\w*|nyhe[dt]erne|nyhetene|nyhenda
        |abonnement\w*|abonner|varsler|varsel|varsling\w*|besked|beskjed|profil|konto|appen
            |annonse\w*|annonce\w*|cookies|informasjonskaps\w+|samtykke\w*
        |rabattkode\w*|nettbutikken|webshoppen|billett?|menuen|menyen|emnet|temaet|bloggen
            |læseliste|leseliste|saker|artikler|artiklar|plussak\w*|tilbakemelding|tilmelding
            |påmelding\w*
        |brugerundersøgelse|brukerundersøkelse|brukarundersøking|indholdsfortegnels\w+
            |innholdsfortegnels\w+|val(?:ene|a)[ ]mine|lokaljournalistik\w*|stjerner)\b""",
    re.VERBOSE | re.IGNORECASE,
)

TOPICS = (
    Topic(
        NEWSLETTER,
        _words(
            r"nyhe[dt]s?-?(?:brev|mail)\w*|nyhendebrev\w*|newsletter|[a-zæøå]{3,12}(?:brev"
            r"|mail)et?\b",
            r"indbakken?|inn?boksen?\b",
            r"(?:af|av|til|på)?meld(?:e|er)?[ ](?:dig|deg|dykk|meg|mig)\b|skriv[ ]dig[ ]op",
            r"send(?:er|e)?[ ](?:vi[ ])?(?:dig|deg|jer|dere)\b|du[ ](?:modtager|mottar"
            r"|mottek)[ ]denn?e",
            r"abonn[eé]r[ ]på|pressemeddelelser|pressemeldinger",
        ),
        _words(
            rf"(?:hver|kvar)[ ](?:eneste[ ])?(?:morgen|dag|uge|uke|veke|måned|månad"
            rf"|{DAYS_OF_WEEK})",
            r"é?e?i?n[ ]gang[ ]i[ ](?:måneden|månaden|ugen|uken|uka|veka)",
            r"gratis",
            r"(?:på|via|pr\.|per)[ ](?:e-?post|e-?mail|mail)",
            r"spam|(?:et|ett|ét|eitt)[ ]klik",
            r"få[ ][^.]{0,60}(?:nyhe\w+|nyhende|historier|saker|sager|tekster|tekstar|bloggen)",
            r"(?:viktigste|vigtigste|viktigaste|beste|bedste|siste|seneste)[ ]\w+",
        ),
        needed=2,
        max_chars=320,
    ),
    Topic(
        SUBSCRIPTION,
        _words(
            r"abonne?m?\w*",
            r"(?:gratis|låste|åpen|åpne|open|åben)[ ](?:\w+[ ])?(?:artik\w+|sak\w*)",
            r"støtt?e[rs]?\b[^.]{0,40}(?:avis\w*|lokalavis\w*|journalistik\w*|debat\w*"
            r"|ordskift\w*|arbe[ij]d\w*)",
            r"medlemsk(?:ab|ap)\w*|som[ ]med?lem[ ]får[ ]du|bliv?[ ]medlem|indmeldelsen"
            r"|innmelding\w*",
        ),
        _words(
            r"\d[\d ]{0,12}(?:kr\b|kroner|,-)",
            r"prøv(?:e|er)?\b",
            r"gratis|rabatt?\w*",
            r"få[r]?[ ](?:du[ ])?(?:fuld|full|fri|ubegrænset)?[ ]?(?:adgang|tilgang|tilgjenge)",
            r"bindingstid|uten[ ]binding|uden[ ]binding|alle[ ](?:artik\w+|saker|plus\w+)",
            r"tilbud\w*|lesere?|læsere?|lesarar",
        ),
        needed=2,
        max_chars=320,
    ),
    Topic(
        COOKIES,
        _words(
            r"cookies?|informas?tionskaps\w*|informasjonskaps\w*",
            r"samtykke\w*|personvern(?:et)?[ ]ditt|dit[ ]privatliv",
            r"(?:vores|våre|vore)[ ](?:\d+[ ])?(?:partnere|leverandører|samarbe[ij]dspartner\w*)",
        ),
        _words(
            r"accept[eé]re?r?|godta[rs]?\b|godkjenn\w*|afvise?r?|avvise?r?|tillate?r?|tillad\w*"
            r"|trække",
            r"enhed|enhet|eining|unikke[ ]id",
            r"annonce\w*|annonser?\w*|marke?d?sføring\w*|statistik\w*|trafik\w*",
            r"indstilling\w*|innstilling\w*|valg?(?:ene|et)?\b",
            r"forbedre\w*|huske\w*|tilpass?e?\w*",
            r"(?:vi|siden|sida|nettstedet|nettstaden|hjemmesiden|websitet)[ ](?:bruker|bruger"
            r"|anvender|nyttar|benytter)",
        ),
        needed=3,
        max_chars=600,
    ),
    Topic(
        ADVERTISEMENT,
        _words(
            r"rabatt?\w*|medlemstilbud|medlemsrabatt?",
            r"e-?bog\b|e-?bok\b|webinar\w*|bestill?[ ]en[ ]demo|frokostmøte\w*|morgenmøde\w*",
            r"stilling(?:en)?[ ]ledig|ledige?[ ](?:stilling\w*|plass?er|pladser|plassar)",
            r"(?:sikre?|sikr)[ ](?:deg|dig)[ ]plass?d?s?|rabatt?kod\w+",
            r"tilbudet\b|vi[ ]tilbyder\b|uforpligtende|uforpliktende|kampanje|kampagne(?:pris)?",
            r"kurset?[ ][«»\"”]",
        ),
        _words(
            r"gratis|\d+[ ]?%|\d[\d ]{0,12}(?:kr\b|kroner)",
            r"\bpris\w*|spar(?:er)?\b",
            r"(?:til)?meld[ ](?:deg|dig)|book|bestill?|køb|kjøp|hent|download|last[ ]ned"
            r"|søk[ ]innan",
            r"vil[ ]du|skal[ ]vi|træt[ ]af|lei[ ]av|lyst[ ]på",
            r"partnere?|samarbe[ij]dspartner|kunder|medlemm?er",
            r"lær[ ]mere?|les[ ]mer|læs[ ]mere|se[ ](?:din|hva|ledige)",
        ),
        needed=2,
        max_chars=260,
    ),
    Topic(
        COMMENT_PROMPT,
        _words(
            r"kommenta?r\w*|kommentere\w*|debatten|ordskiftet|innlegg(?:et)?[ ]ditt|dit[ ]indlæg",
        ),
        _words(
            r"log\w*[ ](?:ind|inn|på)|logge[ ]inn",
            r"(?:den|dei)[ ]første",
            r"e-?post(?:adress\w*)?|obligatoriske?|felt\w*|nettleser\w*|browser",
            r"send|skriv|fullt[ ]na[mv]n|portræt\w*|portrett\w*|tegn\b|redaktion\w*|redaksjon\w*",
            r"hold\w*[ ]tonen|regler|modere\w*",
        ),
        needed=2,
        max_chars=220,
    ),
)
_LONGEST = max(topic.max_chars for topic in TOPICS)
