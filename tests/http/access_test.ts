import assert from "node:assert/strict";
import { startApi } from "./api_client.ts";

const tokens = {
  read: "read-0123456789abcdef",
  write: "write-0123456789abcdef",
  admin: "admin-0123456789abcdef",
};
const environment = {
  FORSUN_TOKENS: Object.entries(tokens).map((it) => it.join(":")).join(";"),
};
const params = { url: "http://me:hunter2@host/", auth_password: "hunter2" };
const masked = { url: "http://me:***@host/", auth_password: "***" };
const plan = { key: "a", second: 60, action: "http", params };

interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  readonly reveal?: boolean;
}

async function startGuarded() {
  const api = await startApi({ environment });
  return {
    async ask(method: string, path: string, { token, body, reveal }: Ask = {}) {
      const headers = new Headers({ "content-type": "application/json" });
      if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
      if (reveal) headers.set("x-forsun-reveal", "yes");
      const response = await fetch(`${api.origin}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const challenge = response.headers.get("www-authenticate");
      return {
        status: response.status,
        challenge,
        text: await response.text(),
      };
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const looks = [
  "/v1/plan?key=a",
  "/v1/time",
  "/v1/keys",
  "/v1/info",
  "/v1/plans",
  "/v1/plans/export",
  "/metrics",
];

Deno.test("HTTP asks for a token, and for the role that a request needs", async () => {
  await using api = await startGuarded();
  for (const path of ["/v1/ping", "/healthz", "/readyz", "/docs"]) {
    assert.equal((await api.ask("GET", path)).status, 200, path);
  }
  for (const path of looks) {
    for (const token of [undefined, "wrong-0123456789abcdef"]) {
      const { status, challenge, text } = await api.ask("GET", path, { token });
      assert.deepEqual([status, challenge], [401, "Bearer"], path);
      assert.equal(JSON.parse(text).errcode, 1009);
    }
  }
  const { write, read } = tokens;
  const refused = await api.ask("PUT", "/v1/plan", { token: read, body: plan });
  assert.equal(refused.status, 403);
  assert.deepEqual(JSON.parse(refused.text), {
    errcode: 1010,
    errmsg: "Forbidden: this needs the role write, the token has read",
    data: {},
  });
  const created = await api.ask("PUT", "/v1/plan", {
    token: write,
    body: plan,
  });
  assert.equal(created.status, 200);
  assert.equal(JSON.parse(created.text).errcode, 0);
  for (const path of looks) {
    const { status } = await api.ask("GET", path, { token: read });
    assert.equal(status, 200, path);
  }
  for (const path of ["/v1/plan?key=a", "/v1/plans?prefix=a"]) {
    const { status } = await api.ask("DELETE", path, { token: read });
    assert.equal(status, 403, path);
  }
});

Deno.test("HTTP shows secrets to an admin who asks, and to no one else", async () => {
  await using api = await startGuarded();
  const { write, admin } = tokens;
  const { text } = await api.ask("PUT", "/v1/plan", {
    token: write,
    body: plan,
  });
  assert.deepEqual(JSON.parse(text).data.params, masked);
  for (const path of ["/v1/plan?key=a", "/v1/plans", "/v1/plans/export"]) {
    const shown = async (ask: Ask) => (await api.ask("GET", path, ask)).text;
    assert.doesNotMatch(await shown({ token: write, reveal: true }), /hunter2/);
    assert.doesNotMatch(await shown({ token: admin }), /hunter2/);
    assert.match(await shown({ token: admin, reveal: true }), /"hunter2"/);
  }
});

Deno.test("HTTP shows clients of the first daemon what they have always seen where there are no tokens", async () => {
  await using api = await startApi();
  await api.call("PUT", "/v1/plan", plan);
  const { data } = await api.call("GET", "/v1/plan?key=a");
  assert.deepEqual(data.params, params);
  const { data: page } = await api.call("GET", "/v1/plans");
  assert.deepEqual(page.plans[0].params, masked);
});
