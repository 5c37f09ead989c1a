import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CallbackServer } from "../support/callback_server.ts";
import { type DaemonProcess, startDaemon } from "../support/daemon_process.ts";
import { tempFolder } from "../support/temp_folder.ts";

const trials = Number(Deno.env.get("FORSUN_CRASH_TRIALS") ?? 50);
const writers = 8;

/** What is known of the plans: what was acknowledged, and what was asked for when the daemon died. */
class Ledger {
  /** Keys of plans that must be there, far from firing. */
  readonly kept = new Set<string>();
  /** Keys of plans that may or may not be there. */
  readonly unsure = new Set<string>();
  /** Keys of plans that must be called back. */
  readonly due = new Set<string>();

  check(found: ReadonlySet<string>): void {
    const missing = [...this.kept].filter((key) => !found.has(key));
    assert.deepEqual(missing, []);
    const surplus = [...found].filter((key) =>
      !key.startsWith("due ") && !this.kept.has(key) && !this.unsure.has(key)
    );
    assert.deepEqual(surplus, []);
    for (const key of this.unsure) {
      if (found.has(key)) this.kept.add(key);
    }
    this.unsure.clear();
  }
}

Deno.test(`no acknowledged plan is lost over ${trials} crashes under load`, async () => {
  await using folder = await tempFolder();
  await using server = new CallbackServer();
  const file = join(folder.path, "store");
  const ledger = new Ledger();
  const crashesMs: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    await using daemon = await startDaemon({ file });
    ledger.check(await keysOf(daemon));
    const load = Array.from(
      { length: writers },
      (_, index) => write(daemon, `${trial}.${index}`, ledger, server.url),
    );
    // From the first moments to well into the load, evenly.
    await delay(300 * (trial + 0.5) / trials);
    await daemon.end("SIGKILL");
    crashesMs.push(Date.now());
    await Promise.all(load);
  }
  await using daemon = await startDaemon({ file });
  ledger.check(await keysOf(daemon));
  assert.ok(ledger.kept.size > trials, "the load was too small to mean much");
  const arrived = () => new Set(server.callbacks.map(({ key }) => key));
  await server.until(() => ledger.due.isSubsetOf(arrived()), 60_000);
  await daemon.end("SIGTERM");
  checkRepeats(server, crashesMs);
});

/** Creates and removes plans until the daemon is gone; each step goes into the ledger. */
async function write(
  daemon: DaemonProcess,
  name: string,
  ledger: Ledger,
  url: string,
): Promise<void> {
  const params = { url, method: "post", body: "x".repeat(50) };
  let key = "";
  try {
    using connection = await daemon.connect();
    const { client } = connection;
    for (let index = 0;; index++) {
      key = `far ${name}.${index}`;
      ledger.unsure.add(key);
      await client.createTimeout(key, 0, 0, 0, 9, 0, -1, 1, "http", params);
      ledger.unsure.delete(key);
      ledger.kept.add(key);
      if (index % 5 === 4) {
        const due = `due ${name}.${index}`;
        await client.createTimeout(due, 1, 0, 0, 0, 0, -1, 1, "http", params);
        ledger.due.add(due);
      }
      if (index % 3 === 2) {
        key = `far ${name}.${index - 1}`;
        ledger.kept.delete(key);
        ledger.unsure.add(key);
        await client.remove(key);
        ledger.unsure.delete(key);
      }
    }
  } catch {
    // The daemon died; what was under way stays unsure.
  }
}

async function keysOf(daemon: DaemonProcess): Promise<Set<string>> {
  using connection = await daemon.connect();
  const keys = new Set<string>();
  for (let after = "";;) {
    const page = await connection.client.getPlans("", after, 5000);
    for (const plan of page) keys.add(plan.key);
    if (page.length < 5000) return keys;
    after = page[page.length - 1].key;
  }
}

/**
 * What came twice came from two lives of the daemon: an occurrence that was
 * being executed when it died. No plan was due more than once.
 */
function checkRepeats(
  { callbacks }: CallbackServer,
  crashesMs: readonly number[],
): void {
  const last = new Map<string, { second: number; life: number }>();
  for (const { key, second, atMs } of callbacks) {
    const life = crashesMs.filter((crashMs) => crashMs <= atMs).length;
    const before = last.get(key);
    assert.equal(second, before?.second ?? second, `${key} was due twice`);
    assert.notEqual(life, before?.life, `${key} came twice without a crash`);
    last.set(key, { second, life });
  }
}
