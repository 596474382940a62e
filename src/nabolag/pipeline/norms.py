"""`[teacher_norm]` in the thread: hours delivered or from the register, need from the release."""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from nabolag.allocation.norm import (
    EXPECTED_POINTS,
    TeacherNormSpec,
    first_year,
    of_register,
    teacher_norm,
)
from nabolag.core import (
    LANGS,
    Finding,
    Indicator,
    Kind,
    Level,
    Place,
    Severity,
    Worse,
    error,
)
from nabolag.disclosure import rule_for
from nabolag.pipeline.counting import SOURCE, register_folder
from nabolag.pipeline.observed import Observed
from nabolag.pipeline.parts import Part
from nabolag.registers import scan_register
from nabolag.store import CONFIG_NAME, Workspace
from nabolag.store.statuses import NUMBERED

#: The document and the tables in a release.
NAME = "teacher_norm"
_SHOWN = (
    "school", "name", "year", "stage", "owner", "pupil_hours", "teaching_hours", "standing",
    "group_size", "maximum", "met", "missing_fte", "need",
)  # fmt: skip


def norm_part(
    workspace: Workspace, seen: Observed, spec: TeacherNormSpec, safe: pl.DataFrame
) -> Part:
    """Return what the norm comes to. Raises `UserError` for need that is no indicator here."""
    schools, source = _schools(workspace, seen, spec)
    links = seen.inputs.register.closed_links
    own = _own(schools, seen, spec, links)
    need, period = _need(schools, seen, spec, safe, links)
    hidden = spec.model_copy(update={"minimum_pupils": _fewest(spec, seen, source)})
    found = teacher_norm(hidden, schools, need, seen.numbers.numbers, own)
    document = {
        "spec": hidden.as_dict(),
        "text": {lang: spec.explain(lang) for lang in LANGS},
        "source": source,
        "need_period": period,
        "first_year": first_year(seen.numbers.numbers),
        "left_out": found.left_out,
    }
    frames = {
        f"{NAME}-schools": found.schools.select(_SHOWN),
        f"{NAME}-years": found.years,
        f"{NAME}-before_after": found.before_after,
        f"{NAME}-thirds": found.thirds,
    }
    findings = (*_unplaced(schools, seen, spec), *found.findings)
    return Part(NAME, document, frames, findings)


def _schools(
    workspace: Workspace, seen: Observed, spec: TeacherNormSpec
) -> tuple[pl.DataFrame, str]:
    if spec.table is not None:
        return seen.inputs.hours[0].schools, spec.table.id
    register = scan_register(register_folder(workspace), "school").collect()
    return of_register(register), SOURCE


def _own(
    schools: pl.DataFrame, seen: Observed, spec: TeacherNormSpec, links: pl.DataFrame
) -> pl.DataFrame | None:
    """Return the schools that are shown, all where no municipality is named.

    Registers may hold a whole country: those that lie in the municipality are shown. A delivered
    table is the municipality's own: those known to lie in another one are not shown.
    """
    town = seen.plan.about.municipality
    if town is None:
        return None
    around = links.filter(pl.col("parent_level") == town.level.value)
    inside = pl.col("parent_code") == town.code
    own = _lying(schools, around.filter(inside))
    if spec.table is None:
        return own
    gone = _lying(schools, around.filter(~inside)).join(own, on="school", how="anti")
    return schools.select("school").unique().join(gone, on="school", how="anti")


def _lying(schools: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the schools that lie in an area that is linked."""
    at, to = ["level", "area"], ["level", "code"]
    return schools.join(links, left_on=at, right_on=to, how="semi").select("school").unique()


def _unplaced(schools: pl.DataFrame, seen: Observed, spec: TeacherNormSpec) -> list[Finding]:
    """Tell of areas in a delivered table that are not in the register: need there is not known."""
    if spec.table is None or spec.table.area == "":
        return []
    known = seen.inputs.register.areas.select("level", area="code")
    named = schools.drop_nulls("area").filter(pl.col("area") != "")
    lost = named.join(known, on=["level", "area"], how="anti").unique("school", maintain_order=True)
    if lost.is_empty():
        return []
    texts = tuple(f"{name} ({area})" for name, area in lost.select("name", "area").head(8).rows())
    place = Place(spec.table.file, column=spec.table.area)
    return [Finding("norm_area_unknown", Severity.WARNING, place, {}, lost.height, texts)]


def _fewest(spec: TeacherNormSpec, seen: Observed, source: str) -> int:
    """Return how many pupils a school has at least: what is declared, or the owner's rule."""
    rules = [rule_for(f"group_size_{stage}", source, seen.plan.rules)
             for stage in ("1_4", "5_7", "8_10")]  # fmt: skip
    asked = [rule.denominator for rule in rules if rule.about_people]
    return max([spec.minimum_pupils, *asked])


def _need(
    schools: pl.DataFrame,
    seen: Observed,
    spec: TeacherNormSpec,
    safe: pl.DataFrame,
    links: pl.DataFrame,
) -> tuple[pl.DataFrame, str]:
    """Return the need around each school (`school`, `need`) and the period it is of."""
    nothing = pl.DataFrame(schema={"school": pl.String(), "need": pl.Float64()})
    if spec.need == EXPECTED_POINTS:
        return nothing, ""
    entry = _indicator(spec.need, seen)
    level = spec.need_level.value
    figures = safe.filter(
        pl.col("indicator") == spec.need,
        pl.col("level") == level,
        pl.col("group") == "",
        pl.col("status").is_in(NUMBERED),
    )
    if figures.is_empty():
        raise error(
            "norm_need_without_figures", Place(CONFIG_NAME), given=spec.need,
            level=Level(level).label.nb.lower(),
        )  # fmt: skip
    period = str(figures["period"].max())
    worse = -1.0 if entry.worse is Worse.LOW else 1.0
    values = figures.filter(pl.col("period") == period).select(
        around="area", need=pl.col("value") * worse
    )
    return _around(schools, level, links).join(values, on="around").select("school", "need"), period


def _around(schools: pl.DataFrame, level: str, links: pl.DataFrame) -> pl.DataFrame:
    """Return the area of a level that each school lies in: `school`, `around`.

    Where a school has moved, the area of its last year counts.
    """
    last = schools.sort("year").unique("school", keep="last").drop_nulls("area")
    same = last.filter(pl.col("level") == level).select("school", around="area")
    lies = last.join(
        links.filter(pl.col("parent_level") == level),
        left_on=["level", "area"], right_on=["level", "code"],
    ).select("school", around="parent_code")  # fmt: skip
    return pl.concat([same, lies]).unique("school")


def _indicator(given: str, seen: Observed) -> Indicator:
    """Return the indicator of need. Raises `UserError` for the unknown and for background."""
    if given not in seen.catalogue:
        near = get_close_matches(given, seen.catalogue, n=1)
        raise error(
            "norm_need_unknown", Place(CONFIG_NAME), given=given, near=near[0] if near else "–"
        )
    entry = seen.catalogue[given]
    if entry.kind is Kind.BACKGROUND:
        raise error("norm_need_background", Place(CONFIG_NAME), given=entry.label.nb)
    return entry
