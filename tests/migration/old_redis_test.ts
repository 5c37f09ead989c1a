import assert from "node:assert/strict";
import { encode } from "@msgpack/msgpack";
import type { OldEntry } from "../../src/migration/old_source.ts";
import { openOldRedis } from "../../src/migration/old_redis.ts";
import { isOver } from "../../src/migration/restore_old_plan.ts";
import { oldPlan } from "./old_daemon.ts";
import { array, bulk, ScriptedRedis } from "./scripted_redis.ts";

const second = 1_795_608_000;

/** A Redis with plans of these keys, which SCAN names in that order, due at `second`. */
function redisWith(
  keys: readonly string[],
  { currentTime, state }: {
    readonly currentTime?: string;
    readonly state: (key: string) => string;
  },
): ScriptedRedis {
  return new ScriptedRedis(([name, ...words]) => {
    switch (name) {
      case "get": {
        if (words[0].endsWith("current:time")) return bulk(currentTime);
        const plan = oldPlan(words[0].split(":")[3], { next_time: second });
        return bulk(String.fromCharCode(...encode(plan)));
      }
      case "scan": {
        const found = keys.map((key) => bulk(`forsun:0:plan:${key}`));
        return array(bulk("0"), array(...found));
      }
      case "hget":
        return state(words[1]);
      default:
        return "+OK\r\n";
    }
  });
}

async function readAll(server: ScriptedRedis): Promise<string[]> {
  const port = await server.start();
  await using source = await openOldRedis({
    url: `redis://127.0.0.1:${port}`,
    prefix: "forsun",
    serverId: 0,
    timeoutMs: 20_000,
  });
  const { currentTime } = source;
  const tell = (entry: OldEntry) => {
    if (entry.kind === "damage") return `damage: ${entry.reason}`;
    const { plan, isPending } = entry;
    return isOver(plan, { isPending, currentTime })
      ? `${plan.key} is over`
      : plan.key;
  };
  const told: string[] = [];
  for await (const entry of source.entries()) told.push(tell(entry));
  return told;
}

Deno.test("openOldRedis() names a plan once, however often SCAN does", async () => {
  await using server = redisWith(["a", "b", "a", "b", "a"], {
    state: () => bulk("0"),
  });
  assert.deepEqual(await readAll(server), ["a", "b"]);
});

Deno.test("openOldRedis() takes no plan for one that is to run when the connection is lost", async () => {
  await using server = redisWith(["a", "b"], {
    currentTime: String(second + 1),
    state: () => "hang up",
  });
  await assert.rejects(readAll(server), {
    message: /^Cannot read from Redis 127\.0\.0\.1:\d+: [^\n]+$/,
  });
});

Deno.test("openOldRedis() goes on behind a key that is something else", async () => {
  await using server = redisWith(["a", "b"], {
    currentTime: String(second - 1),
    state: (key) => key === "a" ? "-WRONGTYPE no hash\r\n" : bulk("0"),
  });
  assert.deepEqual(await readAll(server), ["a", "b"]);
});

Deno.test("openOldRedis() knows plans that have run, also when the last second is forgotten", async () => {
  const states: Readonly<Record<string, string | undefined>> = {
    a: "0",
    b: "1",
    c: "-1",
  };
  for (const currentTime of [undefined, String(second + 5)]) {
    await using server = redisWith(["a", "b", "c", "d"], {
      currentTime,
      state: (key) => bulk(states[key]),
    });
    // Nothing at all is known of d where the last second is forgotten, too.
    const d = currentTime === undefined ? "d" : "d is over";
    assert.deepEqual(await readAll(server), [
      ...["a", "b is over", "c is over", d],
    ]);
  }
});
