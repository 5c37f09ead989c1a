import type { AccessPolicy } from "../access/access_policy.ts";
import { type Clock, currentSecond } from "../core/time.ts";
import type { PlanService } from "../service/plan_service.ts";
import type { Counters } from "../telemetry/counters.ts";
import type { Readiness } from "../service/readiness.ts";
import type { Timings } from "../telemetry/timings.ts";
import { apiEndpoints } from "./api.ts";
import { createApp } from "./app.ts";
import { LocalHttpServer } from "./local_server.ts";
import { type HttpLimits, HttpServer, type TlsPair } from "./server.ts";

export interface HttpOptions {
  readonly address: { readonly hostname: string; readonly port: number };
  readonly service: PlanService;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly tls: TlsSource | undefined;
  /** A unix socket to serve on, too. */
  readonly socket: HttpSocket | undefined;
  /** Who may do what. */
  readonly policy: AccessPolicy;
  /** The names under which it is served, in small letters. */
  readonly hostNames: () => readonly string[];
  /** The daemon's IANA zone. */
  readonly timeZone: string;
  /** What `info` tells. */
  readonly info: () => Promise<Readonly<Record<string, string>>>;
  readonly readiness: () => Promise<Readiness>;
  readonly timings: Timings;
  readonly limits: HttpLimits & {
    /** The longest body that is read whole. */
    readonly maxBodyBytes: number;
  };
}

/** A certificate, and word of the next ones. */
export interface TlsSource {
  readonly pair: TlsPair;
  readonly onRenewal: (renew: (next: TlsPair) => void) => void;
}

export interface HttpSocket {
  readonly path: string;
  readonly mode: number;
}

/** A server of the HTTP API that is running. */
export interface RunningHttp {
  readonly port: number;
  /** Accepts no more, lets requests that came get their replies, for `graceMs` at the most. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Serves the HTTP API.
 * @throws {Error} one line, when it can't listen there
 */
export async function startHttp(options: HttpOptions): Promise<RunningHttp> {
  const { counters, clock, timeZone, limits, policy } = options;
  const endpoints = apiEndpoints({
    ...options,
    place: () => ({ now: currentSecond(clock), timeZone }),
    bodyLimits: {
      maxBytes: limits.maxBodyBytes,
      get maxMs() {
        return limits.maxStuckMs;
      },
    },
  });
  const { hostNames } = options;
  const fetch = createApp(endpoints, { counters, policy, hostNames });
  const { tls, socket } = options;
  const server = new HttpServer({ fetch, counters, limits, tls: tls?.pair });
  const { port } = await server.listen(options.address);
  tls?.onRenewal((next) => server.renew(next));
  if (socket === undefined) {
    return { port, stop: (graceMs) => server.stop(graceMs) };
  }
  let local: LocalHttpServer;
  try {
    local = new LocalHttpServer(fetch, { ...socket, counters });
  } catch (error) {
    await server.stop(0);
    throw error;
  }
  return {
    port,
    stop: async (graceMs) => {
      await Promise.all([server.stop(graceMs), local.stop(graceMs)]);
    },
  };
}
