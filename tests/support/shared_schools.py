"""A workspace whose schools share a budget: the declaration, the table, and the built release."""

from __future__ import annotations

from pathlib import Path

from nabolag.pipeline import build
from nabolag.store import Workspace
from tests.support.delivery import CODES, write_delivery

DECLARED = """
[[allocation]]
id = "skoler"
file = "skoler.csv"
name = { nb = "Skolene", nn = "Skulane", en = "The schools" }
units = { nb = "skoler", nn = "skular", en = "schools" }
size_word = { nb = "elever", nn = "elevar", en = "pupils" }
unit = "Nr"
unit_name = "Skole"
sizes = { size = "Elever" }
today = "I dag"
area = "Krets"
area_level = "delbydel"
budget = 10000000
fte_cost = 700000
producer = "Prøvekommune"
read = { delimiter = ";", decimal = "," }
model = { pots = [{ pupils = "0.25", rule = "share", criteria = [
  { need = "low_income", weight = "0.6" }, { need = "crowded", weight = "0.4" }] }] }

[[allocation.need]]
id = "low_income"
label = { nb = "Elever i lavinntekt", nn = "Elevar i låginntekt", en = "Pupils with low income" }
column = "Andel lavinntekt"
count = "Antall lavinntekt"

[[allocation.need]]
id = "crowded"
label = { nb = "Bor trangt", nn = "Bur trongt", en = "Crowded" }
indicator = "crowded_households"

[[allocation.need]]
id = "points"
label = { nb = "Skalapoeng", nn = "Skalapoeng", en = "Scale points" }
column = "Poeng"
measure = "points"
worse = "low"
published = { nb = "Udir", nn = "Udir", en = "Udir" }
"""
ZONE = """
[[allocation.need]]
id = "share_in_zone"
label = { nb = "Del i sonen", nn = "Del i sona", en = "Part in the zone" }
column = "Sone"
published = { nb = "FHI", nn = "FHI", en = "FHI" }
background = true
"""
HEAD = "Nr;Skole;Elever;I dag;Krets;Andel lavinntekt;Antall lavinntekt;Poeng;Sone\n"
NAMES = ("Ås", "Berg", "Dal", "Eid", "Fjell", "Gran", "Hov", "Li", "Moen", "Nes")


def rows(count: int = 10, lowest: int = 20) -> str:
    """Return a table of schools in areas that have figures, today's amounts alike."""
    known = [code for code in CODES if code != "0206"]
    lines = []
    for at in range(count):
        pupils = 120 + 45 * (at * 3 % 7)
        poor = lowest + 9 * (at * 5 % 8)
        share = f"{poor / pupils:.4f}".replace(".", ",")
        points = f"{48 + at * 7 % 5},{at}"
        lines.append(
            f"{at + 1};{NAMES[at]};{pupils};1000000;{known[at]};{share};{poor};{points};0,{at}\n"
        )
    return "".join(lines)


def write_shared_schools(
    folder: Path, table: str | None = None, declared: str = DECLARED
) -> Workspace:
    """Write and build the workspace."""
    write_delivery(folder)
    config = folder / "nabolag.toml"
    config.write_text(config.read_text(encoding="utf-8") + declared, encoding="utf-8")
    (folder / "skoler.csv").write_text(HEAD + (table or rows()), encoding="utf-8")
    build(folder)
    return Workspace(folder)
