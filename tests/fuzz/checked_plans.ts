import {
  type ActionOptions,
  builtInActions,
} from "../../src/action/registry.ts";
import { PlanService } from "../../src/service/plan_service.ts";
import { StoreGate } from "../../src/service/store_gate.ts";
import { createCounters } from "../../src/telemetry/counters.ts";
import type { Store } from "../../src/store/store.ts";
import { stillClock } from "../support/still_clock.ts";

/**
 * All that a daemon checks before it stores a plan, in front of a store that
 * forgets everything. Its actions are never executed.
 */
export function createCheckedPlans(): {
  readonly service: PlanService;
  end(): Promise<void>;
} {
  const clock = stillClock("2026-11-23T12:00:00Z");
  const servers = {
    connectTimeoutMs: 1000,
    replyTimeoutMs: 1000,
    idleMs: 1000,
    concurrency: 1,
    maxConnections: 1,
    bulkSize: 1,
  };
  const options: ActionOptions = {
    shell: { cwd: "/tmp", timeoutMs: 1000, concurrency: 1 },
    http: {
      connectTimeoutMs: 1000,
      requestTimeoutMs: 1000,
      userAgent: "forsun",
      concurrency: 1,
      clock,
    },
    thrift: servers,
    redis: servers,
    beanstalk: servers,
    mysql: { ...servers, user: "root", password: "" },
  };
  const actions = new Map(
    Object.entries(builtInActions).map((
      [name, create],
    ) => [name, create(options)]),
  );
  const gate = new StoreGate(clock);
  gate.open({ put: () => Promise.resolve() } as Partial<Store> as Store);
  const service = new PlanService({
    gate,
    actions,
    clock,
    timeZone: "Europe/Berlin",
    counters: createCounters(),
    retryPolicy: {
      maxCount: 3,
      delaySeconds: 3,
      delayRate: 1,
      backoff: "linear",
    },
  });
  return {
    service,
    async end() {
      for (const action of actions.values()) {
        await action[Symbol.asyncDispose]();
      }
    },
  };
}
