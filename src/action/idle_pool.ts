/** How an {@link IdlePool} keeps its resources. */
export interface IdlePoolOptions {
  /** What nobody has used for so many milliseconds is closed. */
  readonly idleMs: number;
  /** How many may be open; to open one more, the one that was idle for longest is closed. */
  readonly max: number;
}

/**
 * Open connections, or pools of them, by their destinations: opened when they
 * are first used, once for all that ask meanwhile, shared by all, and closed
 * when they were idle for long or a user found them broken.
 *
 * A failure to open is believed for as long as it took to find out, up to 1 s:
 * thousands of calls that wait for a server which doesn't answer are then told
 * at once, instead of waiting in turns, and a server that refuses and comes
 * back is noticed at once.
 */
export class IdlePool<Resource extends AsyncDisposable>
  implements AsyncDisposable {
  readonly #options: IdlePoolOptions;
  readonly #entries = new Map<string, Entry<Resource>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  constructor(options: IdlePoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Runs `work` with the resource of `key`, which `open` makes when there is
   * none. Rejects as either of them does.
   */
  async use<Value>(
    key: string,
    open: () => Promise<Resource>,
    work: (resource: Resource) => Promise<Value>,
  ): Promise<Value> {
    const entry = this.#find(key) ?? this.#open(key, open);
    entry.users++;
    try {
      return await work(entry.resource ?? await entry.opening);
    } finally {
      entry.users--;
      if (entry.users === 0) this.#release(entry);
    }
  }

  /** Has the next use of `key` open anew; who uses `resource` now goes on with it. */
  discard(key: string, resource: Resource): void {
    const entry = this.#entries.get(key);
    if (entry?.resource !== resource) return;
    this.#entries.delete(key);
    if (entry.users === 0) close(entry);
  }

  /** Closes all, also what is in use. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(close));
  }

  #find(key: string): Entry<Resource> | undefined {
    const entry = this.#entries.get(key);
    if (entry?.staleMs === undefined) return entry;
    return performance.now() < entry.staleMs ? entry : undefined;
  }

  #open(key: string, open: () => Promise<Resource>): Entry<Resource> {
    if (this.#isDisposed) throw new Error("The pool is closed");
    this.#makeRoom();
    const openedMs = performance.now();
    const opening = open();
    const entry: Entry<Resource> = {
      key,
      opening,
      resource: undefined,
      staleMs: undefined,
      users: 0,
      usedMs: openedMs,
    };
    this.#entries.set(key, entry);
    opening.then((resource) => entry.resource = resource, () => {
      const nowMs = performance.now();
      entry.staleMs = nowMs + Math.min(nowMs - openedMs, maxBeliefMs);
    });
    return entry;
  }

  #release(entry: Entry<Resource>): void {
    if (this.#entries.get(entry.key) !== entry) {
      close(entry);
      return;
    }
    entry.usedMs = performance.now();
    this.#timer ??= setTimeout(
      () => this.#sweep(),
      sweepMs(this.#options.idleMs),
    );
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#options.max) return;
    let longest: Entry<Resource> | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue;
      if (entry.usedMs < (longest?.usedMs ?? Infinity)) longest = entry;
    }
    if (longest === undefined) return;
    this.#entries.delete(longest.key);
    close(longest);
  }

  #sweep(): void {
    this.#timer = undefined;
    const { idleMs } = this.#options;
    const nowMs = performance.now();
    let leftMs = idleMs;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue;
      const untilMs = entry.usedMs + idleMs - nowMs;
      if (untilMs > 0) {
        leftMs = Math.min(leftMs, untilMs);
        continue;
      }
      this.#entries.delete(entry.key);
      close(entry);
    }
    if (this.#entries.size === 0) return;
    this.#timer = setTimeout(() => this.#sweep(), sweepMs(leftMs));
  }
}

const maxBeliefMs = 1000;

/** As long as a timer can wait, at the most: sweeping finds out that it's too early. */
function sweepMs(leftMs: number): number {
  return Math.min(Math.ceil(leftMs), 2 ** 31 - 1);
}

interface Entry<Resource> {
  readonly key: string;
  readonly opening: Promise<Resource>;
  /** Once it is open. */
  resource: Resource | undefined;
  /** Once opening failed: when to try again, by performance.now(). */
  staleMs: number | undefined;
  users: number;
  /** When the last user was done, by performance.now(). */
  usedMs: number;
}

/** Closes what was opened; what was not needs no closing. */
async function close(entry: Entry<AsyncDisposable>): Promise<void> {
  try {
    await (await entry.opening)[Symbol.asyncDispose]();
  } catch {
    // It never opened, or broke before: nothing is left of it.
  }
}
