import assert from "node:assert/strict";
import { ErrorCode, ForsunError } from "../../src/core/errors.ts";
import { guardOpening } from "../../src/extension/guard_opening.ts";
import { guardStore } from "../../src/extension/guard_store.ts";
import type { ClaimBatch, Settlement, Store } from "../../src/store/store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { timeoutPlan } from "../support/plans.ts";

const limitMs = 10_000;
const never = () => new Promise<never>(() => {});

/** A store that works, but for `methods`. */
function storeWith(methods: Partial<Store>): Store {
  return {
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(undefined),
    get: () => Promise.resolve(undefined),
    page: () => Promise.resolve([]),
    pageKeys: () => Promise.resolve([]),
    pageDue: () => Promise.resolve({ plans: [], next: undefined }),
    dueAt: () => Promise.resolve([]),
    claimDue: () => Promise.resolve({ claims: [], hasMore: false }),
    settle: () => Promise.resolve(),
    holds: () => true,
    onOverdue: () => {},
    stats: () =>
      Promise.resolve({ planCount: 0, claimedCount: 0, retryCount: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...methods,
  };
}

function open(
  opening: () => unknown,
  signal = new AbortController().signal,
): Promise<Store> {
  const guarded = guardOpening("x", async () => await opening() as Store, {
    limitMs,
    clock: new FakeClock(0),
  });
  return guarded({
    timeZone: "UTC",
    keepSeconds: 0,
    now: () => 0,
    onProgress: () => {},
    signal,
  });
}

Deno.test("guardOpening() says in one line why there is no store", async () => {
  const cases = [
    [() => undefined, "it must be an object, got undefined"],
    [() => null, "it must be an object, got null"],
    [() => ({}), "it must have a function put"],
    [
      () => storeWith({ settle: undefined }),
      "it must have a function settle",
    ],
    [
      () => storeWith({ [Symbol.asyncDispose]: undefined }),
      "it must have a function Symbol(Symbol.asyncDispose)",
    ],
    [
      () => {
        throw new Error("no\ndisk");
      },
      "no disk",
    ],
  ] as const;
  for (const [opening, reason] of cases) {
    await assert.rejects(open(opening), {
      message: `Cannot open store "x": ${reason}`,
    });
  }
});

Deno.test("guardOpening() gives up a store that opens for ever when the daemon is to stop", async () => {
  const stop = new AbortController();
  const opening = open(never, stop.signal);
  const reason = new Error("stop");
  stop.abort(reason);
  await assert.rejects(opening, reason);
});

Deno.test("guardStore() makes what a store throws an error of code 1004, or 1005", async () => {
  const broken = () => {
    throw new TypeError("disk\non fire");
  };
  const refusal = new ForsunError(ErrorCode.keyExists, "it exists");
  const store = await open(() =>
    storeWith({
      put: broken,
      remove: () => Promise.reject(null),
      get: () => Promise.reject(refusal),
      holds: broken,
    })
  );
  await assert.rejects(store.put(timeoutPlan("a", 1), 1), {
    code: 1004,
    message: 'Store "x" failed: disk on fire',
  });
  await assert.rejects(store.remove("a"), {
    code: 1005,
    message: 'Store "x" failed: null',
  });
  await assert.rejects(store.get("a"), refusal);
  const claim = { plan: timeoutPlan("a", 1), second: 1, attempt: 1, token: 1 };
  assert.equal(store.holds(claim), false);
  const other = await open(() =>
    storeWith({ holds: () => Promise.reject(new Error("no")) })
  );
  assert.equal(await other.holds(claim), false);
});

Deno.test("guardStore() waits for no method for ever, nor for the end", async () => {
  const clock = new FakeClock(0);
  const methods = { stats: never, [Symbol.asyncDispose]: never };
  const limits = { name: "x", limitMs, clock };
  const store = guardStore(storeWith(methods), limits);
  const asking = assert.rejects(store.stats(), {
    code: 1004,
    message: 'Store "x" failed: stats takes over 10 s',
  });
  const ending = store[Symbol.asyncDispose]();
  await clock.advance(limitMs);
  await asking;
  await ending;
});

Deno.test("guardStore() gives claims back that come when nobody waits for them any more", async () => {
  const clock = new FakeClock(0);
  const claiming = Promise.withResolvers<ClaimBatch>();
  const settled = Promise.withResolvers<readonly Settlement[]>();
  const methods: Partial<Store> = {
    claimDue: () => claiming.promise,
    settle: (settlements) => Promise.resolve(settled.resolve(settlements)),
  };
  const limits = { name: "x", limitMs, clock };
  const store = guardStore(storeWith(methods), limits);
  const asking = store.claimDue({ now: 1, missedBefore: 0, limit: 1 });
  const refused = assert.rejects(asking, { code: 1004 });
  await clock.advance(limitMs);
  await refused;
  const claim = { plan: timeoutPlan("a", 1), second: 1, attempt: 1, token: 1 };
  claiming.resolve({ claims: [claim], hasMore: false });
  assert.deepEqual(await settled.promise, [{ kind: "released", claim }]);
});
