import type { Command, Pipeline, Redis } from "ioredis";
import type { Socket } from "node:net";
import { Batches, type Sent } from "./batches.ts";
import { guardStream } from "./guard_stream.ts";
import { openInTime } from "./open_in_time.ts";
import type { RedisCommand } from "./redis_command.ts";
import type { RedisTarget } from "./redis_params.ts";
import { isPassing, type RedisReply } from "./redis_reply.ts";
import { showAddress } from "./server_address.ts";
import {
  connectionLost,
  givenUp,
  noReplyWithin,
  ServerFailure,
} from "./server_failure.ts";

export interface RedisConnectionOptions {
  /** How long it may take until a server has accepted and answered. */
  readonly connectTimeoutMs: number;
  /** How long the replies to commands may take. */
  readonly replyTimeoutMs: number;
  /** Of how many plans the commands go out in one pipeline. */
  readonly bulkSize: number;
  /** Its abort closes the connection, in whatever state it is. */
  readonly signal: AbortSignal;
  /** Is called when the connection is of no use any more. */
  readonly onEnd?: (connection: RedisConnection) => void;
}

/**
 * Loads the client's library, which takes longer than listing plans, but had
 * better not take that long when the first plan is due.
 */
export async function loadRedisClient(): Promise<{
  readonly Command: typeof Command;
  readonly Redis: typeof Redis;
}> {
  return await import("ioredis");
}

/**
 * One connection to a Redis server, which many plans share. What they ask at
 * the same time goes in one pipeline, each plan's commands in a row. Once it is
 * lost it stays lost: nothing is sent again and nobody reconnects.
 */
export class RedisConnection implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #makeCommand: (command: RedisCommand) => Command;
  readonly #batches: Batches<readonly RedisCommand[], readonly RedisReply[]>;

  private constructor(
    { redis, makeCommand, server, options }: {
      readonly redis: Redis;
      readonly makeCommand: (command: RedisCommand) => Command;
      readonly server: string;
      readonly options: RedisConnectionOptions;
    },
  ) {
    this.#redis = redis;
    this.#makeCommand = makeCommand;
    const { replyTimeoutMs, bulkSize, signal, onEnd } = options;
    const giveUp = () => this.#batches.fail(givenUp());
    this.#batches = new Batches({
      send: (batch) => this.#send(batch),
      sizeOf: (commands) => commands.reduce((sum, it) => sum + sizeOf(it), 0),
      max: bulkSize,
      replyMs: replyTimeoutMs,
      timeoutError: () => noReplyWithin(server, replyTimeoutMs),
      onFailure: () => {
        signal.removeEventListener("abort", giveUp);
        redis.disconnect();
        onEnd?.(this);
      },
    });
    signal.addEventListener("abort", giveUp);
    let reason: unknown;
    redis.on("error", (error) => reason = error);
    redis.on("end", () => this.#batches.fail(connectionLost(server, reason)));
  }

  /** @throws {ServerFailure} when there is no connection, or the server refuses it */
  static async open(
    target: RedisTarget,
    options: RedisConnectionOptions,
  ): Promise<RedisConnection> {
    const { Command, Redis } = await loadRedisClient();
    const redis = new Redis({
      host: target.host,
      port: target.port,
      lazyConnect: true,
      connectTimeout: 0,
      retryStrategy: () => null,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      disableClientInfo: true,
      stringNumbers: true,
      ...{ disconnectTimeout: 1 },
    });
    const server = showAddress(target);
    let isConnected = false;
    let reason: unknown;
    redis.once("connect", () => {
      isConnected = true;
      guardStream(streamOf(redis));
    });
    redis.on("error", (error) => reason = error);
    await openInTime(connect(redis, target), {
      server,
      timeoutMs: options.connectTimeoutMs,
      signal: options.signal,
      isConnected: () => isConnected,
      reason: () => reason,
      abandon: () => redis.disconnect(),
    });
    const makeCommand = ({ name, args }: RedisCommand) =>
      new Command(name, [...args], { replyEncoding: "utf8" });
    return new RedisConnection({ redis, makeCommand, server, options });
  }

  /** Has commands executed in a row. Rejects with a {@link ServerFailure} when the connection fails. */
  run(commands: readonly RedisCommand[]): Promise<readonly RedisReply[]> {
    return this.#batches.call(commands);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#batches.fail(givenUp());
    return Promise.resolve();
  }

  #send(batch: readonly SentCommands[]): void {
    const pipeline = this.#redis.pipeline() as Pipeline;
    for (const { request, reply } of batch) {
      const commands = request.map(this.#makeCommand);
      for (const command of commands) pipeline.sendCommand(command);
      this.#await(commands, reply);
    }
    pipeline.exec();
  }

  async #await(
    commands: readonly Command[],
    reply: (replies: readonly RedisReply[]) => void,
  ): Promise<void> {
    const replies: RedisReply[] = [];
    for (const { promise } of commands) {
      try {
        replies.push(await promise);
      } catch (error) {
        // No reply: the end of the connection, which is near, tells why.
        if (!isReplyError(error)) return this.#redis.disconnect();
        replies.push(error);
      }
    }
    reply(replies);
  }
}

type SentCommands = Sent<readonly RedisCommand[], readonly RedisReply[]>;

/** Connects, proves who asks, chooses the database; any first reply will do to tell that the server is alive. */
async function connect(
  redis: Redis,
  { db, password }: RedisTarget,
): Promise<void> {
  await redis.connect();
  const pipeline = redis.pipeline();
  if (password !== undefined) pipeline.call("AUTH", password);
  if (db !== 0) pipeline.call("SELECT", String(db));
  pipeline.call("CLIENT", "SETNAME", "forsun");
  const results = await pipeline.exec() ?? [];
  const errors = results.map(([error]) => error ?? undefined);
  const broken = errors.find((error) => error && !isReplyError(error));
  if (broken !== undefined) throw broken;
  const refused = errors.slice(0, -1).find((error) => error !== undefined);
  if (refused === undefined) return;
  // A server without a password is open to whoever has one.
  if (
    /without any password configured|no password is set/.test(refused.message)
  ) return;
  throw new ServerFailure(refused.message, {
    retryable: isPassing(refused.message),
  });
}

/** Its type is another, but each transport that we use has a socket of Node's. */
function streamOf({ stream }: Redis): Socket {
  return stream as Socket;
}

function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** About the bytes of a command on its way, exact enough for a bound. */
function sizeOf({ name, args }: RedisCommand): number {
  let size = name.length + 16;
  for (const arg of args) size += arg.length + 16;
  return size;
}
