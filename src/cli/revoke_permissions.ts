import { getLogger } from "@logtape/logtape";
import type { Config } from "../config/load_config.ts";

/**
 * Gives up what a daemon with this configuration has no need of from now on: to
 * run programs without the shell action, to write files without a store, log or
 * socket in them. Extensions may need anything, so with them all stays.
 */
export async function revokePermissions(config: Config): Promise<void> {
  const hasManager = Boolean(Deno.env.get("NOTIFY_SOCKET"));
  for (const { name, reason } of findUnneeded(config)) {
    // Its socket is a file that is written to.
    if (name === "write" && hasManager) continue;
    await Deno.permissions.revoke({ name });
    logger.info("Gave up the permission to {name}: {reason}", { name, reason });
  }
}

const logger = getLogger(["forsun", "serve"]);

interface Unneeded {
  readonly name: "run" | "write";
  readonly reason: string;
}

/** What can be given up, and why. */
export function findUnneeded(config: Config): readonly Unneeded[] {
  const { actions, extensions, driver, logFile, pidFile } = config;
  if (extensions.length > 0) return [];
  const unneeded: Unneeded[] = [];
  if (actions.length > 0 && !actions.includes("shell")) {
    unneeded.push({ name: "run", reason: "plans can't use the action shell" });
  }
  const files = [pidFile, config.socket, config.httpSocket];
  const writes = driver === "mem" || logFile !== "-" ||
    files.some((file) => file !== undefined);
  if (!writes) {
    unneeded.push({
      name: "write",
      reason: "no store, log or socket is a file",
    });
  }
  return unneeded;
}
