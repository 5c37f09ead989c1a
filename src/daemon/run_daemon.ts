import { getLogger } from "@logtape/logtape";
import { openAccess } from "../access/open_access.ts";
import type { Config } from "../config/load_config.ts";
import { RightOfWay } from "../core/right_of_way.ts";
import { SteeredClock } from "../core/steered_clock.ts";
import { type Clock, currentSecond } from "../core/time.ts";
import { catchStrayErrors } from "./stray_errors.ts";
import type { RunningHttp } from "../http/start_http.ts";
import { collectInfo } from "../service/info.ts";
import { listNodes } from "../service/list_nodes.ts";
import { PlanService } from "../service/plan_service.ts";
import { checkReadiness } from "../service/readiness.ts";
import { StoreGate } from "../service/store_gate.ts";
import { storeNames } from "../store/registry.ts";
import { type Counters, createCounters } from "../telemetry/counters.ts";
import { Timings } from "../telemetry/timings.ts";
import { createHandler } from "../thrift/handler.ts";
import { createToldProcessor } from "../thrift/told_processor.ts";
import { version } from "../version.ts";
import { createThriftServer } from "./create_thrift_server.ts";
import { Firing } from "./firing.ts";
import { importOldFile } from "./import_old_file.ts";
import { loadActions } from "./load_actions.ts";
import { openListeners } from "./open_listeners.ts";
import { openStoreOf } from "./open_store.ts";
import { limitsOf, retryPolicyOf } from "./plan_rules.ts";
import { serveHttp } from "./serve_http.ts";

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
  const { config, counters = createCounters(), reloads } = options;
  const clock = new SteeredClock(options.clock);
  await using resources = new AsyncDisposableStack();
  resources.use(catchStrayErrors());
  const policy = await openAccess(config, { clock, reloads });
  const abort = new AbortController();
  const signal = AbortSignal.any([options.signal, abort.signal]);
  const listeners = await openListeners(config, { clock, signal, reloads });
  const { address } = listeners;
  const { actions, extensions } = resources.use(
    await loadActions(config, { clock, signal, reloads }),
  );

  const gate = new StoreGate(clock);
  const rules = {
    timeZone: config.timeZone,
    retryPolicy: retryPolicyOf(config),
    limits: limitsOf(config, clock),
    counters,
  };
  const service = new PlanService({ ...rules, actions, clock, gate });
  const timings = new Timings();
  const rightOfWay = new RightOfWay(clock);
  let http: RunningHttp | undefined;
  let firing: Firing | undefined;
  const startedAt = currentSecond(clock);
  const fires = config.serverMode === "TIMER";
  const node = {
    name: `${Deno.hostname()}:${address.port}`,
    version,
    mode: config.serverMode,
    timeZone: config.timeZone,
    actions: fires ? [...actions.keys()] : [],
    startedAt,
  };
  const info = () =>
    collectInfo({
      clock,
      counters,
      gate,
      startedAt,
      actions: [...actions.keys()],
      stores: [...storeNames, ...extensions.stores.keys()],
      currentStore: config.driver,
      extensions: extensions.names,
      httpBindPort: http?.port,
      bindPort: address.port,
    });
  const nodes = () => listNodes({ gate, node, clock });
  const readiness = () =>
    checkReadiness({
      clock,
      gate,
      fires,
      lastTickAt: firing?.lastTickAt,
    });

  const server = await createThriftServer(config, {
    listeners: listeners.all,
    processor: createToldProcessor(
      (caller) => createHandler({ service, info, nodes, counters, caller }),
      clock,
    ),
    policy,
    clock,
    counters,
    rightOfWay,
  });
  const graceMs = config.shutdownSeconds * 1000;
  const serving = server.run(signal, graceMs);
  try {
    const { tls } = listeners;
    const parts = { policy, service, counters, clock, info, timings };
    http = await serveHttp(config, { ...parts, tls, readiness });
    const around = { clock, gate, signal, extensions, node };
    const store = resources.use(await openStoreOf(config, around));
    if (config.driver === "mem") {
      await importOldFile(config, { ...rules, actions, clock, store, signal });
    }
    gate.open(store);
    logger.info(
      "forsun {version} is ready on {hostname}:{port} with {count} plans",
      { version, ...address, count: (await store.stats()).planCount },
    );
    options.onReady?.(address, http?.port);
    if (fires) {
      const { retryPolicy } = rules;
      const work = { store, actions, retryPolicy, clock, counters };
      firing = new Firing(config, { ...work, timings, rightOfWay });
      await firing.run(signal);
    } else if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
    await Promise.all([serving, http?.stop(graceMs), firing?.stop(graceMs)]);
  } catch (error) {
    gate.fail(error instanceof Error ? error : new Error(String(error)));
    abort.abort();
    await Promise.all([serving, http?.stop(0)]);
    throw error;
  }
  logger.info("forsun has stopped");
}

const logger = getLogger(["forsun", "daemon"]);
