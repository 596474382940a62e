"""What can be worked out of a release, and what a file would give away before it leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from nabolag.core import LANGS, Severity, UserError
from nabolag.pipeline import build
from nabolag.pipeline.auditing import Tried, audit_release, try_leaving
from nabolag.pipeline.leaving import ledger_of, register_elsewhere
from nabolag.store import Workspace
from tests.support.delivery import write_delivery

KEY = ["level", "area", "indicator", "period", "group"]
#: Hidden because it is few, and hidden to protect it.
FEW = ("delbydel", "0101", "low_income_households", "2021", "")
OTHER = ("delbydel", "0102", "low_income_households", "2021", "")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_delivery(tmp_path_factory.mktemp("audit") / "town")
    build(folder)
    return folder


@pytest.fixture
def workspace(once: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(once, tmp_path / "town"))


def table(folder: Path, name: str, rows: pl.DataFrame) -> Path:
    path = folder / name
    rows.select(*KEY, "value", "numerator", "denominator").write_csv(path)
    return path


def inside(workspace: Workspace, *keys: tuple[str, ...]) -> pl.DataFrame:
    snapshot = workspace.snapshot()
    assert snapshot is not None
    wanted = pl.DataFrame(keys, schema=KEY, orient="row")
    return snapshot.frame("observations").join(wanted, on=KEY, how="semi", maintain_order="left")


def weak(tried: Tried) -> dict[str, str]:
    return {row["area"]: row["verdict"] for row in tried.figures.iter_rows(named=True)}


def test_of_a_release_nothing_comes_out(workspace: Workspace) -> None:
    seen = audit_release(workspace).audit
    hidden = workspace.release().observations["status"].str.starts_with("suppressed").sum()
    assert (seen.exact, seen.hidden) == (0, hidden)
    assert seen.owed > 0
    assert seen.as_dict() == workspace.release().about["disclosure"]["audit"]


def test_the_audit_sees_a_figure_that_should_not_have_been_shown(workspace: Workspace) -> None:
    """The release is opened by hand: what hid the small figure is shown again."""
    release = workspace.release()
    path = release.bundle.path / "observations.parquet"
    told = inside(workspace, OTHER)
    shown = pl.concat([release.observations.join(told, on=KEY, how="anti"), told])
    shown.write_parquet(path)
    seen = audit_release(Workspace(workspace.root)).audit
    assert seen.exact == 1
    assert seen.figures.filter(verdict="exact")["area"].to_list() == ["0101"]


def test_a_file_that_shows_what_hides_another_gives_it_away(
    workspace: Workspace, tmp_path: Path
) -> None:
    tried = try_leaving(workspace, table(tmp_path, "tabell.csv", inside(workspace, OTHER)))
    assert weak(tried) == {"0101": "exact", "0102": "shown"}
    assert {f.code for f in tried.findings} == {"ledger_shows_hidden", "ledger_gives_away"}
    assert all(
        f.severity is Severity.ERROR and f.place.file == "tabell.csv" for f in tried.findings
    )
    for lang in LANGS:
        assert all("0101" in f.text(lang) or "0102" in f.text(lang) for f in tried.findings)


def test_a_file_of_released_figures_gives_nothing_away(
    workspace: Workspace, tmp_path: Path
) -> None:
    shown = workspace.release().observations.filter(status="value")
    tried = try_leaving(workspace, table(tmp_path, "tabell.csv", shown))
    assert (tried.figures.height, tried.findings) == (0, ())


def test_nothing_is_written_by_trying(workspace: Workspace, tmp_path: Path) -> None:
    before = ledger_of(workspace).path.read_bytes()
    try_leaving(workspace, table(tmp_path, "tabell.csv", inside(workspace, OTHER)))
    assert ledger_of(workspace).path.read_bytes() == before


def test_what_comes_out_together_with_something_else_names_it(tmp_path: Path) -> None:
    """Three areas are hidden; a report has shown one, and a file would show the other."""
    folder = write_delivery(tmp_path / "town")
    file = folder / "levekår.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    few = {"0102;2021": "4", "0103;2021": "2"}
    changed = [
        ";".join([*line.split(";")[:2], few[line[:9]], *line.split(";")[3:]])
        if line[:9] in few
        else line
        for line in lines
    ]
    file.write_text("\n".join(changed), encoding="utf-8")
    build(folder)
    workspace = Workspace(folder)
    third = (FEW[0], "0103", *FEW[2:])
    register_elsewhere(workspace, table(tmp_path, "a.csv", inside(workspace, OTHER)), "Rapporten")
    assert audit_release(workspace).audit.figures.filter(area="0101").is_empty()
    tried = try_leaving(workspace, table(tmp_path, "b.csv", inside(workspace, third)))
    assert weak(tried) == {"0101": "exact", "0103": "shown"}
    found = {finding.code: finding for finding in tried.findings}
    assert set(found) == {"ledger_shows_hidden", "ledger_gives_away_with"}
    assert "Rapporten" in found["ledger_gives_away_with"].text("nb")
    # The next release knows both: it cannot call them back, and says so.
    told = {finding.code for finding in build(folder).findings}
    assert "ledger_shown_before" in told


@pytest.mark.parametrize(
    ("content", "code"),
    [("level,area\nkommune,9901\n", "ledger_columns_absent"), ("", "ledger_file_unreadable")],
)
def test_a_broken_file_is_told(
    workspace: Workspace, tmp_path: Path, content: str, code: str
) -> None:
    path = tmp_path / "tom.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as wrong:
        try_leaving(workspace, path)
    assert [f.code for f in wrong.value.findings] == [code]


def test_a_workspace_without_a_release_has_nothing_to_hold_a_file_against(tmp_path: Path) -> None:
    workspace = Workspace(write_delivery(tmp_path / "town"))
    path = tmp_path / "a.csv"
    path.write_text("level,area,indicator,period,group,value\nkommune,9901,x,2021,,1\n")
    with pytest.raises(UserError) as wrong:
        try_leaving(workspace, path)
    assert [f.code for f in wrong.value.findings] == ["release_absent"]
