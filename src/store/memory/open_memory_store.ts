import { getLogger } from "@logtape/logtape";
import { osReason } from "../../core/os_reason.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { SyncPolicy } from "./journal.ts";
import { MemoryStore } from "./memory_store.ts";
import { PlanTable } from "./plan_table.ts";
import { type Damage, recover, type RecoveryReport } from "./recovery.ts";
import { Replay } from "./replay.ts";
import { SegmentFiles } from "./segment_files.ts";
import { SegmentLog, type SegmentLogOptions } from "./segment_log.ts";
import { cannotOpen, lockStore } from "./store_lock.ts";

export interface MemoryStoreOptions extends SegmentLogOptions {
  /** Made when it is missing; one daemon at a time. */
  readonly folder: string;
  readonly sync: SyncPolicy;
  /** The daemon's time zone, for plans without one. */
  readonly timeZone: string;
  /** How long a plan that is over is kept to be looked at, in seconds; 0 drops it at once. */
  readonly keepSeconds: number;
  /** Refuse to open a journal that is damaged, instead of going on with what is intact. */
  readonly isStrict: boolean;
  /** The current second, when recovery is through. */
  readonly now: () => UnixSeconds;
  /** Is told how much of the journal was read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Gives up opening when it aborts. */
  readonly signal?: AbortSignal;
  /** A journal of up to so many bytes is never cleaned; 64 MiB when not given. */
  readonly smallLogBytes?: number;
}

/**
 * Opens the embedded store, with all plans that a daemon before has left.
 * @throws {Error} one line, when the folder can't be used, is in use, or is damaged and `isStrict`
 */
export async function openMemoryStore(
  options: MemoryStoreOptions,
): Promise<MemoryStore> {
  const { folder, sync: policy, timeZone, keepSeconds, now } = options;
  await makeFolder(folder);
  const lock = await lockStore(folder);
  try {
    const log = new SegmentLog(options);
    const files = new SegmentFiles(folder);
    const table = new PlanTable(log, 0);
    const replay = new Replay(table);
    const onProgress = options.onProgress ?? (() => {});
    const { signal } = options;
    const report = await recover(log, files, { replay, onProgress, signal });
    tell(report, options.isStrict);
    await cutTornEnd(log, files);
    replay.finish(now());
    table.due.moveTo(now());
    const { lastVersion } = replay;
    return new MemoryStore({
      log,
      files,
      table,
      lock,
      lastVersion,
      policy,
      timeZone,
      keepSeconds,
      smallLogBytes: options.smallLogBytes ?? 64 * 1024 * 1024,
    });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw cannotOpen(folder, cause);
  }
}

/** What a later file follows on would be damage in the middle of the journal. */
async function cutTornEnd(log: SegmentLog, files: SegmentFiles): Promise<void> {
  const last = log.segments.at(-1);
  if (last === undefined) return;
  try {
    await files.cut(last);
  } catch (cause) {
    const path = files.pathOf(last.number);
    const reason = `Cannot cut the journal ${path}: ${osReason(cause)}`;
    throw new Error(reason, { cause });
  }
}

function tell(report: RecoveryReport, isStrict: boolean): void {
  const { segments, bytes, tornBytes, damages } = report;
  if (damages.length > 0 && isStrict) {
    throw new Error(`The journal is damaged: ${describe(damages[0])}`);
  }
  for (const damage of damages.slice(0, maxTold)) {
    logger.error("The journal is damaged, its plans there are lost: {where}", {
      where: describe(damage),
    });
  }
  if (damages.length > maxTold) {
    logger.error("The journal is damaged in {count} more places", {
      count: damages.length - maxTold,
    });
  }
  if (tornBytes > 0) {
    logger.warn("Cut {tornBytes} unfinished bytes off the journal's end", {
      tornBytes,
    });
  }
  logger.info("Read {segments} journal segments, {bytes} bytes", {
    segments,
    bytes,
  });
}

function describe({ path, last, gap }: Damage): string {
  if (gap !== undefined) return `${path}, bytes ${gap.start} to ${gap.end}`;
  return last === undefined
    ? `${path} is missing`
    : `${path} to ${last} are missing`;
}

const logger = getLogger(["forsun", "store"]);
/** So many damages have a line each. */
const maxTold = 100;
