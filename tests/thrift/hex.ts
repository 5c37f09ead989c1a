/**
 * Bytes that are written down: pairs of hexadecimal digits, 'text' in quotes,
 * and comments from # to the end of the line.
 */
export function hex(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [token] of text.matchAll(/#.*|'[^']*'|[0-9a-f]+|\S/g)) {
    if (token.startsWith("#")) continue;
    if (token.startsWith("'")) {
      bytes.push(...new TextEncoder().encode(token.slice(1, -1)));
    } else if (/^([0-9a-f]{2})+$/.test(token)) {
      for (let at = 0; at < token.length; at += 2) {
        bytes.push(parseInt(token.slice(at, at + 2), 16));
      }
    } else {
      throw new TypeError(`These are not bytes: ${token}`);
    }
  }
  return Uint8Array.from(bytes);
}

/** Bytes as they are compared: in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
