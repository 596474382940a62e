/**
 * One area is looked at in several places at once: map, table, chart. Whoever notices it says
 * `nb:highlight` on the document with the id of the table and the area's code (or null).
 */

export interface Highlight {
  table: string;
  code: string | null;
  origin: "map" | "table";
}

const NAME = "nb:highlight";

export function sayHighlight(detail: Highlight): void {
  document.dispatchEvent(new CustomEvent<Highlight>(NAME, { detail }));
}

/** Listen until the returned function is called. */
export function onHighlight(listener: (detail: Highlight) => void): () => void {
  const handler = (event: Event): void => listener((event as CustomEvent<Highlight>).detail);
  document.addEventListener(NAME, handler);
  return () => document.removeEventListener(NAME, handler);
}
