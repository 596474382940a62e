"""The commands that others script: columns, formats, exit codes, and no traceback."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Call
from tests.support.delivery import CODES, write_delivery
from tests.support.folder import write_folder

OBSERVATIONS = [
    "level", "area", "name", "period", "group", "value", "numerator", "denominator",
    "lower", "upper", "status", "source",
]  # fmt: skip
ACCUMULATION = ["level", "area", "name", "period", "class", "count", "reasons", "years"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_build_prints_json_that_sums_up(nabolag: Call, tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    done = nabolag("build", folder, "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["areas"] == {"kommune": 1, "bydel": 2, "delbydel": 12}
    assert summary["observations"]["by_status"]["suppressed_primary"] >= 2
    assert summary["observations"]["by_indicator"]["crowded_households"]["missing"] >= 1
    assert {finding["code"] for finding in summary["findings"]} >= {
        "source_mark_suppressed_primary"
    }


def test_data_may_lie_elsewhere(nabolag: Call, tmp_path: Path) -> None:
    folder, data = write_delivery(tmp_path / "w"), tmp_path / "data"
    data.mkdir()
    for name in ("levekår.csv", "grenser.geojson"):
        (folder / name).rename(data / name)
    assert nabolag("build", folder).returncode == 2
    assert nabolag("build", folder, "--data", data).returncode == 0


def test_observations_have_the_columns_that_others_rely_on(nabolag: Call, workspace: Path) -> None:
    done = nabolag(
        "observations", workspace, "--indicator", "low_income_households", "--level", "delbydel",
        "--period", "2021",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert list(found[0]) == OBSERVATIONS
    assert [row["area"] for row in found] == list(CODES)
    hidden = next(row for row in found if row["area"] == "0101")
    assert (hidden["value"], hidden["numerator"], hidden["status"]) == (
        "",
        "",
        "suppressed_primary",
    )
    beside, shown = found[1], found[3]
    assert (beside["name"], beside["status"]) == ("Område 0102", "suppressed_secondary")
    assert float(shown["value"]) == pytest.approx(43 / 1200)


def test_the_formats_hold_the_same(nabolag: Call, workspace: Path, tmp_path: Path) -> None:
    words = ("observations", workspace, "--indicator", "crowded_households", "--format")
    as_json = json.loads(nabolag(*words, "json").stdout)
    parquet = tmp_path / "o.parquet"
    assert nabolag(*words, "parquet", "-o", parquet).returncode == 0
    assert pl.read_parquet(parquet).to_dicts() == as_json
    as_csv = rows(nabolag(*words, "csv").stdout)
    assert [row["status"] for row in as_csv] == [row["status"] for row in as_json]
    assert list(as_json[0]) == OBSERVATIONS


def test_accumulation_has_its_columns(nabolag: Call, workspace: Path) -> None:
    done = nabolag("accumulation", workspace, "--level", "delbydel", "--period", "2021")
    found = rows(done.stdout)
    assert list(found[0]) == ACCUMULATION
    assert {row["area"] for row in found if row["class"] == "4+"} == {"0103", "0203"}
    assert all(row["reasons"] for row in found if row["class"] != "0")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("observations", "--indicator", "low_incom_households"), "low_income_households"),
        (("observations", "--indicator", "crowded_households", "--level", "fylke"), "delbydel"),
        (("observations", "--indicator", "crowded_households", "--period", "1999"), "2021"),
        (("accumulation", "--period", "1999"), "2021"),
        (("report", "--area", "0199"), "01"),
    ],
)
def test_a_mistake_gets_the_nearest_choice_and_no_traceback(
    nabolag: Call, workspace: Path, words: tuple[str, ...], said: str
) -> None:
    done = nabolag(words[0], workspace, *words[1:])
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_check_reports_and_keeps_nothing(nabolag: Call, tmp_path: Path) -> None:
    folder = write_delivery(tmp_path)
    done = nabolag("import", folder, "--check", lang="nn")
    assert done.returncode == 0, done.stderr
    assert "rader utelatne" in done.stdout
    assert not (folder / "snapshots").exists()
    table = folder / "levekår.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("0102;2020;41", "0102;2020;mange", 1),
        encoding="utf-8",
    )
    wrong = nabolag("import", folder, "--check", lang="nb")
    assert wrong.returncode == 1
    assert "levekår.csv, rad 3, kolonne «Lavinntekt»" in wrong.stderr
    assert "«mange»" in wrong.stderr


def test_a_first_workspace_is_commented_and_valid(nabolag: Call, tmp_path: Path) -> None:
    folder = tmp_path / "ny"
    assert nabolag("init", folder, lang="nb").returncode == 0
    text = (folder / "nabolag.toml").read_text(encoding="utf-8")
    assert "Kommunen områdene sammenlignes med" in text
    assert nabolag("import", folder, "--check").returncode == 0
    again = nabolag("init", folder)
    assert again.returncode == 2
    assert (folder / "nabolag.toml").read_text(encoding="utf-8") == text


def test_the_commented_examples_of_a_first_workspace_are_valid(
    nabolag: Call, tmp_path: Path
) -> None:
    """Take away every # before an example: only the files that are not there may be missed."""
    folder = tmp_path / "ny"
    nabolag("init", folder)
    path = folder / "nabolag.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ") if _is_example(line) else line for line in lines]
    path.write_text("\n".join(shown), encoding="utf-8")
    done = nabolag("import", folder, "--check")
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("grenser.geojson") == 1
    assert done.stderr.count("lavinntekt.csv") == 1


def test_init_proposes_for_files_that_are_there(nabolag: Call, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Havnevik på øya")
    done = nabolag("init", folder, lang="nn")
    assert done.returncode == 0, done.stderr
    assert "Filer sett på: 4; ikkje lesne: 0" in done.stdout
    assert f"nabolag import '{folder}' --check" in done.stdout, "a path with spaces is quoted"
    assert nabolag("import", folder, "--check").returncode == 0


@pytest.mark.parametrize("command", ["observations", "report", "export"])
def test_a_place_that_cannot_be_written_to_is_a_message(
    nabolag: Call, workspace: Path, tmp_path: Path, command: str
) -> None:
    more = {
        "observations": ("--indicator", "crowded_households"),
        "report": ("--area", "0103"),
        "export": ("--format", "csv"),
    }[command]
    for place, said in ((tmp_path, "a folder"), (tmp_path / "no" / "x.csv", "exists")):
        done = nabolag(command, workspace, *more, "-o", place)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr


def test_an_unknown_language_is_a_message(nabolag: Call, workspace: Path) -> None:
    done = nabolag("report", workspace, "--area", "0103", "--lang", "no", lang="nb")
    assert done.returncode == 2
    assert "Språket «no» finnes ikke her" in done.stderr


def _is_example(line: str) -> bool:
    bare = line.removeprefix("# ")
    return line.startswith("# ") and ("=" in bare or bare[:1] in "[]{ ") and not bare[:1].isupper()


def test_no_workspace_is_a_message_in_the_readers_language(nabolag: Call, tmp_path: Path) -> None:
    for lang, word in (("nb", "Her er ingen"), ("nn", "Her er inga"), ("en", "There is no")):
        done = nabolag("build", tmp_path, lang=lang)
        assert done.returncode == 2
        assert word in done.stderr


def test_version_help_and_doctor(nabolag: Call) -> None:
    assert nabolag("--version").stdout.startswith("nabolag 0.")
    assert "accumulation" in nabolag("--help").stdout
    assert nabolag("doctor").returncode == 0


def test_every_format_can_be_handed_on(nabolag: Call, workspace: Path, tmp_path: Path) -> None:
    for form in ("csv", "csv-international", "xlsx", "geojson", "gpkg", "jsonstat"):
        path = tmp_path / f"ut.{form}"
        done = nabolag("export", workspace, "--format", form, "-o", path, "--level", "delbydel")
        assert done.returncode == 0, done.stderr
        assert path.stat().st_size > 500
    wrong = nabolag("export", workspace, "--format", "dbf", "-o", tmp_path / "x")
    assert wrong.returncode == 2
    assert "geojson" in wrong.stderr


def test_a_profile_is_written(nabolag: Call, workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "profil.pdf"
    done = nabolag("report", workspace, "--area", "Område 0103", "--lang", "nn", "-o", path)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"%PDF")


def test_feedback_is_empty_before_anybody_wrote(nabolag: Call, workspace: Path) -> None:
    done = nabolag("feedback", workspace)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_serve_prints_its_address_and_answers(nabolag: Call, workspace: Path) -> None:
    words = [sys.executable, "-c", "from nabolag.cli.main import run; run()", "serve", workspace]
    server = subprocess.Popen([*map(str, words), "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address is not None
        with urllib.request.urlopen(address.group()) as answer:
            page = answer.read().decode("utf-8")
        assert "Prøvekommune" in page
    finally:
        server.terminate()
        server.communicate()
    busy = nabolag("serve", workspace, "--host", "192.0.2.1")
    assert busy.returncode == 2
    assert "Traceback" not in busy.stderr


@pytest.mark.parametrize("command", ["", "build", "observations"])
def test_help_comes_at_once(nabolag: Call, command: str) -> None:
    """Help loads no dataframe library: it is asked for by people who wait."""
    probe = (
        "import sys; from nabolag.cli import main; "
        "print(sorted({'polars', 'duckdb', 'pydantic', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert nabolag(*([command] if command else []), "--help").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "tenant_households"', 'id = "tenants_households"', "tenant_households"),
        ('measure = "leier"', 'measure = "leie"', "leier"),
        ('{ measure = "trangt" }', '{ measure = "trangt", where = { alder = "x" } }', "alder"),
    ],
)
def test_a_mistake_in_an_indicator_names_file_choice_and_remedy(
    nabolag: Call, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = write_delivery(tmp_path) / "nabolag.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = nabolag("build", tmp_path, lang="nb")
    assert done.returncode == 2
    assert "nabolag.toml: " in done.stderr
    assert said in done.stderr
    assert re.search(r"Rett|Se etter", done.stderr)
