/** How much of a text is shown at first. */

/** Letters that count as one line. */
const WIDE = 100;

/** The first lines of a text, and how many are left; a line without an end counts as many. */
export function folded(text: string, lines: number): { shown: string; hidden: number } {
  const all = text.split("\n");
  const room = lines * WIDE;
  const head = all.slice(0, lines).join("\n");
  const shown = head.length > room ? `${head.slice(0, room)}…` : head;
  return { shown, hidden: Math.max(0, all.length - lines) + (head.length > room ? Math.ceil((head.length - room) / WIDE) : 0) };
}
