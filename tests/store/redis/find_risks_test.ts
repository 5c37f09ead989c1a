import assert from "node:assert/strict";
import { SteeredClock } from "../../../src/core/steered_clock.ts";
import { systemClock } from "../../../src/core/system_clock.ts";
import { connect } from "../../../src/store/redis/connect.ts";
import { findRisks } from "../../../src/store/redis/find_risks.ts";
import { RedisLink } from "../../../src/store/redis/link.ts";
import { hasRedis, startRedis } from "../../support/redis_server.ts";
import { connectionForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

const cases = [
  {
    args: [],
    risks: [
      "Redis saves no plans to disk: appendonly is no and save is empty",
    ],
  },
  {
    args: ["--save", "60 1"],
    risks: ["Redis saves plans every few minutes at best: appendonly is no"],
  },
  { args: ["--appendonly", "yes"], risks: [] },
  {
    args: [
      ...["--appendonly", "yes", "--maxmemory", "1gb"],
      ...["--maxmemory-policy", "allkeys-lru"],
    ],
    risks: [
      "Redis may drop plans when its memory is full: maxmemory-policy is allkeys-lru; set noeviction",
    ],
  },
];

for (const { args, risks } of cases) {
  testWith(
    { "redis-server": hasRedis },
    `findRisks() finds ${risks.length} with ${args.join(" ") || "no saving"}`,
    async () => {
      await using server = await startRedis(...args);
      const { client } = await connect(connectionForTest(server.port));
      const link = new RedisLink(client);
      const clock = new SteeredClock(systemClock);
      while (!await link.call("ping").then(() => true, () => false)) {
        await clock.sleep(10);
      }
      assert.deepEqual(await findRisks(link), risks);
      client.disconnect();
    },
  );
}
