"""English furniture: sites and blogs in Danish and Norwegian are often built in English.

Each line is told whole; of a text that we compare none is English.
"""

from __future__ import annotations

from pipeline.read.clutter.reasons import (
    ADVERTISEMENT,
    COMMENT_PROMPT,
    COOKIES,
    DATELINE,
    KEYWORDS,
    LISTEN,
    NAVIGATION,
    SHARE,
    SUBSCRIPTION,
)
from pipeline.read.clutter.rule import Rule, make_rule

MONTH = r"""(?:january|february|march|april|june|july|august|september|october|november|december
    |jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"""

ENGLISH_RULES: tuple[Rule, ...] = (
    make_rule(
        SHARE,
        r"""(?: tweet[ ]this | share[ ](?:this|the)[ ]\w+ | share[ ]via[ ]\w+ | email[ ]this
          | add[ ]to[ ](?:favou?rites|bookmarks|reading[ ]list) | save[ ]for[ ]later )$""",
        40,
    ),
    make_rule(
        LISTEN,
        r"(?:listen[ ]to|play)[ ](?:this|the)[ ](?:article|story|post|episode)\b.{0,20}$",
        60,
    ),
    make_rule(
        DATELINE,
        rf"""(?: (?:[^.!?]{{2,50}}?[ ][|·•–-][ ])? \d{{1,3}}[ -]min(?:ute)?s?[ ]?read
              (?:[ ][|·•–-].{{0,40}})?$
          | (?:estimated[ ])?read(?:ing)?[ ]time\b.{{0,30}}$
          | (?:(?:first[ ])?(?:published|posted)|(?:last[ ])?(?:updated|modified|edited))?
              [ :]{{0,2}} (?:on[ ])? {MONTH}\.?[ ]\d{{1,2}},[ ]\d{{4}} (?:[ ][|·•–-].{{0,40}})?$
          | published[ ]in[ ](?-i:[A-ZÆØÅ])[^.!?]{{1,60}}$ )""",
        110,
    ),
    make_rule(
        SUBSCRIPTION,
        r"""(?: (?:subscribe|sign[ ]up)(?:[ ](?:now|today|here|(?:for|to)[ ][^.!?]{2,50}))?
          | already[ ]a[ ](?:subscriber|member)\b.{0,30} | become[ ]a[ ](?:member|subscriber)
          | (?:member|subscriber)s?-only[ ](?:story|article|content)
          | start[ ](?:your[ ])?free[ ]trial | unsubscribe )[ !?»›→]*$""",
        80,
    ),
    make_rule(
        COMMENT_PROMPT,
        r"""(?: (?:leave|post|write|add|cancel)[ ](?:a[ ])?(?:reply|response|comment)
          | responses?[ ]\(\d+\) | \d+[ ](?:responses?|replies) | no[ ]comments(?:[ ]yet)?
          | be[ ]the[ ]first[ ]to[ ].{2,40} | loading[ ]comments )[ .!…]*$""",
        60,
    ),
    make_rule(
        COOKIES,
        r"""(?: (?:cookie|privacy|consent)[ ](?:settings|preferences|policy|notice|choices)
          | (?:accept|reject|decline|allow)[ ]all(?:[ ]cookies)?
          | (?:manage|change|save)[ ](?:my[ ]|your[ ])?(?:cookies|consent|preferences|choices)
          | (?:only[ ])?(?:strictly[ ])?necessary[ ](?:cookies|only)
          | do[ ]not[ ]sell[ ].{4,40} )$""",
        70,
    ),
    make_rule(
        ADVERTISEMENT,
        r"""(?: advertisements? | sponsored(?:[ ](?:content|post|by[ ].{2,40}))?
          | (?:paid|promoted)[ ](?:content|post)
          | (?:get|download|open[ ]in)[ ](?:the[ ]|our[ ])?app
          | (?:download[ ]on[ ]the|get[ ]it[ ]on)[ ](?:app[ ]store|google[ ]play) )$""",
        60,
    ),
    make_rule(
        KEYWORDS,
        r"""(?:categor(?:y|ies)|filed[ ]under|posted[ ]in|tagged(?:[ ](?:with|as))?)
            [ ]?:?[ ][^.!?]{2,100}$""",
        120,
    ),
    make_rule(
        NAVIGATION,
        r"""(?: back[ ]to[ ](?:top|home|the[ ]top) | scroll[ ]to[ ]top | (?:sign|log)[ ](?:in|out)
          | my[ ](?:account|profile) | (?:about|contact)[ ]us | site[ ]?map | help[ ]cent(?:er|re)
          | (?:terms|privacy)[ ](?:of[ ](?:use|service)|(?:and|&)[ ](?:conditions|terms|privacy))
          | careers | (?:show|load|view|see)[ ](?:more|all|less) | follow(?:ing)? | loading
          | main[ ]menu | (?:open|close|toggle)[ ](?:menu|search|navigation) )[ .…»›→↑]*$""",
        50,
        in_lists=False,
    ),
)
