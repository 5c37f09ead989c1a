import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseChallenges } from "../../src/action/auth_challenge.ts";
import type { Params } from "../../src/core/plan.ts";
import { deliver, execute, http } from "./http_actions.ts";
import { lacksLighttpd, startLighttpd } from "./lighttpd.ts";
import { RawServer, write } from "./raw_server.ts";

const credentials = {
  auth_username: "user",
  auth_password: "pässword",
  auth_mode: "digest",
};

for (const algorithm of ["md5", "sha256"]) {
  Deno.test({
    name: `action http authenticates to lighttpd by digest with ${algorithm}`,
    ignore: lacksLighttpd,
    fn: async () => {
      await using server = await startLighttpd();
      const url = `${server.origin}/${algorithm}/file?a=b%20c`;
      deepStrictEqual(await deliver({ url, ...credentials }), {
        kind: "succeeded",
        detail: "HTTP 200 OK: hello",
      });
      deepStrictEqual(await server.requests(), [
        `GET /${algorithm}/file 401`,
        `GET /${algorithm}/file 200`,
      ]);
    },
  });
}

Deno.test({
  name:
    "action http answers lighttpd before it asks, once it knows the challenge",
  ignore: lacksLighttpd,
  fn: async () => {
    await using server = await startLighttpd();
    await using action = http();
    const params = { url: `${server.origin}/sha256/file`, ...credentials };
    const first = await execute(action, params);
    const others = await Promise.all(
      Array.from({ length: 20 }, () => execute(action, params)),
    );
    for (const { kind } of [first, ...others]) strictEqual(kind, "succeeded");
    const refused = (await server.requests()).filter((line) =>
      /401$/.test(line)
    );
    strictEqual(refused.length, 1);
  },
});

Deno.test({
  name: "action http fails for good when lighttpd doesn't know the password",
  ignore: lacksLighttpd,
  fn: async () => {
    await using server = await startLighttpd();
    const url = `${server.origin}/md5/file`;
    const wrong = { ...credentials, auth_password: "wrong" };
    const result = await deliver({ url, ...wrong });
    strictEqual(result.kind === "failed" && !result.retryable, true);
    match(result.detail, /^HTTP 401 Unauthorized: /);
    strictEqual((await server.requests()).length, 2);
  },
});

Deno.test({
  name: "action http authenticates to lighttpd with basic credentials at once",
  ignore: lacksLighttpd,
  fn: async () => {
    await using server = await startLighttpd();
    const url = `${server.origin}/basic/file`;
    const params = { url, ...credentials, auth_mode: "basic" };
    strictEqual((await deliver(params)).kind, "succeeded");
    deepStrictEqual(await server.requests(), ["GET /basic/file 200"]);
  },
});

/** Accepts any answer to the nonces `valid`, and asks for the first of them. */
function asking(valid: string[], location = ""): RawServer {
  return new RawServer((connection, request) => {
    const authorization = /^authorization: (.*)$/im.exec(request)?.[1] ?? "";
    const nonce = parseChallenges(authorization)[0]?.params.get("nonce") ?? "";
    return write(
      connection,
      location !== ""
        ? `HTTP/1.1 307 \r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`
        : valid.includes(nonce)
        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        : `HTTP/1.1 401 \r\nWWW-Authenticate: Digest realm="r", nonce="${
          valid[0]
        }", ` +
          `qop="auth", stale=true\r\nContent-Length: 0\r\n\r\n`,
    );
  });
}

function answers(server: RawServer): readonly (string | undefined)[] {
  return server.requests.map((request) => {
    const { params } = parseChallenges(
      /^authorization: (.*)$/im.exec(request)?.[1] ?? "",
    )[0] ?? { params: new Map() };
    return params.size === 0
      ? undefined
      : `${params.get("nonce")} ${params.get("nc")}`;
  });
}

Deno.test("action http counts its answers to a nonce and takes a new one when asked", async () => {
  const valid = ["one"];
  await using server = asking(valid);
  await using action = http();
  const params: Params = { url: server.origin, ...credentials };
  for (let i = 0; i < 3; i++) await execute(action, params);
  valid[0] = "two";
  strictEqual((await execute(action, params)).kind, "succeeded");
  deepStrictEqual(answers(server), [
    undefined,
    "one 00000001",
    "one 00000002",
    "one 00000003",
    "one 00000004",
    "two 00000001",
  ]);
});

Deno.test("action http sends the body again with its answer", async () => {
  await using server = asking(["one"]);
  const params = { url: server.origin, method: "post", body: "a=b" };
  await deliver({ ...params, ...credentials });
  strictEqual(server.requests.length, 2);
  for (const request of server.requests) ok(request.endsWith("\r\n\r\na=b"));
});

Deno.test("action http answers no other server than the plan's", async () => {
  await using other = asking(["one"]);
  await using server = asking([], `${other.origin}/`);
  const result = await deliver({ url: server.origin, ...credentials });
  match(result.detail, /^HTTP 401/);
  deepStrictEqual(answers(other), [undefined]);
});

Deno.test("action http answers nobody once another server has redirected", async () => {
  await using server = new RawServer((connection, request) =>
    write(
      connection,
      request.split(" ")[1] === "/"
        ? `HTTP/1.1 307 \r\nLocation: ${other.origin}\r\nContent-Length: 0\r\n\r\n`
        : 'HTTP/1.1 401 \r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\nContent-Length: 0\r\n\r\n',
    )
  );
  await using other = asking([], `${server.origin}/back`);
  const result = await deliver({ url: server.origin, ...credentials });
  match(result.detail, /^HTTP 401/);
  deepStrictEqual(answers(server), [undefined, undefined]);
});
