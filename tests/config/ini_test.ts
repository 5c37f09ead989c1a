import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIni } from "../../src/config/ini.ts";
import { randomRuns } from "../support/random.ts";

/** Each entry as `section|key|value|line`. */
function read(text: string): string[] {
  return parseIni(text).map(({ section, key, value, line }) =>
    [section, key, value, line].join("|")
  );
}

Deno.test("parseIni() reads keys before and in sections, with their lines", () => {
  const text = `# the first
port=6458

bind_address = 127.0.0.1
[store]
driver= mem
; the last
[action]
shell_cwd =/tmp
[global]
log_level: INFO
`;
  assert.deepEqual(read(text), [
    "|port|6458|2",
    "|bind_address|127.0.0.1|4",
    "store|driver|mem|6",
    "action|shell_cwd|/tmp|9",
    "|log_level|INFO|11",
  ]);
});

Deno.test("parseIni() takes any line end, a byte order mark and blanks", () => {
  assert.deepEqual(
    read("\ufeffport=1\r\n\t[ store ]\r\n  driver = mem\t\rb=2"),
    [
      "|port|1|1",
      "store|driver|mem|3",
      "store|b|2|4",
    ],
  );
  assert.deepEqual(read(""), []);
  assert.deepEqual(read("\ufeff"), []);
});

Deno.test("parseIni() takes the value as it stands", () => {
  const cases = [
    ["a=", "|a||1"],
    ["a", "|a||1"],
    ["a =  b  c ", "|a|b  c|1"],
    ["a=b=c", "|a|b=c|1"],
    ["a=b:c", "|a|b:c|1"],
    ["a:b=c", "|a|b=c|1"],
    ["a='b'", "|a|'b'|1"],
    ["a=b # c", "|a|b # c|1"],
    ["a=#b", "|a|#b|1"],
    ["a=100%", "|a|100%|1"],
    ["a=[b]", "|a|[b]|1"],
    ["PORT=1", "|port|1|1"],
  ];
  for (const [text, entry] of cases) assert.deepEqual(read(text), [entry]);
});

Deno.test("parseIni() refuses other lines and shows no more than a word of them", () => {
  const cases = [
    ["a=1\nport 6458", 'line 2 must be key = value, got "port …"'],
    ["passwd hunter2 x=1", 'line 1 must be key = value, got "passwd …"'],
    ["= hunter2", 'line 1 must be key = value, got " …"'],
    ["[store", 'line 1 must be [section], got "[store"'],
    ["[store] # x", 'line 1 must be [section], got "[store] …"'],
    ["[a b]", 'line 1 must be [section], got "[a …"'],
    ["[]", 'line 1 must be [section], got "[]"'],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseIni(text), { message }, text);
  }
});

Deno.test("parseIni() takes any text or refuses it in one line", () => {
  const piece = fc.constantFrom("a", "=", ":", " ", "\n", "\r", "[", "]", "#");
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const text = pieces.join("");
      try {
        for (const { key, value, line } of parseIni(text)) {
          assert(key !== "" && key === key.toLowerCase());
          assert.equal(value, value.trim());
          assert(text.split(/\r\n|\n|\r/)[line - 1].includes(value));
        }
      } catch (error) {
        assert(error instanceof Error);
        assert.match(error.message, /^line \d+ must be .+$/);
      }
    }),
    randomRuns(1000),
  );
});
