import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ParamReader } from "../../src/action/params.ts";
import {
  readServerAddress,
  showAddress,
} from "../../src/action/server_address.ts";

function read(params: Record<string, string>): string {
  return showAddress(readServerAddress(new ParamReader("redis", params), 6379));
}

Deno.test("readServerAddress() has defaults, and takes names and IPv6 addresses", () => {
  deepStrictEqual(
    [
      read({}),
      read({ host: " cache.internal ", port: " 6380 " }),
      read({ host: "::1", port: "1" }),
      read({ host: "[::1]", port: "65535" }),
    ],
    ["127.0.0.1:6379", "cache.internal:6380", "[::1]:1", "[::1]:65535"],
  );
});

Deno.test("readServerAddress() refuses a port that is none", () => {
  for (const port of ["99999", "0", "-1", "6379a", "", "1.5"]) {
    throws(() => read({ port }), {
      code: 1007,
      message:
        `Param "port" of action "redis" must be a whole number from 1 to 65535, got ${
          JSON.stringify(port)
        }`,
    });
  }
});

Deno.test("readServerAddress() refuses a host that is none", () => {
  for (
    const host of ["", "a b", "a/b", "user@a", "redis://a", "x".repeat(256)]
  ) {
    throws(() => read({ host }), { code: 1007, message: /^Param "host" of/ });
  }
  strictEqual(read({ host: "x".repeat(255) }).length, 255 + 5);
});
