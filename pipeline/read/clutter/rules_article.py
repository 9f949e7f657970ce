"""Clutter that speaks of the article: who wrote it, when, and whom to ask."""

from __future__ import annotations

from pipeline.read.clutter.reasons import (
    AUTHOR,
    BYLINE,
    CONTACT,
    DATELINE,
    GENRE,
    LETTERHEAD,
    OPINION,
    SUMMARY,
)
from pipeline.read.clutter.rule import Rule, make_rule
from pipeline.read.clutter.words import CLOCK, DAY, EMAIL, NAME, NAMES, PHONE

ARTICLE_RULES: tuple[Rule, ...] = (
    make_rule(
        BYLINE,
        rf"""(?: (?:(?:[Bb]log|[Ii]ndlæg|[Ii]nnlegg|[Kk]ronikk?|[Kk]lumme|[Dd]ebatt?(?:indlæg
              |innlegg)?
              |[Kk]ommentar|[Ll]eder|[Ee]ssay|[Rr]eportage|[Gg]jestekommentar)[ ](?:[Aa]f|[Aa]v)
              |(?:[Ss]krevet|[Ss]kriven?|[Ff]orfattet|[Oo]versat|[Oo]versatt|[Oo]msett?
                  |[Rr]edigeret|[Rr]edigert|[Pp]ostet|[Pp]ublisert|[Pp]ubliceret
              |[Uu]dgivet)[ ](?:af|av)|[Ww]ritten[ ]by
              |[Aa][fv]|[Bb]y|AF|AV
              |BY) [:]?[ ] (?:[a-zæøå]{{4,20}}(?:[ ][a-zæøå]{{4,20}})?[ ])? {NAMES}
                (?:[ ](?:den[ ]|d\.[ ]?){DAY}{CLOCK})?
                (?:[ ]?[,|·•/–(][ ]?(?:[^.!?]|\.(?=[ ]?[\da-zæøå])){{2,80}})? \)?$
          | (?:[Aa][fv]|AV|AF|v/)[ ]?:?[ ](?:NTB|Ritzau|redaksjonen|redaktionen
              |vores[ ]udsendte[ ]\S.{{0,40}}|v[åo]r(?:es)?[ ]\S.{{2,40}})$
          | (?:Indsendt|Innsendt|Lagt[ ]ut|Læst[ ]korrektur|Korrektur|Publiceret
              |Publisert)[ ](?:af|av)[ ].{{2,50}}$ | (?:Blogger|Bloggar|Gjesteskribent
              |Gæsteskribent|Forfatter\(e\))(?:[ ]?:.{{2,110}})?$
          | \(?[/©]?[ ]?(?:NTB|Ritzau|[A-Za-zæøå]{{4,20}}pres)/?\)?$
              | {NAME}[ ](?:[A-ZÆØÅ]\w+[ ])?(?:redaktør|journalist|reporter|kommentator
              |korrespondent)$
          | (?:v/)[ ]?{NAMES}\b[^.!?]{{0,60}}$
          | (?:Journalist|Reporter|Redaktør|Fotograf|Skribent|Forfatter|Forfattar
              |Kommentator)(?:[ ]{NAMES})?$
          | [Tt]ekst[ ](?:og|&)[ ](?:foto|bilde\w*|bilete\w*|billede\w*)$
          | (?:TEKST|Tekst|Text|Oversettelse|Oversættelse|Omsetjing|Skrevet|Journalist|Forfatter
              |Forfattar|Skribent|Fotograf|Redaktør
              |Illustras?tør|Oversett\w+|Author|Writer)(?:[ ](?:og|&
              |/)[ ]\w+)?[ ]?:[ ]? \S.{{1,90}}$
          | {NAME},[ ] (?![^,]*\b(?:har|er|var|vil|kan|skal
              |skriver)\b) [a-zæøå][^.!?;:]{{3,80}}$ )""",
        140,
        case=True,
        in_lists=False,
    ),
    make_rule(
        AUTHOR,
        rf"""(?:Om[ ]forfatter(?:en|ne)|Om[ ]forfattaren|Om[ ]skribenten|Forfatteren
            |Forfattaren)[ ]?:[ ].{{5,400}}$
          | [Ff]ølg[ ](?:forfatter\w*|skribent\w*|{NAME}[ ]på[ ]\w+)\b.{{0,20}}$
          | {NAME} (?:,[^.,]{{2,60}},)? [ ]
            (?: (?:skriver|skriv|blogger|bloggar)[ ]
                  (?:fast\b|her\b|(?:om|for|i|på|jævnlig|jevnlig)\b
                    (?=.*\b(?:på|for|i)(?:[ ][A-ZÆØÅ][\w.-]+){{1,4}}$))
              | (?:er|is)[ ](?:(?:en|ein|a|fast|tidligere|tidlegare)[ ]){{0,2}}
                (?:spalte?ist|skribent|blogger|bloggar|klummeskribent|klummist|kommentator|columnist
              |debattør|debattant|kronikør|kronikkforfatter|gæsteskribent
              |gjesteskribent)\b ) (?:[^.,]|\.(?=\w)){{0,100}}\.?$""",
        420,
        case=True,
        in_lists=False,
    ),
    make_rule(
        OPINION,
        r"""(?: (?:dette|denne|her)\b.{0,20}\b(?:er|udtrykker|uttrykker)\b.{0,10}\b(?:kronik\w*
              |debat\w*|klumme\w*|lesarbrev|leserbrev|læserbrev
              |kommentar\w*|meningsytring\w*|meiningsytring\w*|innlegg|indlæg|leder|leiar)\b.{0,20}
              (?:\.|:|$).{0,120}\b(?:skribent\w*|forfatter\w*|forfattar\w*|egn?e|eigne?)\b
          | dette[ ]er[ ](?:meningsstof|en[ ]leder|ein[ ]leiar|et[ ]leserinnlegg
              |annonsørinn\w+)\b.{0,120}$
              | informas?j?onen[ ]i[ ](?:denne[ ])?artik\w+[ ]er[ ].{0,140}$
          | (?:blogg?indlæg|blogginnlegg|innlegg
              |indlæg)[ ](?:på[ ]siden[ ])?er[ ]ikke[ ]redigeret\b.{0,50}$ | (?:nyhe[dt]sbureauet
              |nyhetsbyrået)[ ].{2,40}[ ]står[ ]bag?k?[ ].{0,40}$
          | (?:denne|dette)[ ](?:saken|saka|artik\w+|kommentar\w*|innlegget
              |indlæg\w*)[ ]er[ ](?:produsert|produceret|skrevet|alene|maskin\w+|oversat\w*|fjernet
              |gjeven|laget)\b.{0,170}$
          | (?:meninga?ne|meiningane|synspunkt\w*|holdning\w*|inn?h[oa]ldet
              |innhaldet)\b.{0,40}(?:skribent\w*|forfatter\w*|forfattar\w*)\b.{0,60}$
          | (?:teksten|dette)[ ]er[ ](?:en[ ]|ein[ ]|et[ ]|eit[ ])?(?:kommentar|kronik\w*|leder
              |leiar|debat\w*)\b,?.{0,30}(?:skrevet|skriven|skrive)[ ](?:av|af)\b.{0,60}$
          | (?:artik\w+|innlegget|indlægget|kronikk?en|teksten)[ ](?:har[ ])?(?:stod|sto|ble|blev
              |vart|er|var)[ ](?:først[ ]|tidligere[ ]|oprindeligt[ ]|opprinnelig[ ]
              |fyrst[ ])?(?:på[ ]trykk|trykt|bragt|publi[sc]ere?t|publisert|offentliggjort
              |produsert|produceret|maskinoversatt?|oversatt?)[ ](?:i|på|av|af|fra
              |og)\b[ ](?-i:(?=[A-ZÆØÅ]|engelsk|svensk|deretter)).{0,120}$
          | (?:denne[ ])?(?:pressemelding\w*|pressemeddelelse\w*|(?:dette[ ])?ind?h[oa]ld\w*
              |(?:dette[ ])?innhold\w*)[ ]er[ ](?:udsendt|sendt[ ]ut|send[ ]ut|leveret|levert
              |distribuert|distribueret|betalt)\b.{0,120}$
          | (?:artik\w+|indlæg\w*|innlegg\w*)[ ]indeholder[ ](?:reklame|annonce
              |affiliate)\w*.{0,40}$
          | (?:indlægget|innlegget|kronikk?en|artik\w+|teksten)[ ](?:er[ ])?(?:udtryk|uttrykk?
              |gir[ ]uttrykk)
              .{0,10}for.{0,60}(?:holdning\w*|haldning\w*|mening\w*|meining\w*) )""",
        220,
    ),
    make_rule(
        SUMMARY,
        r"""(?:opp?summeringen|opp?summeringa|resum[eé]et|sammendraget|samandraget|teksten
            |artik\w+en|saken|saka|illustrasjonen|illustrationen|bildet|billedet)[ ](?:er|ble|blev
            |vart)[ ].{0,40}
            \b(?:kunstig[ ]intelligens|[ak]i|språkmodell?\w*|sprogmodel\w*|chatgpt)\b.{0,80}$""",
        160,
    ),
    make_rule(
        GENRE,
        r"""(?:kronik|kronikk|debat|debatt|debatinnlegg|debattinnlegg|debatindlæg|leder|leiar
              |kommentar
              |klumme|blogg?|blogginnlegg|blogindlæg|nyhed|nyheder|nyhet|nyheter|nyhende|artikel
              |artikkel
            |lesarbrev|leserbrev|læserbrev|pressemelding(?:ar|er)?|pressemeddelelser
            |reportage|reportasje|feature|interview|intervju|pressemeddelelse|aktuelt
              |gjestekommentar|gæsteindlæg|synspunkt|meninger|meiningar|opinion|news)$""",
        30,
    ),
    make_rule(
        DATELINE,
        rf"""(?: (?:(?:artik\w+|saken|saka|siden|sida|teksten)[ ](?:er|ble|blev|vart|blei)[ ])?
                (?:publisert|publiceret|offentliggjort|offentleggjort|udgivet|utgitt|utgjeve
              |utgjevet
              |opdateret|oppdatert|published|posted|updated|lagt[ ]ut|skrevet|skrive|oprettet
              |opprettet|dato[ ]?:|date[ ]?:
              |(?:sist|sidst|senest|seinast|last)[ ]
                  (?:oppdatert|opdateret|endret|endra|ændret|redigeret|revidert|updated))
                (?:[ ](?:den|d\.|on|av|af))? [ :,|]{{0,4}} (?:[^\d.!?]{{0,40}}[ ])?
                (?:{DAY}{CLOCK}|kl\.?[ ]?\d\d?[.:]\d\d|(?:i[ ])?(?:dag|går)\b{CLOCK}
                    |for[ ]\d+[ ]\w+[ ](?:siden|sidan))
                (?: [ ]?[|·•,(/–-].{{0,60}}
                  | \.?[ ](?:av|af|by|kl|opp?date\w*|sist|senest|sidst|endret|ændret
              |updated)\b.{{0,60}}
                  | \. )?$
          | (?:nyhe[dt](?:er)?|nyhende|artik\w+|aktuelt|pressemeld\w+
              |pressemedd\w+)[.:,]?[ ](?:[|·•/–-][ ])?
                (?:publisert|publiceret|udgivet|dato)?[ ]?:?[ ]?{DAY}{CLOCK}$
          | (?:sist|sidst|senest|seinast)[ ](?:oppdatert|opdateret|endret|endra
              |ændret)[ ]?:?[ ]\d{{1,2}}[./]\d{{1,2}}\.?[ ,–-]*(?:kl\.?[ ]?)?\d{{1,2}}[.:]\d\d$
          | {DAY}{CLOCK} .{{0,12}} (?:\d{{1,2}}[ ]min\.?[ ].{{0,20}}|(?-i:[A-Z]{{3,4}}\b).{{0,80}})$
          | {DAY}{CLOCK} (?:[ ]?(?:[|·•,–-][ ]?|(?-i:(?=[A-ZÆØÅ])))[^.!?:;,]{{1,40}})?$
          | {DAY}{CLOCK}(?:[ ][/|·•][ ][^.!?:;,/|·•]{{1,40}}){{1,3}}$
          | [^.!?:;,\d|·•]{{2,60}}[|·•,–-][ ]?{DAY}{CLOCK}$
          | \d{{4}}-\d\d-\d\dT\d\d:\d\d\S*$ | \d{{1,2}}[ ]minutt?er?s?[ ](?:læsning|lesing|læsetid
              |lesetid)$ | (?:artik\w+|saken|saka)[ ]er[ ]mer?e?[ ](?:enn
              |end)[ ].{{2,20}}[ ]gam\w+\.?$
          | (?:opprett\w*|først|fyrst)[ ](?:publisert[ ])?{DAY}.{{0,60}}$
              | [^.!?]{{2,30}}[ ][•·|][ ](?-i:[A-Z])[a-z]{{2,8}}[ ]\d{{1,2}},[ ]\d{{4}}.{{0,20}}$
          | i[ ](?:går|dag)[, ]+kl\.?[ ]?\d\d?[.:]\d\d$ | (?:ble|blev|vart|blei)[ ](?:publisert
              |publiceret|oppdatert|opdateret)[ ]{DAY}{CLOCK}$
          | (?:ca\.?[ ])?\d{{1,2}}[ ]?min\.?(?:utt?er|uttar|utes?)?[ ](?:læsetid|lesetid
              |lesing|read)\b.{{0,20}}$
          | (?:læsetid|lesetid|reading[ ]time)\b.{{0,20}}$
          | (?:publisert|publiceret)[ ](?:under|av|af|i)[ ]?:.{{1,80}}$
          | (?:utgiver|udgiver|utgjevar)[ ]?:.{{1,80}}$ )""",
        110,
    ),
    make_rule(
        CONTACT,
        rf"""(?: (?:telefon|tlf|tel|mobil|phone|direkte|pressevakt|pressetelefon|sentralbord
              |omstilling
              |e-?mail|e-?post|epost|mail|besøksadresse|postadresse|adresse|besøgsadresse|cvr|fax
              |org\.?[ ]?n(?:umme)?r|kontaktperson|pressekontakt|kontakt|web)\b
                [ .:–-]{{0,5}} (?:\+?\d[\d ]{{4,}}|{EMAIL}|(?<=[:])[ ]?\S.{{1,70}}$) [^!?]{{0,60}}$
          | (?:{EMAIL}|{PHONE}) [ |·,/]* (?:{EMAIL}|{PHONE})? $
          | (?-i:{NAME}),[ ][^.!?]{{3,60}},?[ ] (?:(?:tlf|telefon|mobil|mob|tel)\.?:?[ ])?
              (?:{PHONE}|{EMAIL}) .{{0,40}}$
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
          | (?:kontakt[ ](?:for[ ]pressen?|redaksjon\w*|redaktion\w*|journalist\w*)
              |pressetelefon\w*|pressevagt\w*|pressevakt\w*)\b[^.!?]{{0,100}}$
          | (?:chat|start[ ]chat|snakk|book[ ]et[ ]møde|skriv|ring|send[ ]sikker[ ]post
              |send[ ]en[ ]sikker)\b(?:[ ](?:med|til))?[ ]?(?:os|oss|vår|vores|en|ein|praterobot
              |chatbot\w*)?\b[^.!?]{{0,50}}\b(?:os|oss|rådgiver|bibliotekar|chatbot\w*|robot\w*
              |sikker[ ]post|{PHONE}|{EMAIL})(?:[ ][–-][ ].{{2,40}})?[.]?$
          | (?:har|veit|vet)[ ](?:du|dere)[ ](?:et|eit|ein|en)?[ ]?tips?\?.{{0,80}}$ | (?:spør
              |spørg)[ ](?:oss|os)[ ]på[ ]\w+$
          | (?:har[ ]du[ ]spørgsmål|har[ ]du[ ]spørsmål)\?$ | chatten[ ]er[ ].{{2,30}}$
              | vil[ ]du[ ](?:vide|vite)[ ]mere?\?[ ].{{4,140}}$ | kontakter$ | telefaks\b.{{4,30}}$
          | har[ ]du[ ]spørgsmål[ ]til[ ]artiklen\b.{{4,120}}$
          | (?:vis|se|sjå)[ ](?:i|på|stort)[ ]kart\w*$ | (?:finn|find)[ ](?:ansatte?|tilsette
              |medarbe[ij]dere?|vej|veien|vegen)\b.{{0,30}}$
          | (?:hei|hej)!?[ ].{{0,40}}\b(?:chatbot|chatrobot|praterobot|digitale?[ ](?:assistent
              |medarbe\w+))\b.{{0,80}}$
          | tips?[ ](?:os|oss|redaksjon\w*|redaktion\w*)\b .{{0,80}}$
          | (?:spørsmål|spørgsmål|henvendelser?|henvendelse
              |pressehenvend\w+)\b (?![^.]*\b(?:kan|skal|må|bør|bedes
                  |sendes)\b) .{{0,60}}(?:{PHONE}|{EMAIL}) .{{0,40}}$
          | (?:opp?ningstid\w*|åpningstid\w*|åbningstid\w*|telefontid|besøgstid|besøkstid
              |ekspedisjonstid|postadresse
              |ansvarlig[ ]for[ ]nettste\w+)[ ]?:.{{2,90}}$
          | (?:skriv|ring|mail|send)[ ](?:til|en[ ]mail[ ]til)[ ](?:os|oss|redaksj\w+
              |redakt\w+)[ ]?:.{{3,120}}$
          | (?-i:{NAME})[ ]?[|·–-][ ]?(?:{EMAIL}|{PHONE})$ )""",
        200,
    ),
    make_rule(
        LETTERHEAD,
        r"""(?: (?:vår|dykkar|deres|vores|jeres)[ ](?:ref|dato)\w*\.? [ ]?:.{0,60}$
          | (?:saks?behandler|sakshandsamar|sagsbehandler|arkivkode|journal(?:nr|nummer)\.?
              |j\.?[ ]?nr\.?|saksnr\.?|sagsnr\.?
              |høringsfrist)[ ]?:.{1,60}$
          | til[ ]?:[ ](?-i:[A-ZÆØÅ]).{2,90}$ | (?:kopi|cc)[ ](?:til)?[ ]?:.{2,90}$
          | sendt[ ](?:pr\.?|per|via|som)[ ](?:e-?post|e-?mail|mail|digital[ ]post)\b.{0,80}$
          | (?:med[ ](?:vennlig|venlig|vennleg|beste|bedste|kærlig)[ ](?:hilsen|helsing)
              |med[ ](?:helsing|hilsen)
              |(?:venlig|vennlig|vennleg|bedste|beste|mange)[ ](?:hilsen?|hilsner
                  |helsing))\b.{0,60}$
          | (?:dette[ ])?(?:dokumentet|brevet)[ ]er[ ]elektronisk[ ](?:godkjent|godkendt
              |signert).{0,80}$ )""",
        110,
        in_lists=False,
    ),
)
