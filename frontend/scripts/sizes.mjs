// Prints what a page loads first and what it loads when a map or a chart comes into view.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = new URL("../../src/nabolag/web/static/nabolag/", import.meta.url).pathname;
const folder = join(root, "assets");
const rows = readdirSync(folder).map((name) => {
  const path = join(folder, name);
  const raw = statSync(path).size;
  const packed = name.endsWith(".woff2") ? raw : gzipSync(readFileSync(path), { level: 9 }).length;
  return { name, raw, packed };
});
for (const row of rows.sort((a, b) => b.packed - a.packed)) {
  const kb = (n) => `${(n / 1024).toFixed(1)} kB`.padStart(10);
  console.log(kb(row.raw), kb(row.packed), row.name);
}
