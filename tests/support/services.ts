import { isAbsolute, join } from "node:path";

/** Whether tests fail for want of a program, as they should where all are installed, instead of being ignored. */
const isRequired = Deno.env.get("FORSUN_REQUIRE_SERVICES") === "1";

/**
 * Whether tests that need the program `name` (looked up in PATH, or an absolute
 * path) are to be run: it is there, or FORSUN_REQUIRE_SERVICES is 1.
 */
export async function requireCommand(name: string): Promise<boolean> {
  if (isRequired) return true;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const paths = isAbsolute(name) ? [name] : folders.map((f) => join(f, name));
  for (const path of paths) {
    const isThere = await Deno.stat(path).then((it) => it.isFile, () => false);
    if (isThere) return true;
  }
  return false;
}

/** As {@link requireCommand}, for what shows only when a command is run: it succeeds. */
export async function requireSuccess(
  command: string,
  ...args: readonly string[]
): Promise<boolean> {
  if (isRequired) return true;
  if (!await requireCommand(command)) return false;
  const { success } = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/**
 * A test that needs what `needed` names. Where something of it is not there the
 * test is ignored, and its name says for want of what.
 */
export function testWith(
  needed: Readonly<Record<string, boolean>>,
  name: string,
  run: (context: Deno.TestContext) => Promise<void>,
): void {
  const missing = Object.keys(needed).filter((one) => !needed[one]);
  const ignore = missing.length > 0;
  const reason = ignore ? ` (needs ${missing.join(", ")})` : "";
  Deno.test({ name: `${name}${reason}`, ignore, fn: run });
}
