/**
 * `<nb-map data-src data-labelledby data-table data-select-url data-selected data-nowebgl>`.
 * A light shell: reserves the place, says what goes wrong, and fetches the drawing code and the
 * areas when it comes near the window.
 */

import { whenNear } from "../lazy";
import { word } from "../words";
import type { MapData } from "./data";
import type { Choropleth } from "./choropleth";

function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

export class NbMap extends HTMLElement {
  private stopWaiting: (() => void) | undefined;
  private drawing: Choropleth | undefined;
  private request: AbortController | undefined;

  connectedCallback(): void {
    this.dataset["state"] = "waiting";
    this.stopWaiting = whenNear(this, () => void this.draw());
  }

  disconnectedCallback(): void {
    this.stopWaiting?.();
    this.request?.abort();
    this.drawing?.remove();
    this.drawing = undefined;
    this.replaceChildren();
  }

  private async draw(): Promise<void> {
    if (!canDraw()) return this.fail(this.dataset["nowebgl"] || word("map_no_webgl"));
    this.request = new AbortController();
    try {
      const [{ drawChoropleth }, data] = await Promise.all([import("./choropleth"), this.fetchAreas()]);
      if (!this.isConnected) return;
      if (data.features.length === 0) return this.fail(word("map_empty"));
      this.replaceChildren();
      this.drawing = await drawChoropleth(this, data);
      this.dataset["state"] = "drawn";
      this.dispatchEvent(new CustomEvent("nb:drawn", { bubbles: true }));
    } catch (problem) {
      if ((problem as Error).name === "AbortError") return;
      console.error(problem);
      this.fail(word("map_failed"));
    }
  }

  private async fetchAreas(): Promise<MapData> {
    const answer = await fetch(this.dataset["src"] ?? "", { signal: this.request?.signal ?? null });
    if (!answer.ok) throw new Error(`${this.dataset["src"]}: ${answer.status}`);
    return (await answer.json()) as MapData;
  }

  private fail(sentence: string): void {
    this.drawing?.remove();
    const note = document.createElement("p");
    note.className = "nb-empty";
    note.textContent = sentence;
    this.replaceChildren(note);
    this.dataset["state"] = "failed";
  }
}
