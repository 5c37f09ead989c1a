import assert from "node:assert/strict";
import { join } from "node:path";
import {
  maxHistory,
  mayHoldSecret,
  openHistory,
} from "../../src/cli/history.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("openHistory() keeps lines in a file that only its owner may read", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "history");
  const history = openHistory(path);
  assert.deepEqual(history.lines, []);
  for (const line of ["ls", "get a", "get a", "info"]) history.add(line);
  assert.equal(await Deno.readTextFile(path), "ls\nget a\ninfo\n");
  const { mode } = await Deno.stat(path);
  assert.equal((mode ?? 0) & 0o777, 0o600);
  assert.deepEqual(openHistory(path).lines, ["info", "get a", "ls"]);
});

Deno.test("openHistory() lets two prompts share a file", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "history");
  const [one, other] = [openHistory(path), openHistory(path)];
  one.add("ls");
  other.add("info");
  one.add("current");
  assert.deepEqual(openHistory(path).lines, ["current", "info", "ls"]);
});

Deno.test("openHistory() drops the oldest lines of a long file", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "history");
  const lines = Array.from(
    { length: 2 * maxHistory },
    (_, i) => `get ${i}`,
  );
  const text = lines.map((line) => `${line}\n`).join("");
  await Deno.writeTextFile(path, text);
  assert.equal(openHistory(path).lines.length, maxHistory);
  assert.equal(await Deno.readTextFile(path), text);
  openHistory(path).add("ls");
  const { lines: kept } = openHistory(path);
  assert.equal(kept.length, maxHistory);
  assert.deepEqual(kept.slice(0, 2), ["ls", `get ${2 * maxHistory - 1}`]);
  const written = await Deno.readTextFile(path);
  assert.equal(written, kept.toReversed().map((line) => `${line}\n`).join(""));
});

Deno.test("openHistory() does without a file that it can't have", async () => {
  await using folder = await tempFolder();
  for (const path of [undefined, folder.path, join(folder.path, "no/such")]) {
    const history = openHistory(path);
    history.add("ls");
    assert.deepEqual(history.lines, []);
  }
});

Deno.test("openHistory() does not keep secrets, nor what begins with a blank", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "history");
  const history = openHistory(path);
  history.add("set a * * * * * * mysql 'passwd=hunter2;sql=x'");
  history.add(" ls");
  history.add("ls");
  assert.equal(await Deno.readTextFile(path), "ls\n");
});

Deno.test("mayHoldSecret() looks at names and URLs of what is set", () => {
  const secrets = [
    "set a 1 * * * * * redis 'password=x;command=y'",
    "ls; set a 1 * * * * * http \"header_Authorization='x';url=y\"",
    "set a 1 * * * * * http 'http://me:hunter2@x/'",
    "set a 1 * * * * * http 'url=https://hunter2@x/'",
    "set a 1 * * * * * http 'url=http://m@e:hunter2@x/'",
    "set a 1 * * * * * shell 'MYSQL_PASSWORD=x mysqldump'",
    "set a 1 * * * * * http 'http://x/?token=y'",
  ];
  for (const line of secrets) assert(mayHoldSecret(line), line);
  const others = [
    "set a 1 * * * * * http 'http://x:80/a@b'",
    "get password",
    "ls token:",
    "reset password",
    "",
  ];
  for (const line of others) assert(!mayHoldSecret(line), line);
});
