import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load_config.ts";
import { reloadConfig } from "../../src/config/reload_config.ts";

function load(text: string) {
  return loadConfig({
    flags: new Map(),
    environment: () => undefined,
    file: { path: "f.conf", text },
  });
}

Deno.test("reloadConfig() takes what can change, and says what that is", () => {
  const live = {
    ...load("log_level = INFO\n[action]\nretry_max_count = 1").config,
  };
  const next = load("log_level = debug\n[action]\nretry_max_count = 7");
  assert.deepEqual(reloadConfig(live, next), {
    applied: [
      'log_level (f.conf line 1) is "DEBUG" now, was "INFO"',
      'action.retry_max_count (f.conf line 3) is "7" now, was "1"',
    ],
    pending: [],
  });
  assert.deepEqual([live.logLevel, live.retryMaxCount], ["DEBUG", 7]);
  assert.deepEqual(reloadConfig(live, next), { applied: [], pending: [] });
});

Deno.test("reloadConfig() leaves what only a restart can change, and says so each time", () => {
  const live = { ...load("").config };
  const next = load("port = 7\n[store]\nmem_fsync = no");
  const report = {
    applied: [],
    pending: [
      'port (f.conf line 1) stays "6458" until a restart, then "7"',
      'store.mem_fsync (f.conf line 3) stays "always" until a restart, then "no"',
    ],
  };
  assert.deepEqual(reloadConfig(live, next), report);
  assert.deepEqual(reloadConfig(live, next), report);
  assert.deepEqual([live.port, live.memFsync], [6458, "always"]);
});
