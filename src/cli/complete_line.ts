import { findCompletions } from "../command/completions.ts";
import type { Session } from "./session.ts";

/** What may stand in the place of the last word of a line. */
export interface LineCompletions {
  readonly candidates: readonly string[];
  /** The part of the line that they replace. */
  readonly replaced: string;
}

/**
 * What can come next in a line, as far as the daemon tells in a second; without
 * a daemon, the words of the language. Never rejects.
 */
export async function completeLine(
  before: string,
  session: Session,
): Promise<LineCompletions> {
  const { clock } = session.terminal;
  const wait = new AbortController();
  const found = await Promise.race([
    find(before, session).catch(() => undefined),
    clock.sleep(maxWaitMs, wait.signal),
  ]);
  wait.abort();
  return found ?? { candidates: [], replaced: "" };
}

const maxWaitMs = 1000;

async function find(
  before: string,
  session: Session,
): Promise<LineCompletions> {
  let hasMore = false;
  const { from, candidates } = await findCompletions(before, {
    listKeys: async (prefix, limit) => {
      const client = await session.connect();
      const plans = await client.getPlans(prefix, "", limit + 1);
      hasMore = plans.length > limit;
      return plans.map(({ key }) => key);
    },
    listActions: () => listActions(session),
  });
  const replaced = before.slice(from);
  if (candidates.length === 1) {
    return { candidates: [withBlank(candidates[0])], replaced };
  }
  // Shows that there are more, and keeps those that came from being extended by
  // what only they have in common.
  return { candidates: hasMore ? [...candidates, "…"] : candidates, replaced };
}

/** A complete word is followed by another; `*\/` and `TZ=` are to be gone on with. */
function withBlank(candidate: string): string {
  return /[/=]$/.test(candidate) ? candidate : `${candidate} `;
}

/** The names of the daemon's actions; those that there always are when it doesn't tell. */
export async function listActions(
  session: Session,
): Promise<readonly string[]> {
  try {
    const { actions } = await (await session.connect()).info();
    return actions.split(/;\s*/);
  } catch {
    return usualActions;
  }
}

const usualActions = ["shell", "http", "redis", "mysql", "beanstalk", "thrift"];
