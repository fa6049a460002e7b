import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { spaced } from "../src/spaced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first time is soon, the next waits for its turn, and nothing is forgotten", () => {
  const done: number[] = [];
  const ask = spaced(() => done.push(performance.now() - began), 250);
  const began = performance.now();
  ask();
  ask();
  vi.advanceTimersByTime(30);
  expect(done).toEqual([20]);
  ask();
  vi.advanceTimersByTime(100);
  ask();
  vi.advanceTimersByTime(1000);
  expect(done).toEqual([20, 270]);
});
