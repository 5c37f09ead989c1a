import { cannotCreate } from "../core/cannot_create.ts";
import { ErrorCode, ForsunError } from "../core/errors.ts";

/** Error 1011: the plan of `key` would be over a limit of the daemon's. */
export function overLimit(key: string, reason: string): ForsunError {
  return new ForsunError(ErrorCode.overLimit, cannotCreate(key, reason));
}
