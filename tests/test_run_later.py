"""Texts that come, change and go after the first run: what is read, what stays, what is told."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import (
    Run,
    csv_files_of,
    files_of,
    read_csv,
    stages_that_ran,
    tables_of,
    times_of,
    times_of_results,
)

from pipeline import cluster, open_outputs, vectorize_texts
from pipeline.changes import COLUMNS, compare_states, say_changes
from pipeline.cluster import _draw
from pipeline.read import sightings
from pipeline.report import read_tables
from pipeline.report.files import read_shown, write_long
from pipeline.report.gather import gather_part
from pipeline.report.in_order import Documents
from pipeline.report.page import make_page
from pipeline.report.tables import FILES, to_csv_bytes
from pipeline.settings import Settings
from pipeline.store import Store, Task

pytestmark = pytest.mark.usefixtures("two_charts")

HERE = Path(__file__).parent
UP_TO_COMPARE = ("--until", "compare")
# What lies there of how the run came about, and not of what it found
OF_HISTORY = ("known_themes", "lineage", "sightings", "finished")

NEW = """\
Kommunen svarer hurtigere

Kommunen har fået et nyt system, der besvarer borgernes henvendelser. Borgerne venter nu kortere
tid på svar, og sagsbehandlerne bruger færre timer på telefonen.

Ældre borgere vil stadig hellere tale med et menneske. Det siger kommunen, at de kan.
"""


# Which files are opened

_opened: set[str] = set()
_watched: list[str] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event == "open" and str(arguments[0]).startswith(_watched[0]):
        _opened.add(str(arguments[0]).removeprefix(_watched[0]).lstrip("/"))


sys.addaudithook(_note)  # can't be removed, and does nothing while nothing is watched


@contextmanager
def watching(folder: Path) -> Iterator[set[str]]:
    """The files below a folder that are opened meanwhile, by whatever function of Python."""
    _opened.clear()
    _watched.append(str(folder.resolve()))
    try:
        yield _opened
    finally:
        _watched.clear()


@pytest.fixture(autouse=True)
def _files_of_long_ago(monkeypatch):
    """As if the texts had been written long before they are read."""
    monkeypatch.setattr(sightings, "TICK_NS", 0)


@pytest.fixture
def listed(run) -> Run:
    """The finished run, its files seen where they lie now."""
    (run.out / "work" / "sightings" / "part-00000.parquet").unlink()
    for path in sorted((run.out / "work" / "files").iterdir()):
        path.unlink()
    assert run.again(*UP_TO_COMPARE).code == 0
    return run


def opened(run: Run, *options: object) -> set[str]:
    """The texts that a run opens; metadata.csv is no text."""
    with watching(run.raw) as found:
        assert run.again("--until", "vectorize", *options).code == 0
    return found - {"metadata.csv"}


def test_nothing_is_opened_where_nothing_changed(listed):
    assert opened(listed) == set()


def test_only_a_new_file_is_opened(listed):
    (listed.raw / "mappe" / "ny.txt").write_text(NEW, encoding="utf-8")
    assert opened(listed) == {"mappe/ny.txt"}
    assert "mappe/ny.txt" in set(Store(listed.out).read_all("documents")["path"])
    assert opened(listed) == set()


def test_only_a_changed_file_is_opened(listed):
    path = listed.raw / "brukerne-forst.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\nEn setning til.\n", encoding="utf-8")
    assert opened(listed) == {"brukerne-forst.txt"}


def test_a_file_of_the_same_size_and_time_is_still_seen_to_have_changed(listed):
    path = listed.raw / "brukerne-forst.txt"
    before, text = path.stat(), path.read_text(encoding="utf-8")
    path.write_text(text.replace("og", "ok", 1), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert opened(listed) == {"brukerne-forst.txt"}


def test_nothing_is_opened_where_a_file_is_gone_and_only_the_new_name_where_one_is_renamed(listed):
    (listed.raw / "maskinen-laeser-sagen.md").unlink()
    assert opened(listed) == set()
    (listed.raw / "brukerne-kopi.txt").rename(listed.raw / "aa-kopi.txt")
    assert opened(listed) == {"aa-kopi.txt"}


def test_only_the_file_of_a_changed_row_of_metadata_is_opened(listed):
    path = listed.raw / "metadata.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Fagbladet", "Avisen"), encoding="utf-8")
    assert opened(listed) == {"maskinen-laeser-sagen.md"}
    assert "Avisen" in set(Store(listed.out).read_all("documents")["source"])


def test_of_a_table_that_has_grown_only_the_table_is_opened_and_its_old_rows_keep_their_place(
    listed,
):
    table = listed.raw / "tabel.csv"
    rows = [f"Tekst {number} om kommunens nye system for alle borgere" for number in range(5)]
    table.write_text("\n".join(["text", *rows, ""]))
    assert opened(listed) == {"tabel.csv"}
    places = _places_of(listed, "tabel#")
    table.write_text("\n".join(["text", *rows, "Endnu en tekst om et register", ""]))
    assert opened(listed) == {"tabel.csv"}
    assert places.items() <= _places_of(listed, "tabel#").items()


def _places_of(run: Run, start: str) -> dict[str, int]:
    store = Store(run.out)
    return {
        doc_id: part
        for part in store.parts("documents")
        for doc_id in store.read("documents", part)["doc_id"]
        if doc_id.startswith(start)
    }


def test_a_file_that_was_only_touched_is_opened_once_and_nothing_is_done_again(listed):
    (listed.raw / "brukerne-forst.txt").touch()
    before = times_of_results(listed.out / "work")
    assert opened(listed) == {"brukerne-forst.txt"}
    assert opened(listed) == set()
    assert times_of_results(listed.out / "work") == before


def test_files_are_opened_once_more_where_it_was_not_kept_how_they_lay(listed):
    """A run was killed before that was written, or somebody removed it."""
    seen = listed.out / "work" / "sightings" / "part-00000.parquet"
    seen.unlink()
    before = times_of_results(listed.out / "work")
    assert len(opened(listed)) > 5
    written = seen.stat().st_mtime_ns
    assert opened(listed) == set()
    assert seen.stat().st_mtime_ns == written
    assert times_of_results(listed.out / "work") == before


def test_a_file_that_was_written_a_moment_before_is_opened_again(listed, monkeypatch):
    """Within one tick of the clock it may have been written to twice."""
    monkeypatch.setattr(sightings, "TICK_NS", 10**18)
    (listed.raw / "ny.txt").write_text(NEW, encoding="utf-8")
    assert opened(listed) == {"ny.txt"}
    before = times_of(listed.out / "work")
    assert opened(listed) == {"ny.txt"}
    assert times_of(listed.out / "work") == before
    monkeypatch.setattr(sightings, "TICK_NS", 0)
    assert opened(listed) == {"ny.txt"}
    assert opened(listed) == set()


def test_a_clock_that_was_set_back_opens_no_file(listed, monkeypatch):
    monkeypatch.setattr(sightings, "TICK_NS", 10**18)  # as if they were of the future
    (listed.raw / "brukerne-forst.txt").unlink()
    assert opened(listed) == set()
    monkeypatch.setattr(sightings, "TICK_NS", 0)
    assert opened(listed) == set()


def test_another_way_to_read_opens_all_files(listed, tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(listed.config.read_text() + "[read]\nkeep_clutter = true\n")
    other = listed._replace(config=config)
    assert opened(other) >= {"brukerne-forst.txt", "faelles-data-paa-tvaers.html"}


def test_what_was_damaged_of_a_part_is_read_again(listed):
    part = _places_of(listed, "brukerne-forst")["brukerne-forst"]
    beside = {
        file for file in Store(listed.out).read("files", part)["path"] if "metadata" not in file
    }
    Store(listed.out).path("drafts", part).unlink()
    assert opened(listed) == beside
    (listed.out / "work" / "sightings" / "part-00000.parquet").write_bytes(b"PAR1")
    before = tables_of(listed.out / "work")
    assert len(opened(listed)) > len(beside)
    assert tables_of(listed.out / "work") == before


# What is done again


def test_a_new_file_is_the_only_one_that_the_early_stages_work_on(listed):
    early = ("read.extract", "read.count", "read.settle", "detect", "segment", "vectorize")
    store = Store(listed.out)
    before = {(step, part): store.entry(step, part) for step in early for part in range(12)}
    parts = set(store.parts("files"))
    (listed.raw / "aaa-foran-alle.txt").write_text(NEW, encoding="utf-8")
    assert listed.again("--until", "vectorize").code == 0
    changed = {key for key, entry in before.items() if store.entry(*key) != entry}
    (new,) = set(store.parts("files")) - parts
    assert changed == {(step, new) for step in early}


def test_themes_are_found_anew_only_where_a_new_text_is_drawn_for_the_sample(tmp_path, monkeypatch):
    """Of 12 texts of 20 sentences, 100 sentences are drawn: 5 texts."""
    run = Run(tmp_path / "raw", tmp_path / "out", tmp_path / "settings.toml")
    run.config.write_text("[cluster]\nsample_sentences = 100\nthemes = 2\n")
    names = sorted((f"tekst-{number}" for number in range(40)), key=lambda name: _draw(name, 0))
    first, last, some = names[0], names[-1], names[1:13]
    run.raw.mkdir()
    for number, name in enumerate(some):
        (run.raw / f"{name}.txt").write_text(_many_sentences(number), encoding="utf-8")
    assert run.again("--until", "cluster").code == 0
    found: list[str] = []
    discover = cluster.discover_themes
    monkeypatch.setattr(
        cluster,
        "discover_themes",
        lambda *given, **named: (found.append("anew"), discover(*given, **named))[1],
    )
    model = tables_of(run.out / "work" / "model")
    (run.raw / f"{last}.txt").write_text(_many_sentences(20), encoding="utf-8")
    assert run.again("--until", "cluster").code == 0
    assert not found
    assert tables_of(run.out / "work" / "model") == model
    assert last in {row.rpartition(":")[0] for row in _assigned(run)}
    (run.raw / f"{first}.txt").write_text(_many_sentences(21), encoding="utf-8")
    assert run.again("--until", "cluster").code == 0
    assert found == ["anew"]


def _many_sentences(number: int) -> str:
    """20 sentences of Danish words, unlike those of another number."""
    rng = random.Random(number)
    words = sorted({word for text in CHOICE.values() for word in text.lower().split()})
    lines = [" ".join(rng.sample([word for word in words if word.isalpha()], 8)) for _ in range(20)]
    return "\n\n".join(f"{line.capitalize()}." for line in lines)


def _assigned(run: Run) -> list[str]:
    return list(Store(run.out).read_all("assignments")["sentence_id"])


# The same results, however it came about


def report_of(out: Path) -> dict[str, bytes]:
    """The CSV files and the page of a run up to compare, charts apart."""
    store, settings = Store(out), Settings()
    for part in store.parts("sentences"):
        gather_part(Task(out, store, settings, part))
    tables = read_tables(store, "group", "en")
    found = {name: to_csv_bytes(make(tables)) for name, make in FILES.items()}
    for name, chunks in write_long(store, Documents(store), settings.report).items():
        found[name] = b"".join(chunks)
    shown = read_shown(store, tables.n_sentences, nearest=200)
    return found | make_page(tables, shown, [], version="1", most_sentences=200)


def texts_to_choose() -> dict[str, str]:
    """Texts that have lines and copies in common, and tables, under names that lie apart."""
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((HERE / "corpus" / "small").iterdir())
        if path.suffix in (".txt", ".md")
    }
    paragraphs = [part for text in texts.values() for part in text.split("\n\n") if len(part) > 80]
    chosen = dict(texts)
    chosen["aa-først.txt"] = NEW
    chosen["zz-sidst.txt"] = NEW.replace("Kommunen", "Regionen")
    chosen["m/brukerne-kopi.txt"] = texts["brukerne-forst.txt"]
    chosen["brukerne-forst.md"] = texts["brukerne-forst.txt"].replace("ikke", "aldri")
    for number in range(3):
        rows = ['"' + part.replace('"', "'").replace("\n", " ") + '"' for part in paragraphs]
        chosen[f"tabel-{number}.csv"] = "\n".join(["text", *rows[number :: 3 + number], ""])
    return {name: f"{text}\n\nLæs også: alt om kommunen\n" if name[-3:] == "txt" else text
            for name, text in chosen.items()}  # fmt: skip


CHOICE = texts_to_choose()
# The same file later: with another text of the choice, with a line more, or gone
events = st.lists(
    st.tuples(
        st.sampled_from(sorted(CHOICE)), st.sampled_from(["put", "put", "swap", "more", "remove"])
    ),
    min_size=1,
    max_size=8,
)


def apply(raw: Path, name: str, event: str) -> None:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if event == "remove":
        path.unlink(missing_ok=True)
        return
    names = sorted(CHOICE)
    text = CHOICE[name]
    if event == "swap" and not name.endswith(".csv"):
        others = [other for other in names if not other.endswith(".csv")]
        text = CHOICE[others[(others.index(name) + 1) % len(others)]]
    path.write_text(text + ("En linje til om kommunen.\n" if event == "more" else ""), "utf-8")


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(events, min_size=2, max_size=4),
    st.sampled_from([1, 2, 3, 512]),
    st.sampled_from([1, 3, 512]),
)
def test_a_corpus_that_grew_gives_what_a_fresh_run_of_it_gives(
    tmp_path_factory, history, size, other_size
):
    place = tmp_path_factory.mktemp("grown")
    run = _make_run(place, size)
    for name in ("beboerne-vil-have-svar.txt", "brukerne-forst.txt"):
        apply(run.raw, name, "put")
    for number, some in enumerate(history):
        for name, event in some:
            apply(run.raw, name, event)
        # Most runs that came before are read alone, to save time
        until = "compare" if number == 0 else "segment"
        assert run.again("--until", until).code == 0
    # The ids of themes are history: here they are forgotten, and below they are not
    shutil.rmtree(run.out / "work" / "known_themes")
    assert run.again(*UP_TO_COMPARE).code == 0
    fresh = _make_run(place, other_size)._replace(out=place / "fresh")
    assert fresh.again(*UP_TO_COMPARE).code == 0
    grown, once = report_of(run.out), report_of(fresh.out)
    assert grown.keys() == once.keys()
    assert {name for name in grown if grown[name] != once[name]} == set()


def _make_run(place: Path, size: int) -> Run:
    (place / "raw").mkdir(exist_ok=True)
    config = place / f"{size}.toml"
    config.write_text(
        f"[run]\npart_documents = {size}\n[cluster]\nmax_themes = 3\n"
        "[compare]\npermutations = 200\nplacebo_splits = 3\n"
    )
    return Run(place / "raw", place / "out", config)


def test_a_whole_report_is_that_of_a_fresh_run_that_knows_the_same_themes(listed, tmp_path):
    (listed.raw / "aaa.txt").write_text(NEW, encoding="utf-8")
    (listed.raw / "maskinen-laeser-sagen.md").unlink()
    known = listed.out / "work" / "known_themes"
    fresh = listed._replace(out=tmp_path / "fresh")
    shutil.copytree(known, fresh.out / "work" / "known_themes")
    assert listed.again().code == 0
    assert fresh.again().code == 0
    grown, once = (files_of(run.out / "report") for run in (listed, fresh))
    # The fresh run has none before it that it could be held against
    assert grown.keys() - once.keys() == {"changes.csv"}
    assert once.keys() <= grown.keys()
    assert {name for name in once if once[name] != grown[name]} == set()
    assert len(csv_files_of(fresh.out)) >= 12


def test_duplicates_and_repeated_lines_are_settled_anew_where_a_new_file_changes_them(listed):
    text = (listed.raw / "beboerne-vil-have-svar.txt").read_text(encoding="utf-8")
    (listed.raw / "aaa-det-samme.txt").write_text(text, encoding="utf-8")
    assert listed.again(*UP_TO_COMPARE).code == 0
    documents = Store(listed.out).read_all("documents").set_index("doc_id")
    # The first by its id is the original, though it was read last
    assert documents.loc["beboerne-vil-have-svar", "duplicate_of"] == "aaa-det-samme"
    assert documents.loc["aaa-det-samme", "duplicate_of"] == ""
    sentences = set(Store(listed.out).read_all("sentences")["doc_id"])
    assert "aaa-det-samme" in sentences
    assert "beboerne-vil-have-svar" not in sentences


def test_vectors_lie_row_for_row_with_the_sentences_of_a_corpus_that_grew(listed):
    (listed.raw / "aaa.txt").write_text(NEW, encoding="utf-8")
    assert listed.again().code == 0
    outputs = open_outputs(listed.out)
    sentences = outputs.sentences
    assert sentences["doc_id"].iloc[0] == "aaa"
    own = vectorize_texts(list(sentences["text"][:5]), list(sentences["language"][:5]))
    assert (outputs.vectors[:5] == own).all()


# Themes keep their ids


def test_themes_keep_their_ids_while_texts_are_added(listed):
    def theme_of() -> dict[str, str]:
        table = Store(listed.out).read_all("assignments")
        return dict(zip(table["sentence_id"], table["theme_id"], strict=True))

    before = theme_of()
    for number, name in enumerate(("aaa.txt", "mmm.txt")):
        text = NEW if not number else NEW.replace("Kommunen", "Regionen")
        (listed.raw / name).write_text(text, encoding="utf-8")
        assert listed.again("--themes", 4, *UP_TO_COMPARE).code == 0
        after = theme_of()
        themes = {theme for theme in before.values() if theme}
        for theme in themes & set(after.values()):
            own = [sentence for sentence, is_in in before.items() if is_in == theme]
            now = [after[sentence] for sentence in own if after.get(sentence)]
            # Whatever else became of it, most of what it was is in no other theme under its name
            assert max(now.count(other) for other in set(now)) == now.count(theme)
        before = after


# What has changed


def test_the_first_run_has_nothing_to_tell_of(finished):
    assert not (finished.out / "report" / "changes.csv").exists()
    assert json.loads((finished.out / "report" / "run.json").read_text())["changes"] == []


def test_a_run_says_which_documents_came_and_went(run):
    (run.raw / "ny.txt").write_text(NEW, encoding="utf-8")
    (run.raw / "ny-2.txt").write_text(NEW.replace("Kommunen", "Byen"), encoding="utf-8")
    (run.raw / "maskinen-laeser-sagen.md").unlink()
    path = run.raw / "brukerne-forst.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\nEn helt ny setning.\n", encoding="utf-8")
    result = run.again()
    start = "Since the last run: 2 documents added, 1 removed, 1 changed"
    (said,) = [line for line in result.out.splitlines() if line.startswith(start)]
    rows = read_csv(run.out, "changes.csv")
    assert list(rows[0]) == COLUMNS
    documents = {row["id"]: row["change"] for row in rows if row["kind"] == "document"}
    assert documents == {
        "ny.txt": "added", "ny-2.txt": "added", "maskinen-laeser-sagen.md": "removed",
        "brukerne-forst.txt": "changed",
    }  # fmt: skip
    assert json.loads((run.out / "report" / "run.json").read_text())["changes"] == [said]
    themes = {row["theme_id"] for row in read_csv(run.out, "themes.csv")}
    told = {row["id"]: row["change"] for row in rows if row["kind"] == "theme"}
    assert {name for name, change in told.items() if change != "gone"} == themes


def test_a_run_that_finds_nothing_changed_tells_nothing_and_leaves_the_last_change(run):
    (run.raw / "ny.txt").write_text(NEW, encoding="utf-8")
    run.again()
    before = times_of(run.out)
    result = run.again()
    assert stages_that_ran(result) == []
    assert "Since the last run" not in result.out
    after = times_of(run.out)
    assert {path for path in after if after[path] != before.get(path)} == {"report/run.json"}
    assert json.loads((run.out / "report" / "run.json").read_text())["changes"] == []


def test_a_run_that_broke_off_is_no_run_to_be_held_against(run):
    (run.raw / "ny.txt").write_text(NEW, encoding="utf-8")
    assert run.again(*UP_TO_COMPARE).code == 0
    (run.raw / "ny-2.txt").write_text(NEW.replace("Kommunen", "Byen"), encoding="utf-8")
    assert "Since the last run: 2 documents added" in run.again().out


def test_another_setting_is_told_beside_what_it_changes(run):
    assert "with other settings (compare.group_by)." in run.again("--group-by", "country").out
    changed = [row for row in read_csv(run.out, "changes.csv") if row["kind"] == "setting"]
    assert [(row["id"], row["before"], row["after"]) for row in changed] == [
        ("compare.group_by", '"group"', '"country"')
    ]


def test_a_state_that_can_not_be_read_is_none(run):
    (run.out / "work" / "finished" / "part-00000.parquet").write_bytes(b"PAR1")
    (run.raw / "ny.txt").write_text(NEW, encoding="utf-8")
    result = run.again()
    assert result.code == 0
    assert "Since the last run" not in result.out


CLEAR, LEANING = "clear: more in da than in no", "leaning: more in da than in no"
TOO_FEW = "too few documents to tell"


def state(**verdicts: str) -> dict[tuple[str, str, str, str], tuple[str, str]]:
    """The state of a run with these themes, each with its verdict."""
    found = {}
    for theme, verdict in verdicts.items():
        found["theme", theme, "", ""] = f"label of {theme}", f"label of {theme}"
        found["contrast", theme, "da", "no"] = f"label of {theme}", verdict
    return found


def test_a_verdict_is_told_where_it_was_or_is_a_finding():
    before = state(t01=LEANING, t02=TOO_FEW, t03=CLEAR, t04=TOO_FEW)
    now = state(t01=CLEAR, t02=TOO_FEW, t05=LEANING, t06=TOO_FEW)
    rows = compare_states(before, now)
    told = rows[["kind", "id", "change", "before", "after"]].to_numpy().tolist()
    assert told[:6] == [
        ["theme", "t01", "kept", "label of t01", "label of t01"],
        ["theme", "t02", "kept", "label of t02", "label of t02"],
        ["theme", "t03", "gone", "label of t03", ""],
        ["theme", "t04", "gone", "label of t04", ""],
        ["theme", "t05", "new", "", "label of t05"],
        ["theme", "t06", "new", "", "label of t06"],
    ]
    assert told[6:] == [
        ["contrast", "t01", "verdict", LEANING, CLEAR],
        ["contrast", "t03", "verdict", CLEAR, ""],
        ["contrast", "t05", "verdict", "", LEANING],
    ]
    assert say_changes(rows) == [
        "Since the last run: themes t05 (label of t05), t06 (label of t06) are new; themes t03 "
        "(label of t03), t04 (label of t04) are gone; 3 verdicts are another: "
        f"t01 ({LEANING} → {CLEAR}), t03 ({CLEAR} → no such theme), "
        f"t05 (no such theme → {LEANING})."
    ]


def test_where_nothing_differs_nothing_is_said():
    assert say_changes(compare_states(state(t01=CLEAR), state(t01=CLEAR))) == []


def test_more_than_three_of_a_kind_are_counted():
    rows = compare_states({}, state(**{f"t{number:02d}": TOO_FEW for number in range(1, 6)}))
    (said,) = say_changes(rows)
    assert said.endswith("t03 (label of t03), 2 more are new.")
