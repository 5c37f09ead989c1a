import type { RedisLink } from "./link.ts";

/** The earliest Redis that knows all commands that are used. */
const oldestVersion = [6, 2] as const;

/**
 * What about the servers' configuration may cost plans, a line each. What a
 * server does not let this user see is passed over.
 * @throws {Error} when a server is too old
 */
export async function findRisks(link: RedisLink): Promise<readonly string[]> {
  const risks = new Set<string>();
  for (const info of await link.askPrimaries("info", "everything")) {
    const text = String(info);
    checkVersion(text);
    const policy = fieldOf(text, "maxmemory_policy") ?? "noeviction";
    const limit = Number(fieldOf(text, "maxmemory") ?? 0);
    if (policy !== "noeviction") {
      risks.add(
        `Redis may drop plans when its memory is full: maxmemory-policy is ${policy}${
          limit === 0 ? ", though it has no limit now" : ""
        }; set noeviction`,
      );
    }
    if (fieldOf(text, "aof_enabled") !== "0") continue;
    const [saves] = await link.askPrimaries("config", "get", "save");
    const isSaving = !Array.isArray(saves) || String(saves[1] ?? "") !== "";
    risks.add(
      isSaving
        ? "Redis saves plans every few minutes at best: appendonly is no"
        : "Redis saves no plans to disk: appendonly is no and save is empty",
    );
  }
  return [...risks];
}

function checkVersion(info: string): void {
  const version = fieldOf(info, "redis_version");
  if (version === undefined) return;
  const [major, minor] = version.split(".").map(Number);
  const [oldMajor, oldMinor] = oldestVersion;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return;
  throw new Error(
    `Cannot use Redis ${version}: ${
      oldestVersion.join(".")
    } or later is needed`,
  );
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
}
