import type { UnixSeconds } from "./time.ts";

/** The most of an output or an error text that is kept, in UTF-8 bytes. */
export const maxDetailBytes = 4096;

/** How an occurrence ended, for people who ask later. */
export interface Outcome {
  readonly status: "succeeded" | "failed";
  /** The attempt that ended it; 1 is the first. */
  readonly attempt: number;
  /** When that attempt ended. */
  readonly endedAt: UnixSeconds;
  /** How long that attempt took, in milliseconds. */
  readonly durationMs: number;
  /** The error, or the tail of the output; at most {@link maxDetailBytes}. */
  readonly detail: string;
}
