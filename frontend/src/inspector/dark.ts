/** Whether the page is shown dark: the page's own choice stands on <html>, else the system's counts. */

import { signal } from "@preact/signals";

const system = matchMedia("(prefers-color-scheme: dark)");

function now(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light";
}

export const effectiveTheme = signal(now());
const look = () => (effectiveTheme.value = now());
system.addEventListener("change", look);
new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["data-theme"] });
