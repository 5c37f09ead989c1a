import { join } from "node:path";
import { changedAt } from "./changed_at.ts";
import type { Workspace } from "./workspace.ts";

/** How forsun is started. */
export interface ForsunProgram {
  readonly command: string;
  /** What stands before forsun's own arguments. */
  readonly args: readonly string[];
  readonly isCompiled: boolean;
}

const root = join(import.meta.dirname ?? "", "..");
const entry = join(root, "main.ts");

/** What forsun may do, as it is shipped. */
const permissions = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run=/bin/sh",
];

/**
 * The compiled program at `path`, or in dist/, or else the sources.
 * @throws {Error} when the one in dist/ is older than the sources: it would be
 * measured for what they are
 */
export async function findProgram(
  path: string | undefined,
): Promise<ForsunProgram> {
  const binary = path ?? join(root, "dist", "forsun");
  const compiledAt = await changedAt(binary);
  if (path !== undefined || compiledAt > 0) {
    await Deno.stat(binary);
    const newer = path === undefined
      ? await newerThan(compiledAt, join(root, "src"))
      : undefined;
    if (newer !== undefined) {
      throw new Error(
        `${binary} is older than ${newer}: compile it again, or name it by --binary`,
      );
    }
    return { command: binary, args: [], isCompiled: true };
  }
  return {
    command: Deno.execPath(),
    args: ["run", "--no-lock", ...permissions, entry],
    isCompiled: false,
  };
}

/** The program itself when it is compiled, else what its sources compile to. */
export async function compiledProgram(
  program: ForsunProgram,
  workspace: Workspace,
): Promise<string> {
  return program.isCompiled
    ? program.command
    : await compile(entry, workspace.freshPath("forsun"));
}

/** A compiled program that does nothing: what starting the runtime takes. */
export async function compileEmptyProgram(
  workspace: Workspace,
): Promise<string> {
  const target = workspace.freshPath("empty");
  const source = `${target}.ts`;
  await Deno.writeTextFile(source, "export {};\n");
  return await compile(source, target);
}

async function compile(source: string, target: string): Promise<string> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--no-lock",
      ...permissions,
      "--output",
      target,
      source,
    ],
  }).output();
  if (success) return target;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot compile ${source}: ${reason}`);
}

/** A file below `folder` that has changed since then, if there is one. */
async function newerThan(
  sinceMs: number,
  folder: string,
): Promise<string | undefined> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      const newer = await newerThan(sinceMs, path);
      if (newer !== undefined) return newer;
    } else if (await changedAt(path) > sinceMs) return path;
  }
  return undefined;
}
