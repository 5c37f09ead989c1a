import { Buffer } from "node:buffer";
import { crc32 } from "../crc32.ts";

/**
 * A fixed-size piece of the log. Memory and disk hold the same bytes: what
 * lies before `flushed` is in the file, what lies between `flushed` and `tail`
 * is on its way. Records begin at multiples of four:
 *
 *     u32 payload length, u32 CRC-32 of the payload, payload, padding
 */
export class Segment {
  /** Counts up from 1 over the life of the store; names the file. */
  readonly number: number;
  /** The place in the log's table that locations refer to. */
  readonly slot: number;
  readonly bytes: Buffer;
  tail = segmentHeaderBytes;
  flushed = 0;
  /** What recovery could not read, in order; only ever in segments of earlier daemons. */
  readonly gaps: Gap[] = [];

  constructor(number: number, slot: number, capacity: number) {
    this.number = number;
    this.slot = slot;
    this.bytes = Buffer.from(new ArrayBuffer(capacity));
    this.empty();
  }

  /** Forgets all records, as if none had ever been in the file. */
  empty(): void {
    this.bytes.set(magic);
    this.bytes.writeUInt32BE(this.number, magic.length);
    this.tail = segmentHeaderBytes;
    this.flushed = 0;
    this.gaps.length = 0;
  }

  /** Whether a record with a payload of `bound` bytes fits behind the tail. */
  hasRoomFor(bound: number): boolean {
    return this.tail + recordSize(bound) <= this.bytes.length;
  }

  /** Completes the record whose payload was written at `tail + 8`; returns its offset. */
  seal(payloadEnd: number): number {
    const offset = this.tail;
    const start = offset + recordHeaderBytes;
    this.bytes.writeUInt32BE(payloadEnd - start, offset);
    this.bytes.writeUInt32BE(crc32(this.bytes, start, payloadEnd), offset + 4);
    this.bytes.fill(0, payloadEnd, align(payloadEnd));
    this.tail = align(payloadEnd);
    return offset;
  }

  /** The offsets of all records up to the tail. */
  *records(): Iterable<number> {
    let at = segmentHeaderBytes;
    let index = 0;
    while (at < this.tail) {
      while ((this.gaps[index]?.start ?? Infinity) < at) index++;
      if (this.gaps[index]?.start === at) at = this.gaps[index].end;
      else {
        yield at;
        at = this.next(at);
      }
    }
  }

  payloadEnd(offset: number): number {
    return offset + recordHeaderBytes + this.bytes.readUInt32BE(offset);
  }

  /** Where the record behind the one at `offset` begins. */
  next(offset: number): number {
    return align(this.payloadEnd(offset));
  }

  /** Whether an intact record, padding included, begins at `offset` and ends at or before `end`. */
  isIntact(offset: number, end: number): boolean {
    if (offset + recordHeaderBytes >= end) return false;
    const length = this.bytes.readUInt32BE(offset);
    const start = offset + recordHeaderBytes;
    return length > 0 && length <= end - start &&
      align(start + length) <= end &&
      crc32(this.bytes, start, start + length) ===
        this.bytes.readUInt32BE(offset + 4);
  }
}

/** Bytes of a segment that hold no intact record. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Bytes in front of a record's payload. */
export const recordHeaderBytes = 8;

/** What every segment file begins with; the last digit is the format's version. */
export const magic = new TextEncoder().encode("forsun journal 1\n\0\0\0");

/** Bytes in front of the first record: the magic and the segment's number. */
export const segmentHeaderBytes = magic.length + 4;

/** Bytes that a record with a payload of `payloadBytes` takes. */
export function recordSize(payloadBytes: number): number {
  return align(recordHeaderBytes + payloadBytes);
}

function align(offset: number): number {
  return (offset + 3) & ~3;
}
