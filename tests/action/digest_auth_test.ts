import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseChallenges } from "../../src/action/auth_challenge.ts";
import {
  digestAuthorization,
  type DigestChallenge,
  digestChallenge,
} from "../../src/action/digest_auth.ts";

/** The example of RFC 7616, 3.9.1. */
const mufasa = {
  credentials: { username: "Mufasa", password: "Circle of Life" },
  method: "GET",
  uri: "/dir/index.html",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  count: 1,
};
const offered = 'Digest realm="http-auth@example.org", qop="auth, auth-int", ' +
  "algorithm=SHA-256, " +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

function challengeIn(header: string): DigestChallenge {
  const challenge = digestChallenge(header);
  ok(challenge);
  return challenge;
}

function field(authorization: string, name: string): string | undefined {
  return parseChallenges(authorization)[0].params.get(name);
}

Deno.test("digestAuthorization() answers RFC 7616's example with SHA-256", () => {
  strictEqual(
    digestAuthorization(challengeIn(offered), mufasa),
    'Digest username="Mufasa", realm="http-auth@example.org", ' +
      'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
      'uri="/dir/index.html", ' +
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", ' +
      "algorithm=SHA-256, " +
      'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, nc=00000001, ' +
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  );
});

Deno.test("digestAuthorization() answers RFC 7616's example with MD5", () => {
  const header = offered.replace("SHA-256", "MD5");
  strictEqual(
    field(digestAuthorization(challengeIn(header), mufasa), "response"),
    "8ca523f5e9506fed4657c9700eebdbec",
  );
});

Deno.test("digestAuthorization() hashes the user of RFC 7616, 3.9.2 (erratum 4897)", () => {
  const challenge = challengeIn(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
      'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
      "charset=UTF-8, userhash=true",
  );
  const input = {
    credentials: { username: "Jäsøn Doe", password: "Secret, or not?" },
    method: "GET",
    uri: "/doe.json",
    cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
    count: 1,
  };
  const hashed = digestAuthorization(challenge, input);
  strictEqual(
    field(hashed, "username"),
    "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
  );
  strictEqual(
    field(hashed, "response"),
    "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
  );
  strictEqual(field(hashed, "userhash"), "true");
  const plain = digestAuthorization({ ...challenge, userhash: false }, input);
  ok(plain.includes("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,"));
});

Deno.test("digestAuthorization() answers servers without qop (RFC 2069)", () => {
  const challenge = challengeIn(
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
  );
  const answer = digestAuthorization(challenge, {
    ...mufasa,
    credentials: { username: "Mufasa", password: "CircleOfLife" },
  });
  strictEqual(field(answer, "response"), "1949323746fe6a43ef61f9606e7febea");
  deepStrictEqual([field(answer, "nc"), field(answer, "cnonce")], [
    undefined,
    undefined,
  ]);
});

Deno.test("digestAuthorization() computes a session key with -sess", () => {
  const challenge = challengeIn(
    'Digest realm="http-auth@example.org", nonce="n", qop=auth, algorithm=MD5-sess',
  );
  const answer = digestAuthorization(challenge, {
    ...mufasa,
    method: "POST",
    uri: "/a?b=c",
    cnonce: "c",
    count: 10,
  });
  strictEqual(field(answer, "response"), "899e7830871ddfcd3325ff519d619046");
  strictEqual(field(answer, "nc"), "0000000a");
});

Deno.test("digestChallenge() picks the best algorithm that it knows", () => {
  const of = (algorithm: string) =>
    `Digest realm="r", nonce="${algorithm}", qop="auth", algorithm=${algorithm}`;
  const header = ['Basic realm="a, b"', ...["MD5", "X", "SHA-256"].map(of)];
  strictEqual(challengeIn(header.join(", ")).nonce, "SHA-256");
});

Deno.test("digestChallenge() leaves alone what it can't answer", () => {
  const headers = [
    null,
    "",
    'Basic realm="x"',
    'Digest realm="x"',
    'Digest realm="x", nonce="n", algorithm=X',
    'Digest realm="x", nonce="n", qop="auth-int"',
    '"""',
  ];
  for (const header of headers) strictEqual(digestChallenge(header), undefined);
});

Deno.test("parseChallenges() tells schemes, tokens and quoted texts apart", () => {
  const header =
    'Negotiate YWJj==, NTLM,Digest realm = "a\\"b, c=d" , nonce=n, Basic';
  deepStrictEqual(
    parseChallenges(header).map(({ scheme, params }) => [scheme, ...params]),
    [
      ["negotiate"],
      ["ntlm"],
      ["digest", ["realm", 'a"b, c=d'], ["nonce", "n"]],
      ["basic"],
    ],
  );
});
