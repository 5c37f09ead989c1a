import assert from "node:assert/strict";
import { join } from "node:path";
import { processState } from "../action/processes.ts";
import { CallbackServer } from "../support/callback_server.ts";
import { programCommand, startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { journalFiles } from "../support/memory_store_harness.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Runs the program to its end. */
async function forsun(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [command, ...rest] = [...programCommand(), ...args];
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: rest,
    env: { NO_COLOR: "1", TZ: "UTC" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("a plan set by the command line fires, and survives a kill -9 before it does", async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const file = join(folder.path, "store");
  {
    await using daemon = await startDaemon({ file });
    const port = ["--port", String(daemon.port)];
    const line = `set soon */1/1 * * * * * http 'url=${server.url}'`;
    const set = await forsun(...port, line);
    assert.equal(set.stderr, "");
    assert.equal(set.code, 0);
    assert.match(
      set.stdout,
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00 soon \*\/1\/1 \* \* \* \* \* http "url='http:[^']+'"\n$/,
    );
    await server.until(() => server.callbacks.length === 1, 15_000);
    const later = ["--in", "8s", "--http", server.url];
    assert.equal((await forsun(...port, "set", "later", ...later)).code, 0);
    await daemon.end("SIGKILL");
  }
  await using daemon = await startDaemon({ file });
  const port = ["--port", String(daemon.port)];
  assert.match((await forsun(...port, "ls")).stdout, / later \*\/8\/1 /);
  await server.until(() => server.callbacks.length === 2, 30_000);
  assert.deepEqual(server.callbacks.map(({ key }) => key), ["soon", "later"]);
  const { code } = await daemon.end("SIGTERM");
  assert.equal(code, 0);
  assert.match(daemon.log(), /forsun has stopped\n$/);
});

Deno.test("a plan that fell due while no daemon ran fires at the next start", async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const file = join(folder.path, "store");
  {
    await using daemon = await startDaemon({ file });
    using connection = await daemon.connect();
    const params = { url: server.url };
    await connection.client.createTimeout(
      ...["a", 1, 0, 0, 0, 0, -1, 1, "http", params] as const,
    );
    await daemon.end("SIGKILL");
  }
  const wait = 2000 - Date.now() % 1000;
  await new Promise((resolve) => setTimeout(resolve, wait));
  await using _daemon = await startDaemon({ file });
  await server.until(() => server.callbacks.length === 1, 15_000);
});

Deno.test("a running shell action ends before the daemon does, when it is told to stop", async () => {
  await using folder = await tempFolder();
  const done = join(folder.path, "done");
  const begun = join(folder.path, "begun");
  await using daemon = await startDaemon({ file: join(folder.path, "store") });
  using connection = await daemon.connect();
  const cmd = `echo > ${begun}; sleep 1; echo > ${done}`;
  await connection.client.createTimeout(
    ...["a", 0, 0, 0, 0, 0, -1, 1, "shell", { cmd }] as const,
  );
  while (!await exists(begun)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal((await daemon.end("SIGTERM")).code, 0);
  assert.ok(await exists(done));
});

Deno.test("a second SIGTERM ends the daemon at once, and what its shell actions run", async () => {
  await using folder = await tempFolder();
  const pids = join(folder.path, "pids");
  await using daemon = await startDaemon({ file: join(folder.path, "store") });
  using connection = await daemon.connect();
  const cmd =
    `sleep 1000 & echo $$ $! > ${pids}.new; mv ${pids}.new ${pids}; wait`;
  await connection.client.createTimeout(
    ...["a", 0, 0, 0, 0, 0, -1, 1, "shell", { cmd }] as const,
  );
  await eventually(() => exists(pids));
  Deno.kill(daemon.pid, "SIGTERM");
  await eventually(async () => !await accepts(daemon.port));
  assert.equal((await daemon.end("SIGTERM")).code, 1);
  for (const pid of (await Deno.readTextFile(pids)).trim().split(" ")) {
    await eventually(async () =>
      [undefined, "Z"].includes(await processState(Number(pid)))
    );
  }
});

Deno.test("a second daemon on the same store is refused in one line", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "store");
  await using _daemon = await startDaemon({ file });
  const args = ["serve", "--port", "0", "--driver-mem-store-file", file];
  const { code, stdout, stderr } = await forsun(...args);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    `forsun: Another daemon has the mem store ${file}.d open\n`,
  );
});

Deno.test("a port that is taken is refused in one line", async () => {
  await using folder = await tempFolder();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const file = join(folder.path, "store");
  const { code, stderr } = await forsun(
    ...["serve", "--port", String(port), "--driver-mem-store-file", file],
  );
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^forsun: Cannot listen on 127\.0\.0\.1:\d+: Address already in use[^\n]*\n$/,
  );
});

Deno.test("a damaged journal is told of, and stops a start that is to be strict", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "store");
  {
    await using daemon = await startDaemon({ file });
    using connection = await daemon.connect();
    for (const key of ["a", "b", "c"]) {
      const fields = [0, 0, 1, 0, 0, -1] as const;
      const params = { cmd: "true" };
      await connection.client.createTimeout(key, ...fields, 1, "shell", params);
    }
    await daemon.end("SIGTERM");
  }
  const [path] = await journalFiles(`${file}.d`);
  const bytes = await Deno.readFile(path);
  bytes[40] ^= 0xff;
  await Deno.writeFile(path, bytes);
  const strict = await forsun(
    ...["serve", "--port", "0", "--driver-mem-store-file", file],
    "--strict-recovery",
  );
  assert.equal(strict.code, 1);
  assert.match(
    strict.stderr,
    /^forsun: The journal is damaged: .+\.journal, bytes 24 to \d+\n$/,
  );
  await using daemon = await startDaemon({ file });
  assert.match(
    daemon.log(),
    /ERROR store: The journal is damaged, its plans there are lost: /,
  );
  using connection = await daemon.connect();
  assert.deepEqual(await connection.client.getKeys(""), ["b", "c"]);
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
