import { setImmediate } from "node:timers/promises";
import { osReason } from "../../core/os_reason.ts";
import { maxSideBySide } from "./look_up_lanes.ts";
import { RecordType } from "./record.ts";
import type { Replay } from "./replay.ts";
import {
  type Gap,
  magic,
  recordHeaderBytes,
  type Segment,
  segmentHeaderBytes,
} from "./segment.ts";
import type { SegmentFiles } from "./segment_files.ts";
import { maxSegmentBytes, type SegmentLog } from "./segment_log.ts";

/** A part of the journal that could not be read. */
export interface Damage {
  readonly path: string;
  /** The last one, when several files in a row are missing. */
  readonly last?: string;
  /** Where in the file; undefined when the whole file is missing. */
  readonly gap: Gap | undefined;
}

/** What recovery found. */
export interface RecoveryReport {
  readonly segments: number;
  readonly bytes: number;
  /** An unfinished write at the very end, as a crash leaves it; it was never acknowledged. */
  readonly tornBytes: number;
  readonly damages: readonly Damage[];
}

/**
 * Reads all segments back into the log, oldest first, and applies their
 * records. Behind damage the search goes on for the next intact record. Other
 * work gets its turns meanwhile.
 * @throws {Error} when a file was written by a later version
 */
export async function recover(
  log: SegmentLog,
  files: SegmentFiles,
  { replay, onProgress, signal }: {
    readonly replay: Replay;
    /** Is told the share of the segments that was read, 0 to 1. */
    readonly onProgress: (share: number) => void;
    readonly signal: AbortSignal | undefined;
  },
): Promise<RecoveryReport> {
  const numbers = await files.list();
  const damages: Damage[] = [];
  let bytes = 0;
  let tornBytes = 0;
  let index = 0;
  for await (const segment of loadEach(log, files, numbers)) {
    onProgress(index / numbers.length);
    signal?.throwIfAborted();
    const { number } = segment;
    const expected = (numbers[index - 1] ?? number - 1) + 1;
    if (expected < number) {
      const last = expected < number - 1 ? files.pathOf(number - 1) : undefined;
      damages.push({ path: files.pathOf(expected), last, gap: undefined });
    }
    const path = files.pathOf(number);
    bytes += segment.tail;
    await applyAll(segment, replay);
    if (++index === numbers.length) tornBytes = forgetTornEnd(segment);
    for (const gap of segment.gaps) damages.push({ path, gap });
    if (segment.tail === segmentHeaderBytes) segment.empty();
  }
  return { segments: numbers.length, bytes, tornBytes, damages };
}

/** Reads the segments in order, each while what came before it is worked on. */
async function* loadEach(
  log: SegmentLog,
  files: SegmentFiles,
  numbers: readonly number[],
): AsyncIterable<Segment> {
  const start = (index: number) => {
    if (index >= numbers.length) return undefined;
    const number = numbers[index];
    const isLast = index === numbers.length - 1;
    const loading = load(log, files.pathOf(number), { number, isLast });
    // Whoever comes to it sees it.
    loading.catch(() => {});
    return loading;
  };
  let next = start(0);
  try {
    for (let index = 1; next !== undefined; index++) {
      const segment: Segment = await next;
      next = start(index);
      yield segment;
    }
  } finally {
    // Who stops in the middle leaves no file open.
    await next?.catch(() => {});
  }
}

/** @throws {Error} that names the file */
async function load(
  log: SegmentLog,
  path: string,
  options: { readonly number: number; readonly isLast: boolean },
): Promise<Segment> {
  const { segment, read } = await readFile(log, path, options);
  const found = segment.bytes.subarray(0, magic.length);
  if (found.equals(magic)) {
    // A daemon of this version wrote it.
  } else if (options.isLast && isBlank(segment.bytes.subarray(0, read))) {
    // A crash cut its first write off: the file has its size but not its bytes.
  } else if (found.subarray(0, formatAt).equals(magic.subarray(0, formatAt))) {
    throw new Error(`${path} was written by a later version of forsun`);
  } else {
    segment.gaps.push({ start: 0, end: segmentHeaderBytes });
  }
  segment.tail = Math.max(read, segmentHeaderBytes);
  segment.flushed = read < segmentHeaderBytes ? 0 : read;
  return segment;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Reads a file into a segment of its own. */
async function readFile(
  log: SegmentLog,
  path: string,
  { number, isLast }: { readonly number: number; readonly isLast: boolean },
): Promise<{ readonly segment: Segment; readonly read: number }> {
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const room = isLast ? log.segmentBytes : segmentHeaderBytes;
    const segment = log.add(number, Math.max(size, room));
    let read = 0;
    while (read < size) {
      const count = await file.read(segment.bytes.subarray(read, size));
      if (count === null) break;
      read += count;
    }
    return { segment, read };
  } catch (cause) {
    const reason = `Cannot read the journal ${path}: ${osReason(cause)}`;
    throw new Error(reason, { cause });
  }
}

/** Applies all intact records and notes the gaps between them. */
async function applyAll(segment: Segment, replay: Replay): Promise<void> {
  const end = segment.tail;
  const batch: number[] = [];
  let at = segmentHeaderBytes;
  let sliceEnd = performance.now() + sliceMs;
  while (at < end) {
    const isIntact = isRecord(segment, at, end);
    if (isIntact) {
      batch.push(at);
      at = segment.next(at);
      if (batch.length < maxSideBySide && at < end) continue;
    }
    applyBatch(segment, batch, replay);
    batch.length = 0;
    if (!isIntact) {
      const start = at;
      do at += 4; while (at < end && !isRecord(segment, at, end));
      at = Math.min(at, end);
      addGap(segment, start, at);
    }
    if (performance.now() < sliceEnd) continue;
    await setImmediate();
    sliceEnd = performance.now() + sliceMs;
  }
}

function applyBatch(
  segment: Segment,
  batch: readonly number[],
  replay: Replay,
): void {
  replay.approach(segment, batch);
  for (const [lane, at] of batch.entries()) {
    const isApplied = canApply(segment, at, { replay, lane });
    if (!isApplied) addGap(segment, at, segment.next(at));
  }
}

/** Gaps that follow on each other are one, but the one in place of the header, which is no records' place. */
function addGap({ gaps }: Segment, start: number, end: number): void {
  const last = gaps.at(-1);
  const goesOn = last?.end === start && start > segmentHeaderBytes;
  if (goesOn) gaps[gaps.length - 1] = { start: last.start, end };
  else gaps.push({ start, end });
}

/**
 * Forgets what a write left unfinished; returns how many bytes those were. What
 * has a checksum that fits was written whole, even if it can't be read.
 */
function forgetTornEnd(segment: Segment): number {
  const last = segment.gaps.at(-1);
  if (last === undefined || last.end < segment.tail || last.start === 0) {
    return 0;
  }
  let { start } = last;
  while (segment.isIntact(start, last.end)) start = segment.next(start);
  segment.gaps.pop();
  if (start > last.start) segment.gaps.push({ start: last.start, end: start });
  segment.tail = start;
  segment.flushed = start;
  return last.end - start;
}

function isRecord(segment: Segment, at: number, end: number): boolean {
  const type = segment.bytes[at + recordHeaderBytes];
  // As far as a location reaches: no daemon writes records behind it.
  return at < maxSegmentBytes && type >= RecordType.put &&
    type <= RecordType.restored &&
    segment.isIntact(at, end);
}

/** A record whose checksum fits but whose fields make no sense is damage as well. */
function canApply(
  segment: Segment,
  at: number,
  { replay, lane }: { readonly replay: Replay; readonly lane: number },
): boolean {
  try {
    replay.apply(segment, at, lane);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The magic up to the format's version. */
const formatAt = magic.indexOf("1".charCodeAt(0));
/**
 * Short, since a loop that has something to do at once looks at its sockets in
 * one of 61 turns only (tokio's event_interval).
 */
const sliceMs = 0.25;
