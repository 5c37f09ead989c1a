import { join } from "node:path";

/**
 * Where a benchmark leaves its files and processes. Disposing ends and removes
 * them all, whatever state they are in.
 */
export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly #processes = new Set<Deno.ChildProcess>();
  #folders = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param parent where the files go: a folder on the disk that is to be measured */
  static async create(parent: string): Promise<Workspace> {
    await Deno.mkdir(parent, { recursive: true });
    return new Workspace(
      await Deno.makeTempDir({ dir: parent, prefix: "forsun-bench-" }),
    );
  }

  /** A path below the workspace that nobody else uses; nothing is made there. */
  freshPath(name: string): string {
    return join(this.folder, `${name}-${++this.#folders}`);
  }

  /** Starts a process that ends with the workspace at the latest. */
  spawn(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
    const process = new Deno.Command(command, options).spawn();
    this.#processes.add(process);
    process.status.finally(() => this.#processes.delete(process));
    return process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.#processes]) await kill(process);
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Ends a process at once and waits until it is gone. */
export async function kill(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch (error) {
    const isGone = error instanceof TypeError ||
      error instanceof Deno.errors.NotFound;
    if (!isGone) throw error;
  }
  await process.status;
}
