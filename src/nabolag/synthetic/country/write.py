"""A whole synthetic country in a folder: registers, areas and the truth."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from nabolag.synthetic.country.crew import Crew, crew_for
from nabolag.synthetic.country.exchange import exchange
from nabolag.synthetic.country.hierarchy import write_areas
from nabolag.synthetic.country.spec import BlockPlan, CountrySpec, plan_country
from nabolag.synthetic.country.truth import write_truth
from nabolag.synthetic.municipality import REGISTERS, Step, refuse_taken

#: Written last: a folder without it is not a country.
FACTS = "country.json"
#: Seeds the moves between municipalities.
_MOVES = 1


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """What was written: rows of each register, persons by year, and how many areas."""

    seed: int
    fingerprint: str
    years: tuple[int, ...]
    persons: dict[int, int]
    rows: dict[str, int]
    municipalities: int
    grunnkretser: int
    parts: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def write_country(
    folder: Path, spec: CountrySpec, progress: Step | None = None, workers: int = 1
) -> CountryFacts:
    """Write a synthetic country. Nothing in it is about real people.

    The same specification gives the same bytes, however many `workers` (processes) share the
    work. A folder that holds a country made of the same specification is left as it is; anything
    else that an earlier run left is cleared, and what was cut off starts anew. `country.json`
    is written last. Raises `UserError` where the folder holds somebody's workspace.

    With more than one worker, a script that calls this needs the usual
    `if __name__ == "__main__":` around its work.
    """
    refuse_taken(folder)
    blocks = plan_country(spec)
    whole = _already(folder, spec)
    if whole is not None:
        return whole
    _clear(folder)
    with crew_for(blocks, folder / REGISTERS, workers) as crew:
        _live(crew, spec, blocks, progress)
        told = crew.told()
    truths = [truth for block in told for truth in block["municipalities"]]
    areas = write_areas(folder, truths)
    write_truth(folder, spec, truths)
    facts = _facts(spec, told, areas, _count_parts(folder))
    text = json.dumps(facts.as_dict(), indent=1, sort_keys=True)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")
    _tell(progress, spec.years + 1, spec.years + 1)
    return facts


def _live(
    crew: Crew, spec: CountrySpec, blocks: tuple[BlockPlan, ...], progress: Step | None
) -> None:
    """Live every year: all write and let leave, moves are matched, all let come."""
    for number, year in enumerate(spec.all_years):
        _tell(progress, number, spec.years + 1)
        offers = crew.leave()
        rng = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([spec.seed, _MOVES, year]))
        )
        matched = iter(exchange([one for block in offers for one in block], year + 1, rng))
        crew.come([list(islice(matched, len(block.plans))) for block in blocks])


def _tell(progress: Step | None, done: int, total: int) -> None:
    if progress is not None:
        progress("synthetic", done, total)


def _already(folder: Path, spec: CountrySpec) -> CountryFacts | None:
    """Return the facts of a whole country of this very specification, if it lies there."""
    path = folder / FACTS
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("fingerprint") != spec.fingerprint() or told.get("parts") != _count_parts(folder):
        return None
    return CountryFacts(
        **{
            **told,
            "years": tuple(told["years"]),
            "persons": {int(year): n for year, n in told["persons"].items()},
        }
    )


def _clear(folder: Path) -> None:
    """Make the folder ready. What says that it is whole goes first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FACTS).unlink(missing_ok=True)
    shutil.rmtree(folder / REGISTERS, ignore_errors=True)


def _count_parts(folder: Path) -> int:
    return len(list((folder / REGISTERS).glob("*/year=*/part-*.parquet")))


def _facts(spec: CountrySpec, told: list[dict[str, Any]], areas: int, parts: int) -> CountryFacts:
    return CountryFacts(
        seed=spec.seed,
        fingerprint=spec.fingerprint(),
        years=tuple(spec.all_years),
        persons={year: sum(block["persons"][year] for block in told) for year in spec.all_years},
        rows={name: sum(block["rows"][name] for block in told) for name in told[0]["rows"]},
        municipalities=sum(len(block["municipalities"]) for block in told),
        grunnkretser=areas,
        parts=parts,
    )
