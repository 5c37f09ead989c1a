import { join } from "node:path";
import { tempFolder } from "./temp_folder.ts";

const source = join(import.meta.dirname ?? ".", "disk_faults.c");

/** Makes file operations of one process fail. */
export interface DiskFaults extends AsyncDisposable {
  /** What the process must have in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Sets what fails from now on, instead of what did: `write 5 .journal` is EIO
   * for writes to files with .journal in their path; see disk_faults.c.
   */
  set(...rules: readonly string[]): Promise<void>;
}

/** Errors by their numbers on Linux. */
export const errno = { EIO: 5, EROFS: 30, ENOSPC: 28 } as const;

/** Whether {@link startDiskFaults} works here: it needs a C compiler. */
export async function canFailDisks(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("gcc", {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (Deno.env.get("FORSUN_REQUIRE_SERVICES") !== "1") return false;
    throw new Error("The package gcc is not installed", { cause: error });
  }
}

/** Compiles what is preloaded; nothing fails at first. */
export async function startDiskFaults(): Promise<DiskFaults> {
  const folder = await tempFolder();
  const library = join(folder.path, "disk_faults.so");
  const flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"];
  const { success, stderr } = await new Deno.Command("gcc", {
    args: [...flags, "-o", library, source, "-ldl"],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const rules = join(folder.path, "rules");
  const set = async (...lines: readonly string[]) => {
    // In one step, so that nobody reads half of it.
    await Deno.writeTextFile(`${rules}.new`, lines.join("\n"));
    await Deno.rename(`${rules}.new`, rules);
  };
  await set();
  return {
    env: { LD_PRELOAD: library, FORSUN_FAULTS: rules },
    set,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
