import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The module of an extension. */
export interface FoundModule {
  readonly path: string;
  readonly url: string;
}

/**
 * Finds the module that an extension's name means: `NAME.js` and the like in
 * `folder`, or, when the name has a slash or such an ending, that file, seen
 * from `folder`.
 * @param canLoadTypeScript whether this program can; the compiled one can't
 * @throws {Error} the reason why there is none
 */
export async function findModule(
  name: string,
  { folder, canLoadTypeScript }: {
    readonly folder: string;
    readonly canLoadTypeScript: boolean;
  },
): Promise<FoundModule> {
  const isFile = /[/\\]|\.(js|mjs|ts|mts)$/.test(name);
  const names = isFile ? [name] : endings.map((ending) => name + ending);
  for (const candidate of names) {
    const path = resolve(folder, candidate);
    if (!await isFileAt(path)) continue;
    if (!canLoadTypeScript && /\.m?ts$/.test(path)) {
      throw new Error(
        `${path} is TypeScript, the compiled program loads JavaScript only ("deno bundle" makes it of it)`,
      );
    }
    return { path, url: pathToFileURL(path).href };
  }
  throw new Error(
    isFile
      ? `there is no file ${resolve(folder, name)}`
      : `there is no ${names.join(", ")} in ${resolve(folder)}`,
  );
}

/** In the order in which they are looked for. */
const endings = [".js", ".mjs", ".ts", "/mod.js", "/mod.ts"];

async function isFileAt(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(reason, { cause: error });
  }
}
