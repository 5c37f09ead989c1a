import type { Caller } from "../access/caller.ts";
import type { Answer } from "./answer.ts";
import type { Done, ThriftHandler } from "./generated.ts";
import { mapMethods } from "./map_methods.ts";
import { neededRole } from "./needed_role.ts";

/** The same methods, for callers with the role that each needs alone. */
export function guardHandler(
  handler: ThriftHandler,
  { caller, answer }: {
    /** Whose message is being processed. */
    readonly caller: () => Caller;
    readonly answer: Answer;
  },
): ThriftHandler {
  return mapMethods(handler, (call, method) => {
    const role = neededRole[method];
    if (role === undefined) return call;
    return (...args) => {
      const who = caller();
      if (who.can(role)) return call(...args);
      const done = args[args.length - 1] as Done;
      answer(() => Promise.resolve(who.demand(role)), () => {}, done);
    };
  });
}
