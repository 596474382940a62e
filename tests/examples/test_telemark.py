"""Telemark's survey in 45 zones: answers counted by hand, what is hidden, and what is not said."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Lang, Severity
from nabolag.pipeline import check_deliveries
from nabolag.publish.views import area_page, indicator_page, overview
from nabolag.store import Workspace
from tests.conftest import ROOT
from tests.examples.conftest import Built

pytestmark = pytest.mark.data
Example = Callable[[str], Built]
SURVEY = "2-statistics/telemark-fhus-2025"


def shown(built: Built, **wanted: str) -> pl.DataFrame:
    seen = built[1].observations
    return seen.filter(pl.col(name) == value for name, value in wanted.items())


def answers(data_root: Path, file: str, **wanted: str) -> list[dict[str, str]]:
    """Return rows of the county's file, as it stands."""
    with (data_root / SURVEY / file).open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    return [row for row in rows if all(row[name] == text for name, text in wanted.items())]


def test_every_zone_is_drawn_and_lies_in_its_municipality(example: Example) -> None:
    telemark = example("telemark")
    shapes = Counter(telemark[1].shapes["level"])
    assert (shapes["levekarssone"], shapes["kommune"]) == (45, 17)
    town = telemark[1].links.filter(level="levekarssone", parent_level="kommune")
    assert all(code.startswith(parent) for _, code, _, parent in town.iter_rows())
    names = dict(telemark[1].areas.filter(level="levekarssone").select("code", "name").iter_rows())
    assert names["400303"] == "Kjørbekk – Gråtenmoen"
    assert names["401099"] == "Siljan"
    assert not [f for f in telemark[0].findings if f.severity is Severity.ERROR]


def test_a_zone_s_share_is_the_file_s_with_the_interval_of_its_answers(
    example: Example, data_root: Path
) -> None:
    """378 of 511 thrive: 0.7397; Wilson's interval worked out by hand is 0.7000 to 0.7759."""
    [row] = answers(
        data_root, "frequency_tables_all_levekaarssoner.csv", Levekårssone="400101",
        Variabel="trivsel",
    )  # fmt: skip
    assert (row["Antall"], row["Andel"], row["Datatype"]) == ("378", "0.7397", "Real data")
    zone = shown(example("telemark"), area="400101", indicator="fhus_thriving").row(0, named=True)
    assert (zone["value"], zone["numerator"]) == (0.7397, 378)
    assert (zone["lower"], zone["upper"]) == pytest.approx((0.7000, 0.7759), abs=5e-4)


def test_the_county_is_weighted_and_claims_no_interval(example: Example, data_root: Path) -> None:
    """As many answered in small zones as in large ones: 42 per cent of them, 48 of the people."""
    [row] = answers(
        data_root, "frequency_tables_all_kommuner_2025_999_only.csv", Kommunenummer_2025="40",
        Variabel="transport",
    )  # fmt: skip
    assert (row["Andel_original"], row["Andel_vektet"]) == ("0.4225", "0.4777")
    whole = shown(example("telemark"), level="fylke", indicator="fhus_transport")
    assert whole.select("value", "lower", "upper", "numerator").rows() == [
        (0.4777, None, None, None)
    ]


def test_zones_add_up_to_nothing_that_the_county_did_not_say(example: Example) -> None:
    seen = shown(example("telemark"), indicator="fhus_lonely")
    assert Counter(seen["level"]) == {"levekarssone": 45, "kommune": 17, "fylke": 1}
    sources = seen.group_by("level").agg(pl.col("source").unique())
    assert {level: of for level, [of] in sources.iter_rows()} == {
        "levekarssone": "fhus_soner", "kommune": "fhus_kommuner", "fylke": "fhus_kommuner",
    }  # fmt: skip


def test_a_count_left_blank_is_hidden_and_its_share_with_it(example: Example) -> None:
    """NAV leaves the count blank where it is small, and prints the share beside it."""
    telemark = example("telemark")
    young = shown(telemark, indicator="reduced_work_capacity_18_29")
    hidden = young.filter(pl.col("status").str.starts_with("suppressed"))
    assert Counter(hidden["status"])["suppressed_primary"] > 40
    for column in ("value", "numerator", "denominator", "lower", "upper"):
        assert hidden[column].null_count() == hidden.height
    assert "source_blank_suppressed_primary" in {f.code for f in telemark[0].findings}
    few = telemark[1].observations.filter(
        pl.col("numerator").is_between(0, 5, closed="none"), pl.col("status") == "value"
    )
    assert few.is_empty()


def test_no_number_is_missing_and_not_zero(example: Example) -> None:
    crowded = shown(example("telemark"), indicator="crowded_residents", period="2024")
    assert set(crowded.filter(status="missing")["area"]) == {"4034", "4036"}
    assert crowded.filter(pl.col("value") == 0).is_empty()


@pytest.mark.parametrize(("lang", "title", "answered", "whole"), [
    ("nb", "Hva har endret seg i Telemark?", "35–54 prosent", "er hele kommunen"),
    ("nn", "Kva har endra seg i Telemark?", "35–54 prosent", "er heile kommunen"),
    ("en", "What has changed in Telemark?", "35–54 per cent", "is the whole of the municipality"),
])  # fmt: skip
def test_pages_say_how_many_answered_and_name_the_county(
    example: Example, lang: Lang, title: str, answered: str, whole: str
) -> None:
    release = example("telemark")[1]
    assert overview(release, lang).changes_title == title
    page = area_page(release, "levekarssone", "400303", lang)
    assert answered in repr(page.sources)
    alone = area_page(release, "levekarssone", "401099", lang)
    words = {row.indicator: row.difference.words for row in alone.assets}
    assert words["fhus_thriving"] == whole


def test_good_things_are_assets(example: Example) -> None:
    page = area_page(example("telemark")[1], "levekarssone", "400303", "nb")
    assert {"perceived_safety", "fhus_thriving", "fhus_culture"} <= {
        r.indicator for r in page.assets
    }
    assert {"fhus_lonely", "fhus_economy"} <= {r.indicator for r in page.challenges}
    response = indicator_page(example("telemark")[1], "fhus_response", "nb")
    assert len(response.rows) == 45


def test_the_wrong_encoding_is_named_with_the_right_one(data_root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "telemark"
    shutil.copytree(ROOT / "examples/telemark", folder)
    config = folder / "nabolag.toml"
    text = config.read_text("utf-8")
    assert text.count('read = { encoding = "cp1252" }\n') == 1
    config.write_text(text.replace('read = { encoding = "cp1252" }\n', ""), "utf-8")
    report = check_deliveries(Workspace(folder, data_root))
    [wrong] = report.errors
    assert "svarprosent_levekårssoner.csv" in wrong.place.file
    assert "cp1252" in wrong.text("nb")
