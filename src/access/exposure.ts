import { isLoopback } from "../core/network.ts";

/** What of the daemon others can reach, and what they could do with it. */
export interface Exposure {
  /** The hosts that it listens on. */
  readonly hosts: readonly string[];
  /** Whether everyone may do everything. */
  readonly isOpen: boolean;
  readonly hasShell: boolean;
  /** Whether somebody has said that this is what they want. */
  readonly isInsecure: boolean;
}

/**
 * What there is to warn of before the daemon listens; undefined when only this
 * machine reaches it, or it asks who is there.
 * @throws {Error} one line, when everyone could run commands
 */
export function findExposure(exposure: Exposure): string | undefined {
  const { hosts, isOpen, hasShell, isInsecure } = exposure;
  const host = hosts.find((name) => !isLoopback(name));
  if (host === undefined || !isOpen) return undefined;
  if (hasShell && !isInsecure) {
    throw new Error(
      `Cannot listen on ${host}: everyone who reaches it could run shell commands; set FORSUN_TOKENS, --token-file or --allow, leave shell out of --actions, or say --insecure`,
    );
  }
  const could = hasShell ? "run shell commands" : "make it call anything";
  return `Everyone who reaches ${host} can ${could}: there is no token and no allowed network`;
}
