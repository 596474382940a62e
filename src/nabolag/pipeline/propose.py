"""Proposals for `nabolag.toml`, written from what delivered files show.

Every line is a comment: «# » before what may be taken in use, «## » before what was seen.
Nothing is in use until a person has taken away «# » and filled in what is marked.
"""

from __future__ import annotations

import gc
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nabolag.core import Lang, Level, UserError, error, label
from nabolag.core.findings import Place
from nabolag.pipeline.propose_areas import AreasSeen, Columns, Known, areas_of_tables
from nabolag.pipeline.propose_table import place_of, proposed_table, slug, unique
from nabolag.pipeline.step import Step, no_progress
from nabolag.pipeline.toml_text import inline
from nabolag.sources.file_form import format_of
from nabolag.sources.sniff import TableSeen, look_at_table
from nabolag.sources.sniff_borders import BORDER_SUFFIXES, BordersSeen, look_at_borders
from nabolag.sources.sniff_columns import ColumnSeen, look_at_columns

_WIDTH = 98
_OWN_FOLDERS = ("raw", "snapshots", "releases")
_MOST_COLUMNS = 25


@dataclass(frozen=True, slots=True)
class Proposals:
    """Comment lines for borders, tables and areas, and how many files were looked at."""

    borders: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    files: int = 0
    unread: int = 0


def propose(directory: Path, lang: Lang, step: Step = no_progress) -> Proposals:
    """Look at every delivered file under a folder and propose how to describe it.

    A file that cannot be read is mentioned with the reason, and stops no other. Nothing is
    written and nothing is imported.
    """
    with _uncollected():
        return _proposed(directory, lang, step)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of cycles rest: it would go through every row again and again.

    Rows of text make no cycles, and are gone when a file has been looked at.
    """
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def _proposed(directory: Path, lang: Lang, step: Step) -> Proposals:
    files = delivered_files(directory)
    border_files = [name for name in files if _holds_borders(directory / name)]
    table_files = [name for name in files if name not in border_files]
    every_border: list[BordersSeen] = []
    borders: list[str] = []
    tables: list[str] = []
    unread = 0
    for at, name in enumerate(border_files):
        step("look", at, len(files))
        try:
            layers = look_at_borders(directory / name, name)
        except (UserError, OSError) as wrong:
            borders += _unreadable(name, wrong, lang)
            unread += 1
            continue
        every_border += layers
    borders += [line for one in alike(every_border) for line in _borders(one, lang)]
    seen_borders = [layer for layer in every_border if layer.code]
    seen: dict[str, TableSeen] = {}
    for at, name in enumerate(table_files, len(border_files)):
        step("look", at, len(files))
        try:
            seen[name] = look_at_table(directory / name, name)
        except (UserError, OSError) as wrong:
            tables += _unreadable(name, wrong, lang)
            unread += 1
    looked = [(table, look_at_columns(table.table)) for table in seen.values()]
    listed = [areas for areas in areas_of_tables(looked) if _adds(areas, seen_borders)]
    known: list[Known] = [*seen_borders, *listed]
    ids = unique(slug(Path(name).stem) for name in seen)
    for key, (table, columns) in zip(ids, looked, strict=True):
        tables += _table(table, columns, key, known, lang)
    step("look", len(files), len(files))
    drawn = {border.level for border in seen_borders}
    areas = [line for one in listed for line in _area_list(one, one.level in drawn, lang)]
    return Proposals(tuple(borders), tuple(tables), tuple(areas), len(files), unread)


def alike(borders: Sequence[BordersSeen]) -> list[list[BordersSeen]]:
    """Put together border files that are written alike: one for each municipality, say."""
    groups: dict[tuple[object, ...], list[BordersSeen]] = {}
    for at, seen in enumerate(borders):
        key = (seen.level, seen.code, seen.pad, seen.town, seen.crs, seen.fits, seen.several)
        alone = not seen.code or len(seen.layers) > 1
        groups.setdefault((*key, at) if alone else key, []).append(seen)
    return list(groups.values())


def _adds(areas: AreasSeen, borders: Sequence[BordersSeen]) -> bool:
    """Tell whether a table knows names or areas of a level that no border file has."""
    named: dict[str, str] = {}
    for border in borders:
        if border.level == areas.level:
            named |= border.names
    return any(not named.get(code) for code in areas.names)


def delivered_files(directory: Path) -> list[str]:
    """Return the files of known formats under a folder, relative, in order of name."""
    if not directory.is_dir():
        return []
    names = (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())
    return sorted(
        name.as_posix()
        for name in names
        if name.parts[0] not in _OWN_FOLDERS
        and not any(part.startswith((".", "~$")) for part in name.parts)
        and (format_of(name.name, None) or name.suffix.lower() in BORDER_SUFFIXES)
    )


def _holds_borders(path: Path) -> bool:
    if path.suffix.lower() in BORDER_SUFFIXES:
        return True
    try:
        with path.open("rb") as handle:
            head = handle.read(4096) if path.suffix.lower() == ".json" else b""
            return any(kind in head for kind in (b'"FeatureCollection"', b'"Topology"'))
    except OSError:
        return False


def _table(
    seen: TableSeen, columns: Columns, key: str, borders: Sequence[Known], lang: Lang
) -> list[str]:
    told = [_word("table", lang, format=seen.format, rows=seen.table.frame.height)]
    facts = seen.table.facts
    if "encoding" in facts:
        told.append(_word("text", lang, encoding=facts["encoding"], sign=facts["delimiter"]))
    if len(seen.sheets) > 1:
        listed = ", ".join(f"«{sheet}»" for sheet in seen.sheets)
        told.append(_word("sheets", lang, listed=listed, sheet=seen.read.get("sheet", 1)))
    if seen.unread:
        told.append(_word("notes", lang, rows=seen.unread))
    told += [_word("generations", lang, column=c.name) for c in columns if c.generations]
    if not any(column.kind == "number" for column in columns):
        return [*_heading(seen.name), *_seen([*told, _word("no_figures", lang)], columns, lang), ""]
    where = place_of(seen, columns, borders, lang)
    if where and len(where.outside) > 12 and where.borders:
        told.append(_word("outside", lang, n=len(where.outside), file=where.borders.name))
    lines = proposed_table(seen, key, columns, where, lang)
    return [*_heading(seen.name), *_seen(told, columns, lang), *_in_use(lines)]


def _borders(group: Sequence[BordersSeen], lang: Lang) -> list[str]:
    """Return what border files written alike show, and one `[[geometry]]` of them all."""
    lines: list[str] = []
    for seen in group:
        told = [_word("borders", lang, rows=seen.rows)]
        if len(seen.layers) > 1:
            told.append(_word("layers", lang, listed=", ".join(seen.layers)))
        if seen.crs:
            told.append(_word("crs_stated", lang, crs=seen.crs))
        else:
            told.append(_word("crs_absent", lang, fits=", ".join(seen.fits) or "–"))
        name = f"{seen.name}, {seen.layer}" if seen.layer else seen.name
        if seen is group[-1]:
            lines += [*_heading(name), *_seen(told, seen.columns, lang)]
        else:
            lines += [*_heading(name), *_wrapped(" ".join(told)), ""]
    return [*lines, *_in_use(_geometry(group, lang))]


def _area_list(seen: AreasSeen, drawn: bool, lang: Lang) -> list[str]:
    """Return an `[[areas]]` of the names in a table, where the border files lack some of them."""
    parents, note = _parents(seen.level), _word("parents", lang)
    if parents and seen.town:
        parents, note = [{"level": "kommune", "transform": [{"first": 4}]}], _word("town", lang)
    lines = [
        "[[areas]]",
        f"id = {inline(slug(Path(seen.name).stem) + '_omrader')}",
        f"level = {inline(seen.level.value)}  # {_word('level_guessed', lang)}",
        f"names = {inline(seen.names)}",
        *([f"parents = {inline(parents)}  # {note}"] if parents else []),
    ]
    told = _word("areas_unnamed" if drawn else "areas", lang, file=seen.name, n=len(seen.names))
    return [*_heading(seen.name), *_wrapped(told), *_in_use(lines)]


def _geometry(group: Sequence[BordersSeen], lang: Lang) -> list[str]:
    """Return the lines of a `[[geometry]]`."""
    seen, names = group[0], [one.name for one in group]
    labels = {one.label for one in group}
    parents = _parents(seen.level)
    if parents and seen.town:
        parents = [{"level": "kommune", "column": seen.town}]
    stem = seen.level.value if len(group) > 1 else f"{Path(seen.name).stem} {seen.layer}"
    fill = label("init.fill_in", lang)
    code: Any = seen.code or fill
    if seen.pad:
        code = {"column": seen.code, "transform": [{"pad": seen.pad}]}
    pairs: list[tuple[str, Any, str]] = [
        ("id", slug(stem) + "_grenser", ""),
        ("file", names if len(group) > 1 else seen.name, ""),
        ("layer", seen.layer, ""),
        ("level", seen.level.value, "level_guessed"),
        ("geography", fill, "geography"),
        ("code", code, "" if seen.code else "code"),
        ("name", seen.label if len(labels) == 1 else "", ""),
        ("duplicates", "merge" if seen.several else "", "merge"),
        ("crs", "" if seen.crs or _degrees(seen) else fill, "crs"),
        ("parents", parents, "town" if seen.town else "parents"),
        ("producer", fill, "producer_borders"),
    ]
    lines = ["[[geometry]]"]
    for key, value, note in pairs:
        if value:
            lines.append(f"{key} = {inline(value)}" + (f"  # {_word(note, lang)}" if note else ""))
    return lines


def _degrees(seen: BordersSeen) -> bool:
    """Tell whether GeoJSON without a stated system can be in degrees, as the standard says."""
    return seen.name.endswith("json") and seen.fits in ((), ("EPSG:4326",))


def _parents(level: Level) -> list[dict[str, Any]]:
    if level in (Level.LAND, Level.FYLKE, Level.KOMMUNE):
        return []
    return [{"level": "kommune", "constant": "0000"}]


def _unreadable(name: str, wrong: UserError | OSError, lang: Lang) -> list[str]:
    if isinstance(wrong, OSError):
        wrong = error("file_unreadable", Place(name))
    told = [_word("unreadable", lang), *(finding.text(lang) for finding in wrong.findings)]
    return [*_heading(name), *_wrapped(" ".join(told))]


def _seen(told: Iterable[str], columns: Sequence[ColumnSeen], lang: Lang) -> list[str]:
    """Return what was seen: the file in a line or two, and its columns with first texts."""
    listed = "; ".join(_column(column, lang) for column in columns[:_MOST_COLUMNS])
    more = " …" if len(columns) > _MOST_COLUMNS else ""
    return [*_wrapped(" ".join(told)), *_wrapped(_word("columns", lang, listed=listed + more))]


def _column(column: ColumnSeen, lang: Lang) -> str:
    kind = _word(f"kind_{column.kind}", lang)
    first = " · ".join(text[:30] for text in column.first)
    return f"«{column.name}» ({kind}: {first})" if first else f"«{column.name}» ({kind})"


def _heading(name: str) -> list[str]:
    return [f"## --- {name} ---"]


def _in_use(lines: Iterable[str]) -> list[str]:
    return [*(f"# {line}" for line in lines), ""]


def _wrapped(words: str) -> list[str]:
    flat = " ".join(words.split())
    return textwrap.wrap(flat, _WIDTH, initial_indent="## ", subsequent_indent="## ")


def _word(name: str, lang: Lang, **params: Any) -> str:
    return label(f"init.propose.{name}", lang, **params)
