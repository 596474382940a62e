"""Analyses from `nabolag.toml` to the release."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build
from nabolag.publish.views.analyses import analysis_lines, analysis_page, area_findings
from nabolag.store import Workspace
from tests.support.delivery import CODES, write_delivery

PEERS = """
[[analysis]]
id = "ligner"
kind = "peers"
level = "delbydel"
traits = ["crowded_households", "tenant_households"]
"""


def workspace(folder: Path, more: str) -> Workspace:
    write_delivery(folder)
    config = folder / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    return Workspace(folder)


def refused(folder: Path, more: str) -> list[str]:
    with pytest.raises(UserError) as wrong:
        build(workspace(folder, more).root)
    assert all(finding.place.file == "nabolag.toml" for finding in wrong.value.findings)
    return [finding.code for finding in wrong.value.findings]


def test_an_analysis_leaves_with_the_release(tmp_path):
    made = workspace(tmp_path, PEERS)
    build(made.root)
    release = made.release()
    analysed = release.analyses["ligner"]
    near = analysed.table("neighbours")
    assert set(near["area"]) <= set(CODES)
    # 0206 has no figure for one of the traits in the latest year.
    assert "0206" not in set(near["area"])
    assert set(analysed.text) == set(LANGS)
    for lang in LANGS:
        (line,) = analysis_lines(release, lang)
        assert line.opening == analysis_page(release, "ligner", lang).opening.text
        (found,) = area_findings(release, "delbydel", CODES[0], lang)
        assert found.sentence.refs
    assert release.bundle.verify() == []


def test_equal_input_gives_equal_content(tmp_path):
    hashes = []
    for name in ("one", "other"):
        made = workspace(tmp_path / name, PEERS)
        build(made.root)
        hashes.append(made.release().bundle.manifest["content_sha256"])
    assert hashes[0] == hashes[1]


def test_mistakes_are_told_and_nothing_is_built(tmp_path):
    wrong_kind = PEERS.replace('"peers"', '"pears"')
    assert refused(tmp_path / "a", wrong_kind) == ["analysis_kind_unknown"]
    assert refused(tmp_path / "b", PEERS + PEERS) == ["config_id_repeated"]
    assert refused(tmp_path / "c", PEERS.replace("tenant_households", "nothing")) == [
        "analysis_unknown_indicator"
    ]
    assert refused(tmp_path / "d", PEERS.replace("traits", "trait")) == [
        "config_key_absent", "config_unknown_key",
    ]  # fmt: skip
    for name in "abcd":
        assert not (tmp_path / name / "releases").exists()


def test_a_release_without_analyses_opens(tmp_path):
    write_delivery(tmp_path)
    build(tmp_path)
    assert Workspace(tmp_path).release().analyses == {}
