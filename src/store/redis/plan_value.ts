import { Buffer } from "node:buffer";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan, PlanProgress, StoredPlan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import { ByteReader } from "../byte_reader.ts";
import { ByteWriter } from "../byte_writer.ts";
import { outcomeBound, readOutcome, writeOutcome } from "../outcome_codec.ts";
import { planBound, readPlanBody, writePlanBody } from "../plan_codec.ts";

/** A plan as Redis holds it; lua/plan.lua says how. */
export interface PlanValue {
  readonly stored: StoredPlan;
  /** Tells this plan from others of its key, before and after it. */
  readonly nonce: Buffer;
  /** Whether it is over, and only kept to be looked at. */
  readonly isKept: boolean;
}

/** The value of a plan that is new, with a nonce of its own, or was elsewhere before. */
export function encodePlan(
  plan: Plan,
  nextAt: UnixSeconds,
  progress?: PlanProgress,
): Buffer {
  const outcome = progress?.lastOutcome && encodeOutcome(progress.lastOutcome);
  const bound = headBytes + 10 + (outcome?.length ?? 0) + planBound(plan);
  const bytes = Buffer.allocUnsafe(bound);
  bytes[0] = marker;
  bytes[1] = (progress ? 1 : 0) | (outcome ? 4 : 0);
  bytes.writeUInt32BE(randomWord(), 2);
  bytes.writeUInt32BE(nextAt, 6);
  const writer = new ByteWriter().start(bytes, headBytes);
  if (progress !== undefined) {
    writer.u32(progress.runs);
    writer.u32(progress.lastAt ?? 0);
  }
  if (outcome !== undefined) {
    writer.u8(outcome.length >>> 8);
    writer.u8(outcome.length & 0xff);
    writer.copy(outcome);
  }
  writePlanBody(writer, plan);
  return bytes.subarray(0, writer.at);
}

/** @throws {RangeError} when these bytes are no plan's value */
export function decodePlan(key: string, bytes: Buffer): PlanValue {
  const reader = new ByteReader().start(bytes, 0, bytes.length);
  if (reader.u8() !== marker) throw new RangeError("A plan begins with 255");
  const flags = reader.u8();
  const nonce = bytes.subarray(2, 6);
  reader.u32();
  const next = reader.u32() || undefined;
  const isKept = (flags & 8) !== 0;
  const hasProgress = (flags & 1) !== 0;
  const runs = hasProgress ? reader.u32() : 0;
  const lastAt = hasProgress ? reader.u32() || undefined : undefined;
  if (flags & 2) {
    const count = readU16(reader);
    reader.at += count * 4;
  }
  let lastOutcome: Outcome | undefined;
  if (flags & 4) {
    readU16(reader);
    lastOutcome = readOutcome(reader);
  }
  const plan = readPlanBody(reader, key);
  const nextAt = isKept ? undefined : next;
  const state = { nextAt, runs, lastAt, lastOutcome };
  return { stored: { plan, state }, nonce, isKept };
}

/** An outcome, as the scripts take it. */
export function encodeOutcome(outcome: Outcome): Buffer {
  const bytes = Buffer.allocUnsafe(outcomeBound(outcome));
  const writer = new ByteWriter().start(bytes, 0);
  writeOutcome(writer, outcome);
  return bytes.subarray(0, writer.at);
}

/** A second as four bytes; undefined is 0. */
export function encodeSecond(second: UnixSeconds | undefined): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(second ?? 0);
  return bytes;
}

/** An occurrence's second and key in one, as the scripts name it. */
export function encodeOccurrence(second: UnixSeconds, key: string): Buffer {
  const bytes = Buffer.allocUnsafe(4 + Buffer.byteLength(key));
  bytes.writeUInt32BE(second);
  bytes.write(key, 4);
  return bytes;
}

export function decodeOccurrence(
  bytes: Buffer,
): { readonly second: UnixSeconds; readonly key: string } {
  return { second: bytes.readUInt32BE(0), key: bytes.toString("utf8", 4) };
}

const marker = 0xff;
const headBytes = 10;

function readU16(from: ByteReader): number {
  return from.u8() * 256 + from.u8();
}

function randomWord(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
