const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The end of `bytes` as text that is at most `maxBytes` long in UTF-8, without
 * half a character at its beginning. Bytes that aren't UTF-8 become U+FFFD.
 */
export function clipTail(bytes: Uint8Array, maxBytes: number): string {
  const start = nextCharacter(bytes, Math.max(0, bytes.length - maxBytes));
  const text = decoder.decode(bytes.subarray(start));
  // One bad byte becomes the three of U+FFFD, so the text may have grown.
  const encoded = encoder.encode(text);
  if (encoded.length <= maxBytes) return text;
  return decoder.decode(
    encoded.subarray(nextCharacter(encoded, encoded.length - maxBytes)),
  );
}

/**
 * The beginning of `bytes` as text that is at most `maxBytes` long in UTF-8,
 * without half a character at its end. Bytes that aren't UTF-8 become U+FFFD.
 */
export function clipHead(bytes: Uint8Array, maxBytes: number): string {
  const text = decoder.decode(bytes.subarray(0, boundary(bytes, maxBytes)));
  if (3 * text.length <= maxBytes) return text;
  const encoded = encoder.encode(text);
  return decoder.decode(encoded.subarray(0, boundary(encoded, maxBytes)));
}

/** The last place between two characters that is not behind `end`. */
function boundary(bytes: Uint8Array, end: number): number {
  if (bytes.length <= end) return bytes.length;
  for (let at = end; at > Math.max(0, end - 4); at--) {
    if (!isContinuation(bytes[at])) return at;
  }
  return end;
}

/** The first character that begins at `start` or after it; a character has at most 4 bytes. */
function nextCharacter(bytes: Uint8Array, start: number): number {
  if (start === 0) return 0;
  for (let at = start; at < Math.min(start + 4, bytes.length); at++) {
    if (!isContinuation(bytes[at])) return at;
  }
  return start;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
