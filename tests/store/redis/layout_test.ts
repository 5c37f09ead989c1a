import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { timeoutPlan } from "../../support/plans.ts";
import { askRedis, hasRedis, startRedis } from "../../support/redis_server.ts";
import { openRedisForTest } from "../../support/redis_store_harness.ts";
import { testWith } from "../../support/services.ts";

const needed = { "redis-server": hasRedis };
const layoutKey = "{forsun:0}:layout";

testWith(
  needed,
  "LayoutAgreement.confirm() writes the layout again where Redis has lost it",
  async () => {
    await using server = await startRedis();
    await using _store = await openRedisForTest(server.port);
    const layout = await askRedis(server.port, "get", layoutKey);
    await askRedis(server.port, "flushall");
    await eventually(async () =>
      await askRedis(server.port, "get", layoutKey) === layout
    );
  },
);

testWith(
  needed,
  "LayoutAgreement.check() has everything refused while the layout is another's",
  async () => {
    await using server = await startRedis();
    await using store = await openRedisForTest(server.port);
    const own = await askRedis(server.port, "get", layoutKey);
    const put = () => store.put(timeoutPlan("k", 1), 1_000_000);
    const setLayout = async (text: string) => {
      await askRedis(server.port, "set", layoutKey, text);
      // It looks at once when it connects again.
      await askRedis(server.port, "client", "kill", "type", "normal");
    };
    await setLayout('{"version":1,"partitions":128}');
    await eventually(() =>
      assert.rejects(put(), {
        code: 1004,
        message:
          /layout in Redis is \{"version":1,"partitions":128\}, but this node has joined with 16 partitions: it must be restarted$/,
      }).then(() => true, () => false)
    );
    await assert.rejects(store.get("k"), { code: 1004 });
    await setLayout(own);
    await eventually(() => put().then(() => true, () => false));
  },
);
