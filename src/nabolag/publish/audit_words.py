"""What the audit of a release found, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nabolag.core import Lang, label
from nabolag.publish.numbers import format_count, per_cent


def audit_sentence(found: Mapping[str, Any], lang: Lang) -> str:
    """Say how much is hidden, and how much of it comes out. `found` is `Audit.as_dict()`.

    What comes out of earlier releases alone is counted too: a reader has those.
    """
    told: dict[str, Any] = {
        "share": per_cent(found["hidden_share"], lang, 1),
        **{name: format_count(found[name], lang) for name in ("figures", "hidden", "equations")},
    }
    out = found["exact"] + found["before"]
    if not out:
        return label("audit.none", lang, **told)
    programs = format_count(found["programs"], lang)
    return label("audit.some", lang, n=out, **told, programs=programs)
