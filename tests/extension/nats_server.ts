import { hangUp } from "../../src/thrift/hang_up.ts";

/** A message that was published. */
export interface NatsMessage {
  readonly subject: string;
  readonly body: string;
}

/** What the server does with a PUB, besides keeping it. */
export type NatsBehaviour =
  | "answer"
  /** Never answers anything. */
  | "hang"
  /** Says that the client may not, and hangs up. */
  | "refuse"
  /** Says that the client may not publish to `forbidden`, and goes on. */
  | "forbid"
  /** Hangs up before it answers. */
  | "drop";

/** The part of a NATS server that a publisher needs, with a mode for each thing that goes wrong. */
export class NatsServer implements AsyncDisposable {
  behaviour: NatsBehaviour = "answer";
  readonly messages: NatsMessage[] = [];
  /** What clients have sent with CONNECT. */
  readonly logins: Record<string, unknown>[] = [];
  /** PUBs that came, whatever was done with them. */
  pubCount = 0;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #running: Promise<void>[] = [];

  constructor(port = 0) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#running.push(this.#accept());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) this.#close(connection);
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    try {
      for (;;) {
        const connection = await this.#listener.accept();
        this.#connections.add(connection);
        this.#running.push(this.#serve(connection));
      }
    } catch {
      // Closed.
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    const say = (line: string) =>
      connection.write(new TextEncoder().encode(`${line}\r\n`));
    try {
      await say('INFO {"server_id":"test","max_payload":1000}');
      const chunk = new Uint8Array(4096);
      for (;;) {
        const count = await connection.read(chunk);
        if (count === null) return;
        text += decoder.decode(chunk.subarray(0, count), { stream: true });
        for (;;) {
          const end = text.indexOf("\r\n");
          if (end < 0) break;
          const [verb, ...words] = text.slice(0, end).split(" ");
          if (verb === "PUB") {
            // Bodies in these tests are ASCII: a character is a byte.
            const bodyEnd = end + 2 + Number(words[1]);
            if (text.length < bodyEnd + 2) break;
            const body = text.slice(end + 2, bodyEnd);
            text = text.slice(bodyEnd + 2);
            this.pubCount++;
            if (this.behaviour === "drop") return;
            if (this.behaviour === "hang") continue;
            if (this.behaviour === "forbid" && words[0] === "forbidden") {
              await say(
                `-ERR 'Permissions Violation for Publish to "forbidden"'`,
              );
              continue;
            }
            if (this.behaviour === "refuse") {
              await say("-ERR 'Permissions Violation'");
              return;
            }
            this.messages.push({ subject: words[0], body });
            continue;
          }
          text = text.slice(end + 2);
          if (verb === "CONNECT") this.logins.push(JSON.parse(words.join(" ")));
          const isHeld = this.behaviour === "hang" && this.pubCount > 0;
          if (verb === "PING" && !isHeld) await say("PONG");
        }
      }
    } catch {
      // The client hung up, or the test is over.
    } finally {
      this.#close(connection);
    }
  }

  #close(connection: Deno.TcpConn): void {
    if (this.#connections.delete(connection)) hangUp(connection);
  }
}
