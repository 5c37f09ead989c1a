import type { ActionResult, Call } from "../action/action.ts";
import type { ParamReader } from "../action/params.ts";
import type { advance } from "../core/advance.ts";
import type { Params } from "../core/plan.ts";
import type { Clock, UnixSeconds } from "../core/time.ts";
import type { Store } from "../store/store.ts";

/** What the module of an extension exports as its default. */
export interface Extension {
  /**
   * Registers what the extension brings, before the daemon fires or answers
   * anything. What it throws, or a time-out, stops the daemon's start.
   */
  init(host: ExtensionHost): void | Promise<void>;
  /** Called once when the daemon stops, after the last action and the store have ended. */
  dispose?(): void | Promise<void>;
}

/** What the daemon offers to an extension. */
export interface ExtensionHost {
  /** Of forsun. */
  readonly version: string;
  readonly clock: Clock;
  /** Aborts when the daemon begins to stop. */
  readonly signal: AbortSignal;
  readonly log: ExtensionLog;
  /**
   * Only while init runs. A name is 1 to 64 letters, digits, `_`, `.` or `-`.
   * @throws {Error} when the name is taken or the action is not one
   */
  registerAction(name: string, action: ExtensionAction): void;
  /** As registerAction, for a store that `--driver NAME` then chooses. */
  registerStore(name: string, open: OpenExtensionStore): void;
  /** Reads an action's params with the error messages of the built-in actions. */
  readParams(action: string, params: Params): ParamReader;
  /** What follows when an occurrence is claimed; every store needs it. */
  readonly advance: typeof advance;
}

/** Writes lines to the daemon's log, under the extension's name. */
export interface ExtensionLog {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** A way to call back. */
export interface ExtensionAction {
  /** Refuses a plan before it is stored, by throwing: error 1007 with that message. Not asynchronous. */
  check?(params: Params): void;
  /** Calls that share a destination share `concurrency`; all do when not given. */
  destination?(params: Params): string;
  /** How many calls may run at once to one destination; 16 when not given. */
  readonly concurrency?: number;
  /** A call that takes longer fails and may be tried again; 60 when not given. */
  readonly timeoutSeconds?: number;
  /**
   * Calls back. `signal` aborts when the call is given up. What it throws is a
   * failure that is not tried again.
   */
  execute(call: Call, signal: AbortSignal): Promise<ActionResult>;
}

/** Opens a store; see {@link Store} for what it has to keep. */
export type OpenExtensionStore = (
  options: ExtensionStoreOptions,
) => Promise<Store>;

export interface ExtensionStoreOptions {
  /** The daemon's IANA time zone, for plans without one. */
  readonly timeZone: string;
  /** How long a plan that is over is kept to be looked at, in seconds; 0 drops it at once. */
  readonly keepSeconds: number;
  readonly now: () => UnixSeconds;
  /** Is told how much was read, 0 to 1, where opening takes its time. */
  readonly onProgress: (share: number) => void;
  /** Gives up opening when it aborts. */
  readonly signal: AbortSignal;
}
