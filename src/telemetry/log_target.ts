/** Where lines of log end up. Calls don't overlap. */
export interface LogTarget {
  /** Is called before each batch of whole lines, with their size: a place to change files. */
  begin(byteCount: number): Promise<void>;
  /** Writes some of `bytes`, at least one, and resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Has the next batch go to what is then found under the target's name. */
  reopen(): void;
  close(): void;
}

/** Standard error; closing it is up to the process. */
export const stderrTarget: LogTarget = {
  begin: () => Promise.resolve(),
  write: (bytes) => Deno.stderr.write(bytes),
  reopen() {},
  close() {},
};
