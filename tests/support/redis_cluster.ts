import { until } from "./redis_sentinels.ts";
import { askRedis, startRedis } from "./redis_server.ts";
import type { ServerProgram } from "./server_program.ts";

/** Three shards, each a primary with a replica. */
export interface RedisCluster extends AsyncDisposable {
  readonly servers: readonly ServerProgram[];
  /** A server that is a primary now, of whatever shard. */
  aPrimary(): Promise<ServerProgram>;
  /** The ids of the nodes that are primaries now. */
  primaryIds(): Promise<readonly string[]>;
}

/** Starts it and waits until all of it is up. */
export async function startRedisCluster(): Promise<RedisCluster> {
  await using resources = new AsyncDisposableStack();
  const servers = await Promise.all(Array.from({ length: 6 }, async () => {
    return resources.use(
      await startRedis(
        ...["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"],
        ...["--appendonly", "yes", "--appendfsync", "no"],
        ...["--cluster-port", String(busPort())],
      ),
    );
  }));
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  const created = await askRedis(servers[0].port, "--cluster", "create", ...[
    ...addresses,
    ...["--cluster-replicas", "1", "--cluster-yes"],
  ]);
  const ask = async (...words: string[]) => {
    for (const { port } of servers) {
      const answer = await askRedis(port, "cluster", ...words);
      if (answer !== "" && !answer.includes("refused")) return answer;
    }
    return "";
  };
  try {
    await until(async () => {
      for (const { port } of servers) {
        const info = await askRedis(port, "cluster", "info");
        if (!info.includes("cluster_state:ok")) return false;
        if (!info.includes("cluster_size:3")) return false;
      }
      const replicas = (await ask("nodes")).match(
        / (myself,)?slave [0-9a-f]{40}/g,
      );
      return replicas?.length === 3;
    });
  } catch (error) {
    throw new Error(`The cluster does not come up: ${created}`, {
      cause: error,
    });
  }
  const primaryLines = async () =>
    (await ask("nodes")).split("\n").filter((line) =>
      / (myself,)?master - /.test(line) && /\d+-\d+/.test(line.slice(60))
    );
  const owned = resources.move();
  return {
    servers,
    async aPrimary() {
      for (const line of await primaryLines()) {
        const port = Number(/127\.0\.0\.1:(\d+)@/.exec(line)?.[1]);
        const server = servers.find((one) => one.port === port);
        if (server !== undefined) return server;
      }
      throw new Error("No server is a primary");
    },
    primaryIds: async () =>
      (await primaryLines()).map((line) => line.slice(0, 40)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function busPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
