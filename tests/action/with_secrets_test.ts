import assert from "node:assert/strict";
import { join } from "node:path";
import type { Call } from "../../src/action/action.ts";
import type { Params } from "../../src/core/plan.ts";
import { withSecrets } from "../../src/action/with_secrets.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { remembering } from "./remembering.ts";

const variable = "FORSUN_TEST_SECRET_A";

function callWith(params: Readonly<Record<string, string>>): Call {
  return { key: "a", second: 1, attempt: 1, params };
}

const { signal } = new AbortController();

Deno.test("withSecrets() reads references whenever the action executes", async () => {
  await using folder = await tempFolder();
  const places = { prefix: "FORSUN_TEST_SECRET_", folder: folder.path };
  const inner = remembering();
  const action = withSecrets(inner, places);
  const call = callWith({
    passwd: `env:${variable}`,
    auth_password: "file:db",
    header_authorization: `file:${join(folder.path, "db")}`,
    url: "file:db",
    body: `env:${variable}`,
  });
  action.check(call.params);
  const file = join(folder.path, "db");
  for (const secret of ["first", "second"]) {
    Deno.env.set(variable, secret);
    await Deno.writeTextFile(file, `${secret} of file\n`);
    assert.equal((await action.execute(call, signal)).kind, "succeeded");
    assert.deepEqual(inner.calls.at(-1)?.params, {
      passwd: secret,
      auth_password: `${secret} of file`,
      header_authorization: `${secret} of file`,
      url: "file:db",
      body: `env:${variable}`,
    });
  }
  Deno.env.delete(variable);
  assert.deepEqual(await action.execute(call, signal), {
    kind: "failed",
    detail: `Param "passwd": ${variable} is not set`,
    retryable: true,
  });
});

Deno.test("withSecrets() refuses what leads elsewhere", async () => {
  await using folder = await tempFolder();
  const none = { prefix: undefined, folder: undefined };
  const places = { prefix: "FORSUN_TEST_SECRET_", folder: folder.path };
  const refused: readonly [string, typeof places | typeof none, RegExp][] = [
    ["env:PATH", none, /secret_env_prefix is not set$/],
    ["file:/etc/passwd", none, /secret_folder is not set$/],
    ["env:PATH", places, /must name a variable that begins with FORSUN_TEST/],
    ["env:", places, /must name a variable/],
    ["file:/etc/passwd", places, /must name a file in action\.secret_folder/],
    ["file:../x", places, /must name a file in/],
    [`file:${folder.path}/../x`, places, /must name a file in/],
    [`file:${folder.path}x/y`, places, /must name a file in/],
    ["file:", places, /must name a file in/],
  ];
  for (const [passwd, where, message] of refused) {
    const inner = remembering();
    const action = withSecrets(inner, where);
    assert.throws(() => action.check({ passwd }), { code: 1007, message });
    const result = await action.execute(callWith({ passwd }), signal);
    assert.equal(result.kind, "failed");
    assert.equal(inner.calls.length, 0);
  }
});

Deno.test("withSecrets() follows no link out of the folder", async () => {
  await using folder = await tempFolder();
  await using outside = await tempFolder();
  const secret = join(outside.path, "secret");
  await Deno.writeTextFile(secret, "hunter2");
  await Deno.symlink(secret, join(folder.path, "link"));
  await Deno.symlink("link", join(folder.path, "twice"));
  const inner = remembering();
  const places = { prefix: undefined, folder: folder.path };
  const action = withSecrets(inner, places);
  for (const name of ["link", "twice", "missing"]) {
    const call = callWith({ passwd: `file:${name}` });
    action.check(call.params);
    const result = await action.execute(call, signal);
    assert.equal(result.kind, "failed", name);
    assert.match(result.detail, /^Param "passwd": cannot read its file: /);
    assert.doesNotMatch(result.detail, /hunter2/);
  }
  assert.equal(inner.calls.length, 0);
});

Deno.test("withSecrets() keeps what the action says of its concurrency", () => {
  const none = { prefix: undefined, folder: undefined };
  const inner = remembering();
  const action = withSecrets(inner, none);
  assert.equal(action.concurrency, 3);
  assert.equal(action.concurrencyOf?.({}), 3);
  const own = { ...inner, concurrencyOf: ({ max }: Params) => Number(max) };
  assert.equal(withSecrets(own, none).concurrencyOf?.({ max: "7" }), 7);
});
