import { encodeText, textBound } from "../../core/text.ts";

/** A key as bytes that lie somewhere. */
export interface KeyBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
}

/** The key of a record whose payload begins at `payload`. */
export function keyAt(bytes: Uint8Array, payload: number): KeyBytes {
  const lengthAt = payload + keyOffset;
  const low = bytes[lengthAt];
  if (low <= 0x7f) return { bytes, start: lengthAt + 1, length: low };
  const length = (low & 0x7f) | (bytes[lengthAt + 1] << 7);
  return { bytes, start: lengthAt + 2, length };
}

/** Negative, 0 or positive as one key lies before, at or behind another in byte order. */
export function compareKeys(one: KeyBytes, other: KeyBytes): number {
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index++) {
    const difference = one.bytes[one.start + index] -
      other.bytes[other.start + index];
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export function startsWith(key: KeyBytes, prefix: KeyBytes): boolean {
  if (key.length < prefix.length) return false;
  for (let index = 0; index < prefix.length; index++) {
    const byte = key.bytes[key.start + index];
    if (byte !== prefix.bytes[prefix.start + index]) return false;
  }
  return true;
}

/** The bytes of `key`, for look-ups. */
export function keyBytesOf(key: string): KeyBytes {
  const bytes = new Uint8Array(textBound(key));
  return { bytes, start: 0, length: encodeText(key, bytes, 0) };
}

/** Where the key's length lies in a payload: behind the record's type and version. */
export const keyOffset = 5;
