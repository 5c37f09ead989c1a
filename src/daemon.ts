import { getLogger } from "@logtape/logtape";
import { openAccess } from "./access/open_access.ts";
import type { Action } from "./action/action.ts";
import type { SecretPlaces } from "./action/secret_reference.ts";
import { withSecrets } from "./action/with_secrets.ts";
import { wantedActions } from "./action/wanted_actions.ts";
import type { Config } from "./config/load_config.ts";
import { RightOfWay } from "./core/right_of_way.ts";
import { SteeredClock } from "./core/steered_clock.ts";
import { type Clock, currentSecond } from "./core/time.ts";
import {
  type LoadedExtensions,
  loadExtensions,
} from "./extension/load_extensions.ts";
import { catchStrayErrors } from "./extension/stray_errors.ts";
import type { RunningHttp } from "./http/start_http.ts";
import { Executor } from "./scheduler/executor.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { Settler } from "./scheduler/settler.ts";
import { collectInfo } from "./service/info.ts";
import { listNodes } from "./service/list_nodes.ts";
import { PlanService } from "./service/plan_service.ts";
import { StoreGate } from "./service/store_gate.ts";
import { importOldFile } from "./import_old_file.ts";
import { openListeners } from "./listen.ts";
import { openStoreOf } from "./open_store.ts";
import { limitsOf, retryPolicyOf } from "./plan_rules.ts";
import { serveHttp } from "./serve_http.ts";
import { Timings } from "./telemetry/timings.ts";
import { checkReadiness } from "./service/readiness.ts";
import { storeNames } from "./store/registry.ts";
import { type Counters, createCounters } from "./telemetry/counters.ts";
import { descriptorLimit, mostSocketsOf } from "./thrift/descriptor_limit.ts";
import { createHandler } from "./thrift/handler.ts";
import { ThriftServer } from "./thrift/server.ts";
import { createToldProcessor } from "./thrift/told_processor.ts";
import { createActions } from "./create_actions.ts";
import { version } from "./version.ts";

export interface DaemonOptions {
  /** Values that can be reloaded may change; they are read when they are needed. */
  readonly config: Config;
  readonly clock: Clock;
  /** What it counts besides what is counted already. */
  readonly counters?: Counters;
  /** Its abort stops the daemon. */
  readonly signal: AbortSignal;
  /** Is told once plans fire and requests are answered; `httpPort` is undefined when HTTP is not served. */
  readonly onReady?: (
    address: Deno.NetAddr,
    httpPort: number | undefined,
  ) => void;
  /** Takes what is to be done when the values in `config` may have changed. */
  readonly reloads?: Set<() => Promise<void>>;
}

/**
 * Puts the daemon together and runs it until `signal` aborts. Requests are
 * accepted at once, and wait while the store is being read.
 * @throws {Error} one line, when it can't listen or the store can't be opened
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { config } = options;
  const clock = new SteeredClock(options.clock);
  await using resources = new AsyncDisposableStack();
  if (config.extensions.length === 0) resources.use(catchStrayErrors());
  const { reloads } = options;
  const policy = await openAccess(config, { clock, reloads });
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  const listeners = await openListeners(config, { clock, signal, reloads });
  const { address } = listeners;

  const builtIns = await createActions(config, { clock, reloads });
  const extensions = resources.use(
    await loadExtensions({
      names: config.extensions,
      folder: config.extensionPath,
      limitMs: config.extensionSeconds * 1000,
      taken: {
        actions: [...builtIns.keys(), "sh", "bash"],
        stores: storeNames,
      },
      clock,
      signal,
    }),
  );
  const all = new Map([...builtIns, ...extensions.actions]);
  for (const action of all.values()) resources.use(action);
  const actions = new Map(
    [...wantedActions(all, config.actions)].map(([name, action]) => [
      name,
      withSecrets(action, secretPlacesOf(config)),
    ]),
  );
  const counters = options.counters ?? createCounters();
  const gate = new StoreGate(clock);
  const { timeZone } = config;
  const retryPolicy = retryPolicyOf(config);
  const timings = new Timings();
  const limits = limitsOf(config, clock);
  const parts = { actions, clock, timeZone, retryPolicy, limits };
  const service = new PlanService({ ...parts, gate });
  let http: RunningHttp | undefined;
  let scheduler: Scheduler | undefined;
  const info = infoOf({
    config,
    clock,
    counters,
    gate,
    address,
    actions,
    extensions,
    httpBindPort: () => String(http?.port ?? ""),
  });
  const node = {
    name: `${Deno.hostname()}:${address.port}`,
    version,
    mode: config.serverMode,
    startedAt: currentSecond(clock),
  };
  const nodes = () => listNodes({ gate, node, clock });
  const rightOfWay = new RightOfWay(clock);
  const mostSockets = mostSocketsOf(await descriptorLimit());
  const server = new ThriftServer({
    listeners: listeners.all,
    processor: createToldProcessor(
      (caller) => createHandler({ service, info, nodes, counters, caller }),
      clock,
    ),
    policy,
    clock,
    counters,
    rightOfWay,
    limits: {
      get mostConnections() {
        return config.maxConnections;
      },
      get mostSockets() {
        return Math.min(2 * config.maxConnections, mostSockets);
      },
      mostUnfinishedBytes,
      get longestIdleMs() {
        return config.idleSeconds * 1000;
      },
      get longestStuckMs() {
        return config.messageSeconds * 1000;
      },
    },
  });
  const graceMs = config.shutdownSeconds * 1000;
  const serving = server.run(signal, graceMs);

  try {
    http = await serveHttp(config, {
      tls: listeners.tls,
      policy,
      service,
      counters,
      clock,
      info,
      timings,
      readiness: () =>
        checkReadiness({
          clock,
          gate,
          fires: config.serverMode === "TIMER",
          lastTickAt: () => scheduler?.lastTickAt,
        }),
    });
    const store = await openStoreOf(config, {
      clock,
      gate,
      signal,
      extensions,
      node,
    });
    resources.use(store);
    if (config.driver === "mem") {
      await importOldFile(config, { ...parts, store, signal });
    }
    gate.let(store);
    const settler = new Settler(store, clock);
    const executor = new Executor({
      actions,
      settler,
      holds: (claim) => store.holds(claim),
      clock,
      counters,
      timings,
      retryPolicy,
      get mostRunning() {
        return config.maxRunning;
      },
      get mostQueued() {
        // What one node has claimed, no other can execute.
        return config.driver === "mem"
          ? config.maxQueued
          : Math.min(config.maxQueued, mostQueuedOfMany);
      },
    });
    logger.info(
      "forsun {version} is ready on {hostname}:{port} with {count} plans",
      { version, ...address, count: (await store.stats()).planCount },
    );
    options.onReady?.(address, http?.port);
    if (config.serverMode === "TIMER") {
      scheduler = new Scheduler({
        ...{ store, executor, clock, counters, rightOfWay },
      });
      await scheduler.run(signal);
    } else if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
    await Promise.all([
      serving,
      http?.stop(graceMs),
      executor.stop(graceMs),
    ]);
    await settler.drain(AbortSignal.timeout(graceMs));
  } catch (error) {
    gate.fail(error instanceof Error ? error : new Error(String(error)));
    abort.abort();
    await Promise.all([serving, http?.stop(0)]);
    throw error;
  }
  logger.info("forsun has stopped");
}

const logger = getLogger(["forsun", "daemon"]);
const mostUnfinishedBytes = 256 * 1024 * 1024;

/** Some tenths of a second's work. */
const mostQueuedOfMany = 4096;

function secretPlacesOf(config: Config): SecretPlaces {
  return { prefix: config.secretPrefix, folder: config.secretFolder };
}

function infoOf(
  {
    config,
    clock,
    counters,
    gate,
    address,
    actions,
    extensions,
    httpBindPort,
  }: {
    readonly config: Config;
    readonly clock: Clock;
    readonly counters: ReturnType<typeof createCounters>;
    readonly gate: StoreGate;
    readonly address: Deno.NetAddr;
    readonly actions: ReadonlyMap<string, Action>;
    readonly extensions: LoadedExtensions;
    readonly httpBindPort: () => string;
  },
): () => Promise<Record<string, string>> {
  const sources = {
    clock,
    counters,
    gate,
    startedAt: currentSecond(clock),
    actions: [...actions.keys()],
    stores: [...storeNames, ...extensions.stores.keys()],
    currentStore: config.driver,
    extensions: extensions.names,
    httpBindPort,
    bindPort: address.port,
  };
  return () => collectInfo(sources);
}
