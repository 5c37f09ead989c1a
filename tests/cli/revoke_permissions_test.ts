import assert from "node:assert/strict";
import { findUnneeded } from "../../src/cli/revoke_permissions.ts";
import { loadConfig } from "../../src/config/load_config.ts";

function unneeded(flags: Readonly<Record<string, string>>) {
  const { config } = loadConfig({
    flags: new Map(Object.entries(flags)),
    environment: () => undefined,
    file: undefined,
  });
  return findUnneeded(config).map(({ name }) => name);
}

Deno.test("findUnneeded() keeps what the configuration needs, and nothing else", () => {
  assert.deepEqual(unneeded({}), []);
  assert.deepEqual(unneeded({ actions: "http;shell" }), []);
  assert.deepEqual(unneeded({ actions: "http" }), ["run"]);
  const redis = { driver: "redis" };
  assert.deepEqual(unneeded(redis), ["write"]);
  assert.deepEqual(unneeded({ ...redis, actions: "http" }), ["run", "write"]);
  assert.deepEqual(unneeded({ ...redis, log: "/var/log/forsun" }), []);
  assert.deepEqual(unneeded({ ...redis, "pid-file": "/run/forsun" }), []);
  assert.deepEqual(unneeded({ ...redis, socket: "/run/forsun.sock" }), []);
  assert.deepEqual(unneeded({ actions: "http", extension: "mine" }), []);
});
