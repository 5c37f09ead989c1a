import { encode } from "@msgpack/msgpack";
import { looksLikeDump, openOldDump } from "../../../src/migration/old_dump.ts";
import { toRestoreRequest } from "../../../src/migration/restore_old_plan.ts";
import { bytesTarget } from "../bytes_target.ts";
import { type FuzzTarget, outcomeOf } from "../fuzz_target.ts";

/** What the first daemon has left in its file. */
export const oldDump: FuzzTarget<Uint8Array> = {
  ...bytesTarget,
  name: "old dump",
  seeds: [
    dumpOf([]),
    dumpOf([plan("a", 0)]),
    dumpOf([plan("é", 1), plan("c", 0)]),
  ],
  async run(bytes) {
    const outcomes = [String(looksLikeDump(bytes))];
    try {
      await using source = openOldDump("old.dump", bytes);
      for await (const entry of source.entries()) {
        if (entry.kind === "plan") toRestoreRequest(entry.plan, 60);
        outcomes.push(
          entry.kind === "plan"
            ? `plan ${entry.isPending}`
            : outcomeOf(new Error(entry.reason)),
        );
      }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      if (error instanceof ReferenceError) throw error;
      outcomes.push(outcomeOf(error));
    }
    return outcomes.slice(0, 4).join("; ");
  },
  usualRuns: 8000,
};

function plan(key: string, index: number): Record<string, unknown> {
  return {
    key,
    ...{ second: 5 * index, minute: 0, hour: -1, day: -1, month: -1, week: -1 },
    status: index,
    count: 3,
    is_time_out: index === 0,
    next_time: 1_700_000_000 + index,
    current_count: 1,
    last_timeout: 1_699_999_999,
    created_time: 1_699_000_000.5 - 0.5,
    action: index === 0 ? "shell" : "http",
    params: {
      cmd: "ls",
      url: "http://x/",
      timeout: 5,
      odd: new Uint8Array([255]),
    },
  };
}

function dumpOf(plans: readonly Record<string, unknown>[]): Uint8Array {
  return encode({
    plans: plans.map((one) => encode(one)),
    time_plans: Object.fromEntries(
      plans.map(({ next_time, key }) => [String(next_time), [key]]),
    ),
    current_time: 1_700_000_000,
  });
}
