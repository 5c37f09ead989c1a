import { fireActionBurst } from "../action_burst.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { CallReceiver } from "../call_receiver.ts";
import { Daemon } from "../daemon.ts";
import { Samples } from "../samples.ts";
import { atLeast, atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How fast Thrift receivers are called. */
export const thriftBenchmark: Benchmark = {
  name: "thrift",
  about: "50,000 thrift plans due in one second",
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
  await using receiver = await CallReceiver.start(workspace);
  await using daemon = await Daemon.start({ program, workspace });
  const { firstSeconds, lastSeconds, failures } = await fireActionBurst({
    daemon,
    receiver,
    workspace,
    load: {
      key: "order:##############",
      action: "thrift",
      params: { port: String(receiver.port), body: "{key}" },
    },
  }, count);
  await daemon.stop();
  const { seconds: unit } = units;
  samples.add("first", firstSeconds, { unit });
  samples.add("last", lastSeconds, { unit });
  samples.add("calls", count / lastSeconds, {
    unit: units.perSecond,
    target: atLeast(10_000),
  });
  samples.add("failed", failures, { unit: units.count, target: atMost(0) });
}
