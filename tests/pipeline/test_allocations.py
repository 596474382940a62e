"""`[[allocation]]` from `nabolag.toml` and a table to the release."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nabolag.core import UserError
from nabolag.pipeline import build, check_deliveries
from nabolag.store import Workspace
from tests.pipeline.test_analyses import workspace
from tests.support.delivery import CODES

DECLARED = """
[[allocation]]
id = "skoler"
file = "skoler.csv"
name = { nb = "Skolene", nn = "Skulane", en = "The schools" }
units = { nb = "skoler", nn = "skular", en = "schools" }
size_word = { nb = "elever", nn = "elevar", en = "pupils" }
unit = "Nr"
unit_name = "Skole"
sizes = { size = "Elever" }
today = "I dag"
area = "Krets"
area_level = "delbydel"
budget = 10000000
producer = "Prøvekommune"
read = { delimiter = ";", decimal = "," }
model = { pots = [{ pupils = "0.25", rule = "share", criteria = [
  { need = "low_income", weight = "0.6" }, { need = "crowded", weight = "0.4" }] }] }

[[allocation.need]]
id = "low_income"
label = { nb = "Elever i lavinntekt", nn = "Elevar i låginntekt", en = "Pupils with low income" }
column = "Andel lavinntekt"
count = "Antall lavinntekt"

[[allocation.need]]
id = "crowded"
label = { nb = "Bor trangt", nn = "Bur trongt", en = "Crowded" }
indicator = "crowded_households"
"""
HEAD = "Nr;Skole;Elever;I dag;Krets;Andel lavinntekt;Antall lavinntekt\n"
ROWS = "1;Ås;300;4000000;0101;0,1;30\n2;Berg;200;3000000;0103;0,25;50\n3;Dal;100;3000000;0201;0,03719;3\n"


def delivered(folder: Path, rows: str = ROWS, declared: str = DECLARED) -> Workspace:
    made = workspace(folder, declared)
    (folder / "skoler.csv").write_text(HEAD + rows, encoding="utf-8")
    return made


def test_units_and_needs_leave_with_the_release(tmp_path):
    made = delivered(tmp_path)
    build(made.root)
    release = made.release()
    assert release.allocations["skoler"]["budget"] == 10_000_000
    needs = release.bundle.frame("allocation-skoler-needs")
    low = needs.filter(need="low_income").sort("unit")
    assert low["value"].to_list() == [0.1, None, None]
    assert low["status"].to_list() == ["value", "suppressed_secondary", "suppressed_primary"]
    crowded = needs.filter(need="crowded").sort("unit")
    assert crowded["value"].null_count() == 0
    areas = release.observations.filter(indicator="crowded_households", area="0103", period="2021")
    assert crowded["value"][1] == areas["value"][0]
    assert release.sources["skoler"].file == "skoler.csv"


def test_what_few_stand_behind_never_leaves(tmp_path):
    made = delivered(tmp_path)
    build(made.root)
    bundle = made.release().bundle
    texts = [path.read_text(encoding="utf-8") for path in bundle.path.glob("*.json")]
    texts += [
        bundle.frame(f"allocation-skoler-{n}").write_csv() for n in ("units", "sizes", "needs")
    ]
    assert len(texts) > 5
    assert not any("03719" in text for text in texts)


def test_who_knows_how_many_they_are_in_all_learns_no_small_count(tmp_path):
    rows = ROWS + "4;Eng;150;2000000;0101;0,2;30\n5;Fjell;90;1000000;0103;0,04444;4\n"
    made = delivered(tmp_path, rows)
    build(made.root)
    needs = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    hidden = needs.filter(pl.col("value").is_null())["unit"].to_list()
    counts, sizes = (
        {"3": 3, "5": 4, "1": 30, "2": 50, "4": 30},
        dict(zip("12345", (300, 200, 100, 150, 90), strict=True)),
    )
    assert {"3", "5"} <= set(hidden)
    assert len(hidden) < len(counts)
    left = sum(counts[unit] for unit in hidden)
    for unit in hidden:  # what is left of the sum says, and no count is below 0
        others = sum(sizes[other] for other in hidden if other != unit)
        assert min(left, sizes[unit]) - max(0, left - others) >= 2


def test_a_later_release_gives_no_earlier_count_away(tmp_path):
    made = delivered(tmp_path)
    build(made.root)
    first = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    build(made.root)
    again = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    assert again.equals(first)
    more = ROWS.replace("0,1;30", "0,03;9")
    (tmp_path / "skoler.csv").write_text(HEAD + more, encoding="utf-8")
    build(made.root)
    third = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    assert {"2", "3"} <= set(third.filter(pl.col("value").is_null())["unit"])


def test_one_whose_count_nobody_says_is_not_hidden_alone(tmp_path):
    rows = ROWS.replace("0,25;50", "0,25;:").replace("0,03719;3", "0,3;30")
    made = delivered(tmp_path, rows + "4;Eng;150;2000000;0101;0,2;29\n")
    build(made.root)
    needs = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    assert needs.filter(pl.col("value").is_null())["unit"].sort().to_list() == ["2", "4"]


def test_no_need_hidden_means_none_hidden_beside_it(tmp_path):
    rows = ROWS.replace("0,03719;3", "0,3;30")
    made = delivered(tmp_path, rows)
    build(made.root)
    needs = made.release().bundle.frame("allocation-skoler-needs").filter(need="low_income")
    assert needs["value"].null_count() == 0


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('count = "Antall lavinntekt"\n', "", "allocation_need_unprotected"),
        ('indicator = "crowded_households"', "", "allocation_need_source"),
        ('weight = "0.4"', 'weight = "0.3"', "allocation_weights_sum"),
        ('need = "crowded"', 'need = "noise"', "allocation_need_unknown"),
        ("sizes = { size =", "sizes = { pupils =", "allocation_size_absent"),
        ('area_level = "delbydel"\n', "", "allocation_area_unclear"),
        ('"crowded_households"', '"noise"', "allocation_indicator_unknown"),
        (
            'need = "crowded", weight',
            'need = "crowded", background = true, weight',
            "allocation_background",
        ),
    ],
)
def test_a_wrong_declaration_says_why(tmp_path, before, after, code):
    declared = DECLARED.replace(before, after)
    assert declared != DECLARED
    made = delivered(tmp_path, declared=declared)
    with pytest.raises(UserError) as wrong:
        build(made.root)
    (finding,) = wrong.value.findings
    assert finding.code == code
    assert finding.text("nn")


def test_mistakes_in_the_table_are_named_with_row_and_column(tmp_path):
    rows = ROWS.replace("300", "-300").replace("2;Berg", "1;Berg").replace("0,03719", "lite")
    report = check_deliveries(delivered(tmp_path, rows))
    found = {f.code: f.place for f in report.findings}
    assert (found["allocation_size_negative"].row, found["allocation_size_negative"].column) == (
        2,
        "Elever",
    )
    assert found["allocation_unit_twice"].row == 3
    assert found["allocation_not_number"].column == "Andel lavinntekt"


def test_an_unknown_area_and_an_unknown_need_are_told_of(tmp_path):
    rows = ROWS.replace("0201", "0999").replace("0,25;50", ";50")
    summary = build(delivered(tmp_path, rows).root)
    told = {f.code: f for f in summary.findings}
    assert told["allocation_area_unknown"].place.row == 4
    assert told["allocation_need_not_known"].count == 1
    assert "Berg (2)" in told["allocation_need_not_known"].text("nb") or told[
        "allocation_need_not_known"].examples  # fmt: skip
    assert CODES[0] == "0101"


def test_a_count_that_is_no_number_is_named_and_an_unknown_one_hides(tmp_path):
    wrong = check_deliveries(delivered(tmp_path / "a", ROWS.replace("0,25;50", "0,25;mange")))
    (finding,) = [f for f in wrong.findings if f.code == "allocation_not_number"]
    assert (finding.place.row, finding.place.column) == (3, "Antall lavinntekt")
    made = delivered(tmp_path / "b", ROWS.replace("0,25;50", "0,25;:"))
    build(made.root)
    needs = made.release().bundle.frame("allocation-skoler-needs")
    assert needs.filter(need="low_income", unit="2")["value"].to_list() == [None]
