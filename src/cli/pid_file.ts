import { osReason } from "../core/os_reason.ts";

/**
 * Writes the number of this process to the file, and removes the file at the
 * end unless another process has put its own there.
 * @throws {Error} one line, when it can't be written
 */
export function writePidFile(path: string): Disposable {
  const text = `${Deno.pid}\n`;
  try {
    Deno.writeTextFileSync(path, text);
  } catch (error) {
    throw new Error(`Cannot write the pid file ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
  return {
    [Symbol.dispose]() {
      try {
        if (Deno.readTextFileSync(path) === text) Deno.removeSync(path);
      } catch {
        // Somebody has removed it already, or it can't be: nothing depends on it.
      }
    },
  };
}
