import assert from "node:assert/strict";
import { findMask, maskParams } from "../../src/core/secret_params.ts";

const shown: readonly [name: string, value: string, shown: string][] = [
  ["passwd", "hunter2", "***"],
  ["password", "hunter2", "***"],
  ["auth_password", "", ""],
  ["header_Authorization", "Bearer x", "***"],
  ["header_X-Api-Key", "x", "***"],
  ["header_x-auth-token", "x", "***"],
  ["header_accept", "text/plain", "text/plain"],
  ["url", "http://me:hunter2@host/p@th", "http://me:***@host/p@th"],
  ["url", "https://:a@b@host", "https://:***@host"],
  ["url", "http://me@host/a:b@c", "http://me@host/a:b@c"],
  ["url", "http://host/a:b@c", "http://host/a:b@c"],
  ["env", "A=1;DB_PASSWORD=x;B", "A=1;DB_PASSWORD=***;B"],
  ["cmd", "echo password=1", "echo password=1"],
];

for (const [name, value, expected] of shown) {
  Deno.test(`maskParams() shows ${name}=${value} as ${expected}`, () => {
    assert.deepEqual(maskParams({ name: "a", [name]: value }), {
      name: "a",
      [name]: expected,
    });
  });
}

Deno.test("maskParams() gives params without secrets back as they are", () => {
  const params = { url: "http://host/", body: "{}" };
  assert.equal(maskParams(params), params);
});

Deno.test("findMask() finds what was shown instead of a secret", () => {
  assert.equal(findMask({ a: "***", passwd: "***" }), "passwd");
  assert.equal(findMask({ url: "http://me:***@host/" }), "url");
  assert.equal(findMask({ env: "A=1;MY_TOKEN=***" }), "env");
  assert.equal(
    findMask({ passwd: "a***", url: "http://host/***", cmd: "rm ***" }),
    undefined,
  );
});
