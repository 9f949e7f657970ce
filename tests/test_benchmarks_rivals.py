"""The benchmarks beside other libraries: their sums, and that they run without those."""

from __future__ import annotations

import gzip

import pytest

from benchmarks import boundaries, identify, rivals

DANISH = [
    "Kommunen har brug for løsninger, der gør hverdagen lettere.",
    "Hvad skal vi bruge det til?",
]
BOKMAAL = ["Kommunen trenger løsninger som gjør hverdagen enklere.", "Jeg vet ikke hva de mener."]
NYNORSK = ["Kommunen treng løysingar som gjer kvardagen enklare.", "Eg veit ikkje kva dei meiner."]
SENTENCES = {"da": DANISH, "nb": BOKMAAL, "nn": NYNORSK}


@pytest.fixture
def data(tmp_path):
    """A folder of public data, with a dozen sentences a language."""
    for folder in ("ud", "ntrex128"):
        (tmp_path / folder).mkdir()
    for language, sentences in SENTENCES.items():
        text = "".join(f"# text = {sentence}\n\n" for sentence in sentences * 6)
        with gzip.open(
            tmp_path / "ud" / f"{identify.UD[language]}-ud-dev.conllu.gz", "wt", encoding="utf-8"
        ) as file:
            file.write(text)
        path = tmp_path / "ntrex128" / f"{identify.NTREX[language]}.first1000.txt"
        path.write_text("\n".join(sentences * 6), encoding="utf-8")
    return tmp_path


@pytest.fixture
def alone(monkeypatch):
    """As where no other library is installed."""
    monkeypatch.setattr(
        rivals.Library, "is_installed", property(lambda self: self.package == rivals.OURS)
    )
    for benchmark in (identify, boundaries):
        monkeypatch.setattr(benchmark, "RUNS", 1)


def tables(text):
    """The header and the rows of each Markdown table, as lists of cells."""
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("| ")]
        if lines:
            found.append([line.strip("| ").split(" | ") for line in lines])
    return found


@pytest.mark.usefixtures("alone")
def test_identification_goes_on_where_the_others_are_not_installed(data, tmp_path, capsys):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "en.txt").write_text("The municipality needs solutions for everyone.\n\n")
    assert identify.main(["--data", str(data), "--foreign", str(foreign)]) == 0
    printed = capsys.readouterr().out
    assert "Warning: the model of the package has learnt from UD's dev files" in printed
    assert "not installed (pip install lingua-language-detector)" in printed
    judges, cost, lengths, context, others, confusions, calibration = tables(printed)
    assert judges[1][:6] == ["nordtema", "UD dev", "36", "1.0000", "1.0000", "1.0000"]
    assert cost[1][0] == "nordtema"
    assert lengths[1][-1] == "1.000"
    assert context[1] == ["UD dev", "3", "1.0000", "1.0000", "1.0000"]
    assert others[1][:3] == ["en", "1", "0.0 %"]
    assert confusions[1][:3] == ["UD dev", "da", "12"]
    assert sum(int(row[1]) for row in calibration[1:]) == 72


@pytest.mark.usefixtures("alone")
def test_boundaries_go_on_where_the_others_are_not_installed(data, capsys):
    assert boundaries.main(["--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert "pysbd, Danish rules: not installed (pip install pysbd)" in printed
    of_ends, of_sentences, speed = tables(printed)
    assert of_ends[1] == ["da", "with a mark", "12", "to one text", "1.000", "–", "–", "–"]
    assert of_sentences[1][4] == "1.000"
    assert [row[0] for row in speed[1:]] == ["da", "nb", "nn"]


@pytest.mark.parametrize("content", [None, b"", b"no arrays"])
def test_a_model_that_cannot_be_read_is_said(content, data, tmp_path, capsys):
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    assert identify.main(["--data", str(data), "--model", str(path)]) == 1
    assert "model.npz can't be read" in capsys.readouterr().out


@pytest.mark.parametrize("judge", rivals.list_judges(), ids=lambda judge: judge.name)
def test_every_judge_answers_each_text_with_a_code(judge):
    if not judge.is_installed:
        pytest.skip(judge.absence)
    loaded = judge.load()
    texts = ["", "12 !", *DANISH, *BOKMAAL, *NYNORSK]
    codes = loaded.judge(texts)
    assert len(codes) == len(texts)
    assert set(codes[2:4]) == {"da"}
    sides = loaded.choose(texts)
    assert len(sides) == len(texts)
    assert set(sides) <= {"da", "no", "und"}
    assert (sides[2], sides[-2]) == ("da", "no")


@pytest.mark.parametrize("splitter", rivals.list_splitters(), ids=lambda splitter: splitter.name)
def test_every_splitter_gives_ends_without_the_space_after(splitter):
    if not splitter.is_installed:
        pytest.skip(splitter.absence)
    for language in SENTENCES:
        assert splitter.load(language)("Hun kom hjem. Så gik hun ud!") == [13, 28]


def test_the_end_of_a_text_is_given_and_not_counted():
    texts, ends = boundaries.join(["Ja.", "Nei da.", "Jo."], 2)
    assert texts == ["Ja. Nei da.", "Jo."]
    assert ends == [[3, 11], [3]]
    assert boundaries.inner_places(ends, [11, 3]) == {(0, 3)}
    assert boundaries.sentences_of(ends) == {(0, -1, 3), (0, 3, 11), (1, -1, 3)}


def test_right_answers_by_side_and_by_written_language():
    texts = [("a", "da"), ("b", "nb"), ("c", "nn"), ("d", "nn")]
    found = ["da", "no", "nb", "und"]
    assert identify.share_of_sides(found, texts) == 0.75
    assert identify.share_of_three(found, texts) == 0.5
