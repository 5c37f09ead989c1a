import { type Benchmark, eachRun, scaled } from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { Samples } from "../samples.ts";
import { atLeast } from "../target.ts";
import { units } from "../unit.ts";

/** How fast plans come, leave and go in bulk over HTTP. */
export const bulkBenchmark: Benchmark = {
  name: "bulk",
  about:
    "plans a second over HTTP: created by lines, exported, removed by prefix",
  async run(context) {
    const { program, workspace } = context;
    const total = scaled(context, 1_000_000);
    const samples = new Samples();
    for (const _ of eachRun(context, 3)) {
      const args = ["--http", "127.0.0.1:0"];
      await using daemon = await Daemon.start({ program, workspace, args });
      const { http_bind_port: port } = await daemon.info();
      const url = `http://127.0.0.1:${port}/v1/plans`;
      const measure = async (
        what: string,
        path: string,
        { init = {}, least }: {
          readonly init?: RequestInit;
          readonly least?: number;
        },
      ) => {
        const startMs = performance.now();
        const response = await fetch(url + path, init);
        for await (const _ of response.body ?? []);
        const seconds = (performance.now() - startMs) / 1000;
        if (!response.ok) throw new Error(`${what}: HTTP ${response.status}`);
        const target = least === undefined ? undefined : atLeast(least);
        samples.add(what, total / seconds, { unit: units.perSecond, target });
      };
      const expectPlans = async (count: number) => {
        const { plan_count } = await daemon.info();
        if (Number(plan_count) === count) return;
        throw new Error(`There are ${plan_count} plans instead of ${count}`);
      };
      const create = (): RequestInit => ({
        method: "POST",
        body: ReadableStream.from(plansInLines(total)),
        headers: { "content-type": "application/x-ndjson" },
      });
      await measure("create", "", { init: create(), least: 50_000 });
      await expectPlans(total);
      await measure("replace, telling errors only", "?report=errors", {
        init: create(),
      });
      await measure("export", "/export", {});
      await measure("remove by prefix", "?prefix=order:", {
        init: { method: "DELETE" },
      });
      await expectPlans(0);
      await daemon.stop();
    }
    return samples.rows();
  },
};

function* plansInLines(total: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (let at = 0; at < total; at++) {
    const key = `order:${String((at * 7919) % total).padStart(14, "0")}`;
    text += JSON.stringify({
      key,
      second: 86_400 + at % 86_400,
      count: 1,
      action: "http",
      params: { url: `http://127.0.0.1:65000/callbacks/orders/${key}` },
    }) + "\n";
    if (text.length < 65_536) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}
