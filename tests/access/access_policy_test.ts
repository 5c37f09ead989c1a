import assert from "node:assert/strict";
import {
  AccessPolicy,
  type AccessRules,
  parseAllowed,
} from "../../src/access/access_policy.ts";
import { findExposure } from "../../src/access/exposure.ts";
import { maxFailures } from "../../src/access/failed_logins.ts";
import { parseTokens } from "../../src/access/tokens.ts";
import { FakeClock } from "../support/fake_clock.ts";

const adminToken = "admin-0123456789abcdef";
const readToken = "read-0123456789abcdef";

function rules({ tokens = "", allow = "" }): AccessRules {
  return { tokens: parseTokens(tokens), allowed: parseAllowed(allow) };
}

const closed = rules({
  tokens: `admin ${adminToken};read ${readToken}`,
  allow: "10.0.0.0/8; 10.1.0.0/16=admin; 10.2.0.0/16 = read; fd00::/8=read",
});

function from(hostname: string): Deno.NetAddr {
  return { transport: "tcp", hostname, port: 4711 };
}

function policyWith(given: AccessRules) {
  return new AccessPolicy(new FakeClock(0), given);
}

Deno.test("AccessPolicy lets everyone do everything where there are no rules", () => {
  const caller = policyWith(rules({})).greet(from("203.0.113.9"));
  assert.equal(caller.role, "admin");
  assert.equal(caller.login("anything at all"), "admin");
  assert.ok(caller.mayReveal(undefined));
});

Deno.test("AccessPolicy gives clients of allowed networks the most that any says", () => {
  const policy = policyWith(closed);
  const roleOf = (host: string) => policy.greet(from(host)).role;
  assert.equal(roleOf("10.9.0.1"), "write");
  assert.equal(roleOf("10.1.0.1"), "admin");
  assert.equal(roleOf("10.2.0.1"), "write");
  assert.equal(roleOf("::ffff:10.1.0.1"), "admin");
  assert.equal(roleOf("fd00::5"), "read");
  assert.equal(roleOf("127.0.0.1"), undefined);
});

Deno.test("AccessPolicy takes a socket's file modes for a proof", () => {
  const unix: Deno.Addr = { transport: "unix", path: "" };
  assert.equal(policyWith(closed).greet(unix).role, "admin");
});

Deno.test("Caller demands a token, and then the role", () => {
  const caller = policyWith(closed).greet(from("203.0.113.9"));
  assert.throws(() => caller.demand("read"), {
    code: 1009,
    message: "Not authorized: a token is needed",
  });
  assert.throws(() => caller.login("wrong-0123456789"), {
    code: 1009,
    message: "Not authorized: the token is wrong",
  });
  assert.equal(caller.role, undefined);
  assert.equal(caller.login(readToken), "read");
  caller.demand("read");
  assert.throws(() => caller.demand("write"), {
    code: 1010,
    message: "Forbidden: this needs the role write, the token has read",
  });
});

Deno.test("Caller reveals secrets to an admin who asks, or who can't but needs no token", () => {
  const policy = policyWith(closed);
  const withToken = policy.greet(from("203.0.113.9"));
  assert.equal(withToken.mayReveal(true), false);
  withToken.login(adminToken);
  assert.equal(withToken.mayReveal(true), true);
  assert.equal(withToken.mayReveal(false), false);
  assert.equal(withToken.mayReveal(undefined), false);
  const trusted = policy.greet(from("10.1.0.1"));
  assert.equal(trusted.mayReveal(undefined), true);
  assert.equal(trusted.mayReveal(false), false);
  assert.equal(policy.greet(from("10.9.0.1")).mayReveal(true), false);
});

Deno.test("AccessPolicy takes away at once what other rules don't give", () => {
  const policy = policyWith(closed);
  const caller = policy.greet(from("203.0.113.9"));
  caller.login(adminToken);
  policy.replace(rules({ tokens: `read ${adminToken}` }));
  assert.equal(caller.role, "read");
  policy.replace(rules({ tokens: `admin ${readToken}` }));
  assert.equal(caller.role, undefined);
  policy.replace(closed);
  assert.equal(caller.role, "admin");
});

Deno.test("Caller refuses even the right token after too many wrong ones from its place", async () => {
  const clock = new FakeClock(0);
  const policy = new AccessPolicy(clock, closed);
  for (let count = 0; count < maxFailures; count++) {
    const caller = policy.greet(from("2001:db8::1"));
    assert.throws(() => caller.login(`wrong-${count}`), { code: 1009 });
  }
  const neighbour = policy.greet(from("2001:db8::ffff:1"));
  assert.throws(() => neighbour.login(adminToken), {
    code: 1009,
    message: "Not authorized: too many wrong tokens, try again in 60 s",
  });
  assert.equal(policy.greet(from("2001:db9::1")).login(adminToken), "admin");
  await clock.advance(60_000);
  assert.equal(neighbour.login(adminToken), "admin");
});

Deno.test("Caller counts wrong tokens by address where that is IPv4 or this machine", () => {
  const places = ["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::1", "127.0.0.1"];
  for (const guilty of [...places, "192.0.2.1"]) {
    const policy = policyWith(closed);
    for (let count = 0; count < maxFailures; count++) {
      assert.throws(() => policy.greet(from(guilty)).login("wrong"));
    }
    for (const place of places) {
      const login = () => policy.greet(from(place)).login(adminToken);
      const isSame = place.replace("::ffff:", "") ===
        guilty.replace("::ffff:", "");
      if (isSame) assert.throws(login, /too many wrong tokens/, place);
      else assert.equal(login(), "admin", `${place} after ${guilty}`);
    }
  }
});

Deno.test("parseAllowed() refuses what is no network or no role", () => {
  for (const wrong of ["10.0.0.0/99", "nowhere", "10.0.0.0/8=root"]) {
    assert.throws(() => parseAllowed(`::1;${wrong}`), {
      message:
        `must be CIDR or CIDR=ROLE, such as 10.0.0.0/8=read, got "${wrong}"`,
    });
  }
});

Deno.test("findExposure() refuses an open shell, and warns of what is open otherwise", () => {
  const open = {
    hosts: ["127.0.0.1", "0.0.0.0"],
    isOpen: true,
    hasShell: true,
    isInsecure: false,
  };
  assert.throws(() => findExposure(open), {
    message:
      "Cannot listen on 0.0.0.0: everyone who reaches it could run shell commands; set FORSUN_TOKENS, --token-file or --allow, leave shell out of --actions, or say --insecure",
  });
  assert.match(
    findExposure({ ...open, isInsecure: true }) ?? "",
    /^Everyone who reaches 0\.0\.0\.0 can run shell commands: /,
  );
  assert.match(
    findExposure({ ...open, hasShell: false }) ?? "",
    /^Everyone who reaches 0\.0\.0\.0 can make it call anything: /,
  );
  assert.equal(findExposure({ ...open, isOpen: false }), undefined);
  assert.equal(
    findExposure({ ...open, hosts: ["127.0.0.1", "::1"] }),
    undefined,
  );
});
