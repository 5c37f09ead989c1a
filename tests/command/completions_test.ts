import assert from "node:assert/strict";
import fc from "fast-check";
import { findCompletions } from "../../src/command/completions.ts";
import { tokenize } from "../../src/command/tokenizer.ts";
import { anyText, fuzzing } from "./fuzzing.ts";

const keys = ["order:1", "order:2", "other", "a b", "it's"];
const sources = {
  listKeys: (prefix: string) =>
    Promise.resolve(keys.filter((key) => key.startsWith(prefix))),
  listActions: () => Promise.resolve(["shell", "sh", "http", "redis"]),
};

async function complete(before: string): Promise<readonly string[]> {
  const { from, candidates } = await findCompletions(before, sources);
  return candidates.map((candidate) => before.slice(0, from) + candidate);
}

Deno.test("findCompletions() offers commands", async () => {
  assert.deepEqual(await complete("e"), ["exit"]);
  assert.deepEqual(await complete(" ls; cu"), [" ls; current"]);
  assert.deepEqual(await complete("ls;"), [
    "ls;help",
    "ls;exit",
    "ls;version",
    "ls;ls",
    "ls;current",
    "ls;time",
    "ls;get",
    "ls;rm",
    "ls;info",
    "ls;nodes",
    "ls;set",
  ]);
  assert.deepEqual(await complete("help s"), ["help set"]);
  assert.deepEqual(await complete("zz"), []);
});

Deno.test("findCompletions() offers keys, quoted as they need it", async () => {
  for (const name of ["get", "rm", "ls", "set"]) {
    assert.deepEqual(await complete(`${name} ord`), [
      `${name} order:1`,
      `${name} order:2`,
    ]);
  }
  assert.deepEqual(await complete("get a"), ["get 'a b'"]);
  assert.deepEqual(await complete('get "a '), ['get "a b"']);
  assert.deepEqual(await complete("get 'it"), [String.raw`get 'it\'s'`]);
  assert.deepEqual(await complete('get "it'), [`get "it's"`]);
  assert.deepEqual(await complete("get order:1 "), []);
  assert.deepEqual((await complete("get ")).length, keys.length);
});

Deno.test("findCompletions() asks for a bounded number of keys", async () => {
  const asked: unknown[] = [];
  const { candidates } = await findCompletions("get x", {
    listKeys: (prefix, limit) => {
      asked.push([prefix, limit]);
      return Promise.resolve(Array.from({ length: 500 }, (_, i) => `x${i}`));
    },
    listActions: () => Promise.resolve([]),
  });
  assert.deepEqual(asked, [["x", 100]]);
  assert.equal(candidates.length, 100);
});

Deno.test("findCompletions() offers what each word of set may be", async () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["set k ", ["*", "*/", "cron", "TZ="]],
    ["set k *", ["*", "*/"]],
    ["set k c", ["cron"]],
    ["set k TZ=UTC ", ["*", "cron"]],
    ["set k * ", ["*", "*/"]],
    ["set k * * * * * ", ["*", "*/"]],
    ["set k * * * * * * s", ["shell", "sh"]],
    ["set k TZ=UTC * * * * * * h", ["http"]],
    ["set k cron @d", ["@daily"]],
    ["set k cron '@h", ["'@hourly'"]],
    ["set k cron '0 9 * * *' r", ["redis"]],
    ["set k cron @daily redis ", []],
    ["set k * * * * * * redis 'h", []],
    ["time ", []],
    ["exit ", []],
    ["nothing ", []],
  ];
  for (const [before, candidates] of cases) {
    const found = await findCompletions(before, sources);
    assert.deepEqual(found.candidates, candidates, before);
  }
});

Deno.test("findCompletions() takes any text, and a candidate ends as one word", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText,
      anyText,
      fc.constantFrom("", "get ", "get '", 'ls;rm "', "set k * "),
      async (typed, rest, start) => {
        const before = start + typed;
        const { from, candidates } = await findCompletions(before, {
          listKeys: (prefix) => Promise.resolve([prefix + rest]),
          listActions: sources.listActions,
        });
        assert(from <= before.length);
        for (const candidate of candidates) {
          const line = before.slice(0, from) + candidate;
          const { words } = tokenize(line).slice(-1)[0];
          const last = words[words.length - 1];
          assert.equal(last.start, from);
          assert(last.closed && last.end === line.length);
        }
      },
    ),
    fuzzing,
  );
});
