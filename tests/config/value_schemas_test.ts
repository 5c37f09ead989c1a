import assert from "node:assert/strict";
import { homedir } from "node:os";
import * as v from "valibot";
import {
  address,
  anyNumber,
  flag,
  hostNames,
  logFormat,
  nameList,
  optionalPath,
  optionalText,
  path,
  rotation,
  someText,
  storeName,
  storePath,
  timeZone,
  wholeNumber,
} from "../../src/config/value_schemas.ts";
import { oneOf } from "../../src/config/word_schemas.ts";
import { systemTimeZone } from "../../src/core/system_time_zone.ts";

/** The value, or the message of what is wrong. */
function read(schema: v.GenericSchema<string, unknown>, text: string): unknown {
  const result = v.safeParse(schema, text);
  return result.success ? result.output : result.issues[0].message;
}

function check(
  schema: v.GenericSchema<string, unknown>,
  cases: readonly (readonly [text: string, value: unknown])[],
  refused: { readonly texts: readonly string[]; readonly message: string },
): void {
  for (const [text, value] of cases) {
    assert.deepEqual(read(schema, text), value, text);
  }
  for (const text of refused.texts) {
    assert.equal(read(schema, text), refused.message, text);
  }
}

Deno.test("wholeNumber() takes digits between its ends", () => {
  check(wholeNumber(1, 20), [["1", 1], ["20", 20], ["007", 7]], {
    texts: [
      "",
      "0",
      "21",
      "-1",
      "1.0",
      "1e1",
      "0x1",
      " 1",
      "one",
      "9".repeat(400),
    ],
    message: "must be a whole number from 1 to 20",
  });
});

Deno.test("anyNumber() takes fractions, too", () => {
  check(anyNumber(0, 1.5), [["0", 0], ["1.5", 1.5], ["0.25", 0.25]], {
    texts: ["", "1.51", "-0.1", ".5", "1.", "1e0", "NaN", "Infinity"],
    message: "must be a number from 0 to 1.5",
  });
});

Deno.test("oneOf() takes its words in any case", () => {
  check(oneOf(["always", "everysec", "no"]), [
    ["always", "always"],
    ["NO", "no"],
  ], {
    texts: ["", "alway", "no "],
    message: "must be always, everysec or no",
  });
  assert.equal(read(oneOf(["mem"]), "x"), "must be mem");
  assert.equal(read(oneOf(["TIMER", "AGENT"]), "agent"), "AGENT");
  assert.equal(read(oneOf(["TIMER", "AGENT"]), "x"), "must be TIMER or AGENT");
});

Deno.test("flag takes what people write for yes and no", () => {
  check(flag, [
    ["true", true],
    ["Yes", true],
    ["ON", true],
    ["1", true],
    ["false", false],
    ["no", false],
    ["off", false],
    ["0", false],
  ], {
    texts: ["", "2", "y", "truee"],
    message: "must be true or false",
  });
});

Deno.test("someText refuses what is empty, optionalText makes it undefined", () => {
  check(someText, [["a b", "a b"]], {
    texts: [""],
    message: "must not be empty",
  });
  check(optionalText, [["a", "a"], ["", undefined]], {
    texts: [],
    message: "",
  });
});

Deno.test("path and optionalPath put the home folder for a ~ at the start", () => {
  const cases = [
    ["~", homedir()],
    ["~/x", `${homedir()}/x`],
    ["~x", "~x"],
    ["/a/~/x", "/a/~/x"],
    ["-", "-"],
  ] as const;
  check(path, cases, { texts: [""], message: "must not be empty" });
  check(optionalPath, [...cases, ["", undefined]], { texts: [], message: "" });
});

Deno.test("address takes a host and a port, or nothing", () => {
  check(address, [
    ["", undefined],
    ["0.0.0.0:9000", { hostname: "0.0.0.0", port: 9000 }],
    ["localhost:0", { hostname: "localhost", port: 0 }],
    ["[::1]:80", { hostname: "::1", port: 80 }],
  ], {
    texts: ["9000", ":9000", "localhost", "localhost:", "a:65536", "::1:80"],
    message: "must be HOST:PORT with a port from 0 to 65535",
  });
});

Deno.test("rotation takes a day, a size or never", () => {
  check(rotation, [
    ["DAY", { kind: "day" }],
    ["day", { kind: "day" }],
    ["Never", { kind: "never" }],
    ["100M", { kind: "size", bytes: 104_857_600 }],
    ["1kb", { kind: "size", bytes: 1024 }],
    ["2048", { kind: "size", bytes: 2048 }],
    ["3G", { kind: "size", bytes: 3_221_225_472 }],
  ], {
    texts: ["", "0", "1023", "-1M", "1.5M", "M", "1T", "hourly", "1000000000G"],
    message: "must be DAY, NEVER or a size of 1K or more, such as 100M",
  });
});

Deno.test("logFormat takes text and json, and a format of Python's for text", () => {
  check(logFormat, [
    ["text", "text"],
    ["JSON", "json"],
    ["%(asctime)s %(process)d %(levelname)s %(message)s", "text"],
  ], { texts: ["", "xml", "100%"], message: "must be text or json" });
});

Deno.test("timeZone takes IANA names, and the system's when there is none", () => {
  const own = systemTimeZone();
  check(timeZone, [["Asia/Shanghai", "Asia/Shanghai"], ["UTC", "UTC"], [
    "",
    own,
  ]], {
    texts: ["Mars/Base", "+08:00", " UTC"],
    message: "must be a time zone such as Europe/Berlin",
  });
});

Deno.test("nameList takes names between semicolons, and none", () => {
  check(nameList, [
    ["", []],
    ["a", ["a"]],
    ["a; b ;;c/d.js;", ["a", "b", "c/d.js"]],
  ], { texts: [], message: "" });
});

Deno.test("storeName takes any name, those of built-in stores in any case", () => {
  check(storeName, [["MEM", "mem"], ["Redis", "redis"], ["Mine", "Mine"]], {
    texts: [""],
    message: "must not be empty",
  });
});

Deno.test("storePath refuses devices, but no disk in memory", () => {
  check(storePath, [["/srv/a", "/srv/a"], ["/dev/shm/a", "/dev/shm/a"]], {
    texts: ["/dev/null"],
    message: "must not be a device: plans are kept in the folder FILE.d",
  });
});

Deno.test("hostNames reads names in small letters, and refuses ports and URLs", () => {
  const message =
    "must be names of hosts with semicolons between them, without ports";
  check(hostNames, [
    ["", []],
    ["Forsun.example; timers,a.b.", ["forsun.example", "timers", "a.b"]],
  ], { texts: ["a:80", "http://a", "*.a", "a/b", "a..b"], message });
});
