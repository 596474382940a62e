/** The label that follows the pointer or the keyboard: the area's name and its figure in words. */

import { word } from "../words";
import type { AreaProperties } from "./data";

export class Tip {
  private readonly box = document.createElement("div");

  constructor(private readonly parent: HTMLElement) {
    this.box.className = "nb-tip";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true");
    parent.append(this.box);
  }

  /** Show at a place in the parent's pixels. With `href` the tip itself can be tapped. */
  show(area: AreaProperties, x: number, y: number, href?: string): void {
    const name = document.createElement("strong");
    name.textContent = area.name;
    const figure = document.createElement("span");
    figure.textContent = area.text;
    this.box.replaceChildren(name, figure);
    if (href) this.box.append(link(area, href));
    this.box.toggleAttribute("data-tappable", !!href);
    this.box.hidden = false;
    this.place(x, y);
  }

  hide(): void {
    this.box.hidden = true;
  }

  private place(x: number, y: number): void {
    const space = 14;
    const { clientWidth, clientHeight } = this.parent;
    const { offsetWidth, offsetHeight } = this.box;
    const left = Math.min(Math.max(x - offsetWidth / 2, 4), clientWidth - offsetWidth - 4);
    const above = y - offsetHeight - space;
    const top = above < 4 ? Math.min(y + space, clientHeight - offsetHeight - 4) : above;
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

function link(area: AreaProperties, href: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = word("map_open", { name: area.name });
  // A pointer's shortcut to what Enter does; the map itself is the one stop for the keyboard.
  anchor.tabIndex = -1;
  return anchor;
}
