/**
 * A server that does to each connection what a test says, and closes it once
 * that is over.
 */
export class RawServer implements AsyncDisposable {
  readonly port: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #over = Promise.withResolvers<void>();
  readonly #running: Promise<void>[] = [];

  /** `behave` is given the connection and a promise that resolves when the test is over. */
  constructor(
    behave: (socket: Deno.TcpConn, over: Promise<void>) => Promise<void>,
  ) {
    this.port = this.#listener.addr.port;
    this.#running.push(this.#accept(behave));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.resolve();
    this.#listener.close();
    await Promise.all(this.#running);
  }

  async #accept(
    behave: (socket: Deno.TcpConn, over: Promise<void>) => Promise<void>,
  ): Promise<void> {
    for (;;) {
      let socket: Deno.TcpConn;
      try {
        socket = await this.#listener.accept();
      } catch {
        return; // The test is over.
      }
      const behaving = behave(socket, this.#over.promise)
        .finally(() => socket.close());
      this.#running.push(behaving);
    }
  }
}

/** Reads until `count` bytes have come. */
export async function receive(
  socket: Deno.TcpConn,
  count: number,
): Promise<void> {
  const buffer = new Uint8Array(count);
  for (let left = count; left > 0;) {
    const read = await socket.read(buffer.subarray(0, left));
    if (read === null) throw new Error("The client closed the connection");
    left -= read;
  }
}

/** Writes all of `bytes`. */
export async function send(
  socket: Deno.TcpConn,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await socket.write(bytes.subarray(at));
  }
}
