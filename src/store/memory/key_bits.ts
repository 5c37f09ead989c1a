import { type KeyBytes, keyOffset } from "./key_bytes.ts";

/** As many positions of bits as a byte of a key has; see {@link bitOf}. */
export const positionsPerByte = 16;

/** Behind all positions. */
export const equal = 0x7fff_ffff;

/**
 * The position of the first bit in which `key` and that of the record whose
 * payload begins at `payload` differ, or {@link equal}.
 */
export function firstDifference(
  key: KeyBytes,
  bytes: Uint8Array,
  payload: number,
): number {
  // As keyAt() finds it, without an object for it.
  const lengthAt = payload + keyOffset;
  let length = bytes[lengthAt];
  let start = lengthAt + 1;
  if (length > 0x7f) length = (length & 0x7f) | (bytes[start++] << 7);
  const shorter = Math.min(length, key.length);
  for (let index = 0; index < shorter; index++) {
    const difference = bytes[start + index] ^ key.bytes[key.start + index];
    if (difference !== 0) return (index << 4) + Math.clz32(difference) - 23;
  }
  return length === key.length ? equal : shorter << 4;
}

/**
 * Bit `position` of a key: 16 positions a byte, of which the first says that
 * there is a byte at all, so that a key sorts before those it is a prefix of.
 */
export function bitOf(key: KeyBytes, position: number): 0 | 1 {
  const index = position >>> 4;
  if (index >= key.length) return 0;
  return bitIn(key.bytes[key.start + index], position);
}

/** Bit `position` of a key that has `byte` there. */
export function bitIn(byte: number, position: number): 0 | 1 {
  const bit = position & 15;
  if (bit === 0) return 1;
  return ((byte >>> (8 - bit)) & 1) as 0 | 1;
}
