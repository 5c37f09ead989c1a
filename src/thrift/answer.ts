import { getLogger } from "@logtape/logtape";
import { ErrorCode, ForsunError } from "../core/errors.ts";
import type { Counters } from "../telemetry/counters.ts";
import { type Done, ForsunPlanError } from "./generated.ts";

/** Does what a call asks for, and has the result, or why there is none, written as its reply. */
export type Answer = <Value>(
  work: () => Promise<Value>,
  toWire: (value: Value) => unknown,
  done: Done,
) => void;

/** An {@link Answer} that counts the calls. */
export function createAnswer(counters: Counters): Answer {
  function end(): void {
    counters.requesting_count--;
    counters.requested_count++;
  }

  function refuse(error: unknown, done: Done): void {
    counters.requested_error_count++;
    done(toWireError(error));
  }

  return (work, toWire, done) => {
    counters.requesting_count++;
    begin(work).then(
      (value) => {
        end();
        try {
          done(null, toWire(value));
        } catch (error) {
          refuse(error, done);
        }
      },
      (error) => {
        end();
        refuse(error, done);
      },
    );
  };
}

const logger = getLogger(["forsun", "thrift"]);

function begin<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

function toWireError(error: unknown): Error {
  if (error instanceof ForsunError) {
    const { code, message } = error;
    return new ForsunPlanError({ code, message });
  }
  logger.error("A request broke: {error}", { error });
  const message = "The daemon made a mistake, its log says more";
  return new ForsunPlanError({ code: ErrorCode.unknown, message });
}
