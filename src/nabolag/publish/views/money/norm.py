"""The page about the teacher norm: who meets it, what is missing, and a norm that follows need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nabolag.allocation.norm import (
    EXPECTED_POINTS,
    IS_JUDGED,
    STAGES,
    Differentiated,
    Differentiation,
    differentiated,
    how_of,
    latest,
    links,
)
from nabolag.core import Lang, UserError, label
from nabolag.publish.figures.base import Words
from nabolag.publish.figures.norm import SchoolDot, YearDot, ceilings, years
from nabolag.publish.numbers import format_count, format_number, format_period, per_cent
from nabolag.publish.text import inside, listed
from nabolag.publish.views.analyses.model import Picture
from nabolag.publish.views.facts import facts_of
from nabolag.publish.views.money.model import Field, MoneyView, TableFile
from nabolag.publish.views.money.norm_tables import norm_tables, stage_words
from nabolag.publish.views.money.reading import Limits, choice_field, number_field
from nabolag.publish.views.money.words import short_kroner
from nabolag.publish.views.shared import notices, source_lines
from nabolag.store import Release

#: The document and the tables in a release.
NAME: Final = "teacher_norm"
_BASES: Final = ("added", "shared")


@dataclass(frozen=True, slots=True)
class NormFacts:
    """What a release tells of the norm, and what the address chooses."""

    lang: Lang
    document: Mapping[str, Any]
    schools: pl.DataFrame
    years: pl.DataFrame
    year: int
    stage: str
    how: Differentiation
    found: Differentiated | None
    refused: str

    @property
    def of_year(self) -> pl.DataFrame:
        """The summary of the year that is shown."""
        return self.years.filter(pl.col("year") == self.year)

    @property
    def spec(self) -> Mapping[str, Any]:
        """What the workspace declares."""
        return dict(self.document["spec"])


def has_norm(release: Release) -> bool:
    """Tell whether a release tells of the teacher norm."""
    return release.bundle.has(NAME)


def norm_page(release: Release, asked: Mapping[str, str], lang: Lang) -> MoneyView:
    """Return the page. Without figures it says how to get them."""
    title, question = label("norm.title", lang), label("norm.question", lang)
    last = _last(release)
    if last is None:
        absent = label("norm.absent", lang)
        return MoneyView(lang, title, question, absent, rule=label("norm.rule", lang))
    given, fields = _chosen(release, last, asked, lang)
    facts = facts_of(release)
    tables, files = norm_tables(given, release.bundle)
    return MoneyView(
        lang=lang,
        title=title,
        question=question,
        opening=_opening(given),
        lead=_lead(given, release),
        notices=notices(facts, lang),
        fields=fields,
        pictures=_pictures(given, release),
        tables=tables,
        sure=_sure(given, release),
        rule=given.document["text"][lang],
        sources=source_lines(facts, _sources(given, facts.source_ids), lang),
        files=(*files, TableFile("skoler", label("norm.table.every", lang), given.schools)),
    )


def _last(release: Release) -> int | None:
    return latest(release.bundle.frame(f"{NAME}-schools")) if has_norm(release) else None


def _chosen(
    release: Release, last: int, asked: Mapping[str, str], lang: Lang
) -> tuple[NormFacts, tuple[Field, ...]]:
    """Return what is asked for, and the fields a reader asks with."""
    document, schools = (release.bundle.document(NAME), release.bundle.frame(f"{NAME}-schools"))
    spec = document["spec"]
    held = schools.filter(pl.col("standing") == IS_JUDGED)["year"].unique().sort(descending=True)
    spans = [(str(y), format_period(school_year(y), lang, short=True)) for y in held]
    year, year_field = choice_field(asked, "ar", label("norm.field.year", lang), spans, str(last))
    known = [(stage, stage_words(stage, lang)) for stage in STAGES]
    stage, stage_field = choice_field(
        asked, "trinn", label("norm.field.stage", lang), known, STAGES[0]
    )
    percent, strength_field = number_field(
        asked, "styrke", spec["strength"] * 100, Limits(0, 50), lang, unit="%",
        heading=label("norm.field.strength", lang), help=label("norm.field.strength_help", lang),
    )  # fmt: skip
    above, ceiling_field = number_field(
        asked, "tak", (spec["ceiling"] - 1) * 100, Limits(0, 100), lang, unit="%",
        heading=label("norm.field.ceiling", lang), help=label("norm.field.ceiling_help", lang),
    )  # fmt: skip
    money, budget_field = number_field(
        asked, "budsjett", spec["budget"], Limits(0, 1e12), lang, unit="kr",
        heading=label("norm.field.budget", lang), help=label("norm.field.budget_help", lang),
    )  # fmt: skip
    bases = [(one, label(f"norm.basis.{one}", lang)) for one in _BASES]
    basis, basis_field = choice_field(
        asked, "fordeling", label("norm.field.basis", lang), bases, spec["basis"]
    )
    how = how_of(spec, strength=(percent or 0) / 100, ceiling=1 + (above or 0) / 100,
                 budget=money, basis=basis)  # fmt: skip
    found, refused = _try(schools, how, int(year), lang)
    table = release.bundle.frame(f"{NAME}-years")
    given = NormFacts(lang, document, schools, table, int(year), stage, how, found, refused)
    fields = (year_field, stage_field, strength_field, ceiling_field, budget_field, basis_field)
    return given, fields


def _try(
    schools: pl.DataFrame, how: Differentiation, year: int, lang: Lang
) -> tuple[Differentiated | None, str]:
    try:
        return differentiated(schools, how, year), ""
    except UserError as wrong:
        return None, wrong.findings[0].text(lang)


def school_year(year: int) -> str:
    """Return the school year that begins in a year."""
    return f"{year}/{year + 1}"


def _opening(given: NormFacts) -> str:
    lang, rows = given.lang, given.of_year
    judged, met = int(rows["judged"].sum()), int(rows["met"].sum())
    missing = float(rows["missing_fte"].sum() or 0.0)
    words = {
        "year": format_period(school_year(given.year), lang),
        "met": format_count(met, lang),
        "judged": format_count(judged, lang),
        "fte": format_number(missing, lang, 1),
        "cost": short_kroner(missing * given.how.cost_per_fte, lang),
    }
    return label("norm.opening_all" if met == judged else "norm.opening", lang, n=None, **words)


def _lead(given: NormFacts, release: Release) -> tuple[str, ...]:
    lang = given.lang
    said = [label("norm.what_it_is", lang)]
    if given.found is None:
        return (*said, given.refused)
    found, table = given.found, given.found.table
    lower = table.filter(pl.col("ceiling") < pl.col("equal") - 1e-9).height
    higher = table.filter(pl.col("ceiling") > pl.col("equal") + 1e-9).height
    said.append(
        label(
            f"norm.differentiated_{given.how.basis}", lang,
            percent=per_cent(given.how.strength, lang), cost=short_kroner(found.cost, lang),
            equal=short_kroner(found.cost_equal, lang), now=short_kroner(found.cost_now, lang),
            lower=format_count(lower, lang),
            higher=format_count(higher, lang), need=inside(need_words(given, release)),
        )
    )  # fmt: skip
    if found.left > given.how.cost_per_fte:
        said.append(label("norm.left", lang, left=short_kroner(found.left, lang)))
    return (*said, *_link_sentences(given))


def _link_sentences(given: NormFacts) -> tuple[str, ...]:
    """Say how groups follow need today, with the equal norm, and with the one that follows need."""
    if given.found is None:
        return ()
    rows = {row["when"]: row for row in links(given.found.table).iter_rows(named=True)
            if row["stage"] == given.stage}  # fmt: skip
    stage = stage_words(given.stage, given.lang)
    if any(row["slope"] is None for row in rows.values()):
        return (label("norm.link_unknown", given.lang, stage=stage),)
    steep = {when: format_number(row["slope"], given.lang, 2) for when, row in rows.items()}
    return (label("norm.link", given.lang, n=None, stage=stage, **steep),)


def need_words(given: NormFacts, release: Release) -> str:
    """Return what need is measured by, in words."""
    need = given.spec["need"]
    if need == EXPECTED_POINTS:
        return label("norm.need_points", given.lang)
    entry = release.indicators.get(need)
    return entry.label.in_(given.lang) if entry else str(need)


def _pictures(given: NormFacts, release: Release) -> tuple[Picture, ...]:
    drawn = [_years_picture(given)]
    if given.found is not None:
        part = given.found.table.filter(
            pl.col("stage") == given.stage, pl.col("standard").is_not_null()
        )
        if part.height:
            drawn.insert(0, _ceilings_picture(given, part, release))
    return tuple(Picture(name, title, spec) for name, title, spec in drawn)


def _ceilings_picture(
    given: NormFacts, part: pl.DataFrame, release: Release
) -> tuple[str, str, dict[str, Any]]:
    lang, stage = given.lang, stage_words(given.stage, given.lang)
    dots = [
        SchoolDot(
            row["name"], row["standard"], row["group_now"], row["equal"], row["ceiling"],
            label("norm.dot", lang, size=_size(row["group_now"], lang),
                  ceiling=_size(row["ceiling"], lang)),
        )
        for row in part.iter_rows(named=True)
    ]  # fmt: skip
    title = label("norm.picture.ceilings", lang)
    words = Words(
        title=title,
        subtitle=f"{stage}, {format_period(school_year(given.year), lang)}",
        description=label(
            "norm.picture.ceilings_alt", lang, n=len(dots), stage=stage,
            lowest=_size(min(d.ceiling for d in dots), lang),
            highest=_size(max(d.ceiling for d in dots), lang), equal=_size(dots[0].equal, lang),
        ),
        axis=label("norm.group_size", lang),
    )  # fmt: skip
    marks = {key: label(f"norm.mark.{key}", lang) for key in ("size", "equal", "ceiling")}
    across = label("norm.picture.across", lang, need=inside(need_words(given, release)))
    return "tak", title, ceilings(dots, marks, words, across)


def _years_picture(given: NormFacts) -> tuple[str, str, dict[str, Any]]:
    lang = given.lang
    rows = given.years.sort("year", "stage").iter_rows(named=True)
    dots = [
        YearDot(school_year(row["year"]), stage_words(row["stage"], lang), row["group_size"],
                row["maximum"])
        for row in rows
    ]  # fmt: skip
    title = label("norm.picture.years", lang)
    ends = [given.of_year.filter(pl.col("stage") == stage)["group_size"] for stage in STAGES]
    told = [
        label("norm.picture.end", lang, stage=stage_words(stage, lang), size=_size(end[0], lang))
        for stage, end in zip(STAGES, ends, strict=True)
        if end.len()
    ]
    words = Words(
        title=title,
        subtitle=label("norm.picture.years_note", lang),
        description=label(
            "norm.picture.years_alt", lang,
            year=format_period(school_year(given.year), lang), sizes=listed(told, lang),
        ),
        axis=label("norm.group_size", lang),
    )  # fmt: skip
    return "utvikling", title, years(dots, words, label("norm.picture.maximum", lang))


def _size(size: float | None, lang: Lang) -> str:
    return "–" if size is None else format_number(size, lang, 1)


def _sure(given: NormFacts, release: Release) -> tuple[str, ...]:
    lang, spec = given.lang, given.spec
    rows = given.of_year
    private = given.schools.filter(
        pl.col("year") == given.year, pl.col("standing") == "private"
    ).height
    hours = "; ".join(
        f"{stage_words(stage, lang)}: {format_number(spec['hours_per_fte'][stage], lang)}"
        for stage in STAGES
    )
    need = label("norm.sure.points" if spec["need"] == EXPECTED_POINTS else "norm.sure.need", lang,
                 need=inside(need_words(given, release)),
                 period=format_period(given.document["need_period"], lang))  # fmt: skip
    counts = {
        "unknown": format_count(int(rows["unknown"].sum()), lang),
        "private": format_count(private, lang),
        "small": format_count(given.document["left_out"], lang),
        "pupils": format_count(spec["minimum_pupils"], lang),
    }
    return (
        label("norm.sure.declared", lang, hours=hours, reference=spec["reference"],
              cost=short_kroner(spec["cost_per_fte"], lang)),
        label("norm.sure.left_out", lang, n=None, **counts),
        need,
        label("norm.sure.choice", lang),
        label("norm.sure.link", lang),
    )  # fmt: skip


def _sources(given: NormFacts, source_ids: Any) -> list[str]:
    need = given.spec["need"]
    around = [] if need == EXPECTED_POINTS else source_ids(need)
    return [given.document["source"], *around]
