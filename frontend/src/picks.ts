/**
 * Areas that a reader chooses: checkboxes in a list (`id`), which a map may share
 * (`<nb-map data-picks="id">`). The list is the truth; the map and the count follow it.
 */

import { word } from "./words";

/** The list's checkboxes, in the order of the page. */
export function boxesIn(list: ParentNode): HTMLInputElement[] {
  return [...list.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
}

/** How many are chosen, in words. */
export function countOf(list: ParentNode): string {
  return word("picked", { n: boxesIn(list).filter((box) => box.checked).length });
}

/** Choose an area, or let go of it, as a reader would have done in the list. */
export function pick(box: HTMLInputElement, on: boolean): void {
  if (box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const linked = new WeakSet<HTMLElement>();

/** Keep every `[data-picked="id"]` below `root` in step with its list. */
export function enhancePicks(root: ParentNode): void {
  for (const note of root.querySelectorAll<HTMLElement>("[data-picked]")) {
    const list = document.getElementById(note.dataset["picked"] ?? "");
    if (!list || linked.has(note)) continue;
    linked.add(note);
    const tell = (): void => {
      note.textContent = countOf(list);
    };
    list.addEventListener("change", tell);
    // A browser that goes back keeps what was ticked.
    tell();
  }
}
