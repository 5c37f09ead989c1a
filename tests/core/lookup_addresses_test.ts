import assert from "node:assert/strict";
import { lookupAddresses } from "../../src/core/lookup_addresses.ts";

Deno.test("lookupAddresses() finds the addresses of a name", async () => {
  const found = await lookupAddresses("localhost");
  assert.ok(found.includes("127.0.0.1") || found.includes("::1"), `${found}`);
});

Deno.test("lookupAddresses() rejects where there is no such name", async () => {
  await assert.rejects(lookupAddresses("nowhere.invalid"), {
    code: "ENOTFOUND",
  });
});
