"""What the documents say is so: commands, options, files, settings, links, numbers."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pandas as pd
import pytest

from pipeline import __version__, cluster
from pipeline import compare as compare_stage
from pipeline.cli import cli
from pipeline.cluster import discover, guide, labels, space
from pipeline.compare import compare_groups
from pipeline.nordic import lemmas, vectors
from pipeline.nordic.vectors import spelling
from pipeline.settings import Settings
from pipeline.stages import STEPS
from pipeline.store import ENDINGS, SCHEMAS

HOME = Path(__file__).parent.parent
README = (HOME / "README.md").read_text(encoding="utf-8")
DESIGN = (HOME / "docs" / "design.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [
        *HOME.glob("*.md"),
        *HOME.glob("docs/*.md"),
        HOME / "raw/README.md",
        HOME / "outputs/README.md",
    ]
)


def test_the_readme_is_short():
    assert len(README.splitlines()) < 200


# Commands


def list_options() -> set[str]:
    commands = [cli, *cli.commands.values()]
    parameters = [parameter for command in commands for parameter in command.params]
    return {name for parameter in parameters for name in parameter.opts if name.startswith("--")}


def list_command_lines() -> list[str]:
    """Every `nordtema …` of the README, in a block or in a sentence, and after a pipe."""
    indented = re.findall(r"^    (?:[^\n|]*\| )?(nordtema .+)$", README, flags=re.M)
    return indented + re.findall(r"`(nordtema [^`]+)`", README)


def test_every_command_and_option_is_in_the_readme():
    assert [name for name in cli.commands if f"nordtema {name}" not in README] == []
    assert "--themes" in list_options()
    assert [name for name in list_options() if not re.search(rf"{name}\b", README)] == []


def test_the_readme_has_command_lines():
    assert len(list_command_lines()) > 15


@pytest.mark.parametrize("line", list_command_lines())
def test_a_command_line_of_the_readme_is_understood(line, monkeypatch):
    monkeypatch.chdir(HOME)
    parse(shlex.split(line, comments=True)[1:])


def test_a_command_line_that_is_wrong_is_noticed():
    for wrong in (["run", "--theme-number", "8"], ["run", "--until", "maps"], ["look"], ["show"]):
        with pytest.raises(click.UsageError):
            parse(wrong)


def parse(arguments: list[str]) -> None:
    """What click does with a command line, but for running the command."""
    if arguments[0] in ("--help", "--version"):
        return
    context = click.Context(cli, info_name="nordtema")
    name, command, rest = cli.resolve_command(context, arguments)
    assert command is not None
    command.make_context(name, rest, parent=context)


def test_every_make_target_of_the_documents_exists():
    targets = set(re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text("utf-8"), flags=re.M))
    for path in DOCUMENTS:
        named = re.findall(r"(?:^    |`)make ([a-z]+)", path.read_text("utf-8"), flags=re.M)
        assert set(named) <= targets, path


def test_every_benchmark_of_the_documents_exists():
    named = re.findall(r"python -m benchmarks ([a-z]+)", "".join(map(read, DOCUMENTS)))
    assert named
    assert [name for name in named if not (HOME / "benchmarks" / f"{name}.py").is_file()] == []


# Files


def test_the_readme_names_every_file_of_a_report_and_no_other(finished):
    report = finished.out / "report"
    made = {file.relative_to(report).as_posix() for file in report.rglob("*") if file.is_file()}
    with_codebook = {"codebook.csv"}  # this run has none
    assert set(re.findall(r"^\| `([^`]+)` \|", README, flags=re.M)) == made | with_codebook


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(HOME)))
def test_links_and_pictures_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", read(path))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (path.parent / target).exists()] == []


# Settings


def test_the_settings_of_the_readme_are_all_settings_with_their_defaults():
    (block,) = re.findall(r"^```toml\n(.*?)^```", README, flags=re.M | re.S)
    assert tomllib.loads(block) == Settings().model_dump()


# Design, changes, method


def test_the_design_lists_every_step_with_its_tables_and_settings():
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DESIGN.splitlines()
        if line.startswith("|")
    ]
    listed = {row[0].strip("`"): row[1:] for row in cells if len(row) == 5 and row[0][0] == "`"}
    assert listed == {
        step.name: [
            step.scope,
            ", ".join(
                [*(["raw/"] if step.always else []), *step.inputs, *step.corpus_inputs]
                + (["raw/"] if step.name == "read.extract" else [])
            ),
            ", ".join(step.outputs) or "report/",
            ", ".join(step.settings),
        ]
        for step in STEPS
    }


def test_the_design_lists_every_table():
    listed = re.findall(r"^\| `([a-z_]+)` \| (?!part|corpus)", DESIGN, flags=re.M)
    assert sorted(listed) == sorted([*SCHEMAS, *ENDINGS])


def test_the_newest_entry_of_the_changelog_is_this_version():
    entries = re.findall(r"^## (\S+)", read(HOME / "CHANGELOG.md"), flags=re.M)
    assert entries[0] == __version__


def test_the_method_names_the_constants_as_they_are():
    method = " ".join(read(HOME / "docs" / "method.md").split())
    for said in (
        f"number of clusters from {discover.FEWEST_THEMES} to `max_themes`",
        f"not {discover.SENTENCES_PER_THEME} sentences for each",
        f"{discover.RESAMPLES} samples of {discover.PART_OF_DOCUMENTS:.0%}".replace("%", " %"),
        f"to {discover.MOST_SENTENCES:,} of them",
        f"has {discover.NEARLY} of the best one's stability",
        f"both languages use in the theme counts {labels._SHARED_BONUS} times",
        f"the lexicon has not {lemmas._NAME_SAYS},",
        f"(place / (place + {lemmas._HALF})",
        f"to the {space.DIMENSIONS} axes",
        f"one document has {labels.ONE_ARTICLE:.0%} of".replace("%", " %"),
        f"is less than {labels.ONE_LANGUAGE:.0%} of".replace("%", " %"),
        f"stability is below {labels.STABLE}",
        f"and {guide._SEVERAL} times that if it has several words",
        f"score is (weights + {guide.NEARNESS:.0f} × cosine with its place) / "
        f"{1 + guide.NEARNESS:.0f}",
        f"score is below {cluster.FITS} are left",
        f"its cosine with that is {cluster.IS_NEW} or more",
        f"into {spelling.DIMENSIONS:,} dimensions",
        f"into {vectors.SPELLING_DIMENSIONS} dimensions",
        f"It weighs {vectors.SPELLING_WEIGHT} beside meaning",
        f"each group has {compare_stage.MIN_DOCUMENTS} documents or more",
    ):
        assert said in method


def test_the_example_of_the_method_is_worked_rightly():
    # docs/method.md: 9 of 30, 4 of 20, 10 of 40 against 1 of 20 and 3 of 30
    emphasis, contrast = compare([(9, 30), (4, 20), (10, 40)], [(1, 20), (3, 30)])
    danish, norwegian = emphasis[["share", "low", "high"]].to_numpy()
    assert danish == pytest.approx([0.25, 0.20, 0.30])
    assert norwegian == pytest.approx([0.075, 0.05, 0.10])
    assert contrast["difference"] == pytest.approx(0.175)
    assert [contrast["low"], contrast["high"]] == pytest.approx([0.117, 0.233], abs=5e-4)
    assert [contrast["p"], contrast["p_min"]] == pytest.approx([0.1, 0.1])
    assert contrast["verdict"] == "too few documents to tell"


@pytest.mark.parametrize(
    ("sizes", "verdict"),
    [
        ((3, 3), "too few documents to tell"),  # p = 2 / 20
        ((5, 3), "leaning: more in da than in no"),  # p = 1 / 56
        ((4, 4), "clear: more in da than in no"),  # p = 2 / 70
    ],
)
def test_verdicts_are_as_the_readme_says(sizes, verdict):
    danish, norwegian = (
        [(low + n, 20) for n in range(size)] for low, size in zip((10, 0), sizes, strict=True)
    )
    assert compare(danish, norwegian)[1]["verdict"] == verdict


def compare(
    danish: list[tuple[int, int]], norwegian: list[tuple[int, int]]
) -> tuple[pd.DataFrame, pd.Series]:
    """A theme's rows of emphasis, and its contrast, from (its sentences, all sentences) by text."""
    counted = {f"da{n}": pair for n, pair in enumerate(danish)}
    counted |= {f"no{n}": pair for n, pair in enumerate(norwegian)}
    rows = [(name, "t01", n) for name, (n, _) in counted.items()]
    rows += [(name, "", total - n) for name, (n, total) in counted.items()]
    _, emphasis, contrasts = compare_groups(
        pd.DataFrame(rows, columns=["doc_id", "theme_id", "n_sentences"]),
        pd.Series({name: name[:2] for name in counted}),
        theme_ids=["t01"],
        resamples=4000,
        permutations=20_000,
        seed=0,
    )
    return emphasis[emphasis["theme_id"] == "t01"], contrasts.iloc[0]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
