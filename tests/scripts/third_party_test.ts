import assert from "node:assert/strict";
import { join } from "node:path";
import {
  billOfMaterials,
  readPackages,
  thirdPartyText,
} from "../../scripts/third_party.ts";

const root = join(import.meta.dirname ?? ".", "../..");

/** What may be compiled into a program under the MIT licence. */
const fine =
  /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Python-2\.0|CC-BY-3\.0)( (OR|AND) .+)?\)?$/;

Deno.test("THIRD_PARTY.md lists what is compiled in, under licences that allow it", async () => {
  const packages = await readPackages();
  const text = await Deno.readTextFile(join(root, "THIRD_PARTY.md"));
  assert.equal(text, thirdPartyText(packages), "deno task licences writes it");
  assert.ok(packages.length > 20);
  for (const { name, licence } of packages) assert.match(licence, fine, name);
});

Deno.test("the bill of materials names each package once, by its hash, and what it needs", async () => {
  const packages = await readPackages();
  const bill = billOfMaterials(packages) as {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly "bom-ref": string;
      readonly hashes?: readonly { readonly content: string }[];
    }[];
    readonly dependencies: readonly {
      readonly ref: string;
      readonly dependsOn: readonly string[];
    }[];
  };
  assert.equal(bill.bomFormat, "CycloneDX");
  const refs = bill.components.map((component) => component["bom-ref"]);
  assert.deepEqual(refs, [...new Set(refs)]);
  for (const { "bom-ref": ref, hashes } of bill.components) {
    if (!ref.startsWith("pkg:npm/")) continue;
    assert.match(hashes?.[0].content ?? "", /^[0-9a-f]{128}$/, ref);
  }
  for (const { dependsOn } of bill.dependencies) {
    for (const ref of dependsOn) assert.ok(refs.includes(ref), ref);
  }
  const redis = bill.dependencies.find(({ ref }) => /\/ioredis@/.test(ref));
  assert.ok(redis?.dependsOn.some((ref) => /redis-parser@/.test(ref)));
});

Deno.test("README names the permissions that the program is compiled with, and no others", async () => {
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const command: string = config.tasks.compile.command;
  const asked = command.match(/--allow-[\w/=-]+/g) ?? [];
  const readme = await Deno.readTextFile(join(root, "README.md"));
  const table = readme.split("### What the executable may do")[1]
    .split("\n#")[0];
  const named = [...table.matchAll(/`(--allow-[\w/=-]+)`/g)].map(([, it]) =>
    it
  );
  assert.deepEqual([...new Set(named)].sort(), [...asked].sort());
});
