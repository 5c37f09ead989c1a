import { getLogger } from "@logtape/logtape";
import { setImmediate } from "node:timers/promises";
import { ErrorCode, ForsunError } from "../../core/errors.ts";
import type { Plan, PlanProgress, StoredPlan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type {
  Claim,
  ClaimBatch,
  ClaimRequest,
  DuePage,
  DuePageRequest,
  DueRequest,
  PageRequest,
  Settlement,
  Store,
  StoreStats,
} from "../store.ts";
import { Claims } from "./claims.ts";
import { cleanOldest, needsCleaning } from "./cleaner.ts";
import { plansDueAt } from "./due_at.ts";
import { DuePages } from "./due_pages.ts";
import { Journal, type SyncPolicy } from "./journal.ts";
import { keyAt } from "./key_bytes.ts";
import { pageOfKeys } from "./page_of_keys.ts";
import type { PlanTable } from "./plan_table.ts";
import {
  nextVersion,
  putBound,
  recordBound,
  RecordType,
  writeGone,
  writePut,
} from "./record.ts";
import { recordHeaderBytes, type Segment } from "./segment.ts";
import type { SegmentFiles } from "./segment_files.ts";
import {
  type Location,
  locationOf,
  payloadOf,
  type SegmentLog,
} from "./segment_log.ts";

/** What a {@link MemoryStore} is made of; openMemoryStore() puts it together. */
export interface MemoryStoreParts {
  readonly log: SegmentLog;
  readonly files: SegmentFiles;
  readonly table: PlanTable;
  readonly lock: Disposable;
  /** The version that was given to a plan last. */
  readonly lastVersion: number;
  readonly policy: SyncPolicy;
  /** The daemon's time zone, for plans without one. */
  readonly timeZone: string;
  /** How long a plan that is over is kept to be looked at; 0 drops it at once. */
  readonly keepSeconds: number;
  /** A log of up to so many bytes is never cleaned. */
  readonly smallLogBytes: number;
}

/**
 * The embedded store: all plans in memory, every change in a journal. Puts and
 * removals take effect once they are in the file, in the journal's order;
 * claims and settlements at once (see Claims).
 */
export class MemoryStore implements Store {
  readonly #parts: MemoryStoreParts;
  readonly #table: PlanTable;
  readonly #journal: Journal;
  readonly #claims: Claims;
  /** The removals that are not written yet, by the place of their record. */
  readonly #removals = new Map<Location, Removal>();
  #lastVersion: number;
  #headNumber = 0;
  #onOverdue: () => void = () => {};
  #preparing: Promise<void> | undefined;
  #cleaning: Promise<void> | undefined;
  #isClosing = false;

  constructor(parts: MemoryStoreParts) {
    const { log, files, table, policy, timeZone, keepSeconds } = parts;
    const owner = {
      onWritten: (segment: Segment, offset: number) =>
        this.#apply(segment, offset),
      onMoved: (from: Location, to: Location) => this.#follow(from, to),
      mustKeep,
    };
    this.#parts = parts;
    this.#table = table;
    this.#journal = new Journal({ log, files, policy, owner });
    const journal = this.#journal;
    this.#claims = new Claims({ table, journal, timeZone, keepSeconds });
    this.#lastVersion = parts.lastVersion;
  }

  put(
    plan: Plan,
    nextAt: UnixSeconds,
    progress?: PlanProgress,
  ): Promise<void> {
    try {
      const outcome = progress?.lastOutcome;
      const writer = this.#journal.begin(putBound(plan, outcome), "put");
      this.#lastVersion = nextVersion(this.#lastVersion);
      const restored = progress && { ...progress, keptUntil: undefined };
      writePut(writer, this.#lastVersion, { plan, nextAt, restored });
      this.#journal.append();
      return this.#journal.written();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async remove(key: string): Promise<StoredPlan | undefined> {
    const isKnown = this.#table.find(key) !== undefined;
    if (!isKnown && !this.#journal.hasBacklog) return undefined;
    const removal: Removal = { key, removed: undefined };
    let location: Location | undefined;
    try {
      const writer = this.#journal.begin(recordBound(key), "upkeep");
      const type = RecordType.removed;
      writeGone(writer, this.#lastVersion, { type, key });
      location = this.#journal.append();
      this.#removals.set(location, removal);
      await this.#journal.written();
      return removal.removed;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ForsunError(ErrorCode.removeFailed, reason, { cause: error });
    } finally {
      // A removal behind one that was refused may lie in its place.
      if (location !== undefined && this.#removals.get(location) === removal) {
        this.#removals.delete(location);
      }
    }
  }

  // deno-lint-ignore require-await -- memory answers at once
  async get(key: string): Promise<StoredPlan | undefined> {
    const row = this.#table.find(key);
    return row === undefined ? undefined : this.#table.read(row);
  }

  // deno-lint-ignore require-await -- memory answers at once
  async page(request: PageRequest): Promise<readonly StoredPlan[]> {
    return pageOfKeys(this.#table.keys, request).map((row) =>
      this.#table.read(row)
    );
  }

  // deno-lint-ignore require-await -- memory answers at once
  async pageKeys(request: PageRequest): Promise<readonly string[]> {
    return pageOfKeys(this.#table.keys, request).map((row) =>
      this.#table.keyOf(row)
    );
  }

  pageDue(request: DuePageRequest): Promise<DuePage> {
    return new DuePages(this.#table, request).read();
  }

  dueAt(request: DueRequest): Promise<readonly StoredPlan[]> {
    return plansDueAt(this.#table, request);
  }

  // deno-lint-ignore require-await -- memory answers at once
  async claimDue(request: ClaimRequest): Promise<ClaimBatch> {
    const batch = this.#claims.claimDue(request);
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = undefined;
    });
    return batch;
  }

  // deno-lint-ignore require-await -- memory answers at once
  async settle(settlements: readonly Settlement[]): Promise<void> {
    this.#claims.settle(settlements);
  }

  holds({ token }: Claim): boolean {
    const occurrence = this.#table.occurrences.get(token);
    return occurrence !== undefined && occurrence.retryAt === undefined;
  }

  mayBeDue(second: UnixSeconds): boolean {
    const { due, occurrences } = this.#table;
    const retryAt = occurrences.earliest()?.retryAt ?? Infinity;
    return retryAt <= second || due.mayHave(second);
  }

  onOverdue(listener: () => void): void {
    this.#onOverdue = listener;
  }

  // deno-lint-ignore require-await -- memory answers at once
  async stats(): Promise<StoreStats> {
    return {
      planCount: this.#table.keys.count,
      claimedCount: this.#table.occurrences.runningCount,
      retryCount: this.#table.occurrences.waitingCount,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await this.#preparing;
    await this.#cleaning;
    await this.#journal.close();
    this.#parts.lock[Symbol.dispose]();
  }

  /** Puts a written record into effect. */
  #apply(segment: Segment, offset: number): void {
    const payload = offset + recordHeaderBytes;
    switch (segment.bytes[payload]) {
      case RecordType.put:
      case RecordType.restored: {
        const row = this.#table.placeWithState(segment, offset);
        const nextAt = this.#table.due.secondOf(row) ?? Infinity;
        if (nextAt <= this.#table.due.now) this.#onOverdue();
        break;
      }
      case RecordType.moved:
        this.#table.relocate(segment, offset);
        break;
      case RecordType.removed: {
        const removal = this.#removals.get(locationOf(segment, offset));
        const row = this.#table.keys.find(keyAt(segment.bytes, payload));
        if (row === undefined || removal === undefined) break;
        removal.removed = this.#table.read(row);
        this.#table.drop(row);
        break;
      }
    }
    if (segment.number === this.#headNumber) return;
    this.#headNumber = segment.number;
    this.#cleaning ??= this.#clean().finally(() => {
      this.#cleaning = undefined;
    });
  }

  /** A settled record, which may hold a plan's last outcome, lies elsewhere now. */
  #follow(from: Location, to: Location): void {
    const { bytes } = this.#parts.log.segmentOf(to);
    const row = this.#table.keys.find(keyAt(bytes, payloadOf(to)));
    if (row === undefined || this.#table.outcomeAt(row) !== from) return;
    this.#table.setOutcomeAt(row, to);
  }

  async #prepare(): Promise<void> {
    while (!this.#isClosing && this.#table.due.prepare(rowsPerSpread)) {
      await setImmediate();
    }
  }

  async #clean(): Promise<void> {
    const { log, files, smallLogBytes: smallBytes } = this.#parts;
    const table = this.#table;
    const isDirty = () =>
      needsCleaning(log, { liveBytes: table.liveBytes, smallBytes });
    const removing = () =>
      new Set(this.#removals.values().map((removal) => removal.key));
    try {
      while (!this.#isClosing && isDirty()) {
        await cleanOldest({
          log,
          files,
          table,
          journal: this.#journal,
          claims: this.#claims,
          removing,
        });
      }
    } catch (error) {
      logger.warn("Cleaning the journal has to wait: {error}", { error });
    }
  }
}

interface Removal {
  readonly key: string;
  removed: StoredPlan | undefined;
}

/** What must not be forgotten when the disk refuses it: what already took effect. */
function mustKeep(segment: Segment, offset: number): boolean {
  const type = segment.bytes[offset + recordHeaderBytes];
  return type === RecordType.claimed || type === RecordType.settled ||
    type === RecordType.dropped;
}

const logger = getLogger(["forsun", "store"]);
const rowsPerSpread = 1024;
