/** Lines that have come and wait for their turn; ends once {@link end} was called. */
export class LineQueue implements AsyncIterable<string> {
  #lines: string[] = [];
  #isOver = false;
  #onMore = Promise.withResolvers<void>();

  add(line: string): void {
    this.#lines.push(line);
    this.#onMore.resolve();
  }

  /** Forgets the lines that wait; returns how many they were. */
  clear(): number {
    const count = this.#lines.length;
    this.#lines = [];
    return count;
  }

  end(): void {
    this.#isOver = true;
    this.#onMore.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        yield line;
      } else if (this.#isOver) {
        return;
      } else {
        this.#onMore = Promise.withResolvers();
        await this.#onMore.promise;
      }
    }
  }
}
