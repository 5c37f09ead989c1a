import { createServer, type Server, type Socket } from "node:net";

/** What is replied, bytes of RESP; "hang up" closes the connection. */
export type ScriptedReply = string | "hang up";

/** A Redis that answers as a test says, to commands of which it is told the words. */
export class ScriptedRedis implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(answer: (words: readonly string[]) => ScriptedReply) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      let unread = "";
      socket.on("data", (bytes) => {
        unread += bytes.toString("latin1");
        for (;;) {
          const command = takeCommand(unread);
          if (command === undefined) return;
          unread = unread.slice(command.length);
          const reply = answer(command.words);
          if (reply === "hang up") {
            socket.destroy();
            return;
          }
          socket.write(reply, "latin1");
        }
      });
    });
  }

  /** Listens on a free port, which it gives. */
  async start(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, "127.0.0.1", resolve);
    await promise;
    return (this.#server.address() as { readonly port: number }).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }
}

/** A text of bytes as RESP has it; undefined is nil. */
export function bulk(text: string | undefined): string {
  return text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`;
}

export function array(...items: readonly string[]): string {
  return `*${items.length}\r\n${items.join("")}`;
}

/** The first command, an array of texts, if it is there complete. */
function takeCommand(
  text: string,
): { readonly words: readonly string[]; readonly length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  const words: string[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16));
    if (size === null) return undefined;
    const start = at + size[0].length;
    const end = start + Number(size[1]);
    if (end + 2 > text.length) return undefined;
    words.push(text.slice(start, end));
    at = end + 2;
  }
  return { words, length: at };
}
