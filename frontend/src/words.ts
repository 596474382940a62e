/**
 * Words shown to people. The page carries them as JSON in `<script id="nb-words">`, in its own
 * language, from `core/labels/frontend.toml`; no sentence is written in a script.
 */

let words: Record<string, string> | undefined;

function read(): Record<string, string> {
  const holder = document.getElementById("nb-words");
  return holder?.textContent ? (JSON.parse(holder.textContent) as Record<string, string>) : {};
}

/** A word by key, its `{placeholders}` filled. An absent key shows as itself, never as silence. */
export function word(key: string, params: Record<string, string | number> = {}): string {
  words ??= read();
  const template = words[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The language of the page (`nb`, `nn` or `en`). */
export function language(): string {
  return document.documentElement.lang || "nb";
}
