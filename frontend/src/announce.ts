/** One polite live region for the whole page; it lives outside `main`, so swaps leave it alone. */

let region: HTMLElement | undefined;
let pending = 0;

function liveRegion(): HTMLElement {
  if (region?.isConnected) return region;
  region = document.createElement("div");
  region.className = "ds-sr-only";
  region.id = "nb-live";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

/** Have a screen reader say a sentence. Quick repeats collapse into the last one. */
export function announce(sentence: string): void {
  const target = liveRegion();
  window.clearTimeout(pending);
  pending = window.setTimeout(() => {
    target.textContent = sentence;
  }, 120);
}

/** Make the region early: a region that appears together with its words is often not read. */
export function prepareAnnouncements(): void {
  liveRegion();
}
