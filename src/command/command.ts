import type { UnixSeconds } from "../core/time.ts";
import type { LocalTime } from "./local_time.ts";
import type { PlanRequest } from "../core/plan_request.ts";

/** A command of the language, as data. */
export type Command =
  | { readonly kind: "help"; readonly topic: CommandName | undefined }
  | { readonly kind: "exit" }
  | { readonly kind: "version" }
  | {
    readonly kind: "ls";
    /** What the keys begin with; "" is all. */
    readonly prefix: string;
  }
  | { readonly kind: "current" }
  | {
    readonly kind: "time";
    /** A wall-clock time is in the zone of whoever asks; undefined is now. */
    readonly at: UnixSeconds | LocalTime | undefined;
  }
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "rm"; readonly key: string }
  | { readonly kind: "info" }
  | { readonly kind: "nodes" }
  | { readonly kind: "set"; readonly plan: PlanRequest };

/** What a command begins with. */
export type CommandName = Command["kind"];

/** The command whose name is `Name`. */
export type CommandNamed<Name extends CommandName> = Extract<
  Command,
  { readonly kind: Name }
>;
