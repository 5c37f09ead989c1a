import { fireActionBurst } from "../action_burst.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { Samples } from "../samples.ts";
import { atLeast, atMost } from "../target.ts";
import { TextServer } from "../text_server.ts";
import { units } from "../unit.ts";

/** How fast Redis commands are executed. */
export const redisBenchmark: Benchmark = {
  name: "redis",
  about: "50,000 redis plans due in one second",
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) await measure(context, samples);
    return samples.rows();
  },
};

async function measure(
  context: BenchmarkContext,
  samples: Samples,
): Promise<void> {
  const { program, workspace } = context;
  const count = scaled(context, 50_000);
  await using server = await TextServer.start(
    workspace,
    "redis-server",
    (port) => ["--port", String(port), "--save", "", "--appendonly", "no"],
  );
  await using daemon = await Daemon.start({ program, workspace });
  const receiver = {
    async arrived(): Promise<number> {
      return Number((await server.ask("DBSIZE", /\r\n$/)).slice(1));
    },
  };
  const { firstSeconds, lastSeconds, failures } = await fireActionBurst({
    daemon,
    receiver,
    workspace,
    load: {
      key: "order:##############",
      action: "redis",
      params: { port: String(server.port), command: "SET {key} due EX 300" },
    },
  }, count);
  await daemon.stop();
  const { seconds: unit } = units;
  samples.add("first", firstSeconds, { unit });
  samples.add("last", lastSeconds, { unit, target: atMost(2) });
  samples.add("commands", count / lastSeconds, {
    unit: units.perSecond,
    target: atLeast(25_000),
  });
  samples.add("failed", failures, { unit: units.count, target: atMost(0) });
}
