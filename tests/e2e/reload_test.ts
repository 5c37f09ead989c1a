import assert from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { exchange } from "../http/raw_http.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("a daemon takes a new log level and retry policy at SIGHUP, and keeps what it has when the file is wrong", async () => {
  await using folder = await tempFolder();
  const conf = join(folder.path, "conf");
  const write = (text: string) => Deno.writeTextFile(conf, text);
  await write("log_level = INFO\n[action]\nretry_max_count = 0\n");
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    args: ["--conf", conf],
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const reload = async (pattern: RegExp) => {
    Deno.kill(daemon.pid, "SIGHUP");
    await eventually(() => pattern.test(daemon.log()));
  };
  /** Has an attempt fail in a way that may pass; nobody listens there. */
  const fail = async (key: string) => {
    const params = { url: "http://127.0.0.1:1/", retry_delay_seconds: "0" };
    const fields = [1, 0, 0, 0, 0, -1] as const;
    await client.createTimeout(key, ...fields, 1, "http", params);
  };

  await client.ping();
  await fail("first");
  await eventually(() => /http of first .+ given up/.test(daemon.log()));
  assert.doesNotMatch(daemon.log(), / DEBUG /);

  await write(
    "log_level = DEBUG\nshutdown_seconds = 3\n[action]\nretry_max_count = 2\n",
  );
  await reload(
    /shutdown_seconds \(\S+ line 2\) stays "8" until a restart, then "3"/,
  );
  const log = daemon.log();
  assert.match(log, /log_level \(\S+ line 1\) is "DEBUG" now, was "INFO"\n/);
  assert.match(log, /action.retry_max_count .+ is "2" now, was "0"\n/);
  await client.ping();
  await eventually(() => / DEBUG thrift: ping for .+: ok/.test(daemon.log()));
  await fail("second");
  await eventually(() =>
    /http of second failed at attempt 3 .+ given up/.test(daemon.log())
  );

  await write("log_level = LOUD\n");
  await reload(
    /ERROR serve: The configuration stays as it is: log_level \(\S+ line 1\) must be .+, got "LOUD"\n/,
  );
  await Deno.remove(conf);
  await reload(/stays as it is: Cannot read the configuration .+\n/);
  await client.ping();
  assert.equal((await daemon.end("SIGTERM")).code, 0);
});

Deno.test("a daemon takes new names of HTTP hosts at SIGHUP", async () => {
  await using folder = await tempFolder();
  await using daemon = await startOn(
    folder.path,
    "[access]\nhttp_hosts = one\n",
  );
  const { port } = daemon;
  const statusFor = async (host: string) => {
    const head = `GET /v1/keys HTTP/1.1\r\nHost: ${host}\r\n`;
    const sent = [`${head}Connection: close\r\n\r\n`];
    const { text } = await exchange(port, sent);
    return Number(text.split(" ")[1]);
  };
  assert.equal(await statusFor("one"), 200);
  assert.equal(await statusFor("two"), 403);
  await daemon.reload("[access]\nhttp_hosts = two\n");
  await eventually(async () => await statusFor("two") === 200);
  assert.equal(await statusFor("one"), 403);
});

Deno.test("a daemon takes a new message_seconds for HTTP, too, at SIGHUP", async () => {
  await using folder = await tempFolder();
  await using daemon = await startOn(folder.path, "message_seconds = 20\n");
  const { port } = daemon;
  await daemon.reload("message_seconds = 0.2\n");
  await eventually(() => daemon.log().includes("message_seconds ("));
  const head = "POST /v1/plan HTTP/1.1\r\nHost: localhost\r\n";
  const startMs = performance.now();
  using connection = await Deno.connect({ port });
  await connection.write(
    new TextEncoder().encode(`${head}Content-Length: 9\r\n\r\n{`),
  );
  // Some versions of Deno leave the connection open behind the reply.
  const buffer = new Uint8Array(1024);
  const length = await connection.read(buffer) ?? 0;
  const text = new TextDecoder().decode(buffer.subarray(0, length));
  assert.match(text, /^HTTP\/1\.1 408 /);
  assert.ok(performance.now() - startMs < 15_000);
});

/** A daemon with HTTP whose configuration is `text`, which reload() replaces. */
async function startOn(folder: string, text: string) {
  const conf = join(folder, "conf");
  await Deno.writeTextFile(conf, text);
  const daemon = await startDaemon({
    file: join(folder, "store"),
    args: ["--conf", conf, "--http", "127.0.0.1:0"],
  });
  const [, port] = /HTTP is served on \S+?:(\d+)/.exec(daemon.log()) ?? [];
  return {
    port: Number(port),
    log: () => daemon.log(),
    async reload(next: string) {
      await Deno.writeTextFile(conf, next);
      Deno.kill(daemon.pid, "SIGHUP");
    },
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}
