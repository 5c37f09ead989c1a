import type { Action } from "./action.ts";
import { createHttpAction, type HttpOptions } from "./http.ts";
import { createShellAction, type ShellOptions } from "./shell.ts";

/** What each built-in action is made from. */
export interface ActionOptions {
  readonly shell: ShellOptions;
  readonly http: HttpOptions;
}

/** The actions that come with forsun, by their canonical names. */
export const builtInActions = {
  shell: ({ shell }) => createShellAction(shell),
  http: ({ http }) => createHttpAction(http),
} satisfies Record<string, (options: ActionOptions) => Action>;
