import { setImmediate } from "node:timers/promises";
import type { Claims } from "./claims.ts";
import type { Journal } from "./journal.ts";
import { keyAt } from "./key_bytes.ts";
import type { PlanTable } from "./plan_table.ts";
import { putBound, RecordType, writePut } from "./record.ts";
import { recordHeaderBytes, type Segment } from "./segment.ts";
import type { SegmentFiles } from "./segment_files.ts";
import { locationOf, type SegmentLog } from "./segment_log.ts";

/** What cleaning works on. */
export interface CleanerParts {
  readonly log: SegmentLog;
  readonly files: SegmentFiles;
  readonly table: PlanTable;
  readonly journal: Journal;
  readonly claims: Claims;
  /** The keys whose removal is in the journal but not yet in effect. */
  readonly removing: () => ReadonlySet<string>;
}

/**
 * Whether dead records take a third of the log, of a log that isn't small anyway;
 * a seventeenth of one that has no room for plans.
 */
export function needsCleaning(
  log: SegmentLog,
  { liveBytes, smallBytes }: {
    readonly liveBytes: number;
    readonly smallBytes: number;
  },
): boolean {
  const total = log.totalBytes;
  const maxPerLive = log.hasRoomFor("put") ? 3 / 2 : 17 / 16;
  return log.segments.length > 1 && total > smallBytes &&
    total > maxPerLive * liveBytes;
}

/**
 * Copies what lives in the oldest segment to the young end of the log and
 * drops the segment, on disk and then in memory. Always the oldest, so that no
 * record in the rest of the log can speak of one that is gone, and records
 * that say that something is gone need no bookkeeping: they go with their
 * segment. It stays the oldest until its file is gone for good: what it holds
 * would be back at the next start if a younger one, which says that it is gone,
 * went before it. Works in short steps. Rejects when the disk refuses the
 * copies or keeps the file.
 */
export async function cleanOldest(parts: CleanerParts): Promise<void> {
  const oldest = parts.log.segments[0];
  // Plans that are on their way into it are not seen before they are there.
  await parts.journal.written();
  while (await moveAll(oldest, parts) > 0);
  await parts.journal.sync();
  await parts.files.remove(oldest);
  parts.log.drop(oldest);
}

/** Moves the plans whose records lie in `segment`; returns how many there were. */
async function moveAll(
  segment: Segment,
  parts: CleanerParts,
): Promise<number> {
  let found = 0;
  let steps = 0;
  let removing = parts.removing();
  for (const offset of segment.records()) {
    const row = rowAt(segment, offset, parts.table);
    if (row !== undefined) {
      found++;
      move(row, removing, parts);
    }
    if (++steps % recordsPerStep > 0) continue;
    await parts.journal.written();
    await setImmediate();
    removing = parts.removing();
  }
  await parts.journal.written();
  return found;
}

/** The row of the plan whose record this still is. */
function rowAt(
  segment: Segment,
  offset: number,
  { keys }: PlanTable,
): number | undefined {
  const payload = offset + recordHeaderBytes;
  const type = segment.bytes[payload];
  if (!planTypes.has(type)) return undefined;
  const row = keys.find(keyAt(segment.bytes, payload));
  const isCurrent = row !== undefined &&
    keys.locationOf(row) === locationOf(segment, offset);
  return isCurrent ? row : undefined;
}

/** Writes a plan anew; what of it changes until that is written is journalled behind. */
function move(
  row: number,
  removing: ReadonlySet<string>,
  { log, table, journal, claims }: CleanerParts,
): void {
  const { plan, state } = table.read(row);
  // A copy behind the removal would bring the plan back.
  if (removing.has(plan.key)) return;
  const keptUntil = table.keptUntilOf(row);
  const { lastOutcome } = state;
  // Where there is no room for plans, there is none for what programs said.
  const isBrief = lastOutcome !== undefined && !log.hasRoomFor("put");
  const outcome = isBrief ? { ...lastOutcome, detail: "" } : lastOutcome;
  const writer = journal.begin(putBound(plan, outcome), "upkeep");
  writePut(writer, table.versionOf(row), {
    plan,
    nextAt: state.nextAt,
    moved: { ...state, lastOutcome: outcome, keptUntil },
  });
  journal.append();
  for (const occurrence of table.occurrences.ofRow(row)) {
    claims.rejournal(occurrence);
  }
}

/** What holds a plan. */
const planTypes: ReadonlySet<number> = new Set([
  RecordType.put,
  RecordType.moved,
  RecordType.restored,
]);
const recordsPerStep = 128;
