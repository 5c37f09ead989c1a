import { freePort } from "./daemon.ts";
import { kill, type Workspace } from "./workspace.ts";

/** A server of the system's packages that is asked, and answers, in lines. */
export class TextServer implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #connection: Deno.TcpConn;

  private constructor(
    port: number,
    { process, connection }: {
      readonly process: Deno.ChildProcess;
      readonly connection: Deno.TcpConn;
    },
  ) {
    this.port = port;
    this.#process = process;
    this.#connection = connection;
  }

  /** Starts `program`, to which `args` tells the port, and waits until it accepts. */
  static async start(
    workspace: Workspace,
    program: string,
    args: (port: number) => readonly string[],
  ): Promise<TextServer> {
    const port = freePort();
    const process = workspace.spawn(program, {
      args: [...args(port)],
      cwd: workspace.folder,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    for (const deadline = Date.now() + 10_000;;) {
      try {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        return new TextServer(port, { process, connection });
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** Sends one line and resolves to what comes back, up to what `isWhole` takes. */
  async ask(line: string, isWhole: RegExp): Promise<string> {
    await this.#connection.write(new TextEncoder().encode(`${line}\r\n`));
    const buffer = new Uint8Array(65_536);
    let text = "";
    do {
      const count = await this.#connection.read(buffer);
      if (count === null) throw new Error("The server has closed");
      text += new TextDecoder().decode(buffer.subarray(0, count));
    } while (!isWhole.test(text));
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    await kill(this.#process);
  }
}
