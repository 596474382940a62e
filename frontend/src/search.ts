/**
 * `<nb-search data-src="/sok.json?q=">` around a plain GET search form: suggestions as the reader
 * types, after the combobox pattern of ARIA 1.2 (list popup, focus stays in the field).
 */

import { announce } from "./announce";
import { word } from "./words";

interface Hit {
  label: string;
  href: string;
  kind?: string;
  detail?: string;
}

const WAIT_MS = 160;
let counter = 0;

export class NbSearch extends HTMLElement {
  private input: HTMLInputElement | null = null;
  private list: HTMLUListElement | null = null;
  private active = -1;
  private timer = 0;
  private request: AbortController | undefined;

  connectedCallback(): void {
    if (this.list?.isConnected) return;
    this.input = this.querySelector<HTMLInputElement>("input[name]");
    if (!this.input) return;
    this.list = this.makeList(this.input);
    this.describeInput(this.input, this.list);
    this.listen(this.input, this.list);
  }

  disconnectedCallback(): void {
    this.request?.abort();
    window.clearTimeout(this.timer);
  }

  private makeList(input: HTMLInputElement): HTMLUListElement {
    const list = document.createElement("ul");
    list.id = `nb-search-${++counter}`;
    list.className = "nb-search__list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", word("search_suggestions"));
    list.hidden = true;
    (input.closest(".nb-search__field") ?? input.parentElement ?? this).append(list);
    return list;
  }

  private describeInput(input: HTMLInputElement, list: HTMLUListElement): void {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.autocomplete = "off";
  }

  private listen(input: HTMLInputElement, list: HTMLUListElement): void {
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("focus", () => {
      if (list.childElementCount > 0 && input.value.trim()) this.open(true);
    });
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) this.open(false);
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.go(option);
    });
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    const text = this.input?.value.trim() ?? "";
    this.request?.abort();
    if (!text) return this.show([]);
    this.request = new AbortController();
    try {
      const address = (this.dataset["src"] ?? "") + encodeURIComponent(text);
      const answer = await fetch(address, { signal: this.request.signal });
      if (!answer.ok) return this.show([]);
      const body = (await answer.json()) as { results: Hit[] };
      this.show(body.results, true);
    } catch (problem) {
      // The form itself still searches; suggestions are only a help.
      if ((problem as Error).name !== "AbortError") this.show([]);
    }
  }

  private show(hits: Hit[], answered = false): void {
    this.list?.replaceChildren(...hits.map((hit, place) => this.option(hit, place)));
    this.activate(-1);
    this.open(hits.length > 0);
    if (answered) announce(hits.length ? word("search_count", { n: hits.length }) : word("search_none"));
  }

  private option(hit: Hit, place: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list?.id}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset["href"] = hit.href;
    const label = document.createElement("span");
    label.className = "nb-search__label";
    label.textContent = hit.label;
    const detail = document.createElement("span");
    detail.className = "nb-search__detail";
    detail.textContent = [hit.kind, hit.detail].filter(Boolean).join(" · ");
    item.append(label, " ", detail);
    return item;
  }

  private options(): HTMLElement[] {
    return [...(this.list?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
  }

  private activate(place: number): void {
    this.active = place;
    const options = this.options();
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const chosen = options[place];
    if (chosen) {
      this.input?.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.input?.removeAttribute("aria-activedescendant");
  }

  private open(wanted: boolean): void {
    if (!this.list || !this.input) return;
    this.list.hidden = !wanted;
    this.input.setAttribute("aria-expanded", String(wanted));
    if (!wanted) this.activate(-1);
  }

  private key(event: KeyboardEvent): void {
    const options = this.options();
    const isOpen = this.list?.hidden === false;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.open(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      this.open(true);
      this.activate(this.step(event.key === "ArrowDown" ? 1 : -1, options.length));
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      const option = options[this.active];
      if (!option) return;
      event.preventDefault();
      this.go(option);
    }
  }

  /** Past either end lies the field itself (-1), as a way back to what was typed. */
  private step(by: number, count: number): number {
    const places = count + 1;
    return ((this.active + 1 + by + places) % places) - 1;
  }

  private go(option: HTMLElement): void {
    const href = option.dataset["href"];
    if (href) window.location.assign(href);
  }
}
