import { Buffer } from "node:buffer";
import { decodeText } from "../core/text.ts";

/** Reads what a ByteWriter wrote. Reading past the end throws a RangeError. */
export class ByteReader {
  readonly #skipsTexts: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  at = 0;

  /** One that skips texts gives empty ones: it is for who only wants to know whether a record can be read. */
  constructor({ skipsTexts = false } = {}) {
    this.#skipsTexts = skipsTexts;
  }

  start(bytes: Buffer, at: number, end: number): this {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
    return this;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  u8(): number {
    return this.#bytes[this.#take(1)];
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#take(1)];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`A varint at ${this.at} is longer than 5 bytes`);
  }

  text(): string {
    const length = this.varint();
    const start = this.#take(length);
    if (this.#skipsTexts) return "";
    return decodeText(this.#bytes, start, start + length);
  }

  #take(length: number): number {
    const at = this.at;
    if (length > this.#end - at) {
      throw new RangeError(
        `A record ends ${
          this.#end - at
        } bytes behind ${at}, ${length} are missing`,
      );
    }
    this.at = at + length;
    return at;
  }
}
