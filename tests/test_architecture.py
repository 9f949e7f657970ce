"""What the house promises of itself: imports run one way, and steps say all that they depend on."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import changes, cli, robustness, steps
from pipeline.schemas import ENDINGS, SCHEMAS

HOME = Path(pipeline.__file__).parent
MODULES = sorted(HOME.rglob("*.py"))
SUPPORT = ("nordic", "schemas", "store", "settings", "toml", "naming", "pieces", "remote")

# What each room may import, beside itself and the package's version.
MAY_IMPORT = {
    "__init__": ("api", *SUPPORT),
    "__main__": ("cli",),
    "api": ("stages", "steps", *steps.STAGES, *SUPPORT),
    "cli": ("robustness", "stages", "show", *steps.STAGES, *SUPPORT),
    "robustness": ("stages", "steps", "lock", "workers", *SUPPORT),
    "steps": (),
    "schemas": (),
    "stages": ("steps", "versions", "changes", "lock", "workers", *steps.STAGES, *SUPPORT),
    "versions": ("steps", "store", "settings"),
    "changes": ("report", *SUPPORT),
    "workers": ("folder", *SUPPORT),
    "show": SUPPORT,
    "lock": ("store", "remote", "settings"),
    "nordic": (),
    "store": ("folder", "remote", "pieces", "schemas", "settings"),
    "folder": ("remote",),
    "remote": ("naming", "settings"),
    "settings": ("naming", "toml"),
    "naming": (),
    "pieces": (),
    "toml": (),
    **dict.fromkeys(steps.STAGES, SUPPORT),
}  # fmt: skip


def room(module: str) -> str:
    """`pipeline.read.html` -> `read`."""
    return module.split(".")[1] if "." in module else "__init__"


def module_name(path: Path) -> str:
    parts = path.relative_to(HOME.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_rooms(source: str, module: str = "pipeline.x") -> set[str]:
    """The rooms of this package that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write imports in full"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names |= set(inside) if node.module == "pipeline" else {str(node.module)}
    ours = {name for name in names if name.split(".")[0] == "pipeline"}
    return {room(name) for name in ours} - {"__init__", "__version__"}


def test_the_reader_of_imports_sees_every_way_to_import():
    source = """
import pipeline.read.html
from pipeline import store, __version__
def later():
    from pipeline.cluster.space import Space
"""
    assert imported_rooms(source) == {"read", "store", "cluster"}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_run_one_way(path):
    module = module_name(path)
    own = room(module)
    back = imported_rooms(path.read_text(encoding="utf-8"), module) - {own, *MAY_IMPORT[own]}
    assert not back, f"{module} imports {', '.join(sorted(back))}, which runs back"


def test_every_room_of_the_house_is_on_the_plan():
    assert {room(module_name(path)) for path in MODULES} == set(MAY_IMPORT)


def test_the_command_line_knows_the_stages():
    assert cli.STAGES == steps.STAGES
    assert set(cli.STAGE_HELP) == set(steps.STAGES)
    assert set(steps.STAGES) <= set(cli.cli.commands)


def test_each_step_works_in_its_own_stage_and_only_there():
    for step in steps.STEPS:
        module, _, function = step.function.partition(":")
        assert room(module) == step.stage
        path = HOME.parent.joinpath(*module.split("."))
        source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        tree = ast.parse(source.read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_steps_come_in_the_order_of_the_stages_and_after_what_they_read():
    assert list(dict.fromkeys(step.stage for step in steps.STEPS)) == list(steps.STAGES)
    written: set[str] = set()
    for step in steps.STEPS:
        assert set(step.inputs) | set(step.corpus_inputs) <= written, step.name
        assert not set(step.outputs) & written, step.name
        written |= set(step.outputs)
    assert written | {robustness.TABLE, changes.TABLE} == set(SCHEMAS) | set(ENDINGS)
    assert {name for step in steps.STEPS for name in step.optional} == {robustness.TABLE}


@pytest.mark.parametrize("stage", steps.STAGES)
def test_a_stage_reads_no_setting_that_its_steps_do_not_name(stage):
    """Else a changed setting would leave old results standing."""
    named = {name for step in steps.STEPS if step.stage == stage for name in step.settings}
    sections = {name for name in named if "." not in name}
    read = set()
    for path in [HOME / f"{stage}.py", *(HOME / stage).rglob("*.py")]:
        if path.exists():
            read |= set(_settings_read(ast.parse(path.read_text(encoding="utf-8"))))
    assert read, "this test no longer sees how settings are read"
    for name in read:
        assert name in named or name.partition(".")[0] in sections, f"{stage} reads {name}"


def _settings_read(tree: ast.AST) -> list[str]:
    """`task.settings.run.seed` -> run.seed; `task.settings.report` -> report."""
    found = []
    inner = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in inner:
            steps = ast.unparse(node).split(".")
            if steps[:2] == ["task", "settings"] and len(steps) > 2:
                found.append(".".join(steps[2:4]))
                inner |= set(ast.walk(node)) - {node}
    return [name for name in found if name]


HEAVY = ("pandas", "numpy", "pyarrow", "spacy", "sklearn", "scipy", "matplotlib", "langdetect",
         "trafilatura", "pydantic", "rich")  # fmt: skip


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_imports_no_heavy_library(arguments):
    script = (
        "import sys\n"
        "from pipeline.cli import main\n"
        f"sys.argv = ['nordtema', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', *(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1].split() == ["heavy:"]


def test_nothing_is_unpickled_or_evaluated():
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"eval", "exec", "pickle"}, path
        assert not imported_packages(tree) & {"pickle", "joblib", "marshal", "shelve"}, path


def imported_packages(tree: ast.AST) -> set[str]:
    """`import joblib.numpy_pickle` and `from pickle import loads` -> joblib, pickle."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    return {name.split(".")[0] for name in names}


def test_a_pickle_is_seen_however_it_is_imported():
    source = "import joblib.numpy_pickle\nfrom pickle import loads\nimport os"
    assert imported_packages(ast.parse(source)) == {"joblib", "pickle", "os"}
