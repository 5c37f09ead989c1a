import { ProtocolError } from "./thrift_type.ts";

/**
 * The memory that the unfinished messages of all connections take together.
 * Each one may be large, but not all of them.
 */
export class UnfinishedBytes {
  readonly #max: () => number;
  #taken = 0;

  /** @param most how many bytes it may be, which may change */
  constructor(max: () => number) {
    this.#max = max;
  }

  /**
   * One connection takes `after` bytes instead of `before`.
   * @throws {ProtocolError} when that is more, and all together take too much
   */
  change(before: number, after: number): void {
    this.#taken += after - before;
    if (after <= before || this.#taken <= this.#max()) return;
    const mebibytes = Math.round(this.#max() / 1024 ** 2);
    throw new ProtocolError(
      `the unfinished messages of all clients are over ${mebibytes} MiB`,
    );
  }
}
