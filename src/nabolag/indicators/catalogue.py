"""The catalogue of indicators: YAML data, checked before use.

House entries lie in `indicators/catalogue/*.yaml`; a workspace may add files of its own. One
entry is one table under the indicator's id, with the keys of `core.Indicator`. An indicator that
is counted from registers has a `measure` beside them (`engine.Measure`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from nabolag.core import (
    Finding,
    Indicator,
    Kind,
    Level,
    Place,
    Severity,
    Text,
    Unit,
    UserError,
    Worse,
    has_label,
)
from nabolag.indicators.engine.measures import Measure, read_measure
from nabolag.indicators.entry_parts import (
    Entry,
    near,
    read_changes,
    read_comparability,
    read_counted_among,
    read_made_of,
    read_sources,
    text_problems,
)
from nabolag.rules import HOUSE_NUMBERS, RuleNumbers
from nabolag.store.yaml_text import read_yaml, yaml_mistake

Catalogue: TypeAlias = Mapping[str, Indicator]

_TEXTS = ("label", "definition", "numerator", "denominator", "population", "short")
_CHOICES: dict[str, type[StrEnum]] = {
    "unit": Unit,
    "kind": Kind,
    "worse": Worse,
    "minimum_level": Level,
}
_NUMBERS = ("decimals", "version")
#: Keys that are read by readers of their own.
_NESTED = ("measure", "sources", "comparability", "changed", "counted_among", "made_of")
_REQUIRED = ("label", "definition", "unit", "kind", "worse", "ring", "reference")
_KEYS = frozenset(known.name for known in fields(Indicator)) - {"id"} | {"measure"}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Indicators by id, and for those counted from registers how they are counted.

    `numbers` are those of the rules that measures call.
    """

    indicators: dict[str, Indicator] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    numbers: RuleNumbers = HOUSE_NUMBERS


def load_catalogue(extra: Iterable[Path] = ()) -> dict[str, Indicator]:
    """Return the house's indicators and those of further files, by id.

    Raises one `UserError` with every mistake in every file: not YAML, a key that is unknown,
    absent or wrong, an id used twice. A workspace cannot change the meaning of a house id.
    """
    return load_definitions(extra).indicators


def load_definitions(extra: Iterable[Path] = ()) -> Definitions:
    """Return the indicators and their measures. Raises as `load_catalogue` does."""
    house = files("nabolag.indicators") / "catalogue"
    texts = [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in sorted(house.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".yaml")
    ]
    found = Definitions()
    findings: list[Finding] = []
    for path in extra:
        text = _read(path, findings)
        if text is not None:
            texts.append((path.name, text))
    for name, text in texts:
        _add(found, findings, name, text)
    findings += _sums_unknown(found.indicators)
    if findings:
        raise UserError(*findings)
    return found


def _sums_unknown(indicators: Mapping[str, Indicator]) -> list[Finding]:
    """Report `counted_among` and `made_of` that name no indicator, or none that is a count."""
    found = []
    for iid, indicator in indicators.items():
        among = indicator.counted_among
        whole = indicators.get(among)
        if among and (whole is None or whole.unit is not Unit.COUNT):
            counts = ", ".join(i.id for i in indicators.values() if i.unit is Unit.COUNT)
            found.append(Entry("", iid).wrong("counted_among", among, counts))
        for name in (part for parts in indicator.made_of for part in parts):
            if name not in indicators:
                found.append(Entry("", iid).wrong("made_of", name, near(name, indicators)))
    return found


def _read(path: Path, findings: list[Finding]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        findings.append(Finding("catalogue_absent", Severity.ERROR, Place(str(path))))
    except UnicodeDecodeError:
        findings.append(Finding("config_not_utf8", Severity.ERROR, Place(path.name)))
    return None


def _add(found: Definitions, findings: list[Finding], file: str, text: str) -> None:
    try:
        entries = read_yaml(text)
    except yaml.YAMLError as wrong:
        row, reason = yaml_mistake(wrong)
        place = Place(file, row)
        findings.append(Finding("catalogue_not_yaml", Severity.ERROR, place, {"reason": reason}))
        return
    if not isinstance(entries, dict):
        findings.append(Finding("catalogue_not_entries", Severity.ERROR, Place(file)))
        return
    for iid, entry in entries.items():
        if iid in found.indicators:
            findings.append(Entry(file, str(iid)).says("catalogue_entry_twice"))
            continue
        _add_entry(found, findings, file, str(iid), entry)


def _add_entry(
    found: Definitions, findings: list[Finding], file: str, iid: str, entry: Any
) -> None:
    about = Entry(file, iid)
    problems = _problems(about, entry)
    measure: Measure | None = None
    parts: dict[str, Any] = {}
    if isinstance(entry, dict):
        parts, wrong = _parts(entry, about)
        problems += wrong
        if "measure" in entry:
            measure, wrong = read_measure(entry["measure"], file, iid)
            problems += wrong
    findings.extend(problems)
    if not problems:
        found.indicators[iid] = _indicator(iid, entry, parts)
        if measure is not None:
            found.measures[iid] = measure


def _parts(entry: Mapping[str, Any], about: Entry) -> tuple[dict[str, Any], list[Finding]]:
    """Read the nested keys of an entry."""
    parts: dict[str, Any] = {}
    problems: list[Finding] = []
    if "sources" in entry:
        parts["sources"], wrong = read_sources(entry["sources"], about)
        problems += wrong
    if "comparability" in entry:
        parts["comparability"], wrong = read_comparability(entry["comparability"], about)
        problems += wrong
    for key, read in (("counted_among", read_counted_among), ("made_of", read_made_of)):
        if key in entry:
            parts[key], wrong = read(entry[key], about)
            problems += wrong
    version = entry.get("version", 1)
    if "changed" in entry or (_is_count(version) and version > 1):
        parts["changed"], wrong = read_changes(entry.get("changed", []), version, about)
        problems += wrong
    return parts, problems


def _problems(about: Entry, entry: Any) -> list[Finding]:
    if not isinstance(entry, dict):
        return [about.says("catalogue_not_an_entry")]
    absent = [key for key in _REQUIRED if key not in entry]
    unknown = [key for key in entry if key not in _KEYS]
    problems = [about.says("catalogue_key_absent", key=key) for key in absent]
    problems += [about.says("catalogue_key_unknown", key=str(key)) for key in unknown]
    for key in _TEXTS:
        if key in entry:
            problems += text_problems(entry[key], key, about)
    for key, choices in _CHOICES.items():
        if key in entry and entry[key] not in {choice.value for choice in choices}:
            allowed = ", ".join(choice.value for choice in choices)
            problems.append(about.wrong(key, entry[key], allowed))
    for key in _NUMBERS:
        if key in entry and not _is_count(entry[key]):
            problems.append(about.wrong(key, entry[key], "0, 1, 2 …"))
    if "ring" in entry and not has_label(f"ring.{entry['ring']}"):
        problems.append(about.wrong("ring", entry["ring"], "core.toml [ring]"))
    return problems


def _is_count(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def _indicator(iid: str, entry: Mapping[str, Any], parts: Mapping[str, Any]) -> Indicator:
    facts: dict[str, Any] = {key: given for key, given in entry.items() if key not in _NESTED}
    for key in _TEXTS:
        if key in facts:
            facts[key] = Text.of(facts[key])
    for key, choices in _CHOICES.items():
        if key in facts:
            facts[key] = choices(facts[key])
    facts["reference"] = str(facts["reference"]).strip()
    return Indicator(id=iid, **facts, **parts)
