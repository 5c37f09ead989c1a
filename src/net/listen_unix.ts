import { dirname } from "node:path";
import { osReason } from "../core/os_reason.ts";

/**
 * Listens on a socket of the file system, which has its mode from the first
 * moment on. What is left of a daemon that is gone makes way.
 * @throws {Error} one line, when somebody listens there or it can't be made
 */
export async function listenUnix(
  path: string,
  mode: number,
): Promise<Deno.UnixListener> {
  await removeStale(path);
  return withMode(mode, () => {
    try {
      return Deno.listen({ transport: "unix", path });
    } catch (error) {
      throw cannot(path, osReason(error), error);
    }
  });
}

/** Removes the file of a socket that nobody listens on any more. */
export async function removeStale(path: string): Promise<void> {
  if (!await isSocketAt(path)) return;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch {
    await Deno.remove(path);
    return;
  }
  throw cannot(path, "somebody listens there already");
}

/**
 * Whether there is a socket; false when there is nothing yet.
 * @throws {Error} one line, when there is something else, or no folder for it
 */
export async function isSocketAt(path: string): Promise<boolean> {
  try {
    await Deno.stat(dirname(path));
  } catch (error) {
    throw cannot(path, osReason(error), error);
  }
  try {
    const { isSocket } = await Deno.lstat(path);
    if (!isSocket) throw cannot(path, "it is no socket");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs `work`, which must not wait, with files made with `mode` at the most. */
export function withMode<Value>(mode: number, work: () => Value): Value {
  const before = Deno.umask(0o777 & ~mode);
  try {
    return work();
  } finally {
    Deno.umask(before);
  }
}

function cannot(path: string, reason: string, cause?: unknown): Error {
  return new Error(`Cannot listen on unix:${path}: ${reason}`, { cause });
}
