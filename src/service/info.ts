import { getLogger } from "@logtape/logtape";
import process from "node:process";
import { type Clock, currentSecond, type UnixSeconds } from "../core/time.ts";
import type { StoreStats } from "../store/store.ts";
import type { Counters } from "../telemetry/counters.ts";
import { version } from "../version.ts";
import type { StoreGate } from "./store_gate.ts";

export interface InfoSources {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly gate: StoreGate;
  readonly startedAt: UnixSeconds;
  readonly actions: readonly string[];
  readonly stores: readonly string[];
  readonly currentStore: string;
  readonly extensions: readonly string[];
  /** Undefined when HTTP is not served. */
  readonly httpBindPort: number | undefined;
  readonly bindPort: number;
}

/**
 * What the daemon tells of itself. Times are epoch seconds, memory is in bytes,
 * CPU times in seconds; mem_vms is 0, since the runtime does not know it.
 */
export async function collectInfo(
  sources: InfoSources,
): Promise<Record<string, string>> {
  const cpu = process.cpuUsage();
  const stats = await countPlans(sources.gate);
  const values: Record<string, string | number> = {
    deno_version: Deno.version.deno,
    forsun_version: version,
    start_time: sources.startedAt,
    current_time: currentSecond(sources.clock),
    cpu_user: (cpu.user / 1e6).toFixed(2),
    cpu_system: (cpu.system / 1e6).toFixed(2),
    mem_rss: Deno.memoryUsage().rss,
    mem_vms: 0,
    stores: sources.stores.join("; "),
    current_store: sources.currentStore,
    actions: sources.actions.join("; "),
    extensions: sources.extensions.join("; "),
    bind_port: sources.bindPort,
    http_bind_port: sources.httpBindPort ?? "",
    ...sources.counters,
    plan_count: stats?.planCount ?? 0,
    claimed_count: stats?.claimedCount ?? 0,
    retry_waiting_count: stats?.retryCount ?? 0,
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, String(value)]),
  );
}

/** A store that is away must not keep the daemon from telling of itself. */
async function countPlans(gate: StoreGate): Promise<StoreStats | undefined> {
  try {
    return await gate.current?.stats();
  } catch (error) {
    logger.warn("Cannot count the plans: {error}", { error });
    return undefined;
  }
}

const logger = getLogger(["forsun", "info"]);
