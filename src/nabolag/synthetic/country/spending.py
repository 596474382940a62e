"""The demo's spending models: declared where the library that estimates them is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from string import Template

from nabolag.synthetic.ground import Ground
from nabolag.synthetic.municipality import known_truth

_LIBRARY = "pyfixest"


def spending_config(grounds: Sequence[Ground]) -> str:
    """Return the part of `nabolag.toml` about spending models, as comments without the library.

    The analysis areas are the exposed grunnkretser of every municipality.
    """
    exposed = sorted(code for ground in grounds for code in known_truth(ground)["exposed"])
    years = grounds[0].spec.all_years
    facts = {
        "areas": ", ".join(f'"{code}"' for code in exposed),
        "first": years[0],
        "last": years[-1],
    }
    template = files("nabolag.synthetic") / "templates" / "spending.toml"
    text = Template(template.read_text(encoding="utf-8")).substitute(facts)
    if find_spec(_LIBRARY) is not None:
        return text
    return "".join(f"# {line}\n" if line.strip() else "\n" for line in text.splitlines())
