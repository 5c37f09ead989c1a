import assert from "node:assert/strict";
import { join } from "node:path";
import { generateThrift } from "../../scripts/generate_thrift.ts";
import { requireCommand, testWith } from "../support/services.ts";

const root = join(import.meta.dirname ?? ".", "../..");
const needed = { "thrift-compiler": await requireCommand("thrift") };

testWith(
  needed,
  "src/thrift/gen/ is what forsun.thrift makes of it",
  async () => {
    const files = await generateThrift(join(root, "forsun.thrift"));
    const folder = join(root, "src/thrift/gen");
    const entries = await Array.fromAsync(Deno.readDir(folder));
    const names = entries.map(({ name }) => name);
    assert.deepEqual(names.sort(), [...files.keys()].sort());
    for (const [name, text] of files) {
      const stored = await Deno.readTextFile(join(folder, name));
      assert.ok(
        stored === text,
        `${name} is stale: run scripts/generate_thrift.ts`,
      );
    }
  },
);

testWith(
  needed,
  "generateThrift() tells what the compiler has against a description",
  async () => {
    const idl = await Deno.makeTempFile({ suffix: ".thrift" });
    try {
      await Deno.writeTextFile(idl, "struct {");
      await assert.rejects(
        generateThrift(idl),
        /^Error: \[ERROR:.*\.thrift:1\]/,
      );
    } finally {
      await Deno.remove(idl);
    }
  },
);
