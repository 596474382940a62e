"""Is the installation whole? What `nabolag doctor` tells."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from nabolag.core import LANGS, label_keys, label_text

#: Distribution name → the extra it belongs to ("" is the core).
PARTS = {
    "polars": "",
    "duckdb": "",
    "geopandas": "",
    "pyogrio": "",
    "python-calamine": "",
    "typst": "reports",
    "vl-convert-python": "reports",
    "xlsxwriter": "reports",
    "django": "web",
    "waitress": "web",
    "psycopg": "web",
    "pyspark": "spark",
    "ibis-framework": "ibis",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the installation. `optional` parts may be absent in a whole installation."""

    name: str
    present: bool
    detail: str = ""
    optional: bool = False


def installation() -> tuple[Part, ...]:
    """Return every part: libraries with versions, labels, front end, browser."""
    libraries = tuple(_library(name, extra) for name, extra in PARTS.items())
    return (*libraries, _labels(), _frontend(), _browser())


def _library(name: str, extra: str) -> Part:
    try:
        return Part(name, True, version(name), bool(extra))
    except PackageNotFoundError:
        return Part(name, False, f"[{extra}]" if extra else "", bool(extra))


def _labels() -> Part:
    keys = label_keys()
    whole = all(label_text(key).in_(lang) for key in keys for lang in LANGS)
    return Part("labels", whole, f"{len(keys)} × {len(LANGS)}")


def _frontend() -> Part:
    manifest = files("nabolag.web") / "static" / "nabolag" / ".vite" / "manifest.json"
    return Part("front end", manifest.is_file(), "static/nabolag", optional=True)


def _browser() -> Part:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return Part("chromium", found is not None, found or "", optional=True)
