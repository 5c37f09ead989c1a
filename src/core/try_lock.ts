/**
 * Takes a lock of the operating system (flock(2)), which ends with the process
 * however it ends; false when another process has it.
 */
export async function tryLock(file: Lockable): Promise<boolean> {
  if (file.tryLock !== undefined) return await file.tryLock(true);
  // Deno before 2.8 has no tryLock, and its lock can't be called off: it is given a moment.
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
