/** The chart's tooltip: the specification's own words, as a short list. */

import type { TooltipHandler } from "vega";

function fill(box: HTMLElement, value: unknown): void {
  box.replaceChildren();
  if (typeof value !== "object" || value === null) {
    box.textContent = String(value);
    return;
  }
  for (const [name, text] of Object.entries(value)) {
    const line = document.createElement("span");
    const label = document.createElement("strong");
    label.textContent = name;
    line.append(label, " ", String(text));
    box.append(line);
  }
}

export function tooltipIn(stage: HTMLElement): TooltipHandler {
  const box = document.createElement("div");
  box.className = "nb-tip";
  box.hidden = true;
  stage.append(box);
  return (_handler, event, _item, value) => {
    const absent = value === null || value === undefined || value === "";
    box.hidden = absent;
    if (absent) return;
    // The view clears its container when it starts; the box is put back when it is first needed.
    if (!box.isConnected) stage.append(box);
    fill(box, value);
    const frame = stage.getBoundingClientRect();
    const wanted = event.clientX - frame.left - box.offsetWidth / 2;
    const left = Math.min(Math.max(wanted, 0), Math.max(0, frame.width - box.offsetWidth));
    const top = event.clientY - frame.top - box.offsetHeight - 14;
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(top, -8))}px)`;
  };
}
