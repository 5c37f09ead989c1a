import assert from "node:assert/strict";
import { crc32 } from "../../src/store/crc32.ts";

Deno.test("crc32() gives the check value of the CRC catalogue", () => {
  const bytes = new TextEncoder().encode("..123456789..");
  assert.equal(crc32(bytes, 2, 11), 0xcbf4_3926);
});
