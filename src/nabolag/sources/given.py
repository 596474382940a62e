"""How values stand in a specification: one or several texts, a pattern, words in each language."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from nabolag.core import Text


def _listed(given: Any) -> Any:
    return (given,) if isinstance(given, str | int) else given


def compiles(pattern: str) -> str:
    """Return a regular expression that can be read. Raises `ValueError`."""
    try:
        re.compile(pattern)
    except re.error as wrong:
        raise ValueError(f"«{pattern}» is not a regular expression ({wrong})") from wrong
    return pattern


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_listed)]
Pattern = Annotated[str, Field(default=""), BeforeValidator(compiles)]
Words = Annotated[Text, BeforeValidator(Text.of)]
