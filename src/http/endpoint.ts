import type * as v from "valibot";
import type { StoredPlan } from "../core/plan.ts";
import type { StatusRule } from "./envelope.ts";
import type { PlanJson } from "./plan_json.ts";

/** A request as a handler gets it. */
export interface Call<Query> {
  readonly request: Request;
  readonly query: Query;
  /** Aborts when the client goes, or the daemon stops. */
  readonly signal: AbortSignal;
  /** A plan as the client may see it. */
  toJson(stored: StoredPlan): PlanJson;
}

/** What a fulfilled request is answered with. */
export type Reply =
  /** `data` of the envelope. */
  | { readonly kind: "envelope"; readonly schema: v.GenericSchema }
  /** NDJSON, a line each. */
  | { readonly kind: "lines"; readonly schema: v.GenericSchema }
  | {
    readonly kind: "text";
    readonly mediaType: string;
    /** Other statuses than 200, and when. */
    readonly others?: Readonly<Record<number, string>>;
  };

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One operation of the API: what it takes, what it does, and what is to be known of it. */
export interface Endpoint<Query = unknown> {
  readonly method: Method;
  readonly path: string;
  /** Its name in the OpenAPI document. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Whether it is answered to everyone; else GET takes the role read, what changes plans write. */
  readonly isPublic?: boolean;
  readonly statuses: StatusRule;
  /** An object schema from texts; what it puts out last is documented. */
  readonly query?: v.GenericSchema<unknown, Query>;
  /** What the body may be, by media type; what goes in is documented. */
  readonly bodies?: Readonly<Record<string, v.GenericSchema>>;
  readonly reply: Reply;
  /** Resolves to the reply's data, or to a reply that is no envelope. */
  handle(call: Call<Query>): Promise<unknown>;
}

/** An endpoint whose handler gets what its query schema puts out. */
export function defineEndpoint<Query>(
  endpoint: Endpoint<Query>,
): Endpoint {
  return endpoint as Endpoint;
}
