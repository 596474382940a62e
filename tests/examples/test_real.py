"""The examples from delivered files to what a reader sees, held to sums that the files state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import polars as pl
import pytest

from nabolag.core import Finding, Severity
from nabolag.pipeline.auditing import audit_release
from nabolag.pipeline.leaving import ledger_of
from nabolag.publish.exports import export_bytes
from nabolag.publish.pdf import area_profile_pdf
from nabolag.publish.views import area_page, overview, schools_of
from nabolag.store import Workspace
from tests.examples.conftest import Built

pytestmark = pytest.mark.data
Example = Callable[[str], Built]


def shown(built: Built, **wanted: str) -> pl.DataFrame:
    seen = built[1].observations
    return seen.filter(pl.col(name) == value for name, value in wanted.items())


def told(built: Built, code: str) -> list[Finding]:
    return [finding for finding in built[0].findings if finding.code == code]


def test_oslo_households_are_counted_once(example: Example) -> None:
    oslo = example("oslo")
    year = {"indicator": "households", "period": "2018"}
    assert shown(oslo, level="kommune", **year)["value"].item() == 340_444
    small = shown(oslo, level="delbydel", **year)
    hidden = small.filter(pl.col("value").is_null())
    assert small["value"].sum() <= 340_444
    assert set(hidden["status"]) <= {"suppressed_primary", "suppressed_secondary", "missing"}
    left_out = [f for f in told(oslo, "source_left_out") if "Husholdninger" in f.place.file]
    assert any(f.count == 5829 for f in left_out)


def test_oslo_codes_without_borders_and_retired_codes_are_reported_not_lost(
    example: Example,
) -> None:
    oslo = example("oslo")
    households = [f for f in oslo[0].findings if "Husholdninger" in f.place.file]
    shapeless = " ".join(f.text("nb") for f in households if f.code == "match_shapeless")
    retired = " ".join(f.text("nb") for f in households if f.code == "match_retired")
    assert "1701" in shapeless
    assert "9901" in shapeless
    for code in ("0101", "0107", "0207", "0903"):
        assert code in retired
        assert shown(oslo, area=code, indicator="households", period="2016")["value"].item() > 0
    assert not [f for f in oslo[0].findings if f.severity is Severity.ERROR]


def test_oslo_borders_are_whole(example: Example) -> None:
    oslo = example("oslo")
    assert oslo[1].shapes.filter(level="delbydel").height == 97
    assert not [f for f in oslo[0].findings if f.code.startswith("geometry_repaired")]


def test_oslo_income_is_missing_once_and_never_zero(example: Example) -> None:
    oslo = example("oslo")
    drawn = set(oslo[1].shapes.filter(level="delbydel")["code"])
    income = shown(oslo, level="delbydel", indicator="mean_income")
    income = income.filter(pl.col("area").is_in(list(drawn)))
    assert income.height == 97
    assert Counter(income["status"]) == {"value": 96, "missing": 1}
    missing = income.filter(status="missing")
    assert missing["area"].to_list() == ["1601"]
    assert missing["value"].to_list() == [None]


def test_oslo_has_every_delivery(example: Example) -> None:
    seen = set(example("oslo")[1].observations["indicator"])
    assert seen >= {
        "households", "tenant_households", "mean_income", "low_space_households", "house_price_m2",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_gronland_has_a_page_and_a_profile(example: Example, lang: str) -> None:
    release = example("oslo")[1]
    page = area_page(release, "delbydel", "0102", lang)  # type: ignore[arg-type]
    assert page.name == "Grønland"
    assert area_profile_pdf(release, "delbydel", "0102", lang).startswith(b"%PDF")  # type: ignore[arg-type]


def test_gronland_is_among_the_quarter_in_every_known_challenge(example: Example) -> None:
    classes = example("oslo")[1].accumulation.filter(area="0102", period="2017")
    reasons = classes["reasons"].item().split(";")
    assert set(reasons) == {"mean_income", "tenant_households", "single_parent_households"}
    assert classes["class"].item() == "2-3"


def test_the_accumulation_map_of_oslo_has_every_drawn_area(example: Example) -> None:
    release = example("oslo")[1]
    view = overview(release, "nb")
    drawn = set(release.shapes.filter(level="delbydel")["code"])
    listed = {area.code for area in view.map.areas}
    assert listed - drawn == {"1701", "9901"} == {area.code for area in view.map.without_shape}
    assert drawn <= listed
    with_class = release.accumulation.filter(period="2017", level="delbydel")
    assert set(with_class["area"]) == drawn
    assert "97 delbydeler" in view.opening.text


def test_kristiansand_conserves_the_population_of_the_mapped(example: Example) -> None:
    built = example("kristiansand")
    release = built[1]
    assert release.shapes.filter(level="grunnkrets").height == 224
    zones = release.areas.filter(level="levekarssone")
    assert zones.height == 47
    links = release.links.filter(level="grunnkrets", parent_level="levekarssone")
    assert links["code"].n_unique() == 220
    unmapped = told(built, "area_parent_absent")
    listed = " ".join(f.text("nb") for f in unmapped)
    for island in ("Bragdøya", "Randesundøyane", "Ny Hellesund", "Borøya"):
        assert island in listed
    town = shown(built, level="kommune", indicator="population")["value"].item()
    in_zones = shown(built, level="levekarssone", indicator="population")["value"].sum()
    assert town == 119_090
    assert in_zones == 119_021


def test_kristiansand_prices_where_few_live_are_uncertain(example: Example) -> None:
    built = example("kristiansand")
    units = {"level": "grunnkrets", "period": "2026"}
    prices = shown(built, indicator="estimated_house_value_m2", **units)
    living = shown(built, indicator="population", **units).select("area", living="value")
    few = prices.join(living, on="area").filter(pl.col("living") < 100)
    uncertain = prices.filter(status="unreliable")
    assert set(uncertain["reason"]) == {"population<100", "population_hidden"}
    few_shown = uncertain.filter(reason="population<100")
    assert set(few["area"]) == set(few_shown["area"])
    # Where it is not shown how many live, the figures do not tell whether they are few.
    everybody = shown(built, indicator="population", **units)
    hidden = everybody.filter(pl.col("status").str.starts_with("suppressed"))
    rest = uncertain.filter(reason="population_hidden")
    assert set(rest["area"]) == set(hidden["area"]) & set(prices["area"])
    assert told(built, "population_few_unreliable")


def test_stavanger_places_every_kindergarten_in_a_district(example: Example) -> None:
    """The file has 133 rows; SSB counts 144 699 residents in the municipality, 181 of them nowhere."""
    built = example("stavanger")
    release = built[1]
    assert release.points.height == 133
    assert set(release.points["how"]) == {"inside"}
    districts = shown(built, level="bydel", indicator="population")
    assert districts.height == 9
    whole = shown(built, level="kommune", indicator="population")["value"].item()
    assert (whole, districts["value"].sum()) == (144_699, 144_699 - 181)
    view = schools_of(release, "kommune", "1103", "nb")
    assert view is not None
    assert view.lead == "I Stavanger ligger 133 barnehager."
    inside = [schools_of(release, "bydel", code, "nb") for code in districts["area"]]
    assert sum(len(one.places) for one in inside if one) == 133


def test_imdi_marks_are_statuses_with_the_files_own_counts(example: Example) -> None:
    built = example("imdi")
    assert (
        shown(built, level="kommune", indicator="low_income_persistent")["area"].n_unique() >= 428
    )
    districts = shown(built, level="bydel", indicator="low_income_persistent", group="")
    assert districts.filter(~pl.col("area").str.ends_with("99")).height == 17
    income = shown(built, indicator="low_income_persistent")
    statuses = Counter(income["status"])
    assert statuses["suppressed_primary"] == 237
    assert statuses["not_applicable"] == 5
    assert set(income.filter(mark=":")["status"]) == {"suppressed_primary"}
    assert set(income.filter(mark=".")["status"]) == {"not_applicable"}
    marks = {(f.code, f.count) for f in built[0].findings if "vedvarende" in f.place.file}
    assert ("source_mark_suppressed_primary", 237) in marks
    assert ("source_mark_not_applicable", 5) in marks


@pytest.mark.parametrize("name", ["oslo", "kristiansand", "imdi", "telemark"])
def test_nothing_hidden_comes_out_and_what_left_is_in_the_ledger(
    example: Example, name: str
) -> None:
    release = example(name)[1]
    workspace = Workspace(release.bundle.path.parents[1])
    seen = audit_release(workspace).audit
    assert (seen.exact, seen.by_verdict["before"], seen.by_verdict["narrow"]) == (0, 0, 0)
    assert seen.hidden > 0
    (entry,) = ledger_of(workspace).entries()
    assert entry.content == release.bundle.manifest["content_sha256"]


@pytest.mark.parametrize("name", ["oslo", "kristiansand", "imdi", "stavanger", "telemark"])
def test_no_hidden_figure_carries_a_number_in_any_table(example: Example, name: str) -> None:
    seen = example(name)[1].observations
    without = seen.filter(~pl.col("status").is_in(["value", "unreliable"]))
    for column in ("value", "numerator", "denominator", "lower", "upper"):
        assert without[column].null_count() == without.height
    few = seen.filter(
        pl.col("numerator").is_between(0, 5, closed="none") & (pl.col("status") == "value")
    )
    assert few.is_empty()


@pytest.mark.parametrize("name", ["oslo", "kristiansand", "imdi", "stavanger", "telemark"])
def test_every_file_to_hand_on_can_be_made(example: Example, name: str) -> None:
    release = example(name)[1]
    for form in ("csv", "xlsx", "geojson", "gpkg", "jsonstat"):
        assert len(export_bytes(release, form, "nn")) > 1000
