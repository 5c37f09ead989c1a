import { join } from "node:path";
import { askRedis, startRedis } from "./redis_server.ts";
import { type ServerProgram, startServerProgram } from "./server_program.ts";

/** A primary with two replicas, watched by three Sentinels. */
export interface RedisSentinels extends AsyncDisposable {
  readonly servers: readonly ServerProgram[];
  readonly sentinels: readonly ServerProgram[];
  /** The server that is the primary now, as a Sentinel says. */
  primary(): Promise<ServerProgram>;
}

/** Starts them and waits until all know each other; the primary is called `mymaster`. */
export async function startRedisSentinels(): Promise<RedisSentinels> {
  await using resources = new AsyncDisposableStack();
  const durable = ["--appendonly", "yes", "--appendfsync", "no"];
  const first = resources.use(await startRedis(...durable));
  const replica = ["--replicaof", "127.0.0.1", String(first.port)];
  const servers = [
    first,
    resources.use(await startRedis(...durable, ...replica)),
    resources.use(await startRedis(...durable, ...replica)),
  ];
  const sentinels: ServerProgram[] = [];
  for (let count = 0; count < 3; count++) {
    sentinels.push(resources.use(await startSentinel(first.port)));
  }
  const ask = (...words: string[]) =>
    askRedis(sentinels[0].port, "sentinel", ...words);
  await until(async () => {
    const known = await ask("ckquorum", "mymaster");
    const replicas = await ask("replicas", "mymaster");
    return known.startsWith("OK 3") &&
      servers.slice(1).every(({ port }) => replicas.includes(String(port))) &&
      !replicas.includes("s_down");
  });
  const owned = resources.move();
  return {
    servers,
    sentinels,
    async primary() {
      const answer = await ask("get-master-addr-by-name", "mymaster");
      const port = Number(answer.split("\n")[1]);
      const server = servers.find((one) => one.port === port);
      if (server === undefined) throw new Error(`No server has port ${port}`);
      return server;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function startSentinel(port: number): Promise<ServerProgram> {
  return startServerProgram({
    command: (place) => [
      ...["redis-server", join(place.folder, "sentinel.conf"), "--sentinel"],
    ],
    prepare: (place) =>
      Deno.writeTextFile(
        join(place.folder, "sentinel.conf"),
        `port ${place.port}
bind 127.0.0.1
dir ${place.folder}
sentinel monitor mymaster 127.0.0.1 ${port} 2
sentinel down-after-milliseconds mymaster 2000
sentinel failover-timeout mymaster 6000
`,
      ),
  });
}

/** Waits until so many of the servers are replicas that have caught up. */
export async function untilReplicated(
  servers: readonly ServerProgram[],
  count: number,
): Promise<void> {
  await until(async () => {
    let upToDate = 0;
    for (const { port } of servers) {
      const info = await askRedis(port, "info", "replication");
      if (info.includes("master_link_status:up")) upToDate++;
    }
    return upToDate === count;
  });
}

/** Waits until `holds` does, for a minute at the most. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error("It takes too long");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
