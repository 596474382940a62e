/**
 * `<nb-chart data-spec-id="ID">`: draws the Vega-Lite specification in `<script
 * type="application/json" id="ID">{"spec", "formatLocale", "timeLocale"}</script>`.
 * `<nb-chart data-src="/…json">`: fetches the same from this server when it comes near.
 */

import { whenNear } from "../lazy";
import { word } from "../words";

/** `spec` is Vega-Lite; the locales are those of d3-format and d3-time-format. */
export interface ChartSource {
  spec: Record<string, unknown>;
  formatLocale?: Record<string, unknown>;
  timeLocale?: Record<string, unknown>;
}

export class NbChart extends HTMLElement {
  private stops: (() => void)[] = [];
  private finish: (() => void) | undefined;
  private width = 0;
  private begun: Promise<void> | undefined;

  connectedCallback(): void {
    this.dataset["state"] = "waiting";
    this.stops.push(whenNear(this, () => void this.ready()));
  }

  /** Draw now, near or not; settles when the chart is drawn or has said why not. */
  ready(): Promise<void> {
    this.begun ??= this.begin();
    return this.begun;
  }

  disconnectedCallback(): void {
    this.stops.forEach((stop) => stop());
    this.stops = [];
    this.finish?.();
    this.finish = undefined;
    this.begun = undefined;
    this.replaceChildren();
  }

  private async source(): Promise<ChartSource> {
    const address = this.dataset["src"];
    if (address) {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      return (await answer.json()) as ChartSource;
    }
    const holder = document.getElementById(this.dataset["specId"] ?? "");
    return JSON.parse(holder?.textContent ?? "null") as ChartSource;
  }

  private async begin(): Promise<void> {
    try {
      const source = await this.source();
      this.describe(source.spec);
      await this.draw(source);
      this.redrawOnResize(source);
      this.dataset["state"] = "drawn";
      this.dispatchEvent(new CustomEvent("nb:drawn", { bubbles: true }));
    } catch (problem) {
      console.error(problem);
      this.fail();
    }
  }

  /** One picture with one description; what is inside is not read part by part. */
  private describe(spec: Record<string, unknown>): void {
    const title = spec["title"] as string | { text?: string } | undefined;
    const fallback = typeof title === "string" ? title : title?.text;
    this.setAttribute("role", "img");
    if (!this.hasAttribute("aria-labelledby")) {
      this.setAttribute("aria-label", String(spec["description"] ?? fallback ?? ""));
    }
  }

  private async draw(source: ChartSource): Promise<void> {
    const { drawChart } = await import("./figure");
    if (!this.isConnected) return;
    this.width = this.clientWidth;
    const stage = document.createElement("div");
    stage.className = "nb-chart__stage";
    const finish = await drawChart(stage, source, this.width);
    this.finish?.();
    this.finish = finish;
    this.replaceChildren(stage);
  }

  private redrawOnResize(source: ChartSource): void {
    let timer = 0;
    const watcher = new ResizeObserver(() => {
      if (Math.abs(this.clientWidth - this.width) < 2 || this.clientWidth === 0) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void this.draw(source).catch(() => this.fail()), 120);
    });
    watcher.observe(this);
    this.stops.push(() => {
      watcher.disconnect();
      window.clearTimeout(timer);
    });
  }

  private fail(): void {
    const note = document.createElement("p");
    note.className = "nb-empty";
    note.textContent = word("chart_failed");
    this.removeAttribute("role");
    this.removeAttribute("aria-label");
    this.replaceChildren(note);
    this.dataset["state"] = "failed";
  }
}
