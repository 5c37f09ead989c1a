import fc from "fast-check";
import assert from "node:assert/strict";
import {
  readVarint,
  skipVarint,
  unzigzag,
  zigzag,
} from "../../src/thrift/varint.ts";
import { randomRuns } from "../support/random.ts";
import { hex } from "./hex.ts";

/** The least bytes that a varint of `value` has. */
function varint(value: bigint): number[] {
  return value < 0x80n
    ? [Number(value)]
    : [Number(value & 0x7fn) | 0x80, ...varint(value >> 7n)];
}

Deno.test("skipVarint() and readVarint() find the end and the lower 32 bits of any number", () => {
  const before = fc.uint8Array({ maxLength: 3 });
  const value = fc.bigInt(0n, 2n ** 64n - 1n);
  const small = fc.bigInt(0n, 2n ** 32n - 1n);
  fc.assert(
    fc.property(before, fc.oneof(value, small), (head, number) => {
      const tail = varint(number);
      const bytes = Uint8Array.from([...head, ...tail, 0x80, 0x80]);
      const end = head.length + tail.length;
      assert.equal(skipVarint(bytes, head.length, bytes.length), end);
      assert.equal(skipVarint(bytes, head.length, end), end);
      assert.equal(skipVarint(bytes, head.length, end - 1), -1);
      const read = readVarint(bytes, head.length);
      assert.equal(BigInt(read), BigInt.asUintN(32, number));
    }),
    randomRuns(2000),
  );
});

Deno.test("skipVarint() waits for 10 bytes and refuses more", () => {
  const nine = hex("ff".repeat(9));
  assert.equal(skipVarint(nine, 0, 9), -1);
  const ten = hex("ff".repeat(9) + "01");
  assert.equal(skipVarint(ten, 0, 10), 10);
  assert.throws(() => skipVarint(hex("ff".repeat(10)), 0, 10), {
    name: "ProtocolError",
    message: "a varint is over 10 bytes",
  });
});

Deno.test("zigzag() puts numbers in the order 0, -1, 1, -2", () => {
  assert.deepEqual([0, -1, 1, -2, 2].map(zigzag), [0, 1, 2, 3, 4]);
  assert.equal(zigzag(0x7fff_ffff), 0xffff_fffe);
  assert.equal(zigzag(-0x8000_0000), 0xffff_ffff);
});

Deno.test("unzigzag() gives back what zigzag() was given", () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      assert.equal(unzigzag(zigzag(value)), value);
    }),
    randomRuns(2000),
  );
});
