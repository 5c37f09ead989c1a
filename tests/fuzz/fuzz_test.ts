import assert from "node:assert/strict";
import { randomRuns } from "../support/random.ts";
import { fuzz } from "./fuzz.ts";
import type { FuzzTarget } from "./fuzz_target.ts";
import { commandLine } from "./targets/command_line.ts";
import { config } from "./targets/config.ts";
import { cron } from "./targets/cron.ts";
import { crontab } from "./targets/crontab.ts";
import { httpReplies } from "./targets/http_replies.ts";
import { createJournalTarget } from "./targets/journal.ts";
import { oldDump } from "./targets/old_dump.ts";
import { thriftRequests } from "./targets/thrift.ts";
import { thriftReplies } from "./targets/thrift_replies.ts";

/** More than what a heap that does not grow differs by. */
const maxGrownBytes = 16 * 1024 * 1024;

/** Runs of the quickest targets that others' `usualRuns` go with. */
const quickest = 25_000;

/** So many of them that all targets together take a minute. */
const aMinute = 110_000;

function testTarget<Input>(target: FuzzTarget<Input>): void {
  Deno.test(`fuzz: ${target.name}`, async () => {
    const { numRuns, seed } = randomRuns(aMinute);
    // Slow targets get fewer, whoever asks for many.
    const runs = Math.ceil(target.usualRuns * numRuns / quickest);
    try {
      const report = await fuzz(target, { runs, seed });
      assert.ok(report.outcomes > 2, `${report.outcomes} outcomes`);
      assert.ok(
        report.grownBytes < maxGrownBytes,
        `the heap grew by ${report.grownBytes} bytes`,
      );
      if (numRuns > aMinute) tell(target.name, report);
    } finally {
      await target.end?.();
    }
  });
}

function tell(name: string, report: object): void {
  // deno-lint-ignore no-console -- who asks for many runs wants to know
  console.log(name, report);
}

for (const protocol of ["binary", "compact"] as const) {
  testTarget(thriftRequests(protocol, false));
  testTarget(thriftRequests(protocol, true));
  testTarget(thriftReplies(protocol));
}
testTarget(commandLine);
testTarget(crontab);
testTarget(cron);
testTarget(config);
testTarget(httpReplies);
testTarget(oldDump);
testTarget(await createJournalTarget());
