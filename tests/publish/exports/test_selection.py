from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import Status, UserError
from nabolag.publish.exports import Selection, select, select_accumulation
from nabolag.store import Release
from tests.publish.exports.rows import write_release
from tests.support import sample


def test_everything_is_selected_and_nothing_is_lost(sample_release: Release) -> None:
    chosen = select(sample_release)
    assert chosen.height == sample_release.observations.height
    assert chosen.columns == sample_release.observations.columns
    assert chosen.sort(chosen.columns).equals(
        sample_release.observations.sort(sample_release.observations.columns)
    )


def test_the_order_is_that_of_levels_and_of_the_catalogue(sample_release: Release) -> None:
    chosen = select(sample_release)
    assert chosen["level"].unique(maintain_order=True).to_list() == ["delbydel", "bydel", "kommune"]
    first = chosen.filter(pl.col("area") == "0101")["indicator"].unique(maintain_order=True)
    assert first.to_list() == [i.id for i in sample.INDICATORS]


def test_each_part_narrows(sample_release: Release) -> None:
    wanted = Selection("delbydel", ("crowded", "tenants"), ("2017",), ("0101", "0203"), ("",))
    chosen = select(sample_release, wanted)
    assert chosen.select("area", "indicator").rows() == [
        ("0101", "crowded"),
        ("0101", "tenants"),
        ("0203", "crowded"),
        ("0203", "tenants"),
    ]
    assert select(sample_release, Selection(areas=())).is_empty()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Selection(level="delbydl"), "delbydel"),
        (Selection(level="xyz"), "kommune"),
        (Selection(indicators=("crowdd",)), "crowded"),
        (Selection(periods=("1999",)), "2015"),
        (Selection(areas=("0109",)), "0101"),
        (Selection(groups=("sex=women",)), "everybody"),
    ],
)
def test_what_is_not_held_is_refused_with_suggestions(
    sample_release: Release, wanted: Selection, words: str
) -> None:
    with pytest.raises(UserError) as refused:
        select(sample_release, wanted)
    for lang in ("nb", "nn", "en"):
        assert refused.value.findings[0].text(lang)
    assert words in str(refused.value)


def test_every_mistake_is_told_at_once(sample_release: Release) -> None:
    with pytest.raises(UserError) as refused:
        select(sample_release, Selection(indicators=("crowdd", "tenantz"), periods=("1999",)))
    assert len(refused.value.findings) == 3


@pytest.mark.parametrize("column", ["value", "numerator", "denominator", "lower", "upper"])
def test_a_hidden_figure_that_carries_a_number_stops_everything(
    tmp_path: Path, column: str
) -> None:
    broken = sample.observations().with_columns(
        pl.when(pl.col("status") == Status.SUPPRESSED_PRIMARY.value)
        .then(3.0)
        .otherwise(pl.col(column))
        .alias(column)
    )
    with pytest.raises(ValueError, match="without a number"):
        select(write_release(tmp_path, broken))


def test_classes_are_selected_like_figures(sample_release: Release) -> None:
    chosen = select_accumulation(sample_release, Selection(periods=("2017",), areas=("0203",)))
    assert chosen.select("area", "period", "class").rows() == [("0203", "2017", "4+")]
    with pytest.raises(UserError):
        select_accumulation(sample_release, Selection(level="bydel"))
