/**
 * What programs and extensions import of forsun: a client for programs, and types
 * for extensions.
 *
 * @module
 */
export * from "./src/client/public.ts";
export type { ActionResult, Call } from "./src/action/action.ts";
export type { NumberRange, ParamReader } from "./src/action/params.ts";
export type {
  Params,
  Plan,
  PlanProgress,
  PlanState,
  StoredPlan,
} from "./src/core/plan.ts";
export type { Outcome } from "./src/core/outcome.ts";
export type { Schedule } from "./src/core/schedule.ts";
export type { Clock, UnixSeconds } from "./src/core/time.ts";
export type {
  Extension,
  ExtensionAction,
  ExtensionHost,
  ExtensionLog,
  ExtensionStoreOptions,
  OpenExtensionStore,
} from "./src/extension/extension.ts";
export type {
  Claim,
  ClaimBatch,
  ClaimRequest,
  DuePage,
  DuePageRequest,
  DuePlace,
  DueRequest,
  PageRequest,
  Settlement,
  Store,
  StoreStats,
} from "./src/store/store.ts";
