"""All rules, in the order in which they are asked: the first that applies gives the reason."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.read.clutter.rule import Rule
from pipeline.read.clutter.rules_article import ARTICLE_RULES
from pipeline.read.clutter.rules_english import ENGLISH_RULES
from pipeline.read.clutter.rules_page import PAGE_RULES
from pipeline.read.clutter.rules_prompts import PROMPT_RULES

RULES: tuple[Rule, ...] = (*PROMPT_RULES, *ARTICLE_RULES, *PAGE_RULES, *ENGLISH_RULES)


def find_reason(text: str, in_list: bool) -> str:
    """The reason that the first rule gives which applies to a block, or ""."""
    rules = _RULES_FOR[in_list][bisect_left(_LENGTHS, len(text))]
    return next((rule.reason for rule in rules if rule.matches(text)), "")


# Most rules look at short blocks only: for each step in their lengths, those that look at longer
_LENGTHS = sorted({rule.max_chars for rule in RULES})
_RULES_FOR = {
    in_list: [
        *([rule for rule in RULES if rule.may_apply(length, in_list)] for length in _LENGTHS),
        [],
    ]
    for in_list in (False, True)
}
