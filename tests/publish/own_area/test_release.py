"""A release with an area of one's own in it: what is the same as a released one, and files."""

from __future__ import annotations

import csv
import io
from itertools import combinations

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from nabolag.core import LANGS, UserError
from nabolag.publish.exports.own_area import OWN_FORMS, own_area_bytes
from nabolag.publish.own_area import OwnArea, with_own_area
from nabolag.store import Release, indicator_as_dict, write_bundle
from tests.support import sample
from tests.support.sample import AREA_NAMES

CODES = tuple(AREA_NAMES)
SOUTH = CODES[:3]
KEY = ["indicator", "period"]
NUMBERS = ["value", "numerator", "denominator", "lower", "upper"]


def own_rows(release: Release, codes) -> dict[tuple[str, str], dict]:
    made = with_own_area(release, OwnArea("delbydel", tuple(codes), "her"))
    rows = made.observations.filter(pl.col("level") == "custom")
    return {(r["indicator"], r["period"]): r for r in rows.iter_rows(named=True)}


def shown(release: Release, level: str, code: str) -> dict[tuple[str, str], dict]:
    rows = release.observations.filter(pl.col("level") == level, pl.col("area") == code)
    return {(r["indicator"], r["period"]): r for r in rows.iter_rows(named=True)}


def added_up(folder) -> Release:
    """The sample with districts and municipality that are what their parts add up to."""
    small = sample.observations().filter(pl.col("level") == "delbydel")
    layers = [small]
    links = sample.links().filter(pl.col("level") == "delbydel").unique()
    for level in ("bydel", "kommune"):
        up = small.join(
            links.filter(pl.col("parent_level") == level),
            left_on=["level", "area"],
            right_on=["level", "code"],
        )
        whole = up.group_by("parent_code", *KEY).agg(
            pl.when(pl.col(n).null_count() == 0).then(pl.col(n).sum())
            for n in ("numerator", "denominator")
        )
        counted = whole.drop_nulls("denominator").with_columns(
            level=pl.lit(level), geography=pl.lit("2020"), group=pl.lit(""),
            value=pl.col("numerator") / pl.col("denominator"), status=pl.lit("value"),
            source=pl.lit(sample.SOURCE.source),
        )  # fmt: skip
        layers.append(counted.rename({"parent_code": "area"}))
    frames = {
        "observations": pl.concat(layers, how="diagonal").select(small.columns),
        "accumulation": sample.accumulation(), "reasons": sample.reasons(),
        "areas": sample.areas(), "links": sample.links(), "shapes": sample.shapes(),
    }  # fmt: skip
    documents = {
        "indicators": [indicator_as_dict(i) for i in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()], "findings": [], "about": sample.about(),
    }  # fmt: skip
    return Release(write_bundle(folder / "releases", frames, documents, {}))


def test_every_choice_is_the_sum_by_hand_and_nothing_is_told_that_a_part_hides(tmp_path):
    release = added_up(tmp_path)
    parts = {code: shown(release, "delbydel", code) for code in CODES}
    told = 0
    for n in range(1, len(CODES) + 1):
        for codes in combinations(CODES, n):
            for key, own in own_rows(release, codes).items():
                held = [parts[code][key] for code in codes]
                whole = all(part["numerator"] is not None for part in held)
                known = len(held) == 1 and held[0]["value"] is not None
                assert (own["value"] is not None) == (whole or known)
                if whole:
                    told += 1
                    assert own["numerator"] == sum(part["numerator"] for part in held)
                    assert own["denominator"] == sum(part["denominator"] for part in held)
                    assert own["value"] == own["numerator"] / own["denominator"]
    assert told > 300


def test_choosing_everything_is_the_municipality_where_it_is_shown(tmp_path):
    release = added_up(tmp_path)
    town, own = shown(release, "kommune", "9901"), own_rows(release, CODES)
    assert len(town) > 10
    for key, row in town.items():
        assert [own[key][name] for name in NUMBERS] == [row[name] for name in NUMBERS]


def test_a_released_area_that_is_the_same_speaks_where_the_sum_may_not(sample_release):
    district, own = shown(sample_release, "bydel", "990101"), own_rows(sample_release, SOUTH)
    hidden = ("low_income", "2017")
    assert shown(sample_release, "delbydel", "0101")[hidden]["status"] == "suppressed_primary"
    assert own[hidden]["value"] == district[hidden]["value"]
    assert own[("mean_income", "2017")]["value"] == district[("mean_income", "2017")]["value"]
    assert own_rows(sample_release, SOUTH[:2])[hidden]["status"] == "suppressed_primary"
    assert own_rows(sample_release, CODES[:4])[hidden]["status"] == "suppressed_primary"


def test_one_area_alone_says_what_its_own_page_says(sample_release):
    own, alone = own_rows(sample_release, ["0101"]), shown(sample_release, "delbydel", "0101")
    for key, row in alone.items():
        assert [own[key][n] for n in (*NUMBERS, "status", "reason")] == [
            row[n] for n in (*NUMBERS, "status", "reason")
        ]


def test_what_is_the_same_is_found_through_every_level(wide_release):
    def same(*codes):
        return with_own_area(wide_release, OwnArea("delbydel", codes, "her")).same

    assert same(*SOUTH) == (("bydel", "990101"),)
    assert same(*SOUTH[:2]) == ()
    assert same(*CODES) == (("kommune", "9901"), ("land", "0"))
    assert with_own_area(
        wide_release, OwnArea("bydel", ("990101", "990102"), "alt")
    ).same == (("kommune", "9901"), ("land", "0"))  # fmt: skip


def test_numbers_planted_under_a_status_never_come_out(tmp_path):
    may = pl.col("status").is_in(["value", "unreliable"])
    planted = sample.observations().with_columns(
        pl.when(may).then(pl.col(name)).otherwise(0.7777).alias(name) for name in NUMBERS
    )
    frames = {"observations": planted, "areas": sample.areas(), "links": sample.links(),
              "shapes": sample.shapes()}  # fmt: skip
    documents = {
        "indicators": [indicator_as_dict(i) for i in sample.INDICATORS],
        "sources": [sample.SOURCE.as_dict()], "findings": [], "about": sample.about(),
    }  # fmt: skip
    release = Release(write_bundle(tmp_path / "releases", frames, documents, {}))
    for codes in (["0101"], ["0101", "0102"], list(CODES)):
        text = own_area_bytes(release, OwnArea("delbydel", tuple(codes), "her"), "csv", "nb")
        assert "7777" not in text.decode("utf-8-sig")


@pytest.mark.parametrize("lang", LANGS)
def test_the_file_says_which_areas_and_why_not(sample_release, lang):
    own = OwnArea("delbydel", ("0203", "0101"), "Min =by")
    text = own_area_bytes(sample_release, own, "csv", lang).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(row["level"], row["area"], row["name"]) for row in rows} == {
        ("custom", "0101+0203", "Min =by")
    }
    assert all("0101, 0203" in row["note"] for row in rows)
    hidden = next(r for r in rows if (r["indicator"], r["period"]) == ("low_income", "2017"))
    assert (hidden["value"], hidden["numerator"], hidden["status_code"]) == (
        "", "", "suppressed_primary")  # fmt: skip
    assert "1 av 2" in hidden["note"] or "1 of 2" in hidden["note"]
    known = next(r for r in rows if (r["indicator"], r["period"]) == ("crowded", "2017"))
    assert float(known["value"].replace(",", ".")) == pytest.approx(
        float(known["numerator"]) / float(known["denominator"])
    )


def test_the_workbook_has_the_same_figures_and_says_what_it_is_about(sample_release):
    own = OwnArea("delbydel", SOUTH, "Sør")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(own_area_bytes(sample_release, own, "xlsx", "nb"))
    )
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    figures, about = next(iter(sheets.values())), list(sheets.values())[-1]
    plain = own_area_bytes(sample_release, own, "csv-international", "nb").decode()
    assert len(figures) == len(plain.splitlines())
    assert any("0101, 0102, 0103" in str(cell) for row in about for cell in row)
    assert any("Søndre" in str(cell) for row in about for cell in row)


def test_another_form_is_refused(sample_release):
    with pytest.raises(UserError, match="gpkg"):
        own_area_bytes(sample_release, OwnArea("delbydel", SOUTH, "x"), "gpkg", "nb")
    assert "gpkg" not in OWN_FORMS
