import {
  AccessPolicy,
  type AccessRules,
} from "../../src/access/access_policy.ts";
import type { Action } from "../../src/action/action.ts";
import { ParamReader } from "../../src/action/params.ts";
import { RightOfWay } from "../../src/core/right_of_way.ts";
import { systemClock } from "../../src/core/system_clock.ts";
import { type Clock, currentSecond } from "../../src/core/time.ts";
import { PlanService } from "../../src/service/plan_service.ts";
import { StoreGate } from "../../src/service/store_gate.ts";
import type { MemoryStore } from "../../src/store/memory/memory_store.ts";
import { type Counters, createCounters } from "../../src/telemetry/counters.ts";
import { createHandler } from "../../src/thrift/handler.ts";
import type { ThriftLimits } from "../../src/thrift/open_connections.ts";
import { ThriftServer } from "../../src/thrift/server.ts";
import { createToldProcessor } from "../../src/thrift/told_processor.ts";
import { openForTest } from "./memory_store_harness.ts";
import { tempFolder } from "./temp_folder.ts";

export interface ThriftDaemonOptions {
  /** The machine's own when not given. */
  readonly clock?: Clock;
  /** Generous where not given. */
  readonly limits?: Partial<ThriftLimits>;
  /** Whether requests wait until {@link ThriftDaemon.letIn} is called. */
  readonly isShut?: boolean;
  /** How long a shutdown waits for replies to go; 0 when not given. */
  readonly graceMs?: number;
  /** The most keys that are listed in one go; as a daemon has it when not given. */
  readonly maxKeys?: number;
  /** Who may do what; everyone everything when not given. */
  readonly rules?: AccessRules;
}

/** The Thrift side of a daemon: a server on a free port over a store of its own. */
export interface ThriftDaemon extends AsyncDisposable {
  readonly port: number;
  readonly counters: Counters;
  /** Where the store's journal is. */
  readonly folder: string;
  readonly service: PlanService;
  readonly store: MemoryStore;
  readonly gate: StoreGate;
  readonly policy: AccessPolicy;
  readonly rightOfWay: RightOfWay;
  /** Opens the store to requests. */
  letIn(): void;
  /** Shuts down as the program does, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts a server whose plans are never fired. Its actions are `shell`, which
 * needs a cmd, and `http`, which needs a url.
 */
export async function startThriftDaemon(
  options: ThriftDaemonOptions = {},
): Promise<ThriftDaemon> {
  const { clock = systemClock, limits, graceMs = 0 } = options;
  const folder = await tempFolder();
  const now = () => currentSecond(clock);
  const store = await openForTest(folder.path, { now });
  const gate = new StoreGate(clock);
  const counters = createCounters();
  const service = new PlanService({
    gate,
    actions: new Map([
      ["shell", actionThatNeeds("cmd", "shell")],
      ["http", actionThatNeeds("url", "http")],
    ]),
    clock,
    timeZone: "UTC",
    counters,
    maxKeys: options.maxKeys,
    retryPolicy: {
      maxCount: 3,
      delaySeconds: 3,
      delayRate: 1,
      backoff: "linear",
    },
  });
  const nodes = () => Promise.resolve([{ name: "test" }]);
  const info = () => Promise.resolve({ current_time: String(now()) });
  const policy = new AccessPolicy(clock, options.rules);
  const rightOfWay = new RightOfWay(clock);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = new ThriftServer({
    listeners: [listener],
    processor: createToldProcessor(
      (caller) => createHandler({ service, info, nodes, counters, caller }),
      clock,
    ),
    policy,
    clock,
    counters,
    rightOfWay,
    limits: {
      maxConnections: 1000,
      maxSockets: 2000,
      maxUnfinishedBytes: 256 * 1024 * 1024,
      maxIdleMs: 3_600_000,
      maxStuckMs: 60_000,
      ...limits,
    },
  });
  const shutdown = new AbortController();
  const running = server.run(shutdown.signal, graceMs);
  const letIn = () => gate.open(store);
  if (!options.isShut) letIn();
  const stop = async () => {
    shutdown.abort();
    await running;
  };
  return {
    port: listener.addr.port,
    counters,
    folder: folder.path,
    service,
    store,
    gate,
    policy,
    rightOfWay,
    letIn,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** An action that does nothing, but checks that its plans have the param `needed`. */
function actionThatNeeds(needed: string, name: string): Action {
  return {
    concurrency: 1,
    check(params) {
      new ParamReader(name, params).required(needed);
    },
    destination: () => "",
    execute: () => Promise.resolve({ kind: "succeeded", detail: "" }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
