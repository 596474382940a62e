/** The legend under the map: colours that are in use, and each way of having no number. */

import { word } from "../words";
import { type Look, lookOf, type MapData } from "./data";

function swatch(fill: string | null, look: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "nb-swatch");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset["look"] = look;
  if (fill) {
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("width", "100%");
    box.setAttribute("height", "100%");
    box.setAttribute("fill", fill);
    svg.append(box);
  }
  return svg;
}

function entry(mark: SVGSVGElement, text: string): HTMLLIElement {
  const item = document.createElement("li");
  item.append(mark, text);
  return item;
}

export function makeLegend(data: MapData): HTMLElement {
  const box = document.createElement("div");
  box.className = "nb-legend";
  const list = document.createElement("ul");
  list.setAttribute("aria-label", data.legendTitle ?? word("legend_title"));
  if (data.legendTitle) {
    const title = document.createElement("p");
    title.className = "nb-legend__title";
    title.textContent = data.legendTitle;
    box.append(title);
  }
  for (const part of data.legend) list.append(entry(swatch(part.color, "bin"), part.label));
  const looks = new Set<Look>(data.features.map((feature) => lookOf(feature.properties)));
  for (const look of ["suppressed", "missing", "not_applicable"] as const) {
    if (looks.has(look)) list.append(entry(swatch(null, look), data.absent?.[look] ?? word(`legend_${look}`)));
  }
  if (data.features.some((feature) => feature.properties.status === "unreliable")) {
    list.append(entry(swatch(null, "unreliable"), word("legend_unreliable")));
  }
  box.append(list);
  return box;
}
