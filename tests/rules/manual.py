"""The tables of docs/rules.md, made from the rules. Run as a module to write them anew."""

from __future__ import annotations

import re
from pathlib import Path

from nabolag import rules
from nabolag.core import label
from nabolag.rules import RuleStatus

MANUAL = Path(__file__).parents[2] / "docs" / "rules.md"
THEMES = {
    "income": "Inntekt og gjeld",
    "housing": "Bolig",
    "housing_allowance": "Bostøtte",
    "work": "Arbeid",
    "people": "Familie, utdanning, bakgrunn og flytting",
    "school": "Skole og SFO",
    "kindergarten": "Barnehage",
    "benefits": "Ytelser",
    "places": "Omgivelser",
    "municipality": "Kommunen",
    "schemes": "Ordninger og avtaler",
}


def rule_tables() -> str:
    """Return one table a theme: how a rule is written, what it is, its status and its source."""
    parts = []
    for module, heading in THEMES.items():
        rows = [
            _row(i) for i in rules.RULES.values() if i.function.__module__.endswith(f".{module}")
        ]
        head = "| regel | hva | svar | status | kilde |\n|---|---|---|---|---|\n"
        parts.append(f"### {heading}\n\n{head}{''.join(rows)}")
    return "\n".join(parts)


def _row(info: rules.RuleInfo) -> str:
    asked = rules.signature(info.name)
    answer = label(f"rule_kind.{asked.answer.value}", "nb")
    words = (f"`{asked}`", info.term, answer, _status(info.status), info.reference)
    return f"| {' | '.join(words)} |\n"


def _status(status: RuleStatus) -> str:
    return label(f"rule_status.{status.value}", "nb")


def declared_table() -> str:
    """Return every number that the house has set, by entry and date."""
    rows = ["| navn | fra | satt av huset |\n|---|---|---|\n"]
    for entry, kind in sorted(rules.parameter_kinds().items()):
        for p in kind.history():
            shown = ", ".join(_declared(p, name) for name in p.declared)
            if shown:
                rows.append(f"| `{entry}` | {p.since or '–'} | {shown} |\n")
    return "".join(rows)


def _declared(p: rules.Parameters, name: str) -> str:
    if name in ("since", "until"):
        return {"since": "dagen den begynner", "until": "siste dag"}[name]
    value = getattr(p, name)
    if isinstance(value, tuple):
        return f"{name} = {', '.join(str(part) for part in value)}"
    if isinstance(value, bool):
        return f"{name} = {label(f'rule_answer.{str(value).lower()}', 'nb')}"
    shown = f"{value:g}" if isinstance(value, float) and value < 1e5 else str(value)
    return f"{name} = {shown.removesuffix('.0').replace('.', ',')}"


def written(text: str) -> str:
    """Return the manual with its tables made anew."""
    for name, table in (("rules", rule_tables()), ("declared", declared_table())):
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(pattern, lambda m, t=table: f"{m[1]}\n{t}\n{m[2]}", text, flags=re.S)
    return text


if __name__ == "__main__":
    MANUAL.write_text(written(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
