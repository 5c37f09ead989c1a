import { getLogger } from "@logtape/logtape";
import { ErrorCode, ForsunError } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { Claim, ClaimBatch, ClaimRequest, Store } from "../store/store.ts";
import { errorText } from "./error_text.ts";
import { limited } from "./limited.ts";

/**
 * An extension's store with the promises that the daemon relies on: methods end
 * within `limitMs` and reject with nothing but ForsunErrors. Claims that come too
 * late are given back.
 */
export function guardStore(
  store: Store,
  { name, limitMs, clock }: {
    readonly name: string;
    readonly limitMs: number;
    readonly clock: Clock;
  },
): Store {
  async function bounded<Value>(
    method: keyof Store & string,
    run: () => Promise<Value>,
  ): Promise<Value> {
    try {
      return await limited(run, { what: method, limitMs, clock });
    } catch (error) {
      if (error instanceof ForsunError) throw error;
      const code = method === "remove"
        ? ErrorCode.removeFailed
        : ErrorCode.saveFailed;
      const message = `Store ${quote(name)} failed: ${errorText(error)}`;
      throw new ForsunError(code, message, { cause: error });
    }
  }

  async function claimDue(request: ClaimRequest): Promise<ClaimBatch> {
    let isLate = false;
    const claim = async () => {
      const batch = await store.claimDue(request);
      if (isLate) await release(batch.claims);
      return batch;
    };
    try {
      return await bounded("claimDue", claim);
    } catch (error) {
      isLate = true;
      throw error;
    }
  }

  /** Nobody waits for these claims any more. */
  async function release(claims: readonly Claim[]): Promise<void> {
    try {
      await store.settle(claims.map((claim) => ({ kind: "released", claim })));
    } catch (error) {
      tell("can't take back claims", error);
    }
  }

  function holds(claim: Claim): boolean | Promise<boolean> {
    try {
      const held = store.holds(claim);
      return typeof held === "boolean" ? held : heldAtLast(held);
    } catch (error) {
      return notHeld(error);
    }
  }

  async function heldAtLast(held: Promise<boolean>): Promise<boolean> {
    try {
      return await bounded("holds", () => held);
    } catch (error) {
      return notHeld(error);
    }
  }

  function notHeld(error: unknown): false {
    tell("can't tell whether it holds a claim", error);
    return false;
  }

  function tell(what: string, error: unknown): void {
    const reason = errorText(error);
    logger.error("Store {name} {what}: {reason}", { name, what, reason });
  }

  return {
    put: (plan, nextAt, progress) =>
      bounded("put", () => store.put(plan, nextAt, progress)),
    remove: (key) => bounded("remove", () => store.remove(key)),
    get: (key) => bounded("get", () => store.get(key)),
    page: (request) => bounded("page", () => store.page(request)),
    pageKeys: (request) => bounded("pageKeys", () => store.pageKeys(request)),
    pageDue: (request) => bounded("pageDue", () => store.pageDue(request)),
    dueAt: (request) => bounded("dueAt", () => store.dueAt(request)),
    claimDue,
    settle: (settlements) => bounded("settle", () => store.settle(settlements)),
    holds,
    mayBeDue: store.mayBeDue && ((second) => store.mayBeDue?.(second) ?? true),
    onOverdue: (listener) => store.onOverdue(listener),
    stats: () => bounded("stats", () => store.stats()),
    nodes: store.nodes &&
      (() => bounded("nodes", async () => await store.nodes?.() ?? [])),
    async [Symbol.asyncDispose]() {
      const end = async () => await store[Symbol.asyncDispose]();
      try {
        await limited(end, { what: "ending", limitMs, clock });
      } catch (error) {
        tell("did not end well", error);
      }
    },
  };
}

const logger = getLogger(["forsun", "extension"]);
