import {
  deepStrictEqual,
  doesNotMatch,
  match,
  ok,
  strictEqual,
} from "node:assert/strict";
import type { Params } from "../../src/core/plan.ts";
import { deliver, failedForGood } from "./http_actions.ts";
import { RawServer, write } from "./raw_server.ts";

/** Answers / with a redirection to `location` and everything else with 200. */
function redirecting(status: number, location: () => string): RawServer {
  return new RawServer((connection, request) =>
    write(
      connection,
      request.split(" ")[1] === "/"
        ? `HTTP/1.1 ${status} \r\nLocation: ${location()}\r\nContent-Length: 4\r\n\r\nmove`
        : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    )
  );
}

const post: Params = { method: "post", body: "a=b" };

for (
  const [status, params, line] of [
    [301, {}, "GET /to?x=y"],
    [302, post, "GET /to?x=y"],
    [303, { ...post, method: "put" }, "GET /to?x=y"],
    [302, { ...post, method: "put" }, "PUT /to?x=y"],
    [303, { method: "head" }, "HEAD /to?x=y"],
    [307, post, "POST /to?x=y"],
    [308, post, "POST /to?x=y"],
  ] as const
) {
  const method = ("method" in params ? params.method : "get").toUpperCase();

  Deno.test(`action http follows a ${status} for ${method} as the Fetch standard says`, async () => {
    await using server = redirecting(status, () => "to?x=y#z");
    const result = await deliver({ url: server.origin, ...params });
    strictEqual(result.kind, "succeeded");
    const [, second] = server.requests;
    ok(second.startsWith(`${line} HTTP/1.1`), second);
    strictEqual(second.endsWith("\r\n\r\na=b"), /^P/.test(line));
    strictEqual(/content-type/.test(second), line.startsWith("POST"));
    match(second, /\r\nx-forsun-key: order:1\r\n/);
  });
}

Deno.test("action http keeps credentials for the server that they are meant for", async () => {
  await using other = redirecting(302, () => "");
  await using server = redirecting(
    302,
    () => `${other.origin.replace("//", "//u:hunter2@")}/to`,
  );
  await deliver({
    url: server.origin,
    auth_username: "u",
    auth_password: "p",
    header_Cookie: "a=b",
    header_Host: "a.example",
    "header_Proxy-Authorization": "Basic dTpw",
    "header_X-Api-Key": "hunter3",
    "header_X-Hook-Secret": "hunter4",
    header_Referer: "http://u:hunter5@a.example/",
    "header_X-Mine": "1",
  });
  match(server.requests[0], /\r\nauthorization: Basic dTpw\r\n/);
  for (const sent of [/cookie: a=b/, /hunter3/, /hunter4/, /hunter5/]) {
    match(server.requests[0], sent);
  }
  const [request] = other.requests;
  doesNotMatch(request, /authorization|cookie|hunter/);
  ok(request.includes(`\r\nhost: ${other.origin.slice("http://".length)}\r\n`));
  match(request, /\r\nx-mine: 1\r\n/);
});

Deno.test("action http signs for the plan's server alone, until another redirects", async () => {
  const signingKeys = [{ id: "a", secret: "0123456789abcdef" }];
  await using server = new RawServer((connection, request) => {
    const path = request.split(" ")[1];
    const location = path === "/" ? "/on" : `${other.origin}/`;
    return write(
      connection,
      path === "/back"
        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        : `HTTP/1.1 307 \r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  await using other = redirecting(307, () => `${server.origin}/back`);
  const result = await deliver({ url: server.origin }, { signingKeys });
  strictEqual(result.kind, "succeeded");
  const isSigned = (request: string) => /^x-forsun-signature:/m.test(request);
  deepStrictEqual(server.requests.map(isSigned), [true, true, false]);
  deepStrictEqual(other.requests.map(isSigned), [false]);
});

Deno.test("action http fails for good after 20 redirections", async () => {
  await using server = redirecting(302, () => "/");
  deepStrictEqual(
    await deliver({ url: server.origin }),
    failedForGood("redirected more than 20 times"),
  );
  strictEqual(server.requests.length, 21);
});

for (const location of ["ftp://a.example/", "http://", "javascript:1"]) {
  Deno.test(`action http fails for good when redirected to ${location}`, async () => {
    await using server = redirecting(302, () => location);
    deepStrictEqual(
      await deliver({ url: server.origin }),
      failedForGood("redirected to what is no http or https URL"),
    );
  });
}

Deno.test("action http succeeds with a redirection that leads nowhere", async () => {
  await using server = new RawServer((connection) =>
    write(connection, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
  );
  deepStrictEqual(await deliver({ url: server.origin }), {
    kind: "succeeded",
    detail: "HTTP 302 Found",
  });
});
