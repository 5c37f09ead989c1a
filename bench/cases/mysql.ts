import { startMariadb } from "../../tests/support/mariadb_server.ts";
import { fireActionBurst } from "../action_burst.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { Daemon } from "../daemon.ts";
import { Samples } from "../samples.ts";
import { SqlClient } from "../sql_client.ts";
import { atLeast, atMost } from "../target.ts";
import { units } from "../unit.ts";

/** How fast SQL transactions are executed. */
export const mysqlBenchmark: Benchmark = {
  name: "mysql",
  about: "10,000 mysql plans due in one second, a durable transaction each",
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
  const count = scaled(context, 10_000);
  await using server = await startMariadb(
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-buffer-pool-size=256M",
  );
  await using client = await SqlClient.connect(server.port);
  await client.ask(
    "create table test.done (name varchar(40) primary key, at datetime)",
  );
  await using daemon = await Daemon.start({ program, workspace });
  const { firstSeconds, lastSeconds, failures } = await fireActionBurst({
    daemon,
    receiver: {
      // Cheaper than counting rows, which is done once behind it.
      arrived: async () =>
        Number((await client.ask("show global status like 'Com_commit'"))[1]),
    },
    workspace,
    load: {
      key: "order:##############",
      action: "mysql",
      params: {
        port: String(server.port),
        db: "test",
        sql: "insert into done values ('{key}', now())",
      },
    },
  }, count);
  const [rows] = await client.ask("select count(*) from test.done");
  await daemon.stop();
  const { seconds: unit } = units;
  samples.add("first", firstSeconds, { unit });
  samples.add("last", lastSeconds, { unit });
  samples.add("transactions", count / lastSeconds, {
    unit: units.perSecond,
    target: atLeast(1500),
  });
  samples.add("failed or missing", failures + count - Number(rows), {
    unit: units.count,
    target: atMost(0),
  });
}
