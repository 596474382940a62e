"""`[counting]`: indicators counted from the registers in the workspace, a year at a time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from nabolag import __version__
from nabolag.core import (
    Finding,
    Place,
    Provenance,
    Severity,
    Text,
    UserError,
    error,
    label_text,
)
from nabolag.geography import AreaRegister
from nabolag.indicators import Definitions
from nabolag.indicators.engine import (
    Counting,
    Measured,
    RegisterFiles,
    measure_registers,
    rules_digest,
)
from nabolag.pipeline.step import Step
from nabolag.registers.delivery import read_settings
from nabolag.registers.settle import settle
from nabolag.store import CONFIG_NAME, Bundle, Workspace, current_bundle, write_bundle
from nabolag.store.engine import Engine, EngineName, open_engine

Words = Annotated[Text, BeforeValidator(Text.of)]
#: The name figures counted from registers carry as their source.
SOURCE: Final = "registers"
#: Says where PostgreSQL is, where `engine` is `postgres`: an address may hold a password, and
#: what stands in `nabolag.toml` is kept and handed on.
ADDRESS_ENVIRONMENT: Final = "NABOLAG_POSTGRES"
_KEPT = ".counting"
#: What an engine needs that not every installation has: the module, and the extra that brings it.
_NEEDED: Final[Mapping[str, tuple[str, str]]] = {
    "spark": ("pyspark", "spark"),
    "postgres": ("ibis", "ibis"),
}


class CountingSection(Counting):
    """`[counting]`: which indicators are counted from registers, and how.

    `indicators` are ids of the catalogue; without it every indicator of the catalogue that says
    how it is counted. `years` are the years figures are made for; without it every year the
    registers have persons for. `prefer` says which figure stands where an indicator is both
    counted here and delivered for the same area and period. `own_areas_only` leaves areas smaller
    than `[workspace]`'s municipality out of the release where they lie in another one, whose
    records are there for what is compared with. `engine` and `memory` say what counts; where a
    database is, `ADDRESS_ENVIRONMENT` says. The rest is the sources' own: who keeps the registers,
    and under which terms.
    """

    years: tuple[int, ...] = ()
    indicators: tuple[str, ...] = ()
    prefer: Literal["registers", "deliveries"] = "registers"
    own_areas_only: bool = False
    engine: EngineName = "polars"
    memory: str = "4GB"
    producer: str = ""
    title: Words | None = None
    licence: str = ""
    retrieved: str = ""
    note: Words | None = None


def count_registers(
    workspace: Workspace,
    spec: CountingSection,
    definitions: Definitions,
    register: AreaRegister,
    step: Step,
) -> Measured:
    """Count every indicator that `[counting]` asks for, for every year and level.

    A year that is finished is kept until the build is, so that a build that was stopped goes on
    where it was. Raises `UserError` for indicators that are not in the catalogue or do not say
    how they are counted.
    """
    asked = _asked_definitions(spec, definitions)
    settings = read_settings(workspace.config)
    settle(workspace.root / settings.quarantine, workspace.root / settings.folder)
    folder = register_folder(workspace)
    of_all = _fingerprint(folder, spec, asked, register)
    kept = YearsKept(workspace.root / _KEPT, of_all, asked, step)
    with _counter(spec, workspace.root / _KEPT) as engine:
        registers = RegisterFiles(engine, folder)
        years = spec.years or tuple(sorted(registers.years("person")))
        if not years:
            raise error("counting_registers_absent", Place(CONFIG_NAME), folder=folder.name)
        kept.expect(len(years))
        whole = spec.model_copy(update={"years": years})
        return measure_registers(registers, asked, register, whole, years=kept)


@contextmanager
def _counter(spec: CountingSection, folder: Path) -> Iterator[Engine]:
    """Open the engine that is asked for. Raises `UserError` where it is not to be had."""
    module, extra = _NEEDED.get(spec.engine, ("", ""))
    if module and find_spec(module) is None:
        raise error("counting_engine_absent", Place(CONFIG_NAME), engine=spec.engine, extra=extra)
    address = os.environ.get(ADDRESS_ENVIRONMENT, "")
    said = {"variable": ADDRESS_ENVIRONMENT}
    with ExitStack() as closing:
        try:
            opened = open_engine(spec.engine, memory=spec.memory, folder=folder, address=address)
            engine = closing.enter_context(opened)
        except ValueError as wrong:
            raise error("counting_database_unnamed", Place(CONFIG_NAME), **said) from wrong
        except ConnectionError as silent:
            said["reason"] = str(silent)
            raise error("counting_database_silent", Place(CONFIG_NAME), **said) from silent
        yield engine


def register_folder(workspace: Workspace) -> Path:
    """Return where registers lie: in the workspace, else under the folder of deliveries."""
    name = read_settings(workspace.config).folder
    own = workspace.root / name
    return own if own.is_dir() else workspace.data_root / name


def forget_counting(workspace: Workspace) -> None:
    """Remove what was kept of years, after a build that is finished."""
    shutil.rmtree(workspace.root / _KEPT, ignore_errors=True)


def registers_provenance(spec: CountingSection, folder: Path, geography: str) -> Provenance:
    """Say where figures counted from registers come from."""
    return Provenance(
        source=SOURCE,
        producer=spec.producer,
        title=spec.title or label_text("counting.title"),
        file=folder.name,
        retrieved_at=spec.retrieved,
        licence=spec.licence,
        geography=geography,
        code_version=__version__,
        note=spec.note,
    )


def _asked_definitions(spec: CountingSection, definitions: Definitions) -> Definitions:
    """Return the definitions that are asked for."""
    wanted = spec.indicators or tuple(definitions.measures)
    wrong = [_not_counted(one, definitions) for one in wanted if one not in definitions.measures]
    if wrong:
        raise UserError(*wrong)
    return Definitions(
        {one: definitions.indicators[one] for one in wanted},
        {one: definitions.measures[one] for one in wanted},
        definitions.numbers,
    )


def _not_counted(given: str, definitions: Definitions) -> Finding:
    """Say why an indicator cannot be counted, and which could have been meant."""
    known = given in definitions.indicators
    code = "counting_indicator_without_measure" if known else "counting_indicator_unknown"
    near = get_close_matches(given, definitions.measures, n=3)
    params = {"given": given, "near": ", ".join(near) or "–"}
    return Finding(code, Severity.ERROR, Place(CONFIG_NAME), params)


def _fingerprint(
    folder: Path, spec: CountingSection, definitions: Definitions, register: AreaRegister
) -> str:
    """Return what every kept year must agree with: records, definitions, areas, code."""
    files = sorted(folder.glob("*/*/*.parquet"))
    facts = [(str(f.relative_to(folder)), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    asked = spec.model_dump(mode="json", exclude={"years", "prefer", "memory"})
    frames = (register.closed_links, register.areas, register.marks)
    areas = [str(f.hash_rows(seed=0).sort().to_list()) if f.height else "" for f in frames]
    entries = (definitions.indicators, definitions.measures)
    defined = [{name: repr(entry) for name, entry in some.items()} for some in entries]
    text = json.dumps([facts, asked, areas, defined, __version__], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class YearsKept:
    """Finished years of a build, each a bundle of its own.

    Not used are those of other records or areas, of a definition that was another, and of a year
    whose rules had other numbers than they have now.
    """

    root: Path
    fingerprint: str
    definitions: Definitions
    step: Step
    total: int = 0
    done: int = 0

    def expect(self, years: int) -> None:
        """Say how many years there are to count."""
        self.total = years
        self.step("count", 0, years)

    def kept(self, year: int) -> Measured | None:
        """Return a finished year, `None` where it is not finished or was counted otherwise."""
        bundle = current_bundle(self._folder(year))
        if bundle is None or bundle.document("facts").get("fingerprint") != self._of(year):
            return None
        self._tell()
        return _read(bundle)

    def keep(self, year: int, measured: Measured) -> None:
        """Keep a finished year, whole or not at all."""
        frames = {"observations": measured.observations, "coverage": measured.coverage}
        documents = {
            "findings": [finding.as_dict() for finding in measured.findings],
            "facts": {"fingerprint": self._of(year)},
        }
        write_bundle(self._folder(year), frames, documents, {"kind": "counted"})
        self._tell()

    def _of(self, year: int) -> str:
        """Return what the year must agree with: what every year must, and its rules' numbers."""
        asked = self.definitions
        return f"{self.fingerprint}-{rules_digest(asked.measures.values(), asked.numbers, year)}"

    def _folder(self, year: int) -> Path:
        return self.root / str(year)

    def _tell(self) -> None:
        self.done += 1
        self.step("count", self.done, self.total)


def _read(bundle: Bundle) -> Measured:
    findings: Iterable[Mapping[str, object]] = bundle.document("findings")
    return Measured(
        bundle.frame("observations"),
        bundle.frame("coverage"),
        tuple(Finding.from_dict(dict(one)) for one in findings),
    )
