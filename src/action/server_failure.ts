import { ForsunError } from "../core/errors.ts";
import type { ActionResult } from "./action.ts";

/** Why a server could not be called, or what it refused. One line, without secrets. */
export class ServerFailure extends Error {
  override readonly name = "ServerFailure";
  /** Whether trying again could help. */
  readonly retryable: boolean;

  constructor(
    message: string,
    { retryable, cause }: {
      readonly retryable: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause });
    this.retryable = retryable;
  }
}

/** No connection could be made to `server`. */
export function noConnection(server: string, cause: unknown): ServerFailure {
  return new ServerFailure(
    `no connection to ${server}: ${reasonOf(cause)}`,
    { retryable: true, cause },
  );
}

/** None was made within `ms` milliseconds. */
export function noConnectionWithin(server: string, ms: number): ServerFailure {
  return new ServerFailure(
    `no connection to ${server} within ${ms / 1000} s`,
    { retryable: true },
  );
}

/** `server` accepted, and said nothing for `ms` milliseconds. */
export function noReplyWithin(server: string, ms: number): ServerFailure {
  return new ServerFailure(
    `no reply from ${server} within ${ms / 1000} s`,
    { retryable: true },
  );
}

/** The connection to `server` broke before its reply was there. */
export function connectionLost(server: string, cause?: unknown): ServerFailure {
  const reason = cause === undefined ? "" : `: ${reasonOf(cause)}`;
  return new ServerFailure(
    `connection to ${server} lost${reason}`,
    { retryable: true, cause },
  );
}

/** Nobody waits for the reply any more. */
export function givenUp(): ServerFailure {
  return new ServerFailure("given up", { retryable: true });
}

/**
 * What a failed call means for the plan.
 * @throws `error` itself when it is neither a {@link ServerFailure} nor a refused param
 */
export function failureResult(error: unknown): ActionResult {
  if (error instanceof ServerFailure) {
    const { message: detail, retryable } = error;
    return { kind: "failed", detail, retryable };
  }
  if (error instanceof ForsunError) {
    return { kind: "failed", detail: error.message, retryable: false };
  }
  throw error;
}

/** What the operating system's codes mean, in words that hold no address. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ENOTFOUND: "the host's name does not resolve",
  EAI_AGAIN: "the host's name does not resolve",
  ETIMEDOUT: "timed out",
  EMFILE: "too many open files",
};

function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  const reason = typeof code === "string" ? reasons[code] : undefined;
  if (reason !== undefined) return reason;
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n", 1)[0];
}
