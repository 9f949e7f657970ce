"""The reasons why a block is clutter, in the words of `dropped.csv`; each has its one name here."""

from __future__ import annotations

# Of the page
BREADCRUMB = "breadcrumb"
CONTENTS = "table of contents"
COOKIES = "cookie notice"
DOWNLOAD = "download link"
IMPRINT = "imprint"
KEYWORDS = "keywords"
LEFT_OVER_CODE = "left-over code"
NAVIGATION = "navigation"
NO_WORDS = "holds no words"
PAGE_LINKS = "page links"

# Of the article
AUTHOR = "note on the author"
BYLINE = "byline"
CAPTION = "picture caption"
CONTACT = "contact line"
DATELINE = "dateline"
GENRE = "genre label"
LETTERHEAD = "letterhead"
OPINION = "note on opinion pieces"
SENDER = "note on the sender"
SUMMARY = "note on a summary"

# To the reader
ADVERTISEMENT = "advertisement"
COMMENT_PROMPT = "comment prompt"
FEEDBACK = "feedback prompt"
LISTEN = "listening prompt"
NEWSLETTER = "newsletter prompt"
ORDER = "prompt to the reader"
SHARE = "share prompt"
SUBSCRIPTION = "subscription prompt"
TEASER = "teaser of another article"

# Told by what stands around
ABOVE = "stands above the title"
BELOW = "stands below the article"
COMMENT = "comment of a reader"
LABEL = "label of something that was dropped"
LINKS = "links to other pages"
TRUNCATED = "truncated teaser"

# What HTML tells of a block that a line's wording may tell more of, "" where it tells nothing
VAGUE = ("", "outside the article", "beside the article", "box of teasers")
