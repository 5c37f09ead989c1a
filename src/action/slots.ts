import { within } from "../core/within.ts";

/** A few places, by the name of what they are places of, which callers occupy in turns. */
export class Slots {
  readonly #lots = new Map<string, Lot>();

  /**
   * Runs `work` as soon as fewer than `most` others of the same name run; the
   * first caller's `most` counts as long as one does.
   * @throws what `late` makes, when that takes longer than `waitMs`
   */
  async use<Value>(
    name: string,
    work: () => Promise<Value>,
    { max, waitMs, late }: {
      readonly max: number;
      readonly waitMs: number;
      readonly late: () => Error;
    },
  ): Promise<Value> {
    const lot = this.#lots.get(name) ?? { max, taken: 0, waiting: new Set() };
    this.#lots.set(name, lot);
    if (lot.taken < lot.max) lot.taken++;
    else await waitIn(lot, { waitMs, late });
    try {
      return await work();
    } finally {
      this.#leave(name, lot);
    }
  }

  /** Hands the place on to who has waited for longest. */
  #leave(name: string, lot: Lot): void {
    for (const enter of lot.waiting) {
      lot.waiting.delete(enter);
      enter(true);
      return;
    }
    if (--lot.taken === 0) this.#lots.delete(name);
  }
}

interface Lot {
  readonly max: number;
  taken: number;
  /** In the order in which they came. */
  readonly waiting: Set<(isIn: true) => void>;
}

async function waitIn(
  lot: Lot,
  { waitMs, late }: { readonly waitMs: number; readonly late: () => Error },
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<true>();
  lot.waiting.add(resolve);
  const isIn = await within(waitMs, promise);
  if (isIn || !lot.waiting.delete(resolve)) return;
  throw late();
}
