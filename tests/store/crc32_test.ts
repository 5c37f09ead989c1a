import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32 } from "../../src/store/crc32.ts";

/** Bit by bit, as the polynomial is defined. */
function slowCrc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (0xedb8_8320 & -(crc & 1));
    }
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

Deno.test("crc32() gives the check value of the CRC catalogue", () => {
  const bytes = new TextEncoder().encode("..123456789..");
  assert.equal(crc32(bytes, 2, 11), 0xcbf4_3926);
});

Deno.test("crc32() is what the definition says, whatever the length", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.nat(20),
      (bytes, start) => {
        const from = Math.min(start, bytes.length);
        assert.equal(
          crc32(bytes, from, bytes.length),
          slowCrc32(bytes.subarray(from)),
        );
      },
    ),
  );
});
