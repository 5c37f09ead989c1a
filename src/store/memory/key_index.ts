import { Columns } from "./columns.ts";
import { bitOf, equal, firstDifference, positionsPerByte } from "./key_bits.ts";
import { keyAt, type KeyBytes } from "./key_bytes.ts";
import { bitColumn, leafFlag, leafOf, locationColumn } from "./key_nodes.ts";
import { LookUpLanes } from "./look_up_lanes.ts";
import { type Location, payloadOf, type SegmentLog } from "./segment_log.ts";

/**
 * Finds rows by key, and keys in byte order: a crit-bit tree (D. J. Bernstein's
 * name for a PATRICIA trie) whose leaves are the records in the log and whose
 * inner nodes lie in the rows themselves. It takes the memory of a hash table
 * but answers prefix listings too, and it never rehashes.
 *
 * Row r holds the inner node that was made when row r came in. Nodes move when
 * rows go, but so that node r always lies above leaf r; a row's removal thus
 * meets both its leaf and its node on one way down.
 */
export class KeyIndex {
  readonly #log: SegmentLog;
  /** Rows: left child, right child, critical bit, location of the record. */
  readonly #rows = new Columns(4);
  #root = empty;
  #count = 0;
  /** Free rows, linked through their first column. */
  #free = empty;
  #rowsMade = 0;
  readonly #lanes: LookUpLanes;

  constructor(log: SegmentLog) {
    this.#log = log;
    this.#lanes = new LookUpLanes(this.#rows, log);
  }

  get count(): number {
    return this.#count;
  }

  locationOf(row: number): Location {
    return this.#rows.get(row, locationColumn);
  }

  /** Points `row` to another record of the same key. */
  relocate(row: number, location: Location): void {
    this.#rows.set(row, locationColumn, location);
  }

  find(key: KeyBytes): number | undefined {
    if (this.#root === empty) return undefined;
    const row = this.#nearestRow(key);
    return this.#compare(key, row) === equal ? row : undefined;
  }

  /**
   * Prepares for keys that are looked up next; see {@link LookUpLanes}.
   * @param payloads where in `bytes` the payloads of their records begin
   */
  approach(bytes: Uint8Array, payloads: readonly number[]): void {
    if (this.#root !== empty) this.#lanes.go(this.#root, bytes, payloads);
  }

  /** The rows in use are among the first this many. */
  get rowBound(): number {
    return this.#rowsMade;
  }

  /**
   * The row of the key; a key that isn't there yet is added with its record,
   * which shows in {@link count}.
   * @param lane where the record was in the last {@link approach}
   */
  findOrInsert(location: Location, key: KeyBytes, lane?: number): number {
    if (this.#root === empty) {
      const first = this.#takeRow(location);
      this.#root = leafOf(first);
      return first;
    }
    const nearest = this.#nearOf(key, lane);
    const critical = this.#compare(key, nearest);
    if (critical === equal) return nearest;
    const place = this.#placeOf(key, critical);
    // A key that is nearer has come in since.
    if (place === undefined) return this.findOrInsert(location, key);
    const row = this.#takeRow(location);
    const side = bitOf(key, critical);
    const node = this.#rows.chunkOf(row);
    const cell = this.#rows.cellOf(row);
    node[cell + bitColumn] = critical;
    node[cell + side] = leafOf(row);
    node[cell + 1 - side] = place.child;
    this.#point(place, row);
    return row;
  }

  /**
   * Where an inner node belongs whose `critical` is the first bit that tells
   * `key` from all others; undefined when it is not the first, since some key
   * shares that bit and what is before it.
   */
  #placeOf(key: KeyBytes, critical: number): Place | undefined {
    let [node, side] = [none, 0];
    let child = this.#root;
    while (child < leafFlag) {
      const chunk = this.#rows.chunkOf(child);
      const start = this.#rows.cellOf(child);
      const bit = chunk[start + bitColumn];
      if (bit === critical) return undefined;
      if (bit > critical) break;
      node = child;
      side = bitOf(key, bit);
      child = chunk[start + side];
    }
    return { node, side, child };
  }

  /** The row at which a look-up of `key` ends, or ended in the last {@link approach}; the index must not be empty. */
  #nearOf(key: KeyBytes, lane?: number): number {
    return this.#lanes.endOf(lane) ?? this.#nearestRow(key);
  }

  /** Takes out `row`, whose key is `key`; another key may be given the row. */
  remove(row: number, key: KeyBytes): void {
    this.#unlink(row, key);
    this.#lanes.forget();
    this.#count--;
    this.#rows.set(row, 0, this.#free);
    this.#free = row;
  }

  #takeRow(location: Location): number {
    let row = this.#free;
    if (row === empty) row = this.#rowsMade++;
    else this.#free = this.#rows.get(row, 0);
    this.#rows.set(row, locationColumn, location);
    this.#count++;
    return row;
  }

  #unlink(row: number, key: KeyBytes): void {
    let above: Slot = { node: none, side: 0 };
    let toParent: Slot = above;
    let toOwnNode: Slot | undefined;
    let child = this.#root;
    while (child < leafFlag) {
      if (child === row) toOwnNode = above;
      toParent = above;
      above = {
        node: child,
        side: bitOf(key, this.#rows.get(child, bitColumn)),
      };
      child = this.#rows.get(child, above.side);
    }
    if (above.node === none) {
      this.#root = empty;
      return;
    }
    const parent = above.node;
    this.#point(toParent, this.#rows.get(parent, 1 - above.side));
    if (toOwnNode === undefined || parent === row) return;
    // Node `row` goes with its row, so the freed node of `parent` takes its place.
    const place = toOwnNode;
    this.#rows.set(parent, 0, this.#rows.get(row, 0));
    this.#rows.set(parent, 1, this.#rows.get(row, 1));
    this.#rows.set(parent, bitColumn, this.#rows.get(row, bitColumn));
    this.#point(place, parent);
  }

  /**
   * Rows in the byte order of their keys: those behind `after`, or from `after`
   * on when `inclusive`, as far as they share its first `prefixLength` bytes.
   * The index must not change while it is walked.
   */
  *walk(
    after: KeyBytes,
    inclusive: boolean,
    prefixLength = 0,
  ): Iterable<number> {
    const shared = prefixLength * positionsPerByte;
    const pending: number[] = [];
    if (this.#root === empty) return;
    const critical = this.#compare(after, this.#nearestRow(after));
    if (critical < shared) return;
    let child = this.#root;
    while (child < leafFlag) {
      const bit = this.#rows.get(child, bitColumn);
      if (bit > critical) break;
      const side = bitOf(after, bit);
      if (side === 0 && bit >= shared) pending.push(this.#rows.get(child, 1));
      child = this.#rows.get(child, side);
    }
    const isMatch = critical === equal;
    if (isMatch ? inclusive : bitOf(after, critical) === 0) pending.push(child);
    for (;;) {
      let next = pending.pop();
      if (next === undefined) return;
      while (next < leafFlag) {
        pending.push(this.#rows.get(next, 1));
        next = this.#rows.get(next, 0);
      }
      yield next - leafFlag;
    }
  }

  /** Where the key of `row` lies. */
  keyOf(row: number): KeyBytes {
    const location = this.#rows.get(row, locationColumn);
    const { bytes } = this.#log.segmentOf(location);
    return keyAt(bytes, payloadOf(location));
  }

  #point(slot: Slot, child: number): void {
    if (slot.node === none) this.#root = child;
    else this.#rows.set(slot.node, slot.side, child);
  }

  /** The row at which a look-up of `key` ends; the index must not be empty. */
  #nearestRow(key: KeyBytes): number {
    let child = this.#root;
    while (child < leafFlag) {
      const chunk = this.#rows.chunkOf(child);
      const start = this.#rows.cellOf(child);
      child = chunk[start + bitOf(key, chunk[start + bitColumn])];
    }
    return child - leafFlag;
  }

  /** The first bit in which `key` and the key of `row` differ, or equal. */
  #compare(key: KeyBytes, row: number): number {
    const location = this.#rows.get(row, locationColumn);
    const { bytes } = this.#log.segmentOf(location);
    return firstDifference(key, bytes, payloadOf(location));
  }
}

/** A child's place: `side` of `node`, or the root when node is none. */
interface Slot {
  readonly node: number;
  readonly side: number;
}

/** A slot, and what is in it. */
interface Place extends Slot {
  readonly child: number;
}

const empty = 0xffff_ffff;
const none = -1;
