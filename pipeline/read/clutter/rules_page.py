"""Clutter that belongs to the page: menus, breadcrumbs, cookie notices, imprints."""

from __future__ import annotations

from pipeline.read.clutter.reasons import (
    BREADCRUMB,
    CONTENTS,
    COOKIES,
    DOWNLOAD,
    IMPRINT,
    KEYWORDS,
    LEFT_OVER_CODE,
    NAVIGATION,
    PAGE_LINKS,
)
from pipeline.read.clutter.rule import Rule, make_rule

PAGE_RULES: tuple[Rule, ...] = (
    make_rule(
        BREADCRUMB,
        r"""(?: (?:du[ ]er[ ](?:no[ ]|nå[ ]|nu[ ])?her|you[ ]are[ ]here)\b (?![^.]*\.$)
          | (?:forsid[ea]n?|hjem|heim|home|startside[na]?) \s* [>›»/|→]
          | (?:[‹<←↩]|«(?![^»]*»)) \s* (?:tilbage|tilbake|attende|back|til)\b
          | (?:gå[ ])?(?:tilbage|tilbake|attende|back)[ ](?:til|to)[ ](?:alle[ ])?(?:artik\w+
              |nyhe\w+
              |aktuelt|forsid\w+|over[sv]ik?g?t\w*|arkiv\w*|blogg?\w*|list\w+|søke?\w*|søge?\w*)$
          | (?![^\n]*[ ]/[ ](?-i:[a-zæøå]))  # lines of a verse: »å leve / ete speilegg / drikke«
            [^>›»▸→/.:!?\d\n]{2,40} (?:[ ] [>›»▸→/] [ ] [^>›»▸→/.:!?\n]{2,60}){2,6}$
          | [^›»▸«.!?:,\n]{2,30} [ ] [›▸] [ ] [^›»▸.!?:,\n]{2,40}$
          | (?:forsid[ea]n?|framsid[ea]|hjem|heim|start|startside[na]?
              |home) (?:[ ] [–|-] [ ] (?:(?![ ][–|-][ ])[^.!?\n]){1,40}){1,9}$ )""",
        200,
    ),
    make_rule(
        PAGE_LINKS,
        r"""(?: (?:[‹<←]|«[ ])[ ]?(?:forrige|førre|eldre|ældre|previous)\b.{0,60}$
          | (?:neste|næste|next|nyere|nyare)\b[^.!?«]{0,60}[›»>→]$
          | (?:\d{1,3}[ ]|…[ ]|\.\.\.[ ]){2,12}(?:\d{1,4}|neste|næste|next|side|[›»>→]|[ ]){1,4}$
          | (?:forrige|førre|neste|næste|første|fyrste|siste|sidste)[ ](?:side|sida|artik\w+|sak
              |nyhe[dt]|innlegg|indlæg)(?:[ |]{1,3}(?:forrige|neste|næste)[ ]\w+)?$
          | side[ ]\d{1,4}[ ](?:af|av)[ ]\d{1,4}$ | vis(?:er|t)?[ ]\d+.{0,3}\d+[ ](?:af
              |av)[ ]\d+\b.{0,20}$ | vis[ ](?:flere|fleire)[ ]\w+$ | gå[ ]til[ ](?:første|siste
              |sidste|neste|næste)[ ]side$
          | (?:forrige|førre|previous)?[ ]?(?:\d{1,3}[ ]|…[ ]|\.\.\.[ ]){2,12}(?:neste|næste
              |next)$ | (?:neste|næste|forrige|førre)[ ]artik\w+[ ]?:[ ].{3,80}$ | til[ ]arkivet$
              | last[ ]inn[ ](?:flere|fleire)\b.{0,20}$
          | (?:eldre|ældre|nyere|nyare)[ ](?:innlegg|indlæg|artik\w+|saker|nyhe\w+)$ )""",
        90,
    ),
    make_rule(
        CONTENTS,
        r"""(?: (?:(?:innh[oa]ld|indhold)[ ])?(?:på|i)[ ](?:denne|dette)[ ](?:siden?|sida|artik\w+
            |saken|dokument\w*)
          | (?:innh[oa]ld|indhold)[ ](?:på|i)[ ](?:siden|sida|artik\w+)
          | (?:i[ ]denne[ ]artik\w+[ ](?:kan|får)[ ]du[ ](?:lese?|læse)[ ]om|kapitler[ ]i[ ].{2,30}
              |innh[oa]ldsliste|spring[ ]til[ ]afsnit|hopp[ ]til[ ](?:avsnitt|kapittel))
          | (?:hopp|spring|gå)[ ]til[ ]?:[ ].{2,70}
          | (?:\d+(?:\.\d+)*[ ])?[^.]{2,60}[ ]?\.{4,}[ ]?\d{1,3}
          | (?:gå|hopp|spring)[ ](?:direkte[ ])?til ) [ ]?:?$""",
        100,
        in_lists=False,
    ),
    make_rule(
        NAVIGATION,
        r"""(?: (?:privatlivspolitik|personvernerklæring|cookiepolitik|tilgængelighedserklæring
              |tilgjenge(?:lighets|s)?erklæring|om[ ]oss?
              |personvern[ ]og[ ](?:informasjonskap\w+|cookies|vilkår))$
          | (?:log[ ]?ind|logg[ ](?:inn|på)|login|log[ ]in|søk|søg|search|meny|menu|hovedmeny
              |hovedmenu
              |(?:hopp?|gå|spring|skip)[ ](?:direkte[ ])?(?:til|to)[ ](?:sidens[ ]
              |main[ ])?(?:hoved|hovud|ho?vu?d|inn?h[oa]l|indhold|topp|forsid|content|navigas
              |naviga|artik)\w*|(?:til[ ])?toppen
              |(?:tilbake|tilbage|attende)[ ]til[ ]toppen|vis[ ](?:mere?|meir|alle|flere|fleire
              |færre)|(?:se|sjå)[ ]alle(?:[ ](?:nyhe\w+|artik\w+|saker|innlegg|indlæg))?
              |(?:last|indlæs|hent)[ ](?:inn[ ])?flere?|neste|næste|forrige|førre|lukk?|close|next
              |previous
              |log[ ]?(?:ind|på)[ ](?:på|til|med|i|for)[ ][^.,]{2,40}|logg[ ](?:inn|på)[ ](?:på|til
                  |med|i|for)?[ ]?[^.,]{2,40}
              |(?:min|mit|mitt|mine)[ ](?:sider?|side|profil|konto|overblik|oversikt|medlemskab
                  |medlemskap|bibliotek)
              |(?:avanceret|avansert)[ ]s[øo][gk]\w+|(?:åbn|åpne|luk|lukk|vis
                  |skjul)\b.{0,15}\b(?:menu|meny)\w*|log[ ]ind[ ]/[ ].{2,20}|opret[ ]bruger
              |(?:english|dansk|norsk|bokmål|nynorsk|deutsch|kalaallisut|davvisámegiella|svenska
                  |in[ ]english|auf[ ]deutsch)(?:[ |/]{1,3}(?:english|dansk|norsk|bokmål|nynorsk
                  |deutsch|kalaallisut|davvisámegiella|svenska|auf[ ]deutsch)){1,5}
              |til[ ]toppen[ ]av[ ]siden|alle[ ]tjenester.{0,8}|vælg[ ]din[ ]\w+|velg[ ]din[ ]\w+
              |translate|in[ ]english|english|norsk|dansk|sámegiella|deutsch|handlekurv.{0,6}
                  |indkøbskurv.{0,6}
              |start[ ](?:søknad\w*|ansøgning\w*)(?:[ ]med[ ]\w+)?|s[øo][kg][ ](?:på
                  |i)[ ][^.]{2,30}(?<!tid)
              |nettstedskart|sitemap|nettstadkart
              |forsid[ea]n?|innhold|innholdsfortegnelse|indholdsfortegnelse|indhold|innhald
              |skriv[ ]til[ ](?:os|oss))[ :»›→↑⬇↓]*$
          | [^|·•.!?]{2,35} (?: [ ] [|·•] [ ] [^|·•!?]{2,35} ){2,12} $ )""",
        200,
        in_lists=False,
    ),
    make_rule(
        COOKIES,
        r"""(?=.*(?:cookies?\b|informas?tionskaps|informasjonskaps)) (?:
                .{0,45}\b(?:vi|we|siden|sida|nettstedet|nettstaden|nettside[nr]?|nettsida
                    |hjemmesiden
              |websitet?)\b
                .{0,60}\b(?:bruk\w*|bruger|anvender|benytt\w*|use[sd]?|nytt\w*)\b
              | (?:(?:du|de)[ ]kan[ ](?:når|altid|alltid|til[ ]enhver|tr[æe]k|endre|ændre|velge
                  |vælge|avvise|afvise|godta|acceptere)|ved[ ]at|ved[ ]å
                  |by[ ]).{0,60}\b(?:samtyk|cookie|accept|afvis|avvis)
              | (?:les|læs|read)[ ](?:mere?|meir|more)\b.{0,60}$
              | (?:om[ ])?(?:cookies|informas?jonskaps\w+)(?:[ ]på[ ](?:[\w-]+\.){1,4}\w{2,4}
                  |[ ]og[ ]personvern)?$
              | [^ ]{2,40}\.(?:dk|no|com|org)[ ].{0,40}$ )
          | .{0,40}(?:skjul\w*|vises|visast|vist)[ ]?,?[ ](?:fordi|da)[ ]du[ ].{0,30}(?:cookies
              |informasjonskaps\w+)\b.{0,80}$""",
        240,
        words=("cook", "onskaps"),
    ),
    make_rule(
        COOKIES,
        r"""(?: (?:godta|godkjenn|aksept[eé]r|accept[eé]r|accept|afvis|avvis|tillat|tillad|decline)
                (?:[ ](?:alle?|all|valgte?|nødvendige|utvalgte))? (?:[ ]cookies)?$
          | (?:statistik|statistikk|marketing|markedsføring|funktionelle|funksjonelle|nødvendige
              |præferencer|preferanser)
            (?:[ ,|]{1,3}(?:statistik|statistikk|marketing|markedsføring|funktionelle|funksjonelle
                |nødvendige|præferencer|preferanser|og)){1,5}$
          | (?:vis|se|les|læs)[ ](?:detalj\w+|mer|mere)[ ]om[ ](?:cookies|informasjonskaps\w+)$
          | (?:du[ ](?:skal|må)|for[ ](?:at|å)[ ]se).{0,60}(?:cookies|informasjonskaps\w+)\b.{0,60}$
          | (?:statistik\w*|marke?d?s?førings?|præference|preferanse|nødvendige
              |funk[st]\w+)?-?(?:cookies|informasjonskaps\w+)[ ](?:gør[ ]det|brukes|bruges|gjør
              |hjelper|hjælper|er[ ]nødvendige)\b.{0,140}$
          | (?:statistikk?|markedsføring|nødvendige)[ ]?:[ ].{0,30}(?:cookies
              |informasjonskaps\w+)\b.{0,90}$
          | (?:tilpass?|endre|ændr)[ ](?:innstilling\w*|indstilling\w*)[ ](?:for[ ])?.{0,40}$
          | (?:du|de)[ ]kan[ ](?:til[ ]enhver[ ]tid|når[ ]som[ ]helst|altid
              |alltid)[ ].{0,30}samtykke\b.{0,80}$
          | her[ ]kan[ ]du[ ](?:velge|vælge|velje)[ ].{0,40}(?:cookies
              |informasjonskaps\w+)\b.{0,140}$
          | (?:godta|tillad|tillat|afvis|avvis)[ ](?:ud?val[gk]te|alle)(?:[ ](?:undtagen|unntatt
              |untateke)[ ]\w+)?$ | gem[ ]og[ ]luk$ | alltid[ ]aktiv$ | greitt?,[ ](?:eg
              |jeg)[ ]forstår$
          | udløb[ ]?:.{2,60}$ | (?:lagre|lagra|gem)[ ](?:val\w*|valgene)[ ]\w+$
          | ja,?[ ](?:jeg|eg)[ ](?:samtykker|godtar|godtek|accepterer)\b.{0,40}$
          | (?:din|dit)?[ ]?(?:nettleser\w*|browser\w*)[ ].{0,40}(?:javascript|cookies
              |informasjonskaps\w+|støttes[ ]ikke|for[ ]gammel)\b.{0,100}$
          | (?:kun|bare|berre|only)[ ](?:nødvendige|naudsynte|necessary)\b.{0,12}$
          | (?:vi|we)[ ](?:bryr[ ]oss|respekterer|værner|passer|care)\b.{0,10}
                (?:om|på|about)?.{0,8}(?:personvern\w*|privatliv\w*|privacy|data)\b.{0,12}$
          | (?:administrer|tilpas|tilpass|manage|vis|endre|ændr)[ ](?:valg|val|cookies|samtykke\w*
              |detaljer|innstillinger|indstillinger)$
          | (?:cookie-?(?:indstillinger|innstillinger)|samtykkeindstillinger)$
          | (?:det[ ]er[ ](?:greit|fint|ok|i[ ]orden)(?:[ ]med[ ]meg|[ ]med[ ]mig
              |[ ]for[ ]meg)?)$ )""",
        240,
    ),
    make_rule(
        KEYWORDS,
        r"""(?: (?:emneord|tags?|stikord|nøkkelord|nøgleord|temaord|kategori(?:er|ar)?|keywords
              |topics)[ ]?:
          | (?:emner?|tema|temaer)[ ]?: (?=[^,]*,) ) [ ][^.!?]{2,140}$
          | (?:ark?iveret[ ]under|arkivert[ ]under|merket[ ]med|merka[ ]med|mere?[ ]om
              |følg[ ]emner?)[ ]?:?[ ](?=.*[,|+]|.*(?-i:(?:[ ][A-ZÆØÅ]\w+){2}))[^.!?]{2,100}$
          | (?:mærker|merkelappar|merkelapper|stikkord|stikord)(?:[ ]?:[ ].{2,90}|[ ]\#.{2,90})?$
          | (?:emneord|tags?|nøkkelord|nøgleord|keywords|kategorier|kategoriar)[ ]?:?$
          | arkiv(?:er)?et[ ]under[ ]?:.{2,60}$
          | (?:\#[\w-]{2,40}[ ,]*){2,15}$""",
        160,
    ),
    make_rule(
        DOWNLOAD,
        r"""[^\w]{0,3}(?:last[ ](?:ned|ner)|hent|download|åbn|åpne)\b [^.!?]{0,100}
            \b(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|[km]b)\b .{0,60}$""",
        140,
    ),
    make_rule(
        IMPRINT,
        r"""(?: (?:©|\(c\)|copyright\b)\s?(?-i:(?=[\d©A-ZÆØÅ])).{0,100}$
          | (?:alle[ ]rettigheder|alle[ ]rettigheter|alle[ ]rettar
              |all[ ]rights)(?:[ ](?:er[ ])?(?:forbehold|reserv|tilhør)\w*.{0,60})?\.?$
          | (?:ophavsret|opphavsrett)[ ]?:.{4,140}$ | vi[ ]forbeholder[ ]os.{10,160}$ | (?:adm\.?
              |administrerende|daglig|dagleg)[ ](?:direktør|leder|leiar)[ ]?:.{2,50}$
          | (?:privatlivspolitik|personvern)[ ]og[ ](?:cookies|informas?jonskaps\w+|vilkår)$
              | whistleblower\w*$ | (?:designet|design|utviklet|udviklet|drevet
              |driftet)(?:[ ]og[ ]\w+)?[ ](?:av|af|med)[ ].{2,60}$
          | (?:siden|sida|nettsiden)[ ]er[ ](?:best|bedst|optim)\w*.{4,80}$ | (?:en
              |ein)[ ]del[ ]av?f?[ ](?:mediehuset|mediekonsernet|mediegruppen)[ ].{2,40}$
              | (?:dette[ ])?verket[ ]er[ ].{0,60}(?:cc|lisens\w*).{0,20}$
          | (?:utgitt|utgjeve|udgivet)[ ]med[ ]støtt\w+[ ].{3,60}$ | kjøpsvilkår\b.{0,30}$
              | om[ ](?:nettstedet|nettstaden|hjemmesiden)$ | nettansvarleg[ ]?:.{2,60}$
          | ean(?:-?n(?:umme)?r\.?)?[ ]?:?[ ]?\d{10,16}$
          | (?:ansvarlig|ansvarshavende|ansvarshavande|ansvarleg)?[ ]?(?:chef|sjef)?(?:redaktør
              |redaktion|redaksjon)(?:en|a)?[ ]?:.{1,80}$
          | (?:(?:ansvarlig|ansvarshavende|ansvarshavande|ansvarleg)[ ](?:chef|sjef)?|sjef
              |chef)redaktør[ ](?-i:[A-ZÆØÅ])[^.!?]{2,50}$
          | redaktør[ ](?-i:[A-ZÆØÅ]\w+(?:[ ][A-ZÆØÅ]\w+){1,2})$
          | (?:issn|isbn|cvr|org\.?|organisasjonsnummer|virksomhedsnummer)(?:-?n(?:umme)?r\.?
              |[ ]?no\.?)?[ ]?:?[ ]?[\d][\d -]{5,20}$
          | (?:nettst[ae]d\w*|nettsid\w+|hjemmesid\w+|websted\w*|websitet?|siden|sida
              |sidene)?[ ]?(?:er[ ])?(?:levert|leveret|laget|lavet|laga|utviklet|udviklet|utvikla
              |bygget|bygd|bygt|drevet|drives|powered)[ ](?:av|af|med|by|på)[ ][^.!?]{2,40}$
          | [^.!?:]{2,50}[ ](?:udgives[ ]af|utgis[ ]av|utgjes[ ]av|gis[ ]ut[ ]av|gjevast[ ]ut[ ]av
              |blir[ ]gitt[ ]ut[ ]av)[ ](?-i:[A-ZÆØÅ]).{2,100}$
          | (?:(?:nett|ansvarl\w+[ ]|sjef|chef)?redaktør|(?:daglig|dagleg)[ ](?:leder
              |leiar))(?:[ ]\((?:DJ|NR)\)|[ ]og[ ]\w+[ ]\w+)?[ ]?:[ ](?-i:[A-ZÆØÅ]).{2,70}$
          | (?:web-?master|webansvarlig|nettansvarlig)\b.{0,60}$ | persondata\w*$
              | vilkår[ ]for[ ]br\w+\b.{0,20}$ | tilgjengelighetserklæring\b.{0,20}$
          | (?:siden|sida|bladet|avisen|avisa|nettstedet)[ ]er[ ](?:støtt\w+|tilmeldt|medlem
              |optimali[sz]er\w+|finansier\w+)\b.{0,90}$
          | (?:alt[ ])?(?:inn?h[oa]ld\w*|innhold\w*)(?:[ ]på[ ]\w+)?[ ]er[ ]
              (?:opp?havsret\w+[ ])?(?:beskyttet|verna|vernet)\b.{0,140}$
          | medlem[ ](?:af|av)[ ](?-i:[A-ZÆØÅ]).{2,60}$
          | (?:en|ein)[ ]del[ ](?:av|af)[ ].{2,40}(?:grupp[ae]n?|gruppen|koncernen|konsernet)$
          | (?-i:[A-ZÆØÅ])[^.!?:]{2,50}[ ]\d{1,4}[A-Za-z]?,.{0,40}
              \b\d{4}[ ](?-i:[A-ZÆØÅ])[^.!?:]{2,30}$
          | (?:post)?boks[ ]\d{1,5}\b.{0,60}$
          | (?:vilkår[ ]for[ ]bruk|handelsbetingelser|brugsvilkår|brukervilkår|salgsvilkår
              |webansvarlig|administrer[ ]samtykke|tilgængelighed(?:[ ]\(was\)|serklæring))$ )""",
        200,
    ),
    make_rule(
        IMPRINT,
        r"""(?: [^.!?]{2,30}[ ](?:følger|følgjer)[ ].{0,30}plakaten\b.{0,40}$
          | .{0,50}\b(?:arbeider|arbeidar|redigeres
              |redigerast)[ ]etter[ ].{0,40}(?:plakaten|presseskikk)\b.{0,60}$
          | .{0,60}(?:følger|arbeider[ ]etter|arbeidar[ ]etter
              |redigeres[ ]etter)[ ].{0,20}(?:vær[ ]varsom|ver[ ]varsam|presseetik\w*
              |presseskikk).{0,30}$
          | [^.!?]{2,30}[ ]er[ ]tilmeldt[ ]pressenævnet\.?$ )""",
        200,
        words=("plakaten", "press", "vars"),
    ),
    make_rule(
        LEFT_OVER_CODE,
        r"""(?:var[ ]|let[ ]|const[ ]|function\b|window\.|document\.|jQuery|\$\(|@media
              |[.\#][\w-]{1,60}\s?\{) [^\n]*[{};=(]""",
        5000,
        case=True,
    ),
)
