"""The command line: commands, exit codes, progress.

Exit codes: 0 done, 1 nothing usable or a named error, 2 wrong usage, 130 interrupted.
Only click is imported here at the top: `nordtema --help` answers at once, and each command imports
what it needs.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from unicodedata import category

import click

from pipeline import __version__

if TYPE_CHECKING:
    from pipeline.remote.address import Place
    from pipeline.settings import Settings
    from pipeline.stages import Progress, StageOutcome

# The same words as in steps.STAGES, which a test checks; importing it would cost time here.
STAGES = ("read", "detect", "segment", "vectorize", "cluster", "compare", "report")
STAGE_HELP = {
    "read": "Read the files: documents, their blocks, what is clutter and what is rejected.",
    "detect": "Tell the language of each document and block: Danish, Bokmål, Nynorsk or another.",
    "segment": "Split blocks into sentences and sentences into terms.",
    "vectorize": "Give each sentence a vector in one space for the three languages.",
    "cluster": "Find the themes and assign the sentences to them.",
    "compare": "Compare the groups' emphasis on each theme, with intervals.",
    "report": "Write the CSV files, the charts and the page.",
}

Command = TypeVar("Command", bound=Callable[..., Any])


class _NamedPath(click.Path):
    """A path. An empty one (a script's unset variable) would be taken for the current folder.

    `may_be_remote`: a folder of an object store too, `s3://bucket/texts`, which is an Address.
    """

    def __init__(self, may_be_remote: bool = False) -> None:
        super().__init__(path_type=Path)
        self._may_be_remote = may_be_remote

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the name is empty; use . for the current folder", param, ctx)
        if not (isinstance(value, str) and "://" in value):
            return super().convert(value, param, ctx)
        # Imported here: most names are no addresses
        from pipeline.remote.address import Address, find_place
        from pipeline.settings import UsageError

        try:
            place = find_place(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)
        if isinstance(place, Address) and not self._may_be_remote:
            self.fail(f"{place}: is no file of this machine; copy it here", param, ctx)
        return place


_NAMED = _NamedPath()
_PLACE = _NamedPath(may_be_remote=True)


class _Commands(click.Group):
    """Commands in the order in which people meet them, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # `nordtema identify … | head` closes our output: nothing is wrong. What is still to be
            # flushed at the end goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: nordtema run raw --out outputs, then open outputs/report/index.html.",
)
@click.version_option(__version__, prog_name="nordtema")
def cli() -> None:
    """Which themes do the Danish texts dwell on, which the Norwegian ones, and how sure can one be?

    Reads a folder of Danish and Norwegian texts (Bokmål and Nynorsk), finds the themes that they
    share, and writes tables, charts and a page that compare the two, with their doubts.
    """


def _run_options(command: Command) -> Command:
    options = (
        click.argument("raw", type=_PLACE, default=Path("raw")),
        click.option(
            "--out",
            type=_PLACE,
            default=Path("outputs"),
            show_default=True,
            help="Folder for the tables (work/) and the report (report/). It and RAW may lie in an "
            "object store, s3://bucket/folder (docs/scale.md).",
        ),
        click.option(
            "--config",
            type=_NAMED,
            help="Settings file; without it ./nordtema.toml is used if there is one.",
        ),
        click.option(
            "--themes",
            type=click.IntRange(min=2),
            help="Number of themes; without it the number is found from the texts.",
        ),
        click.option(
            "--codebook",
            type=_NAMED,
            help="A file of your own themes; what fits none of them forms new ones.",
        ),
        click.option(
            "--curation",
            type=_NAMED,
            help="A file of your decisions on the themes; `nordtema curate` writes one.",
        ),
        click.option(
            "--group-by",
            metavar="COLUMN",
            help="Compare by language, year, source, country, author or a further column of "
            "metadata.csv instead of Danish and Norwegian.",
        ),
        click.option(
            "--vectors",
            metavar="SPEC",
            help="Which sentence vectors: nordic, lexical, model2vec:NAME_OR_PATH, "
            "sentence-transformers:NAME_OR_PATH.",
        ),
        click.option(
            "--jobs", type=click.IntRange(min=1), help="Processes; without it one for each core."
        ),
        click.option("--seed", type=click.IntRange(min=0), help="Seed of all that is drawn."),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="A Dask scheduler whose workers do the work, tcp://host:port (docs/scale.md).",
        ),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
        click.option("--quiet", is_flag=True, help="Print nothing but errors."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@cli.command(short_help="Run all stages: from a folder of texts to charts and a page.")
@_run_options
@click.option(
    "--from",
    "first",
    type=click.Choice(STAGES),
    help="Start here; take earlier tables as they lie.",
)
@click.option("--until", "last", type=click.Choice(STAGES), help="Stop after this stage.")
def run(first: str | None, last: str | None, **options: Any) -> None:
    """Run the stages on the folder of texts RAW (raw when left out).

    What is up to date is not done again: a second run on the same texts does nothing, and a changed
    setting reruns only from the stage that it concerns.
    """
    _run(first, last, **options)


def _add_stage_command(stage: str) -> None:
    @_run_options
    def command(**options: Any) -> None:
        _run(stage, stage, **options)

    command.__doc__ = (
        f"{STAGE_HELP[stage]}\n\nTakes the tables of the stages before it as they lie."
    )
    cli.command(name=stage, short_help=STAGE_HELP[stage])(command)


for _stage in STAGES:
    _add_stage_command(_stage)


@cli.command(short_help="Tell the language of each line of a file or of standard input.")
@click.argument("file", type=click.File("rb"), default="-")
def identify(file: BinaryIO) -> None:
    """Print one line for each line of FILE: language code, tab, confidence.

    FILE is UTF-8 text (a line that is none is read as Windows-1252), or - for standard input.
    Codes: da, nb, nn, other ISO 639-1 codes, and und where nothing can be said.
    """
    from pipeline.nordic.identify import identify as identify_texts

    for lines in _batches(file, size=2000):
        answers = identify_texts(lines)
        click.echo("\n".join(f"{language}\t{confidence:.3f}" for language, confidence in answers))


def _batches(file: BinaryIO, size: int) -> Iterator[list[str]]:
    from pipeline.nordic.identify import MAX_CHARS

    batch = []
    for line in file:
        # Of a line of megabytes no more is kept than is read
        batch.append(_decode(line.rstrip(b"\r\n"))[:MAX_CHARS])
        # On a pipe that somebody types into, an answer comes with the line.
        if len(batch) == size or file.isatty():
            yield batch
            batch = []
    if batch:
        yield batch


def _decode(line: bytes) -> str:
    """A line that is no UTF-8 is most likely Windows-1252; no byte is a fault."""
    try:
        return line.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


@cli.command(short_help="Write a file for your decisions on the themes of the last run.")
@click.argument("file", type=_NAMED, default=Path("curation.toml"))
@click.option(
    "--out",
    type=_PLACE,
    default=Path("outputs"),
    show_default=True,
    help="The folder of the run.",
)
def curate(file: Path, out: Place) -> None:
    """Write FILE (curation.toml when left out), in which to rename, merge, split, remove themes.

    As it is written it changes nothing. Edit it, and give it to `nordtema run --curation FILE`.
    """
    from pipeline.cluster.curate import start_curation

    start_curation(file, out)
    click.echo(f"Wrote {file}. Edit it, and run: nordtema run --curation {file}")


@cli.command(short_help="Do the run in other ways, and say which findings hold in them.")
@_run_options
def robustness(raw: Place, out: Place, dry_run: bool, quiet: bool, **chosen: Any) -> None:
    """Do the run of the folder RAW again with other choices, and say which findings hold.

    The choices: seeds, numbers of themes, sentence vectors, texts of doubtful language and dropped
    blocks put back, shares by words. Give the same options as to `nordtema run`: that run is
    brought up to date first, and its report then says how often each finding holds.
    """
    from pipeline.robustness import check_robustness, plan_robustness

    settings = _choose_settings(**chosen)
    if dry_run:
        for name, what in plan_robustness(raw, out, settings):
            click.echo(f"{name:<10} {what}")
        return
    with _progress(quiet) as progress:
        check = check_robustness(raw, out, settings, progress)
    if quiet:
        return
    for note in check.notes:
        click.echo(f"note: {as_line(note)}", err=True)
    if check.up_to_date:
        click.echo("Nothing to do: everything is up to date.")
    for sentence in check.sentences:
        _say(sentence)


@cli.command(short_help="Show one sentence's row in every table.")
@click.argument("sentence_id")
@click.option(
    "--out",
    type=_PLACE,
    default=Path("outputs"),
    show_default=True,
    help="The folder of the run.",
)
def show(sentence_id: str, out: Place) -> None:
    """Show what each stage made of one sentence, from its file to its theme.

    SENTENCE_ID is the first column of report/sentences.csv, such as articles/budget:12.
    """
    from pipeline.show import show_sentence
    from pipeline.store import Store

    for line in show_sentence(Store(out), sentence_id):
        _say(line)


def _run(
    first: str | None,
    last: str | None,
    *,
    raw: Place,
    out: Place,
    dry_run: bool,
    quiet: bool,
    **chosen: Any,
) -> None:
    from pipeline.stages import plan_stages, run_stages, select_stages

    settings = _choose_settings(**chosen)
    stages = select_stages(first, last)
    if dry_run:
        for stage, reason in plan_stages(raw, out, settings, stages):
            click.echo(f"{stage:<10} {reason}")
        return
    with _progress(quiet) as progress:
        outcomes = run_stages(raw, out, settings, stages, progress)
    if quiet:
        return
    for note in (note for outcome in outcomes for note in outcome.notes):
        click.echo(f"note: {as_line(note)}", err=True)
    if all(outcome.up_to_date for outcome in outcomes):
        click.echo("Nothing to do: everything is up to date.")
    if "report" in stages:
        from pipeline.report import read_answer
        from pipeline.store import Store

        changes = (sentence for outcome in outcomes for sentence in outcome.changes)
        for sentence in (*read_answer(Store(out)), *changes):
            _say(sentence)
        click.echo(f"Open {out / 'report' / 'index.html'}")


def _choose_settings(*, config: Path | None, **options: Any) -> Settings:
    """The settings of the file, with the options of the command line laid over them."""
    from pipeline.settings import load_settings, place_options

    return load_settings(config, place_options(**options))


# Progress


def describe_outcome(outcome: StageOutcome) -> str:
    """One line for a stage that is done: `detect          0.8 s  12 da, 12 nb, 4 nn, 1 en`."""
    counts = ", ".join(f"{number:,} {name}" for name, number in outcome.counts.items() if number)
    took = "up to date" if outcome.up_to_date else f"{outcome.seconds:.1f} s"
    return f"{outcome.stage:<10} {took:>10}  {counts}"


class _Silent:
    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, stage: str) -> None:
        pass

    def advance(self, stage: str, done: int, total: int) -> None:
        pass

    def finish(self, outcome: StageOutcome) -> None:
        pass


class _Lines(_Silent):
    """A line a stage, for files and pipes."""

    def finish(self, outcome: StageOutcome) -> None:
        click.echo(describe_outcome(outcome), err=True)


class _Bars(_Silent):
    """A bar for the stage under way, on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: Any = None

    def __enter__(self) -> Progress:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def begin(self, stage: str) -> None:
        self._task = self._bars.add_task(stage, total=None)

    def advance(self, stage: str, done: int, total: int) -> None:
        self._bars.update(self._task, completed=done, total=total)

    def finish(self, outcome: StageOutcome) -> None:
        self._bars.remove_task(self._task)
        self._bars.console.print(describe_outcome(outcome), highlight=False, markup=False)


def _progress(quiet: bool) -> _Silent:
    if quiet:
        return _Silent()
    return _Bars() if sys.stderr.isatty() else _Lines()


def main() -> None:
    """Run a command. Named errors become one line on standard error and an exit code."""
    _open_what_is_closed()
    _never_fail_to_print()
    # Else Python looks through all objects for cycles before it leaves, for up to a second
    atexit.register(gc.freeze)
    try:
        cli.main(prog_name="nordtema", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.exceptions.NoArgsIsHelpError as nothing_asked:
        nothing_asked.show()
        sys.exit(nothing_asked.exit_code)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        asked = context.command_path if context else "nordtema"
        _say_what_is_wrong(f"{error.format_message().rstrip('.')}; see `{asked} --help`")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say_what_is_wrong("interrupted; run it again to go on where it stopped")
        sys.exit(130)
    except MemoryError:
        _say_what_is_wrong(
            "there is not enough memory; run it again to go on where it stopped, with --jobs 1 or "
            "a smaller part_documents under [run]"
        )
        sys.exit(1)
    except Exception as error:
        from pipeline.settings import NordtemaError

        if not isinstance(error, NordtemaError):
            raise
        _say_what_is_wrong(str(error))
        sys.exit(error.exit_code)


def _open_what_is_closed() -> None:
    """Standard streams that who has started it has closed lead nowhere.

    Else a table would be the next file to get the number of one, and what a library prints would
    go into it.
    """
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(opened, True)
    os.close(opened)
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays
            setattr(sys, name, stream)


def _never_fail_to_print() -> None:
    """What a terminal's old encoding lacks (an en dash, æ) is written `\\xe6` there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say_what_is_wrong(what: str) -> None:
    """One line, also where a file's name has a line break in it."""
    click.echo(f"nordtema: {as_line(what)}", err=True)


def _say(what: str) -> None:
    click.echo(make_printable(what))


def as_line(what: str) -> str:
    """A message that may quote strangers: one line, and not a line of megabytes.

    It begins with the place and ends with what to do, so that its middle is left out.
    """
    line = make_printable(" ".join(what.splitlines()))
    if len(line) <= MOST_SAID:
        return line
    return f"{line[: MOST_SAID - 300]} … {line[-297:]}"


def make_printable(text: str) -> str:
    r"""What a terminal would obey (colours, a cursor's moves, another direction) as `\x1b`."""
    return "".join(
        char if char.isprintable() or char == "\n" or category(char) == "Zs" else ascii(char)[1:-1]
        for char in text
    )


MOST_SAID = 2000
