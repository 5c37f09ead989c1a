import type { UnixSeconds } from "../core/time.ts";
import type { WirePlan } from "../thrift/wire_plan.ts";
import type { Session } from "./session.ts";

export interface PagesRequest {
  readonly prefix: string;
  /** Plans at the most; all when not given. */
  readonly limit?: number;
  /** Only plans behind this key. */
  readonly after?: string;
  /** Whether passwords are wanted as they are; as the session says when not given. */
  readonly reveal?: boolean;
}

/**
 * Plans in key order, page by page, so that a list of millions is no matter of
 * memory, and no further than somebody reads.
 */
export async function* pagesOf(
  session: Session,
  request: PagesRequest,
): AsyncGenerator<readonly WirePlan[]> {
  const { prefix, limit = Infinity, after = "" } = request;
  const { reveal = session.options.showSecrets } = request;
  const client = await session.connect();
  let behind = after;
  for (let left = limit; left > 0 && !session.terminal.isClosed;) {
    const size = Math.min(plansPerPage, left);
    const page = await client.getPlans(prefix, behind, size, reveal);
    const last = page.at(-1);
    // A page may be shorter than was asked for, but only behind the last key empty.
    if (last === undefined) return;
    yield page;
    left -= page.length;
    behind = last.key;
  }
}

/** The same by next occurrence, from the second `from` on. */
export async function* duePagesOf(
  session: Session,
  { prefix, limit = Infinity, from }: {
    readonly prefix: string;
    readonly limit?: number;
    readonly from: UnixSeconds;
  },
): AsyncGenerator<readonly WirePlan[]> {
  const client = await session.connect();
  let place = { second: from, key: "" };
  for (let left = limit; left > 0 && !session.terminal.isClosed;) {
    const size = Math.min(plansPerPage, left);
    const { second, key } = place;
    const { showSecrets } = session.options;
    const page = await client.getDuePlans(
      prefix,
      second,
      key,
      size,
      showSecrets,
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < size) return;
    left -= page.length;
    place = { second: last.next_time, key: last.key };
  }
}

const plansPerPage = 1000;
