import { type Clock, currentSecond } from "../core/time.ts";
import type { Claim } from "../store/store.ts";
import type { Lanes } from "./lanes.ts";
import { Postponed } from "./postponed.ts";
import type { Settler } from "./settler.ts";

export interface LoadShedderParts {
  readonly lanes: Lanes<Claim>;
  readonly settler: Settler;
  readonly clock: Clock;
  /** How many claims may wait for their turn; may change. */
  readonly limits: { readonly maxQueued: number };
}

/** Puts off claims that wait for slow destinations when they keep out those for others. */
export class LoadShedder {
  readonly #parts: LoadShedderParts;
  readonly #postponed = new Postponed();
  /** Monotonic. */
  #restUntilMs = 0;

  constructor(parts: LoadShedderParts) {
    this.#parts = parts;
  }

  /** Whether as many claims wait as may. */
  get isFull(): boolean {
    const { lanes, limits } = this.#parts;
    return lanes.queuedCount >= limits.maxQueued;
  }

  /** How many more claims there is room for; none either while very many are put off. */
  get room(): number {
    const { lanes, limits: { maxQueued }, clock } = this.#parts;
    const postponed = this.#postponed.countAt(clock.monotonicMs());
    if (postponed > maxPostponed * maxQueued) return 0;
    return Math.max(maxQueued - lanes.queuedCount, 0);
  }

  /** Makes room; false when there is nothing to put off, or hardly anything was a moment ago. */
  shed(): boolean {
    const { lanes, settler, clock, limits } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#restUntilMs) return false;
    const shed = lanes.shed(slowSeconds);
    // Going through all lanes has to pay.
    if (this.room < limits.maxQueued / 16) this.#restUntilMs = nowMs + restMs;
    for (const { jobs, drainSeconds } of shed) {
      const seconds = Math.ceil(Math.min(drainSeconds, maxPostponementSeconds));
      const notBefore = currentSecond(clock) + seconds;
      this.#postponed.add(nowMs + seconds * 1000, jobs.length);
      for (const claim of jobs) {
        settler.settle({ kind: "released", claim, notBefore });
      }
    }
    return shed.length > 0;
  }
}

const restMs = 1000;
/** A destination is slow when what waits for it takes longer. */
const slowSeconds = 10;
/** In seconds. */
const maxPostponementSeconds = 60;
/** So many times as much as may wait may be put off before nothing more is claimed. */
const maxPostponed = 10;
