/** The keyboard's way through the map. */

import type { Choropleth } from "./choropleth";
import { type Heading, neighbour, type Point } from "./data";

const HEADINGS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/** Arrows walk between neighbours, Home and End to the first and last, Enter opens. */
export function bindKeys(map: Choropleth): void {
  map.view.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== map.view) return;
    if (act(map, event.key)) event.preventDefault();
  });
  map.view.addEventListener("focus", () => {
    if (map.selected === null && map.view.matches(":focus-visible")) map.choose(start(map), "keys");
  });
  map.view.addEventListener("focusout", (event) => {
    if (!map.view.contains(event.relatedTarget as Node | null)) map.choose(null, "keys");
  });
}

function act(map: Choropleth, key: string): boolean {
  if (HEADINGS.has(key)) return walk(map, key as Heading);
  const codes = [...map.places.keys()];
  if (key === "Home") map.choose(codes[0] ?? null, "keys");
  else if (key === "End") map.choose(codes[codes.length - 1] ?? null, "keys");
  else if ((key === "Enter" || (key === " " && map.picks)) && map.selected) map.open(map.selected);
  else if (key === "Escape") map.choose(null, "keys");
  else if (key === "+") map.zoom(1);
  else if (key === "-") map.zoom(-1);
  else if (key === "0") map.fit();
  else return false;
  return true;
}

function walk(map: Choropleth, heading: Heading): boolean {
  const from = map.selected === null ? undefined : map.places.get(map.selected);
  const next = from ? neighbour(from, heading, map.places) : start(map);
  if (next) map.choose(next, "keys");
  return true;
}

/** The walk begins at the area nearest the middle of what is seen. */
function start(map: Choropleth): string | null {
  const { lng, lat } = map.map.getCenter();
  const far = ([x, y]: Point): number => (x - lng) ** 2 + (y - lat) ** 2;
  const sorted = [...map.places].sort((a, b) => far(a[1]) - far(b[1]));
  return sorted[0]?.[0] ?? null;
}
