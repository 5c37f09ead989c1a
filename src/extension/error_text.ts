/** What an extension threw, whatever that is, on one line. */
export function errorText(error: unknown): string {
  return textOf(error).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    // An object without a prototype, say.
    return "something that has no text";
  }
}
