import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Slots } from "../../src/action/slots.ts";

/** Work that ends when the test says so. */
function heldWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const slots = new Slots();
  const use = (job: string, { name = "a", max = 2, waitMs = 60_000 } = {}) =>
    slots.use(name, () => {
      started.push(job);
      return new Promise<string>((resolve) =>
        ends.set(job, () => resolve(job))
      );
    }, { max, waitMs, late: () => new Error("all busy") });
  const end = async (job: string) => {
    ends.get(job)?.();
    await setImmediate();
  };
  return { started, use, end };
}

Deno.test("use() runs a few of one name at a time, in their order", async () => {
  const { started, use, end } = heldWork();
  const running = ["1", "2", "3", "4"].map((job) => use(job));
  running.push(use("other", { name: "b" }));
  await setImmediate();
  deepStrictEqual(started, ["1", "2", "other"]);
  await end("2");
  deepStrictEqual(started, ["1", "2", "other", "3"]);
  for (const job of ["1", "3", "4", "other"]) await end(job);
  deepStrictEqual(await Promise.all(running), ["1", "2", "3", "4", "other"]);
});

Deno.test("use() goes by the first caller's limit until nobody is left", async () => {
  const { started, use, end } = heldWork();
  const first = use("1", { max: 1 });
  const second = use("2", { max: 9 });
  await setImmediate();
  deepStrictEqual(started, ["1"]);
  await end("1");
  await end("2");
  await Promise.all([first, second]);
  const more = [use("3"), use("4")];
  await setImmediate();
  deepStrictEqual(started, ["1", "2", "3", "4"]);
  await end("3");
  await end("4");
  await Promise.all(more);
});

Deno.test("use() gives up waiting, and its place is not lost", async () => {
  const { started, use, end } = heldWork();
  const first = use("1", { max: 1 });
  await rejects(use("2", { waitMs: 10 }), { message: "all busy" });
  const third = use("3");
  await end("1");
  await end("3");
  strictEqual(await first, "1");
  strictEqual(await third, "3");
  deepStrictEqual(started, ["1", "3"]);
});
