"""nordic.vectors.others: the vectors of other models, by name or folder."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from pipeline.nordic.vectors import make_vectors
from pipeline.nordic.vectors.others import MissingModelError
from tests.running import nordtema

WORDS = ("[UNK]", "[PAD]", "skole", "kommune", "digital", "ny")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model2vec model of four words, in three dimensions."""
    model2vec = pytest.importorskip("model2vec")
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(
        WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.array(
        [[0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.8, 0]], dtype=np.float32
    )
    folder = tmp_path_factory.mktemp("models") / "four words"
    model2vec.StaticModel(vectors, tokenizer, normalize=False).save_pretrained(folder)
    return folder


def test_a_folder_of_model2vec_gives_its_vectors(model: Path) -> None:
    texts = ["Ny", "skole kommune", "ny skole", "", "!"]
    vectors = make_vectors(texts, ["da"] * 5, f"model2vec:{model}")
    # The mean of skole (1, 0, 0) and kommune (0, 1, 0), of unit length; of ny (.6, .8, 0) and
    # skole: (.8, .4, 0) / √.8
    half = 0.5**0.5
    assert vectors[:3] == pytest.approx(
        np.array([[0.6, 0.8, 0], [half, half, 0], [0.8944, 0.4472, 0]]), abs=1e-3
    )
    assert not vectors[3:].any()
    assert vectors.dtype == np.float32


def test_no_texts_have_no_rows(model: Path) -> None:
    assert len(make_vectors([], [], f"model2vec:{model}")) == 0


def test_a_run_takes_the_vectors_of_a_model(model: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("Kommunen får en ny skole. Skolen er digital.\n", encoding="utf-8")
    spec = f"model2vec:{model}"
    done = nordtema("run", raw, "--out", tmp_path / "out", "--until", "vectorize",
                        "--vectors", spec)  # fmt: skip
    assert done.code == 0, done.err
    vectors = np.load(tmp_path / "out" / "work" / "vectors" / "part-00000.npy")
    assert vectors.shape[1] == 3


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("model2vec", "/no/such/folder", "/no/such/folder: no such folder; give the folder of a "
         "model2vec model, or its name on the hub"),
        ("model2vec", "./gone", "./gone: no such folder; give the folder of a model2vec model, or "
         "its name on the hub"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_there_is_told(kind: str, name: str, message: str) -> None:
    pytest.importorskip("model2vec")
    with pytest.raises(MissingModelError) as told:
        make_vectors(["Ny skole"], ["da"], f"{kind}:{name}")
    assert str(told.value) == message


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("model2vec")
    with pytest.raises(MissingModelError) as told:
        make_vectors(["Ny skole"], ["da"], f"model2vec:{tmp_path}")
    assert str(told.value).startswith(f"{tmp_path}: model2vec can't open this model (")
    assert str(told.value).endswith(
        "check its name or folder, and that it was downloaded where there is no network"
    )


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed here"
)
def test_a_library_that_is_not_installed_is_told(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("Kommunen får en ny skole.\n", encoding="utf-8")
    done = nordtema("run", raw, "--out", tmp_path / "out", "--jobs", "1",
                        "--vectors", "sentence-transformers:some/model")  # fmt: skip
    assert done.code == 1
    assert (
        "--vectors sentence-transformers:some/model: sentence-transformers is not installed (No "
        "module named 'sentence_transformers'); install it with: pip install "
        "'nordtema[sentence-transformers]'"
    ) in " ".join(done.err.split())


def test_a_folder_of_sentence_transformers_gives_its_vectors(tmp_path: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    transformers = pytest.importorskip("transformers")
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(
        WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = Whitespace()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(tmp_path / "bert")
    config = transformers.BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(tmp_path / "bert")
    models = importlib.import_module("sentence_transformers.models")
    layer = models.Transformer(str(tmp_path / "bert"))
    pooling = models.Pooling(8)
    library.SentenceTransformer(modules=[layer, pooling]).save(str(tmp_path / "model"))
    spec = f"sentence-transformers:{tmp_path / 'model'}"
    vectors = make_vectors(["ny skole", "ny skole", ""], ["da"] * 3, spec)
    assert vectors.shape == (3, 8)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0], abs=1e-5)
    assert np.allclose(vectors[0], vectors[1])
