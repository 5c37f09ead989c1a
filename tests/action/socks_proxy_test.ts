import { strictEqual } from "node:assert/strict";
import { TargetGuard } from "../../src/action/target_guard.ts";
import { eventually } from "../support/eventually.ts";
import { RawServer as HoldingServer } from "../thrift/raw_server.ts";
import { execute, http } from "./http_actions.ts";
import { openDescriptors } from "./processes.ts";
import { RawServer, write } from "./raw_server.ts";

const guard = new TargetGuard(["link-local"]);

Deno.test("SocksProxy closes its connection to a server that a client has given up, though that holds its own", async () => {
  let held = 0;
  await using server = new HoldingServer(async (_, over) => {
    held++;
    await over;
  });
  await using action = http({ guard });
  const url = `http://127.0.0.1:${server.port}/`;
  const before = await openDescriptors();
  const calls = Array.from(
    { length: 20 },
    () => execute(action, { url, request_timeout: "0.2" }),
  );
  for (const { kind } of await Promise.all(calls)) strictEqual(kind, "failed");
  await eventually(async () => {
    const others = await openDescriptors() - before - held;
    return held >= 20 && others < 10;
  });
});

Deno.test("SocksProxy passes on what is larger than its buffers, both ways", async () => {
  const body = "b".repeat(1_000_000);
  await using server = new RawServer(async (connection, request) => {
    const reply = request.endsWith(`\r\n\r\n${body}`)
      ? "a".repeat(300_000)
      : "";
    await write(
      connection,
      `HTTP/1.1 200 OK\r\nContent-Length: ${reply.length}\r\n\r\n${reply}`,
    );
  });
  await using action = http({ guard });
  const params = { url: server.origin, method: "post", body };
  const { kind, detail } = await execute(action, params);
  strictEqual(kind, "succeeded");
  strictEqual(detail.endsWith("aaa"), true);
});
