/**
 * A long page in parts that open and close (`<details data-part="name">`): which are open stands in
 * the address, a word finds what is inside them, and paper has them all open.
 */

import { recall, remember } from "./address";
import { announce } from "./announce";
import { language, word } from "./words";

const OPEN = "open";

type Part = HTMLDetailsElement;

function partsIn(root: ParentNode): Part[] {
  return [...root.querySelectorAll<Part>("details[data-part]")];
}

function partNamed(name: string): Part | undefined {
  return partsIn(document).find((part) => part.dataset["part"] === name);
}

/** While a word is looked for, parts open and close by themselves; that is no choice of the reader. */
let searching = false;
/** What a reader had open before the pages went to the printer. */
let before: Part[] | undefined;

function rememberOpen(): void {
  if (searching || before) return;
  const names = partsIn(document).filter((part) => part.open).map((part) => part.dataset["part"]);
  remember(OPEN, names.join(","));
}

/** The parts that stand in no other: «all» is the themes, and what is inside them stays as it is. */
function outermost(root: ParentNode): Part[] {
  return partsIn(root).filter((part) => !part.parentElement?.closest("details[data-part]"));
}

function setAll(root: ParentNode, open: boolean): void {
  for (const part of outermost(root)) part.open = open;
}

/** Open the part a link names and go to where it points, without leaving the page. */
function follow(link: HTMLAnchorElement): boolean {
  const part = partNamed(link.dataset["opens"] ?? "");
  const target = document.getElementById(link.hash.slice(1)) ?? part;
  if (!part || !target) return false;
  part.open = true;
  target.scrollIntoView();
  const focus = target === part ? part.querySelector<HTMLElement>("summary") : target;
  focus?.focus({ preventScroll: true });
  return true;
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest<HTMLAnchorElement>("a[data-opens]");
  if (link && follow(link)) event.preventDefault();
  const button = event.target.closest<HTMLElement>("[data-open-all],[data-close-all]");
  const open = button?.dataset["openAll"];
  const root = document.getElementById(open ?? button?.dataset["closeAll"] ?? "");
  if (button && root) setAll(root, open !== undefined);
}

/** Show what holds the words, and open the parts it is in. An empty text shows all again. */
function find(root: HTMLElement, text: string): number {
  const wanted = text.trim().toLocaleLowerCase(language());
  const places = [...root.querySelectorAll<HTMLElement>("[data-find]")];
  for (const place of places) {
    place.hidden = !(place.dataset["find"] ?? "").toLocaleLowerCase(language()).includes(wanted);
  }
  // What is made of many figures at once cannot be narrowed to some of them.
  for (const whole of root.querySelectorAll<HTMLElement>("[data-whole]")) whole.hidden = wanted !== "";
  for (const heads of root.querySelectorAll<HTMLElement>("[data-heads]")) heads.hidden = isEmpty(heads);
  for (const part of partsIn(root)) {
    if (!part.querySelector("[data-find]")) continue;
    const empty = isEmpty(part);
    part.hidden = empty;
    if (wanted) part.open = !empty;
  }
  // A figure may stand in a table and on a card; it is counted once.
  const rows = places.filter((place) => place instanceof HTMLTableRowElement);
  return (rows.length ? rows : places).filter((place) => !place.hidden).length;
}

/** Whether something that holds findable places shows none of them; what holds none is not empty. */
function isEmpty(holder: HTMLElement): boolean {
  const places = [...holder.querySelectorAll<HTMLElement>("[data-find]")];
  return places.length > 0 && places.every((place) => place.hidden);
}

function showNoMatch(root: HTMLElement, found: number, text: string): void {
  const known = root.querySelector<HTMLElement>("[data-no-match]");
  const note = known ?? document.createElement("p");
  note.className = "nb-empty";
  note.dataset["noMatch"] = "";
  note.hidden = found > 0;
  note.textContent = found > 0 ? "" : word("no_rows", { text });
  if (!known) root.append(note);
}

function linkFind(input: HTMLInputElement): void {
  const root = document.getElementById(input.dataset["findIn"] ?? "");
  if (!root) return;
  let open: Part[] | undefined;
  const apply = (): number => {
    const text = input.value.trim();
    searching = true;
    if (text) open ??= partsIn(root).filter((part) => part.open);
    const found = find(root, text);
    if (!text && open) {
      for (const part of partsIn(root)) part.open = open.includes(part);
      open = undefined;
    }
    showNoMatch(root, found, text);
    // Toggle events come after this turn; only then do choices count as the reader's again.
    window.setTimeout(() => (searching = text !== ""), 0);
    return found;
  };
  input.addEventListener("input", () => {
    const found = apply();
    remember(input.name || "filter", input.value.trim());
    announce(word("rows_shown", { n: found }));
  });
  if (!input.value) input.value = recall(input.name || "filter");
  if (input.value) apply();
}

const linked = new WeakSet<HTMLInputElement>();

/** Take care of every field below `root` that finds things in parts. */
export function enhanceParts(root: ParentNode): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("input[data-find-in]")) {
    if (!linked.has(input)) linkFind(input);
    linked.add(input);
  }
}

/** Open every theme for paper. What was closed closes again when the printer is done. */
export function openForPaper(): void {
  before ??= outermost(document).filter((part) => !part.open);
  for (const part of before) part.open = true;
}

function closeAfterPaper(): void {
  const closed = before ?? [];
  for (const part of closed) part.open = false;
  window.setTimeout(() => (before = undefined), 0);
}

/** Listen once for every part, also those that arrive later. */
export function startParts(): void {
  document.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement && event.target.dataset["part"]) rememberOpen();
  }, true);
  document.addEventListener("click", onClick);
  window.addEventListener("beforeprint", openForPaper);
  window.addEventListener("afterprint", closeAfterPaper);
}
