"""Border files out of what was fetched, for `[[geometry]]`."""

from __future__ import annotations

from pathlib import Path

from nabolag.core import Place, error
from nabolag.sources.producers import geonorge, kartverket
from nabolag.sources.producers.keep import Kept

#: The producers that give borders.
GIVES_BORDERS = ("geonorge", "kartverket", "wfs")


def border_files(kept: Kept, folder: Path) -> dict[str, Path]:
    """Return the border files of a fetch, by the name that messages show.

    What must be unpacked or put together is written into `folder`; the answers stay untouched.
    Raises `UserError` for a producer that gives none, and for answers that are not whole.
    """
    producer = kept.plan["producer"]
    match producer:
        case "wfs":
            found = kept.files()
        case "geonorge":
            found = geonorge.unpack(kept.answers(), folder)
        case "kartverket":
            together = folder / f"{kept.plan['table']}.geojson"
            together.write_bytes(kartverket.shapes_as_geojson(kept.answers()))
            found = [together]
        case _:
            known = ", ".join(GIVES_BORDERS)
            raise error("fetch_without_borders", Place(), producer=producer, known=known)
    return {f"{kept.folder.parent.name}/{file.name}": file for file in found}
