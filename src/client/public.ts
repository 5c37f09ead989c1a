/** What the library gives to programs, in Deno and in Node. */
export type { ForsunClientOptions } from "./client_options.ts";
export type { ClientPlace } from "./client_place.ts";
export { ForsunCode, ForsunError } from "./client_error.ts";
export type {
  ClientFields,
  ClientOutcome,
  ClientPlan,
  NewCalendarPlan,
  NewCronPlan,
  NewPlan,
  NewTimeoutPlan,
} from "./client_plan.ts";
export {
  type CallOptions,
  ForsunClient,
  type PlansOptions,
} from "./forsun_client.ts";
