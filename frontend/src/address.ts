/** The address bar is the state of the page. */

/** Set or remove one query parameter without a new entry in the history. */
export function remember(name: string, value: string): void {
  const url = new URL(window.location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  window.history.replaceState(window.history.state, "", url);
}

/** Read one query parameter, empty where it is absent. */
export function recall(name: string): string {
  return new URL(window.location.href).searchParams.get(name) ?? "";
}
