/**
 * The name that `text` is most likely a slip of, undefined when none is near: up
 * to one edit in up to three letters, else two. An edit adds, drops or replaces
 * a letter or swaps two neighbours. Of several that are as near, the first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(nearestName("shlel", ["shell", "http"]), "shell");
 * assert.equal(nearestName("mongo", ["shell", "http"]), undefined);
 * ```
 */
export function nearestName<Name extends string>(
  text: string,
  names: readonly Name[],
): Name | undefined {
  let distance = text.length <= 3 ? 1 : 2;
  let nearest: Name | undefined;
  for (const name of names) {
    if (Math.abs(name.length - text.length) > distance) continue;
    const edits = countEdits(text, name);
    if (edits > distance) continue;
    nearest = name;
    distance = edits - 1;
  }
  return nearest;
}

/** The optimal string alignment distance, row by row. */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      if (isSwap) edits = Math.min(edits, before[j - 2] + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
