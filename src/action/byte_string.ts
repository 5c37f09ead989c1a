/**
 * The UTF-8 bytes of `text`, a character each: what fetch takes and gives as the
 * value of a header, and what HTTP's hashes are computed from.
 */
export function byteString(text: string): string {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => String.fromCharCode(byte),
  ).join("");
}
