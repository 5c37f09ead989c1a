import { maxDepth, maxMessageBytes, ProtocolError } from "./thrift_type.ts";

/** What a {@link WireFormat} found at some place. */
export interface Token {
  /** The type of the field or value that follows, in the format's own codes. */
  type: number;
  /** Bytes that belong to the value and need no looking at. */
  skip: number;
  /** For containers: how many elements follow, keys and values counted apart. */
  elements: number;
  /** The types of elements by turns; the same twice but for maps. */
  first: number;
  second: number;
}

/**
 * How a protocol cuts its bytes up. All methods look at `bytes[at, end)` and
 * return the place behind what they read, or -1 when it has not all arrived;
 * they throw a ProtocolError at what can't be.
 */
export interface WireFormat {
  readonly structType: number;
  /** Passes over what comes before the struct of a message. */
  readHead(bytes: Uint8Array, at: number, end: number): number;
  /** Sets `type`, which is 0 at the end of the struct. */
  readField(bytes: Uint8Array, at: number, end: number, token: Token): number;
  /** Reads as much of a value of `token.type` as says how long it is. */
  readValue(bytes: Uint8Array, at: number, end: number, token: Token): number;
}

/**
 * Finds the end of a message that may not have arrived completely. It goes over
 * each byte once, however many pieces they come in, and refuses what breaks a
 * limit as soon as it is announced.
 */
export class MessageScanner {
  readonly #format: WireFormat;
  readonly #maxBytes: number;
  readonly #token: Token = {
    type: 0,
    skip: 0,
    elements: 0,
    first: 0,
    second: 0,
  };
  /** What is open: how many elements are left of a container, -1 for a struct. */
  readonly #left = new Int32Array(maxDepth);
  readonly #first = new Uint8Array(maxDepth);
  readonly #second = new Uint8Array(maxDepth);
  #depth = 0;
  #isInside = false;
  /** Whether the value of `token.type` comes next. */
  #isValueNext = false;
  /** Bytes of the message that were looked at. */
  #seen = 0;

  /** `maxBytes` is the most that a message may have. */
  constructor(format: WireFormat, maxBytes: number) {
    this.#format = format;
    this.#maxBytes = maxBytes;
  }

  /**
   * Looks at `bytes[start, end)`, where a message begins at `start`, the same
   * message until its end is found. Returns its length in bytes, or undefined
   * while its end has not arrived.
   * @throws {ProtocolError} when no message begins like that
   */
  scan(bytes: Uint8Array, start: number, end: number): number | undefined {
    for (;;) {
      const at = start + this.#seen + this.#token.skip;
      if (at - start > this.#maxBytes) {
        throw new ProtocolError(`the message is over ${this.#maxBytes} bytes`);
      }
      if (at > end) return undefined;
      this.#token.skip = 0;
      this.#seen = at - start;
      if (this.#isInside && this.#depth === 0) {
        this.#isInside = false;
        this.#seen = 0;
        return at - start;
      }
      const next = this.#step(bytes, at, end);
      if (next < 0) return undefined;
      this.#seen = next - start;
    }
  }

  #step(bytes: Uint8Array, at: number, end: number): number {
    if (!this.#isInside) {
      const next = this.#format.readHead(bytes, at, end);
      if (next < 0) return next;
      this.#isInside = true;
      this.#open(-1, 0, 0);
      return next;
    }
    if (this.#isValueNext) return this.#stepIntoValue(bytes, at, end);
    const top = this.#depth - 1;
    const left = this.#left[top];
    if (left === -1) {
      const next = this.#format.readField(bytes, at, end, this.#token);
      if (next < 0) return next;
      if (this.#token.type === 0) this.#depth--;
      else this.#isValueNext = true;
      return next;
    }
    if (left === 0) {
      this.#depth--;
      return at;
    }
    this.#left[top] = left - 1;
    this.#token.type = left % 2 === 0 ? this.#first[top] : this.#second[top];
    this.#isValueNext = true;
    return at;
  }

  #stepIntoValue(bytes: Uint8Array, at: number, end: number): number {
    const token = this.#token;
    if (token.type === this.#format.structType) {
      this.#open(-1, 0, 0);
      this.#isValueNext = false;
      return at;
    }
    token.elements = -1;
    const next = this.#format.readValue(bytes, at, end, token);
    if (next < 0) return next;
    this.#isValueNext = false;
    if (token.elements > maxMessageBytes) {
      throw new ProtocolError(`a container has ${token.elements} elements`);
    }
    if (token.elements >= 0) {
      this.#open(token.elements, token.first, token.second);
    }
    return next;
  }

  #open(left: number, first: number, second: number): void {
    if (this.#depth === maxDepth) {
      throw new ProtocolError(`the message is nested over ${maxDepth} deep`);
    }
    this.#left[this.#depth] = left;
    this.#first[this.#depth] = first;
    this.#second[this.#depth] = second;
    this.#depth++;
  }
}
