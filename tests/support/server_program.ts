import { within } from "../../src/core/within.ts";
import { tempFolder } from "./temp_folder.ts";

/** How a server from the system's packages is run for a test. */
export interface ServerProgramOptions {
  /** The program and its arguments; the server must stay in the foreground. */
  command(place: ServerPlace): readonly string[];
  /** Prepares `place.folder`, once, before the first start. */
  prepare?(place: ServerPlace): Promise<void>;
  /** Whether it answers; accepting connections is enough when not given. */
  isReady?(place: ServerPlace): Promise<boolean>;
  /** How long a start may take; 10 s when not given. */
  startMs?: number;
}

/** What a server has for itself alone. */
export interface ServerPlace {
  readonly port: number;
  /** Gone when the server is disposed. */
  readonly folder: string;
}

/** A running server with a port and a folder of its own. */
export interface ServerProgram extends ServerPlace, AsyncDisposable {
  /** Of the current process. */
  readonly pid: number;
  /** Ends the process and waits for it; does nothing when it has ended. */
  end(signal?: Deno.Signal): Promise<void>;
  /** Sends a signal without waiting for anything, such as SIGSTOP. */
  send(signal: Deno.Signal): void;
  /** Starts it again in its folder and on its port, after an {@link end}. */
  start(): Promise<void>;
}

/** Starts the server and waits until it answers. */
export async function startServerProgram(
  options: ServerProgramOptions,
): Promise<ServerProgram> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await tempFolder());
  const place = { port: freePort(), folder: folder.path };
  await options.prepare?.(place);
  let current = spawn(options, place);
  const end = async (signal: Deno.Signal = "SIGKILL") => {
    if (current.isRunning) {
      // A stopped process takes no other signal.
      if (signal !== "SIGKILL") current.child.kill("SIGCONT");
      current.child.kill(signal);
    }
    await current.ended;
  };
  resources.defer(() => end());
  await untilReady(current, options, place);
  const owned = resources.move();
  return {
    ...place,
    get pid() {
      return current.child.pid;
    },
    end,
    send: (signal) => current.child.kill(signal),
    async start() {
      if (current.isRunning) throw new Error("The server is still running");
      current = spawn(options, place);
      await untilReady(current, options, place);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A port of 127.0.0.1 that nobody listens on right now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Spawned {
  readonly child: Deno.ChildProcess;
  readonly ended: Promise<void>;
  isRunning: boolean;
}

function spawn(options: ServerProgramOptions, place: ServerPlace): Spawned {
  const [program, ...args] = options.command(place);
  const child = new Deno.Command(program, {
    args,
    cwd: place.folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const ended = child.status.then(() => {
    spawned.isRunning = false;
  });
  const spawned: Spawned = { child, ended, isRunning: true };
  return spawned;
}

async function untilReady(
  spawned: Spawned,
  options: ServerProgramOptions,
  place: ServerPlace,
): Promise<void> {
  const { isReady = accepts, startMs = 10_000 } = options;
  const start = performance.now();
  while (!await isReady(place)) {
    const [program] = options.command(place);
    if (!spawned.isRunning) throw new Error(`${program} ended at once`);
    if (performance.now() - start > startMs) {
      throw new Error(`${program} does not answer on port ${place.port}`);
    }
    await within(20, spawned.ended);
  }
}

async function accepts({ port }: ServerPlace): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
