import { createShellAction } from "../../src/action/shell.ts";
import type { Params } from "../../src/core/plan.ts";

/**
 * A program for tests: runs the shell action with the params in its first
 * argument, under the permissions that it was started with, and prints the
 * result as JSON. With a second argument it first opens files until none can be
 * opened any more.
 */
const [text, exhaust] = Deno.args;
const params: Params = JSON.parse(text);
const action = createShellAction({
  cwd: "/tmp",
  timeoutMs: 10_000,
  concurrency: 4,
});
const call = { key: "a", second: 1, attempt: 1, params };
const { signal } = new AbortController();

// What is only found once is found before descriptors run out.
if (exhaust) await action.execute({ ...call, params: { cmd: ":" } }, signal);
const files: Deno.FsFile[] = [];
while (exhaust) {
  try {
    files.push(await Deno.open("/dev/null"));
  } catch {
    break;
  }
}
const result = await action.execute(call, signal);
for (const file of files) file.close();
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(result)));
