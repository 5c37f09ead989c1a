import { quoteText, quoteWord } from "../command/quoted_text.ts";

/**
 * The line of the command language that says the same as words that a shell has
 * already taken apart, `get`, `a key` and the like. Of `set`, the last word is
 * PARAMS as it is.
 */
export function toLine(words: readonly string[]): string {
  const quoted = words.map(quoteWord);
  const params = words.at(-1);
  if (words[0] === "set" && words.length > 1 && params !== undefined) {
    quoted[quoted.length - 1] = quoteText(params, "'");
  }
  return quoted.join(" ");
}
