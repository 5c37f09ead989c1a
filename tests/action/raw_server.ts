/** What a {@link RawServer} does with one connection; it is closed afterwards. */
export type Behaviour = (
  connection: Deno.Conn,
  request: string,
) => Promise<void> | void;

/**
 * An HTTP server without manners, for what a well-behaved one can't do. Each
 * connection's first request is read whole (one byte a character) and handed to
 * `behave`.
 */
export class RawServer implements AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  readonly origin: string;
  readonly requests: string[] = [];
  /** How many connections were accepted. */
  accepted = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  readonly #running: Promise<void>[] = [];
  #isListening = true;

  constructor(behave: Behaviour) {
    this.origin = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#running.push(this.#accept(behave));
  }

  /** Refuses new connections from now on; those that are open go on. */
  stopListening(): void {
    if (this.#isListening) this.#listener.close();
    this.#isListening = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopListening();
    for (const connection of this.#connections) this.#close(connection);
    await Promise.all(this.#running);
  }

  async #accept(behave: Behaviour): Promise<void> {
    try {
      for (;;) {
        const connection = await this.#listener.accept();
        this.accepted++;
        this.#connections.add(connection);
        this.#running.push(this.#serve(connection, behave));
      }
    } catch {
      // The listener was closed.
    }
  }

  async #serve(connection: Deno.Conn, behave: Behaviour): Promise<void> {
    try {
      const request = await readRequest(connection);
      if (request === undefined) return;
      this.requests.push(request);
      await behave(connection, request);
    } catch {
      // The client hung up, or the test is over.
    } finally {
      this.#close(connection);
    }
  }

  #close(connection: Deno.Conn): void {
    if (this.#connections.delete(connection)) connection.close();
  }
}

/** Writes `text`, one byte a character. */
export async function write(
  connection: Deno.Conn,
  text: string,
): Promise<void> {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** Resolves once the client hangs up. */
export async function hangup(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await connection.read(buffer) !== null);
  } catch {
    // It was reset, or the test is over.
  }
}

/** The first request of a connection, one byte a character; undefined when it ends before. */
export async function readRequest(
  connection: Deno.Conn,
): Promise<string | undefined> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const [head, body] = text.split("\r\n\r\n", 2);
    if (body !== undefined) {
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (body.length >= length) return text;
    }
    const count = await connection.read(buffer);
    if (count === null) return undefined;
    text += Array.from(
      buffer.subarray(0, count),
      (byte) => String.fromCharCode(byte),
    ).join("");
  }
}
