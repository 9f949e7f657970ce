"""What the readers of Word and of OpenDocument do alike: steps through the parts of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.read.extracted import Kind
from pipeline.read.office.gather import Gatherer, Step
from pipeline.read.office.names import HIDDEN


class PartReader:
    """Tells a gatherer what begins and ends in the parts of a document.

    A format adds `read`, which walks a part, and the steps for its own elements.
    """

    def __init__(self, gatherer: Gatherer) -> None:
        self.gatherer = gatherer

    def read(self, root: Any) -> None:
        raise NotImplementedError

    def read_aside(self, root: Any, place: str) -> None:
        """A part, or an element, that does not stand where it is written."""
        end = self.gatherer.begin_aside(place)
        self.read(root)
        end()

    def begin_styled(
        self, kind: Kind, reason: str, is_hidden: bool | None
    ) -> Callable[[bool], None]:
        """A paragraph as its style has it; without one, its look tells what it is."""
        is_plain = kind == "paragraph" and not reason
        return self.gatherer.begin_paragraph(
            kind, reason or (HIDDEN if is_hidden else ""), is_plain
        )

    # Steps

    def table(self, _: Any) -> Step:
        return self.gatherer.begin_table()

    def row(self, _: Any) -> Step:
        self.gatherer.begin_row()
        return None

    def cell(self, _: Any) -> Step:
        return self.gatherer.begin_cell()

    def skip(self, _: Any) -> Step:
        return "skip"
