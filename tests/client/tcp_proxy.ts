import { connect, createServer, type Server, type Socket } from "node:net";

/** Passes bytes on between clients and a port of 127.0.0.1, and can stop doing so. */
export class TcpProxy implements AsyncDisposable {
  /** How many connections have come. */
  accepted = 0;
  /** Whether what the daemon answers is kept back. */
  isMute = false;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(target: number) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens, on the same port as before. */
  async start(): Promise<void> {
    const server = createServer((client) => this.#accept(client));
    await new Promise<void>((resolve) =>
      server.listen(this.#port, "127.0.0.1", resolve)
    );
    this.#server = server;
    this.#port = (server.address() as { readonly port: number }).port;
  }

  /** Hangs up on all clients. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Refuses connections from now on, and hangs up. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) =>
      server === undefined ? resolve() : server.close(() => resolve())
    );
    this.hangUp();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #accept(client: Socket): void {
    this.accepted++;
    const daemon = connect({ host: "127.0.0.1", port: this.#target });
    for (const [from, to] of [[client, daemon], [daemon, client]]) {
      this.#sockets.add(from);
      from.on("data", (bytes: Uint8Array) => {
        if (!(from === daemon && this.isMute)) to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
