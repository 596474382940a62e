"""Drawing a specification as SVG or PNG, the same every time.

Rendering happens in the process, without a browser or a network. The SVG is given a title, a
description and a language, so that a reader of the screen is told what the picture says.
"""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from nabolag.core import Lang
from nabolag.publish.figures.base import VEGA_LITE, Spec, number_locale, time_locale

_OPEN = "<svg "


def to_svg(spec: Spec, lang: Lang) -> str:
    """Draw a specification as SVG text. Raises `ValueError` where it is no valid one."""
    import vl_convert  # noqa: PLC0415

    return _described(str(vl_convert.vegalite_to_svg(_text(spec), **_options(lang))), spec, lang)


def to_png(spec: Spec, lang: Lang, scale: float = 2.0) -> bytes:
    """Draw a specification as PNG bytes; `scale` 2 suits a page, 4 a poster."""
    import vl_convert  # noqa: PLC0415

    return bytes(vl_convert.vegalite_to_png(_text(spec), scale=scale, **_options(lang)))


def _options(lang: Lang) -> dict[str, Any]:
    return {
        "vl_version": VEGA_LITE,
        "format_locale": number_locale(lang),
        "time_format_locale": time_locale(lang),
        "allowed_base_urls": [],
    }


def _text(spec: Spec) -> str:
    return json.dumps(spec, ensure_ascii=False, allow_nan=False)


def _described(svg: str, spec: Spec, lang: Lang) -> str:
    """Put title, description and language into the root element."""
    title = " ".join(spec["title"]["text"])
    about = str(spec["description"])
    start = svg.index(_OPEN)
    end = svg.index(">", start) + 1
    opened = svg[start:end].replace(
        _OPEN,
        f'{_OPEN}role="img" lang="{lang}" xml:lang="{lang}" aria-label={quoteattr(about)} ',
        1,
    )
    named = f"<title>{escape(title)}</title><desc>{escape(about)}</desc>"
    return svg[:start] + opened + named + svg[end:]
