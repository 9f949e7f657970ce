"""How much clutter stays and how much content is lost when files are read, by format.

    python -m benchmarks.reading [--seeds FOLDER] [--misses FORMAT]

The pages are handwritten (`tests/corpus/pages`), each line labelled, and made into files of every
format (`tests/reading_corpus`). Those of `pages_held_out` were written by somebody else, and the
rules were written without looking at them. A piece is a labelled line: a content piece is lost
where its words are not in the blocks kept; a clutter piece stays where they are. Of the seed
articles, which are not part of the project, only the numbers of the lines that are clutter are
known here. HTML is read by trafilatura alone as well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.read.convert import ReadOptions, convert
from pipeline.read.extracted import Extracted, plain_key
from tests.reading_corpus import HELD_OUT, PAGES, Made, load_pages, unmarked, write_corpus

# Lines of the seed articles, counted from 1, that are clutter; by the beginning of their names
SEED_CLUTTER = {
    "000": (1,),
    "001": (1, 5, *range(42, 68)),
    "002": (1, 29),
    "003": (3, 5, 7, 15, 35),
    "004": (5, *range(25, 37)),
}
# A clutter piece of fewer letters is looked for as a block of its own only
MIN_LETTERS_INSIDE = 12

Reader = Callable[[bytes, str, int], list[list[str] | None]]


@dataclass
class Tally:
    files: int = 0
    content: int = 0
    lost: list[str] = field(default_factory=list)
    clutter: int = 0
    stays: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        return (
            f"| {name} | {self.files} | {self.content} | {len(self.lost)} "
            f"({_percent(len(self.lost), self.content)}) | {self.clutter} | {len(self.stays)} "
            f"({_percent(len(self.stays), self.clutter)}) |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=Path, help="the folder of the five seed articles")
    parser.add_argument("--misses", help="show what was lost and what stays in this format")
    parser.add_argument("--only", choices=["seeds", "pages", "held-out"], help="one corpus")
    options = parser.parse_args(arguments)
    if options.seeds and options.only in (None, "seeds"):
        print_table("seed articles", {"txt": measure_seeds(options.seeds)}, options.misses)
    for name, key, folder in (("pages", "pages", PAGES), ("held-out pages", "held-out", HELD_OUT)):
        if options.only in (None, key):
            print_table(name, measure_pages(folder), options.misses)
    return 0


def measure_seeds(folder: Path) -> Tally:
    """The seed articles; a line is a piece."""
    tally = Tally()
    for path in sorted(folder.glob("*.txt")):
        content = path.read_bytes()
        dropped = SEED_CLUTTER[path.name[:3]]
        lines = list(enumerate(content.decode("utf-8").splitlines(), start=1))
        lines = [(number, line) for number, line in lines if plain_key(line)]
        kept = read_with_us(content, ".txt", 0)[0] or []
        wanted = [line for number, line in lines if number not in dropped]
        add(tally, kept, wanted, [line for number, line in lines if number in dropped])
        tally.files += 1
    return tally


def measure_pages(folder: Path) -> dict[str, Tally]:
    """By format, the pages of a folder made into files; HTML by trafilatura alone too."""
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as made:
        for file in write_corpus(Path(made), load_pages(folder)):
            content = (Path(made) / file.path).read_bytes()
            name = "plain html" if file.path.endswith(".plain.htm") else file.ending
            readers: list[tuple[str, Reader]] = [(name, read_with_us)]
            if "htm" in file.ending:
                readers.append((f"{name}, trafilatura alone", read_with_trafilatura))
            for label, reader in readers:
                add_file(tallies.setdefault(label, Tally()), reader, content, file)
    return tallies


def add_file(tally: Tally, reader: Reader, content: bytes, file: Made) -> None:
    rows = len(file.pages) if len(file.pages) > 1 else 0
    texts = reader(content, f".{file.ending}", rows)
    for kept, wanted, clutter in zip(texts, file.content, file.clutter, strict=True):
        add(tally, kept or [], wanted, clutter)
    tally.files += 1


def add(tally: Tally, kept: Sequence[str], wanted: Sequence[str], clutter: Sequence[str]) -> None:
    """Count the pieces of one text. Pieces that are content and clutter alike are left aside."""
    keys = [key for text in kept if (key := plain_key(text))]
    joined = "".join(keys)
    content = "\n".join(map(_key, wanted))
    for piece in wanted:
        if key := _key(piece):
            tally.content += 1
            if key not in joined:
                tally.lost.append(piece)
    for piece in clutter:
        key = _key(piece)
        if not key or key in content:
            continue
        tally.clutter += 1
        alone = key in keys or any(other in key for other in keys if len(other) > len(key) / 2)
        if alone or (len(key) >= MIN_LETTERS_INSIDE and key in joined):
            tally.stays.append(piece)


def _key(piece: str) -> str:
    """Letters and digits without the marker of a list item, which readers take off."""
    return plain_key(unmarked(piece.strip()))


def read_with_us(content: bytes, ending: str, rows: int) -> list[list[str] | None]:
    first = 1 if rows else 0
    options = ReadOptions(keep_personal_data=True)  # so that pieces are found as they are
    found = convert(content, ending, first, rows, options)
    return [_kept(text) if isinstance(text, Extracted) else None for text in found]


def _kept(text: Extracted) -> list[str]:
    return [block.text for block in text.blocks if not block.reason]


def read_with_trafilatura(content: bytes, _ending: str, _rows: int) -> list[list[str] | None]:
    import trafilatura

    text = trafilatura.extract(content.decode("utf-8"), include_comments=False)
    return [text.split("\n") if text else None]


def print_table(name: str, tallies: dict[str, Tally], misses: str | None) -> None:
    print(f"\n{name}\n")
    print("| format | files | content pieces | lost | clutter pieces | stays |")
    print("|---|---|---|---|---|---|")
    for label, tally in tallies.items():
        print(tally.row(label))
    for label, tally in tallies.items():
        if label == misses:
            for what, pieces in (("lost", tally.lost), ("stays", tally.stays)):
                print(f"\n{label}, {what}:")
                for piece in pieces:
                    print(f"  {piece[:200]}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


if __name__ == "__main__":
    sys.exit(main())
