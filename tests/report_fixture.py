"""Made-up tables for the report's tests: a small corpus, a large one, and empty ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.compare.counting import count_blocks, count_characters, count_sentences
from pipeline.nordic import GROUPS
from pipeline.report import Shown, Tables
from pipeline.report.gather import choose_near, join_themes, rank_sentences
from pipeline.report.page import make_page
from pipeline.report.tables import DROPPED_COLUMNS, FILES, list_sentences
from pipeline.schemas import EXAMPLE_BREAK, SCHEMAS

LABELS = [
    ("digital post · borger", "digital post · innbygger"),
    ("adgang · hjælp", "tilgang · hjelp"),
    ("tillid · registre", "tillit · registre"),
    ("udgifter · besparelse", "utgifter · innsparing"),
    ("kunstig intelligens", "kunstig intelligens"),
    ("skole · børn", "skole · barn"),
]
LONG = (
    "Sundhedsvæsenets journaler, de pårørendes adgang, ærlighed og åbenhed om fejl, samt "
    "grænseoverskridende informationsforvaltningssamarbejdsaftaler mellem kommuner, regioner, "
    "fylkeskommuner og stat"
)
SENTENCES = {
    "da": "Borgeren får svar på ærlige spørgsmål, når øvrigheden åbner døren nr. {}.",
    "nb": "Innbyggeren får svar på ærlige spørsmål når kommunen åpner døra nr. {}.",
    "nn": "Innbyggjaren får svar på ærlege spørsmål når kommunen opnar døra nr. {}.",
    "sv": "Medborgaren får svar när kommunen öppnar dörren nr {}.",
}
VERDICTS = ["clear", "leaning: one document carries it", "too few documents to tell"]


@dataclass(frozen=True)
class MadeUp(Tables):
    """Tables with the sentences that they tell of, which may be changed before `gather`."""

    sentences: pd.DataFrame = field(default_factory=lambda: _make_empty("sentences"))
    assignments: pd.DataFrame = field(default_factory=lambda: _make_empty("assignments"))
    blocks: pd.DataFrame = field(default_factory=lambda: _make_empty("blocks"))

    @property
    def joined(self) -> pd.DataFrame:
        return join_themes(self.sentences, self.assignments)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """All tables that people get, by the name of their CSV file."""
        return {name: list_rows(self) for name, list_rows in FILES.items()} | {
            "dropped.csv": self.blocks[~self.blocks["kept"]][DROPPED_COLUMNS],
            "sentences.csv": list_sentences(self.sentences, self.assignments, self.themes),
        }

    def gather(self) -> MadeUp:
        """What the tables tell of the sentences as they are now."""
        return replace(self, tallies=count_sentences(self.joined))


def page_of(
    tables: MadeUp, charts: Sequence[Any] = (), *, most_held: int = 10**9, **named: Any
) -> dict[str, bytes]:
    """The page's files; of more than `most_held` sentences it has the nearest."""
    sentences = tables.joined
    if len(sentences) > most_held:
        sentences = choose_near(rank_sentences(sentences), named["most_sentences"])
    shown = Shown(sentences, tables.frames["dropped.csv"])
    return make_page(tables.gather(), shown, charts, **named)


def empty_tables() -> MadeUp:
    """No file was read at all."""
    frames = {name: _make_empty(name) for name in MadeUp.__dataclass_fields__ if name in SCHEMAS}
    return MadeUp(**frames)


def _make_empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: _empty(kind) for column, kind in SCHEMAS[name].items()})


def _empty(kind: str) -> pd.Series:
    kinds = {"string": "str", "bool": "bool"}
    return pd.Series(dtype=kinds.get(kind, kind.removesuffix("?")))


def make_tables(
    languages: list[str],
    n_themes: int,
    *,
    per_document: int = 20,
    seed: int = 1,
    long_labels: bool = False,
    groups: list[str] | None = None,
    verdicts: list[str] | None = None,
) -> MadeUp:
    """Documents in these languages with sentences spread over `n_themes` by a seeded draw."""
    draw = np.random.default_rng(seed)
    ids = [f"t{i + 1:02d}" for i in range(n_themes)]
    lean = {"da": draw.dirichlet(np.full(n_themes + 1, 0.7)),
            "no": draw.dirichlet(np.full(n_themes + 1, 0.7))}  # fmt: skip
    documents, detected, blocks, sentences, assignments = [], [], [], [], []
    for d, language in enumerate(languages):
        doc_id = f"tekster/{language}-{d:02d}"
        documents.append(_document(doc_id, d, language))
        detected.append((doc_id, -1, language, 0.97))
        blocks.append((doc_id, 0, "paragraph", "Brødtekst.", True, ""))
        blocks.append((doc_id, 1, "paragraph", "Læs også: ti tips", False,
                       "link list" if d % 2 else "cookie notice"))  # fmt: skip
        side = "da" if language == "da" else "no"
        weights = 0.6 * lean[side] + 0.4 * draw.dirichlet(np.full(n_themes + 1, 0.5))
        themes = draw.choice(n_themes + 1, per_document, p=weights / weights.sum())
        for position in range(per_document if language != "sv" else 0):
            sentence_id = f"{doc_id}:{position}"
            text = SENTENCES[language].format(position)
            kind = "heading" if position == 0 else "paragraph"
            sentences.append(
                (sentence_id, doc_id, position, 0, kind, 0, language, 0, len(text), text)
            )
            theme = ["", *ids][themes[position]]
            assignments.append((sentence_id, theme, 0.4 if theme else 0.01, ""))
    frames = {
        "documents": _frame("documents", documents),
        "languages": _frame("languages", detected),
        "blocks": _frame("blocks", blocks),
        "rejected": _frame(
            "rejected", [("billede.png", "not a text format"), ("tom.txt", "no text")]
        ),
        "sentences": _frame("sentences", sentences),
        "assignments": _frame("assignments", assignments),
    }
    of_document = {d[0]: GROUPS[la] for d, la in zip(documents, languages, strict=True)
                   if la in GROUPS}  # fmt: skip
    if groups is not None:
        of_document = {doc: groups[i % len(groups)] for i, doc in enumerate(of_document)}
    used = groups or ["da", "no"]
    shares = _shares(frames["sentences"], frames["assignments"], ids, of_document)
    emphasis = _emphasis(shares, ids, used)
    return MadeUp(
        **frames,
        reasons=count_blocks(frames["blocks"]),
        tallies=count_sentences(join_themes(frames["sentences"], frames["assignments"])),
        spoken=count_characters(frames["languages"], frames["blocks"]),
        themes=_themes(frames, ids, long_labels),
        shares=shares,
        emphasis=emphasis,
        contrasts=(contrasts := _contrasts(emphasis, ids, used, verdicts or VERDICTS)),
        placebo=_placebo(contrasts),
        placebo_rates=_frame("placebo_rates", [(35, 2, 0)] if len(contrasts) else []),
        choices=_frame(
            "choices",
            [(k, 0.9 - 0.02 * k + 0.1 * np.sin(k), 0.2 + 0.01 * k, k == 6) for k in range(2, 15)],
        ),
        groups=used,
    )


def small_tables() -> MadeUp:
    """Three Danish, one Bokmål, one Nynorsk and one Swedish document; six themes."""
    return make_tables(["da", "da", "da", "nb", "nn", "sv"], 6)


def large_tables() -> MadeUp:
    """Thirty Danish and thirty Norwegian documents; forty themes with labels of 200 characters."""
    languages = ["da"] * 30 + ["nb"] * 20 + ["nn"] * 10
    return make_tables(languages, 40, per_document=60, long_labels=True)


def with_hostile_text(tables: MadeUp) -> MadeUp:
    """Titles, sentences, labels and ids that try to be markup, formulas and mathematics."""
    evil = '<script>alert(1)</script> $\\frac{1}$ =HYPERLINK("x") & "æøå" \u202eabc'
    return replace(
        tables,
        documents=tables.documents.assign(title=evil, path="=cmd.txt"),
        sentences=tables.sentences.assign(text=evil),
        themes=tables.themes.assign(label=evil, label_da=evil, terms_da=evil, examples_da=evil),
        rejected=tables.rejected.assign(reason=evil),
    )


def make_coordinates(tables: MadeUp, seed: int = 2) -> np.ndarray:
    """A cloud a theme, float (n_sentences, 2)."""
    draw = np.random.default_rng(seed)
    centres = {theme: draw.normal(0, 3, 2) for theme in ["", *tables.themes["theme_id"]]}
    return np.array([centres[t] + draw.normal(0, 0.8, 2) for t in tables.assignments["theme_id"]])


def _document(doc_id: str, d: int, language: str) -> tuple[object, ...]:
    title = f"Når det offentlige bliver digitalt, hvem hjælper så de ældre? Del {d}"
    return (doc_id, f"{doc_id}.txt", title, "Kari Hagen", "2024-05-01" if d % 2 else "", "Avisen",
            "DK" if language == "da" else "NO", "", "metadata.csv" if d % 2 else "", 4000, 600 + d,
            f"hash{d}", "", "{}")  # fmt: skip


def _frame(name: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SCHEMAS[name]))


def _shares(sentences, assignments, ids, of_document):  # type: ignore[no-untyped-def]
    joined = sentences.merge(assignments, on="sentence_id")
    counts = joined.groupby(["doc_id", "theme_id"]).size()
    totals = joined.groupby("doc_id").size()
    rows = [
        (theme, doc, group, counts.get((doc, theme), 0) / totals[doc])
        for theme in [*ids, ""]
        for doc, group in of_document.items()
    ]
    return _frame("shares", rows)


def _emphasis(shares: pd.DataFrame, ids: list[str], groups: list[str]) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for theme in [*ids, ""]:
        for group in groups:
            here = shares[(shares["theme_id"] == theme) & (shares["group"] == group)]["share"]
            if not len(here):
                continue
            mean, half = here.mean(), 0.6 / np.sqrt(len(here)) * max(here.mean(), 0.02)
            rows.append((theme, group, 10, int((here > 0).sum()), mean,
                         max(mean - half, 0.0), min(mean + half, 1.0)))  # fmt: skip
    return _frame("emphasis", rows)


def _contrasts(
    emphasis: pd.DataFrame, ids: list[str], groups: list[str], verdicts: list[str]
) -> pd.DataFrame:
    share = {(t, g): s for t, g, s in zip(emphasis["theme_id"], emphasis["group"],
                                          emphasis["share"], strict=True)}  # fmt: skip
    rows: list[tuple[object, ...]] = []
    pairs = [(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    for a, b in pairs:
        if ("", a) not in share or ("", b) not in share:
            continue
        size = {theme: abs(share[theme, a] - share[theme, b]) for theme in ids}
        order = sorted(ids, key=lambda theme: -size[theme])
        for rank, theme in enumerate(order):
            difference = share[theme, a] - share[theme, b]
            verdict = verdicts[min(rank * len(verdicts) * 2 // len(ids), len(verdicts) - 1)]
            half = abs(difference) * (0.5 if verdict == "clear" else 1.5) + 0.01
            low, high = difference - half, difference + half
            rows.append((theme, a, b, difference, low, high, 0.03, 0.0079, 0.2, verdict,
                         low - 0.01, high + 0.01, 1.8, 0.7, 4.2, 3, 2, 0.1,
                         difference - 0.02, difference + 0.02, "", 14))  # fmt: skip
    return _frame("contrasts", rows)


def _placebo(contrasts: pd.DataFrame) -> pd.DataFrame:
    """As if one group had been split at random."""
    if not len(contrasts):
        return contrasts
    group = contrasts["group_a"].iloc[0]
    first = contrasts[contrasts["group_b"] == contrasts["group_b"].iloc[0]]
    return first.assign(group_a=f"{group} (half 1)", group_b=f"{group} (half 2)")


def _themes(frames: dict[str, pd.DataFrame], ids: list[str], long_labels: bool) -> pd.DataFrame:
    joined = frames["sentences"].merge(frames["assignments"], on="sentence_id")
    rows = []
    for i, theme in enumerate(ids):
        here = joined[joined["theme_id"] == theme]
        da, no = LABELS[i % len(LABELS)]
        label_da = (
            f"{i} {LONG}"[:200] if long_labels and i % 2 == 0 else f"{da} {i}" if i > 5 else da
        )
        rows.append((
            theme, label_da, label_da, no, "post; svar", len(here), here["doc_id"].nunique(),
            0.8, 0.1, int((here["language"] == "da").sum()), int((here["language"] != "da").sum()),
            "borger; adgang; hjælp; ældre; blæsevejr; rødgrød; åbenhed" if i != 3 else "",
            "innbygger; tilgang; hjelp; eldre; åpenhet; økonomi; kjærlighet",
            EXAMPLE_BREAK.join(["Borgeren får svar.", "Ældre får hjælp."]), "Innbyggeren får svar.",
            "one language; not found again" if i == 1 else "",
        ))  # fmt: skip
    return _frame("themes", rows)
