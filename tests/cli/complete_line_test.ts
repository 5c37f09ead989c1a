import assert from "node:assert/strict";
import { openSession } from "../../src/cli/client_flags.ts";
import { completeLine } from "../../src/cli/complete_line.ts";
import { startTestDaemon } from "../support/test_daemon.ts";
import { createRecordingTerminal, runInProcess } from "./in_process.ts";

async function complete(before: string, port: number) {
  const terminal = createRecordingTerminal();
  using session = openSession({ port: String(port) }, terminal);
  const completed = await completeLine(before, session);
  assert.equal(terminal.stdout + terminal.stderr, "");
  return completed;
}

Deno.test("completeLine() ends a word that can be only one with a blank", async () => {
  await using daemon = await startTestDaemon();
  const { port } = daemon;
  await runInProcess(["set 'a b' */500 * * * * * shell ls"], { port });
  assert.deepEqual(await complete("ls; ge", port), {
    candidates: ["get "],
    replaced: "ge",
  });
  assert.deepEqual(await complete("get a", port), {
    candidates: ["'a b' "],
    replaced: "a",
  });
  assert.deepEqual(await complete("set a T", port), {
    candidates: ["TZ="],
    replaced: "T",
  });
  assert.deepEqual(await complete("set a * * * * * * nothing", port), {
    candidates: [],
    replaced: "nothing",
  });
});

Deno.test("completeLine() offers the daemon's own actions", async () => {
  await using daemon = await startTestDaemon();
  const { port } = daemon;
  const { stdout } = await runInProcess(["info", "--json"], { port });
  const { candidates } = await complete("set a * * * * * * ", port);
  assert.deepEqual(candidates, JSON.parse(stdout).actions.split("; "));
});

Deno.test("completeLine() tells that there are more keys, and extends none of them", async () => {
  await using daemon = await startTestDaemon();
  const { port } = daemon;
  const keys = Array.from({ length: 101 }, (_, i) => `key:${i + 100}`);
  const lines = keys.map((key) => `set ${key} */500 * * * * * shell ls`);
  await runInProcess([lines.join(";")], { port });
  const { candidates } = await complete("get k", port);
  assert.deepEqual(candidates, [...keys.slice(0, 100), "…"]);
  await runInProcess(["rm key:200"], { port });
  const { candidates: all } = await complete("get k", port);
  assert.deepEqual(all, keys.slice(0, 100));
});

Deno.test("completeLine() knows the language without a daemon", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const none = { candidates: [], replaced: "" };
  assert.deepEqual(await complete("get ", port), none);
  assert.deepEqual((await complete("inf", port)).candidates, ["info "]);
  const { candidates } = await complete("set a * * * * * * sh", port);
  assert.deepEqual(candidates, ["shell "]);
});

Deno.test("completeLine() does not wait long", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const accepted = silent.accept();
  const none = { candidates: [], replaced: "" };
  assert.deepEqual(await complete("get ", port), none);
  (await accepted).close();
});
