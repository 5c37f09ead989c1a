import { osReason } from "../core/os_reason.ts";

/** What is read to its end. */
export interface ByteSource extends Disposable {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How much that is; undefined when nobody knows. */
  readonly bytes: number | undefined;
}

/**
 * A file, or standard input for `-`.
 * @throws {Error} one line
 */
export async function openByteSource(path: string): Promise<ByteSource> {
  if (path === "-") {
    const chunks = Deno.stdin.readable;
    return { chunks, bytes: undefined, [Symbol.dispose]: () => {} };
  }
  try {
    const file = await Deno.open(path);
    const { size, isFile } = await file.stat();
    return {
      chunks: file.readable,
      bytes: isFile ? size : undefined,
      [Symbol.dispose]() {
        try {
          file.close();
        } catch {
          // It was read to its end, which closed it.
        }
      },
    };
  } catch (error) {
    const reason = osReason(error);
    throw new Error(`Cannot read ${path}: ${reason}`, { cause: error });
  }
}
