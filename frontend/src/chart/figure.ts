/** Vega-Lite as SVG, without `eval`: expressions are interpreted, so the page needs no unsafe-eval. */

import { Error as errorsOnly, loader, logger, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { baseConfig } from "./config";
import type { ChartSource } from "./element";
import { fit, isElastic, type Measure, type Spec } from "./fit";
import { tooltipIn } from "./tooltip";

/** A specification comes from this server with its data inside; it must not fetch anything else. */
function closedLoader(): ReturnType<typeof loader> {
  const closed = loader();
  closed.load = (address: string) => Promise.reject(new Error(`not fetched: ${address}`));
  return closed;
}

async function render(stage: HTMLElement, spec: Spec, source: ChartSource): Promise<View> {
  const compiled = compile(spec as unknown as TopLevelSpec, { config: baseConfig(), logger: logger(errorsOnly) }).spec;
  const view = new View(parse(compiled, {}, { ast: true }), {
    renderer: "svg",
    expr: expressionInterpreter,
    loader: closedLoader(),
    locale: { number: source.formatLocale, time: source.timeLocale },
    tooltip: tooltipIn(stage),
    hover: true,
  } as never);
  view.initialize(stage);
  await view.runAsync();
  return view;
}

/** How wide a figure comes out as it is given: the plotting area, and what stands beside it. */
async function measure(spec: Spec, source: ChartSource): Promise<Measure> {
  const aside = document.createElement("div");
  const view = await render(aside, spec, source);
  const whole = Number(aside.querySelector("svg")?.getAttribute("width") ?? view.width());
  view.finalize();
  return { plot: view.width(), beside: Math.max(0, whole - view.width()) };
}

/** The page gives the frame: its ground shows through, and text begins where the page's text does. */
function framed(spec: Spec): Spec {
  const config = { ...(spec["config"] as Spec | undefined), background: "transparent", padding: 2 };
  return { ...spec, config, padding: 2, background: "transparent" };
}

/** Draw into `stage`. Returns how to take the drawing down. */
export async function drawChart(stage: HTMLElement, source: ChartSource, width: number): Promise<() => void> {
  let spec = framed(source.spec);
  if (isElastic(spec)) {
    if (typeof spec["width"] !== "number") spec = { ...spec, width: 320 };
    spec = fit(spec, width, await measure(spec, source));
  }
  const view = await render(stage, spec, source);
  const svg = stage.querySelector("svg");
  svg?.setAttribute("aria-hidden", "true");
  svg?.setAttribute("focusable", "false");
  return () => view.finalize();
}
