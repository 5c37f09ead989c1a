import { readRequest, write } from "./raw_server.ts";

/** An HTTP server that takes one connection after the other and has a short queue. */
export class SingleServer implements AsyncDisposable {
  readonly origin: string;
  /** How many requests it has read. */
  served = 0;
  /** How many connections it has taken. */
  accepted = 0;
  readonly #listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 3,
  });
  readonly #ended: Promise<void>;

  /** `ready` is awaited before each reply. */
  constructor(ready: () => Promise<void>) {
    this.origin = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#ended = this.#serve(ready);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#ended;
  }

  async #serve(ready: () => Promise<void>): Promise<void> {
    for await (using connection of this.#listener) {
      this.accepted++;
      try {
        if (await readRequest(connection) === undefined) continue;
        this.served++;
        await ready();
        await write(
          connection,
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        );
      } catch {
        // The client hung up.
      }
    }
  }
}
