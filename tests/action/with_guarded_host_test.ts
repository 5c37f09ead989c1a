import assert from "node:assert/strict";
import { TargetGuard } from "../../src/action/target_guard.ts";
import { withGuardedHost } from "../../src/action/with_guarded_host.ts";
import type { Params } from "../../src/core/plan.ts";
import { remembering } from "./remembering.ts";

const { signal } = new AbortController();

function guarded(addresses: readonly string[] = []) {
  const lookup = () => Promise.resolve(addresses);
  return new TargetGuard(["loopback"], { lookup, ownAddresses: () => [] });
}

function callTo(host: string, attempt = 1) {
  return { key: "a", second: 1, attempt, params: { host, body: "b" } };
}

Deno.test("withGuardedHost() gives each attempt the next address of a name", async () => {
  const inner = remembering();
  const action = withGuardedHost(inner, guarded(["192.0.2.1", "192.0.2.2"]));
  for (const attempt of [1, 2, 3]) {
    await action.execute(callTo("a.test", attempt), signal);
  }
  assert.deepEqual(inner.calls.map(({ params }) => params), [
    { host: "192.0.2.1", body: "b" },
    { host: "192.0.2.2", body: "b" },
    { host: "192.0.2.1", body: "b" },
  ]);
});

Deno.test("withGuardedHost() calls nothing that is forbidden, or has no address", async () => {
  const inner = remembering();
  const forbidden = withGuardedHost(inner, guarded(["192.0.2.1", "127.0.0.1"]));
  assert.deepEqual(await forbidden.execute(callTo("a.test"), signal), {
    kind: "failed",
    detail: '"a.test" has a loopback address',
    retryable: false,
  });
  assert.equal((await forbidden.execute(callTo(""), signal)).kind, "failed");
  assert.throws(() => forbidden.check({}), {
    code: 1007,
    message:
      'Param "host" must not be there: "127.0.0.1" is a loopback address',
  });
  const nowhere = withGuardedHost(inner, guarded());
  assert.deepEqual(await nowhere.execute(callTo("a.test"), signal), {
    kind: "failed",
    detail: '"a.test" has no address',
    retryable: true,
  });
  assert.equal(inner.calls.length, 0);
});

Deno.test("withGuardedHost() keeps what the action says of its concurrency", () => {
  const inner = remembering();
  const action = withGuardedHost(inner, guarded());
  assert.equal(action.concurrency, 3);
  assert.equal(action.concurrencyOf?.({}), 3);
  const own = { ...inner, concurrencyOf: ({ max }: Params) => Number(max) };
  const other = withGuardedHost(own, guarded());
  assert.equal(other.concurrencyOf?.({ max: "7" }), 7);
});
