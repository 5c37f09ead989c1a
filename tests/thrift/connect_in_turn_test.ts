import assert from "node:assert/strict";
import { connectInTurn } from "../../src/thrift/connect_in_turn.ts";
import { freePort } from "../support/server_program.ts";
import { FullServer } from "../action/full_server.ts";

/** Leads to 127.0.0.1 first, as most systems have it. */
const hostname = "localhost";

function finding(...addresses: readonly string[]) {
  return () => Promise.resolve(addresses);
}

Deno.test("connectInTurn() goes on to a name's next address when one refuses", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.2", port: 0 });
  using socket = await connectInTurn({
    hostname,
    port: listener.addr.port,
    timeoutMs: 20_000,
    lookup: finding("127.0.0.1", "127.0.0.3", "127.0.0.2"),
  });
  assert.equal(socket.remoteAddr.hostname, "127.0.0.2");
});

Deno.test("connectInTurn() goes on to a name's next address when one doesn't answer", async () => {
  using full = await FullServer.create();
  const port = Number(full.address.split(":")[1]);
  using _listener = Deno.listen({ hostname: "127.0.0.2", port });
  using socket = await connectInTurn({
    hostname,
    port,
    timeoutMs: 800,
    lookup: finding("127.0.0.1", "127.0.0.2"),
  });
  assert.equal(socket.remoteAddr.hostname, "127.0.0.2");
});

Deno.test("connectInTurn() is through with all addresses when the time is over", async () => {
  using full = await FullServer.create();
  const port = Number(full.address.split(":")[1]);
  const startMs = performance.now();
  for (const host of [hostname, "127.0.0.1"]) {
    const lookup = finding("127.0.0.1", "127.0.0.1", "127.0.0.1");
    await assert.rejects(
      connectInTurn({ hostname: host, port, timeoutMs: 300, lookup }),
      { name: "TimedOut", message: "no connection within 0.3 s" },
    );
  }
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs >= 590 && tookMs < 5000, `${tookMs} ms`);
});

Deno.test("connectInTurn() fails with what the first address says", async () => {
  const port = freePort();
  const cases:
    readonly (readonly [string, () => Promise<readonly string[]>])[] = [
      ["127.0.0.9", finding()],
      ["localhost", finding("127.0.0.1", "127.0.0.9")],
      ["localhost", () => Promise.reject(new Error("not found"))],
    ];
  for (const [host, lookup] of cases) {
    await assert.rejects(
      connectInTurn({ hostname: host, port, timeoutMs: 20_000, lookup }),
      Deno.errors.ConnectionRefused,
    );
  }
});
