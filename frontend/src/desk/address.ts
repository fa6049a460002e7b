/** The case in view stands in the address, so that it is there again after a reload and can be passed on. */

import { effect } from "@preact/signals";
import { me, page, pane, selected } from "./state";

const FORM = /^#\/case\/(.+)$/;

/** The case that an address names, or "". */
export function caseIn(hash: string): string {
  const found = FORM.exec(hash)?.[1] ?? "";
  try {
    return decodeURIComponent(found);
  } catch {
    return "";
  }
}

function look(): void {
  const id = caseIn(location.hash);
  if (!id || id === selected.peek()) return;
  selected.value = id;
  page.value = "inbox";
  pane.value = "talk";
}

export function keepAddress(): void {
  look();
  addEventListener("hashchange", look);
  effect(() => {
    const wanted = selected.value ? `#/case/${encodeURIComponent(selected.value)}` : "";
    // Before somebody is in, the address still says where they want to go.
    if (me.value && location.hash !== wanted) history.replaceState(null, "", `${location.pathname}${wanted}`);
  });
}
