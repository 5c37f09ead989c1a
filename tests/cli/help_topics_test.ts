import assert from "node:assert/strict";
import { builtInActions } from "../../src/action/registry.ts";
import { helpTopics } from "../../src/cli/help_topics.ts";
import { actionTable } from "../../src/cli/topics/action_table.ts";
import { type Option, options } from "../../src/config/options.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { createActions } from "../../src/daemon/create_actions.ts";
import { runInProcess } from "./in_process.ts";

Deno.test("forsun help explains each topic, in lines that fit a screen", async () => {
  for (const topic of Object.keys(helpTopics)) {
    const { status, stdout } = await runInProcess(["help", topic]);
    assert.equal(status, 0);
    for (const line of stdout.split("\n")) {
      assert(line.length <= 100, `${topic}: ${line}`);
    }
  }
  const { stdout } = await runInProcess(["help"]);
  assert.match(stdout, /forsun help TOPIC explains schedules, actions, /);
  const { stderr } = await runInProcess(["help", "schedule"]);
  assert.match(stderr, /did you mean "schedules"\?/);
});

Deno.test("forsun help config names every option", async () => {
  const { stdout } = await runInProcess(["help", "config"]);
  for (const { name } of Object.values<Option>(options)) {
    assert(stdout.includes(`\n  ${name}\n`), name);
  }
});

Deno.test("forsun help actions has the params that the actions read", async () => {
  assert.deepEqual(
    Object.keys(actionTable).sort(),
    Object.keys(builtInActions).sort(),
  );
  const { config } = loadConfig({
    flags: new Map(),
    environment: () => undefined,
    file: undefined,
  });
  await using resources = new AsyncDisposableStack();
  const parts = { clock: systemClock, reloads: undefined };
  const actions = await createActions(config, parts);
  for (const [name, action] of actions) {
    resources.use(action);
    const documented = Object.keys(actionTable[name].params);
    const needed = documented.filter((param) => param.endsWith("!"))
      .map((param) => param.slice(0, -1));
    const read = readParams((params) => action.check(params), {
      ...Object.fromEntries(needed.map((param) => [param, valueOf(param)])),
      ...(name === "http" ? { auth_username: "u" } : {}),
    });
    const expected = documented.map((param) => param.replace(/!$/, ""))
      .filter((param) => param !== "header_NAME");
    assert.deepEqual([...read].sort(), expected.sort(), name);
    for (const param of needed) {
      const others = needed.filter((other) => other !== param);
      const params = others.map((other) => [other, valueOf(other)] as const);
      assert.throws(
        () => action.check(Object.fromEntries(params)),
        new RegExp(`"${param}".* is missing`),
      );
    }
  }
});

function valueOf(param: string): string {
  return param === "url" ? "http://localhost/" : "x";
}

/** The names of the params that `check` asks for. */
function readParams(
  check: (params: Record<string, string>) => void,
  given: Record<string, string>,
): ReadonlySet<string> {
  const read = new Set<string>();
  check(
    new Proxy(given, {
      get(target, name) {
        read.add(String(name));
        return Reflect.get(target, name);
      },
    }),
  );
  return read;
}
