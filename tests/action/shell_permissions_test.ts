import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ActionResult } from "../../src/action/action.ts";
import type { Params } from "../../src/core/plan.ts";

/** Runs the shell action in a process with the daemon's own, narrow permissions. */
async function runScoped(
  params: Params,
  { prefix = "", args = [] as readonly string[] } = {},
): Promise<ActionResult> {
  const program = new URL("shell_check.ts", import.meta.url).pathname;
  const permissions = ["net", "read", "write", "env", "sys", "run=/bin/sh"];
  const { stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `${prefix} exec "$@"`,
      "/bin/sh",
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-prompt",
      "--frozen",
      "--no-check",
      ...permissions.map((permission) => `--allow-${permission}`),
      program,
      JSON.stringify(params),
      ...args,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  ok(text.startsWith("{"), new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test("action shell needs no more permission to run programs than /bin/sh", async () => {
  const result = await runScoped({
    cmd: "echo $$; sleep 1000",
    timeout: "0.5",
  });
  strictEqual(result.kind, "failed");
  match(result.detail, /^timed out after 0\.5 s, process group killed\n\d+\n$/);
});

Deno.test("action shell passes on LD_ variables, which Deno refuses, unharmed", async () => {
  const value = `it's "$HOME" \`id\`\\`;
  const env = `LD_ONE=${value};LD_TWO=/tmp;DYLD_THREE=3;FOUR=4`;
  const cmd = 'echo "$LD_ONE"; echo "$LD_TWO $DYLD_THREE $FOUR $#"';
  deepStrictEqual(await runScoped({ cmd, env }), {
    kind: "succeeded",
    detail: `${value}\n/tmp 3 4 0\n`,
  });
});

Deno.test("action shell fails for now when descriptors have run out", async () => {
  const result = await runScoped({ cmd: "echo hi" }, {
    prefix: "ulimit -n 100;",
    args: ["exhaust"],
  });
  strictEqual(result.kind === "failed" && result.retryable, true);
  match(result.detail, /^could not start: .*os error 24/);
});
