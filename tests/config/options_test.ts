import assert from "node:assert/strict";
import { idleOptions, type Option, options } from "../../src/config/options.ts";

const all = [...Object.values<Option>(options), ...idleOptions];

/** What configuration files of the first daemon have. */
const oldKeys = {
  "": "port bind_address http_bind log_file log_level log_format",
  store:
    `driver status_expried mem_store_file mem_time_rate redis_host redis_port
    redis_db redis_password redis_prefix redis_server_id redis_max_connections
    redis_client_timeout redis_bulk_size redis_currenttime_expried
    redis_plan_expried redis_plantime_expried`,
  action:
    `retry_delay_seconds retry_delay_rate retry_max_count poll_idle_seconds
    shell_cwd http_max_clients http_connect_timeout http_request_timeout
    http_user_agent redis_max_connections redis_client_timeout redis_bulk_size
    thrift_max_connections mysql_user mysql_passwd mysql_max_connections
    mysql_wait_connection_timeout mysql_idle_seconds`,
  extension: "path extensions",
};
const newerKeys = {
  "": "server_mode log_rotate log_backup_count",
  store: "mem_fsync",
};

const oldFlags = `bind port http log log-level driver driver-mem-store-file
  driver-redis-host driver-redis-port driver-redis-db driver-redis-password
  driver-redis-prefix driver-redis-server-id extension-path extension`;

Deno.test("options know every key that there ever was", () => {
  const names = all.map(({ name }) => name);
  for (const keys of [oldKeys, newerKeys]) {
    for (const [section, list] of Object.entries(keys)) {
      for (const key of list.split(/\s+/)) {
        const name = section === "" ? key : `${section}.${key}`;
        assert(names.includes(name), name);
      }
    }
  }
});

Deno.test("options know every flag of the first daemon", () => {
  const flags = all.map(({ flag }) => flag);
  for (const flag of oldFlags.split(/\s+/)) assert(flags.includes(flag), flag);
});

Deno.test("options have names and flags of their own", () => {
  for (const part of ["name", "flag"] as const) {
    const given = all.map((option) => option[part]).filter((text) => text);
    assert.deepEqual(given, [...new Set(given)]);
  }
});

Deno.test("docs/running.md names every option that SIGHUP changes", async () => {
  const text = await Deno.readTextFile(
    new URL("../../docs/running.md", import.meta.url),
  );
  const [paragraph = ""] = /\*\*SIGHUP\*\*.+?\n\n/s.exec(text) ?? [];
  const reloadable = Object.values<Option>(options)
    .filter(({ isReloadable }) => isReloadable)
    .map(({ name }) => name.replace(/^.+\./, ""));
  const named = [...paragraph.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
  const sections = ["access", "action"];
  assert.deepEqual(
    named.filter((name) => !sections.includes(name)).sort(),
    reloadable.sort(),
  );
});

Deno.test("options that are passwords are secret, and no others", () => {
  const secrets = Object.values<Option>(options)
    .filter(({ isSecret }) => isSecret).map(({ name }) => name);
  const named = Object.values<Option>(options)
    .filter(({ name }) => /passw|tokens$|_keys$|_url$/.test(name)).map((
      { name },
    ) => name);
  assert.deepEqual(secrets, named);
});
