import { type Clock, currentSecond, type UnixSeconds } from "../core/time.ts";
import type { StoreGate } from "./store_gate.ts";

/** Whether the daemon does its work; where not, why, in few words. */
export interface Readiness {
  readonly isReady: boolean;
  readonly store: string;
  readonly scheduler: string;
}

export interface ReadinessSources {
  readonly clock: Clock;
  readonly gate: StoreGate;
  /** Whether this daemon fires plans, or only serves. */
  readonly fires: boolean;
  /** The second that the scheduler last looked at; undefined before the first. */
  readonly lastTickAt: UnixSeconds | undefined;
  /** The second in which it could last make claims; undefined before the first. */
  readonly lastClaimedAt: UnixSeconds | undefined;
}

/** Asks the store and the scheduler; takes no longer than some seconds. */
export async function checkReadiness(
  sources: ReadinessSources,
): Promise<Readiness> {
  const store = await askStore(sources);
  const scheduler = askScheduler(sources);
  const isReady = store === "ok" && scheduler === "ok";
  return { isReady, store, scheduler };
}

async function askStore({ gate, clock }: ReadinessSources): Promise<string> {
  const store = gate.current;
  if (store === undefined) return "is being read";
  const over = new AbortController();
  // Nobody's key: the store has little to look for.
  const reached = store.get("");
  const answer = reached.then(() => "ok", () => "can't be reached");
  const tooLate = clock.sleep(maxWaitMs, over.signal)
    .then(() => "does not answer");
  const result = await Promise.race([answer, tooLate]);
  over.abort();
  return result;
}

function askScheduler(
  { fires, lastTickAt, lastClaimedAt, clock }: ReadinessSources,
): string {
  if (!fires) return "ok";
  if (lastTickAt === undefined) return "has not begun";
  const now = currentSecond(clock);
  const lag = Math.abs(now - lastTickAt);
  if (lag > maxLagSeconds) return `looked last ${lag} s ago`;
  if (lastClaimedAt === undefined) return "could not claim anything yet";
  const idle = Math.abs(now - lastClaimedAt);
  return idle <= maxLagSeconds ? "ok" : `could claim last ${idle} s ago`;
}

const maxWaitMs = 2000;
const maxLagSeconds = 10;
