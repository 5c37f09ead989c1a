import type { Outcome } from "../../core/outcome.ts";
import type { StoredPlan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import { ByteReader } from "../byte_reader.ts";
import { Columns } from "./columns.ts";
import { DueIndex } from "./due_index.ts";
import { keyAt, keyBytesOf } from "./key_bytes.ts";
import { KeyIndex } from "./key_index.ts";
import { type Occurrence, Occurrences } from "./occurrences.ts";
import { readHead, readPut, readSettled, RecordType } from "./record.ts";
import { recordHeaderBytes, type Segment } from "./segment.ts";
import {
  type Location,
  locationOf,
  payloadOf,
  type SegmentLog,
} from "./segment_log.ts";

/**
 * All plans, a row each. The plan itself stays in its record in the log; the
 * table knows where that is, when the plan is due, and what has changed since
 * it was stored.
 */
export class PlanTable {
  readonly keys: KeyIndex;
  readonly due: DueIndex;
  readonly occurrences = new Occurrences();
  readonly #log: SegmentLog;
  /** Rows: runs, last occurrence, location of the last outcome, kept until. */
  readonly #progress = new Columns(4);
  readonly #reader = new ByteReader();
  /** The next occurrences of plans that were put aside. */
  readonly #aside = new Map<number, UnixSeconds>();
  #liveBytes = 0;

  constructor(log: SegmentLog, now: UnixSeconds) {
    this.#log = log;
    this.keys = new KeyIndex(log);
    this.due = new DueIndex(now);
  }

  /** Bytes of the records that hold the plans and their open occurrences. */
  get liveBytes(): number {
    return this.#liveBytes + this.occurrences.liveBytes;
  }

  find(key: string): number | undefined {
    return this.keys.find(keyBytesOf(key));
  }

  /**
   * Creates the plan of a put, moved or restored record, or replaces the one of
   * its key. Returns its row.
   * @param lane see KeyIndex.approach()
   */
  place(segment: Segment, offset: number, lane?: number): number {
    const payload = offset + recordHeaderBytes;
    const key = keyAt(segment.bytes, payload);
    const location = locationOf(segment, offset);
    const countBefore = this.keys.count;
    const row = this.keys.findOrInsert(location, key, lane);
    if (this.keys.count === countBefore) {
      this.#forget(row);
      this.keys.relocate(row, location);
    }
    this.#weigh(location, 1);
    const nextAt = segment.bytes.readUInt32BE(key.start + key.length);
    if (nextAt !== 0) this.due.set(row, nextAt);
    return row;
  }

  /** Points the plan of a moved record to it, unless that plan is gone or a later one. */
  relocate(segment: Segment, offset: number): void {
    const payload = offset + recordHeaderBytes;
    const row = this.keys.find(keyAt(segment.bytes, payload));
    if (row === undefined) return;
    if (this.versionOf(row) !== segment.bytes.readUInt32BE(payload + 1)) return;
    const location = locationOf(segment, offset);
    const outcomeAt = this.outcomeAt(row);
    if (outcomeAt !== undefined && this.#log.isBefore(outcomeAt, location)) {
      this.setOutcomeAt(row, location);
    }
    this.#weigh(this.keys.locationOf(row), -1);
    this.#weigh(location, 1);
    this.keys.relocate(row, location);
  }

  /** As {@link place}, with the progress that all but put records bring. */
  placeWithState(segment: Segment, offset: number, lane?: number): number {
    const row = this.place(segment, offset, lane);
    const type = segment.bytes[offset + recordHeaderBytes];
    if (type === RecordType.put) return row;
    const location = locationOf(segment, offset);
    const reader = this.#readerAt(location);
    const { state } = readPut(reader, readHead(reader));
    this.setProgress(row, state.runs, state.lastAt ?? 0);
    if (state.lastOutcome !== undefined) this.setOutcomeAt(row, location);
    if (state.keptUntil !== undefined) this.keepUntil(row, state.keptUntil);
    return row;
  }

  drop(row: number): void {
    this.#forget(row);
    this.keys.remove(row, this.keys.keyOf(row));
  }

  /** Tells one plan of a key from those before and behind it. */
  versionOf(row: number): number {
    const location = this.keys.locationOf(row);
    const { bytes } = this.#log.segmentOf(location);
    return bytes.readUInt32BE(payloadOf(location) + 1);
  }

  read(row: number): StoredPlan {
    const reader = this.#readerAt(this.keys.locationOf(row));
    const { plan } = readPut(reader, readHead(reader));
    return {
      plan,
      state: {
        nextAt: this.nextAtOf(row),
        runs: this.runsOf(row),
        lastAt: this.#progress.get(row, lastColumn) || undefined,
        lastOutcome: this.outcomeOf(row),
      },
    };
  }

  keyOf(row: number): string {
    return readHead(this.#readerAt(this.keys.locationOf(row))).key;
  }

  nextAtOf(row: number): UnixSeconds | undefined {
    return this.keptUntilOf(row) === undefined
      ? this.due.secondOf(row) ?? this.#aside.get(row)
      : undefined;
  }

  /** Has a plan not come up as due again while the store is open; its next occurrence stays. */
  putAside(row: number): void {
    const second = this.due.secondOf(row);
    if (second !== undefined) this.#aside.set(row, second);
    this.due.cancel(row);
  }

  reschedule(row: number, nextAt: UnixSeconds | undefined): void {
    this.due.cancel(row);
    if (nextAt !== undefined) this.due.set(row, nextAt);
  }

  runsOf(row: number): number {
    return this.#progress.get(row, runsColumn);
  }

  /** Retries tell of earlier occurrences again: what is later stays. */
  setProgress(row: number, runs: number, lastAt: UnixSeconds): void {
    const last = Math.max(this.#progress.get(row, lastColumn), lastAt);
    this.#progress.set(row, runsColumn, runs);
    this.#progress.set(row, lastColumn, last);
  }

  /** Until when a plan that is over is kept to be looked at; undefined while it is not over. */
  keptUntilOf(row: number): UnixSeconds | undefined {
    return this.#progress.get(row, keptColumn) || undefined;
  }

  keepUntil(row: number, second: UnixSeconds): void {
    this.#progress.set(row, keptColumn, second);
    this.reschedule(row, second);
  }

  /** Notes the record that an open occurrence is known by from now on. */
  noteRecord(occurrence: Occurrence, location: Location): void {
    const bytes = this.#log.sizeAt(location);
    this.occurrences.setRecordBytes(occurrence, bytes);
  }

  /** The record, settled or moved, that holds the last outcome. */
  setOutcomeAt(row: number, location: Location): void {
    this.#progress.set(row, outcomeColumn, location);
  }

  outcomeAt(row: number): Location | undefined {
    return this.#progress.get(row, outcomeColumn) || undefined;
  }

  outcomeOf(row: number): Outcome | undefined {
    const location = this.#progress.get(row, outcomeColumn);
    if (location === 0) return undefined;
    const reader = this.#readerAt(location);
    const head = readHead(reader);
    return head.type === RecordType.settled
      ? readSettled(reader).outcome
      : readPut(reader, head).state.lastOutcome;
  }

  /** Forgets all about a row but its key. */
  #forget(row: number): void {
    this.#weigh(this.keys.locationOf(row), -1);
    this.due.cancel(row);
    this.#aside.delete(row);
    this.occurrences.endRow(row);
    this.#progress.clear(row);
  }

  /** Counts the record of a plan, or with a `sign` of -1 counts it no more. */
  #weigh(location: Location, sign: 1 | -1): void {
    const { bytes } = this.#log.segmentOf(location);
    const isMoved = bytes[payloadOf(location)] === RecordType.moved;
    this.#liveBytes += sign * this.#log.sizeAt(location);
    this.#log.expectGrowth(sign * (isMoved ? outcomeBytes : stateBytes));
  }

  #readerAt(location: Location): ByteReader {
    const segment = this.#log.segmentOf(location);
    const payload = payloadOf(location);
    const end = segment.payloadEnd(payload - recordHeaderBytes);
    return this.#reader.start(segment.bytes, payload, end);
  }
}

/** What a first outcome, without its detail, adds to a moved record, and what a state adds to another. */
const outcomeBytes = 16;
const stateBytes = 32;
const runsColumn = 0;
const lastColumn = 1;
const outcomeColumn = 2;
const keptColumn = 3;
