/** What a value is by its first byte, and where what is in it begins. */
export type MsgpackHead =
  /** Entries of `count` keys and values, or elements, from `at` on. */
  | {
    readonly kind: "map" | "array";
    readonly count: number;
    readonly at: number;
  }
  /** `size` bytes of text, binary or an extension from `at` on. */
  | { readonly kind: "bytes"; readonly size: number; readonly at: number }
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "other"; readonly at: number };

/** What is wrong with a file, and where. */
export class DumpError extends Error {
  /** @param offset in bytes from the beginning */
  constructor(offset: number, reason: string) {
    super(`at byte ${offset}: ${reason}`);
  }
}

/**
 * Finds its way through msgpack without decoding it, so that a dump of millions
 * of plans is read one by one, and what is wrong has a place.
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackWalker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** @throws {DumpError} when no value begins there, or its bytes are not all there */
  headAt(at: number): MsgpackHead {
    this.#check(at, 1, at);
    const byte = this.#bytes[at];
    if (byte <= 0x7f) return { kind: "number", value: byte, at: at + 1 };
    if (byte <= 0x8f) return this.#many("map", byte & 0xf, at, 1);
    if (byte <= 0x9f) return this.#many("array", byte & 0xf, at, 1);
    if (byte <= 0xbf) return this.#sized(byte & 0x1f, at, 1);
    if (byte >= 0xe0) return { kind: "number", value: byte - 256, at: at + 1 };
    const width = widths[byte - 0xc0];
    if (width < 0) throw new DumpError(at, `no value begins with ${byte}`);
    this.#check(at, 1 + width, at);
    const length = () => this.#unsigned(at + 1, width);
    switch (byte) {
      case 0xca:
        return this.#number(this.#view.getFloat32(at + 1), at + 5);
      case 0xcb:
        return this.#number(this.#view.getFloat64(at + 1), at + 9);
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#number(length(), at + 1 + width);
      case 0xd0:
        return this.#number(this.#view.getInt8(at + 1), at + 2);
      case 0xd1:
        return this.#number(this.#view.getInt16(at + 1), at + 3);
      case 0xd2:
        return this.#number(this.#view.getInt32(at + 1), at + 5);
      case 0xd3:
        return this.#number(Number(this.#view.getBigInt64(at + 1)), at + 9);
      // fixext: a type, and 1, 2, 4, 8 or 16 bytes
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#sized(1 << (byte - 0xd4), at, 2);
      case 0xc4:
      case 0xc5:
      case 0xc6:
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#sized(length(), at, 1 + width);
      // ext: a length, then a type
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#sized(this.#unsigned(at + 1, width - 1), at, 1 + width);
      case 0xdc:
      case 0xdd:
        return this.#many("array", length(), at, 1 + width);
      case 0xde:
      case 0xdf:
        return this.#many("map", length(), at, 1 + width);
      default:
        return { kind: "other", at: at + 1 };
    }
  }

  /** Where the value that begins at `at` ends. */
  endOf(at: number): number {
    let end = at;
    // Nesting is counted instead of recursed into: a file may pretend any depth.
    for (let left = 1; left > 0; left--) {
      const head = this.headAt(end);
      end = head.at;
      if (head.kind === "bytes") end += head.size;
      else if (head.kind === "array") left += head.count;
      else if (head.kind === "map") left += 2 * head.count;
    }
    return end;
  }

  /** The bytes of text or binary at `at`; undefined when something else is there. */
  bytesAt(at: number): Uint8Array | undefined {
    const head = this.headAt(at);
    return head.kind === "bytes"
      ? this.#bytes.subarray(head.at, head.at + head.size)
      : undefined;
  }

  #number(value: number, at: number): MsgpackHead {
    return { kind: "number", value, at };
  }

  #sized(size: number, start: number, headSize: number): MsgpackHead {
    this.#check(start, headSize + size, start);
    return { kind: "bytes", size, at: start + headSize };
  }

  #many(
    kind: "map" | "array",
    count: number,
    start: number,
    headSize: number,
  ): MsgpackHead {
    return { kind, count, at: start + headSize };
  }

  #unsigned(at: number, width: number): number {
    switch (width) {
      case 1:
        return this.#view.getUint8(at);
      case 2:
        return this.#view.getUint16(at);
      case 4:
        return this.#view.getUint32(at);
      default:
        return Number(this.#view.getBigUint64(at));
    }
  }

  #check(at: number, size: number, start: number): void {
    const left = this.#bytes.length - at;
    if (size <= left) return;
    throw new DumpError(
      start,
      `the file ends in the middle of a value of ${size} bytes, ${
        Math.max(left, 0)
      } are there`,
    );
  }
}

/** Bytes behind the first one of 0xc0 to 0xdf, before what is of variable length; -1 is no type. */
const widths = [
  ...[0, -1, 0, 0],
  ...[1, 2, 4, 2, 3, 5],
  ...[4, 8],
  ...[1, 2, 4, 8, 1, 2, 4, 8],
  ...[1, 1, 1, 1, 1],
  ...[1, 2, 4, 2, 4, 2, 4],
];
