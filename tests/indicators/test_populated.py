"""`[minimum_population]`: areas that too few live in, period by period, and what is not known."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nabolag.core import LANGS, Finding, Status, has_label
from nabolag.disclosure import reason_text
from nabolag.indicators import MinimumPopulation, held_to_population, load_catalogue
from nabolag.indicators.populated import HIDDEN_LIVING
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS

CATALOGUE = load_catalogue()
SHARE = "low_income_households"


def rule(treatment: str = "hide", **more: Any) -> MinimumPopulation:
    return MinimumPopulation.model_validate({"least": 500, "treatment": treatment, **more})


def figure(
    area: str,
    indicator: str = SHARE,
    value: float | None = 0.25,
    period: str = "2020",
    status: str = "value",
    **more: Any,
) -> dict[str, Any]:
    row = {"level": "custom", "geography": "2020", "group": "", "reason": None}
    own = {"area": area, "indicator": indicator, "period": period, "value": value, "status": status}
    return {**row, **own, "numerator": 50.0, "denominator": 200.0, **more}


def living(area: str, value: float | None, period: str = "2020", **more: Any) -> dict[str, Any]:
    return figure(area, "population", value, period, **more)


def observed(*rows: dict[str, Any]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return conform(frame, OBSERVATIONS)


def held(frame: pl.DataFrame, treatment: str = "hide", **more: Any) -> pl.DataFrame:
    """Return figures held to the rule; those of areas not known are no mistake here."""
    return held_to_population(frame, rule(treatment, **more), CATALOGUE).laid_on(frame)


def of(frame: pl.DataFrame, area: str, **where: str) -> dict[str, Any]:
    chosen = {"indicator": SHARE, "period": "2020", "group": "", **where}
    row: dict[str, Any] = frame.row(by_predicate=_is(area, chosen), named=True)
    return row


def _is(area: str, where: dict[str, str]) -> pl.Expr:
    return pl.all_horizontal(pl.col("area") == area, *(pl.col(k) == v for k, v in where.items()))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """Return the findings' codes, and see that each speaks three languages."""
    for finding in findings:
        texts = {finding.text(lang) for lang in LANGS}
        assert len(texts) == len(LANGS)
        assert not any("{" in text for text in texts)
    return [finding.code for finding in findings]


def test_nothing_declared_changes_nothing() -> None:
    frame = observed(figure("a"), living("a", 10.0))
    made = held_to_population(frame, None, CATALOGUE)
    assert made.laid_on(frame) is frame
    assert not made.findings


@pytest.mark.parametrize(
    ("treatment", "status", "reason", "code"),
    [
        ("report", "value", None, "population_few"),
        ("unreliable", "unreliable", "population<500", "population_few_unreliable"),
        ("hide", "suppressed_rule", "population<500", "population_few_hidden"),
    ],
)
def test_only_areas_below_the_limit_are_treated(
    treatment: str, status: str, reason: str | None, code: str
) -> None:
    frame = observed(
        figure("few"),
        figure("few", group="sex=women"),
        living("few", 499.0),
        figure("enough"),
        living("enough", 500.0),
    )
    made = held_to_population(frame, rule(treatment), CATALOGUE)
    after = made.laid_on(frame)
    for group in ("", "sex=women"):
        row = of(after, "few", group=group)
        assert (row["status"], row["reason"]) == (status, reason)
        numbers = [row[name] for name in ("value", "numerator", "denominator")]
        assert numbers == ([None] * 3 if treatment == "hide" else [0.25, 50.0, 200.0])
    assert of(after, "enough")["value"] == 0.25
    assert of(after, "few", indicator="population")["value"] == 499.0
    assert codes(made.findings) == [code]
    assert (made.findings[0].count, made.findings[0].examples) == (1, ("few (2020)",))


def test_each_period_is_held_to_its_own_population() -> None:
    frame = observed(
        figure("a", period="2019"), living("a", 480.0, "2019"), figure("a"), living("a", 520.0)
    )
    made = held(frame)
    assert of(made, "a", period="2019")["status"] == "suppressed_rule"
    assert of(made, "a")["status"] == "value"


@pytest.mark.parametrize("treatment", ["report", "unreliable"])
@pytest.mark.parametrize(
    "counted",
    [
        living("a", 400.0, "2019"),
        living("a", None, status="missing"),
        living("a", None, status="suppressed_primary"),
        living("a", 400.0, group="sex=women"),
        living("a", 400.0, level="delbydel"),
    ],
)
def test_what_is_not_known_is_told_and_never_guessed(
    treatment: str, counted: dict[str, Any]
) -> None:
    frame = observed(figure("a"), counted)
    made = held_to_population(frame, rule(treatment), CATALOGUE)
    assert of(made.laid_on(frame), "a")["status"] == "value"
    assert codes(made.findings) == ["population_unknown"]


def test_nothing_is_hidden_by_guess() -> None:
    frame = observed(figure("a"), figure("b"), living("b", 900.0))
    made = held_to_population(frame, rule("hide"), CATALOGUE)
    [refused] = made.findings
    assert codes(made.findings) == ["population_unknown_refused"]
    assert refused.severity.value == "error"
    assert refused.examples == ("a (2020)",)


@pytest.mark.parametrize("period", ["2019-2020", "2019/2020"])
@pytest.mark.parametrize(("first", "status"), [(480.0, "suppressed_rule"), (510.0, "value")])
def test_a_longer_period_is_held_to_the_smallest_of_its_years(
    period: str, first: float, status: str
) -> None:
    years = (living("a", first, "2019"), living("a", 900.0))
    made = held(observed(figure("a", period=period), *years))
    assert of(made, "a", period=period)["status"] == status
    alone = held_to_population(observed(figure("a", period=period), years[1]), rule(), CATALOGUE)
    assert codes(alone.findings) == ["population_unknown_refused"]


def test_a_part_of_a_year_is_held_to_its_year() -> None:
    frame = observed(figure("a", period="2020K3"), living("a", 80.0))
    assert of(held(frame), "a", period="2020K3")["status"] == "suppressed_rule"


def test_what_has_no_number_is_left_alone() -> None:
    frame = observed(
        figure("a", value=None, status="missing"),
        figure("a", value=None, status="suppressed_primary", period="2021"),
        living("a", 3.0),
    )
    made = held_to_population(frame, rule(), CATALOGUE)
    assert made.laid_on(frame).equals(frame)
    assert not made.findings


def test_what_is_uncertain_already_keeps_its_reason() -> None:
    row = figure("a", status="unreliable", reason="coverage")
    made = held(observed(row, living("a", 3.0)), "unreliable")
    assert of(made, "a")["reason"] == "coverage"


def test_other_levels_are_asked_only_where_declared() -> None:
    frame = observed(figure("0101", level="delbydel"), living("0101", 90.0, level="delbydel"))
    plain = held_to_population(frame, rule(), CATALOGUE)
    assert of(plain.laid_on(frame), "0101")["status"] == "value"
    assert codes(plain.findings) == ["population_level_empty"]
    asked = held(frame, levels=["delbydel"])
    assert of(asked, "0101")["status"] == "suppressed_rule"


@pytest.mark.parametrize(
    ("indicator", "code"),
    [
        ("folketall", "population_indicator_unknown"),
        (SHARE, "population_indicator_no_count"),
    ],
)
def test_residents_are_counted_by_a_count(indicator: str, code: str) -> None:
    made = held_to_population(observed(figure("a")), rule(indicator=indicator), CATALOGUE)
    assert codes(made.findings) == [code]


@pytest.mark.parametrize(
    "wrong",
    [{"treatment": "hide"}, {"least": 5}, {"least": 0, "treatment": "hide"}, {"levels": []}],
)
def test_least_and_treatment_are_said(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MinimumPopulation.model_validate(
            wrong if "levels" not in wrong else {"least": 5, "treatment": "hide", **wrong}
        )


def test_the_reason_has_words_of_its_own() -> None:
    assert has_label("disclosure.reason.population")
    for status in (Status.SUPPRESSED_RULE, Status.UNRELIABLE):
        texts = {reason_text("population<500", status, lang) for lang in LANGS}
        assert len(texts) == len(LANGS)
        assert all("500" in text for text in texts)
    assert reason_text("population<5", Status.UNRELIABLE, "nb") != reason_text(
        "denominator<5", Status.UNRELIABLE, "nb"
    )


@pytest.mark.parametrize("treatment", ["hide", "unreliable"])
def test_where_how_many_live_is_hidden_the_treatment_does_not_tell(treatment: str) -> None:
    """Few or many: where the release hides the population, the figures look the same."""
    frame = observed(
        figure("few"), living("few", 60.0), figure("many"), living("many", 900.0),
        figure("open"), living("open", 900.0),
    )  # fmt: skip
    hidden = pl.col("area").is_in(["few", "many"]) & (pl.col("indicator") == "population")
    safe = frame.with_columns(
        pl.when(hidden).then(pl.lit("suppressed_secondary")).otherwise("status").alias("status")
    )
    done = held_to_population(frame, rule(treatment), CATALOGUE).laid_on(safe)
    few, many, shown = (of(done, area) for area in ("few", "many", "open"))
    assert (few["status"], few["reason"]) == (many["status"], many["reason"])
    assert few["reason"] == HIDDEN_LIVING
    assert (shown["status"], shown["value"]) == ("value", 0.25)
    for lang in LANGS:
        assert "<" not in reason_text(HIDDEN_LIVING, Status(few["status"]), lang)


@given(
    st.lists(
        st.tuples(st.integers(0, 1000), st.sampled_from(["value", "unreliable", "missing"])),
        min_size=1,
        max_size=12,
    )
)
def test_hiding_marks_exactly_what_is_below(places: list[tuple[int, str]]) -> None:
    """Statuses only get stronger, no row comes or goes, and twice is as once."""
    rows = [
        row
        for n, (count, status) in enumerate(places)
        for row in (
            figure(f"a{n}", status=status, value=None if status == "missing" else 0.5),
            living(f"a{n}", float(count)),
        )
    ]
    frame = observed(*rows)
    made = held(frame)
    assert held(made).equals(made)
    key = ["area", "indicator"]
    assert made.select(key).equals(frame.select(key))
    for n, (count, status) in enumerate(places):
        hides = count < 500 and status != "missing"
        row = of(made, f"a{n}")
        assert row["status"] == ("suppressed_rule" if hides else status)
        assert (row["value"] is None) == (hides or status == "missing")
