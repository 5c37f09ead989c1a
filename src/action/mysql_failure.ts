import { maxDetailBytes } from "../core/outcome.ts";
import { clipHead } from "./clip_text.ts";
import {
  connectionLost,
  noConnection,
  noConnectionWithin,
  ServerFailure,
} from "./server_failure.ts";

/** What mysql2 says of an error, as far as it matters here. */
interface MysqlError {
  readonly message: string;
  /** The server's number of it; there is none when the error did not come from the server. */
  readonly errno?: number;
  readonly sqlState?: string;
  readonly code?: string;
}

/**
 * The server's errors that may be over at the next attempt, by their numbers: it
 * is busy, going down, starting or a replica for the moment, the connection was
 * ended, or the transaction lost against another one and is to be repeated.
 * All others are about the statements themselves.
 */
const passing: ReadonlySet<number> = new Set([
  // Busy: too many connections, also of the user; out of resources or threads.
  ...[1040, 1041, 1135, 1203, 1206, 1226, 1637],
  // Refused for having been a bad client before; reset by FLUSH HOSTS.
  1129,
  // Going down, or its connection was killed or ran out of time.
  ...[1053, 1080, 1152, 1158, 1159, 1160, 1161, 1317, 1927, 4031],
  // Deadlock, lock wait time-out, lock not free, table changed meanwhile.
  ...[1213, 1205, 3572, 1412],
  // The server's own limit on a statement's time.
  ...[1969, 3024],
  // Read-only, as a replica is until a failover is through.
  1836,
]);

/** Numbers that mean more than one thing, and what the message of the passing one has. */
const passingIf: ReadonlyMap<number, RegExp> = new Map([
  [1290, /read-only|read_only/i],
  [1047, /wsrep/i],
]);

/** What it means that no connection to `server` could be made within `timeoutMs`. */
export function mysqlConnectFailure(
  error: unknown,
  { server, timeoutMs }: {
    readonly server: string;
    readonly timeoutMs: number;
  },
): ServerFailure {
  const { code } = error as MysqlError;
  const own = serverError(error);
  if (own !== undefined) return own;
  if (code === "ETIMEDOUT") return noConnectionWithin(server, timeoutMs);
  return code === "PROTOCOL_CONNECTION_LOST"
    ? connectionLost(server)
    : noConnection(server, error);
}

/** What it means that a statement failed, or the connection to `server` did. */
export function mysqlFailure(error: unknown, server: string): ServerFailure {
  if (error instanceof ServerFailure) return error;
  const own = serverError(error);
  if (own !== undefined) return own;
  const { code } = error as MysqlError;
  return code === "PROTOCOL_CONNECTION_LOST"
    ? connectionLost(server)
    : connectionLost(server, error);
}

/** The server's own words, when it sent any, as its command line client shows them. */
function serverError(error: unknown): ServerFailure | undefined {
  const { errno, sqlState, message } = error as MysqlError;
  if (errno === undefined || errno < firstServerError) return undefined;
  // There is none in what is sent before a greeting.
  const state = sqlState ? ` (${sqlState})` : "";
  const text = `ERROR ${errno}${state}: ${oneLine(message)}`;
  const retryable = passing.has(errno) ||
    passingIf.get(errno)?.test(message) === true;
  return new ServerFailure(
    clipHead(new TextEncoder().encode(text), maxDetailBytes),
    { retryable },
  );
}

/** Below are the operating system's. */
const firstServerError = 1000;

function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, " ").trim();
}
