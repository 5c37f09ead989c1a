import type { Action, ActionResult } from "../../src/action/action.ts";
import {
  createMysqlAction,
  type MysqlOptions,
} from "../../src/action/mysql.ts";
import type { Params } from "../../src/core/plan.ts";
import { mariadbAccount } from "../support/mariadb_server.ts";

/** A mysql action whose time-outs no test should reach by itself. */
export function mysql(options: Partial<MysqlOptions> = {}): Action {
  return createMysqlAction({
    user: "root",
    password: "",
    maxConnections: 8,
    connectTimeoutMs: 20_000,
    replyTimeoutMs: 20_000,
    idleMs: 60_000,
    ...options,
  });
}

/** Params for a server of a test's, which knows {@link mariadbAccount}. */
export function mysqlParams(
  { port }: { readonly port: number },
  sql: string,
  others: Params = {},
): Params {
  return { port: String(port), ...mariadbAccount, sql, ...others };
}

/** One execution. */
export function executeMysql(
  action: Action,
  params: Params,
): Promise<ActionResult> {
  const call = { key: "k", second: 1_700_000_000, attempt: 1, params };
  return action.execute(call, new AbortController().signal);
}
