import assert from "node:assert/strict";
import { AccessPolicy } from "../../src/access/access_policy.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { createApp } from "../../src/http/app.ts";
import { lookEndpoints } from "../../src/http/look_endpoints.ts";
import { connectToDaemon } from "../../src/thrift/client.ts";
import { startThriftDaemon } from "../support/thrift_daemon.ts";

const none = [-1, -1, -1, -1, -1] as const;
const refusal =
  'Cannot list all keys that begin with "a": they are over 3; ask for pages';

Deno.test("keys() refuses more keys than it lists in one go, by Thrift and HTTP", async () => {
  await using daemon = await startThriftDaemon({ maxKeys: 3 });
  const { port, service, counters } = daemon;
  using connection = await connectToDaemon({
    hostname: "127.0.0.1",
    port,
    timeoutMs: 20_000,
  });
  const { client } = connection;
  const endpoints = lookEndpoints({
    service,
    info: () => Promise.resolve({}),
    place: () => ({ now: 0, timeZone: "UTC" }),
  });
  const fetch = createApp(endpoints, {
    counters,
    policy: new AccessPolicy(systemClock),
    hostNames: () => [],
  });
  const byHttp = async () => {
    const url = "http://localhost/v1/keys?prefix=a";
    const hostname = "127.0.0.1";
    const address = { transport: "tcp", hostname, port: 1 } as const;
    const client = { peer: `${hostname}:1`, address };
    const response = await fetch(new Request(url), client);
    return { status: response.status, ...await response.json() };
  };
  const create = (key: string) =>
    client.createTimeout(key, 500, ...none, 1, "shell", { cmd: "true" });
  for (const key of ["a1", "a2", "a3", "b"]) await create(key);
  assert.deepEqual(await client.getKeys("a"), ["a1", "a2", "a3"]);
  assert.deepEqual((await byHttp()).data, ["a1", "a2", "a3"]);

  await create("a4");
  await assert.rejects(client.getKeys("a"), { message: refusal });
  assert.deepEqual(await client.getKeys("b"), ["b"]);
  assert.deepEqual(await byHttp(), {
    status: 200,
    errcode: 1007,
    errmsg: refusal,
    data: {},
  });
});
