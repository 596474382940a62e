"""Presets: what a workspace writes goes first, what is needed is asked for, and words are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nabolag.core import LANGS, UserError
from nabolag.sources.adapters import preset_named, presets, with_preset
from nabolag.sources.spec import SourceSpec
from nabolag.sources.tables import TableRead, read_source

NEEDED: dict[str, Any] = {
    "geography": "2024",
    "measure": {"id": "pupils", "column": "Antall", "code": "ANTALL"},
}


def spec(preset: str, **more: Any) -> SourceSpec:
    given = {"id": "x", "file": "x.csv", "preset": preset}
    needed = {key: NEEDED[key] for key in preset_named(preset).needs}
    if preset == "udir-gsi":
        needed["measure"] = {"id": "pupils", "columns": r"(?P<period>\d{4}-\d{2})\.Elever"}
    return SourceSpec.model_validate({**given, **needed, **more})


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_preset_makes_a_specification(name: str) -> None:
    preset = preset_named(name)
    made = spec(name)
    assert made.preset == name
    assert made.producer == preset.source["producer"]
    assert len({preset.title.in_(lang) for lang in LANGS}) >= 2
    assert preset.basis
    # Whoever reads the words of a rule that leaves rows out, reads them in each language.
    for rule in made.leave_out:
        assert all(rule.reason.in_(lang) for lang in LANGS)


def test_what_a_workspace_writes_goes_before_the_preset() -> None:
    made = spec(
        "imdi-2013-grunnskolepoeng",
        read={"encoding": "latin-1"},
        codes={"sex": {"0": "menn"}},
        leave_out=[],
        title={"nb": "Poeng", "nn": "Poeng", "en": "Points"},
    )
    assert (made.read.encoding, made.read.delimiter) == ("latin-1", ",")
    assert set(made.codes) == {"region", "age_at_immigration", "sex"}
    assert made.leave_out == ()
    assert made.title.in_("en") == "Points"


def test_a_preset_is_not_changed_by_being_used() -> None:
    before = dict(presets()["nav-ledighet-fylke"].source)
    with_preset({"preset": "nav-ledighet-fylke", "read": {"delimiter": ";"}})
    assert presets()["nav-ledighet-fylke"].source == before


def test_unknown_names_and_absent_keys_are_told() -> None:
    with pytest.raises(UserError, match="Nearest: nav-ledighet-fylke"):
        SourceSpec.model_validate({"id": "x", "file": "x.csv", "preset": "nav-ledighet-fylker"})
    with pytest.raises(UserError, match="needs you to give geography"):
        SourceSpec.model_validate({"id": "x", "file": "x.csv", "preset": "udir-grunnskolepoeng"})


def test_a_source_without_a_preset_is_as_before() -> None:
    given = {
        "id": "x", "file": "x.csv", "producer": "P", "title": "T", "period": {"value": "2024"},
        "area": {"level": "kommune", "column": "k"}, "measure": {"id": "m", "column": "v"},
    }  # fmt: skip
    assert SourceSpec.model_validate(given).preset == ""


def delivered(folder: Path, name: str, text: str, preset: str, **more: Any) -> TableRead:
    (folder / name).write_text(text, encoding="utf-8")
    return read_source(spec(preset, file=name, **more), folder)


def test_a_form_that_no_file_was_seen_of_warns(tmp_path: Path) -> None:
    text = "Kommunenr;Måned;Antall mottakere;Utbetalt bostøtte\n301;2024-01;10;50000\n1103;2024-01;:;:\n"
    read = delivered(tmp_path, "b.csv", text, "husbanken-bostotte-kommune")
    assert read.cells.filter(read.cells["area"] == "0301")["value"].to_list() == [10.0, 50000.0]
    assert read.facts.statuses == {"suppressed_primary": 2, "value": 2}
    (told,) = (f for f in read.findings if f.code == "preset_unverified")
    assert "no real file" in told.text("en")
    assert "ingen virkelig fil" in told.text("nb")
    assert "inga verkeleg fil" in told.text("nn")


def test_ungdata_reads_hidden_shares_as_hidden(tmp_path: Path) -> None:
    text = (
        "Kommunenummer;År;Skoleslag;Kjønn;Spørsmål;Andel;Antall svar\n"
        "0301;2024;Ungdomsskole;Alle;Ensom;24;5000\n"
        "1103;2024;Ungdomsskole;Alle;Ensom;-;-\n"
    )
    read = delivered(tmp_path, "u.csv", text, "ungdata-kommune")
    shares = read.cells.filter(read.cells["measure"] == "share")
    assert shares.select("area", "value", "status").rows() == [
        ("0301", 0.24, "value"),
        ("1103", None, "suppressed_primary"),
    ]


def test_a_month_beside_its_year(tmp_path: Path) -> None:
    text = (
        "Fylke,Antall,Prosent av arbeidsstyrken,År,Måned\n"
        "Telemark,10,2.5,2019,Mars\nTelemark,12,3.0,2024,Desember\nLandet,90,2.0,2024,Desember\n"
    )
    read = delivered(tmp_path, "n.csv", text, "nav-ledighet-fylke")
    counts = read.cells.filter(read.cells["measure"] == "unemployed")
    assert counts.select("level", "area", "period", "value").rows() == [
        ("fylke", "08", "2019M03", 10.0),
        ("fylke", "40", "2024M12", 12.0),
        ("land", "0", "2024M12", 90.0),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Telemark,10,2.5,2024,Mrs", "2024Mrs"),
        # There was no county of that name in that year.
        ("Viken,10,2.5,2024,Mars", "Viken"),
    ],
)
def test_months_and_counties_that_are_none(tmp_path: Path, row: str, said: str) -> None:
    text = f"Fylke,Antall,Prosent av arbeidsstyrken,År,Måned\n{row}\n"
    with pytest.raises(UserError, match=said):
        delivered(tmp_path, "n.csv", text, "nav-ledighet-fylke")
