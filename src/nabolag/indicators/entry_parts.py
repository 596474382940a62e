"""The nested parts of a catalogue entry: who gives the figures, comparability, what changed.

Each reader returns the value and what is wrong with it, as findings that name file, entry and
key. The vocabulary of producers stands in the labels under `origin`, that of registers in
`registers.contracts`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nabolag.core import (
    LANGS,
    Comparability,
    Comparison,
    DefinitionChange,
    Finding,
    Origin,
    Period,
    Place,
    Severity,
    Text,
    has_label,
    label_keys,
)
from nabolag.registers import CONTRACTS

#: The producer that stands for microdata delivered in the register contracts.
REGISTER = "register"
_ORIGIN_KEYS = ("producer", "table", "registers", "reference")
_CHANGE_KEYS = ("version", "from_period", "what", "reference")


@dataclass(frozen=True, slots=True)
class Entry:
    """Which entry of which file is read."""

    file: str
    id: str

    def says(self, code: str, **params: str) -> Finding:
        """Return a finding about this entry."""
        return Finding(code, Severity.ERROR, Place(self.file), {"entry": self.id, **params})

    def wrong(self, key: str, given: Any, allowed: str) -> Finding:
        """Return the finding that a key's value is none of what is allowed."""
        return self.says("catalogue_value_wrong", key=key, given=str(given)[:60], allowed=allowed)


def read_sources(given: Any, about: Entry) -> tuple[tuple[Origin, ...], list[Finding]]:
    """Read `sources:`, a list of `{producer, table, registers, reference}`."""
    if not isinstance(given, list) or not given:
        return (), [about.wrong("sources", given, "[{producer: …, table: …}]")]
    origins, problems = [], []
    for place, one in enumerate(given):
        key = f"sources[{place}]"
        if not isinstance(one, Mapping):
            problems.append(about.wrong(key, one, ", ".join(_ORIGIN_KEYS)))
            continue
        found = _origin_problems(one, key, about)
        problems += found
        if not found:
            facts = {name: str(one[name]) for name in ("table", "reference") if name in one}
            registers = tuple(one.get("registers", ()))
            origins.append(Origin(str(one["producer"]), registers=registers, **facts))
    return tuple(origins), problems


def _origin_problems(given: Mapping[str, Any], key: str, about: Entry) -> list[Finding]:
    problems = _keys(given, ("producer",), _ORIGIN_KEYS, key, about)
    producer = given.get("producer")
    if producer is not None and not has_label(f"origin.{producer}"):
        known = [name.removeprefix("origin.") for name in label_keys() if _names_producer(name)]
        problems.append(about.wrong(f"{key}.producer", producer, near(str(producer), known)))
    registers = given.get("registers", [])
    if not isinstance(registers, list):
        return [*problems, about.wrong(f"{key}.registers", registers, "[person, household]")]
    if (producer == REGISTER) != bool(registers):
        problems.append(about.wrong(f"{key}.registers", registers, f"producer: {REGISTER}"))
    unknown = [name for name in registers if name not in CONTRACTS]
    return problems + [
        about.wrong(f"{key}.registers", name, near(str(name), CONTRACTS)) for name in unknown
    ]


def _names_producer(name: str) -> bool:
    return name.startswith("origin.")


def read_comparability(given: Any, about: Entry) -> tuple[Comparison | None, list[Finding]]:
    """Read `comparability:`; anything but «comparable» must say why."""
    if not isinstance(given, Mapping):
        return None, [about.wrong("comparability", given, "status, reason")]
    key = "comparability"
    problems = _keys(given, ("status",), ("status", "reason"), key, about)
    allowed = [status.value for status in Comparability]
    status = given.get("status")
    if status is not None and status not in allowed:
        problems.append(about.wrong(f"{key}.status", status, ", ".join(allowed)))
    reason = None
    if "reason" in given:
        problems += text_problems(given["reason"], f"{key}.reason", about)
    elif status != Comparability.COMPARABLE:
        problems.append(about.says("catalogue_key_absent", key=f"{key}.reason"))
    if problems:
        return None, problems
    reason = Text.of(given["reason"]) if "reason" in given else None
    return Comparison(Comparability(str(status)), reason), []


def read_changes(
    given: Any, version: Any, about: Entry
) -> tuple[tuple[DefinitionChange, ...], list[Finding]]:
    """Read `changed:`: every version after the first, in order, up to the entry's own."""
    if not isinstance(given, list):
        return (), [about.wrong("changed", given, "[{version: 2, from_period: …, what: …}]")]
    changes: list[DefinitionChange] = []
    problems: list[Finding] = []
    for place, one in enumerate(given):
        key = f"changed[{place}]"
        if not isinstance(one, Mapping):
            problems.append(about.wrong(key, one, ", ".join(_CHANGE_KEYS)))
            continue
        found = _change_problems(one, key, about)
        problems += found
        if not found:
            reference = str(one.get("reference", ""))
            when, what = str(one["from_period"]), Text.of(one["what"])
            changes.append(DefinitionChange(one["version"], when, what, reference))
    told = [change.version for change in changes]
    if not problems and told != list(range(2, int(version) + 1)):
        problems.append(about.says("catalogue_versions_untold", version=str(version)))
    return tuple(changes), problems


def _change_problems(given: Mapping[str, Any], key: str, about: Entry) -> list[Finding]:
    problems = _keys(given, ("version", "from_period", "what"), _CHANGE_KEYS, key, about)
    if "version" in given and not _is_version(given["version"]):
        problems.append(about.wrong(f"{key}.version", given["version"], "2, 3, 4 …"))
    if "from_period" in given and not _is_period(given["from_period"]):
        allowed = "2019, 2019/2020, 2019-2021"
        problems.append(about.wrong(f"{key}.from_period", given["from_period"], allowed))
    if "what" in given:
        problems += text_problems(given["what"], f"{key}.what", about)
    return problems


def _is_version(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given > 1


def _is_period(given: Any) -> bool:
    try:
        Period.parse(str(given))
    except ValueError:
        return False
    return True


def text_problems(words: Any, key: str, about: Entry) -> list[Finding]:
    """Return what is wrong with a text that must be there in every language."""
    if not isinstance(words, Mapping):
        return [about.wrong(key, words, ", ".join(LANGS))]
    absent = [lang for lang in LANGS if not isinstance(words.get(lang), str) or not words[lang]]
    extra = [str(lang) for lang in words if lang not in LANGS]
    problems = [about.says("catalogue_key_absent", key=f"{key}.{lang}") for lang in absent]
    return problems + [about.says("catalogue_key_unknown", key=f"{key}.{lang}") for lang in extra]


def _keys(
    given: Mapping[str, Any], needed: Sequence[str], known: Sequence[str], key: str, about: Entry
) -> list[Finding]:
    absent = [name for name in needed if name not in given]
    extra = [str(name) for name in given if name not in known]
    problems = [about.says("catalogue_key_absent", key=f"{key}.{name}") for name in absent]
    return problems + [about.says("catalogue_key_unknown", key=f"{key}.{name}") for name in extra]


def near(given: str, known: Iterable[str]) -> str:
    """Return the known names most like a given one, all of them where none is."""
    names = sorted(known)
    return ", ".join(difflib.get_close_matches(given, names, n=3, cutoff=0.5) or names)


def read_counted_among(given: Any, about: Entry) -> tuple[str, list[Finding]]:
    """Read `counted_among:`, the id of the count that is this indicator's denominator."""
    if not isinstance(given, str) or not given:
        return "", [about.wrong("counted_among", given, "households")]
    return given, []


def read_made_of(given: Any, about: Entry) -> tuple[tuple[tuple[str, ...], ...], list[Finding]]:
    """Read `made_of:`, lists of indicators whose counts add up to this one's."""
    sound = isinstance(given, list) and all(
        isinstance(parts, list) and len(parts) > 1 and all(isinstance(p, str) for p in parts)
        for parts in given
    )
    if not sound:
        return (), [about.wrong("made_of", given, "[[tenant_households, owner_households]]")]
    return tuple(tuple(parts) for parts in given), []
