"""What page clutter looks like, in Danish, Bokmål, Nynorsk and English: one rule a kind.

A rule looks at one block alone and has a length above which it never applies: a long block that
mentions a newsletter is about newsletters. What can only be told from a block's neighbours is in
`places`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`pattern` has to match from the block's start.

    `words` are pieces of words, one of which is in all that the pattern matches: where that may
    begin with anything, looking for them first takes a fraction of the time. They are case-folded
    and have no i: `re.IGNORECASE` takes the i's of Turkish for it, case-folding tells them apart.
    """

    reason: str
    pattern: re.Pattern[str]
    max_chars: int
    in_lists: bool = True  # whether it may take one item out of a list
    words: tuple[str, ...] = ()

    def applies(self, text: str, in_list: bool) -> bool:
        return self.may_apply(len(text), in_list) and self.matches(text)

    def may_apply(self, length: int, in_list: bool) -> bool:
        """Whether it looks at blocks of this length."""
        return length <= self.max_chars and (self.in_lists or not in_list)

    def matches(self, text: str) -> bool:
        if self.words and not any(map(text.casefold().__contains__, self.words)):
            return False
        return self.pattern.match(text) is not None


def make_rule(
    reason: str,
    pattern: str,
    max_chars: int,
    *,
    case: bool = False,
    in_lists: bool = True,
    words: tuple[str, ...] = (),
) -> Rule:
    """A rule; patterns are written over lines, without regard to case unless it is asked for."""
    flags = re.VERBOSE if case else re.VERBOSE | re.IGNORECASE
    return Rule(reason, re.compile(pattern, flags), max_chars, in_lists, words)
