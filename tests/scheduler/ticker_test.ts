import assert from "node:assert/strict";
import { type Tick, ticks } from "../../src/scheduler/ticker.ts";
import { FakeClock } from "../support/fake_clock.ts";

async function collect(
  wallMs: number,
  steps: (clock: FakeClock) => Promise<void>,
): Promise<Tick[]> {
  const clock = new FakeClock(wallMs);
  const abort = new AbortController();
  const seen: Tick[] = [];
  const collecting = (async () => {
    for await (const tick of ticks(clock, abort.signal)) seen.push(tick);
  })();
  await steps(clock);
  abort.abort();
  await collecting;
  return seen;
}

Deno.test("ticks() yields each second as it begins", async () => {
  const seen = await collect(1_000_300, async (clock) => {
    await clock.advance(699);
    await clock.advance(1);
    await clock.advance(1999);
  });
  assert.deepEqual(seen, [
    { second: 1000, previous: undefined },
    { second: 1001, previous: 1000 },
    { second: 1002, previous: 1001 },
  ]);
});

Deno.test("ticks() notices a clock that steps forward within 250 ms", async () => {
  const seen = await collect(1_000_000, async (clock) => {
    await clock.advance(10);
    clock.stepWall(3_600_000);
    await clock.advance(240);
  });
  assert.deepEqual(seen.map(({ second }) => second), [1000, 4600]);
});

Deno.test("ticks() follows a clock that steps back and goes on from there", async () => {
  const seen = await collect(5_000_000, async (clock) => {
    await clock.advance(1000);
    clock.stepWall(-3_600_000);
    await clock.advance(2000);
  });
  assert.deepEqual(seen.map(({ second }) => second), [
    5000,
    5001,
    1401,
    1402,
    1403,
  ]);
});

Deno.test("ticks() gives a slow consumer the current second, not those it missed", async () => {
  const clock = new FakeClock(1_000_000);
  const abort = new AbortController();
  const seen: number[] = [];
  const consuming = (async () => {
    for await (const { second } of ticks(clock, abort.signal)) {
      seen.push(second);
      if (second === 1001) await clock.sleep(5500);
    }
  })();
  await clock.advance(8000);
  abort.abort();
  await consuming;
  assert.deepEqual(seen, [1000, 1001, 1006, 1007, 1008]);
});

Deno.test("ticks() sleeps exactly before seconds that are awaited, and only then", async () => {
  const clock = new FakeClock(1_000_000);
  const abort = new AbortController();
  const exact: number[] = [];
  const sleepExactly = (ms: number, signal?: AbortSignal) => {
    exact.push(Math.floor(clock.wallMs() / 1000));
    return clock.sleep(ms, signal);
  };
  const watched = Object.assign(clock, { sleepExactly });
  const seen: number[] = [];
  const ticking = (async () => {
    const isAwaited = (second: number) => second === 1002;
    for await (const { second } of ticks(watched, abort.signal, isAwaited)) {
      seen.push(second);
    }
  })();
  await clock.advance(3500);
  abort.abort();
  await ticking;
  assert.deepEqual(seen, [1000, 1001, 1002, 1003]);
  assert.deepEqual([...new Set(exact)], [1001]);
});
