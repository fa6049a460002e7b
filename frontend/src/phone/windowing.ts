/** Which part of a long list is near the view. Heights are guessed until a row was seen. */

/** Where each row begins, and at the end where the list ends. */
export function offsetsOf(count: number, height: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let index = 0; index < count; index++) offsets[index + 1] = offsets[index]! + height(index);
  return offsets;
}

/** The row at this distance from the top: the last that begins at or before it. */
export function rowAt(offsets: Float64Array, top: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= top) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface Span {
  /** The first row and the one after the last. */
  from: number;
  to: number;
}

/** The rows that touch the view or lie less than `over` beyond its edges. */
export function spanOf(offsets: Float64Array, top: number, height: number, over: number): Span {
  const count = offsets.length - 1;
  if (count === 0) return { from: 0, to: 0 };
  return { from: rowAt(offsets, Math.max(0, top - over)), to: Math.min(count, rowAt(offsets, top + height + over) + 1) };
}
