import { encodeText } from "../core/text.ts";

/** Writes fields one behind the other into bytes that are known to have room. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where the next field goes. */
  at = 0;

  start(bytes: Uint8Array, at: number): this {
    this.#bytes = bytes;
    this.at = at;
    return this;
  }

  u8(value: number): void {
    this.#bytes[this.at++] = value;
  }

  u32(value: number): void {
    const bytes = this.#bytes;
    const at = this.at;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.at = at + 4;
  }

  /** An integer of 0 to 2^32 - 1 in 1 to 5 bytes, seven bits each, lowest first (LEB128). */
  varint(value: number): void {
    while (value > 0x7f) {
      this.#bytes[this.at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.#bytes[this.at++] = value;
  }

  copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A varint of the length in bytes, then the text. */
  text(value: string): void {
    // Most texts have a length of one byte; longer ones make way for theirs.
    const start = this.at + 1;
    const end = encodeText(value, this.#bytes, start);
    const length = end - start;
    const shift = varintBytes(length) - 1;
    if (shift > 0) this.#bytes.copyWithin(start + shift, start, end);
    this.varint(length);
    this.at += length;
  }
}

function varintBytes(value: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7));
}
