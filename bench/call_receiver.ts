import { join } from "node:path";
import type { Receiver } from "./action_burst.ts";
import { readLines } from "./read_lines.ts";
import { kill, type Workspace } from "./workspace.ts";

/** A receiver of Thrift calls, in a process of its own. */
export class CallReceiver implements Receiver, AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #questions: Deno.TcpConn;

  private constructor(
    port: number,
    { process, questions }: {
      readonly process: Deno.ChildProcess;
      readonly questions: Deno.TcpConn;
    },
  ) {
    this.port = port;
    this.#process = process;
    this.#questions = questions;
  }

  static async start(workspace: Workspace): Promise<CallReceiver> {
    const script = join(import.meta.dirname ?? "", "thrift_receiver.ts");
    const process = workspace.spawn(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-net", script],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    });
    for await (const line of readLines(process.stdout)) {
      const [port, questionPort] = line.split(" ").map(Number);
      const hostname = "127.0.0.1";
      const questions = await Deno.connect({ hostname, port: questionPort });
      return new CallReceiver(port, { process, questions });
    }
    throw new Error("The Thrift receiver did not start");
  }

  async arrived(): Promise<number> {
    await this.#questions.write(new Uint8Array(1));
    const answer = new Uint8Array(20);
    const length = await this.#questions.read(answer) ?? 0;
    return Number(new TextDecoder().decode(answer.subarray(0, length)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#questions.close();
    await kill(this.#process);
  }
}
