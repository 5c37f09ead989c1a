import { basename, join } from "node:path";

/** A folder on a disk that loses what was not synced when the power fails. */
export interface LosingDisk extends Disposable {
  /** Is called behind each operation that changes a file. */
  onChange: () => Promise<unknown>;
  /**
   * Writes to the folder `target` what would be found if the power failed now.
   * There are many possibilities; `choose` names one of so many, from 0 on.
   */
  fail(target: string, choose: (count: number) => number): void;
}

/** Watches what this process does with the journal in `folder` from now on. */
export function watchDisk(folder: string): LosingDisk {
  const { open, remove } = Deno;
  /** What the device has of each file that was synced, by its name. */
  const contents = new Map<string, Uint8Array>();
  /** The names that the device has. */
  let names: readonly string[] = [];

  const namesNow = () =>
    [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".journal"));

  const disk: LosingDisk = {
    onChange: () => Promise.resolve(),

    fail(target, choose) {
      const current = namesNow();
      for (const name of new Set([...names, ...current])) {
        const isSure = names.includes(name) && current.includes(name);
        if (!isSure && choose(2) === 0) continue;
        const synced = contents.get(name) ?? new Uint8Array();
        const written = current.includes(name)
          ? Deno.readFileSync(join(folder, name))
          : synced;
        const found = findable(synced, written, choose);
        Deno.writeFileSync(join(target, name), found);
      }
    },

    [Symbol.dispose]() {
      Object.assign(Deno, { open, remove });
    },
  };

  /** What is on the device once a sync that begins now is through. */
  function beginSync(path: string): () => void {
    if (path === folder) {
      const synced = namesNow();
      return () => names = synced;
    }
    const synced = Deno.readFileSync(path);
    return () => contents.set(basename(path), synced);
  }

  function watch(file: Deno.FsFile, path: string): Deno.FsFile {
    return new Proxy(file, {
      get(of, name) {
        const value = Reflect.get(of, name, of);
        if (typeof value !== "function") return value;
        if (name === "sync" || name === "syncData") {
          return async () => {
            const end = beginSync(path);
            await value.call(of);
            end();
            await disk.onChange();
          };
        }
        if (name === "write" || name === "truncate") {
          return async (what: unknown) => {
            const result = await value.call(of, what);
            await disk.onChange();
            return result;
          };
        }
        return value.bind(of);
      },
    });
  }

  Object.assign(Deno, {
    async open(path: string, options?: Deno.OpenOptions) {
      const file = await open(path, options);
      const isJournal = path.startsWith(folder) && path.endsWith(".journal");
      return path === folder || isJournal ? watch(file, path) : file;
    },
    async remove(path: string, options?: Deno.RemoveOptions) {
      await remove(path, options);
      if (path.startsWith(folder)) await disk.onChange();
    },
  });
  return disk;
}

/** A form in which a file may be found of which the device had `synced` for sure. */
function findable(
  synced: Uint8Array,
  written: Uint8Array,
  choose: (count: number) => number,
): Uint8Array {
  switch (choose(4)) {
    case 0:
      return synced;
    case 1:
      return written;
    case 2: {
      // Its new size is there, its new bytes are not.
      const bytes = new Uint8Array(Math.max(synced.length, written.length));
      bytes.set(synced);
      return bytes;
    }
    default: {
      const added = written.subarray(Math.min(synced.length, written.length));
      const some = added.subarray(0, choose(added.length + 1));
      return Uint8Array.from([...synced, ...some]);
    }
  }
}
