import assert from "node:assert/strict";
import { findToken, parseTokens } from "../../src/access/tokens.ts";

const text = `
# who may do what
admin 0123456789abcdef0123 ops
write:fedcba9876543210; read sha256:0b26e313ed4a7ca6904b0e9369e5b957e2e66c7a1d1e2bd1fae27ab5b8c9f1ab
`;

Deno.test("parseTokens() reads roles, tokens, digests and names", () => {
  const tokens = parseTokens(text);
  assert.deepEqual(tokens.map(({ role, name }) => [role, name]), [
    ["admin", "ops"],
    ["write", ""],
    ["read", ""],
  ]);
  assert.equal(
    tokens[2].digest.toHex(),
    "0b26e313ed4a7ca6904b0e9369e5b957e2e66c7a1d1e2bd1fae27ab5b8c9f1ab",
  );
});

Deno.test("findToken() finds tokens by themselves, and by nothing else", () => {
  const tokens = parseTokens(text);
  assert.equal(findToken(tokens, "0123456789abcdef0123")?.role, "admin");
  assert.equal(findToken(tokens, "fedcba9876543210")?.role, "write");
  for (const wrong of ["", "0123456789abcdef012", "fedcba9876543210 "]) {
    assert.equal(findToken(tokens, wrong), undefined);
  }
  const [, , { digest }] = tokens;
  assert.equal(findToken(tokens, digest.toHex()), undefined);
  assert.equal(findToken(tokens, `sha256:${digest.toHex()}`), undefined);
});

Deno.test("findToken() finds a token by its digest", async () => {
  const secret = "correct-horse-battery";
  const bytes = new TextEncoder().encode(secret);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const tokens = parseTokens(`read sha256:${digest.toHex().toUpperCase()}`);
  assert.equal(findToken(tokens, secret)?.role, "read");
});

const refusals: readonly [string, RegExp][] = [
  ["admin", /^entry 1 must be ROLE TOKEN/],
  ["root 0123456789abcdef", /^entry 1 must be ROLE TOKEN/],
  ["read 0123456789abcdef a b", /^entry 1 must be ROLE TOKEN/],
  ["read sha256:12", /^entry 1 must be ROLE TOKEN/],
  ["#\nread 012345678", /^entry 2 has a token of 9 characters, it needs 16$/],
];

for (const [wrong, message] of refusals) {
  Deno.test(`parseTokens() refuses ${JSON.stringify(wrong)} and doesn't repeat it`, () => {
    assert.throws(() => parseTokens(wrong), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /0123/);
      return true;
    });
  });
}
