import assert from "node:assert/strict";
import { join } from "node:path";
import { NatsServer } from "../extension/nats_server.ts";
import { programCommand, startDaemon } from "../support/daemon_process.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp_folder.ts";

/*
 * These run the program with the permissions that it has, or the compiled one
 * that FORSUN_BINARY names.
 */

const examples = join(import.meta.dirname ?? ".", "../../examples/extensions");
const withNats = ["--extension-path", examples, "--extension", "nats"];

Deno.test("the program fires an action of an extension", async () => {
  await using folder = await tempFolder();
  await using server = new NatsServer();
  const file = join(folder.path, "store");
  await using daemon = await startDaemon({ file, args: withNats });
  using connection = await daemon.connect();
  const { client } = connection;
  const fields = [0, -1, -1, -1, -1, -1] as const;
  const params = { port: String(server.port), subject: "a.b", body: "hi" };
  await client.createTimeout("a", ...fields, 1, "nats", params);
  await eventually(() => server.messages.length === 1);
  assert.deepEqual(server.messages, [{ subject: "a.b", body: "hi" }]);
  assert.equal((await client.info()).extensions, "nats");
  assert.match(daemon.log(), /INFO extension: Loaded extension nats from /);
  assert.equal((await daemon.end("SIGTERM")).code, 0);
});

Deno.test("a program that only serves knows the actions of its extensions", async () => {
  await using folder = await tempFolder();
  await using daemon = await startDaemon({
    file: join(folder.path, "store"),
    env: { SERVER_MODE: "AGENT", EXTENSION_PATH: examples, EXTENSIONS: "nats" },
  });
  using connection = await daemon.connect();
  const { client } = connection;
  const fields = [30, -1, -1, -1, -1, -1] as const;
  const plan = await client.createTimeout("a", ...fields, 1, "nats", {
    subject: "a",
  });
  assert.equal(plan.action, "nats");
  await assert.rejects(
    client.createTimeout("b", ...fields, 1, "nats", {}),
    { code: 1007 },
  );
});

Deno.test("an extension that can't be loaded stops the start in one line", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  const write = (name: string, text: string) =>
    Deno.writeTextFile(join(path, name), text);
  await write("broken.js", "export default {a:1");
  await write("hangs.js", "await new Promise(() => {}); export default {};");
  await write(
    "waits.js",
    "export default { init: () => new Promise(() => {}) };",
  );
  await write(
    "typed.ts",
    "export default { init() { throw new Error('typed'); } };",
  );
  const isCompiled = Deno.env.get("FORSUN_BINARY") !== undefined;
  const cases: [string, RegExp][] = [
    ["none", /there is no none\.js, none\.mjs, .* in /],
    [
      "broken",
      /(Expected ',', got '<eof>'|Unexpected end of input) at \/.*broken\.js:\d+:\d+/,
    ],
    ["hangs", /importing \/.*hangs\.js takes over 0\.5 s/],
    ["waits", /init of \/.*waits\.js takes over 0\.5 s/],
    [
      "typed",
      isCompiled
        ? /typed\.ts is TypeScript, the compiled program loads JavaScript only/
        : /init threw: typed/,
    ],
  ];
  for (const [name, reason] of cases) {
    const [command, ...args] = [
      ...programCommand(),
      ...["serve", "--port", "0", "--extension-path", path],
      ...["--extension", name],
      ...["--driver-mem-store-file", join(path, "store")],
    ];
    const { code, stderr } = await new Deno.Command(command, {
      args,
      env: { NO_COLOR: "1", EXTENSION_LIMIT_SECONDS: "0.5" },
      stdin: "null",
      stdout: "null",
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.match(text, /^forsun: Cannot load extension "\w+": [^\n]+\n$/);
    assert.match(text, reason);
    assert.equal(code, 1);
  }
});
