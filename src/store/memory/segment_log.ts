import { ErrorCode, ForsunError } from "../../core/errors.ts";
import {
  recordHeaderBytes,
  recordSize,
  Segment,
  segmentHeaderBytes,
} from "./segment.ts";

/** Where a record lies: a segment's slot and an offset in it, packed into 32 bits. */
export type Location = number;

/**
 * The segments that hold all records, oldest first. Records are appended to
 * the youngest; whole segments are dropped at the old end.
 */
export class SegmentLog {
  readonly #bySlot: (Segment | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #inOrder: Segment[] = [];
  readonly #segmentBytes: number;
  readonly #max: number;
  #growthBytes = 0;

  /**
   * Segments take `segmentBytes` each, but for those of one record that is
   * larger; there are at most `segmentCount` of them.
   */
  constructor({ segmentBytes, segmentCount }: SegmentLogOptions = {}) {
    const max = { bytes: maxSegmentBytes, count: slotCount };
    this.#segmentBytes = Math.min(segmentBytes ?? max.bytes, max.bytes);
    this.#max = Math.min(segmentCount ?? max.count, max.count);
  }

  /** What a segment takes, unless it is for one record that is larger. */
  get segmentBytes(): number {
    return this.#segmentBytes;
  }

  get segments(): readonly Segment[] {
    return this.#inOrder;
  }

  /** Bytes of all segments, dead records included. */
  get totalBytes(): number {
    let total = 0;
    for (const segment of this.#inOrder) total += segment.tail;
    return total;
  }

  /**
   * The segment to which a record with a payload of at most `bound` bytes goes.
   * @throws {ForsunError} 1004 when there is no room for that use
   */
  head(bound: number, use: LogUse): Segment {
    const last = this.#inOrder.at(-1);
    // In a segment for one large record there may be room behind it that no
    // location reaches.
    const isInReach = last !== undefined && last.tail < maxSegmentBytes;
    const fits = isInReach && last.hasRoomFor(bound);
    if (!this.hasRoomFor(use, fits ? 0 : 1)) throw storeIsFull(this.totalBytes);
    if (fits) return last;
    const needed = segmentHeaderBytes + recordSize(bound);
    const number = (last?.number ?? 0) + 1;
    return this.add(number, Math.max(this.#segmentBytes, needed));
  }

  /** Is told by how many bytes more, or less, the records grow when they are copied. */
  expectGrowth(bytes: number): void {
    this.#growthBytes += bytes;
  }

  /** Whether `more` segments leave what that use has to leave. */
  hasRoomFor(use: LogUse, more = 1): boolean {
    const isCopied = use === "put" || use === "claim";
    const growth = isCopied ? this.#growthBytes / this.#segmentBytes : 0;
    const left = this.#max - this.#inOrder.length - more - growth;
    return left >= this.#max * shareLeftBy[use];
  }

  /** Adds a segment at the young end; `number` must be above all before it. */
  add(number: number, capacity: number): Segment {
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    if (slot >= slotCount) throw storeIsFull(this.totalBytes);
    const segment = new Segment(number, slot, capacity);
    this.#bySlot[slot] = segment;
    this.#inOrder.push(segment);
    return segment;
  }

  /** Forgets a segment; nothing may point into it any more. */
  drop(segment: Segment): void {
    this.#bySlot[segment.slot] = undefined;
    this.#freeSlots.push(segment.slot);
    this.#inOrder.splice(this.#inOrder.indexOf(segment), 1);
  }

  segmentOf(location: Location): Segment {
    const segment = this.#bySlot[location >>> offsetBits];
    if (segment === undefined) {
      throw new RangeError(`No segment holds location ${location}`);
    }
    return segment;
  }

  /** Whether one record was written before another. */
  isBefore(one: Location, other: Location): boolean {
    const difference = this.segmentOf(one).number -
      this.segmentOf(other).number;
    return difference === 0 ? one < other : difference < 0;
  }

  /** The bytes that the record at `location` takes in its segment. */
  sizeAt(location: Location): number {
    const segment = this.segmentOf(location);
    const offset = offsetOf(location);
    return segment.next(offset) - offset;
  }
}

export interface SegmentLogOptions {
  /** 8 MiB when not given, and at the most. */
  readonly segmentBytes?: number;
  /** 2,048 when not given, and at the most. */
  readonly segmentCount?: number;
}

/**
 * What a record is for: a plan that is put, a claim, upkeep (what makes room:
 * removals and copies), or to be written in any case, since it has taken effect.
 */
export type LogUse = keyof typeof shareLeftBy;

/**
 * The share of the segments that each leaves to those that matter more. A log
 * that is full of plans can so have them fire, and be made smaller; what is put
 * and claimed leaves room for copies of it, too.
 */
const shareLeftBy = { put: 1 / 4, claim: 1 / 32, upkeep: 1 / 64, owed: 0 };

export function locationOf(segment: Segment, offset: number): Location {
  return ((segment.slot << offsetBits) | (offset >>> 2)) >>> 0;
}

function offsetOf(location: Location): number {
  return (location & offsetMask) << 2;
}

/** Where the payload of the record at `location` begins in its segment. */
export function payloadOf(location: Location): number {
  return offsetOf(location) + recordHeaderBytes;
}

function storeIsFull(bytes: number): ForsunError {
  return new ForsunError(
    ErrorCode.saveFailed,
    `The mem store is full: its records take ${bytes} bytes`,
  );
}

const offsetBits = 21;
const offsetMask = (1 << offsetBits) - 1;
const slotCount = 1 << (32 - offsetBits);

/** 8 MiB: as far as the offset in a location reaches. */
export const maxSegmentBytes = 4 << offsetBits;
