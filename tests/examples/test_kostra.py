"""The KOSTRA example: the recorded answer, fetched from a local service, to a release."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from nabolag.pipeline import build
from nabolag.pipeline.fetching import fetch
from nabolag.sources.read import RawTable
from nabolag.sources.spec import SourceSpec
from nabolag.sources.tables import map_table
from nabolag.store import Workspace
from tests.conftest import ROOT
from tests.support.pxweb_server import PxServer, recorded

pytestmark = pytest.mark.data


def test_recorded_accounts_reach_a_release(data_root: Path, tmp_path: Path) -> None:
    path = data_root / "6-api-recorded" / "ssb" / "v2_table_12134_data.json"
    if not path.is_file():
        pytest.skip("the recorded answer of table 12134 is not here")
    dataset = json.loads(path.read_text(encoding="utf-8"))
    folder = tmp_path / "kostra"
    shutil.copytree(ROOT / "examples" / "kostra", folder)
    with PxServer([recorded(dataset)]).running() as server:
        config = folder / "nabolag.toml"
        text = config.read_text(encoding="utf-8")
        local = text.replace(
            'producer = "kostra"\n', f'producer = "kostra"\naddress = "{server.url}"\n'
        )
        assert local != text
        config.write_text(local, encoding="utf-8")
        (told,) = fetch(Workspace(folder))
        assert (told.state, told.requests, told.cells) == ("fetched", 1, 3)
    summary = build(folder)
    release = Workspace(folder).release()
    shown = release.observations.filter(pl.col("indicator") == "free_income").sort("area")
    assert shown["area"].to_list() == ["0301", "4601", "5001"]
    assert shown["value"].to_list() == dataset["value"]
    assert set(shown["status"]) == {"value"}
    (source,) = release.bundle.document("sources")
    assert (source["table"], source["updated_at"]) == ("12134", dataset["updated"])
    assert dataset["note"][1] in source["note"]["nb"]
    assert not [f for f in summary.findings if f.code == "preset_unverified"]


def test_groups_are_no_areas_and_are_told() -> None:
    """The declared roles: country, districts of Oslo, and sums that are left out and counted."""
    spec = SourceSpec.model_validate(
        {
            "id": "nokkeltall",
            "fetch": "x",
            "preset": "kostra-kommune",
            "geography": "2024",
            "measure": [{"id": "inntekter", "column": "value", "code": "K"}],
        }
    )
    regions = ["0301", "4601", "030101", "EAK", "EAKUO", "EKG10", "EAFK11"]
    frame = pl.DataFrame(
        {
            "_row": list(range(1, 8)),
            "KOKkommuneregion0000": regions,
            "ContentsCode": ["K"] * 7,
            "Tid": ["2024"] * 7,
            "value": [str(n) for n in range(7)],
        }
    )
    mapped = map_table(RawTable(frame), spec, "svar.json", lambda lookup: pytest.fail("no lookup"))
    assert mapped.cells.select("level", "area").rows() == [
        ("kommune", "0301"),
        ("kommune", "4601"),
        ("bydel", "030101"),
        ("land", "0"),
    ]
    assert [part.rows for part in mapped.left_out] == [3]
