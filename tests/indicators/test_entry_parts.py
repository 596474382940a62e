"""What can be wrong with the nested keys of a catalogue entry, named by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from nabolag.core import LANGS, Comparability, UserError
from nabolag.indicators import load_catalogue
from nabolag.store import indicator_as_dict
from nabolag.store.release import indicator_from_dict

ENTRY = """
stairs:
  label: {nb: Trapper, nn: Trapper, en: Stairs}
  definition: {nb: Antall trapper., nn: Talet på trapper., en: Number of stairs.}
  unit: count
  kind: background
  worse: neither
  ring: environment
  reference: egen telling 2024
"""
SOUND = """
  version: 2
  sources:
    - {producer: ssb, table: "12345", reference: a line}
    - {producer: register, registers: [person, household]}
  comparability: {status: not_comparable, reason: {nb: a, nn: b, en: c}}
  changed:
    - {version: 2, from_period: 2019/2020, what: {nb: a, nn: b, en: c}, reference: a line}
"""


def written(folder: Path, more: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(ENTRY.rstrip("\n") + more, encoding="utf-8")
    return path


def test_a_sound_entry_is_read_whole_and_kept_whole_in_a_release(tmp_path: Path) -> None:
    entry = load_catalogue([written(tmp_path, SOUND)])["stairs"]
    assert [origin.producer for origin in entry.sources] == ["ssb", "register"]
    assert entry.sources[1].registers == ("person", "household")
    assert entry.comparability is not None
    assert entry.comparability.status is Comparability.NOT
    assert entry.changed[0].from_period == "2019/2020"
    assert indicator_from_dict(indicator_as_dict(entry)) == entry


@pytest.mark.parametrize(
    ("more", "code", "key"),
    [
        ("\n  sources: ssb\n", "catalogue_value_wrong", "sources"),
        ("\n  sources: []\n", "catalogue_value_wrong", "sources"),
        ("\n  sources: [ssb]\n", "catalogue_value_wrong", "sources[0]"),
        ("\n  sources: [{table: x}]\n", "catalogue_key_absent", "sources[0].producer"),
        ("\n  sources: [{producer: sbb}]\n", "catalogue_value_wrong", "sources[0].producer"),
        ("\n  sources: [{producer: ssb, tabel: x}]\n", "catalogue_key_unknown", "sources[0].tabel"),
        ("\n  sources: [{producer: register}]\n", "catalogue_value_wrong", "sources[0].registers"),
        (
            "\n  sources: [{producer: register, registers: [persons]}]\n",
            "catalogue_value_wrong",
            "sources[0].registers",
        ),
        (
            "\n  sources: [{producer: ssb, registers: [person]}]\n",
            "catalogue_value_wrong",
            "sources[0].registers",
        ),
        ("\n  comparability: comparable\n", "catalogue_value_wrong", "comparability"),
        ("\n  comparability: {status: maybe}\n", "catalogue_value_wrong", "comparability.status"),
        (
            "\n  comparability: {status: not_comparable}\n",
            "catalogue_key_absent",
            "comparability.reason",
        ),
        (
            "\n  comparability: {status: comparable, reason: {nb: a, en: c}}\n",
            "catalogue_key_absent",
            "comparability.reason.nn",
        ),
        ("\n  version: 2\n  changed: new\n", "catalogue_value_wrong", "changed"),
        ("\n  version: 2\n  changed: [{version: 2}]\n", "catalogue_key_absent", "changed[0].what"),
        (
            "\n  version: 2\n  changed: [{version: 1, from_period: 2019, what: {nb: a, nn: b, en: c}}]\n",
            "catalogue_value_wrong",
            "changed[0].version",
        ),
        (
            "\n  version: 2\n  changed: [{version: 2, from_period: once, what: {nb: a, nn: b, en: c}}]\n",
            "catalogue_value_wrong",
            "changed[0].from_period",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_key(tmp_path: Path, more: str, code: str, key: str) -> None:
    with pytest.raises(UserError) as wrong:
        load_catalogue([written(tmp_path, more)])
    told = [f for f in wrong.value.findings if f.code == code and f.params.get("key") == key]
    assert told, [(f.code, dict(f.params)) for f in wrong.value.findings]
    assert all("stairs" in told[0].text(lang) for lang in LANGS)


@pytest.mark.parametrize("version", [2, 3])
def test_a_version_that_is_not_told_of_is_refused(tmp_path: Path, version: int) -> None:
    """A new version without a word about what changed would be a silent break."""
    more = SOUND.replace("version: 2\n  sources", f"version: {version}\n  sources")
    if version == 2:
        more = f"\n  version: {version}\n"
    with pytest.raises(UserError) as wrong:
        load_catalogue([written(tmp_path, more)])
    assert [f.code for f in wrong.value.findings] == ["catalogue_versions_untold"]


def test_a_producer_misspelt_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UserError) as wrong:
        load_catalogue([written(tmp_path, "\n  sources: [{producer: husbank}]\n")])
    assert "husbanken" in wrong.value.findings[0].text("nb")
