/**
 * Makes the client a package for Node, in dist/npm or the folder that is named:
 * one ES module without dependencies, its types, and a package.json.
 */
import { join } from "node:path";
import { version } from "../src/version.ts";

const root = join(import.meta.dirname ?? ".", "..");
const entry = "src/client/public.ts";
const name = "forsun-client";
const main = "./forsun.js";
const types = "./types/client/public.d.ts";

/**
 * Builds the package in `folder`, which is made anew.
 * @throws {Error} when something else is there
 */
export async function buildNpm(folder: string): Promise<void> {
  await removePackage(folder);
  await Deno.mkdir(join(folder, "types"), { recursive: true });
  const bundle = ["bundle", "--quiet", "--no-lock", "--output"];
  await runDeno(...bundle, join(folder, "forsun.js"), entry);
  await runDeno(
    ...["run", "--quiet", "--no-lock", "-A", "npm:typescript@5.9.3/tsc"],
    ...[
      "--declaration",
      "--emitDeclarationOnly",
      "--noCheck",
      "--skipLibCheck",
    ],
    ...["--target", "esnext", "--module", "nodenext"],
    ...["--allowImportingTsExtensions", "--stripInternal"],
    ...["--rootDir", "src", "--outDir", join(folder, "types"), entry],
  );
  await keepReachable(join(folder, "types"), "client/public.d.ts");
  const description = {
    name,
    version,
    description: "Client of forsun, a timer service",
    license: "MIT",
    type: "module",
    exports: { ".": { types, default: main } },
    // For compilers and loaders that don't look at exports.
    main,
    types,
    engines: { node: ">=20" },
  };
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify(description, undefined, 2) + "\n",
  );
  await Deno.copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
}

async function runDeno(...args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `deno ${args.join(" ")}: ${decoder.decode(stdout)}${
      decoder.decode(stderr)
    }`,
  );
}

/** Removes a package that was built before, and nothing else. */
async function removePackage(folder: string): Promise<void> {
  if (await isEmpty(folder)) return;
  const text = await Deno.readTextFile(join(folder, "package.json"))
    .catch(() => "{}");
  if (JSON.parse(text).name !== name) {
    throw new Error(`${folder} is not empty, and no package ${name}`);
  }
  await Deno.remove(folder, { recursive: true });
}

/** Also true of a folder that isn't there. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return false;
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Leaves the declarations that `first` needs, and has them name each other as Node does. */
async function keepReachable(folder: string, first: string): Promise<void> {
  const kept = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (kept.has(path)) return;
    const text = await Deno.readTextFile(join(folder, path));
    const named = text.replace(imports, (all) => all.replace(".ts", ".js"));
    kept.set(path, usesDisposable.test(text) ? disposable + named : named);
    for (const [, target] of text.matchAll(imports)) {
      await visit(join(path, "..", `${target}.d.ts`));
    }
  };
  await visit(first);
  await Deno.remove(folder, { recursive: true });
  for (const [path, text] of kept) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
}

/** What programs compiled for older targets don't know unless they are told. */
const disposable = '/// <reference lib="esnext.disposable" />\n';
const usesDisposable = /\bDisposable\b/;

/** From other files of the package; comments have some, too. */
const imports = /^(?:import|export) .*from "(\..*)\.ts"/gm;

if (import.meta.main) {
  const folder = Deno.args[0] ?? join(root, "dist/npm");
  await buildNpm(folder);
}
