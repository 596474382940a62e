"""How a ledger was read, in words."""

from __future__ import annotations

from nabolag.accounts.spec import AccountsSpec
from nabolag.core import Lang, label


def explained(spec: AccountsSpec, lang: Lang) -> str:
    """Return the rule as one paragraph in one language."""
    said = [
        label(f"accounts.explain.{spec.stage}", lang, municipality=spec.municipality),
        label("accounts.explain.services", lang),
        label("accounts.explain.inhabitants", lang),
    ]
    if spec.side is not None:
        said.append(label("accounts.explain.net", lang))
    if spec.deflator is not None:
        source, status = spec.deflator.source.in_(lang), spec.deflator.status
        standing = label(f"projection.standing.{status}", lang)
        said.append(
            label("accounts.explain.deflator", lang, base=spec.deflator.base, source=source,
                  standing=standing)
        )  # fmt: skip
    said.append(label("accounts.explain.hidden", lang))
    return " ".join(said)
