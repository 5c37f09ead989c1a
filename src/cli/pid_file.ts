import { osReason } from "../core/os_reason.ts";
import { tryLock } from "../core/try_lock.ts";

/** A file that this process has for itself, and writes its number to when it is ready. */
export interface PidFile extends Disposable {
  write(): void;
}

/**
 * Takes the file for this process alone; what an earlier one has left there does
 * not count. Disposing removes it, unless somebody has put another in its place.
 * @throws {Error} one line, when it can't be written, or a process that runs has it
 */
export async function openPidFile(path: string): Promise<PidFile> {
  const file = await Deno.open(path, { read: true, write: true, create: true })
    .catch((cause) => {
      throw cannotWrite(path, cause);
    });
  if (!await tryLock(file)) {
    file.close();
    const pid = (await Deno.readTextFile(path)).trim();
    const who = pid === "" ? "" : `, pid ${pid}`;
    throw new Error(`Another daemon has the pid file ${path}${who}`);
  }
  await file.truncate();
  return held(file, path);
}

function held(file: Deno.FsFile, path: string): PidFile {
  const text = `${Deno.pid}\n`;
  let isWritten = false;
  return {
    write() {
      try {
        file.writeSync(new TextEncoder().encode(text));
        isWritten = true;
      } catch (error) {
        throw cannotWrite(path, error);
      }
    },
    [Symbol.dispose]() {
      try {
        const left = Deno.readTextFileSync(path);
        if (left === (isWritten ? text : "")) Deno.removeSync(path);
      } catch {
        // Somebody has removed it already, or it can't be: nothing depends on it.
      }
      file.close();
    },
  };
}

function cannotWrite(path: string, cause: unknown): Error {
  return new Error(`Cannot write the pid file ${path}: ${osReason(cause)}`, {
    cause,
  });
}
