import { setTimeout as delay } from "node:timers/promises";

/** One callback that arrived. */
export interface Callback {
  readonly key: string;
  readonly second: number;
  readonly attempt: number;
  /** Wall time of arrival, in milliseconds. */
  readonly atMs: number;
}

/** An HTTP server that writes down which callbacks it got. */
export class CallbackServer implements AsyncDisposable {
  readonly callbacks: Callback[] = [];
  /** How long it takes over each answer. */
  delayMs = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #onCallback = Promise.withResolvers<void>();

  constructor() {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
    }, (request) => this.#receive(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Waits until `isEnough` holds of what has come; rejects after `timeoutMs`. */
  async until(isEnough: () => boolean, timeoutMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const tooLate = Promise.withResolvers<never>();
    const onTimeout = () =>
      tooLate.reject(new Error(`${this.callbacks.length} callbacks have come`));
    deadline.addEventListener("abort", onTimeout);
    try {
      while (!isEnough()) {
        await Promise.race([this.#onCallback.promise, tooLate.promise]);
      }
    } finally {
      deadline.removeEventListener("abort", onTimeout);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #receive(request: Request): Promise<Response> {
    const { headers } = request;
    this.callbacks.push({
      key: decodeURIComponent(headers.get("x-forsun-key") ?? ""),
      second: Number(headers.get("x-forsun-timestamp")),
      attempt: Number(headers.get("x-forsun-attempt")),
      atMs: Date.now(),
    });
    this.#onCallback.resolve();
    this.#onCallback = Promise.withResolvers<void>();
    if (this.delayMs > 0) await delay(this.delayMs);
    return new Response("ok");
  }
}
