import type { PemPair } from "./pem_pair.ts";

export interface TlsListenerOptions {
  readonly hostname: string;
  readonly port: number;
  readonly pair: PemPair;
}

/**
 * Accepts TLS connections, whose handshake is made when they are first read.
 * A new pair takes a new listener on the same port, some milliseconds later;
 * connections that there are go on with the old one.
 */
export class TlsListener {
  readonly addr: Deno.NetAddr;
  readonly #hostname: string;
  #current: Promise<Deno.TlsListener>;
  #isClosed = false;

  constructor({ hostname, port, pair }: TlsListenerOptions) {
    const listener = Deno.listenTls({ hostname, port, ...pair });
    this.#hostname = hostname;
    this.addr = listener.addr as Deno.NetAddr;
    this.#current = Promise.resolve(listener);
  }

  /** Rejects when the listener was closed, or a connection could not be accepted. */
  async accept(): Promise<Deno.Conn> {
    for (;;) {
      const current = this.#current;
      try {
        return await (await current).accept();
      } catch (error) {
        if (this.#isClosed || this.#current === current) throw error;
      }
    }
  }

  async renew(pair: PemPair): Promise<void> {
    const old = await this.#current;
    this.#current = this.#listenAgain(old, pair);
    await this.#current;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#current.then((listener) => listener.close(), () => {});
  }

  /** The port is free once the pending accept of the old listener has ended. */
  async #listenAgain(
    old: Deno.TlsListener,
    pair: PemPair,
  ): Promise<Deno.TlsListener> {
    const { port } = this.addr;
    old.close();
    for (let tries = 1;; tries++) {
      try {
        return Deno.listenTls({ hostname: this.#hostname, port, ...pair });
      } catch (error) {
        if (tries === maxTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, tries));
      }
    }
  }
}

/** Five seconds in all. */
const maxTries = 100;
