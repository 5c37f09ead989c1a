import { distantPlan } from "../bench_plan.ts";
import { type Benchmark, eachRun, scaled } from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { runLoad, startLoad } from "../load.ts";
import { Samples } from "../samples.ts";
import { atMost } from "../target.ts";
import { cursor, timePages } from "../time_pages.ts";
import { units } from "../unit.ts";

/** How long a page of a long list takes, and what waits for it meanwhile. */
export const pageBenchmark: Benchmark = {
  name: "page",
  about:
    "a page of 100 plans over HTTP with 10 million, a tenth of them in one second",
  async run(context) {
    const { program, workspace } = context;
    const args = ["--http", "127.0.0.1:0"];
    await using daemon = await Daemon.start({ program, workspace, args });
    const { http_bind_port: httpPort } = await daemon.info();
    const target = { port: daemon.port, workspace };
    const many = {
      ...distantPlan,
      connections: 64,
      pipeline: 16,
      isShuffled: true,
    };
    const total = scaled(context, 9_000_000);
    context.say(
      `creating ${total.toLocaleString("en")} plans and a ninth more`,
    );
    await runLoad(target, { ...many, total });
    const second = Math.floor(Date.now() / 1000) + 8 * 86_400;
    await runLoad(target, {
      ...many,
      key: "crowd:##############",
      total: scaled(context, 1_000_000),
      at: second,
      spread: undefined,
    });
    const samples = new Samples();
    const midKey = `order:${String(total >> 1).padStart(14, "0")}`;
    const midCrowd = `crowd:${String(total >> 5).padStart(14, "0")}`;
    const pages = {
      "by key, the first": "",
      "by key, from the middle": `?cursor=${cursor(midKey)}`,
      "by next occurrence, the first": "?order=next",
      "the same, from the middle": `?order=next&cursor=${
        cursor("", second + 7 * 86_400)
      }`,
      "the same, in the second of a tenth": `?order=next&cursor=${
        cursor(midCrowd, second)
      }`,
      "the same, of a prefix that few have":
        `?order=next&prefix=order:0000000000`,
      "the same, of a prefix that most have": "?order=next&prefix=order:",
    };
    const probe = await startLoad(target, {
      method: "ping",
      intervalUs: 1000,
      pipeline: 8192,
    });
    for (const _ of eachRun(context, 30)) {
      await timePages(samples, httpPort, pages);
    }
    const { latencyMs } = await probe.end();
    samples.add("ping meanwhile, slowest", latencyMs.most, {
      unit: units.milliseconds,
      target: atMost(50),
    });
    await daemon.stop();
    return samples.rows();
  },
};
