import fc from "fast-check";
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { decodeText, encodeText, textBound } from "../../src/core/text.ts";
import { randomRuns } from "../support/random.ts";

function roundTrip(bytes: Uint8Array): Uint8Array {
  const text = decodeText(Buffer.from(bytes), 0, bytes.length);
  const target = new Uint8Array(textBound(text));
  return target.subarray(0, encodeText(text, target, 0));
}

Deno.test("decodeText() and encodeText() keep any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      assert.deepEqual(Buffer.from(roundTrip(bytes)), Buffer.from(bytes));
    }),
    randomRuns(2000),
  );
});

Deno.test("decodeText() and encodeText() agree with UTF-8 on text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(decodeText(bytes, 0, bytes.length), text);
      assert.deepEqual(Buffer.from(roundTrip(bytes)), bytes);
    }),
    randomRuns(2000),
  );
});

Deno.test("decodeText() keeps a byte order mark and U+FFFD", () => {
  for (const text of ["\ufeffa", "\ufffd", "a\ufffd\u{10ffff}"]) {
    const bytes = Buffer.from(text);
    assert.equal(decodeText(bytes, 0, bytes.length), text);
  }
});

Deno.test("decodeText() escapes overlong forms and surrogates in UTF-8", () => {
  const decode = (...bytes: number[]) =>
    decodeText(Buffer.from(bytes), 0, bytes.length);
  assert.equal(decode(0xc0, 0x80), "\udcc0\udc80");
  assert.equal(decode(0xed, 0xa0, 0x80), "\udced\udca0\udc80");
  assert.equal(decode(0x61, 0xe2, 0x82), "a\udce2\udc82");
});
