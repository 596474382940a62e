"""The demo's invented grants, facilities and criteria: shaped as declared, with planted mistakes."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from nabolag.allocation.grants import GrantsSpec, read_grants, sums
from nabolag.allocation.need import ExpenditureNeedSpec, computed, read_need
from nabolag.synthetic.country.demo import demo_spec
from nabolag.synthetic.granted import write_grants
from nabolag.synthetic.ground import lay_ground
from nabolag.synthetic.municipality import workspace_config


def test_lists_and_need_are_read_as_the_template_declares(tmp_path: Path) -> None:
    ground = lay_ground(demo_spec(1, 20_000).towns[0])
    (tmp_path / "leveranse").mkdir()
    write_grants(tmp_path, ground)
    config = tomllib.loads(workspace_config(ground, with_country=True))
    grants, facilities = (GrantsSpec.model_validate(one) for one in config["grants"])
    path = tmp_path / grants.file[0]
    found = read_grants(grants, [(path, grants.file[0])])
    assert found.problems["problem"].to_list() == ["area", "amount"]
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter=";"))
    written = sum(int(row["Tilskudd"]) for row in rows if row["Tilskudd"].isdigit())
    assert sums(found)["amount"].sum() == written * 100
    counted = read_grants(facilities, [(tmp_path / facilities.file[0], "anlegg.csv")])
    assert counted.problems.is_empty()
    spec = ExpenditureNeedSpec.model_validate(config["expenditure_need"])
    names = (spec.file, spec.weights.file)
    need = computed(read_need(spec, *((tmp_path / name, name) for name in names)), fewest=5)
    assert need.hidden == 0
    assert need.totals["index"].null_count() == 0
    assert need.totals["index"].max() > 1 > need.totals["index"].min()
