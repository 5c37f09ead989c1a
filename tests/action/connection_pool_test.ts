import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  ConnectionPool,
  type PooledConnection,
} from "../../src/action/connection_pool.ts";

/** A connection whose calls end when the test says so. */
class TestConnection implements PooledConnection {
  isProven = true;
  endedBy: Error | undefined;
  wasIgnored = false;
  capacity = 1;
  readonly #calls: PromiseWithResolvers<string>[] = [];
  #onChange: () => void = () => {};

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get room(): number {
    return this.endedBy === undefined ? this.capacity - this.#calls.length : 0;
  }

  call(): Promise<string> {
    const call = Promise.withResolvers<string>();
    this.#calls.push(call);
    return call.promise;
  }

  answer(reply: string): void {
    this.#calls.shift()?.resolve(reply);
  }

  end(reason: Error): void {
    this.endedBy = reason;
    for (const call of this.#calls.splice(0)) call.reject(reason);
    this.#onChange();
  }

  close(): void {
    this.end(new Error("closed"));
  }
}

interface Opening {
  readonly onChange: () => void;
  readonly done: PromiseWithResolvers<TestConnection>;
}

/** A pool whose connections open when the test says so. */
function testPool(max: number) {
  const openings: Opening[] = [];
  const pool = new ConnectionPool<TestConnection>({
    max,
    open(onChange) {
      const done = Promise.withResolvers<TestConnection>();
      openings.push({ onChange, done });
      return done.promise;
    },
  });
  const call = () => pool.use((connection) => connection.call());
  return {
    pool,
    call,
    get openingCount() {
      return openings.length;
    },
    async open(change: (connection: TestConnection) => void = () => {}) {
      const opening = openings.shift();
      if (opening === undefined) throw new Error("Nothing is being opened");
      const connection = new TestConnection(opening.onChange);
      change(connection);
      opening.done.resolve(connection);
      await turns();
      return connection;
    },
    async fail(reason: Error) {
      openings.shift()?.done.reject(reason);
      await turns();
    },
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

Deno.test("use() opens one connection first, then as many more as have proven themselves", async () => {
  const test = testPool(100);
  const calls = Array.from({ length: 20 }, test.call);
  strictEqual(test.openingCount, 1);
  const first = await test.open();
  strictEqual(test.openingCount, 1, "1 is proven");
  await test.open();
  strictEqual(test.openingCount, 2, "2 are proven");
  await test.open();
  await test.open();
  strictEqual(test.openingCount, 4, "4 are proven");
  first.answer("one");
  strictEqual(await calls[0], "one");
  for (const call of calls) call.catch(() => {});
  await test.pool[Symbol.asyncDispose]();
});

Deno.test("use() opens no second connection while the first is unproven", async () => {
  const test = testPool(100);
  const calls = [test.call(), test.call()];
  const first = await test.open((connection) => connection.isProven = false);
  strictEqual(test.openingCount, 0);
  first.isProven = true;
  first.answer("one");
  strictEqual(await calls[0], "one");
  await turns();
  first.answer("two");
  strictEqual(await calls[1], "two");
});

Deno.test("use() opens no more than the limit", async () => {
  const test = testPool(3);
  const calls = Array.from({ length: 9 }, test.call);
  await test.open();
  await test.open();
  await test.open();
  strictEqual(test.openingCount, 0);
  strictEqual(test.pool.size, 3);
  for (const call of calls) call.catch(() => {});
  await test.pool[Symbol.asyncDispose]();
});

Deno.test("Calls are started in the order in which they came", async () => {
  const test = testPool(1);
  const order: number[] = [];
  const calls = [0, 1, 2].map(async (index) => {
    await test.call();
    order.push(index);
  });
  const connection = await test.open();
  for (const _ of calls) {
    connection.answer("");
    await turns();
  }
  await Promise.all(calls);
  deepStrictEqual(order, [0, 1, 2]);
});

Deno.test("All calls that wait fail when the first connection can't be made, and the next ones at once", async () => {
  const test = testPool(8);
  const reason = new Error("refused");
  const calls = [test.call(), test.call()];
  for (const call of calls) call.catch(() => {});
  await test.fail(reason);
  for (const call of calls) await rejects(call, reason);
  await rejects(test.call(), reason);
  strictEqual(test.openingCount, 0);
});

Deno.test("Calls fail when a connection has ended before it can be used", async () => {
  const test = testPool(8);
  const reason = new Error("the other side hung up");
  const call = test.call();
  call.catch(() => {});
  await test.open((connection) => connection.endedBy = reason);
  await rejects(call, reason);
  strictEqual(test.openingCount, 0);
});

Deno.test("Calls wait for the connections that there are when no further one can be made", async () => {
  const test = testPool(8);
  const calls = [test.call(), test.call()];
  const connection = await test.open();
  await test.fail(new Error("too many connections"));
  connection.answer("one");
  await turns();
  connection.answer("two");
  deepStrictEqual(await Promise.all(calls), ["one", "two"]);
});

Deno.test("A connection that was ignored tells how many are served", async () => {
  const test = testPool(8);
  const served = [test.call(), test.call()];
  const first = await test.open();
  const second = await test.open((connection) => connection.isProven = false);
  served[1].catch(() => {});
  second.wasIgnored = true;
  second.end(new Error("no reply"));
  await rejects(served[1], /no reply/);
  const further = [test.call(), test.call()];
  strictEqual(test.openingCount, 0);
  for (const _ of [served[0], ...further]) {
    first.answer("served");
    await turns();
  }
  deepStrictEqual(await Promise.all([served[0], ...further]), [
    "served",
    "served",
    "served",
  ]);
});

Deno.test("Calls that wait fail when the only connection was ignored", async () => {
  const test = testPool(8);
  const calls = [test.call(), test.call()];
  for (const call of calls) call.catch(() => {});
  const only = await test.open((connection) => connection.isProven = false);
  only.wasIgnored = true;
  only.end(new Error("no reply"));
  for (const call of calls) await rejects(call, /no reply/);
  await rejects(test.call(), /no reply/);
  strictEqual(test.openingCount, 0);
});

Deno.test("A connection that ends makes room for another", async () => {
  const test = testPool(1);
  const calls = [test.call(), test.call()];
  for (const call of calls) call.catch(() => {});
  const first = await test.open();
  first.end(new Error("lost"));
  await rejects(calls[0], /lost/);
  strictEqual(test.openingCount, 1);
  const second = await test.open();
  second.answer("again");
  strictEqual(await calls[1], "again");
});

Deno.test("Disposing closes all connections, those that are being opened as well", async () => {
  const test = testPool(8);
  const calls = [test.call(), test.call()];
  for (const call of calls) call.catch(() => {});
  const open = await test.open();
  await test.pool[Symbol.asyncDispose]();
  await rejects(calls[0], /closed/);
  await rejects(calls[1], /given up/);
  const late = await test.open();
  strictEqual(late.endedBy?.message, "closed");
  strictEqual(open.endedBy?.message, "closed");
});
