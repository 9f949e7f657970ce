"""Clutter that bids the reader do something: share, listen, comment, subscribe, read on."""

from __future__ import annotations

from pipeline.read.clutter.reasons import (
    ADVERTISEMENT,
    COMMENT_PROMPT,
    FEEDBACK,
    LISTEN,
    NEWSLETTER,
    SHARE,
    TEASER,
)
from pipeline.read.clutter.rule import Rule, make_rule

PROMPT_RULES: tuple[Rule, ...] = (
    make_rule(
        SHARE,
        r"""(?: (?:del|dela|share|post)[ ](?:på|via|on)[ ](?:facebook|twitter|x|linkedin|instagram
              |bluesky|whatsapp|messenger|mail|e-?post|e-?mail|sms|sosiale|sociale)\b [^.?]{0,40}$
          | (?:del|share)[ ]?: [^.?]{0,70}$
          | (?:del|share|tweet|print|udskriv|skriv[ ]ut|facebook|twitter|x|linkedin|instagram
              |bluesky|whatsapp|messenger|e-?post|e-?mail|youtube|rss)
            (?: [ ,/|·]{1,3} (?:del|share|tweet|print|facebook|twitter|x|linkedin|instagram|bluesky
              |whatsapp|messenger|e-?post|e-?mail|youtube|rss) ){0,8} [:]?$
          | (?:tips?[ ]ei?n[ ]ven\w*|anbefal[ ](?:denne|siden|sida|artik\w+)\b.{0,20}
              |bogmærk\b.{0,40}|gemt[ ]til\b.{0,30}|lagret[ ]til\b.{0,30})$
          | klikk?[ ]for[ ](?:at|å)[ ](?:dele?|skrive[ ]ut|udskrive|sende)\b.{0,60}$
          | (?:like[ ]this|lik[ ]dette|synes[ ]godt[ ]om)[ ]?:$
          | (?:indlæser|laster(?:[ ]inn)?|loading)[ ]?(?:\.{2,3}|…)$
          | (?:link\w*|lenk\w*)[ ]er[ ]kopi\w+\b.{0,40}$ | du[ ]har[ ]\d+[ ]gave\w+\b.{0,40}$
          | (?:printvenlig|utskriftsvenl\w+)[ ]\w+$ | \d+[ ]deling(?:er|ar)$ | (?:tweet
              |tvitre)[ ]dette$
          | (?:kopi[eé]r|copy) [ ] (?:link\w*|lenke\w*|lenkj\w*|nettadress\w*) $
          | (?:(?:link\w*|lenke\w*|lenkj\w*)[ ])?(?:kopi[eé]rt|kopieret|kopiera|copied)!?$
          | (?:send[ ]til[ ](?:en|ein)|giv?[ ](?:artik\w+|saken)[ ]som|gje[ ]bort
              |gi[ ]bort)[ ]\w+ [^.?]{0,20}$
          | (?:skriv[ ]ut|udskriv|print)[ ](?:siden|sida|artik\w+|saken|saka|denne\b.{0,12})$
          | (?:tips[ ]en[ ]ven\w*|send[ ](?:til|som|på|via)[ ](?:e-?post|e-?mail|mail|en[ ]ven\w*)
              |(?:lagre|lagra|gem|gjem)[ ](?:til[ ]senere|til[ ]seinare|artik\w+|saken|saka)
              |(?:lyt|lytt|hør|høyr)[ ](?:til|på)[ ](?:artik\w+|saken|saka)) [^.?]{0,30}$
          | (?:følg|følj|fylg|follow)[ ](?:os|oss|us)
              (?:[ ](?:på|on|her|også|òg)\b[^.]{0,50})? [ :!]*$ )""",
        90,
    ),
    make_rule(
        SHARE,
        r"""(?:del|dela|share)[ ](?:dette|denne|siden|sida|saken|saka|sagen|artik\w+|innlegg\w*
              |indlæg\w*|this|link\w*|lenke\w*
              |med[ ](?:dit|ditt|dine|venn?er|nettverk\w*|netværk\w*))\b [^.?]{0,50} [:!]?$""",
        90,
        in_lists=False,  # "Del med andre etater" is advice
    ),
    make_rule(
        LISTEN,
        r"""(?: [▶►🔊🎧] .{2,60}$ | \d{1,2}:\d\d [ ]?/[ ]? \d{1,2}:\d\d $
          | (?:lytt?|hør|høyr|afspil|spill?[ ]av|spel[ ]av)[ ](?:til[ ]|på[ ])?(?:(?:hele|heile
              |denne|dette)[ ])?
              (?:artik\w+|saken|saka|sagen|innlegg\w*|indlæg\w*|brevet|kronik\w+|oplæsning\w*
                  |opplesing\w*|podcast\w*|podkast\w*|teksten|siden|sida)\b [^.?]{0,60}$
          | (?:skriftstørrelse|skriftstorleik|større[ ]tekst|mindre[ ]tekst|tekststørrelse
              |tekststorleik|høy[ ]kontrast|høj[ ]kontrast|opplesing|oplæsning|(?:aa
              |a)[ ]tekststor\w+)\b .{0,12}$
          | (?:læs|les)[ ]opp?(?:[ ](?:siden|sida|teksten|artik\w+))?$
          | vis[ ](?:kort[ ])?(?:opp?summering|resum\w+|sammendrag)\b.{0,80}$
          | (?:få[ ]et[ ])?(?:ai|ki)-?(?:resum\w+|sammendrag|oppsummering|opsummering)\b .{0,30}$
          | [^\w]{0,4}(?:opsumm[eé]r|oppsumm[eé]r|summ[eé]r)\w*[ ](?:artik\w+|saken|saka
              |teksten)\b .{0,40}$ )""",
        90,
    ),
    make_rule(
        COMMENT_PROMPT,
        r"""(?: (?:skriv|legg[ ](?:igjen|att|inn)|læg|tilføj|leave)[ ](?:(?:en|ein|a|din)[ ])?
                (?:kommentar|comment)\w*
          | (?:ingen|\d+)[ ](?:kommentar(?:er|ar)?|comments?)$
          | (?:kommentar(?:er|ar)|comments)(?:[ ]\(\d+\))?$
          | vis[ ](?:alle[ ])?\d+[ ](?:kommentar|svar)\w* $
          | (?:ingen|inga)[ ](?:kommentar\w*|svar)[ ](?:endnu|enda|ennå|enno)\.? $
          | kommentarfelt\w*[ ]er[ ](?:stengt|lukket|lukka|åpent|åbent|ope)\b .{0,40} $
          | (?:du|dykk|dere)[ ]må[ ](?:være|vere|logge)[ ](?:inn?logg\w*|logget[ ]ind|inn
              |pålogg\w*) .{0,60} $
          | [^.!?:]{2,50}[ ](?:sier|siger|seier|skrev|skreiv|says)[ ]?:[ ]\d{1,2}\..{4,40}$
              | .{0,20}\bfjernet[ ]av[ ]moderator.{0,20}$
          | (?:navn|namn)[ *]+e-?(?:post|mail)\b.{0,40}$
              | (?:navn|namn|kommentar|e-?(?:post|mail)(?:-?adress?e)?|hjemmeside|nettsted|nettstad
                  |websted)[ ]?\*$
              | (?:der[ ]er[ ])?lukket[ ]for[ ]kommentarer\b.{0,40}$ | (?:den|vær[ ]den
              |ver[ ]den)[ ]første[ ]til[ ](?:at|å)[ ]kommenter\w*.{0,20}$
          | velkommen[ ]til[ ]debatt?.{0,90}$ | (?:meld|rapport[eé]r)[ ](?:frå[ ]om
              |fra[ ]om)?[ ]?(?:upassande|upassende|stødende)[ ]\w+$
          | (?:svar|annuller[ ]svar|avbryt[ ]svar|rapporter|anmeld)(?:[ ](?:svar|rapporter|anmeld
              |lik|del|liker|på[ ].{2,40}(?:kommentar|innlegg|indlæg)\w*))*(?:[ ]\(\d+\))?$
          | (?:din|dit)?[ ]?e-?(?:post|mail)\w*[ ](?:din[ ])?(?:vil|blir|vert
              |bliver)[ ]ikk?j?e[ ](?:bli(?:ve)?[ ]|verte[ ])?(?:publi[sc]ere?t|synlig|vist
              |offentliggjort).{0,80}$
          | (?:gem|lagre|lagra)[ ](?:mit|mitt|namnet|navnet)\b.{0,40}\b(?:browser|nettleser\w*
              |nettlesar\w*)\b.{0,60}$
          | (?:sorter|vis)(?:[ ]etter|t[ ]etter|[ ]efter)?[ ]?:?[ ](?:nyeste|eldste|ældste|beste
              |bedste|nyaste)[ ]?(?:først|fyrst)?$
          | (?:vi[ ](?:ber[ ]om|kræver)|ver|vær|hold)\b.{0,80}\b(?:ful(?:lt|de)[ ]na[mv]n|sak(?:en
              |lig|leg)|tonen|sagen)\b.{0,160}$
          | (?:læs|les)[ ](?:vores|våre|debat\w*|debatt\w*).{0,20}(?:regler|reglane)\b.{0,120}$
          | (?:synes[ ]godt[ ]om|liker|tvitre|like|lik)(?:[ ](?:anbefal|lik|del|\d+))*$
              | \d+[ ](?:synes[ ]godt[ ]om|liker[ ]dette|likar[ ]dette)$
          | redigeret[ ](?:\d+[ ]gange?|af[ ]brugeren)\b.{0,30}$
          | (?:deltag|delta|bland[ ]deg|bland[ ]dig|bli[ ]med|ver[ ]med)[ ]i[ ]
                (?:debatten|ordskiftet|diskus[sj]\w+|samtalen)
          | (?:logg?[ ]inn|log[ ]ind)[ ]for[ ](?:at|å)[ ]kommenter
          | (?:hva|hvad|kva)[ ](?:mener|meiner|synes|syns)[ ]du\b.{0,30}\? [ ].*
                (?:skriv|kommenter|kommentar|debat|innlegg|indlæg)
          | vil[ ]du[ ](?:også[ ]|òg[ ])?(?:svare|svara|kommentere|kommentera)[ ]på\b.*\?
          | vil[ ]du[ ].{0,40}\b(?:debatt?en|ordskiftet)\b.{0,20}\?
          | send[ ](?:(?:os|oss|inn|ind)[ ])?(?:ditt|dit|et|eit)[ ]?(?:debat)?
                (?:innlegg|indlæg|læserbrev|lesarbrev|leserbrev)\b
          | (?:har[ ]du[ ]lyst[ ]til|vil[ ]du)[ ](?:at|å)?[ ]?(?:skrive?
              |bidra\w*)\b.{0,40}(?:innlegg|indlæg|brev|debat)\w*\b.{0,100} )""",
        200,
    ),
    make_rule(
        NEWSLETTER,
        r"""(?: (?:[^.:?!]{2,40}[:–-][ ])? (?:(?:til)?meld(?!\.)|ja[ ]takk?)\b [^?]*
                (?:nyhe[dt]s?-?(?:brev|mail)|nyhendebrev|newsletter|ugebrev|ukebrev|vekebrev
              |ugemail)
          | få\b .{0,150} \b(?:til)?meld\b .* (?:nyhe[dt]sbrev|nyhendebrev)
          | (?:abonn[eé]r\w*|subscribe|sign[ ]up|modtag|motta|vil[ ]du[ ]ha\w*|bli[ ]med
              |skriv[ ]dig[ ]op|få[ ](?:vores|våre?t?|det|de|et|eit|gratis|seneste|siste|dagens))
                \b .* (?:nyhe[dt]s?-?(?:brev|mail)|nyhendebrev|newsletter)
          | (?:få|modtag)[ ](?:de[ ])?(?:seneste|vigtigste|siste|dagens)[ ](?:nyt
              |nyhe\w+).{0,40}(?:mail|indbakke|innboks)
          | (?:af|av)(?:meld|bestill)\b.{0,40}(?:nyhe\w+|nyhende\w+|abonnement|varsler
              |varsel)\b.{0,30}$ | afmeld(?:[ ].{0,30}oplysninger)?$
          | (?:indtast|skriv[ ]inn|oppgi|din|tast)[ ](?:din[ ])?e-?(?:post
              |mail)-?(?:adresse)?\w*.{0,20}$
          | (?:takk?|tak)[!,.][ ](?:du|dit|din)[ ].{0,60}$ | vi[ ]har[ ]sendt[ ](?:dig
              |deg)[ ].{0,60}$
          | ved[ ](?:å[ ]melde[ ]deg|tilmelding|at[ ]tilmelde)\b.{0,140}$
          | få[ ](?:de[ ]|dei[ ])?(?:viktigste|vigtigste|viktigaste|siste|seneste
              |nyeste)[ ]\w+[ ](?:på|i|via|direkte)\b.{0,60}$
          | (?:du|de)[ ]kan[ ](?:altid|alltid|når[ ]som[ ]helst)[ ](?:af|av)?melde?[ ](?:dig
              |deg)\b.{0,30}$ | vi[ ]spammer[ ]ikke\b.{0,60}$ | hold[ ]dig[ ]opdateret\b.{0,80}$
              | h[ao]ld[ ]deg[ ]oppdatert\b.{0,80}$
          | følg[ ](?:emnet|saken|saka|bloggen)[ ,].{0,50}(?:besked|beskjed|mobil|e-?post
              |mail)\w*$ | få[ ](?:nyhe\w+|nyhende\w*)[ ]på[ ](?:mail|e-?post)$
              | få[ ](?-i:[A-ZÆØÅ])\w+s[ ](?:vigtigste|viktigste)[ ].{4,60}$
          | (?:navn|namn)\W+e-?post\W+send\b.{0,10}$ | slå[ ]på[ ]vars\w+\b.{0,30}$
          | få[ ]varse[lr]\w*\b.{0,70}$ | (?:likte|liker|likar)[ ]du[ ](?:denne|det|dette
              |artik\w+)\b.{0,80}$ | kan[ ]du[ ]lide[ ]det,?[ ]du[ ]læser\b.{0,80}$
          | (?:nyhe[dt]sbrev|nyhendebrev)[ ](?:fra|frå)[ ].{2,40}$ | følg[ ](?:pressemeld\w+
              |pressemedd\w+|udsender|avsender)\b.{0,50}$
          | (?:vores?|vårt)?[ ]?(?:nyhe[dt]sbrev(?:et)?|nyhendebrev(?:et)?|newsletter)$
          | (?:bli|bliv|tegn|teikn|køb|kjøp|prøv)[ ](?:abonn\w+|medlem|gratis) [^.]{0,30}$
          | (?:til|på)meld$ | abonn[eé]r[ ]på[ ][^.]{1,50}$
          | (?:denne|dette).{0,30}(?:kun|bare|berre)?[ ]?for[ ]abonnent\w*.{0,20}$
          | (?:for|kun[ ]for|bare[ ]for)[ ]abonnent\w*$
          | (?:allerede|er[ ]du)[ ](?:abonnent|kunde).{0,40}$
          | prøv[ ](?-i:[A-ZÆØÅ]).{2,40}\b\d+[ ](?:dage?|dager|uger?|uker?|veker?|måned\w*
              |månad\w*)\b.{0,60}$ | prøv[ ]\d+[ ](?:dage?|dager|uger?|uker?|veker?
              |måned\w*).{0,40}$
          | (?:køb|kjøp)[ ](?:adgang|tilgang|enkeltutgave|løsnummer)\b.{0,40}$
              | opret[ ](?:en[ ])?(?:gratis[ ])?(?:profil|konto|bruger)\b.{0,60}$
          | (?:opprett|lag)[ ](?:en[ ]|ein[ ])?(?:gratis[ ])?(?:profil|konto|brukar
              |bruker)\b.{0,60}$
          | resten[ ]af[ ](?:artik\w+|indlæg\w*)[ ].{0,80}$ | resten[ ]av[ ](?:artik\w+|saken
              |saka)[ ].{0,80}$
          | (?:uten|uden|utan|ingen|inga)[ ]binding\w*[.!]?(?:[ ].{0,50}(?:når|altid
              |alltid).{0,30})?$ | (?:les|læs)[ ](?:hele|heile)[ ](?:saken|saka|artik\w+)[ ](?:med
              |som)[ ].{0,40}$
          | du[ ]har[ ](?:lest|læst|lese|brugt|brukt)\b.{0,30}gratis\w*\b.{0,60}$
              | (?:artik\w+|saken|saka)[ ]er[ ](?:åpen|åben|open|gratis)[ ]for[ ].{0,40}$
          | (?:abonnement|pluss?-?(?:artik\w+|sak)|pluss?|for[ ]abonnenter)$
              | artik\w+[ ]er[ ](?:låst|kun[ ]for)\b.{0,30}$ | læs[ ]videre[ ]for[ ].{2,12}$
              | få[ ](?:fuld|full|ful)?[ ]?(?:adgang|tilgang)[ ]til[ ].{4,70}(?:kr|kroner|md|mnd
              |måned\w*|månad\w*|abonnement)\b.{0,12}$
          | (?:fortsæt|fortsett|h[ao]ld[ ]fram)[ ](?:med[ ])?(?:at|å)[ ](?:lese?|læse)\b.{0,60}$
              | støtt?[ ].{0,30}journalistik\w*.{0,40}$ | du[ ]er[ ]logg?et[ ]in[nd],?[ ].{0,90}$
              | er[ ]du[ ](?:allereie|allerede)[ ]abonnent\b.{0,40}$
          | full[ ]tilgang\b.{0,50}$ | (?:denne[ ])?artik\w+[ ]er[ ]g[jia]\w+[ ](?:deg
              |til[ ]deg)\b.{0,40}$
          | medlemsind?h[oa]ld\b.{0,60}$ | medlemsinnhold\b.{0,60}$ )""",
        200,
    ),
    make_rule(
        TEASER,
        r"""(?: (?:læs|les|lesa|read|hør|høyr|lytt|se|sjå)[ ](?:og[ ]?så|også|òg|au|ogs)[ ]?:
          | (?:læs|les|read)[ ](?:også|og[ ]så|òg|au|also)\b (?!.*\.$)
          | (?:læs|les|read)[ ](?:mere?|meir|more)[ ]?(?!.{50,}\.$)
              (?::|om\b|her\b|på\b|about\b|i[ ]|hos\b|[»›→]|$)
          | (?:se|sjå|see)[ ](?:også|òg|also|mere|mer|meir)(?:[ ]her)?$
          | (?:læs|les|vis|se|read)[ ](?:hele[ ]|heile[ ]|the[ ])?(?:artik\w+|saken|saka|sagen
              |historien|historia
              |innlegget|indlægget|intervjuet|interviewet|kronik\w*|reportasj\w+|article|videre
              |vidare)
                (?:[ ]her)?[ .!:»›→]*$
          | (?:læs|les|se|sjå|finn|find|read)[ ][^.:?!]{2,50}[ ](?:her|here)[ .!»›→]*$
          | (?:les|læs|lesa)[ ](?:alle[ ]|fleire[ ]|flere[ ])?(?:saker|sager|nyhe\w+|nyhende
              |artik\w+|innlegg|indlæg
              |lesarbrev|leserbrev|læserbreve?|pressemeld\w+|høyringar|kronik\w+)$
          | (?:se|sjå|hør|høyr|lytt|les|læs)[ ](?:video\w*|billedserie\w*|bildeserie\w*|billederne
              |bildene|bileta|podcast\w*|podkast\w*|mer[ ]om|direkte|live)[ ]?:
          | (?:quiz|test[ ]deg[ ]selv|test[ ]dig[ ]selv|for[ ]abonnenter|abonnent\??|pluss|plus
              |video|podcast|podkast|live|lytt?|høyr)[ ]?[:][ ](?!.*\.(?:[ ]|$)).{5,110}$
          | (?:les|læs)[ ](?:hele|heile)?[ ]?(?:saken|saka|artik\w+|historien)[ ](?:hos|i
              |på)[ ].{2,40}$
          | (?:fikk|fik|fekk)[ ]du[ ](?:ikke[ ]|ikkje[ ])?med[ ](?:dig|deg)\b
          | (?:gik|gikk|gjekk)[ ]du[ ]glip )""",
        160,
        in_lists=False,
    ),
    make_rule(
        ADVERTISEMENT,
        r"""(?:annon[sc]e[ ](?:fra|frå|for)[ ].{2,40}$
              |sponset[ ](?:av|av:)|i[ ]samarbe[ij]de?[ ]med[ ].{2,30}$
              |se[ ](?:din[ ]|våre[ ]|alle[ ])?(?:pris(?:er)?|tilbud\w*|ledige[ ]\w+|kurs\w*)$
              |ja,?[ ]takk?\b.{0,40}$|(?:download|bestill?|køb|kjøp|prøv|hent)[ ](?:nu|nå|no|her
                  |gratis)$
              |book[ ](?:et[ ]|ein[ ]|en[ ])?(?:møde|møte|demo|tid)$
              |gratis[ ]e-?bo[gk]\b.{0,80}$|(?:last[ ]ned|hent|download)[ ](?:vår|vores
                  |våre)?[ ]?app\w*.{0,60}$
              )
          | (?:annonse|annonce|annoncer|annonser|reklame|sponset|sponsoreret|sponset[ ]innhold
              |betalt[ ]innhold
              |(?:sponsoreret|sponset|betalt|annonsør)[ ]?(?:innhold|indhold|innhald)\b.{0,80}
                  |tilbud[ ](?:fra|frå)[ ]våre?s?[ ]?\w+|annon[sc][eé]r[ ]hos[ ]\w+
                  |her[ ]kunne[ ]din[ ].{0,30}
              |annon[sc]e[ ]?[–-][ ].{4,50}|(?:månedens|ukens|ugens|dagens)[ ]tilbud\b.{0,60}
                  |dette[ ]innlegget[ ]inneholder[ ].{0,40}|bli[ ]kunde\b.{0,30}
              |(?:luk|lukk)[ ]annon[sc]e\w*|(?:indryk|bestill?|rykk[ ]inn)[ ]annon[sc]e\w*
                  |annon[sc]ebilag\b.{0,30}|job(?:b)?annon[sc]er\b.{0,40}|reklame[ ]for[ ].{2,30}
                  |sponset[ ]innlegg|sponsoreret[ ]indlæg
              |(?:hvorfor|kvifor)[ ]ser[ ](?:jeg|eg|du)[ ]denne[ ](?:annon[sc]en|siden).?
                  |vil[ ]du[ ]annon[sc]ere\b.{0,50}|.{0,30}adblocker\b.{0,30}
                  |.{0,30}annon[sc]eblok\w+.{0,30}
              |annonsørinnhold|annoncørbetalt[ ]indhold|kommersielt[ ](?:samarbeid|samarbejde)
              |advertisement
              |artik\w+[ ]fortsetter[ ](?:under|etter)[ ](?:annonsen|bildet)
              |artik\w+[ ]fortsætter[ ](?:under|efter)[ ](?:annoncen|billedet)
              |saken[ ]fortsetter[ ](?:under|etter)[ ](?:annonsen|bildet)
              |(?:saka|artik\w+)[ ]held[ ]fram[ ](?:under|etter|nedanfor).{0,20}
                  |artik\w+[ ]fortsætter[ ](?:under|efter)[ ]\w+)[ .:?]*$""",
        60,
    ),
    make_rule(
        FEEDBACK,
        r"""(?: (?:fant|fandt|fann)[ ]du[ ].{0,30}(?:lette|leitte|leita|søgte|så)\b.{0,10}\?
          | (?:var|er|hjalp)[ ](?:denne|dette|den)[ ](?:siden|sida|side|innhold\w*|artik\w+
              |information\w*).{0,40}\?
          | (?:hjalp|hjelpte)[ ].{0,30}(?:siden|sida|artik\w+).{0,20}\?
          | (?:fi?kk?|fekk)[ ]du[ ]svar[ ]på[ ].{0,40}\?
          | (?:ikke|ikkje
              |skriv[ ]ikk?e?j?e?)[ ]?(?:skriv[ ])?(?:inn[ ])?personl?i?g?e?[ ]?opp?l?y?s\w*.{0,70}$
          | (?:ikkje|ikke)[ ]skriv[ ]person\w+.{0,60}$ | skriv[ ]ikke[ ]person\w+[ ].{0,80}$
          | (?:hvad|hva|kva)[ ]kan[ ]vi[ ](?:gøre|gjøre|gjere)[ ](?:bedre|betre)\b.{0,40}$
              | bedøm[ ].{0,40}$ | (?:ris[ ]og[ ]ros)\b.{0,30}$
          | ja[ /]{1,3}ne[ij]$ | gennemsnit[ ].{4,40}stemmer\)?$
              | skriv[ ]ikk?j?e[ ].{0,30}(?:fødselsnummer|cpr
              |person\w+)\b.{0,60}$ | deltag[ ]i[ ].{0,10}(?:bruger)?undersøgelse\b.{0,50}$
          | takk?[ ]for[ ](?:din[ ])?(?:tilmelding\w*|påmelding\w*|tilbakemelding\w*|din[ ]feedback
              |svaret)\b.{0,30}$ | meld[ ]fra[ ]om[ ]fe?j?i?l\b.{0,30}$
          | skriv[ ](?:gjerne|gerne)[ ](?:hva|hvad|kva)[ ].{0,140}$
          | har[ ]du[ ](?:fundet|funnet|funne|set|sett|oppdaget)[ ].{0,12}(?:fejl|feil)\b.{0,60}
          | (?:hva|hvad|kva)[ ](?:synes|syns|tykkjer)[ ]du[ ]om[ ](?:artik\w+|siden|sida|saken
              |innhald\w*|innhold\w*).{0,20}
          | (?:gi|giv|gje)[ ]oss?[ ](?:beskjed|besked|tilbakemeld\w+|feedback|ros|ris).{0,40}
            | was[ ]this[ ]page.{0,30}\? ).{0,30}$""",
        170,
    ),
)
