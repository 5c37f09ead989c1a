// @ts-check

/**
 * One connection to a NATS server, over which any number of messages are under
 * way: each is followed by a PING, whose PONG says that the server has it.
 * https://docs.nats.io/reference/reference-protocols/nats-protocol
 */
export class NatsConnection {
  /** @type {Deno.TcpConn} */
  #socket;
  #lines = new LineReader();
  /** @type {Waiting[]} Who waits for a PONG, in the order of the PINGs. */
  #waiting = [];
  /** @type {Uint8Array[]} What is to be sent. */
  #unsent = [];
  #isSending = false;
  /** @type {Error | undefined} */
  #endedBy;
  /** @type {PromiseWithResolvers<void>} */
  #end = Promise.withResolvers();
  #maxBytes = 1024 * 1024;

  /** @param {Deno.TcpConn} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    this.#receiveAll().then((reason) => this.close(reason));
  }

  /**
   * Connects and logs in.
   * @param {NatsAddress} address
   * @param {AbortSignal} signal gives up when it aborts
   * @returns {Promise<NatsConnection>}
   */
  static async open({ hostname, port, user, pass, token }, signal) {
    const socket = await Deno.connect({ hostname, port, signal });
    const connection = new NatsConnection(socket);
    const login = { user, pass, auth_token: token };
    const options = { verbose: false, pedantic: false, lang: "forsun" };
    try {
      await connection.#request(
        encode(`CONNECT ${JSON.stringify({ ...options, ...login })}\r\n`),
        signal,
      );
      return connection;
    } catch (error) {
      connection.close(error instanceof Error ? error : undefined);
      throw error;
    }
  }

  /** Resolves when the connection is over. */
  get ended() {
    return this.#end.promise;
  }

  /**
   * Resolves once the server has the message.
   * @param {string} subject
   * @param {Uint8Array} body
   * @param {AbortSignal} signal
   */
  async publish(subject, body, signal) {
    if (body.length > this.#maxBytes) {
      throw new ServerRefusal(
        `the server takes ${this.#maxBytes} bytes, got ${body.length}`,
      );
    }
    const head = encode(`PUB ${subject} ${body.length}\r\n`);
    await this.#request(concat(head, body, encode("\r\n")), signal);
  }

  /** @param {Error} [reason] */
  close(reason = new Error("the connection was closed")) {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = reason;
    this.#end.resolve();
    this.#unsent = [];
    // A pending read keeps a closed socket open until the server has hung up, too.
    this.#socket.closeWrite().catch(() => {});
    this.#socket.close();
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  /**
   * Sends bytes and a PING; resolves at its PONG. When the signal aborts there
   * is no telling any more which PONG belongs to whom: the connection ends.
   * @param {Uint8Array} bytes
   * @param {AbortSignal} signal
   */
  async #request(bytes, signal) {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    signal.throwIfAborted();
    const onAbort = () => this.close(signal.reason);
    signal.addEventListener("abort", onAbort);
    try {
      /** @type {PromiseWithResolvers<void>} */
      const pong = Promise.withResolvers();
      this.#waiting.push(pong);
      this.#send(concat(bytes, encode("PING\r\n")));
      await pong.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /**
   * Whatever collects while a write is under way goes in the next one.
   * @param {Uint8Array} bytes
   */
  async #send(bytes) {
    this.#unsent.push(bytes);
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#unsent.length > 0 && this.#endedBy === undefined) {
        const all = concat(...this.#unsent.splice(0));
        for (let at = 0; at < all.length;) {
          at += await this.#socket.write(all.subarray(at));
        }
      }
    } catch (error) {
      this.close(error instanceof Error ? error : undefined);
    } finally {
      this.#isSending = false;
    }
  }

  /** Resolves to the reason why the connection has ended. */
  async #receiveAll() {
    const bytes = new Uint8Array(4096);
    try {
      for (;;) {
        const count = await this.#socket.read(bytes);
        if (count === null) return new Error("the server hung up");
        for (const line of this.#lines.push(bytes.subarray(0, count))) {
          this.#receive(line);
        }
      }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * The server works off requests one after the other, so that an error is about
   * the first that waits; its PONG may still come. If the connection is no good
   * any more, the server hangs up.
   * @param {string} text
   */
  #refuse(text) {
    const reason = `the server says ${text}`;
    if (!refusals.test(text)) throw new Error(reason);
    this.#waiting[0]?.reject(new ServerRefusal(reason));
  }

  /** @param {string} line */
  #receive(line) {
    const [verb] = line.split(" ", 1);
    switch (verb.toUpperCase()) {
      case "INFO":
        this.#maxBytes = JSON.parse(line.slice(5)).max_payload ??
          this.#maxBytes;
        break;
      case "PING":
        this.#send(encode("PONG\r\n"));
        break;
      case "PONG":
        this.#waiting.shift()?.resolve();
        break;
      case "-ERR":
        this.#refuse(line.slice(5));
        break;
    }
  }
}

/** What a request may be at fault for; other errors are about the connection. */
const refusals =
  /^'(authorization violation|permissions violation|invalid|maximum payload)/i;

/** The server's own refusal: trying again would not help. */
export class ServerRefusal extends Error {}

/** Cuts what arrives into lines. */
class LineReader {
  #decoder = new TextDecoder();
  #rest = "";

  /** @param {Uint8Array} bytes */
  push(bytes) {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true }))
      .split("\r\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > maxLine) {
      throw new Error(`the server sent a line of over ${maxLine} bytes`);
    }
    return lines;
  }
}

const maxLine = 64 * 1024;
const encoder = new TextEncoder();

/** @param {string} text */
function encode(text) {
  return encoder.encode(text);
}

/** @param {...Uint8Array} parts */
function concat(...parts) {
  const bytes = new Uint8Array(
    parts.reduce((length, part) => length + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * @typedef {object} NatsAddress
 * @property {string} hostname
 * @property {number} port
 * @property {string} [user]
 * @property {string} [pass]
 * @property {string} [token]
 *
 * @typedef {object} Waiting
 * @property {() => void} resolve
 * @property {(reason: Error) => void} reject
 */
