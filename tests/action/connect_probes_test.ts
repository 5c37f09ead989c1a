import { strictEqual } from "node:assert/strict";
import { ConnectProbes, portOf } from "../../src/action/connect_probes.ts";
import { TargetGuard } from "../../src/action/target_guard.ts";
import { TimerLists } from "../../src/action/timer_lists.ts";
import { eventually } from "../support/eventually.ts";
import { FullServer } from "./full_server.ts";

/** Probes, and how many requests they found the server missing for. */
class Watching implements Disposable {
  readonly timers = new TimerLists();
  readonly probes: ConnectProbes;
  missing = 0;

  constructor(guard?: TargetGuard) {
    this.probes = new ConnectProbes({ timers: this.timers, guard });
  }

  watch(url: URL, timeoutMs: number) {
    const onMissing = () => this.missing++;
    return this.probes.watch(url, { timeoutMs, onMissing });
  }

  /** Resolves `ms` after now by the same timers, so behind what was due before. */
  passed(ms: number): Promise<void> {
    return new Promise((resolve) => this.timers.after(ms, resolve));
  }

  [Symbol.dispose](): void {
    this.probes[Symbol.dispose]();
    this.timers[Symbol.dispose]();
  }
}

/** A listener, and how many connections it has accepted. */
class Accepting implements Disposable {
  accepted = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  constructor() {
    this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}/`);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.accepted++;
      connection.close();
    }
  }
}

for (const host of ["127.0.0.1", "localhost"]) {
  Deno.test(`watch() doesn't miss a server that accepts at ${host}`, async () => {
    using watching = new Watching();
    using server = new Accepting();
    const url = new URL(`http://${host}:${server.port}/`);
    using _ = ending(watching.watch(url, 300));
    await watching.passed(400);
    strictEqual(watching.missing, 0);
    strictEqual(server.accepted, 1);
  });
}

Deno.test("watch() doesn't miss a server that refuses", async () => {
  using watching = new Watching();
  const server = new Accepting();
  const { url } = server;
  server[Symbol.dispose]();
  using _ = ending(watching.watch(url, 300));
  await watching.passed(400);
  strictEqual(watching.missing, 0);
});

Deno.test("watch() misses a server that doesn't answer, once for each request", async () => {
  using watching = new Watching();
  using server = await FullServer.create();
  const url = new URL(`http://${server.address}/`);
  using _one = ending(watching.watch(url, 50));
  using _two = ending(watching.watch(url, 60));
  watching.watch(url, 50).end();
  await eventually(() => watching.missing === 2);
  await watching.passed(60);
  strictEqual(watching.missing, 2);
});

Deno.test("watch() doesn't miss a server that has answered others, until that is long ago", async () => {
  using watching = new Watching();
  using server = await FullServer.create();
  const url = new URL(`http://${server.address}/`);
  using _one = ending(watching.watch(url, 200));
  watching.watch(url, 200).replied();
  await watching.passed(250);
  strictEqual(watching.missing, 0);
  using _two = ending(watching.watch(url, 200));
  await eventually(() => watching.missing === 1);
});

Deno.test("watch() probes at once when two requests wait, and not again while that is fresh", async () => {
  using watching = new Watching();
  using server = new Accepting();
  for (let i = 0; i < 3; i++) {
    using _one = ending(watching.watch(server.url, 100_000));
    using _two = ending(watching.watch(server.url, 100_000));
    await eventually(() => server.accepted === 1);
  }
  strictEqual(server.accepted, 1);
});

Deno.test("watch() ends its probe with the requests that wait for it", async () => {
  using server = await FullServer.create();
  using watching = new Watching();
  const url = new URL(`http://${server.address}/`);
  const watches = [watching.watch(url, 100_000), watching.watch(url, 100_000)];
  for (const watch of watches) watch.end();
});

for (
  const [what, address] of [["that is there", "127.0.0.1"], [
    "that is forbidden",
    "169.254.1.1",
  ]]
) {
  Deno.test(`watch() doesn't miss a guarded server ${what}`, async () => {
    const lookup = () => Promise.resolve([address]);
    const guard = new TargetGuard(["link-local"], { lookup });
    using watching = new Watching(guard);
    using server = new Accepting();
    const url = new URL(`http://a.test:${server.port}/`);
    using _ = ending(watching.watch(url, 300));
    await watching.passed(400);
    strictEqual(watching.missing, 0);
    strictEqual(server.accepted, address === "127.0.0.1" ? 1 : 0);
  });
}

Deno.test("portOf() knows the ports that URLs leave out", () => {
  strictEqual(portOf(new URL("http://a/")), 80);
  strictEqual(portOf(new URL("https://a/")), 443);
  strictEqual(portOf(new URL("https://a:80/")), 80);
});

Deno.test("watch() holds all but the first back until the server is there", async () => {
  using watching = new Watching();
  using server = new Accepting();
  const watches = [1, 2, 3].map(() => watching.watch(server.url, 100_000));
  strictEqual(watches[0].found, undefined);
  await Promise.all(watches.map(({ found }) => found));
  strictEqual(watching.watch(server.url, 100_000).found, undefined);
});

Deno.test("watch() holds nothing back any more when there is a reply", async () => {
  using server = await FullServer.create();
  using watching = new Watching();
  const url = new URL(`http://${server.address}/`);
  const [first, second] = [1, 2].map(() => watching.watch(url, 100_000));
  first.replied();
  await second.found;
});

function ending({ end }: { end(): void }): Disposable {
  return { [Symbol.dispose]: end };
}
