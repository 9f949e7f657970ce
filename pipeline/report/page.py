"""The page: index.html, with the answer first and every sentence behind it.

Nothing is loaded from a network: style and script lie inside, charts are data: URIs or files of
the report, and a content policy forbids the rest. A large corpus has its sentences in pieces beside
the page (`page_pieces`). Titles and sentences come from files that anybody may have written; the
template escapes them all, and the script writes them as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
from markupsafe import Markup, escape

from pipeline.report.answer import Said, say_headline, tell_answer, tell_doubts
from pipeline.report.behind import MOST_BEHIND, MOST_DOCUMENTS, choose_known, find_behind
from pipeline.report.choose import (
    count_documents,
    list_pairs,
    name_themes,
    rank_contrasts,
    say_why_unthemed,
)
from pipeline.report.confounds import say_detail
from pipeline.report.page_pieces import INLINE_CHARS, cut_pieces
from pipeline.report.phrases import fill
from pipeline.report.quote import MOST_NEEDED
from pipeline.report.tables import (
    FINDING,
    find_survivals,
    list_documents,
    quote_contrasts,
    split_examples,
)
from pipeline.report.wording import VERDICTS, Wording, clean, is_language, judge

if TYPE_CHECKING:
    from pipeline.report import Shown, Tables
    from pipeline.report.charts import Chart

SENTENCES_PER_THEME, ROWS_PER_TABLE = 200, 500
# Of more pairs of groups a theme shows the surest
MOST_PAIRS = 6
MOST_WORDS = 10
# Charts are in the page until they come to so many bytes; the others are shown from their files
EMBEDDED_BYTES = 2_200_000
HERE = Path(__file__).parent
PAGE_LANGUAGES = {"da", "nb", "nn", "no", "sv", "en", "de", "fi", "fo", "is", "se"}
# A ratio beyond these says no more than that one group hardly has the theme
_SMALLEST_RATIO, _LARGEST_RATIO = 0.01, 100
# What the script says: say("…") and count(n, "…", "…")
_SCRIPT_MESSAGE = re.compile(
    r'\b(?:say\("((?:[^"\\]|\\.)*)"|count\([^",]+(?:,\s*)"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)")'
)
Row = dict[str, Any]


def make_page(
    tables: Tables,
    shown: Shown,
    charts: Iterable[Chart],
    *,
    version: str = "",
    most_sentences: int = SENTENCES_PER_THEME,
    most_rows: int = ROWS_PER_TABLE,
    most_documents: int = MOST_DOCUMENTS,
    most_behind: int = MOST_BEHIND,
    inline_chars: int = INLINE_CHARS,
) -> dict[str, bytes]:
    """File name -> bytes: `index.html`, and `pages/*.js` where the corpus is large.

    Equal tables, charts and what is shown give equal bytes. The charts are asked for last: others
    may still be drawing them while all else is made. Of each table the page has at most `most_rows`
    rows, and says how many more the CSV files have. The other limits are those of `choose_known`,
    `find_behind` and `cut_pieces`; `most_sentences` is `nearest` there.
    """
    words = tables.wording
    style, script = (HERE / "page.css").read_text("utf-8"), (HERE / "page.js").read_text("utf-8")
    documents = list_documents(tables)
    behind = find_behind(tables, documents, most_behind)
    known = choose_known(
        documents,
        (
            *(shown.sentences["doc_id"], behind.rows["doc_id"], tables.contrasts["weakest"]),
            documents["doc_id"].head(most_rows),
        ),
        most_documents,
    )
    themes = _list_themes(tables, known)
    reading = cut_pieces(
        tables,
        shown.sentences,
        known,
        behind,
        [theme["theme_id"] for theme in themes],
        nearest=most_sentences,
        inline_chars=inline_chars,
        phrases=translate_script(words, script),
    )
    n_unthemed = tables.n_sentences - sum(int(theme["n_sentences"]) for theme in themes)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    links = {label: f"theme-{theme['number']}" for theme in themes for label in theme["said"]}
    uncompared = _choose_uncompared(documents)
    page = _load_template(words).render(
        style=Markup(style),
        script=Markup(script),
        script_digest=digest,
        version=version,
        index=Markup(reading.index),
        pieces=Markup(reading.inline),
        n_files=len(reading.files),
        n_held=reading.n_held,
        headline=say_headline(tables),
        answers=[_link_themes(words, said, links) for said in tell_answer(tables)],
        doubts=[_link_themes(words, said, links) for said in tell_doubts(tables)],
        sides=[
            (words.name_group(g), n, is_language(g)) for g, n in count_documents(tables).items()
        ],
        n_compared=sum(count_documents(tables).values()),
        themes=themes,
        n_documents_of=behind.n_documents,
        unthemed={
            "n": n_unthemed,
            "shares": _list_shares(tables, "", _find_scale(tables)),
            "reasons": list(say_why_unthemed(tables).items()),
        },
        by_words=tables.share_by == "words",
        quote_language=tables.language,
        languages=[(code, words.label_language(code)) for code in _list_languages(tables)],
        documents=_list_rows(documents.assign(place=range(len(documents))), most_rows),
        n_documents=len(documents),
        dropped=_list_rows(shown.dropped, most_rows),
        n_dropped=int(tables.dropped["n_blocks"].sum()),
        rejected=_list_rows(tables.rejected, most_rows),
        n_rejected=len(tables.rejected),
        foreign=_list_rows(uncompared, most_rows),
        n_foreign=len(uncompared),
        confounds=_list_confounds(tables),
        placebo=_list_placebo(tables),
        placebo_pair=[
            (words.name_half(a), words.name_half(b)) for a, b in list_pairs(tables.placebo)
        ],
        headings={side: words.label_language(side) for side in ("da", "no")},
        charts=_place_charts(charts),
    )
    return {"index.html": page.encode("utf-8", errors="replace"), **reading.files}


def mark_language(code: str) -> str:
    """The value of a lang attribute; empty (unknown) for what is no language of the page."""
    return code if code in PAGE_LANGUAGES else ""


def glue_percent(text: str) -> str:
    """A number and its percent sign stay on one line."""
    return text.replace(" %", "\u00a0%")


def find_script_messages(script: str) -> list[tuple[str, ...]]:
    """What a script says: one form, or those of one thing and of any other number."""
    return [
        tuple(json.loads(f'"{form}"') for form in found.groups() if form is not None)
        for found in _SCRIPT_MESSAGE.finditer(script)
    ]


def translate_script(words: Wording, script: str) -> dict[str, str | list[str]]:
    """English message -> what the script says instead: empty in English, a pair where it counts."""
    if words.language == "en":
        return {}
    return {
        forms[0]: words.translate(forms)[0] if len(forms) == 1 else list(words.translate(forms))
        for forms in find_script_messages(script)
    }


def _load_template(words: Wording) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    # The template's messages are HTML; what fills their gaps is text, unless it is HTML itself
    def say(message: str, *, context: str = "", **values: object) -> Markup:
        return Markup(fill(words.translate((message,), context)[0], _escape(values)))

    def count(n: int, one: str, many: str, **values: object) -> Markup:
        form = words.translate((one, many))[n != 1]
        return Markup(fill(form, {"n": words.number(n), **_escape(values)}))

    environment.globals.update(say=say, count=count, tag=words.tag)
    environment.filters.update(
        number=words.number,
        percent=words.percent,
        decimal=words.decimal,
        day=words.day,
        tell=words.tell,
        mark_language=mark_language,
        glue=glue_percent,
        name_side=words.name_side,
        clean=clean,
    )
    return environment.get_template("page.html.jinja")


def _escape(values: Mapping[str, object]) -> dict[str, object]:
    return {name: escape(value) for name, value in values.items()}


def _link_themes(words: Wording, said: Said, links: dict[str, str]) -> list[tuple[str, str]]:
    """A sentence in pieces, each with the id that it links to, or none: «digital post» -> theme-3.

    Where it speaks of something else than themes, a link to the rows follows.
    """
    before, after = words.quote("\0").split("\0")
    parts = re.split(f"{before}(.*?){after}", said.text)
    linked = [
        (words.quote(part), links.get(part, "")) if at % 2 else (part, "")
        for at, part in enumerate(parts)
        if part
    ]
    if not said.rows:
        return linked
    behind = {
        "documents": words.say("See them."),
        "left-out": words.say("See which."),
        "confounds": words.say("See the values."),
        "placebo": words.say("See one such split."),
    }
    return [*linked, (" ", ""), (behind[said.rows], said.rows)]


def _list_themes(tables: Tables, documents: pd.DataFrame) -> list[Row]:
    """What is known of each theme, the surest findings first."""
    contrasts = _group_rows(_find_contrasts(tables, documents))
    used, checks = _group_rows(tables.words), _group_rows(tables.robustness)
    scale = _find_scale(tables)
    said = {most: name_themes(tables.themes, most) for most in (100, 60)}
    several = len(list_pairs(tables.contrasts)) > 1
    themes: list[Row] = []
    for row in tables.themes.to_dict("records"):
        theme = str(row["theme_id"])
        pairs = contrasts.get(theme, [])
        shown = pairs[:MOST_PAIRS]
        themes.append(
            {
                **{str(key): "" if value != value else value for key, value in row.items()},
                "label": clean(str(row["label"])) or theme,
                "alarms": "; ".join(map(tables.wording.tell, str(row["alarms"]).split("; "))),
                # As the answer names the theme, at the two lengths that it uses
                "said": {names[theme] for names in said.values()},
                "surest": min((VERDICTS.index(pair["known"]) for pair in pairs), default=9),
                "shares": _list_shares(tables, theme, scale),
                "pairs": [
                    {
                        **pair,
                        "words": _split_words(used.get(theme, []), pair),
                        "checks": _list_checks(tables.wording, checks.get(theme, []), pair),
                    }
                    for pair in shown
                ],
                "n_more_pairs": len(pairs) - len(shown),
                "several": several,
                "examples": [
                    (side, [text for text in split_examples(row[f"examples_{side}"]) if text])
                    for side in ("da", "no")
                ],
                "terms_by_side": [(s, _split_terms(str(row[f"terms_{s}"]))) for s in ("da", "no")],
            }
        )
    themes.sort(key=lambda theme: int(theme["surest"]))
    return [{**theme, "number": number} for number, theme in enumerate(themes)]


def _find_scale(tables: Tables) -> float:
    """The share that a whole bar stands for."""
    widest = max((float(high) for high in tables.emphasis["high"] if high == high), default=1.0)
    return max(widest, float(tables.emphasis["share"].max()) if len(tables.emphasis) else 0, 0.01)


def _list_shares(tables: Tables, theme: str, scale: float) -> list[Row]:
    rows = tables.emphasis[tables.emphasis["theme_id"] == theme].to_dict("records")
    return [_show_share(tables, {str(k): v for k, v in row.items()}, scale) for row in rows]


def _show_share(tables: Tables, row: Row, scale: float) -> Row:
    """A group's share with the places of its bar and interval, in percent of the widest."""
    words = tables.wording
    low, high, share = (float(row[name]) for name in ("low", "high", "share"))
    known = low == low and high == high
    place = tables.groups.index(row["group"]) if row["group"] in tables.groups else 0
    own = row["group"] if row["group"] in {"da", "no"} else f"further-{place % 6}"
    return {
        "group": own,
        "name": words.label_group(str(row["group"])),
        "share": words.percent(share),
        "interval": words.say("{low} to {high}", low=words.percent(low), high=words.percent(high))
        if known
        else words.say("unknown"),
        "n_sentences": int(row["n_sentences"]),
        "n_documents": int(row["n_documents"]),
        "width": f"{100 * share / scale:.1f}",
        "low": f"{100 * low / scale:.1f}" if known else "0",
        "span": f"{100 * (high - low) / scale:.1f}" if known else "0",
    }


def _find_contrasts(tables: Tables, documents: pd.DataFrame) -> pd.DataFrame:
    """The contrasts, the surest first, with what is said of each."""
    words, survives = tables.wording, find_survivals(tables)
    places = {doc: place for place, doc in enumerate(documents["doc_id"])}
    ranked = rank_contrasts(tables.contrasts.assign(quoted=quote_contrasts(tables)))
    said = []
    for row in ranked.to_dict("records"):
        held = survives.get(tuple(str(row[name]) for name in FINDING))
        said.append(
            {
                "theme_id": row["theme_id"],
                **_show_contrast(words, {str(k): v for k, v in row.items()}, places),
                "survives": words.say("{n} of {total}", n=held[0], total=held[1]) if held else "",
            }
        )
    return pd.DataFrame(said, columns=["theme_id"] if not said else None)


def _show_contrast(words: Wording, row: Row, places: dict[str, int]) -> Row:
    known = judge(str(row["verdict"]))
    weakest = str(row["weakest"])
    groups = (str(row["group_a"]), str(row["group_b"]))
    needed = int(row["n_needed"])
    # No document is left out, and `weakest` is empty, where one of the intervals has zero in it
    excludes_zero = all(
        float(row[f"low{prior}"]) > 0 or float(row[f"high{prior}"]) < 0
        for prior in ("", "_sceptical")
    )
    return {
        "group_a": row["group_a"],
        "group_b": row["group_b"],
        "known": known,
        "kind": known.split()[0],
        "label": words.name_verdict(known),
        "verdict": words.say_verdict(str(row["verdict"]), groups),
        "a": words.name_group(groups[0]),
        "b": words.name_group(groups[1]),
        "both": words.name_texts_of_both(groups),
        "quoted": row.get("quoted", ""),
        "difference": words.say("{n} points", n=words.point(float(row["difference"]), 1)),
        "interval": words.points(float(row["low"]), float(row["high"])),
        "sceptical": words.points(float(row["low_sceptical"]), float(row["high_sceptical"])),
        "ratio": _say_ratio(words, float(row["ratio"])),
        "ratio_interval": words.say(
            "{low} to {high}",
            low=_say_ratio(words, row["ratio_low"]),
            high=_say_ratio(words, row["ratio_high"]),
        ),
        "without_one": words.points(float(row["low_without_one"]), float(row["high_without_one"])),
        "weakest": weakest,
        "hangs_on_none": excludes_zero and not weakest,
        "weakest_place": places.get(weakest, -1),
        "p": _say_p(words, row["p"]),
        "p_min": _say_p(words, row["p_min"]),
        "p_holm": _say_p(words, row["p_holm"]),
        "n_a": int(row["n_a"]),
        "n_b": int(row["n_b"]),
        "needed": "" if needed >= MOST_NEEDED else words.number(needed),
    }


def _say_ratio(words: Wording, ratio: float) -> str:
    if ratio != ratio:
        return words.say("unknown")
    if ratio > _LARGEST_RATIO:
        return words.say("over {limit}", limit=_LARGEST_RATIO)
    if ratio < _SMALLEST_RATIO:
        return words.say("under {limit}", limit=words.decimal(str(_SMALLEST_RATIO)))
    return words.decimal(f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}")


def _say_p(words: Wording, p: float) -> str:
    if p != p:
        return words.say("unknown")
    if p >= 0.001:
        return words.decimal(f"{p:.3f}")
    return words.decimal(f"{p:.5f}" if p >= 0.00001 else f"{p:.0e}")


def _split_words(rows: list[Row], pair: Row) -> list[tuple[str, list[Row]]]:
    """The concepts that each of two groups uses more within a theme, the most telling first."""
    own = [row for row in rows if all(row[key] == pair[key] for key in ("group_a", "group_b"))]
    sides = []
    for sign, more, less in ((1, "a", "b"), (-1, "b", "a")):
        told = sorted(
            (row for row in own if sign * float(row["z"]) > 0), key=lambda row: -abs(row["z"])
        )
        sides.append(
            (
                pair[f"group_{more}"],
                [
                    {
                        "da": row["label_da"],
                        "no": row["label_no"],
                        "more": int(row[f"n_{more}"]),
                        "less": int(row[f"n_{less}"]),
                        "documents": int(row[f"n_documents_{more}"]),
                    }
                    for row in told[:MOST_WORDS]
                ],
            )
        )
    return sides if any(words for _, words in sides) else []


def _list_checks(words: Wording, rows: list[Row], pair: Row) -> list[Row]:
    """What became of a finding in the runs that were done in other ways."""
    return [
        {
            "what": words.tell(str(row["what"])),
            "interval": words.points(row["low"], row["high"]) if row["low"] == row["low"] else "",
            "verdict": words.say("the theme isn't found again")
            if row["verdict"] != row["verdict"] or not row["verdict"]
            else words.say_verdict(str(row["verdict"]), (row["group_a"], row["group_b"])),
            "agrees": bool(row["agrees"]),
        }
        for row in rows
        if all(row[key] == pair[key] for key in ("group_a", "group_b"))
        and row["changed"]
        and not pd.isna(row["agrees"])
    ]


def _split_terms(terms: str) -> list[str]:
    return [term for term in (part.strip() for part in terms.split(";")) if term]


def _list_confounds(tables: Tables) -> list[Row]:
    return [
        {
            "column": tables.wording.name_column(str(row["column"])),
            "extent": tables.wording.tell(str(row["extent"])),
            "detail": say_detail(tables.wording, {str(key): row[key] for key in row}),
            "groups": tables.wording.join(
                [tables.wording.name_group(str(row[side])) for side in ("group_a", "group_b")]
            ),
        }
        for row in tables.confounds.to_dict("records")
    ]


def _list_placebo(tables: Tables) -> list[Row]:
    """What the comparison says of two random halves of one group, the surest first."""
    names = name_themes(tables.themes)
    return [
        {
            "theme": names.get(str(row["theme_id"]), str(row["theme_id"])),
            **_show_contrast(tables.wording, {str(k): v for k, v in row.items()}, {}),
        }
        for row in rank_contrasts(tables.placebo).to_dict("records")
    ]


def _list_languages(tables: Tables) -> list[str]:
    return sorted(str(code) for code in tables.tallies["language"].unique())


def _choose_uncompared(documents: pd.DataFrame) -> pd.DataFrame:
    return documents[(documents["group"] == "") | (documents["duplicate_of"] != "")]


def _group_rows(table: pd.DataFrame) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(str(row["theme_id"]), []).append({str(k): v for k, v in row.items()})
    return rows


def _list_rows(table: pd.DataFrame, most: int) -> list[Row]:
    shown = table.head(most).to_dict("records")
    return [{str(k): "" if v != v else v for k, v in row.items()} for row in shown]


def _place_charts(charts: Iterable[Chart]) -> list[tuple[Chart, str]]:
    """Each chart with its address: in the page as long as that stays light, else its file's."""
    placed, total = [], 0
    for chart in charts:
        uri = _embed(chart)
        total += len(uri)
        placed.append((chart, uri if total <= EMBEDDED_BYTES else f"charts/{chart.name}.png"))
    return placed


def _embed(chart: Chart) -> str:
    """A data: URI of the picture, or of its drawing where that is lighter."""
    drawing: bytes = getattr(chart, "svg", b"")
    if drawing and len(drawing) < len(chart.png):
        return "data:image/svg+xml;base64," + base64.b64encode(drawing).decode()
    return "data:image/png;base64," + base64.b64encode(chart.png).decode()
