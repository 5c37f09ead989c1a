/**
 * The command that runs this program again: the compiled binary, or the runtime
 * with the module and the permissions that it runs now.
 */
export async function ownCommand(): Promise<readonly string[]> {
  if (Deno.build.standalone) return [Deno.execPath()];
  const options = ["run", "--quiet", await lockOption(), ...await grants()];
  return [Deno.execPath(), ...options, Deno.mainModule];
}

/** By the lock file the runtime finds what is there already; without, it asks the registry for versions. */
async function lockOption(): Promise<string> {
  try {
    await Deno.stat(new URL("deno.lock", Deno.mainModule));
    return "--frozen";
  } catch {
    return "--no-lock";
  }
}

const permissionNames = [
  "net",
  "read",
  "write",
  "env",
  "sys",
] as const;

async function grants(): Promise<readonly string[]> {
  const granted: string[] = [];
  for (const name of permissionNames) {
    const { state } = await Deno.permissions.query({ name });
    if (state === "granted") granted.push(`--allow-${name}`);
  }
  // Starting a daemon needs no more than this, and neither does it.
  return [...granted, "--allow-run=/bin/sh"];
}
