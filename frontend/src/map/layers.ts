/** How areas look. Colour means the bin; everything without a number has a look of its own. */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import type { LegendEntry } from "./data";

export const SOURCE = "areas";

/** Grey of `--nb-map-missing` in the style sheet, and the lines of the printed maps. */
const MISSING = "#c9ccd1";
const BORDER = "#5d6874";
const INK = "#1e2b3c";

const HIDDEN: FilterSpecification = ["in", "suppressed", ["get", "status"]];

function fillColor(legend: LegendEntry[]): ExpressionSpecification | string {
  if (legend.length === 0) return MISSING;
  const pairs = legend.flatMap((entry) => [entry.bin, entry.color]);
  const colors = ["match", ["coalesce", ["get", "bin"], -1], ...pairs, MISSING];
  return colors as unknown as ExpressionSpecification;
}

function state(name: "on" | "chosen", yes: number, no: number): ExpressionSpecification {
  return ["case", ["boolean", ["feature-state", name], false], yes, no];
}

export function layersFor(legend: LegendEntry[]): LayerSpecification[] {
  return [
    { id: "areas", type: "fill", source: SOURCE, paint: { "fill-color": fillColor(legend) } },
    pattern("hidden", HIDDEN),
    pattern("not-applicable", ["==", ["get", "status"], "not_applicable"]),
    pattern("uncertain", ["==", ["get", "status"], "unreliable"]),
    line("borders", BORDER, 0.6),
    line("chosen-halo", "#ffffff", state("chosen", 6, 0)),
    line("chosen", INK, state("chosen", 3, 0)),
    line("hover-halo", "#ffffff", state("on", 6, 0)),
    line("hover", INK, state("on", 3, 0)),
  ];
}

function pattern(image: string, filter: FilterSpecification): LayerSpecification {
  return { id: image, type: "fill", source: SOURCE, filter, paint: { "fill-pattern": image } };
}

function line(id: string, color: string, width: number | ExpressionSpecification): LayerSpecification {
  return {
    id,
    type: "line",
    source: SOURCE,
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": color, "line-width": width },
  };
}
