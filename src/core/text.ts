import type { Buffer } from "node:buffer";

/*
 * Wires call text what may be any bytes (a beanstalk body, say). Bytes that
 * are not UTF-8 become lone surrogates U+DC80 to U+DCFF, one each, and turn
 * back into the same bytes when the text is encoded: the escape that Python
 * calls surrogateescape (PEP 383).
 */

/** The text in `bytes[start, end)`, in such a way that {@link encodeText} gives the same bytes again. */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes("\ufffd")
    ? decodeEscaping(bytes.subarray(start, end))
    : text;
}

/** Writes `text` at `at`, where {@link textBound} bytes must be free; returns the end. */
export function encodeText(
  text: string,
  bytes: Uint8Array,
  at: number,
): number {
  const length = text.length;
  if (length > shortText) return encodeAny(text, bytes, at);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return encodeAny(text, bytes, at);
    bytes[at + index] = unit;
  }
  return at + length;
}

/** A number of bytes that holds `text` in any case. */
export function textBound(text: string): number {
  return text.length * 3;
}

/**
 * Whether `text` came from bytes that are UTF-8.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 *
 * const latin1 = Buffer.from([0x66, 0xfc, 0x72]);
 * const text = decodeText(latin1, 0, latin1.length);
 * const bytes = new Uint8Array(textBound(text));
 * assert.equal(encodeText(text, bytes, 0), 3);
 * assert.deepEqual(Buffer.from(bytes.subarray(0, 3)), latin1);
 * assert(!isUnicode(text));
 * ```
 */
export function isUnicode(text: string): boolean {
  return text.isWellFormed();
}

/** Up to here a loop beats the call of a native encoder. */
const shortText = 128;
const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});

function encodeAny(text: string, bytes: Uint8Array, at: number): number {
  if (text.isWellFormed()) {
    return at + encoder.encodeInto(text, bytes.subarray(at)).written;
  }
  let end = at;
  for (const symbol of text) {
    const code = symbol.charCodeAt(0);
    if (symbol.length === 1 && code >= 0xdc80 && code <= 0xdcff) {
      bytes[end++] = code - 0xdc00;
    } else {
      end += encoder.encodeInto(symbol, bytes.subarray(end)).written;
    }
  }
  return end;
}

function decodeEscaping(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = symbolLength(bytes, at);
    text += length === 0
      ? String.fromCharCode(0xdc00 + bytes[at])
      : strictDecoder.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return text;
}

/** Bytes of the UTF-8 symbol at `at`, 0 when there is none (RFC 3629, section 4). */
function symbolLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first < 0xc2
    ? 0
    : first < 0xe0
    ? 2
    : first < 0xf0
    ? 3
    : first < 0xf5
    ? 4
    : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1];
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let index = 2; index < length; index++) {
    if ((bytes[at + index] & 0xc0) !== 0x80) return 0;
  }
  return length;
}
