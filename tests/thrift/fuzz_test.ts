import fc from "fast-check";
import assert from "node:assert/strict";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { randomRuns } from "../support/random.ts";
import {
  startThriftDaemon,
  type ThriftDaemon,
} from "../support/thrift_daemon.ts";
import { framed, protocols } from "./encode.ts";
import { eventually } from "../support/eventually.ts";
import { garble, type Random } from "./garble.ts";
import { anyCall, anyMethod, type Call, writeCall } from "./generated_calls.ts";
import { ours } from "./protocol_pairs.ts";
import { RawClient } from "./raw_client.ts";

const { numRuns: connections, seed } = randomRuns(16_000);

/** Random numbers from a seed (a linear congruential generator's upper bits). */
function createRandom(seed: number): Random {
  let state = BigInt(seed);
  return (min, max) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) &
      0xffff_ffff_ffff_ffffn;
    return min + Number((state >> 32n) % BigInt(max - min + 1));
  };
}

/** Calls with arguments of all kinds, and some that are not refused. */
function sampleCalls(): readonly Call[] {
  const any = fc.sample(anyMethod.chain(anyCall), { numRuns: 500, seed });
  const fields = [3600, -1, -1, -1, -1, -1];
  const params = { cmd: "x" };
  const good = any.map(({ args }, index): Call => ({
    method: "createTimeout",
    args: [`fuzz ${nameOf(args) ?? index}`, ...fields, 1, "shell", params],
  }));
  return [...any, ...good];
}

function nameOf([first]: readonly unknown[]): unknown {
  return typeof first === "object" ? undefined : first;
}

/** What one connection sends: some calls, of which the last are spoiled, or noise. */
function fuzzStream(calls: readonly Call[], random: Random): Uint8Array {
  const pair = ours(protocols[random(0, 1)]);
  const isFramed = random(0, 1) === 1;
  const parts: Uint8Array[] = [];
  for (let count = random(0, 8); count > 0; count--) {
    const bytes = writeCall(calls[random(0, calls.length - 1)], pair);
    const isSpoiled = random(0, 2) === 0;
    if (isSpoiled && random(0, 1) === 0) {
      const spoiled = garble(bytes, random);
      parts.push(isFramed ? framed(spoiled) : spoiled);
    } else {
      const whole = isFramed ? framed(bytes) : bytes;
      parts.push(isSpoiled ? garble(whole, random) : whole);
    }
  }
  if (random(0, 3) === 0) {
    const noise = new Uint8Array(random(1, 300)).map(() => random(0, 255));
    parts.push(noise);
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function fuzzOnce(
  port: number,
  stream: Uint8Array,
  random: Random,
): Promise<void> {
  using client = await RawClient.connect(port);
  try {
    for (let at = 0; at < stream.length;) {
      const size = random(0, 3) === 0 ? random(1, 8) : random(1, 1000);
      await client.send(stream.subarray(at, at + size));
      at += size;
    }
    if (random(0, 4) === 0) return;
    await client.closeWrite();
  } catch (error) {
    // The server closes where there is nothing to be understood.
    const isClosed = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.NotConnected;
    if (!isClosed) throw error;
  }
  await client.end();
}

/** Creates, reads and removes plans as long as `isOver` does not hold; gives their number. */
async function useWell(
  { port }: ThriftDaemon,
  isOver: () => boolean,
): Promise<number> {
  const address = { hostname: "127.0.0.1", port, timeoutMs: 10_000 };
  using connection = await connectToDaemon(address);
  const { client } = connection;
  const fields = [-1, 1, -1, -1, -1, -1] as const;
  let count = 0;
  for (; !isOver(); count++) {
    const key = `good:${count}`;
    const params = { cmd: `echo ${count}` };
    const plan = await client.createTimeout(key, ...fields, 0, "shell", params);
    assert.deepEqual(
      [plan.key, plan.minute, plan.count, plan.params],
      [key, 1, 0, params],
    );
    assert.deepEqual(await client.get(key), plan);
    if (count % 10 !== 0) assert.deepEqual(await client.remove(key), plan);
  }
  const kept = Array.from(
    { length: Math.ceil(count / 10) },
    (_, index) => `good:${index * 10}`,
  );
  assert.deepEqual(await client.getKeys("good:"), kept.sort());
  return count;
}

Deno.test("A good client gets right answers while others send whatever they like", async () => {
  const calls = sampleCalls();
  await using daemon = await startThriftDaemon();
  let isOver = false;
  const goodUse = useWell(daemon, () => isOver);
  let left = connections;
  const fuzzers = Array.from({ length: 16 }, async (_, index) => {
    const random = createRandom(seed + index);
    while (left-- > 0) {
      await fuzzOnce(daemon.port, fuzzStream(calls, random), random);
    }
  });
  try {
    await Promise.race([Promise.all(fuzzers), goodUse]);
  } finally {
    isOver = true;
    left = 0;
  }
  await Promise.all(fuzzers);
  assert.ok(await goodUse > 100);
  const { counters } = daemon;
  await eventually(() => counters.connecting_count === 0);
  assert.equal(counters.requesting_count, 0);
  assert.equal(counters.connected_count, connections + 1);
  assert.ok(counters.create_timeouted_count > connections / 10);
});
