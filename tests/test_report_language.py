"""Everything that the report says has a Danish and a Norwegian translation, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jinja2
import pytest
from jinja2 import nodes

import pipeline.report
from pipeline.cluster.labels import ALARMS
from pipeline.read.clutter import reasons as clutter_reasons
from pipeline.report.page import find_script_messages
from pipeline.report.phrases import TRANSLATIONS, fill, list_gaps, read_catalogue
from pipeline.report.wording import speak
from pipeline.robustness import NOT_COMPARED, NOT_FOUND, list_variants
from pipeline.settings import Settings

REPORT = Path(pipeline.report.__file__).parent
PACKAGE = REPORT.parent


class Message(NamedTuple):
    """What is said somewhere: its forms in English, and what fills its gaps where that shows."""

    forms: tuple[str, ...]
    context: str
    values: tuple[str, ...] | None
    place: str


def find_in_code(source: str, place: str = "") -> Iterator[Message]:
    """`words.say("…")`, `words.count(n, "…", "…")` and `mark("…")` of a Python module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in {"say", "count", "mark"} or not node.args:
            continue
        arguments = node.args[1:] if name == "count" else node.args
        if name == "count" and len(arguments) != 2:
            continue  # str.count and the like
        here = f"{place}:{node.lineno}"
        assert all(isinstance(one, ast.Constant) for one in arguments), f"{here}: no literal"
        forms = tuple(str(one.value) for one in arguments if isinstance(one, ast.Constant))
        named = [(str(key.arg), key.value) for key in node.keywords if key.arg]
        context = next((ast.literal_eval(value) for key, value in named if key == "context"), "")
        given = [key for key, _ in named if key != "context"] + ["n"] * (name == "count")
        open_ended = name == "mark" or any(key.arg is None for key in node.keywords)
        yield Message(forms, context, None if open_ended else tuple(sorted(set(given))), here)


def find_in_template(source: str, place: str = "") -> Iterator[Message]:
    """`say('…')` and `count(n, '…', '…')` of a Jinja template."""
    for node in jinja2.Environment().parse(source).find_all(nodes.Call):
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in {"say", "count"}:
            continue
        arguments = node.args[1:] if name == "count" else node.args
        forms = tuple(one.as_const() for one in arguments)
        named = {one.key: one.value for one in node.kwargs}
        context = named.pop("context").as_const() if "context" in named else ""
        given = {*named, *(["n"] if name == "count" else [])}
        yield Message(forms, context, tuple(sorted(given)), f"{place}:{node.lineno}")


def find_messages() -> list[Message]:
    found: list[Message] = []
    for path in sorted(REPORT.glob("*.py")):
        found += find_in_code(path.read_text("utf-8"), path.name)
    for path in sorted(REPORT.glob("*.jinja")):
        found += find_in_template(path.read_text("utf-8"), path.name)
    for path in sorted(REPORT.glob("*.js")):
        script = path.read_text("utf-8")
        found += [Message(forms, "", None, path.name) for forms in find_script_messages(script)]
    return found


MESSAGES = find_messages()
PHRASES = {(phrase.context, phrase.en): phrase for phrase in read_catalogue()}


def test_messages_are_found_in_code_template_and_script():
    code = 'x.say("a {b}", b=1)\nx.count(n, "{n} c", "{n} cs", d=2)\nmark("e")\n"aa".count("a")'
    assert [message[:3] for message in find_in_code(code)] == [
        (("a {b}",), "", ("b",)),
        (("{n} c", "{n} cs"), "", ("d", "n")),
        (("e",), "", None),
    ]
    template = "{{ say('f', context='g') }}<p title=\"{{ count(3, 'h', 'i', j=1)|x }}\">"
    assert [message[:3] for message in find_in_template(template)] == [
        (("f",), "g", ()),
        (("h", "i"), "", ("j", "n")),
    ]
    script = 'say("k \\"l\\""); count(a[b[0]],\n  "m", "n"); const count = (o, p) => say(o);'
    assert find_script_messages(script) == [('k "l"',), ("m", "n")]


def test_a_message_that_is_put_together_is_refused():
    with pytest.raises(AssertionError, match=r"x\.py:1: no literal"):
        list(find_in_code('words.say(f"a {b}")', "x.py"))


def test_each_message_has_a_translation():
    assert len(MESSAGES) > 400
    assert [one for one in MESSAGES if (one.context, one.forms) not in PHRASES] == []


def test_each_message_gets_what_fills_its_gaps_and_no_more():
    for message in MESSAGES:
        if message.values is not None:
            gaps = {gap for form in message.forms for gap in list_gaps(form)}
            # A number may choose the form and not be said
            assert gaps | {"n"} == set(message.values) | {"n"}, message


def test_each_row_of_the_catalogue_is_said_somewhere():
    said = {(message.context, message.forms) for message in MESSAGES}
    rows = [phrase for phrase in read_catalogue() if not phrase.told]
    assert [phrase.en for phrase in rows if (phrase.context, phrase.en) not in said] == []


def test_no_message_stands_twice_in_the_catalogue():
    assert len(PHRASES) == len(read_catalogue())


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_have_the_forms_gaps_and_tags_of_their_messages(language: str):
    for phrase in read_catalogue():
        translated = phrase.translations[language]
        assert len(translated) == len(phrase.en), phrase
        for form, message in zip(translated, phrase.en, strict=True):
            assert list_gaps(form) == list_gaps(message), form
            filled = fill(form, dict.fromkeys(list_gaps(form), "x"))
            assert filled.strip(), phrase
            assert not set("{}") & set(filled), form
            assert list_kept(form) == list_kept(message), form


def list_kept(message: str) -> list[str]:
    """What is the same in every language: tags, names of files, settings and options."""
    kept = r"</?\w+>|&\w+;|\w+\.(?:csv|js|xml|jsonl)|\.docx?|\w+_\w+|--\w+|\[read\]"
    return sorted(re.findall(kept, message))


QUOTES = {"da": "»[^«»]*«", "no": "«[^«»]*»"}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_have_the_quotes_and_the_decimal_comma_of_their_language(language: str):
    forms = [form for phrase in read_catalogue() for form in phrase.translations[language]]
    assert any(re.search(QUOTES[language], form) for form in forms)
    for form in forms:
        assert not re.search(r"[«»“”„’]|\d\.\d", re.sub(QUOTES[language], "", form)), form


# What earlier stages have written into the tables


def list_texts_of(*rooms: str) -> set[str]:
    """The texts in some rooms' code, with {} for the gaps of f-strings."""
    texts = set()
    for room in rooms:
        home = PACKAGE / room
        for path in home.rglob("*.py") if home.is_dir() else [home]:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    texts.add(write_template(node))
    return texts


def write_template(node: ast.JoinedStr) -> str:
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)


def list_variants_texts() -> set[str]:
    """What `nordtema robustness` says of other ways to do a run."""
    runs = [Settings(), Settings.model_validate({"compare": {"share_by": "words"}})]
    return {f"{one.what} ({one.option})" for run in runs for one in list_variants(run, 8)}


def test_each_told_row_is_written_by_an_earlier_stage():
    written = list_texts_of("read", "compare", "cluster", "robustness.py") | list_variants_texts()
    left = [
        phrase.en[0]
        for phrase in read_catalogue()
        if phrase.told and not any(fits(phrase.en[0], text) for text in written)
    ]
    assert left == []


def fits(message: str, text: str) -> bool:
    pattern = "".join(
        ".*" if at % 2 else re.escape(part)
        for at, part in enumerate(re.split(r"(\{\w+\})", message))
    )
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def list_reasons() -> set[str]:
    """Why blocks are dropped and files rejected, as the code of `read` says it."""
    reasons = {value for name, value in vars(clutter_reasons).items() if name.isupper()}
    reasons = {one for one in reasons if isinstance(one, str)} | set(clutter_reasons.VAGUE) - {""}
    for path in (PACKAGE / "read").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and "UnreadableError" in ast.unparse(node.func):
                reasons |= {text for one in node.args if (text := read_text(one))}
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("_reason"):
                returns = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
                reasons |= {text for one in returns if one and (text := read_text(one))}
    return reasons


def read_text(node: ast.AST) -> str:
    """A literal or an f-string with something to fill in; empty for anything else."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return write_template(node).replace("{}", "1") if isinstance(node, ast.JoinedStr) else ""


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_reason_of_an_earlier_stage_is_told_in_the_language(language: str):
    reasons = list_reasons() | set(ALARMS.values()) | {NOT_FOUND, NOT_COMPARED}
    reasons |= list_variants_texts()
    assert len(reasons) > 80
    words = speak(language)
    same = {"da": ["byline", "navigation"], "no": ["byline"]}
    assert [one for one in sorted(reasons) if words.tell(one) == one] == same[language]


def test_what_fills_a_gap_is_told_too():
    words = speak("da")
    told = words.tell("format .doc is not read; open it in a word processor and save it as .docx")
    assert told == (
        "formatet .doc læses ikke; åbn den i et tekstbehandlingsprogram, og gem den som .docx"
    )
    told = words.tell(
        "is longer than 10,000,000 characters; raise max_characters under [read] or split the file"
    )
    assert told.startswith("er længere end 10\u202f000\u202f000 tegn; hæv max_characters")
    assert words.tell("larger than 1.5 MB; raise max_file_mb under [read] or split the file") == (
        "større end 1,5 MB; hæv max_file_mb under [read], eller del filen"
    )


def test_what_nobody_knows_is_left_as_it_is():
    assert speak("da").tell("a reason of tomorrow") == "a reason of tomorrow"
    assert speak("en").tell("cookie notice") == "cookie notice"
