/**
 * The scroll position of a windowed list. It keeps to the end while the reader is there; otherwise the row at the top
 * of the view stays where it is on the screen, whatever is measured, loaded or added around it.
 */

import type { Message } from "../shapes";
import { offsetsOf, rowAt, spanOf, type Span } from "./windowing";

/** What is scrolled: rows with a name that stays theirs. */
export interface Row {
  key: string;
  kind: string;
  entry?: { message: Message };
  first?: boolean;
}

const OVER = 700;
const NEAR = 48;
/** What rows are likely to need until they were seen, in pixels. */
const GUESSES: Readonly<Record<string, number>> = { text: 52, sticker: 150, image: 220, flex: 330, template: 290, imagemap: 280 };

function guess(row: Row): number {
  if (row.kind !== "message" || !row.entry) return 40;
  const { message } = row.entry;
  const base = GUESSES[message.type] ?? 90;
  // About 20 Latin or 14 other signs to a line.
  const more = message.type === "text" ? Math.floor(String(message.text ?? "").length / 22) * 20 : 0;
  return Math.min(base + more, 900) + (row.first ? 18 : 0);
}

export class Scroll {
  stuck = true;
  private box: HTMLElement | null = null;
  private rows: readonly Row[] = [];
  private offsets: Float64Array = new Float64Array(1);
  private readonly heights = new Map<string, number>();
  private readonly keys = new WeakMap<Element, string>();
  private readonly watch = new ResizeObserver((seen) => this.resized(seen));
  private anchor: { key: string; delta: number } | null = null;
  private shown: Span = { from: 0, to: 0 };
  private height = 800;
  private top = 0;
  private hidden = false;

  /** `changed` has the list drawn again. */
  constructor(private readonly changed: () => void) {}

  attach(box: HTMLElement): void {
    this.box = box;
    this.height = box.clientHeight;
    this.watch.observe(box);
  }

  detach(): void {
    this.watch.disconnect();
    this.box = null;
  }

  /** A ref for each row's element: its height is watched while it stands in the page. */
  readonly measured = (key: string) => (element: HTMLElement | null): void | (() => void) => {
    if (!element) return;
    this.keys.set(element, key);
    this.watch.observe(element);
    return () => this.watch.unobserve(element);
  };

  /** Pixels between the lower edge of the view and the end of the list. */
  private get away(): number {
    return this.box ? this.box.scrollHeight - this.box.clientHeight - this.top : 0;
  }

  /** The rows to draw, and how much room those above and below take. */
  span(rows: readonly Row[]): Span & { above: number; below: number } {
    this.rows = rows;
    this.offsets = offsetsOf(rows.length, (index) => {
      const row = rows[index]!;
      return this.heights.get(row.key) ?? guess(row);
    });
    const total = this.offsets[rows.length] ?? 0;
    this.shown = spanOf(this.offsets, this.aim(total), this.height, OVER);
    const above = this.offsets[this.shown.from] ?? 0;
    return { ...this.shown, above, below: total - (this.offsets[this.shown.to] ?? total) };
  }

  /** Where the view should stand, before the page knows. */
  private aim(total: number): number {
    if (this.stuck) return Math.max(0, total - this.height);
    const index = this.anchor ? this.rows.findIndex((row) => row.key === this.anchor?.key) : -1;
    return index < 0 ? this.top : (this.offsets[index] ?? 0) + (this.anchor?.delta ?? 0);
  }

  /** After drawing: put the view where it should stand. */
  settle(): void {
    if (!this.box || this.hidden) return;
    const total = this.offsets[this.rows.length] ?? 0;
    const top = this.stuck ? this.box.scrollHeight - this.box.clientHeight : Math.round(this.aim(total));
    if (Math.abs(this.box.scrollTop - top) > 1) this.box.scrollTop = top;
    this.top = this.box.scrollTop;
    this.crossed();
  }

  /** The way to the end is shown from a certain distance on. */
  far = false;

  private crossed(): void {
    const far = this.away > NEAR * 4;
    if (far === this.far) return;
    this.far = far;
    this.changed();
  }

  /** The reader, or the page, scrolled. */
  moved(): void {
    if (!this.box?.clientHeight || this.hidden) return;
    // What the page itself scrolled is told late, when the view may have another height already.
    if (Math.abs(this.box.scrollTop - this.top) < 1) return;
    this.top = this.box.scrollTop;
    this.stuck = this.away <= NEAR;
    const index = rowAt(this.offsets, this.top);
    const row = this.rows[index];
    this.anchor = row ? { key: row.key, delta: this.top - (this.offsets[index] ?? 0) } : null;
    const next = spanOf(this.offsets, this.top, this.height, OVER / 2);
    if (next.from < this.shown.from || next.to > this.shown.to) this.changed();
    else this.crossed();
  }

  private resized(seen: readonly ResizeObserverEntry[]): void {
    // While another area is in its place the phone is not drawn at all: everything would count as having no height,
    // and the browser forgets how far it was scrolled.
    if (!this.box?.clientHeight) {
      this.hidden = true;
      return;
    }
    let news = this.hidden;
    this.hidden = false;
    for (const { target, borderBoxSize, contentRect } of seen) {
      if (target === this.box) {
        news ||= this.height !== target.clientHeight;
        this.height = target.clientHeight;
        continue;
      }
      const key = this.keys.get(target);
      const height = borderBoxSize[0]?.blockSize ?? contentRect.height;
      if (!key || !target.isConnected || this.heights.get(key) === height) continue;
      this.heights.set(key, height);
      news = true;
    }
    if (news) this.changed();
  }

  toEnd(): void {
    this.stuck = true;
    this.changed();
  }

  /** Bring a message into the middle of the view. Tells whether it is there. */
  to(key: string): boolean {
    const index = this.rows.findIndex((row) => row.key === key);
    if (index < 0) return false;
    this.stuck = false;
    this.anchor = { key, delta: -this.height / 3 };
    this.changed();
    return true;
  }
}
