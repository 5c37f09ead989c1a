import { setImmediate } from "node:timers";

/** How {@link Batches} go over one connection. */
export interface BatchesOptions<Request, Reply> {
  /**
   * Sends them in one go. Resolves to their replies, in the same order; rejects
   * when the connection is gone.
   */
  send(requests: readonly Request[]): Promise<readonly Reply[]>;
  /** About how many bytes a request takes on its way. */
  sizeOf(request: Request): number;
  /** How many requests make one batch. */
  readonly most: number;
  /** How long the replies to a batch may take. */
  readonly replyMs: number;
  /** Is called once, with why, when no more requests can be sent. */
  onFailure(error: Error): void;
  /** What it is called when replies took too long. */
  timeoutError(): Error;
}

/**
 * Sends what many callers ask of one connection, all of a turn of the event
 * loop in one batch, several batches at a time. A batch that fails takes all
 * others with it, since nobody knows which reply is whose from then on; no
 * request is ever sent twice.
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
    this.#options.onFailure(error);
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      while (this.#waiting.length > 0 && this.#runningBytes < mostBytes) {
        this.#run(this.#take());
      }
    });
  }

  /** As many as make one batch, one at least. */
  #take(): Batch<Request, Reply> {
    const { most, sizeOf, replyMs } = this.#options;
    let bytes = 0;
    let count = 0;
    while (
      count < this.#waiting.length && count < most && bytes < mostBytes
    ) {
      bytes += sizeOf(this.#waiting[count++].request);
    }
    const jobs = this.#waiting.splice(0, count);
    const timer = setTimeout(
      () => this.fail(this.#options.timeoutError()),
      replyMs,
    );
    return { jobs, bytes, timer };
  }

  async #run(batch: Batch<Request, Reply>): Promise<void> {
    const { jobs, bytes, timer } = batch;
    this.#running.add(batch);
    this.#runningBytes += bytes;
    try {
      const requests = jobs.map(({ request }) => request);
      const replies = await this.#options.send(requests);
      if (!this.#running.delete(batch)) return;
      clearTimeout(timer);
      this.#runningBytes -= bytes;
      for (let at = 0; at < jobs.length; at++) jobs[at].resolve(replies[at]);
      if (this.#waiting.length > 0) this.#arm();
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** So many bytes may be under way before others wait. */
const mostBytes = 4 * 1024 * 1024;

interface Job<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

interface Batch<Request, Reply> {
  readonly jobs: readonly Job<Request, Reply>[];
  readonly bytes: number;
  readonly timer: ReturnType<typeof setTimeout>;
}
