"""A delivered table of teaching hours, as a municipality has it from GSI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl
from pydantic import Field, model_validator

from nabolag.allocation.norm.stages import KEY, SCHOOLS, STAGES
from nabolag.core import Finding, Level, Place, Severity, raise_errors
from nabolag.geography.rows import number, read_rows, unread
from nabolag.sources.grid import ROW
from nabolag.sources.listed import ListFile
from nabolag.sources.vector_codes import CodeRule
from nabolag.store import conform

_EXAMPLES = 8
_HOURS = (
    "pupil_hours", "special_hours", "norwegian_hours", "teaching_hours", "language_hours",
)  # fmt: skip
_YEAR = r"^\s*(\d{4})(?:\s*[-/–]\s*(?:\d{4}|\d{2}))?\s*$"


class TeacherHoursSpec(ListFile):
    """The file, and which columns hold what: one row a school, school year and main stage.

    `pupil_hours` are pupil hours in ordinary teaching, from which `special_hours` and
    `norwegian_hours` are taken where they stand apart; `teaching_hours` are ordinary teaching
    hours, to which `language_hours` (Sami alternatives, the other written form) are added. The
    columns that are not named are taken to be in the others already. `stages` translates the
    words for main stages (`1-4`, `5-7`, `8-10`); `owners` those for who owns the school, where
    `public` is judged by the norm and `private` is not.
    """

    id: str = Field(default="teacher_hours", pattern=r"^[a-z][a-z0-9_]*$")
    file: str = Field(min_length=1)
    level: Level | None = Level.SCHOOL
    school: str
    year: str
    stage: str
    stages: dict[str, str] = Field(default_factory=dict)
    pupil_hours: str
    teaching_hours: str
    special_hours: str = ""
    norwegian_hours: str = ""
    language_hours: str = ""
    name: str = ""
    pupils: str = ""
    points: str = ""
    owner: str = ""
    owners: dict[str, str] = Field(default_factory=dict)
    area: str = ""
    area_level: Level = Level.GRUNNKRETS

    @model_validator(mode="after")
    def _known_words(self) -> TeacherHoursSpec:
        if strange := sorted(set(self.stages.values()) - set(STAGES)):
            raise ValueError(f"stages must be {', '.join(STAGES)}, not {', '.join(strange)}")
        if strange := sorted(set(self.owners.values()) - {"public", "private"}):
            raise ValueError(f"owners must be public or private, not {', '.join(strange)}")
        return self

    @property
    def numbers(self) -> dict[str, str]:
        """The columns of numbers that are named, by what they hold."""
        named = {key: getattr(self, key) for key in (*_HOURS, "pupils", "points")}
        return {key: column for key, column in named.items() if column}


@dataclass(frozen=True, slots=True)
class HoursRead:
    """A file that was read (columns of `SCHOOLS`) and what was noticed."""

    schools: pl.DataFrame
    findings: tuple[Finding, ...]


def read_hours(spec: TeacherHoursSpec, path: Path, name: str) -> HoursRead:
    """Read the table. Raises `UserError` naming row and column of everything that cannot be."""
    words = {
        key: getattr(spec, key) for key in ("school", "year", "stage", "name", "owner", "area")
    }
    named: dict[str, CodeRule | str] = {k: v for k, v in words.items() if v} | dict(spec.numbers)
    rows, findings = read_rows(spec, path, name, named)
    made = rows.with_columns(
        *(number(column).alias(f"_{key}") for key, column in spec.numbers.items()),
        pl.col(spec.year).str.extract(_YEAR).cast(pl.Int64).alias("_year"),
        _word(spec.stage, spec.stages, STAGES).alias("_stage"),
    )
    findings += unread(made, spec.numbers, name, kind="number")
    findings += [*_strange(made, spec, name), *_impossible(made, spec, name)]
    raise_errors(findings)
    schools = _as_schools(made, spec)
    raise_errors(_repeated(schools.with_columns(made[ROW]), spec, name))
    return HoursRead(_combined(schools), tuple(findings))


def _word(column: str, words: Mapping[str, str], known: tuple[str, ...]) -> pl.Expr:
    """Translate a column; a word that already is the house's stands for itself."""
    clean = pl.col(column).str.strip_chars()
    every = {**{one: one for one in known}, **words}
    return clean.replace_strict(every, default=None, return_dtype=pl.String)


def _strange(made: pl.DataFrame, spec: TeacherHoursSpec, name: str) -> list[Finding]:
    """Tell of years and main stages that are none, and of schools without a code."""
    checks = {
        "norm_year_unread": (spec.year, pl.col("_year").is_null()),
        "norm_stage_unknown": (spec.stage, pl.col("_stage").is_null()),
        "norm_school_absent": (spec.school, pl.col(spec.school).str.strip_chars() == ""),
    }
    facts = {"known": ", ".join(STAGES)}
    return [
        found
        for code, (column, wrong) in checks.items()
        for found in _told(made.filter(wrong), code, column, name, facts)
    ]


def _impossible(made: pl.DataFrame, spec: TeacherHoursSpec, name: str) -> list[Finding]:
    """Tell of negative numbers, and of more hours taken out than there are."""
    found = [
        one
        for key, column in spec.numbers.items()
        for one in _told(made.filter(pl.col(f"_{key}") < 0), "norm_negative", column, name, {})
    ]
    taken = [f"_{key}" for key in ("special_hours", "norwegian_hours") if key in spec.numbers]
    if taken and not found:
        over = made.filter(pl.sum_horizontal(taken) > pl.col("_pupil_hours"))
        found += _told(over, "norm_more_taken_out", spec.pupil_hours, name, {})
    return found


def _told(
    wrong: pl.DataFrame, code: str, column: str, name: str, facts: Mapping[str, str]
) -> list[Finding]:
    if wrong.is_empty():
        return []
    place = Place(name, wrong[ROW][0], column)
    texts = tuple(wrong[column].unique(maintain_order=True).head(_EXAMPLES))
    return [Finding(code, Severity.ERROR, place, facts, wrong.height, texts)]


def _repeated(rows: pl.DataFrame, spec: TeacherHoursSpec, name: str) -> list[Finding]:
    """Tell of a school, year and stage that stands twice."""
    again = rows.filter(pl.struct(KEY).is_duplicated()).sort(ROW)
    if again.is_empty():
        return []
    shown = again.unique(KEY, maintain_order=True).head(_EXAMPLES)
    texts = tuple(f"{school} {year} {stage}" for school, year, stage in shown.select(KEY).rows())
    place = Place(name, again[ROW][1], spec.school)
    return [Finding("norm_repeated", Severity.ERROR, place, {}, again.height, texts)]


def _as_schools(made: pl.DataFrame, spec: TeacherHoursSpec) -> pl.DataFrame:
    from nabolag.rules import group_size_parts  # noqa: PLC0415

    given = [nw.col(f"_{key}") if key in spec.numbers else nw.lit(0.0) for key in _HOURS]
    pupil, teaching = group_size_parts(*given)
    parts = nw.from_native(made, eager_only=True).select(pupil_hours=pupil, teaching_hours=teaching)
    owner = _word(spec.owner, spec.owners, ("public", "private")) if spec.owner else pl.lit("")
    table = made.select(
        pl.col(spec.school).str.strip_chars().alias("school"),
        pl.col(spec.name or spec.school).str.strip_chars().alias("name"),
        pl.col("_year").alias("year"),
        pl.col("_stage").alias("stage"),
        owner.fill_null("").alias("owner"),
        pl.lit(spec.area_level.value if spec.area else None, pl.String).alias("level"),
        (pl.col(spec.area).str.strip_chars() if spec.area else pl.lit(None)).alias("area"),
        *(
            (pl.col(f"_{key}") if key in spec.numbers else pl.lit(None, pl.Float64)).alias(key)
            for key in ("pupils", "points")
        ),
    )
    return conform(pl.concat([table, parts.to_native()], how="horizontal"), SCHOOLS)


def _combined(schools: pl.DataFrame) -> pl.DataFrame:
    """Say which schools have both primary and lower secondary grades."""
    lower = pl.col("stage") == STAGES[-1]
    both = (lower.any() & (~lower).any()).over("school", "year")
    return schools.with_columns(both.alias("combined")).sort(KEY)
