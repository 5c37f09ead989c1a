/**
 * Starts a daemon in the foreground, creates a plan in it, and prints each
 * callback as it arrives. Further arguments go to the daemon.
 */
import { join } from "node:path";

const root = join(import.meta.dirname ?? ".", "..");
const permissions = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run=/bin/sh",
];
const program = [Deno.execPath(), "run", "--quiet", ...permissions, "main.ts"];

function say(line: string): void {
  // deno-lint-ignore no-console -- a script for people
  console.log(line);
}

/** Prints callbacks; what each one is told of itself stands in its headers. */
function serveCallbacks(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (
    { headers },
  ) => {
    const second = Number(headers.get("x-forsun-timestamp"));
    const lateMs = Date.now() - second * 1000;
    const time = new Date(second * 1000).toISOString().slice(11, 19);
    const key = headers.get("x-forsun-key");
    say(`called back: ${key} of ${time}, ${lateMs} ms after its second`);
    return new Response("ok");
  });
}

/** Runs `forsun` with `args`, as anyone would in a shell. */
async function forsun(...args: string[]): Promise<boolean> {
  const [command, ...rest] = [...program, ...args];
  const options = { args: rest, cwd: root, env: { NO_COLOR: "1" } };
  const { success } = await new Deno.Command(command, {
    ...options,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

/** Copies the daemon's log to standard error; resolves to its port once it is ready. */
async function readPort(log: ReadableStream<Uint8Array>): Promise<string> {
  const port = Promise.withResolvers<string>();
  const decoder = new TextDecoder();
  const copying = (async () => {
    for await (const chunk of log) {
      await Deno.stderr.write(chunk);
      const text = decoder.decode(chunk, { stream: true });
      const ready = / is ready on [^ ]+:(\d+) /.exec(text);
      if (ready !== null) port.resolve(ready[1]);
    }
  })();
  copying.then(() => port.reject(new Error("The daemon has ended")));
  return await port.promise;
}

if (import.meta.main) {
  const [command, ...rest] = [...program, "serve", ...Deno.args];
  const daemon = new Deno.Command(command, {
    args: rest,
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  }).spawn();
  // The terminal sends its interrupt to the daemon as well; its end is ours.
  Deno.addSignalListener("SIGINT", () => {});
  Deno.addSignalListener("SIGTERM", () => daemon.kill("SIGTERM"));
  daemon.status.then(({ code }) => Deno.exit(code));
  const port = await readPort(daemon.stderr).catch(() => undefined);
  if (port !== undefined) {
    const { port: receiver } = serveCallbacks().addr;
    const url = `http://127.0.0.1:${receiver}/`;
    const plan = `set hello */2/3 * * * * * http 'url=${url};method=post'`;
    say(`$ forsun "${plan}"`);
    await forsun("--port", port, plan);
  }
}
