import { ProtocolError } from "./thrift_type.ts";

/** The place behind the varint at `at`, or -1 when it has not all arrived. */
export function skipVarint(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + maxVarintBytes);
  for (let index = at; index < last; index++) {
    if (bytes[index] < 0x80) return index + 1;
  }
  if (last - at < maxVarintBytes) return -1;
  throw new ProtocolError(`a varint is over ${maxVarintBytes} bytes`);
}

/** The lower 32 bits, unsigned, of the varint at `at`, which has arrived. */
export function readVarint(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value >>> 0;
}

/** A signed number from its zigzag form. */
export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

/** The zigzag form, unsigned, of a number of 32 bits. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

const maxVarintBytes = 10;
