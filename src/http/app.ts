import { Hono } from "hono";
import type { AccessPolicy } from "../access/access_policy.ts";
import type { Caller } from "../access/caller.ts";
import { ForsunError } from "../core/errors.ts";
import { quote } from "../core/quote.ts";
import type { Counters } from "../telemetry/counters.ts";
import { tellRequest, tellsRequests } from "../telemetry/request_log.ts";
import { admit } from "./admit.ts";
import type { Endpoint } from "./endpoint.ts";
import { HttpRefusal, refusal, type StatusRule, success } from "./envelope.ts";
import { checkHost } from "./check_host.ts";
import { checkOrigin } from "./origin.ts";
import { planShower } from "./plan_shower.ts";
import { readQuery } from "./query.ts";

/** Who sent a request. */
export interface Client {
  /** `HOST:PORT`. */
  readonly peer: string;
  readonly address: Deno.Addr;
}

/** Answers a request, never rejects; guards can be put around it. */
export type Fetch = (request: Request, client: Client) => Promise<Response>;

/** The HTTP API: routes requests to endpoints, counts them, logs them. */
export function createApp(
  endpoints: readonly Endpoint[],
  { counters, policy, hostNames }: {
    readonly counters: Counters;
    /** Who may do what. */
    readonly policy: AccessPolicy;
    /** The names under which it is served, in small letters. */
    readonly hostNames: () => readonly string[];
  },
): Fetch {
  const app = new Hono<{ Bindings: Exchange }>();
  for (const [path, methods] of byPath(endpoints)) {
    app.all(path, ({ req: { raw }, env }) => answer(raw, methods, env));
  }
  app.notFound(({ req, env }) => {
    const message = `There is nothing at ${quote(req.path)}, see /docs`;
    return env.refuse(new HttpRefusal(404, message), "plain");
  });
  app.onError((error, { env }) => env.refuse(error, "plain"));

  return async (request, { peer, address }) => {
    let refused: string | undefined;
    const refuse: Refuse = (error, rule) => {
      counters.http_requested_error_count++;
      refused = nameOf(error);
      return refusal(error, rule);
    };
    counters.http_requesting_count++;
    const startMs = performance.now();
    const caller = policy.greet(address);
    const exchange = { refuse, caller, hostNames };
    const response = await app.fetch(request, exchange);
    counters.http_requesting_count--;
    counters.http_requested_count++;
    if (tellsRequests("http")) {
      const { pathname, searchParams } = new URL(request.url);
      tellRequest("http", {
        method: `${request.method} ${pathname}`,
        key: searchParams.get("key") ?? searchParams.get("prefix") ?? undefined,
        peer,
        durationMs: performance.now() - startMs,
        refusal: refused,
      });
    }
    return response;
  };
}

/** Makes the reply to a request that is not fulfilled, and remembers that. */
type Refuse = (error: unknown, rule: StatusRule) => Response;

interface Exchange {
  readonly refuse: Refuse;
  readonly caller: Caller;
  readonly hostNames: () => readonly string[];
}

/** In few words, none of which are the client's. */
function nameOf(error: unknown): string {
  if (error instanceof HttpRefusal) return `status ${error.status}`;
  return error instanceof ForsunError ? `error ${error.code}` : "broke";
}

type Methods = ReadonlyMap<string, Endpoint>;

function byPath(endpoints: readonly Endpoint[]): Map<string, Methods> {
  const paths = new Map<string, Map<string, Endpoint>>();
  for (const endpoint of endpoints) {
    const methods = paths.get(endpoint.path) ?? new Map<string, Endpoint>();
    methods.set(endpoint.method, endpoint);
    paths.set(endpoint.path, methods);
  }
  return paths;
}

async function answer(
  request: Request,
  methods: Methods,
  { refuse, caller, hostNames }: Exchange,
): Promise<Response> {
  const { method, signal } = request;
  const allow = allowedMethods(methods);
  if (method === "OPTIONS") {
    return new Response(null, { status: 204, headers: { allow } });
  }
  const endpoint = methods.get(method === "HEAD" ? "GET" : method);
  if (endpoint === undefined) {
    const message = `Method must be one of ${allow}, got ${method}`;
    return refuse(new HttpRefusal(405, message, { allow }), "plain");
  }
  let rule: StatusRule = "plain";
  try {
    checkOrigin(request);
    admit(request, endpoint, caller);
    const url = new URL(request.url);
    if (!endpoint.isPublic) checkHost(url, caller, hostNames());
    const query = endpoint.query === undefined
      ? {}
      : readQuery(url, endpoint.query);
    rule = endpoint.statuses;
    const toJson = planShower(request, endpoint, caller);
    const result = await endpoint.handle({ request, query, signal, toJson });
    return result instanceof Response ? result : success(result);
  } catch (error) {
    return refuse(error, rule);
  }
}

function allowedMethods(methods: Methods): string {
  const names = [...methods.keys()];
  if (methods.has("GET")) names.push("HEAD");
  return [...names, "OPTIONS"].join(", ");
}
