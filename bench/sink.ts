import * as v from "valibot";
import { nativeTool } from "./native_tool.ts";
import { readLines } from "./read_lines.ts";
import { kill, type Workspace } from "./workspace.ts";

const portSchema = v.object({ port: v.number() });

const reportSchema = v.object({
  expected: v.number(),
  arrived: v.number(),
  missing: v.number(),
  duplicates: v.number(),
  strangers: v.number(),
  broken: v.number(),
  connections: v.object({ opened: v.number(), most: v.number() }),
  lastIndex: v.number(),
  offsetMs: v.object({
    first: v.number(),
    p50: v.number(),
    p90: v.number(),
    p99: v.number(),
    last: v.number(),
  }),
});

const latenessSchema = v.object({
  count: v.number(),
  p50: v.number(),
  p90: v.number(),
  p99: v.number(),
  p999: v.number(),
  most: v.number(),
});

/** How many callbacks arrived, and how many milliseconds after the second that each one named. */
export type Lateness = v.InferOutput<typeof latenessSchema>;

/** What arrived, and how long after its second. */
export type SinkReport = v.InferOutput<typeof reportSchema>;

/** A receiver of HTTP requests that remembers when each one came. */
export class Sink implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #port: number;

  private constructor(process: Deno.ChildProcess, port: number) {
    this.#process = process;
    this.#port = port;
  }

  static async start(workspace: Workspace): Promise<Sink> {
    const process = workspace.spawn(await nativeTool("http_sink"), {
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    });
    for await (const line of readLines(process.stdout)) {
      return new Sink(process, v.parse(portSchema, JSON.parse(line)).port);
    }
    throw new Error("The HTTP receiver did not start");
  }

  get port(): number {
    return this.#port;
  }

  /** Forgets everything; indexes of 0 to `count` - 1 are expected from now on. */
  async expect(count: number): Promise<void> {
    await this.#ask(`reset?expect=${count}`);
  }

  async arrivedCount(): Promise<number> {
    return Number(await this.#ask("count"));
  }

  /** @param due the second of index 0, and how many seconds later each further one is due */
  async report(
    due: { readonly at: number; readonly step: number },
  ): Promise<SinkReport> {
    const text = await this.#ask(`report?due=${due.at}&step=${due.step}`);
    return v.parse(reportSchema, JSON.parse(text));
  }

  /** Of all callbacks since this was last asked, whatever was expected. */
  async lateness(): Promise<Lateness> {
    const text = await this.#ask("lateness");
    return v.parse(latenessSchema, JSON.parse(text));
  }

  /** Waits until all have arrived, or nothing has for `quietMs` milliseconds. */
  async settle(count: number, quietMs: number): Promise<void> {
    let seen = -1;
    let quietSince = performance.now();
    for (;;) {
      const arrived = await this.arrivedCount();
      if (arrived >= count) return;
      if (arrived > seen) quietSince = performance.now();
      else if (performance.now() - quietSince > quietMs) return;
      seen = arrived;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await kill(this.#process);
  }

  async #ask(what: string): Promise<string> {
    const reply = await fetch(`http://127.0.0.1:${this.#port}/-/${what}`);
    if (!reply.ok) throw new Error(`The receiver replied ${reply.status}`);
    return await reply.text();
  }
}

const pollMs = 50;
