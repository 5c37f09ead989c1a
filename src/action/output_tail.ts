import { clipTail } from "./clip_text.ts";

/** The last bytes of an output of any length, in bounded memory. */
export class OutputTail {
  readonly #maxBytes: number;
  readonly #buffer: Uint8Array;
  #length = 0;

  /** @param maxBytes how many bytes {@link text} can return */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    // One byte more tells a whole output from one that lost its beginning.
    this.#buffer = new Uint8Array(maxBytes + 1);
  }

  push(chunk: Uint8Array): void {
    const buffer = this.#buffer;
    const added = chunk.length > buffer.length
      ? chunk.subarray(-buffer.length)
      : chunk;
    const kept = Math.min(this.#length, buffer.length - added.length);
    buffer.copyWithin(0, this.#length - kept, this.#length);
    buffer.set(added, kept);
    this.#length = kept + added.length;
  }

  /** What was kept, as text of at most `maxBytes` in UTF-8 that begins with a whole character. */
  text(maxBytes = this.#maxBytes): string {
    return clipTail(
      this.#buffer.subarray(0, this.#length),
      Math.min(maxBytes, this.#maxBytes),
    );
  }
}
