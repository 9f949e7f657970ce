"""Who was at a meeting: names and what their bearers do, as in a byline, but in minutes.

"Per Olsen, sekretær" above an article has written it; under "Til stede" it is what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.clutter.reasons import BYLINE
from pipeline.read.clutter.words import NAME
from pipeline.read.extracted import RawBlock

MAX_CHARS = 110


def find_attendance(blocks: Sequence[RawBlock], told: Sequence[str]) -> set[int]:
    """The blocks of all lists of attendance, with their headings.

    `told` is what the wording of each block says.
    """
    found: set[int] = set()
    index = 0
    while index < len(blocks):
        end = index + 1
        if _HEADING.match(blocks[index].text):
            while end < len(blocks) and _is_of_list(blocks[end], told[end]):
                end += 1
            if end > index + 1:
                found.update(range(index, end))
        index = end
    return found


def _is_of_list(block: RawBlock, told: str) -> bool:
    """A name, with or without a title, or what stands tight with one: "Fra kommunen:"."""
    text = block.text
    if told not in ("", BYLINE) or len(text) > MAX_CHARS or text[-1] in ".!?" or block.linked:
        return False
    if _HEADING.match(text):
        return False  # a list of its own
    return _PERSON.match(text) is not None or not (block.gap or block.kind == "heading")


_HEADING = re.compile(
    rf"""(?: (?:[^.:!?]{{1,40}}[ ])?(?:til[ ]sted(?:e|ede)|til[ ]stades|tilstede)
          | (?:møte|møde)?(?:deltage(?:re|rne)|deltake(?:re|rne)|deltakar(?:ar|ane)|deltagerliste
              |deltakerliste|deltakarliste)
          | fr[ea]mm[øo](?:tte|dte)|møtte|mødt|møtende[ ]\w+|møtande[ ]\w+
          | fraværende|fråverande|(?:meldt[ ])?forfall|afbud|ikk?j?e[ ]møtt
          | present|attendees|participants|apologies|absent )
        (?:[ ](?:på|i|ved|fra|frå|til|for)[ ][^.:!?]{{1,40}})?
        (?: [ ]?:?$ | [ ]?:[ ](?-i:{NAME}) )""",
    re.VERBOSE | re.IGNORECASE,
)
_PERSON = re.compile(rf"{NAME}(?:$|[ ]?[,(–-])")
