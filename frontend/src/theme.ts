/** Light or dark: what the system says, unless the reader chose. `data-theme` on <html> is always set. */

import { effect, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const kept = localStorage.getItem("noren.theme");

export const theme = signal<Theme>(kept === "light" || kept === "dark" ? kept : "auto");
const night = signal(dark.matches);
dark.addEventListener("change", () => (night.value = dark.matches));

effect(() => {
  const shown = theme.value === "auto" ? (night.value ? "dark" : "light") : theme.value;
  document.documentElement.dataset.theme = shown;
  localStorage.setItem("noren.theme", theme.value);
});

export function nextTheme(): void {
  const order: readonly Theme[] = ["auto", "light", "dark"];
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length] ?? "auto";
}
