/** A map that chooses areas: a press adds or lets go, a rectangle adds all whose middle is inside. */

import type { ExpressionSpecification } from "maplibre-gl";
import { announce } from "../announce";
import { boxesIn, countOf, pick } from "../picks";
import { word } from "../words";
import type { Choropleth } from "./choropleth";
import type { LegendEntry } from "./data";
import { SOURCE } from "./layers";

type Corner = { x: number; y: number };

export class Picking {
  private readonly boxes = new Map<string, HTMLInputElement>();
  private from: Corner | null = null;
  private readonly frame = document.createElement("div");
  private readonly button = document.createElement("button");
  private readonly end = new AbortController();

  constructor(
    private readonly owner: Choropleth,
    private readonly list: HTMLElement,
    legend: LegendEntry[],
  ) {
    for (const box of boxesIn(list)) this.boxes.set(box.value, box);
    const [free, chosen] = legend;
    if (free && chosen) owner.map.setPaintProperty("areas", "fill-color", colours(free.color, chosen.color));
    list.addEventListener("change", () => this.show(), { signal: this.end.signal });
    this.show();
    this.addButton();
    this.bindFrame();
  }

  /** The map is taken away; the list may stay. */
  remove(): void {
    this.end.abort();
  }

  /** Add an area or let go of it, and say so. */
  toggle(code: string, name: string): void {
    const box = this.boxes.get(code);
    if (!box) return;
    pick(box, !box.checked);
    announce(`${word(box.checked ? "picked_on" : "picked_off", { name })} ${countOf(this.list)}`);
  }

  /** The figure in words for the tip and the screen reader, with whether the area is chosen. */
  textOf(code: string, text: string): string {
    return this.boxes.get(code)?.checked ? `${text}, ${word("picked_already")}` : text;
  }

  get drawing(): boolean {
    return this.owner.view.hasAttribute("data-drawing");
  }

  private show(): void {
    for (const [code, box] of this.boxes) {
      if (!this.owner.places.has(code)) continue;
      this.owner.map.setFeatureState({ source: SOURCE, id: code }, { chosen: box.checked });
    }
  }

  private addButton(): void {
    this.button.type = "button";
    this.button.className = "ds-button nb-map__draw";
    this.button.dataset["variant"] = "secondary";
    this.button.setAttribute("aria-pressed", "false");
    this.button.textContent = word("map_rectangle");
    this.button.addEventListener("click", () => this.draw(!this.drawing));
    this.owner.view.parentElement?.append(this.button);
  }

  private draw(on: boolean): void {
    this.owner.view.toggleAttribute("data-drawing", on);
    this.button.setAttribute("aria-pressed", String(on));
    for (const way of [this.owner.map.dragPan, this.owner.map.cooperativeGestures]) {
      if (on) way.disable();
      else way.enable();
    }
    if (on) announce(word("map_rectangle_help"));
    this.stop();
  }

  private bindFrame(): void {
    this.frame.className = "nb-map__frame";
    this.frame.hidden = true;
    const view = this.owner.view;
    view.append(this.frame);
    view.addEventListener("pointerdown", (event) => {
      if (!this.drawing || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      view.setPointerCapture(event.pointerId);
      this.from = this.at(event);
    }, { capture: true });
    view.addEventListener("pointermove", (event) => this.from && this.stretch(this.from, this.at(event)));
    view.addEventListener("pointerup", (event) => {
      if (!this.from) return;
      this.take(this.from, this.at(event));
      this.draw(false);
    });
    view.addEventListener("pointercancel", () => this.stop());
    view.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.drawing) this.draw(false);
    });
  }

  private at(event: PointerEvent): Corner {
    const box = this.owner.view.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private stretch(one: Corner, other: Corner): void {
    this.frame.hidden = false;
    this.frame.style.left = `${Math.min(one.x, other.x)}px`;
    this.frame.style.top = `${Math.min(one.y, other.y)}px`;
    this.frame.style.width = `${Math.abs(one.x - other.x)}px`;
    this.frame.style.height = `${Math.abs(one.y - other.y)}px`;
  }

  private stop(): void {
    this.from = null;
    this.frame.hidden = true;
  }

  private take(one: Corner, other: Corner): void {
    const between = (value: number, a: number, b: number): boolean => value >= Math.min(a, b) && value <= Math.max(a, b);
    let n = 0;
    for (const [code, place] of this.owner.places) {
      const { x, y } = this.owner.map.project(place);
      const box = this.boxes.get(code);
      if (!box || !between(x, one.x, other.x) || !between(y, one.y, other.y)) continue;
      n += Number(!box.checked);
      pick(box, true);
    }
    announce(`${word("picked_more", { n })} ${countOf(this.list)}`);
  }
}

function colours(free: string, chosen: string): ExpressionSpecification {
  return ["case", ["boolean", ["feature-state", "chosen"], false], chosen, free];
}
