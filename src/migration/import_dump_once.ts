import { getLogger } from "@logtape/logtape";
import type { ClockOffset } from "../core/clock_offset.ts";
import { osReason } from "../core/os_reason.ts";
import type { RestoreRequest } from "../core/plan_request.ts";
import { describeReport, importPlans } from "./import_plans.ts";
import { checkClockOffset } from "./check_clock_offset.ts";
import { exists, writeMark } from "./imported_mark.ts";
import { openOldDump } from "./old_dump.ts";
import { readDump } from "./read_dump.ts";

export interface ImportOnceOptions {
  /** The first daemon's dump; there may be none. It is only read. */
  readonly path: string;
  /** Is written when the import is through; where it is there, nothing is imported. */
  readonly markPath: string;
  /** Is asked when there is something to import. */
  readonly offset: () => ClockOffset;
  /** Has a plan go on here, in the place of one of its key. */
  readonly restore: (request: RestoreRequest) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Imports the dump that the first daemon has left, unless that was done before.
 * Nothing may fire, and no client come in, until it is through: a crash before
 * the mark is written then has no other effect than that all is done again.
 * What can't be read is logged and passed over.
 * @throws {Error} when the clock offset is in doubt, plans can't be stored, or
 * the mark not be written
 */
export async function importDumpOnce(
  options: ImportOnceOptions,
): Promise<void> {
  const { path, markPath, restore, signal } = options;
  if (await exists(markPath)) return;
  const bytes = await readIfThere(path);
  if (bytes === undefined) return;
  let troubles = 0;
  const onTrouble = (reason: string) => {
    if (troubles++ < maxTold) {
      logger.warn("Not imported: {reason}", { reason });
    }
  };
  let source;
  try {
    source = openOldDump(path, bytes);
  } catch (error) {
    // Nothing came of it, so that nothing can come twice.
    logger.error("{error}", { error });
    return;
  }
  const { planCount } = source;
  const offset = options.offset();
  logger.info("Importing {planCount} plans from {path}", { planCount, path });
  await checkClockOffset(path, source.currentTime, offset);
  const report = await importPlans(source, {
    restore,
    offsetSeconds: offset.seconds,
    concurrency: maxUnderWay,
    onTrouble,
    signal,
  });
  if (troubles > maxTold) {
    const count = troubles - maxTold;
    logger.warn(
      "Not imported: {count} more, which `forsun import --dry-run {path}` names",
      { count, path },
    );
  }
  const result = describeReport(report);
  await writeMark(markPath, `${path}: ${result}\n`);
  const { seconds, origin } = offset;
  logger.info(
    "{path} of the first daemon: {result}; clock offset {seconds} s ({origin}); it stays as it is and is not imported again",
    { path, result, seconds, origin },
  );
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    if (!(await Deno.stat(path)).isFile) return undefined;
    return await readDump(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot read ${path}: ${osReason(error)}`, {
      cause: error,
    });
  }
}

const logger = getLogger(["forsun", "import"]);
const maxUnderWay = 512;
/** Lines of what was not imported; the rest is only counted. */
const maxTold = 100;
