/**
 * The command that runs this program again: the compiled binary, or the runtime
 * with the module and the permissions that it runs now.
 */
export async function ownCommand(): Promise<readonly string[]> {
  if (Deno.build.standalone) return [Deno.execPath()];
  // The versions of what is imported have been checked when this one started.
  const options = ["run", "--quiet", "--no-lock", ...await grants()];
  return [Deno.execPath(), ...options, Deno.mainModule];
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
