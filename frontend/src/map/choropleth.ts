/** A choropleth without base tiles: areas, borders, names on hover and focus. */

import "maplibre-gl/dist/maplibre-gl.css";

import { type LngLatBoundsLike, Map as GlMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { announce } from "../announce";
import { onHighlight, sayHighlight } from "../highlight";
import { word } from "../words";
import { type AreaFeature, bounds, type MapData, middle, type Point } from "./data";
import { bindKeys } from "./keys";
import { makeLegend } from "./legend";
import { layersFor, SOURCE } from "./layers";
import * as patterns from "./patterns";
import { Picking } from "./picking";
import { Tip } from "./tip";

setWorkerUrl(workerUrl);

/** Room around the areas; below them stand the buttons. */
const PADDING = { top: 20, right: 20, bottom: 68, left: 20 };

export async function drawChoropleth(host: HTMLElement, data: MapData): Promise<Choropleth> {
  const view = document.createElement("div");
  view.className = "nb-map__view";
  host.append(view, makeLegend(data));
  const map = new GlMap({
    container: view,
    style: { version: 8, sources: {}, layers: [] },
    bounds: boxOf(data),
    fitBoundsOptions: { padding: PADDING },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    keyboard: false,
    cooperativeGestures: true,
    renderWorldCopies: false,
    fadeDuration: 0,
    // A map that is not being drawn at that moment must still come out on paper.
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
    locale: {
      "CooperativeGesturesHandler.WindowsHelpText": word("map_ctrl_scroll"),
      "CooperativeGesturesHandler.MacHelpText": word("map_cmd_scroll"),
      "CooperativeGesturesHandler.MobileHelpText": word("map_two_fingers"),
    },
  });
  map.touchZoomRotate.disableRotation();
  await new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", (event) => reject(event.error));
  });
  return new Choropleth(host, view, map, data);
}

function boxOf(data: MapData): LngLatBoundsLike {
  const box = data.bbox ?? bounds(data.features);
  return [box[0], box[1], box[2], box[3]];
}

type Chooser = "pointer" | "keys" | "table";

export class Choropleth {
  private readonly areas = new Map<string, AreaFeature>();
  readonly places = new Map<string, Point>();
  private readonly tip: Tip;
  private readonly stops: (() => void)[] = [];
  private current: string | null = null;
  private by: Chooser = "pointer";
  private pointer = "mouse";
  private readonly picking: Picking | undefined;

  constructor(
    private readonly host: HTMLElement,
    readonly view: HTMLElement,
    readonly map: GlMap,
    private readonly data: MapData,
  ) {
    for (const feature of data.features) {
      this.areas.set(feature.properties.code, feature);
      this.places.set(feature.properties.code, middle(feature));
    }
    this.tip = new Tip(view);
    this.addLayers();
    this.describe();
    this.addButtons();
    this.bindPointer();
    bindKeys(this);
    this.linkTable();
    this.keepFitted();
    const list = document.getElementById(this.host.dataset["picks"] ?? "");
    if (!list) return;
    this.picking = new Picking(this, list, data.legend);
    this.stops.push(() => this.picking?.remove());
  }

  get selected(): string | null {
    return this.current;
  }

  remove(): void {
    this.stops.forEach((stop) => stop());
    this.map.remove();
  }

  /** Show the whole map again. */
  fit(): void {
    this.map.fitBounds(boxOf(this.data), { padding: PADDING, animate: !calm() });
  }

  zoom(by: number): void {
    const to = this.map.getZoom() + by;
    if (calm()) this.map.jumpTo({ zoom: to });
    else this.map.zoomTo(to, { duration: 250 });
  }

  /** Move the attention to an area (or none) and say so where asked. */
  choose(code: string | null, by: Chooser): void {
    this.by = by;
    if (code !== this.current) {
      this.mark(this.current, false);
      this.mark(code, true);
      this.current = code;
      this.host.dataset["highlighted"] = code ?? "";
      if (by !== "table") {
        sayHighlight({ table: this.host.dataset["table"] ?? "", code, origin: "map" });
      }
    }
    const area = code === null ? undefined : this.areas.get(code)?.properties;
    if (!area || code === null) return this.tip.hide();
    if (by === "keys") announce(`${area.name}: ${this.textOf(code, area.text)}`);
    if (by !== "pointer") this.tipAtMiddle(code);
  }

  /** Where an area leads: its own address, else the pattern the page gave. */
  hrefOf(code: string): string {
    const area = this.areas.get(code)?.properties;
    if (area?.href) return area.href;
    const pattern = this.host.dataset["selectUrl"] ?? "";
    return pattern.replace("{level}", area?.level ?? "").replace("{code}", encodeURIComponent(code));
  }

  open(code: string): void {
    const picked = this.picking && this.areas.get(code)?.properties;
    if (picked) return this.picking?.toggle(code, picked.name);
    const href = this.hrefOf(code);
    if (href) window.location.assign(href);
  }

  /** Whether a press chooses the area rather than leads to it. */
  get picks(): boolean {
    return this.host.hasAttribute("data-picks");
  }

  private textOf(code: string, text: string): string {
    return this.picking?.textOf(code, text) ?? text;
  }

  private mark(code: string | null, on: boolean): void {
    if (code !== null && this.areas.has(code)) {
      this.map.setFeatureState({ source: SOURCE, id: code }, { on });
    }
  }

  private tipAtMiddle(code: string): void {
    const feature = this.areas.get(code);
    const place = this.places.get(code);
    if (!feature || !place) return;
    const { x, y } = this.map.project(place);
    const { clientWidth, clientHeight } = this.view;
    if (x < 0 || y < 0 || x > clientWidth || y > clientHeight) this.map.panTo(place, { animate: !calm() });
    const at = this.map.project(place);
    this.tip.show(feature.properties, at.x, at.y);
  }

  private addLayers(): void {
    this.map.addImage("hidden", patterns.hidden, { pixelRatio: 2 });
    this.map.addImage("not-applicable", patterns.notApplicable, { pixelRatio: 2 });
    this.map.addImage("uncertain", patterns.uncertain, { pixelRatio: 2 });
    this.map.addSource(SOURCE, { type: "geojson", data: this.data, promoteId: "code", tolerance: 0.2 });
    layersFor(this.data.legend).forEach((layer) => this.map.addLayer(layer));
    const chosen = this.host.dataset["selected"];
    if (chosen && this.areas.has(chosen)) {
      this.map.setFeatureState({ source: SOURCE, id: chosen }, { chosen: true });
    }
  }

  /** One stop for the keyboard, named after the figure's heading; the canvas itself is a picture. */
  private describe(): void {
    const canvas = this.map.getCanvas();
    canvas.removeAttribute("tabindex");
    canvas.removeAttribute("role");
    canvas.removeAttribute("aria-label");
    canvas.setAttribute("aria-hidden", "true");
    const help = document.createElement("p");
    help.className = "nb-map__help";
    help.id = `${this.host.id || "nb-map"}-help-${Math.round(performance.now())}`;
    help.textContent = word(this.picks ? "map_help_pick" : "map_help");
    this.view.after(help);
    this.view.tabIndex = 0;
    this.view.setAttribute("role", "application");
    this.view.setAttribute("aria-roledescription", word("map"));
    this.view.setAttribute("aria-describedby", help.id);
    const label = this.host.dataset["labelledby"];
    if (label) this.view.setAttribute("aria-labelledby", label);
    else this.view.setAttribute("aria-label", word("map"));
  }

  private addButtons(): void {
    const group = document.createElement("div");
    group.className = "nb-map__buttons";
    const add = (sign: string, key: string, act: () => void): void => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nb-map__button";
      button.setAttribute("aria-label", word(key));
      button.title = word(key);
      button.dataset["sign"] = sign;
      button.addEventListener("click", act);
      group.append(button);
    };
    add("plus", "map_zoom_in", () => this.zoom(1));
    add("minus", "map_zoom_out", () => this.zoom(-1));
    add("all", "map_reset", () => this.fit());
    this.view.after(group);
  }

  private codeAt(x: number, y: number): string | null {
    const found = this.map.queryRenderedFeatures([x, y], { layers: ["areas"] })[0];
    return found ? String(found.properties["code"]) : null;
  }

  private bindPointer(): void {
    const note = (event: PointerEvent): void => {
      this.pointer = event.pointerType;
    };
    this.view.addEventListener("pointerdown", note, { capture: true });
    this.view.addEventListener("pointermove", note, { capture: true });
    // A finger also sends mouse events, late; they must not take its tip away again.
    this.map.on("mousemove", (event) => {
      if (this.pointer !== "mouse" || this.picking?.drawing) return;
      const code = this.codeAt(event.point.x, event.point.y);
      this.map.getCanvas().style.cursor = code && (this.picks || this.hrefOf(code)) ? "pointer" : "";
      this.choose(code, "pointer");
      const area = code && this.areas.get(code)?.properties;
      if (area) this.tip.show(area, event.point.x, event.point.y);
    });
    this.map.on("mouseout", () => {
      // The pointer may already have reached a row of the table, and that choice stands.
      if (this.pointer === "mouse" && this.by === "pointer") this.choose(null, "pointer");
    });
    this.map.on("click", (event) => this.press(this.codeAt(event.point.x, event.point.y), event.point));
  }

  /** A mouse click opens at once; a finger first sees what it touched and gets a link. */
  private press(code: string | null, at: { x: number; y: number }): void {
    const area = code === null ? undefined : this.areas.get(code)?.properties;
    if (code === null || !area) return this.choose(null, "pointer");
    if (this.picking?.drawing) return;
    if (this.pointer === "mouse" || this.picks) this.open(code);
    if (this.pointer === "mouse") return;
    this.choose(code, "pointer");
    this.tip.show(area, at.x, at.y, this.hrefOf(code));
  }

  private linkTable(): void {
    const table = this.host.dataset["table"];
    this.stops.push(
      onHighlight((said) => {
        if (said.origin === "table" && said.table === table) this.choose(said.code, "table");
      }),
    );
  }

  /** Until the reader has moved the map, a new size of the window shows the whole of it again. */
  private keepFitted(): void {
    let moved = false;
    this.map.on("movestart", (event) => {
      if (event.originalEvent) moved = true;
    });
    const watcher = new ResizeObserver(() => {
      this.map.resize();
      if (!moved) this.map.fitBounds(boxOf(this.data), { padding: PADDING, animate: false });
    });
    watcher.observe(this.view);
    this.stops.push(() => watcher.disconnect());
  }
}

function calm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
