import assert from "node:assert/strict";
import { startApi } from "./api_client.ts";
import { exchange } from "./raw_http.ts";

Deno.test("a page of another site can't change plans", async () => {
  await using api = await startApi();
  const body = JSON.stringify({ second: 9, params: { cmd: "true" } });
  const post = async (host: string, headers: readonly string[]) => {
    const head = [
      "POST /v1/plan HTTP/1.1",
      `Host: ${host}`,
      ...headers,
      `Content-Length: ${body.length}`,
      "Connection: close",
    ];
    const { text } = await exchange(api.httpPort, [
      `${head.join("\r\n")}\r\n\r\n${body}`,
    ]);
    return Number(text.split(" ")[1]);
  };
  const own = `127.0.0.1:${api.httpPort}`;
  // Programs.
  assert.equal(await post(own, []), 200);
  assert.equal(await post("localhost", []), 200);
  // Pages of this daemon's.
  assert.equal(await post(own, [`Origin: http://${own}`]), 200);
  const same = "Sec-Fetch-Site: same-origin";
  assert.equal(await post(own, [`Origin: http://${own}`, same]), 200);
  // Others, also under a name that leads here.
  assert.equal(await post(own, ["Origin: http://evil.example"]), 403);
  assert.equal(await post(own, ["Origin: null"]), 403);
  assert.equal(await post(own, ["Sec-Fetch-Site: cross-site"]), 403);
  assert.equal(await post(own, ["Sec-Fetch-Site: same-site"]), 403);
  const rebound = ["Origin: http://evil.example"];
  assert.equal(await post("evil.example", rebound), 403);
  // A header alone proves nothing, and reading is refused, too.
  const claim = ["Authorization: Bearer x"];
  assert.equal(await post("evil.example", [...rebound, ...claim]), 403);
  assert.equal(await post("evil.example", []), 403);
});
