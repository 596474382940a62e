"""Segregation as a declared analysis: from protected figures to tables, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from nabolag.analysis.method import Given
from nabolag.analysis.segregation import Segregation
from nabolag.analysis.segregation.indices import INDICES, units
from nabolag.core import LANGS, Kind, Level, Text, Unit, UserError
from nabolag.store import conform
from nabolag.store.frames import OBSERVATIONS
from tests.support import sample

SHARE = next(i for i in sample.INDICATORS if i.id == "immigrants")
PERSONS = replace(SHARE, id="persons", label=Text.same("Persons"), unit=Unit.COUNT, kind=Kind.ASSET)
MEMBERS = {"0101": 30, "0102": 45, "0103": 4, "0201": 90, "0202": 120, "0203": 60}
SIZES = {"0101": 300, "0102": 400, "0103": 200, "0201": 400, "0202": 500, "0203": 300}
NOWHERE = (2, 6)


def row(level: str, area: str, indicator: str, period: str = "2017", **more: Any) -> dict[str, Any]:
    fixed = {"level": level, "area": area, "indicator": indicator, "period": period}
    return fixed | {"group": "", "status": "value", "source": "deliveries"} | more


def share(level: str, area: str, some: float, of: float, **more: Any) -> dict[str, Any]:
    numbers = {"value": some / of, "numerator": float(some), "denominator": float(of)}
    return row(level, area, "immigrants", **(numbers | more))


def observations(*hidden: str, period: str = "2017", totals: bool = True) -> list[dict[str, Any]]:
    """One share by area and for the municipality, six persons of it living nowhere."""
    rows = []
    for area, some in MEMBERS.items():
        if area in hidden:
            rows.append(row("delbydel", area, "immigrants", period, status="suppressed_primary"))
        else:
            rows.append(share("delbydel", area, some, SIZES[area], period=period))
        rows.append(row("delbydel", area, "persons", period, value=float(SIZES[area])))
    if totals:
        ends = sum(MEMBERS.values()) + NOWHERE[0], sum(SIZES.values()) + NOWHERE[1]
        rows.append(share("kommune", "9901", *ends, period=period))
    return rows


def given(rows: list[dict[str, Any]]) -> Given:
    seen = conform(pl.DataFrame(rows, infer_schema_length=None), OBSERVATIONS)
    catalogue = {i.id: i for i in (*sample.INDICATORS, PERSONS)}
    return Given(seen, catalogue, sample.links(), sample.areas(), sample.shapes())


def spec(**more: object) -> Segregation:
    wanted = {"id": "s", "level": Level.DELBYDEL, "indicators": ("immigrants",), "draws": 0, **more}
    return Segregation.model_validate(wanted)


def one(table: pl.DataFrame, **wanted: str) -> dict[str, Any]:
    return table.filter(pl.col(k) == v for k, v in wanted.items()).row(0, named=True)


def true_index(name: str) -> float:
    some, of = (np.array(list(d.values()), float) for d in (MEMBERS, SIZES))
    return float(INDICES[name](units(np.stack([some, of - some], axis=1), np.array([0])))[0])


def test_indices_are_those_of_the_counts() -> None:
    table = spec().analyse(given(observations())).tables["indices"]
    for name in INDICES:
        found = one(table, index=name)
        assert found["value"] == pytest.approx(true_index(name))
        assert (found["units"], found["hidden"], found["reason"]) == (6, 0, "")
        assert (found["at_least"], found["expected"]) == (None, None)


def test_a_hidden_figure_gives_bounds_that_hold_the_truth_and_never_a_value() -> None:
    found = spec(size={"immigrants": "persons"}).analyse(given(observations("0103", "0203")))
    for name in INDICES:
        told = one(found.tables["indices"], index=name)
        assert told["value"] is None
        assert told["at_least"] <= true_index(name) <= told["at_most"]
        assert told["at_least"] < told["at_most"]
        assert (told["units"], told["hidden"], told["reason"]) == (4, 2, "hidden")
    assert [f.code for f in found.findings] == ["segregation_hidden"]
    assert found.tables["contacts"].is_empty()


@pytest.mark.parametrize(
    ("rows", "size", "reason"),
    [
        (observations("0103"), "", "hidden_size"),
        (observations("0103", totals=False), "persons", "hidden_total"),
        (
            [r | ({"value": 1.3 * r["value"]} if r["indicator"] == "persons" else {})
             for r in observations("0103")],
            "persons", "sizes_differ",
        ),
        (
            [*observations("0103", totals=False), share("kommune", "9901", 300, 1000)],
            "persons", "sums_differ",
        ),
        (
            [*observations("0103", "0202", "0201", totals=False),
             share("kommune", "9901", 2000, 90_000)],
            "persons", "too_open",
        ),
    ],
)  # fmt: skip
def test_where_bounds_cannot_be_told_nothing_is(
    rows: list[dict[str, Any]], size: str, reason: str
) -> None:
    found = spec(size={"immigrants": size} if size else {}).analyse(given(rows))
    told = one(found.tables["indices"], index="dissimilarity")
    assert told["reason"] == reason
    assert (told["value"], told["at_least"], told["at_most"]) == (None, None, None)
    assert [f.code for f in found.findings] == [f"segregation_{reason}"]


def test_chance_is_drawn_with_the_seed_and_the_same_for_a_place_wherever_it_stands() -> None:
    both = [*observations(), *observations(period="2016")]
    alone = spec(draws=99).analyse(given(observations())).tables["indices"]
    again = spec(draws=99).analyse(given(both)).tables["indices"].filter(pl.col("period") == "2017")
    assert alone["expected"].to_list() == again["expected"].to_list()
    other = spec(draws=99, seed=2).analyse(given(observations())).tables["indices"]
    assert alone["expected"].to_list() != other["expected"].to_list()
    found = one(alone, index="dissimilarity")
    assert found["p_value"] == pytest.approx(0.01)
    assert found["corrected"] < found["value"]


def test_parts_add_up_to_m_and_changes_to_its_change() -> None:
    earlier = [
        share("delbydel", a, m / 2, SIZES[a], period="2015")
        for a, m in MEMBERS.items() if a != "0203"
    ]  # fmt: skip
    found = spec(nest=Level.BYDEL).analyse(given([*observations(), *earlier])).tables
    for period in ("2015", "2017"):
        whole = one(found["indices"], index="mutual", period=period)["value"]
        parts = found["parts"].filter(pl.col("period") == period)
        assert parts["value"].sum() == pytest.approx(whole, abs=1e-12)
        assert parts["part_area"].to_list() == ["", "990101", "990102"]
    first, last = (
        one(found["indices"], index="mutual", period=p)["value"] for p in ("2015", "2017")
    )
    changes = dict(found["changes"].select("part", "value").iter_rows())
    assert changes["total"] == pytest.approx(last - first, abs=1e-12)
    assert changes["come"] != 0
    assert changes["gone"] == 0
    assert sum(v for k, v in changes.items() if k != "total") == pytest.approx(changes["total"])
    assert set(found["changes"]["from"]) == {"2015"}


def test_neighbours_come_from_the_shapes() -> None:
    table = spec(neighbours=True).analyse(given(observations())).tables["indices"]
    near = one(table, index="spatial_dissimilarity")["value"]
    assert 0 <= near < one(table, index="dissimilarity")["value"]
    alone = spec(neighbours=True, own_weight=1.0).analyse(given(observations())).tables["indices"]
    for name in ("dissimilarity", "information", "isolation"):
        same = one(alone, index=f"spatial_{name}")["value"]
        assert same == pytest.approx(one(alone, index=name)["value"])


def by_education(hidden: str = "") -> list[dict[str, Any]]:
    rows = []
    for at, area in enumerate(MEMBERS):
        for number, group in enumerate(("education=1", "education=2", "education=3")):
            more: dict[str, Any] = {"value": 50.0 + 10 * at * number}
            if area == hidden and number == 0:
                more = {"status": "suppressed_primary"}
            rows.append(row("delbydel", area, "persons", group=group, **more))
    return rows


def test_several_groups_at_once() -> None:
    asked = spec(indicators=("persons",), by="education", draws=99)
    found = asked.analyse(given(by_education())).tables
    assert set(found["indices"]["index"]) == {"dissimilarity", "information", "mutual"}
    counts = np.array([[50.0 + 10 * at * n for n in range(3)] for at in range(6)])
    known = INDICES["information"](units(counts, np.array([0])))[0]
    assert one(found["indices"], index="information")["value"] == pytest.approx(known)
    assert found["contacts"].height == 9
    assert found["contacts"].group_by("of").agg(pl.col("value").sum())["value"].to_list() == (
        pytest.approx([1, 1, 1])
    )
    hidden = asked.analyse(given(by_education("0102")))
    assert set(hidden.tables["indices"]["reason"]) == {"hidden_size"}
    absent = [r for r in by_education() if (r["area"], r["group"]) != ("0102", "education=1")]
    told = asked.analyse(given(absent)).tables["indices"]
    assert set(told["reason"]) == {"hidden_size"}


def test_units_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UserError) as wrong:
        spec(indicators=("immigrants", "persons"), size={"immigrants": "tenants"}).analyse(
            given(observations())
        )
    assert [f.code for f in wrong.value.findings] == ["segregation_unit"] * 2
    with pytest.raises(UserError) as unknown:
        spec(size={"immigrants": "nothing"}).analyse(given(observations()))
    assert [f.code for f in unknown.value.findings] == ["analysis_unknown_indicator"]


@pytest.mark.parametrize(
    "more",
    [{"indicators": ()}, {"draws": 50}, {"own_weight": 0.5}, {"nest": Level.DELBYDEL},
     {"indicators": ("tenants", "tenants")}, {"own_weight": 0, "neighbours": True},
     {"size": {"tenants": "persons"}}],
)  # fmt: skip
def test_a_specification_checks_itself(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        spec(**more)


def test_the_rule_says_that_it_is_no_score() -> None:
    made = spec(nest=Level.BYDEL, neighbours=True, draws=99)
    said = {lang: made.explain({}, lang) for lang in LANGS}
    assert "gir ingen poeng" in said["nb"]
    assert "no score" in said["en"]
    assert len(set(said.values())) == 3


def test_nothing_to_measure_is_told() -> None:
    found = spec(periods=("1999",)).analyse(given(observations()))
    assert [f.code for f in found.findings] == ["segregation_no_figures"]
    single = [r for r in observations(totals=False) if r["area"] == "0101"]
    few = spec().analyse(given(single)).tables["indices"]
    assert set(few["reason"]) == {"too_few_units"}
