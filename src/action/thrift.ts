import { maxDetailBytes } from "../core/outcome.ts";
import type { Params } from "../core/plan.ts";
import { AbortLists } from "./abort_lists.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import { clipHead } from "./clip_text.ts";
import { ConnectionPool } from "./connection_pool.ts";
import { IdlePool } from "./idle_pool.ts";
import { ReceiverConnection } from "./receiver_connection.ts";
import { showAddress } from "./server_address.ts";
import { failureResult } from "./server_failure.ts";
import { readThriftParams, type ThriftDefaults } from "./thrift_params.ts";
import { TimerLists } from "./timer_lists.ts";

export interface ThriftOptions extends ThriftDefaults {
  /** How long a TCP connection may take to be made, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Connections to a receiver that nobody has called for so many milliseconds are closed. */
  readonly idleMs: number;
}

/**
 * The action that calls `forsun_call(key, ts, params)` of forsun.thrift, over
 * the binary protocol and buffered transport. Params: host, port,
 * max_connections, reply_timeout in seconds; all params of the plan are handed
 * on. An exception fails the plan for good.
 */
export function createThriftAction(options: ThriftOptions): Action {
  const { connectTimeoutMs, idleMs, maxConnections } = options;
  const pools = new IdlePool<ConnectionPool<ReceiverConnection>>({
    idleMs,
    max: maxReceivers,
  });
  const timers = new TimerLists();
  const aborts = new AbortLists();

  async function deliver(call: Call): Promise<ActionResult> {
    const { address, maxConnections: max, replyTimeoutMs } = readThriftParams(
      call.params,
      options,
    );
    const open = (onChange: () => void) =>
      ReceiverConnection.open({ address, connectTimeoutMs, timers, onChange });
    const exception = await pools.use(
      showAddress(address),
      () => Promise.resolve(new ConnectionPool({ max, open })),
      (pool) => pool.use((connection) => connection.call(call, replyTimeoutMs)),
    );
    return exception === undefined
      ? { kind: "succeeded", detail: "" }
      : { kind: "failed", detail: clipped(exception), retryable: false };
  }

  return {
    concurrency: Math.max(maxConnections, minInFlight),

    concurrencyOf(params: Params): number {
      const max = Number(params.max_connections ?? maxConnections);
      return Math.max(max || 0, minInFlight);
    },

    check(params: Params): void {
      readThriftParams(params, options);
    },

    destination({ host = "127.0.0.1", port = "5643" }: Params): string {
      return `${host}:${port}`;
    },

    async execute(call: Call, signal: AbortSignal): Promise<ActionResult> {
      try {
        return await aborts.until(signal, deliver(call));
      } catch (error) {
        return failureResult(error);
      }
    },

    async [Symbol.asyncDispose](): Promise<void> {
      await pools[Symbol.asyncDispose]();
      timers[Symbol.dispose]();
    },
  };
}

/** Receivers that connections are kept to. */
const maxReceivers = 1000;
/** Calls under way to one receiver, even if they share a connection. */
const minInFlight = 16;

function clipped(exception: string): string {
  const text = `replied with ${exception}`;
  return clipHead(new TextEncoder().encode(text), maxDetailBytes);
}
