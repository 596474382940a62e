"""The workspace on disk: immutable snapshots, releases, raw deliveries and the engine."""

from nabolag.store.bundle import (
    Bundle,
    current_bundle,
    list_bundles,
    open_bundle,
    sha256,
    write_bundle,
)
from nabolag.store.config import CONFIG_NAME, Section, Words, parse_section, read_toml
from nabolag.store.delivered import absent, find_delivered, require_readable
from nabolag.store.engine import engine
from nabolag.store.frames import conform, empty, schema_of
from nabolag.store.raw import keep_raw
from nabolag.store.release import Analysed, Release, indicator_as_dict, indicator_from_dict
from nabolag.store.workspace import DATA_ENVIRONMENT, Workspace

__all__ = [
    "CONFIG_NAME",
    "DATA_ENVIRONMENT",
    "Analysed",
    "Bundle",
    "Release",
    "Section",
    "Words",
    "Workspace",
    "absent",
    "conform",
    "current_bundle",
    "empty",
    "engine",
    "find_delivered",
    "indicator_as_dict",
    "indicator_from_dict",
    "keep_raw",
    "list_bundles",
    "open_bundle",
    "parse_section",
    "read_toml",
    "require_readable",
    "schema_of",
    "sha256",
    "write_bundle",
]
