"""The page: one self-contained index.html, with the answer first and every sentence behind it.

Nothing is loaded from anywhere: style and script lie inside, charts are data: URIs, and a content
policy forbids the rest. Titles and sentences come from files that anybody may have written; the
template escapes them all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
from markupsafe import Markup

from pipeline.nordic import GROUPS
from pipeline.report.answer import answer_sentences, list_doubts, say_headline
from pipeline.report.choose import count_documents, say_why_unthemed
from pipeline.report.tables import (
    list_documents,
    list_dropped,
    list_sentences,
    split_examples,
)
from pipeline.report.wording import (
    clean,
    is_language,
    judge,
    name_group,
    name_language,
    say_number,
    say_percent,
    say_point,
    say_points,
)

if TYPE_CHECKING:
    from pipeline.report import Tables
    from pipeline.report.charts import Chart

SENTENCES_PER_THEME, ROWS_PER_TABLE = 200, 500
HERE = Path(__file__).parent
PAGE_LANGUAGES = {"da", "nb", "nn", "no", "sv", "en", "de", "fi", "fo", "is", "se"}
Row = dict[str, Any]


def make_page(
    tables: Tables,
    charts: Sequence[Chart],
    *,
    version: str = "",
    most_sentences: int = SENTENCES_PER_THEME,
    most_rows: int = ROWS_PER_TABLE,
) -> bytes:
    """index.html as UTF-8; equal tables and charts give equal bytes.

    Of each theme at most `most_sentences` sentences are listed, of each table at most `most_rows`
    rows; the page says how many more the CSV files have.
    """
    documents = list_documents(tables)
    sentences, left_over = _list_sentences(tables, documents, most_sentences)
    style, script = (HERE / "page.css").read_text("utf-8"), (HERE / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        number=say_number, percent=say_percent, mark_language=mark_language, glue=glue_percent
    )
    page = environment.get_template("page.html.jinja").render(
        style=Markup(style),
        script=Markup(script),
        script_digest=digest,
        version=version,
        headline=say_headline(tables),
        answers=answer_sentences(tables),
        doubts=list_doubts(tables),
        sides=[(name_group(g), n, is_language(g)) for g, n in count_documents(tables).items()],
        themes=_list_themes(tables, sentences, left_over),
        unthemed={
            "sentences": sentences.get("", []),
            "more": left_over.get("", 0),
            "reasons": list(say_why_unthemed(tables).value_counts().items()),
        },
        languages=[(code, name_language(code)) for code in _list_languages(tables)],
        documents=_list_rows(documents.assign(place=range(len(documents))), most_rows),
        n_documents=len(documents),
        dropped=_list_rows(list_dropped(tables), most_rows),
        n_dropped=int((~tables.blocks["kept"].astype(bool)).sum()),
        rejected=_list_rows(tables.rejected, most_rows),
        n_rejected=len(tables.rejected),
        foreign=_list_rows(_choose_uncompared(documents), most_rows),
        n_foreign=len(_choose_uncompared(documents)),
        charts=[(chart, _embed(chart.png)) for chart in charts],
    )
    return page.encode("utf-8", errors="replace")


def mark_language(code: str) -> str:
    """The value of a lang attribute; empty (unknown) for what is no language of the page."""
    return code if code in PAGE_LANGUAGES else ""


def glue_percent(text: str) -> str:
    """A number and its percent sign stay on one line."""
    return text.replace(" %", "\u00a0%")


def _list_sentences(
    tables: Tables, documents: pd.DataFrame, most: int
) -> tuple[dict[str, list[Row]], dict[str, int]]:
    """theme_id -> the sentences shown, in the order of their documents; and how many more.

    Where there are too many, each side keeps its strongest: a long Danish list must not push the
    Norwegian sentences off the page.
    """
    listed = list_sentences(tables)
    sizes = listed.groupby("theme_id").size()
    listed["side"] = listed["language"].map(GROUPS).fillna("other")
    listed = listed.sort_values(
        ["strength", "doc_id", "position"], ascending=[False, True, True], kind="stable"
    )
    rank = listed.groupby(["theme_id", "side"]).cumcount()
    sides = listed.groupby("theme_id")["side"].transform("nunique")
    kept = listed[rank < (most // sides).clip(lower=1)]
    kept = kept.sort_values(["doc_id", "position"], kind="stable")
    places = {doc: i for i, doc in enumerate(documents["doc_id"])}
    titles = dict(zip(documents["doc_id"], documents["title"], strict=True))
    paths = dict(zip(documents["doc_id"], documents["path"], strict=True))
    shown: dict[str, list[Row]] = {}
    for row in kept.to_dict("records"):
        doc_id = str(row["doc_id"])
        shown.setdefault(str(row["theme_id"]), []).append(
            {
                "text": row["text"],
                "language": row["language"],
                "side": row["side"],
                "kind": str(row["kind"]).replace("_", " "),
                "number": int(row["position"]) + 1,
                "document": places.get(doc_id, -1),
                "title": titles.get(doc_id, "") or doc_id,
                "path": paths.get(doc_id, doc_id),
            }
        )
    more = {str(theme): int(n) - len(shown.get(str(theme), [])) for theme, n in sizes.items()}
    return shown, more


def _list_themes(
    tables: Tables, sentences: dict[str, list[Row]], left_over: dict[str, int]
) -> list[Row]:
    contrasts = _group_rows(tables.contrasts)
    emphasis = _group_rows(tables.emphasis)
    widest = max((float(high) for high in tables.emphasis["high"] if high == high), default=1.0)
    scale = max(widest, float(tables.emphasis["share"].max()) if len(tables.emphasis) else 0, 0.01)
    themes: list[Row] = []
    for row in tables.themes.to_dict("records"):
        theme = str(row["theme_id"])
        here = sentences.get(theme, [])
        themes.append(
            {
                **{str(key): "" if value != value else value for key, value in row.items()},
                "label": clean(str(row["label"])) or theme,
                "shares": [_show_share(tables, share, scale) for share in emphasis.get(theme, [])],
                "verdicts": [_show_verdict(contrast) for contrast in contrasts.get(theme, [])],
                "examples": [
                    (side, [text for text in split_examples(row[f"examples_{side}"]) if text])
                    for side in ("da", "no")
                ],
                "terms_by_side": [(s, _split_terms(str(row[f"terms_{s}"]))) for s in ("da", "no")],
                "sides": [
                    (heading, [s for s in here if s["side"] == side])
                    for side, heading in (("da", "Danish"), ("no", "Norwegian"), ("other", "Other"))
                ],
                "more": left_over.get(theme, 0),
            }
        )
    return themes


def _group_rows(table: pd.DataFrame) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in table.to_dict("records"):
        rows.setdefault(str(row["theme_id"]), []).append({str(k): v for k, v in row.items()})
    return rows


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
        "n_documents": int(row["n_documents"]),
        "width": f"{100 * share / scale:.1f}",
        "low": f"{100 * low / scale:.1f}" if known else "0",
        "span": f"{100 * (high - low) / scale:.1f}" if known else "0",
    }


def _show_verdict(row: Row) -> Row:
    difference = float(row["difference"])
    return {
        "kind": judge(str(row["verdict"])).split()[0],
        "verdict": str(row["verdict"]),
        "pair": f"{name_group(str(row['group_a']))} minus {name_group(str(row['group_b']))}",
        "difference": f"{say_point(difference, 1)} points",
        "interval": say_points(float(row["low"]), float(row["high"])),
        "p": _say_p(row["p"]),
        "p_min": _say_p(row["p_min"]),
        "p_holm": _say_p(row["p_holm"]),
    }


def _say_p(p: float) -> str:
    if p != p:
        return "unknown"
    return f"{p:.3f}" if p >= 0.001 else f"{p:.0e}"


def _split_terms(terms: str) -> list[str]:
    return [term for term in (part.strip() for part in terms.split(";")) if term]


def _list_languages(tables: Tables) -> list[str]:
    return sorted(str(code) for code in tables.sentences["language"].unique())


def _choose_uncompared(documents: pd.DataFrame) -> pd.DataFrame:
    return documents[(documents["group"] == "") | (documents["duplicate_of"] != "")]


def _list_rows(table: pd.DataFrame, most: int) -> list[Row]:
    shown = table.head(most).to_dict("records")
    return [{str(k): "" if v != v else v for k, v in row.items()} for row in shown]


def _embed(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
