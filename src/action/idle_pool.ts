/** How an {@link IdlePool} keeps its resources. */
export interface IdlePoolOptions {
  /** What nobody has used for so many milliseconds is closed. */
  readonly idleMs: number;
  /** How many may be open; to open one more, the one that was idle for longest is closed. */
  readonly most: number;
}

/**
 * Open connections, or pools of them, by their destinations: opened when they
 * are first used, once for all that ask meanwhile, shared by all, and closed
 * when they were idle for long or a user found them broken.
 */
export class IdlePool<Resource extends AsyncDisposable>
  implements AsyncDisposable {
  readonly #options: IdlePoolOptions;
  readonly #entries = new Map<string, Entry<Resource>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

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
    const entry = this.#entries.get(key) ?? this.#open(key, open);
    entry.users++;
    try {
      return await work(await entry.opening);
    } finally {
      entry.users--;
      entry.usedMs = performance.now();
      if (entry.users === 0 && !this.#isKept(entry)) await close(entry);
      this.#timer ??= setTimeout(
        () => this.#sweep(),
        this.#options.idleMs,
      );
    }
  }

  /** Has the next use of `key` open anew; who uses `resource` now goes on with it. */
  discard(key: string, resource: Resource): void {
    const entry = this.#entries.get(key);
    if (entry?.resource === resource) this.#entries.delete(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(close));
  }

  #open(key: string, open: () => Promise<Resource>): Entry<Resource> {
    this.#makeRoom();
    const opening = open();
    const entry: Entry<Resource> = {
      key,
      opening,
      resource: undefined,
      users: 0,
      usedMs: performance.now(),
    };
    this.#entries.set(key, entry);
    opening.then((resource) => entry.resource = resource, () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#options.most) return;
    let longest: Entry<Resource> | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0) continue;
      if (entry.usedMs < (longest?.usedMs ?? Infinity)) longest = entry;
    }
    if (longest === undefined) return;
    this.#entries.delete(longest.key);
    close(longest);
  }

  #isKept(entry: Entry<Resource>): boolean {
    return this.#entries.get(entry.key) === entry;
  }

  #sweep(): void {
    this.#timer = undefined;
    const { idleMs } = this.#options;
    const nowMs = performance.now();
    for (const entry of this.#entries.values()) {
      if (entry.users > 0 || nowMs - entry.usedMs < idleMs) continue;
      this.#entries.delete(entry.key);
      close(entry);
    }
    if (this.#entries.size === 0) return;
    this.#timer = setTimeout(() => this.#sweep(), idleMs);
  }
}

interface Entry<Resource> {
  readonly key: string;
  readonly opening: Promise<Resource>;
  /** Once it is open. */
  resource: Resource | undefined;
  users: number;
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
