import type { UnixSeconds } from "../core/time.ts";
import type { OldPlan } from "./old_plan.ts";

/** What the first daemon has left of one plan. */
export type OldEntry =
  | {
    readonly kind: "plan";
    readonly plan: OldPlan;
    /** Whether it was still to run at its next_time; undefined when there is no telling. */
    readonly isPending: boolean | undefined;
  }
  /** It, or all that follows, can't be read. `place` says where it is. */
  | {
    readonly kind: "damage";
    readonly place: string;
    readonly reason: string;
  };

/** Where plans of the first daemon are read from. */
export interface OldSource extends AsyncDisposable {
  /** The file or the server, for messages. */
  readonly name: string;
  /** The last second that the first daemon has handled, by its own clock. */
  readonly currentTime: UnixSeconds | undefined;
  /** How many plans there are; undefined when that isn't known beforehand. */
  readonly planCount: number | undefined;
  /** The file; undefined where it is none. */
  readonly path?: string;
  entries(): AsyncIterable<OldEntry>;
}
