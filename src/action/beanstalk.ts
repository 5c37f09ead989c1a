import type { Params } from "../core/plan.ts";
import { AbortLists } from "./abort_lists.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import {
  BeanstalkConnection,
  type BeanstalkConnectionOptions,
  loadBeanstalkClient,
  type PutReply,
} from "./beanstalk_connection.ts";
import {
  beanstalkDestination,
  type BeanstalkRequest,
  bodyBytes,
  readBeanstalkRequest,
} from "./beanstalk_params.ts";
import { IdlePool } from "./idle_pool.ts";
import { failureResult } from "./server_failure.ts";

export interface BeanstalkOptions
  extends Omit<BeanstalkConnectionOptions, "onEnd" | "signal"> {
  /** How many plans may wait for one server's replies, 1 or more. */
  readonly concurrency: number;
  /** When an unused connection is closed. */
  readonly idleMs: number;
}

/**
 * The action that puts a job into a tube of a beanstalkd, with a time to run of
 * 7200 s. Params: host, port; name, the tube; body; reply_timeout in seconds.
 * All plans for one tube share one connection, many jobs at a time. The detail
 * is the job's id.
 */
export function createBeanstalkAction(options: BeanstalkOptions): Action {
  const pool = new IdlePool<BeanstalkConnection>({
    idleMs: options.idleMs,
    max: maxConnections,
  });
  const aborts = new AbortLists();
  const closing = new AbortController();
  let loading: Promise<unknown> | undefined;

  async function deliver(request: BeanstalkRequest): Promise<PutReply> {
    const { tube, body } = request;
    const replyTimeoutMs = request.replyTimeoutMs ?? options.replyTimeoutMs;
    const { host, port, name } = tube;
    const key = JSON.stringify([host, port, name, replyTimeoutMs]);
    const onEnd = (ended: BeanstalkConnection) => pool.discard(key, ended);
    const open = () =>
      BeanstalkConnection.open(tube, {
        ...options,
        replyTimeoutMs,
        signal: closing.signal,
        onEnd,
      });
    return await pool.use(key, open, async (connection) => {
      const reply = await connection.put(bodyBytes(body));
      // The server is about to end; another may take its place.
      if (reply.kind === "refused" && reply.word === "DRAINING") {
        onEnd(connection);
      }
      return reply;
    });
  }

  return {
    concurrency: options.concurrency,

    check(params: Params): void {
      readBeanstalkRequest(params);
      // If that fails, the call will say why.
      loading ??= loadBeanstalkClient().catch(() => loading = undefined);
    },

    destination: beanstalkDestination,

    async execute(
      { params }: Call,
      signal: AbortSignal,
    ): Promise<ActionResult> {
      try {
        const reply = deliver(readBeanstalkRequest(params));
        return putResult(await aborts.until(signal, reply));
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

/** To all servers together; those that are unused for longest make room. */
const maxConnections = 256;

/** States of the server; all other refusals are about the job. */
const passing = new Set(["DRAINING", "OUT_OF_MEMORY", "BURIED"]);

function putResult(reply: PutReply): ActionResult {
  if (reply.kind === "inserted") {
    return { kind: "succeeded", detail: `job ${reply.id}` };
  }
  const { word } = reply;
  const retryable = passing.has(word);
  return { kind: "failed", detail: `beanstalkd replied ${word}`, retryable };
}
