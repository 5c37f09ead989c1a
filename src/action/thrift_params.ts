import type { Params } from "../core/plan.ts";
import { ParamReader } from "./params.ts";
import { readServerAddress, type ServerAddress } from "./server_address.ts";

/** What counts where a plan doesn't say it. */
export interface ThriftDefaults {
  /** How many connections there may be to one receiver, 1 or more. */
  readonly maxConnections: number;
  /** How long a reply may take, in milliseconds. */
  readonly replyTimeoutMs: number;
}

/** What a plan's params ask for. */
export interface ThriftParams {
  readonly address: ServerAddress;
  readonly maxConnections: number;
  readonly replyTimeoutMs: number;
}

/**
 * Reads the params of action thrift.
 * @throws {ForsunError} 1007
 */
export function readThriftParams(
  params: Params,
  defaults: ThriftDefaults,
): ThriftParams {
  const read = new ParamReader("thrift", params);
  return {
    address: readServerAddress(read, usualPort),
    maxConnections: read.integer("max_connections", connectionRange) ??
      defaults.maxConnections,
    replyTimeoutMs: read.seconds("reply_timeout", timeoutRange) ??
      defaults.replyTimeoutMs,
  };
}

const usualPort = 5643;
const connectionRange = { min: 1, max: 1000 };
const timeoutRange = { min: 0.001, max: 86_400 };
