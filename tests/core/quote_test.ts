import assert from "node:assert/strict";
import { quote } from "../../src/core/quote.ts";

Deno.test("quote() puts the text in quotes", () => {
  assert.equal(quote("order:1"), '"order:1"');
  assert.equal(quote(""), '""');
  assert.equal(quote('a"b\\c'), '"a\\"b\\\\c"');
});

Deno.test("quote() keeps to one line", () => {
  assert.equal(quote("a\nb\r\t\x1b[1m"), '"a\\nb\\r\\t\\u001b[1m"');
  assert.equal(quote("a\u2028b\u0085c\x7f"), '"a\\u2028b\\u0085c\\u007f"');
});

Deno.test("quote() cuts behind 100 characters, between symbols", () => {
  assert.equal(quote("a".repeat(100)), `"${"a".repeat(100)}"`);
  assert.equal(quote("a".repeat(101)), `"${"a".repeat(100)}…"`);
  assert.equal(quote("😀".repeat(100)), `"${"😀".repeat(100)}"`);
  assert.equal(quote("😀".repeat(5000)), `"${"😀".repeat(100)}…"`);
  assert.equal(quote("abc", 2), '"ab…"');
});
