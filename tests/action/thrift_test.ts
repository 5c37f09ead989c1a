import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import type { ActionResult } from "../../src/action/action.ts";
import { maxDetailBytes } from "../../src/core/outcome.ts";
import type { ServerProgram } from "../support/server_program.ts";
import { testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  receivedCalls,
  startThriftReceiver,
  thriftReceiverNeeds as needed,
} from "../support/thrift_receiver.ts";
import { deliverThrift, executeThrift, thrift } from "./thrift_actions.ts";

const succeeded: ActionResult = { kind: "succeeded", detail: "" };

function portOf({ port }: ServerProgram): { port: string } {
  return { port: String(port) };
}

Deno.test("check() takes what the defaults stand for", () => {
  thrift().check({});
  thrift().check({
    host: "db.example",
    port: "1",
    max_connections: "1000",
    reply_timeout: "0.5",
    unknown: "x",
  });
});

const refusals: readonly (readonly [Record<string, string>, string])[] = [
  [
    { port: "99999" },
    'Param "port" of action "thrift" must be a whole number from 1 to 65535, got "99999"',
  ],
  [
    { host: "two words" },
    'Param "host" of action "thrift" must be a name or an IP address, got "two words"',
  ],
  [
    { max_connections: "0" },
    'Param "max_connections" of action "thrift" must be a whole number from 1 to 1000, got "0"',
  ],
  [
    { reply_timeout: "soon" },
    'Param "reply_timeout" of action "thrift" must be a number of seconds from 0.001 to 86400, got "soon"',
  ],
];

for (const [params, message] of refusals) {
  Deno.test(`check() refuses ${JSON.stringify(params)}`, () => {
    throws(() => thrift().check(params), { code: 1007, message });
  });
}

Deno.test("destination() is the receiver, not the plan", () => {
  const action = thrift();
  strictEqual(action.destination({}), "127.0.0.1:5643");
  strictEqual(
    action.destination({ host: "a", port: "7", other: "x" }),
    "a:7",
  );
});

Deno.test("concurrencyOf() lets as many calls run as the plan has connections", () => {
  const action = thrift({ maxConnections: 20 });
  const max = (max_connections: string) =>
    action.concurrencyOf?.({ max_connections });
  strictEqual(action.concurrencyOf?.({}), 20);
  strictEqual(max("200"), 200);
  strictEqual(max("1"), 16);
  strictEqual(max("stored before it was checked"), 16);
});

testWith(
  needed,
  "action thrift hands key, second and all params to the receiver",
  async () => {
    await using receiver = await startThriftReceiver();
    const params = { ...portOf(receiver), body: "ü \u{1f600}", "": "" };
    deepStrictEqual(await deliverThrift(params), succeeded);
    deepStrictEqual(await receivedCalls(receiver), [
      ["order:1", 1_700_000_000, params],
    ]);
  },
);

testWith(
  needed,
  "action thrift names the last second that an i32 holds instead of a later one",
  async () => {
    await using receiver = await startThriftReceiver();
    await using action = thrift();
    const params = portOf(receiver);
    const call = { key: "k", second: 4_000_000_000, attempt: 1, params };
    await action.execute(call, new AbortController().signal);
    deepStrictEqual(await receivedCalls(receiver), [[
      "k",
      0x7fff_ffff,
      params,
    ]]);
  },
);

testWith(
  needed,
  "action thrift fails for good when the receiver throws",
  async () => {
    await using receiver = await startThriftReceiver();
    const params = { ...portOf(receiver), raise: "no such order" };
    deepStrictEqual(await deliverThrift(params), {
      kind: "failed",
      detail:
        "replied with TApplicationException INTERNAL_ERROR: Internal error",
      retryable: false,
    });
  },
);

testWith(
  needed,
  "action thrift fails for good when the receiver has no such method",
  async () => {
    await using folder = await tempFolder();
    const idl = join(folder.path, "forsun.thrift");
    await Deno.writeTextFile(idl, "service Forsun { i16 ping() }");
    await using receiver = await startThriftReceiver({ idl });
    deepStrictEqual(await deliverThrift(portOf(receiver)), {
      kind: "failed",
      detail:
        "replied with TApplicationException UNKNOWN_METHOD: Unknown function forsun_call",
      retryable: false,
    });
  },
);

testWith(
  needed,
  "action thrift fails for good when the receiver throws what its interface declares",
  async () => {
    await using folder = await tempFolder();
    const idl = join(folder.path, "forsun.thrift");
    await Deno.writeTextFile(
      idl,
      `exception Refusal { 1: i32 code, 2: string reason }
     service Forsun {
       void forsun_call(1: string key, 2: i32 ts, 3: map<string, string> params)
         throws (1: Refusal refusal)
     }`,
    );
    await using receiver = await startThriftReceiver({ idl });
    await using action = thrift();
    const params = { ...portOf(receiver), declared: "x".repeat(10_000) };
    const result = await executeThrift(action, params);
    ok(result.kind === "failed" && !result.retryable);
    ok(
      result.detail.startsWith(
        "replied with the exception that its interface numbers 1: xxx",
      ),
    );
    strictEqual(result.detail.length, maxDetailBytes);
    deepStrictEqual(
      await executeThrift(action, portOf(receiver)),
      succeeded,
      "the connection goes on",
    );
  },
);

for (const kind of ["simple", "pool"] as const) {
  testWith(
    needed,
    `Each call of a burst reaches a ${kind} server once, but for those that it ignored`,
    async () => {
      await using receiver = await startThriftReceiver({ kind });
      await using action = thrift();
      const params = { ...portOf(receiver), reply_timeout: "4" };
      const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`);
      const failed: string[] = [];
      await Promise.all(keys.map(async (key) => {
        const result = await executeThrift(action, params, key);
        if (result.kind === "succeeded") return;
        deepStrictEqual(result, {
          kind: "failed",
          detail: `no reply from 127.0.0.1:${receiver.port} within 4 s`,
          retryable: true,
        });
        failed.push(key);
      }));
      ok(failed.length <= 8, `${failed.length} calls were ignored`);
      const again = await Promise.all(
        failed.map((key) => executeThrift(action, params, key)),
      );
      deepStrictEqual(again, failed.map(() => succeeded));
      const received = (await receivedCalls(receiver)).map(([key]) => key);
      deepStrictEqual(
        [...new Set(received)].sort(),
        keys.toSorted(),
      );
      const twice = received.length - keys.length;
      ok(twice <= failed.length, `${twice} calls came twice`);
    },
  );
}

testWith(
  needed,
  "A slow receiver gets calls side by side, on no more connections than the first plan says",
  async () => {
    await using receiver = await startThriftReceiver();
    await using action = thrift();
    const params = {
      ...portOf(receiver),
      sleep: "0.1",
      max_connections: "4",
    };
    const start = performance.now();
    const results = await Promise.all(
      Array.from({ length: 16 }, () => executeThrift(action, params)),
    );
    deepStrictEqual(results, results.map(() => succeeded));
    const tookMs = performance.now() - start;
    ok(
      tookMs > 16 / 4 * 100 - 20,
      `${tookMs} ms are too few for 4 connections`,
    );
    ok(tookMs < 16 * 100, `${tookMs} ms are too many for 4 connections`);
  },
);

testWith(
  needed,
  "action thrift connects anew when the receiver was restarted",
  async () => {
    await using receiver = await startThriftReceiver();
    await using action = thrift();
    const params = portOf(receiver);
    deepStrictEqual(await executeThrift(action, params, "before"), succeeded);
    await receiver.end();
    const meanwhile = await executeThrift(action, params, "meanwhile");
    ok(meanwhile.kind === "failed" && meanwhile.retryable, meanwhile.detail);
    await receiver.start();
    deepStrictEqual(await executeThrift(action, params, "after"), succeeded);
    deepStrictEqual(
      (await receivedCalls(receiver)).map(([key]) => key),
      ["before", "after"],
    );
  },
);
