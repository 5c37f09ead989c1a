import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load_config.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { checkConfig } from "../../src/daemon/check_config.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startTestDaemon } from "../support/test_daemon.ts";

interface Given {
  readonly flags?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

async function check(
  { flags = {}, environment = {} }: Given,
): Promise<string> {
  const { config } = loadConfig({
    flags: new Map(Object.entries({ port: "0", ...flags })),
    environment: (name) => environment[name],
    file: undefined,
  });
  return await refusalOf(checkConfig(config, { clock: systemClock }));
}

async function start(given: Given): Promise<string> {
  return await refusalOf(
    startTestDaemon(given).then((daemon) => daemon[Symbol.asyncDispose]()),
  );
}

async function refusalOf(work: Promise<void>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
}

Deno.test("checkConfig() finds what a start refuses, in the same words", async () => {
  await using folder = await tempFolder();
  const missing = join(folder.path, "missing");
  const broken = join(folder.path, "broken.js");
  await Deno.writeTextFile(broken, "export default 5;\n");
  const cases: readonly [Given, RegExp][] = [
    [{ flags: { driver: "nope" } }, /^store\.driver must be .*got "nope"$/],
    [{ flags: { actions: "htp" } }, /^action\.actions must .*got "htp"$/],
    [{ flags: { allow: "10.0.0.0/99" } }, /^access\.allow must be CIDR/],
    [{ flags: { "token-file": missing } }, /^Cannot read access\.token_file/],
    [{ environment: { FORSUN_TOKENS: "x" } }, /^access\.tokens entry 1/],
    [{ flags: { "tls-key": missing } }, /^access\.tls_cert and .* together$/],
    [{ flags: { "tls-cert": missing, "tls-key": missing } }, /^Cannot read /],
    [
      { environment: { ACTION_HTTP_SIGNING_KEY_FILE: missing } },
      /^Cannot read action\.http_signing_key_file/,
    ],
    [{ flags: { extension: missing } }, /^Cannot load extension /],
    [{ flags: { extension: broken } }, /must export an object with a function/],
    [{ flags: { bind: "0.0.0.0" } }, /^Cannot listen on 0\.0\.0\.0: everyone/],
    [
      { flags: { bind: "192.0.2.1", insecure: "true" } },
      /^Cannot listen on 192\.0\.2\.1:0: /,
    ],
    [{ flags: { socket: `${missing}/s` } }, /^Cannot listen on unix:.*No such/],
    [{ flags: { socket: broken } }, /it is no socket$/],
    [{ flags: { "http-socket": missing } }, /http_socket needs http_bind$/],
    [
      {
        flags: { driver: "redis" },
        environment: { STORE_REDIS_CA: missing },
      },
      /^Cannot read store\.redis_ca .*: No such file/,
    ],
  ];
  for (const [given, expected] of cases) {
    const message = await check(given);
    assert.match(message, expected);
    assert.equal(message, await start(given));
  }
});

Deno.test("checkConfig() finds an address of HTTP that can't be had, or is that of Thrift", async () => {
  const flags = { http: "192.0.2.1:0", insecure: "true" };
  assert.match(await check({ flags }), /^Cannot listen on 192\.0\.2\.1:0: /);
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(free.addr.port);
  const twice = { port, http: `127.0.0.1:${port}` };
  assert.equal(await check({ flags: twice }), "");
  free.close();
  assert.match(await check({ flags: twice }), /^Cannot listen .* in use/);
});

Deno.test("checkConfig() does not disturb a daemon that runs", async () => {
  await using folder = await tempFolder();
  const socket = join(folder.path, "socket");
  await using daemon = await startTestDaemon({ flags: { socket } });
  const flags = { port: String(daemon.port), socket };
  assert.equal(await check({ flags }), "");
  (await Deno.connect({ transport: "unix", path: socket })).close();
  (await Deno.connect({ port: daemon.port })).close();
});
