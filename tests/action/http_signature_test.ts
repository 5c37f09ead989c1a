import assert from "node:assert/strict";
import { join } from "node:path";
import { createHttpAction } from "../../src/action/http.ts";
import {
  parseSigningKeys,
  type SigningKey,
} from "../../src/action/http_signature.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { requireCommand, testWith } from "../support/services.ts";

const examples = join(
  import.meta.dirname ?? ".",
  "../../examples/verify_signature",
);
const keys = { new: "new-secret-0123456789", old: "old-secret-0123456789" };

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What receivers get of a call, redirections included. */
async function receive(
  params: Readonly<Record<string, string>>,
  signingKeys: readonly SigningKey[],
): Promise<readonly Received[]> {
  const received: Received[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { method, url, headers } = request;
      const body = await request.text();
      received.push({
        method,
        url,
        headers: Object.fromEntries(headers),
        body,
      });
      return url.endsWith("/first")
        ? new Response(null, { status: 303, headers: { location: "/second" } })
        : new Response();
    },
  );
  await using action = createHttpAction({
    connectTimeoutMs: 20_000,
    requestTimeoutMs: 20_000,
    userAgent: "forsun",
    concurrency: 4,
    clock: systemClock,
    signingKeys,
  });
  const url = `http://me:pw@127.0.0.1:${server.addr.port}${params.path}`;
  const call = {
    key: "order: 1\n\u00e4",
    second: 1_700_000_000,
    attempt: 2,
    params: { ...params, url, header_x_forsun_signature: "t=1,new=00" },
  };
  const result = await action.execute(call, new AbortController().signal);
  assert.equal(result.kind, "succeeded");
  return received;
}

const bothKeys = parseSigningKeys(`new:${keys.new};old ${keys.old}`);

const python = `
import json, sys
sys.path.insert(0, sys.argv[1])
from verify import is_genuine
given = json.load(sys.stdin)
print(json.dumps([is_genuine(k, r["method"], r["url"], r["headers"], r["body"].encode()) for k, r in given]))`;
const php = `
require $argv[1] . '/verify.php';
$given = json_decode(stream_get_contents(STDIN), true);
echo json_encode(array_map(fn($it) => is_genuine($it[0], $it[1]['method'], $it[1]['url'], $it[1]['headers'], $it[1]['body']), $given));`;
const javascript = `
import { readFileSync } from "node:fs";
const { isGenuine } = await import(process.argv[1] + "/verify.mjs");
const given = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(given.map(([k, r]) => isGenuine(k, { ...r, body: Buffer.from(r.body) }))));`;

const verifiers: readonly [program: string, args: readonly string[]][] = [
  ["python3", ["-c", python, examples]],
  ["php", ["-r", php, "--", examples]],
  ["node", ["--input-type=module", "-e", javascript, examples]],
];

for (const [program, args] of verifiers) {
  testWith(
    { [program]: await requireCommand(program) },
    `${program} verifies the signatures of callbacks, and refuses what was changed`,
    async () => {
      const path = "/a%20b/c?d=%C3%A4&e#f";
      const body = '{"a":"\u00e4\u{1f600}"}';
      const [post] = await receive({ path, method: "post", body }, bothKeys);
      const [get] = await receive({ path: "/x" }, bothKeys);
      const hops = await receive({ path: "/first" }, bothKeys);
      const headers = post.headers;
      const signature = headers["x-forsun-signature"];
      const late = signature.replace(/^t=\d+/, "t=1700000000");
      const isGood: readonly (readonly [object, Received])[] = [
        [keys, post],
        [{ new: keys.new }, post],
        [{ old: keys.old }, post],
        [keys, get],
        ...hops.map((hop) => [keys, hop] as const),
      ];
      const other = (change: Partial<Received>) =>
        [keys, { ...post, ...change }] as const;
      const otherHeader = (name: string, value: string) =>
        other({ headers: { ...headers, [name]: value } });
      const isBad: readonly (readonly [object, Received])[] = [
        [{ new: keys.old, third: keys.new }, post],
        [{}, post],
        other({ method: "PUT" }),
        other({ url: `${post.url}g` }),
        other({ body: `${body} ` }),
        otherHeader("x-forsun-timestamp", "1700000001"),
        otherHeader("x-forsun-key", "order"),
        otherHeader("x-forsun-attempt", "1"),
        otherHeader("x-forsun-signature", late),
        otherHeader("x-forsun-signature", ""),
        otherHeader("x-forsun-signature", signature.split(",")[0]),
      ];
      const child = new Deno.Command(program, {
        args: [...args],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const input = new Blob([JSON.stringify([...isGood, ...isBad])]).stream();
      await input.pipeTo(child.stdin);
      const { stdout, stderr } = await child.output();
      const text = new TextDecoder().decode(stdout);
      assert.notEqual(text, "", new TextDecoder().decode(stderr));
      assert.deepEqual(JSON.parse(text), [
        ...isGood.map(() => true),
        ...isBad.map(() => false),
      ]);
    },
  );
}

Deno.test("action http signs nothing without a key, whatever the plan says", async () => {
  const [get] = await receive({
    path: "/",
    "header_x-forsun-signature": "t=1,new=00",
  }, []);
  assert.equal(get.headers["x-forsun-signature"], undefined);
});

Deno.test("parseSigningKeys() refuses what makes no keys, and doesn't repeat it", () => {
  const wrong: readonly [text: string, message: RegExp][] = [
    ["a:short-secret", /^key 1 must be ID:SECRET with a secret of 16/],
    ["t:0123456789abcdef", /^key 1 must be ID:SECRET/],
    ["a:0123456789abcdef;b", /^key 2 must be ID:SECRET/],
    ["a:0123456789abcdef\na:0123456789abcdeg", /two different ids/],
    ["a:0123456789abcdef;".repeat(3), /two keys, the new one and the old/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => parseSigningKeys(text), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret-|0123/);
      return true;
    });
  }
});
