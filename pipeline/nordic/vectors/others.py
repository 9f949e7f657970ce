"""Vectors of other models, by choice: those that model2vec and sentence-transformers can read.

Each needs an extra of the package. A folder is read as it is; a name is what the model is called on
its hub, from where the model's own library fetches it unless it is there already.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

# kind -> (module, class, how it is opened)
_KINDS = {
    "model2vec": ("model2vec", "StaticModel", "from_pretrained"),
    "sentence-transformers": ("sentence_transformers", "SentenceTransformer", ""),
}


class MissingModelError(ValueError):
    """A model that is not there, told in one line that ends with what to do next."""


def make_other_vectors(texts: Sequence[str], kind: str, name: str) -> np.ndarray:
    """float32 (n_texts, dimensions), rows of unit length, or zero. Raises MissingModelError."""
    model = _load(kind, name)
    # Some models can't be asked about no text at all, and say how many dimensions they have by none
    asked = list(texts) or [""]
    vectors = np.nan_to_num(np.asarray(model.encode(asked), dtype=np.float32))
    vectors[[not any(map(str.isalnum, text)) for text in asked]] = 0
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit[: len(texts)]


@lru_cache(maxsize=1)
def _load(kind: str, name: str) -> Any:
    module, class_name, opener = _KINDS[kind]
    try:
        library = importlib.import_module(module)
    except ImportError as error:
        raise MissingModelError(
            f"{kind} is not installed ({error}); install it with: pip install 'nordtema[{kind}]'"
        ) from None
    if _looks_like_folder(name) and not Path(name).is_dir():
        raise MissingModelError(
            f"{name}: no such folder; give the folder of a {kind} model, or its name on the hub"
        )
    make = getattr(library, class_name)
    try:
        return getattr(make, opener)(name) if opener else make(name)
    except Exception as error:  # each library, and each format of a model, has errors of its own
        reason = str(error).strip().split("\n")[0]
        raise MissingModelError(
            f"{name}: {kind} can't open this model ({reason or type(error).__name__}); check its "
            "name or folder, and that it was downloaded where there is no network"
        ) from None


def _looks_like_folder(name: str) -> bool:
    # A name on the hub has one slash at most and begins with neither a point nor a slash.
    return name.startswith(("/", "./", "../", "~")) or name.count("/") > 1 or "\\" in name
