import { getLogger } from "@logtape/logtape";
import type { Cluster, Redis } from "ioredis";
import type { SteeredClock } from "../../core/steered_clock.ts";
import type { NodeIdentity } from "../store.ts";
import { connect, type Connection } from "./connect.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import { findRisks } from "./find_risks.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Hints } from "./hints.ts";
import { RedisKeys, type RedisKeysOptions } from "./keys.ts";
import type { LaneOptions } from "./lane.ts";
import { LayoutAgreement } from "./layout.ts";
import { RedisLink } from "./link.ts";
import { Peers } from "./peers.ts";
import { Replicas } from "./replicas.ts";
import { RedisStore } from "./redis_store.ts";
import { Steps } from "./steps.ts";

export interface RedisStoreOptions {
  readonly connection: ConnectionOptions;
  /** Where in Redis the plans are; the number of partitions counts for a new store only. */
  readonly keys: RedisKeysOptions;
  /** Is steered by Redis' clock from now on. */
  readonly clock: SteeredClock;
  /** The daemon's time zone, for plans without one. */
  readonly timeZone: string;
  /** How long a plan that is over is kept to be looked at; 0 drops it at once. */
  readonly keepSeconds: number;
  /** How long a claim is held without being extended. */
  readonly leaseMs: number;
  /** How this node is shown to others. */
  readonly node: NodeIdentity;
  /** So many replicas must have a plan before it counts as stored; 0 for none. */
  readonly waitReplicas: number;
  /** Its abort ends the waiting for a Redis that is away. */
  readonly signal: AbortSignal;
}

/**
 * Opens the plans in Redis, and waits for a Redis that is away.
 * @throws {Error} one line, when Redis refuses or the plans can't be used
 */
export async function openRedisStore(
  options: RedisStoreOptions,
): Promise<RedisStore> {
  const { clock, connection, timeZone, keepSeconds, leaseMs, waitReplicas } =
    options;
  await using resources = new AsyncDisposableStack();
  const { client, reason } = await connect(connection);
  const around = { ...options, reason };
  resources.defer(() => client.disconnect());
  const link = new RedisLink(client);
  const layout = new LayoutAgreement(
    link,
    new RedisKeys(options.keys).layout,
    options.keys.partitions,
  );
  const agreed = await untilThere(() => layout.agree(), around);
  for (const risk of await findRisks(link)) logger.warn(risk);
  const keys = new RedisKeys({ ...options.keys, ...agreed });
  const hints = new Hints(link, keys);
  client.on("ready", () => {
    // A server that has taken over may have missed what was told last.
    hints.doubtAll();
    layout.confirm();
  });
  const laneOptions: LaneOptions = {
    ...{ link, keys, clock, isCluster: connection.clusterNodes.length > 0 },
    listener: {
      onTime: (redisMs, sample) => clock.steer(redisMs, sample),
      onWake: (partition, second) => hints.lower(partition, second),
      onDoubt: (partition) => hints.doubt(partition),
    },
  };
  let confirmed: LaneOptions | undefined;
  if (waitReplicas > 0) {
    const another = client.duplicate();
    resources.defer(() => another.disconnect());
    const parts = await confirmByReplicas(another, keys, around);
    confirmed = { ...laneOptions, ...parts };
  }
  const steps = new Steps({ ...laneOptions, layout, confirmed });
  const { node } = options;
  // A node that died may not have said what it has made due.
  const peers = new Peers(node, () => hints.doubtAll());
  const heartbeat = new Heartbeat({
    ...{ link, key: keys.nodes, clock, node },
    async onBeat(nodes) {
      peers.notice(nodes);
      await layout.confirm();
    },
  });
  const parts = { steps, hints, peers, heartbeat, keys, clock };
  const store = new RedisStore({
    ...{ ...parts, timeZone, keepSeconds, leaseMs },
    connection: resources.move(),
  });
  // Sets the clock.
  await store.stats();
  return store;
}

type Around = RedisStoreOptions & Pick<Connection, "reason">;

/** What makes a lane wait for replicas, over a connection of its own. */
async function confirmByReplicas(
  client: Redis | Cluster,
  keys: RedisKeys,
  options: Around,
): Promise<Pick<LaneOptions, "link" | "confirm">> {
  // The other connection has said the same.
  client.on("error", () => {});
  const link = new RedisLink(client);
  const replicas = new Replicas(link, {
    count: options.waitReplicas,
    // Another such time passes while what came before is being confirmed.
    timeoutMs: Math.ceil(options.connection.timeoutMs / 2),
  });
  await untilThere(() => replicas.find(keys.layout), options);
  return {
    link,
    confirm: (partition) => replicas.confirm(keys.meta(partition)),
  };
}

/** Tries until it works, or fails in a way that time does not mend. */
async function untilThere<Result>(
  work: () => Promise<Result>,
  { clock, signal, reason: reasonOf }: Around,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // A command only tells that there is no connection, and not why.
      const reason = isPassing(message) ? reasonOf() || message : message;
      if (signal.aborted || !isPassing(reason)) {
        throw new Error(`Cannot open the store in Redis: ${reason}`, {
          cause: error,
        });
      }
      logger.debug("Redis is not there yet: {reason}", { reason });
      await clock.sleep(retryMs, signal);
    }
  }
}

/** Whether waiting helps. */
function isPassing(reason: string): boolean {
  return !/^(NOAUTH|WRONGPASS|NOPERM|ERR|WRONGTYPE|Cannot use)/.test(reason);
}

const logger = getLogger(["forsun", "redis"]);
const retryMs = 100;
