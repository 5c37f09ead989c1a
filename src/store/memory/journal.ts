import { getLogger } from "@logtape/logtape";
import { setImmediate } from "node:timers";
import { ErrorCode, ForsunError } from "../../core/errors.ts";
import { ByteWriter } from "../byte_writer.ts";
import { Batch } from "./batch.ts";
import type { SegmentFiles } from "./segment_files.ts";
import {
  type Location,
  locationOf,
  type LogUse,
  type SegmentLog,
} from "./segment_log.ts";
import {
  recordHeaderBytes,
  type Segment,
  segmentHeaderBytes,
} from "./segment.ts";

/** When the device is asked to have what was written, as Redis names it. */
export type SyncPolicy = "always" | "everysec" | "no";

/** Whom the journal tells what becomes of records, and asks which matter. */
export interface JournalOwner {
  /** The record at `offset` is in the file. */
  onWritten(segment: Segment, offset: number): void;
  /** Whether the record has to get into the file even if not now. */
  mustKeep(segment: Segment, offset: number): boolean;
  /** A record that must be kept, and could not be written yet, lies elsewhere now. */
  onMoved(from: Location, to: Location): void;
}

/**
 * Writes records to disk by natural batching: at once while nothing is being
 * written, else everything that has collected as soon as that write returns.
 * What the disk refuses is taken back, but for the records that must be kept:
 * those are tried again until the disk takes them.
 */
export class Journal {
  readonly #log: SegmentLog;
  readonly #files: SegmentFiles;
  readonly #policy: SyncPolicy;
  readonly #owner: JournalOwner;
  readonly #writer = new ByteWriter();
  /** In log order; the first may be under way. */
  #batches: Batch[] = [];
  #segment: Segment | undefined;
  #lastWritten: Segment | undefined;
  #failure: ForsunError | undefined;
  #pumping: Promise<void> | undefined;
  #retryTimer: Timer | undefined;
  #syncTimer: Timer | undefined;

  constructor({ log, files, policy, owner }: {
    readonly log: SegmentLog;
    readonly files: SegmentFiles;
    readonly policy: SyncPolicy;
    readonly owner: JournalOwner;
  }) {
    this.#log = log;
    this.#files = files;
    this.#policy = policy;
    this.#owner = owner;
  }

  /**
   * Begins a record with a payload of at most `bound` bytes; {@link append}
   * completes it. What is owed is written in any case: what it follows from
   * keeps it bounded.
   * @throws {ForsunError} 1004 when too much waits for the disk, or the log has
   * no room for that use
   */
  begin(bound: number, use: LogUse): ByteWriter {
    if (use !== "owed") this.#checkBacklog();
    const segment = this.#log.head(bound, use);
    this.#segment = segment;
    const start = segment.tail + recordHeaderBytes;
    return this.#writer.start(segment.bytes, start);
  }

  #checkBacklog(): void {
    if (this.#backlogBytes() < maxBacklogBytes) return;
    throw this.#failure ?? new ForsunError(
      ErrorCode.saveFailed,
      `The disk is ${maxBacklogBytes} bytes behind the journal`,
    );
  }

  /** Completes the record that was begun and sees to its being written. */
  append(): Location {
    const segment = this.#segment as Segment;
    const offset = segment.seal(this.#writer.at);
    this.#enqueue(segment);
    return locationOf(segment, offset);
  }

  /** Whether records wait to be written. */
  get hasBacklog(): boolean {
    return this.#batches.length > 0;
  }

  /** Resolves once all records so far are in the file; rejects with code 1004 when they can't be. */
  written(): Promise<void> {
    return this.#batches.at(-1)?.done.promise ?? Promise.resolve();
  }

  /** Resolves once the device has what was written. */
  async sync(): Promise<void> {
    if (this.#lastWritten !== undefined) {
      await this.#files.sync(this.#lastWritten);
    }
  }

  /** Writes what is left, giving up where the disk refuses it. */
  async close(): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    await (this.#pumping ?? this.#pump());
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#syncTimer);
    if (this.#policy !== "no") await this.sync().catch(logSyncError);
    if (this.#batches.length > 0) {
      logger.error("Closed with {bytes} bytes of the journal not written", {
        bytes: this.#backlogBytes(),
      });
    }
    this.#files.closeAll();
  }

  #enqueue(segment: Segment): void {
    const last = this.#batches.at(-1);
    if (last?.takes(segment)) last.end = segment.tail;
    else {
      const start = last?.segment === segment ? last.end : segment.flushed;
      this.#batches.push(new Batch(segment, start, segment.tail));
    }
    if (this.#pumping !== undefined || this.#retryTimer !== undefined) return;
    if (this.#failure === undefined) {
      this.#pumping = new Promise((resolve) =>
        setImmediate(() => resolve(this.#pump()))
      );
    } else this.#retryLater();
  }

  #retryLater(): void {
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#pumping = this.#pump();
    }, retryMs);
  }

  async #pump(): Promise<void> {
    if (this.#files.isUncut) await this.#cutRefused();
    for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
      batch.isUnderWay = true;
      try {
        await this.#write(batch);
      } catch (error) {
        this.#refuse(error);
        break;
      }
      this.#accept(batch);
    }
    this.#pumping = undefined;
    if (this.#batches.length > 0 || this.#files.isUncut) this.#retryLater();
  }

  /** What was refused is not to be there at the next start. */
  async #cutRefused(): Promise<void> {
    try {
      await this.#files.cutAll();
    } catch (error) {
      logger.debug("Cannot cut off what was refused yet: {error}", { error });
    }
  }

  async #write({ segment, end }: Batch): Promise<void> {
    if (this.#lastWritten !== segment && this.#lastWritten !== undefined) {
      // What is cleaned away must not be gone before its copies are there.
      if (this.#policy !== "always") await this.sync();
      this.#files.close(this.#lastWritten);
    }
    this.#lastWritten = segment;
    await this.#files.append(segment, end, this.#policy === "always");
    if (this.#policy === "everysec") this.#syncSoon();
  }

  #accept(batch: Batch): void {
    const { segment, end } = batch;
    const start = Math.max(segment.flushed, segmentHeaderBytes);
    segment.flushed = end;
    this.#batches.shift();
    for (let at = start; at < end; at = segment.next(at)) {
      this.#owner.onWritten(segment, at);
    }
    batch.done.resolve();
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    logger.info("The journal can be written again");
  }

  #refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot write the journal: ${reason}`;
    if (this.#failure === undefined) logger.error(message);
    const failure = new ForsunError(ErrorCode.saveFailed, message, {
      cause: error,
    });
    this.#failure = failure;
    // What must be kept stays where it is, unless it follows on what is refused.
    const index = this.#batches.findIndex((batch) => !this.#isKept(batch));
    const refused = index < 0 ? [] : this.#batches.splice(index);
    const waiting = this.#batches.map((batch) => batch.renew());
    const kept = refused.flatMap((batch) => this.#keptOf(batch));
    if (refused.length > 0) this.#takeBack(refused[0]);
    for (const { from, payload } of kept) {
      const writer = this.begin(payload.length, "owed");
      writer.copy(payload);
      this.#owner.onMoved(from, this.append());
    }
    for (const { reject } of waiting) reject(failure);
    for (const batch of refused) batch.done.reject(failure);
  }

  /** Whether all records of a batch must be kept; those that were looked at before are not again. */
  #isKept(batch: Batch): boolean {
    const { segment, end } = batch;
    let at = Math.max(batch.keptEnd, segmentHeaderBytes);
    while (at < end && this.#owner.mustKeep(segment, at)) at = segment.next(at);
    batch.keptEnd = at;
    return at >= end;
  }

  #keptOf({ segment, start, end }: Batch): KeptRecord[] {
    const kept: KeptRecord[] = [];
    for (
      let at = Math.max(start, segmentHeaderBytes);
      at < end;
      at = segment.next(at)
    ) {
      if (!this.#owner.mustKeep(segment, at)) continue;
      const payload = segment.bytes.subarray(
        at + recordHeaderBytes,
        segment.payloadEnd(at),
      );
      const from = locationOf(segment, at);
      kept.push({ from, payload: new Uint8Array(payload) });
    }
    return kept;
  }

  /** Forgets all records from those of `first` on. */
  #takeBack(first: Batch): void {
    for (const segment of this.#log.segments.toReversed()) {
      if (segment === first.segment) break;
      this.#log.drop(segment);
    }
    first.segment.tail = Math.max(first.start, segmentHeaderBytes);
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      this.sync().catch(logSyncError);
    }, 1000);
  }

  #backlogBytes(): number {
    let bytes = 0;
    for (const batch of this.#batches) bytes += batch.end - batch.start;
    return bytes;
  }
}

type Timer = ReturnType<typeof setTimeout>;

interface KeptRecord {
  readonly from: Location;
  readonly payload: Uint8Array;
}

const logger = getLogger(["forsun", "store"]);

const maxBacklogBytes = 64 * 1024 * 1024;
/** While the disk refuses, the next batch waits this long. */
const retryMs = 200;

function logSyncError(error: unknown): void {
  logger.error("Cannot sync the journal: {error}", { error });
}
