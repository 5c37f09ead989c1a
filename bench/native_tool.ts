import { basename, join } from "node:path";
import { changedAt } from "./changed_at.ts";

const folder = import.meta.dirname ?? "";

/**
 * The path of one of the programs in tools/, compiled when it is missing or
 * older than its source.
 * @throws {Error} one line, when it can't be compiled
 */
export async function nativeTool(name: string): Promise<string> {
  const sources = join(folder, "tools");
  const target = join(folder, "bin", name);
  if (await isFresh(target, sources)) return target;
  await Deno.mkdir(join(folder, "bin"), { recursive: true });
  // Another run may be using the file that is there.
  const draft = `${target}.${Deno.pid}`;
  const source = join(sources, `${name}.c`);
  await compile(["-O2", "-Wall", "-Wextra", "-o", draft, source]);
  await Deno.rename(draft, target);
  return target;
}

async function compile(args: string[]): Promise<void> {
  const compiler = Deno.env.get("CC") ?? "cc";
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(compiler, { args }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `The load generator needs a C compiler, and ${compiler} is not there: install one or name it in CC`,
    );
  }
  if (output.success) return;
  const reason = new TextDecoder().decode(output.stderr);
  throw new Error(`${basename(compiler)} failed:\n${reason}`);
}

async function isFresh(target: string, sources: string): Promise<boolean> {
  const made = await changedAt(target);
  for await (const { name } of Deno.readDir(sources)) {
    if (await changedAt(join(sources, name)) > made) return false;
  }
  return made > 0;
}
