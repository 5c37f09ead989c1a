import { getLogger } from "@logtape/logtape";
import { type Advance, advance } from "../../core/advance.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { Claim, ClaimBatch, ClaimRequest, Settlement } from "../store.ts";
import type { ByteWriter } from "../byte_writer.ts";
import type { DueRow } from "./due_index.ts";
import type { Journal } from "./journal.ts";
import type { Occurrence } from "./occurrences.ts";
import type { PlanTable } from "./plan_table.ts";
import {
  recordBound,
  RecordType,
  writeClaimed,
  writeGone,
  writeSettled,
} from "./record.ts";

/**
 * Hands out what is due and takes back what came of it. Both take effect at
 * once; their records follow without anyone waiting for them, since what a
 * crash forgets of them is only run again.
 */
export class Claims {
  readonly #table: PlanTable;
  readonly #journal: Journal;
  readonly #timeZone: string;
  readonly #keepSeconds: number;

  constructor({ table, journal, timeZone, keepSeconds }: {
    readonly table: PlanTable;
    readonly journal: Journal;
    readonly timeZone: string;
    readonly keepSeconds: number;
  }) {
    this.#table = table;
    this.#journal = journal;
    this.#timeZone = timeZone;
    this.#keepSeconds = keepSeconds;
  }

  /** @throws {ForsunError} 1004 when too much waits for the disk, or the log is full */
  claimDue(request: ClaimRequest): ClaimBatch {
    this.#moveTo(request.now);
    const claims: Claim[] = [];
    for (let step = 0; step < request.limit; step++) {
      const first = this.#earliest(request.now);
      if (first === undefined) return { claims, hasMore: false };
      try {
        const claim = "token" in first
          ? this.#claimRetry(first)
          : this.#claimNext(first, request);
        if (claim !== undefined) claims.push(claim);
      } catch (error) {
        // Those that were made are not to be lost.
        if (claims.length === 0) throw error;
        break;
      }
    }
    return { claims, hasMore: true };
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const { token } = settlement.claim;
      const occurrence = this.#table.occurrences.get(token);
      const isRunning = occurrence?.retryAt === undefined;
      if (occurrence !== undefined && isRunning) {
        this.#settleOne(occurrence, settlement);
      }
    }
  }

  /** Retries are so many seconds away, whatever the clock shows then: they go back with it. */
  #moveTo(now: UnixSeconds): void {
    const { due, occurrences } = this.#table;
    const back = due.now - now;
    if (back > littleBack) occurrences.moveRetries((at) => at - back);
    due.moveTo(now);
  }

  /** What is due first: a retry before an occurrence of the same second. */
  #earliest(now: UnixSeconds): Occurrence | DueRow | undefined {
    const retry = this.#table.occurrences.earliest();
    const next = this.#table.due.earliest();
    const retryAt = retry?.retryAt ?? Infinity;
    const dueAt = next?.second ?? Infinity;
    if (Math.min(retryAt, dueAt) > now) return undefined;
    return retryAt <= dueAt ? retry : next;
  }

  #claimRetry(occurrence: Occurrence): Claim {
    const { plan } = this.#table.read(occurrence.row);
    const { key } = plan;
    const writer = this.#journal.begin(recordBound(key), "claim");
    this.#table.occurrences.resume(occurrence);
    const { attempt } = occurrence;
    this.#appendClaimed(writer, { occurrence, key, attempt });
    return claimOf(occurrence, plan);
  }

  /** Undefined when the plan does not fire for what it was due. */
  #claimNext(next: DueRow, request: ClaimRequest): Claim | undefined {
    const { row, second } = next;
    const { occurrences } = this.#table;
    if (this.#table.keptUntilOf(row) !== undefined) {
      this.#drop(row);
      return undefined;
    }
    const ahead = this.#lookAhead(next, request);
    if (ahead === undefined) {
      this.#table.putAside(row);
      return undefined;
    }
    const { plan, fires, nextAt } = ahead;
    if (!fires && nextAt === undefined && !occurrences.has(row)) {
      this.#drop(row);
      return undefined;
    }
    if (!fires) {
      this.#table.reschedule(row, nextAt);
      return undefined;
    }
    const { key } = plan;
    const writer = this.#journal.begin(recordBound(key), "claim");
    this.#table.reschedule(row, nextAt);
    this.#table.setProgress(row, this.#table.runsOf(row) + 1, second);
    const attempt = 1;
    const occurrence = occurrences.begin({ row, second, attempt });
    this.#appendClaimed(writer, { occurrence, key, attempt });
    return claimOf(occurrence, plan);
  }

  /**
   * What follows; undefined for a plan that can't be fired, which is to be put
   * aside: it must not keep the others from it.
   */
  #lookAhead(
    { row, second }: DueRow,
    { missedBefore }: ClaimRequest,
  ): Advance & { readonly plan: Plan } | undefined {
    try {
      const { plan, state: { runs } } = this.#table.read(row);
      const { schedule, misfire } = plan;
      const timeZone = this.#timeZone;
      const moment = { due: second, missedBefore, misfire, runs, timeZone };
      return { plan, ...advance(schedule, moment) };
    } catch (error) {
      const key = this.#table.keyOf(row);
      logger.error("Put {key} aside, it can't be fired: {error}", {
        key,
        error,
      });
      return undefined;
    }
  }

  /** Writes an occurrence's state anew, behind its plan's record that has moved. */
  rejournal(occurrence: Occurrence): void {
    const outcome = this.#table.outcomeOf(occurrence.row);
    const { retryAt } = occurrence;
    if (retryAt !== undefined && outcome !== undefined) {
      this.#journalSettled(occurrence, { outcome, retryAt });
    } else {
      // Running, or cut off by a crash before it had an outcome.
      this.#journalClaim(occurrence);
    }
  }

  #journalClaim(
    occurrence: Occurrence,
    attempt: number = occurrence.attempt,
  ): void {
    const key = this.#table.keyOf(occurrence.row);
    const writer = this.#journal.begin(recordBound(key), "owed");
    this.#appendClaimed(writer, { occurrence, key, attempt });
  }

  /** Recovery runs the attempt again unless a later record settles it. */
  #appendClaimed(
    writer: ByteWriter,
    { occurrence, key, attempt }: {
      readonly occurrence: Occurrence;
      readonly key: string;
      readonly attempt: number;
    },
  ): void {
    const { row, second } = occurrence;
    writeClaimed(writer, this.#table.versionOf(row), {
      key,
      second,
      attempt,
      runs: this.#table.runsOf(row),
      nextAt: this.#table.nextAtOf(row),
    });
    this.#table.noteRecord(occurrence, this.#journal.append());
  }

  /** Takes effect behind its record only: what can't be written is settled again. */
  #settleOne(occurrence: Occurrence, settlement: Settlement): void {
    const { occurrences } = this.#table;
    if (settlement.kind === "released") {
      const { notBefore = occurrence.second } = settlement;
      this.#journalClaim(occurrence, occurrence.attempt - 1);
      occurrence.attempt--;
      occurrences.retry(occurrence, notBefore);
      return;
    }
    if (settlement.kind === "retry") {
      this.#journalSettled(occurrence, settlement);
      occurrences.retry(occurrence, settlement.retryAt);
      return;
    }
    const { row } = occurrence;
    const { outcome } = settlement;
    const isOver = this.#table.nextAtOf(row) === undefined &&
      occurrences.countOf(row) === 1;
    if (!isOver) {
      this.#journalSettled(occurrence, { outcome });
      occurrences.end(occurrence);
    } else if (this.#keepSeconds > 0) {
      const keptUntil = outcome.endedAt + this.#keepSeconds;
      this.#journalSettled(occurrence, { outcome, keptUntil });
      occurrences.end(occurrence);
      this.#table.keepUntil(row, keptUntil);
    } else {
      const keptUntil = outcome.endedAt;
      const brief = { ...outcome, detail: "" };
      this.#journalSettled(occurrence, { outcome: brief, keptUntil });
      this.#table.drop(row);
    }
  }

  #journalSettled(occurrence: Occurrence, settled: Settled): void {
    const { row, second, attempt } = occurrence;
    const { outcome, retryAt, keptUntil } = settled;
    const key = this.#table.keyOf(row);
    const writer = this.#journal.begin(recordBound(key, outcome), "owed");
    writeSettled(writer, this.#table.versionOf(row), {
      key,
      second,
      attempt,
      retryAt,
      keptUntil,
      outcome,
    });
    const location = this.#journal.append();
    this.#table.setOutcomeAt(row, location);
    if (retryAt !== undefined) this.#table.noteRecord(occurrence, location);
  }

  #drop(row: number): void {
    const key = this.#table.keyOf(row);
    const writer = this.#journal.begin(recordBound(key), "claim");
    const type = RecordType.dropped;
    writeGone(writer, this.#table.versionOf(row), { type, key });
    this.#journal.append();
    this.#table.drop(row);
  }
}

const logger = getLogger(["forsun", "store"]);

/** In seconds: for less it does not pay to go through all retries. */
const littleBack = 10;

interface Settled {
  readonly outcome: Outcome;
  readonly retryAt?: UnixSeconds;
  readonly keptUntil?: UnixSeconds;
}

function claimOf({ second, attempt, token }: Occurrence, plan: Plan): Claim {
  return { plan, second, attempt, token };
}
