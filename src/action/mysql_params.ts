import type { Params } from "../core/plan.ts";
import { ParamReader } from "./params.ts";
import { readServerAddress, type ServerAddress } from "./server_address.ts";

/** What counts where a plan doesn't say it. */
export interface MysqlDefaults {
  readonly user: string;
  readonly password: string;
  /** How many connections there may be to one destination, 1 or more. */
  readonly maxConnections: number;
  /** How long a transaction may take, in milliseconds. */
  readonly replyTimeoutMs: number;
}

/** Where a plan's transaction goes. */
export interface MysqlTarget {
  readonly address: ServerAddress;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** What a plan's params ask for. */
export interface MysqlParams {
  readonly target: MysqlTarget;
  readonly sql: string;
  readonly maxConnections: number;
  readonly replyTimeoutMs: number;
}

/**
 * Reads the params of action mysql.
 * @throws {ForsunError} 1007
 */
export function readMysqlParams(
  params: Params,
  defaults: MysqlDefaults,
): MysqlParams {
  const read = new ParamReader("mysql", params);
  const sql = read.required("sql");
  if (sql.trim() === "") throw read.refusal("sql", "must be a statement");
  return {
    target: {
      address: readServerAddress(read, usualPort),
      database: readName(read, "db") ?? "mysql",
      user: readName(read, "user") ?? defaults.user,
      password: read.optional("passwd") ?? defaults.password,
    },
    sql,
    maxConnections: read.integer("max_connections", connectionRange) ??
      defaults.maxConnections,
    replyTimeoutMs: read.seconds("reply_timeout", timeoutRange) ??
      defaults.replyTimeoutMs,
  };
}

/** Names go into the protocol with a NUL behind them. */
function readName(read: ParamReader, name: string): string | undefined {
  const value = read.optional(name);
  if (value === undefined || value === "") return undefined;
  if (value.includes("\0")) throw read.refusal(name, "must not hold a NUL");
  return value;
}

const usualPort = 3306;
const connectionRange = { min: 1, max: 1000 };
const timeoutRange = { min: 0.001, max: 86_400 };
