import { Buffer } from "node:buffer";
import type { ChainableCommander, Redis } from "ioredis";
import { decodeText } from "../core/text.ts";
import type { UnixSeconds } from "../core/time.ts";
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
  const cannotRead = (error: unknown) => {
    const { message } = reason ?? (error as Error);
    return new Error(`Cannot read from Redis ${name}: ${message}`, {
      cause: error,
    });
  };
  const names = `${options.prefix}:${options.serverId}:`;
  try {
    await redis.connect();
    const current = await redis.get(`${names}current:time`);
    const currentTime = Number(current) || undefined;
    return {
      name,
      currentTime,
      planCount: undefined,
      async *entries() {
        try {
          yield* readEntries(redis, { name, names, currentTime });
        } catch (error) {
          throw cannotRead(error);
        }
      },
      [Symbol.asyncDispose]: () => {
        redis.disconnect();
        return Promise.resolve();
      },
    };
  } catch (error) {
    redis.disconnect();
    throw cannotRead(error);
  }
}

interface Keyspace {
  /** The server, for messages. */
  readonly name: string;
  /** What all keys begin with. */
  readonly names: string;
  readonly currentTime: UnixSeconds | undefined;
}

async function* readEntries(
  redis: Redis,
  keyspace: Keyspace,
): AsyncIterable<OldEntry> {
  const { name, names } = keyspace;
  const pattern = `${names.replace(/[*?[\]\\^]/g, "\\$&")}plan:*`;
  // SCAN may name a key again; its plan may have run here and be over meanwhile.
  const seen = new Set<string>();
  let cursor = "0";
  do {
    const [next, found] = await redis.scanBuffer(
      cursor,
      "MATCH",
      pattern,
      "COUNT",
      keysPerScan,
    );
    cursor = next.toString();
    const keys = found.filter((key) => {
      const text = decodeText(key, 0, key.length);
      return !seen.has(text) && seen.add(text);
    });
    if (keys.length === 0) continue;
    const values = await answers(
      redis.pipeline(keys.map((key) => ["getBuffer", key])),
    );
    const entries = keys.map((key, index) => {
      const place = `${name}: ${decodeText(key, 0, key.length)}`;
      return readEntry(place, values[index]);
    });
    yield* await withPending(redis, keyspace, entries);
  } while (cursor !== "0");
}

/** What Redis says to each command, refusals included; rejects when the connection is lost. */
async function answers(
  pipeline: ChainableCommander,
): Promise<readonly unknown[]> {
  const results = await pipeline.exec() ?? [];
  return results.map(([error, value]) => {
    if (error === null) return value;
    if (error.name !== "ReplyError") throw error;
    return error;
  });
}

/** Undefined for a key that has expired meanwhile. */
function readEntry(place: string, value: unknown): OldEntry | undefined {
  if (value instanceof Error) {
    return { kind: "damage", place, reason: value.message };
  }
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
  { names, currentTime }: Keyspace,
  entries: readonly (OldEntry | undefined)[],
): Promise<OldEntry[]> {
  const found = entries.filter((entry) => entry !== undefined);
  const plans = found.filter((entry) => entry.kind === "plan");
  const states = await answers(
    redis.pipeline(
      plans.map(({ plan: { nextTime, key } }) => [
        "hget",
        `${names}time:${nextTime}`,
        key,
      ]),
    ),
  );
  const pending = new Map<OldEntry, boolean | undefined>(
    plans.map((
      entry,
      index,
    ) => [entry, isPendingBy(states[index], currentTime)]),
  );
  return found.map((entry) =>
    entry.kind === "plan" ? { ...entry, isPending: pending.get(entry) } : entry
  );
}

/** A second that has been handled may be forgotten, as may which one was the last. */
function isPendingBy(
  state: unknown,
  currentTime: UnixSeconds | undefined,
): boolean | undefined {
  if (typeof state === "string") return state === "0";
  return state === null && currentTime !== undefined ? false : undefined;
}

const keysPerScan = 1000;
