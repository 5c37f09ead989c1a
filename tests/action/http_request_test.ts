import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { callHeaders } from "../../src/action/http_headers.ts";
import {
  type HttpRequest,
  isBareUrl,
  readHttpRequest,
} from "../../src/action/http_request.ts";
import type { Params } from "../../src/core/plan.ts";

const defaults = {
  connectTimeoutMs: 5000,
  requestTimeoutMs: 60_000,
  userAgent: "forsun/1",
};

function read(params: Params): HttpRequest {
  return readHttpRequest({ url: "http://a.example/", ...params }, defaults);
}

function header(params: Params, name: string): string | undefined {
  return Object.fromEntries(read(params).message.headers)[name];
}

Deno.test("readHttpRequest() defaults to GET with the default time-outs", () => {
  const { message, ...rest } = read({});
  deepStrictEqual([message.method, message.url.href, message.body], [
    "GET",
    "http://a.example/",
    undefined,
  ]);
  deepStrictEqual(message.headers, [["user-agent", "forsun/1"]]);
  deepStrictEqual(rest, {
    digest: undefined,
    connectTimeoutMs: 5000,
    requestTimeoutMs: 60_000,
  });
});

Deno.test("isBareUrl() accepts only what readHttpRequest() takes", () => {
  const text = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string().map((rest) => `http://${rest}`),
    fc.string({ unit: "binary" }).map((rest) => `https://a${rest}`),
    fc.string(),
  );
  let count = 0;
  fc.assert(
    fc.property(text, (url) => {
      if (!isBareUrl({ url })) return;
      count++;
      readHttpRequest({ url }, defaults);
    }),
    { numRuns: 2000 },
  );
  ok(count > 100, `${count} bare URLs`);
});

Deno.test("isBareUrl() leaves users and further params to readHttpRequest()", () => {
  const url = "http://a.example:8080/b?c=d#e";
  strictEqual(isBareUrl({ url }), true);
  strictEqual(isBareUrl({ url, method: "post" }), false);
  strictEqual(isBareUrl({ url: "http://u:p@a.example/" }), false);
  strictEqual(isBareUrl({ url: "ftp://a.example/" }), false);
  strictEqual(isBareUrl({ url: "http://a.example:99999/" }), false);
  strictEqual(isBareUrl({}), false);
});

Deno.test("readHttpRequest() takes methods in any case", () => {
  const methods = ["get", "Post", "PUT", "delete", "hEAD"];
  deepStrictEqual(methods.map((method) => read({ method }).message.method), [
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
  ]);
});

Deno.test("readHttpRequest() encodes bodies as UTF-8, forms by default", () => {
  const params = { method: "post", body: "a=é" };
  deepStrictEqual(read(params).message.body, new TextEncoder().encode("a=é"));
  strictEqual(
    header(params, "content-type"),
    "application/x-www-form-urlencoded",
  );
  const json = { ...params, "header_Content-Type": "application/json" };
  strictEqual(header(json, "content-type"), "application/json");
  strictEqual(header({ method: "put", body: "x" }, "content-type"), undefined);
});

Deno.test("readHttpRequest() turns header_NAME into headers, UTF-8 into bytes", () => {
  strictEqual(header({ header_X_Y: "1" }, "x_y"), "1");
  strictEqual(header({ "header_X-Y": "é" }, "x-y"), "\xc3\xa9");
  strictEqual(header({ user_agent: "mine" }, "user-agent"), "mine");
  strictEqual(
    header({ "header_User-Agent": "yours", user_agent: "mine" }, "user-agent"),
    "yours",
  );
});

Deno.test("readHttpRequest() ignores headers that are not the plan's to say", () => {
  const names = ["Content-Length", "Transfer-Encoding", "X-Forsun-Key"];
  for (const name of names) {
    strictEqual(
      header({ [`header_${name}`]: "1" }, name.toLowerCase()),
      undefined,
    );
  }
});

Deno.test("readHttpRequest() puts basic credentials in UTF-8 into the headers", () => {
  const params = { auth_username: "é", auth_password: "a:b" };
  strictEqual(header(params, "authorization"), "Basic w6k6YTpi");
  strictEqual(header({ auth_username: "u" }, "authorization"), "Basic dTo=");
});

Deno.test("readHttpRequest() takes credentials out of the URL", () => {
  const url = "http://u%40x:p%3A@a.example:8080/b?c#d";
  const { message } = read({ url });
  strictEqual(message.url.href, "http://a.example:8080/b?c");
  strictEqual(header({ url }, "authorization"), `Basic ${btoa("u@x:p:")}`);
  deepStrictEqual(read({ url, auth_mode: "Digest" }).digest, {
    mode: "digest",
    username: "u@x",
    password: "p:",
  });
  strictEqual(
    header({ url, auth_username: "v" }, "authorization"),
    `Basic ${btoa("v:")}`,
  );
});

Deno.test("readHttpRequest() keeps digest credentials out of the headers", () => {
  const params = {
    auth_username: "u",
    auth_password: "p",
    auth_mode: "digest",
  };
  strictEqual(header(params, "authorization"), undefined);
});

const refused: readonly (readonly [Params, string])[] = [
  [{ url: "" }, 'Param "url" of action "http" is missing'],
  [
    { url: "a.example/b" },
    'Param "url" … must be an http or https URL, got "a.example/b"',
  ],
  [
    { url: "ftp://a/b" },
    'Param "url" … must be an http or https URL, got "ftp://a/b"',
  ],
  [
    { url: "http://" },
    'Param "url" … must be an http or https URL, got "http://"',
  ],
  [
    { url: "https://u:hunter2@a:b/c@d" },
    'Param "url" … must be an http or https URL, got "https://a:b/c@d"',
  ],
  [
    { url: "ftp:u:hunter2@a" },
    'Param "url" … must be an http or https URL, got "ftp:a"',
  ],
  [
    { method: "patch" },
    'Param "method" … must be one of get, post, put, delete, head, got "patch"',
  ],
  [{ body: "x" }, 'Param "body" … must be empty with method get, got "x"'],
  [
    { method: "HEAD", body: "x" },
    'Param "body" … must be empty with method head, got "x"',
  ],
  [
    { "header_a b": "1" },
    'Param "header_a b" … has a name that no header can have',
  ],
  [
    { "header_a\nb": "1" },
    'Param "header_a\\nb" … has a name that no header can have',
  ],
  [{ header_: "1" }, 'Param "header_" … has a name that no header can have'],
  [
    { header_A: "1\r\nB: hunter2" },
    'Param "header_A" … must be one line without control characters',
  ],
  [
    { user_agent: "a\nb" },
    'Param "user_agent" … must be one line without control characters, got "a\\nb"',
  ],
  [
    { auth_username: "a:b" },
    'Param "auth_username" … must not hold a colon with auth_mode basic, got "a:b"',
  ],
  [
    { auth_username: "a\n", auth_mode: "digest" },
    'Param "auth_username" … must not hold control characters, got "a\\n"',
  ],
  [
    { auth_username: "a", auth_password: "hunter2\n" },
    'Param "auth_password" … must not hold control characters',
  ],
  [{ auth_password: "hunter2" }, 'Param "auth_username" … is missing'],
  [
    { auth_mode: "ntlm" },
    'Param "auth_mode" … must be one of basic, digest, got "ntlm"',
  ],
  [
    { connect_timeout: "0" },
    'Param "connect_timeout" … must be a number of seconds from 0.001 to 86400, got "0"',
  ],
  [
    { request_timeout: "soon" },
    'Param "request_timeout" … must be a number of seconds from 0.001 to 86400, got "soon"',
  ],
];

for (const [params, message] of refused) {
  Deno.test(`readHttpRequest() refuses ${JSON.stringify(params)}`, () => {
    const expected = message.replace("…", 'of action "http"');
    throws(() => read(params), { code: 1007, message: expected });
  });
}

Deno.test("callHeaders() tells one execution from another", () => {
  deepStrictEqual(
    callHeaders({ key: "a:1", second: 5, attempt: 2, params: {} }),
    [
      ["x-forsun-timestamp", "5"],
      ["x-forsun-key", "a:1"],
      ["x-forsun-attempt", "2"],
    ],
  );
});

Deno.test("callHeaders() writes any key so that decodeURIComponent() reads it", () => {
  for (const key of ["order 1", "100%25", " é€😀\r\n\0", "%", "~!'()*\"\\"]) {
    const [, [, value]] = callHeaders({
      key,
      second: 1,
      attempt: 1,
      params: {},
    });
    ok(/^[\x21-\x7e]+$/.test(value));
    strictEqual(decodeURIComponent(value), key);
  }
});
