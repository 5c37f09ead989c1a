import { Socket } from "node:net";
import type { ByteSocket } from "../thrift/byte_socket.ts";

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** So much may have come and not been read, in bytes, before the other side has to wait. */
const maxUnread = 256 * 1024;

/**
 * A connection by Node's sockets. One of Deno's that is closed while a read is
 * pending stays open until the other side closes it, which a server that hangs
 * never does.
 */
export class NodeConnection implements ByteSocket {
  readonly #socket: Socket;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #hasEnded = false;
  #error: Error | undefined;
  /** Wakes who reads. */
  #onMore: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      this.#unread.push(chunk);
      this.#unreadBytes += chunk.length;
      if (this.#unreadBytes > maxUnread) socket.pause();
      this.#onMore();
    });
    socket.on("error", (error) => this.#error = error);
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.#hasEnded = true;
        this.#onMore();
      });
    }
  }

  /**
   * Connects, to one of a name's addresses after the other.
   * @throws {Error} Deno.errors.TimedOut when it takes too long
   */
  static async open(
    { host, port, timeoutMs }: ConnectOptions,
  ): Promise<NodeConnection> {
    const socket = new Socket();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Deno.errors.TimedOut("no connection")),
      timeoutMs,
    );
    socket.on("error", reject);
    socket.connect({ host, port }, resolve);
    try {
      await promise;
      return new NodeConnection(socket.setNoDelay(true));
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves to how many bytes were put into `buffer`, null at the end. */
  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#unread.length === 0) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#hasEnded) return null;
      await new Promise<void>((resolve) => this.#onMore = resolve);
    }
    const [chunk] = this.#unread;
    const count = Math.min(chunk.length, buffer.length);
    buffer.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#unread.shift();
    else this.#unread[0] = chunk.subarray(count);
    this.#unreadBytes -= count;
    if (this.#socket.isPaused() && this.#unreadBytes === 0) {
      this.#socket.resume();
    }
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve(bytes.length);
      });
    });
  }

  closeWrite(): Promise<void> {
    this.#socket.end();
    return Promise.resolve();
  }

  close(): void {
    this.#socket.destroy();
  }
}
