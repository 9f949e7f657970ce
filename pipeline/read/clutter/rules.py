"""All rules, in the order in which they are asked: the first that applies gives the reason."""

from __future__ import annotations

from pipeline.read.clutter.rule import Rule
from pipeline.read.clutter.rules_article import ARTICLE_RULES
from pipeline.read.clutter.rules_english import ENGLISH_RULES
from pipeline.read.clutter.rules_page import PAGE_RULES
from pipeline.read.clutter.rules_prompts import PROMPT_RULES

RULES: tuple[Rule, ...] = (*PROMPT_RULES, *ARTICLE_RULES, *PAGE_RULES, *ENGLISH_RULES)
