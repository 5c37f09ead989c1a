import { ForsunError } from "../core/errors.ts";
import { ForsunPlanError } from "../thrift/generated.ts";
import type { Terminal } from "./terminal.ts";

/** Says in one line on standard error what went wrong. */
export function reportError(error: unknown, terminal: Terminal): void {
  terminal.complain(`forsun: ${describeError(error)}`);
}

/** What went wrong, in one line. */
export function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  const isNumbered = error instanceof ForsunPlanError ||
    error instanceof ForsunError;
  return isNumbered ? `${line} (error ${error.code})` : line;
}
