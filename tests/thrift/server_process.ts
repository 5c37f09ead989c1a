import { join } from "node:path";

const script = join(import.meta.dirname ?? ".", "serve_until_told.ts");
const config = join(import.meta.dirname ?? ".", "../../deno.json");

/** A daemon's Thrift side in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  /** What it has logged so far. */
  log(): string;
}

/** Starts one; `wrap` is a command that its command line is appended to. */
export async function startServerProcess(
  wrap: readonly string[] = [],
): Promise<ServerProcess> {
  const run = ["run", "--quiet", "-A", "--frozen", "--config", config, script];
  const [command, ...args] = [...wrap, Deno.execPath(), ...run];
  const child = new Deno.Command(command, {
    args,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let output = "";
  const started = Promise.withResolvers<void>();
  const finished = (async () => {
    for await (const chunk of child.stdout) {
      output += new TextDecoder().decode(chunk);
      if (output.includes("\n")) started.resolve();
    }
    started.resolve();
  })();
  await started.promise;
  const end = async () => {
    await child.stdin.close();
    await finished;
    await child.status;
  };
  const port = Number(/^port (\d+)\n/.exec(output)?.[1]);
  if (!port) {
    await end();
    throw new Error(`The server did not start: ${output}`);
  }
  return { port, log: () => output, [Symbol.asyncDispose]: end };
}
