import type { Columns } from "./columns.ts";
import { bitIn } from "./key_bits.ts";
import { keyAt, keyOffset } from "./key_bytes.ts";
import { bitColumn, leafFlag, locationColumn } from "./key_nodes.ts";
import { payloadOf, type SegmentLog } from "./segment_log.ts";

/**
 * Goes the ways through a KeyIndex to several keys side by side, before they
 * are looked up one by one: the processor then waits for memory once for all of
 * them, not for each.
 */
export class LookUpLanes {
  readonly #rows: Columns;
  readonly #log: SegmentLog;
  /** The children that the ways have come to, and in the end the rows. */
  readonly #reached = new Uint32Array(maxSideBySide);
  readonly #starts = new Uint32Array(maxSideBySide);
  readonly #lengths = new Uint32Array(maxSideBySide);
  /** How many of the ends are of use. */
  #count = 0;

  constructor(rows: Columns, log: SegmentLog) {
    this.#rows = rows;
    this.#log = log;
  }

  /**
   * @param root where the ways begin
   * @param payloads where in `bytes` the payloads begin whose keys are looked
   * up, {@link maxSideBySide} at the most
   */
  go(root: number, bytes: Uint8Array, payloads: readonly number[]): void {
    const count = payloads.length;
    const rows = this.#rows;
    const log = this.#log;
    const reached = this.#reached;
    const starts = this.#starts;
    const lengths = this.#lengths;
    for (let lane = 0; lane < count; lane++) {
      const { start, length } = keyAt(bytes, payloads[lane]);
      starts[lane] = start;
      lengths[lane] = length;
      reached[lane] = root;
    }
    // In one piece: in functions of their own the steps take a tenth longer.
    for (let isUnderWay = true; isUnderWay;) {
      isUnderWay = false;
      for (let lane = 0; lane < count; lane++) {
        const child = reached[lane];
        if (child >= leafFlag) continue;
        const chunk = rows.chunkOf(child);
        const cell = rows.cellOf(child);
        const position = chunk[cell + bitColumn];
        const index = position >>> 4;
        const side = index < lengths[lane]
          ? bitIn(bytes[starts[lane] + index], position)
          : 0;
        reached[lane] = chunk[cell + side];
        isUnderWay = true;
      }
    }
    for (let lane = 0; lane < count; lane++) {
      const row = reached[lane] -= leafFlag;
      const location = rows.get(row, locationColumn);
      const record = log.segmentOf(location).bytes;
      // Is of no use but that the processor has the key then.
      lengths[lane] = record[payloadOf(location) + keyOffset];
    }
    this.#count = count;
  }

  /** The row at which a look-up ended; undefined when it is not known, or not any more. */
  endOf(lane = maxSideBySide): number | undefined {
    return lane < this.#count ? this.#reached[lane] : undefined;
  }

  /** To be called when a row goes: an end may be that row. */
  forget(): void {
    this.#count = 0;
  }
}

/** More misses at a time than a processor can have under way are of no use. */
export const maxSideBySide = 16;
