"""The function words of Danish, Bokmål and Nynorsk: words that say how a sentence is built.

They are left out of the terms, and they tell where a sentence can begin: a capital letter on one
of them is a sentence's, hardly ever a name's. All in lower case. A word that is a function word
in one of the languages and a content word in another (da `får`: gets, nb `får`: sheep) is listed,
because in running text the function word is the common one.
"""

from __future__ import annotations

from functools import lru_cache

_PRONOUNS = """
jeg eg æ mig meg mæ min mi mit mitt mine du dig deg din di dit ditt dine han ham hans hun ho hu
hende henne hendes hennes hennar den det dens dets vi os oss vor vort vårt vår våre vore vores i
jer jeres dere dykk dykkar dokker deres dei de dem deim deira sig seg sin si sit sitt sine man
ein en selv sjølv selve sjølve egen eget egne eigen eiga eige eigne hinanden hverandre kvarandre
hverandres hinandens honom hin hint hine noen noe noko nokon noka nokre nogen noget nogle någe
ingen intet inga inkje ingenting intenting alle al alt all hele hel helt heile heil heilt enhver
ethvert einkvar eitkvart enkelte einskild enkelt hver hvert kvar kvart begge båe både annen
annet andre annan anna anden andet somme sume visse slik slikt slike sådan sådant sådanne dette
denne disse desse dessa samme same som der mange mang flere fleire flest fleste få færre færrest
meget mye mykje megen meir mer mere mest meste lidt litt litte lite lidet mindre minst mindst
minste mindste nok et eit ei eneste einaste ene eine neste næste forrige førre kvarandres
allting alting allesammen alles andres dén dét éi sjøl begges kven hvermann sjølvaste selveste
me vere ingens
"""

_PREPOSITIONS = """
af av ad at til frå fra for med ved om omkring på hos hjå i inn ind inde inne ut ud ude ute
under over mellem mellom blandt blant gjennom gjennem gennem igennem igjennom etter efter før
siden sidan mot imod imot uten uden utan utenom udenom utanom innen inden innan innenfor
indenfor innanfor utenfor udenfor utanfor bak bag framfor foran framom langs rundt langt nær
nærme ifølge ifølgje iht mht ift via per pr pga trods tross trass vedrørende vedrørande angående
angåande overfor ovenfor nedenfor ovanfor nedanfor oven ovenpå ovanpå opp op oppe ned nede
nedover oppover hen hena henimod tværs tvers bortsett bortset istedenfor istedet istaden unntatt
undtagen unnateke samt inklusive inkludert eksklusive iblandt iblant ombord grund grunn grunna
henhold løbet løpet stedet staden mod imellom uanset uansett utover udover forbi kring unna
innom indom inni indeni oppi oppå utenpå udenpå utanpå bakpå herunder fremfor kontra uti attåt
åt ifrå åleine alene aleine grundet undtaget inklusiv eksklusiv bortover innafor utafor nordover
framføre føre bakom langsmed foruden forutan foruten vha
"""

_CONJUNCTIONS = """
og eller men at å enn end som da når hvis viss dersom om fordi ettersom eftersom siden mens
medan imens selvom sjølvom skjønt skønt enten enda endskønt både hverken verken korkje ikke så
for slik sådan lenge altså samt dog imidlertid dels hvorvidt endog like lige liksom likesom
ligesom jo desto dess inntil indtil til inden innan såfremt medmindre såvel ellers elles likevel
alligevel derfor difor dermed dessuten desuden dessutan derimod derimot herved hermed hvormed
derved dernest dernæst deretter derefter nemlig nemleg således følgelig tross thi ergo tillige i
idet uaktet anten jamvel såleis dimed sålenge forutsatt endå trass hvorimot hvorefter jamen
"""

_VERBS = """
er var vere være vera været vært vore værende værande væres bli blir blei ble blev blive bliver
blivende bleve blitt blevet verte vert vart vorte vorten har have ha hadde havde haft hatt havt
hava havende få får fik fikk fekk fått fået fåes skal skulle ska skullet vil ville vilja villet
villa kan kunne kunna kunnet kunde må måtte måttet bør burde burdet tør turde turt turdet gjør
gør gøre gjøre gjere gjer gjorde gjort gjera gjorte gå går gik gjekk gikk gått gået kom kommer
kjem komme kome koma kommet kommen la lar lat late lot lod lader lade ladet lét latt lad synes
synast sies siges seiast finnes finst findes fantes fanst fandtes pleier plejer pleide plejede
pleie skulla burda behøver verta blevne torde burt behøve
"""

_ADVERBS = """
ikke ikkje ej ei inte jo ja nei nej jau også og ogso òg bare berre kun blot kunn nå no nu her
hit hid der dit did derfra derifrå herfra herifrå hjem heim bort vekk væk borte frem fram fremme
framme tilbake tilbage attende igjen igen att alltid altid aldri aldrig ofte tit sjelden sjeldan
sjældent gjerne gerne kanskje måske muligens muligvis sikkert vel nok visst vist da så sånn slik
sådan svært meget veldig heller helst særlig særleg især nesten næsten nærmest ganske nokså
temmelig lidt litt altfor alt for mere stadig fortsatt framleis framleies ennå endnu enno
allerede allereie snart straks strax først sist sidst siste sidste seinare senere senest seinast
nylig nyleg nettopp netop lige akkurat egentlig eigentleg faktisk virkelig verkeleg naturligvis
selvfølgelig selvsagt sjølvsagt dessverre desværre diverre heldigvis åbenbart åpenbart
tydeligvis vistnok visstnok trolig truleg sandsynligvis sannsynligvis omtrent cirka ca omkring
blant bla fx eks dvs osv mv mm mfl evt hhv inkl ekskl jf nr eksempelvis dag fjor år gang gange
gonger ganger måte måde andre før sammen saman samen hverandre tilsammen ellers overalt hjemme
heime derhjemme ute oppe nede inne videre vidare yderligere ytterligere ytterlegare iblant
etterhvert efterhånden etterkvart dermed mens samtidig samtidigt samstundes dessuten tvert
tværtimod tvertimot derimod altså hvorfor likeledes ligeledes likeså mindst minst højst høyst
høgst lengst længst lenge længe lengre længere langt godt bedre betre best bedst sidan sidenhen
siden deretter endelig endeleg rimelig rimeleg temmeleg umiddelbart igennem gjennom delvis
delvist i går morgen morgon då etterpå bagefter neppe næppe riktignok rigtignok tilstede
noensinne nogensinde nokosinne gradvis noenlunde nogenlunde forlengst vanligvis vanlegvis
overhodet overhovedet allikevel atter engang eingong innimellom underveis undervejs heretter
herefter framover fremover forresten saktens dertil heri hertil derpå derinde derinne dengang
hidtil hittil formentlig nødvendigvis fremdeles opptil endvidere ydermere samt henholdsvis
forleden ihvertfall annleis anderledes annerledes dinest midt såpass aller nett tilsyneladende
tilsynelatende tidligere tidlegare foreløbig foreløpig førebels absolut absolutt særdeles
ligefrem likefrem simpelthen dog stadigvæk tydelegvis ovre innledningsvis innleiingsvis henne
derover derned dernede deroppe heroppe hernede slet fremad ekstra bestemt oftest oftere oftare
"""

_QUESTION_WORDS = """
hva hvad kva hvem kven hvis kvens hvilken hvilket hvilke hvor kor hvordan korleis hvorledes
hvorfor kvifor hvorhen hvornår når hvorav hvoraf hvorpå hvori hvortil hvorfra hvorved hvormed
hvoretter hvorefter korvidt kvar kvarhelst hvorom hvorunder hvorimot korfor
"""

_NUMERALS = """
null nul en ein et ét eit ett én éin ei to tvo tre fire fem seks sju syv sjau otte åtte ni ti
elleve tolv første fyrste fyrst anden annen tredje fjerde femte hundre hundrede tusen tusind
million millioner millionar milliard milliarder milliardar eitt éi halv halvt halve
"""

FUNCTION_WORDS: frozenset[str] = frozenset(
    word
    for words in (
        _PRONOUNS,
        _PREPOSITIONS,
        _CONJUNCTIONS,
        _VERBS,
        _ADVERBS,
        _QUESTION_WORDS,
        _NUMERALS,
    )
    for word in words.split()
)


@lru_cache(maxsize=50_000)
def is_function_word(word: str) -> bool:
    """Whether a word is a function word in sentence case: `Det`, not `DET` and not `Det.`"""
    return word.lower() in FUNCTION_WORDS and (len(word) == 1 or word[1:].islower())
