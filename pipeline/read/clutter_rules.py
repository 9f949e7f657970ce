"""What page clutter looks like, in Danish, Bokmål, Nynorsk and English: one rule a kind.

A rule looks at one block alone and has a length above which it never applies: a long block that
mentions a newsletter is about newsletters. What can only be told from a block's neighbours is in
`clutter`. Patterns are matched against the whole block where that is possible, and are written so
that they take linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.read.clutter_words import CLOCK, DAY, EMAIL, NAME, NAMES, PHONE


@dataclass(frozen=True)
class Rule:
    """`pattern` has to match from the block's start; `whole` asks for all of it."""

    reason: str
    pattern: re.Pattern[str]
    max_chars: int
    in_lists: bool = True  # whether it may take one item out of a list

    def applies(self, text: str, in_list: bool) -> bool:
        if len(text) > self.max_chars or (in_list and not self.in_lists):
            return False
        return self.pattern.match(text) is not None


def _rule(
    reason: str, pattern: str, max_chars: int, *, case: bool = False, in_lists: bool = True
) -> Rule:
    """A rule; patterns are written over lines, without regard to case unless it is asked for."""
    flags = re.VERBOSE if case else re.VERBOSE | re.IGNORECASE
    return Rule(reason, re.compile(pattern, flags), max_chars, in_lists)


RULES: tuple[Rule, ...] = (
    _rule(
        "breadcrumb",
        r"""(?: (?:du[ ]er[ ](?:no[ ]|nå[ ]|nu[ ])?her|you[ ]are[ ]here)\b (?![^.]*\.$)
          | (?:forsid[ea]n?|hjem|heim|home|startside[na]?) \s* [>›»/|→]
          | [‹«<←↩] \s* (?:tilbage|tilbake|attende|back|til)\b
          | (?:gå[ ])?(?:tilbage|tilbake|attende|back)[ ](?:til|to)[ ](?:alle[ ])?(?:artik\w+
              |nyhe\w+
              |aktuelt|forsid\w+|over[sv]ik?g?t\w*|arkiv\w*|blogg?\w*|list\w+|søke?\w*|søge?\w*)$
          | [^>›»/.!?\n]{2,40} (?:[ ] [>›»→/] [ ] [^>›»/.!?\n]{2,60}){2,6}$ )""",
        200,
    ),
    _rule(
        "share prompt",
        r"""(?: (?:del|dela|share|post)[ ](?:på|via|on)[ ](?:facebook|twitter|x|linkedin|instagram
              |bluesky|whatsapp|messenger|mail|e-?post|e-?mail|sms|sosiale|sociale)\b [^.?]{0,40}$
          | (?:del|share)[ ]?: [^.?]{0,70}$
          | (?:del|share|tweet|print|udskriv|skriv[ ]ut|facebook|twitter|x|linkedin|instagram
              |bluesky|whatsapp|messenger|e-?post|e-?mail|youtube|rss)
            (?: [ ,/|·]{1,3} (?:del|share|tweet|print|facebook|twitter|x|linkedin|instagram|bluesky
              |whatsapp|messenger|e-?post|e-?mail|youtube|rss) ){0,8} [:]?$
          | (?:kopi[eé]r|copy) [ ] (?:link\w*|lenke\w*|lenkj\w*|nettadress\w*) $
          | (?:tips[ ]en[ ]ven\w*|send[ ](?:til|som|på|via)[ ](?:e-?post|e-?mail|mail|en[ ]ven\w*)
              |(?:lagre|lagra|gem|gjem)[ ](?:til[ ]senere|til[ ]seinare|artik\w+|saken|saka)
              |(?:lyt|lytt|hør|høyr)[ ](?:til|på)[ ](?:artik\w+|saken|saka)) [^.?]{0,30}$
          | (?:følg|følj|fylg|follow)[ ](?:os|oss|us)\b [^.]{0,60} $ )""",
        90,
    ),
    _rule(
        "share prompt",
        r"""(?:del|dela|share)[ ](?:dette|denne|siden|sida|saken|saka|sagen|artik\w+|innlegg\w*
              |indlæg\w*|this|link\w*|lenke\w*
              |med[ ](?:dit|ditt|dine|venn?er|nettverk\w*|netværk\w*))\b [^.?]{0,50} [:!]?$""",
        90,
        in_lists=False,  # "Del med andre etater" is advice
    ),
    _rule(
        "comment prompt",
        r"""(?: (?:skriv|legg[ ](?:igjen|att|inn)|læg|tilføj|leave)[ ](?:(?:en|ein|a|din)[ ])?
                (?:kommentar|comment)\w*
          | (?:ingen|\d+)[ ](?:kommentar(?:er|ar)?|comments?)$
          | (?:kommentar(?:er|ar)|comments)(?:[ ]\(\d+\))?$
          | (?:deltag|delta|bland[ ]deg|bland[ ]dig|bli[ ]med|ver[ ]med)[ ]i[ ]
                (?:debatten|ordskiftet|diskus[sj]\w+|samtalen)
          | (?:logg?[ ]inn|log[ ]ind)[ ]for[ ](?:at|å)[ ]kommenter
          | (?:hva|hvad|kva)[ ](?:mener|meiner|synes|syns)[ ]du\b.{0,30}\? [ ].*
                (?:skriv|kommenter|kommentar|debat|innlegg|indlæg)
          | vil[ ]du[ ](?:også[ ]|òg[ ])?(?:svare|svara|kommentere|kommentera)[ ]på\b.*\?
          | vil[ ]du[ ].{0,40}\b(?:debatt?en|ordskiftet)\b.{0,20}\?
          | send[ ](?:(?:os|oss|inn|ind)[ ])?(?:ditt|dit|et|eit)[ ]?(?:debat)?
                (?:innlegg|indlæg|læserbrev|lesarbrev|leserbrev)\b )""",
        160,
    ),
    _rule(
        "cookie notice",
        r"""(?: (?=.*(?:cookies?\b|informas?tionskaps|informasjonskaps)) (?:
                .{0,80}\b(?:vi|we|side[na]?|sida|nettsted\w*|nettstad\w*|hjemmeside\w*
              |website?\w*)\b
                .{0,60}\b(?:bruk\w*|bruger|anvender|benytt\w*|use[sd]?|nytt\w*)\b
              | (?:du[ ]kan|ved[ ]at|ved[ ]å|by[ ]).{0,60}\b(?:samtyk|cookie|accept|afvis|avvis)
              | (?:les|læs|read)[ ](?:mere?|meir|more)\b.{0,60}$ | .{0,40}$ )
          | (?:godta|godkjenn|aksept[eé]r|accept[eé]r|accept|afvis|avvis|tillat|tillad|decline)
                (?:[ ](?:alle?|all|valgte?|nødvendige|utvalgte))? (?:[ ]cookies)?$
          | (?:kun|bare|berre|only)[ ](?:nødvendige|naudsynte|necessary)\b.{0,12}$
          | (?:vi|we)[ ](?:bryr[ ]oss|respekterer|værner|passer|care)\b.{0,10}
                (?:om|på|about)?.{0,8}(?:personvern\w*|privatliv\w*|privacy|data)\b.{0,12}$
          | (?:administrer|tilpas|tilpass|manage|vis)[ ](?:valg|val|cookies|samtykke\w*
              |detaljer)$ )""",
        320,
    ),
    _rule(
        "newsletter prompt",
        r"""(?: (?:[^.:?!]{2,40}[:–-][ ])? (?:(?:til)?meld(?!\.)|ja[ ]takk?)\b [^?]*
                (?:nyhe[dt]s?-?(?:brev|mail)|nyhendebrev|newsletter|ugebrev|ukebrev|vekebrev
              |ugemail)
          | få\b .* \b(?:til)?meld\b .* (?:nyhe[dt]sbrev|nyhendebrev)
          | (?:abonn[eé]r\w*|subscribe|sign[ ]up|modtag|motta|vil[ ]du[ ]ha\w*|bli[ ]med
              |skriv[ ]dig[ ]op|få[ ](?:vores|våre?t?|det|de|et|eit|gratis|seneste|siste|dagens))
                \b .* (?:nyhe[dt]s?-?(?:brev|mail)|nyhendebrev|newsletter)
          | (?:få|modtag)[ ](?:de[ ])?(?:seneste|vigtigste|siste|dagens)[ ](?:nyt
              |nyhe\w+).{0,40}(?:mail|indbakke|innboks)
          | (?:vores?|vårt)?[ ]?(?:nyhe[dt]sbrev(?:et)?|nyhendebrev(?:et)?|newsletter)$
          | (?:bli|bliv|tegn|teikn|køb|kjøp|prøv)[ ](?:abonn\w+|medlem|gratis) [^.]{0,30}$
          | abonn[eé]r[ ]på[ ][^.]{1,50}$
          | (?:denne|dette).{0,30}(?:kun|bare|berre)?[ ]?for[ ]abonnent\w*.{0,20}$
          | (?:for|kun[ ]for|bare[ ]for)[ ]abonnent\w*$
          | (?:allerede|er[ ]du)[ ](?:abonnent|kunde).{0,40}$ )""",
        200,
    ),
    _rule(
        "teaser of another article",
        r"""(?: (?:læs|les|lesa|read|hør|høyr|lytt|se|sjå)[ ](?:og[ ]?så|også|òg|au|ogs)[ ]?:
          | (?:læs|les|read)[ ](?:også|og[ ]så|òg|au|also)\b (?!.*\.$)
          | (?:læs|les|read)[ ](?:mere?|meir|more)[ ]?(?::|om\b|her\b|på\b|about\b|i[ ]|hos\b
              |[»›→]|$)
          | (?:se|sjå|see)[ ](?:også|òg|also|mere|mer|meir)(?:[ ]her)?$
          | (?:læs|les|vis|se|read)[ ](?:hele[ ]|heile[ ]|the[ ])?(?:artik\w+|saken|saka|sagen
              |historien|historia
              |innlegget|indlægget|intervjuet|interviewet|kronik\w*|reportasj\w+|article|videre
              |vidare)
                (?:[ ]her)?[ .!:»›→]*$
          | (?:læs|les|se|sjå|finn|find|read)[ ][^.:?!]{2,50}[ ](?:her|here)[ .!»›→]*$
          | (?:fikk|fik|fekk)[ ]du[ ](?:ikke[ ]|ikkje[ ])?med[ ](?:dig|deg)\b
          | (?:gik|gikk|gjekk)[ ]du[ ]glip )""",
        160,
        in_lists=False,
    ),
    _rule(
        "byline",
        rf"""(?: (?:(?:[Bb]log|[Ii]ndlæg|[Ii]nnlegg|[Kk]ronikk?|[Kk]lumme|[Dd]ebatt?(?:indlæg
              |innlegg)?
              |[Kk]ommentar|[Ll]eder|[Ee]ssay|[Rr]eportage|[Gg]jestekommentar)[ ](?:[Aa]f|[Aa]v)
              |(?:[Ss]krevet|[Ss]krive|[Ff]orfattet|[Oo]versat)[ ](?:af|av)|[Ww]ritten[ ]by
              |[Aa][fv]|[Bb]y|AF|AV
              |BY) [:]?[ ] (?:[a-zæøå]{{4,20}}(?:[ ][a-zæøå]{{4,20}})?[ ])? {NAMES}
                (?:[ ]?[,|·•/–(][ ]?(?:[^.!?]|\.(?=[ ]?\d)){{2,80}})? \)?$
          | (?:TEKST|Tekst|Text|Skrevet|Journalist|Forfatter|Forfattar|Skribent|Fotograf|Redaktør
              |Illustras?tør|Oversett\w+|Author|Writer)(?:[ ](?:og|&
              |/)[ ]\w+)?[ ]?:[ ]? \S.{{1,90}}$
          | {NAME},[ ] (?![^,]*\b(?:har|er|var|vil|kan|skal
              |skriver)\b) [a-zæøå][^.!?;:]{{3,80}}$ )""",
        140,
        case=True,
        in_lists=False,
    ),
    _rule(
        "note on the author",
        rf"""{NAME} (?:,[^.,]{{2,60}},)? [ ]
            (?: (?:skriver|skriv|blogger|bloggar)[ ](?:om|for|fast|her|i|på|jævnlig|jevnlig)\b
              | (?:er|is)[ ](?:(?:en|ein|a|fast|tidligere|tidlegare)[ ]){{0,2}}
                (?:spalte?ist|skribent|blogger|bloggar|klummeskribent|klummist|kommentator|columnist
              |debattør|debattant|kronikør|kronikkforfatter|gæsteskribent
              |gjesteskribent)\b ) (?:[^.,]|\.(?=\w)){{0,100}}\.?$""",
        180,
        case=True,
        in_lists=False,
    ),
    _rule(
        "note on opinion pieces",
        r"""(?: (?:dette|denne|her)\b.{0,20}\b(?:er|udtrykker|uttrykker)\b.{0,10}\b(?:kronik\w*
              |debat\w*|klumme\w*
              |kommentar\w*|meningsytring\w*|meiningsytring\w*|innlegg|indlæg|leder|leiar)\b.{0,20}
              (?:\.|:|$).{0,120}\b(?:skribent\w*|forfatter\w*|forfattar\w*|egn?e|eigne?)\b
          | (?:indlægget|innlegget|kronikk?en|artik\w+|teksten)[ ](?:er[ ])?(?:udtryk|uttrykk?
              |gir[ ]uttrykk)
              .{0,10}for.{0,60}(?:holdning\w*|haldning\w*|mening\w*|meining\w*) )""",
        220,
    ),
    _rule(
        "genre label",
        r"""(?:kronik|kronikk|debat|debatt|debatinnlegg|debattinnlegg|debatindlæg|leder|leiar
              |kommentar
              |klumme|blogg?|blogginnlegg|blogindlæg|nyhed|nyheder|nyhet|nyheter|nyhende|artikel
              |artikkel
            |reportage|reportasje|feature|interview|intervju|pressemeddelelse|pressemelding|aktuelt
              |gjestekommentar|gæsteindlæg|synspunkt|meninger|meiningar|opinion|news)$""",
        30,
    ),
    _rule(
        "dateline",
        rf"""(?: (?:(?:artik\w+|saken|saka|siden|sida|teksten)[ ](?:er|ble|blev|vart|blei)[ ])?
                (?:publisert|publiceret|offentliggjort|offentleggjort|udgivet|utgitt|utgjeve
              |utgjevet
              |opdateret|oppdatert|published|posted|updated|lagt[ ]ut|skrevet|skrive|oprettet
              |opprettet|dato[ ]?:|date[ ]?:
              |(?:sist|sidst|senest|seinast|last)[ ]
                  (?:oppdatert|opdateret|endret|endra|ændret|redigeret|revidert|updated))
                (?:[ ](?:den|d\.|on|av|af))? [ :,|]* (?:[^\d.!?]{{0,40}}[ ])?
                (?:{DAY}{CLOCK}|kl\.?[ ]?\d\d?[.:]\d\d|(?:i[ ])?(?:dag|går)\b{CLOCK})
                (?: [ ]?[|·•,(/–-].{{0,60}}
                  | \.?[ ](?:av|af|by|kl|opp?date\w*|sist|senest|sidst|endret|ændret
              |updated)\b.{{0,60}}
                  | \. )?$
          | {DAY}{CLOCK} (?:[ ]?(?:[|·•,–-][ ]?|(?-i:(?=[A-ZÆØÅ])))[^.!?:;,]{{1,40}})?$
          | [^.!?:;,\d|·•]{{2,60}}[|·•,–-][ ]?{DAY}{CLOCK}$
          | (?:ca\.?[ ])?\d{{1,2}}[ ]?min\.?(?:utt?er|uttar|utes?)?[ ](?:læsetid|lesetid|lesetid
              |lesing|read)\b.{{0,20}}$
          | (?:læsetid|lesetid|reading[ ]time)\b.{{0,20}}$
          | (?:publisert|publiceret)[ ](?:under|av|af|i)[ ]?:.{{1,80}}$
          | (?:utgiver|udgiver|utgjevar)[ ]?:.{{1,80}}$ )""",
        110,
    ),
    _rule(
        "contact line",
        rf"""(?: (?:telefon|tlf|tel|mobil|phone|direkte|pressevakt|pressetelefon|sentralbord
              |omstilling
              |e-?mail|e-?post|epost|mail|besøksadresse|postadresse|adresse|besøgsadresse|cvr|fax
              |org\.?[ ]?n(?:umme)?r|kontaktperson|pressekontakt|kontakt|web)\b
                [ .:–-]* (?:\+?\d[\d ]{{4,}}|{EMAIL}|(?<=[:])[ ]?\S.{{1,70}}$) [^!?]{{0,60}}$
          | (?:{EMAIL}|{PHONE}) [ |·,/]* (?:{EMAIL}|{PHONE})? $
          | {NAME},[ ][^.!?]{{3,60}},?[ ] (?:(?:tlf|telefon|mobil|mob|tel)\.?:?[ ])? (?:{PHONE}
              |{EMAIL}) .{{0,40}}$
          | (?:har|er|have)[ ](?:du|dere|I|you|de)[ ](?:nog[el]+n?|noen|nokre|any)?[ ]?
                (?:spørsmål|spørgsmål|tips|innspill|kommentarer|questions)\b
                (?: .{{0,30}}\?[ ].{{0,40}}\b(?:kontakt|ring|send|skriv|tips|e-?post|mail
              |contact)\b .{{0,80}}
                  | .{{0,40}}\b(?:kontakt|ring)\b .{{0,80}} )$
          | (?:(?:ta|tag|tak)[ ](?:gerne[ ]|gjerne[ ])?)?kontakt(?:[ ](?:med[ ])?(?:os|oss
              |us))?\b[ ]?[:!.]?$
          | (?:kontaktinformasjon|kontaktinfo|kontaktpersone?r?|kontaktoplysninger|pressekontakt
              |contact)$
          | (?:for[ ])?(?:yderligere|nærmere|nærare|mer|mere|meir|flere|more)[ ](?:oplysninger
              |opplysninger
              |informas?tion|informasjon|info|information)\b [^.]{{0,60}} (?:\b(?:kontakt|ring
              |tlf)\b.{{0,100}}|:[ ]?\S{{5,80}}$|{PHONE}.{{0,60}}|{EMAIL}.{{0,60}})
          | tips[ ](?:os|oss|redaksjon\w*|redaktion\w*)\b .{{0,80}}$
          | (?:spørsmål|spørgsmål|henvendelser?|henvendelse
              |pressehenvend\w+)\b .{{0,60}}(?:{PHONE}|{EMAIL}) .{{0,40}}$ )""",
        200,
    ),
    _rule(
        "advertisement",
        r"""(?:annonse|annonce|annoncer|annonser|reklame|sponset|sponsoreret|sponset[ ]innhold
              |betalt[ ]innhold
              |annonsørinnhold|annoncørbetalt[ ]indhold|kommersielt[ ](?:samarbeid|samarbejde)
              |advertisement
              |artik\w+[ ]fortsetter[ ](?:under|etter)[ ](?:annonsen|bildet)
              |artik\w+[ ]fortsætter[ ](?:under|efter)[ ](?:annoncen|billedet)
              |saken[ ]fortsetter[ ](?:under|etter)[ ](?:annonsen|bildet)
              |saka[ ]held[ ]fram.{0,30})[ .:]*$""",
        60,
    ),
    _rule(
        "feedback prompt",
        r"""(?: (?:fant|fandt|fann)[ ]du[ ].{0,30}(?:lette|leitte|leita|søgte|så|leitte)\b.{0,10}\?
          | (?:var|er|hjalp)[ ](?:denne|dette|den)[ ](?:siden|sida|side|innhold\w*|artik\w+
              |information\w*).{0,40}\?
          | (?:hjalp|hjelpte)[ ].{0,30}(?:siden|sida|artik\w+).{0,20}\?
            | was[ ]this[ ]page.{0,30}\? ).{0,30}$""",
        110,
    ),
    _rule(
        "download link",
        r"""(?:last[ ](?:ned|ner)|hent|download|åbn|åpne)\b [^.!?]{0,100}
            \b(?:pdf|docx?|xlsx?|pptx?|[km]b)\b .{0,20}$""",
        140,
    ),
    _rule(
        "keywords",
        r"""(?: (?:emneord|tags?|stikord|nøkkelord|nøgleord|temaord|kategori(?:er|ar)?|keywords
              |topics)[ ]?:
          | (?:emner?|tema|temaer)[ ]?: (?=[^,]*,) ) [ ][^.!?]{2,140}$""",
        160,
    ),
    _rule(
        "imprint",
        r"""(?: (?:©|\(c\)|copyright\b)\s?(?-i:(?=[\d©A-ZÆØÅ])).{0,100}$
          | (?:alle[ ]rettigheder|alle[ ]rettigheter|alle[ ]rettar|all[ ]rights[ ]reserved
              |alt[ ]innhold[ ]er|alt[ ]indhold[ ]er).{0,80}$
          | (?:ansvarlig|ansvarshavende|ansvarshavande|ansvarleg)?[ ]?(?:chef|sjef)?(?:redaktør
              |redaktion|redaksjon)(?:en|a)?[ ]?:.{1,80}$
          | .{0,60}(?:følger|arbeider[ ]etter|arbeidar[ ]etter
              |redigeres[ ]etter)[ ].{0,20}(?:vær[ ]varsom|ver[ ]varsam|presseetik\w*
              |presseskikk).{0,30}$ )""",
        160,
    ),
    _rule(
        "navigation",
        r"""(?: (?:privatlivspolitik|personvernerklæring|cookiepolitik|tilgængelighedserklæring
              |tilgjenge(?:lighets|s)?erklæring|om[ ]oss?
              |personvern[ ]og[ ](?:informasjonskap\w+|cookies|vilkår))$
          | (?:log[ ]?ind|logg[ ](?:inn|på)|login|log[ ]in|søk|søg|search|meny|menu|hovedmeny
              |hovedmenu
              |(?:hopp|gå|spring|skip)[ ](?:direkte[ ])?(?:til|to)[ ](?:sidens[ ]
              |main[ ])?(?:hoved|hovud|ho?vu?d|inn?h[oa]l|indhold|topp|forsid|content|navigas
              |naviga|artik)\w*|(?:til[ ])?toppen
              |(?:tilbake|tilbage|attende)[ ]til[ ]toppen|vis[ ](?:mere?|meir|alle|flere|fleire
              |færre)|(?:se|sjå)[ ]alle(?:[ ](?:nyhe\w+|artik\w+|saker|innlegg|indlæg))?
              |(?:last|indlæs|hent)[ ](?:inn[ ])?flere?|neste|næste|forrige|førre|lukk?|close|next
              |previous
              |forsid[ea]n?|innhold|innholdsfortegnelse|indholdsfortegnelse|indhold|innhald
              |skriv[ ]til[ ](?:os|oss))[ .:»›→↑]*$
          | [^|·•.!?]{2,35} (?: [ ] [|·•] [ ] [^|·•!?]{2,35} ){2,12} $ )""",
        200,
        in_lists=False,
    ),
    _rule(
        "left-over code",
        r"""(?:var[ ]|let[ ]|const[ ]|function\b|window\.|document\.|jQuery|\$\(|@media
              |[.\#][\w-]{1,60}\s?\{) [^\n]*[{};=(]""",
        5000,
        case=True,
    ),
)
