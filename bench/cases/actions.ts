import { startMariadb } from "../../tests/support/mariadb_server.ts";
import { fireActionBurst, type Receiver } from "../action_burst.ts";
import {
  type Benchmark,
  type BenchmarkContext,
  eachRun,
  scaled,
} from "../benchmark.ts";
import { CallReceiver } from "../call_receiver.ts";
import { Daemon } from "../daemon.ts";
import type { Load } from "../load.ts";
import { Samples } from "../samples.ts";
import { SqlClient } from "../sql_client.ts";
import { atLeast, atMost } from "../target.ts";
import { TextServer } from "../text_server.ts";
import { units } from "../unit.ts";
import type { Workspace } from "../workspace.ts";

/** An action whose plans all come due in one second. */
interface ActionCase {
  readonly name: string;
  readonly count: number;
  /** What one plan brings about. */
  readonly work: string;
  readonly perSecond: number;
  /** After how many seconds the last should have arrived. */
  readonly lastSeconds?: number;
  readonly start: (workspace: Workspace) => Promise<ActionTarget>;
}

/** A server that plans call back. */
interface ActionTarget extends Receiver, AsyncDisposable {
  readonly params: Load["params"];
  /** How many really are there, where {@link arrived} is a cheaper guess. */
  present?(): Promise<number>;
}

const cases: readonly ActionCase[] = [
  {
    name: "redis",
    count: 50_000,
    work: "commands",
    perSecond: 25_000,
    lastSeconds: 2,
    start: startRedisTarget,
  },
  {
    name: "beanstalk",
    count: 50_000,
    work: "jobs",
    perSecond: 10_000,
    start: startBeanstalkTarget,
  },
  {
    name: "mysql",
    count: 10_000,
    work: "durable transactions",
    perSecond: 1500,
    start: startMysqlTarget,
  },
  {
    name: "thrift",
    count: 50_000,
    work: "calls",
    perSecond: 10_000,
    start: startThriftTarget,
  },
];

/** How fast each action gets through a burst. */
export const actionBenchmarks: readonly Benchmark[] = cases.map((one) => ({
  name: one.name,
  about: `${
    one.count.toLocaleString("en-US")
  } ${one.name} plans due in one second`,
  async run(context) {
    const samples = new Samples();
    for (const _ of eachRun(context, 5)) await measure(context, one, samples);
    return samples.rows();
  },
}));

async function measure(
  context: BenchmarkContext,
  { name, start, work, perSecond, lastSeconds: most, ...one }: ActionCase,
  samples: Samples,
): Promise<void> {
  const { program, workspace } = context;
  const count = scaled(context, one.count);
  await using receiver = await start(workspace);
  await using daemon = await Daemon.start({ program, workspace });
  const { params } = receiver;
  const load = { key: "order:##############", action: name, params };
  const { firstSeconds, lastSeconds, failures } = await fireActionBurst(
    { daemon, receiver, workspace, load },
    count,
  );
  const present = await receiver.present?.() ?? count;
  await daemon.stop();
  const { seconds: unit } = units;
  samples.add("first", firstSeconds, { unit });
  const target = most === undefined ? undefined : atMost(most);
  samples.add("last", lastSeconds, { unit, target });
  samples.add(work, count / lastSeconds, {
    unit: units.perSecond,
    target: atLeast(perSecond),
  });
  samples.add("failed or missing", failures + count - present, {
    unit: units.count,
    target: atMost(0),
  });
}

async function startRedisTarget(workspace: Workspace): Promise<ActionTarget> {
  const server = await TextServer.start(
    workspace,
    "redis-server",
    (port) => ["--port", String(port), "--save", "", "--appendonly", "no"],
  );
  return {
    params: { port: String(server.port), command: "SET {key} due EX 300" },
    arrived: async () => Number((await server.ask("DBSIZE", /\r\n$/)).slice(1)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startBeanstalkTarget(
  workspace: Workspace,
): Promise<ActionTarget> {
  const server = await TextServer.start(
    workspace,
    "beanstalkd",
    (port) => ["-l", "127.0.0.1", "-p", String(port)],
  );
  return {
    params: { port: String(server.port), name: "orders", body: "{key}" },
    async arrived(): Promise<number> {
      const stats = await server.ask("stats", /^total-jobs: .*\r\n$/ms);
      return Number(/^total-jobs: (\d+)$/m.exec(stats)?.[1]);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startThriftTarget(workspace: Workspace): Promise<ActionTarget> {
  const receiver = await CallReceiver.start(workspace);
  return {
    params: { port: String(receiver.port), body: "{key}" },
    arrived: () => receiver.arrived(),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

async function startMysqlTarget(): Promise<ActionTarget> {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(
    await startMariadb(
      "--innodb-flush-log-at-trx-commit=1",
      "--innodb-buffer-pool-size=256M",
    ),
  );
  const client = resources.use(await SqlClient.connect(server.port));
  await client.ask(
    "create table test.done (name varchar(40) primary key, at datetime)",
  );
  const owned = resources.move();
  return {
    params: {
      port: String(server.port),
      db: "test",
      sql: "insert into done values ('{key}', now())",
    },
    arrived: async () =>
      Number((await client.ask("show global status like 'Com_commit'"))[1]),
    present: async () =>
      Number((await client.ask("select count(*) from test.done"))[0]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
