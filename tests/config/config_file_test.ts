import assert from "node:assert/strict";
import { readConfigFile } from "../../src/config/config_file.ts";

const known = [
  "port",
  "log_file",
  "store.driver",
  "store.redis_host",
  "x.port",
];
const path = "/etc/forsun.conf";

function read(text: string): readonly unknown[] {
  return [...readConfigFile({ path, text }, known)];
}

Deno.test("readConfigFile() gives the values that are there, and where", () => {
  assert.deepEqual(
    read("port = 1\nlog_file =\n[store]\nredis_host\ndriver = mem\n"),
    [
      ["port", { value: "1", origin: "/etc/forsun.conf line 1" }],
      ["store.driver", { value: "mem", origin: "/etc/forsun.conf line 5" }],
    ],
  );
});

Deno.test("readConfigFile() refuses what it doesn't know, and says what may be meant", () => {
  const cases = [
    ["prot=1", 'line 1 has an unknown key, "prot", did you mean "port"?'],
    ["something=1", 'line 1 has an unknown key, "something"'],
    [
      "[store]\ndrvier=mem",
      'line 2 has an unknown key in [store], "drvier", did you mean "driver"?',
    ],
    [
      "redis_host=a",
      'line 1 has an unknown key, "redis_host", it belongs in [store]',
    ],
    [
      "[store]\nlog_file=a",
      'line 2 has an unknown key in [store], "log_file", it belongs before all sections',
    ],
    [
      "[stor]\ndriver=mem",
      "line 2 is in an unknown section, [stor], did you mean [store]?",
    ],
    ["[redis]\na=1", "line 2 is in an unknown section, [redis]"],
    [
      "store.driver=1",
      'line 1 has an unknown key, "store.driver", it belongs in [store]',
    ],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => read(text),
      { message: `/etc/forsun.conf ${message}` },
      text,
    );
  }
});

Deno.test("readConfigFile() refuses a key that comes twice, even without a value", () => {
  const message =
    "/etc/forsun.conf line 4 gives store.driver again, after line 2";
  for (const value of ["mem", "", "redis"]) {
    const text = `[store]\ndriver=mem\n[store]\nDRIVER=${value}`;
    assert.throws(() => read(text), { message });
  }
});

Deno.test("readConfigFile() names the file and the line of what can't be read", () => {
  assert.throws(() => read("port=1\n???"), {
    message: '/etc/forsun.conf line 2 has an unknown key, "???"',
  });
  assert.throws(() => read("port=1\na b"), {
    message: '/etc/forsun.conf line 2 must be key = value, got "a …"',
  });
});
