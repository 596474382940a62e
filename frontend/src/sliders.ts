/**
 * A slider beside a number (`<input type="range" data-mirror="id of the number" hidden>`): dragging
 * writes the number, letting go is a choice. Without script the number alone is there.
 */

const linked = new WeakSet<HTMLInputElement>();

function decimal(text: string): number {
  return Number.parseFloat(text.replace(/\s/g, "").replace(",", "."));
}

/** Show every slider below `root`, and keep it and its number in step. */
export function enhanceSliders(root: ParentNode): void {
  for (const slider of root.querySelectorAll<HTMLInputElement>('input[type="range"][data-mirror]')) {
    const number = document.getElementById(slider.dataset["mirror"] ?? "");
    if (!(number instanceof HTMLInputElement) || linked.has(slider)) continue;
    linked.add(slider);
    slider.hidden = false;
    slider.value = String(decimal(number.value) || 0);
    slider.addEventListener("input", () => {
      number.value = slider.value;
    });
    number.addEventListener("input", () => {
      slider.value = String(decimal(number.value) || 0);
    });
  }
}
