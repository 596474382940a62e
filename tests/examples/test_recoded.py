"""The IMDi figures of 2013 on the map of 2024, held to sums of the file itself."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Lang, Severity
from nabolag.geography.dated import weights_from_parts
from nabolag.publish.exports import export_bytes
from nabolag.publish.views import area_page, overview
from tests.conftest import ROOT
from tests.examples.conftest import Built

pytestmark = pytest.mark.data
Example = Callable[[str], Built]


def shown(built: Built, area: str, indicator: str) -> dict[str, object]:
    seen = built[1].observations.filter(
        level="kommune", area=area, indicator=indicator, group="", period="2013"
    )
    return seen.row(0, named=True)


def stated(data_root: Path, file: str, unit: str, codes: set[str]) -> list[float]:
    """Return what the file itself says of municipalities, everybody together."""
    path = data_root / "2-statistics/imdi-2013-2014" / file
    with path.open(encoding="utf-8") as opened:
        return [
            float(row["tabellvariabel"])
            for row in csv.DictReader(opened)
            if row["kommune_nr"] in codes
            and row["enhet"] == unit
            and all(row.get(name, "alle") in ("alle", "NULL") for name in ("kjonn", "vreg_3", "invalder_3"))
            and [row[name] for name in row if name.startswith("innvkat")] == ["alle"]
        ]  # fmt: skip


def test_every_municipality_of_today_has_a_figure_or_a_reason(example: Example) -> None:
    built = example("imdi-2013")
    seen = built[1].observations.filter(level="kommune", group="", period="2013")
    assert built[1].shapes.filter(level="kommune").height == 357
    for _, part in seen.group_by("indicator"):
        assert part["area"].n_unique() == 357
    assert set(seen["geography"]) == {"2024"}
    absent = seen.filter(status="missing")
    assert set(absent["reason"]) == {"recoded:2013:unmoved"}
    assert not [f for f in built[0].findings if f.severity is Severity.ERROR]


def test_merged_municipalities_are_added_from_their_counts(
    example: Example, data_root: Path
) -> None:
    """Sandefjord (3907) is Sandefjord, Andebu and Stokke; no mean of their shares is made."""
    parts = {"0706", "0719", "0720"}
    employed = stated(data_root, "sysselsatte_innvkat.csv", "personer", parts)
    shares = stated(data_root, "sysselsatte_innvkat.csv", "prosent", parts)
    people = sum(n / (share / 100) for n, share in zip(employed, shares, strict=True))
    figure = shown(example("imdi-2013"), "3907", "employed_share")
    assert len(employed) == 3
    assert figure["numerator"] == sum(employed)
    assert figure["value"] == pytest.approx(sum(employed) / people)
    assert figure["reason"] == "recoded:2013:merged"
    helped = shown(example("imdi-2013"), "3907", "social_assistance_recipients")
    assert helped["value"] == sum(stated(data_root, "sosialhjelp.csv", "personer", parts))


def test_school_points_are_weighed_by_pupils(example: Example, data_root: Path) -> None:
    parts = {"0706", "0719", "0720"}
    points = stated(data_root, "grunnskolepoeng.csv", "gjennomsnitt", parts)
    pupils = stated(data_root, "grunnskolepoeng.csv", "personer", parts)
    mean = sum(p * n for p, n in zip(points, pupils, strict=True)) / sum(pupils)
    assert shown(example("imdi-2013"), "3907", "grunnskolepoeng")["value"] == pytest.approx(mean)


def test_shares_without_counts_are_moved_alone_and_never_averaged(
    example: Example, data_root: Path
) -> None:
    built = example("imdi-2013")
    merged = shown(built, "3907", "low_income_persistent")
    assert (merged["value"], merged["status"]) == (None, "missing")
    halden = shown(built, "3101", "low_income_persistent")
    file = stated(data_root, "vedvarende_lavinntekt.csv", "prosent", {"0101"})
    assert halden["value"] == pytest.approx(file[0] / 100)
    assert halden["reason"] == "recoded:2013:renumbered"
    assert shown(built, "0301", "low_income_persistent")["reason"] == ""


def test_a_divided_municipality_gives_bounds_and_is_called_uncertain(example: Example) -> None:
    """Tysfjord was divided between Narvik and Hamarøy; the file does not know by how much."""
    hamaroy = shown(example("imdi-2013"), "1875", "employed_share")
    assert hamaroy["status"] == "unreliable"
    assert hamaroy["reason"] == "recoded:2013:partly"
    low, value, high = (hamaroy[name] for name in ("lower", "value", "upper"))
    assert 0 < low < value < high < 1  # type: ignore[operator]
    narvik = shown(example("imdi-2013"), "1806", "employed_share")
    assert narvik["reason"] == "recoded:2013:slight"
    assert narvik["upper"] - narvik["lower"] < high - low  # type: ignore[operator]


def test_the_code_that_was_given_up_is_told_of_and_stands_in(example: Example) -> None:
    built = example("imdi-2013")
    told = [f for f in built[0].findings if f.code == "recode_code_old"]
    assert {f.examples for f in told} == {("1901",)}
    assert len({f.place.file for f in told}) == 4
    assert shown(built, "5503", "mean_income")["status"] == "value"


@pytest.mark.parametrize(("lang", "words"), [
    ("nb", "Omregnet fra grensene i 2013"), ("nn", "Rekna om frå grensene i 2013"),
    ("en", "Recoded from the borders of 2013"),
])  # fmt: skip
def test_pages_say_that_a_figure_was_recoded(example: Example, lang: Lang, words: str) -> None:
    release = example("imdi-2013")[1]
    page = area_page(release, "kommune", "3907", lang)
    assert words in repr(page)
    assert words not in repr(area_page(release, "kommune", "0301", lang))


def test_the_map_of_today_is_coloured(example: Example) -> None:
    view = overview(example("imdi-2013")[1], "nb")
    assert len(view.map.areas) >= 357


def test_what_is_hidden_stays_hidden(example: Example) -> None:
    release = example("imdi-2013")[1]
    seen = release.observations
    without = seen.filter(~pl.col("status").is_in(["value", "unreliable"]))
    for column in ("value", "numerator", "denominator", "lower", "upper"):
        assert without[column].null_count() == without.height
    assert Counter(without["status"])["suppressed_primary"] > 0
    few = seen.filter(
        pl.col("numerator").is_between(0, 5, closed="none"),
        pl.col("status").is_in(["value", "unreliable"]),
    )
    assert few.is_empty()
    for form in ("csv", "xlsx"):
        assert len(export_bytes(release, form, "nn")) > 1000


def test_pairs_written_by_hand_follow_from_basic_statistical_units(data_root: Path) -> None:
    """Units of 2010 found by name in 2024, with persons in households of 2016."""
    config = tomllib.loads((ROOT / "examples/imdi-2013/nabolag.toml").read_text("utf-8"))
    [written] = [part for part in config["crosswalk"] if "pairs" in part]
    given = {(pair["from"], pair["to"]): pair.get("weight", 1.0) for pair in written["pairs"]}
    lists = data_root / "1-geography/grunnkrets-hierarchy"
    old, new = (units(lists / name) for name in ("cast_2010.csv", "cast_2024b.csv"))
    people = pl.read_csv(
        data_root
        / "2-statistics/grunnkrets-national-2015-2016/grunnkrets_households_num_persons.csv",
        schema_overrides={"grunnkrets_id": pl.String},
    ).filter(year=2016)
    counted = people.select(
        code=pl.col("grunnkrets_id").str.zfill(8),
        persons=pl.sum_horizontal(pl.exclude("grunnkrets_id", "year")).cast(pl.Float64),
    )
    wanted = pl.DataFrame(list(given), schema=["from_code", "to_code"], orient="row")
    ends = new.rename({"municipality": "to_code"}).select("name", "to_code").unique()
    parts = (
        old.rename({"municipality": "from_code"})
        .join(counted, on="code")
        .join(ends.filter(pl.col("to_code").is_in(wanted["to_code"].unique().to_list())), on="name")
        .filter(pl.col("from_code").is_in(wanted["from_code"].unique().to_list()))
        # A name that stands in both of two neighbours of today says nothing.
        .filter(~pl.struct("code").is_duplicated())
        .with_columns(level=pl.lit("kommune"))
    )
    told = weights_from_parts(parts).select("from_code", "to_code", "weight")
    assert {(a, b) for a, b, _ in told.iter_rows()} == set(given)
    for one, other, weight in told.iter_rows():
        assert weight == pytest.approx(given[one, other], abs=0.0006)


def units(path: Path) -> pl.DataFrame:
    table = pl.read_csv(path, infer_schema=False).filter(level="grunnkrets")
    named = table.filter(pl.col("code") != "").select(
        "name", "code", municipality=pl.col("code").str.head(4)
    )
    return named.unique(maintain_order=True)
