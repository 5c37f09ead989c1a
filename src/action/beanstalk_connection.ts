import type { Buffer } from "node:buffer";
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Batches, type Sent } from "./batches.ts";
import type { Tube } from "./beanstalk_params.ts";
import { guardStream } from "./guard_stream.ts";
import { openInTime } from "./open_in_time.ts";
import { showAddress } from "./server_address.ts";
import {
  connectionLost,
  givenUp,
  noReplyWithin,
  ServerFailure,
} from "./server_failure.ts";

export interface BeanstalkConnectionOptions {
  /** How long it may take until a server has accepted and answered. */
  readonly connectTimeoutMs: number;
  /** How long the replies to jobs may take. */
  readonly replyTimeoutMs: number;
  /** Its abort closes the connection, in whatever state it is. */
  readonly signal: AbortSignal;
  /** Is called when the connection is of no use any more. */
  onEnd(connection: BeanstalkConnection): void;
}

/** What beanstalkd replied to a job: the id that it has given it, or the word that tells why it has not. */
export type PutReply =
  | { readonly kind: "inserted"; readonly id: string }
  | { readonly kind: "refused"; readonly word: string };

/**
 * Loads the client, which takes longer than listing plans, but had better not
 * take that long when the first plan is due. The workers of its library are of
 * no use here, nor is what they load.
 */
export async function loadBeanstalkClient(): Promise<
  new (host: string, port: number) => Client
> {
  return (await import("fivebeans/lib/client.js")).default;
}

/**
 * One connection to a beanstalkd, for one tube, which many plans share: what
 * they put at the same time goes in one write. Once it is lost it stays lost.
 */
export class BeanstalkConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #batches: Batches<Buffer, PutReply>;

  private constructor(
    { client, server, options }: {
      readonly client: Client;
      readonly server: string;
      readonly options: BeanstalkConnectionOptions;
    },
  ) {
    this.#client = client;
    const { replyTimeoutMs, signal, onEnd } = options;
    const giveUp = () => this.#batches.fail(givenUp());
    this.#batches = new Batches({
      send: (batch) => this.#put(batch),
      sizeOf: (body) => body.length,
      max: maxInBatch,
      replyMs: replyTimeoutMs,
      timeoutError: () => noReplyWithin(server, replyTimeoutMs),
      onFailure: () => {
        signal.removeEventListener("abort", giveUp);
        client.stream.destroy();
        onEnd(this);
      },
    });
    signal.addEventListener("abort", giveUp);
    let reason: unknown;
    client.on("error", (error) => reason = error);
    client.on("close", () => {
      this.#batches.fail(
        reason instanceof ServerFailure
          ? reason
          : connectionLost(server, reason),
      );
    });
  }

  /** @throws {ServerFailure} when there is no connection, or the server refuses the tube */
  static async open(
    tube: Tube,
    options: BeanstalkConnectionOptions,
  ): Promise<BeanstalkConnection> {
    const Client = await loadBeanstalkClient();
    const client = new Client(tube.host, tube.port);
    const server = showAddress(tube);
    let isConnected = false;
    let reason: unknown;
    client.once("connect", () => isConnected = true);
    client.on("error", (error) => reason = error);
    const refuse = () =>
      new ServerFailure(`${server} is no beanstalkd`, { retryable: false });
    await openInTime(use(client, tube, refuse), {
      server,
      timeoutMs: options.connectTimeoutMs,
      signal: options.signal,
      isConnected: () => isConnected,
      reason: () => reason,
      abandon: () => client.stream.destroy(),
    });
    return new BeanstalkConnection({ client, server, options });
  }

  /** Puts a job. Rejects with a {@link ServerFailure} when the connection fails. */
  put(body: Buffer): Promise<PutReply> {
    return this.#batches.call(body);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#batches.fail(givenUp());
    return Promise.resolve();
  }

  #put(batch: readonly Sent<Buffer, PutReply>[]): void {
    const { stream } = this.#client;
    stream.cork();
    for (const { request, reply } of batch) {
      this.#client.put(
        priority,
        delaySeconds,
        ttrSeconds,
        request,
        (word, id) => reply(putReply(word, id)),
      );
    }
    stream.uncork();
  }
}

/** What is used of fivebeans' client, which has no types of its own. */
interface Client extends EventEmitter {
  /** Once connect() was called. */
  readonly stream: Socket;
  /** What has come and could not be understood so far. */
  readonly buffer: Buffer | undefined;
  connect(): void;
  use(tube: string, then: (word: string | null) => void): void;
  put(
    priority: number,
    delaySeconds: number,
    ttrSeconds: number,
    body: Buffer,
    then: (word: string | null, id?: string) => void,
  ): void;
}

/** What most clients put with, those in Python among them. */
const priority = 2 ** 31;
const delaySeconds = 0;
const ttrSeconds = 7200;

const maxInBatch = 512;
/** No reply to a put is longer. */
const maxUnread = 65_536;

function putReply(word: string | null, id = ""): PutReply {
  if (word !== null) return { kind: "refused", word };
  return /^\d+$/.test(id)
    ? { kind: "inserted", id }
    : { kind: "refused", word: "INSERTED without an id" };
}

/**
 * Connects and chooses the tube. From then on the connection breaks with
 * `refuse()` when the server talks without end.
 */
async function use(
  client: Client,
  { name }: Tube,
  refuse: () => ServerFailure,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once("error", reject);
  client.once("close", () => reject(new Error("connection closed")));
  client.once("connect", () => {
    client.stream.setNoDelay(true);
    client.use(name, (word) => {
      if (word === null) return resolve();
      reject(
        new ServerFailure(`beanstalkd refused the tube: ${word}`, {
          retryable: word === "OUT_OF_MEMORY",
        }),
      );
    });
  });
  client.connect();
  guardStream(client.stream);
  client.stream.on("data", () => {
    if ((client.buffer?.length ?? 0) >= maxUnread) {
      client.stream.destroy(refuse());
    }
  });
  await promise;
}
