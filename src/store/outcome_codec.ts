import type { Outcome } from "../core/outcome.ts";
import { textBound } from "../core/text.ts";
import type { ByteReader } from "./byte_reader.ts";
import type { ByteWriter } from "./byte_writer.ts";

/** Writes u8 succeeded, varint attempt, u32 ended at, varint milliseconds, text detail. */
export function writeOutcome(writer: ByteWriter, outcome: Outcome): void {
  writer.u8(outcome.status === "succeeded" ? 1 : 0);
  writer.varint(outcome.attempt);
  writer.u32(outcome.endedAt);
  writer.varint(Math.min(Math.round(outcome.durationMs), 0xffff_ffff));
  writer.text(outcome.detail);
}

/** Reads what {@link writeOutcome} wrote. */
export function readOutcome(reader: ByteReader): Outcome {
  return {
    status: reader.u8() === 1 ? "succeeded" : "failed",
    attempt: reader.varint(),
    endedAt: reader.u32(),
    durationMs: reader.varint(),
    detail: reader.text(),
  };
}

/** A number of bytes that holds the outcome in any case. */
export function outcomeBound({ detail }: Outcome): number {
  return 24 + textBound(detail);
}
