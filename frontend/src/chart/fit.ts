/**
 * A figure made for paper, given the width of a page. The specification's `width` is that of the
 * plotting area; what stands beside it (axis, columns of figures) keeps its size, and the plotting
 * area takes the rest.
 */

export type Spec = Record<string, unknown>;

/** Pixels a letter takes on average in the figures' small text. */
const LETTER = 6.2;
/** A plotting area narrower than this tells nothing. */
const LEAST = 150;
/** Below this, names on the axis are broken into lines and columns beside the plot may give way. */
const NARROW = 480;
/** Pixels from one line to the next where names take two lines. */
const TWO_LINES = 34;

export interface Measure {
  /** The specification's own plotting width, and everything beside it, in pixels. */
  plot: number;
  beside: number;
}

/** Whether a figure has one plotting area whose width may change. */
export function isElastic(spec: Spec): boolean {
  const composed = ["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec);
  const encoding = part(spec, "encoding");
  const faceted = ["row", "column", "facet"].some((key) => key in encoding);
  return !composed && !faceted && typeof spec["width"] !== "object";
}

/** The specification for a page of so many pixels. `measure` is how it came out as it was given. */
export function fit(spec: Spec, available: number, measure: Measure): Spec {
  const layers = layersOf(spec);
  const columns = layers.filter((layer) => besideAt(layer, measure.plot));
  const room = available - measure.beside;
  if (room >= LEAST || available >= NARROW) {
    return remade(spec, layers.map((layer) => moved(layer, measure.plot, Math.max(room, LEAST))), Math.max(room, LEAST));
  }
  // The columns repeat what the table beside the figure says; names and marks matter more.
  const kept = layers.filter((layer) => !columns.includes(layer));
  const names = Math.round(available * 0.42);
  const width = Math.max(LEAST, available - names - 24);
  const roomy = longestName(spec) > names / LETTER ? spaced(spec) : spec;
  return remade(roomy, kept.map((layer) => narrowed(moved(layer, measure.plot, width), names)), width);
}

/** Letters in the longest name that a figure's rows have. */
function longestName(spec: Spec): number {
  const sets = [...Object.values(part(spec, "datasets")), ...layersOf(spec).map((layer) => part(layer, "data")["values"])];
  const rows = sets.flatMap((set) => (Array.isArray(set) ? (set as Spec[]) : []));
  return Math.max(0, ...rows.map((row) => (typeof row["name"] === "string" ? row["name"].length : 0)));
}

/** Lines far enough apart for names in two lines. */
function spaced(spec: Spec): Spec {
  const height = part(spec, "height");
  const step = height["step"];
  return typeof step === "number" && step < TWO_LINES ? { ...spec, height: { ...height, step: TWO_LINES } } : spec;
}

function part(of: Spec, key: string): Spec {
  const found = of[key];
  return typeof found === "object" && found !== null ? (found as Spec) : {};
}

function layersOf(spec: Spec): Spec[] {
  return Array.isArray(spec["layer"]) ? (spec["layer"] as Spec[]) : [];
}

/** Single views have no layers: their own encoding is narrowed by width alone. */
function remade(spec: Spec, layers: Spec[], width: number): Spec {
  return { ...spec, width: Math.round(width), ...(layers.length ? { layer: layers } : {}) };
}

function besideAt(layer: Spec, plot: number): boolean {
  const at = part(part(layer, "encoding"), "x")["value"];
  return typeof at === "number" && at >= plot;
}

/** What stands to the right of the plot moves with its edge; wrapped lines under it wrap anew. */
function moved(layer: Spec, plot: number, width: number): Spec {
  const encoding = part(layer, "encoding");
  const at = part(encoding, "x")["value"];
  const next: Spec = { ...layer };
  if (typeof at === "number" && at >= plot) {
    next["encoding"] = { ...encoding, x: { value: at + width - plot } };
  }
  const mark = part(layer, "mark");
  if (mark["type"] === "text" && Array.isArray(mark["text"])) {
    next["mark"] = { ...mark, text: wrapped(mark["text"].join(" "), Math.max(24, width / (LETTER * 0.88))) };
  }
  return next;
}

function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Long names on the vertical axis in two lines. */
function narrowed(layer: Spec, names: number): Spec {
  const encoding = part(layer, "encoding");
  const y = part(encoding, "y");
  if (y["type"] !== "nominal" && y["type"] !== "ordinal") return layer;
  if (y["axis"] === null) return layer;
  const axis = part(y, "axis");
  const said = String(axis["labelExpr"] ?? "datum.label");
  const letters = Math.floor(names / LETTER);
  const cut = `lastindexof(slice(${said}, 0, ${letters}), ' ')`;
  const twoLines = `length(${said}) > ${letters} && ${cut} > 0 ? [slice(${said}, 0, ${cut}), slice(${said}, ${cut} + 1)] : ${said}`;
  return { ...layer, encoding: { ...encoding, y: { ...y, axis: { ...axis, labelExpr: twoLines, labelLimit: names } } } };
}
