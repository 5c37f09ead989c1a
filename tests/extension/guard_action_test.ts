import assert from "node:assert/strict";
import type { ActionResult } from "../../src/action/action.ts";
import { ErrorCode, ForsunError } from "../../src/core/errors.ts";
import { maxDetailBytes } from "../../src/core/outcome.ts";
import type { ExtensionAction } from "../../src/extension/extension.ts";
import { guardAction } from "../../src/extension/guard_action.ts";
import { eventually } from "../support/eventually.ts";

const call = { key: "a", second: 1, attempt: 1, params: {} };
const signal = new AbortController().signal;

/** What comes of an execute() that returns `result`, whatever it is. */
function resultOf(execute: () => unknown): Promise<ActionResult> {
  const action = { execute } as unknown as ExtensionAction;
  return guardAction("x", action).execute(call, signal);
}

Deno.test("guardAction() makes an error of check() one of code 1007", () => {
  const action = guardAction("x", {
    check({ to }) {
      if (to === "me") throw new ForsunError(ErrorCode.neverComes, "never");
      throw new RangeError(`to must be me, got ${to}`);
    },
    execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
  });
  assert.throws(() => action.check({ to: "you" }), {
    code: 1007,
    message: 'Action "x" refuses: to must be me, got you',
  });
  assert.throws(() => action.check({ to: "me" }), { code: 1002 });
});

Deno.test("guardAction() refuses on one line, whatever check() throws", () => {
  const thrown = [
    [new Error("first\nsecond\u001b[31m"), "first second [31m"],
    [null, "null"],
    [Object.create(null), "something that has no text"],
  ] as const;
  for (const [error, text] of thrown) {
    const action = guardAction("x", {
      check() {
        throw error;
      },
      execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
    });
    assert.throws(() => action.check({}), {
      code: 1007,
      message: `Action "x" refuses: ${text}`,
    });
  }
});

Deno.test("guardAction() refuses plans whose check() nobody could wait for", () => {
  const action = guardAction("x", {
    check: () => Promise.resolve(),
    execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
  });
  assert.throws(() => action.check({}), {
    code: 1007,
    message: 'Action "x" refuses: its check() must not be asynchronous',
  });
});

Deno.test("guardAction() keeps the params of plans from being changed", async () => {
  const change = (params: Record<string, string>) => {
    params.a = "changed";
    return params.a;
  };
  const action = guardAction("x", {
    check: change,
    destination: change,
    execute: ({ params }) => {
      change(params);
      return Promise.resolve({ kind: "succeeded", detail: "" });
    },
  });
  const params = { a: "as it was" };
  action.check(params);
  assert.equal(action.destination(params), "changed");
  await action.execute({ ...call, params }, signal);
  assert.deepEqual(params, { a: "as it was" });
});

Deno.test("guardAction() has usual values for what is left out", () => {
  const action = guardAction("x", {
    execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
  });
  action.check({});
  assert.equal(action.destination({ host: "a" }), "");
  assert.equal(action.concurrency, 16);
});

Deno.test("guardAction() survives a destination() that throws", () => {
  const action = guardAction("x", {
    destination: () => {
      throw new Error("no");
    },
    execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
  });
  assert.equal(action.destination({}), "");
});

Deno.test("guardAction() makes what execute() throws a failure", async () => {
  const failed = { kind: "failed", detail: "boom", retryable: false };
  assert.deepEqual(
    await resultOf(() => Promise.reject(new Error("boom"))),
    failed,
  );
  assert.deepEqual(
    await resultOf(() => {
      throw "boom";
    }),
    failed,
  );
});

Deno.test("guardAction() survives what has no text", async () => {
  assert.deepEqual(await resultOf(() => Promise.reject(Object.create(null))), {
    kind: "failed",
    detail: "something that has no text",
    retryable: false,
  });
});

Deno.test("guardAction() takes nothing for a result that is none", async () => {
  for (const result of [undefined, null, "ok", 1, {}, { kind: "done" }]) {
    assert.deepEqual(await resultOf(() => Promise.resolve(result)), {
      kind: "failed",
      detail: 'made a result that is neither "succeeded" nor "failed"',
      retryable: false,
    });
  }
});

Deno.test("guardAction() passes results on, their detail cut", async () => {
  const long = "ü".repeat(maxDetailBytes);
  const { detail } = await resultOf(() =>
    Promise.resolve({ kind: "succeeded", detail: long })
  );
  assert.equal(detail, "ü".repeat(maxDetailBytes / 2));
  assert.deepEqual(
    await resultOf(() => Promise.resolve({ kind: "succeeded" })),
    {
      kind: "succeeded",
      detail: "",
    },
  );
  const failure = { kind: "failed", detail: "busy", retryable: true };
  assert.deepEqual(
    await resultOf(() => Promise.resolve({ ...failure, retryAfterSeconds: 7 })),
    { ...failure, retryAfterSeconds: 7 },
  );
  assert.deepEqual(
    await resultOf(() =>
      Promise.resolve({ ...failure, retryAfterSeconds: 1e300 })
    ),
    { ...failure, retryAfterSeconds: 86_400 },
  );
  assert.deepEqual(
    await resultOf(() =>
      Promise.resolve({ ...failure, retryAfterSeconds: "soon", retryable: 1 })
    ),
    { ...failure, retryable: false },
  );
});

Deno.test("guardAction() gives up a call that takes too long", async () => {
  let given: AbortSignal | undefined;
  const action = guardAction("x", {
    timeoutSeconds: 0.05,
    execute: (_call, signal) => {
      given = signal;
      return new Promise(() => {});
    },
  });
  assert.deepEqual(await action.execute(call, signal), {
    kind: "failed",
    detail: "gave no result within 0.05 s",
    retryable: true,
  });
  assert.equal(given?.aborted, true);
});

Deno.test("guardAction() calls no more when too many calls have not come back", async () => {
  const waiting: (() => void)[] = [];
  const action = guardAction("x", {
    timeoutSeconds: 0.01,
    execute: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ kind: "succeeded", detail: "" }));
      }),
  });
  const execute = () => action.execute(call, signal);
  await Promise.all(Array.from({ length: 1000 }, execute));
  assert.deepEqual(await execute(), {
    kind: "failed",
    detail: "1000 calls that were given up have not come back",
    retryable: true,
  });
  assert.equal(waiting.length, 1000);
  waiting[0]();
  await eventually(async () => {
    await execute();
    return waiting.length === 1001;
  });
});

Deno.test("guardAction() hands the daemon's abort on", async () => {
  const stop = new AbortController();
  const action = guardAction("x", {
    execute: (_call, signal) =>
      new Promise((resolve) =>
        signal.addEventListener(
          "abort",
          () => resolve({ kind: "succeeded", detail: String(signal.reason) }),
        )
      ),
  });
  const executing = action.execute(call, stop.signal);
  stop.abort("stop");
  assert.deepEqual(await executing, { kind: "succeeded", detail: "stop" });
});
