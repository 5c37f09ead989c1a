import { join } from "node:path";
import type { MemoryStore } from "../../src/store/memory/memory_store.ts";
import {
  type MemoryStoreOptions,
  openMemoryStore,
} from "../../src/store/memory/open_memory_store.ts";
import { tempFolder } from "./temp_folder.ts";

/** Opens a mem store for a test; `options` go over the defaults. */
export function openForTest(
  folder: string,
  options: Partial<MemoryStoreOptions> = {},
): Promise<MemoryStore> {
  return openMemoryStore({
    folder,
    sync: "no",
    timeZone: "UTC",
    keepSeconds: 0,
    isStrict: false,
    now: () => 1_000_000,
    ...options,
  });
}

/** The journal files of a store, oldest first. */
export async function journalFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".journal")) paths.push(join(folder, name));
  }
  return paths.sort();
}

/** What a crash at this moment would leave: a copy of the files as they are. */
export async function crashedCopy(
  folder: string,
): Promise<AsyncDisposable & { path: string }> {
  const copy = await tempFolder();
  copyJournal(folder, copy.path);
  return copy;
}

/** Copies in one go, so that the store can't go on in the middle. */
function copyJournal(folder: string, target: string): void {
  for (const { name, isFile } of [...Deno.readDirSync(folder)]) {
    if (!isFile || !name.endsWith(".journal")) continue;
    try {
      Deno.copyFileSync(join(folder, name), join(target, name));
    } catch (error) {
      // A cleaning that was under way has removed it.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
