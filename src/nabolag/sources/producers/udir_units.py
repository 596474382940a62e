"""Schools and kindergartens of Udir's registers as a typed frame, with coordinates.

A unit that is not placed is written `{Lengdegrad: 0, Breddegrad: 0, GeoKilde: "Undefined"}` by
the registers; its coordinates are null here and it is told of. A flag that contradicts another
gives null, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.core import Finding, Level, Place, Severity
from nabolag.sources.producers.documents import Record
from nabolag.sources.producers.protocol import Answer
from nabolag.sources.producers.udir import REGISTERS, unit_in
from nabolag.sources.vector_crs import NORWAY
from nabolag.store.frames import schema_of

#: `code` is the organisation number, as text: schools abroad have letters in theirs. `owner` is
#: `public` or `private` for schools, `municipal` or `private` for kindergartens. `size` counts
#: pupils or children as the register states them; 0 and absent are both null, for new units are
#: written as 0. Degrees in EPSG:4326.
UNITS: Final = schema_of(
    {
        "level": "str",
        "code": "str",
        "name": "str",
        "municipality": "str",
        "lon": "f64",
        "lat": "f64",
        "owner": "str",
        "first_grade": "i64",
        "last_grade": "i64",
        "size": "i64",
        "changed": "str",
    }
)
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class UnitsRead:
    """The units (`UNITS`), one row each, and what is worth knowing about them."""

    frame: pl.DataFrame
    findings: tuple[Finding, ...]


def units_of(answers: Sequence[Answer]) -> UnitsRead:
    """Return the units of answers to `skoler`, `grunnskoler`, `videregaende`, `barnehager`.

    Raises `UserError` where an answer is not of the described form.
    """
    rows = [_row(unit_in(a), REGISTERS[a.request.name.partition("-")[0]].level) for a in answers]
    frame = pl.DataFrame(rows, schema=UNITS)
    unplaced = frame.filter(pl.col("lon").is_null())
    ownerless = frame.filter(pl.col("owner").is_null())
    findings = [
        *_told("udir_unplaced", Severity.WARNING, unplaced),
        *_told("udir_owner_unclear", Severity.WARNING, ownerless),
    ]
    return UnitsRead(frame, tuple(findings))


def _row(unit: Record, level: Level) -> dict[str, Any]:
    lon, lat = _position(unit)
    school = level is Level.SCHOOL
    size = unit.get("Elevtall" if school else "AntallBarn")
    return {
        "level": level.value,
        "code": str(unit["Organisasjonsnummer"]),
        "name": str(unit["Navn"]).strip(),
        "municipality": str((unit.get("Kommune") or {}).get("Kommunenummer") or "") or None,
        "lon": lon,
        "lat": lat,
        "owner": _school_owner(unit) if school else _kindergarten_owner(unit),
        "first_grade": unit.get("SkoletrinnGSFra") if school else None,
        "last_grade": unit.get("SkoletrinnGSTil") if school else None,
        "size": size or None,
        "changed": unit.get("DatoEndret"),
    }


def _position(unit: Record) -> tuple[float | None, float | None]:
    """Return longitude and latitude, nulls where the unit is not placed or not in Norway."""
    given = unit.get("Koordinat") or {}
    lon, lat = given.get("Lengdegrad"), given.get("Breddegrad")
    west, south, east, north = NORWAY
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None, None
    inside = west <= lon <= east and south <= lat <= north
    return (float(lon), float(lat)) if inside else (None, None)


def _school_owner(unit: Record) -> str | None:
    return _either(unit.get("ErOffentligSkole"), "public", unit.get("ErPrivatskole"))


def _kindergarten_owner(unit: Record) -> str | None:
    return _either(unit.get("ErOffentligBarnehage"), "municipal", unit.get("ErPrivatBarnehage"))


def _either(public: Any, called: str, private: Any) -> str | None:
    """Return the owner that exactly one of the flags names."""
    if bool(public) == bool(private):
        return None
    return called if public else "private"


def _told(code: str, severity: Severity, units: pl.DataFrame) -> list[Finding]:
    if units.is_empty():
        return []
    named = tuple(
        f"{number} {name}"
        for number, name in units.select("code", "name").head(_EXAMPLES).iter_rows()
    )
    return [Finding(code, severity, Place(), {}, units.height, named)]
