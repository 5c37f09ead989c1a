import type { Action } from "../action/action.ts";
import { quote } from "../core/quote.ts";
import type { Clock } from "../core/time.ts";
import type { ExtensionAction, OpenExtensionStore } from "./extension.ts";
import { guardAction } from "./guard_action.ts";
import { guardOpening } from "./guard_opening.ts";

/** Names that are taken before the first extension is loaded. */
export interface TakenNames {
  readonly actions: Iterable<string>;
  readonly stores: Iterable<string>;
}

/** The actions and stores that extensions have registered. */
export class Registrations {
  readonly actions = new Map<string, Action>();
  readonly stores = new Map<string, OpenExtensionStore>();
  readonly #taken: {
    readonly action: ReadonlySet<string>;
    readonly store: ReadonlySet<string>;
  };

  readonly #storeLimits: { readonly limitMs: number; readonly clock: Clock };

  /** `limitMs` is how long a method of a store may take. */
  constructor(
    { actions, stores }: TakenNames,
    storeLimits: { readonly limitMs: number; readonly clock: Clock },
  ) {
    this.#taken = { action: new Set(actions), store: new Set(stores) };
    this.#storeLimits = storeLimits;
  }

  /** @throws {Error} naming the action and what is wrong with it */
  addAction(name: string, action: ExtensionAction): void {
    this.#checkName("action", name, this.actions);
    if (typeof action?.execute !== "function") {
      throw new Error(`action ${quote(name)} must have a function execute`);
    }
    for (const part of ["check", "destination"] as const) {
      const given = action[part];
      if (given !== undefined && typeof given !== "function") {
        throw new Error(`action ${quote(name)}: ${part} must be a function`);
      }
    }
    const { concurrency = 1, timeoutSeconds = 1 } = action;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw notNumber(name, "concurrency must be 1 or more", concurrency);
    }
    const isNumber = typeof timeoutSeconds === "number";
    if (
      !isNumber || !(timeoutSeconds > 0 && timeoutSeconds <= maxSeconds)
    ) {
      const mustBe = `timeoutSeconds must be over 0 and up to ${maxSeconds}`;
      throw notNumber(name, mustBe, timeoutSeconds);
    }
    this.actions.set(name, guardAction(name, action));
  }

  /** @throws {Error} naming the store and what is wrong with it */
  addStore(name: string, open: OpenExtensionStore): void {
    this.#checkName("store", name, this.stores);
    if (typeof open !== "function") {
      throw new Error(`store ${quote(name)} must be a function that opens it`);
    }
    this.stores.set(name, guardOpening(name, open, this.#storeLimits));
  }

  #checkName(
    what: "action" | "store",
    name: string,
    added: ReadonlyMap<string, unknown>,
  ): void {
    if (typeof name !== "string" || !/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      const mustBe = '1 to 64 letters, digits, "_", "." or "-"';
      const got = quote(String(name));
      throw new Error(`the ${what}'s name must be ${mustBe}, got ${got}`);
    }
    if (this.#taken[what].has(name) || added.has(name)) {
      throw new Error(`${what} ${quote(name)} exists already`);
    }
  }
}

/** What a timer can wait for. */
const maxSeconds = 86_400;

function notNumber(name: string, mustBe: string, got: unknown): Error {
  return new Error(`action ${quote(name)}: ${mustBe}, got ${String(got)}`);
}
