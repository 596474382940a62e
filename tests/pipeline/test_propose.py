"""What `nabolag init` proposes for files that are there: comments, and right when taken in use."""

from __future__ import annotations

import gc
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
