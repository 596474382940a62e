"""What `nabolag init` proposes for files that are there: comments, and right when taken in use."""

from __future__ import annotations

import gc
import json
import tomllib
from pathlib import Path

import pytest

from nabolag.core import LANGS, UserError
from nabolag.pipeline import build, check_deliveries, start_workspace
from nabolag.pipeline.propose import propose
from nabolag.pipeline.toml_text import inline
from nabolag.store import Workspace
from tests.support.folder import NAMES, write_folder


def started(folder: Path, lang: str = "nb") -> str:
    """Return the configuration written for a folder."""
    path, _ = start_workspace(folder, lang)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def taken_in_use(text: str, filled: str = "2022") -> str:
    """Uncomment every proposal, as a person does, and fill in what is marked."""
    lines, proposed = [], False
    for line in text.splitlines():
        proposed = line.startswith("## --- ") or (proposed and bool(line))
        lines.append(line.removeprefix("# ") if proposed else line)
    return "\n".join(lines).replace('"FYLL INN"', inline(filled))


def test_proposals_taken_in_use_pass_the_check(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Havnevik på øya")
    (folder / "nabolag.toml").write_text(taken_in_use(started(folder)), encoding="utf-8")
    # `start_workspace` refused nothing, and what it wrote holds together with the files.
    report = check_deliveries(Workspace(folder))
    assert report.errors == ()
    assert report.areas_by_level == {"kommune": 1, "delbydel": len(NAMES)}
    kept = {d.id: (d.kept, sum(n for _, n in d.left_out)) for d in report.deliveries}
    assert kept["ssb_lavinntekt"] == (3 * 8 * 3, 3)
    assert kept["folketall"] == (8 * 3, 1)
    assert kept["boforhold"] == (2 * 8 * 3, 3)
    statuses = dict(next(d for d in report.deliveries if d.id == "ssb_lavinntekt").statuses)
    assert (statuses["missing"], statuses["suppressed_primary"]) == (1, 1)


def test_nothing_is_in_use_before_a_person_says_so(tmp_path: Path) -> None:
    config = tomllib.loads(started(write_folder(tmp_path)))
    assert "source" not in config
    assert "geometry" not in config
    assert "indicator" not in config
    assert check_deliveries(Workspace(tmp_path)).deliveries == ()
    with pytest.raises(UserError, match="nothing to build"):
        build(tmp_path)


def test_what_is_not_filled_in_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    text = taken_in_use(started(folder), filled="FYLL INN")
    (folder / "nabolag.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        check_deliveries(Workspace(folder))
    keys = {f.params["key"] for f in caught.value.findings if f.code == "config_not_filled_in"}
    assert {"source[boforhold].title", "geometry[delbydeler_grenser].geography"} <= keys


def test_the_proposals_tell_what_was_seen(tmp_path: Path) -> None:
    text = started(write_folder(tmp_path))
    assert "«DELBYDELNR» (ser ut som kode: 0101 · 0102 · 0103)" in text
    assert "EPSG:25833" in text
    assert 'encoding = "cp1252", header_row = 4, ends_at = "Tegnforklaring' in text
    assert '# column = "Område | Kode"' in text
    assert "columns = 'Personer \\| (?P<period>\\d{4})'" in text
    assert 'where = [{ column = "Delbydel", in = ["9999"] }]' in text
    lookup = 'lookup = { file = "delbydeler.geojson", name = "DELBYDELNAVN", code = "DELBYDELNR" }'
    assert lookup in text
    assert 'file = "grenser.geojson"' not in text, "the example gives way to the proposals"


@pytest.mark.parametrize("lang", LANGS)
def test_proposals_speak_the_language_that_was_asked_for(tmp_path: Path, lang: str) -> None:
    text = started(write_folder(tmp_path), lang)
    assert {"nb": "ser ut som navn", "nn": "ser ut som namn", "en": "looks like a name"}[
        lang
    ] in text
    assert tomllib.loads(text)["workspace"]["main_level"] == "delbydel"


def test_a_file_that_cannot_be_read_is_mentioned_and_stops_no_other(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    book = folder / "folketall.xlsx"
    (folder / "halv.xlsx").write_bytes(book.read_bytes()[:2000])
    (folder / "halv.geojson").write_bytes((folder / "delbydeler.geojson").read_bytes()[:900])
    (folder / "tom.csv").write_bytes(b"")
    (folder / "brev.docx").write_bytes(b"PK")
    path, proposals = start_workspace(folder, "nb")
    text = path.read_text(encoding="utf-8")
    assert (proposals.files, proposals.unread) == (7, 3)
    for name in ("halv.xlsx", "halv.geojson", "tom.csv"):
        after = text.split(f"## --- {name} ---", 1)[1].splitlines()[1]
        assert "ble ikke lest" in after
    assert "tom.csv: Filen er tom" in " ".join(text.split())
    assert 'id = "boforhold"' in text
    tomllib.loads(text)


def test_marks_without_a_known_meaning_must_be_explained(tmp_path: Path) -> None:
    rows = "".join(f"010{n};2020;{n}\n" for n in range(1, 9))
    (tmp_path / "tall.csv").write_text(f"delbydel;år;antall\n{rows}0109;2020;-\n", encoding="utf-8")
    text = started(tmp_path)
    assert 'marks = { "-" = "FYLL INN" }' in text
    assert "zero" in text


def test_without_borders_the_areas_are_proposed_from_a_table(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "delbydeler.geojson").unlink()
    text = started(folder)
    assert 'names = { "0101" = "Brygga", "0102" = "Løkka"' in text
    assert 'codes = { Brygga = "0101", "Løkka" = "0102"' in text
    (folder / "nabolag.toml").write_text(taken_in_use(text), encoding="utf-8")
    report = check_deliveries(Workspace(folder))
    assert report.errors == ()
    assert report.areas_by_level == {"kommune": 1, "delbydel": len(NAMES)}
    assert {d.id: d.kept for d in report.deliveries}["boforhold"] == 2 * 8 * 3


def test_lost_zeros_and_groups_are_seen(tmp_path: Path) -> None:
    rows = "".join(
        f"{code};{sex};2020;{code}\n" for code in range(301, 320) for sex in ("menn", "kvinner")
    )
    (tmp_path / "tall.csv").write_text(f"kommunenr;kjønn;år;antall\n{rows}", encoding="utf-8")
    text = started(tmp_path)
    assert "# transform = [{ pad = 4 }]" in text
    assert '# level = "kommune"' in text
    assert '# dimensions = { kjonn = "kjønn" }' in text


def test_letters_after_codes_are_told_of(tmp_path: Path) -> None:
    """One generation of areas loses its letter; two in one file are a person's to choose between."""
    one = "region;Personer 2022\n030101a Gamle Oslo;10\n030102a Grünerløkka;12\n"
    two = one + "030101 Bygdøy-Frogner (1988-2003);11\n"
    for name, text in (("en.csv", one), ("to.csv", two)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    first, second = started(tmp_path).split("--- to.csv ---")
    steps = '# transform = [{ before = " " }, { strip_suffix = "a" }]'
    assert steps in first
    assert '# level = "bydel"' in first
    assert "strip_suffix =" not in second
    assert "med og uten en bokstav" in " ".join(second.replace("##", "").split())


def square(code: str, town: str, east: float) -> dict[str, object]:
    ring = [[east, 59.0], [east + 0.01, 59.0], [east + 0.01, 59.01], [east, 59.0]]
    listed = '[{"grunnkretsnavn":"Lia"}]' if code.endswith("1") else '[{"grunnkretsnavn":"Vik"}]'
    told = {"sone": code, "kommunenummer": town, "kretser_navn": listed, "sonenavn": ""}
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": told, "geometry": shape}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's folder: borders in a file for each municipality, names and figures apart."""
    folder = tmp_path_factory.mktemp("fylke")
    zones = {f"{town}0{n}": f"Sted {town} {n}" for town in ("4001", "4003") for n in (1, 2)}
    for at, town in enumerate(("4001", "4003")):
        shapes = [square(z, town, 9 + at + n / 100) for n, z in enumerate(zones) if z[:4] == town]
        text = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False)
        (folder / f"levekaarssoner_{town}.geojson").write_text(text, encoding="utf-8")
    rows = "".join(f"{code};{name};{code[:4]}\n" for code, name in zones.items())
    (folder / "navn.csv").write_text(f"Sone_ID;Sonenavn;Kommunenummer\n{rows}", encoding="utf-8")
    towns = "4001;Porsgrunn\n4003;Skien\n40;Telemark\n"
    (folder / "kommuner.csv").write_text(f"Kommunenummer;Kommune\n{towns}", encoding="utf-8")
    asked = [("trivsel", "Trives du i nærmiljøet?"), ("trygg", "Er du trygg når du er ute?")]
    rows = "".join(
        f"{code};{short};{words};999;{n};{n / 500:.3f}\n"
        for code in (*zones, "401099")
        for n, (short, words) in enumerate(asked, 310)
    )
    heading = "Sone;Variabel;Spørsmål;Verdi;Antall;Andel"
    (folder / "svar.csv").write_text(f"{heading}\n{rows}", encoding="utf-8")
    rows = "".join(
        f"{place};{year}-01-01;{age};{n}\n"
        for n, place in enumerate(("Porsgrunn", "Skien", "Telemark"), 20)
        for year in (2022, 2023)
        for age in ("18 - 29 år", "18 - 66 år")
    )
    (folder / "nav.csv").write_text(f"Geografi;År;Alder;Antall\n{rows}", encoding="utf-8")
    rows = "40;41\n4001;10\n4003;30\n"
    (folder / "ledige.csv").write_text(f"Kommunenummer;Andel (2021-2023)\n{rows}", encoding="utf-8")
    return folder


def section(text: str, name: str) -> str:
    return text.split(f"--- {name} ---", 1)[1].split("\n## --- ", 1)[0]


def test_border_files_written_alike_become_one_geometry(county: Path) -> None:
    text = started_anew(county)
    assert text.count("# [[geometry]]") == 1
    made = section(text, "levekaarssoner_4003.geojson")
    assert 'file = ["levekaarssoner_4001.geojson", "levekaarssoner_4003.geojson"]' in made
    assert 'level = "levekarssone"' in made
    assert 'parents = [{ level = "kommune", column = "kommunenummer" }]' in made
    assert "# name = " not in made, "a list that a program wrote is no name"
    assert "transform = [{ first = 4 }]" in section(text, "navn.csv")
    assert '"400101" = "Sted 4001 1"' in section(text, "navn.csv")


def test_areas_outside_the_borders_are_asked_about_and_not_called_totals(county: Path) -> None:
    made = section(started_anew(county), "svar.csv")
    assert "skriv dem i en [[areas]] i stedet, ellers blir tallene borte" in made
    assert 'in = ["401099"]' in made


def test_one_column_tells_the_question_and_999_is_no_figure(county: Path) -> None:
    made = section(started_anew(county), "svar.csv")
    assert 'dimensions = { variabel = "Variabel" }' in made
    assert 'column = "Verdi"' not in made
    assert 'column = "Antall"' in made


def test_names_ages_and_dates_are_seen_for_what_they_are(county: Path) -> None:
    made = section(started_anew(county), "nav.csv")
    assert 'column = "Geografi"' in made
    assert 'codes = { Porsgrunn = "4001", Skien = "4003" }' in made
    assert 'period = { column = "År" }' in made
    assert 'dimensions = { alder = "Alder" }' in made


def test_a_county_among_municipalities_has_a_rule_of_its_own(county: Path) -> None:
    made = section(started_anew(county), "ledige.csv")
    assert '# level = "fylke"\n# column = "Kommunenummer"\n# length = 2' in made
    assert 'period = { kind = "span" }' in made
    assert "leave_out" not in made


def test_a_table_without_figures_is_no_source(county: Path) -> None:
    text = started_anew(county)
    for name in ("kommuner.csv", "navn.csv"):
        assert f'file = "{name}"' not in text
    assert text.count("Ingen kolonne ser ut til å ha tall") == 2


def started_anew(folder: Path) -> str:
    (folder / "nabolag.toml").unlink(missing_ok=True)
    return started(folder)


def test_topojson_is_borders(tmp_path: Path) -> None:
    arcs = [[[0, 0], [0, 10], [10, 0], [0, -10], [-10, 0]]]
    part = {"type": "Polygon", "arcs": [[0]], "properties": {"kommunenummer": 3812, "navn": "Ås"}}
    more = {"type": "Polygon", "arcs": [[0]], "properties": {"kommunenummer": 3813, "navn": "Vik"}}
    document = {
        "type": "Topology",
        "arcs": arcs,
        "transform": {"scale": [10, 10], "translate": [100_000, 6_550_000]},
        "objects": {"kommuner": {"type": "GeometryCollection", "geometries": [part, more]}},
    }
    (tmp_path / "kart.json").write_text(json.dumps(document), encoding="utf-8")
    text = started(tmp_path)
    assert "ble ikke lest" not in text
    assert 'code = "kommunenummer"' in text
    assert 'name = "navn"' in text
    assert "EPSG:25833" in text


def test_looking_leaves_the_collector_as_it_was(tmp_path: Path) -> None:
    gc.disable()
    try:
        propose(tmp_path, "nb")
        assert not gc.isenabled()
    finally:
        gc.enable()
    propose(tmp_path, "nb")
    assert gc.isenabled()


def test_toml_is_written_so_that_it_reads_back() -> None:
    value = {"a b": ["«x»", "d\\d", 'it"s', "l'x\\"], "n": 1, "t": True, "æ": {}}
    assert tomllib.loads(f"v = {inline(value)}")["v"] == value
