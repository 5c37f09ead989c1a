/** Codes of refusals by the daemon, and of what goes wrong on the way to it. */
export const ForsunCode = {
  unknown: 1001,
  neverComes: 1002,
  notFound: 1003,
  saveFailed: 1004,
  removeFailed: 1005,
  unknownAction: 1006,
  invalidArgument: 1007,
  keyExists: 1008,
  /** Without a token, or with one that is wrong or not valid any more. */
  unauthorized: 1009,
  /** The token is not for that. */
  forbidden: 1010,
  /** Of size, time or number of plans, as the daemon is configured. */
  overLimit: 1011,
  /** There was no connection, or it was lost before the answer came. */
  connection: "connection",
  /** The answer did not come in time. */
  timeout: "timeout",
  /** The client was closed. */
  closed: "closed",
} as const;

/** Why a call failed: a code, and one line for people. */
export class ForsunError extends Error {
  override readonly name = "ForsunError";
  /** One of {@link ForsunCode}, or a later daemon's own. */
  readonly code: number | "connection" | "timeout" | "closed";

  constructor(
    code: ForsunError["code"],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
  }
}
