"""The page: index.html, with the answer first and every sentence behind it.

Nothing is loaded from a network: style and script lie inside, charts are data: URIs or files of
the report, and a content policy forbids the rest. A large corpus has its sentences in pieces beside
the page (`page_pieces`). Titles and sentences come from files that anybody may have written; the
template escapes them all, and the script writes them as text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
from markupsafe import Markup

from pipeline.report.answer import answer_sentences, list_doubts, say_headline
from pipeline.report.choose import (
    count_documents,
    list_pairs,
    name_themes,
    rank_contrasts,
    say_why_unthemed,
)
from pipeline.report.page_pieces import INLINE_CHARS, MOST_SENTENCES, cut_pieces
from pipeline.report.quote import MOST_NEEDED
from pipeline.report.tables import (
    FINDING,
    find_survivals,
    list_documents,
    list_dropped,
    quote_contrasts,
    split_examples,
)
from pipeline.report.wording import (
    VERDICTS,
    clean,
    count,
    is_language,
    judge,
    name_group,
    name_language,
    say_number,
    say_percent,
    say_point,
    say_points,
    shorten,
)

if TYPE_CHECKING:
    from pipeline.report import Tables
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
# What the answer and the doubts say, and where its rows are
_ROWS_BEHIND = (
    (" compared: ", "See them.", "documents"),
    ("Left out: ", "See which.", "left-out"),
    (" also differ ", "See the values.", "confounds"),
    ("confounds.csv says", "See the values.", "confounds"),
    ("What chance does: ", "See one such split.", "placebo"),
)
Row = dict[str, Any]


def make_page(
    tables: Tables,
    charts: Sequence[Chart],
    *,
    version: str = "",
    most_sentences: int = SENTENCES_PER_THEME,
    most_rows: int = ROWS_PER_TABLE,
    inline_chars: int = INLINE_CHARS,
    most_held: int = MOST_SENTENCES,
) -> dict[str, bytes]:
    """File name -> bytes: `index.html`, and `pages/*.js` where the corpus is large.

    Equal tables and charts give equal bytes. Of each table the page has at most `most_rows` rows,
    and says how many more the CSV files have. The other limits are those of `cut_pieces`;
    `most_sentences` is its `nearest`.
    """
    documents = list_documents(tables)
    themes = _list_themes(tables, documents)
    reading = cut_pieces(
        tables,
        documents,
        [theme["theme_id"] for theme in themes],
        nearest=most_sentences,
        inline_chars=inline_chars,
        most=most_held,
    )
    n_unthemed = int(len(tables.sentences) - sum(theme["n_sentences"] for theme in themes))
    style, script = (HERE / "page.css").read_text("utf-8"), (HERE / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    links = {label: f"theme-{theme['number']}" for theme in themes for label in theme["said"]}
    uncompared = _choose_uncompared(documents)
    page = _load_template().render(
        style=Markup(style),
        script=Markup(script),
        script_digest=digest,
        version=version,
        index=Markup(reading.index),
        pieces=Markup(reading.inline),
        n_files=len(reading.files),
        n_held=reading.n_held,
        headline=say_headline(tables),
        answers=[_link_themes(said, links) for said in answer_sentences(tables)],
        doubts=[_link_themes(said, links) for said in list_doubts(tables)],
        sides=[(name_group(g), n, is_language(g)) for g, n in count_documents(tables).items()],
        n_compared=sum(count_documents(tables).values()),
        themes=themes,
        n_documents_of=reading.n_documents_of,
        unthemed={
            "n": n_unthemed,
            "shares": _list_shares(tables, "", _find_scale(tables)),
            "reasons": list(say_why_unthemed(tables).value_counts().items()),
        },
        quote_language=tables.language,
        languages=[(code, name_language(code)) for code in _list_languages(tables)],
        documents=_list_rows(documents.assign(place=range(len(documents))), most_rows),
        n_documents=len(documents),
        dropped=_list_rows(list_dropped(tables), most_rows),
        n_dropped=int((~tables.blocks["kept"].astype(bool)).sum()),
        rejected=_list_rows(tables.rejected, most_rows),
        n_rejected=len(tables.rejected),
        foreign=_list_rows(uncompared, most_rows),
        n_foreign=len(uncompared),
        confounds=_list_confounds(tables),
        placebo=_list_placebo(tables),
        placebo_pair=list_pairs(tables.placebo),
        charts=_place_charts(charts),
    )
    return {"index.html": page.encode("utf-8", errors="replace"), **reading.files}


def mark_language(code: str) -> str:
    """The value of a lang attribute; empty (unknown) for what is no language of the page."""
    return code if code in PAGE_LANGUAGES else ""


def glue_percent(text: str) -> str:
    """A number and its percent sign stay on one line."""
    return text.replace(" %", "\u00a0%")


def _load_template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        number=say_number,
        percent=say_percent,
        mark_language=mark_language,
        glue=glue_percent,
        count=count,
        name_group=name_group,
        clean=clean,
    )
    return environment.get_template("page.html.jinja")


def _link_themes(said: str, links: dict[str, str]) -> list[tuple[str, str]]:
    """A sentence in pieces, each with the id that it links to, or none: «digital post» -> theme-3.

    Where it speaks of something else than themes, a link to the rows follows.
    """
    parts = re.split(r"«(.*?)»", said)
    linked = [
        (f"«{part}»", links.get(part, "")) if at % 2 else (part, "")
        for at, part in enumerate(parts)
        if part
    ]
    for told, words, target in _ROWS_BEHIND:
        if told in said:
            return [*linked, (" ", ""), (words, target)]
    return linked


def _list_themes(tables: Tables, documents: pd.DataFrame) -> list[Row]:
    """What is known of each theme, the surest findings first."""
    contrasts = _group_rows(_find_contrasts(tables, documents))
    words, checks = _group_rows(tables.words), _group_rows(tables.robustness)
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
                # As the answer names the theme, at the two lengths that it uses
                "said": {names[theme] for names in said.values()},
                "surest": min((VERDICTS.index(pair["known"]) for pair in pairs), default=9),
                "shares": _list_shares(tables, theme, scale),
                "pairs": [
                    {
                        **pair,
                        "words": _split_words(words.get(theme, []), pair),
                        "checks": _list_checks(checks.get(theme, []), pair),
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
    low, high, share = (float(row[name]) for name in ("low", "high", "share"))
    known = low == low and high == high
    place = tables.groups.index(row["group"]) if row["group"] in tables.groups else 0
    own = row["group"] if row["group"] in {"da", "no"} else f"further-{place % 6}"
    return {
        "group": own,
        "name": name_group(str(row["group"])),
        "share": say_percent(share),
        "interval": f"{say_percent(low)} to {say_percent(high)}" if known else "unknown",
        "n_sentences": int(row["n_sentences"]),
        "n_documents": int(row["n_documents"]),
        "width": f"{100 * share / scale:.1f}",
        "low": f"{100 * low / scale:.1f}" if known else "0",
        "span": f"{100 * (high - low) / scale:.1f}" if known else "0",
    }


def _find_contrasts(tables: Tables, documents: pd.DataFrame) -> pd.DataFrame:
    """The contrasts, the surest first, with what is said of each."""
    survives = find_survivals(tables)
    places = {doc: place for place, doc in enumerate(documents["doc_id"])}
    ranked = rank_contrasts(tables.contrasts.assign(quoted=quote_contrasts(tables)))
    said = [
        {
            "theme_id": row["theme_id"],
            **_show_contrast({str(k): v for k, v in row.items()}, places),
            "survives": survives.get(tuple(str(row[name]) for name in FINDING), ""),
        }
        for row in ranked.to_dict("records")
    ]
    return pd.DataFrame(said, columns=["theme_id"] if not said else None)


def _show_contrast(row: Row, places: dict[str, int]) -> Row:
    known = judge(str(row["verdict"]))
    weakest = str(row["weakest"])
    a, b = (name_group(str(row[side])) for side in ("group_a", "group_b"))
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
        "verdict": _say_verdict(str(row["verdict"]), row),
        "a": a,
        "b": b,
        "quoted": row.get("quoted", ""),
        "difference": f"{say_point(float(row['difference']), 1)} points",
        "interval": say_points(float(row["low"]), float(row["high"])),
        "sceptical": say_points(float(row["low_sceptical"]), float(row["high_sceptical"])),
        "ratio": _say_ratio(float(row["ratio"])),
        "ratio_interval": f"{_say_ratio(row['ratio_low'])} to {_say_ratio(row['ratio_high'])}",
        "without_one": say_points(float(row["low_without_one"]), float(row["high_without_one"])),
        "weakest": weakest,
        "hangs_on_none": excludes_zero and not weakest,
        "weakest_place": places.get(weakest, -1),
        "p": _say_p(row["p"]),
        "p_min": _say_p(row["p_min"]),
        "p_holm": _say_p(row["p_holm"]),
        "n_a": int(row["n_a"]),
        "n_b": int(row["n_b"]),
        "needed": "" if needed >= MOST_NEEDED else say_number(needed),
    }


def _say_verdict(verdict: str, row: Row) -> str:
    """`clear: more in da than in no` with the groups' names."""
    a, b = str(row["group_a"]), str(row["group_b"])
    for more, less in ((a, b), (b, a)):
        if verdict.endswith(f": more in {more} than in {less}"):
            kind = verdict.partition(":")[0]
            return f"{kind}: more in {name_group(more)} than in {name_group(less)}"
    return shorten(verdict, 200)


def _say_ratio(ratio: float) -> str:
    if ratio != ratio:
        return "unknown"
    if ratio > _LARGEST_RATIO:
        return f"over {_LARGEST_RATIO}"
    if ratio < _SMALLEST_RATIO:
        return f"under {_SMALLEST_RATIO}"
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _say_p(p: float) -> str:
    if p != p:
        return "unknown"
    if p >= 0.001:
        return f"{p:.3f}"
    return f"{p:.5f}" if p >= 0.00001 else f"{p:.0e}"


def _split_words(rows: list[Row], pair: Row) -> list[tuple[str, list[Row]]]:
    """The concepts that each of two groups uses more within a theme, the most telling first."""
    own = [row for row in rows if all(row[key] == pair[key] for key in ("group_a", "group_b"))]
    sides = []
    for name, sign, more, less in ((pair["a"], 1, "a", "b"), (pair["b"], -1, "b", "a")):
        told = sorted(
            (row for row in own if sign * float(row["z"]) > 0), key=lambda row: -abs(row["z"])
        )
        sides.append(
            (
                name,
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


def _list_checks(rows: list[Row], pair: Row) -> list[Row]:
    """What became of a finding in the runs that were done in other ways."""
    return [
        {
            "what": str(row["what"]),
            "interval": say_points(row["low"], row["high"]) if row["low"] == row["low"] else "",
            "verdict": "the theme isn't found again"
            if row["verdict"] != row["verdict"] or not row["verdict"]
            else _say_verdict(str(row["verdict"]), row),
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
            **{str(key): value for key, value in row.items()},
            "column": "date" if row["column"] == "published" else row["column"],
        }
        for row in tables.confounds.to_dict("records")
    ]


def _list_placebo(tables: Tables) -> list[Row]:
    """What the comparison says of two random halves of one group, the surest first."""
    names = name_themes(tables.themes)
    return [
        {
            "theme": names.get(str(row["theme_id"]), str(row["theme_id"])),
            **_show_contrast({str(k): v for k, v in row.items()}, {}),
        }
        for row in rank_contrasts(tables.placebo).to_dict("records")
    ]


def _list_languages(tables: Tables) -> list[str]:
    return sorted(str(code) for code in tables.sentences["language"].unique())


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


def _place_charts(charts: Sequence[Chart]) -> list[tuple[Chart, str]]:
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
