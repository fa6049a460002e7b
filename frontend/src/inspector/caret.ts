/** Where a caret stands below a line. */

/** What stands before the caret, as wide as the text above it: wide letters take two cells. */
export function padding(text: string, column: number): string {
  return [...text].slice(0, column - 1).map((sign) => (sign === "\t" ? "\t" : WIDE.test(sign) ? "\u3000" : " ")).join("");
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
