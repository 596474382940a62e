"""Parameters of a rule as its words give them: numbers as they were declared, and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nabolag.core import Indicator, Lang


def declared(value: float, lang: Lang) -> str:
    """Return a declared number as it is written: no decimals but its own, and the right mark."""
    written = f"{value:.10g}"
    return written if lang == "en" else written.replace(".", ",")


def declared_percent(share: float, lang: Lang) -> str:
    """Return a declared share in per cent."""
    return declared(share * 100, lang)


def indicator_names(
    indicators: Iterable[str], catalogue: Mapping[str, Indicator], lang: Lang
) -> str:
    """Return the names of indicators one after the other; the id where there is no name."""
    return "; ".join(
        catalogue[iid].label.in_(lang) if iid in catalogue else iid for iid in indicators
    )
