import type { Outcome } from "../../core/outcome.ts";
import type { Plan, StoredPlan } from "../../core/plan.ts";
import { textBound } from "../../core/text.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { ByteReader } from "../byte_reader.ts";
import type { ByteWriter } from "../byte_writer.ts";
import { readOutcome, writeOutcome } from "../outcome_codec.ts";
import { planBound, readPlanBody, writePlanBody } from "../plan_codec.ts";

/*
 * The payloads of the journal's records. All begin with
 *
 *     u8 type, u32 version, text key
 *
 * where the version tells one plan of a key from the next. Plans get them in the
 * order of their put and restored records, counting up and from 2^32 - 1 to 0.
 * Readers ignore what follows the fields they know, so that later formats can
 * append fields.
 */
export const RecordType = {
  /** A plan as a client stored it. */
  put: 1,
  /** A plan with its state, copied from a segment that is to be dropped. */
  moved: 2,
  /** A client removed the plan. */
  removed: 3,
  /** An occurrence began, and its plan went on to the next. */
  claimed: 4,
  /** An attempt ended. */
  settled: 5,
  /** A plan went that had nothing left to do. */
  dropped: 6,
  /** A plan as it was put, with the progress that it had elsewhere. */
  restored: 7,
} as const;

/** The version that is given behind `version`. */
export function nextVersion(version: number): number {
  return (version + 1) >>> 0;
}

/** What all records begin with. */
export interface RecordHead {
  readonly type: number;
  readonly version: number;
  readonly key: string;
}

export interface ClaimedRecord {
  readonly second: UnixSeconds;
  readonly attempt: number;
  /** Occurrences of the plan that were claimed so far, this one included. */
  readonly runs: number;
  /** The plan's next occurrence; undefined when none follows. */
  readonly nextAt: UnixSeconds | undefined;
}

export interface SettledRecord {
  readonly second: UnixSeconds;
  readonly attempt: number;
  /** When the occurrence is tried again; undefined when it is over. */
  readonly retryAt: UnixSeconds | undefined;
  /** Set when the plan is over as well: until when it is kept to be looked at. */
  readonly keptUntil: UnixSeconds | undefined;
  /** Of this attempt; in a record that was copied, the plan's last one. */
  readonly outcome: Outcome;
}

export function readHead(reader: ByteReader): RecordHead {
  return { type: reader.u8(), version: reader.u32(), key: reader.text() };
}

function writeHead(
  writer: ByteWriter,
  type: number,
  version: number,
  key: string,
): void {
  writer.u8(type);
  writer.u32(version);
  writer.text(key);
}

/** Bytes that suffice for any record but those of plans (put, moved, restored), which need {@link putBound}. */
export function recordBound(key: string, outcome?: Outcome): number {
  return 64 + textBound(key) +
    (outcome === undefined ? 0 : textBound(outcome.detail));
}

/** Bytes that suffice for a put, moved or restored record. */
export function putBound(plan: Plan, outcome?: Outcome): number {
  return recordBound(plan.key, outcome) + planBound(plan);
}

/** A put record, or with a state a moved or restored one. */
export function writePut(
  writer: ByteWriter,
  version: number,
  { plan, nextAt, moved, restored }: {
    readonly plan: Plan;
    readonly nextAt: UnixSeconds | undefined;
    /** Makes it a moved record. */
    readonly moved?: PutState;
    /** Makes it a restored record. */
    readonly restored?: PutState;
  },
): void {
  const state = moved ?? restored;
  const type = moved !== undefined
    ? RecordType.moved
    : restored !== undefined
    ? RecordType.restored
    : RecordType.put;
  writeHead(writer, type, version, plan.key);
  writer.u32(nextAt ?? 0);
  if (state !== undefined) writeState(writer, state);
  writePlanBody(writer, plan);
}

/** What moved and restored records say besides the plan and its next occurrence. */
export interface PutState extends Omit<StoredPlan["state"], "nextAt"> {
  /** Set when the plan is over and only kept to be looked at. */
  readonly keptUntil: UnixSeconds | undefined;
}

/** Reads the rest of a put, moved or restored record behind its head. */
export function readPut(reader: ByteReader, head: RecordHead): {
  readonly plan: Plan;
  readonly nextAt: UnixSeconds | undefined;
  readonly state: PutState;
} {
  const nextAt = reader.u32() || undefined;
  const state = head.type === RecordType.put ? freshState : readState(reader);
  return { plan: readPlanBody(reader, head.key), nextAt, state };
}

const freshState: PutState = {
  runs: 0,
  lastAt: undefined,
  lastOutcome: undefined,
  keptUntil: undefined,
};

function writeState(writer: ByteWriter, state: PutState): void {
  writer.varint(state.runs);
  writer.u32(state.lastAt ?? 0);
  writer.u32(state.keptUntil ?? 0);
  writer.u8(state.lastOutcome === undefined ? 0 : 1);
  if (state.lastOutcome !== undefined) writeOutcome(writer, state.lastOutcome);
}

function readState(reader: ByteReader): PutState {
  return {
    runs: reader.varint(),
    lastAt: reader.u32() || undefined,
    keptUntil: reader.u32() || undefined,
    lastOutcome: reader.u8() === 0 ? undefined : readOutcome(reader),
  };
}

/** A removed or dropped record, of the key's plans up to `version`. */
export function writeGone(
  writer: ByteWriter,
  version: number,
  { type, key }: {
    readonly type: typeof RecordType.removed | typeof RecordType.dropped;
    readonly key: string;
  },
): void {
  writeHead(writer, type, version, key);
}

export function writeClaimed(
  writer: ByteWriter,
  version: number,
  { key, second, attempt, runs, nextAt }: ClaimedRecord & {
    readonly key: string;
  },
): void {
  writeHead(writer, RecordType.claimed, version, key);
  writer.u32(second);
  writer.varint(attempt);
  writer.varint(runs);
  writer.u32(nextAt ?? 0);
}

export function readClaimed(reader: ByteReader): ClaimedRecord {
  return {
    second: reader.u32(),
    attempt: reader.varint(),
    runs: reader.varint(),
    nextAt: reader.u32() || undefined,
  };
}

export function writeSettled(
  writer: ByteWriter,
  version: number,
  { key, second, attempt, retryAt, keptUntil, outcome }: SettledRecord & {
    readonly key: string;
  },
): void {
  writeHead(writer, RecordType.settled, version, key);
  writer.u32(second);
  writer.varint(attempt);
  writer.u32(retryAt ?? 0);
  writer.u32(keptUntil ?? 0);
  writeOutcome(writer, outcome);
}

export function readSettled(reader: ByteReader): SettledRecord {
  return {
    second: reader.u32(),
    attempt: reader.varint(),
    retryAt: reader.u32() || undefined,
    keptUntil: reader.u32() || undefined,
    outcome: readOutcome(reader),
  };
}
