/** A server that the system doesn't let anyone connect to, since its queue is full. */
export class FullServer implements Disposable {
  readonly address: string;
  readonly #listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 1,
  });
  readonly #queued: Deno.Conn[] = [];

  private constructor() {
    this.address = `127.0.0.1:${this.#listener.addr.port}`;
  }

  static async create(): Promise<FullServer> {
    const server = new FullServer();
    const { port } = server.#listener.addr;
    for (;;) {
      const signal = AbortSignal.timeout(300);
      try {
        server.#queued.push(
          await Deno.connect({ hostname: "127.0.0.1", port, signal }),
        );
      } catch {
        return server;
      }
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#queued) connection.close();
    this.#listener.close();
  }
}
