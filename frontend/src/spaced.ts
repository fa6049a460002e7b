/** Does the work soon, and not again for `gap` ms: whatever asks for it meanwhile is answered by one run at the end. */
export function spaced(work: () => unknown, gap: number): () => void {
  let last = -Infinity;
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    const run = (): void => {
      planned = false;
      last = performance.now();
      void work();
    };
    setTimeout(run, Math.max(SOON, last + gap - performance.now()));
  };
}

/** Long enough for what belongs together to arrive together. */
const SOON = 20;
