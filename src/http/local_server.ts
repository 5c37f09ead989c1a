import { withMode } from "../net/listen_unix.ts";
import type { Counters } from "../telemetry/counters.ts";
import type { Fetch } from "./app.ts";

/**
 * Serves HTTP on a unix socket, by Deno.serve: node:http listens on a port of
 * all addresses instead in some versions of Deno. Only users that the socket's
 * mode lets in are there, so connections are not limited.
 */
export class LocalHttpServer {
  readonly #server: Deno.HttpServer<Deno.UnixAddr>;
  readonly #abort = new AbortController();

  /** @throws {Error} one line, when it can't listen there */
  constructor(
    fetch: Fetch,
    { path, mode, counters }: {
      readonly path: string;
      readonly mode: number;
      readonly counters: Counters;
    },
  ) {
    const client = { peer: "unix", address: { transport: "unix", path } };
    const handler = async (request: Request): Promise<Response> => {
      counters.http_connecting_count++;
      counters.http_connected_count++;
      try {
        return await fetch(request, client as Parameters<Fetch>[1]);
      } finally {
        counters.http_connecting_count--;
      }
    };
    const { signal } = this.#abort;
    try {
      this.#server = withMode(
        mode,
        () => Deno.serve({ path, signal, onListen() {} }, handler),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Cannot serve HTTP on unix:${path}: ${reason}`, {
        cause: error,
      });
    }
  }

  /** Accepts no more, lets requests that came get their replies, for `graceMs` at the most. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#server.shutdown();
    clearTimeout(timer);
  }
}
