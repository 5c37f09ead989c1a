import assert from "node:assert/strict";
import fc from "fast-check";
import {
  contains,
  isLoopback,
  parseIpAddress,
  parseNetwork,
} from "../../src/core/network.ts";

const cases: readonly [
  network: string,
  inside: readonly string[],
  outside: readonly string[],
][] = [
  ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], [
    "9.255.255.255",
    "11.0.0.0",
    "::a00:1",
  ]],
  ["192.168.7.9", ["192.168.7.9"], ["192.168.7.8"]],
  ["0.0.0.0/0", ["255.255.255.255", "0.0.0.0"], ["::1", "fe80::1"]],
  ["::/0", ["::1", "10.0.0.1"], []],
  ["fd00::/8", ["fd12:3456::1", "fdff:ffff::"], ["fc00::1", "fe00::1"]],
  ["2001:db8::1/128", ["2001:DB8:0:0::1"], ["2001:db8::2"]],
  ["fe80::/10", ["fe80::1%eth0", "febf::1"], ["fec0::1"]],
];

for (const [text, inside, outside] of cases) {
  Deno.test(`contains() knows what is of ${text}`, () => {
    const network = parseNetwork(text);
    assert.ok(network !== undefined);
    const isIn = (address: string) =>
      contains(network, parseIpAddress(address) ?? assert.fail(address));
    for (const address of inside) assert.ok(isIn(address), address);
    for (const address of outside) assert.ok(!isIn(address), address);
  });
}

Deno.test("parseNetwork() refuses what is no network", () => {
  for (
    const text of ["", "10", "10.0.0.0/33", "10.0.0.0/", "::/129", "a/8"]
  ) {
    assert.equal(parseNetwork(text), undefined, text);
  }
});

Deno.test("parseIpAddress() reads addresses in all of their forms", () => {
  const values: readonly [string, bigint | undefined][] = [
    ["::", 0n],
    ["::1", 1n],
    ["1::", 1n << 112n],
    ["[::2]", 2n],
    ["127.0.0.1", 0xffff_7f00_0001n],
    ["::ffff:127.0.0.1", 0xffff_7f00_0001n],
    ["64:ff9b::1.2.3.4", (0x64_ff9bn << 96n) | 0x0102_0304n],
    ["1:2:3:4:5:6:7:8", 0x0001_0002_0003_0004_0005_0006_0007_0008n],
    ["localhost", undefined],
    ["127.1", undefined],
    ["", undefined],
  ];
  for (const [text, value] of values) {
    assert.equal(parseIpAddress(text), value, text);
  }
});

Deno.test("parseIpAddress() gives each IPv6 address back", () => {
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const canonical = new URL(`http://[${text}]/`).hostname;
    assert.equal(parseIpAddress(text), parseIpAddress(canonical), text);
    assert.notEqual(parseIpAddress(text), undefined);
  }));
});

Deno.test("isLoopback() knows the hosts that only this machine reaches", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"]) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "db.local", "::2"]) {
    assert.ok(!isLoopback(host), host);
  }
});
