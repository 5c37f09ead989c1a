import type { Params } from "../core/plan.ts";
import { ParamReader } from "./params.ts";
import { readRedisCommands, type RedisCommand } from "./redis_command.ts";
import { readServerAddress, type ServerAddress } from "./server_address.ts";

/** Which database of which server, and who asks for it. */
export interface RedisTarget extends ServerAddress {
  readonly db: number;
  readonly password: string | undefined;
}

/** What a redis plan asks for. */
export interface RedisRequest {
  readonly target: RedisTarget;
  readonly commands: readonly RedisCommand[];
  readonly maxConnections: number | undefined;
  readonly replyTimeoutMs: number | undefined;
}

/** @throws {ForsunError} 1007, naming the param and its value */
export function readRedisRequest(params: Params): RedisRequest {
  const reader = new ParamReader("redis", params);
  return {
    commands: readRedisCommands(reader),
    target: {
      ...readServerAddress(reader, usualPort),
      db: reader.integer("selected_db", { min: 0, max: 1_000_000 }) ?? 0,
      password: reader.optional("password") || undefined,
    },
    maxConnections: reader.integer("max_connections", { min: 1, max: 10_000 }),
    replyTimeoutMs: reader.seconds("reply_timeout", {
      min: 0.001,
      max: 86_400,
    }),
  };
}

/** Where a redis plan goes, as far as it says so. Never throws. */
export function redisDestination({ host, port }: Params): string {
  return `${host ?? "127.0.0.1"}:${port ?? usualPort}`;
}

const usualPort = 6379;
