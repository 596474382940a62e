/** What the address in `data-src` answers, and what can be read from it without drawing. */

import type { Feature, FeatureCollection, MultiPolygon, Polygon } from "geojson";

export type Status =
  | "value"
  | "unreliable"
  | "not_applicable"
  | "missing"
  | "suppressed_rule"
  | "suppressed_secondary"
  | "suppressed_primary";

/** `text` is the figure or the reason there is none, in words, as it stands in the table. */
export interface AreaProperties {
  code: string;
  name: string;
  text: string;
  status: Status;
  bin: number | null;
  value?: number | null;
  href?: string;
  level?: string;
}

export interface LegendEntry {
  bin: number;
  label: string;
  color: string;
}

export type AreaFeature = Feature<Polygon | MultiPolygon, AreaProperties>;

export interface MapData extends FeatureCollection<Polygon | MultiPolygon, AreaProperties> {
  legend: LegendEntry[];
  legendTitle?: string;
  /** What a look without a number is called here, where that is not its usual name. */
  absent?: Partial<Record<Look, string>>;
  bbox?: [number, number, number, number];
}

/** How an area is drawn: by its bin, or as one of the ways of having no number. */
export type Look = "bin" | "suppressed" | "missing" | "not_applicable";

export function lookOf(area: AreaProperties): Look {
  if (area.status.startsWith("suppressed")) return "suppressed";
  if (area.status === "not_applicable") return "not_applicable";
  if (area.status === "missing" || area.bin === null || area.bin === undefined) return "missing";
  return "bin";
}

export type Point = [number, number];

function rings(feature: AreaFeature): Point[][] {
  const geometry = feature.geometry;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.map((polygon) => (polygon[0] ?? []) as Point[]);
}

function signedArea(ring: Point[]): number {
  let sum = 0;
  ring.forEach((point, index) => {
    const next = ring[(index + 1) % ring.length] ?? point;
    sum += point[0] * next[1] - next[0] * point[1];
  });
  return sum / 2;
}

/** The middle of an area's largest part: where its name stands and from where arrow keys measure. */
export function middle(feature: AreaFeature): Point {
  const all = rings(feature).filter((ring) => ring.length > 2);
  const largest = all.sort((a, b) => Math.abs(signedArea(b)) - Math.abs(signedArea(a)))[0];
  if (!largest) return [0, 0];
  const area = signedArea(largest);
  if (area === 0) return largest[0] ?? [0, 0];
  let x = 0;
  let y = 0;
  largest.forEach((point, index) => {
    const next = largest[(index + 1) % largest.length] ?? point;
    const cross = point[0] * next[1] - next[0] * point[1];
    x += (point[0] + next[0]) * cross;
    y += (point[1] + next[1]) * cross;
  });
  return [x / (6 * area), y / (6 * area)];
}

/** West, south, east, north around every area. */
export function bounds(features: AreaFeature[]): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const ring of features.flatMap(rings)) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

export type Heading = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

const HEADINGS: Record<Heading, Point> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * The neighbour in a direction: nearest among those within 60° of it, sideways counting double.
 * Longitudes are shortened by the latitude, so that «nearest» is nearest on the ground.
 */
export function neighbour(from: Point, heading: Heading, places: Map<string, Point>): string | null {
  const [ahead, up] = HEADINGS[heading];
  const squeeze = Math.cos((from[1] * Math.PI) / 180);
  let best: string | null = null;
  let shortest = Infinity;
  for (const [code, place] of places) {
    const dx = (place[0] - from[0]) * squeeze;
    const dy = place[1] - from[1];
    const along = dx * ahead + dy * up;
    const aside = Math.abs(dx * up) + Math.abs(dy * ahead);
    if (along <= 1e-9 || aside > along * Math.sqrt(3)) continue;
    const length = along + 2 * aside;
    if (length < shortest) [best, shortest] = [code, length];
  }
  return best;
}
