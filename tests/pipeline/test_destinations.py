"""Travel times and places, from `[[destinations]]` to the release."""

from __future__ import annotations

import pytest

from nabolag.core import UserError
from nabolag.pipeline import build
from nabolag.publish.views.analyses import analysis_page
from tests.pipeline.test_analyses import workspace
from tests.support.delivery import CODES

MORE = """
[[indicator]]
id = "population"
source = "levekar"
value = { measure = "husholdninger" }

[[destinations]]
id = "gangtid"
goal = "school"
file = "gangtid.csv"
level = "delbydel"
code = "krets"
minutes = "minutter"
producer = "Prøvekommune"

[[analysis]]
id = "naer"
kind = "access"
level = "delbydel"
goals = ["school"]
within = ["bydel", "kommune"]
"""


def delivered(folder, rows: str, more: str = MORE):
    made = workspace(folder, more)
    (folder / "gangtid.csv").write_text("krets;minutter\n" + rows, encoding="utf-8")
    return made


def test_ways_reach_the_release_with_their_source(tmp_path):
    near = [code for code in CODES if code[:2] == "01"]
    rows = "".join(f"{code};{5 if code in near else 15}\n" for code in CODES[:-1])
    made = delivered(tmp_path, rows + "0999;3\n")
    summary = build(made.root)
    assert "destinations_area_unknown" in {f.code for f in summary.findings}
    release = made.release()
    shares = release.analyses["naer"].table("shares")
    districts = shares.filter(level="bydel").sort("area")
    assert districts["share"].to_list() == [1.0, 0.0]
    assert districts["areas_unknown"].to_list() == [0, 1]
    assert release.sources["gangtid"].file == "gangtid.csv"
    assert "Prøvekommune" in analysis_page(release, "naer", "nb").opening.text


def test_mistakes_in_the_file_stop_the_build(tmp_path):
    made = delivered(tmp_path, f"{CODES[0]};ti\n")
    with pytest.raises(UserError) as refused:
        build(made.root)
    (finding,) = refused.value.findings
    assert (finding.code, finding.place.file, finding.place.column) == (
        "dated_number_unread", "gangtid.csv", "minutter",
    )  # fmt: skip


def test_a_file_that_is_neither_times_nor_places_is_refused(tmp_path):
    made = delivered(tmp_path, "", MORE.replace('minutes = "minutter"\n', ""))
    with pytest.raises(UserError) as refused:
        build(made.root)
    assert refused.value.findings[0].place.file == "nabolag.toml"
