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

/** How fast beanstalk jobs are put. */
export const beanstalkBenchmark: Benchmark = {
  name: "beanstalk",
  about: "50,000 beanstalk plans due in one second",
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
    "beanstalkd",
    (port) => ["-l", "127.0.0.1", "-p", String(port)],
  );
  await using daemon = await Daemon.start({ program, workspace });
  const receiver = {
    async arrived(): Promise<number> {
      const stats = await server.ask("stats", /^total-jobs: .*\r\n$/ms);
      return Number(/^total-jobs: (\d+)$/m.exec(stats)?.[1]);
    },
  };
  const { firstSeconds, lastSeconds, failures } = await fireActionBurst({
    daemon,
    receiver,
    workspace,
    load: {
      key: "order:##############",
      action: "beanstalk",
      params: { port: String(server.port), name: "orders", body: "{key}" },
    },
  }, count);
  await daemon.stop();
  const { seconds: unit } = units;
  samples.add("first", firstSeconds, { unit });
  samples.add("last", lastSeconds, { unit });
  samples.add("jobs", count / lastSeconds, {
    unit: units.perSecond,
    target: atLeast(10_000),
  });
  samples.add("failed", failures, { unit: units.count, target: atMost(0) });
}
