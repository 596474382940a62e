"""An area of one's own as text for `nabolag.toml`, to be looked over and pasted by a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def custom_area_toml(fields: Mapping[str, Any]) -> str:
    """Return one `[[custom_area]]`, a line a field. Every JSON text is a TOML text as well."""
    lines = [f"{key} = {_text(value)}" for key, value in fields.items()]
    return "\n".join(["[[custom_area]]", *lines])


def _text(value: Any) -> str:
    # The one sign that JSON may write as it is and TOML may not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
