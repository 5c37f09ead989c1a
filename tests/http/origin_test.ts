import assert from "node:assert/strict";
import { startApi } from "./api_client.ts";
import { exchange } from "./raw_http.ts";

const token = "write-0123456789abcdef";
const body = JSON.stringify({ second: 9, params: { cmd: "true" } });

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly host: string;
  readonly headers?: readonly string[];
}

/** The status of the reply, and what it says. */
async function ask(
  port: number,
  { method = "POST", path = "/v1/plan", host, headers = [] }: Ask,
) {
  const sent = method === "POST" ? body : "";
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...headers,
    `Content-Length: ${sent.length}`,
    "Connection: close",
  ];
  const { text } = await exchange(port, [
    `${head.join("\r\n")}\r\n\r\n${sent}`,
  ]);
  return { status: Number(text.split(" ")[1]), text };
}

Deno.test("a page of another site can't change plans", async () => {
  await using api = await startApi();
  const post = async (host: string, headers: readonly string[]) =>
    (await ask(api.httpPort, { host, headers })).status;
  const own = `127.0.0.1:${api.httpPort}`;
  // Programs.
  assert.equal(await post(own, []), 200);
  // Pages of this daemon's.
  assert.equal(await post(own, [`Origin: http://${own}`]), 200);
  const same = "Sec-Fetch-Site: same-origin";
  assert.equal(await post(own, [`Origin: http://${own}`, same]), 200);
  // Others.
  assert.equal(await post(own, ["Origin: http://evil.example"]), 403);
  assert.equal(await post(own, ["Origin: null"]), 403);
  assert.equal(await post(own, ["Sec-Fetch-Site: cross-site"]), 403);
  assert.equal(await post(own, ["Sec-Fetch-Site: same-site"]), 403);
});

const rebound = (port: number): Ask => ({
  host: `evil.example:${port}`,
  headers: [
    `Origin: http://evil.example:${port}`,
    "Sec-Fetch-Site: same-origin",
  ],
});

Deno.test("a page under a name that was made to lead here can't use the API, whatever it sends", async () => {
  await using open = await startApi();
  await using guarded = await startApi({
    flags: { allow: "127.0.0.0/8" },
    environment: { FORSUN_TOKENS: `write:${token}` },
  });
  for (const { httpPort } of [open, guarded]) {
    const page = rebound(httpPort);
    const proofs = [[], ["Authorization: Basic x"]];
    if (httpPort === open.httpPort) proofs.push(["Authorization: Bearer x"]);
    for (const proof of proofs) {
      const headers = [...page.headers ?? [], ...proof];
      for (
        const [method, path] of [
          ["POST", "/v1/plan"],
          ["PUT", "/v1/plan"],
          ["DELETE", "/v1/plans?all=true"],
          ["GET", "/v1/keys"],
          ["HEAD", "/v1/keys"],
          ["GET", "/v1/plans/export"],
          ["GET", "/metrics"],
        ]
      ) {
        const reply = await ask(httpPort, { ...page, method, path, headers });
        assert.equal(reply.status, 403, `${method} ${path} ${proof}`);
        if (method !== "HEAD") assert.match(reply.text, /access\.http_hosts/);
      }
    }
  }
  const { data } = await open.call("GET", "/v1/keys");
  assert.deepEqual(data, []);
});

Deno.test("a token that the daemon has is enough under any name", async () => {
  await using api = await startApi({
    flags: { allow: "127.0.0.0/8" },
    environment: { FORSUN_TOKENS: `write:${token}` },
  });
  const page = rebound(api.httpPort);
  const bearer = `Authorization: Bearer ${token}`;
  const headers = [...page.headers ?? [], bearer];
  assert.equal((await ask(api.httpPort, { ...page, headers })).status, 200);
  const wrong = [...page.headers ?? [], "Authorization: Bearer x"];
  const refused = await ask(api.httpPort, { ...page, headers: wrong });
  assert.equal(refused.status, 401);
});

Deno.test("HTTP is used without a token under addresses, localhost and the names of http_hosts", async () => {
  await using api = await startApi({
    flags: { http: "localhost:0" },
    environment: { ACCESS_HTTP_HOSTS: "Forsun.example; timers" },
  });
  const own = [
    "127.0.0.1",
    "10.1.2.3:8080",
    "[::1]:8080",
    "localhost:9650",
    "LOCALHOST.",
    "a.localhost",
    "forsun.EXAMPLE:80",
    "timers.",
  ];
  const path = "/v1/keys";
  for (const host of own) {
    const { status } = await ask(api.httpPort, { method: "GET", path, host });
    assert.equal(status, 200, host);
  }
  const others = [
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "notlocalhost",
    "forsun.example.evil.example",
    "a.timers",
  ];
  for (const host of others) {
    const { status } = await ask(api.httpPort, { method: "GET", path, host });
    assert.equal(status, 403, host);
    // Probes and load balancers call these as they like.
    for (const probe of ["/healthz", "/readyz", "/v1/ping"]) {
      const reply = await ask(api.httpPort, {
        method: "GET",
        path: probe,
        host,
      });
      assert.equal(reply.status, 200, `${host} ${probe}`);
    }
  }
});
