/**
 * Takes all jobs that are ready in `tube` out of a beanstalkd; their bodies,
 * one byte a character.
 */
export async function takeJobs(
  { port }: { readonly port: number },
  tube: string,
): Promise<readonly string[]> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const talk = new Talk(connection);
  await talk.ask(`watch ${tube}`);
  if (tube !== "default") await talk.ask("ignore default");
  const bodies: string[] = [];
  for (;;) {
    const [word, id, length] = (await talk.ask("reserve-with-timeout 0"))
      .split(" ");
    if (word !== "RESERVED") return bodies;
    bodies.push(await talk.take(Number(length)));
    await talk.take(2);
    await talk.ask(`delete ${id}`);
  }
}

/** Asks a beanstalkd for one line, such as `stats-job 1`; what follows it is dropped. */
export async function askBeanstalkd(
  { port }: { readonly port: number },
  command: string,
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const talk = new Talk(connection);
  const [word, length] = (await talk.ask(command)).split(" ");
  return word === "OK" ? await talk.take(Number(length)) : word;
}

/** Requests and replies, one byte a character. */
class Talk {
  readonly #connection: Deno.TcpConn;
  #unread = "";

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Resolves to the first line of the reply. */
  async ask(command: string): Promise<string> {
    const bytes = new TextEncoder().encode(`${command}\r\n`);
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
    for (;;) {
      const end = this.#unread.indexOf("\r\n");
      if (end >= 0) {
        const line = await this.take(end);
        await this.take(2);
        return line;
      }
      await this.#read();
    }
  }

  async take(length: number): Promise<string> {
    while (this.#unread.length < length) await this.#read();
    const taken = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    return taken;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const count = await this.#connection.read(buffer);
    if (count === null) throw new Error("beanstalkd closed the connection");
    const bytes = Array.from(buffer.subarray(0, count));
    this.#unread += bytes.map((byte) => String.fromCharCode(byte)).join("");
  }
}
