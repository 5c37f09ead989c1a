import assert from "node:assert/strict";
import {
  ForbiddenTarget,
  TargetGuard,
  type TargetKind,
  targetKinds,
} from "../../src/action/target_guard.ts";
import { deliver, failedForGood, http } from "./http_actions.ts";

const addresses: Readonly<Record<TargetKind | "public", readonly string[]>> = {
  loopback: [
    ...["127.0.0.1", "127.255.0.1", "0.0.0.0", "::1", "::"],
    ...["::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1"],
    ...["::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1"],
    "2001:0:5db8:d822::80ff:fffe",
  ],
  "link-local": ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254"],
  private: [
    ...["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    ...["100.64.0.1", "fd00::1", "224.0.0.1", "255.255.255.255"],
    ...["64:ff9b::a00:1", "2002:c0a8:101::1", "ff02::1"],
    ...["::ffff:0:10.0.0.1", "2001:0:5db8:d822::f5ff:fffe"],
  ],
  public: [
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:2800::1",
    ...["::ffff:0:93.184.216.34", "2001:0:7f00:1::a247:27dd", "2001:db8::1"],
  ],
};

for (const kind of targetKinds) {
  Deno.test(`TargetGuard keeps from what is ${kind}, and from nothing else`, async () => {
    const guard = new TargetGuard([kind], { ownAddresses: () => [] });
    for (const [other, list] of Object.entries(addresses)) {
      for (const address of list) {
        if (other === kind) {
          await assert.rejects(
            guard.resolve(address),
            ForbiddenTarget,
            address,
          );
          assert.throws(() => guard.checkAddress(address), ForbiddenTarget);
        } else {
          assert.deepEqual(await guard.resolve(address), [address]);
        }
      }
    }
  });
}

Deno.test("TargetGuard looks at all addresses of a name", async () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    good: ["93.184.216.34", "2606:2800::1"],
    half: ["93.184.216.34", "10.0.0.1"],
  };
  const lookup = (name: string) => Promise.resolve(names[name]);
  const guard = new TargetGuard(["private"], { lookup });
  assert.deepEqual(await guard.resolve("good"), names.good);
  await assert.rejects(guard.resolve("half"), {
    message: '"half" has a private address',
  });
});

Deno.test("TargetGuard takes this machine's own addresses for loopback", async () => {
  const ownAddresses = () => ["192.0.2.7", "2001:db8::7%eth0"];
  const guard = new TargetGuard(["loopback"], { ownAddresses });
  for (const own of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7"]) {
    await assert.rejects(guard.resolve(own), {
      message: `"${own}" is a local address`,
    });
  }
  await guard.resolve("192.0.2.8");
  await new TargetGuard(["private"], { ownAddresses }).resolve("192.0.2.7");
});

Deno.test("TargetGuard knows the addresses of the interfaces", () => {
  const guard = new TargetGuard(["loopback"]);
  for (const { address } of Deno.networkInterfaces()) {
    assert.throws(() => guard.checkAddress(address), ForbiddenTarget, address);
  }
});

/** A server on loopback that counts what reaches it. */
function countingServer() {
  let count = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      count++;
      const to = new URL(request.url).searchParams.get("to");
      return to === null
        ? new Response(request.headers.get("host"))
        : new Response(null, { status: 302, headers: { location: to } });
    },
  );
  return {
    port: server.addr.port,
    get count() {
      return count;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("action http reaches nothing that is forbidden, by address or by name", async () => {
  await using server = countingServer();
  const guard = new TargetGuard(["loopback"]);
  const urls = {
    "127.0.0.1": '"127.0.0.1" is a loopback address',
    "2130706433": '"127.0.0.1" is a loopback address',
    "[::ffff:7f00:1]": '"::ffff:7f00:1" is a loopback address',
    localhost: '"localhost" has a loopback address',
  };
  for (const [host, message] of Object.entries(urls)) {
    const url = `http://${host}:${server.port}/`;
    assert.deepEqual(await deliver({ url }, { guard }), failedForGood(message));
  }
  assert.equal(server.count, 0);
  await using action = http({ guard });
  assert.throws(() => action.check({ url: "https://127.1/" }), {
    code: 1007,
    message:
      'Param "url" must not lead there: "127.0.0.1" is a loopback address',
  });
  action.check({ url: "http://localhost/" });
});

Deno.test("action http is not fooled by a name that changes its address", async () => {
  await using server = countingServer();
  let asked = 0;
  const lookup = () =>
    Promise.resolve([asked++ === 0 ? "93.184.216.34" : "127.0.0.1"]);
  const guard = new TargetGuard(["loopback"], { lookup });
  const url = `http://rebinding.test:${server.port}/`;
  const result = await deliver({ url }, { guard });
  assert.equal(result.kind, "failed");
  assert.equal(asked, 2);
  assert.equal(server.count, 0);
});

Deno.test("action http checks where it is redirected to", async () => {
  await using server = countingServer();
  const lookup = (name: string) =>
    Promise.resolve(name === "outside.test" ? ["127.0.0.1"] : ["10.0.0.1"]);
  const guard = new TargetGuard(["link-local", "private"], { lookup });
  const to = (url: string) =>
    `http://outside.test:${server.port}/?to=${encodeURIComponent(url)}`;
  for (
    const [url, message] of [
      ["http://169.254.169.254/", '"169.254.169.254" is a link-local address'],
      ["http://inside.test/", '"inside.test" has a private address'],
    ]
  ) {
    const result = await deliver({ url: to(url) }, { guard });
    assert.deepEqual(result, failedForGood(message));
  }
  const { kind, detail } = await deliver({
    url: to(`http://outside.test:${server.port}/`),
  }, { guard });
  assert.equal(kind, "succeeded", detail);
  assert.match(detail, /outside\.test:\d+/);
});
