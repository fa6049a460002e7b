/** Gives the focus back to where it was before something opened, unless it went elsewhere meanwhile. */
export function giveBack(before: Element | null, box: Element | null): void {
  const at = document.activeElement;
  const lost = !at || at === document.body || box?.contains(at);
  if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
}

/** The arrow keys move the focus between alike elements of a list, of which one is a stop of the tab key. */
export function arrows(event: KeyboardEvent, box: HTMLElement | null, what: string): void {
  const at = (event.target as Element).closest<HTMLElement>(what);
  if (!at || !box || event.altKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const all = [...box.querySelectorAll<HTMLElement>(what)];
  all[all.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}
