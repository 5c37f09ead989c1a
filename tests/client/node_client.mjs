// Runs under Node; the package and the daemon's port are its arguments.
import assert from "node:assert/strict";
import dns from "node:dns";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { exports, engines } = require(join(folder, "package.json"));
assert.equal(engines.node, ">=20");
const url = pathToFileURL(join(folder, exports["."].default)).href;
const { ForsunClient, ForsunCode, ForsunError } = await import(url);

const forsun = new ForsunClient({ port: Number(port), connections: 2 });
const params = { cmd: "echo 'ü'" };
const plan = await forsun.createTimeout({ key: "a", minute: 30, params });
assert.deepEqual([plan.key, plan.count, plan.params], ["a", 1, params]);
await forsun.create({ key: "b", hour: 9, timeZone: "Asia/Tokyo", params });
await forsun.createCron({ key: "c", cron: "@daily", params });
assert.deepEqual(await forsun.keys(), ["a", "b", "c"]);
const all = [];
for await (const { key } of forsun.plans({ pageSize: 2 })) all.push(key);
assert.deepEqual(all, ["a", "b", "c"]);
await assert.rejects(forsun.get("none"), (error) => {
  assert.ok(error instanceof ForsunError);
  assert.equal(error.code, ForsunCode.notFound);
  return true;
});
await assert.rejects(
  forsun.ping({ signal: AbortSignal.abort(new Error("enough")) }),
  /^Error: enough$/,
);
const keys = Array.from({ length: 2000 }, (_, index) => `k${index}`);
await Promise.all(
  keys.map((key) => forsun.createTimeout({ key, minute: 30, params })),
);
assert.equal((await forsun.keys("k")).length, 2000);
assert.equal((await forsun.remove("a")).key, "a");
assert.ok((await forsun.info()).current_time > 0);

// Node tells on standard error of signals with too many listeners.
const { signal } = new AbortController();
await Promise.all(keys.map((key) => forsun.get(key, { signal })));
forsun.close();
await assert.rejects(forsun.ping(), { code: "closed" });
// As it does of TLS by the name of an address; the daemon doesn't speak TLS.
const tls = new ForsunClient({
  port: Number(port),
  tls: {},
  connectTimeoutMs: 1,
});
await assert.rejects(tls.ping(), { code: "connection" });
// Of a name with several addresses Node's error has no message of its own.
dns.lookup = (_name, _options, done) =>
  process.nextTick(done, null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);
const away = { host: "two.example", port: 1, connectTimeoutMs: 40 };
await assert.rejects(new ForsunClient(away).ping(), {
  message: /^Cannot connect to two.example:1: .*127.0.0.1:1, .*::1:1$/,
});
process.stdout.write("done\n");
