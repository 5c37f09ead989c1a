import { strictEqual } from "node:assert/strict";
import { clipHead, clipTail } from "../../src/action/clip_text.ts";
import { OutputTail } from "../../src/action/output_tail.ts";

const encoder = new TextEncoder();

Deno.test("OutputTail keeps a short output whole", () => {
  const tail = new OutputTail(8);
  for (const chunk of ["ab", "", "cdef", "gh"]) {
    tail.push(encoder.encode(chunk));
  }
  strictEqual(tail.text(), "abcdefgh");
});

Deno.test("OutputTail keeps the end, however the output is cut in chunks", () => {
  const output = Array.from({ length: 100 }, (_, i) => `${i},`).join("");
  for (let size = 1; size <= output.length; size++) {
    const tail = new OutputTail(16);
    for (let at = 0; at < output.length; at += size) {
      tail.push(encoder.encode(output.slice(at, at + size)));
    }
    strictEqual(tail.text(), output.slice(-16));
    strictEqual(tail.text(5), output.slice(-5));
  }
});

Deno.test("OutputTail begins with a whole character", () => {
  const kept = [["aé€x", 6, "é€x"], ["aé€x", 5, "€x"], [
    "aé€x",
    3,
    "x",
  ]] as const;
  for (const [output, size, expected] of [...kept, ["a😀x", 4, "x"]] as const) {
    const tail = new OutputTail(size);
    tail.push(encoder.encode(output));
    strictEqual(tail.text(), expected);
  }
});

Deno.test("clipTail() holds its limit where bad bytes grow to U+FFFD", () => {
  const text = clipTail(new Uint8Array(4096).fill(0xff), 4096);
  strictEqual(text, "\ufffd".repeat(1365));
});

Deno.test("clipHead() ends with a whole character", () => {
  strictEqual(clipHead(encoder.encode("aé€x"), 7), "aé€x");
  strictEqual(clipHead(encoder.encode("aé€x"), 5), "aé");
  strictEqual(clipHead(encoder.encode("aé€x"), 2), "a");
  strictEqual(
    clipHead(new Uint8Array(100).fill(0xff), 100),
    "\ufffd".repeat(33),
  );
});
