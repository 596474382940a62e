"""One row of a release as readers see it: the number with its unit, or the reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Indicator, Lang, Status
from nabolag.disclosure import recoded_words
from nabolag.publish.numbers import (
    format_interval,
    format_period,
    format_plain,
    format_value,
    status_words,
)
from nabolag.publish.rounding import rounded_beside, zero_in_words
from nabolag.publish.shown import Shown

_KINDS = {
    Status.VALUE: "value",
    Status.UNRELIABLE: "unreliable",
    Status.MISSING: "missing",
    Status.NOT_APPLICABLE: "not_applicable",
}


def kind_of(status: Status) -> str:
    """Return how a status is drawn: `value`, `unreliable`, `hidden`, `missing`, …."""
    return _KINDS.get(status, "hidden")


def shown_of(
    row: Mapping[str, Any], indicator: Indicator, name: str, producer: str, lang: Lang
) -> Shown:
    """Return a row as it is shown. `name` is the area's, `producer` who owes the figure."""
    status = Status(row["status"])
    value = row["value"] if status.has_value else None
    words = status_words(status, row.get("reason") or "", indicator, row["period"], producer, lang)
    facts = _numbers(row, indicator, lang) if value is not None else {}
    recoded = _recoded(row, lang) if value is not None else ""
    return Shown(
        level=row["level"],
        area=row["area"],
        name=name,
        indicator=indicator.id,
        period=row["period"],
        period_text=format_period(row["period"], lang),
        text=facts.pop("text", words),
        kind=kind_of(status),
        status=status.value,
        status_words=words,
        source=row.get("source") or "",
        recoded=(row.get("reason") or "").rpartition(":")[2] if recoded else "",
        recoded_text=recoded,
        rounded_text=rounded_beside(row, lang) if value is not None else "",
        group=row.get("group") or "",
        **facts,
    )


def _recoded(row: Mapping[str, Any], lang: Lang) -> str:
    """Return how a number came from other borders; nothing where only its code is new."""
    reason = row.get("reason") or ""
    return "" if reason.endswith(":renumbered") else recoded_words(reason, lang)


def _numbers(row: Mapping[str, Any], indicator: Indicator, lang: Lang) -> dict[str, Any]:
    lower, upper = row.get("lower"), row.get("upper")
    above, below = row.get("numerator"), row.get("denominator")
    return {
        "text": zero_in_words(row, format_value(row["value"], indicator, lang), lang),
        "plain": format_plain(row["value"], indicator, lang),
        "value": row["value"],
        "lower": lower,
        "upper": upper,
        "interval_text": format_interval(lower, upper, indicator, lang),
        "numerator": above,
        "denominator": below,
    }
