import { maxDelaySeconds } from "../../core/retry_policy.ts";
import type { UnixSeconds } from "../../core/time.ts";
import { ByteReader } from "../byte_reader.ts";
import { keyAt } from "./key_bytes.ts";
import type { PlanTable } from "./plan_table.ts";
import {
  readClaimed,
  readHead,
  readPut,
  readSettled,
  RecordType,
} from "./record.ts";
import { recordHeaderBytes, type Segment } from "./segment.ts";
import { locationOf } from "./segment_log.ts";

/**
 * Applies the log's records to an empty table, in order. Applying a record
 * again changes nothing, and a record that speaks of a plan that isn't there,
 * or of an earlier plan of the key, is passed over.
 */
export class Replay {
  readonly #table: PlanTable;
  readonly #reader = new ByteReader();
  readonly #checker = new ByteReader({ skipsTexts: true });
  #lastVersion = 0;
  /** Whether a record has told of it that says what the last one was in its time. */
  #isLastVersionTold = false;

  constructor(table: PlanTable) {
    this.#table = table;
  }

  /** The version that was given last, as far as the records tell. */
  get lastVersion(): number {
    return this.#lastVersion;
  }

  /** Prepares for records that are to be applied next; see KeyIndex. */
  approach(segment: Segment, offsets: readonly number[]): void {
    const payloads = offsets.map((at) => at + recordHeaderBytes);
    this.#table.keys.approach(segment.bytes, payloads);
  }

  /**
   * @param lane where the record was in the last {@link approach}
   * @throws {RangeError} when the record's fields make no sense
   */
  apply(segment: Segment, offset: number, lane?: number): void {
    const payload = offset + recordHeaderBytes;
    const type = segment.bytes[payload];
    const version = segment.bytes.readUInt32BE(payload + 1);
    this.#noteVersion(type, version);
    switch (type) {
      case RecordType.put:
      case RecordType.restored:
        this.#checkPut(segment, offset);
        this.#table.placeWithState(segment, offset, lane);
        break;
      case RecordType.moved:
        this.#checkPut(segment, offset);
        this.#restore(segment, offset);
        break;
      case RecordType.removed: {
        const row = this.#table.keys.find(keyAt(segment.bytes, payload));
        if (row !== undefined) this.#table.drop(row);
        break;
      }
      case RecordType.dropped: {
        const row = this.#table.keys.find(keyAt(segment.bytes, payload));
        if (row !== undefined && !this.#isLater(row, version)) {
          this.#table.drop(row);
        }
        break;
      }
      case RecordType.claimed:
        this.#claim(segment, offset);
        break;
      case RecordType.settled:
        this.#settle(segment, offset);
        break;
      default:
        throw new RangeError(`No record has the type ${type}`);
    }
  }

  /**
   * Has the occurrences that the last daemon left running tried again at `now`.
   * None waits for longer than it may: what seems to was put off by a clock that
   * was ahead.
   */
  finish(now: UnixSeconds): void {
    const { occurrences } = this.#table;
    const latest = now + maxDelaySeconds;
    occurrences.moveRetries((retryAt) => Math.min(retryAt, latest));
    for (const occurrence of [...occurrences.running()]) {
      occurrences.retry(occurrence, now);
    }
  }

  /** Plans are read when they are needed: what can't be is better found now. */
  #checkPut(segment: Segment, offset: number): void {
    const reader = this.#open(segment, offset, this.#checker);
    readPut(reader, readHead(reader));
  }

  #restore(segment: Segment, offset: number): void {
    const payload = offset + recordHeaderBytes;
    const row = this.#table.keys.find(keyAt(segment.bytes, payload));
    const version = segment.bytes.readUInt32BE(payload + 1);
    if (row !== undefined && this.#table.versionOf(row) === version) {
      // What has happened since is known from the records before. While those
      // of open occurrences may not all have been copied behind it, the plan
      // stays with its old record: when that is cleaned away, they are.
      if (!this.#table.occurrences.has(row)) {
        this.#table.relocate(segment, offset);
      }
    } else if (row === undefined || !this.#isLater(row, version)) {
      this.#table.placeWithState(segment, offset);
    }
  }

  #noteVersion(type: number, version: number): void {
    if (versionTellers.has(type)) {
      this.#lastVersion = version;
      this.#isLastVersionTold = true;
    } else if (!this.#isLastVersionTold) {
      this.#lastVersion = Math.max(this.#lastVersion, version);
    }
  }

  /** Whether the plan of `row` was put after the plan that has `version`. */
  #isLater(row: number, version: number): boolean {
    const age = (of: number) => (this.#lastVersion - of) >>> 0;
    return age(this.#table.versionOf(row)) < age(version);
  }

  #claim(segment: Segment, offset: number): void {
    const row = this.#rowOf(segment, offset);
    if (row === undefined) return;
    const reader = this.#open(segment, offset);
    readHead(reader);
    const { second, attempt, runs, nextAt } = readClaimed(reader);
    const { occurrences } = this.#table;
    this.#table.setProgress(row, runs, second);
    this.#table.reschedule(row, nextAt);
    const waiting = occurrences.find(row, second);
    if (waiting !== undefined) occurrences.end(waiting);
    const running = occurrences.begin({ row, second, attempt });
    this.#table.noteRecord(running, locationOf(segment, offset));
  }

  #settle(segment: Segment, offset: number): void {
    const row = this.#rowOf(segment, offset);
    if (row === undefined) return;
    const reader = this.#open(segment, offset);
    readHead(reader);
    const { second, attempt, retryAt, keptUntil, outcome } = readSettled(
      reader,
    );
    const { occurrences } = this.#table;
    const running = occurrences.find(row, second);
    if (running !== undefined) occurrences.end(running);
    const location = locationOf(segment, offset);
    this.#table.setOutcomeAt(row, location);
    if (retryAt !== undefined) {
      const again = occurrences.begin({ row, second, attempt });
      this.#table.noteRecord(again, location);
      occurrences.retry(again, retryAt);
    }
    if (keptUntil === undefined) return;
    if (keptUntil > outcome.endedAt) this.#table.keepUntil(row, keptUntil);
    else this.#table.drop(row);
  }

  /** The row of the plan that the record speaks of. */
  #rowOf(segment: Segment, offset: number): number | undefined {
    const payload = offset + recordHeaderBytes;
    const row = this.#table.keys.find(keyAt(segment.bytes, payload));
    if (row === undefined) return undefined;
    const version = segment.bytes.readUInt32BE(payload + 1);
    return this.#table.versionOf(row) === version ? row : undefined;
  }

  #open(
    segment: Segment,
    offset: number,
    reader: ByteReader = this.#reader,
  ): ByteReader {
    const payload = offset + recordHeaderBytes;
    return reader.start(
      segment.bytes,
      payload,
      segment.payloadEnd(offset),
    );
  }
}

/** The records whose version was the last one when they were written. */
const versionTellers: ReadonlySet<number> = new Set([
  RecordType.put,
  RecordType.restored,
  RecordType.removed,
]);
