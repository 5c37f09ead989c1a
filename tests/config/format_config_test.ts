import assert from "node:assert/strict";
import * as v from "valibot";
import {
  formatConfig,
  formatConfigJson,
} from "../../src/config/format_config.ts";
import { formatValue } from "../../src/config/format_value.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { type Option, options } from "../../src/config/options.ts";
import {
  address,
  hostPorts,
  rotation,
} from "../../src/config/value_schemas.ts";

const loaded = loadConfig({
  flags: new Map([["http", "[::1]:9000"]]),
  environment: (name) => name === "ACTION_SHELL_CWD" ? "/srv/a b" : undefined,
  file: { path: "f.conf", text: "log_rotate = 100M\n[store]\nmem_fsync = no" },
});

Deno.test("formatConfig() prints each value that counts, and where it is from", () => {
  const lines = formatConfig(loaded);
  assert.equal(lines.length, Object.keys(options).length);
  const line = (name: string) =>
    lines.find((one) => one.startsWith(`${name} `))?.split(/ {2,}/);
  assert.deepEqual(line("port"), ["port", "6458", "default"]);
  assert.deepEqual(line("http_bind"), ["http_bind", "[::1]:9000", "--http"]);
  assert.deepEqual(line("log_rotate"), [
    "log_rotate",
    "100M",
    "f.conf line 1",
  ]);
  assert.deepEqual(line("store.mem_fsync"), [
    "store.mem_fsync",
    "no",
    "f.conf line 3",
  ]);
  assert.deepEqual(line("action.shell_cwd"), [
    "action.shell_cwd",
    '"/srv/a b"',
    "environment ACTION_SHELL_CWD",
  ]);
  assert.deepEqual(line("pid_file"), ["pid_file", '""', "default"]);
});

Deno.test("formatConfigJson() has values of their own types", () => {
  const values = JSON.parse(formatConfigJson(loaded));
  assert.deepEqual(values.port, { value: 6458, origin: "default" });
  assert.deepEqual(values["store.strict_recovery"].value, false);
  assert.deepEqual(values.http_bind.value, "[::1]:9000");
  assert.deepEqual(values.pid_file.value, null);
  assert.deepEqual(values["action.shell_cwd"].value, "/srv/a b");
});

Deno.test("formatConfig() and formatConfigJson() mask secrets", () => {
  const secrets = Object.values<Option>(options).filter((it) => it.isSecret);
  const text = secrets.map(({ name }) => {
    const [section, key] = name.split(".");
    const value = key.endsWith("_url") ? "redis://:hunter2@a" : "hunter2";
    return `[${section}]\n${key} = ${value}\n`;
  }).join("");
  const secret = loadConfig({
    flags: new Map(),
    environment: () => undefined,
    file: { path: "f.conf", text },
  });
  const printed = [...formatConfig(secret), formatConfigJson(secret)].join(
    "\n",
  );
  assert.doesNotMatch(printed, /hunter2/);
  for (const { name } of secrets) {
    assert.match(printed, new RegExp(`^${name} +\\*{8} +f.conf line`, "m"));
  }
});

Deno.test("formatValue() writes values as they are read", () => {
  const cases = [
    [rotation, ["DAY", "NEVER", "100M", "1K", "3G", "1025"]],
    [address, ["a:1", "[::1]:80"]],
    [hostPorts, ["", "a:1", "a:1;[::1]:80"]],
  ] as const;
  for (const [schema, texts] of cases) {
    for (const text of texts) {
      assert.equal(formatValue(v.parse(schema, text)), text);
    }
  }
});
