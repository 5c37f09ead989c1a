import { Buffer } from "node:buffer";
import type { Redis } from "ioredis";
import { decodeText } from "../core/text.ts";
import { readOldPlan } from "./old_plan.ts";
import type { OldEntry, OldSource } from "./old_source.ts";

export interface OldRedisOptions {
  /** `redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]` */
  readonly url: string;
  readonly prefix: string;
  readonly serverId: number;
  /** How long connecting, and then each answer, may take. */
  readonly timeoutMs: number;
}

/**
 * Opens the keyspace of the first daemon: PREFIX:ID:plan:KEY is a packed plan,
 * PREFIX:ID:time:SECOND a hash of keys, "0" for those still to run, and
 * PREFIX:ID:current:time the last handled second. Nothing is written there.
 * @throws {Error} one line, without the password, when there is no connection
 */
export async function openOldRedis(
  options: OldRedisOptions,
): Promise<OldSource> {
  const { Redis } = await import("ioredis");
  const { host: name } = new URL(options.url);
  const redis = new Redis(options.url, {
    lazyConnect: true,
    connectTimeout: options.timeoutMs,
    commandTimeout: options.timeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  let reason: Error | undefined;
  redis.on("error", (error) => reason = error);
  const names = `${options.prefix}:${options.serverId}:`;
  try {
    await redis.connect();
    const current = await redis.get(`${names}current:time`);
    return {
      name,
      currentTime: current === null ? undefined : Number(current) || undefined,
      planCount: undefined,
      entries: () => readEntries(redis, { name, names }),
      [Symbol.asyncDispose]: () => {
        redis.disconnect();
        return Promise.resolve();
      },
    };
  } catch (error) {
    redis.disconnect();
    const { message } = reason ?? (error as Error);
    throw new Error(`Cannot read from Redis ${name}: ${message}`, {
      cause: error,
    });
  }
}

async function* readEntries(
  redis: Redis,
  { name, names }: { readonly name: string; readonly names: string },
): AsyncIterable<OldEntry> {
  const pattern = `${names.replace(/[*?[\]\\^]/g, "\\$&")}plan:*`;
  let cursor = "0";
  do {
    const [next, keys] = await redis.scanBuffer(
      cursor,
      "MATCH",
      pattern,
      "COUNT",
      keysPerScan,
    );
    cursor = next.toString();
    if (keys.length === 0) continue;
    const values = await redis.pipeline(
      keys.map((key) => ["getBuffer", key]),
    ).exec() ?? [];
    const entries = keys.map((key, index) => {
      const [error, value] = values[index];
      const place = `${name}: ${decodeText(key, 0, key.length)}`;
      return readEntry(place, error, value);
    });
    yield* await withPending(redis, names, entries);
  } while (cursor !== "0");
}

/** Undefined for a key that has expired meanwhile. */
function readEntry(
  place: string,
  error: Error | null,
  value: unknown,
): OldEntry | undefined {
  if (error !== null) return { kind: "damage", place, reason: error.message };
  if (!Buffer.isBuffer(value)) return undefined;
  try {
    return { kind: "plan", plan: readOldPlan(value), isPending: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "damage", place, reason };
  }
}

/** Asks for each plan whether its next second still has it to run. */
async function withPending(
  redis: Redis,
  names: string,
  entries: readonly (OldEntry | undefined)[],
): Promise<OldEntry[]> {
  const found = entries.filter((entry) => entry !== undefined);
  const plans = found.filter((entry) => entry.kind === "plan");
  const states = await redis.pipeline(
    plans.map(({ plan: { nextTime, key } }) => [
      "hget",
      `${names}time:${nextTime}`,
      key,
    ]),
  ).exec() ?? [];
  const pending = new Map<OldEntry, boolean | undefined>(
    plans.map((entry, index) => {
      const [error, state] = states[index];
      return [entry, error === null ? state === "0" : undefined];
    }),
  );
  return found.map((entry) =>
    entry.kind === "plan" ? { ...entry, isPending: pending.get(entry) } : entry
  );
}

const keysPerScan = 1000;
