"""What the documents say is so: commands, options, files, settings, links, numbers."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import numpy as np
import pytest
from comparing import compare_one_theme
from scipy import stats
from scipy.special import expit, logit

from pipeline import __version__, cluster, robustness
from pipeline.cli import cli
from pipeline.cluster import discover, guide, labels, space
from pipeline.compare import beta_binomial, contrasts, needed, placebo, plain
from pipeline.nordic import lemmas, vectors
from pipeline.nordic.vectors import spelling
from pipeline.schemas import ENDINGS, SCHEMAS
from pipeline.settings import Settings
from pipeline.steps import STEPS

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
    # This run has no codebook, was not checked, and has none before it to differ from
    asked_for = {"codebook.csv", "robustness.csv", "changes.csv"}
    cells = re.findall(r"^\| (`[^|]+`) \|", README, flags=re.M)
    named = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    # The README says once that each chart is there as SVG too
    drawings = {re.sub(r"png$", "svg", name) for name in named if name.endswith(".png")}
    assert named | drawings == made | asked_for


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
        f"has {discover.NEARLY} of the mean stability of the numbers up to it",
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
        f"(for a difference: each of the two) has {plain.FEWEST} documents or more",
        f"Below {plain.FEWEST} documents in either group",
        f"each group has {contrasts.MIN_DOCUMENTS} documents or more",
        f"p_holm ≤ {contrasts.ALPHA};",
        f"Of each group the {contrasts.MOST_LEFT_OUT} documents",
        f"at {len(beta_binomial.CORRELATIONS)} correlations from {{:.4f}} to {{:.2f}} and ".format(
            *expit(beta_binomial.CORRELATIONS[[0, -1]])
        )
        + f"{len(beta_binomial.SHARES)} shares",
        f"in log-odds from −{-beta_binomial.SHARES[0]:.0f} to {beta_binomial.SHARES[-1]:.0f},",
        f"on {beta_binomial._N_CORRELATIONS} correlations × {beta_binomial._N_SHARES} shares",
        f"within {beta_binomial._DEPTH} of its top",
        f"of more than {beta_binomial.MOST_SENTENCES:,} sentences counts",
        f"never more than {needed.MOST:,},",
        f"no more than {placebo.MOST_COMPARED} / (themes × (1 + documents / 1000))",
        f"A theme without one that has {robustness.SAME} or more is *not found again*",
    ):
        assert said in method


def test_the_priors_are_those_of_the_method():
    wide, sceptical = beta_binomial.WIDE, beta_binomial.SCEPTICAL
    assert [wide.correlation, wide.centre, wide.spread] == [(1, 4), -2, 2]
    assert [sceptical.correlation, sceptical.centre, sceptical.spread] == [(1, 4), -2, 2]
    assert np.exp([wide.apart, sceptical.apart]) == pytest.approx([3.5, 2])
    assert np.exp([wide.tied, sceptical.tied]) == pytest.approx([2, 2])
    # … and in words: half below .16, 95 % below .53
    assert stats.beta(1, 4).ppf([0.5, 0.95]) == pytest.approx([0.16, 0.53], abs=0.005)
    # about 12 %; 95 % from .3 % to 87 %
    middle = expit(stats.norm(-2, 2).ppf([0.5, 0.025, 0.975]))
    assert middle == pytest.approx([0.12, 0.003, 0.87], abs=0.005)
    # a factor of 3.5 or 2 in the odds of 15 %; 95 % within a factor of 12 or 3.9
    assert expit(logit(0.15) + np.log([3.5, 2])) == pytest.approx([0.38, 0.26], abs=0.005)
    within = np.exp(1.96 * np.array([wide.apart, sceptical.apart]))
    assert within == pytest.approx([12, 3.9], rel=0.03)
    # a factor of 2 in the correlation, as from .10 to .18
    assert expit(logit(0.10) + wide.tied) == pytest.approx(0.18, abs=0.005)


# docs/method.md: 9 of 30, 4 of 20, 10 of 40 against 1 of 20 and 3 of 30
EXAMPLE = {"da": [(9, 30), (4, 20), (10, 40)], "no": [(1, 20), (3, 30)]}


def test_the_example_of_the_method_is_worked_rightly():
    compared = compare_one_theme(**EXAMPLE)
    emphasis = compared.emphasis[compared.emphasis["theme_id"] == "t1"]
    danish, norwegian = emphasis[["share", "low", "high"]].to_numpy()
    assert danish == pytest.approx([0.25, 0.132, 0.412], abs=5e-4)
    assert norwegian == pytest.approx([0.075, 0.021, 0.249], abs=5e-4)
    contrast = compared.contrasts.iloc[0]
    for names, said in (
        (("difference", "low", "high"), (0.175, -0.051, 0.286)),
        (("low_sceptical", "high_sceptical"), (-0.070, 0.224)),
        (("correlation",), (0.051,)),
        (("low_without_one", "high_without_one"), (0.15, 0.2)),
        (("p", "p_min", "p_holm"), (0.1, 0.1, 0.1)),
        (("weakest", "n_needed", "verdict"), ("", 6, "too few documents to tell")),
    ):
        found = contrast[list(names)].tolist()
        assert found == (pytest.approx(said, abs=5e-4) if said[0] != "" else list(said)), names
    ratio = contrast[["ratio", "ratio_low", "ratio_high"]].tolist()
    assert ratio == pytest.approx([3.3, 0.8, 7.3], abs=0.05)


def test_the_method_prints_the_dealings_of_its_example_as_they_are():
    # | 0.30 0.25 0.10 | 0.65 | +0.092 |
    rows = re.findall(
        r"^\| (0\.\d\d) (0\.\d\d) (0\.\d\d)[^|]*\| (0\.\d\d) \| \**([+−]0\.\d+)\** \|$",
        read(HOME / "docs" / "method.md"),
        flags=re.M,
    )
    assert len({row[:3] for row in rows}) == 10
    for *dealt, total, difference in rows:
        assert sum(map(float, dealt)) == pytest.approx(float(total))
        expected = float(total) / 3 - (0.90 - float(total)) / 2
        assert float(difference.replace("−", "-")) == pytest.approx(expected, abs=6e-4)


def test_all_against_nothing_is_told_with_the_reserve_that_the_method_says():
    contrast = compare_one_theme(da=[(30, 30)] * 3, no=[(0, 30)] * 2).contrasts.iloc[0]
    assert contrast["low"] == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize(
    ("danish", "norwegian", "verdict"),
    [
        ([(12, 20)] * 4, [(2, 20)] * 4, "clear: more in da than in no"),
        ([(12, 20)] * 3, [(2, 20)] * 12, "leaning: more in da than in no"),
        ([(12, 20)] * 3, [(2, 20)] * 2, "leaning: more in da than in no"),
        (EXAMPLE["da"], EXAMPLE["no"], "too few documents to tell"),
    ],
)
def test_verdicts_are_as_the_readme_says(danish, norwegian, verdict):
    contrast = compare_one_theme(da=danish, no=norwegian).contrasts.iloc[0]
    assert contrast["verdict"] == verdict


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
