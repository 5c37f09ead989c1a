import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ParamReader } from "../../src/action/params.ts";
import {
  needOwnConnection,
  readRedisCommands,
  type RedisCommand,
} from "../../src/action/redis_command.ts";

function read(command: string): readonly RedisCommand[] {
  return readRedisCommands(new ParamReader("redis", { command }));
}

Deno.test("readRedisCommands() splits at ; outside quotes and takes the quoting away", () => {
  deepStrictEqual(read(` set a 'x;y' ;;\tjson.set "it's" $ '{"a":1}';`), [
    { name: "SET", args: ["a", "x;y"] },
    { name: "JSON.SET", args: ["it's", "$", '{"a":1}'] },
  ]);
});

Deno.test("readRedisCommands() gives bytes that are not UTF-8 back", () => {
  deepStrictEqual(read("SET a x\udcff"), [
    { name: "SET", args: ["a", Buffer.from([0x78, 0xff])] },
  ]);
});

Deno.test("readRedisCommands() names what it refuses", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "is missing"],
    [" ; ", 'must have a command, got " ; "'],
    ["SET a 'b", `has a quote at 7 that is not closed, got "SET a 'b"`],
    [
      "PING; SET a it's",
      `has a quote at 13 that is not closed, got "PING; SET a it's"`,
    ],
    ["'' a", 'must begin with a command\'s name, got ""'],
    ["$get a", 'must begin with a command\'s name, got "$GET"'],
    [
      "GET a; subscribe b",
      'must be one that Redis replies to, got "SUBSCRIBE"',
    ],
    ["MONITOR", 'must be one that Redis replies to, got "MONITOR"'],
    ["CLIENT reply off", 'must be one that Redis replies to, got "CLIENT"'],
    ["Script  debug yes", 'must be one that Redis replies to, got "SCRIPT"'],
    ["MULTI; EXEC a", 'must give EXEC no arguments, got "MULTI; EXEC a"'],
    [
      "MULTI; discard a",
      'must give DISCARD no arguments, got "MULTI; discard a"',
    ],
    ["EXEC", 'must have a MULTI before its EXEC, got "EXEC"'],
    [
      "MULTI; EXEC; DISCARD",
      'must have a MULTI before its DISCARD, got "MULTI; EXEC; DISCARD"',
    ],
    [
      "MULTI; MULTI; EXEC",
      'must end its MULTI before another, got "MULTI; MULTI; EXEC"',
    ],
    ["MULTI; SET a 1", 'must end its MULTI with EXEC, got "MULTI; SET a 1"'],
  ];
  for (const [command, message] of cases) {
    throws(() => read(command), {
      code: 1007,
      message: `Param "command" of action "redis" ${message}`,
    });
  }
});

Deno.test("needOwnConnection() holds for what changes or blocks a connection", () => {
  const own = [
    "select 1",
    "GET a; BLPOP q 0",
    "WATCH a",
    "MULTI; DISCARD",
    "CLIENT LIST",
    "XREAD STREAMS a 0",
  ];
  const shared = [
    "GET a",
    "MULTI; GET a; EXEC",
    "MULTI; GET a; EXEC; MULTI; EXEC",
    "EVAL 'return 1' 0",
    "PUBLISH a b",
  ];
  for (const command of own) {
    strictEqual(needOwnConnection(read(command)), true, command);
  }
  for (const command of shared) {
    strictEqual(needOwnConnection(read(command)), false, command);
  }
});
