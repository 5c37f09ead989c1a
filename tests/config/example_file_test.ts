import assert from "node:assert/strict";
import { join } from "node:path";
import { exampleFile } from "../../src/config/example_file.ts";
import { loadConfig } from "../../src/config/load_config.ts";

const root = join(import.meta.dirname ?? ".", "../..");

function load(text: string | undefined) {
  return loadConfig({
    flags: new Map(),
    environment: () => undefined,
    file: text === undefined ? undefined : { path: "f", text },
  });
}

Deno.test("exampleFile() is what deploy/forsun.conf.example holds", async () => {
  const path = join(root, "deploy/forsun.conf.example");
  const hint = "deno task example writes it anew";
  assert.equal(await Deno.readTextFile(path), exampleFile(), hint);
});

Deno.test("exampleFile() changes nothing, as it is and with all its comments taken away", () => {
  const usual = load(undefined);
  assert.deepEqual(load(exampleFile()), usual);
  const all = exampleFile().replace(/^#(?=\w+ =)/gm, "");
  const { config, warnings } = load(all);
  assert.deepEqual([config, warnings], [usual.config, []]);
  const given = Object.values(load(all).origins).filter((it) =>
    it !== "default"
  );
  assert(given.length > 20, `only ${given.length} values are given`);
});
