"""Commands, exit codes, and what is said to whom."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys

import pytest
from running import Result, Run, files_of, nordtema, read_csv, the_error, times_of

from pipeline import cli
from pipeline.stages import StageOutcome
from pipeline.steps import STAGES


def refuse(result: Result, code: int, said: str) -> None:
    """The command ends with this code and one line that begins so, and prints nothing else."""
    assert result.code == code, result.err
    assert the_error(result).startswith(f"nordtema: {said}"), result.err
    assert result.out == ""


# Help


def test_the_commands_are_listed_in_the_order_in_which_people_meet_them():
    result = nordtema("--help")
    assert result.code == 0
    lines = result.out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    listed = [line.split()[0] for line in lines if line[2] != " "]
    assert listed == ["run", *STAGES, "identify", "curate", "robustness", "show"]


@pytest.mark.parametrize("command", ["run", *STAGES, "identify", "curate", "robustness", "show"])
def test_every_command_and_option_is_explained(command):
    result = nordtema(command, "--help")
    assert result.code == 0
    assert result.err == ""
    named = cli.cli.commands[command]
    assert named.short_help
    for option in named.params:
        if option.param_type_name == "option":
            assert option.opts[0] in result.out
            assert option.help, option


def test_without_a_command_the_help_is_shown():
    result = nordtema()
    assert result.code == 2
    assert result.err.startswith("Usage: nordtema [OPTIONS] COMMAND")


def test_the_version_is_told():
    assert nordtema("--version").out == "nordtema, version 0.1.0\n"


def test_the_module_is_the_same_as_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--bogus"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nordtema: No such option '--bogus'; see `nordtema --help`\n"


# Wrong usage: code 2


@pytest.mark.parametrize(
    ("arguments", "said", "remedy"),
    [
        (["bogus"], "No such command 'bogus'", "see `nordtema --help`"),
        (["run", "--bogus"], "No such option '--bogus'", "see `nordtema run --help`"),
        (["run", "--themes", "1"], "Invalid value for '--themes': 1 is not in the range x>=2",
         "see `nordtema run --help`"),
        (["run", "--themes", "many"], "Invalid value for '--themes': 'many' is not a valid",
         "see `nordtema run --help`"),
        (["run", "--jobs", "0"], "Invalid value for '--jobs': 0 is not in the range x>=1",
         "see `nordtema run --help`"),
        (["run", "--from", "start"], "Invalid value for '--from': 'start' is not one of 'read', ",
         "see `nordtema run --help`"),
        (["run", "--from"], "Option '--from' requires an argument", " --help`"),
        (["run", "one", "two"], "Got unexpected extra argument", "see `nordtema run --help`"),
        (["cluster", "--from", "read"], "No such option '--from'", "see `nordtema cluster --help`"),
        (["show"], "Missing argument 'SENTENCE_ID'", "see `nordtema show --help`"),
        (["identify", "nowhere.txt"], "Invalid value for '[FILE]': 'nowhere.txt': No such file",
         "see `nordtema identify --help`"),
        (["run", "--from", "compare", "--until", "read"],
         "--from compare comes after --until read", "swap them"),
        (["run", "--group-by", ""],
         "--group-by '': which column? Name one, such as group, source or year",
         "change that value"),
        (["run", "--vectors", "fast"],
         "--vectors 'fast': there are no vectors called 'fast'; the known ones are: nordic, "
         "lexical, model2vec:NAME_OR_PATH, sentence-transformers:NAME_OR_PATH",
         "change that value"),
        (["run", "--seed", "-1"], "Invalid value for '--seed': -1 is not in the range x>=0",
         "see `nordtema run --help`"),
        (["run", "--seed", str(2**40)], "--seed 1099511627776: input should be less than",
         "change that value"),
    ],
)  # fmt: skip
def test_wrong_usage_gives_one_line_and_code_2(run, monkeypatch, arguments, said, remedy):
    """Also where there are texts and a finished run: nothing of them is touched."""
    monkeypatch.chdir(run.raw.parent)
    run.out.rename("outputs")
    before = times_of(run.raw.parent)
    result = nordtema(*arguments)
    refuse(result, 2, said)
    assert result.err.count("\n") == 1
    assert result.err.rstrip("\n").endswith(remedy)
    assert times_of(run.raw.parent) == before


# Named errors: code 1, and nothing that was there before is lost


def a_file(path):
    path.write_text("en fil")


def an_empty_folder(path):
    path.mkdir()


def only_binary_files(path):
    path.mkdir()
    (path / "a.png").write_bytes(b"\x89PNG\0\0")
    (path / "b.txt").write_bytes(bytes(range(256)) * 9)


def one_binary_file(path):
    path.mkdir()
    (path / "a.bin").write_bytes(b"\0\1")


def empty_folders(path):
    (path / "under").mkdir(parents=True)


def only_metadata(path):
    path.mkdir()
    (path / "metadata.csv").write_text("path,title\n")


def bad_metadata(path):
    path.mkdir()
    (path / "a.txt").write_text("Brugernes behov er store.")
    (path / "metadata.csv").write_text("path,title\na.txt,x,y\n")


def only_english(path):
    path.mkdir()
    (path / "a.txt").write_text("The town hall has a new machine that reads every letter. " * 5)


def one_word(path):
    path.mkdir()
    (path / "a.txt").write_text("Brugerbehov")


KINDS = [
    (lambda path: None, "{raw}: no such folder; name the folder that holds your texts"),
    (a_file, "{raw}: is not a folder; name the folder that holds your texts"),
    (
        an_empty_folder,
        "{raw}: is empty; put texts there (.txt, .md, .html, .pdf, .docx, .odt, .csv",
    ),
    (empty_folders, "{raw}: holds no texts; put texts there (.txt, .md, .html, .htm, .pdf, .docx"),
    (only_metadata, "{raw}: holds no texts; put texts there (.txt, .md, .html, .htm, .pdf, .docx"),
    (only_binary_files, "{raw}: nothing usable: all 2 files were rejected (a.png: "),
    (one_binary_file, "{raw}: nothing usable: its only file was rejected (a.bin: "),
    (bad_metadata, "{raw}/metadata.csv, line 2: 3 cells where the header has 2; mend that row"),
    (only_english, "none of the documents has Danish or Norwegian sentences"),
    (one_word, ""),  # whichever reason it names: there is nothing to find themes in
]


@pytest.mark.parametrize(("make", "said"), KINDS, ids=lambda kind: getattr(kind, "__name__", ""))
def test_texts_that_can_not_be_used_give_one_line_and_lose_nothing(run, tmp_path, make, said):
    raw = tmp_path / "other"
    make(raw)
    before = files_of(run.out / "report")
    record = (run.out / "report" / "run.json").read_bytes()
    result = run._replace(raw=raw).again("--quiet")
    refuse(result, 1, said.format(raw=raw))
    assert result.err.count("\n") == 1
    assert files_of(run.out / "report") == before
    assert (run.out / "report" / "run.json").read_bytes() == record


@pytest.mark.parametrize("make", [kind[0] for kind in KINDS[:3]])
def test_nothing_is_written_where_there_are_no_texts(tmp_path, make):
    make(tmp_path / "raw")
    assert nordtema("run", tmp_path / "raw", "--out", tmp_path / "out").code == 1
    assert not (tmp_path / "out").exists()


def test_a_run_after_a_failed_one_mends_what_that_left(run, finished, tmp_path):
    only_binary_files(tmp_path / "other")
    assert run._replace(raw=tmp_path / "other").again().code == 1
    assert run.again("--until", "compare").code == 0
    assert files_of(run.out) == files_of(finished.out)


@pytest.mark.parametrize("place", ["", "out", "a/b"])
def test_outputs_inside_the_texts_are_refused(run, place):
    out = run.raw / place
    before = files_of(run.raw)
    refuse(
        run._replace(out=out).again(),
        1,
        f"{out}: lies inside the folder of texts {run.raw}, where it would be read as one of them; "
        "choose another folder with --out",
    )
    assert files_of(run.raw) == before


def test_outputs_inside_the_texts_are_refused_also_behind_a_link(run, tmp_path):
    (tmp_path / "link").symlink_to(run.raw, target_is_directory=True)
    refuse(run._replace(out=tmp_path / "link" / "out").again(), 1, f"{tmp_path}/link/out: lies in")


def test_a_file_in_the_place_of_the_outputs_is_told(run, tmp_path):
    (tmp_path / "taken").write_text("mine")
    refuse(
        run._replace(out=tmp_path / "taken").again(),
        1,
        f"{tmp_path / 'taken'}: is not a folder; choose another one with --out",
    )
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("place", ["work", "work/files", "work/manifest"])
def test_a_file_in_the_way_of_a_table_is_told(corpus, config, tmp_path, place):
    out = tmp_path / "new"
    (out / place).parent.mkdir(parents=True)
    (out / place).write_text("mine")
    result = Run(corpus, out, config).again("--until", "read")
    refuse(result, 1, f"{out / 'work'}")
    assert "can't be written" in result.err
    assert (out / place).read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_can_not_be_written_is_told(corpus, config, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    result = Run(corpus, locked / "out", config).again("--until", "read")
    refuse(result, 1, f"{locked / 'out'}")
    assert "can't be written (Permission denied); choose another folder with --out" in result.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[run\n", "is not valid TOML: "),
        (b"[runn]\n", "[runn]: unknown section; the known ones are: run, read, "),
        (b"[run]\nsede = 1\n", "[run] sede: unknown setting; the known ones are: seed, "),
        (b"[run]\nseed = -1\n", "[run] seed = -1: input should be greater than or equal to 0; "),
        (b"# k\xf8r\n", "is not UTF-8 text; save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_broken_settings_file_gives_one_line(run, monkeypatch, content, said, named):
    monkeypatch.chdir(run.raw.parent)
    path = run.raw.parent / ("mine.toml" if named else "nordtema.toml")
    path.write_bytes(content)
    before = times_of(run.out)
    options = ("--config", path) if named else ()
    result = nordtema("run", run.raw, "--out", run.out, *options)
    refuse(result, 1, f"{path if named else path.name}: {said}")
    assert result.err.count("\n") == 1
    assert times_of(run.out) == before


def test_a_missing_settings_file_gives_one_line(run, tmp_path):
    result = run._replace(config=tmp_path / "none.toml").again()
    refuse(result, 1, f"{tmp_path / 'none.toml'}: no such settings file; check the name after")


def test_a_line_break_in_a_name_does_not_break_the_line(tmp_path):
    refuse(nordtema("run", tmp_path / "a\nb"), 1, f"{tmp_path}/a b: no such folder")


def test_a_name_that_is_too_long_is_told(tmp_path):
    result = nordtema("run", tmp_path / ("a" * 300), "--out", tmp_path / "out")
    refuse(result, 1, f"{tmp_path}/aaaa")
    assert "can't be opened (File name too long)" in result.err


def test_a_fault_of_the_program_keeps_its_traceback(run, tmp_path, monkeypatch):
    def fail(_):
        raise ZeroDivisionError

    monkeypatch.setattr("pipeline.detect.detect_part", fail)
    with pytest.raises(ZeroDivisionError):
        run._replace(out=tmp_path / "new").again("--until", "detect")


# What is printed


def test_elsewhere_than_on_a_terminal_there_are_plain_lines(run, tmp_path):
    result = run._replace(out=tmp_path / "new").again("--until", "segment")
    assert "\x1b" not in result.out + result.err
    assert "\r" not in result.out + result.err
    assert [line.split()[0] for line in result.err.splitlines()] == ["read", "detect", "segment"]
    assert result.out == ""
    assert "3 da" in result.err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_there_are_bars_and_then_the_same_lines(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with cli._progress(quiet=False) as progress:
        progress.begin("read")
        progress.advance("read", 1, 2)
        progress.finish(StageOutcome("read", parts=2, made=2, counts={"documents [x]": 1200}))
    said = screen.getvalue()
    assert "\x1b[" in said
    assert "read            0.0 s  1,200 documents [x]" in said


def test_quiet_prints_nothing(run, tmp_path):
    assert run.again("--quiet") == (0, "", "")
    new = run._replace(out=tmp_path / "new")
    assert new.again("--quiet", "--until", "detect") == (0, "", "")


def test_an_error_is_told_also_when_quiet(tmp_path):
    refuse(nordtema("run", tmp_path / "none", "--quiet"), 1, f"{tmp_path / 'none'}: no such folder")


def test_a_terminal_with_an_old_encoding_is_no_reason_to_fail(finished):
    """Latin-1 has `ø`, but no dash as in `8.–9. marts`."""
    dashed = next(row for row in read_csv(finished.out, "sentences.csv") if "8.–9." in row["text"])
    sentence_id = dashed["sentence_id"]
    result = nordtema("show", sentence_id, "--out", finished.out, encoding="latin-1")
    assert result.code == 0
    assert r"den 8.\u20139. marts" in result.out
    assert "færdigt" in result.out


# identify


def identify(content: bytes) -> list[list[str]]:
    result = nordtema("identify", stdin=content)
    assert (result.code, result.err) == (0, "")
    return [line.split("\t") for line in result.out.splitlines()]


DANISH = "Borgerne skal kunne bruge løsningen, når de søger om hjælp til deres børn.".encode()
NYNORSK = "Innbyggjarane skal kunne bruke løysinga når dei søkjer om hjelp til borna sine.".encode()


def test_identify_prints_a_code_a_tab_and_the_confidence(tmp_path):
    assert [code for code, _ in identify(DANISH + b"\n" + NYNORSK + b"\n")] == ["da", "nn"]
    for _, confidence in identify(DANISH + b"\n" + NYNORSK):
        assert 0 <= float(confidence) <= 1


def test_identify_reads_a_file_and_a_dash_alike(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes(DANISH + b"\n" + NYNORSK + b"\n")
    from_file = nordtema("identify", path)
    assert from_file == nordtema("identify", "-", stdin=path.read_bytes())
    assert from_file.code == 0


@pytest.mark.parametrize(
    ("content", "n_lines"),
    [
        (b"", 0),
        (b"\n", 1),
        (b"\n\n\n", 3),
        (DANISH, 1),
        (DANISH + b"\n", 1),
        (DANISH + b"\n\n" + NYNORSK, 3),
        (DANISH + b"\r\n" + NYNORSK + b"\r\n", 2),
        (DANISH + b"\r" + NYNORSK + b"\n", 1),
        (b"\xff\xfe\x00\n" + DANISH, 2),
        (DANISH.decode().encode("latin-1") + b"\n", 1),
        (b"\x00\x0b\x0c\x1c\xc2\x85\xe2\x80\xa8\n", 1),
        (b"\xef\xbb\xbf" + DANISH + b"\n", 1),
        (b"12 345 !!!\n", 1),
        (DANISH * 20_000 + b"\n" + DANISH, 2),
        (b"a" * 1_000_000 + b"\n", 1),
        ((DANISH + b"\n") * 300, 300),
    ],
)
def test_identify_prints_one_line_for_each_line_read(content, n_lines):
    answers = identify(content)
    assert len(answers) == n_lines
    assert all(len(answer) == 2 for answer in answers)


def test_identify_says_the_same_of_a_line_whatever_stands_around_it():
    alone = identify(DANISH + b"\n")[0]
    assert identify(NYNORSK + b"\n\n" + DANISH + b"\r\n")[2] == alone
    assert identify(b"\xef\xbb\xbf" + DANISH)[0] == alone


def test_identify_reads_a_line_that_is_no_utf8_as_windows_1252():
    assert identify(DANISH.decode().encode("cp1252")) == identify(DANISH)
    assert identify(DANISH + b"\n\x81\xff\n")[1] == ["und", "0.000"]


def test_identify_says_und_of_an_empty_line():
    assert identify(b"\n  \n12\n") == [["und", "0.000"]] * 3


def test_identify_ends_quietly_when_nobody_reads_on():
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "identify"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate((DANISH + b"\n") * 2000, timeout=120)
    assert said == b""
    assert process.returncode == 0


def test_an_empty_name_is_not_the_current_folder(tmp_path, monkeypatch):
    """A script whose variable is unset passes one."""
    monkeypatch.chdir(tmp_path)
    for arguments in (["run", ""], ["run", "raw", "--out", ""]):
        result = nordtema(*arguments)
        assert result.code == 2
        assert "the name is empty; use . for the current folder" in the_error(result)
    assert not list(tmp_path.iterdir())


def test_a_run_whose_standard_streams_are_closed_writes_the_same_files(finished, tmp_path):
    """As some that start commands by themselves leave them."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pipeline", "run", finished.raw, "--out", out, "--jobs", "1"]
    command += ["--config", finished.config]
    line = f"{shlex.join(map(str, command))} <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert files_of(out) == files_of(finished.out)
