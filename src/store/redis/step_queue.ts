import type { Step } from "./step.ts";

/**
 * Steps that wait to be called. Puts get calls without anything else: when its
 * memory is full Redis refuses a script's first write alone, so that behind a
 * claim or a removal a put would still be let in. Nothing that a client asks
 * for gets ahead of what it has asked for before about the same plan.
 */
export class StepQueue<Entry extends { readonly step: Step }> {
  #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Takes the steps of the next call out: the first one, and up to `limit` in all that may go with it. */
  take(limit: number): readonly Entry[] {
    const call: Entry[] = [];
    const passed: Entry[] = [];
    const passedKeys = new Set<unknown>();
    const isOfPuts = this.#entries[0]?.step.name === "put";
    let at = 0;
    while (
      at < this.#entries.length && call.length < limit &&
      passed.length < maxPassed
    ) {
      const entry = this.#entries[at++];
      const { step } = entry;
      const key = keyOf(step);
      const isBehind = readsAll.has(step.name)
        ? passed.length > 0
        : key !== undefined && passedKeys.has(key);
      if ((step.name === "put") === isOfPuts && !isBehind) {
        call.push(entry);
      } else {
        passed.push(entry);
        passedKeys.add(key);
      }
    }
    this.#entries.splice(0, at, ...passed);
    return call;
  }

  /** Takes all out. */
  clear(): readonly Entry[] {
    return this.#entries.splice(0);
  }
}

/** The plan that a client asks for; undefined when it is not about one. */
function keyOf({ name, args }: Step): unknown {
  return hasKey.has(name) ? args[0] : undefined;
}

const hasKey: ReadonlySet<string> = new Set(["put", "remove", "get"]);
const readsAll: ReadonlySet<string> = new Set(["leaves", "at", "count"]);

/** How far a call looks for steps behind others. */
const maxPassed = 64;
