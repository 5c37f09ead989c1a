import assert from "node:assert/strict";
import { join } from "node:path";
import {
  connectToDaemon,
  type DaemonConnection,
} from "../../src/thrift/client.ts";
import { hangUp } from "../../src/thrift/hang_up.ts";
import type { WirePlan } from "../../src/thrift/wire_plan.ts";
import { freePort, startServerProgram } from "../support/server_program.ts";
import { requireCommand, testWith } from "../support/services.ts";
import { startTestDaemon, type TestDaemon } from "../support/test_daemon.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { NatsServer } from "./nats_server.ts";

const flags = {
  "extension-path": join(
    import.meta.dirname ?? ".",
    "../../examples/extensions",
  ),
  extension: "nats",
};

interface Bench extends AsyncDisposable {
  readonly daemon: TestDaemon;
  readonly client: DaemonConnection["client"];
  readonly server: NatsServer;
  /** Has a plan publish within the next seconds, and go on every `every` seconds `count` times. */
  publish(
    key: string,
    params?: Readonly<Record<string, string>>,
    times?: { readonly every: number; readonly count: number },
  ): Promise<WirePlan>;
}

async function openBench(): Promise<Bench> {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(new NatsServer());
  const daemon = resources.use(await startTestDaemon({ flags }));
  const connection = resources.use(
    await connectToDaemon({
      hostname: "127.0.0.1",
      port: daemon.port,
      timeoutMs: 20_000,
    }),
  );
  const { client } = connection;
  const owned = resources.move();
  return {
    daemon,
    client,
    server,
    publish(key, params, { every, count } = { every: 0, count: 1 }) {
      const all = {
        port: String(server.port),
        subject: "orders.unpaid",
        body: key,
        retry_delay_seconds: "0",
        ...params,
      };
      const fields = [every, -1, -1, -1, -1, -1] as const;
      return client.createTimeout(key, ...fields, count, "nats", all);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("the nats example publishes at a plan's second, with its login", async () => {
  await using bench = await openBench();
  const { server, client } = bench;
  await bench.publish("order:1", { user: "ann", password: "secret" });
  await eventually(() => server.messages.length === 1);
  assert.deepEqual(server.messages, [
    { subject: "orders.unpaid", body: "order:1" },
  ]);
  const [{ user, pass }] = server.logins;
  assert.deepEqual([user, pass], ["ann", "secret"]);
  const { actions, extensions } = await client.info();
  assert.match(actions, /; nats$/);
  assert.equal(extensions, "nats");
});

Deno.test("the nats example has many messages under way on one connection", async () => {
  await using bench = await openBench();
  const { server } = bench;
  const keys = Array.from({ length: 200 }, (_, index) => `order:${index}`);
  await Promise.all(keys.map((key) => bench.publish(key)));
  await eventually(() => server.messages.length >= 200);
  assert.deepEqual(
    new Set(server.messages.map(({ body }) => body)),
    new Set(keys),
  );
  assert.equal(server.logins.length, 1);
});

Deno.test("the nats example refuses bad params when the plan is created", async () => {
  await using bench = await openBench();
  const cases: [Readonly<Record<string, string>>, string][] = [
    [{ subject: "" }, 'Param "subject" of action "nats" is missing'],
    [
      { subject: "orders.*" },
      'Param "subject" of action "nats" must be words with dots between them, got "orders.*"',
    ],
    [
      { subject: "a\r\nPUB b 0" },
      'Param "subject" of action "nats" must be words with dots between them, got "a\\r\\nPUB b 0"',
    ],
    [
      { port: "99999" },
      'Param "port" of action "nats" must be a whole number from 1 to 65535, got "99999"',
    ],
    [
      { request_timeout: "soon" },
      'Param "request_timeout" of action "nats" must be a number of seconds from 0.001 to 100, got "soon"',
    ],
  ];
  for (const [params, message] of cases) {
    await assert.rejects(bench.publish("a", params), {
      code: 1007,
      message: `Cannot create plan "a": ${message}`,
    });
  }
});

Deno.test("the nats example tries again what a broken connection swallowed", async () => {
  await using bench = await openBench();
  const { server } = bench;
  server.behaviour = "drop";
  await bench.publish("order:1");
  await eventually(() => server.pubCount === 1);
  server.behaviour = "answer";
  await eventually(() => server.messages.length === 1);
  assert.equal(server.logins.length >= 2, true);
});

Deno.test("the nats example reconnects to a server that was away", async () => {
  await using bench = await openBench();
  const port = freePort();
  {
    await using _first = new NatsServer(port);
    await bench.publish("a", { port: String(port) });
    await eventually(() => _first.messages.length === 1);
  }
  await bench.publish("b", { port: String(port), retry_max_count: "50" });
  await eventually(async () =>
    Number((await bench.client.info()).action_retried_count) > 0
  );
  await using again = new NatsServer(port);
  await eventually(() => again.messages.length === 1);
  assert.deepEqual(again.messages.map(({ body }) => body), ["b"]);
});

Deno.test("the nats example gives up a server that doesn't answer in time", async () => {
  await using bench = await openBench();
  const { server, client } = bench;
  server.behaviour = "hang";
  const times = { every: 1, count: 3 };
  const params = { request_timeout: "0.2", retry_max_count: "0" };
  await bench.publish("order:1", params, times);
  await eventually(async () => {
    const { outcome } = await client.inspect("order:1");
    return outcome?.detail === "cannot publish: took over 0.2 s";
  });
});

Deno.test("the nats example does not repeat what the server refuses", async () => {
  await using bench = await openBench();
  const { server, client } = bench;
  server.behaviour = "refuse";
  const times = { every: 3600, count: 0 };
  await bench.publish("once", { retry_max_count: "50" });
  await eventually(async () =>
    Number((await client.info()).action_executed_error_count) === 1
  );
  server.behaviour = "answer";
  await bench.publish("big", { body: "x".repeat(1001) });
  await eventually(async () =>
    Number((await client.info()).action_executed_error_count) === 2
  );
  await bench.publish("later", {}, times);
  const { action_retried_count } = await client.info();
  assert.equal(action_retried_count, "0");
  assert.deepEqual(server.messages, []);
});

/** Publishes to a forbidden subject among others; says how often the latter has come. */
async function publishAmong(
  { publish, client }: Bench,
  params: Readonly<Record<string, string>>,
  published: () => number,
): Promise<void> {
  const others = Array.from({ length: 50 }, (_, index) => `order:${index}`);
  const forbidden = { ...params, subject: "forbidden", retry_max_count: "50" };
  const failed = async () =>
    Number((await client.info()).action_executed_error_count);
  const before = await failed();
  await Promise.all([
    ...others.slice(0, 25).map((key) => publish(key, params)),
    publish("forbidden", forbidden),
    ...others.slice(25).map((key) => publish(key, params)),
  ]);
  await eventually(async () =>
    published() >= others.length && await failed() > before
  );
  await eventually(async () => (await client.getKeys("")).length === 0);
  assert.equal(published(), others.length);
  assert.equal(await failed(), before + 1);
}

Deno.test("the nats example lets a refusal be about its own message alone", async () => {
  await using bench = await openBench();
  const { server } = bench;
  server.behaviour = "forbid";
  await publishAmong(bench, {}, () => server.messages.length);
  const { action_retried_count } = await bench.client.info();
  assert.equal(action_retried_count, "0");
});

testWith(
  { "nats-server": await requireCommand("/usr/sbin/nats-server") },
  "the nats example lets the real server refuse one message of many",
  async () => {
    await using folder = await tempFolder();
    const conf = join(folder.path, "nats.conf");
    await Deno.writeTextFile(
      conf,
      `authorization {
        users = [{
          user: ann, password: secret,
          permissions: { publish: { deny: ["forbidden"] } }
        }]
      }\n`,
    );
    await using bench = await openBench();
    await using server = await startServerProgram({
      command: ({ port }) => [
        "/usr/sbin/nats-server",
        ...["-c", conf, "-a", "127.0.0.1", "-p", String(port)],
      ],
    });
    await using received = await subscribe(server.port, "orders.>");
    const login = { user: "ann", password: "secret" };
    const params = { port: String(server.port), ...login };
    const count = () => received.text().match(/order:\d+\r\n/g)?.length ?? 0;
    await publishAmong(bench, params, count);
  },
);

testWith(
  { "nats-server": await requireCommand("/usr/sbin/nats-server") },
  "the nats example speaks with the real server",
  async () => {
    await using bench = await openBench();
    await using server = await startServerProgram({
      command: ({ port }) => [
        "/usr/sbin/nats-server",
        ...["-a", "127.0.0.1", "-p", String(port)],
        ...["--user", "ann", "--pass", "secret"],
      ],
    });
    const port = String(server.port);
    await using received = await subscribe(server.port, "orders.>");
    const login = { user: "ann", password: "secret" };
    await bench.publish("order:1", { port, ...login });
    await eventually(() => /order:1\r\n/.test(received.text()));
    await server.end();
    await server.start();
    await using after = await subscribe(server.port, "orders.>");
    await bench.publish("order:2", { port, ...login });
    await eventually(() => /order:2\r\n/.test(after.text()));
    const wrong = {
      port,
      user: "ann",
      password: "wrong",
      retry_max_count: "5",
    };
    const failed = async () =>
      Number((await bench.client.info()).action_executed_error_count);
    const before = await failed();
    await bench.publish("order:3", wrong);
    await eventually(async () => await failed() === before + 1);
  },
);

/** What a subscriber is sent. */
async function subscribe(
  port: number,
  subject: string,
): Promise<AsyncDisposable & { text(): string }> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const login = '{"verbose":false,"user":"ann","pass":"secret"}';
  await socket.write(
    new TextEncoder().encode(
      `CONNECT ${login}\r\nSUB ${subject} 1\r\nPING\r\n`,
    ),
  );
  let text = "";
  const decoder = new TextDecoder();
  const reading = (async () => {
    const chunk = new Uint8Array(4096);
    try {
      for (;;) {
        const count = await socket.read(chunk);
        if (count === null) return;
        text += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
    } catch {
      // Closed.
    }
  })();
  await eventually(() => text.includes("PONG"));
  return {
    text: () => text,
    async [Symbol.asyncDispose]() {
      hangUp(socket);
      await reading;
    },
  };
}
