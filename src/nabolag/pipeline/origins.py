"""Where everything that was read comes from: what pages, reports and files cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nabolag import __version__
from nabolag.core import Provenance
from nabolag.sources.listed import Sourced
from nabolag.sources.producers import Kept
from nabolag.sources.producers.protocol import digest_of
from nabolag.sources.tables import SourceSpec, TableRead, provenance
from nabolag.store import sha256


@dataclass
class Delivered:
    """The files and the kept answers behind each section, by the section's id.

    `files` are by the name that messages use.
    """

    files: dict[str, dict[str, Path]] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)

    @property
    def every_file(self) -> dict[str, Path]:
        """Every delivered file by name; what was fetched is kept already."""
        return {name: path for files in self.files.values() for name, path in files.items()}


def of_tables(specs: Iterable[SourceSpec], tables: Iterable[TableRead]) -> list[Provenance]:
    """Return where the figures of each table come from."""
    by_id = {spec.id: spec for spec in specs}
    return [provenance(by_id[table.source], table, __version__) for table in tables]


def of_sections(specs: Iterable[Sourced], delivered: Delivered, root: Path) -> Iterable[Provenance]:
    """Return where borders, lists and places come from, those that were read.

    Of several files the hash is one hash of them all; of a fetch, `file` is the folder of its
    answers, relative to the workspace's `root`.
    """
    for spec in specs:
        if files := delivered.files.get(spec.id):
            yield spec.provenance(", ".join(files), _hash_of(files), __version__)
        elif kept := delivered.kept.get(spec.id):
            folder = kept.folder.relative_to(root).as_posix()
            digest = digest_of([answer.sha256 for answer in kept.each()])
            yield spec.provenance(folder, digest, __version__, kept.plan)


def _hash_of(files: Mapping[str, Path]) -> str:
    hashes = [sha256(path) for path in files.values()]
    return hashes[0] if len(hashes) == 1 else digest_of(hashes)
