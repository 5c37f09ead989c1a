import { getLogger } from "@logtape/logtape";
import { advance } from "../../core/advance.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { UnixSeconds } from "../../core/time.ts";
import type { Claim, ClaimBatch, ClaimRequest, Settlement } from "../store.ts";
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

  /** @throws {ForsunError} 1004 when too much waits for the disk */
  claimDue(request: ClaimRequest): ClaimBatch {
    this.#journal.checkBacklog();
    const { due, occurrences } = this.#table;
    due.moveTo(request.now);
    const claims: Claim[] = [];
    for (let step = 0; step < request.limit; step++) {
      const retryAt = occurrences.earliestRetry() ?? Infinity;
      const dueAt = due.earliestDue() ?? Infinity;
      if (Math.min(retryAt, dueAt) > request.now) {
        return { claims, hasMore: false };
      }
      const claim = retryAt <= dueAt
        ? this.#claimRetry()
        : this.#claimNext(request);
      if (claim !== undefined) claims.push(claim);
    }
    return { claims, hasMore: true };
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const { token } = settlement.claim;
      const occurrence = this.#table.occurrences.get(token);
      if (occurrence !== undefined) this.#settleOne(occurrence, settlement);
    }
  }

  #claimRetry(): Claim | undefined {
    const occurrence = this.#table.occurrences.takeEarliest();
    if (occurrence === undefined) return undefined;
    this.#journalClaim(occurrence);
    return claimOf(occurrence, this.#table.read(occurrence.row).plan);
  }

  /** A plan that can't be fired is put aside: it must not keep the others from it. */
  #claimNext(request: ClaimRequest): Claim | undefined {
    const second = this.#table.due.earliestDue();
    const row = this.#table.due.takeDue();
    if (row === undefined || second === undefined) return undefined;
    if (this.#table.keptUntilOf(row) !== undefined) {
      this.#drop(row);
      return undefined;
    }
    try {
      return this.#claimRow(row, second, request);
    } catch (error) {
      const key = this.#table.keyOf(row);
      logger.error("Put {key} aside, it can't be fired: {error}", {
        key,
        error,
      });
      return undefined;
    }
  }

  #claimRow(
    row: number,
    second: UnixSeconds,
    { missedBefore }: ClaimRequest,
  ): Claim | undefined {
    const stored = this.#table.read(row);
    const { schedule, misfire } = stored.plan;
    const { runs } = stored.state;
    const { fires, nextAt } = advance(schedule, {
      due: second,
      missedBefore,
      misfire,
      runs,
      timeZone: this.#timeZone,
    });
    if (nextAt !== undefined) this.#table.due.set(row, nextAt);
    if (!fires) {
      if (nextAt === undefined) this.#drop(row);
      return undefined;
    }
    this.#table.setProgress(row, runs + 1, second);
    const { occurrences } = this.#table;
    const occurrence = occurrences.begin({ row, second, attempt: 1 });
    this.#journalClaim(occurrence);
    return claimOf(occurrence, stored.plan);
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

  /** Recovery runs the attempt again unless a later record settles it. */
  #journalClaim(occurrence: Occurrence): void {
    const { row, second, attempt } = occurrence;
    const key = this.#table.keyOf(row);
    const writer = this.#journal.beginOwed(recordBound(key));
    writeClaimed(writer, this.#table.versionOf(row), {
      key,
      second,
      attempt,
      runs: this.#table.runsOf(row),
      nextAt: this.#table.nextAtOf(row),
    });
    this.#table.noteRecord(occurrence, this.#journal.append());
  }

  #settleOne(occurrence: Occurrence, settlement: Settlement): void {
    const { row } = occurrence;
    if (settlement.kind === "released") {
      occurrence.attempt--;
      this.#journalClaim(occurrence);
      const { notBefore = occurrence.second } = settlement;
      this.#table.occurrences.retry(occurrence, notBefore);
      return;
    }
    if (settlement.kind === "retry") {
      this.#journalSettled(occurrence, settlement);
      this.#table.occurrences.retry(occurrence, settlement.retryAt);
      return;
    }
    this.#table.occurrences.end(occurrence);
    const { outcome } = settlement;
    const isOver = this.#table.nextAtOf(row) === undefined &&
      !this.#table.occurrences.has(row);
    if (!isOver) {
      this.#journalSettled(occurrence, { outcome });
    } else if (this.#keepSeconds > 0) {
      const keptUntil = outcome.endedAt + this.#keepSeconds;
      this.#journalSettled(occurrence, { outcome, keptUntil });
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
    const writer = this.#journal.beginOwed(recordBound(key, outcome));
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
    const writer = this.#journal.beginOwed(recordBound(key));
    const type = RecordType.dropped;
    writeGone(writer, this.#table.versionOf(row), { type, key });
    this.#journal.append();
    this.#table.drop(row);
  }
}

const logger = getLogger(["forsun", "store"]);

interface Settled {
  readonly outcome: Outcome;
  readonly retryAt?: UnixSeconds;
  readonly keptUntil?: UnixSeconds;
}

function claimOf({ second, attempt, token }: Occurrence, plan: Plan): Claim {
  return { plan, second, attempt, token };
}
