"""A whole synthetic municipality in a folder: records, truth, deliveries and `nabolag.toml`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Protocol

import polars as pl

from nabolag.core import Place, error
from nabolag.registers import CONTRACTS, write_part
from nabolag.store import CONFIG_NAME, read_toml
from nabolag.synthetic.counts import Counter, household_types
from nabolag.synthetic.delivered import (
    Delivered,
    draw_survey,
    missing_area_year,
    under_old_code,
    with_access,
)
from nabolag.synthetic.files import require_workbooks, write_deliveries
from nabolag.synthetic.records import Ground, lay_ground, live
from nabolag.synthetic.school_money import write_school_money
from nabolag.synthetic.spec import MunicipalitySpec

TRUTH = "truth.json"
REGISTERS = "registers"


class Step(Protocol):
    """Called with the name of the step, how much is done and how much there is."""

    def __call__(self, key: str, done: int, total: int) -> None:
        """Report progress."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was written: rows of each register, persons by year, areas, and files by name."""

    name: str
    code: str
    seed: int
    years: tuple[int, ...]
    persons: dict[int, int]
    rows: dict[str, int]
    grunnkretser: int
    bydeler: int
    files: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def write_municipality(
    folder: Path, seed: int = 2026, persons: int = 60_000, progress: Step | None = None
) -> Facts:
    """Write a synthetic municipality that `nabolag build` can read. Nothing in it is real.

    The same seed and size give the same bytes in every file. Raises `UserError` where the
    folder holds a workspace that is not synthetic: what people made is never overwritten.
    """
    require_workbooks()
    refuse_taken(folder)
    spec = MunicipalitySpec(seed, persons)
    _clear(folder)
    total = spec.years + 2
    _tell(progress, 0, total)
    ground = lay_ground(spec)
    delivered, rows, inhabitants = _write_registers(folder / REGISTERS, ground, progress)
    written = write_deliveries(folder, ground, delivered)
    written.append(write_school_money(folder, folder / REGISTERS, ground))
    _tell(progress, total - 1, total)
    _write_json(folder / TRUTH, known_truth(ground))
    (folder / CONFIG_NAME).write_text(workspace_config(ground), encoding="utf-8")
    _tell(progress, total, total)
    return Facts(
        name=spec.name,
        code=spec.code,
        seed=seed,
        years=tuple(spec.all_years),
        persons=inhabitants,
        rows=rows,
        grunnkretser=ground.areas.count,
        bydeler=spec.bydeler,
        files=(CONFIG_NAME, TRUTH, *written),
    )


def _tell(progress: Step | None, done: int, total: int) -> None:
    if progress is not None:
        progress("synthetic", done, total)


def refuse_taken(folder: Path) -> None:
    """Raise `UserError` for a folder with somebody's own `nabolag.toml`."""
    if not (folder / CONFIG_NAME).exists():
        return
    about = read_toml(folder / CONFIG_NAME).get("workspace", {})
    if not (isinstance(about, dict) and about.get("synthetic") is True):
        raise error("synthetic_folder_taken", Place(CONFIG_NAME), path=str(folder))


def _clear(folder: Path) -> None:
    """Make the folder ready. The configuration goes first and comes back last.

    A run that is cut off leaves a folder that says there is nothing to build, never a
    configuration of one seed beside the figures of another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_NAME).unlink(missing_ok=True)
    shutil.rmtree(folder / REGISTERS, ignore_errors=True)


def _write_registers(
    folder: Path, ground: Ground, progress: Step | None
) -> tuple[Delivered, dict[str, int], dict[int, int]]:
    """Write each year as it is lived, and count it as it is delivered."""
    rows, inhabitants = dict.fromkeys(CONTRACTS, 0), {}

    def written() -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
        for number, (year, frames) in enumerate(live(ground), start=1):
            for name, frame in frames.items():
                write_part(frame, folder, CONTRACTS[name], year)
                rows[name] += frame.height
            inhabitants[year] = frames["person"].height
            yield year, frames
            _tell(progress, number, ground.spec.years + 2)

    return count_deliveries(ground, written()), rows, inhabitants


def count_deliveries(
    ground: Ground, years: Iterable[tuple[int, Mapping[str, pl.DataFrame]]]
) -> Delivered:
    """Count the records of every year as they are delivered, one year in memory at a time."""
    counter, counts, types = Counter(), [], []
    merged = ground.areas.codes[ground.retired.into]
    for year, frames in years:
        as_delivered = under_old_code(frames, ground.retired, merged, year)
        counts.append(counter.count(as_delivered, year))
        types.append(household_types(as_delivered["household"]))
    table = pl.concat(counts)
    survey = draw_survey(ground, table)
    return Delivered(with_access(ground, table), pl.concat(types), survey)


def known_truth(ground: Ground) -> dict[str, Any]:
    """Return what is known because it was planted, and where deliveries were made imperfect."""
    spec, areas, retired = ground.spec, ground.areas, ground.retired
    area, year = missing_area_year(ground)
    return {
        "synthetic": True,
        "seed": spec.seed,
        "name": spec.name,
        "code": spec.code,
        "years": list(spec.all_years),
        **ground.truth.as_dict(areas, spec.all_years),
        "deliveries": {
            "retired": {
                "code": retired.code,
                "merged_into": areas.codes[retired.into],
                "last_year": retired.last_year,
            },
            "missing": {"file": "leveranse/inntekt.csv", "area": area, "year": year},
            "low_income_median": "all residents of the municipality, by year",
        },
    }


def workspace_config(ground: Ground, *, with_country: bool = False) -> str:
    """Return `nabolag.toml` that describes the deliveries, and the country where there is one."""
    spec = ground.spec
    facts = {
        "seed": spec.seed,
        "code": spec.code,
        "name": spec.name,
        "last": spec.all_years[-1],
        "first": spec.all_years[0],
        "retired": ground.retired.last_year,
        "tried": spec.all_years[-1] - 4,
        "bydel_codes": ", ".join(
            f'"{name}" = "{code}"'
            for code, name in zip(ground.areas.bydel_codes, ground.areas.bydel_names, strict=True)
        ),
        "country": 'country = { level = "land", code = "0" }\n' if with_country else "",
        "exposed": ", ".join(f'"{code}"' for code in sorted(known_truth(ground)["exposed"])),
    }
    more = ("country.toml", "projection.toml", "grants.toml") if with_country else ()
    names = ("nabolag.toml", *more)
    folder = files("nabolag.synthetic") / "templates"
    parts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return "".join(Template(part).substitute(facts) for part in parts)


def _write_json(path: Path, document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
