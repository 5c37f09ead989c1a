import { getLogger } from "@logtape/logtape";

/** A request that has been answered. */
export interface ToldRequest {
  /** Of the Thrift interface, or of HTTP with its path. */
  readonly method: string;
  /** The key or prefix that it was about, if any. */
  readonly key: string | undefined;
  /** Where the client is, `HOST:PORT`. */
  readonly peer: string;
  readonly durationMs: number;
  /** Why it was refused, in few words and none of the client's; undefined when it was not. */
  readonly refusal?: string;
}

/** Whether requests are logged: only then is it worth taking their times. */
export function tellsRequests(transport: "thrift" | "http"): boolean {
  return loggers[transport].isEnabledFor("debug");
}

/** Logs a request, at debug; never with more than its key. */
export function tellRequest(
  transport: "thrift" | "http",
  { method, key, peer, durationMs: ms, refusal = "ok" }: ToldRequest,
): void {
  const durationMs = Math.round(ms * 1000) / 1000;
  const values = { method, peer, outcome: refusal, durationMs };
  const end = "for {peer}: {outcome} after {durationMs} ms";
  const logger = loggers[transport];
  if (key === undefined) logger.debug(`{method} ${end}`, values);
  else logger.debug(`{method} {key} ${end}`, { ...values, key });
}

const loggers = {
  thrift: getLogger(["forsun", "thrift"]),
  http: getLogger(["forsun", "http"]),
} as const;
