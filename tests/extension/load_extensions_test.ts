import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type LoadedExtensions,
  loadExtensions,
} from "../../src/extension/load_extensions.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Loads extensions of which `files` are the modules. */
async function load(
  files: Readonly<Record<string, string>>,
  names: readonly string[] = ["x"],
  { limitMs = 20_000, signal = new AbortController().signal } = {},
): Promise<LoadedExtensions & { readonly folder: string }> {
  const folder = await tempFolder();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder.path, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder.path, name), text);
    }
    const loaded = await loadExtensions({
      names,
      folder: folder.path,
      limitMs,
      taken: { actions: ["shell", "http"], stores: ["mem"] },
      clock: systemClock,
      signal,
    }).catch((error) => {
      // Where the files lie is different each time.
      error.message = error.message.replaceAll(folder.path, "DIR");
      throw error;
    });
    return { ...loaded, folder: folder.path };
  } finally {
    await folder[Symbol.asyncDispose]();
  }
}

function moduleWith(init: string): string {
  return `export default { init(host) { ${init} } };`;
}

const action = "{ execute: async () => ({ kind: 'succeeded', detail: '' }) }";

Deno.test("loadExtensions() loads JavaScript, TypeScript, folders and files", async () => {
  await using loaded = await load(
    {
      "a.js": moduleWith(`host.registerAction("a", ${action})`),
      "b.ts": `const name: string = "b"; ${
        moduleWith(`host.registerAction(name, ${action})`)
      }`,
      "c/mod.js": `import { name } from "./name.js"; ${
        moduleWith(`host.registerAction(name, ${action})`)
      }`,
      "c/name.js": `export const name = "c";`,
      "sub/d.mjs": moduleWith(`host.registerStore("d", async () => {})`),
    },
    ["a", "b", "c", "sub/d.mjs"],
  );
  assert.deepEqual([...loaded.actions.keys()], ["a", "b", "c"]);
  assert.deepEqual([...loaded.stores.keys()], ["d"]);
  assert.deepEqual(loaded.names, ["a", "b", "c", "sub/d.mjs"]);
});

Deno.test("loadExtensions() says in one line what is wrong with an extension", async () => {
  const cases: [Readonly<Record<string, string>>, string][] = [
    [{}, "there is no x.js, x.mjs, x.ts, x/mod.js, x/mod.ts in DIR"],
    [
      { "x.js/mod.js": "" },
      "there is no x.js, x.mjs, x.ts, x/mod.js, x/mod.ts in DIR",
    ],
    [
      { "x.js": "export default {a:1" },
      "Expected ',', got '<eof>' at DIR/x.js:1:20",
    ],
    [
      { "x.ts": "export default { init() {} as }" },
      "Expected ',', got 'as' at DIR/x.ts:1:28",
    ],
    [
      { "x.js": `import "./missing.js"; export default {};` },
      'Module not found "DIR/missing.js" at DIR/x.js:1:8',
    ],
    [
      { "x.js": "throw new Error('no licence\\nfor this machine');" },
      "DIR/x.js: no licence",
    ],
    [{ "x.js": "export const init = 1;" }, "DIR/x.js has no default export"],
    [
      { "x.js": "export default 1;" },
      "DIR/x.js must export an object with a function init, got a number",
    ],
    [
      { "x.js": "export default null;" },
      "DIR/x.js must export an object with a function init, got null",
    ],
    [
      { "x.js": "export default { init: 1 };" },
      "DIR/x.js must export an object with a function init, got init as a number",
    ],
    [
      { "x.js": "export default { init() {}, dispose: 1 };" },
      "DIR/x.js must export an object with a function init, got dispose as a number",
    ],
    [{ "x.js": moduleWith("throw new Error('boom')") }, "init threw: boom"],
    [{ "x.js": moduleWith("throw 'boom'") }, "init threw: boom"],
    [
      { "x.js": moduleWith("return Promise.reject(new Error('boom'))") },
      "init threw: boom",
    ],
    [
      { "x.js": moduleWith(`host.registerAction("http", ${action})`) },
      'init threw: action "http" exists already',
    ],
    [
      { "x.js": moduleWith(`host.registerStore("mem", () => {})`) },
      'init threw: store "mem" exists already',
    ],
    [
      { "x.js": moduleWith(`host.registerAction("a b", ${action})`) },
      'init threw: the action\'s name must be 1 to 64 letters, digits, "_", "." or "-", got "a b"',
    ],
    [
      { "x.js": moduleWith(`host.registerAction("a", {})`) },
      'init threw: action "a" must have a function execute',
    ],
    [
      { "x.js": moduleWith(`host.registerAction("a")`) },
      'init threw: action "a" must have a function execute',
    ],
    [
      {
        "x.js": moduleWith(
          `host.registerAction("a", { ...${action}, check: 1 })`,
        ),
      },
      'init threw: action "a": check must be a function',
    ],
    [
      {
        "x.js": moduleWith(
          `host.registerAction("a", { ...${action}, concurrency: 0 })`,
        ),
      },
      'init threw: action "a": concurrency must be 1 or more, got 0',
    ],
    [
      {
        "x.js": moduleWith(
          `host.registerAction("a", { ...${action}, timeoutSeconds: NaN })`,
        ),
      },
      'init threw: action "a": timeoutSeconds must be over 0 and up to 86400, got NaN',
    ],
    [
      {
        "x.js": moduleWith(
          `host.registerAction("a", { ...${action}, timeoutSeconds: "5" })`,
        ),
      },
      'init threw: action "a": timeoutSeconds must be over 0 and up to 86400, got 5',
    ],
    [
      { "x.js": moduleWith(`host.registerStore("s", {})`) },
      'init threw: store "s" must be a function that opens it',
    ],
  ];
  for (const [files, reason] of cases) {
    const error = await load(files).then(() => undefined, (error) => error);
    assert.equal(
      error?.message,
      `Cannot load extension "x": ${reason}`,
      JSON.stringify({ files, error: error?.message }),
    );
  }
});

Deno.test("loadExtensions() gives up an extension that hangs", async () => {
  const limits = { limitMs: 50 };
  await assert.rejects(
    load({ "x.js": moduleWith("return new Promise(() => {})") }, ["x"], limits),
    {
      message: 'Cannot load extension "x": init of DIR/x.js takes over 0.05 s',
    },
  );
});

Deno.test("loadExtensions() is given up when the daemon is to stop", async () => {
  const stop = new AbortController();
  const loading = load(
    { "x.js": moduleWith("return new Promise(() => {})") },
    ["x"],
    { limitMs: 600_000, signal: stop.signal },
  );
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(loading, {
    message: 'Cannot load extension "x": the daemon is to stop',
  });
});

Deno.test("loadExtensions() refuses what is named twice, and actions of one name", async () => {
  const module = moduleWith(`host.registerAction("a", ${action})`);
  await assert.rejects(load({ "x.js": module }, ["x", "x"]), {
    message: 'Cannot load extension "x": it is named twice',
  });
  await assert.rejects(load({ "x.js": module, "y.js": module }, ["x", "y"]), {
    message: 'Cannot load extension "y": init threw: action "a" exists already',
  });
});

Deno.test("loadExtensions() lets nobody register once init has ended", async () => {
  const heard = Promise.withResolvers<string>();
  Object.assign(globalThis, { heardLate: heard.resolve });
  await using _loaded = await load({
    "x.js": moduleWith(
      `setTimeout(() => {
        try { host.registerAction("late", ${action}); heardLate("nothing"); }
        catch (error) { heardLate(error.message); }
      })`,
    ),
  });
  assert.equal(
    await heard.promise,
    "init has ended, it is too late to register",
  );
});

Deno.test("loadExtensions() ends extensions in reverse, also when a later one fails", async () => {
  const ended: string[] = [];
  Object.assign(globalThis, { tellEnd: (name: string) => ended.push(name) });
  const module = (name: string) =>
    `export default {
      name: "${name}",
      init() {},
      dispose() { tellEnd(this.name); ${
      name === "b" ? "throw new Error('b')" : ""
    } },
    };`;
  const files = { "a.js": module("a"), "b.js": module("b") };
  {
    await using _loaded = await load(files, ["a", "b"]);
  }
  assert.deepEqual(ended, ["b", "a"]);
  await assert.rejects(load(files, ["a", "b", "none"]));
  assert.deepEqual(ended, ["b", "a", "b", "a"]);
});

Deno.test("loadExtensions() leaves an extension behind that doesn't end", async () => {
  const clock = new FakeClock(0);
  const folder = await tempFolder();
  await using _gone = folder;
  await Deno.writeTextFile(
    join(folder.path, "x.js"),
    "export default { init() {}, dispose: () => new Promise(() => {}) };",
  );
  const loaded = await loadExtensions({
    names: ["x"],
    folder: folder.path,
    limitMs: 10_000,
    taken: { actions: [], stores: [] },
    clock,
    signal: new AbortController().signal,
  });
  const ending = loaded[Symbol.asyncDispose]();
  await clock.advance(10_000);
  await ending;
});
