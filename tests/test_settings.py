from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.settings import NordtemaError, Settings, UsageError, load_settings


def load(folder: Path, text: str | bytes) -> Settings:
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(path, {})


def complaint(folder: Path, text: str | bytes) -> str:
    """What is said of a settings file, after its name."""
    with pytest.raises(NordtemaError) as caught:
        load(folder, text)
    assert not isinstance(caught.value, UsageError)
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(f"{folder / 'mine.toml'}: ")


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}) == Settings()


def test_nordtema_toml_in_the_current_folder_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("nordtema.toml").write_text("[run]\nseed = 7\n")
    assert load_settings(None, {}).run.seed == 7


def test_a_named_file_is_read_instead_of_nordtema_toml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("nordtema.toml").write_text("[run]\nseed = 7\n")
    assert load(tmp_path, "[run]\njobs = 3\n").run.model_dump() == {
        "seed": 0, "jobs": 3, "scheduler": "", "part_documents": 512,
    }  # fmt: skip


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path):
    assert load(tmp_path, "\ufeff[run]\nseed = 7\n").run.seed == 7


def test_the_command_line_goes_before_the_file_and_what_it_leaves_out_does_not(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[run]\nseed = 7\njobs = 2\n[cluster]\nthemes = 5\n")
    settings = load_settings(path, {"run": {"seed": 9, "jobs": None}, "cluster": {"themes": None}})
    assert (settings.run.seed, settings.run.jobs, settings.cluster.themes) == (9, 2, 5)


def test_settings_cannot_be_changed_under_a_run():
    with pytest.raises(ValueError, match="frozen"):
        Settings().run.seed = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[cluser]\nthemes = 3\n",
            "[cluser]: unknown section; the known ones are: run, read, detect, segment, vectorize, "
            "cluster, compare, report",
        ),
        (
            "[run]\nsed = 3\n",
            "[run] sed: unknown setting; the known ones are: seed, jobs, part_documents, "
            "scheduler",
        ),
        ("run = 3\n", "[run]: is not a section; write [run] on a line above its settings"),
        (
            "[run]\njobs = -1\n",
            "[run] jobs = -1: input should be greater than or equal to 0; change that value",
        ),
        (
            "[run]\nseed = 'seven'\n",
            "[run] seed = 'seven': input should be a valid integer, unable to parse string as an "
            "integer; change that value",
        ),
        (
            "[cluster]\nthemes = 1\n",
            "[cluster] themes = 1: one theme leaves nothing to compare; give 2 or more, or 0; "
            "change that value",
        ),
        (
            "[cluster]\nneighbour_weight = inf\n",
            "[cluster] neighbour_weight = inf: input should be a finite number; change that value",
        ),
        (
            "[vectorize]\nvectors = 'fast'\n",
            "[vectorize] vectors = 'fast': there are no vectors called 'fast'; the known ones are: "
            "nordic, lexical, model2vec:NAME_OR_PATH, sentence-transformers:NAME_OR_PATH; change "
            "that value",
        ),
        (
            "[vectorize]\nvectors = 'model2vec:'\n",
            "[vectorize] vectors = 'model2vec:': which model? Write model2vec:NAME_OR_PATH; change "
            "that value",
        ),
        (
            "[compare]\ngroup_by = ' '\n",
            "[compare] group_by = ' ': which column? Name one, such as group, source or year; "
            "change that value",
        ),
        ("[run]\nseed = \n", "is not valid TOML: Invalid value (at line 2, column 8)"),
        ("[run]\nseed = 1\nseed = 2\n", "is not valid TOML: Cannot overwrite a value"),
        (b"[run]\n# k\xf8r\n", "is not UTF-8 text; save it as UTF-8"),
        ("a = " + "[" * 20_000, "brackets are nested too deeply; mend that line"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file_is_told_with_its_place_and_the_remedy(tmp_path, text, said):
    message = complaint(tmp_path, text)
    if said.startswith("is not valid TOML"):
        assert message.startswith(said)
        assert message.endswith("; mend that line")
    else:
        assert message == said


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(NordtemaError, match=r"none\.toml: no such settings file; check the name"):
        load_settings(tmp_path / "none.toml", {})


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    with pytest.raises(NordtemaError, match=r"can't be read \(Is a directory\); check the file"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("section", "name", "value", "said"),
    [
        ("compare", "group_by", "", "--group-by '': which column? Name one, such as group,"),
        ("vectorize", "vectors", "fast", "--vectors 'fast': there are no vectors called 'fast'"),
        ("run", "seed", 2**32, "--seed 4294967296: input should be less than 4294967296; change"),
    ],
)
def test_a_fault_of_the_command_line_is_wrong_usage_and_names_the_option(
    tmp_path, monkeypatch, section, name, value, said
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        load_settings(None, {section: {name: value}})
    assert str(caught.value).startswith(said)
    assert caught.value.exit_code == 2


def test_a_fault_of_the_file_is_not_blamed_on_the_command_line(tmp_path):
    (tmp_path / "mine.toml").write_text("[run]\nseed = -1\n")
    with pytest.raises(NordtemaError, match=r"mine\.toml: \[run\] seed = -1"):
        load_settings(tmp_path / "mine.toml", {"run": {"jobs": 2}})
