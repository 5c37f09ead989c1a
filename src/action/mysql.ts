import type { Params } from "../core/plan.ts";
import { AbortLists } from "./abort_lists.ts";
import type { Action, ActionResult, Call } from "./action.ts";
import { ConnectionPool } from "./connection_pool.ts";
import { IdlePool } from "./idle_pool.ts";
import { type MysqlDefaults, readMysqlParams } from "./mysql_params.ts";
import {
  loadMysqlClient,
  type MysqlCounts,
  MysqlSession,
} from "./mysql_session.ts";
import { failureResult } from "./server_failure.ts";
import { TimerLists } from "./timer_lists.ts";

export interface MysqlOptions extends MysqlDefaults {
  /** How long it may take to connect and log in, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Connections that nobody has used for so many milliseconds are closed. */
  readonly idleMs: number;
}

/**
 * The action that runs SQL on a MySQL or MariaDB server, in one transaction.
 * Params: host, port, db, user, passwd, max_connections; sql, which may be
 * several statements with `;` between them; reply_timeout in seconds, for all of
 * them. The detail is the number of rows, or the server's error.
 */
export function createMysqlAction(options: MysqlOptions): Action {
  const { connectTimeoutMs, idleMs, maxConnections } = options;
  const pools = new IdlePool<ConnectionPool<MysqlSession>>({
    idleMs,
    max: maxDestinations,
  });
  const timers = new TimerLists();
  const aborts = new AbortLists();

  async function deliver({ params }: Call): Promise<ActionResult> {
    const { target, sql, maxConnections: max, replyTimeoutMs } =
      readMysqlParams(params, options);
    const { address: { host, port }, database, user, password } = target;
    const open = (onChange: () => void) =>
      MysqlSession.open({ target, connectTimeoutMs, timers, onChange });
    const counts = await pools.use(
      // With the password, so that nobody gets in with another plan's.
      JSON.stringify([host, port, database, user, password]),
      () => Promise.resolve(new ConnectionPool({ max, open })),
      (pool) => pool.use((session) => session.transact(sql, replyTimeoutMs)),
    );
    return { kind: "succeeded", detail: describe(counts) };
  }

  return {
    concurrency: maxConnections,

    concurrencyOf(params: Params): number {
      const max = Number(params.max_connections ?? maxConnections);
      return Math.max(max || 0, 1);
    },

    check(params: Params): void {
      readMysqlParams(params, options);
      // If that fails, the call will say why.
      loadMysqlClient().catch(() => {});
    },

    destination(params: Params): string {
      const { host = "127.0.0.1", port = "3306", db = "mysql" } = params;
      return `${params.user ?? options.user}@${host}:${port}/${db}`;
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

/** Destinations that connections are kept to. */
const maxDestinations = 1000;

function describe({ affected, returned }: MysqlCounts): string {
  const texts = [rows(affected, "affected")];
  if (returned > 0) texts.push(rows(returned, "returned"));
  return texts.join(", ");
}

function rows(count: number, what: string): string {
  return `${count} ${count === 1 ? "row" : "rows"} ${what}`;
}
