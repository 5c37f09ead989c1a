/**
 * The process groups of commands that are running. Those that still are when
 * this process leaves, whyever it does, are killed before.
 */
export class RunningGroups implements Disposable {
  readonly #leaders = new Set<Deno.ChildProcess>();
  readonly #onUnload = () => this.#kill();

  constructor() {
    globalThis.addEventListener("unload", this.#onUnload);
  }

  /** Call when `child` leads a group of its own, and the returned function when it has ended. */
  add(child: Deno.ChildProcess): () => void {
    this.#leaders.add(child);
    return () => this.#leaders.delete(child);
  }

  /** Kills all that still run. */
  [Symbol.dispose](): void {
    globalThis.removeEventListener("unload", this.#onUnload);
    this.#kill();
  }

  /** Without an await: who leaves doesn't come back for it. */
  #kill(): void {
    if (this.#leaders.size === 0) return;
    const pids = Array.from(this.#leaders, ({ pid }) => String(pid));
    this.#leaders.clear();
    try {
      new Deno.Command("/bin/sh", {
        args: ["-c", killEach, "/bin/sh", ...pids],
        clearEnv: true,
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).outputSync();
    } catch {
      // Out of processes or descriptors; leaving matters more.
    }
  }
}

/** A child that has just begun may not lead its group yet. */
const killEach =
  'for leader; do kill -KILL "-$leader" || kill -KILL "$leader"; done';
