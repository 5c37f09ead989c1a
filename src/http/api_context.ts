import type { PlanService } from "../service/plan_service.ts";
import type { Readiness } from "../service/readiness.ts";
import type { Timings } from "../telemetry/timings.ts";
import type { BodyPlace } from "../command/plan_request_body.ts";
import type { BodyLimits } from "./read_body.ts";

/** What endpoints work with. */
export interface ApiContext {
  readonly service: PlanService;
  /** What `info` tells. */
  readonly info: () => Promise<Readonly<Record<string, string>>>;
  readonly readiness: () => Promise<Readiness>;
  readonly timings: Timings;
  /** Where and when a request is read. */
  readonly place: () => BodyPlace;
  readonly bodyLimits: BodyLimits;
}
