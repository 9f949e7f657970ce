"""How well the themes of the sample corpus are found again: against the plan in raw/README.md.

    python -m benchmarks.plan [--raw raw] [--seeds 3]

The plan says what part of each document is about each theme. Planned themes are paired one to one
with found ones so that their shares over the documents correlate best (Kuhn 1955); printed are, for
each planned theme, the correlation, the planned and the found difference between the Danish and the
Norwegian documents, and the label. A planned theme without a partner was not found.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pipeline.settings import Settings
from pipeline.stages import Silent, run_stages
from pipeline.steps import STAGES
from pipeline.store import Store

# Pairs whose shares go together less than this are no pairs.
LEAST_CORRELATION = 0.4


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--raw", type=Path, default=Path("raw"))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args(arguments)
    planned = read_plan((options.raw / "README.md").read_text(encoding="utf-8"))
    for seed in range(options.seeds):
        found, themes, groups = find_shares(options.raw, seed)
        print_pairs(planned.reindex(found.index), found, themes, groups, seed)
    return 0


def read_plan(text: str) -> pd.DataFrame:
    """(documents, planned themes): parts of each document, from the table of the plan."""
    rows = re.findall(r"^\| `([^`]+)\.\w+` \| \w+ \| [^|]+ \| ([^|]+) \|$", text, re.M)
    parts = {
        str(doc_id): {theme: int(part) / 100 for theme, part in re.findall(r"(T\d+) (\d+)", cell)}
        for doc_id, cell in rows
    }
    plan = pd.DataFrame.from_dict(parts, orient="index").fillna(0.0)
    return plan[sorted(plan.columns, key=lambda theme: int(str(theme)[1:]))]


def find_shares(raw: Path, seed: int) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """(documents, found themes): shares; the themes' labels; the documents' groups."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate({"run": {"seed": seed, "jobs": 1}})
        run_stages(raw, Path(folder), settings, STAGES[: STAGES.index("report")], Silent())
        store = Store(Path(folder))
        shares = store.read("shares")
        labels = store.read("themes").set_index("theme_id")["label_da"]
    table = shares[shares["theme_id"] != ""].pivot_table("share", "doc_id", "theme_id")
    return table, labels, shares.drop_duplicates("doc_id").set_index("doc_id")["group"]


def print_pairs(
    planned: pd.DataFrame,
    found: pd.DataFrame,
    labels: pd.Series,
    groups: pd.Series,
    seed: int,
) -> None:
    n = planned.shape[1]
    correlations = np.corrcoef(planned.to_numpy().T, found.to_numpy().T)[:n, n:]
    rows, columns = linear_sum_assignment(-correlations)
    pairs = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    danish = (groups.reindex(found.index) == "da").to_numpy()
    print(f"seed {seed}: {found.shape[1]} themes found, {n} planned")
    print("planned  correlation  planned da−no  found da−no  label")
    agree = paired = 0
    for row, theme in enumerate(planned.columns):
        wanted = _difference(planned[theme].to_numpy(), danish)
        column = pairs.get(row)
        if column is None or correlations[row, column] < LEAST_CORRELATION:
            print(f"{theme:<8} {'not found':>11}  {wanted:+13.0%}")
            continue
        got = _difference(found.iloc[:, column].to_numpy(), danish)
        paired += 1
        agree += np.sign(wanted) == np.sign(got)
        print(
            f"{theme:<8} {correlations[row, column]:11.2f}  {wanted:+13.0%}  {got:+11.0%}  "
            f"{labels[found.columns[column]]}"
        )
    print(f"{paired} of {n} found again, {agree} with the planned direction\n")


def _difference(shares: np.ndarray, danish: np.ndarray) -> float:
    return float(shares[danish].mean() - shares[~danish].mean())


if __name__ == "__main__":
    sys.exit(main())
