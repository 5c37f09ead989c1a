import { join } from "node:path";
import { osReason } from "../../core/os_reason.ts";
import { tryLock } from "../../core/try_lock.ts";

/**
 * Holds a store's folder for one daemon, by a lock that ends with the process
 * however it ends.
 * @throws {Error} when another process holds it, or it can't be held
 */
export async function lockStore(folder: string): Promise<Disposable> {
  const path = join(folder, "lock");
  const file = await Deno.open(path, { write: true, create: true })
    .catch((cause) => {
      throw cannotOpen(folder, cause);
    });
  if (!await tryLock(file)) {
    file.close();
    throw new Error(`Another daemon has the mem store ${folder} open`);
  }
  return { [Symbol.dispose]: () => file.close() };
}

/** The error for a store whose folder the system does not let it use. */
export function cannotOpen(folder: string, cause: unknown): Error {
  const reason = osReason(cause);
  return new Error(`Cannot open the mem store ${folder}: ${reason}`, { cause });
}
