import { setImmediate } from "node:timers";

/** How {@link Batches} go over one connection. */
export interface BatchesOptions<Request, Reply> {
  /** Sends them in one go, and hands on each one's reply as soon as it is there. */
  send(batch: readonly Sent<Request, Reply>[]): void;
  /** About how many bytes a request takes on its way. */
  sizeOf(request: Request): number;
  /** How many requests make one batch. */
  readonly max: number;
  /** How long all replies to a batch may take. */
  readonly replyMs: number;
  /** What is wrong when they took longer. */
  timeoutError(): Error;
  /** Is called once, when no more requests can be sent. */
  onFailure(): void;
}

/** A request that is sent, and whom to tell of its reply. */
export interface Sent<Request, Reply> {
  readonly request: Request;
  reply(reply: Reply): void;
}

/**
 * Sends what many callers ask of one connection, all of a turn of the event
 * loop in one batch, several batches at a time. When the connection fails all
 * that have no reply fail with it; no request is ever sent twice.
 */
export class Batches<Request, Reply> {
  readonly #options: BatchesOptions<Request, Reply>;
  #waiting: Job<Request, Reply>[] = [];
  readonly #running = new Set<Batch<Request, Reply>>();
  #runningBytes = 0;
  #isArmed = false;
  #failure: Error | undefined;

  constructor(options: BatchesOptions<Request, Reply>) {
    this.#options = options;
  }

  /** Resolves to the reply; rejects with what made the connection fail. */
  call(request: Request): Promise<Reply> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#waiting.push({ request, resolve, reject });
    this.#arm();
    return promise;
  }

  /** Rejects all requests, those under way and those to come. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const { jobs, timer } of this.#running) {
      clearTimeout(timer);
      for (const { reject } of jobs) reject(error);
    }
    for (const { reject } of this.#waiting) reject(error);
    this.#running.clear();
    this.#waiting = [];
    this.#options.onFailure();
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      while (this.#waiting.length > 0 && this.#runningBytes < maxBytes) {
        this.#send(this.#take());
      }
    });
  }

  /** As many as make one batch, one at least. */
  #take(): Batch<Request, Reply> {
    const { max, sizeOf, replyMs, timeoutError } = this.#options;
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && count < max && bytes < maxBytes) {
      bytes += sizeOf(this.#waiting[count++].request);
    }
    const jobs = this.#waiting.splice(0, count);
    const timer = setTimeout(() => this.fail(timeoutError()), replyMs);
    return { jobs, bytes, left: count, timer };
  }

  #send(batch: Batch<Request, Reply>): void {
    this.#running.add(batch);
    this.#runningBytes += batch.bytes;
    const sent = batch.jobs.map(({ request, resolve }) => ({
      request,
      reply: (reply: Reply) => {
        resolve(reply);
        if (--batch.left === 0) this.#end(batch);
      },
    }));
    this.#options.send(sent);
  }

  #end(batch: Batch<Request, Reply>): void {
    if (!this.#running.delete(batch)) return;
    clearTimeout(batch.timer);
    this.#runningBytes -= batch.bytes;
    if (this.#waiting.length > 0) this.#arm();
  }
}

/** So many bytes may be under way before others wait. */
const maxBytes = 4 * 1024 * 1024;

interface Job<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

interface Batch<Request, Reply> {
  readonly jobs: readonly Job<Request, Reply>[];
  readonly bytes: number;
  /** How many have no reply yet. */
  left: number;
  readonly timer: ReturnType<typeof setTimeout>;
}
