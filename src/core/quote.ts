/**
 * `text` in double quotes on one line, for a message: control characters are
 * escaped, and what is longer than `limit` characters ends in "…".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(quote("two\nlines"), '"two\\nlines"');
 * assert.equal(quote("too long", 3), '"too…"');
 * ```
 */
export function quote(text: string, limit = 100): string {
  const characters = [...text.slice(0, 2 * limit + 2)];
  const shown = characters.length > limit
    ? characters.slice(0, limit).join("") + "…"
    : text;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped);
}

/** JSON lets these through although terminals and log readers break lines at some of them. */
function escaped(character: string): string {
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}
