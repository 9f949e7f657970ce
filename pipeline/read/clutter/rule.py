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
    """`pattern` has to match from the block's start."""

    reason: str
    pattern: re.Pattern[str]
    max_chars: int
    in_lists: bool = True  # whether it may take one item out of a list

    def applies(self, text: str, in_list: bool) -> bool:
        if len(text) > self.max_chars or (in_list and not self.in_lists):
            return False
        return self.pattern.match(text) is not None


def make_rule(
    reason: str, pattern: str, max_chars: int, *, case: bool = False, in_lists: bool = True
) -> Rule:
    """A rule; patterns are written over lines, without regard to case unless it is asked for."""
    flags = re.VERBOSE if case else re.VERBOSE | re.IGNORECASE
    return Rule(reason, re.compile(pattern, flags), max_chars, in_lists)
