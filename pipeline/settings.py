"""Settings: `nordtema.toml` and the command line, as typed and checked values.

Each stage has a section of its own, and its results depend on few settings of other sections: on
`run.seed` in `cluster.fit` and `compare`, on `run.part_documents` in `read.list`, on
`report.language` in `cluster.describe`, and on `compare.group_by` and `share_by` in `report`.
`steps.STEPS` names them all, and that is what lets a changed setting rerun only from the stage
that it concerns.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.naming import by_name
from pipeline.toml import parse_toml, read_toml_text, show_value

CONFIG_NAME = "nordtema.toml"


class NordtemaError(Exception):
    """A fault of the input or of the machine, told in one line that ends with what to do next."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        # Here, where the copies are known that it may speak of: it may be told on another machine
        super().__init__(by_name(message))


class UsageError(NordtemaError):
    """The command was called in a way that it does not understand."""

    exit_code = 2


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


# As Dask writes it; tls:// where it is set up for that. A host may be an IPv6 address in brackets
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.%]+\]|[^\s/:\[\]]+):\d{1,5}")


class RunSettings(_Section):
    seed: int = Field(0, ge=0, lt=2**32, description="seed of everything that is drawn")
    jobs: int = Field(0, ge=0, description="processes; 0 means one a core")
    part_documents: int = Field(512, ge=1, description="files in one part")
    scheduler: str = Field(
        "",
        description="address of a Dask scheduler whose workers make the parts, tcp://host:port; "
        "empty means processes of this machine",
    )

    @field_validator("scheduler")
    @classmethod
    def _an_address(cls, address: str) -> str:
        if address and not _ADDRESS.fullmatch(address):
            raise ValueError("write the address of a Dask scheduler as tcp://host:port")
        return address


class ReadSettings(_Section):
    keep_clutter: bool = Field(False, description="keep blocks that look like page clutter")
    max_file_mb: int = Field(
        64, ge=1, le=100_000, description="a larger file is rejected, not read (megabytes)"
    )
    max_characters: int = Field(
        10_000_000, ge=1000, le=2**31 - 1, description="a longer text is rejected"
    )
    max_seconds: int = Field(
        60, ge=1, le=86_400, description="a file that takes longer to read is rejected"
    )
    max_memory_mb: int = Field(
        500, ge=100, le=1_000_000, description="a file whose reading takes more is rejected"
    )
    text_column: str = Field(
        "", description="the column of a table that holds the text; empty means found"
    )
    keep_personal_data: bool = Field(
        False, description="keep telephone numbers, e-mail addresses and personal numbers"
    )


class DetectSettings(_Section):
    min_confidence: float = Field(
        0.5, ge=0, le=1, description="a less confident language is written `und`"
    )


class SegmentSettings(_Section):
    max_sentence_chars: int = Field(
        2000, ge=100, description="a longer sentence is cut at a space before this many characters"
    )
    spacy_da: str = Field(
        "",
        description="an installed spaCy pipeline, or its folder, that cuts the Danish sentences; "
        "empty means the package's own rules",
    )
    spacy_no: str = Field("", description="the same for Bokmål and Nynorsk")


# The package's own vectors, and those of other models, which need an extra and a name
VECTORS = ("nordic", "lexical")
VECTOR_MODELS = ("model2vec", "sentence-transformers")


class VectorizeSettings(_Section):
    vectors: str = Field(
        "nordic",
        description="which sentence vectors: `nordic`, `lexical`, `model2vec:NAME_OR_PATH` or "
        "`sentence-transformers:NAME_OR_PATH`",
    )

    @field_validator("vectors")
    @classmethod
    def _known(cls, spec: str) -> str:
        kind, _, name = spec.partition(":")
        if spec in VECTORS or (kind in VECTOR_MODELS and name):
            return spec
        if kind in VECTOR_MODELS:
            raise ValueError(f"which model? Write {kind}:NAME_OR_PATH")
        known = ", ".join([*VECTORS, *(f"{kind}:NAME_OR_PATH" for kind in VECTOR_MODELS)])
        raise ValueError(f"there are no vectors called {spec!r}; the known ones are: {known}")


class ClusterSettings(_Section):
    themes: int = Field(0, ge=0, description="number of themes; 0 means found from the texts")
    codebook: str = Field(
        "", description="a file of your own themes, which sentences go to where they fit"
    )
    curation: str = Field(
        "", description="a file of your decisions on the themes; `nordtema curate` writes one"
    )
    max_themes: int = Field(24, ge=2, description="the largest number that is tried")
    sample_sentences: int = Field(
        20_000, ge=100, description="themes are fitted on a seeded sample of at most this many"
    )
    neighbour_weight: float = Field(
        1.0, ge=0, le=1000, description="how much the sentences around count"
    )
    section_weight: float = Field(
        2.0, ge=0, le=1000, description="how much the rest of the section counts"
    )
    document_weight: float = Field(
        0.0, ge=0, le=1, description="how much of the document's mean is taken out"
    )
    min_strength: float = Field(
        0.2, ge=-1, le=1, description="a sentence less like its theme than this has no theme"
    )
    second_part: float = Field(
        0.8, gt=0, le=1, description="how near the second theme must be, as a part of the first"
    )

    @field_validator("themes")
    @classmethod
    def _not_one(cls, themes: int) -> int:
        if themes == 1:
            raise ValueError("one theme leaves nothing to compare; give 2 or more, or 0")
        return themes


class CompareSettings(_Section):
    group_by: str = Field(
        "group",
        description="group (Danish or Norwegian), language, year, source, country, author, or "
        "another column of metadata.csv",
    )
    share_by: Literal["sentences", "words"] = Field(
        "sentences",
        description="what a theme's share is a part of: a document's sentences or words",
    )
    permutations: int = Field(
        20_000,
        ge=100,
        le=10_000_000,
        description="exact p up to this many permutations, drawn ones beyond",
    )
    placebo_splits: int = Field(
        200,
        ge=0,
        le=10_000,
        description="random splits of one group, to show what chance finds; 0 means none",
    )

    @field_validator("group_by")
    @classmethod
    def _named(cls, group_by: str) -> str:
        # As the columns of metadata.csv are read
        name = " ".join(unicodedata.normalize("NFC", group_by).split()).lower()
        if not name:
            raise ValueError("which column? Name one, such as group, source or year")
        return name


class ReportSettings(_Section):
    language: Literal["en", "da", "no"] = Field(
        "en", description="language of charts, page, answer and theme labels; tables stay English"
    )
    sentences_per_theme: int = Field(
        200,
        ge=1,
        le=1_000_000,
        description="sentences of a theme and language that a large page reads at once",
    )
    max_themes_in_charts: int = Field(
        20, ge=2, le=200, description="a chart shows at most this many"
    )
    csv_bom: bool = Field(
        False, description="begin CSV files with a byte order mark, by which Excel knows UTF-8"
    )
    decimal_comma: bool = Field(
        False, description="write CSV files with a decimal comma, and `;` between the cells"
    )


class Settings(_Section):
    """All sections. Equal settings give equal bytes; run.jobs and run.scheduler change none."""

    run: RunSettings = RunSettings()
    read: ReadSettings = ReadSettings()
    detect: DetectSettings = DetectSettings()
    segment: SegmentSettings = SegmentSettings()
    vectorize: VectorizeSettings = VectorizeSettings()
    cluster: ClusterSettings = ClusterSettings()
    compare: CompareSettings = CompareSettings()
    report: ReportSettings = ReportSettings()


def load_settings(
    config: Path | None, overrides: dict[str, dict[str, Any]], *, are_options: bool = True
) -> Settings:
    """Settings from a file, with the command line's values (or a program's) laid over them.

    `config` is the file named by the user, or None: then `nordtema.toml` in the current folder is
    read if there is one. `overrides` is {section: {name: value}}; a None value is left out.
    Raises NordtemaError for a fault of the file and UsageError for one of the command line.
    """
    sections = _read_toml(config)
    try:
        Settings.model_validate(sections)
    except ValidationError as error:
        raise NordtemaError(f"{config or CONFIG_NAME}: {_explain(error)}") from None
    for section, values in overrides.items():
        given = {name: value for name, value in values.items() if value is not None}
        if given:
            sections = {**sections, section: {**sections.get(section, {}), **given}}
    try:
        return Settings.model_validate(sections)
    except ValidationError as error:
        # The file was found good above, so that this is a value of the command line
        if not are_options:
            raise UsageError(_explain(error)) from None
        option = str(error.errors()[0]["loc"][-1]).replace("_", "-")
        raise UsageError(f"--{option} {_complain(error)}") from None


def place_options(
    *,
    themes: int | None = None,
    codebook: str | Path | None = None,
    curation: str | Path | None = None,
    group_by: str | None = None,
    vectors: str | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    scheduler: str | None = None,
) -> dict[str, dict[str, Any]]:
    """The options of a run in the sections of their settings; None where one is left out."""
    return {
        "run": {"jobs": jobs, "seed": seed, "scheduler": scheduler},
        "vectorize": {"vectors": vectors},
        "cluster": {
            "themes": themes,
            "codebook": codebook and str(codebook),
            "curation": curation and str(curation),
        },
        "compare": {"group_by": group_by},
    }


def check_vectors(spec: str) -> None:
    """Raises UsageError where there are no vectors of that name."""
    try:
        VectorizeSettings(vectors=spec)
    except ValidationError as error:
        raise UsageError(f"vectors {_complain(error)}") from None


def _read_toml(config: Path | None) -> dict[str, Any]:
    path = config or Path(CONFIG_NAME)
    if config is None and not path.exists():
        return {}
    missing = "no such settings file; check the name after --config"
    return parse_toml(path, read_toml_text(path, NordtemaError, missing), NordtemaError)


def _explain(error: ValidationError) -> str:
    """The first complaint, in one line, with the place and what is allowed."""
    first = error.errors()[0]
    place = [str(step) for step in first["loc"]]
    name = f"[{place[0]}] {place[1]}" if len(place) > 1 else f"[{place[0]}]"
    if first["type"] == "extra_forbidden":
        known = _known_names(place[:-1])
        what = "setting" if len(place) > 1 else "section"
        return f"{name}: unknown {what}; the known ones are: {', '.join(known)}"
    if len(place) == 1:
        return f"{name}: is not a section; write [{place[0]}] on a line above its settings"
    return f"{name} = {_complain(error)}"


def _complain(error: ValidationError) -> str:
    first = error.errors()[0]
    reason = first["msg"].removeprefix("Value error, ")
    return f"{show_value(first['input'])}: {reason[:1].lower()}{reason[1:]}; change that value"


def _known_names(place: list[str]) -> list[str]:
    if not place:
        return list(Settings.model_fields)
    section = Settings.model_fields[place[0]].annotation
    assert isinstance(section, type)
    assert issubclass(section, BaseModel)
    return list(section.model_fields)
