import { join } from "node:path";
import { osReason } from "../../core/os_reason.ts";

/**
 * Holds a store's folder for one daemon, by a lock of the operating system
 * (flock(2)) that ends with the process however it ends.
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

/** Deno before 2.8 has no tryLock, and its lock can't be called off: it is given a moment. */
async function tryLock(file: Lockable): Promise<boolean> {
  if (file.tryLock !== undefined) return await file.tryLock(true);
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(false), 1000);
  const locked = file.lock(true).then(() => true, () => false);
  const isLocked = await Promise.race([locked, timeout.promise]);
  clearTimeout(timer);
  return isLocked;
}

interface Lockable {
  lock(exclusive: boolean): Promise<void>;
  tryLock?(exclusive: boolean): Promise<boolean>;
}
