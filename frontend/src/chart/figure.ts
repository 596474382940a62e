/** Vega-Lite as SVG, without `eval`: expressions are interpreted, so the page needs no unsafe-eval. */

import { loader, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { baseConfig } from "./config";
import type { ChartSource } from "./element";
import { tooltipIn } from "./tooltip";

/** A specification comes from this server with its data inside; it must not fetch anything else. */
function closedLoader(): ReturnType<typeof loader> {
  const closed = loader();
  closed.load = (address: string) => Promise.reject(new Error(`not fetched: ${address}`));
  return closed;
}

/** Single and layered views take the width of the page; facets and concatenations scale as drawn. */
function fitted(spec: Record<string, unknown>, width: number): Record<string, unknown> {
  const composed = ["facet", "hconcat", "vconcat", "concat", "repeat"].some((key) => key in spec);
  const encoding = (spec["encoding"] ?? {}) as Record<string, unknown>;
  const faceted = ["row", "column", "facet"].some((key) => key in encoding);
  const stepped = typeof spec["width"] === "object";
  if (composed || faceted || stepped) return spec;
  return { ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
}

/** Draw into `stage`. Returns how to take the drawing down. */
export async function drawChart(stage: HTMLElement, source: ChartSource, width: number): Promise<() => void> {
  const spec = fitted(source.spec, width) as unknown as TopLevelSpec;
  const compiled = compile(spec, { config: baseConfig(), logger: undefined } as never).spec;
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
  const svg = stage.querySelector("svg");
  svg?.setAttribute("aria-hidden", "true");
  svg?.setAttribute("focusable", "false");
  return () => view.finalize();
}
