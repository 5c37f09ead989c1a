/** The error codes on every wire: the first daemon had those up to 1007, and they mean what they meant there. */
export const ErrorCode = {
  unknown: 1001,
  neverComes: 1002,
  notFound: 1003,
  saveFailed: 1004,
  removeFailed: 1005,
  unknownAction: 1006,
  invalidArgument: 1007,
  keyExists: 1008,
  unauthorized: 1009,
  forbidden: 1010,
  overLimit: 1011,
} as const;

export type ErrorCode = typeof ErrorCode[keyof typeof ErrorCode];

/**
 * A refusal that the caller is meant to read: `code` for programs, `message`
 * for people (one line, names the field and the value, never a password).
 */
export class ForsunError extends Error {
  override readonly name = "ForsunError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Code 1007: an argument is missing, malformed or out of its range. */
export function invalidArgument(message: string): ForsunError {
  return new ForsunError(ErrorCode.invalidArgument, message);
}

/** Code 1002: no instant fits the schedule. */
export function neverComes(message: string): ForsunError {
  return new ForsunError(ErrorCode.neverComes, message);
}
