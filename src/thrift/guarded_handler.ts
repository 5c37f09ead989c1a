import type { Caller } from "../access/caller.ts";
import type { Answer } from "./answer.ts";
import type { Done, ThriftHandler } from "./generated.ts";
import { neededRole } from "./needed_role.ts";

type Method = (...args: readonly unknown[]) => void;

/** The same methods, for callers with the role that each needs alone. */
export function guardHandler(
  handler: ThriftHandler,
  { caller, answer }: {
    /** Whose message is being processed. */
    readonly caller: () => Caller;
    readonly answer: Answer;
  },
): ThriftHandler {
  const guarded = Object.entries(handler as unknown as Record<string, Method>)
    .map(([method, call]) => {
      const role = neededRole[method as keyof ThriftHandler];
      if (role === undefined) return [method, call] as const;
      const guard = (...args: readonly unknown[]) => {
        const who = caller();
        if (who.can(role)) return call(...args);
        const done = args[args.length - 1] as Done;
        answer(() => Promise.resolve(who.demand(role)), () => {}, done);
      };
      // Generated code counts the parameters.
      Object.defineProperty(guard, "length", { value: call.length });
      return [method, guard] as const;
    });
  return Object.fromEntries(guarded) as unknown as ThriftHandler;
}
