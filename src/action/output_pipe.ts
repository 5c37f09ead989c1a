import type { OutputTail } from "./output_tail.ts";
import { within } from "../core/within.ts";

/** A pipe whose writers are never kept waiting. */
export interface OutputPipe {
  /**
   * Lets go of the pipe once all its writers have ended. Where background
   * processes keep it open, that is when they are quiet for 100 ms, and after
   * 250 ms in any case.
   */
  close(): Promise<void>;
}

const quietMs = 100;
const drainMs = 250;

/** Reads `stream` as fast as it comes, into `tail`. */
export function readOutput(
  stream: ReadableStream<Uint8Array>,
  tail: OutputTail,
): OutputPipe {
  const reader = stream.getReader();
  let chunks = 0;
  const ended = pump();

  async function pump(): Promise<true> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        tail.push(value);
        chunks++;
      }
    } catch {
      return true; // what can't be read any more has ended, too
    }
  }

  return {
    async close(): Promise<void> {
      const start = performance.now();
      let seen = -1;
      let leftMs = drainMs;
      while (chunks > seen && leftMs > 0) {
        seen = chunks;
        if (await within(Math.min(quietMs, leftMs), ended)) return;
        leftMs = drainMs - (performance.now() - start);
      }
      await reader.cancel();
      await ended;
    },
  };
}
