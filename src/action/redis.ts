import type { Params } from "../core/plan.ts";
import { AbortLists } from "./abort_lists.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import { IdlePool } from "./idle_pool.ts";
import { needOwnConnection } from "./redis_command.ts";
import {
  loadRedisClient,
  RedisConnection,
  type RedisConnectionOptions,
} from "./redis_connection.ts";
import {
  readRedisRequest,
  redisDestination,
  type RedisRequest,
} from "./redis_params.ts";
import { isReadOnly, type RedisReply, redisResult } from "./redis_reply.ts";
import { showAddress } from "./server_address.ts";
import { failureResult, ServerFailure } from "./server_failure.ts";
import { Slots } from "./slots.ts";

export interface RedisOptions
  extends Omit<RedisConnectionOptions, "onEnd" | "signal"> {
  /** How many plans may wait for one server's replies, 1 or more. */
  readonly concurrency: number;
  /** How many connections to a server are opened, for plans that don't say; 1 or more. */
  readonly maxConnections: number;
  /** When an unused connection is closed. */
  readonly idleMs: number;
}

/**
 * The action that has Redis execute commands. Params: host, port, selected_db,
 * password; command, several separated by `;`; max_connections; reply_timeout
 * in seconds. All plans for one database share one connection, in pipelines;
 * commands that would change or block it for others get one of their own,
 * max_connections - 1 at a time. The detail is the replies, a line each.
 */
export function createRedisAction(options: RedisOptions): Action {
  const pool = new IdlePool<RedisConnection>({
    idleMs: options.idleMs,
    max: maxDestinations,
  });
  const slots = new Slots();
  const aborts = new AbortLists();
  const closing = new AbortController();
  let loading: Promise<unknown> | undefined;

  async function deliver(
    { target, commands, maxConnections, replyTimeoutMs: ownMs }: RedisRequest,
  ): Promise<readonly RedisReply[]> {
    const { host, port, db, password } = target;
    const replyTimeoutMs = ownMs ?? options.replyTimeoutMs;
    const key = JSON.stringify([host, port, db, password, replyTimeoutMs]);
    const connection = { ...options, replyTimeoutMs, signal: closing.signal };
    if (needOwnConnection(commands)) {
      const max = (maxConnections ?? options.maxConnections) - 1;
      return await slots.use(key, async () => {
        await using own = await RedisConnection.open(target, connection);
        return await own.run(commands);
      }, {
        max: Math.max(1, max),
        waitMs: replyTimeoutMs,
        late: () => allBusy(target),
      });
    }
    const onEnd = (ended: RedisConnection) => pool.discard(key, ended);
    const open = () => RedisConnection.open(target, { ...connection, onEnd });
    return await pool.use(key, open, async (shared) => {
      const replies = await shared.run(commands);
      if (replies.some(isReadOnly)) onEnd(shared);
      return replies;
    });
  }

  return {
    concurrency: options.concurrency,

    check(params: Params): void {
      readRedisRequest(params);
      // If that fails, the call will say why.
      loading ??= loadRedisClient().catch(() => loading = undefined);
    },

    destination: redisDestination,

    async execute(
      { params }: Call,
      signal: AbortSignal,
    ): Promise<ActionResult> {
      try {
        const replies = deliver(readRedisRequest(params));
        return redisResult(await aborts.until(signal, replies));
      } catch (error) {
        return failureResult(error);
      }
    },

    async [Symbol.asyncDispose](): Promise<void> {
      closing.abort();
      await pool[Symbol.asyncDispose]();
    },
  };
}

function allBusy(target: RedisRequest["target"]): ServerFailure {
  return new ServerFailure(
    `no connection to ${showAddress(target)}: all of them are busy`,
    { retryable: true },
  );
}

/** To all servers together; those that are unused for longest make room. */
const maxDestinations = 256;
