import type { Caller } from "../access/caller.ts";
import type { Clock } from "../core/time.ts";
import { tellRequest, tellsRequests } from "../telemetry/request_log.ts";
import {
  createProcessor,
  type Done,
  type ThriftCaller,
  type ThriftHandler,
  type ThriftProcessor,
  type WireError,
} from "./generated.ts";
import { mapMethods } from "./map_methods.ts";

/**
 * A processor that has each request logged while the log's level asks for it, and
 * costs nothing else. The handler is made with a function that says whose message
 * is being processed, until its method has returned.
 */
export function createToldProcessor(
  createHandler: (caller: () => Caller) => ThriftHandler,
  clock: Clock,
): ThriftProcessor {
  let current: ThriftCaller | undefined;
  const handler = createHandler(() => {
    if (current === undefined) throw new Error("No message is processed now");
    return current.access;
  });
  const plain = createProcessor(handler);
  const peer = () => current?.client ?? "";
  const told = createProcessor(tellOf(handler, { clock, peer }));
  return {
    process(input, output, caller) {
      current = caller;
      if (tellsRequests("thrift")) told.process(input, output);
      else plain.process(input, output);
    },
  };
}

/** The same methods, logged. Generated code calls them before `process` returns. */
function tellOf(
  handler: ThriftHandler,
  { clock, peer }: { readonly clock: Clock; readonly peer: () => string },
): ThriftHandler {
  return mapMethods(handler, (call, method) => (...args) => {
    const startMs = clock.monotonicMs();
    const [first] = args;
    const done = args[args.length - 1] as Done;
    const key = typeof first === "string" ? first : undefined;
    const from = peer();
    const end: Done = (error, result) => {
      done(error, result);
      tellRequest("thrift", {
        method,
        key,
        peer: from,
        durationMs: clock.monotonicMs() - startMs,
        refusal: error === null ? undefined : refusalOf(error),
      });
    };
    call(...args.slice(0, -1), end);
  });
}

/** Its code alone: the message is for the client, and may repeat what it sent. */
function refusalOf(error: Error): string {
  const { code } = error as Partial<WireError>;
  return code === undefined ? error.name : `error ${code}`;
}
