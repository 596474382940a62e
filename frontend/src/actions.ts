/** Small helps that need script and are hidden without it: copy the address, print, share. */

import { announce } from "./announce";
import type { NbChart } from "./chart/element";
import { openForPaper } from "./parts";
import { word } from "./words";

/** How long a reader waits for charts before the pages are printed without those that lack. */
const PATIENCE = 10_000;

async function copyAddress(button: HTMLElement): Promise<void> {
  const label = button.querySelector<HTMLElement>("[data-label]") ?? button;
  const before = label.textContent;
  let said = word("copied");
  try {
    await navigator.clipboard.writeText(window.location.href);
  } catch {
    said = word("copy_failed");
  }
  announce(said);
  label.textContent = said;
  window.setTimeout(() => {
    label.textContent = before;
  }, 2500);
}

async function shareAddress(): Promise<void> {
  try {
    await navigator.share({ title: document.title, url: window.location.href });
  } catch {
    // The reader closed the dialogue; nothing to say.
  }
}

/** Print what stands open when every chart that is drawn late has been drawn. */
async function printWhenDrawn(): Promise<void> {
  openForPaper();
  const charts = [...document.querySelectorAll<NbChart>("nb-chart")].filter(
    (chart) => !chart.closest("details:not([open])"),
  );
  const patience = new Promise((resolve) => window.setTimeout(resolve, PATIENCE));
  announce(word("printing"));
  await Promise.race([Promise.all(charts.map((chart) => chart.ready())), patience]);
  window.print();
}

/** Listen once for every button, also those that arrive later. */
export function startActions(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy-link],[data-print],[data-share]");
    if (!button) return;
    if (button.hasAttribute("data-copy-link")) void copyAddress(button);
    else if (button.hasAttribute("data-share")) void shareAddress();
    else void printWhenDrawn();
  });
}

/** Show the buttons that can do something here. */
export function revealActions(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-copy-link],[data-print],[data-share]").forEach((button) => {
    button.hidden = button.hasAttribute("data-share") && typeof navigator.share !== "function";
  });
}
