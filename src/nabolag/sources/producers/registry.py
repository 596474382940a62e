"""Which producers there are: a name, the module that knows it, and its usual address."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from nabolag.core import Finding, Severity, UserError
from nabolag.sources.producers.protocol import Ask, Producer


@dataclass(frozen=True, slots=True)
class Entry:
    """How a producer is made: `module:function`, called with `ask` and an address.

    An empty address means that the user must give one.
    """

    factory: str
    address: str = ""


#: The factory is `make(name: str, ask: Ask, address: str) -> Producer`, imported when used.
PRODUCERS: Mapping[str, Entry] = {
    "ssb": Entry("pxweb:make", "https://data.ssb.no/api/pxwebapi/v2"),
    "kostra": Entry("pxweb:make", "https://data.ssb.no/api/pxwebapi/v2"),
    "pxwebapi": Entry("pxweb:make"),
    "klass": Entry("klass:make", "https://data.ssb.no/api/klass/v1"),
    "kartverket": Entry("kartverket:make", "https://api.kartverket.no/kommuneinfo/v1"),
    "geonorge": Entry("geonorge:make", "https://nedlasting.geonorge.no/api"),
    "wfs": Entry("wfs:make", "https://wfs.geonorge.no/skwms1"),
    "fhi": Entry("fhi:make", "https://statistikk-data.fhi.no/api/open/v1"),
    "udir": Entry("udir:make", "https://data-nsr.udir.no/v4"),
}


def producer_named(name: str, ask: Ask, address: str = "") -> Producer:
    """Return a producer that asks with `ask`, at `address` or its usual one.

    Raises `UserError` for a name that is not among `PRODUCERS`, and where an address is needed.
    """
    wrong = producer_mistake(name, address)
    if wrong is not None:
        raise UserError(wrong)
    entry = PRODUCERS[name]
    module, function = entry.factory.split(":")
    make: Callable[[str, Ask, str], Producer] = getattr(
        import_module(f"nabolag.sources.producers.{module}"), function
    )
    return make(name, ask, address or entry.address)


def producer_mistake(name: str, address: str) -> Finding | None:
    """Return what is wrong with a producer's name and address, if anything is."""
    if name not in PRODUCERS:
        near = difflib.get_close_matches(name, PRODUCERS, n=1)
        known = ", ".join(PRODUCERS)
        params = {"given": name, "known": known, "near": near[0] if near else known}
        return Finding("producer_unknown", Severity.ERROR, params=params)
    if not (address or PRODUCERS[name].address):
        return Finding("producer_address_absent", Severity.ERROR, params={"producer": name})
    return None
