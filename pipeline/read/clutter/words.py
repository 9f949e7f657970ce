"""Names, dates, captions and headings as they are written around articles.

The parts that the rules are made of, and the patterns that judge a block by its neighbours.
"""

from __future__ import annotations

import re

from pipeline.read.dates import MONTH_NAMES

# Names as they are written under an article: "Kjersti Mørkedal", "J.P. Holm", "Anne-Mette Bro"
NAME_WORD = r"[A-ZÆØÅÄÖÉ][\w.'’-]{0,40}"
NAME = rf"{NAME_WORD}(?:[ ](?:{NAME_WORD}|af|av|de|von|van|la)){{1,4}}"
NAMES = rf"{NAME}(?:(?:,|[ ](?:og|and|&))[ ]{NAME}){{0,4}}"
PHONE = r"(?:\+\d{2}[ ]?)?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}|(?:\+\d{2}[ ]?)?\d{3}[ ]\d{2}[ ]\d{3}"
EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}"
DAYS_OF_WEEK = r"(?:man|tirs?|tys|ons|tors|fre|lør|laur|søn|sun)da[gy]"
DAY = (
    rf"(?:{DAYS_OF_WEEK}\.?,?[ ])?(?:den[ ]|d\.[ ]?)?"
    rf"(?:\d{{1,2}}[./-][ ]?\d{{1,2}}[./-][ ]?\d{{2,4}}|\d{{4}}-\d\d-\d\d"
    rf"|\d{{1,2}}\.?[ ]{MONTH_NAMES}\.?,?[ ]\d{{4}})"
)
CLOCK = r"(?:,?[ -]*(?:kl\.?|klokka|klokken|at)?[ ]?\d{1,2}[.:]\d\d(?:[ ]?[ap]m)?)?"

# Captions are told by their capital: "Foto" is a mark, "et foto" a word
CAPTION_START = re.compile(
    r"""\(? (?:[A-ZÆØÅ]\w{0,30}[ -]?)? (?:Foto|FOTO|foto(?=:)|Photo|Illustrasjon|Illustration
        |Grafikk?|Billede|Bilde|Bilete|Video|Billedtekst|Bildetekst|Bilettekst|Visualisering|Kart
            |Kreditering) [ ]?[:/]
        | (?:Genrefoto|Arkivfoto|Illustrasjonsfoto|Illustrationsfoto)\.[ ] | (?:Skjermdump
            |Skærmbillede|Skjermbilete)[ ]f | (?:Bilde|Billede|Bilete)[ ]\d+[ ]av?f?[ ]\d
            | Øverst:[ ]
        | \(?(?:Fra[ ]venstre|Frå[ ]venstre|Fra[ ]v\.|F\.v\.)[ ]?:
            | \d{1,2}[ ]?/[ ]?\d{1,2}[ ](?=[A-ZÆØÅ])
        | (?:Figur|Tabell?|Fig\.)[ ]\d{1,2}[.:][ ][^.!?]{5,160}[.][ ]Kilde""",
    re.VERBOSE,
)
CAPTION_END = re.compile(
    r"""(?: (?:^|[.)»”!?|·–,][ ]?\(?)
            (?:Fotos?|FOTO|Photo|[A-ZÆØÅ][a-zæøå]{1,30}foto|Illustrasjon|Illustration|Grafikk?)
            (?:\s?[:/]\s?[^.!?]{2,60})?
          | [ ]\(? (?:Foto|FOTO|Photo|[A-ZÆØÅ][a-zæøå]{1,30}foto) \s?[:/]\s?[^.!?]{2,60}
          | [.!?][ ](?:Visualisering|Kreditering|Illustrasjon|Kartgrunnlag|Arkivbilde
              |Pressefoto)[ ]?:[ ][^.!?]{2,70}
          | [.!?][ ](?:Skisse|Skærmbillede|Skjermdump|Tegning)[ ]?:[ ][^.!?]{2,60}
          | [.!?][ ]©[ ]?[^.!?]{2,40}
          | [.!?][ ](?:Last[ ]ned[ ](?:bilde|bilete)\w*|Download[ ](?:billede|foto)\w*
              |Hent[ ]billede\w*)
        ) \)?\.?$""",
    re.VERBOSE,
)

# A word of every line that CAPTION_END tells: most lines have none, which is found out at once
CAPTION_WORD = re.compile(
    r"foto|Foto|FOTO|Photo|Illustra|Grafik|Visualisering|Kreditering|Kartgrunnlag|Arkivbilde"
    r"|Skisse|Skærm|Skjerm|Tegning|©|Last ned|Download|Hent"
)

# Headings under which other articles are listed
TEASER_HEADING = re.compile(
    r"""(?: (?:relevante|relaterte?|relaterede|relateret|lignende|liknande|andre|flere|fleire
            |seneste|siste|nyeste|nyaste|anbefalte|anbefalede|populære|utvalgte|udvalgte|aktuelle
            |tidligere|related|more|latest|recent|recommended|popular)
          [ ](?:artik\w+|indhold|innhold|innhald|saker|sager|nyheter|nyheder|nyhende|historier
            |innlegg|indlæg|blogg?innlegg|blogindlæg|nytt|nyt|lenker|links|lenkjer|articles|stories
            |news|content|posts)\b .{0,30}
        | (?:relaterte?|relaterede|relateret|andre|flere|fleire|seneste|siste|anbefalte?|anbefalede
            |populære|aktuelle|nyeste|tidligere)
          [ ](?:\w{0,20}(?:nyheder|nyheter|nyhende)|høringssvar|høringer|høyringar|lesarbrev
              |leserbrev|læserbreve
            |pressemeldinger|pressemeldingar|pressemeddelelser|lesning|læsning|kronikker|kronikkar
                |kommentarer|podkaster|podcasts|episoder)\b .{0,30}
        | (?:læs|les|lesa|se|sjå)[ ](?:flere|fleire)[ ](?:nyhe\w+|nyhende|saker|sager|artik\w+
            |innlegg|indlæg|historier)
        | (?:flere|fleire)[ ](?:innlegg|indlæg|saker|sager|artikler|artiklar)[ ](?:om|fra|frå
            |i)\b .{0,30}
        | populært?[ ](?:hos|på|nå|nu|lige|akkurat)\b .{0,25}
        | (?:mest|most)[ ](?:lest|lese|leste|læst|læste|sett|sete|delte?|kommentert|populære|read
            |popular)\b .{0,30}
        | (?:kommende|komande|neste|næste)[ ](?:arrangement\w*|kurs\w*|møder|møter|events)
        | (?:mere?|meir|more)[ ](?:fra|frå|from)[ ].{2,40}
        | (?:læs|les|se|sjå|read|hør)[ ](?:også|og[ ]så|òg|au|also)[ ]?:?
        | (?:læs|les)[ ](?:mere?|meir)[ ]?:?
        | andre[ ](?:læser|leser|læste|leste|les|lesarar|lesere) .{0,30}
        | (?:du|dette|kanskje|måske)[ ].{0,20}(?:også|òg)[ ].{0,25}
            (?:lik\w+|interess\w+(?:[ ]i)?|lide|om)
        | you[ ](?:might|may)[ ]also[ ](?:like|enjoy) | recommended[ ]for[ ]you | (?:read|up)[ ]next
        | (?:anbefalt|anbefalet|udvalgt|utvalgt)[ ](?:for|til)[ ](?:deg|dig)
        | (?:fikk|fik|fekk)[ ]du[ ](?:ikke[ ]|ikkje[ ])?med[ ](?:dig|deg)\b .{0,25}
        | (?:siste|seneste)[ ](?:nytt|nyt|nyheter|nyheder) | relatert | relateret | related
        )[.:?!]?$""",
    re.VERBOSE | re.IGNORECASE,
)
# Those that stand in the middle of an article, where it goes on after a title or two
INLINE_TEASER_HEADING = re.compile(
    r"(?:(?:læs|les|se|sjå|read|hør)[ ](?:også|og[ ]så|òg|au|also|mere?|meir))[ ]?:?$",
    re.IGNORECASE,
)
CONTACT_HEADING = re.compile(
    r"""(?: kontakt(?:personer|person|informasjon|info|oplysninger|opplysninger|[ ]?oss?)?
          | pressekontakt
          | (?:for[ ])?(?:yderligere|nærmere|mere?|meir|flere)[ ]
            (?:opp?lysninger|information|informasjon)
          | (?:har|er)[ ](?:du|dere|I)[ ].{0,12}(?:spørsmål|spørgsmål)\b .{0,60} )[.:?!]?$""",
    re.VERBOSE | re.IGNORECASE,
)
# "Kåre M. · for 3 timer siden", "Anonym, 2 dage siden", "Henrik P. skrev den 3. maj kl. 14.20"
COMMENTER = re.compile(
    r"""[^.!?:,|·•]{2,40}\.?[ ]? [|·•,–-][ ]? (?:for[ ])? \d{1,3}[ ]
        (?:sek\w*|min\w*|time[rn]?|timar|t|dag\w*|uge[rn]?|uke[rn]?|veke[rn]?|måned\w*|månad\w*
            |år)\.?
        [ ] (?:siden|sidan|sia)\.? $""",
    re.VERBOSE | re.IGNORECASE,
)
# What the menus of sites are full of: two of them make a run of short lines a menu
MENU_WORDS = frozenset(
    """
    hjem, heim, om mig, om meg, rss,
    nyheder, nyheter, nyhende, aktuelt, siste nytt, seneste nyt, artikler, artiklar, blog, blogg,
    podcast, podkast, arkiv, magasin, magasinet, debat, debatt, meninger, meiningar, kronikker,
    kultur, sport, økonomi, vejret, været, veret, e-avis, annonser, annoncer, om os, om oss,
    bliv medlem, bli medlem, bli med, for medlemmer, medlemskab, medlemskap, kontakt, kontakt os,
    kontakt oss, presse, karriere, job, jobb, ledige stillinger, ledige stillingar, priser, prisar,
    produkter, tjenester, tenester, ydelser, fordele, fordeler, rådgivning, rådgiving, viden,
    ressurser, kurser, kurs, arrangementer, arrangement, kalender, webshop, nettbutikk, butik,
    butikk, indkøbskurv, handlekurv, abonnement, hva vi gjør, kva vi gjer, hvad vi gør, personvern,
    cookies, min side, mine sider, log ind, logg inn, hjælp, hjelp, søg, søk, meny, menu, news,
    about, about us, contact, contact us, careers, press, products, services, pricing, events,
    login, sign in
    """.replace("\n   ", "")
    .strip()
    .split(", ")
)
LABEL_HEADING = re.compile(
    r"""(?: præsentation | presentasjon | om[ ](?:forfatter|skribent|forfattar|blogg?er|bloggar)\w*
          | (?:forfatter|skribent)(?:en)? | forfattar(?:en)? | (?:about[ ]the[ ])?author )[.:]?$""",
    re.VERBOSE | re.IGNORECASE,
)
JOB_TITLE = re.compile(
    r"""(?:direktør|sjef|chef|leder|leiar|rådgi?ver|rådgjevar|konsulent|redaktør|journalist
        |professor|forsker|forskar|minister|statsråd|sekretær|borge?r?mester|ordfører|ordførar
        |formand|formann|talsmand|talsperson|specialist|spesialist|advokat|jurist|økonom|viter
        |vitar|lektor|stipendiat|student|utvikler|udvikler|designe?a?r|ansvarlig|ansvarleg
        |koordinator|medarbejder|medarbeider|medarbeidar|fuldmægtig|partner|manager|forfatter
        |forfattar|skribent|kommentator|fotograf|ph\.d|ingeniør|arkitekt|lege|læge|pensj?i?onist
        )\b""",
    re.VERBOSE | re.IGNORECASE,
)
NAME_LINE = re.compile(rf"{NAME}$")
CONTACT_DETAIL = re.compile(rf"{EMAIL}|(?<![\d,.])(?:{PHONE})(?![\d,.]?\d)")
