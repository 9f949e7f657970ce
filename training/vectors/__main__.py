"""Make the data file of sentence vectors: `python -m training.vectors --data ../shared/data`.

Writes pipeline/nordic/data/vectors.npz. Needs the extra `training` and two sentence models, by name
or as folders.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pipeline.nordic.lexicon import load_lexicon
from pipeline.nordic.vectors.table import PATH, save_table
from training.vectors.gloss import Glosser
from training.vectors.sentences import read_training_sentences, take
from training.vectors.student import find_bags, fit_space, fit_table
from training.vectors.teachers import Teacher

ENGLISH = "sentence-transformers/all-mpnet-base-v2"
MULTILINGUAL = "intfloat/multilingual-e5-small"
# What E5 models want before a text
E5_PREFIX = "query: "


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, gloss, ask the teachers, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--texts", type=Path, default=Path("training/texts"))
    parser.add_argument("--english", default=ENGLISH, help="a sentence model")
    parser.add_argument("--multilingual", default=MULTILINGUAL, help="an E5 model")
    parser.add_argument("--kept", type=Path, required=True, help="a folder for what the models say")
    parser.add_argument("--sentences", type=int, default=10**9, help="at most so many, to try out")
    parser.add_argument("--out", type=Path, default=PATH)
    options = parser.parse_args(arguments)
    if not (options.data / "leipzig_da").is_dir():
        parser.error(
            f"{options.data}: holds no leipzig_da; give the folder of public data with --data"
        )
    english = Teacher(options.english, options.kept)
    multilingual = Teacher(options.multilingual, options.kept, E5_PREFIX)
    lexicon = load_lexicon()
    sentences = read_training_sentences(options.data, options.texts)
    sentences = list(take(sentences, options.sentences))
    print(f"{len(sentences)} sentences", flush=True)
    meanings = [lexicon.describe(concept) for concept in range(len(lexicon.concepts))]
    glosses = [f"to {m.gloss}" if m.pos == "VERB" else m.gloss for m in meanings]
    gloss_vectors = english.encode(glosses)
    glosser = Glosser(lexicon, gloss_vectors)
    glossed = [glosser.gloss(sentence) for sentence in sentences]
    for sentence, gloss in list(zip(sentences, glossed, strict=True))[:: len(sentences) // 5 + 1]:
        print(f"{sentence.text}\n  {gloss}", flush=True)
    first, second = english.encode(glossed), multilingual.encode([s.text for s in sentences])
    space = fit_space(first, second)
    own = fit_space(gloss_vectors, gloss_multilingual := multilingual.encode(glosser.glosses))
    # Single words have another common part than sentences, and the same axes.
    gloss_space = type(space)(own.centres, space.axes)
    table = fit_table(
        find_bags(sentences),
        space.place(first, second),
        gloss_space.place(gloss_vectors, gloss_multilingual),
    )
    save_table(table, options.out)
    print(f"wrote {options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
