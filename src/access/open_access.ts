import { getLogger } from "@logtape/logtape";
import type { Clock } from "../core/time.ts";
import { AccessPolicy } from "./access_policy.ts";
import { findExposure } from "./exposure.ts";
import { type AccessSettings, readAccessRules } from "./read_access_rules.ts";

/** What of the configuration decides who may do what; it may change. */
export interface DaemonAccess extends AccessSettings {
  readonly bindAddress: string;
  readonly httpBind: { readonly hostname: string } | undefined;
  /** The actions that plans may use; all when empty. */
  readonly actions: readonly string[];
  readonly insecure: boolean;
}

/**
 * Reads who may do what, and has it read again at each reload. What is wrong by
 * then, or would let everyone in, leaves the rules as they are.
 * @throws {Error} one line, when the rules make no sense or the daemon would
 * let everyone run commands
 */
export async function openAccess(
  settings: DaemonAccess,
  { clock, reloads }: {
    readonly clock: Pick<Clock, "monotonicMs">;
    readonly reloads: Set<() => Promise<void>> | undefined;
  },
): Promise<AccessPolicy> {
  const policy = new AccessPolicy(clock, await readAccessRules(settings));
  const { bindAddress, httpBind, actions } = settings;
  const warning = findExposure({
    hosts: [bindAddress, ...httpBind ? [httpBind.hostname] : []],
    isOpen: policy.isOpen,
    hasShell: actions.length === 0 || actions.includes("shell"),
    isInsecure: settings.insecure,
  });
  if (warning !== undefined) logger.warn("{warning}", { warning });
  reloads?.add(() => reload(policy, settings));
  return policy;
}

const logger = getLogger(["forsun", "access"]);

async function reload(
  policy: AccessPolicy,
  settings: DaemonAccess,
): Promise<void> {
  try {
    const rules = await readAccessRules(settings);
    const opens = rules.tokens.length + rules.allowed.length === 0;
    if (opens && !policy.isOpen) {
      throw new Error("without tokens and allowed networks it needs a restart");
    }
    policy.replace(rules);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logger.error("Who may do what stays as it is: {reason}", { reason });
  }
}
