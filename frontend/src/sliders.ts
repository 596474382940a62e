/**
 * A slider beside a number (`<input type="range" data-mirror="id of the number">`): dragging
 * writes the number, and where the slider rests is a choice. Without script the number alone is there.
 */

const linked = new WeakSet<HTMLInputElement>();
/** How long a slider rests before it is a choice: arrow keys are many small ones. */
const REST = 300;

function decimal(text: string): number {
  return Number.parseFloat(text.replace(/\s/g, "").replace(",", ".")) || 0;
}

/** Let the browser's own changes wait until there are no more of them. */
function rest(slider: HTMLInputElement): void {
  let waiting: number | undefined;
  slider.addEventListener("change", (event) => {
    if (!event.isTrusted) return;
    event.stopPropagation();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (slider.isConnected) slider.dispatchEvent(new Event("change", { bubbles: true }));
    }, REST);
  });
}

/** Keep every slider below `root` and its number in step. */
export function enhanceSliders(root: ParentNode): void {
  for (const slider of root.querySelectorAll<HTMLInputElement>('input[type="range"][data-mirror]')) {
    const number = document.getElementById(slider.dataset["mirror"] ?? "");
    if (!(number instanceof HTMLInputElement) || linked.has(slider)) continue;
    linked.add(slider);
    slider.value = String(decimal(number.value));
    slider.addEventListener("input", () => {
      number.value = slider.value;
    });
    number.addEventListener("input", () => {
      slider.value = String(decimal(number.value));
    });
    rest(slider);
  }
}
