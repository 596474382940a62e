/**
 * `<form method="get" data-autosubmit>`: a choice takes effect at once. The page's `main` is
 * fetched and swapped, the address bar follows, focus and scroll stay where they are. Without
 * script the form is a plain GET form with a button, which is hidden here.
 */

import htmx from "htmx.org";
import { announce } from "./announce";
import { word } from "./words";

/** The address the form leads to. Sort and filter of tables live beside the form's own fields. */
export function addressOf(form: HTMLFormElement): string {
  const url = new URL(form.action || window.location.href);
  const fields = new FormData(form);
  const kept = new URL(window.location.href).searchParams;
  url.search = "";
  for (const [name, value] of fields) {
    if (typeof value === "string" && value !== "") url.searchParams.append(name, value);
  }
  for (const name of (form.dataset["keep"] ?? "sort").split(" ")) {
    const value = kept.get(name);
    if (value && !fields.has(name)) url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

/** Where the reader was, in words that survive a swap: the field's id, or its form and name. */
function focusSelector(): string | null {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || field === document.body) return null;
  if (field.id) return `#${CSS.escape(field.id)}`;
  const name = field.getAttribute("name");
  return name ? `[name="${CSS.escape(name)}"]` : null;
}

async function load(address: string): Promise<void> {
  const main = document.querySelector("main");
  const selector = focusSelector();
  const scroll = window.scrollY;
  main?.setAttribute("aria-busy", "true");
  try {
    await htmx.ajax("GET", address, {
      target: "main",
      select: "main",
      selectOOB: refreshed(),
      swap: "outerHTML",
      push: address,
    });
    announce(word("updated"));
  } catch {
    // Whatever went wrong on the way, the plain road still leads there.
    window.location.assign(address);
    return;
  } finally {
    document.querySelector("main")?.removeAttribute("aria-busy");
  }
  const field = selector && document.querySelector<HTMLElement>(selector);
  if (field && field !== document.activeElement) field.focus({ preventScroll: true });
  window.scrollTo({ top: scroll, behavior: "instant" });
}

/** Parts outside `main` that follow the address, such as the language links: `id` + `data-refresh`. */
function refreshed(): string | undefined {
  const ids = [...document.querySelectorAll("[data-refresh][id]")].filter((part) => !part.closest("main"));
  return ids.length ? ids.map((part) => `#${part.id}`).join(",") : undefined;
}

function formOf(target: EventTarget | null): HTMLFormElement | null {
  if (!(target instanceof Element)) return null;
  const field = target as Element & { form?: HTMLFormElement | null };
  const form = field.form ?? target.closest("form");
  return form?.hasAttribute("data-autosubmit") ? form : null;
}

/** Listen once for every form, also those that arrive later. */
export function startAutosubmit(): void {
  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (form) void load(addressOf(form));
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    event.preventDefault();
    void load(addressOf(form));
  });
}

/** The button is for readers without script. */
export function hideSubmitButtons(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("form[data-autosubmit] [data-noscript]").forEach((button) => {
    button.hidden = true;
  });
}
