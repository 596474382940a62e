/** Sortable, filterable tables. The table is complete without this script. */

import { recall, remember } from "./address";
import { announce } from "./announce";
import { onHighlight, sayHighlight } from "./highlight";
import { language, word } from "./words";

type Direction = "ascending" | "descending";

interface Column {
  index: number;
  key: string;
  head: HTMLTableCellElement;
}

const collators = new Map<string, Intl.Collator>();

function collator(): Intl.Collator {
  const lang = language();
  const known = collators.get(lang) ?? new Intl.Collator(lang, { numeric: true });
  collators.set(lang, known);
  return known;
}

/** What a cell sorts by: a number, words, or null for a figure that is hidden or missing. */
function sortValue(cell: HTMLTableCellElement | undefined, numeric: boolean): number | string | null {
  if (!cell) return null;
  const given = cell.dataset["sort"];
  if (!numeric) return given ?? cell.textContent?.trim() ?? "";
  if (given === undefined || given === "") return null;
  const number = Number(given);
  return Number.isFinite(number) ? number : null;
}

function isNumeric(rows: HTMLTableRowElement[], index: number): boolean {
  const given = rows.map((row) => row.cells[index]?.dataset["sort"]).filter((text) => !!text);
  return given.length > 0 && given.every((text) => Number.isFinite(Number(text)));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator().compare(String(a), String(b));
}

/** Figures without a number stand last in both directions; equals keep the order of the page. */
function ordered(rows: HTMLTableRowElement[], index: number, direction: Direction): HTMLTableRowElement[] {
  const numeric = isNumeric(rows, index);
  const sign = direction === "ascending" ? 1 : -1;
  const keyed = rows.map((row) => ({ row, value: sortValue(row.cells[index], numeric) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return sign * compare(a.value, b.value);
  });
  return keyed.map((entry) => entry.row);
}

class SortableTable {
  private readonly columns: Column[];
  private readonly original: HTMLTableRowElement[];
  private readonly parameter: string;

  constructor(private readonly table: HTMLTableElement) {
    this.parameter = table.dataset["sortParam"] ?? "sort";
    this.original = [...(table.tBodies[0]?.rows ?? [])];
    this.columns = this.makeColumns();
    this.columns.forEach((column) => this.addButton(column));
    this.sortFromAddress();
  }

  private makeColumns(): Column[] {
    const heads = [...(this.table.tHead?.rows[this.table.tHead.rows.length - 1]?.cells ?? [])];
    return heads
      .map((head, index) => ({ head, index, key: head.dataset["key"] ?? String(index + 1) }))
      .filter((column) => !column.head.hasAttribute("data-nosort") && !!column.head.textContent?.trim());
  }

  private addButton(column: Column): void {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...column.head.childNodes);
    column.head.append(button);
    if (!column.head.hasAttribute("aria-sort")) column.head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => this.toggle(column));
  }

  private toggle(column: Column): void {
    const first: Direction = column.head.dataset["first"] === "ascending" ? "ascending" : this.guess(column);
    const current = column.head.getAttribute("aria-sort");
    const other: Direction = first === "ascending" ? "descending" : "ascending";
    const next = current === first ? other : first;
    this.sort(column, next);
    remember(this.parameter, `${next === "descending" ? "-" : ""}${column.key}`);
    const name = column.head.textContent?.trim() ?? "";
    announce(word(`sorted_${next}`, { column: name }));
  }

  /** Names read best from A; figures are most often asked for from the top. */
  private guess(column: Column): Direction {
    return isNumeric(this.original, column.index) ? "descending" : "ascending";
  }

  private sort(column: Column, direction: Direction): void {
    const body = this.table.tBodies[0];
    if (!body) return;
    for (const other of this.columns) other.head.setAttribute("aria-sort", "none");
    column.head.setAttribute("aria-sort", direction);
    body.append(...ordered(this.original, column.index, direction));
  }

  private sortFromAddress(): void {
    const wanted = recall(this.parameter);
    if (!wanted) return;
    const key = wanted.replace(/^-/, "");
    const column = this.columns.find((entry) => entry.key === key);
    if (column) this.sort(column, wanted.startsWith("-") ? "descending" : "ascending");
  }
}

/** Rows with `data-code` take part in highlighting with the map that names this table. */
function linkRows(table: HTMLTableElement): void {
  const row = (target: EventTarget | null): HTMLTableRowElement | null =>
    target instanceof Element ? target.closest<HTMLTableRowElement>("tr[data-code]") : null;
  const say = (code: string | null): void => sayHighlight({ table: table.id, code, origin: "table" });
  table.addEventListener("pointerover", (event) => say(row(event.target)?.dataset["code"] ?? null));
  table.addEventListener("pointerleave", () => say(null));
  table.addEventListener("focusin", (event) => say(row(event.target)?.dataset["code"] ?? null));
  table.addEventListener("focusout", () => say(null));
  const stop = onHighlight(({ table: id, code, origin }) => {
    if (!table.isConnected) return stop();
    if (id === table.id) markRow(table, code, origin === "map");
  });
}

function markRow(table: HTMLTableElement, code: string | null, bringIntoView: boolean): void {
  table.querySelectorAll("tr[data-highlighted]").forEach((row) => row.removeAttribute("data-highlighted"));
  if (code === null) return;
  const row = table.querySelector<HTMLElement>(`tr[data-code="${CSS.escape(code)}"]`);
  row?.setAttribute("data-highlighted", "");
  const region = table.closest<HTMLElement>(".nb-table-region");
  if (row && region && bringIntoView) scrollInside(region, row);
}

/** Move the table's own scroll, never the page's: the reader's eye is on the map. */
function scrollInside(region: HTMLElement, row: HTMLElement): void {
  const head = region.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  const box = region.getBoundingClientRect();
  const place = row.getBoundingClientRect();
  const top = Math.max(box.top + head, 0);
  const bottom = Math.min(box.bottom, window.innerHeight);
  if (place.top < top) region.scrollTop -= top - place.top;
  else if (place.bottom > bottom) region.scrollTop += place.bottom - bottom;
}

/** A box that hides rows whose words do not hold what is written. */
function linkFilter(input: HTMLInputElement): void {
  const table = document.getElementById(input.dataset["filterFor"] ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  const parameter = input.name || "filter";
  const apply = (): void => {
    const shown = filterRows(table, input.value);
    remember(parameter, input.value.trim());
    announce(word("rows_shown", { n: shown }));
  };
  input.addEventListener("input", apply);
  input.closest("form")?.addEventListener("submit", (event) => event.preventDefault());
  if (!input.value) input.value = recall(parameter);
  if (input.value) filterRows(table, input.value);
}

function filterRows(table: HTMLTableElement, text: string): number {
  const wanted = text.trim().toLocaleLowerCase(language());
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  for (const row of rows) {
    const words = (row.dataset["filter"] ?? row.cells[0]?.textContent ?? "").toLocaleLowerCase(language());
    row.hidden = !words.includes(wanted);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  showNoMatch(table, shown === 0, text);
  return shown;
}

function showNoMatch(table: HTMLTableElement, empty: boolean, text: string): void {
  const holder = table.closest(".nb-table-region") ?? table;
  const next = holder.nextElementSibling;
  const note = next?.matches("[data-no-match]") ? (next as HTMLElement) : document.createElement("p");
  note.className = "nb-empty";
  note.dataset["noMatch"] = "";
  note.hidden = !empty;
  note.textContent = empty ? word("no_rows", { text }) : "";
  if (!note.isConnected) holder.after(note);
}

/** Each help is given to an element once, however often the page is gone through. */
const helped = new Map<string, WeakSet<Element>>();

function each<E extends Element>(root: ParentNode, selector: string, help: (element: E) => void): void {
  const done = helped.get(selector) ?? new WeakSet<Element>();
  helped.set(selector, done);
  for (const element of root.querySelectorAll<E>(selector)) {
    if (done.has(element)) continue;
    done.add(element);
    help(element);
  }
}

/** Take care of every table and filter box below `root` that is not taken care of yet. */
export function enhanceTables(root: ParentNode): void {
  each<HTMLTableElement>(root, "table[data-sortable]", (table) => new SortableTable(table));
  each<HTMLTableElement>(root, "table[id]:has(tr[data-code])", linkRows);
  each<HTMLInputElement>(root, "input[data-filter-for]", linkFilter);
}
