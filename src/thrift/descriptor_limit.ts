/**
 * How many file descriptors this process may have; undefined where that can't
 * be found out, as when it may not run /bin/sh.
 */
export async function descriptorLimit(): Promise<number | undefined> {
  try {
    const { stdout } = await new Deno.Command("/bin/sh", {
      args: ["-c", "ulimit -n"],
      stdin: "null",
      stderr: "null",
    }).output();
    const limit = Number(new TextDecoder().decode(stdout));
    return Number.isInteger(limit) && limit > 0 ? limit : undefined;
  } catch {
    // Nothing but a bound that is less tight depends on it.
    return undefined;
  }
}

/**
 * How many sockets clients may take of `limit` descriptors, so that enough
 * are left for the journal and for actions.
 */
export function maxSocketsOf(limit: number | undefined): number {
  if (limit === undefined) return Infinity;
  return Math.max(1, limit - Math.max(limit / 4, minReserved));
}

const minReserved = 48;
