import type { Config } from "../config/load_config.ts";
import { zoneClockOffset } from "../core/clock_offset.ts";
import { systemTimeZone } from "../core/system_time_zone.ts";
import { currentSecond } from "../core/time.ts";
import { importDumpOnce } from "../migration/import_dump_once.ts";
import { PlanService, type PlanServiceParts } from "../service/plan_service.ts";
import { StoreGate } from "../service/store_gate.ts";
import type { Store } from "../store/store.ts";

/**
 * Imports the file of the first daemon that lies beside the mem store, once.
 * Clients don't come in before, nor does anything fire.
 */
export async function importOldFile(
  config: Config,
  { store, signal, ...parts }: Omit<PlanServiceParts, "gate"> & {
    readonly store: Store;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { memStoreFile: path, memClockOffset: seconds } = config;
  const gate = new StoreGate(parts.clock);
  gate.open(store);
  const service = new PlanService({ ...parts, gate });
  await importDumpOnce({
    path,
    markPath: `${path}.d/imported`,
    offset: () =>
      seconds === undefined
        // The first daemon went by the machine's zone, whatever this one goes by.
        ? zoneClockOffset(systemTimeZone(), currentSecond(parts.clock))
        : { seconds, origin: "store.mem_clock_offset" },
    restore: async (request) => {
      await service.restore(request, { replace: true, isDryRun: false });
    },
    signal,
  });
}
