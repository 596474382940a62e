"""A projection in words: what it is made of, what is borrowed, and what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nabolag.core import Lang, label
from nabolag.projection.axes import OLDEST, Ages
from nabolag.projection.spec import ProjectionSpec, ScenarioSection

_RATES = ("births", "deaths", "moved_in", "moved_out", "homes")


def explained(spec: ProjectionSpec, base: int, event_years: Sequence[int], lang: Lang) -> str:
    """Return the method as one paragraph in one language."""
    words: dict[str, Any] = {
        "level": spec.level.plural.in_(lang),
        "larger": spec.larger.label.in_(lang),
        "base": base,
        "years": spec.years,
        "first": min(event_years, default=base),
        "last": max(event_years, default=base),
    }
    smoothing: dict[str, Any] = {
        "window": spec.smoothing.window,
        "exposure": _written(spec.smoothing.exposure, lang),
        "events": _written(spec.smoothing.events, lang),
        "persons": _written(spec.smoothing.persons, lang),
    }
    said = [
        label("projection.explain.what", lang, **words),
        label("projection.explain.rates", lang, **words),
        label("projection.explain.smoothing", lang, **smoothing, **words),
        label(f"projection.explain.{'own' if spec.events.own else 'borrowed'}", lang, **smoothing),
        label(f"projection.explain.{spec.how}", lang, seed=spec.seed),
        *_scenarios(spec, lang),
        *_beside(spec, lang),
    ]
    return " ".join(said)


def scenario_name(one: ScenarioSection, lang: Lang) -> str:
    """Return what a scenario is called: its own name, else the house's, else its id."""
    return named("projection.scenario", one.id, one.name.in_(lang) if one.name else "", lang)


def named(key: str, one: str, own: str, lang: Lang) -> str:
    """Return a name of its own, else the house's word for an id, else the id."""
    from nabolag.core import has_label  # noqa: PLC0415

    known = f"{key}.{one}"
    return own or (label(known, lang) if has_label(known) else one)


def ages_text(ages: Ages, lang: Lang) -> str:
    """Return «0–5 år», «80 år og over», «alle aldre»."""
    if (ages.start, ages.to) == (0, OLDEST):
        return label("projection.ages.all", lang)
    if ages.to == OLDEST:
        return label("projection.ages.over", lang, start=ages.start)
    if ages.start == ages.to:
        return label("projection.ages.one", lang, start=ages.start)
    return label("projection.ages.between", lang, start=ages.start, to=ages.to)


def _scenarios(spec: ProjectionSpec, lang: Lang) -> list[str]:
    said = []
    for one in spec.scenario:
        parts = [
            label(f"projection.explain.factor_{rate}", lang,
                  times=_written(getattr(one, rate), lang))
            for rate in _RATES
            if getattr(one, rate) != 1
        ]  # fmt: skip
        told = ", ".join(parts) or label("projection.explain.unchanged", lang)
        words: dict[str, Any] = {"name": scenario_name(one, lang), "told": told, "over": one.over}
        key = "scenario_slowly" if one.over > 1 and parts else "scenario"
        said.append(label(f"projection.explain.{key}", lang, **words))
    return said


def _beside(spec: ProjectionSpec, lang: Lang) -> list[str]:
    said = []
    if spec.housing is not None:
        share = _written(100 * spec.housing.from_outside, lang)
        said.append(label("projection.explain.housing", lang, share=share))
    if spec.constraint is not None:
        level = spec.constraint.level.label.in_(lang)
        said.append(label("projection.explain.constraint", lang, level=level))
    release: dict[str, Any] = {"minimum": spec.release.minimum, "smallest": spec.release.smallest,
               "base": spec.release.base}  # fmt: skip
    said.append(label("projection.explain.release", lang, **release))
    return said


def _written(value: float, lang: Lang) -> str:
    written = f"{value:.10g}"
    return written if lang == "en" else written.replace(".", ",")
