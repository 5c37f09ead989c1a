import { hex, toHex } from "./hex.ts";

/**
 * A client that sends and receives plain bytes. Whatever it waits for has to
 * come within some seconds, or the wait rejects.
 */
export class RawClient implements Disposable {
  readonly #socket: Deno.TcpConn;
  #received = new Uint8Array();
  #isOver = false;
  #isClosed = false;

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends bytes, or what {@link hex} makes of a text. */
  async send(bytes: Uint8Array | string): Promise<void> {
    let rest = typeof bytes === "string" ? hex(bytes) : bytes;
    while (rest.length > 0) {
      rest = rest.subarray(await this.#socket.write(rest));
    }
  }

  /** The next `count` bytes, in hexadecimal. */
  async receive(count: number): Promise<string> {
    while (this.#received.length < count) {
      if (!await this.#read()) {
        const received = toHex(this.#received);
        throw new Error(`The connection ended behind ${received}`);
      }
    }
    const bytes = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return toHex(bytes);
  }

  /** Sends a request, and gives as many bytes of the reply as `expected` has. */
  async exchange(
    request: Uint8Array | string,
    expected: string,
  ): Promise<{ readonly received: string; readonly expected: string }> {
    await this.send(request);
    const bytes = hex(expected);
    const received = await this.receive(bytes.length);
    return { received, expected: toHex(bytes) };
  }

  /** Waits until the server closes the connection; gives what came before, in hexadecimal. */
  async end(): Promise<string> {
    while (await this.#read());
    return toHex(this.#received);
  }

  /** Says that nothing more will be sent. */
  async closeWrite(): Promise<void> {
    await this.#socket.closeWrite();
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  async #read(): Promise<boolean> {
    if (this.#isOver) return false;
    const buffer = new Uint8Array(64 * 1024);
    const tooLate = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      tooLate.reject(new Error(`Nothing came in ${maxWaitMs} ms`));
    }, maxWaitMs);
    try {
      const reading = this.#socket.read(buffer);
      const count = await Promise.race([reading, tooLate.promise]);
      if (count !== null) {
        const received = new Uint8Array(this.#received.length + count);
        received.set(this.#received);
        received.set(buffer.subarray(0, count), this.#received.length);
        this.#received = received;
        return true;
      }
    } catch (error) {
      // The server closes while there is something that it has not read.
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    } finally {
      clearTimeout(timer);
    }
    this.#isOver = true;
    return false;
  }
}

const maxWaitMs = 10_000;
