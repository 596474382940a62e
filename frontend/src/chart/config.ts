/** Calm defaults from the page's own style; whatever a specification says itself wins. */

import type { Config } from "vega-lite";

function token(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

export function baseConfig(): Config {
  const ink = token("--ds-color-neutral-text-default", "#292c30");
  const soft = token("--ds-color-neutral-text-subtle", "#5b5d60");
  const grid = token("--ds-color-neutral-surface-hover", "#d9dadb");
  const accent = token("--ds-color-accent-base-default", "#0062ba");
  const font = getComputedStyle(document.body).fontFamily;
  return {
    aria: false,
    background: "transparent",
    font,
    padding: 4,
    view: { stroke: null },
    mark: { color: accent },
    axis: {
      labelFontSize: 13,
      titleFontSize: 13,
      titleFontWeight: 500,
      labelColor: soft,
      titleColor: ink,
      gridColor: grid,
      domainColor: soft,
      tickColor: grid,
      labelPadding: 6,
      titlePadding: 10,
    },
    legend: { labelFontSize: 13, titleFontSize: 13, titleFontWeight: 500, labelColor: ink, titleColor: ink },
    header: { labelFontSize: 13, titleFontSize: 13, labelColor: ink, titleColor: ink },
    title: { fontSize: 15, fontWeight: 600, anchor: "start", color: ink, subtitleColor: soft },
    line: { strokeWidth: 2.5 },
    point: { size: 60, filled: true },
  };
}
