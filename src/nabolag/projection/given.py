"""Everything a projection starts from, read out of the deliveries and checked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from nabolag.core import Finding, Severity, error, raise_errors
from nabolag.projection.axes import AGES, OLDEST, SEXES, Ages, Floats, Places
from nabolag.projection.rake import Constraint
from nabolag.projection.rates import Events
from nabolag.projection.reading import (
    Delivered,
    counted,
    laid_out,
    places_of,
    refuse_holes,
    row_mistakes,
)
from nabolag.projection.spec import (
    ConstraintSection,
    EventsSection,
    HousingSection,
    ProjectionSpec,
)

_MEASURES = ("deaths", "moved_out", "moved_in", "moved_within")
_EXAMPLES = 8


@dataclass(frozen=True)
class Given:
    """People of every delivered year (year × area × sex × age), what happened, and what is built.

    `event_years` are the years of `events`, each of which has people on its 1 January. `homes`
    are new homes (year × area × type) from the base year on.
    """

    places: Places
    years: tuple[int, ...]
    people: Floats
    event_years: tuple[int, ...]
    events: Events
    homes: Floats | None
    constraint: Constraint | None
    findings: tuple[Finding, ...]

    def at(self, year: int) -> Floats:
        """Return the people on 1 January of a year."""
        found: Floats = self.people[self.years.index(year)]
        return found

    def starts(self, years: Sequence[int]) -> Floats:
        """Return the people on 1 January of each of some years."""
        return np.stack([self.at(year) for year in years])


def read(spec: ProjectionSpec, delivered: Delivered) -> Given:
    """Read everything. Raises `UserError` for what the projection cannot be made from."""
    section = spec.population
    rows, told = counted(delivered, section, section.measure, spec.level, spec.id)
    years = tuple(sorted(set(rows["year"])))
    base = spec.base or years[-1]
    if base not in years:
        raise error("projection_base_absent", delivered.place(section.source), given=str(base),
                    known=", ".join(map(str, years)))  # fmt: skip
    years = tuple(year for year in years if year <= base)
    refuse_holes(rows, years, section, delivered)
    codes = sorted(set(rows["area"]))
    places = places_of(codes, spec.level, spec.larger, delivered, section.source)
    people = laid_out(rows, places.codes, years)
    event_years, events, noticed = read_events(spec.events, spec, places, years, delivered)
    homes, built = read_homes(spec, places, base, delivered) if spec.housing else (None, ())
    constraint = read_constraint(spec, places, base, delivered) if spec.constraint else None
    return Given(places, years, people, event_years, events, homes, constraint,
                 (*told, *noticed, *built))  # fmt: skip


def read_events(
    section: EventsSection,
    spec: ProjectionSpec,
    places: Places,
    years: Sequence[int],
    delivered: Delivered,
) -> tuple[tuple[int, ...], Events, tuple[Finding, ...]]:
    """Read what happened in the years before the last, in the larger areas and the areas' own."""
    tables = {
        name: counted(delivered, section, getattr(section, name), spec.larger, spec.id)
        for name in ("births", *_MEASURES)
        if getattr(section, name)
    }
    told = sorted(set(tables["deaths"][0]["year"]))
    known = [year for year in told if year in years and year < max(years)]
    if not known:
        there, asked = (", ".join(map(str, some)) for some in (years, told))
        place = delivered.place(section.source)
        raise error("projection_no_event_years", place, events=asked, people=there)
    laid = {name: laid_out(rows, places.larger, known) for name, (rows, _) in tables.items()}
    nothing = np.zeros((len(known), len(places.larger), len(SEXES), AGES))
    own: dict[str, Floats] = {
        name: _own(delivered, section, name, spec, places, known) for name in section.own
    }
    events = Events(
        births=laid["births"].sum(axis=2),
        **{name: laid.get(name, nothing) for name in _MEASURES},
        own=own,
    )
    findings = [finding for _, said in tables.values() for finding in said]
    lost = [year for year in told if year not in years]
    return tuple(known), events, (*_once(findings), *_yearless(lost, section, delivered))


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    for finding in findings:
        if finding not in kept:
            kept.append(finding)
    return tuple(kept)


def _yearless(
    lost: Sequence[int], section: EventsSection, delivered: Delivered
) -> tuple[Finding, ...]:
    if not lost:
        return ()
    place, shown = delivered.place(section.source), tuple(map(str, lost[:_EXAMPLES]))
    return (
        Finding("projection_events_without_people", Severity.WARNING, place, {}, len(lost), shown),
    )


def _own(
    delivered: Delivered,
    section: EventsSection,
    name: str,
    spec: ProjectionSpec,
    places: Places,
    years: Sequence[int],
) -> Floats:
    """Return an area's own events: year × area, of all ages."""
    measure = getattr(section, name)
    rows, _ = counted(delivered, section, measure, spec.level, spec.id)
    found: Floats = laid_out(rows, places.codes, years).sum(axis=(2, 3))
    return found


def read_homes(
    spec: ProjectionSpec, places: Places, base: int, delivered: Delivered
) -> tuple[Floats, tuple[Finding, ...]]:
    """Read the housing programme as year × area × type, from the base year on.

    Raises `UserError` for types without residents, areas that are not projected, homes below 0
    and homes that are not known.
    """
    section = spec.housing
    if section is None:
        raise ValueError("no housing programme is declared")
    cells = delivered.of(section.source, spec.id)
    if section.type not in cells.columns:
        raise error("projection_dimension_absent", delivered.place(section.source),
                    dimension=section.type, known=", ".join(cells.columns[8:]) or "–")  # fmt: skip
    rows = cells.filter(pl.col("measure") == section.measure)
    raise_errors(_home_mistakes(rows, section, spec, places, delivered))
    years = rows["period"].str.slice(0, 4).cast(pl.Int64).to_numpy() - base
    within = (years >= 0) & (years < spec.years)
    types = {one.type: number for number, one in enumerate(section.homes)}
    area = {code: number for number, code in enumerate(places.codes)}
    found = np.zeros((spec.years, len(places.codes), len(types)))
    kept = rows.filter(pl.Series(within))
    at = (
        years[within],
        kept["area"].replace_strict(area, return_dtype=pl.Int64).to_numpy(),
        kept[section.type].replace_strict(types, return_dtype=pl.Int64).to_numpy(),
    )
    np.add.at(found, at, kept["value"].to_numpy())
    outside = int((~within).sum())
    if not outside:
        return found, ()
    params = {"first": base, "last": base + spec.years - 1}
    told = Finding("projection_homes_outside", Severity.WARNING, delivered.place(section.source),
                   params, outside)  # fmt: skip
    return found, (told,)


def _home_mistakes(
    rows: pl.DataFrame,
    section: HousingSection,
    spec: ProjectionSpec,
    places: Places,
    delivered: Delivered,
) -> list[Finding]:
    types = [one.type for one in section.homes]
    wrong = (
        ("projection_home_type", ~pl.col(section.type).is_in(types), section.type),
        ("projection_home_area",
         (pl.col("level") != spec.level.value) | ~pl.col("area").is_in(list(places.codes)), "area"),
        ("projection_not_known", pl.col("value").is_null(), "area"),
        ("projection_below_zero", pl.col("value") < 0, "value"),
    )  # fmt: skip
    known, level = ", ".join(types), spec.level.value
    return row_mistakes(rows, wrong, delivered, section.source, known=known, level=level)


def residents(section: HousingSection) -> Floats:
    """Return how many persons move into one home: type × sex × age.

    Persons of an age group are spread evenly over its ages, and half are of each sex.
    """
    found = np.zeros((len(section.homes), len(SEXES), AGES))
    for number, home in enumerate(section.homes):
        for part in home.residents:
            ages = part.ages.members
            found[number][:, ages] += part.persons / (len(SEXES) * ages.sum())
    return found


def read_constraint(
    spec: ProjectionSpec, places: Places, base: int, delivered: Delivered
) -> Constraint:
    """Read what areas must add up to. Raises `UserError` for words it does not translate."""
    section = spec.constraint
    if section is None:
        raise ValueError("no constraint is declared")
    cells = delivered.of(section.source, spec.id)
    rows = cells.filter(
        pl.col("level") == section.level.value, pl.col("measure") == section.measure
    )
    raise_errors(_constraint_mistakes(rows, section, delivered))
    codes = sorted(set(rows["area"]))
    groups = tuple(section.ages.values()) or (Ages(0, OLDEST),)
    sexes = [section.sexes[sex] for sex in SEXES] if section.sex else [""]
    totals = np.full((spec.years, len(codes), len(sexes), len(groups)), np.nan)
    for row in rows.iter_rows(named=True):
        # The people on 1 January of the year after the first are what its flows end with.
        year = int(row["period"][:4]) - base - 1
        if 0 <= year < spec.years:
            sex = sexes.index(row[section.sex]) if section.sex else 0
            group = list(section.ages).index(row[section.age]) if section.age else 0
            totals[year, codes.index(row["area"]), sex, group] = row["value"]
    return Constraint(_rows_of(section, spec, places, codes, delivered), groups, totals)


def _rows_of(
    section: ConstraintSection,
    spec: ProjectionSpec,
    places: Places,
    codes: Sequence[str],
    delivered: Delivered,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    number = {code: at for at, code in enumerate(codes)}
    if section.level is spec.level:
        return np.array([number.get(code, -1) for code in places.codes], dtype=np.int64)
    around = places_of(places.codes, spec.level, section.level, delivered, section.source)
    parent = dict(zip(around.codes, [around.larger[i] for i in around.inside], strict=True))
    return np.array([number.get(parent[code], -1) for code in places.codes], dtype=np.int64)


def _constraint_mistakes(
    rows: pl.DataFrame, section: ConstraintSection, delivered: Delivered
) -> list[Finding]:
    """Name what a table of totals lacks: rows, dimensions, translations, numbers."""
    place = delivered.place(section.source)
    if rows.is_empty():
        known = {"measure": section.measure, "level": section.level.value, "known": "–"}
        return [Finding("projection_no_rows", Severity.ERROR, place, known)]
    translated = ((section.age, list(section.ages)), (section.sex, list(section.sexes.values())))
    found = [
        wrong
        for column, known_words in translated
        if column
        for wrong in _untranslated(rows, column, known_words, section, delivered)
    ]
    unknown = rows.filter(pl.col("value").is_null())
    if unknown.height:
        at = delivered.place(section.source, unknown["row"][0])
        shown = tuple(unknown["area"].head(_EXAMPLES))
        found.append(Finding("projection_not_known", Severity.ERROR, at, {}, unknown.height, shown))
    return found


def _untranslated(
    rows: pl.DataFrame,
    column: str,
    known: Sequence[str],
    section: ConstraintSection,
    delivered: Delivered,
) -> list[Finding]:
    if column not in rows.columns:
        there = {"dimension": column, "known": ", ".join(rows.columns[8:]) or "–"}
        place = delivered.place(section.source)
        return [Finding("projection_dimension_absent", Severity.ERROR, place, there)]
    strange = rows.filter(~pl.col(column).is_in(list(known)))
    if strange.is_empty():
        return []
    at = delivered.place(section.source, strange["row"][0], column)
    shown = tuple(strange[column].unique(maintain_order=True).head(_EXAMPLES))
    words = {"known": ", ".join(known)}
    return [Finding("projection_words_untranslated", Severity.ERROR, at, words, strange.height,
                    shown)]  # fmt: skip
