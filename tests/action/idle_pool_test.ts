import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { IdlePool } from "../../src/action/idle_pool.ts";
import { eventually } from "../support/eventually.ts";

class Connection implements AsyncDisposable {
  isClosed = false;

  [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

function pool({ idleMs = 60_000, max = 8 } = {}): IdlePool<Connection> {
  return new IdlePool({ idleMs, max });
}

function open(): Promise<Connection> {
  return Promise.resolve(new Connection());
}

function itself(connection: Connection): Promise<Connection> {
  return Promise.resolve(connection);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("use() opens once for all who ask meanwhile", async () => {
  await using connections = pool();
  const [first, second, other] = await Promise.all([
    connections.use("a", open, itself),
    connections.use("a", open, itself),
    connections.use("b", open, itself),
  ]);
  strictEqual(first, second);
  strictEqual(first === other, false);
  strictEqual(await connections.use("a", open, itself), first);
});

Deno.test("use() closes what was idle for long, and nothing that is in use", async () => {
  await using connections = pool({ idleMs: 20 });
  const over = Promise.withResolvers<void>();
  let busy = new Connection();
  const running = connections.use("busy", open, (connection) => {
    busy = connection;
    return over.promise;
  });
  const idle = await connections.use("idle", open, itself);
  await eventually(() => idle.isClosed);
  strictEqual(busy.isClosed, false);
  over.resolve();
  await running;
  await eventually(() => busy.isClosed);
  strictEqual(connections.size, 0);
});

Deno.test("use() closes the one idle for longest to open one more", async () => {
  await using connections = pool({ max: 2 });
  const first = await connections.use("a", open, itself);
  await pause(2);
  const second = await connections.use("b", open, itself);
  await pause(2);
  await connections.use("a", open, itself);
  await connections.use("c", open, itself);
  await eventually(() => second.isClosed);
  strictEqual(first.isClosed, false);
  strictEqual(connections.size, 2);
});

Deno.test("use() believes a failure for as long as it took to find out", async () => {
  await using connections = pool();
  let attempts = 0;
  const fail = async (ms: number): Promise<Connection> => {
    attempts++;
    await pause(ms);
    throw new Error(`attempt ${attempts}`);
  };
  await rejects(
    connections.use("slow", () => fail(1000), itself),
    { message: "attempt 1" },
  );
  await rejects(
    connections.use("slow", () => fail(1000), itself),
    { message: "attempt 1" },
  );
  await eventually(async () => {
    const told = connections.use("slow", open, itself);
    return await told.then(() => true, () => false);
  });
  strictEqual(attempts, 1);
});

Deno.test("use() tries again soon when a failure came at once", async () => {
  await using connections = pool();
  await rejects(
    connections.use("a", () => Promise.reject(new Error("refused")), itself),
    { message: "refused" },
  );
  await pause(5);
  await connections.use("a", open, itself);
});

Deno.test("discard() opens anew, and closes once the last user is done", async () => {
  await using connections = pool();
  const over = Promise.withResolvers<void>();
  let first = new Connection();
  const running = connections.use("a", open, (connection) => {
    first = connection;
    return over.promise;
  });
  await connections.use("a", open, itself);
  connections.discard("a", first);
  const second = await connections.use("a", open, itself);
  deepStrictEqual([first === second, first.isClosed], [false, false]);
  over.resolve();
  await running;
  strictEqual(first.isClosed, true);
  connections.discard("a", second);
  await eventually(() => second.isClosed);
});

Deno.test("dispose closes what is in use, and nothing opens afterwards", async () => {
  const connections = pool();
  let used = new Connection();
  const over = Promise.withResolvers<void>();
  const running = connections.use("a", open, (connection) => {
    used = connection;
    return over.promise;
  });
  await connections.use("b", open, itself);
  await connections[Symbol.asyncDispose]();
  strictEqual(used.isClosed, true);
  over.resolve();
  await running;
  await rejects(connections.use("a", open, itself), {
    message: "The pool is closed",
  });
});

Deno.test("use() waits no longer than a timer can, however long is idle", async () => {
  const delays: (number | undefined)[] = [];
  const { setTimeout } = globalThis;
  try {
    globalThis.setTimeout = Object.assign(
      (then: () => void, ms?: number) => {
        delays.push(ms);
        return setTimeout(then, ms);
      },
      setTimeout,
    );
    await using connections = pool({ idleMs: 2 ** 32 });
    const connection = await connections.use("a", open, itself);
    strictEqual(connection.isClosed, false);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  deepStrictEqual(delays, [2 ** 31 - 1]);
});
