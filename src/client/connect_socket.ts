import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ForsunCode, ForsunError } from "./client_error.ts";
import {
  type ClientPlace,
  defaultHost,
  defaultPort,
  describePlace,
} from "./client_place.ts";

/**
 * Connects to a daemon, which may take `timeoutMs`, or until `signal` aborts.
 * @throws {ForsunError} with the code "connection", or the signal's reason
 */
export function connectSocket(
  place: ClientPlace,
  { timeoutMs, signal }: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(place);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.off("error", onError);
    };
    const fail = (error: unknown) => {
      end();
      // What is still to come of it is of no interest.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error) => fail(cannotConnect(place, error));
    const onAbort = () => fail(signal.reason);
    const timer = setTimeout(
      () => onError(new Error(`no connection within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    signal.addEventListener("abort", onAbort);
    socket.on("error", onError);
    socket.once(place.tls ? "secureConnect" : "connect", () => {
      end();
      resolve(socket);
    });
    if (signal.aborted) onAbort();
  });
}

/**
 * Whether connecting may yet succeed: not where TLS or a certificate is wrong.
 * Those errors have codes of their own; others have the system's, ECONNREFUSED
 * and the like.
 */
export function canPass(error: unknown): boolean {
  if (!(error instanceof ForsunError)) return false;
  if (error.code !== ForsunCode.connection) return false;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return typeof code !== "string" || code === "EAI_AGAIN" ||
    /^E(?!PROTO$)[A-Z]+$/.test(code);
}

function dial(
  { host = defaultHost, port = defaultPort, path, tls }: ClientPlace,
): Socket {
  const place = path === undefined ? { host, port } : { host, path };
  if (tls === undefined) return connectTcp(place);
  // A server is asked for by name only; an address is found in its certificate.
  const servername = isIP(host) === 0 ? host : undefined;
  return connectTls({ ...place, ca: tls.ca, servername });
}

function cannotConnect(place: ClientPlace, cause: Error): ForsunError {
  const message = `Cannot connect to ${describePlace(place)}: ${
    reasonOf(cause)
  }`;
  return new ForsunError(ForsunCode.connection, message, { cause });
}

/** Where a name has several addresses, Node tells of each and leaves the message empty. */
function reasonOf(error: Error): string {
  const reasons = error instanceof AggregateError
    ? error.errors.map(({ message }) => message)
    : [error.message];
  return reasons.join(", ");
}
