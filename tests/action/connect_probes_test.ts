import { strictEqual } from "node:assert/strict";
import { ConnectProbes, portOf } from "../../src/action/connect_probes.ts";
import { FullServer } from "./full_server.ts";

Deno.test("answers() is true for a server that accepts", async () => {
  using probes = new ConnectProbes();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (const host of ["127.0.0.1", "localhost"]) {
    const url = new URL(`http://${host}:${port}/`);
    strictEqual(await probes.answers(url, 20_000), true);
  }
});

Deno.test("answers() is true for a server that refuses", async () => {
  using probes = new ConnectProbes();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  listener.close();
  strictEqual(await probes.answers(url, 20_000), true);
});

Deno.test("answers() is false after the wait for a server that doesn't answer", async () => {
  using probes = new ConnectProbes();
  using server = await FullServer.create();
  const url = new URL(`http://${server.address}/`);
  strictEqual(await probes.answers(url, 50), false);
});

Deno.test("answers() ends when the probes are disposed", async () => {
  using server = await FullServer.create();
  const probes = new ConnectProbes();
  const url = new URL(`http://${server.address}/`);
  const waiting = [probes.answers(url, 100_000), probes.answers(url, 200_000)];
  probes[Symbol.dispose]();
  await Promise.all(waiting);
});

Deno.test("portOf() knows the ports that URLs leave out", () => {
  strictEqual(portOf(new URL("http://a/")), 80);
  strictEqual(portOf(new URL("https://a/")), 443);
  strictEqual(portOf(new URL("https://a:80/")), 80);
});
