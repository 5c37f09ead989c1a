import { osReason } from "../core/os_reason.ts";

/** Where it is noted that the dump at `path` was imported: in the folder of the store that did so. */
export function markPathOf(path: string): string {
  return `${path}.d/imported`;
}

/** @throws {Error} one line, when that can't be told */
export async function exists(markPath: string): Promise<boolean> {
  try {
    await Deno.stat(markPath);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new Error(`Cannot read ${markPath}: ${osReason(error)}`, {
      cause: error,
    });
  }
}

/**
 * Writes the mark whole or not at all, and to the disk before anything fires.
 * @throws {Error} one line
 */
export async function writeMark(markPath: string, text: string): Promise<void> {
  const unfinished = `${markPath}.new`;
  try {
    {
      using file = await Deno.open(unfinished, {
        write: true,
        create: true,
        truncate: true,
        mode: 0o600,
      });
      await file.write(new TextEncoder().encode(text));
      await file.sync();
    }
    await Deno.rename(unfinished, markPath);
  } catch (error) {
    throw new Error(`Cannot write ${markPath}: ${osReason(error)}`, {
      cause: error,
    });
  }
}
