import { run } from "../../src/cli/run.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import type { Clock } from "../../src/core/time.ts";

/** What a run of the program came to. */
export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly clock?: Clock;
  readonly timeZone?: string;
  /** The daemon's port; none runs where there is none. */
  readonly port?: number;
  /** What the program is called. */
  readonly name?: string;
}

/** A terminal that writes down what is printed. */
export function createRecordingTerminal(
  { clock = systemClock, timeZone = "UTC" }: RunSettings = {},
): Terminal & { readonly stdout: string; readonly stderr: string } {
  let stdout = "";
  let stderr = "";
  return {
    print: (line) => void (stdout += `${line}\n`),
    write: (text) => void (stdout += text),
    complain: (line) => void (stderr += `${line}\n`),
    isClosed: false,
    exit(status) {
      throw new Error(`exit ${status}`);
    },
    clock,
    timeZone,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}

/** Runs the program in this process. */
export async function runInProcess(
  args: readonly string[],
  settings: RunSettings = {},
): Promise<RunResult> {
  const terminal = createRecordingTerminal(settings);
  const { port, name = "/usr/bin/forsun" } = settings;
  const where = port === undefined ? [] : ["--port", String(port)];
  const status = await run([...where, ...args], { name, terminal });
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}
