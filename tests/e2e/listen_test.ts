import assert from "node:assert/strict";
import { join } from "node:path";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { createAuthority, servedName } from "../support/certificates.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { programCommand } from "../support/daemon_process.ts";
import { requireCommand, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function forsun(...args: string[]): Promise<string> {
  const [command, ...rest] = [...programCommand(), ...args];
  const { stdout, stderr } = await new Deno.Command(command, { args: rest })
    .output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

function httpPort(log: string): number {
  return Number(/HTTP is served on [^ ]+:(\d+)/.exec(log)?.[1]);
}

testWith(
  { openssl: await requireCommand("openssl") },
  "a daemon speaks TLS on both ports, and takes a new certificate",
  async () => {
    await using folder = await tempFolder();
    const authority = await createAuthority(folder.path);
    const { certFile, keyFile } = await authority.create("first");
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      args: [
        ...["--tls-cert", certFile, "--tls-key", keyFile],
        ...["--http", "127.0.0.1:0"],
      ],
    });
    const web = httpPort(daemon.log());
    const port = String(daemon.port);
    const { caFile } = authority;
    const line = "set a */60/1 * * * * * http 'url=http://x/'; ls";
    const printed = await forsun("--port", port, "--ca", caFile, line);
    assert.match(printed, /a \*\/60\/1 .+\n.+a \*\/60\/1 /);
    assert.match(
      await forsun("--port", port, "--tls", "ls"),
      /^forsun: Cannot connect to .+ certificate/,
    );
    const caCerts = [await Deno.readTextFile(caFile)];
    using client = Deno.createHttpClient({ caCerts, http2: false });
    const ask = async () => {
      const url = `https://localhost:${web}/v1/keys`;
      return (await (await fetch(url, { client })).json()).data;
    };
    assert.deepEqual(await ask(), ["a"]);
    using old = await connectToDaemon({
      hostname: "localhost",
      port: daemon.port,
      tls: { caCerts },
      timeoutMs: 20_000,
    });
    await old.client.ping();

    await Deno.writeTextFile(keyFile, "no key");
    Deno.kill(daemon.pid, "SIGHUP");
    await eventually(() => /TLS stays as it is: /.test(daemon.log()));
    assert.deepEqual(await servedName(daemon.port), "first");
    const next = await authority.create("second");
    await Deno.rename(next.certFile, certFile);
    await Deno.rename(next.keyFile, keyFile);
    Deno.kill(daemon.pid, "SIGHUP");
    await eventually(() => /TLS goes on with the new /.test(daemon.log()));
    assert.deepEqual(await servedName(daemon.port), "second");
    // Compiled with an older runtime it says that it can't.
    const isKept = / HTTPS keeps its certificate /.test(daemon.log());
    assert.deepEqual(await servedName(web), isKept ? "first" : "second");
    await old.client.ping();
    assert.deepEqual(await ask(), ["a"]);
    assert.equal((await daemon.end("SIGTERM")).code, 0);
  },
);

Deno.test("a daemon serves unix sockets with their file mode, to clients without a token", async () => {
  await using folder = await tempFolder();
  const socket = join(folder.path, "forsun.sock");
  const httpSocket = join(folder.path, "http.sock");
  const args = [
    ...["--socket", socket, "--http-socket", httpSocket],
    ...["--http", "127.0.0.1:0"],
  ];
  const env = {
    FORSUN_TOKENS: "read:0123456789abcdef",
    ACCESS_SOCKET_MODE: "0660",
  };
  const start = (file: string) =>
    startDaemon({ file: join(folder.path, file), args, env });
  const modeOf = async (path: string) =>
    ((await Deno.stat(path)).mode ?? 0) & 0o777;
  const ask = async () => {
    using client = Deno.createHttpClient({
      proxy: { transport: "unix", path: httpSocket },
    });
    const reply = await fetch("http://localhost/v1/keys", { client });
    return (await reply.json()).data;
  };
  {
    await using daemon = await start("store");
    assert.equal(await modeOf(socket), 0o660);
    assert.equal(await modeOf(httpSocket), 0o660);
    assert.match(await forsun("--host", `unix:${socket}`, "info"), /\w/);
    const web = httpPort(daemon.log());
    const refused = await fetch(`http://127.0.0.1:${web}/v1/keys`);
    assert.equal(refused.status, 401);
    await refused.body?.cancel();
    assert.deepEqual(await ask(), []);
    await assert.rejects(start("other"), /somebody listens there already/);
    await daemon.end("SIGKILL");
  }
  // What a killed daemon left makes way.
  await using again = await start("store");
  assert.match(await forsun("--host", `unix:${socket}`, "info"), /\w/);
  assert.deepEqual(await ask(), []);
  assert.equal((await again.end("SIGTERM")).code, 0);
});
