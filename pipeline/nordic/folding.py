"""One spelling for three written languages.

Danish, Bokmål and Nynorsk share most of their words but not the spelling of them: *udvikling* and
*utvikling*, *brugere*, *brukere* and *brukarar*, *mulighed* and *moglegheit*. `fold_text` maps the
regular differences to one common form, which is no language's own and is never shown to a reader.
`fold_term` makes of a word the key under which its forms in all three languages meet.

The correspondences are the textbook ones between the Scandinavian written standards (the lenition
of p, t, k after a vowel in Danish; monophthongs and diphthongs; -tion and -sjon); they are applied
to all three languages alike, because a folded word need only be the same, not right.
"""

from __future__ import annotations

import re
from functools import lru_cache

# A word is folded in three steps. Each list is applied in its order; a later rule sees what an
# earlier one has made. Step one: ways to write the same sound, and endings that differ as a whole.
_SPELLINGS = (
    (r"aa", "å"),  # da Aarhus
    (r"ä", "æ"),
    (r"ö", "ø"),
    (r"[éèê]", "e"),
    (r"[òóô]", "o"),
    (r"ch(?=[ei])", "sj"),  # da chef, nb sjef
    (r"c[kh]", "k"),
    (r"c(?=[eiyæø])", "s"),  # da proces, center
    (r"[cq]", "k"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"w", "v"),
    (r"^(?:åb|åp|op)(?=e?n)", "åp"),  # da åben, nb åpen, nn open
    (r"he(?:d|it)(?=$|s|er|en|a)", "het"),  # da mulighed, nn moglegheit, nb mulighet
    (r"semd", "somhet"),  # nn oppmerksemd, nb oppmerksomhet
    (r"(?<=.{3})sam(?=$|e|t)", "som"),  # nn lønsam, nb lønnsom
    (r"mogl", "mul"),  # nn mogleg, nb mulig
    (r"(?<=..)leg(?=$|[aehrst])", "lig"),  # nn offentleg, dårlegare
    (r"(?:s|t)?sion|tion", "sjon"),  # da diskussion, organisation
    (r"(?<=[bdfgklmnprstv])ning", "ing"),  # nb forskning, nn forsking
)

# Step two: inflection. A stem keeps three letters, or two that begin or end with its vowel (*by*).
_STEM = r"(?:(?<=.{3})|(?<=^[aeiouyæøå].)|(?<=^[^aeiouyæøå][aeiouyæøå]))"
_INFLECTION = (
    # Verbs in -ere: vurdere, vurderer, vurdert, vurderet, vurderede
    r"(?<=..)er(?:edes|ede|erande|ende|ande|ast|tes|te|er|es|ets|et|t|a)$",
    # Neuters: digitalt, offentligt; *etat*, *pligt* and *debat* keep theirs
    r"(?:(?<=al|iv|el|sk|rk)|(?<=..lig)|(?<=[dmnprt]ig))t$",
    # Past tense: brukte, søgte, følte, lærte; *rente* and *vente* keep theirs
    r"(?:(?<=.[aeiouyæøå][bgklmpv])|(?<=[lmnr][dgkm])|(?<=.{2}[eøæ]r))te$",
    # Participles: brukt, kjøpt, hørt, sendt; *dokument*, *prosjekt* and *plikt* keep theirs
    r"(?:(?<=.[øuyå][bgkmp])|(?<=.{2}[øæ]r)|(?<=nd)|(?<=[aeiouyæøå]ld)|(?<=nk))t$",
    # The same in Nynorsk and after v: krevde, bygd, trengde
    r"(?<=..[gv])de?$",
    # viktigst, vigtigste; viktigaste is below
    r"(?<=ig)ste?$",
    # Present participles: løpende, aukande; *anvende*, *godkende* and *sende* are infinitives
    _STEM + r"(?<![ksv])(?:ende|ande)s?$",
    # *brukar-ane*, *brug-ernes*, *viktig-aste*; but *virksomhet* is no article
    _STEM + r"(?<!h(?=et$))(?:"
    r"erenes|"
    r"arane|erens|arens|ernes|arnes|"
    r"arar|eren|aren|erne|arne|enes|anes|edes|este|aste|"
    r"ane|ene|ens|ede|ets|ers|ars|ere|are|est|ast|"
    r"ar|as|en|er|es|et|"
    r"a|e"
    r")$",
    # Genitives without an article: samfunds, utviklings; *plads* keeps its -s
    r"(?:(?<=\w{3}[gklmnp])|(?<=\w{2}[nr]d))s$",
)

# Step three: sounds.
_SOUNDS = (
    # Consonants
    (r"^af(?=.{2})", "av"),  # da aftale, nb avtale
    (r"eft", "et"),  # da efter, eftersom; nb etter
    (r"avn", "amn"),  # nb navn, havn; nn namn, hamn
    (r"^(?:hv|kv)", "v"),  # da hvad, nn kva
    (r"d(?=t)", ""),  # da bekendt, nb bekjent
    (r"[dt]s(?=$|[et])", "s"),  # da plads, bedst; nb plass, best
    (r"(?<=[rlv])j(?=$|[ea])", ""),  # nn fortelje, krevje; nb fortelle, kreve
    (r"å(?=nd|rd)", "a"),  # nb hånd, nn hand
    (r"nd", "n"),  # da kunne, finde; nb finne
    (r"ld", "l"),  # da kalde, nb kalle
    (r"(?<=[dmst])ju", "y"),  # nn sjuk, djup; nb syk, dyp
    (r"skj", "sk"),  # nb forskjell, da forskel
    (r"(?<=[gkhst])j", ""),  # nb gjøre, kjøpe, hjem, sjø, tjeneste; da gøre, købe, sø
    # Vowels
    (r"^høg", "høy"),  # nn høgskule
    (r"øj|øy|au", "ø"),  # da høj, nb høy; nn auke, nb øke
    (r"æ", "e"),  # da vælge, nb velge
    (r"ej|ei|eg$", "e"),  # da arbejde, vej; nb arbeid, vei; nn veg, meir
    (r"aj", "ai"),  # da maj, nb mai
    # Length, which Danish leaves unwritten at the end of a word: ryg, rygg
    (r"(.)\1+", r"\1"),
    # Lenition: p, t, k and b, d, g are one after a vowel
    (r"(?<=[aeiouyøå])b", "p"),
    (r"(?<=[aeiouyøå])d", "t"),
    (r"(?<=[aeiouyøå])g", "k"),
)

# Words of the closed classes that no rule brings together, a line for each; the first stands for
# all. A spelling that is a different word in another of the languages is left out (nn *no*: now).
_FUNCTION_WORDS = """
jeg eg
mig meg
dig deg
sig seg
os oss
hvem kven
hvad hva kva
hver kvar
hvor kor
hvordan korleis hvorledes
hvorfor kvifor
hvilken hvilke hvilket
ikke ikkje
noget noe noko
nogen noen nokon nogle nokre
være vere
været vært vore
have ha
havde hadde
bliver blir
blive bli
blev ble blei
blevet blitt
gøre gjøre gjere gjera
gør gjør gjer
siger sier seier
sige si seie
sagde sa
give gi
giver gir
tage ta
tager tar tek
komme kome koma
kommer kjem
mere mer meir
meget mye mykje
mens medan
siden sidan
selv sjølv
sammen saman
bare berre
fra frå
mellem mellom
gennem gjennom igennem igjennom
uden uten utan
udenfor utenfor utanfor
inden innen innan
frem fram
en ein
et eit
de dei
dem dei
deres deira
hendes hennes hennar
vores våre
nu nå
endnu ennå enno
også òg
"""
_COMMON = {word: line.split()[0] for line in _FUNCTION_WORDS.splitlines() for word in line.split()}

_CACHED = 200_000
_WORD = re.compile(r"[^\W\d_]+")
_COMPILED_SPELLINGS = tuple((re.compile(pattern), to) for pattern, to in _SPELLINGS)
_COMPILED_INFLECTION = tuple(re.compile(pattern) for pattern in _INFLECTION)
_COMPILED_SOUNDS = tuple((re.compile(pattern), to) for pattern, to in _SOUNDS)


def fold_text(text: str) -> str:
    """The text in lower case with each word in the common spelling; the rest stays as it is."""
    return _WORD.sub(lambda match: fold_word(match.group()), text)


@lru_cache(maxsize=_CACHED)
def fold_word(word: str) -> str:
    """One word in the common spelling: `udviklinger` and `utviklingar` both give `utviklinge`.

    Of an inflection an -e is left, so that *bruk* and *bruken* stay near, not equal. A folded word
    is not there to be folded again: its stem may look inflected (*ansvarede* gives `ansvare`).
    """
    word = word.lower()
    if word in _COMMON:
        return _rewrite(_COMMON[word], _COMPILED_SOUNDS)
    spelled = _rewrite(word, _COMPILED_SPELLINGS)
    stem = _cut(spelled)
    return _rewrite(stem if stem == spelled else stem + "e", _COMPILED_SOUNDS)


@lru_cache(maxsize=_CACHED)
def fold_term(word: str) -> str:
    """The shared lemma of a word: inflection taken off, common spelling.

    *brugernes* (da), *brukernes* (nb) and *brukarane* (nn) all give `bruk`. It is a key, not a
    word; people are shown the surfaces that share it.
    """
    return _rewrite(_cut(_rewrite(word.lower(), _COMPILED_SPELLINGS)), _COMPILED_SOUNDS)


def _rewrite(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, to in rules:
        word = pattern.sub(to, word)
    return word


def _cut(word: str) -> str:
    """The word without the first inflection that it shows."""
    for pattern in _COMPILED_INFLECTION:
        stem = pattern.sub("", word)
        if stem != word:
            return stem
    return word
